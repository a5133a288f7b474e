/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes cutropy_problem_parse; the first byte chooses the lattice. The canonical text means the
 * same problem. */
#include "fuzz.h"

#include <cutropy/problem.h>

static const char *const lattices[] = {
    NULL, "3x2", "2x2:torus", "chain:5", "links:2x2", "links:2x2:torus", "8x8", "chain:6:ring"};

/* A slash belongs to a path, except in the value of a parameter other than path. */
static int may_open_files(const char *text)
{
    return strstr(text, "path") || memchr(text, '/', strcspn(text, ":"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *lattice_text = lattices[data[0] % (sizeof lattices / sizeof *lattices)];
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL, *again = NULL;
    if (lattice_text)
        FUZZ_CHECK(cutropy_lattice_parse(lattice_text, &lattice) == CUTROPY_OK);
    char *text = fuzz_text(data + 1, size - 1);
    if (may_open_files(text)) {
    } else if (cutropy_problem_parse(text, lattice, &problem) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(problem);
    } else {
        const char *canonical = cutropy_problem_text(problem);
        FUZZ_CHECK(canonical && canonical[0]);
        const cutropy_lattice *own = cutropy_problem_lattice(problem);
        FUZZ_CHECK(own && (!lattice || strcmp(own->name, lattice->name) == 0));
        FUZZ_CHECK(cutropy_problem_parse(canonical, own, &again) == CUTROPY_OK);
        FUZZ_CHECK(strcmp(cutropy_problem_text(again), canonical) == 0);
        FUZZ_CHECK(cutropy_problem_kind(again) == cutropy_problem_kind(problem));
    }
    cutropy_problem_free(again);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    free(text);
    return 0;
}
