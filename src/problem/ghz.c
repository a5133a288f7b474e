/* SPDX-License-Identifier: Apache-2.0 */
/* ghz: all pixels are lit or none is. */
#include "problem/types.h"

const ct_problem_type ct_problem_ghz = {
    .name = "ghz",
    .summary = "all pixels are lit or none is",
    .definition = "Label 1: all pixels are lit or none is (the GHZ state).",
    .source = "D. M. Greenberger, M. A. Horne, A. Zeilinger, Going beyond Bell's theorem (1989)",
    .known = "2 label-1 images; every cut but the empty and the full one has rank 2 and S = 1 "
             "bit",
    .lattice = "chain:12",
    .is_label = true,
    .body = CT_BODY_ghz,
};
