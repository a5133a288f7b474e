/* SPDX-License-Identifier: Apache-2.0 */
/* The range of a cut: how far into A one must look to know what B may be.
 *
 * R_r = the pixels of A within r lattice bonds of B (R_0 is empty). The range of a cut is the
 * smallest r such that the row class of every extendable sA is a function of its pixels in R_r: sA
 * is extendable when its row of the cut matrix is not zero, and two sA are of one class when their
 * rows are equal. So there are at most 2^|R_r| classes, and S <= |R_r| log 2: Theorem 3 of arXiv
 * 1710.05520, whose Assumption 2 is that such an r exists and is small. Range 0 means one class
 * (0/1 labels: S = 0; the rows of other functions may differ by a factor, then S = 0 has a range
 * above 0).
 *
 * Assumption 1: any two label-1 images that agree on B agree on the boundary pixels of A, R_1.
 * (Integer, real and complex functions: images where f is not 0.)
 *
 * A and its complement have the same S, but in general different ranges: the range is that of the
 * mask as it was given. Ranges, pixel counts, classes and Assumption 1 are exact integers on every
 * thread count: rows are compared bit by bit, hashes only propose. */
#ifndef CUTROPY_RANGE_H
#define CUTROPY_RANGE_H

#include <cutropy/sheet.h>
#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No r will do: the class depends on a pixel of A from which no bonds lead to B. (B is empty or the
 * lattice falls into parts.) */
#define CUTROPY_NO_RANGE (-1)

/* One cut. Read only. */
typedef struct cutropy_range {
    int done;                          /* 0: the run was stopped before this cut */
    int range;                         /* r, or CUTROPY_NO_RANGE */
    int range_pixels;                  /* |R_r|, or CUTROPY_NO_RANGE */
    int depth;                         /* the largest distance of a pixel of A that can reach B */
    int assumption1;                   /* 1 holds, 0 fails: see the witness */
    int na, boundary, boundary_pixels; /* NA, bonds between A and B, |R_1| = L_AB of the paper */
    int64_t classes[2];                /* non-zero row classes of A, of B */
    double entropy, entropy_err;       /* bits, as cutropy_run gives them */
    cutropy_guarantee guarantee;       /* of the entropy */
} cutropy_range;

typedef struct cutropy_ranges cutropy_ranges;

/* Entropy and range of every cut. options->quantities are ignored; progress hears of a third stage,
 * "ranges". On CUTROPY_ECANCELLED *out holds the finished rows, or is NULL when the entropies were
 * not finished; on any other error *out is NULL.
 * Cost of a range, beyond cutropy_run: one pass over f; memory 4 * 2^NA bytes and one copy of f (a
 * truth table or values), or 100 bytes a label-1 image; of automata (solver frontier; auto where it serves cutropy_run) n^2 / 2 pairs for each level of n states.
 * Errors: those of cutropy_run. */
cutropy_status cutropy_ranges_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                  const cutropy_options *options, cutropy_ranges **out);
void cutropy_ranges_free(cutropy_ranges *ranges); /* NULL is allowed */

/* ---- what was found; it belongs to the ranges ---- */

/* The entropies of the same cuts, with everything that says how. */
const cutropy_result *cutropy_ranges_result(const cutropy_ranges *ranges);
size_t cutropy_ranges_count(const cutropy_ranges *ranges); /* cuts */
/* Of mask i < count of the result's cuts. */
const cutropy_range *cutropy_ranges_row(const cutropy_ranges *ranges, size_t i);
/* Where Assumption 1 fails on cut i, two label-1 images (of the cuts' `words` words) that agree on B and
 * differ on the boundary pixels of A; else NULL. */
const uint64_t *cutropy_ranges_witness(const cutropy_ranges *ranges, size_t i);
/* 0: the run was stopped, and rows that are not done must be left out. */
int cutropy_ranges_complete(const cutropy_ranges *ranges);

/* The finished rows: cut, range, range_pixels, assumption1, entropy, bound (|R_r| log 2), classes_a,
 * classes_b, boundary (bonds), boundary_pixels, slack (bound - entropy, rounded down),
 * boundary_bound (r L_AB log 2 with L_AB = boundary_pixels, as the paper counts), depth, witness_1,
 * witness_2. Both bounds are whole numbers of bits, in nats off by less than 2^-52 of themselves. A cut without a range has empty cells for what needs it, a cut that fulfils Assumption 1
 * has no witness. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_ranges_sheet(const cutropy_ranges *ranges, cutropy_base base,
                                    cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
