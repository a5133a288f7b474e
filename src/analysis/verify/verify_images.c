/* SPDX-License-Identifier: Apache-2.0 */
/* Section IV of the paper: the density matrix of a set of images, Assumptions 1 and 2, Theorem 3.
 */
#include "analysis/verify/verify_decide.h"

/* ---- Eq. 25 and 26 ---- */

static void decide_counts(const ct_family_facts *e, cutropy_statement *s)
{
    if (!e->why && e->plain &&
        ct_note_whole(&s[CT_EQ_25], ct_exactly(e->images == e->ones && e->norm == e->ones)))
        ct_say(&s[CT_EQ_25], "%llu images were found and the run has %llu",
               (unsigned long long)e->images, (unsigned long long)e->ones);
    for (size_t i = 0; i < e->count && e->plain; i++) {
        const ct_cut_facts *f = &e->cut[i];
        const ct_tally *t = &f->tally;
        if (!t->counted)
            ct_leave_out(&s[CT_EQ_26], t->why ? t->why : "too many numbers N to count");
        else if (ct_note(&s[CT_EQ_26], i,
                         ct_exactly(t->common_trace == e->norm &&
                                    ct_same_fraction(t->common_square, e->norm * e->norm,
                                                     &f->here.fraction))))
            ct_say(&s[CT_EQ_26], "the counted N give another trace or purity than the table");
    }
    const char *reason = e->plain ? e->why : "Section IV is about labels 0 and 1";
    ct_close(&s[CT_EQ_25], reason ? reason : "nothing was counted");
    ct_close(&s[CT_EQ_26], reason ? reason : "nothing was counted");
}

/* ---- Assumption 1 and its blocks ---- */

static void decide_assumption(cutropy_statement *s, size_t i, bool fulfilled)
{
    s->checked++;
    if (fulfilled)
        return;
    if (s->verdict != CUTROPY_VERDICT_NOT_FULFILLED) {
        s->cut = i;
        s->has_cut = 1;
    }
    s->verdict = CUTROPY_VERDICT_NOT_FULFILLED;
    s->left_out++;
}

static void decide_assumption_1(const ct_family_facts *e, cutropy_statement *s)
{
    s->verdict = CUTROPY_VERDICT_FULFILLED;
    for (size_t i = 0; i < e->count; i++)
        decide_assumption(s, i, e->cut[i].range.assumption1);
    ct_say(s, "fulfilled on %zu of %zu cuts; Theorem 3 does not need it", s->checked - s->left_out,
           s->checked);
}

static void decide_blocks(const ct_family_facts *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->count; i++) {
        const ct_cut_facts *f = &e->cut[i];
        if (e->no_zero)
            ct_leave_out(s, "labels +1/-1 are never zero: every image counts");
        else if (!f->range.assumption1)
            ct_leave_out(s, "Assumption 1 is not fulfilled");
        else if (ct_note(s, i, ct_exactly(f->rim_images == f->rest_images)))
            ct_say(s, "%llu images of B but %llu of B with the boundary pixels of A",
                   (unsigned long long)f->rest_images, (unsigned long long)f->rim_images);
    }
    ct_close(s, "nothing to check");
}

/* ---- Assumption 2 and Eq. 27 and 28 ---- */

static void decide_assumption_2(const ct_family_facts *e, cutropy_statement *s)
{
    int largest = 0;
    size_t full = 0;
    s->verdict = CUTROPY_VERDICT_FULFILLED;
    for (size_t i = 0; i < e->count; i++) {
        const cutropy_range *r = &e->cut[i].range;
        decide_assumption(s, i, r->range != CUTROPY_NO_RANGE);
        largest = r->range > largest ? r->range : largest;
        full += r->range == r->depth && r->depth > 0;
    }
    ct_say(s, "with r = %d at most; on %zu of %zu cuts r is the depth of A", largest, full,
           e->count);
}

static void decide_strip(const ct_family_facts *e, size_t i, cutropy_statement *s)
{
    const ct_cut_facts *f = &e->cut[i];
    const ct_tally *t = &f->tally;
    if (ct_note(&s[CT_ASSUMPTION_2_CLASSES], i, ct_exactly(t->needed && t->sufficient)))
        ct_say(&s[CT_ASSUMPTION_2_CLASSES], "r = %d is %s", f->range.range,
               t->sufficient ? "not the smallest" : "too small");
    if (ct_note(&s[CT_EQ_27], i,
                ct_exactly(t->strip_members == t->extendable &&
                           (uint64_t)t->strips == f->strip_images)))
        ct_say(&s[CT_EQ_27],
               "%lld sA in all S_sR of %lld extendable ones; %lld images of R_%d but %llu by "
               "counting",
               (long long)t->strip_members, (long long)t->extendable, (long long)t->strips,
               f->range.range, (unsigned long long)f->strip_images);
    const bool sums = t->strip_trace == e->norm &&
                      ct_same_fraction(t->strip_square, e->norm * e->norm, &f->here.fraction);
    const double images = (double)f->strip_images;
    const bool ranks = (double)f->here.rank_lo <= images &&
                       (!f->range.na || !f->nb || (double)f->range.classes[0] <= images);
    if (ct_note(&s[CT_EQ_28], i,
                ct_both(ct_entropy_at_most_log(&f->here, images), ct_exactly(sums && ranks))))
        ct_say(&s[CT_EQ_28],
               "rank %lld and %lld classes and S = %.17g +- %.1e bits with %llu images of R_%d; "
               "trace and purity %s",
               (long long)f->here.rank_lo, (long long)f->range.classes[0], f->here.entropy.value,
               f->here.entropy.error, (unsigned long long)f->strip_images, f->range.range,
               sums ? "agree" : "differ");
}

static void decide_strips(const ct_family_facts *e, cutropy_statement *s)
{
    size_t printed = 0;
    for (size_t i = 0; i < e->count && e->plain; i++) {
        const ct_cut_facts *f = &e->cut[i];
        const char *reason = f->range.range == CUTROPY_NO_RANGE ? "no r will do"
                             : f->tally.counted                 ? NULL
                             : f->tally.why                     ? f->tally.why
                                                                : "too many numbers N to count";
        for (int k = CT_ASSUMPTION_2_CLASSES; k <= CT_EQ_28 && reason; k++)
            ct_leave_out(&s[k], reason);
        if (reason)
            continue;
        decide_strip(e, i, s);
        printed += f->tally.printed_trace == e->norm;
    }
    for (int k = CT_ASSUMPTION_2_CLASSES; k <= CT_EQ_28; k++)
        ct_close(&s[k], e->plain ? "nothing was counted" : "Section IV is about labels 0 and 1");
    if (s[CT_EQ_28].verdict == CUTROPY_VERDICT_HOLDS)
        ct_say(&s[CT_EQ_28], "as printed (without the root) the trace is 1 on %zu of %zu cuts only",
               printed, s[CT_EQ_28].checked);
}

/* ---- Theorem 3 ---- */

static void decide_theorem_3(const ct_family_facts *e, cutropy_statement *boundary,
                             cutropy_statement *strip)
{
    size_t longer = 0;
    for (size_t i = 0; i < e->count; i++) {
        const ct_cut_facts *f = &e->cut[i];
        const cutropy_range *r = &f->range;
        if (r->range == CUTROPY_NO_RANGE) {
            ct_leave_out(strip, "no r will do");
            ct_leave_out(boundary, "no r will do");
            continue;
        }
        const int bound = r->range * r->boundary_pixels;
        longer += r->range_pixels > bound;
        if (ct_note(boundary, i, ct_entropy_at_most(&f->here, bound)))
            ct_say(boundary, "S = %.17g +- %.1e bits and r L_AB = %d * %d; |R_r| = %d%s",
                   f->here.entropy.value, f->here.entropy.error, r->range, r->boundary_pixels,
                   r->range_pixels,
                   r->range_pixels > bound
                       ? " is more than that: the paper's count of sR fails here"
                       : "");
        if (ct_note(strip, i, ct_entropy_at_most(&f->here, r->range_pixels)))
            ct_say(strip, "S = %.17g +- %.1e bits and |R_%d| = %d", f->here.entropy.value,
                   f->here.entropy.error, r->range, r->range_pixels);
    }
    ct_close(strip, "no r will do");
    ct_close(boundary, "no r will do");
    if (boundary->verdict == CUTROPY_VERDICT_HOLDS)
        ct_say(boundary, "on %zu of %zu cuts |R_r| > r L_AB: there the paper's count of sR fails",
               longer, boundary->checked);
}

void ct_decide_images(const ct_family_facts *e, cutropy_statement *s)
{
    decide_counts(e, s);
    decide_assumption_1(e, &s[CT_ASSUMPTION_1]);
    decide_blocks(e, &s[CT_BOUNDARY_BLOCKS]);
    decide_assumption_2(e, &s[CT_ASSUMPTION_2]);
    decide_strips(e, s);
    decide_theorem_3(e, &s[CT_THEOREM_3], &s[CT_THEOREM_3_STRIP]);
}
