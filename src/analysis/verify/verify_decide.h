/* SPDX-License-Identifier: Apache-2.0 */
/* What those who decide the statements share. */
#ifndef CT_VERIFY_DECIDE_H
#define CT_VERIFY_DECIDE_H

#include "analysis/verify/verify.h"
#include "engine/function/result.h"

/* The statements in the order of the paper; the last has a name of its own. */
enum {
    CT_EQ_12,
    CT_EQ_13,
    CT_EQ_15,
    CT_EQ_17,
    CT_EQ_20,
    CT_EQ_21,
    CT_EQ_22,
    CT_PROPERTY_1,
    CT_PROPERTY_2,
    CT_PROPERTY_3,
    CT_THEOREM_1,
    CT_EQ_23,
    CT_EQ_24,
    CT_THEOREM_2,
    CT_DEFINITION_1,
    CT_DEFINITION_2,
    CT_EQ_25,
    CT_EQ_26,
    CT_ASSUMPTION_1,
    CT_BOUNDARY_BLOCKS,
    CT_ASSUMPTION_2,
    CT_ASSUMPTION_2_CLASSES,
    CT_EQ_27,
    CT_EQ_28,
    CT_THEOREM_3,
    CT_THEOREM_3_STRIP,
    CT_SUBADDITIVITY
};

/* A decision with what its statement lists as slack and error. */
typedef struct ct_finding {
    ct_decision decision;
    double slack, error; /* slack NaN: none */
} ct_finding;

/* Counts a finding on a cut (or pair); true when its numbers belong into `detail`: the first that
 * fails, or the first that is not decided while none has failed. */
bool ct_note(cutropy_statement *s, size_t cut, ct_finding finding);
/* The same of a statement on the whole image. */
bool ct_note_whole(cutropy_statement *s, ct_finding finding);
void ct_say(cutropy_statement *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Counts a cut to which the statement does not apply; the first reason is kept. */
void ct_leave_out(cutropy_statement *s, const char *reason);
/* A statement that was checked on nothing is not applicable. */
void ct_close(cutropy_statement *s, const char *reason);

/* Both: fails if one fails, else is open if one is open; slack of the smaller. */
ct_finding ct_both(ct_finding x, ct_finding y);
/* Exact: integers that are equal, or not. */
ct_finding ct_exactly(bool holds);
ct_finding ct_finding_at_most(ct_amount x, ct_amount y);
/* range: what the two can differ by at all. */
ct_finding ct_finding_equal(ct_amount x, ct_amount y, double range);
/* S <= bits. Equality is no number's to decide: where the spectrum is flat, rank <= 2^bits does. */
ct_finding ct_entropy_at_most(const ct_side *side, int bits);
/* S <= log2 count, likewise; count > 0. */
ct_finding ct_entropy_at_most_log(const ct_side *side, double count);
/* S = log2 rank exactly: rank 1, or Tr rho^2 = 1 / rank in integers. */
bool ct_is_flat(const ct_side *side);
/* Is p/q the fraction of the record? */
bool ct_same_fraction(ct_u128 p, ct_u128 q, const cutropy_fraction *fraction);
bool ct_has_fraction(const ct_side *side);

/* The paper's Section III, and Section IV with Theorem 3. */
void ct_decide_theory(const ct_family_facts *family, cutropy_statement *statements);
void ct_decide_images(const ct_family_facts *family, cutropy_statement *statements);

#endif
