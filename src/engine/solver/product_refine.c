/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/product_refine.h"

#include <math.h>

#include "engine/solver/product_half.h"

#define LITTLE 0x1p-10 /* a bound beyond this part of <psi|psi> leaves next to no digit of S */

cutropy_status ct_refine_norm(ct_refiner *r, uint64_t memory_limit, int threads, double *norm,
                              double *error)
{
    if (*error <= CT_WIDE * *norm || ct_product_fine_bytes(r->p) > (double)memory_limit)
        return CUTROPY_OK;
    const ct_product_fine *fine;
    const cutropy_status status = ct_refiner_numbers(r, threads, &fine);
    return status != CUTROPY_OK ? status : ct_product_fine_norm(fine, threads, norm, error);
}

/* Twice the eigenvalues of a complex matrix, in pairs: the means of pairs are off by half as much. */
static cutropy_status find_pairs(const ct_operations *operations, const ct_watch *watch,
                                 int threads, ct_bounded_matrix *rho)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = rho->n, half = (n + 1) / 2;
    double *all = NULL, *values = NULL;
    CT_NEW_ZERO(all, 2 * half); /* an odd one has a 0 beside it */
    CT_NEW(values, half);
    const ct_eigen_job job = {.n = n, .a = rho->number, .values = all + 2 * half - n};
    CT_TRY(operations->eigenvalues(1, &job, watch, threads));
    for (int64_t i = 0; i < half; i++)
        values[i] = (all[2 * i] + all[2 * i + 1]) / 2;
    ct_free(rho->number);
    *rho = (ct_bounded_matrix){.n = half,
                               .is_complex = true,
                               .values = values,
                               .trace = rho->trace / 2,
                               .square = rho->square / 2,
                               .error = rho->error / 2};
    values = NULL;
done:
    ct_free(all);
    ct_free(values);
    return status;
}

cutropy_status ct_refine_cut(ct_refiner *r, const ct_operations *operations, uint64_t memory_limit,
                             const ct_watch *watch, bool proved, int threads, ct_product_cut *cut)
{
    cutropy_status status = CUTROPY_OK;
    ct_bounded_matrix *rho = &cut->rho;
    const double bytes = ct_product_fine_bytes(r->p);
    const ct_product_fine *numbers;
    ct_fine_cut fine = {0};
    char needs[24], limit[24];
    if (rho->error <= CT_WIDE * rho->trace)
        return CUTROPY_OK;
    if (bytes > (double)memory_limit)
        return rho->error <= LITTLE * rho->trace
                   ? CUTROPY_OK
                   : ct_fail(CUTROPY_EMEMORY,
                             "the terms nearly cancel: a cut needs %s but %s may be used (--memory "
                             "raises the limit)",
                             ct_bytes_format((uint64_t)bytes, needs),
                             ct_bytes_format(memory_limit, limit));
    CT_TRY(ct_refiner_numbers(r, threads, &numbers));
    CT_TRY(ct_product_fine_cut(numbers, cut->side, false, threads, &fine));
    ct_free(rho->number);
    ct_free(rho->values);
    *rho = (ct_bounded_matrix){.n = fine.n, .number = fine.h.high, .error = fine.error};
    fine.h.high = NULL;
    ct_matrix_measure(rho);
    rho->error += 1.01 * CT_UNIT_ROUNDING * sqrt((double)fine.n * rho->square); /* to doubles */
    /* where the error is larger still the answer is refused in any case */
    if (!proved && rho->error > LITTLE * rho->trace && rho->error < rho->trace / 8)
        CT_TRY(ct_fail(CUTROPY_ENUMERIC,
                       "the terms nearly cancel, to the last digits of twice the working precision "
                       "(--certify may prove this cut)"));
    if (fine.copies == 2)
        CT_TRY(find_pairs(operations, watch, threads, rho));
done:
    ct_fine_cut_free(&fine);
    return status;
}
