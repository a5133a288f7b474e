/* SPDX-License-Identifier: Apache-2.0 */
/* The cut matrix, literally; see literal.h. */
#include "analysis/common/literal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "engine/cut/quotient.h"

#define SIGN_PIXELS 22 /* labels +1/-1: all images are listed */
#define HALF_BITS 13   /* of the two tables that number 26 pixels */

/* ---- the images with f not 0 ---- */

void ct_entries_free(ct_entries *entries)
{
    ct_free(entries->image);
    ct_free(entries->value);
    *entries = (ct_entries){0};
}

/* A truth table of labels that are given as a list. */
static cutropy_status table_of_list(const ct_function *f, uint64_t **table)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(*table, ct_table_words(f->pixels));
    for (uint64_t i = 0; i < f->ones; i++)
        ct_set_bit(*table, f->images[i]);
done:
    return status;
}

/* The value of image s; false when it is 0. */
static bool value_at(const ct_function *f, const uint64_t *table, uint64_t s, uint64_t *value)
{
    if (f->kind == CUTROPY_KIND_LABEL) {
        value[0] = (uint64_t)f->value[ct_bit(table, s)];
        return value[0] != 0;
    }
    const size_t words = ct_value_bytes(f->kind) / 8;
    memcpy(value, (const uint64_t *)f->values + s * words, 8 * words);
    return (value[0] | value[words - 1]) != 0;
}

static cutropy_status list_images(ct_entries *e, const uint64_t *table, const char **why)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t size = UINT64_C(1) << e->f->pixels;
    const bool plain = e->f->kind == CUTROPY_KIND_LABEL && e->f->value[0] == 0;
    uint64_t value[2], count = 0;
    for (uint64_t s = 0; s < size && count <= CT_LITERAL_IMAGES; s++)
        count += value_at(e->f, table, s, value);
    if (count > CT_LITERAL_IMAGES) {
        *why = "more than 2^22 images with f not 0";
        goto done;
    }
    CT_NEW(e->image, count);
    if (!plain)
        CT_NEW(e->value, count * e->words);
    for (uint64_t s = 0; e->count < count; s++) {
        if (!value_at(e->f, table, s, value))
            continue;
        e->image[e->count] = (uint32_t)s;
        if (!plain)
            memcpy(e->value + e->count * e->words, value, 8 * e->words);
        e->count++;
    }
done:
    return status;
}

cutropy_status ct_entries_make(const ct_function *f, ct_entries *out, const char **why)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *made = NULL;
    const bool listed = f->storage == CT_SUPPORT;
    *out = (ct_entries){.f = f, .words = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1};
    *why = f->unit ? "amplitudes whose squares leave the range of doubles" : NULL;
    if (*why)
        return CUTROPY_OK;
    if (listed && f->value[0] == 0) {
        out->count = f->ones;
        if (f->ones > CT_LITERAL_IMAGES)
            *why = "more than 2^22 images with f not 0";
        goto done;
    }
    if (f->pixels > (listed ? SIGN_PIXELS : 2 * HALF_BITS)) {
        *why = listed ? "labels +1/-1 of more than 22 pixels" : "a table of more than 26 pixels";
        goto done;
    }
    if (listed)
        CT_TRY(table_of_list(f, &made));
    CT_TRY(list_images(out, listed ? made : f->table, why));
done:
    ct_free(made);
    if (status || *why)
        ct_entries_free(out);
    return status;
}

cutropy_status ct_entries_number(const ct_entries *e, const uint64_t *mask, uint32_t **id,
                                 uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    uint32_t *part = NULL; /* of the lower and the upper 13 pixels */
    *id = NULL;
    if (!e->image) {
        ct_halves halves;
        CT_TRY(ct_halves_number(e->f, mask, true, &halves));
        *id = halves.of_image;
        *count = halves.count;
        goto done;
    }
    CT_NEW(part, 2 << HALF_BITS);
    CT_NEW(*id, e->count);
    for (uint64_t x = 0; x < 1 << HALF_BITS; x++) {
        part[x] = (uint32_t)ct_extract(x, mask[0]);
        part[x + (1 << HALF_BITS)] = (uint32_t)ct_extract(x << HALF_BITS, mask[0]);
    }
    for (uint64_t i = 0; i < e->count; i++)
        (*id)[i] = part[e->image[i] & ((1 << HALF_BITS) - 1)] |
                   part[(1 << HALF_BITS) + (e->image[i] >> HALF_BITS)];
    *count = UINT64_C(1) << ct_popcount(mask[0] & ct_low_mask(e->f->pixels));
done:
    ct_free(part);
    return status;
}

/* ---- equal rows, equal columns ---- */

/* One row (column): which halves of the other side it meets, and with which values. Entries ascend
 * as images, so that within a half the other halves ascend as images too: equal rows are equal
 * lists. */
typedef struct line {
    const uint32_t *other;
    const uint64_t *value;
    uint64_t length, half;
    size_t words;
} line;

static int compare_lines(const void *a, const void *b)
{
    const line *x = a, *y = b;
    int order = (x->length > y->length) - (x->length < y->length);
    if (!order)
        order = memcmp(x->other, y->other, x->length * sizeof *x->other);
    if (!order && x->value)
        order = memcmp(x->value, y->value, x->length * x->words * sizeof *x->value);
    return order;
}

typedef struct sorted_lines {
    uint64_t count;
    uint64_t *begin; /* halves + 1 */
    uint32_t *other; /* entries, half by half */
    uint64_t *value; /* likewise; NULL: all 1 */
    line *list;      /* count, sorted */
} sorted_lines;

static void free_lines(sorted_lines *lines)
{
    ct_free(lines->begin);
    ct_free(lines->other);
    ct_free(lines->value);
    ct_free(lines->list);
}

static cutropy_status sort_lines(const ct_literal *l, int side, sorted_lines *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_entries *e = l->entries;
    const uint64_t halves = l->halves[side];
    CT_NEW_ZERO(out->begin, halves + 2);
    CT_NEW(out->other, e->count);
    if (e->value)
        CT_NEW(out->value, e->count * e->words);
    for (uint64_t i = 0; i < e->count; i++)
        out->begin[l->id[side][i] + 2]++;
    for (uint64_t h = 0; h < halves; h++) {
        out->count += out->begin[h + 2] != 0;
        out->begin[h + 2] += out->begin[h + 1];
    }
    for (uint64_t i = 0; i < e->count;
         i++) { /* begin[h + 1] moves from the begin of h to its end */
        const uint64_t at = out->begin[l->id[side][i] + 1]++;
        out->other[at] = l->id[1 - side][i];
        if (e->value)
            memcpy(out->value + at * e->words, e->value + i * e->words, 8 * e->words);
    }
    CT_NEW(out->list, out->count);
    for (uint64_t h = 0, n = 0; h < halves; h++)
        if (out->begin[h + 1] > out->begin[h])
            out->list[n++] =
                (line){.other = out->other + out->begin[h],
                       .value = e->value ? out->value + out->begin[h] * e->words : NULL,
                       .length = out->begin[h + 1] - out->begin[h],
                       .half = h,
                       .words = e->words};
    qsort(out->list, out->count, sizeof *out->list, compare_lines);
done:
    return status;
}

/* The rows of the first member of each class, for ct_literal_common. */
static cutropy_status keep_rows(ct_literal *l, sorted_lines *lines)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(l->begin, l->count[0]);
    CT_NEW(l->length, l->count[0]);
    for (uint64_t i = lines->count; i-- > 0;) {
        const int32_t id = l->of_half[0][lines->list[i].half];
        l->begin[id] = (uint64_t)(lines->list[i].other - lines->other);
        l->length[id] = lines->list[i].length;
    }
    l->columns = lines->other;
    lines->other = NULL;
done:
    return status;
}

static cutropy_status classify(ct_literal *l, int side)
{
    cutropy_status status = CUTROPY_OK;
    sorted_lines lines = {0};
    int32_t id = -1;
    CT_TRY(sort_lines(l, side, &lines));
    CT_NEW(l->of_half[side], l->halves[side]);
    memset(l->of_half[side], 0xff, l->halves[side] * sizeof **l->of_half);
    CT_NEW_ZERO(l->weight[side], lines.count);
    for (uint64_t i = 0; i < lines.count; i++) {
        id += i == 0 || compare_lines(&lines.list[i - 1], &lines.list[i]);
        l->of_half[side][lines.list[i].half] = id;
        l->weight[side][id]++;
    }
    l->count[side] = id + 1;
    if (side == 0) {
        l->extendable = (int64_t)lines.count;
        CT_TRY(keep_rows(l, &lines));
    }
done:
    free_lines(&lines);
    return status;
}

static cutropy_status fill_cells(ct_literal *l)
{
    cutropy_status status = CUTROPY_OK;
    const ct_entries *e = l->entries;
    const bool integers = e->f->kind == CUTROPY_KIND_LABEL || e->f->kind == CUTROPY_KIND_INTEGER;
    const int64_t cells = l->count[0] * l->count[1];
    if (integers)
        CT_NEW_ZERO(l->integer, cells);
    else
        CT_NEW_ZERO(l->real, 2 * cells);
    for (uint64_t i = 0; i < e->count; i++) {
        const int64_t cell = l->of_half[0][l->id[0][i]] * l->count[1] + l->of_half[1][l->id[1][i]];
        if (!e->value)
            l->integer[cell] = 1;
        else if (integers)
            l->integer[cell] = (int64_t)e->value[i];
        else
            memcpy(l->real + 2 * cell, e->value + i * e->words, 8 * e->words);
    }
done:
    return status;
}

cutropy_status ct_literal_make(const ct_entries *entries, const uint64_t *mask, ct_literal *out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t rest[CUTROPY_MAX_PIXELS / 64] = {0};
    const int pixels = entries->f->pixels;
    *out = (ct_literal){.entries = entries};
    for (int i = 0; i < pixels; i++)
        if (!ct_bit(mask, (uint64_t)i))
            ct_set_bit(rest, (uint64_t)i);
    CT_TRY(ct_entries_number(entries, mask, &out->id[0], &out->halves[0]));
    CT_TRY(ct_entries_number(entries, rest, &out->id[1], &out->halves[1]));
    CT_TRY(classify(out, 0));
    CT_TRY(classify(out, 1));
    if (out->count[0] > CT_LITERAL_CELLS / out->count[1])
        out->why = "a merged cut matrix of more than 2^22 cells";
    else
        CT_TRY(fill_cells(out));
done:
    if (status)
        ct_literal_free(out);
    return status;
}

void ct_literal_free(ct_literal *l)
{
    for (int side = 0; side < 2; side++) {
        ct_free(l->id[side]);
        ct_free(l->of_half[side]);
        ct_free(l->weight[side]);
    }
    ct_free(l->begin);
    ct_free(l->length);
    ct_free(l->columns);
    ct_free(l->integer);
    ct_free(l->real);
    *l = (ct_literal){0};
}

/* ---- what the matrix tells ---- */

int ct_literal_is_product(const ct_literal *l)
{
    const int64_t rows = l->count[0], columns = l->count[1];
    const int64_t *q = l->integer;
    int64_t pivot = 0;
    if (!q)
        return -1;
    while (!q[pivot]) /* zero rows were dropped: there is one */
        pivot++;
    for (int64_t i = 1; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            if ((ct_i128)q[pivot] * q[i * columns + j] != (ct_i128)q[i * columns + pivot] * q[j])
                return 0;
    return 1;
}

typedef struct pair {
    long double re, im;
} pair;

static pair product(const double *x, const double *y)
{
    return (pair){(long double)x[0] * y[0] - (long double)x[1] * y[1],
                  (long double)x[0] * y[1] + (long double)x[1] * y[0]};
}

double ct_literal_product_distance(const ct_literal *l)
{
    const int64_t rows = l->count[0], columns = l->count[1];
    const double *q = l->real;
    int64_t pivot = 0;
    long double worst = 0;
    for (int64_t c = 1; c < rows * columns; c++) /* the largest entry */
        if (hypot(q[2 * c], q[2 * c + 1]) > hypot(q[2 * pivot], q[2 * pivot + 1]))
            pivot = c;
    const double *corner = q + 2 * pivot;
    const int64_t row = pivot / columns * columns, column = pivot % columns;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            const pair x = product(corner, q + 2 * (i * columns + j));
            const pair y = product(q + 2 * (i * columns + column), q + 2 * (row + j));
            const long double size = hypotl(y.re, y.im), off = hypotl(x.re - y.re, x.im - y.im);
            if (off > 0 && !(off <= worst * size))
                worst = size > 0 ? off / size : INFINITY;
        }
    return (double)worst + 0x1p-50; /* rounding, also where long double is double */
}

bool ct_literal_fits(const ct_literal *l, int side)
{
    const int64_t n = l->count[side];
    return !l->why && n <= CT_LITERAL_ROWS && n * n <= CT_LITERAL_WORK / l->count[1 - side];
}

/* Cell of the matrix in which `side` has the rows. */
static int64_t cell_of(const ct_literal *l, int side, int64_t i, int64_t k)
{
    return side ? k * l->count[1] + i : i * l->count[1] + k;
}

cutropy_status ct_literal_gram(const ct_literal *l, int side, int64_t **gram)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = l->count[side], columns = l->count[1 - side];
    const int64_t *weight = l->weight[1 - side];
    int64_t *rows = NULL;
    *gram = NULL;
    CT_NEW(rows, n * columns);
    CT_NEW(*gram, n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < columns; k++)
            rows[i * columns + k] = l->integer[cell_of(l, side, i, k)];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            int64_t sum = 0; /* at most <f|f>, also on the way (Cauchy-Schwarz) */
            for (int64_t k = 0; k < columns; k++)
                sum += weight[k] * rows[i * columns + k] * rows[j * columns + k];
            (*gram)[i * n + j] = (*gram)[j * n + i] = sum;
        }
done:
    ct_free(rows);
    return status;
}

cutropy_status ct_literal_gram_real(const ct_literal *l, int side, double **gram)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = l->count[side], columns = l->count[1 - side];
    *gram = NULL;
    CT_NEW(*gram, 2 * n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            long double re = 0, im = 0;
            for (int64_t k = 0; k < columns; k++) {
                const double *x = l->real + 2 * cell_of(l, side, i, k);
                const double *y = l->real + 2 * cell_of(l, side, j, k);
                const long double w = (long double)l->weight[1 - side][k];
                re += w * ((long double)x[0] * y[0] + (long double)x[1] * y[1]);
                im += w * ((long double)x[1] * y[0] - (long double)x[0] * y[1]);
            }
            (*gram)[2 * (i * n + j)] = (*gram)[2 * (j * n + i)] = (double)re;
            (*gram)[2 * (i * n + j) + 1] = (double)im;
            (*gram)[2 * (j * n + i) + 1] = -(double)im;
        }
done:
    return status;
}

cutropy_status ct_literal_common(const ct_literal *l, int64_t **common)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = l->count[0];
    uint8_t *met = NULL; /* by the row i */
    *common = NULL;
    CT_NEW_ZERO(met, l->halves[1]);
    CT_NEW_ZERO(*common, n * n);
    for (int64_t i = 0; i < n; i++) {
        const uint32_t *row = l->columns + l->begin[i];
        for (uint64_t k = 0; k < l->length[i]; k++)
            met[row[k]] = 1;
        for (int64_t j = 0; j < n; j++)
            for (uint64_t k = 0; k < l->length[j]; k++)
                (*common)[i * n + j] += met[l->columns[l->begin[j] + k]];
        for (uint64_t k = 0; k < l->length[i]; k++)
            met[row[k]] = 0;
    }
done:
    ct_free(met);
    return status;
}

ct_u128 ct_literal_trace(const ct_literal *l, int side, const int64_t *gram)
{
    const int64_t n = l->count[side];
    ct_u128 sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (ct_u128)l->weight[side][i] * (ct_u128)gram[i * n + i];
    return sum;
}

ct_u128 ct_literal_square(const ct_literal *l, int side, const int64_t *gram)
{
    const int64_t n = l->count[side];
    ct_u128 sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const ct_u128 size =
                (ct_u128)(gram[i * n + j] < 0 ? -gram[i * n + j] : gram[i * n + j]);
            sum += size * size * (ct_u128)l->weight[side][i] * (ct_u128)l->weight[side][j];
        }
    return sum;
}
