/* SPDX-License-Identifier: Apache-2.0 */
/* All roots of a square-free polynomial whose roots are real and positive.
 *
 * Laguerre's iteration from below runs monotonically into the smallest root; dividing it out
 * (forward, smallest first: the stable order) leaves the next one. These starting values are
 * refined by Newton's iteration and trusted in nothing: d disjoint intervals with a change of sign
 * each, for degree d, are the proof (J.-L. Lagrange; Parlett, The Symmetric Eigenvalue Problem). */
#include "certify/algebra_parts.h"

#define ITERATIONS 200

arf_ptr ct_arf_vector(int64_t count)
{
    arf_ptr v = flint_malloc((size_t)count * sizeof *v);
    for (int64_t i = 0; i < count; i++)
        arf_init(v + i);
    return v;
}

void ct_arf_vector_free(arf_ptr v, int64_t count)
{
    for (int64_t i = 0; v && i < count; i++)
        arf_clear(v + i);
    flint_free(v);
}

/* ---- starting values ---- */

typedef struct ct_laguerre {
    slong bits;                      /* working precision */
    arf_ptr c;                       /* coefficients of what is left, degree + 1 */
    arf_t p, first, second, x, step; /* p(x), p'(x), p''(x) / 2 */
    arf_t g, h, root;
} ct_laguerre;

/* x = x * factor + term */
static void horner(arf_t sum, const arf_t factor, const arf_t term, slong bits)
{
    arf_mul(sum, sum, factor, bits, ARF_RND_DOWN);
    arf_add(sum, sum, term, bits, ARF_RND_DOWN);
}

/* One step; false when x is as good as it gets. */
static bool laguerre_step(ct_laguerre *l, slong degree)
{
    arf_set(l->p, l->c + degree);
    arf_zero(l->first);
    arf_zero(l->second);
    for (slong j = degree - 1; j >= 0; j--) {
        horner(l->second, l->x, l->first, l->bits);
        horner(l->first, l->x, l->p, l->bits);
        horner(l->p, l->x, l->c + j, l->bits);
    }
    if (arf_is_zero(l->p))
        return false;
    arf_div(l->g, l->first, l->p, l->bits, ARF_RND_DOWN);
    arf_div(l->h, l->second, l->p, l->bits, ARF_RND_DOWN);
    arf_mul_2exp_si(l->h, l->h, 1);
    arf_mul(l->root, l->g, l->g, l->bits, ARF_RND_DOWN);
    arf_sub(l->h, l->root, l->h, l->bits, ARF_RND_DOWN); /* H = G^2 - p''/p */
    arf_mul_ui(l->h, l->h, (ulong)degree, l->bits, ARF_RND_DOWN);
    arf_sub(l->root, l->h, l->root, l->bits, ARF_RND_DOWN);
    arf_mul_ui(l->root, l->root, (ulong)degree - 1, l->bits, ARF_RND_DOWN);
    if (arf_sgn(l->root) < 0)
        arf_zero(l->root);
    arf_sqrt(l->root, l->root, l->bits, ARF_RND_DOWN);
    if (arf_sgn(l->g) < 0)
        arf_sub(l->g, l->g, l->root, l->bits, ARF_RND_DOWN);
    else
        arf_add(l->g, l->g, l->root, l->bits, ARF_RND_DOWN);
    if (arf_is_zero(l->g))
        return false;
    arf_ui_div(l->step, (ulong)degree, l->g, l->bits, ARF_RND_DOWN);
    arf_sub(l->x, l->x, l->step, l->bits, ARF_RND_DOWN);
    arf_abs(l->step, l->step);
    arf_mul_2exp_si(l->step, l->step, l->bits / 3); /* cubic: x is now good to all bits, which the
                                                       division by x - root needs */
    return arf_cmpabs(l->step, l->x) > 0;
}

static void laguerre_all(const fmpz_poly_t poly, arf_ptr mid)
{
    const slong degree = fmpz_poly_degree(poly);
    ct_laguerre l = {.bits = FLINT_ABS(fmpz_poly_max_bits(poly)) + 2 * degree + 256};
    l.c = ct_arf_vector(degree + 1);
    arf_struct *number[] = {l.p, l.first, l.second, l.x, l.step, l.g, l.h, l.root};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
        arf_init(number[i]);
    for (slong i = 0; i <= degree; i++)
        arf_set_round_fmpz(l.c + i, poly->coeffs + i, l.bits, ARF_RND_DOWN);
    for (slong left = degree; left > 0; left--) {
        int i = 0;
        while (i < ITERATIONS && laguerre_step(&l, left))
            i++;
        if (i == ITERATIONS) { /* lost: the proof will say no at once */
            arf_nan(mid + degree - left);
            break;
        }
        arf_set(mid + degree - left, l.x);
        arf_set(l.p, l.c + left); /* synthetic division */
        for (slong j = left - 1; j >= 0; j--) {
            arf_swap(l.p, l.c + j);
            arf_set(l.step, l.c + j);
            arf_mul(l.step, l.step, l.x, l.bits, ARF_RND_DOWN);
            arf_add(l.p, l.p, l.step, l.bits, ARF_RND_DOWN);
        }
    }
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
        arf_clear(number[i]);
    ct_arf_vector_free(l.c, degree + 1);
}

/* ---- refinement and proof ---- */

typedef struct ct_newton {
    arb_t x, value, slope;
    arf_t edge;
} ct_newton;

/* log2 of sum |c_k| x^k = |p(-x)|, since the signs alternate. */
static slong size_at(const fmpz_poly_t poly, const arf_t at, ct_newton *w)
{
    arb_set_arf(w->x, at);
    arb_neg(w->x, w->x);
    arb_fmpz_poly_evaluate_arb(w->value, poly, w->x, 64);
    return arf_abs_bound_lt_2exp_si(arb_midref(w->value));
}

static void newton(const fmpz_poly_t poly, const fmpz_poly_t derivative, arf_t at, slong target,
                   slong bits, ct_newton *w)
{
    for (int i = 0; i < 64; i++) {
        arb_set_arf(w->x, at);
        arb_fmpz_poly_evaluate_arb(w->value, poly, w->x, bits);
        arb_fmpz_poly_evaluate_arb(w->slope, derivative, w->x, bits);
        if (arf_is_zero(arb_midref(w->slope)))
            return;
        arf_div(w->edge, arb_midref(w->value), arb_midref(w->slope), bits, ARF_RND_DOWN);
        arf_sub(at, at, w->edge, bits, ARF_RND_DOWN);
        if (arf_cmpabs_2exp_si(w->edge, -target - 8) < 0)
            return;
    }
}

/* Sign of p at `at` + side * 2^-target; 0 when the precision does not show it. */
static int sign_beside(const fmpz_poly_t poly, const arf_t at, int side, slong target, slong bits,
                       ct_newton *w)
{
    arf_set_si_2exp_si(w->edge, side, -target);
    arf_add(w->edge, w->edge, at, ARF_PREC_EXACT, ARF_RND_DOWN);
    arb_set_arf(w->x, w->edge);
    arb_fmpz_poly_evaluate_arb(w->value, poly, w->x, bits);
    return arb_is_positive(w->value) - arb_is_negative(w->value);
}

/* mid[i] + 2^-target < mid[i + 1] - 2^-target for all i, and all finite. */
static bool disjoint(arf_srcptr mid, slong degree, slong target, ct_newton *w)
{
    for (slong i = 0; i < degree; i++) {
        if (!arf_is_finite(mid + i))
            return false;
        if (i + 1 == degree)
            break;
        arf_sub(w->edge, mid + i + 1, mid + i, ARF_PREC_EXACT, ARF_RND_DOWN);
        if (arf_sgn(w->edge) <= 0 || arf_cmpabs_2exp_si(w->edge, 1 - target) <= 0)
            return false;
    }
    return true;
}

static bool refine(const fmpz_poly_t poly, arf_ptr mid, slong target)
{
    const slong degree = fmpz_poly_degree(poly);
    /* roots are positive: each is at most their sum, -c_(degree - 1) */
    const slong most = (slong)fmpz_bits(poly->coeffs + degree - 1) + 1;
    fmpz_poly_t derivative;
    ct_newton w;
    bool proved = true;
    fmpz_poly_init(derivative);
    arb_init(w.x);
    arb_init(w.value);
    arb_init(w.slope);
    arf_init(w.edge);
    fmpz_poly_derivative(derivative, poly);
    for (slong i = 0; proved && i < degree; i++) {
        proved = false;
        if (!arf_is_finite(mid + i) || arf_cmpabs_2exp_si(mid + i, most) > 0)
            break;
        slong bits = size_at(poly, mid + i, &w) + target + 64;
        for (int attempt = 0; !proved && attempt < 3; attempt++, bits *= 2) {
            newton(poly, derivative, mid + i, target, bits, &w);
            proved = arf_is_finite(mid + i) && arf_cmpabs_2exp_si(mid + i, most) < 0 &&
                     sign_beside(poly, mid + i, 1, target, bits, &w) *
                             sign_beside(poly, mid + i, -1, target, bits, &w) <
                         0;
        }
    }
    proved = proved && disjoint(mid, degree, target, &w);
    arf_clear(w.edge);
    arb_clear(w.slope);
    arb_clear(w.value);
    arb_clear(w.x);
    fmpz_poly_clear(derivative);
    return proved;
}

cutropy_status ct_factor_roots(ct_factor *factor, int64_t bits, bool *proved)
{
    const slong degree = fmpz_poly_degree(&factor->poly);
    *proved = factor->bits >= bits;
    if (*proved)
        return CUTROPY_OK;
    if (!factor->mid) {
        factor->mid = ct_arf_vector(degree);
        laguerre_all(&factor->poly, factor->mid);
    }
    *proved = refine(&factor->poly, factor->mid, bits);
    if (*proved)
        factor->bits = bits;
    else
        factor->bits = 0; /* the middles have moved */
    return CUTROPY_OK;
}
