/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes cutropy_lattice_parse: every accepted lattice is consistent and its name means the same
 * lattice. */
#include "fuzz.h"

#include <cutropy/lattice.h>

static void check_bonds(const cutropy_lattice *lattice)
{
    for (int b = 0; b < lattice->bonds; b++) {
        const int *bond = lattice->bond[b];
        FUZZ_CHECK(0 <= bond[0] && bond[0] < bond[1] && bond[1] < lattice->pixels);
        if (b > 0) {
            const int *last = lattice->bond[b - 1];
            FUZZ_CHECK(last[0] < bond[0] || (last[0] == bond[0] && last[1] < bond[1]));
        }
    }
}

static void check_stars(const cutropy_lattice *lattice)
{
    int ends = 0;
    for (int v = 0; v < lattice->vertices; v++) {
        FUZZ_CHECK(0 <= lattice->star_degree[v] && lattice->star_degree[v] <= 4);
        ends += lattice->star_degree[v];
        for (int k = 0; k < lattice->star_degree[v]; k++)
            FUZZ_CHECK(0 <= lattice->star[v][k] && lattice->star[v][k] < lattice->pixels);
    }
    FUZZ_CHECK(lattice->vertices == 0 || ends == 2 * lattice->pixels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    cutropy_lattice *lattice = NULL, *again = NULL;
    if (cutropy_lattice_parse(text, &lattice) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(lattice);
    } else {
        FUZZ_CHECK(lattice->pixels >= 1 && lattice->pixels <= CUTROPY_MAX_PIXELS);
        FUZZ_CHECK(lattice->words == ((size_t)lattice->pixels + 63) / 64);
        FUZZ_CHECK(memchr(lattice->name, 0, sizeof lattice->name));
        check_bonds(lattice);
        check_stars(lattice);
        FUZZ_CHECK(cutropy_lattice_parse(lattice->name, &again) == CUTROPY_OK);
        FUZZ_CHECK(strcmp(again->name, lattice->name) == 0);
        FUZZ_CHECK(again->pixels == lattice->pixels && again->bonds == lattice->bonds);
    }
    cutropy_lattice_free(again);
    cutropy_lattice_free(lattice);
    free(text);
    return 0;
}
