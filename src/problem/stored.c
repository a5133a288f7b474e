/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/stored.h"

#include <string.h>

static const void *values_of(const cutropy_problem *problem)
{
    return problem->values ? problem->values : problem->data;
}

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    memcpy(out, (const uint64_t *)values_of(problem) + first_word, words * sizeof *out);
    return CUTROPY_OK;
}

static cutropy_status fill_values(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out)
{
    const size_t size = ct_value_bytes(problem->kind);
    memcpy(out, (const char *)values_of(problem) + first * size, count * size);
    return CUTROPY_OK;
}

static void serve_values(cutropy_problem *problem)
{
    if (problem->kind == CUTROPY_KIND_LABEL)
        problem->fill_labels = fill_labels;
    else
        problem->fill_values = fill_values;
}

void ct_store_values(cutropy_problem *problem, void *values)
{
    problem->data = values;
    serve_values(problem);
}

void ct_borrow_values(cutropy_problem *problem, const void *values)
{
    problem->values = values;
    serve_values(problem);
}

static cutropy_status list_images(const cutropy_problem *problem, ct_images *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_images *stored = problem->data;
    const size_t words = stored->count * problem->lattice->words;
    *out = (ct_images){.count = stored->count};
    CT_NEW(out->words, words);
    memcpy(out->words, stored->words, words * sizeof *out->words);
done:
    return status;
}

static void free_images(void *data)
{
    ct_images *images = data;
    ct_free(images->words);
    ct_free(images);
}

cutropy_status ct_store_images(cutropy_problem *problem, uint64_t **images, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    ct_images *stored = NULL;
    CT_NEW_ZERO(stored, 1);
    *stored = (ct_images){.words = *images, .count = count};
    *images = NULL;
    problem->data = stored;
    problem->free_data = free_images;
    problem->list_images = list_images;
done:
    return status;
}
