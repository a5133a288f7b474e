/* SPDX-License-Identifier: Apache-2.0 */
/* What regions that need not be the whole know of each other.
 *
 *   cutropy_information *found = NULL;
 *   status = cutropy_information_run(problem, "{0,1}|{4,5}, x<1|x=2|y=0&x>2", 0, NULL, &found);
 *
 *   I(A:B)    = S(A) + S(B) - S(AB)
 *   I(A:B|C)  = S(AC) + S(BC) - S(ABC) - S(C)
 *   I3(A:B:C) = S(A) + S(B) + S(C) - S(AB) - S(AC) - S(BC) + S(ABC) = I(A:B) - I(A:B|C)
 *   log negativity of A and B = log || rho_AB^T_B ||_1 */
#ifndef CUTROPY_INFORMATION_H
#define CUTROPY_INFORMATION_H

#include <cutropy/run.h>
#include <cutropy/sheet.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_information cutropy_information;

/* regions: items A|B or A|B|C with commas between them, regions as in cutropy/cut.h (masks, {0-3,7}, x<2); or @FILE, one item a line. The regions of
 * an item have pixels, and none in common. negativity: not 0: log negativities of A and B, too.
 * options: those of cutropy_run; quantities are ignored. Cost: the different cuts of all items in one run. A negativity: f once more,
 * the matrix of AB, then n^3 steps and n^2 numbers, n = different rows of A times different rows of B; the others do not
 * matter but for the classes of their images. Errors: those of cutropy_run (a cut that fails ends it); CUTROPY_EINPUT (regions);
 * CUTROPY_EUNSUPPORTED (a label that stands with every region; negativities of sums of product states and beyond <f|f> = 2^62). */
cutropy_status cutropy_information_run(const cutropy_problem *problem, const char *regions,
                                       int negativity, const cutropy_options *options,
                                       cutropy_information **out);
void cutropy_information_free(cutropy_information *information); /* NULL is allowed */

/* One row an item: a, b, c (masks; c empty where there is none), entropy_a, entropy_b, entropy_ab, mutual_information, where an item has
 * three regions conditional_information and tripartite_information, log_negativity where it was asked for, guarantee. The error of a sum is that of
 * its entropies together; that of a negativity an estimate. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_information_sheet(const cutropy_information *information, cutropy_base base,
                                         cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
