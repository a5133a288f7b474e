/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of a function whose <f|f> is beyond 2^62: the closed forms of their answer, by balls. The
 * other provers read a quotient, and multiply in 64 bits. */
#include "engine/big_block.h"
#include "engine/proof.h"
#include "engine/prove.h"

static bool is_closed(const ct_cut_answer *answer)
{
    bool closed = true;
    for (int64_t b = 0; b < answer->blocks && closed; b++)
        closed = answer->block[b].size[0] <= 2 || answer->block[b].size[1] <= 2;
    return closed;
}

static cutropy_status add_block(const ct_block_answer *block, ct_enclosure *e)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = block->size[0] < block->size[1] ? block->size[0] : block->size[1];
    ct_big_integers integers = {0};
    ct_big_square square = {0};
    CT_TRY(ct_big_integers_of(block, &integers));
    CT_TRY(ct_big_square_of(&integers, n, &square));
    CT_TRY(n == 1 ? ct_enclosure_add_big_one(e, &square.a)
                  : ct_enclosure_add_big_two(e, &square.a, &square.d, &square.bb));
done:
    ct_big_square_free(&square);
    ct_big_integers_free(&integers);
    return status;
}

static cutropy_status enclose(const ct_proof *p, const ct_cut_answer *answer, int64_t bits,
                              ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_enclosure_create(1, out));
    ct_enclosure_set_bits(*out, bits);
    ct_enclosure_set_big_norm(*out, &p->setting->f->norm_big);
    for (int64_t b = 0; b < answer->blocks; b++)
        CT_TRY(add_block(&answer->block[b], *out));
done:
    return status;
}

cutropy_status ct_prove_answer(const ct_setting *setting, const ct_cut_answer *answer,
                               cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_enclosure *e = NULL;
    ct_proof p = {.setting = setting, .threads = 1, .record = record};
    CT_TRY(ct_proof_start(&p));
    if (is_closed(answer)) {
        int64_t bits = ct_proof_bits(&p) + 64;
        ct_proof_set_rank(&p, record->rank_lo); /* closed forms settle it */
        for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(&p); i++, bits *= 2) {
            ct_enclosure_free(e);
            e = NULL;
            CT_TRY(enclose(&p, answer, bits, &e));
            CT_TRY(ct_proof_fill_ranked(&p, e));
        }
    }
    ct_proof_settle(&p);
done:
    ct_enclosure_free(e);
    ct_proof_end(&p);
    return status;
}
