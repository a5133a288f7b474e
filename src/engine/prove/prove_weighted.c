/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of automata with weights: the rank, then blocks of integers near enough, through the provers of blocks (theorems 23, 24). The cuts of
 * one order share a pass for every number of bits that some of them ask for. */
#include "engine/prove/prove_weighted.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "certify/weighted_block.h"
#include "certify/weighted_rank.h"
#include "engine/prove/proof.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"

#define MARGIN 96 /* bits beyond the decimals: roundings, states, small eigenvalues */

static int64_t first_bits(int digits)
{
    return (int64_t)(3.3219280948873626 * digits) + MARGIN;
}

uint64_t ct_prove_weighted_bytes(const ct_weighing *weighing, int digits)
{
    double most = 0;
    for (int o = 0; o < CT_ORDERS; o++)
        if (weighing->order[o])
            most = fmax(most, ct_weighted_block_bytes(&weighing->bonds[o], first_bits(digits), 1));
    return (uint64_t)most;
}

/* A record on its way. */
typedef struct ct_weighted_item {
    size_t record;
    ct_weighing_spot spot;
    ct_proof proof;
    ct_near_block block; /* that waits for the provers */
    bool open;           /* not yet done, nor failed */
    double seconds;
} ct_weighted_item;

typedef struct ct_weighted_proving {
    const ct_setting *setting;
    ct_setting alone; /* of one thread among others: it may not call back */
    const ct_orbits *orbits;
    ct_reporter *reporter;
    cutropy_record *records;
    ct_weighted_item *item;
    size_t count, finished;
    /* the order that is read */
    const uint16_t *order;
    ct_weighted w;
    ct_weighted_item **group, **waiting;
    size_t grouped, waits, side_by_side;
    ct_stop stop;
    double seconds; /* of passes */
} ct_weighted_proving;

/* ---- the rank ---- */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The largest rank that states and pixels allow. */
static int64_t most_levels(const ct_weighted *w, int k)
{
    const int pixels = k < w->pixels - k ? k : w->pixels - k;
    const int64_t n = w->bond[k];
    return pixels < 32 ? smaller(INT64_C(1) << pixels, n) : n;
}

/* The rank is no more than the states at the cut whose rows are no multiples of another's, whichever side is read first; a problem need not have the
 * other order. */
static cutropy_status limit_rank(const ct_weighted_proving *r, ct_weighted_item *item)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_problem *problem = r->setting->f->weighing->problem;
    const int pixels = r->w.pixels, k = item->spot.k;
    uint16_t *backwards = NULL;
    ct_weighted other = {0};
    int64_t most;
    CT_TRY(ct_weighted_rank_most(&r->w, k, &most));
    item->proof.most = smaller(item->proof.most, most);
    CT_NEW(backwards, pixels);
    for (int i = 0; i < pixels; i++)
        backwards[i] = r->order[pixels - 1 - i];
    status = problem->weigh(problem, backwards, CT_EXACT_NUMBERS, &other);
    if (status == CUTROPY_OK) {
        CT_TRY(ct_weighted_rank_most(&other, pixels - k, &most));
        item->proof.most = smaller(item->proof.most, most);
    } else if (status == CUTROPY_EUNSUPPORTED) {
        status = CUTROPY_OK;
    }
done:
    ct_weighted_free(&other);
    ct_free(backwards);
    return status;
}

/* Exactly, whatever the eigenvalues: what levels of doubles said of it stands no longer. */
static cutropy_status prove_rank(const ct_weighted_proving *r, ct_weighted_item *item)
{
    cutropy_status status = CUTROPY_OK;
    ct_proof *p = &item->proof;
    const int k = item->spot.k;
    int64_t least;
    bool proved = false;
    p->most = most_levels(&r->w, k);
    CT_TRY(ct_weighted_rank_least(&r->w, k, p->most, CT_NUMBER_RANK_WORK, &least));
    if (least < p->most)
        CT_TRY(limit_rank(r, item));
    if (least < p->most && least > 0)
        CT_TRY(ct_weighted_rank_is(&r->w, k, least, CT_NUMBER_RANK_WORK, &proved));
    p->most = proved ? least : p->most;
    if (least > p->most)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "rank %lld of at most %lld states", (long long)least,
                       (long long)p->most));
    p->record->rank_lo = least > 1 ? least : 1;
    p->record->rank_hi = p->most;
    if (p->record->rank_lo == p->most)
        ct_proof_set_rank(p, p->most);
done:
    return status;
}

/* ---- records ---- */

/* As far as it came. */
static void close_item(ct_weighted_item *item)
{
    item->open = false;
    ct_proof_end(&item->proof);
    ct_near_block_free(&item->block);
}

static cutropy_status finish(const ct_weighted_proving *r, ct_weighted_item *item)
{
    ct_proof_settle(&item->proof);
    ct_record_done(&r->records[item->record]);
    close_item(item);
    return ct_journal_put(r->setting->journal, item->record, &r->records[item->record]);
}

static cutropy_status fail(const ct_weighted_proving *r, ct_weighted_item *item,
                           cutropy_status failed)
{
    cutropy_status status = CUTROPY_OK;
    if (!ct_fails_alone(failed))
        return failed;
    CT_TRY(ct_record_fail(&r->records[item->record], failed));
    close_item(item);
    status = ct_journal_put(r->setting->journal, item->record, &r->records[item->record]);
done:
    return status;
}

/* Has somebody asked to stop? So many records are finished. */
static cutropy_status report(ct_weighted_proving *r)
{
    r->finished = r->orbits->count;
    for (size_t i = 0; i < r->orbits->count; i++)
        r->finished -= r->records[i].solved && !r->records[i].done;
    return r->reporter && ct_report("proofs", r->finished, r->orbits->count, r->reporter)
               ? ct_fail(CUTROPY_ECANCELLED, "stopped")
               : CUTROPY_OK;
}

/* ---- blocks through the provers ---- */

static cutropy_status prove_item(const ct_weighted_proving *r, ct_weighted_item *item)
{
    const double start = ct_now();
    item->proof.threads = r->waits == 1 ? r->setting->threads : 1;
    item->proof.setting = r->waits == 1 ? r->setting : &r->alone;
    cutropy_status status = CUTROPY_OK;
    if (!item->proof.most)
        status = prove_rank(r, item);
    if (status == CUTROPY_OK)
        status = ct_prove_near(&item->proof, &item->block);
    ct_near_block_free(&item->block);
    if (status != CUTROPY_OK)
        status = fail(r, item, status);
    else if (!ct_proof_any_open(&item->proof))
        status = finish(r, item);
    item->seconds += ct_now() - start;
    return status;
}

static void prove_piece(void *context, size_t first, size_t last, int thread)
{
    ct_weighted_proving *r = context;
    (void)thread;
    for (size_t i = first; i < last && !ct_stopped(&r->stop); i++) {
        const cutropy_status status = prove_item(r, r->waiting[i]);
        if (status != CUTROPY_OK)
            ct_stop_fail(&r->stop, status);
    }
}

/* What waits, side by side. */
static cutropy_status flush(ct_weighted_proving *r)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    if (r->waits == 1)
        prove_piece(r, 0, 1, 0);
    else
        ct_parallel_for(r->setting->threads, r->waits, 1, prove_piece, r);
    r->waits = 0;
    CT_TRY(ct_stop_failure(&r->stop));
    CT_TRY(report(r));
done:
    r->seconds -= ct_now() - start;
    return status;
}

static cutropy_status take(void *context, int k, ct_near_block *block)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighted_proving *r = context;
    for (size_t i = 0; i < r->grouped; i++)
        if (r->group[i]->open && r->group[i]->spot.k == k) {
            r->group[i]->block = *block;
            r->waiting[r->waits++] = r->group[i];
            return r->waits == r->side_by_side ? flush(r) : CUTROPY_OK;
        }
    ct_near_block_free(block);
    return status;
}

/* ---- an order ---- */

/* How many levels one pass may have; 0: not even one has room. */
static int most_wanted(const ct_weighted_proving *r, int64_t bits)
{
    int levels = 0;
    while (levels < r->w.pixels &&
           ct_weighted_block_bytes(&r->w, bits, levels + 1) <= (double)r->setting->memory_limit)
        levels++;
    return levels;
}

/* The open records of the group, from the last level on, as many at a time as there is room for. */
static cutropy_status prove_bits(ct_weighted_proving *r, int64_t bits, bool *wanted)
{
    cutropy_status status = CUTROPY_OK;
    const int most = most_wanted(r, bits);
    const double each = ct_weighted_block_bytes(&r->w, bits, 1);
    const size_t threads = (size_t)r->setting->threads;
    const ct_weighted_blocks blocks = {.w = &r->w,
                                       .wanted = wanted,
                                       .bits = bits,
                                       .steps = bits + CT_STEP_GUARD,
                                       .threads = r->setting->threads,
                                       .watch = r->setting->watch,
                                       .take = take,
                                       .context = r};
    size_t open = 0;
    for (size_t i = 0; i < r->grouped; i++)
        open += r->group[i]->open;
    r->side_by_side =
        open >= 2 * threads && each * (double)threads <= (double)r->setting->memory_limit ? threads
                                                                                          : 1;
    for (size_t next = 0; next < r->grouped && most;) {
        int levels = 0;
        for (int k = 0; k <= r->w.pixels; k++)
            wanted[k] = false;
        for (; next < r->grouped && levels < most; next++)
            if (r->group[next]->open) {
                wanted[r->group[next]->spot.k] = true;
                levels++;
            }
        if (levels)
            CT_TRY(ct_weighted_blocks_make(&blocks));
        if (r->waits)
            CT_TRY(flush(r));
    }
done:
    return status;
}

/* With more bits until everything is decided. */
static cutropy_status prove_group(ct_weighted_proving *r)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_problem *problem = r->setting->f->weighing->problem;
    int64_t bits = first_bits(r->setting->digits);
    bool *wanted = NULL;
    CT_TRY(problem->weigh(problem, r->order, CT_EXACT_NUMBERS, &r->w));
    CT_NEW(wanted, r->w.pixels + 1);
    for (size_t i = 0; i < r->grouped; i++)
        r->group[i]->proof.most_bits = bits << (CT_PROOF_ATTEMPTS - 1);
    for (int i = 0; i < CT_PROOF_ATTEMPTS; i++, bits *= 2)
        CT_TRY(prove_bits(r, bits, wanted));
    for (size_t i = 0; i < r->grouped; i++) {
        ct_weighted_item *item = r->group[i];
        if (item->open && !item->proof.most) /* no block had room */
            CT_TRY(prove_rank(r, item));
        if (item->open)
            CT_TRY(finish(r, item));
    }
done:
    r->waits = 0;
    ct_free(wanted);
    ct_weighted_free(&r->w);
    return status;
}

/* The group fails together where its pass does. */
static cutropy_status prove_order(ct_weighted_proving *r, const uint16_t *order)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    char why[512];
    if (!r->grouped)
        return CUTROPY_OK;
    r->order = order;
    const cutropy_status proved = prove_group(r);
    r->seconds += ct_now() - start;
    if (proved == CUTROPY_OK || !ct_fails_alone(proved))
        return proved;
    ct_error_save(why, sizeof why);
    for (size_t i = 0; i < r->grouped; i++)
        if (r->group[i]->open)
            CT_TRY(fail(r, r->group[i], ct_error_restore(proved, why)));
    CT_TRY(report(r));
done:
    return status;
}

/* ---- all records ---- */

static int from_last_level(const void *a, const void *b)
{
    const ct_weighted_item *x = *(ct_weighted_item *const *)a, *y = *(ct_weighted_item *const *)b;
    return (x->spot.k < y->spot.k) - (x->spot.k > y->spot.k);
}

/* An item for each record that is solved and not done; those of no or one state are proved at once. */
static cutropy_status start_items(ct_weighted_proving *r)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighing *weighing = r->setting->f->weighing;
    for (size_t i = 0; i < r->orbits->count; i++) {
        if (r->records[i].done || !r->records[i].solved)
            continue;
        ct_weighted_item *item = &r->item[r->count++];
        *item = (ct_weighted_item){
            .record = i, .open = true, .proof = {.setting = r->setting, .record = &r->records[i]}};
        CT_TRY(ct_proof_start(&item->proof));
        CT_TRY(ct_weighing_place(weighing, r->orbits->mask + i * r->orbits->words, &item->spot));
        if (item->spot.k > 0 && item->spot.k < r->setting->f->pixels && item->spot.n > 1)
            continue;
        CT_TRY(ct_prove_trivial(&item->proof));
        CT_TRY(finish(r, item));
    }
done:
    return status;
}

cutropy_status ct_prove_weighted(const ct_setting *setting, const ct_orbits *orbits,
                                 ct_reporter *reporter, cutropy_record *records, double *seconds)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighing *weighing = setting->f->weighing;
    ct_weighted_proving r = {.setting = setting,
                             .alone = *setting,
                             .orbits = orbits,
                             .reporter = reporter,
                             .records = records};
    r.alone.watch = NULL;
    CT_NEW_ZERO(r.item, orbits->count + 1);
    CT_NEW_ZERO(r.group, orbits->count + 1);
    CT_NEW_ZERO(r.waiting, setting->threads);
    CT_TRY(start_items(&r));
    for (int o = 0; o < CT_ORDERS; o++) {
        r.grouped = 0;
        for (size_t i = 0; i < r.count; i++)
            if (r.item[i].open && r.item[i].spot.order == o)
                r.group[r.grouped++] = &r.item[i];
        qsort(r.group, r.grouped, sizeof *r.group, from_last_level);
        CT_TRY(prove_order(&r, weighing->order[o]));
    }
    for (size_t i = 0; i < r.count; i++) {
        r.grouped = r.item[i].open;
        r.group[0] = &r.item[i];
        CT_TRY(prove_order(&r, r.item[i].spot.own));
    }
done:
    if (status == CUTROPY_ECANCELLED)
        ct_fail(status, "stopped after %zu of %zu different cuts", r.finished, orbits->count);
    *seconds += r.seconds;
    for (size_t i = 0; i < r.count; i++) {
        *seconds += r.item[i].seconds;
        close_item(&r.item[i]);
        ct_free(r.item[i].spot.own);
    }
    ct_free(r.item);
    ct_free(r.group);
    ct_free(r.waiting);
    return status;
}
