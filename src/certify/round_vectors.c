/* SPDX-License-Identifier: Apache-2.0 */
/* One step of refinement, then rounding. With the columns y_j of Y, K = Y^T D Y, P = Y^T D G D Y in
 * twice the working precision and d_j = P_jj / K_jj the improved basis is Y (I + U),
 *     U_ij = (P_ij - d_j K_ij) / (K_ii (d_j - d_i))        where the gap allows, else -K_ij / (2
 * K_ii), for vectors that have about the same norm. U is about 1e-15 and needs a few digits only.
 */
#include "certify/round_vectors.h"

#include <math.h>

#include "certify/product2.h"
#include "base/twofold.h"

#define VECTOR_BITS 61 /* of the largest component of a vector */
#define GAP 1e-13      /* of the largest quotient: below, eigenvalues are treated as equal */

/* Everything n x n, row-major; y, z: component by vector. */
typedef struct room {
    double *y;          /* D^-1/2 v */
    ct_twofold g, z, u; /* G, Z = D Y, U = G Z; u becomes the corrections */
    ct_twofold zt;      /* Z^T */
    ct_twofold k, p;    /* K = Z^T Y, P = Z^T U */
} room;

static cutropy_status new_room(int64_t n, room *r)
{
    cutropy_status status = CUTROPY_OK;
    ct_twofold *const all[] = {&r->g, &r->z, &r->u, &r->zt, &r->k, &r->p};
    CT_NEW(r->y, n * n);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CT_TRY(ct_twofold_new(n, all[i]));
done:
    return status;
}

static void free_room(room *r)
{
    ct_twofold *const all[] = {&r->g, &r->z, &r->u, &r->zt, &r->k, &r->p};
    ct_free(r->y);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ct_twofold_free(all[i]);
}

static void fill(int64_t n, const int64_t *gram, const int64_t *weight, const double *vectors,
                 room *r)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const int64_t at = i * n + j, entry = i <= j ? gram[at] : gram[j * n + i];
            const int64_t low = entry % (INT64_C(1) << 32);
            r->g.high[at] = ct_two_sum((double)(entry - low), (double)low, &r->g.low[at]);
            r->y[at] = vectors[j * n + i] / sqrt((double)weight[i]);
            r->z.high[at] = ct_two_product((double)weight[i], r->y[at], &r->z.low[at]);
            r->zt.high[j * n + i] = r->z.high[at];
            r->zt.low[j * n + i] = r->z.low[at];
        }
}

static double at(const ct_twofold *t, int64_t index)
{
    return t->high[index] + t->low[index];
}

/* U into u.high. */
static void corrections(int64_t n, room *r)
{
    double largest = 0;
    for (int64_t j = 0; j < n; j++)
        largest = fmax(largest, at(&r->p, j * n + j) / at(&r->k, j * n + j));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const int64_t ij = i * n + j;
            const double kii = at(&r->k, i * n + i), kij = at(&r->k, ij);
            const double di = at(&r->p, i * n + i) / kii,
                         dj = at(&r->p, j * n + j) / at(&r->k, j * n + j), gap = dj - di;
            r->u.high[ij] = i == j                      ? 0
                            : fabs(gap) > GAP * largest ? (at(&r->p, ij) - dj * kij) / (kii * gap)
                                                        : -kij / (2 * kii);
        }
}

/* Row j of out: y_j + sum_i y_i U_ij, times the power of two that fills VECTOR_BITS. */
static void round_vector(int64_t n, const room *r, int64_t j, int64_t *out)
{
    double largest = 0;
    int exponent = 0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(r->y[i * n + j]));
    frexp(largest, &exponent);
    for (int64_t i = 0; i < n; i++) {
        const double big = ldexp(r->y[i * n + j], VECTOR_BITS - exponent), whole = rint(big);
        double correction = 0;
        for (int64_t k = 0; k < n; k++)
            correction += r->y[i * n + k] * r->u.high[k * n + j];
        correction = ldexp(correction, VECTOR_BITS - exponent);
        /* NaN and giant corrections of hopeless vectors: leave those as they are */
        const double rest = fabs(correction) < 0x1p60 ? big - whole + correction : 0;
        out[i] = fabs(whole) <= 0x1p61 ? (int64_t)whole + llrint(rest) : 0;
    }
}

cutropy_status ct_round_vectors(int64_t n, const int64_t *gram, const int64_t *weight,
                                const double *vectors, int64_t *y)
{
    cutropy_status status = CUTROPY_OK;
    room r = {0};
    CT_TRY(new_room(n, &r));
    fill(n, gram, weight, vectors, &r);
    ct_product2(n, n, n, r.zt, (ct_twofold){.high = r.y}, r.k, 1);
    ct_product2(n, n, n, r.g, r.z, r.u, 1);
    ct_product2(n, n, n, r.zt, r.u, r.p, 1);
    corrections(n, &r);
    for (int64_t j = 0; j < n; j++)
        round_vector(n, &r, j, y + j * n);
done:
    free_room(&r);
    return status;
}
