/* SPDX-License-Identifier: Apache-2.0 */
/* Verification in two steps: facts about cuts, which cost time, and the decision, which does not.
 */
#ifndef CT_VERIFY_H
#define CT_VERIFY_H

#include <cutropy/verify.h>

#include "analysis/export/schmidt.h"
#include "analysis/verify/unitary.h"
#include "engine/function/result.h"

#define CT_STATEMENTS 27

struct cutropy_verification {
    cutropy_ranges *ranges;
    cutropy_statement statements[CT_STATEMENTS];
    int held;
    size_t undecided;
};

/* One computation of a cut by the engine. */
typedef struct ct_side {
    ct_amount entropy, purity;
    int64_t rank_lo, rank_hi;
    cutropy_fraction fraction; /* the purity; q = 0: not exact */
    uint32_t record;           /* equal numbers: the same record */
} ct_side;

/* What the literal cut matrix tells of a cut. */
typedef struct ct_tally {
    const char *why;              /* not NULL: there is none */
    int64_t count[2], extendable; /* different rows and columns; rows that are not zero */
    int product;                  /* ct_literal_is_product */
    double near_product; /* real, complex: ct_literal_product_distance; infinite: not known */
    bool summed[2];      /* is there a density matrix of A, of B? */
    ct_u128 trace[2], square[2];  /* labels, integers: <f|f> Tr rho, <f|f>^2 Tr rho^2 */
    ct_amount unit[2], purity[2]; /* Tr rho, Tr rho^2 */
    ct_eigenproblem problem[2];
    ct_schmidt schmidt;

    bool counted;                        /* 0/1 labels: the N of Eq. 26 */
    ct_u128 common_trace, common_square; /* sums over all pairs of images of A, Eq. 26 */
    int64_t strips, strip_members;       /* images of R_r that extend, and all n_sR together */
    bool needed, sufficient;           /* Assumption 2, literally: not with R_(r-1), but with R_r */
    ct_u128 strip_trace, strip_square; /* sums over pairs of images of R_r, Eq. 28 with its roots */
    ct_u128 printed_trace;             /* without them */
} ct_tally;

typedef struct ct_cut_facts {
    cutropy_range range;
    int nb;
    ct_side here;           /* from the run */
    ct_side rotated;        /* of the function with unitary matrices applied to A and B */
    const char *no_rotated; /* not NULL: there is none */
    bool reflected;         /* the matrices were no mere permutations */
    ct_tally tally;
    uint64_t strip_images; /* different images of R_r among the extendable sA; 0: no range */
    uint64_t rest_images;  /* different images of B among those with label 1 (f not 0) */
    uint64_t rim_images;   /* the same of B and the boundary pixels of A */
} ct_cut_facts;

/* Two cuts P and Q of the family. */
typedef struct ct_pair {
    size_t first;                             /* number of P; Q is the next cut */
    ct_side p, q, both, meet, p_only, q_only; /* P, Q, their union, intersection, differences */
} ct_pair;

typedef struct ct_family_facts {
    cutropy_kind kind;
    bool plain;      /* 0/1 labels */
    bool no_zero;    /* labels +1/-1 */
    ct_u128 norm;    /* labels, integers: <f|f> as the run has it */
    ct_u128 listed;  /* the same by a plain sum */
    uint64_t images; /* with f not 0, by a plain count; ones: label 1 as the run has it */
    uint64_t ones;
    ct_amount norm_ratio; /* the two norms, for every kind */
    const char *why;      /* not NULL: nothing was listed */
    ct_tally whole;       /* A = all pixels */
    size_t count;         /* cuts */
    ct_cut_facts *cut;    /* count */
    size_t pairs;         /* count - 1, or 0 */
    ct_pair *pair;
    int product; /* every cut of one pixel has rank 1 (as ct_tally.product) */
} ct_family_facts;

/* The facts of every cut; *ranges is freed by the caller. On error both are empty. */
cutropy_status ct_family_facts_collect(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                       const cutropy_options *options, cutropy_ranges **ranges,
                                       ct_family_facts *family);
void ct_family_facts_free(ct_family_facts *family);

/* The literal facts of one cut. strip: NULL, or R_r, and inner R_(r-1) (r > 0, else NULL). norm:
 * <f|f> of the stored values and its relative error. */
cutropy_status ct_tally_make(const ct_entries *entries, const uint64_t *mask, const uint64_t *strip,
                             const uint64_t *inner, ct_amount norm, const ct_operations *backend,
                             ct_tally *out);

/* Every statement from the family: no computation, no failure. */
void ct_decide(const ct_family_facts *family, cutropy_statement *statements);

#endif
