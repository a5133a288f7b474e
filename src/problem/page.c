/* SPDX-License-Identifier: Apache-2.0 */
/* Haar-random state: independent normal amplitudes. */
#include "problem/amplitude.h"
#include "problem/types.h"

typedef struct page {
    uint64_t seed;
} page;

static cutropy_status fill_real(const cutropy_problem *problem, uint64_t first, size_t count,
                                void *out)
{
    const page *d = problem->data;
    ct_random_normals(d->seed, first, count, out);
    return CUTROPY_OK;
}

static cutropy_status fill_complex(const cutropy_problem *problem, uint64_t first, size_t count,
                                   void *out)
{
    const page *d = problem->data;
    ct_random_normals(d->seed, 2 * first, 2 * count, out);
    return CUTROPY_OK;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    page *d = NULL;
    bool complex = ct_arg_int(args, "complex") != 0;

    CT_TRY(ct_label_index(problem, "page"));
    CT_NEW(d, 1);
    problem->data = d;
    d->seed = ct_arg_seed(args, "seed");
    problem->kind = complex ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    problem->fill_values = complex ? fill_complex : fill_real;
done:
    return status;
}

static const ct_param params[] = {
    {"complex", CT_PARAM_INT, "0", 0, 1, NULL, "1: complex amplitudes"},
    {"seed", CT_PARAM_SEED, "0", 0, 0, NULL, "stream of the amplitudes"},
    {0},
};

const ct_problem_type ct_problem_page = {
    .name = "page",
    .summary = "Haar-random state (up to its norm): independent normal amplitudes",
    .definition = "f(s) = normal(s), s read as an integer with pixel 0 as bit 0; with complex=1 "
                  "f(s) = normal(2s) + i normal(2s+1). " CT_NORMAL_TEXT,
    .source = "D. N. Page, Phys. Rev. Lett. 71, 1291 (1993)",
    .known = "complex=1, dimensions m <= n: mean entropy sum_{k=n+1}^{mn} 1/k - (m-1)/(2n) nats",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
