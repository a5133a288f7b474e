/* SPDX-License-Identifier: Apache-2.0 */
#include "sheet/part_fields.h"

#include <stdio.h>

#define MOST_QUANTITIES 10000
#define MOST_CUTS (UINT32_MAX / 2)

static void put_size(ct_fields *fields, size_t *value, size_t most)
{
    uint64_t word = *value;
    ct_field_word(fields, &word);
    fields->failed |= word > most;
    *value = fields->failed ? 0 : (size_t)word;
}

/* What JSON takes as it stands. */
static void require_ascii(ct_fields *fields, const char *text)
{
    for (; text && *text; text++)
        fields->failed |= *text < ' ' || *text > '~';
}

/* A text in an array of its own. */
static void put_array_text(ct_fields *fields, char *array, size_t size)
{
    char *text = fields->reads ? NULL : array;
    ct_field_text(fields, &text);
    if (!fields->reads)
        return;
    require_ascii(fields, text);
    snprintf(array, size, "%s", text ? text : "");
    ct_free(text);
}

static void put_quantities(ct_fields *fields, cutropy_result *r)
{
    put_size(fields, &r->quantity_count, MOST_QUANTITIES);
    if (!ct_field_array(fields, &r->quantities, r->quantity_count, sizeof *r->quantities))
        return;
    for (size_t q = 0; q < r->quantity_count; q++) {
        int kind = (int)r->quantities[q].kind;
        ct_field_int(fields, &kind);
        fields->failed |= kind < 0 || kind > (int)CT_LAST_QUANTITY;
        r->quantities[q].kind =
            fields->failed ? CUTROPY_QUANTITY_BLOCKS : (cutropy_quantity_kind)kind;
        ct_field_double(fields, &r->quantities[q].parameter);
    }
}

static void put_timings(ct_fields *fields, cutropy_result *r)
{
    put_size(fields, &r->timing_count, sizeof r->timings / sizeof r->timings[0]);
    for (size_t i = 0; i < r->timing_count; i++) {
        put_array_text(fields, r->timings[i].stage, sizeof r->timings[i].stage);
        ct_field_double(fields, &r->timings[i].seconds);
    }
}

/* Orbits of single pixels, for mutual informations. */
static void put_sites(ct_fields *fields, cutropy_result *r)
{
    size_t sites = r->sites ? 64 * r->cuts.words : 0; /* one a pixel: those behind the last are 0 */
    put_size(fields, &sites, CUTROPY_MAX_PIXELS);
    fields->failed |= sites && sites != 64 * r->cuts.words;
    if (!sites || !ct_field_array(fields, &r->sites, sites, sizeof *r->sites))
        return;
    for (size_t i = 0; i < sites; i++) {
        uint64_t site = r->sites[i];
        ct_field_word(fields, &site);
        fields->failed |= site >= r->record_count;
        r->sites[i] = fields->failed ? 0 : (uint32_t)site;
    }
}

static void make_room(ct_fields *fields, cutropy_result *r)
{
    r->rows = ct_calloc(r->count, sizeof *r->rows);
    r->records = ct_calloc(r->record_count, sizeof *r->records);
    r->cuts.masks = ct_calloc(r->count * r->cuts.words, sizeof *r->cuts.masks);
    fields->no_memory = !r->rows || !r->records || !r->cuts.masks;
    fields->failed |= fields->no_memory;
}

void ct_part_result_fields(ct_fields *fields, cutropy_result *r)
{
    int kind = (int)r->kind, infinite = r->infinite, two_levels = r->two_levels;
    ct_field_text(fields, &r->problem);
    ct_field_text(fields, &r->lattice);
    ct_field_int(fields, &infinite);
    r->infinite = infinite != 0;
    ct_field_int(fields, &two_levels);
    r->two_levels = two_levels != 0;
    ct_field_int(fields, &kind);
    fields->failed |= kind < 0 || kind > (int)CUTROPY_KIND_COMPLEX;
    r->kind = fields->failed ? CUTROPY_KIND_LABEL : (cutropy_kind)kind;
    ct_field_word(fields, &r->checksum);
    ct_field_word(fields, &r->ones);
    ct_field_text(fields, &r->norm);
    ct_field_text(fields, &r->norm_error);
    put_array_text(fields, r->storage, sizeof r->storage);
    put_array_text(fields, r->backend, sizeof r->backend);
    put_array_text(fields, r->instruction_set, sizeof r->instruction_set);
    if (!fields->reads)
        snprintf(r->libraries_read, sizeof r->libraries_read, "%s", ct_result_libraries(r));
    put_array_text(fields, r->libraries_read, sizeof r->libraries_read);
    ct_field_int(fields, &r->threads);
    ct_field_int(fields, &r->digits);
    ct_field_double(fields, &r->symmetries);
    put_quantities(fields, r);
    put_timings(fields, r);
    put_size(fields, &r->cuts.words, CUTROPY_MAX_PIXELS / 64);
    put_size(fields, &r->count, MOST_CUTS);
    put_size(fields, &r->record_count, MOST_CUTS);
    put_sites(fields, r);
    require_ascii(fields, r->lattice);
    require_ascii(fields, r->norm);
    require_ascii(fields, r->norm_error);
    fields->failed |= !r->problem || !r->lattice || !r->norm || !r->norm_error || !r->cuts.words ||
                      !r->count || !r->record_count;
    if (!fields->reads)
        return;
    r->cuts.count = r->count;
    if (!fields->failed)
        make_room(fields, r);
}

void ct_part_row_fields(ct_fields *fields, cutropy_result *r, size_t *number)
{
    put_size(fields, number, r->count - 1);
    cutropy_row *row = &r->rows[*number];
    uint64_t orbit = row->record;
    int swapped = row->swapped;
    for (size_t w = 0; w < r->cuts.words; w++)
        ct_field_word(fields, &r->cuts.masks[*number * r->cuts.words + w]);
    ct_field_word(fields, &orbit);
    fields->failed |= orbit >= r->record_count;
    ct_field_int(fields, &swapped);
    ct_field_int(fields, &row->na);
    ct_field_int(fields, &row->boundary);
    ct_field_int(fields, &row->boundary_pixels);
    row->record = fields->failed ? 0 : (uint32_t)orbit;
    row->swapped = swapped != 0;
}
