/* SPDX-License-Identifier: Apache-2.0 */
/* A function known as a sum of product states: no image is looked at. */
#include "engine/function.h"
#include "engine/memory_limit.h"
#include "engine/plan.h"
#include "engine/product_cut.h"
#include "problem/problem.h"

cutropy_status ct_function_products(const cutropy_problem *problem, const ct_operations *operations,
                                    int threads, uint64_t memory_limit, ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = problem->products;
    *out = (ct_function){.lattice = problem->lattice,
                         .pixels = problem->lattice->pixels,
                         .words = problem->lattice->words,
                         .kind = problem->kind,
                         .storage = CT_PRODUCTS,
                         .products = p,
                         .exponent = p->exponent,
                         .checksum = p->checksum,
                         .ones = (uint64_t)p->terms};
    CT_TRY(ct_workspace_check(out, ct_product_cut_bytes(p), memory_limit));
    CT_TRY(ct_product_norm(p, operations, threads, &out->norm, &out->products_error));
    if (!(out->norm > 4 * out->products_error))
        status = ct_fail(CUTROPY_EINPUT,
                         "the terms cancel: <psi|psi> is %.3g, and rounding reaches %.3g",
                         out->norm, out->products_error);
done:
    return status;
}
