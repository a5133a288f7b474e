/* SPDX-License-Identifier: Apache-2.0 */
/* The reduced density matrix of a cut, and its Schmidt decomposition, as archives of arrays.
 *
 * Both stand on the matrix of the cut whose equal columns are merged; the decomposition on the one whose equal rows are merged
 * too, M = D_m^1/2 Q D_n^1/2 / ||f||: rows of u (columns of vh) of equal images are equal, so they are those of M's vectors over
 * sqrt(m) (sqrt(n)). Errors are bounds, whatever LAPACK did, u = 2^-53:
 *   rebuilt  || M - U S V ||_F as doubles give it, plus gamma sum s_k for the rounding of the product of r terms (N. J. Higham,
 *            Accuracy and Stability of Numerical Algorithms, 2002, section 3.5; |U| S |V| has at most the norm sum s_k |u_k| |v_k|), plus that
 *            of M and of the quotients by sqrt(m), sqrt(n)
 *   skew     || U^H U - 1 ||_F likewise
 *   values   |s_k - true| <= rebuilt + s_0 (skew of U + skew of V): Weyl, and Ostrowski for U S V, whose singular values are s_k times
 *            at most the roots of 1 + skew. */
#include <math.h>
#include <string.h>

#include <cutropy/export.h>

#include "analysis/export/cut_matrix.h"
#include "base/hash.h"
#include "base/report.h"
#include "base/twofold.h"
#include "sheet/save.h"

#define U CT_UNIT_ROUNDOFF
#define SLACK (1 + 0x1p-20) /* rounding of norms of at most 2^30 numbers */

typedef struct cut_export {
    const cutropy_state *state;
    const uint64_t *mask;
    cutropy_bit_order bits;
    uint64_t memory_limit;
    ct_reporter reporter;
    ct_watch watch;
    ct_cut_matrix m;
    int parts;   /* doubles of a number: 2 where it is complex */
    double norm; /* ||M||, of the scaled entries */
    /* density */
    int64_t *gram; /* labels and integers: of f, not divided */
    double *rho, error;
    /* schmidt: r values */
    int64_t rows, count; /* classes of rows, r */
    int32_t *row_of;     /* 2^na: class, -1: zero */
    uint64_t *row_weight;
    int64_t *row_first;
    double *left, *right; /* rows x r, r x columns: vectors of the merged matrix */
    double *values, *u, *vh, rebuilt, skew[2], value_error;
} cut_export;

static void free_all(cut_export *e)
{
    ct_cut_matrix_free(&e->m);
    ct_free(e->gram);
    ct_free(e->rho);
    ct_free(e->row_of);
    ct_free(e->row_weight);
    ct_free(e->row_first);
    ct_free(e->left);
    ct_free(e->right);
    ct_free(e->values);
    ct_free(e->u);
    ct_free(e->vh);
}

static cutropy_status start(cut_export *e, const cutropy_state *state, const uint64_t *mask,
                            cutropy_bit_order bits, const cutropy_options *options, bool want_map)
{
    *e = (cut_export){.state = state,
                      .mask = mask,
                      .bits = bits,
                      .memory_limit = options && options->memory_limit ? options->memory_limit
                                                                       : state->memory_limit};
    if (options)
        e->reporter = (ct_reporter){.progress = options->progress, .user = options->user};
    e->watch = (ct_watch){.report = ct_report, .user = &e->reporter};
    const cutropy_status status =
        ct_cut_matrix_make(state, mask, want_map, e->memory_limit, &e->watch, &e->m);
    e->parts = e->m.kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    return status;
}

/* entry (row, j) sqrt(weight[j]) 2^-exponent, and their norm; within 3 u of each. row: NULL: all. */
static cutropy_status scale(cut_export *e, int64_t rows, const int64_t *row,
                            const uint64_t *row_weight, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_cut_matrix *m = &e->m;
    const size_t width = (size_t)m->columns * (size_t)e->parts, parts = (size_t)e->parts;
    const int64_t *integer = m->entry;
    const double *real = m->entry;
    double most = 0;
    long double sum = 0;
    int exponent;
    CT_NEW(*out, (size_t)rows * width);
    for (size_t i = 0; i < (size_t)rows * width; i++) {
        const size_t at = (row ? (size_t)row[i / width] : i / width) * width + i % width;
        (*out)[i] = m->kind == CUTROPY_KIND_INTEGER ? (double)integer[at] : real[at];
        most = fmax(most, fabs((*out)[i]));
    }
    (void)frexp(most, &exponent);
    for (int64_t r = 0; r < rows; r++) {
        const double root = row_weight ? sqrt((double)row_weight[r]) : 1;
        long double of_row = 0;
        for (size_t i = 0; i < width; i++) {
            double *x = &(*out)[(size_t)r * width + i];
            *x = ldexp(*x, -exponent) * (root * sqrt((double)m->weight[i / parts]));
            of_row += (long double)*x * *x;
        }
        sum += of_row;
    }
    e->norm = (double)sqrtl(sum);
done:
    return status;
}

/* ---- density matrix ---- */

static cutropy_status gram_of_integers(cut_export *e, int64_t n)
{
    cutropy_status status = CUTROPY_OK;
    const double norm = (double)e->state->f.norm_exact;
    CT_NEW(e->gram, n * n);
    CT_TRY(e->state->operations->gram_integer(n, e->m.columns, e->m.entry, e->m.columns,
                                              (const int64_t *)e->m.weight, e->gram,
                                              e->state->threads));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            e->gram[j * n + i] = e->gram[i * n + j];
            e->rho[i * n + j] = e->rho[j * n + i] = (double)e->gram[i * n + j] / norm;
        }
    e->error = 4 * U; /* both to double, and the quotient: 3 u of each entry, and ||rho||_F <= 1 */
done:
    return status;
}

static cutropy_status gram_of_reals(cut_export *e, int64_t n)
{
    cutropy_status status = CUTROPY_OK;
    const ct_operations *o = e->state->operations;
    double *q = NULL;
    CT_TRY(scale(e, n, NULL, NULL, &q));
    CT_TRY((e->parts == 2 ? o->gram_complex : o->gram_real)(n, e->m.columns, q, e->rho,
                                                            e->state->threads));
    const double norm = e->norm * e->norm;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            double *up = e->rho + (i * n + j) * e->parts, *low = e->rho + (j * n + i) * e->parts;
            for (int k = 0; k < e->parts; k++) {
                up[k] /= norm;
                low[k] = k ? -up[k] : up[k];
            }
        }
    /* entries 6 u in products of two, the sum, <f|f> 6 u and the long doubles' sums, the quotient */
    e->error = (ct_gram_error(e->m.columns, e->parts == 2) + 16) * U * SLACK +
               ((double)n + (double)e->m.columns * e->parts) * 0x1p-63;
done:
    ct_free(q);
    return status;
}

static cutropy_status density(cut_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const bool integer = e->m.kind == CUTROPY_KIND_INTEGER;
    const int64_t n = INT64_C(1) << e->m.na;
    CT_TRY(ct_cut_room("the density matrix", e->m.na, (uint64_t)n,
                       integer ? 16 : 8 * (size_t)e->parts, e->memory_limit, "a smaller region"));
    CT_NEW(e->rho, n * n * e->parts);
    CT_TRY(integer ? gram_of_integers(e, n) : gram_of_reals(e, n));
done:
    return status;
}

/* ---- Schmidt decomposition ---- */

/* Equal rows become one. */
static cutropy_status merge_rows(cut_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = INT64_C(1) << e->m.na;
    const size_t words = (size_t)e->m.columns * (size_t)e->parts;
    const ct_word_rows rows = {.row = e->m.entry, .words = words};
    ct_hash table = {0}; /* of the first rows of classes */
    CT_NEW(e->row_of, n);
    CT_NEW_ZERO(e->row_weight, n);
    CT_NEW(e->row_first, n);
    CT_TRY(ct_hash_start(&table, (uint64_t)n));
    for (int64_t r = 0; r < n; r++) {
        const uint64_t *row = rows.row + (size_t)r * words;
        uint64_t any = 0;
        for (size_t w = 0; w < words; w++)
            any |= row[w];
        e->row_of[r] = -1;
        if (!any)
            continue;
        uint32_t *slot = ct_hash_find_row(&table, &rows, row);
        if (!*slot) {
            *slot = (uint32_t)r + 1;
            e->row_of[r] = (int32_t)e->rows;
            e->row_first[e->rows++] = r;
        } else {
            e->row_of[r] = e->row_of[*slot - 1];
        }
        e->row_weight[e->row_of[r]]++;
    }
done:
    ct_hash_free(&table);
    return status;
}

/* || product - wanted ||_F of rows x columns numbers; wanted NULL: the identity. */
static double distance(const double *product, const double *wanted, int64_t rows, int64_t columns,
                       int parts)
{
    double sum = 0;
    for (int64_t i = 0; i < rows * columns * parts; i++) {
        const int64_t at = i / parts;
        const double one = i % parts == 0 && at / columns == at % columns;
        const double d = product[i] - (wanted ? wanted[i] : one);
        sum += d * d;
    }
    return sqrt(sum) * SLACK;
}

/* Bound of the rounding of a sum of n products, in units of the sum of their absolute values. */
static double gamma_of(int64_t n)
{
    return 4 * ((double)n + 4) * U;
}

/* || V V^H - 1 ||_F for the rows of v: r x n. */
static cutropy_status skew_of(const cut_export *e, const double *v, int64_t n, double *skew)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t r = e->count;
    double *other = NULL, *product = NULL;
    CT_NEW(other, r * n * e->parts);
    CT_NEW(product, r * r * e->parts);
    for (int64_t i = 0; i < r * n * e->parts; i++)
        other[i] = e->parts == 2 && i % 2 ? -v[i] : v[i];
    e->state->operations->rows_by_rows(e->parts == 2, r, r, n, v, other, product,
                                       e->state->threads);
    *skew = distance(product, NULL, r, r, e->parts) + 1.1 * (gamma_of(n) + 8 * U) * (double)r;
done:
    ct_free(other);
    ct_free(product);
    return status;
}

/* to: columns x rows. */
static void transpose(const double *from, int64_t rows, int64_t columns, int parts, double *to)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            memcpy(to + (j * rows + i) * parts, from + (i * columns + j) * parts,
                   (size_t)parts * sizeof *to);
}

static cutropy_status find_errors(cut_export *e, const double *matrix)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = e->rows, columns = e->m.columns, r = e->count;
    const int parts = e->parts;
    double *turn = NULL, *scaled = NULL, *product = NULL, sum = 0;
    CT_NEW(turn, (rows > columns ? rows : columns) * r * parts);
    CT_NEW(scaled, rows * r * parts);
    CT_NEW(product, rows * columns * parts);
    transpose(e->left, rows, r, parts, turn);
    CT_TRY(skew_of(e, turn, rows, &e->skew[0]));
    CT_TRY(skew_of(e, e->right, columns, &e->skew[1]));
    if (!(e->skew[0] + e->skew[1] < 0.01))
        return ct_fail(CUTROPY_ENUMERIC, "LAPACK's singular vectors are not orthogonal");
    for (int64_t k = 0; k < r; k++)
        sum += e->values[k];
    for (int64_t i = 0; i < rows * r * parts; i++)
        scaled[i] = e->left[i] * e->values[i / parts % r];
    transpose(e->right, r, columns, parts, turn);
    e->state->operations->rows_by_rows(parts == 2, rows, columns, r, scaled, turn, product,
                                       e->state->threads);
    e->rebuilt = distance(product, matrix, rows, columns, parts) +
                 1.1 * (gamma_of(r) + 8 * U) * sum + 16 * U +
                 ((double)rows + (double)columns * parts) * 0x1p-63;
    e->value_error = e->rebuilt + e->values[0] * (e->skew[0] + e->skew[1]);
done:
    ct_free(turn);
    ct_free(scaled);
    ct_free(product);
    return status;
}

/* u: 2^na x r and vh: r x 2^nb, from the vectors of classes. */
static cutropy_status expand(cut_export *e)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t r = e->count, parts = e->parts, n = INT64_C(1) << e->m.na,
                  nb = INT64_C(1) << e->m.nb;
    CT_NEW_ZERO(e->u, n * r * parts);
    CT_NEW_ZERO(e->vh, r * nb * parts);
    for (int64_t a = 0; a < n; a++) {
        const int32_t row = e->row_of[a];
        double *to = e->u + (int64_t)ct_export_place((uint64_t)a, e->m.na, e->bits) * r * parts;
        for (int64_t k = 0; row >= 0 && k < r * parts; k++)
            to[k] = e->left[row * r * parts + k] / sqrt((double)e->row_weight[row]);
    }
    for (int64_t b = 0; b < nb; b++) {
        const int32_t column = e->m.column_of[b];
        const int64_t at = (int64_t)ct_export_place((uint64_t)b, e->m.nb, e->bits);
        if (column < 0)
            continue;
        for (int64_t k = 0; k < r; k++)
            for (int64_t p = 0; p < parts; p++)
                e->vh[(k * nb + at) * parts + p] =
                    e->right[(k * e->m.columns + column) * parts + p] /
                    sqrt((double)e->m.weight[column]);
    }
done:
    return status;
}

static cutropy_status schmidt(cut_export *e)
{
    cutropy_status status = CUTROPY_OK;
    double *matrix = NULL, *copy = NULL;
    CT_TRY(merge_rows(e));
    e->count = e->rows < e->m.columns ? e->rows : e->m.columns;
    const size_t item = 8 * (size_t)e->parts;
    CT_TRY(
        ct_cut_room("u", e->m.na, (uint64_t)e->count, item, e->memory_limit, "a smaller region"));
    CT_TRY(
        ct_cut_room("vh", e->m.nb, (uint64_t)e->count, item, e->memory_limit, "a smaller region"));
    CT_TRY(scale(e, e->rows, e->row_first, e->row_weight, &matrix));
    const int64_t numbers = e->rows * e->m.columns * e->parts;
    CT_NEW(copy, numbers);
    for (int64_t i = 0; i < numbers; i++)
        copy[i] = matrix[i] /= e->norm;
    CT_NEW(e->values, e->count);
    CT_NEW(e->left, e->rows * e->count * e->parts);
    CT_NEW(e->right, e->count * e->m.columns * e->parts);
    CT_TRY(e->state->operations->singular_vectors(e->rows, e->m.columns, e->parts == 2, copy,
                                                  e->values, e->left, e->right));
    CT_TRY(find_errors(e, matrix));
    CT_TRY(expand(e));
done:
    ct_free(matrix);
    ct_free(copy);
    return status;
}

/* ---- the files ---- */

static cutropy_status add_matrix(const cut_export *e, ct_npz_writer *w, const char *name,
                                 int64_t rows, int64_t columns, const double *data)
{
    return ct_npz_add_matrix(w, name, e->parts == 2 ? CT_NPZ_ORDER "c16" : CT_NPZ_ORDER "f8",
                             8 * (size_t)e->parts, (uint64_t)rows, (uint64_t)columns, data);
}

static cutropy_status add_real(ct_npz_writer *w, const char *name, double value)
{
    return ct_npz_add_number(w, name, CT_NPZ_ORDER "f8", sizeof value, &value);
}

/* Rows and columns where their numbers go, in place. */
static void turn_matrix(const cut_export *e, void *matrix, size_t item)
{
    const uint64_t n = UINT64_C(1) << e->m.na;
    uint8_t *data = matrix, keep[16];
    for (uint64_t cell = 0; cell < n * n; cell++) {
        const uint64_t other = ct_export_place(cell / n, e->m.na, e->bits) * n +
                               ct_export_place(cell % n, e->m.na, e->bits);
        if (other <= cell)
            continue;
        memcpy(keep, data + cell * item, item);
        memcpy(data + cell * item, data + other * item, item);
        memcpy(data + other * item, keep, item);
    }
}

static cutropy_status write_density(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    cut_export *e = context;
    ct_npz_writer w = ct_npz_start(file);
    const int64_t n = INT64_C(1) << e->m.na;
    CT_TRY(ct_export_texts(&w, "density", e->state, e->mask, e->bits));
    turn_matrix(e, e->rho, 8 * (size_t)e->parts);
    CT_TRY(add_matrix(e, &w, "rho", n, n, e->rho));
    CT_TRY(add_real(&w, "error", e->error));
    if (e->gram) {
        char type[8];
        turn_matrix(e, e->gram, sizeof *e->gram);
        const size_t item = ct_npz_shorten(e->gram, (size_t)(n * n), type);
        CT_TRY(ct_npz_add_matrix(&w, "gram", type, item, (uint64_t)n, (uint64_t)n, e->gram));
    }
done:
    return ct_npz_finish(&w, status);
}

static cutropy_status write_schmidt(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    const cut_export *e = context;
    ct_npz_writer w = ct_npz_start(file);
    CT_TRY(ct_export_texts(&w, "schmidt", e->state, e->mask, e->bits));
    CT_TRY(ct_npz_add_vector(&w, "s", CT_NPZ_ORDER "f8", 8, (uint64_t)e->count, e->values));
    CT_TRY(add_matrix(e, &w, "u", INT64_C(1) << e->m.na, e->count, e->u));
    CT_TRY(add_matrix(e, &w, "vh", e->count, INT64_C(1) << e->m.nb, e->vh));
    CT_TRY(add_real(&w, "s_error", e->value_error));
    CT_TRY(add_real(&w, "u_error", e->skew[0]));
    CT_TRY(add_real(&w, "vh_error", e->skew[1]));
    CT_TRY(add_real(&w, "error", e->rebuilt));
done:
    return ct_npz_finish(&w, status);
}

cutropy_status cutropy_density_save(const cutropy_state *state, const uint64_t *mask,
                                    cutropy_bit_order bits, const char *path,
                                    const cutropy_options *options)
{
    cut_export e;
    cutropy_status status = start(&e, state, mask, bits, options, false);
    if (!status)
        status = density(&e);
    if (!status)
        status = ct_save(path, write_density, &e);
    free_all(&e);
    return status;
}

cutropy_status cutropy_schmidt_save(const cutropy_state *state, const uint64_t *mask,
                                    cutropy_bit_order bits, const char *path,
                                    const cutropy_options *options)
{
    cut_export e;
    cutropy_status status = start(&e, state, mask, bits, options, true);
    if (!status)
        status = schmidt(&e);
    if (!status)
        status = ct_save(path, write_schmidt, &e);
    free_all(&e);
    return status;
}
