/* SPDX-License-Identifier: Apache-2.0 */
/* backend/cuda/libraries.c over the fake cuBLAS and cuSOLVER: arguments, chunks, work space, every
 * failing call. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../check_main.h"

#include "backend/cuda/libraries.h"
#include "base/base.h"
#include "fake.h"

static void *device_copy(const void *host, size_t bytes)
{
    void *memory = NULL;
    ck_assert_int_eq(cudaMalloc(&memory, bytes), cudaSuccess);
    if (host)
        ck_assert_int_eq(cudaMemcpy(memory, host, bytes, cudaMemcpyHostToDevice), cudaSuccess);
    return memory;
}

static void fetch(void *host, const void *device, size_t bytes)
{
    ck_assert_int_eq(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost), cudaSuccess);
}

/* Small integers: products are exact. */
static double number(int64_t i)
{
    return (double)(int)(ct_random(5, (uint64_t)i) % 15) - 7;
}

/* Column-major lower triangle of q q^T or of the conjugate of q q^H; full: everything. */
static void check_gram(int parts, int64_t n, int64_t k, const double *q, const double *h, bool full)
{
    for (int64_t c = 0; c < n; c++)
        for (int64_t r = full ? 0 : c; r < n; r++) {
            double re = 0, im = 0;
            for (int64_t l = 0; l < k; l++) {
                const double *x = q + (r * k + l) * parts, *y = q + (c * k + l) * parts;
                re += x[0] * y[0];
                if (parts == 2) {
                    re += x[1] * y[1];
                    im += x[0] * y[1] - x[1] * y[0]; /* conj(x) y */
                }
            }
            ck_assert_double_eq(h[(c * n + r) * parts], re);
            if (parts == 2)
                ck_assert_double_eq(h[(c * n + r) * parts + 1], im);
        }
}

START_TEST(gram_matrices)
{
    static double q[3 * 33 * 40 * 2], h[3 * 33 * 33 * 2];
    const int64_t n[] = {1, 2, 7, 33}, k[] = {1, 5, 40};
    ct_libraries *libraries = NULL;
    for (int64_t i = 0; i < 3 * 33 * 40 * 2; i++)
        q[i] = number(i);
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    ck_assert_int_eq(ct_fake_live(0), 1); /* cuBLAS alone */
    for (int parts = 1; parts <= 2; parts++)
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 3; j++) {
                const size_t in = (size_t)(n[i] * k[j] * parts),
                             out = (size_t)(n[i] * n[i] * parts);
                double *dq = device_copy(q, 3 * in * 8), *dh = device_copy(NULL, 3 * out * 8);
                ck_assert_int_eq(ct_libraries_gram(libraries, parts, n[i], k[j], dq, dh),
                                 CUTROPY_OK);
                fetch(h, dh, out * 8);
                check_gram(parts, n[i], k[j], q, h, false);
                ck_assert_int_eq(ct_libraries_gram_batch(libraries, parts, n[i], k[j], 3, dq, dh),
                                 CUTROPY_OK);
                fetch(h, dh, 3 * out * 8);
                for (size_t b = 0; b < 3; b++)
                    check_gram(parts, n[i], k[j], q + b * in, h + b * out, true);
                ck_assert_int_eq(cudaFree(dq), cudaSuccess);
                ck_assert_int_eq(cudaFree(dh), cudaSuccess);
            }
    ct_libraries_close(libraries);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(products)
{
    static double a[9 * 7 * 2], b[5 * 7 * 2], c[9 * 5 * 2];
    ct_libraries *libraries = NULL;
    for (int i = 0; i < 9 * 7 * 2; i++)
        a[i] = number(i);
    for (int i = 0; i < 5 * 7 * 2; i++)
        b[i] = number(1000 + i);
    void *da = device_copy(a, sizeof a), *db = device_copy(b, sizeof b),
         *dc = device_copy(NULL, sizeof c);
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    for (int parts = 1; parts <= 2; parts++) {
        ck_assert_int_eq(ct_libraries_multiply(libraries, parts, 9, 5, 7, da, db, dc), CUTROPY_OK);
        fetch(c, dc, sizeof c);
        for (int i = 0; i < 9; i++)
            for (int j = 0; j < 5; j++) {
                double re = 0, im = 0;
                for (int k = 0; k < 7; k++) {
                    const double *x = a + (i * 7 + k) * parts, *y = b + (j * 7 + k) * parts;
                    re += x[0] * y[0] - (parts == 2 ? x[1] * y[1] : 0);
                    im += parts == 2 ? x[0] * y[1] + x[1] * y[0] : 0;
                }
                const double *found = c + (i * 5 + j) * parts;
                ck_assert(found[0] == re && (parts == 1 || found[1] == im));
            }
    }
    ck_assert_int_eq(ct_libraries_multiply(libraries, 1, INT64_C(1) << 31, 1, 1, da, db, dc),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cudaFree(da), cudaSuccess);
    ck_assert_int_eq(cudaFree(db), cudaSuccess);
    ck_assert_int_eq(cudaFree(dc), cudaSuccess);
    ct_libraries_close(libraries);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

/* c I + u u^H with |u_i| = 1: eigenvalues c (n - 1 times) and c + n. The upper triangle is not a
 * number: nobody may read it. */
static void fill_matrix(double *a, int64_t n, int parts, double c)
{
    for (int64_t col = 0; col < n; col++)
        for (int64_t row = 0; row < n; row++) {
            double *x = a + (col * n + row) * parts;
            x[0] = row < col ? NAN : row == col ? c + 1 : 1;
            if (parts == 2) { /* u_i = i^row */
                static const double cosine[] = {1, 0, -1, 0}, sine[] = {0, 1, 0, -1};
                const int64_t turn = ((row - col) % 4 + 4) % 4;
                x[0] = row < col ? NAN : row == col ? c + 1 : cosine[turn];
                x[1] = row < col ? NAN : sine[turn];
            }
        }
}

/* Solves `count` matrices with c = i % 10; the number of matrices that reported info. */
static int64_t solve(ct_libraries *libraries, int64_t n, int64_t count, int parts)
{
    const size_t entries = (size_t)(n * n * count * parts);
    double *a = ct_alloc(entries, 8), *values = ct_alloc((size_t)(n * count), 8);
    int32_t *info = ct_alloc((size_t)count, 4);
    int64_t bad = 0;
    ct_eigen_space space;
    for (int64_t i = 0; i < count; i++)
        fill_matrix(a + i * n * n * parts, n, parts, (double)(i % 10));
    ck_assert_int_eq(ct_libraries_eigen_space(libraries, n, count, parts, &space), CUTROPY_OK);
    void *da = device_copy(a, entries * 8), *dv = device_copy(NULL, (size_t)(n * count) * 8),
         *di = device_copy(NULL, (size_t)count * 4), *work = device_copy(NULL, space.device_bytes);
    ck_assert_int_eq(ct_libraries_eigenvalues(libraries, n, count, parts, da, dv, di, work, &space),
                     CUTROPY_OK);
    fetch(values, dv, (size_t)(n * count) * 8);
    fetch(info, di, (size_t)count * 4);
    for (int64_t i = 0; i < count; i++) {
        bad += info[i] != 0;
        for (int64_t j = 0; j < n; j++)
            ck_assert_double_eq_tol(values[i * n + j],
                                    (double)(i % 10) + (j == n - 1 ? (double)n : 0),
                                    1e-12 * (double)n);
    }
    ck_assert_int_eq(cudaFree(da), cudaSuccess);
    ck_assert_int_eq(cudaFree(dv), cudaSuccess);
    ck_assert_int_eq(cudaFree(di), cudaSuccess);
    ck_assert_int_eq(cudaFree(work), cudaSuccess);
    ct_free(a);
    ct_free(values);
    ct_free(info);
    return bad;
}

START_TEST(eigenvalues)
{
    ct_libraries *libraries = NULL;
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    for (int parts = 1; parts <= 2; parts++) {
        ck_assert_int_eq(solve(libraries, 2, 40000, parts), 0); /* two chunks */
        ck_assert_int_eq(solve(libraries, 1, 7, parts), 0);
        ck_assert_int_eq(solve(libraries, 33, 20, parts), 0);
        ck_assert_int_eq(solve(libraries, 100, 1, parts), 0);
    }
    ct_libraries_close(libraries);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(large_matrices)
{
    ct_libraries *libraries = NULL;
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    for (int parts = 1; parts <= 2; parts++) {
        ck_assert_int_eq(solve(libraries, CT_LIBRARIES_LARGE, 1, parts), 0);
        ck_assert_int_eq(solve(libraries, CT_LIBRARIES_WIDE, 1, parts), 0);
    }
    ct_libraries_close(libraries);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

/* Its batches are not trusted: one matrix after the other, the same values. */
START_TEST(old_solver)
{
    ct_libraries *libraries = NULL;
    ct_fake_solver_version(11702);
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    for (int parts = 1; parts <= 2; parts++) {
        ck_assert_int_eq(solve(libraries, 33, 20, parts), 0);
        ck_assert_int_eq(solve(libraries, CT_LIBRARIES_LARGE, 1, parts), 0);
    }
    ct_libraries_close(libraries);
    ct_fake_solver_version(12000);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(limits)
{
    for (int64_t n = 1; n < 60000; n += 1 + n / 3) {
        const int64_t most = ct_libraries_most(n);
        ck_assert_int_ge(most, 1);
        ck_assert_int_le(most, 32768);
        if (most > 1)
            ck_assert_int_lt(n * n * most, INT64_C(1) << 31);
        if (most < 32768)
            ck_assert_int_ge(n * n * (most + 1), INT64_C(1) << 31);
    }
}
END_TEST

START_TEST(info_is_passed_on)
{
    ct_libraries *libraries = NULL;
    ck_assert_int_eq(ct_libraries_open(0, NULL, &libraries), CUTROPY_OK);
    ct_fake_fail_info(0, 3, 5);
    ck_assert_int_eq(solve(libraries, 5, 10, 1), 1);
    ct_fake_fail_info(1, 0, 2); /* of the second chunk */
    ck_assert_int_eq(solve(libraries, 2, 40000, 1), 1);
    ct_fake_fail_info(0, 0, 1);
    ck_assert_int_eq(solve(libraries, CT_LIBRARIES_LARGE, 1, 1), 1);
    ct_fake_fail_info(-1, 0, 0);
    ct_libraries_close(libraries);
}
END_TEST

/* Everything once; device memory is the caller's. */
static cutropy_status all_calls(int parts, int64_t large, double *a, double *values, int32_t *info,
                                void *work)
{
    cutropy_status status = CUTROPY_OK;
    ct_libraries *libraries = NULL;
    ct_eigen_space space;
    CT_TRY(ct_libraries_open(0, NULL, &libraries));
    CT_TRY(ct_libraries_gram(libraries, parts, 3, 4, values, a));
    CT_TRY(ct_libraries_gram_batch(libraries, parts, 3, 4, 2, values, a));
    CT_TRY(ct_libraries_eigen_space(libraries, 3, 2, parts, &space));
    CT_TRY(ct_libraries_eigenvalues(libraries, 3, 2, parts, a, values, info, work, &space));
    CT_TRY(ct_libraries_eigen_space(libraries, large, 1, parts, &space));
    CT_TRY(ct_libraries_eigenvalues(libraries, large, 1, parts, a, values, info, work, &space));
done:
    ct_libraries_close(libraries);
    return status;
}

START_TEST(every_call_fails_once)
{
    const size_t entries = (size_t)CT_LIBRARIES_WIDE * CT_LIBRARIES_WIDE * 2;
    double *zero = ct_calloc(entries, 8);
    double *a = device_copy(zero, entries * 8), *values = device_copy(zero, 1 << 16);
    int32_t *info = device_copy(NULL, 64);
    void *work = device_copy(NULL, 1 << 20);
    const int live = ct_fake_live(0);
    for (int variant = 0; variant < 4; variant++)
        for (long k = 0;; k++) {
            ct_fake_fail(k, 0);
            const cutropy_status status =
                all_calls(variant % 2 + 1, variant / 2 ? CT_LIBRARIES_WIDE : CT_LIBRARIES_LARGE, a,
                          values, info, work);
            const char *failed = ct_fake_failed();
            ck_assert_int_eq(ct_fake_live(0), live);
            if (!failed) {
                ck_assert_int_eq(status, CUTROPY_OK);
                ck_assert_int_gt(k, 12);
                break;
            }
            if (strstr(failed, "Destroy")) {
                ck_assert_int_eq(status, CUTROPY_OK);
                continue;
            }
            if (status == CUTROPY_OK) /* the wait before the host's work space is freed */
                ck_assert_str_eq(failed, "cudaStreamSynchronize");
            else
                ck_assert_int_eq(status,
                                 strstr(failed, "Create") ? CUTROPY_EMEMORY : CUTROPY_EDEVICE);
            if (status != CUTROPY_OK)
                ck_assert_msg(strstr(cutropy_error(), "device 0: ") != NULL, "%s", cutropy_error());
        }
    ck_assert_int_eq(cudaFree(a), cudaSuccess);
    ck_assert_int_eq(cudaFree(values), cudaSuccess);
    ck_assert_int_eq(cudaFree(info), cudaSuccess);
    ck_assert_int_eq(cudaFree(work), cudaSuccess);
    ct_free(zero);
}
END_TEST

CHECK_MAIN("cuda_libraries", gram_matrices, products, eigenvalues, large_matrices, old_solver,
           limits, info_is_passed_on, every_call_fails_once)
