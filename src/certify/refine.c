/* SPDX-License-Identifier: Apache-2.0 */
/* A block: vectors, refined until their bounds suffice or as they are given.
 * Source: T. Ogita, K. Aishima, "Iterative refinement for symmetric eigenvalue decomposition",
 * JJIAM 35 (2018). */
#include "certify/refine.h"

#include <math.h>

#include "certify/integer_parts.h"
#include "certify/refine_parts.h"

#define STEPS 9

static slong shift_of(const ct_block_work *w)
{
    flint_bitcnt_t most = 0;
    for (slong i = 0; i < w->n; i++)
        most = fmpz_bits(w->weight + i) > most ? fmpz_bits(w->weight + i) : most;
    return (slong)most / 2;
}

/* Y = 2^scale D^-1/2 V; false when a number is not finite. */
static bool start(ct_block_work *w, const double *vector)
{
    const double most = ldexp(0x1p136, (int)w->scale);
    bool good = true;
    for (slong i = 0; i < w->n; i++) {
        slong power;
        double weight = fmpz_get_d_2exp(&power, w->weight + i); /* weight 2^power */
        if (power % 2) {
            weight *= 2;
            power--;
        }
        for (slong j = 0; j < w->n; j++) {
            const double v =
                ldexp(vector[j * w->n + i] / sqrt(weight), (int)(w->scale - power / 2));
            if (good && fabs(v) < most)
                fmpz_set_d(fmpz_mat_entry(w->y, i, j), rint(v));
            else
                good = false;
        }
    }
    return good;
}

/* Y = the given integers, vector by vector. */
static void set_vectors(ct_block_work *w, const int64_t *vector)
{
    for (slong i = 0; i < w->n; i++)
        for (slong j = 0; j < w->n; j++)
            fmpz_set_si(fmpz_mat_entry(w->y, i, j), vector[j * w->n + i]);
}

/* The block without its vectors. scale: of those. */
static void work_init(ct_block_work *w, const ct_integer_block *block, slong scale)
{
    *w = (ct_block_work){.n = block->n, .scale = scale};
    w->weight = _fmpz_vec_init(w->n);
    fmpz_mat_init(w->g, w->n, w->n);
    for (slong i = 0; i < w->n; i++) {
        ct_block_weight(w->weight + i, block, i);
        for (slong j = 0; j < w->n; j++)
            ct_block_entry(fmpz_mat_entry(w->g, i, j), block, i, j);
    }
    fmpz_mat_init(w->y, w->n, w->n);
    fmpz_mat_init(w->k, w->n, w->n);
    fmpz_mat_init(w->m, w->n, w->n);
    w->inverse = _mag_vec_init(w->n);
    w->column = _mag_vec_init(w->n);
    mag_init(w->phi);
    mag_init(w->omega);
    mag_init(w->beta);
    mag_init(w->q2);
}

static void work_clear(ct_block_work *w)
{
    mag_clear(w->q2);
    mag_clear(w->beta);
    mag_clear(w->omega);
    mag_clear(w->phi);
    _mag_vec_clear(w->column, w->n);
    _mag_vec_clear(w->inverse, w->n);
    fmpz_mat_clear(w->m);
    fmpz_mat_clear(w->k);
    fmpz_mat_clear(w->y);
    fmpz_mat_clear(w->g);
    _fmpz_vec_clear(w->weight, w->n);
}

/* log2 of the radius that the block would add, about; the step is done when it suffices. */
static bool good_enough(const ct_refined *r, const ct_block_work *w)
{
    mag_t sum, part;
    mag_init(sum);
    mag_init(part);
    for (slong j = 0; j < w->n; j++) {
        arb_t mu;
        arb_init(mu);
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, j, j));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, j, j), 64);
        if (!ct_refine_resolved(w, j, mu, part))
            arb_get_mag(part, mu);
        mag_add(sum, sum, part);
        arb_clear(mu);
    }
    mag_mul_ui(part, w->q2, (ulong)w->n);
    mag_add(sum, sum, part);
    mag_div_fmpz(sum, sum, r->norm);
    const bool good = mag_cmp_2exp_si(sum, -(slong)(CT_BITS_PER_PLACE * r->decimals) - 16) < 0;
    mag_clear(part);
    mag_clear(sum);
    return good;
}

static void add_trace(ct_refined *r, const ct_block_work *w)
{
    for (slong i = 0; i < w->n; i++)
        fmpz_addmul(r->trace, fmpz_mat_entry(w->g, i, i), w->weight + i);
}

cutropy_status ct_refined_add(ct_refined *r, const ct_integer_block *block, const double *vector,
                              bool *added)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_work w;
    const slong last =
        (slong)(CT_BITS_PER_PLACE * r->decimals / 2) + 2 * FLINT_BIT_COUNT(block->n) + 64;
    mag_t before;
    mag_init(before);
    work_init(&w, block, 64);
    w.shift = shift_of(&w);
    w.scale += w.shift;
    *added = start(&w, vector);
    add_trace(r, &w);
    for (int step = 0; *added; step++) {
        CT_TRY(ct_refine_products(&w));
        *added = ct_refine_bounds(&w);
        if (!*added || step == STEPS || good_enough(r, &w))
            break;
        mag_mul_2exp_si(before, before, -2); /* graded spectra may first get worse */
        if (step >= 3 && mag_cmp(w.q2, before) >= 0)
            break;
        mag_set(before, w.q2);
        const slong twice = 2 * (w.scale - w.shift);
        CT_TRY(ct_refine_turn(&w, w.shift + (twice < last ? twice : step ? 2 * last : last)));
    }
    if (*added)
        (void)ct_refined_take(r, &w, -1);
    else
        r->failed = true;
done:
    work_clear(&w);
    mag_clear(before);
    return status;
}

/* How many vectors from the first on are better off in R. */
static int64_t clear_vectors(const ct_block_work *w)
{
    slong count = 0;
    bool clear = true;
    arb_t mu;
    mag_t part;
    arb_init(mu);
    mag_init(part);
    while (clear && count < w->n) {
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, count, count));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, count, count), 64);
        clear = ct_refine_resolved(w, count, mu, part);
        count += clear;
    }
    mag_clear(part);
    arb_clear(mu);
    return count;
}

cutropy_status ct_refined_add_vectors(ct_refined *r, const ct_integer_block *block,
                                      const int64_t *vector, uint64_t copies, int64_t *resolved,
                                      bool *added)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_work w;
    ct_refined *one = NULL;
    work_init(&w, block, 64);
    *added = false;
    CT_TRY(ct_refined_start(r->decimals, &one));
    fmpz_set(one->norm, r->norm);
    set_vectors(&w, vector);
    add_trace(one, &w);
    CT_TRY(ct_refine_products(&w));
    *added = ct_refine_bounds(&w);
    *resolved = *added ? clear_vectors(&w) : 0;
    *added = *added && ct_refined_take(one, &w, *resolved);
    if (*added)
        ct_refined_add_copies(r, one, copies);
    else
        r->failed = true;
done:
    ct_refined_free(one);
    work_clear(&w);
    return status;
}
