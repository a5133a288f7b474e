/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/bench/bench_agree.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static bool near(double a, double a_err, double b, double b_err)
{
    return fabs(a - b) <= a_err + b_err;
}

/* NULL: not proved. Decimals may be fewer on one side; then the shorter one says less, and the radii decide. */
static bool same_text(const char *a, const char *b)
{
    return !a || !b || strlen(a) != strlen(b) || !strcmp(a, b);
}

static bool same_purity(const cutropy_result *a, const cutropy_result *b, size_t row)
{
    char text[2][256];
    const size_t length[2] = {cutropy_result_purity_fraction(a, row, text[0], sizeof text[0]),
                              cutropy_result_purity_fraction(b, row, text[1], sizeof text[1])};
    if (length[0] && length[1])
        return length[0] == length[1] && !strcmp(text[0], text[1]);
    return near(cutropy_result_purity(a, row), cutropy_result_purity_error(a, row),
                cutropy_result_purity(b, row), cutropy_result_purity_error(b, row));
}

static bool same_rank(const cutropy_result *a, const cutropy_result *b, size_t row)
{
    int64_t lo[2], hi[2];
    cutropy_result_rank(a, row, &lo[0], &hi[0]);
    cutropy_result_rank(b, row, &lo[1], &hi[1]);
    return lo[0] <= hi[1] && lo[1] <= hi[0];
}

/* The first number that is not the same; NULL: none. */
static const char *differs(const cutropy_result *a, const cutropy_result *b, size_t row)
{
    if (!cutropy_result_done(a, row) || !cutropy_result_done(b, row))
        return "done";
    for (int side = 0; side < 2; side++)
        if (cutropy_result_classes(a, row, side) != cutropy_result_classes(b, row, side))
            return side ? "classes_b" : "classes_a";
    if (!near(cutropy_result_entropy(a, row), cutropy_result_entropy_error(a, row),
              cutropy_result_entropy(b, row), cutropy_result_entropy_error(b, row)) ||
        !same_text(cutropy_result_entropy_decimals(a, row, 0),
                   cutropy_result_entropy_decimals(b, row, 0)))
        return "entropy";
    if (!near(cutropy_result_renyi2(a, row), cutropy_result_renyi2_error(a, row),
              cutropy_result_renyi2(b, row), cutropy_result_renyi2_error(b, row)))
        return "renyi2";
    if (!same_rank(a, b, row))
        return "rank";
    return same_purity(a, b, row) ? NULL : "purity";
}

cutropy_status ct_bench_agree(const cutropy_result *a, const cutropy_result *b, const char *who,
                              double *difference)
{
    *difference = 0;
    for (size_t row = 0; row < cutropy_result_rows(a); row++) {
        const char *what = differs(a, b, row);
        if (what) {
            char mask[2 + CUTROPY_MAX_PIXELS / 4 + 1];
            const cutropy_cuts *cuts = cutropy_result_cuts(a);
            cutropy_mask_format(cuts->masks + row * cuts->words, cuts->words, mask, sizeof mask);
            return ct_fail(CUTROPY_EINTERNAL, "%s disagrees with the first way on cut %s: %s", who,
                           mask, what);
        }
        *difference = fmax(*difference,
                           fabs(cutropy_result_entropy(a, row) - cutropy_result_entropy(b, row)));
    }
    return CUTROPY_OK;
}
