/* SPDX-License-Identifier: Apache-2.0 */
/* Section III of the paper: density matrices, Properties 1-3, Theorems 1 and 2, the Schmidt
 * decomposition. */
#include "analysis/verify/verify_decide.h"

#define ROUNDED 0x1p-40 /* a product but for rounding: its entries, relatively */
#define NONE "the density matrix is too large for the literal road (docs/verify.md)"

/* Why the literal road has nothing on a side. */
static const char *no_matrix(const ct_tally *t)
{
    return t->why ? t->why : NONE;
}

static double whole_range(const ct_tally *t)
{
    const int64_t least = t->count[0] < t->count[1] ? t->count[0] : t->count[1];
    return fmax(1, log2((double)least));
}

/* ---- Eq. 12 to 17: the whole image ---- */

static void decide_whole(const ct_family_facts *e, cutropy_statement *s)
{
    static const ct_amount zero = {0, 0}, one = {1, 0};
    const bool integers = e->kind == CUTROPY_KIND_LABEL || e->kind == CUTROPY_KIND_INTEGER;
    const ct_tally *w = &e->whole;
    const ct_u128 t = e->norm;
    const char *why = e->why ? e->why : w->why;
    if (!e->why && ct_note_whole(&s[CT_EQ_12], integers ? ct_exactly(e->listed == t)
                                                        : ct_finding_equal(e->norm_ratio, one, 1)))
        ct_say(&s[CT_EQ_12], "the sum over all images is %.17g of the norm", e->norm_ratio.value);
    if (!why && w->summed[0]) {
        if (ct_note_whole(&s[CT_EQ_13], integers ? ct_exactly(w->square[0] == t * t)
                                                 : ct_finding_equal(w->purity[0], one, 1)))
            ct_say(&s[CT_EQ_13], "Tr rho^2 = %.17g +- %.1e", w->purity[0].value,
                   w->purity[0].error);
        if (ct_note_whole(&s[CT_EQ_15], integers ? ct_exactly(w->trace[0] == t)
                                                 : ct_finding_equal(w->unit[0], one, 1)))
            ct_say(&s[CT_EQ_15], "Tr rho = %.17g +- %.1e", w->unit[0].value, w->unit[0].error);
    }
    if (!why && w->problem[0].solved &&
        ct_note_whole(&s[CT_EQ_17], ct_finding_equal(w->problem[0].entropy, zero,
                                                     fmax(1, log2((double)w->count[0])))))
        ct_say(&s[CT_EQ_17], "S = %.17g +- %.1e", w->problem[0].entropy.value,
               w->problem[0].entropy.error);
    ct_close(&s[CT_EQ_12], why ? why : NONE);
    ct_close(&s[CT_EQ_13], why ? why : NONE);
    ct_close(&s[CT_EQ_15], why ? why : NONE);
    ct_close(&s[CT_EQ_17], why ? why : NONE);
}

/* ---- Eq. 20 to 22: the reduced density matrix ---- */

static void decide_matrix(const ct_family_facts *e, const ct_cut_facts *f, size_t i,
                          cutropy_statement *s)
{
    static const ct_amount one = {1, 0};
    const ct_tally *t = &f->tally;
    const bool exact = ct_has_fraction(&f->here), whole = !f->range.na || !f->nb;
    if (!t->summed[0]) {
        for (int k = CT_EQ_20; k <= CT_EQ_22; k++)
            ct_leave_out(&s[k], no_matrix(t));
        return;
    }
    ct_finding purity = ct_finding_equal(t->purity[0], f->here.purity, 1);
    if (exact)
        purity = ct_exactly(ct_same_fraction(t->square[0], e->norm * e->norm, &f->here.fraction));
    const bool classes =
        whole || (t->count[0] == f->range.classes[0] && t->count[1] == f->range.classes[1]);
    if (ct_note(&s[CT_EQ_20], i, ct_both(purity, ct_exactly(classes))))
        ct_say(&s[CT_EQ_20],
               "purity %.17g but %.17g in the table; %lld and %lld classes but %lld and %lld",
               t->purity[0].value, f->here.purity.value, (long long)t->count[0],
               (long long)t->count[1], (long long)f->range.classes[0],
               (long long)f->range.classes[1]);
    if (ct_note(&s[CT_EQ_21], i,
                exact ? ct_exactly(t->trace[0] == e->norm) : ct_finding_equal(t->unit[0], one, 1)))
        ct_say(&s[CT_EQ_21], "Tr rho_A = %.17g +- %.1e", t->unit[0].value, t->unit[0].error);
    if (!t->problem[0].solved)
        ct_leave_out(&s[CT_EQ_22], NONE);
    else if (ct_note(&s[CT_EQ_22], i,
                     ct_finding_equal(t->problem[0].entropy, f->here.entropy, whole_range(t))))
        ct_say(&s[CT_EQ_22], "S = %.17g +- %.1e but %.17g +- %.1e in the table",
               t->problem[0].entropy.value, t->problem[0].entropy.error, f->here.entropy.value,
               f->here.entropy.error);
}

/* ---- Properties 1 to 3 ---- */

static void decide_property_1(const ct_family_facts *e, const ct_cut_facts *f, size_t i,
                              cutropy_statement *s)
{
    const ct_tally *t = &f->tally;
    const ct_eigenproblem *a = &t->problem[0], *b = &t->problem[1];
    if (!a->solved || !b->solved) {
        ct_leave_out(s, no_matrix(t));
        return;
    }
    ct_finding finding = ct_both(ct_finding_equal(a->entropy, b->entropy, whole_range(t)),
                                 ct_finding_equal(b->entropy, f->here.entropy, whole_range(t)));
    if (ct_has_fraction(&f->here))
        finding = ct_both(finding, ct_exactly(ct_same_fraction(t->square[1], e->norm * e->norm,
                                                               &f->here.fraction)));
    if (ct_note(s, i, ct_both(finding, ct_exactly(b->clear <= f->here.rank_hi))))
        ct_say(s,
               "S_A = %.17g +- %.1e and S_B = %.17g +- %.1e and S_AB = %.17g +- %.1e; purity of B "
               "%.17g; rank of B at least %lld",
               a->entropy.value, a->entropy.error, b->entropy.value, b->entropy.error,
               f->here.entropy.value, f->here.entropy.error, t->purity[1].value,
               (long long)b->clear);
}

static void decide_property_2(const ct_cut_facts *f, size_t i, cutropy_statement *s)
{
    if (ct_note(s, i, ct_entropy_at_most_log(&f->here, (double)f->here.rank_hi)))
        ct_say(s, "S = %.17g +- %.1e and D = %lld", f->here.entropy.value, f->here.entropy.error,
               (long long)f->here.rank_hi);
}

static void decide_property_3(const ct_cut_facts *f, size_t i, cutropy_statement *s)
{
    const ct_side *x = &f->here, *y = &f->rotated;
    const int least = f->range.na < f->nb ? f->range.na : f->nb;
    if (f->no_rotated) {
        ct_leave_out(s, f->no_rotated);
        return;
    }
    const bool exact = ct_has_fraction(x) && ct_has_fraction(y);
    /* a reflection rounds real and complex functions, and that decides over small Schmidt values */
    const bool ranks =
        (!exact && f->reflected) || (x->rank_lo <= y->rank_hi && y->rank_lo <= x->rank_hi);
    const bool purities = !exact || ct_fraction_same(&x->fraction, &y->fraction);
    if (ct_note(s, i,
                ct_both(ct_finding_equal(x->entropy, y->entropy, least > 1 ? least : 1),
                        ct_exactly(ranks && purities))))
        ct_say(s, "S = %.17g +- %.1e became %.17g +- %.1e; rank %lld..%lld became %lld..%lld%s",
               x->entropy.value, x->entropy.error, y->entropy.value, y->entropy.error,
               (long long)x->rank_lo, (long long)x->rank_hi, (long long)y->rank_lo,
               (long long)y->rank_hi, purities ? "" : "; the purity changed");
}

/* ---- Theorems 1 and 2, the Schmidt decomposition ---- */

/* 1: f is a product across the cut, 0: it is not, -1: not known. */
static int product_of(const ct_cut_facts *f)
{
    if (f->tally.product >= 0)
        return f->tally.product;
    return f->here.rank_hi == 1 ? 1 : f->here.rank_lo > 1 ? 0 : -1;
}

/* Entries within a relative distance e of a product: the angle between the two states has a sine of
 * at most e, which is their trace distance, and S <= e log(d - 1) + H2(e) (Fannes, Audenaert). */
static ct_finding near_product(const ct_cut_facts *f, double e)
{
    const int least = f->range.na < f->nb ? f->range.na : f->nb;
    const double bound = e * least - e * log2(e) - (1 - e) * log1p(-e) / log(2);
    return ct_finding_equal(f->here.entropy, (ct_amount){0, ct_up(bound * 1.0001)}, 1);
}

static ct_finding exact_product(const ct_side *here, bool product)
{
    static const ct_amount zero = {0, 0};
    if (product)
        return ct_both(ct_finding_equal(here->entropy, zero, 1), ct_exactly(here->rank_lo <= 1));
    ct_finding finding = ct_finding_at_most(zero, here->entropy);
    if (finding.decision == CT_HOLDS && finding.slack <= finding.error)
        finding.decision = here->rank_lo > 1   ? CT_HOLDS /* rank 2 has S > 0, however small */
                           : finding.error > 0 ? CT_OPEN
                                               : CT_FAILS; /* S > 0, not S >= 0 */
    return ct_both(finding, ct_exactly(here->rank_hi > 1));
}

static void decide_theorem_1(const ct_family_facts *e, const ct_cut_facts *f, size_t i,
                             cutropy_statement *s)
{
    const ct_side *here = &f->here;
    const int product = e->product == 1 ? 1 : product_of(f);
    const double near = f->tally.near_product;
    ct_finding finding = ct_exactly(true);
    if (product < 0 && !(near < ROUNDED)) {
        ct_leave_out(s, "rounded numbers: the rank does not say whether f is a product");
        return;
    }
    if (product >= 0)
        finding = exact_product(here, product);
    if (near < ROUNDED)
        finding = ct_both(finding, near_product(f, near));
    if (ct_note(s, i, finding))
        ct_say(s, "%s; S = %.17g +- %.1e and the rank is %lld..%lld",
               product == 1   ? "a product"
               : product == 0 ? "no product"
                              : "a product but for rounding",
               here->entropy.value, here->entropy.error, (long long)here->rank_lo,
               (long long)here->rank_hi);
}

static void decide_schmidt(const ct_cut_facts *f, size_t i, cutropy_statement *s)
{
    static const ct_amount zero = {0, 0};
    const ct_schmidt *d = &f->tally.schmidt;
    const int least = f->range.na < f->nb ? f->range.na : f->nb;
    if (!d->solved) {
        ct_leave_out(&s[CT_EQ_23], no_matrix(&f->tally));
        ct_leave_out(&s[CT_EQ_24], no_matrix(&f->tally));
        return;
    }
    ct_finding finding =
        ct_both(ct_finding_equal(d->rebuilt, zero, 1),
                ct_both(ct_finding_equal(d->skew, zero, 1), ct_finding_equal(d->weight, zero, 1)));
    const bool terms = least >= 62 || f->here.rank_lo <= INT64_C(1) << least;
    if (ct_note(&s[CT_EQ_23], i, ct_both(finding, ct_exactly(terms))))
        ct_say(&s[CT_EQ_23],
               "f - sum: %.2e; <f_A^i|f_A^j> - delta: %.2e; sum |a_i|^2 - 1: %.2e; all +- %.1e; m "
               ">= %lld",
               d->rebuilt.value, d->skew.value, d->weight.value, d->rebuilt.error,
               (long long)f->here.rank_lo);
    if (ct_note(&s[CT_EQ_24], i, ct_finding_equal(d->off_diagonal, zero, 1)))
        ct_say(&s[CT_EQ_24], "off the diagonal: %.2e +- %.1e", d->off_diagonal.value,
               d->off_diagonal.error);
}

static void decide_theorem_2(const ct_cut_facts *f, size_t i, cutropy_statement *s)
{
    const int bound = f->range.na < f->nb ? f->range.na : f->nb;
    const bool rank = bound >= 62 || f->here.rank_lo <= INT64_C(1) << bound;
    if (ct_note(s, i, ct_both(ct_entropy_at_most(&f->here, bound), ct_exactly(rank))))
        ct_say(s, "S = %.17g +- %.1e bits and rank %lld with min(NA; NB) = %d",
               f->here.entropy.value, f->here.entropy.error, (long long)f->here.rank_lo, bound);
}

/* ---- Definitions 1 and 2: nothing to refute on one lattice ---- */

static void describe_laws(const ct_family_facts *e, cutropy_statement *s)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {0, 0};
    for (size_t i = 0; i < e->count; i++) {
        const ct_cut_facts *f = &e->cut[i];
        const int length[2] = {f->range.na < f->nb ? f->range.na : f->nb, f->range.boundary_pixels};
        for (int k = 0; k < 2; k++)
            if (length[k]) {
                low[k] = fmin(low[k], f->here.entropy.value / length[k]);
                high[k] = fmax(high[k], f->here.entropy.value / length[k]);
            }
    }
    for (int k = 0; k < 2; k++) {
        if (low[k] <= high[k])
            ct_say(&s[CT_DEFINITION_1 + k],
                   "a law for large lattices: nothing to refute on one; S / %s is %.4g .. %.4g "
                   "bits here; cutropy scaling compares the laws",
                   k ? "L_AB" : "min(NA; NB)", low[k] + 0.0, high[k]);
        ct_close(&s[CT_DEFINITION_1 + k], "a law for large lattices: nothing to refute on one");
    }
}

/* ---- not in the paper ---- */

static bool same_records(const ct_side *x, const ct_side *y, const ct_side *p, const ct_side *q)
{
    return (x->record == p->record && y->record == q->record) ||
           (x->record == q->record && y->record == p->record);
}

/* S(x) + S(y) <= S(p) + S(q); the same two numbers on both sides are equal, and flat spectra are
 * compared by their ranks. */
static ct_finding pair_at_most(const ct_side *x, const ct_side *y, const ct_side *p,
                               const ct_side *q)
{
    ct_finding finding =
        ct_finding_at_most(ct_plus(x->entropy, y->entropy), ct_plus(p->entropy, q->entropy));
    if (finding.decision != CT_OPEN)
        return finding;
    if (same_records(x, y, p, q))
        finding.decision = CT_HOLDS;
    else if (ct_is_flat(x) && ct_is_flat(y) && ct_is_flat(p) && ct_is_flat(q))
        finding.decision =
            (ct_u128)x->rank_lo * (ct_u128)y->rank_lo <= (ct_u128)p->rank_lo * (ct_u128)q->rank_lo
                ? CT_HOLDS
                : CT_FAILS;
    return finding;
}

static void decide_pairs(const ct_family_facts *e, cutropy_statement *s)
{
    for (size_t i = 0; i < e->pairs; i++) {
        const ct_pair *c = &e->pair[i];
        const ct_finding both = pair_at_most(&c->both, &c->meet, &c->p, &c->q);
        const ct_finding apart = pair_at_most(&c->p_only, &c->q_only, &c->p, &c->q);
        if (ct_note(s, c->first, ct_both(both, apart)))
            ct_say(s, "with the next cut: S(P) + S(Q) = %.17g and the left sides are %.17g; %.17g",
                   c->p.entropy.value + c->q.entropy.value,
                   c->both.entropy.value + c->meet.entropy.value,
                   c->p_only.entropy.value + c->q_only.entropy.value);
    }
    ct_close(s, "it compares two cuts and the family has one");
}

void ct_decide_theory(const ct_family_facts *e, cutropy_statement *s)
{
    size_t reflected = 0;
    decide_whole(e, s);
    for (size_t i = 0; i < e->count; i++) {
        const ct_cut_facts *f = &e->cut[i];
        decide_matrix(e, f, i, s);
        decide_property_1(e, f, i, &s[CT_PROPERTY_1]);
        decide_property_2(f, i, &s[CT_PROPERTY_2]);
        decide_property_3(f, i, &s[CT_PROPERTY_3]);
        decide_theorem_1(e, f, i, &s[CT_THEOREM_1]);
        decide_schmidt(f, i, s);
        decide_theorem_2(f, i, &s[CT_THEOREM_2]);
        reflected += !f->no_rotated && f->reflected;
    }
    describe_laws(e, s);
    decide_pairs(e, &s[CT_SUBADDITIVITY]);
    for (int k = CT_EQ_20; k <= CT_THEOREM_2; k++)
        ct_close(&s[k], "no cut is within the limits");
    if (s[CT_PROPERTY_3].verdict == CUTROPY_VERDICT_HOLDS && !*s[CT_PROPERTY_3].detail)
        ct_say(&s[CT_PROPERTY_3],
               "permutations; on %zu cuts reflections of a pixel of A and of B "
               "as well",
               reflected);
}
