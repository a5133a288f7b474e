/* SPDX-License-Identifier: Apache-2.0 */
/* weight: exactly k pixels are lit (W and Dicke states). */
#include "problem/label.h"
#include "problem/types.h"

static const ct_param params[] = {
    {"k", CT_PARAM_INT, "1", 0, CT_BODY_PIXELS, NULL, "number of lit pixels"},
    {0},
};

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    return ct_label_count(args, "weight", problem);
}

const ct_problem_type ct_problem_weight = {
    .name = "weight",
    .summary = "exactly k pixels are lit (W and Dicke states)",
    .definition = "Label 1: exactly k pixels are lit, 0 <= k <= N. k = 1 is the W state, any k a "
                  "Dicke state.",
    .source = "R. H. Dicke, Phys. Rev. 93, 99 (1954); W. Duer, G. Vidal, J. I. Cirac, Phys. Rev. A "
              "62, 062314 (2000)",
    .known =
        "C(N,k) label-1 images; the eigenvalues of rho_A are C(NA,j) C(NB,k-j) / C(N,k), j = 0..k",
    .lattice = "chain:12",
    .params = params,
    .is_label = true,
    .body = CT_BODY_weight,
    .make = make,
};
