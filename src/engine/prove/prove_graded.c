/* SPDX-License-Identifier: Apache-2.0 */
/* The graded prover: every eigenvalue to a small relative error (theorem C), which has no limits but
 * work and memory. */
#include <math.h>

#include "certify/near_block.h"
#include "engine/cut/block_rows.h"
#include "engine/prove/proof.h"

#define SLACK_GUARD 8 /* bits below what a block is off by that are resolved all the same */

/* The blocks of a cut with exact matrices: of the Gram matrices (labels and integers), or of the
 * stored doubles. */
typedef struct ct_graded_cut {
    int copies;
    int64_t count;
    ct_graded **block;
} ct_graded_cut;

static void free_cut(ct_graded_cut *cut)
{
    for (int64_t b = 0; b < cut->count; b++)
        ct_graded_free(cut->block[b]);
    ct_free(cut->block);
}

/* Whether work and memory suffice for the largest block. */
static bool has_room(const ct_proof *p, const ct_graded_goal *goal, int copies)
{
    for (int64_t b = 0; b < ct_proof_blocks(p); b++) {
        const int64_t n = ct_proof_dimension(p, b) * (p->given ? 1 : copies);
        if (ct_graded_work(n, goal->bits) > goal->work_limit ||
            ct_graded_bytes(n, goal->bits) > (double)goal->memory_limit)
            return false;
    }
    return true;
}

static cutropy_status add_integers(void *context, const ct_integer_block *block, bool *more)
{
    ct_graded_cut *cut = context;
    (void)more;
    const cutropy_status status = ct_graded_integers(block, &cut->block[cut->count]);
    cut->count += status == CUTROPY_OK;
    return status;
}

static cutropy_status add_numbers(const ct_proof *p, ct_graded_cut *cut)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_rows rows = {0};
    for (; cut->count < ct_proof_blocks(p); cut->count++) {
        CT_TRY(ct_block_rows_make(p->q, p->blocks, cut->count, &rows));
        CT_TRY(ct_graded_numbers(rows.n, rows.k, rows.entry, rows.weight, rows.column_weight,
                                 &cut->block[cut->count]));
        ct_block_rows_free(&rows);
    }
done:
    ct_block_rows_free(&rows);
    return status;
}

static cutropy_status make_cut(const ct_proof *p, ct_graded_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    bool all;
    CT_NEW_ZERO(out->block, ct_proof_blocks(p));
    CT_TRY(ct_proof_has_integers(p) ? ct_proof_each_block(p, add_integers, out, &all)
                                    : add_numbers(p, out));
done:
    return status;
}

/* *out = NULL: not every block reached the goal. */
static cutropy_status enclose(const ct_proof *p, const ct_graded_cut *cut,
                              const ct_graded_goal *goal, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    bool proved = true;
    CT_TRY(ct_enclosure_create(cut->copies, out));
    for (int64_t b = 0; b < cut->count && proved; b++) {
        ct_graded_goal own = *goal;
        own.rank =
            p->rank_of_block && p->rank_of_block[b] >= 0 ? cut->copies * p->rank_of_block[b] : -1;
        CT_TRY(ct_graded_prove(cut->block[b], &own, &proved));
        if (proved)
            CT_TRY(ct_enclosure_add_graded(*out, cut->block[b], goal->bits));
    }
    CT_TRY(ct_proof_slack(p, *out));
done:
    if (status != CUTROPY_OK || !proved) {
        ct_enclosure_free(*out);
        *out = NULL;
    }
    return status;
}

/* Below 2^-floor of the largest eigenvalue an upper bound is enough for everything that is asked.
 */
static int64_t find_floor(const ct_proof *p, int64_t bits)
{
    double floor = (double)bits + 64;
    for (size_t k = 0; k < p->setting->quantity_count; k++) {
        const cutropy_quantity *quantity = &p->setting->quantities[k];
        const double x = quantity->parameter;
        double own = 0;
        if (quantity->kind == CUTROPY_QUANTITY_RENYI ||
            quantity->kind == CUTROPY_QUANTITY_LOG_NEGATIVITY)
            own = ct_proof_order(quantity) > 0 && ct_proof_order(quantity) < 1
                      ? ((double)bits + 64) / ct_proof_order(quantity)
                      : 0;
        else if (quantity->kind == CUTROPY_QUANTITY_NUMERICAL_RANK ||
                 quantity->kind == CUTROPY_QUANTITY_TRUNCATION)
            own = x > 0 ? (double)bits - 2 * log2(x) : 0;
        floor = fmax(floor, own);
    }
    return floor < 1e9 ? (int64_t)floor : 1000000000;
}

/* A block that lies near the cut's tells nothing of what is smaller than that. */
static cutropy_status limit_floor(const ct_proof *p, ct_graded_goal *goal)
{
    cutropy_status status = CUTROPY_OK;
    ct_big norm = {0};
    int exponent;
    if (!p->rounded || !(p->rounded->slack > 0))
        return CUTROPY_OK;
    CT_TRY(ct_proof_norm(p, &norm));
    const double trace = ct_big_double(&norm, &exponent),
                 bits = log2(trace) + exponent - log2(p->rounded->slack) + SLACK_GUARD;
    if (bits < (double)goal->floor)
        goal->floor = bits > 1 ? (int64_t)bits : 1;
done:
    ct_big_free(&norm);
    return status;
}

/* With more bits until everything is decided. */
static cutropy_status prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_graded_cut cut = {.copies = ct_proof_copies(p)};
    ct_enclosure *e = NULL;
    ct_graded_goal goal = {.bits = ct_proof_bits(p),
                           .work_limit = CT_GRADED_WORK,
                           .memory_limit = p->setting->memory_limit,
                           .threads = p->threads,
                           .backend = p->setting->backend,
                           .watch = p->setting->watch};
    if (!has_room(p, &goal, cut.copies))
        return CUTROPY_OK;
    CT_TRY(make_cut(p, &cut));
    for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(p); i++, goal.bits *= 2) {
        ct_enclosure_free(e);
        e = NULL;
        goal.floor = find_floor(p, goal.bits);
        CT_TRY(limit_floor(p, &goal));
        CT_TRY(enclose(p, &cut, &goal, &e));
        if (!e)
            break;
        CT_TRY(ct_proof_fill_ranked(p, e));
    }
    ct_proof_take_rank(p, e);
done:
    ct_enclosure_free(e);
    free_cut(&cut);
    return status;
}

const ct_prover ct_graded_prover = {"small relative errors", ct_proof_any_open, prove};
