/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of values in texts: columns index or image, and value or re,im. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/locale.h"
#include "input/table_csv.h"
#include "problem/sparse.h"
#include "problem/sparse_parts.h"

bool ct_sparse_is_csv(const uint8_t *bytes, size_t size)
{
    const size_t start = ct_bom_length(bytes, size);
    return (size - start > 6 && !memcmp(bytes + start, "index,", 6)) ||
           (size - start > 6 && !memcmp(bytes + start, "image,", 6));
}

typedef struct ct_sheet_of_values {
    ct_csv csv;
    int index, image, value[2]; /* columns, -1: none */
} ct_sheet_of_values;

static bool is_integer(const char *text)
{
    text += strspn(text, "+-") == 1;
    return *text && !text[strspn(text, "0123456789")];
}

static cutropy_status find_columns(ct_sheet_of_values *t, const ct_sparse_how *how)
{
    const ct_csv *c = &t->csv;
    t->index = ct_csv_column(c, "index");
    t->image = ct_csv_column(c, "image");
    const bool complex = ct_csv_column(c, "re") >= 0;
    t->value[0] = ct_csv_column(c, complex ? "re" : "value");
    t->value[1] = ct_csv_column(c, "im");
    const bool parts = complex ? t->value[1] >= 0 : t->value[1] < 0;
    if ((t->index < 0) == (t->image < 0) || t->value[0] < 0 || !parts ||
        c->columns != (complex ? 3 : 2))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: a list of values has the columns index or image, and value or re,im",
                       how->path);
    if (!c->rows)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no value", how->path);
    return CUTROPY_OK;
}

static cutropy_status parse_number(const char *text, const ct_sparse_how *how, size_t line,
                                   double *out)
{
    char *end;
    *out = ct_strtod(text, &end);
    if (end == text || *end || !isfinite(*out) || strpbrk(text, "xX"))
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: '%.40s' is no finite number", how->path, line,
                       text);
    return CUTROPY_OK;
}

static cutropy_status parse_index(const char *text, const ct_sparse_how *how, size_t line,
                                  uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
    if (*text < '0' || *text > '9' || *end || errno)
        return ct_fail(CUTROPY_EINPUT,
                       "%s:%zu: '%.40s' is no index: whole numbers from 0, or 0x.. for "
                       "hexadecimal ones",
                       how->path, line, text);
    return CUTROPY_OK;
}

static cutropy_status parse_image(const char *text, const ct_sparse_how *how, size_t line,
                                  int pixels, uint64_t *image)
{
    if (strlen(text) != (size_t)pixels || text[strspn(text, "01")])
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: an image is %d letters 0 and 1, pixel 0 first",
                       how->path, line, pixels);
    for (int k = 0; k < pixels; k++)
        if (text[k] == '1')
            ct_set_bit(image, (uint64_t)k);
    return CUTROPY_OK;
}

static cutropy_status fill_from_csv(const ct_sheet_of_values *t, const ct_sparse_how *how,
                                    const cutropy_problem *problem, ct_value_list *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_csv *c = &t->csv;
    for (size_t i = 0; i < c->rows; i++) {
        const size_t line = c->line[i];
        uint64_t index;
        if (t->image >= 0) {
            CT_TRY(parse_image(ct_csv_cell(c, i, t->image), how, line, problem->lattice->pixels,
                               s->image + i * s->words));
        } else {
            CT_TRY(parse_index(ct_csv_cell(c, i, t->index), how, line, &index));
            CT_TRY(ct_value_list_put_index(s, i, index, how, problem));
        }
        if (s->kind == CUTROPY_KIND_INTEGER) {
            const char *text = ct_csv_cell(c, i, t->value[0]);
            errno = 0;
            ((int64_t *)s->value)[i] = strtoll(text, NULL, 10);
            if (errno)
                CT_TRY(ct_fail(
                    CUTROPY_EINPUT,
                    "%s:%zu: '%.40s' is beyond 64-bit integers; with a point it is a real number",
                    how->path, line, text));
            continue;
        }
        const int parts = s->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
        for (int k = 0; k < parts; k++)
            CT_TRY(parse_number(ct_csv_cell(c, i, t->value[k]), how, line,
                                (double *)s->value + (size_t)parts * i + k));
    }
done:
    return status;
}

cutropy_status ct_sparse_from_csv(const uint8_t *bytes, size_t size, const ct_sparse_how *how,
                                  cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_sheet_of_values t = {0};
    ct_value_list *s = NULL;
    cutropy_kind kind = CUTROPY_KIND_INTEGER;
    char text[40];
    CT_TRY(ct_csv_parse(bytes, size, how->path, &t.csv));
    CT_TRY(find_columns(&t, how));
    if (t.index >= 0)
        CT_TRY(ct_sparse_need_lattice(how, problem));
    if (!problem->lattice) {
        snprintf(text, sizeof text, "chain:%zu", strlen(ct_csv_cell(&t.csv, 0, t.image)));
        CT_TRY(cutropy_lattice_parse(text, &problem->lattice));
    }
    for (size_t i = 0; i < t.csv.rows && kind == CUTROPY_KIND_INTEGER; i++)
        if (!is_integer(ct_csv_cell(&t.csv, i, t.value[0])))
            kind = CUTROPY_KIND_REAL;
    if (t.value[1] >= 0)
        kind = CUTROPY_KIND_COMPLEX;
    CT_TRY(ct_value_list_new(t.csv.rows, problem->lattice->words, kind, how->path, &s));
    CT_TRY(fill_from_csv(&t, how, problem, s));
    CT_TRY(ct_value_list_settle(s, how->path, NULL));
    CT_TRY(ct_value_list_attach(&s, how, problem));
done:
    ct_csv_free(&t.csv);
    if (s != problem->data)
        ct_value_list_free(s);
    return status;
}
