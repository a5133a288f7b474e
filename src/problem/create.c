/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a problem, and what it tells of itself. */
#include "problem/create.h"

#include "lattice/lattice.h"

const cutropy_lattice *cutropy_problem_lattice(const cutropy_problem *problem)
{
    return problem->lattice;
}

cutropy_kind cutropy_problem_kind(const cutropy_problem *problem)
{
    return problem->kind;
}

const char *cutropy_problem_text(const cutropy_problem *problem)
{
    return problem->text;
}

cutropy_status ct_problem_new(const cutropy_lattice *lattice, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    *out = NULL;
    CT_NEW_ZERO(problem, 1);
    problem->kind = CUTROPY_KIND_LABEL;
    if (lattice)
        CT_TRY(ct_lattice_copy(lattice, &problem->lattice));
    *out = problem;
    problem = NULL;
done:
    cutropy_problem_free(problem);
    return status;
}

void cutropy_problem_free(cutropy_problem *problem)
{
    if (!problem)
        return;
    if (problem->data)
        (problem->free_data ? problem->free_data : ct_free)(problem->data);
    ct_free(problem->body_data);
    ct_free(problem->text);
    ct_free(problem->reads);
    cutropy_lattice_free(problem->lattice);
    ct_free(problem);
}
