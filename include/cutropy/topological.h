/* SPDX-License-Identifier: Apache-2.0 */
/* The topological constant gamma in S = alpha L - gamma, from regions whose boundary terms cancel.
 */
#ifndef CUTROPY_TOPOLOGICAL_H
#define CUTROPY_TOPOLOGICAL_H

#include <cutropy/cut.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_topological_kind {
    /* Sectors A, B, C of a disc, pairwise adjacent, D outside:
     * S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma.
     * A. Kitaev, J. Preskill, Phys. Rev. Lett. 96, 110404 (2006) */
    CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL,
    /* A ring of A, C (apart from each other) and the two pieces of B between them:
     * S_ABC - S_AB - S_BC + S_B = -2 gamma.
     * M. Levin, X.-G. Wen, Phys. Rev. Lett. 96, 110405 (2006) */
    CUTROPY_TOPOLOGICAL_LEVIN_WEN
} cutropy_topological_kind;

#define CUTROPY_TOPOLOGICAL_MAX 7 /* cuts of one combination */

/* Chooses A, B, C on a lattice: three masks, in this order (free with cutropy_cuts_free). Smallest
 * lattices: Kitaev-Preskill grid 3x3, links 3x3; Levin-Wen grid 4x4, links 4x4. Where
 * there is room the regions keep away from the border of an open lattice.
 * Errors: CUTROPY_EINPUT (no room), CUTROPY_EMEMORY. */
cutropy_status cutropy_topological_regions(const cutropy_lattice *lattice,
                                           cutropy_topological_kind kind, cutropy_cuts *regions);

/* What makes the combination meaningless for three regions, or NULL: a union or its complement is
 * not connected as it should be, winds around a torus, four regions meet in a point, ... The text is
 * constant. */
const char *cutropy_topological_doubt(const cutropy_lattice *lattice, cutropy_topological_kind kind,
                                      const cutropy_cuts *regions);

/* The cuts whose entropies are needed: A, B, C, AB, BC, CA, ABC or ABC, AB, BC, B.
 * Errors: CUTROPY_EINPUT (not three regions, an empty one, two that overlap), CUTROPY_EMEMORY. */
cutropy_status cutropy_topological_cuts(cutropy_topological_kind kind, const cutropy_cuts *regions,
                                        cutropy_cuts *cuts);

/* The left-hand side from the entropies of those cuts, and gamma; both in the unit of the
 * entropies. */
double cutropy_topological_sum(cutropy_topological_kind kind, const double *entropies);
double cutropy_topological_gamma(cutropy_topological_kind kind, const double *entropies);
/* The error of gamma from the errors of the entropies (their sum; half of it for Levin-Wen). */
double cutropy_topological_error(cutropy_topological_kind kind, const double *errors);

#ifdef __cplusplus
}
#endif
#endif
