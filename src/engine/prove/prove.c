/* SPDX-License-Identifier: Apache-2.0 */
/* Which provers are asked about a cut, and the second pass of a run over all records. */
#include "engine/prove/prove.h"

#include "base/clock.h"
#include "base/queue.h"
#include "certify/near_block.h"
#include "engine/cut/needs.h"
#include "engine/function/function.h"
#include "engine/prove/proof.h"
#include "engine/prove/prove_products.h"
#include "engine/prove/prove_weighted.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"

#define GRAIN 64 /* records that a thread takes at once */

const ct_prover *const ct_provers[] = {
    &ct_rank_prover,      &ct_algebra_prover,        &ct_purity_prover,
    &ct_enclosing_prover, &ct_refining_prover,       &ct_number_rank_prover,
    &ct_graded_prover,    &ct_late_enclosing_prover, NULL};

/* The provers alone, between ct_proof_start and ct_proof_settle. */
static cutropy_status prove_open(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    for (const ct_prover *const *prover = ct_provers; *prover; prover++)
        if ((*prover)->can(p))
            CT_TRY((*prover)->prove(p));
done:
    return status;
}

cutropy_status ct_prove_near(ct_proof *p, const ct_near_block *block)
{
    if (block->block.n == 0)
        return CUTROPY_OK;
    p->rounded = block;
    p->given = &block->block;
    p->given_count = 1;
    const cutropy_status status = prove_open(p);
    p->given = NULL;
    p->rounded = NULL;
    return status;
}

cutropy_status ct_prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_proof_start(p));
    if (p->trivial)
        CT_TRY(ct_prove_trivial(p));
    if (p->q || p->given)
        CT_TRY(prove_open(p));
    ct_proof_settle(p);
done:
    ct_proof_end(p);
    return status;
}

/* ---- all records ---- */

typedef struct ct_pass {
    ct_setting setting;
    int threads; /* inside a cut */
    const ct_orbits *orbits;
    ct_kept *kept;
    cutropy_record *records;
    double *seconds; /* of each thread of the queue */
    ct_queue queue;
} ct_pass;

static cutropy_status prove_record(const ct_pass *pass, size_t i)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *setting = &pass->setting;
    const ct_function *f = setting->f;
    const uint64_t *mask = pass->orbits->mask + i * pass->orbits->words;
    const int na = cutropy_mask_pixels(mask, pass->orbits->words);
    const bool trivial = ct_cut_is_trivial(f, mask);
    ct_quotient q = {0};
    ct_blocks blocks = {0};
    if (f->storage == CT_PRODUCTS) {
        CT_TRY(ct_prove_products(setting, mask, pass->threads, &pass->records[i]));
        ct_record_done(&pass->records[i]);
        return CUTROPY_OK;
    }
    if (!trivial && !ct_kept_take(pass->kept, i, &q, &blocks)) {
        CT_TRY(ct_workspace_check(f, ct_workspace_bytes(f, na), setting->memory_limit));
        CT_TRY(ct_quotient_build(f, mask, setting->backend, pass->threads, &q));
        CT_TRY(ct_blocks_find(&q, &blocks));
        CT_TRY(ct_matrices_check(f, &blocks, false, setting->memory_limit));
    }
    ct_proof p = {.setting = setting,
                  .threads = pass->threads,
                  .trivial = trivial,
                  .q = trivial ? NULL : &q,
                  .blocks = trivial ? NULL : &blocks,
                  .record = &pass->records[i]};
    CT_TRY(ct_prove(&p));
    ct_record_done(&pass->records[i]);
done:
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
    return status;
}

static cutropy_status prove_piece(void *context, size_t first, size_t last, int thread)
{
    cutropy_status status = CUTROPY_OK;
    ct_pass *pass = context;
    const double start = ct_now();
    for (size_t i = first; i < last && !ct_queue_stopped(&pass->queue); i++) {
        if (pass->records[i].done || !pass->records[i].solved)
            continue;
        status = prove_record(pass, i);
        if (ct_fails_alone(status))
            status = ct_record_fail(&pass->records[i], status);
        CT_TRY(status);
        CT_TRY(ct_journal_put(pass->setting.journal, i, &pass->records[i]));
        ct_queue_finished(&pass->queue, 1, thread);
    }
done:
    pass->seconds[thread] += ct_now() - start;
    return status;
}

static size_t to_prove(const cutropy_record *records, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += records[i].solved && !records[i].done;
    return found;
}

cutropy_status ct_prove_records(const ct_setting *setting, const ct_orbits *orbits, ct_kept *kept,
                                ct_reporter *reporter, cutropy_record *records, double *seconds)
{
    cutropy_status status = CUTROPY_OK;
    const int threads = setting->threads;
    const size_t count = orbits->count, grain = count / ((size_t)threads * 8) + 1;
    uint64_t workspace, matrices;
    if (setting->f->storage == CT_WEIGHTED)
        return ct_prove_weighted(setting, orbits, reporter, records, seconds);
    ct_largest_needs(setting->f, orbits->mask, orbits->words, count, false, &workspace, &matrices);
    if (setting->f->storage == CT_PRODUCTS)
        workspace = ct_prove_products_bytes(setting->f->products, setting->digits);
    const bool side_by_side =
        ct_side_by_side(workspace, matrices, setting->memory_limit, threads) &&
        (count >= 2 * (size_t)threads || threads == 1);
    const int outside = side_by_side ? threads : 1;
    ct_pass pass = {.setting = *setting,
                    .threads = side_by_side ? 1 : threads,
                    .orbits = orbits,
                    .kept = kept,
                    .records = records,
                    .queue = {.threads = outside,
                              .count = count,
                              .finished = count - to_prove(records, count),
                              .grain = grain < GRAIN ? grain : GRAIN,
                              .work = prove_piece,
                              .context = &pass,
                              .stage = "proofs",
                              .reporter = reporter}};
    if (outside > 1) /* one thread of many may not call back */
        pass.setting.watch = NULL;
    CT_NEW_ZERO(pass.seconds, outside);
    status = ct_queue_run(&pass.queue);
    if (status == CUTROPY_ECANCELLED)
        ct_fail(status, "stopped after %zu of %zu different cuts", pass.queue.finished, count);
done:
    for (int t = 0; pass.seconds && t < outside; t++)
        *seconds += pass.seconds[t];
    ct_free(pass.seconds);
    return status;
}
