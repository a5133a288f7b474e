/* SPDX-License-Identifier: Apache-2.0 */
/* A function known as a sum of product states: no image is looked at. */
#include <stdlib.h>

#include "engine/cut/needs.h"
#include "engine/solver/product_bracket.h"
#include "engine/solver/product_cut.h"
#include "engine/solver/product_refine.h"
#include "engine/function/function.h"
#include "engine/state/function_make.h"
#include "problem/problem.h"

static int compare_images(const void *a, const void *b, void *words)
{
    const uint64_t *x = a, *y = b;
    for (size_t w = *(const size_t *)words; w-- > 0;)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

/* Integers instead of numbers: one label-1 image a term, bits pixels a site. */
static cutropy_status list_levels(const ct_products *p, ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_function *f = NULL;
    CT_NEW_ZERO(f, 1);
    out->levels = f;
    *f = (ct_function){.lattice = out->lattice,
                       .pixels = (p->sites + ct_products_copies(p)) * p->bits,
                       .kind = CUTROPY_KIND_LABEL,
                       .storage = CT_SUPPORT,
                       .value = {0, 1},
                       .ones = (uint64_t)p->terms};
    CT_TRY(ct_products_images(p, p->bits, &f->images, &f->words));
    qsort_r(f->images, (size_t)p->terms, f->words * sizeof *f->images, compare_images, &f->words);
    out->value[1] = 1;
    out->ones = f->ones;
    out->norm_exact = f->norm_exact = f->ones;
    out->norm = f->norm = (double)f->ones;
done:
    return status;
}

static cutropy_status check_memory(const ct_products *p, int largest, uint64_t memory_limit)
{
    const uint64_t whole = ct_product_cut_bytes(p), few = ct_product_bracket_bytes(p, largest);
    if ((largest ? few : whole) <= memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "a cut of %lld terms needs %s but %s may be used (--memory raises the limit%s)",
                   (long long)p->terms, CT_BYTES(largest ? few : whole), CT_BYTES(memory_limit),
                   largest ? "" : "; --bracket K gives a bracket of S in less");
}

cutropy_status ct_function_products(const cutropy_problem *problem, const ct_operations *operations,
                                    int threads, uint64_t memory_limit, int largest,
                                    ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = problem->products;
    *out = ct_function_of(problem);
    out->storage = p->bits ? CT_LEVELS : CT_PRODUCTS;
    out->exponent = p->exponent;
    out->checksum = p->checksum;
    if (p->bits) {
        CT_TRY(list_levels(p, out));
        goto done;
    }
    CT_TRY(check_memory(p, largest, memory_limit));
    CT_TRY(ct_product_norm(p, operations, threads, &out->norm, &out->norm_error));
    CT_TRY(ct_refiner_open(p, &out->refiner));
    CT_TRY(ct_refine_norm(out->refiner, memory_limit, threads, &out->norm, &out->norm_error));
    if (!(out->norm > 4 * out->norm_error))
        status =
            ct_fail(CUTROPY_ENUMERIC,
                    "<psi|psi> is %.3g, and its error may reach %.3g: the terms nearly cancel%s",
                    out->norm, out->norm_error,
                    ct_product_fine_bytes(p) > (double)memory_limit
                        ? "; with more memory (--memory) they count in twice the precision"
                        : "");
done:
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
