/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: lists of values as text. */
#include <cutropy/state.h>

#include "fuzz.h"
#include "problem/create.h"
#include "problem/sparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ct_sparse_how how = {.path = "fuzz", .msb = size % 2, .local = 2};
    static const char *const lattices[] = {"chain:6", "chain:40", "chain:70"};
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    ct_images list = {0};
    FUZZ_CHECK(!cutropy_lattice_parse(lattices[size % 3], &lattice));
    FUZZ_CHECK(!ct_problem_new(lattice, &problem));
    (void)ct_sparse_is_csv(data, size);
    if (!ct_sparse_from_csv(data, size, &how, problem) && problem->list_images) {
        FUZZ_CHECK(!problem->list_images(problem, &list) && list.count);
        for (size_t i = lattice->words - 1; i < list.count * lattice->words; i += lattice->words)
            FUZZ_CHECK(list.words[i] >> ((lattice->pixels - 1) % 64) <= 1);
        FUZZ_CHECK(!list.values == (problem->kind == CUTROPY_KIND_LABEL));
    }
    ct_free(list.words);
    ct_free(list.values);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return 0;
}
