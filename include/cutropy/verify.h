/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of arXiv 1710.05520 (Y.-H. Zhang), in the paper's own numbering, checked on one
 * function for every cut of a family. docs/verify.md says of each what is checked, against what,
 * and where the paper itself slips.
 *
 * What a statement compares comes from two roads: the run (quotient, blocks, Gram kernels), and a
 * literal one (plain loops over images, equal rows merged by sorting, a density matrix for A and
 * another for B, LAPACK). Every judgement uses the errors of both sides and has three outcomes. */
#ifndef CUTROPY_VERIFY_H
#define CUTROPY_VERIFY_H

#include <cutropy/range.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_verdict {
    CUTROPY_VERDICT_HOLDS,       /* on everything it was checked on */
    CUTROPY_VERDICT_FAILS,       /* a counter-example: by more than all errors */
    CUTROPY_VERDICT_NOT_DECIDED, /* on some cut the errors are larger than what they should tell */
    CUTROPY_VERDICT_NOT_APPLICABLE, /* detail says why */
    CUTROPY_VERDICT_FULFILLED,      /* assumptions only: on every cut */
    CUTROPY_VERDICT_NOT_FULFILLED   /* assumptions only: not a counter-example to anything */
} cutropy_verdict;

/* Read only. */
typedef struct cutropy_statement {
    const char *name;      /* "theorem-2" */
    const char *reference; /* "Theorem 2": the paper's number */
    const char *claim;     /* one line without commas */
    cutropy_verdict verdict;
    size_t checked;   /* cuts (subadditivity: pairs; statements on the whole image: 1) */
    size_t undecided; /* of them */
    size_t left_out;  /* cuts to which it does not apply, or too large for the literal road */
    int has_cut;      /* cut below says something */
    size_t
        cut; /* the first that fails, is not decided or does not fulfil; else that of the slack */
    /* The smallest right side - left side of an inequality, rounded down, in bits; of an equality
     * minus the largest difference (0: exact). NaN: there is none. And its error, rounded up. */
    double slack, slack_err;
    char detail[200]; /* numbers of the counter-example, reason, or what was found; no commas */
} cutropy_statement;

typedef struct cutropy_verification cutropy_verification;

/* Cost: each cut is computed three times, twice of them without any shortcut; memory for the larger
 * side of every cut. Errors: those of cutropy_ranges_run; *out is NULL then, also on
 * CUTROPY_ECANCELLED. A counter-example is no error. */
cutropy_status cutropy_verify(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              const cutropy_options *options, cutropy_verification **out);
void cutropy_verification_free(cutropy_verification *verification); /* NULL is allowed */

/* ---- what was found; it belongs to the verification ---- */

/* The cuts and their numbers; their result has further cuts behind them. */
const cutropy_ranges *cutropy_verification_ranges(const cutropy_verification *verification);
size_t cutropy_verification_count(const cutropy_verification *verification); /* statements */
/* i < count, in the order of the paper. */
const cutropy_statement *cutropy_verification_statement(const cutropy_verification *verification,
                                                        size_t i);
int cutropy_verification_held(const cutropy_verification *verification); /* 1: no counter-example */
/* Statements that are not decided: no failure. */
size_t cutropy_verification_undecided(const cutropy_verification *verification);

/* One row a statement: statement, reference, verdict, checked, undecided, left_out, cut, slack,
 * claim, detail. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_verification_sheet(const cutropy_verification *verification,
                                          cutropy_sheet **out);

/* "holds", "fails", "not decided", "not applicable", "fulfilled", "not fulfilled" */
const char *cutropy_verdict_name(cutropy_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif
