/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks modulo primes. */
#include "engine/cut_rank.h"
#include "engine/proof.h"

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

/* Of the matrices G of an answer: D is positive, so they have the ranks of their blocks. */
static cutropy_status prove_given(ct_proof *p, double work)
{
    cutropy_status status = CUTROPY_OK;
    p->rank = (ct_rank_proof){.proved = true};
    for (int64_t b = 0; b < p->given_count; b++) {
        ct_rank_proof proof = {0};
        CT_TRY(ct_rank_prove_block(&p->given[b], work, &proof));
        ct_rank_proof_add(&p->rank, &proof);
        p->rank_of_block[b] = proof.proved ? proof.rank : -1;
    }
done:
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
    CT_TRY(p->given ? prove_given(p, work)
                    : ct_cut_rank(p->q, p->blocks, work, &p->rank, p->rank_of_block));
    if (!p->rank.proved) {
        keep_bracket(p);
        goto done;
    }
    ct_proof_set_rank(p, p->rank.rank);
    if (integers) { /* which road proves the rank of numbers depends on the machine */
        p->exact->rank_first_prime = p->rank.first_prime;
        p->exact->rank_primes = p->rank.primes;
    }
done:
    return status;
}

static bool can_early(const ct_proof *p)
{
    return ct_proof_has_integers(p);
}

static bool can_late(const ct_proof *p)
{
    return !ct_proof_has_integers(p) && !p->rank_known;
}

const ct_prover ct_rank_prover = {"ranks of integers", can_early, prove};
const ct_prover ct_number_rank_prover = {"ranks of numbers", can_late, prove};
