/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem B of docs/certificate.md for one block, from exact integers.
 *
 * With Z = D Y the two integer matrices
 *     K = Y^T D Y = Y^T Z          P = Y^T D G D Y = Z^T G Z
 * hold all that is needed; D^1/2 never appears. Where i != j,
 *     d_j = P_jj / (T K_jj)        f_ij^2 = K_ij^2 / (K_ii K_jj)       o_ij^2 = P_ij^2 / (T^2 K_ii
 * K_jj) e_ij = o_ij - f_ij (d_i + d_j) / 2 = E_ij / (2 T (K_ii K_jj)^(3/2)), E_ij = 2 P_ij K_ii
 * K_jj - K_ij (P_ii K_jj + P_jj K_ii), so that every square is a fraction of integers. Rounding
 * begins when fractions become fixed-point numbers, and always goes up. */
#include <stdio.h>

#include "verifier/block.h"
#include "verifier/fixed.h"

/* Sums over the pairs of vectors, fixed-point and rounded up. */
typedef struct pair_sums {
    mpz_t f, o;    /* ||f||_F^2, ||o||_F^2 */
    mpz_t *column; /* [resolved]; squares of the columns of e */
} pair_sums;

static void dot(mpz_t out, const mpz_t *a, const mpz_t *b, size_t n)
{
    mpz_set_ui(out, 0);
    for (size_t i = 0; i < n; i++)
        mpz_addmul(out, a[i], b[i]);
}

/* k[i][j] and p[i][j] for i <= j; all matrices are [n][n]. z and u are for the work. */
static void products(const cv_block *b, mpz_t *k, mpz_t *p, mpz_t *z, mpz_t *u)
{
    const size_t n = b->size;
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++)
            mpz_mul(z[j * n + i], b->multiplicity[i], b->vector[j * n + i]);
        for (size_t i = 0; i < n; i++)
            dot(u[j * n + i], b->gram + i * n, z + j * n, n);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++) {
            dot(k[i * n + j], b->vector + i * n, z + j * n, n);
            dot(p[i * n + j], z + i * n, u + j * n, n);
        }
}

/* 0 < K_jj and 0 <= d_j <= 1: any other d_j means that G is not positive semidefinite. */
static bool check_diagonal(const mpz_t *k, const mpz_t *p, size_t n, const mpz_t trace,
                           char message[CV_MESSAGE])
{
    bool good = true;
    mpz_t limit;
    mpz_init(limit);
    for (size_t j = 0; good && j < n; j++) {
        const size_t jj = j * n + j;
        mpz_mul(limit, k[jj], trace);
        if (!mpz_sgn(k[jj]))
            snprintf(message, CV_MESSAGE, "vector %zu is zero", j + 1);
        else if (mpz_sgn(p[jj]) < 0)
            snprintf(message, CV_MESSAGE,
                     "the matrix is not positive semidefinite (vector %zu shows it)", j + 1);
        else if (mpz_cmp(p[jj], limit) > 0)
            snprintf(message, CV_MESSAGE,
                     "the matrix has an eigenvalue above the trace (vector %zu shows it)", j + 1);
        else
            continue;
        good = false;
    }
    mpz_clear(limit);
    return good;
}

/* out += square of x, divided by `by`, rounded up. */
static void add_square(mpz_t out, const mpz_t x, const mpz_t by, unsigned long times)
{
    mpz_t term;
    mpz_init(term);
    mpz_mul(term, x, x);
    cv_ratio(term, term, by, CV_UP);
    mpz_addmul_ui(out, term, times);
    mpz_clear(term);
}

/* The pair i < j. */
static void add_pair(const mpz_t *k, const mpz_t *p, size_t n, size_t i, size_t j,
                     const mpz_t trace, size_t resolved, pair_sums *sums)
{
    const size_t ii = i * n + i, jj = j * n + j, ij = i * n + j;
    mpz_t kk, by, e, part;
    mpz_inits(kk, by, e, part, NULL);
    mpz_mul(kk, k[ii], k[jj]);
    add_square(sums->f, k[ij], kk, 2);
    mpz_mul(by, trace, trace);
    mpz_mul(by, by, kk);
    add_square(sums->o, p[ij], by, 2);
    if (j < resolved) {
        mpz_mul(e, p[ii], k[jj]);
        mpz_addmul(e, p[jj], k[ii]);
        mpz_mul(e, e, k[ij]);
        mpz_mul(part, p[ij], kk);
        mpz_mul_2exp(part, part, 1);
        mpz_sub(e, part, e); /* E_ij */
        mpz_mul(by, by, kk);
        mpz_mul(by, by, kk);
        mpz_mul_2exp(by, by, 2); /* 4 T^2 (K_ii K_jj)^3 */
        add_square(sums->column[i], e, by, 1);
        add_square(sums->column[j], e, by, 1);
    }
    mpz_clears(kk, by, e, part, NULL);
}

/* shift = phi omega + beta (phi^2/4 + 2 z + z phi + z^2), z = (3/8) phi^2 / (1 - phi); all up. */
static void second_order(mpz_t shift, const mpz_t phi, const mpz_t omega, const mpz_t beta)
{
    mpz_t square, z, sum, part;
    mpz_inits(square, z, sum, part, NULL);
    cv_multiply(square, phi, phi, CV_UP);
    mpz_setbit(part, CV_BITS);
    mpz_sub(part, part, phi); /* 1 - phi, exact */
    mpz_mul_ui(z, square, 3);
    mpz_cdiv_q_2exp(z, z, 3);
    cv_ratio(z, z, part, CV_UP);
    mpz_cdiv_q_2exp(sum, square, 2);
    mpz_addmul_ui(sum, z, 2);
    cv_multiply(part, z, phi, CV_UP);
    mpz_add(sum, sum, part);
    cv_multiply(part, z, z, CV_UP);
    mpz_add(sum, sum, part);
    cv_multiply(sum, sum, beta, CV_UP);
    cv_multiply(part, phi, omega, CV_UP);
    mpz_add(shift, sum, part);
    mpz_clears(square, z, sum, part, NULL);
}

/* d_j of every vector, the largest of them (beta, so far) and the sum of those of the tail. */
static void quotients(const mpz_t *k, const mpz_t *p, size_t n, const mpz_t trace,
                      cv_bounds *bounds, mpz_t beta)
{
    mpz_t by, d;
    mpz_inits(by, d, NULL);
    for (size_t j = 0; j < n; j++) {
        const size_t jj = j * n + j;
        mpz_mul(by, k[jj], trace);
        cv_ratio(d, p[jj], by, CV_UP);
        if (mpz_cmp(d, beta) > 0)
            mpz_set(beta, d);
        if (j < bounds->resolved) {
            mpz_set(bounds->d_high[j], d);
            cv_ratio(bounds->d_low[j], p[jj], by, CV_DOWN);
        } else {
            mpz_add(bounds->tail, bounds->tail, d);
        }
    }
    mpz_clears(by, d, NULL);
}

/* The tail is sum of C_ii <= sum of d_i + sqrt(k) shift, k vectors (Cauchy and Schwarz). */
static void widen_tail(cv_bounds *bounds, size_t k)
{
    mpz_t root;
    mpz_init_set_ui(root, k);
    cv_integer(root, root);
    cv_sqrt_up(root, root);
    cv_multiply(root, root, bounds->shift, CV_UP);
    mpz_add(bounds->tail, bounds->tail, root);
    mpz_clear(root);
}

/* Theorem B from K and P. */
static bool bounds_of(const mpz_t *k, const mpz_t *p, size_t n, const mpz_t trace,
                      cv_bounds *bounds, char message[CV_MESSAGE])
{
    pair_sums sums = {.column = bounds->column};
    mpz_t beta, ten;
    mpz_inits(sums.f, sums.o, beta, ten, NULL);
    bool good = check_diagonal(k, p, n, trace, message);
    for (size_t i = 0; good && i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            add_pair(k, p, n, i, j, trace, bounds->resolved, &sums);
    cv_sqrt_up(sums.f, sums.f);
    cv_sqrt_up(sums.o, sums.o);
    mpz_mul_ui(ten, sums.f, 10);
    if (good && mpz_sizeinbase(ten, 2) > CV_BITS) { /* !(10 phi < 1) */
        snprintf(message, CV_MESSAGE,
                 "the vectors are not nearly orthogonal (phi is not below 1/10)");
        good = false;
    }
    if (good) {
        quotients(k, p, n, trace, bounds, beta);
        mpz_add(beta, beta, sums.o);
        second_order(bounds->shift, sums.f, sums.o, beta);
        for (size_t j = 0; j < bounds->resolved; j++)
            cv_sqrt_up(bounds->column[j], bounds->column[j]);
        widen_tail(bounds, n - bounds->resolved);
    }
    mpz_clears(sums.f, sums.o, beta, ten, NULL);
    return good;
}

bool cv_block_bounds(const cv_block *block, const mpz_t trace, cv_bounds *bounds,
                     char message[CV_MESSAGE])
{
    const size_t n = block->size, squared = n * n;
    mpz_t *k = cv_numbers(squared), *p = cv_numbers(squared), *z = cv_numbers(squared),
          *u = cv_numbers(squared);
    *bounds = (cv_bounds){.resolved = block->resolved,
                          .d_low = cv_numbers(block->resolved),
                          .d_high = cv_numbers(block->resolved),
                          .column = cv_numbers(block->resolved)};
    mpz_inits(bounds->shift, bounds->tail, NULL);
    bool good = k && p && z && u && bounds->d_low && bounds->d_high && bounds->column;
    if (!good) {
        snprintf(message, CV_MESSAGE, "out of memory");
    } else {
        products(block, k, p, z, u);
        good = bounds_of(k, p, n, trace, bounds, message);
    }
    cv_numbers_free(k, squared);
    cv_numbers_free(p, squared);
    cv_numbers_free(z, squared);
    cv_numbers_free(u, squared);
    return good;
}

void cv_bounds_free(cv_bounds *bounds)
{
    cv_numbers_free(bounds->d_low, bounds->resolved);
    cv_numbers_free(bounds->d_high, bounds->resolved);
    cv_numbers_free(bounds->column, bounds->resolved);
    mpz_clears(bounds->shift, bounds->tail, NULL);
}

void cv_block_trace(const cv_block *block, mpz_t sum)
{
    mpz_t part;
    mpz_init(part);
    for (size_t i = 0; i < block->size; i++)
        mpz_addmul(part, block->multiplicity[i], block->gram[i * block->size + i]);
    mpz_addmul(sum, part, block->repeat);
    mpz_clear(part);
}

void cv_block_purity(const cv_block *block, mpz_t sum)
{
    const size_t n = block->size;
    mpz_t part, entry;
    mpz_inits(part, entry, NULL);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            mpz_mul(entry, block->gram[i * n + j], block->gram[i * n + j]);
            mpz_mul(entry, entry, block->multiplicity[i]);
            mpz_addmul(part, entry, block->multiplicity[j]);
        }
    mpz_addmul(sum, part, block->repeat);
    mpz_clears(part, entry, NULL);
}
