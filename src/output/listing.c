/* SPDX-License-Identifier: Apache-2.0 */
/* A table that is built cell by cell, as CSV or as JSON with its origin. */
#include "output/listing.h"

#include <errno.h>
#include <inttypes.h>

#include "output/rows.h"

#define FLUSH_BYTES (1 << 16)

static void flush(ct_listing *l)
{
    if (l->text.failed || l->status)
        return;
    l->status = ct_write_bytes(l->file, l->text.bytes, l->text.length);
    l->text.length = 0;
}

/* Quotes and control characters are escaped; bytes that are not ASCII become question marks. */
static void add_string(ct_text *out, const char *string)
{
    ct_text_puts(out, "\"");
    for (const unsigned char *p = (const unsigned char *)string; *p; p++) {
        if (*p == '"' || *p == '\\')
            ct_text_printf(out, "\\%c", *p);
        else if (*p < 0x20)
            ct_text_printf(out, "\\u%04x", (unsigned)*p);
        else
            ct_text_printf(out, "%c", *p < 0x7f ? *p : '?');
    }
    ct_text_puts(out, "\"");
}

static void add_origin(ct_text *out, const char *name, const char *value)
{
    ct_text_puts(out, "  ");
    add_string(out, name);
    ct_text_puts(out, ": ");
    add_string(out, value);
    ct_text_puts(out, ",\n");
}

static void json_header(ct_listing *l, cutropy_base base, const cutropy_result *r)
{
    static const char *const kinds[] = {"label", "integer", "real", "complex"};
    ct_text *out = &l->text;
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, r->checksum);
    ct_text_puts(out, "{\n");
    add_origin(out, "cutropy", cutropy_version());
    add_origin(out, "problem", r->problem);
    add_origin(out, "lattice", r->lattice);
    add_origin(out, "kind", kinds[r->kind]);
    add_origin(out, "checksum", checksum);
    add_origin(out, "norm", r->norm);
    add_origin(out, "storage", r->storage);
    add_origin(out, "backend", r->backend);
    add_origin(out, "instruction_set", r->instruction_set);
    add_origin(out, "unit", base == CUTROPY_BASE_NATS ? "nats" : "bits");
    ct_text_printf(out, "  \"label1_images\": %" PRIu64 ",\n  \"threads\": %d,\n", r->ones,
                   r->threads);
    ct_text_puts(out, "  \"columns\": [");
    for (size_t c = 0; c < l->columns; c++) {
        ct_text_puts(out, c ? ", " : "");
        add_string(out, l->names[c]);
    }
    ct_text_puts(out, "],\n  \"rows\": [");
}

cutropy_status ct_listing_open(ct_listing *l, cutropy_format format, cutropy_base base,
                               const cutropy_result *result, const char *const *names,
                               size_t columns, FILE *file)
{
    *l = (ct_listing){
        .json = format == CUTROPY_FORMAT_JSON, .names = names, .columns = columns, .file = file};
    if (format != CUTROPY_FORMAT_CSV && format != CUTROPY_FORMAT_JSON)
        return ct_fail(CUTROPY_EINPUT, "this table can be csv or json only");
    l->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* no decimal commas */
    if (!l->plain)
        return ct_fail_memory("locale", 0);
    l->before = uselocale(l->plain);
    if (l->json) {
        json_header(l, base, result);
        return CUTROPY_OK;
    }
    for (size_t c = 0; c < columns; c++) {
        ct_text_puts(&l->text, c ? "," : "");
        ct_text_puts(&l->text, names[c]);
    }
    ct_text_puts(&l->text, "\n");
    return CUTROPY_OK;
}

/* What stands before the value of a cell. */
static void begin_cell(ct_listing *l)
{
    if (!l->json) {
        ct_text_puts(&l->text, l->column ? "," : "");
        return;
    }
    if (l->column == 0)
        ct_text_puts(&l->text, l->rows ? ",\n    {" : "\n    {");
    else
        ct_text_puts(&l->text, ", ");
    add_string(&l->text, l->names[l->column]);
    ct_text_puts(&l->text, ": ");
}

static void end_cell(ct_listing *l)
{
    if (++l->column < l->columns)
        return;
    ct_text_puts(&l->text, l->json ? "}" : "\n");
    l->column = 0;
    l->rows++;
    if (l->text.length >= FLUSH_BYTES)
        flush(l);
}

void ct_listing_text(ct_listing *l, const char *text)
{
    begin_cell(l);
    if (l->json)
        add_string(&l->text, text);
    else
        ct_text_puts(&l->text, text);
    end_cell(l);
}

void ct_listing_integer(ct_listing *l, int64_t value)
{
    begin_cell(l);
    ct_text_integer(&l->text, value);
    end_cell(l);
}

void ct_listing_real(ct_listing *l, double value)
{
    begin_cell(l);
    ct_text_printf(&l->text, "%.17g", value + 0.0); /* no -0 */
    end_cell(l);
}

void ct_listing_none(ct_listing *l)
{
    begin_cell(l);
    if (l->json)
        ct_text_puts(&l->text, "null");
    end_cell(l);
}

cutropy_status ct_listing_close(ct_listing *l, int complete)
{
    if (l->json)
        ct_text_printf(&l->text, "\n  ],\n  \"complete\": %s\n}\n", complete ? "true" : "false");
    flush(l);
    cutropy_status status = l->status;
    if (l->text.failed)
        status = ct_fail_memory("table", l->text.capacity);
    if (!status && (fflush(l->file) || ferror(l->file)))
        status = CUTROPY_EIO;
    int reason = errno;
    ct_text_free(&l->text);
    uselocale(l->before);
    freelocale(l->plain);
    errno = reason;
    return status;
}
