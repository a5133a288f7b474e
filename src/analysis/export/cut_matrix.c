/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/export/cut_matrix.h"

#include <stdio.h>
#include <string.h>

#include "engine/cut/quotient.h"
#include "frontier/diagram.h"

#define MOST_SIDE 31 /* pixels of a side whose images are all listed */

void ct_cut_matrix_free(ct_cut_matrix *m)
{
    ct_free(m->weight);
    ct_free(m->column_of);
    ct_free(m->entry);
    *m = (ct_cut_matrix){0};
}

cutropy_status ct_cut_room(const char *what, int bits, uint64_t count, size_t item,
                           uint64_t memory_limit, const char *instead)
{
    char limit[24], power[16] = "";
    uint64_t bytes;
    if (bits <= MOST_SIDE && !__builtin_mul_overflow(count << bits, item, &bytes) &&
        bytes <= memory_limit)
        return CUTROPY_OK;
    if (bits)
        snprintf(power, sizeof power, "2^%d x ", bits);
    return ct_fail(
        CUTROPY_EMEMORY,
        "%s: %s%llu numbers of %zu bytes, but %s may be used (--memory raises the limit); %s needs less",
        what, power, (unsigned long long)count, item, ct_bytes_format(memory_limit, limit),
        instead);
}

/* ---- all entries ---- */

static cutropy_status gather(const ct_function *f, uint64_t mask, int threads, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    if (f->storage != CT_TABLE)
        return ct_values_gather(f, mask, threads, out);
    const uint64_t rest = ct_low_mask(f->pixels) & ~mask, images = UINT64_C(1) << f->pixels;
    const int nb = ct_popcount(rest);
    CT_NEW(*out, images);
    for (uint64_t row = 0; row < images >> nb; row++) {
        const uint64_t half = ct_deposit(row, mask);
        uint64_t column = 0, *to = *out + (row << nb);
        for (uint64_t c = 0; c < UINT64_C(1) << nb; c++, column = (column - rest) & rest)
            to[c] = (uint64_t)f->value[ct_bit(f->table, half | column)];
    }
done:
    return status;
}

static cutropy_status from_entries(const ct_function *f, uint64_t mask, int threads, bool want_map,
                                   uint64_t memory_limit, ct_cut_matrix *m)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t rows = UINT64_C(1) << m->na, columns = UINT64_C(1) << m->nb;
    const size_t words = ct_value_bytes(f->kind) / 8;
    uint64_t *all = NULL, *entry = NULL;
    ct_classes classes = {0};
    CT_TRY(ct_cut_room("the matrix of the cut", m->na, columns, 16 * words, memory_limit,
                       "a smaller region"));
    CT_TRY(gather(f, mask, threads, &all));
    CT_TRY(ct_classes_of_columns(all, rows, columns, (int)words, true, threads, &classes));
    m->columns = classes.count;
    CT_NEW(entry, rows * (uint64_t)classes.count * words);
    m->entry = entry;
    for (uint64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < classes.count; j++, entry += words)
            memcpy(entry, all + (r * columns + classes.first[j]) * words, words * sizeof *entry);
    m->weight = classes.weight;
    classes.weight = NULL;
    if (want_map) {
        m->column_of = classes.of_row;
        classes.of_row = NULL;
    }
done:
    ct_free(all);
    ct_classes_free(&classes);
    return status;
}

/* ---- levels ---- */

/* state: steps 2^pixels x width with its first row filled: where each of these states of level `first` leads after every image of
 * the next pixels, -1: f is 0. Bit k of the number of a row is the pixel read k-th. */
static void walk(const ct_levels *l, int first, int pixels, size_t width, int32_t *state)
{
    for (int k = 0; k < pixels; k++) {
        const size_t half = width << k;
        for (size_t i = 0; i < half; i++) {
            const int32_t from = state[i];
            for (int bit = 1; bit >= 0; bit--)
                state[i + (bit ? half : 0)] = from < 0 ? -1 : l->next[first + k][from][bit];
        }
    }
}

cutropy_status ct_cut_count_images(const ct_levels *l, int nb, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *now = NULL, *next = NULL;
    CT_NEW(now, 1);
    *now = 1;
    for (int k = 0; k < nb; k++) {
        CT_NEW_ZERO(next, l->count[k + 1]);
        for (int32_t i = 0; i < l->count[k]; i++)
            for (int bit = 0; bit < 2; bit++)
                if (l->next[k][i][bit] >= 0)
                    next[l->next[k][i][bit]] += now[i];
        ct_free(now);
        now = next;
        next = NULL;
    }
    *out = now;
    now = NULL;
done:
    ct_free(now);
    ct_free(next);
    return status;
}

static void set_order(const ct_function *f, const uint64_t *mask, int nb, int *order)
{
    int at[2] = {0, nb};
    for (int pixel = 0; pixel < f->pixels; pixel++)
        order[at[ct_bit(mask, (uint64_t)pixel)]++] = pixel;
}

static cutropy_status from_levels(const ct_function *f, const uint64_t *mask, bool want_map,
                                  uint64_t memory_limit, const ct_watch *watch, ct_cut_matrix *m)
{
    cutropy_status status = CUTROPY_OK;
    int *order = NULL;
    int32_t *state = NULL;
    uint8_t *entry = NULL;
    ct_diagram diagram = {0};
    /* another order of its pixels may take long: one column at least must fit */
    if (f->storage == CT_AUTOMATON)
        CT_TRY(ct_cut_room("the matrix of the cut", m->na, 1, sizeof *state, memory_limit,
                           "a smaller region"));
    CT_NEW(order, f->pixels);
    set_order(f, mask, m->nb, order);
    CT_TRY(ct_diagram_make_in(f, order, memory_limit, watch, &diagram));
    const size_t item = ct_value_bytes(diagram.kind);
    m->columns = diagram.levels.count[m->nb];
    CT_TRY(ct_cut_room("the matrix of the cut", m->na, (uint64_t)m->columns, item + sizeof *state,
                       memory_limit, "a smaller region"));
    const size_t entries = (size_t)m->columns << m->na;
    CT_TRY(ct_cut_count_images(&diagram.levels, m->nb, &m->weight));
    CT_NEW(state, entries);
    for (int64_t j = 0; j < m->columns; j++)
        state[j] = (int32_t)j;
    walk(&diagram.levels, m->nb, m->na, (size_t)m->columns, state);
    CT_NEW_ZERO(entry, entries * item);
    m->entry = entry;
    for (size_t i = 0; i < entries; i++)
        if (state[i] >= 0)
            memcpy(entry + i * item, (const uint8_t *)diagram.value + (size_t)state[i] * item,
                   item);
    if (want_map) {
        CT_TRY(ct_cut_room("the images of B", m->nb, 1, sizeof *m->column_of, memory_limit,
                           "a smaller region"));
        CT_NEW(m->column_of, (size_t)1 << m->nb);
        m->column_of[0] = 0;
        walk(&diagram.levels, 0, m->nb, 1, m->column_of);
    }
done:
    ct_free(order);
    ct_free(state);
    ct_diagram_free(&diagram);
    return status;
}

cutropy_status ct_cut_matrix_make(const cutropy_state *state, const uint64_t *mask, bool want_map,
                                  uint64_t memory_limit, const ct_watch *watch, ct_cut_matrix *out)
{
    const ct_function *f = &state->f;
    const int na = cutropy_mask_pixels(mask, f->words), nb = f->pixels - na;
    const bool real = f->kind == CUTROPY_KIND_REAL || f->kind == CUTROPY_KIND_COMPLEX;
    *out = (ct_cut_matrix){.na = na, .nb = nb, .kind = real ? f->kind : CUTROPY_KIND_INTEGER};
    cutropy_status status = ct_state_needs_words(state, "the matrix of a cut");
    if (!status && !na)
        status = ct_fail(CUTROPY_EINPUT, "the cut keeps no pixel: give a region A");
    if (status)
        return status;
    status = f->storage == CT_TABLE || f->storage == CT_VALUES
                 ? from_entries(f, *mask, state->threads, want_map, memory_limit, out)
                 : from_levels(f, mask, want_map, memory_limit, watch, out);
    if (status)
        ct_cut_matrix_free(out);
    return status;
}

cutropy_status ct_export_texts(ct_npz_writer *w, const char *form, const cutropy_state *state,
                               const uint64_t *mask, cutropy_bit_order order)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = state->f.words, size = 3 + 16 * words;
    char *cut = NULL;
    CT_TRY(ct_npz_add_text(w, "form", form));
    CT_TRY(ct_npz_add_text(w, "problem", cutropy_problem_text(state->problem)));
    CT_TRY(ct_npz_add_text(w, "lattice", state->f.lattice->name));
    if (mask) {
        CT_NEW(cut, size);
        cutropy_mask_format(mask, words, cut, size);
        CT_TRY(ct_npz_add_text(w, "cut", cut));
    }
    CT_TRY(ct_npz_add_text(w, "bits", order == CUTROPY_BITS_MSB ? "msb" : "lsb"));
    CT_TRY(ct_npz_add_text(w, "norm", state->norm));
    CT_TRY(ct_npz_add_text(w, "norm_err", state->norm_error));
done:
    ct_free(cut);
    return status;
}
