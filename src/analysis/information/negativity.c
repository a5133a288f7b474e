/* SPDX-License-Identifier: Apache-2.0 */
/* T[a][b][k]: the matrix of AB with equal columns merged (k), a and b images of A and B. Images a with equal T[a] become one class with
 * the factor sqrt(m), and so do images b: an isometry of either side, which changes no negativity. Then rho = T T^H / <T|T> over pairs of
 * classes, its partial transpose rho^T_B[(a, b), (a', b')] = rho[(a, b'), (a', b)], and the sum of the sizes of its eigenvalues.
 *
 * Error, an estimate: the backward error of the eigenvalues, n sqrt(n) u times the norm, and sqrt(n) times the Frobenius norm of the rounding of rho. */

#include <math.h>

#include "analysis/export/cut_matrix.h"
#include "analysis/information/information.h"
#include "base/hash.h"
#include "base/twofold.h"

typedef struct ct_tripartite {
    int parts;       /* doubles of a number */
    int64_t a, b, k; /* classes, or images that are not merged yet */
    double *t;       /* a x b x k numbers */
} ct_tripartite;

/* The numbers of the matrix, scaled by the roots of the columns' weights, with the pixels of A slow: 2^na x 2^nb x k. */
static cutropy_status unfold(const ct_cut_matrix *m, const uint64_t *both, const uint64_t *a,
                             size_t words, ct_tripartite *out)
{
    cutropy_status status = CUTROPY_OK;
    const int parts = m->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const size_t width = (size_t)m->columns * (size_t)parts;
    int na = 0, nb = 0, place[2][64] = {{0}};
    for (size_t pixel = 0, bit = 0; pixel < 64 * words; pixel++)
        if (ct_bit(both, pixel)) {
            const bool mine = ct_bit(a, pixel);
            place[!mine][mine ? na++ : nb++] = (int)bit++;
        }
    *out = (ct_tripartite){
        .parts = parts, .a = INT64_C(1) << na, .b = INT64_C(1) << nb, .k = m->columns};
    double most = 0;
    int exponent;
    CT_NEW(out->t, width << (na + nb));
    for (int64_t i = 0; i < out->a; i++)
        for (int64_t j = 0; j < out->b; j++) {
            size_t row = 0;
            for (int k = 0; k < na; k++)
                row |= (size_t)(i >> k & 1) << place[0][k];
            for (int k = 0; k < nb; k++)
                row |= (size_t)(j >> k & 1) << place[1][k];
            double *to = out->t + (size_t)(i * out->b + j) * width;
            for (size_t c = 0; c < width; c++) {
                to[c] = m->kind == CUTROPY_KIND_INTEGER
                            ? (double)((const int64_t *)m->entry)[row * width + c]
                            : ((const double *)m->entry)[row * width + c];
                most = fmax(most, fabs(to[c]));
            }
        }
    (void)frexp(most, &exponent);
    for (size_t i = 0; i < width << (na + nb); i++)
        out->t[i] =
            ldexp(out->t[i], -exponent) * sqrt((double)m->weight[i % width / (size_t)parts]);
done:
    return status;
}

/* Equal slices of the first index become one, times the root of their number; then the two first indices change places. */
static cutropy_status merge_first(ct_tripartite *x)
{
    cutropy_status status = CUTROPY_OK;
    const size_t slice = (size_t)(x->b * x->k) * (size_t)x->parts, inner = slice / (size_t)x->b;
    const ct_word_rows rows = {.row = (const uint64_t *)(const void *)x->t, .words = slice};
    ct_hash table = {0};
    int64_t *first = NULL, classes = 0;
    int32_t *class = NULL;
    double *count = NULL, *out = NULL;
    CT_NEW(first, x->a);
    CT_NEW(class, x->a);
    CT_NEW_ZERO(count, x->a);
    CT_TRY(ct_hash_start(&table, (uint64_t)x->a));
    for (int64_t i = 0; i < x->a; i++) {
        const double *mine = x->t + (size_t)i * slice;
        bool any = false;
        for (size_t c = 0; c < slice && !any; c++)
            any = mine[c] != 0;
        if (!any)
            continue;
        uint32_t *slot = ct_hash_find_row(&table, &rows, rows.row + (size_t)i * slice);
        if (!*slot) {
            *slot = (uint32_t)i + 1;
            class[i] = (int32_t)classes;
            first[classes++] = i;
        }
        count[class[*slot - 1]]++;
    }
    CT_NEW(out, (size_t)classes * slice);
    for (int64_t i = 0; i < classes; i++)
        for (int64_t j = 0; j < x->b; j++)
            for (size_t c = 0; c < inner; c++)
                out[(size_t)(j * classes + i) * inner + c] =
                    x->t[(size_t)first[i] * slice + (size_t)j * inner + c] * sqrt(count[i]);
    ct_free(x->t);
    x->t = out;
    x->a = x->b;
    x->b = classes;
done:
    ct_hash_free(&table);
    ct_free(first);
    ct_free(class);
    ct_free(count);
    return status;
}

/* The lower triangle, column-major: entry ((a, b), (a', b')) is rho[(a, b'), (a', b)]. rho: upper triangle, row-major. */
static void transpose_b(const ct_tripartite *x, const double *rho, double *out)
{
    const int64_t n = x->a * x->b, parts = x->parts;
    for (int64_t column = 0; column < n; column++)
        for (int64_t row = column; row < n; row++) {
            const int64_t i = row / x->b * x->b + column % x->b,
                          j = column / x->b * x->b + row % x->b;
            const bool upper = i <= j;
            const double *from = rho + (upper ? i * n + j : j * n + i) * parts;
            double *to = out + (column * n + row) * parts;
            to[0] = from[0];
            if (parts == 2)
                to[1] = upper ? from[1] : -from[1];
        }
}

static cutropy_status solve(const cutropy_state *state, const ct_tripartite *x,
                            uint64_t memory_limit, const ct_watch *watch, double *value,
                            double *error)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = x->a * x->b, numbers = n * x->k * x->parts;
    const ct_operations *o = state->operations;
    double *rho = NULL, *turned = NULL, *levels = NULL, sum = 0, size = 0;
    long double norm = 0;
    CT_TRY(ct_cut_room("the partial transpose", 0, (uint64_t)n * (uint64_t)n, 24 * (size_t)x->parts,
                       memory_limit, "a smaller region"));
    CT_NEW(rho, n * n * x->parts);
    CT_NEW(turned, n * n * x->parts);
    CT_NEW(levels, n);
    CT_TRY((x->parts == 2 ? o->gram_complex : o->gram_real)(n, x->k, x->t, rho, state->threads));
    for (int64_t i = 0; i < numbers; i++)
        norm += (long double)x->t[i] * x->t[i];
    transpose_b(x, rho, turned);
    const ct_eigen_job job = {.n = n, .is_complex = x->parts == 2, .a = turned, .values = levels};
    CT_TRY(o->eigenvalues(1, &job, watch, state->threads));
    for (int64_t i = 0; i < n; i++) {
        sum += fabs(levels[i]) / (double)norm;
        size = fmax(size, fabs(levels[i]) / (double)norm);
    }
    const double root = sqrt((double)n), u = CT_UNIT_ROUNDOFF,
                 off = root * (ct_gram_error(x->k, x->parts == 2) + 16) * u +
                       (double)n * (8 * root * size + 4) * u;
    *value = log2(sum);
    *error = off / (sum - off) / 0.6931 + 4 * u * (fabs(*value) + 1);
    if (*error >= fabs(*value)) { /* not one digit is known, and 0 is as good */
        *error += fabs(*value);
        *value = 0;
    }
done:
    ct_free(rho);
    ct_free(turned);
    ct_free(levels);
    return status;
}

cutropy_status ct_negativity(const cutropy_state *state, const uint64_t *a, const uint64_t *b,
                             uint64_t memory_limit, const ct_watch *watch, double *value,
                             double *error)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = state->f.words;
    uint64_t both[CUTROPY_MAX_PIXELS / 64];
    ct_cut_matrix m = {0};
    ct_tripartite x = {0};
    for (size_t w = 0; w < words; w++)
        both[w] = a[w] | b[w];
    CT_TRY(ct_cut_matrix_make(state, both, false, memory_limit, watch, &m));
    CT_TRY(ct_cut_room("the matrix of both regions", m.na, (uint64_t)m.columns, 32, memory_limit,
                       "a smaller region"));
    CT_TRY(unfold(&m, both, a, words, &x));
    ct_cut_matrix_free(&m);
    CT_TRY(merge_first(&x));
    CT_TRY(merge_first(&x));
    CT_TRY(solve(state, &x, memory_limit, watch, value, error));
done:
    ct_cut_matrix_free(&m);
    ct_free(x.t);
    return status;
}
