/* The statements of arXiv 1710.05520, checked on one function for every cut of a family.
 *
 * The text of the paper could not be consulted for this file. The statements are those of the
 * project's summary of it: Theorems 1 to 3 and Assumptions 1 and 2 are given there in words. What
 * the summary leaves open was derived and is marked in `reference`: the three general properties of
 * S, and which of the equations between Assumption 1 and Theorem 3 carry the numbers 26 and 28.
 * docs/verify.md lists every statement as it is checked.
 *
 * Sources of the numbers that a statement compares are independent of each other where that is
 * possible: S(B) is computed from the rows of B, products are recognised by exact minors, sets of
 * images are counted by another road than the range takes. */
#ifndef CUTROPY_VERIFY_H
#define CUTROPY_VERIFY_H

#include <cutropy/range.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_verdict {
    CUTROPY_HELD,           /* on everything it was checked on */
    CUTROPY_COUNTEREXAMPLE, /* the paper, or this program, is wrong: detail says where */
    CUTROPY_NOT_APPLICABLE, /* detail says why */
    CUTROPY_FULFILLED,      /* assumptions only: on every cut */
    CUTROPY_NOT_FULFILLED   /* assumptions only: not a counter-example to anything */
} cutropy_verdict;

typedef struct cutropy_statement {
    const char *name;      /* "theorem-2" */
    const char *reference; /* "Theorem 2" */
    const char *claim;     /* one line without commas */
    cutropy_verdict verdict;
    size_t checked;  /* cuts (property-3: pairs of cuts) that it was checked on */
    size_t left_out; /* cuts to which it does not apply */
    size_t cut; /* counter-example, or first cut that does not fulfil an assumption: its number */
    char detail[200]; /* numbers of the counter-example, reason, or what was found; no commas */
} cutropy_statement;

#define CUTROPY_STATEMENTS 11

typedef struct cutropy_verification {
    cutropy_ranges *ranges; /* the cuts and their numbers; result has further cuts behind them */
    size_t count;           /* CUTROPY_STATEMENTS */
    cutropy_statement statements[CUTROPY_STATEMENTS];
    int held; /* 1: no counter-example */
} cutropy_verification;

/* Cost: about four times that of cutropy_ranges_run, and memory for the larger side of every cut.
 * Errors: those of cutropy_ranges_run; *out is NULL then, also on CUTROPY_ECANCELLED. A
 * counter-example is no error. */
cutropy_status cutropy_verify(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              const cutropy_options *options, cutropy_verification **out);
void cutropy_verification_free(cutropy_verification *verification); /* NULL is allowed */

/* CSV or JSON, one row a statement: statement, reference, verdict, checked, left_out, cut (of the
 * counter- example, or the first that does not fulfil an assumption), claim, detail. Errors as
 * cutropy_ranges_write. */
cutropy_status cutropy_verification_write(const cutropy_verification *verification,
                                          cutropy_format format, FILE *file);

/* "held", "counter-example", "not applicable", "fulfilled", "not fulfilled" */
const char *cutropy_verdict_name(cutropy_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif
