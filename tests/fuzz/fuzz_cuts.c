/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes cutropy_cuts_parse; the first byte chooses the lattice. Every mask lies inside it, none
 * comes twice. */
#include "fuzz.h"

#include <cutropy/cut.h>

static const char *const lattices[] = {"4x3",           "3x3:torus", "chain:7",
                                       "chain:10:ring", "links:3x2", "links:2x2:torus",
                                       "1x1",           "9x8",       "11x12:torus"};

static int compare_masks(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    for (int w = 2; w >= 0; w--)
        if (x[w] != y[w])
            return x[w] < y[w] ? -1 : 1;
    return 0;
}

/* Sorted copies of three words each; equal neighbours are repetitions. */
static void check_distinct(const cutropy_cuts *cuts)
{
    uint64_t(*sorted)[3] = calloc(cuts->count, sizeof *sorted);
    FUZZ_CHECK(sorted);
    for (size_t i = 0; i < cuts->count; i++)
        memcpy(sorted[i], cuts->masks + i * cuts->words, cuts->words * sizeof(uint64_t));
    qsort(sorted, cuts->count, sizeof *sorted, compare_masks);
    for (size_t i = 1; i < cuts->count; i++)
        FUZZ_CHECK(compare_masks(sorted[i - 1], sorted[i]) != 0);
    free(sorted);
}

static void check_masks(const cutropy_lattice *lattice, const cutropy_cuts *cuts)
{
    int used = lattice->pixels % 64;
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        if (used)
            FUZZ_CHECK(mask[cuts->words - 1] >> used == 0);
        int boundary = cutropy_boundary(lattice, mask),
            inside = cutropy_mask_pixels(mask, cuts->words);
        FUZZ_CHECK(0 <= boundary && boundary <= lattice->bonds);
        FUZZ_CHECK(0 <= inside && inside <= lattice->pixels);
        int edge = cutropy_boundary_pixels(lattice, mask);
        FUZZ_CHECK(edge <= inside && (edge == 0) == (boundary == 0));
    }
}

/* The printed mask is a cut of its own. */
static void check_format(const cutropy_lattice *lattice, const cutropy_cuts *cuts)
{
    char text[2 + 16 * 3 + 1];
    cutropy_cuts again = {0};
    const uint64_t *mask = cuts->masks + (cuts->count - 1) * cuts->words;
    cutropy_mask_format(mask, cuts->words, text, sizeof text);
    FUZZ_CHECK(cutropy_cuts_parse(text, lattice, &again) == CUTROPY_OK);
    FUZZ_CHECK(again.count == 1 && again.words == cuts->words);
    FUZZ_CHECK(memcmp(again.masks, mask, cuts->words * sizeof(uint64_t)) == 0);
    cutropy_cuts_free(&again);
}

/* Long lists are correct and slow: connected regions of a large lattice only up to four pixels. */
static int asks_for_large_regions(const char *text)
{
    for (const char *at = strstr(text, "connected"); at; at = strstr(at, "connected")) {
        at += strlen("connected");
        if (at[0] != ':' || at[1] < '1' || at[1] > '4' || (at[2] >= '0' && at[2] <= '9'))
            return 1;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || memchr(data, '@', size)) /* no files from here */
        return 0;
    cutropy_lattice *lattice = NULL;
    cutropy_cuts cuts = {0};
    FUZZ_CHECK(cutropy_lattice_parse(lattices[data[0] % (sizeof lattices / sizeof *lattices)],
                                     &lattice) == CUTROPY_OK);
    char *text = fuzz_text(data + 1, size - 1);
    int slow = lattice->pixels > 20 && asks_for_large_regions(text);
    if (slow) {
    } else if (cutropy_cuts_parse(text, lattice, &cuts) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(cuts.masks);
        FUZZ_CHECK(cuts.count == 0);
    } else {
        FUZZ_CHECK(cuts.count > 0 && cuts.words == lattice->words);
        check_masks(lattice, &cuts);
        check_distinct(&cuts);
        check_format(lattice, &cuts);
    }
    cutropy_cuts_free(&cuts);
    cutropy_lattice_free(lattice);
    free(text);
    return 0;
}
