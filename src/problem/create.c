/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a problem, and what it tells of itself. */
#include "problem/create.h"

#include <stdarg.h>
#include <stdio.h>

#include "lattice/lattice.h"
#include "problem/products.h"

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

const char *cutropy_problem_note(const cutropy_problem *problem)
{
    return problem->note;
}

cutropy_status ct_problem_note(cutropy_problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *note = length < 0 ? NULL : ct_alloc((size_t)length + 1, 1);
    if (!note)
        return ct_fail_memory("how a file was read", 0);
    va_start(arguments, format);
    vsnprintf(note, (size_t)length + 1, format, arguments);
    va_end(arguments);
    ct_free(problem->note);
    problem->note = note;
    return CUTROPY_OK;
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
    ct_products_free(problem->products);
    ct_free(problem->body_data);
    ct_free(problem->text);
    ct_free(problem->reads);
    ct_free(problem->note);
    cutropy_lattice_free(problem->lattice);
    ct_free(problem);
}
