/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks modulo primes. */
#include "engine/cut/cut_rank.h"
#include "engine/prove/proof.h"

/* Where the primes prove nothing the bracket keeps what is proved of the blocks. */
static void keep_bracket(ct_proof *p)
{
    cutropy_record *record = p->record;
    record->rank_lo = p->rank.rank;
    record->rank_hi = 0;
    for (int64_t b = 0; b < ct_proof_blocks(p); b++)
        record->rank_hi +=
            p->rank_of_block[b] >= 0 ? p->rank_of_block[b] : ct_proof_dimension(p, b);
}

/* Of the matrices G of an answer: D is positive, so they have the ranks of their blocks. once: by one
 * prime each, which is enough where the rank is full. */
static cutropy_status prove_given(ct_proof *p, double work, bool once)
{
    cutropy_status status = CUTROPY_OK;
    p->rank = (ct_rank_proof){.proved = true};
    for (int64_t b = 0; b < p->given_count; b++) {
        ct_rank_proof proof = {0};
        const double n = (double)p->given[b].n, limit = once && n * n < work ? n * n : work;
        CT_TRY(ct_rank_prove_block(&p->given[b], limit, &proof));
        ct_rank_proof_add(&p->rank, &proof);
        p->rank_of_block[b] = proof.proved ? proof.rank : -1;
    }
done:
    return status;
}

/* Multiplications of doubles for a block, a few seconds. */
#define SPAN_WORK 2e10

/* Modulo primes a rank that is not full costs many, and more for the large entries of G than for the zeros and ones of Q.
 * There the span of Q proves it: by independent rows and the combinations of the others. */
static cutropy_status prove_spans(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = p->setting->f;
    ct_rank_proof sum = {.proved = true};
    ct_quotient q = {0};
    ct_blocks blocks = {0};
    const double rows = (double)p->record->classes[0], columns = (double)p->record->classes[1];
    if (!p->mask || rows * columns * (rows < columns ? rows : columns) > SPAN_WORK)
        return CUTROPY_OK;
    CT_TRY(ct_quotient_build(f, p->mask, p->setting->backend, p->threads, &q));
    CT_TRY(ct_blocks_find(&q, &blocks));
    for (int64_t b = 0; b < blocks.count && sum.proved; b++) {
        ct_rank_proof proof = {0};
        CT_TRY(ct_block_rank_quick(&q, &blocks, b, SPAN_WORK, 0, &proof));
        ct_rank_proof_add(&sum, &proof);
    }
    if (sum.proved && sum.rank < p->rank.rank)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "rank %lld by the span and %lld modulo primes",
                       (long long)sum.rank, (long long)p->rank.rank));
    if (sum.proved)
        p->rank = (ct_rank_proof){.rank = sum.rank, .proved = true};
done:
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
    return status;
}

static cutropy_status prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    const bool integers = ct_proof_has_integers(p);
    const double work = !integers             ? CT_NUMBER_RANK_WORK
                        : p->setting->certify ? CT_CERTIFY_WORK
                                              : CT_EXACT_WORK;
    CT_NEW(p->rank_of_block, ct_proof_blocks(p));
    CT_TRY(p->given ? prove_given(p, work, p->mask != NULL)
                    : ct_cut_rank(p->q, p->blocks, work, &p->rank, p->rank_of_block));
    if (!p->rank.proved && p->mask)
        CT_TRY(prove_spans(p));
    if (!p->rank.proved && p->mask)
        CT_TRY(prove_given(p, work, false));
    if (!p->rank.proved) {
        keep_bracket(p);
        goto done;
    }
    ct_proof_set_rank(p, p->rank.rank);
    if (integers &&
        p->rank.first_prime) { /* which road proves the rank of numbers depends on the machine */
        p->exact->rank_first_prime = p->rank.first_prime;
        p->exact->rank_primes = p->rank.primes;
    }
done:
    return status;
}

static bool can_early(const ct_proof *p)
{
    return ct_proof_is_exact(p);
}

static bool can_late(const ct_proof *p)
{
    return !ct_proof_has_integers(p) && !p->rank_known;
}

const ct_prover ct_rank_prover = {"ranks of integers", can_early, prove};
const ct_prover ct_number_rank_prover = {"ranks of numbers", can_late, prove};
