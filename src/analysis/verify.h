/* Verification in two steps: facts about cuts, which cost time, and the judgement, which does not.
 */
#ifndef CT_VERIFY_H
#define CT_VERIFY_H

#include <cutropy/verify.h>

#include "base/base.h"

/* An entropy in bits and its error. */
typedef struct ct_amount {
    double value, error;
} ct_amount;

/* One computation of a cut. */
typedef struct ct_side {
    ct_amount entropy;
    int64_t rank_lo, rank_hi;
    cutropy_fraction purity; /* q = 0: not exact */
} ct_side;

typedef struct ct_facts {
    cutropy_range range;
    int nb;
    ct_side here;  /* from the run */
    ct_side other; /* with A and B exchanged */
    ct_side moved; /* of the flipped and renumbered function */
    int product;   /* the cut matrix has rank 1: 1 yes, 0 no, by exact minors; -1 not decided */
    uint64_t strip_images; /* different images of R_r among the extendable sA; 0: no range */
    uint64_t rest_images;  /* different images of B among those with label 1 (f not 0) */
    uint64_t rim_images;   /* the same of B and the boundary pixels of A */
} ct_facts;

/* Two cuts P and Q of the family. */
typedef struct ct_pair {
    size_t first; /* number of P; Q is the next cut */
    ct_amount p, q, both, meet, p_only,
        q_only; /* S of P, Q, their union, intersection, differences */
} ct_pair;

typedef struct ct_evidence {
    cutropy_kind kind;
    bool no_zero;    /* labels +1/-1 */
    size_t count;    /* cuts */
    ct_facts *facts; /* count */
    size_t pairs;    /* count - 1, or 0 */
    ct_pair *pair;
    int product;        /* every cut of one pixel has rank 1 (as in ct_facts) */
    ct_amount site;     /* the largest S of a pixel */
    char no_moved[120]; /* why there is no moved function; empty: there is */
} ct_evidence;

/* The facts of every cut; *ranges is freed by the caller. On error both are empty. */
cutropy_status ct_evidence_collect(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                   const cutropy_options *options, cutropy_ranges **ranges,
                                   ct_evidence *evidence);
void ct_evidence_free(ct_evidence *evidence);

/* Every statement from the evidence: no computation, no failure. */
void ct_judge(const ct_evidence *evidence, cutropy_statement *statements);

#endif
