/* SPDX-License-Identifier: Apache-2.0 */
/* Problems from a function of the caller that answers for many images at a time and may fail. */
#include "problem/from_user.h"

#define BATCH_LABELS                                                                               \
    4096 /* images of one question about labels, a byte each: they lie on the stack */

typedef struct batch_function {
    cutropy_fill *fill;
    void *user;
} batch_function;

static cutropy_status ask(const cutropy_problem *problem, uint64_t first, size_t count, void *out)
{
    const batch_function *function = problem->data;
    const cutropy_status status = function->fill(first, count, out, function->user);
    return status ? ct_fail(status, "%s: the function failed with status %d at images %llu to %llu",
                            problem->text, (int)status, (unsigned long long)first,
                            (unsigned long long)(first + count - 1))
                  : CUTROPY_OK;
}

static cutropy_status pack(const cutropy_problem *problem, uint64_t first, const uint8_t *labels,
                           size_t count, uint64_t *out)
{
    for (size_t k = 0; k < count; k++) {
        if (labels[k] > 1)
            return ct_fail(CUTROPY_EINPUT, "%s: label %d of image %llu is neither 0 nor 1",
                           problem->text, labels[k], (unsigned long long)(first + k));
        if (k % 64 == 0)
            out[k / 64] = 0;
        out[k / 64] |= (uint64_t)labels[k] << (k % 64);
    }
    return CUTROPY_OK;
}

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t images = UINT64_C(1) << problem->lattice->pixels;
    uint8_t labels[BATCH_LABELS];
    for (size_t done = 0; done < words; done += BATCH_LABELS / 64) {
        const uint64_t first = 64 * (first_word + done), rest = images - first;
        size_t count = 64 * (words - done);
        count = count < BATCH_LABELS ? count : BATCH_LABELS;
        count = count < rest ? count : rest;
        CT_TRY(ask(problem, first, count, labels));
        CT_TRY(pack(problem, first, labels, count, out + done));
    }
done:
    return status;
}

static cutropy_status fill_values(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out)
{
    cutropy_status status = CUTROPY_OK;
    bool zero;
    CT_TRY(ask(problem, first, count, out));
    if (problem->kind != CUTROPY_KIND_INTEGER)
        CT_TRY(ct_user_reals_check(problem->text, out, first, count,
                                   problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1, &zero));
done:
    return status;
}

cutropy_status cutropy_problem_from_function(const char *name, const cutropy_lattice *lattice,
                                             cutropy_kind kind, cutropy_fill *fill, void *user,
                                             cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    batch_function *function = NULL;
    *out = NULL;
    CT_TRY(ct_user_problem_start(name, lattice, fill != NULL, "function", &problem));
    CT_TRY(ct_user_kind_check(name, kind));
    CT_NEW(function, 1);
    *function = (batch_function){fill, user};
    problem->data = function;
    problem->kind = kind;
    if (kind == CUTROPY_KIND_LABEL)
        problem->fill_labels = fill_labels;
    else
        problem->fill_values = fill_values;
done:
    return ct_user_problem_finish(status, problem, out);
}
