/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/check/table_npy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sheet/text.h"

#define START 10 /* bytes of magic, version 1 and the length of the header */
#define MOST_FIELDS 512

typedef struct field {
    char name[64], type; /* U, f, i, b */
    size_t size;         /* bytes */
    bool is_high;        /* NAME_hi behind the integer NAME: the upper end of its bracket */
} field;

typedef struct reader {
    const char *at; /* the header, with a final zero */
    size_t fields, rows, row_size;
    field field[MOST_FIELDS];
} reader;

static bool take(reader *r, const char *text)
{
    const size_t length = strlen(text);
    if (strncmp(r->at, text, length) != 0)
        return false;
    r->at += length;
    return true;
}

/* A name in quotes, without its end. */
static bool take_name(reader *r, char *out, size_t size)
{
    const size_t length = strcspn(r->at, "'");
    if (length >= size)
        return false;
    memcpy(out, r->at, length);
    out[length] = '\0';
    r->at += length;
    return take(r, "'");
}

/* ('cut', '<U6') or (('partial: 3 of 7 cuts', 'cut'), '<U6') */
static bool take_field(reader *r, field *f)
{
    char title[128];
    unsigned number = 1;
    int length = 0;
    const bool titled = take(r, "(('");
    if (titled ? !take_name(r, title, sizeof title) || !take(r, ", '") : !take(r, "('"))
        return false;
    if (!take_name(r, f->name, sizeof f->name) || !take(r, titled ? "), '" : ", '"))
        return false;
    if (sscanf(r->at, "<%1[Ufi]%7u')%n", &f->type, &number, &length) < 2 || !length) {
        f->type = 'b';
        number = 1;
        return take(r, "|b1')");
    }
    r->at += length;
    f->size = f->type == 'U' ? 4 * (size_t)number : number;
    return number && (f->type == 'U' || number == 8);
}

static bool is_high(const field *low, const field *f)
{
    const size_t length = strlen(low->name);
    return low->type == 'i' && f->type == 'i' && !strncmp(f->name, low->name, length) &&
           !strcmp(f->name + length, "_hi");
}

static bool read_header(reader *r)
{
    unsigned long long rows;
    int length = 0;
    if (!take(r, "{'descr': ["))
        return false;
    for (bool more = true; more && *r->at == '(';) {
        field *f = &r->field[r->fields];
        *f = (field){.size = 1};
        if (r->fields == MOST_FIELDS || !take_field(r, f))
            return false;
        f->is_high = r->fields && is_high(f - 1, f);
        r->row_size += f->size;
        r->fields++;
        more = take(r, ", ");
    }
    if (!r->fields || !take(r, "], 'fortran_order': False, 'shape': ("))
        return false;
    if (sscanf(r->at, "%18llu,), }%n", &rows, &length) < 1 || !length)
        return false;
    r->rows = rows;
    return true;
}

/* Code points of UTF-32; what is not ASCII stands as '?'. */
static void add_text(const uint8_t *at, size_t characters, ct_text *out)
{
    ct_text_puts(out, "\"");
    for (size_t i = 0; i < characters; i++, at += 4) {
        const uint32_t c =
            at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        const char byte = c > 0x7f || (c && c < ' ') ? '?' : (char)c;
        if (!c)
            break;
        ct_text_add(out, byte == '"' ? "\"\"" : &byte, byte == '"' ? 2 : 1);
    }
    ct_text_puts(out, "\"");
}

static uint64_t bits_of(const field *f, const uint8_t *at)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < f->size; i++)
        bits |= (uint64_t)at[i] << 8 * i;
    return bits;
}

static void add_cell(const field *f, const uint8_t *at, ct_text *out)
{
    double real;
    if (f->type == 'U') {
        add_text(at, f->size / 4, out);
        return;
    }
    const uint64_t bits = bits_of(f, at);
    memcpy(&real, &bits, sizeof real);
    if (f->type == 'f' && !isnan(real))
        ct_text_printf(out, "%.17g", real);
    else if (f->type != 'f' && bits != UINT64_C(1) << 63)
        ct_text_integer(out, (int64_t)bits);
    else
        ct_text_puts(out, "\"\"");
}

/* Behind the lower end: "..8", where that is another number. */
static void add_high(const field *f, const uint8_t *at, ct_text *out)
{
    const uint64_t low = bits_of(f - 1, at - f[-1].size), high = bits_of(f, at);
    if (low == high)
        return;
    ct_text_puts(out, "..");
    ct_text_integer(out, (int64_t)high);
}

cutropy_status ct_table_npy_parse(const uint8_t *bytes, size_t size, const char *name, ct_csv *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    char *header = NULL;
    reader *r = NULL;
    *out = (ct_csv){0};
    CT_NEW_ZERO(r, 1);
    const size_t length = size < START ? 0 : bytes[8] | (size_t)bytes[9] << 8;
    if (size < START || bytes[6] != 1 || length > size - START)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: truncated, or not of .npy version 1", name));
    CT_NEW(header, length + 1);
    memcpy(header, bytes + START, length);
    header[length] = '\0';
    r->at = header;
    if (!read_header(r))
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "%s: no table of cutropy: a structured array of one dimension with texts, f8, i8 and b1 is expected",
            name));
    if (r->rows > (size - START - length) / r->row_size ||
        r->rows * r->row_size != size - START - length)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: %zu rows of %zu bytes announced, %zu bytes there", name,
                       r->rows, r->row_size, size - START - length));
    for (size_t f = 0; f < r->fields; f++) {
        if (r->field[f].is_high)
            continue;
        ct_text_puts(&text, f ? ",\"" : "\"");
        ct_text_puts(&text, r->field[f].name);
        ct_text_puts(&text, "\"");
    }
    const uint8_t *at = bytes + START + length;
    for (size_t row = 0; row < r->rows; row++)
        for (size_t f = 0; f < r->fields; at += r->field[f].size, f++) {
            if (r->field[f].is_high) {
                add_high(&r->field[f], at, &text);
                continue;
            }
            ct_text_puts(&text, f ? "," : "\n");
            add_cell(&r->field[f], at, &text);
        }
    if (text.failed)
        CT_TRY(ct_fail_memory("table", text.length));
    CT_TRY(ct_csv_parse((const uint8_t *)text.bytes, text.length, name, out));
done:
    ct_text_free(&text);
    ct_free(header);
    ct_free(r);
    return status;
}
