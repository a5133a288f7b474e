/* SPDX-License-Identifier: Apache-2.0 */
/* One step of refinement: Ogita and Aishima's iteration for pairs of columns that are far enough
 * apart, a small eigenproblem in double precision for those that are not.
 *
 * With columns of unit length, K = I + f, M = diag(mu) + o and e_ij = o_ij - f_ij (mu_i + mu_j) /
 * 2, the basis Y (I + U), U_ij = e_ij / (mu_j - mu_i) - f_ij / 2, has errors of second order. Where
 * |e_ij| is not small beside the gap (eigenvalues that rounding hides behind larger ones, or close
 * ones), the columns form a cluster: its matrix, shifted and scaled to 1, is solved in double, and
 * the next round sees 53 bits deeper into it. Nothing here is trusted.
 *
 * Source: T. Ogita, K. Aishima, "Iterative refinement for symmetric eigenvalue decomposition II:
 * clustered eigenvalues", JJIAM 36 (2019). */
#include <math.h>

#include "certify/graded.h"
#include "certify/graded_parts.h"
#include "certify/integer_product.h"

#define LARGEST_TURN 26 /* |U_ij| <= 2^-26: what the turns leave is of their second order */
#define VECTOR_BITS 60  /* of the eigenvectors of a cluster */
#define CLEAR 20        /* bits between a resolved column and a tail that is left as it is */

typedef struct ct_turn {
    ct_graded *b;
    slong bits;      /* of the arithmetic */
    slong *cluster;  /* n: union-find */
    double small;    /* log2 of the relative size of couplings that may stay */
    bool tail_fixed; /* no turns among the columns of the tail */
    bool clusters;
    slong *place; /* n: place in the order */
    fmpz_mat_t change, vectors;
    arf_t f, e, x, gap;
} ct_turn;

static slong find(ct_turn *t, slong i)
{
    while (t->cluster[i] != i)
        i = t->cluster[i] = t->cluster[t->cluster[i]];
    return i;
}

/* f and e of a pair */
static void pair(ct_turn *t, slong i, slong j)
{
    const ct_graded *b = t->b;
    arf_set_fmpz(t->f, fmpz_mat_entry(b->k, i, j));
    arf_set_fmpz(t->e, fmpz_mat_entry(b->m, i, j));
    arf_mul(t->x, b->root + i, b->root + j, t->bits, ARF_RND_NEAR);
    arf_div(t->f, t->f, t->x, t->bits, ARF_RND_NEAR);
    arf_div(t->e, t->e, t->x, t->bits, ARF_RND_NEAR);
    arf_add(t->x, b->mu + i, b->mu + j, t->bits, ARF_RND_NEAR);
    arf_mul_2exp_si(t->x, t->x, -1);
    arf_mul(t->x, t->x, t->f, t->bits, ARF_RND_NEAR);
    arf_sub(t->e, t->e, t->x, t->bits, ARF_RND_NEAR);
    arf_mul_2exp_si(t->f, t->f, -1); /* f / 2 from here on */
}

/* Whether a coupling is so small that it need not be turned away. */
static bool may_stay(const ct_turn *t, slong i, slong j)
{
    const ct_graded *b = t->b;
    fmpz exponent;
    if (arf_is_zero(t->e) ||
        (t->tail_fixed && t->place[i] >= b->resolved && t->place[j] >= b->resolved))
        return true;
    exponent = *ARF_EXPREF(t->e);
    return !COEFF_IS_MPZ(exponent) && (double)exponent < (b->size[i] + b->size[j]) / 2 - t->small;
}

/* change_ij = round(2^shift x / root_i) */
static void set_change(ct_turn *t, slong i, slong j, const arf_t x, slong shift)
{
    arf_div(t->x, x, t->b->root + i, t->bits, ARF_RND_NEAR);
    arf_mul_2exp_si(t->x, t->x, shift);
    arf_get_fmpz(fmpz_mat_entry(t->change, i, j), t->x, ARF_RND_NEAR);
}

/* S^-1 (I + U) times 2^shift, and which pairs have to be solved together. */
static void find_change(ct_turn *t, slong shift)
{
    const ct_graded *b = t->b;
    arf_t one, turn;
    arf_init(one);
    arf_init(turn);
    arf_one(one);
    for (slong i = 0; i < b->n; i++)
        set_change(t, i, i, one, shift);
    for (slong i = 0; i < b->n; i++)
        for (slong j = i + 1; j < b->n; j++) {
            pair(t, i, j);
            arf_zero(turn);
            if (!may_stay(t, i, j)) {
                arf_sub(t->gap, b->mu + j, b->mu + i, t->bits, ARF_RND_NEAR);
                arf_mul_2exp_si(t->x, t->e, LARGEST_TURN);
                if (arf_cmpabs(t->x, t->gap) < 0) {
                    arf_div(turn, t->e, t->gap, t->bits, ARF_RND_NEAR);
                } else {
                    t->cluster[find(t, i)] = find(t, j);
                    t->clusters = true;
                }
            }
            arf_sub(t->gap, turn, t->f, t->bits, ARF_RND_NEAR);
            set_change(t, i, j, t->gap, shift);
            arf_add(t->gap, turn, t->f, t->bits, ARF_RND_NEAR);
            arf_neg(t->gap, t->gap);
            set_change(t, j, i, t->gap, shift);
        }
    arf_clear(turn);
    arf_clear(one);
}

/* The cluster of `count` members, shifted by the quotient of the first and scaled to 1: h. Its
 * pairs lose their turns in `change`. false: it is zero. */
static bool cluster_matrix(ct_turn *t, const slong *member, slong count, slong shift, double *h)
{
    const ct_graded *b = t->b;
    arf_ptr all = NULL;
    fmpz_t top;
    all = flint_calloc((size_t)(count * count), sizeof(arf_struct));
    fmpz_init(top);
    bool empty = true;
    for (slong i = 0; i < count; i++)
        for (slong j = i; j < count; j++) {
            arf_ptr x = all + i * count + j;
            if (i == j) {
                arf_sub(x, b->mu + member[i], b->mu + member[0], t->bits, ARF_RND_NEAR);
            } else {
                pair(t, member[i], member[j]);
                arf_set(x, t->e);
                arf_neg(t->f, t->f);
                set_change(t, member[i], member[j], t->f, shift);
                set_change(t, member[j], member[i], t->f, shift);
            }
            if (!arf_is_special(x) && (empty || fmpz_cmp(ARF_EXPREF(x), top) > 0)) {
                fmpz_set(top, ARF_EXPREF(x));
                empty = false;
            }
        }
    fmpz_neg(top, top);
    for (slong i = 0; i < count; i++)
        for (slong j = i; j < count; j++) {
            arf_ptr x = all + i * count + j;
            arf_mul_2exp_fmpz(x, x, top);
            h[i * count + j] = h[j * count + i] = arf_get_d(x, ARF_RND_NEAR);
        }
    for (slong i = 0; i < count * count; i++)
        arf_clear(all + i);
    flint_free(all);
    fmpz_clear(top);
    return !empty;
}

/* The eigenvectors of one cluster, into `vectors`. */
static cutropy_status solve_cluster(ct_turn *t, const ct_graded_goal *goal, const slong *member,
                                    slong count, slong shift, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    double *h = NULL, *values = NULL;
    CT_NEW(h, count * count);
    CT_NEW(values, count);
    if (!cluster_matrix(t, member, count, shift, h))
        goto done;
    CT_TRY(goal->backend->eigenvectors(count, h, values));
    for (slong i = 0; i < count; i++)
        for (slong j = 0; j < count && *good; j++) {
            const double v = h[j * count + i];
            *good = fabs(v) < 2;
            if (*good)
                fmpz_set_d(fmpz_mat_entry(t->vectors, member[i], member[j]),
                           rint(ldexp(v, VECTOR_BITS)));
        }
done:
    ct_free(values);
    ct_free(h);
    return status;
}

/* change <- change times the eigenvectors of all clusters */
static cutropy_status solve_clusters(ct_turn *t, const ct_graded_goal *goal, slong shift,
                                     bool *good)
{
    cutropy_status status = CUTROPY_OK;
    const slong n = t->b->n;
    slong *member = NULL;
    CT_NEW(member, n);
    for (slong i = 0; i < n; i++) {
        fmpz_one(fmpz_mat_entry(t->vectors, i, i));
        fmpz_mul_2exp(fmpz_mat_entry(t->vectors, i, i), fmpz_mat_entry(t->vectors, i, i),
                      VECTOR_BITS);
    }
    for (slong c = 0; c < n && *good; c++) {
        slong count = 0;
        for (slong i = 0; i < n && find(t, c) == c; i++)
            if (find(t, i) == c)
                member[count++] = i;
        if (count > 1)
            CT_TRY(solve_cluster(t, goal, member, count, shift, good));
    }
    if (!*good)
        goto done;
    CT_TRY(ct_integer_product(t->change, t->vectors, goal->threads, t->change));
    fmpz_mat_scalar_tdiv_q_2exp(t->change, t->change, VECTOR_BITS);
done:
    ct_free(member);
    return status;
}

static cutropy_status open_turn(ct_graded *b, const ct_graded_goal *goal, slong scale, ct_turn *t)
{
    cutropy_status status = CUTROPY_OK;
    *t = (ct_turn){.b = b, .bits = scale + 64};
    fmpz_mat_init(t->change, b->n, b->n);
    fmpz_mat_init(t->vectors, b->n, b->n);
    arf_init(t->f);
    arf_init(t->e);
    arf_init(t->x);
    arf_init(t->gap);
    CT_NEW(t->cluster, b->n);
    CT_NEW(t->place, b->n);
    for (slong i = 0; i < b->n; i++) {
        t->cluster[i] = i;
        t->place[b->order[i]] = i;
    }
    t->small = (double)goal->bits + 8 + (double)FLINT_BIT_COUNT(b->n);
    t->tail_fixed = b->resolved < b->n &&
                    b->size[b->order[b->resolved - 1]] > b->size[b->order[b->resolved]] + CLEAR;
done:
    return status;
}

static void close_turn(ct_turn *t)
{
    fmpz_mat_clear(t->change);
    fmpz_mat_clear(t->vectors);
    arf_clear(t->f);
    arf_clear(t->e);
    arf_clear(t->x);
    arf_clear(t->gap);
    ct_free(t->cluster);
    ct_free(t->place);
}

cutropy_status ct_graded_turn(ct_graded *b, const ct_graded_goal *goal, slong scale, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    ct_turn t;
    const slong guard = scale + 16; /* change is 2^guard times the identity, about */
    CT_TRY(open_turn(b, goal, scale, &t));
    find_change(&t, b->scale + guard);
    if (t.clusters)
        CT_TRY(solve_clusters(&t, goal, b->scale + guard, good));
    if (*good) {
        /* 2^(b->scale + guard) times a unit length */
        CT_TRY(ct_integer_product(b->y, t.change, goal->threads, b->y));
        fmpz_mat_scalar_tdiv_q_2exp(b->y, b->y, (ulong)(b->scale + guard - scale));
        b->scale = scale;
    }
done:
    close_turn(&t);
    return status;
}
