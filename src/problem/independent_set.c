/* SPDX-License-Identifier: Apache-2.0 */
/* independent-set: no two neighbours are lit. */
#include "problem/types.h"

const ct_problem_type ct_problem_independent_set = {
    .name = "independent-set",
    .summary = "no two neighbours are lit",
    .definition = "Label 1: no bond of the lattice has both of its pixels lit (hard squares). The "
                  "image without lit pixels has label 1.",
    .source = "N. J. Calkin, H. S. Wilf, SIAM J. Discrete Math. 11, 54 (1998); OEIS A006506",
    .known = "grid LxL, L = 1..6: 2, 7, 63, 1234, 55447, 5598861 label-1 images; chain:N: "
             "Fibonacci numbers F(N+2)",
    .lattice = "grid:4x4",
    .is_label = true,
    .body = CT_BODY_independent_set,
};
