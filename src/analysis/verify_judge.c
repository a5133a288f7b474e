/* The statements of arXiv 1710.05520, judged from facts. docs/verify.md says what each one means.
 */
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analysis/verify.h"
#include "base/locale.h"

enum {
    PROPERTY_1,
    PROPERTY_2,
    PROPERTY_3,
    THEOREM_1,
    THEOREM_2,
    ASSUMPTION_1,
    EQUATION_26,
    ASSUMPTION_2,
    EQUATION_28,
    THEOREM_3,
    THEOREM_3_BOUNDARY
};

static const cutropy_statement texts[CUTROPY_STATEMENTS] = {
    {.name = "property-1", .reference = "Properties 1-3 (derived)", .claim = "S(A) = S(B)"},
    {.name = "property-2",
     .reference = "Properties 1-3 (derived)",
     .claim = "S does not change when pixels are flipped and renumbered"},
    {.name = "property-3",
     .reference = "Properties 1-3 (derived)",
     .claim =
         "S is subadditive: S(PQ) + S(P and Q) <= S(P) + S(Q) and S(P - Q) + S(Q - P) <= S(P) + "
         "S(Q)"},
    {.name = "theorem-1", .reference = "Theorem 1", .claim = "f is a product exactly if S = 0"},
    {.name = "theorem-2", .reference = "Theorem 2", .claim = "S <= min(NA; NB) log 2"},
    {.name = "assumption-1",
     .reference = "Assumption 1",
     .claim = "label-1 images that agree on B agree on the boundary pixels of A"},
    {.name = "eq-26",
     .reference = "Eq. 26 (derived)",
     .claim = "under Assumption 1 rho_A does not mix different images of the boundary pixels"},
    {.name = "assumption-2",
     .reference = "Assumption 2",
     .claim = "the row class of every extendable sA depends on its pixels in R_r alone"},
    {.name = "eq-28",
     .reference = "Eq. 28 (derived)",
     .claim = "under Assumption 2 the rank of rho_A is at most the number of images of R_r"},
    {.name = "theorem-3", .reference = "Theorem 3", .claim = "S <= |R_r| log 2"},
    {.name = "theorem-3-boundary", .reference = "Theorem 3", .claim = "S <= r L_AB log 2"},
};

/* ---- bookkeeping
 * ----------------------------------------------------------------------------------------------
 */

static void say(cutropy_statement *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(cutropy_statement *s, const char *format, ...)
{
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->detail, sizeof s->detail, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
}

/* Counts a check; true when it is the first counter-example, whose numbers the caller then tells.
 */
static bool refuted(cutropy_statement *s, size_t cut, bool holds)
{
    s->checked++;
    if (holds || s->verdict == CUTROPY_COUNTEREXAMPLE)
        return false;
    s->verdict = CUTROPY_COUNTEREXAMPLE;
    s->cut = cut;
    return true;
}

static void close_statement(cutropy_statement *s, const char *reason)
{
    if (s->checked || s->verdict == CUTROPY_COUNTEREXAMPLE)
        return;
    s->verdict = CUTROPY_NOT_APPLICABLE;
    if (!*s->detail)
        say(s, "%s", reason);
}

/* Bounds on the rounding of sums of a few entropies. */
static double rounding(double sum)
{
    return 8 * DBL_EPSILON * fabs(sum);
}

/* ---- properties
 * ------------------------------------------------------------------------------------------------
 */

static bool equal(ct_amount x, ct_amount y)
{
    return fabs(x.value - y.value) <= x.error + y.error + rounding(x.value);
}

static bool same_side(const ct_side *x, const ct_side *y)
{
    const bool exact = x->purity.q[0] | x->purity.q[1];
    return equal(x->entropy, y->entropy) && x->rank_lo <= y->rank_hi && y->rank_lo <= x->rank_hi &&
           (!exact || !memcmp(&x->purity, &y->purity, sizeof x->purity));
}

static void tell_sides(cutropy_statement *s, const ct_side *x, const ct_side *y)
{
    say(s, "S = %.17g +- %.1e and %.17g +- %.1e; rank %lld..%lld and %lld..%lld%s",
        x->entropy.value, x->entropy.error, y->entropy.value, y->entropy.error,
        (long long)x->rank_lo, (long long)x->rank_hi, (long long)y->rank_lo, (long long)y->rank_hi,
        memcmp(&x->purity, &y->purity, sizeof x->purity) ? "; purities differ" : "");
}

static void judge_sides(const ct_evidence *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        if (refuted(&s[PROPERTY_1], i, same_side(&f->here, &f->other)))
            tell_sides(&s[PROPERTY_1], &f->here, &f->other);
        if (!*e->no_moved && refuted(&s[PROPERTY_2], i, same_side(&f->here, &f->moved)))
            tell_sides(&s[PROPERTY_2], &f->here, &f->moved);
    }
    close_statement(&s[PROPERTY_2], e->no_moved);
}

static bool at_most(ct_amount x, ct_amount y, ct_amount p, ct_amount q)
{
    return x.value + y.value <=
           p.value + q.value + x.error + y.error + p.error + q.error + rounding(p.value + q.value);
}

static void judge_pairs(const ct_evidence *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->pairs; i++) {
        const ct_pair *c = &e->pair[i];
        const bool union_holds = at_most(c->both, c->meet, c->p, c->q);
        if (refuted(s, c->first, union_holds && at_most(c->p_only, c->q_only, c->p, c->q)))
            say(s, "with the next cut: S(P) + S(Q) = %.17g but the left side is %.17g",
                c->p.value + c->q.value,
                union_holds ? c->p_only.value + c->q_only.value : c->both.value + c->meet.value);
    }
    close_statement(s, "it compares two cuts and the family has one");
}

/* ---- theorems 1 and 2
 * ------------------------------------------------------------------------------------------------
 */

static bool is_zero(ct_amount x)
{
    return fabs(x.value) <= x.error;
}

/* One cut: S = 0 exactly if the cut matrix has rank 1. */
static void judge_cut_product(const ct_facts *f, size_t i, cutropy_statement *s)
{
    const ct_side *here = &f->here;
    bool holds;
    if (f->product >= 0)
        holds = f->product ? is_zero(here->entropy) && here->rank_lo <= 1
                           : here->entropy.value > 0 && here->rank_hi > 1;
    else if (here->rank_hi == 1)
        holds = is_zero(here->entropy);
    else
        holds = here->rank_lo == 1 || here->entropy.value > 0;
    if (refuted(s, i, holds))
        say(s, "the cut matrix has rank %s but S = %.17g +- %.1e and the rank is %lld..%lld",
            f->product == 1   ? "1 (minors)"
            : f->product == 0 ? "2 or more (minors)"
                              : "as printed",
            here->entropy.value, here->entropy.error, (long long)here->rank_lo,
            (long long)here->rank_hi);
}

static void judge_theorem_1(const ct_evidence *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        judge_cut_product(f, i, s);
        if (e->product == 1 && s->verdict != CUTROPY_COUNTEREXAMPLE && !is_zero(f->here.entropy)) {
            s->verdict = CUTROPY_COUNTEREXAMPLE;
            s->cut = i;
            say(s, "f is a product of functions of one pixel but S = %.17g", f->here.entropy.value);
        }
    }
    if (s->verdict == CUTROPY_COUNTEREXAMPLE)
        return;
    if (e->product == 0 && !(e->site.value > 0)) {
        s->verdict = CUTROPY_COUNTEREXAMPLE;
        say(s, "f is no product of functions of one pixel but every pixel has S = 0");
    } else if (e->product < 0) {
        say(s, "by rank brackets: products of rounded numbers are not recognised");
    } else {
        say(s, e->product ? "f is a product of functions of one pixel" : "f is no product");
    }
}

static void judge_theorem_2(const ct_evidence *e, cutropy_statement *s)
{
    double closest = INFINITY;
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        const int bound = f->range.na < f->nb ? f->range.na : f->nb;
        const ct_amount here = f->here.entropy;
        const bool rank = bound >= 62 || f->here.rank_lo <= INT64_C(1) << bound;
        if (refuted(s, i, here.value <= bound + here.error && rank))
            say(s, "S = %.17g bits > %d or rank %lld > 2^%d", here.value, bound,
                (long long)f->here.rank_lo, bound);
        closest = fmin(closest, bound - here.value);
    }
    if (s->verdict == CUTROPY_HELD)
        say(s, "smallest distance from the bound: %.3g bits", closest);
}

/* ---- assumption 1 and the blocks of rho_A
 * ----------------------------------------------------------------------------------------------
 */

static void judge_assumption(cutropy_statement *s, size_t i, bool fulfilled)
{
    s->checked++;
    if (fulfilled)
        return;
    if (s->verdict != CUTROPY_NOT_FULFILLED)
        s->cut = i;
    s->verdict = CUTROPY_NOT_FULFILLED;
    s->left_out++;
}

static void judge_assumption_1(const ct_evidence *e, cutropy_statement *s)
{
    s->verdict = CUTROPY_FULFILLED;
    for (size_t i = 0; i < e->count; i++)
        judge_assumption(s, i, e->facts[i].range.assumption1);
    say(s, "fulfilled on %zu of %zu cuts", s->checked - s->left_out, s->checked);
}

static void judge_equation_26(const ct_evidence *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        if (!f->range.assumption1 || e->no_zero) {
            s->left_out++;
            continue;
        }
        if (refuted(s, i, f->rim_images == f->rest_images))
            say(s, "%llu images of B but %llu of B with the boundary pixels of A",
                (unsigned long long)f->rest_images, (unsigned long long)f->rim_images);
    }
    close_statement(s, e->no_zero ? "labels +1/-1 are never zero: every image counts"
                                  : "Assumption 1 is fulfilled on no cut");
}

/* ---- assumption 2, the rank of rho_A and theorem 3
 * -----------------------------------------------------------------------------------------------
 */

static void judge_assumption_2(const ct_evidence *e, cutropy_statement *s)
{
    int largest = 0, full = 0;
    s->verdict = CUTROPY_FULFILLED;
    for (size_t i = 0; i < e->count; i++) {
        const cutropy_range *r = &e->facts[i].range;
        judge_assumption(s, i, r->range != CUTROPY_NO_RANGE);
        largest = r->range > largest ? r->range : largest;
        full += r->range == r->depth && r->depth > 0;
    }
    say(s, "with r = %d at most; on %d of %zu cuts r is the depth of A", largest, full, e->count);
}

static void judge_equation_28(const ct_evidence *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        const double images = (double)f->strip_images;
        if (!f->strip_images) {
            s->left_out++;
            continue;
        }
        if (refuted(s, i,
                    (double)f->here.rank_lo <= images && (double)f->range.classes[0] <= images &&
                        f->here.entropy.value <=
                            log2(images) + f->here.entropy.error + rounding(log2(images))))
            say(s, "rank %lld and %lld classes and S = %.17g bits with %llu images of R_%d",
                (long long)f->here.rank_lo, (long long)f->range.classes[0], f->here.entropy.value,
                (unsigned long long)f->strip_images, f->range.range);
    }
    close_statement(s, "no cut has a range");
}

static void judge_theorem_3(const ct_evidence *e, cutropy_statement *strip,
                            cutropy_statement *boundary)
{
    double slack = INFINITY;
    size_t longer = 0;
    for (size_t i = 0; i < e->count; i++) {
        const ct_facts *f = &e->facts[i];
        const cutropy_range *r = &f->range;
        const ct_amount here = f->here.entropy;
        if (r->range == CUTROPY_NO_RANGE) {
            strip->left_out++;
            boundary->left_out++;
            continue;
        }
        const double bound = (double)r->range * r->boundary;
        if (refuted(strip, i, here.value <= r->range_pixels + here.error))
            say(strip, "S = %.17g bits > |R_%d| = %d", here.value, r->range, r->range_pixels);
        if (refuted(boundary, i, here.value <= bound + here.error))
            say(boundary, "S = %.17g bits > r L_AB = %d * %d; |R_r| = %d", here.value, r->range,
                r->boundary, r->range_pixels);
        longer += r->range_pixels > bound;
        slack = fmin(slack, r->range_pixels - here.value);
    }
    close_statement(strip, "no cut has a range");
    close_statement(boundary, "no cut has a range");
    if (strip->verdict == CUTROPY_HELD)
        say(strip, "smallest slack %.3g bits", slack);
    if (boundary->verdict == CUTROPY_HELD && longer)
        say(boundary, "on %zu cuts |R_r| > r L_AB: there it does not follow from the strip",
            longer);
    else if (boundary->verdict == CUTROPY_HELD)
        say(boundary, "|R_r| <= r L_AB on every cut");
}

void ct_judge(const ct_evidence *evidence, cutropy_statement *statements)
{
    memcpy(statements, texts, sizeof texts);
    judge_sides(evidence, statements);
    judge_pairs(evidence, &statements[PROPERTY_3]);
    judge_theorem_1(evidence, &statements[THEOREM_1]);
    judge_theorem_2(evidence, &statements[THEOREM_2]);
    judge_assumption_1(evidence, &statements[ASSUMPTION_1]);
    judge_equation_26(evidence, &statements[EQUATION_26]);
    judge_assumption_2(evidence, &statements[ASSUMPTION_2]);
    judge_equation_28(evidence, &statements[EQUATION_28]);
    judge_theorem_3(evidence, &statements[THEOREM_3], &statements[THEOREM_3_BOUNDARY]);
}

const char *cutropy_verdict_name(cutropy_verdict verdict)
{
    static const char *const names[] = {"held", "counter-example", "not applicable", "fulfilled",
                                        "not fulfilled"};
    return names[verdict];
}
