/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem C (15 of docs/theorems.md). H is positive semidefinite, X = (X_R X_Z) a square matrix of columns of unit length,
 *     X^T X = I + f,  ||f|| <= phi < 1,      X_R^T H X_R = S (I + g) S,  S diagonal,  ||g|| <=
 * gamma, r columns in R, tau = Tr X_Z^T H X_Z and mu_1 >= mu_2 >= ... the diagonal of S^2. Then
 *     mu_i (1 - gamma) / (1 + phi)  <=  lambda_i                                          i <= r,
 *     lambda_i <= max((1 + t) (1 + gamma) mu_i, (1 + 1/t) tau) / (1 - phi)                i <= r,
 *     lambda_i <= (1 + 1/t) tau / (1 - phi)                                               i > r
 * for every t > 0. No gap enters, and no eigenvalue is too small.
 *
 * Why. Ostrowski: lambda_i(A^T H A) = theta lambda_i(H) with theta between the extreme eigenvalues
 * of A^T A. With A = S^-1 it compares S (I + g) S and S^2. Below: A = X_R (Cauchy's interlacing for
 * its r columns). Above: A = X, and a positive block matrix ((P, Q), (Q^T, R)) is at most
 * diag((1 + t) P, (1 + 1/t) R), because the difference is ((t P, -Q), (-Q^T, R / t)) >= 0.
 *
 * Sources: R. Horn, C. Johnson, "Matrix Analysis", 4.5.9 (Ostrowski); J. Barlow, J. Demmel, SIAM J.
 * Numer. Anal. 27 (1990), scaled diagonal dominance. */
#include "certify/graded.h"

#include <math.h>

#include "certify/dyadic.h"
#include "certify/graded_parts.h"
#include "certify/integer_parts.h"
#include "certify/integer_product.h"

#define MOST_ROUNDS 200 /* of refinement; each doubles the digits or resolves 53 bits more */
#define CHUNK 1024      /* columns of A that are multiplied at once */
#define PRIME_BITS 58   /* FLINT multiplies integer matrices modulo primes of about this size */

void ct_graded_free(ct_graded *b)
{
    if (!b)
        return;
    fmpz_mat_clear(b->dgd);
    fmpz_mat_clear(b->y);
    fmpz_mat_clear(b->k);
    fmpz_mat_clear(b->m);
    fmpz_clear(b->trace);
    for (slong i = 0; i < b->n; i++) {
        if (b->weight)
            fmpz_clear(b->weight + i);
        if (b->mu)
            arf_clear(b->mu + i);
        if (b->root)
            arf_clear(b->root + i);
    }
    mag_clear(b->phi);
    mag_clear(b->gamma);
    mag_clear(b->relative);
    mag_clear(b->tail);
    ct_free(b->weight);
    ct_free(b->mu);
    ct_free(b->root);
    ct_free(b->size);
    ct_free(b->order);
    ct_free(b);
}

static cutropy_status create(const ct_integer_block *block, ct_graded **out)
{
    const int64_t n = block->n;
    cutropy_status status = CUTROPY_OK;
    ct_graded *b = NULL;
    *out = NULL;
    CT_NEW_ZERO(b, 1);
    *out = b;
    b->n = n;
    fmpz_mat_init(b->dgd, n, n);
    fmpz_mat_init(b->y, n, n);
    fmpz_mat_init(b->k, n, n);
    fmpz_mat_init(b->m, n, n);
    fmpz_init(b->trace);
    mag_init(b->phi);
    mag_init(b->gamma);
    mag_init(b->relative);
    mag_init(b->tail);
    CT_NEW_ZERO(b->weight, n); /* zero is a valid fmpz, and a valid arf */
    CT_NEW_ZERO(b->mu, n);
    CT_NEW_ZERO(b->root, n);
    CT_NEW(b->size, n);
    CT_NEW(b->order, n);
    for (int64_t i = 0; i < n; i++) {
        ct_block_weight(b->weight + i, block, i);
        const slong bits = (slong)fmpz_bits(b->weight + i);
        b->weight_bits = bits > b->weight_bits ? bits : b->weight_bits;
    }
done:
    return status;
}

/* The trace, and D G D in place of G. */
static void weigh(ct_graded *b)
{
    for (slong i = 0; i < b->n; i++)
        fmpz_addmul(b->trace, b->weight + i, fmpz_mat_entry(b->dgd, i, i));
    for (slong i = 0; i < b->n; i++)
        for (slong j = 0; j < b->n; j++) {
            fmpz *entry = fmpz_mat_entry(b->dgd, i, j);
            fmpz_mul(entry, entry, b->weight + i);
            fmpz_mul(entry, entry, b->weight + j);
        }
}

cutropy_status ct_graded_integers(const ct_integer_block *block, ct_graded **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(create(block, out));
    for (int64_t i = 0; i < block->n; i++)
        for (int64_t j = 0; j < block->n; j++)
            ct_block_entry(fmpz_mat_entry((*out)->dgd, i, j), block, i, j);
    weigh(*out);
done:
    if (status != CUTROPY_OK) {
        ct_graded_free(*out);
        *out = NULL;
    }
    return status;
}

/* G += A C A^T for columns first .. first + count - 1 of A. */
static cutropy_status add_columns(ct_graded *b, int64_t k, const double *entry,
                                  const uint64_t *column_weight, int64_t first, int64_t count,
                                  slong base)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t a, weighted, product;
    fmpz_mat_init(a, b->n, count);
    fmpz_mat_init(weighted, count, b->n);
    fmpz_mat_init(product, b->n, b->n);
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t c = 0; c < count; c++) {
            ct_set_dyadic(fmpz_mat_entry(a, i, c), entry[i * k + first + c], base);
            fmpz_mul_ui(fmpz_mat_entry(weighted, c, i), fmpz_mat_entry(a, i, c),
                        column_weight[first + c]);
        }
    CT_TRY(ct_integer_product(a, weighted, 1, product));
    fmpz_mat_add(b->dgd, b->dgd, product);
done:
    fmpz_mat_clear(product);
    fmpz_mat_clear(weighted);
    fmpz_mat_clear(a);
    return status;
}

cutropy_status ct_graded_numbers(int64_t n, int64_t k, const double *entry, const uint64_t *weight,
                                 const uint64_t *column_weight, ct_graded **out)
{
    cutropy_status status = CUTROPY_OK;
    const slong base = ct_lowest_exponent(entry, n * k);
    CT_TRY(create(&(ct_integer_block){.n = n, .weight = weight}, out));
    for (int64_t c = 0; c < k; c += CHUNK)
        CT_TRY(add_columns(*out, k, entry, column_weight, c, k - c < CHUNK ? k - c : CHUNK, base));
    (*out)->exponent = 2 * base;
    weigh(*out);
done:
    if (status != CUTROPY_OK) {
        ct_graded_free(*out);
        *out = NULL;
    }
    return status;
}

/* ---- measures of the vectors ---- */

/* log2 x, about */
static double size_of(const arf_t x)
{
    arf_t mantissa;
    fmpz_t exponent;
    if (arf_sgn(x) <= 0)
        return -INFINITY;
    arf_init(mantissa);
    fmpz_init(exponent);
    arf_frexp(mantissa, exponent, x);
    const double size = fmpz_get_d(exponent) + log2(arf_get_d(mantissa, ARF_RND_NEAR));
    fmpz_clear(exponent);
    arf_clear(mantissa);
    return size;
}

/* By insertion: the order changes little from round to round. */
static void sort_columns(ct_graded *b)
{
    for (slong i = 0; i < b->n; i++) {
        const slong column = b->started ? b->order[i] : b->n - 1 - i;
        slong at = i;
        for (; at > 0 && b->size[b->order[at - 1]] < b->size[column]; at--)
            b->order[at] = b->order[at - 1];
        b->order[at] = column;
    }
    b->started = true;
}

/* K, M, mu, root, size, order. *good = false: a vector vanished. */
static cutropy_status graded_measure(ct_graded *b, int threads, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t image, transposed;
    arf_t x;
    const slong precision = b->scale + 64;
    *good = true;
    fmpz_mat_init(image, b->n, b->n);
    fmpz_mat_init(transposed, b->n, b->n);
    arf_init(x);
    fmpz_mat_transpose(transposed, b->y);
    CT_TRY(ct_integer_product(b->dgd, b->y, threads, image));
    CT_TRY(ct_integer_product(transposed, image, threads, b->m));
    for (slong i = 0; i < b->n; i++)
        for (slong j = 0; j < b->n; j++)
            fmpz_mul(fmpz_mat_entry(image, i, j), fmpz_mat_entry(b->y, i, j), b->weight + i);
    CT_TRY(ct_integer_product(transposed, image, threads, b->k));
    for (slong j = 0; j < b->n; j++) {
        arf_set_fmpz(b->root + j, fmpz_mat_entry(b->k, j, j));
        *good = *good && !arf_is_zero(b->root + j);
        arf_set_fmpz(x, fmpz_mat_entry(b->m, j, j));
        arf_div(b->mu + j, x, b->root + j, precision, ARF_RND_NEAR);
        arf_sqrt(b->root + j, b->root + j, precision, ARF_RND_NEAR);
        b->size[j] = *good ? size_of(b->mu + j) : 0;
    }
    if (*good)
        sort_columns(b);
done:
    arf_clear(x);
    fmpz_mat_clear(transposed);
    fmpz_mat_clear(image);
    return status;
}

/* Which columns are the tail: those beyond a proved rank, or below the floor. */
static void split_tail(ct_graded *b, const ct_graded_goal *goal)
{
    b->tail_is_zero = goal->rank >= 0;
    b->resolved = goal->rank >= 0 ? goal->rank : b->n;
    while (goal->rank < 0 && b->resolved > 1 &&
           b->size[b->order[b->resolved - 1]] < b->size[b->order[0]] - (double)goal->floor)
        b->resolved--;
}

/* ---- the bounds ---- */

/* sum += 2 x^2 / (a b), upwards */
static void add_pair(mag_t sum, const fmpz_t x, const mag_t inverse_a, const mag_t inverse_b)
{
    mag_t size;
    if (fmpz_is_zero(x))
        return;
    mag_init(size);
    mag_set_fmpz(size, x);
    mag_mul(size, size, size);
    mag_mul(size, size, inverse_a);
    mag_mul(size, size, inverse_b);
    mag_mul_2exp_si(size, size, 1);
    mag_add(sum, sum, size);
    mag_clear(size);
}

/* ||off-diagonal part of a, scaled to a unit diagonal||_F, upwards, over the first `count` columns
 * of the order; infinite where a diagonal entry is zero. */
static void coupling(const ct_graded *b, const fmpz_mat_t a, slong count, mag_t out)
{
    mag_ptr inverse = _mag_vec_init(count);
    mag_zero(out);
    for (slong i = 0; i < count; i++) {
        const slong p = b->order[i];
        mag_set_fmpz_lower(inverse + i, fmpz_mat_entry(a, p, p));
        mag_inv(inverse + i, inverse + i);
    }
    for (slong i = 0; i < count; i++)
        for (slong j = i + 1; j < count; j++)
            add_pair(out, fmpz_mat_entry(a, b->order[i], b->order[j]), inverse + i, inverse + j);
    mag_sqrt(out, out);
    for (slong i = 0; i < count; i++)
        if (mag_is_inf(inverse + i))
            mag_inf(out);
    _mag_vec_clear(inverse, count);
}

/* Theorem C: `relative` bounds the relative error of the resolved eigenvalues, `tail` what the
 * others are at most; true when both are small enough. With s = gamma + phi + t <= 1/8 the factors
 * of the theorem lie within 1 - 2 s and 1 + 2 s. */
static bool bounds(ct_graded *b, const ct_graded_goal *goal)
{
    mag_t least, x;
    bool good = true;
    mag_init(least);
    mag_init(x);
    coupling(b, b->k, b->n, b->phi);
    coupling(b, b->m, b->resolved, b->gamma);
    mag_zero(b->tail);
    for (slong i = b->resolved; i < b->n; i++) {
        const slong p = b->order[i];
        mag_set_fmpz_lower(least, fmpz_mat_entry(b->k, p, p));
        mag_set_fmpz(x, fmpz_mat_entry(b->m, p, p));
        mag_div(x, x, least);
        mag_add(b->tail, b->tail, x);
    }
    mag_add(b->relative, b->phi, b->gamma);
    if (b->resolved < b->n) { /* t = 2^-(bits + 3) */
        mag_one(x);
        mag_mul_2exp_si(x, x, -(goal->bits + 3));
        mag_add(b->relative, b->relative, x);
        mag_mul_2exp_si(x, b->tail, goal->bits + 3);
        mag_add(b->tail, b->tail, x);
        mag_mul_2exp_si(b->tail, b->tail, 1); /* 1 / (1 - phi) <= 2 */
        /* below every resolved eigenvalue: mu_r / 2 is */
        const slong last = b->order[b->resolved - 1];
        mag_set_fmpz(x, fmpz_mat_entry(b->k, last, last));
        mag_set_fmpz_lower(least, fmpz_mat_entry(b->m, last, last));
        mag_mul(x, x, b->tail);
        mag_mul_2exp_si(x, x, 1);
        good = mag_cmp(x, least) < 0;
    }
    mag_mul_2exp_si(b->relative, b->relative, 1);
    good = good && mag_cmp_2exp_si(b->relative, -goal->bits) < 0;
    mag_clear(x);
    mag_clear(least);
    return good;
}

void ct_graded_level(const ct_graded *b, slong i, slong bits, arb_t out)
{
    const slong p = b->order[i];
    mag_t radius;
    if (i >= b->resolved && b->tail_is_zero) {
        arb_zero(out);
        return;
    }
    mag_init(radius);
    if (i >= b->resolved) { /* 0 .. tail */
        arb_set_interval_mag(out, radius, b->tail, bits);
    } else {
        arb_set_fmpz(out, fmpz_mat_entry(b->m, p, p));
        arb_div_fmpz(out, out, fmpz_mat_entry(b->k, p, p), bits);
        arb_get_mag(radius, out);
        mag_mul(radius, radius, b->relative);
        arb_add_error_mag(out, radius);
    }
    arb_mul_2exp_si(out, out, b->exponent);
    mag_clear(radius);
}

/* ---- the first vectors ---- */

/* H in double, scaled to about 1; entries that are too small become zero: a later round sees them.
 */
static void write_double(const ct_graded *b, double *h)
{
    slong top = 0;
    for (slong i = 0; i < b->n; i++) {
        slong e = (slong)fmpz_bits(fmpz_mat_entry(b->dgd, i, i)) - (slong)fmpz_bits(b->weight + i);
        top = e > top ? e : top;
    }
    for (slong i = 0; i < b->n; i++)
        for (slong j = 0; j < b->n; j++) {
            slong e;
            const double x = fmpz_get_d_2exp(&e, fmpz_mat_entry(b->dgd, i, j));
            const double weight = sqrt(fmpz_get_d(b->weight + i)) * sqrt(fmpz_get_d(b->weight + j));
            h[i * b->n + j] = e - top < -1000 ? 0 : ldexp(x, (int)(e - top)) / weight;
        }
}

static cutropy_status start(ct_graded *b, const ct_graded_goal *goal, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    double *h = NULL, *values = NULL;
    CT_NEW(h, b->n * b->n);
    CT_NEW(values, b->n);
    b->scale = 64 + (b->weight_bits + 1) / 2;
    write_double(b, h);
    CT_TRY(goal->backend->eigenvectors(b->n, h, values));
    *good = true;
    for (slong i = 0; i < b->n; i++)
        for (slong j = 0; j < b->n && *good; j++) {
            const double v = h[j * b->n + i];
            *good = fabs(v) < 2;
            if (*good)
                fmpz_set_d(fmpz_mat_entry(b->y, i, j),
                           rint(ldexp(v / sqrt(fmpz_get_d(b->weight + i)), (int)b->scale)));
        }
    if (*good)
        CT_TRY(graded_measure(b, goal->threads, good));
done:
    ct_free(values);
    ct_free(h);
    return status;
}

/* ---- the rounds ---- */

static double round_work(const ct_graded *b, slong scale)
{
    const double n = (double)b->n;
    slong entry = fmpz_mat_max_bits(b->dgd);
    entry = entry < 0 ? -entry : entry;
    return n * n * n * (4 + (2 * (double)entry + 7 * (double)scale) / PRIME_BITS);
}

double ct_graded_work(int64_t n, int64_t bits)
{
    const double x = (double)n;
    return 4 * x * x * x * (4 + 7 * (double)bits / PRIME_BITS);
}

/* A matrix of integers of `bits` bits: a word, a header and the digits each; eight of them have two
 * times the bits, and FLINT's product as much again. */
double ct_graded_bytes(int64_t n, int64_t bits)
{
    return (double)n * (double)n * 10 * (40 + (double)bits / 4);
}

/* Bits that the vectors need, as far as the quotients tell now: a rounding by 2^-p adds to g
 * 2^-p sqrt(mu_i / mu_j). */
static slong wanted_scale(const ct_graded *b, const ct_graded_goal *goal)
{
    double span = b->size[b->order[0]] - b->size[b->order[b->resolved - 1]];
    if (!(span < 1e6))
        span = 4 * (double)b->scale;
    return goal->bits + (slong)(span / 2) + 2 * (slong)FLINT_BIT_COUNT(b->n) + 24 +
           b->weight_bits / 2;
}

static cutropy_status may_go_on(const ct_graded_goal *goal)
{
    const ct_watch *watch = goal->watch;
    return watch && watch->report && watch->report("certify", 0, 0, watch->user)
               ? ct_fail(CUTROPY_ECANCELLED, "stopped")
               : CUTROPY_OK;
}

cutropy_status ct_graded_prove(ct_graded *b, const ct_graded_goal *goal, bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    bool good = true;
    double work = 0;
    *proved = false;
    if (!b->started)
        CT_TRY(start(b, goal, &good));
    for (int round = 0; good && round < MOST_ROUNDS; round++) {
        split_tail(b, goal);
        *proved = bounds(b, goal);
        if (*proved)
            break;
        const slong wanted = wanted_scale(b, goal);
        slong scale = wanted < 2 * b->scale ? wanted : 2 * b->scale;
        scale = scale > b->scale ? scale : b->scale;
        work += round_work(b, scale);
        if (work > goal->work_limit || ct_graded_bytes(b->n, scale) > (double)goal->memory_limit)
            break;
        CT_TRY(may_go_on(goal));
        CT_TRY(ct_graded_turn(b, goal, scale, &good));
        CT_TRY(may_go_on(goal));
        if (good)
            CT_TRY(graded_measure(b, goal->threads, &good));
    }
done:
    b->proved = *proved;
    return status;
}
