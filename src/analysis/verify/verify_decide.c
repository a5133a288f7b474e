/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of arXiv 1710.05520 decided from facts: their texts, and how a verdict is counted.
 * docs/verify.md says what each one means. */
#include "analysis/verify/verify_decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"

static const cutropy_statement texts[CT_STATEMENTS] = {
    [CT_EQ_12] = {.name = "eq-12",
                  .reference = "Eq. 12",
                  .claim = "<f|f> = sum of |f(s)|^2 is 1 for the normalised f"},
    [CT_EQ_13] = {.name = "eq-13",
                  .reference = "Eq. 13-14",
                  .claim = "rho = f*(s) f(s') is a projector: Tr rho^2 = 1"},
    [CT_EQ_15] = {.name = "eq-15", .reference = "Eq. 15", .claim = "Tr rho = 1"},
    [CT_EQ_17] = {.name = "eq-17",
                  .reference = "Eq. 16-17",
                  .claim = "S = -tr(rho log rho) = 0 for the whole image"},
    [CT_EQ_20] = {.name = "eq-20",
                  .reference = "Eq. 18-20",
                  .claim = "rho_A summed over B image by image is that of the table (purity)"},
    [CT_EQ_21] = {.name = "eq-21", .reference = "Eq. 21", .claim = "Tr rho_A = 1"},
    [CT_EQ_22] = {.name = "eq-22",
                  .reference = "Eq. 22",
                  .claim = "S_A = -tr(rho_A log rho_A) is the S of the table"},
    [CT_PROPERTY_1] = {.name = "property-1",
                       .reference = "Property 1",
                       .claim = "S_A = S_B = S_AB"},
    [CT_PROPERTY_2] = {.name = "property-2",
                       .reference = "Property 2",
                       .claim = "S_A <= log D with D the dimension of rho_A without its zeros"},
    [CT_PROPERTY_3] = {.name = "property-3",
                       .reference = "Property 3",
                       .claim = "S_A does not change under unitary matrices on A and on B"},
    [CT_THEOREM_1] = {.name = "theorem-1",
                      .reference = "Theorem 1",
                      .claim = "a product f_A f_B has S = 0 (and only a product has)"},
    [CT_EQ_23] = {.name = "eq-23",
                  .reference = "Eq. 23",
                  .claim = "f = sum of a_i f_A^i f_B^i with orthonormal f_A^i and sum |a_i|^2 = 1 "
                           "and m <= 2^min(NA; NB)"},
    [CT_EQ_24] = {.name = "eq-24",
                  .reference = "Eq. 24",
                  .claim = "rho_A is diagonal in the f_A^i"},
    [CT_THEOREM_2] = {.name = "theorem-2",
                      .reference = "Theorem 2",
                      .claim = "S_AB <= min(NA; NB) log 2"},
    [CT_DEFINITION_1] = {.name = "definition-1",
                         .reference = "Definition 1",
                         .claim =
                             "volume law (the paper prints S ~ O(L_AB); min(NA; NB) is meant)"},
    [CT_DEFINITION_2] = {.name = "definition-2",
                         .reference = "Definition 2",
                         .claim = "area law: S ~ O(L_AB)"},
    [CT_EQ_25] = {.name = "eq-25",
                  .reference = "Eq. 25",
                  .claim = "<f|f> = N_I: the number of label-1 images"},
    [CT_EQ_26] = {.name = "eq-26",
                  .reference = "Eq. 26",
                  .claim = "rho_A = sum of N_sAs'A / N_I |sA><s'A| with N counted image by image"},
    [CT_ASSUMPTION_1] = {.name = "assumption-1",
                         .reference = "Assumption 1",
                         .claim =
                             "label-1 images that agree on B agree on the boundary pixels of A"},
    [CT_BOUNDARY_BLOCKS] = {.name = "boundary-blocks",
                            .reference = "after Assumption 1",
                            .claim = "under Assumption 1 rho_A has a block for each image of the "
                                     "boundary pixels"},
    [CT_ASSUMPTION_2] = {.name = "assumption-2",
                         .reference = "Assumption 2",
                         .claim = "N_sAs'A depends on the pixels in R_r alone"},
    [CT_ASSUMPTION_2_CLASSES] = {.name = "assumption-2-classes",
                                 .reference = "Assumption 2",
                                 .claim = "the range r is the smallest with which N_sAs'A depends "
                                          "on R_r alone"},
    [CT_EQ_27] = {.name = "eq-27",
                  .reference = "Eq. 27",
                  .claim = "every extendable sA is in one S_sR: the |Psi_sR> are orthonormal with "
                           "factor 1/sqrt(n_sR)"},
    [CT_EQ_28] = {.name = "eq-28",
                  .reference = "Eq. 28",
                  .claim = "rho_A = sum of sqrt(n_sR n_s'R) N_sRs'R / N_I |Psi_sR><Psi_s'R| and "
                           "S <= log of the number of sR"},
    [CT_THEOREM_3] = {.name = "theorem-3",
                      .reference = "Theorem 3",
                      .claim = "S_AB <= r L_AB log 2 with L_AB the boundary pixels of A"},
    [CT_THEOREM_3_STRIP] = {.name = "theorem-3-strip",
                            .reference = "Theorem 3",
                            .claim = "S_AB <= |R_r| log 2"},
    [CT_SUBADDITIVITY] = {.name = "subadditivity",
                          .reference = "not in the paper",
                          .claim = "S(PQ) + S(P and Q) <= S(P) + S(Q) and S(P - Q) + S(Q - P) <= "
                                   "S(P) + S(Q)"},
};

void ct_say(cutropy_statement *s, const char *format, ...)
{
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->detail, sizeof s->detail, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
}

static void point_at(cutropy_statement *s, size_t cut, ct_finding finding)
{
    s->cut = cut;
    s->has_cut = 1;
    s->slack = finding.slack;
    s->slack_err = isnan(finding.slack) ? NAN : finding.error;
}

bool ct_note(cutropy_statement *s, size_t cut, ct_finding finding)
{
    const bool first = (finding.decision == CT_FAILS && s->verdict != CUTROPY_VERDICT_FAILS) ||
                       (finding.decision == CT_OPEN && s->verdict == CUTROPY_VERDICT_HOLDS);
    s->checked++;
    s->undecided += finding.decision == CT_OPEN;
    if (first) {
        s->verdict =
            finding.decision == CT_FAILS ? CUTROPY_VERDICT_FAILS : CUTROPY_VERDICT_NOT_DECIDED;
        point_at(s, cut, finding);
    } else if (s->verdict == CUTROPY_VERDICT_HOLDS &&
               (isnan(s->slack) ? !isnan(finding.slack) : finding.slack < s->slack)) {
        point_at(s, cut, finding);
    }
    return first;
}

bool ct_note_whole(cutropy_statement *s, ct_finding finding)
{
    const bool first = ct_note(s, 0, finding);
    s->has_cut = 0;
    return first;
}

void ct_leave_out(cutropy_statement *s, const char *reason)
{
    if (!s->left_out++ && !*s->detail)
        ct_say(s, "left out: %s", reason);
}

void ct_close(cutropy_statement *s, const char *reason)
{
    if (s->checked)
        return;
    s->verdict = CUTROPY_VERDICT_NOT_APPLICABLE;
    if (!*s->detail)
        ct_say(s, "%s", reason);
}

/* ---- findings ---- */

ct_finding ct_both(ct_finding x, ct_finding y)
{
    ct_finding smaller = isnan(x.slack) || y.slack < x.slack ? y : x;
    if (x.decision == CT_FAILS || y.decision == CT_FAILS) {
        smaller = x.decision == CT_FAILS ? x : y;
        smaller.decision = CT_FAILS;
    } else if (x.decision == CT_OPEN || y.decision == CT_OPEN) {
        smaller = x.decision == CT_OPEN ? x : y;
    }
    return smaller;
}

ct_finding ct_exactly(bool holds)
{
    return (ct_finding){holds ? CT_HOLDS : CT_FAILS, NAN, 0};
}

ct_finding ct_finding_at_most(ct_amount x, ct_amount y)
{
    return (ct_finding){ct_at_most(x, y), ct_slack(x.value, y.value), ct_up(x.error + y.error)};
}

ct_finding ct_finding_equal(ct_amount x, ct_amount y, double range)
{
    const double down = x.value > y.value ? ct_slack(x.value, y.value) : ct_slack(y.value, x.value);
    return (ct_finding){ct_equal(x, y, range), down, ct_up(x.error + y.error)};
}

bool ct_has_fraction(const ct_side *side)
{
    return ct_fraction_is_known(&side->fraction);
}

bool ct_is_flat(const ct_side *side)
{
    const cutropy_fraction *f = &side->fraction;
    if (side->rank_lo != side->rank_hi)
        return false;
    return side->rank_lo == 1 ||
           (f->p[0] == 1 && !f->p[1] && !f->q[1] && f->q[0] == (uint64_t)side->rank_lo);
}

bool ct_same_fraction(ct_u128 p, ct_u128 q, const cutropy_fraction *fraction)
{
    cutropy_fraction own;
    ct_fraction_make(p, q, &own);
    return ct_fraction_same(&own, fraction);
}

/* Of a bound that the numbers do not refute: a flat spectrum is decided by its rank. */
static ct_finding settle(const ct_side *side, ct_finding finding, bool rank_fits)
{
    if (finding.decision == CT_OPEN && ct_is_flat(side))
        finding.decision = rank_fits ? CT_HOLDS : CT_FAILS;
    return finding;
}

ct_finding ct_entropy_at_most(const ct_side *side, int bits)
{
    return settle(side, ct_finding_at_most(side->entropy, (ct_amount){bits, 0}),
                  bits >= 62 || side->rank_lo <= INT64_C(1) << bits);
}

ct_finding ct_entropy_at_most_log(const ct_side *side, double count)
{
    const double bound = log2(count);
    return settle(
        side, ct_finding_at_most(side->entropy, (ct_amount){bound, 2 * CT_UNIT_ROUNDOFF * bound}),
        (double)side->rank_lo <= count);
}

/* ---- all statements ---- */

void ct_decide(const ct_family_facts *family, cutropy_statement *statements)
{
    memcpy(statements, texts, sizeof texts);
    for (int i = 0; i < CT_STATEMENTS; i++)
        statements[i].slack = statements[i].slack_err = NAN;
    ct_decide_theory(family, statements);
    ct_decide_images(family, statements);
}

const char *cutropy_verdict_name(cutropy_verdict verdict)
{
    static const char *const names[] = {"holds",          "fails",     "not decided",
                                        "not applicable", "fulfilled", "not fulfilled"};
    return names[verdict];
}
