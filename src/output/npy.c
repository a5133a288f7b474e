/* SPDX-License-Identifier: Apache-2.0 */
/* .npy: a one-dimensional structured array that numpy.load reads without pickle.
 *
 * Text columns are fixed-width Unicode; entropies, purity and tr_rho3 are doubles (CSV and JSON
 * carry the exact fractions); each is followed by its error. Integers that errors may leave open (rank,
 * rank:EPS, truncation:EPS) are followed by NAME_hi, equal to them when they are settled. In a partial
 * table the field cut has the title "partial: 12 of 30 cuts" (dtype.fields['cut'][2]). */
#include <string.h>

#include "output/formats.h"
#include "output/rows.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ORDER ">"
#else
#define ORDER "<"
#endif

#define GUARANTEE_WIDTH 9 /* "certified" */

/* Hexadecimal digits of the largest mask, and "0x". */
static int mask_width(const cutropy_result *result)
{
    size_t words = result->cuts.words;
    int width = 3;
    for (size_t i = 0; i < result->count * words; i++) {
        uint64_t word = result->cuts.masks[i];
        if (!word)
            continue;
        int digits = (int)(i % words) * 16 + (67 - __builtin_clzll(word)) / 4;
        width = digits + 2 > width ? digits + 2 : width;
    }
    return width;
}

static bool is_real(const cutropy_result *result, const ct_column *column)
{
    if (column->id == CT_EXTRA)
        return cutropy_quantity_is_real(&result->quantities[column->quantity]);
    return column->id == CT_ENTROPY || column->id == CT_ENTROPY_ERR || column->id == CT_RENYI2 ||
           column->id == CT_RENYI2_ERR || column->id == CT_PURITY || column->id == CT_PURITY_ERR ||
           column->id == CT_EXTRA_ERR;
}

/* Integers that may be a bracket. */
static bool is_bracket(const cutropy_result *result, const ct_column *column)
{
    if (column->id != CT_EXTRA)
        return column->id == CT_RANK;
    const cutropy_quantity_kind kind = result->quantities[column->quantity].kind;
    return kind == CUTROPY_QUANTITY_NUMERICAL_RANK || kind == CUTROPY_QUANTITY_TRUNCATION;
}

static void add_field(const cutropy_result *result, const ct_column *column, int cut_width,
                      const char *partial, ct_text *text)
{
    if (column->id == CT_CUT && *partial)
        ct_text_printf(text, "(('partial: %s', '%s'), '" ORDER, partial, column->name);
    else
        ct_text_printf(text, "('%s', '" ORDER, column->name);
    if (column->id == CT_CUT)
        ct_text_printf(text, "U%d'), ", cut_width);
    else if (column->id == CT_GUARANTEE)
        ct_text_printf(text, "U%d'), ", GUARANTEE_WIDTH);
    else
        ct_text_puts(text, is_real(result, column) ? "f8'), " : "i8'), ");
    if (is_bracket(result, column))
        ct_text_printf(text, "('%s_hi', '" ORDER "i8'), ", column->name);
}

/* Magic, version, header length, then the header padded so that the data begin at a multiple of 64.
 */
static cutropy_status write_header(const ct_tables *tables, const ct_columns *columns,
                                   int cut_width, FILE *file)
{
    const cutropy_result *result = tables->results[0];
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    char partial[CT_PARTIAL_SIZE];
    size_t rows = 0;
    for (size_t k = 0; k < tables->count; k++)
        for (size_t row = 0; row < tables->results[k]->count; row++)
            rows += ct_row_done(tables->results[k], row);
    ct_tables_partial(tables, partial);
    ct_text_puts(&text, "{'descr': [");
    for (size_t c = 0; c < columns->count; c++)
        add_field(result, &columns->column[c], cut_width, partial, &text);
    ct_text_printf(&text, "], 'fortran_order': False, 'shape': (%zu,), }", rows);
    bool is_long = text.length > 65535 - 128;
    size_t prefix = is_long ? 12 : 10;
    while ((prefix + text.length + 1) % 64 && !text.failed)
        ct_text_puts(&text, " ");
    ct_text_puts(&text, "\n");
    if (text.failed)
        CT_TRY(ct_fail_memory(".npy header", text.capacity));
    unsigned char start[12] = {0x93, 'N', 'U', 'M', 'P', 'Y', is_long ? 2 : 1, 0};
    for (size_t i = 8; i < prefix; i++)
        start[i] = (unsigned char)(text.length >> 8 * (i - 8));
    CT_TRY(ct_write_bytes(file, start, prefix));
    CT_TRY(ct_write_bytes(file, text.bytes, text.length));
done:
    ct_text_free(&text);
    return status;
}

static void add_unicode(ct_text *out, const char *text, int width)
{
    for (int i = 0; i < width; i++) {
        uint32_t character = *text ? (unsigned char)*text++ : 0;
        ct_text_add(out, (const char *)&character, sizeof character);
    }
}

static void add_record(const cutropy_result *result, const ct_columns *columns, size_t row,
                       int cut_width, ct_text *out)
{
    ct_cell cell;
    for (size_t c = 0; c < columns->count; c++) {
        const ct_column *column = &columns->column[c];
        ct_cell_get(result, columns, c, row, &cell);
        if (column->id == CT_CUT)
            add_unicode(out, cell.text, cut_width);
        else if (column->id == CT_GUARANTEE)
            add_unicode(out, cell.text, GUARANTEE_WIDTH);
        else if (is_real(result, column))
            ct_text_add(out, (const char *)&cell.real, sizeof cell.real);
        else
            ct_text_add(out, (const char *)&cell.integer, sizeof cell.integer);
        if (is_bracket(result, column))
            ct_text_add(out, (const char *)&cell.high, sizeof cell.high);
    }
}

static cutropy_status write_records(const cutropy_result *result, const ct_columns *columns,
                                    int cut_width, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text out = {0};
    for (size_t row = 0; row < result->count; row++) {
        if (!ct_row_done(result, row))
            continue;
        out.length = 0;
        add_record(result, columns, row, cut_width, &out);
        if (out.failed)
            CT_TRY(ct_fail_memory("table row", out.capacity));
        CT_TRY(ct_write_bytes(file, out.bytes, out.length));
    }
done:
    ct_text_free(&out);
    return status;
}

cutropy_status ct_write_npy(const ct_tables *tables, ct_columns *columns, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_result *first = tables->results[0];
    int cut_width = mask_width(first);
    if (first->digits)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "decimals and closed forms do not fit .npy: use csv or json with --digits");
    for (size_t q = 0; q < first->quantity_count; q++)
        if (first->quantities[q].kind == CUTROPY_QUANTITY_SPECTRUM)
            return ct_fail(CUTROPY_EUNSUPPORTED, "a spectrum has no fixed length and cannot be a "
                                                 "column of .npy: use csv or json");
    CT_TRY(write_header(tables, columns, cut_width, file));
    for (size_t k = 0; k < tables->count; k++) {
        columns->class_label = tables->labels ? tables->labels[k] : 0;
        CT_TRY(write_records(tables->results[k], columns, cut_width, file));
    }
done:
    return status;
}
