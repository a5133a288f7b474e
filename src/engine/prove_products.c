/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of sums of product states: a block of integers near enough, then the provers of blocks (theorem 20). */
#include "engine/prove_products.h"

#include "certify/product_block.h"
#include "engine/product_sides.h"
#include "engine/proof.h"

#define MARGIN                                                                                     \
    128 /* bits beyond the decimals: roundings, cancellation among terms, small eigenvalues */

static int64_t first_bits(int digits)
{
    return (int64_t)(3.3219280948873626 * digits) + MARGIN;
}

/* The largest rank that parts and spaces allow. */
static int64_t most_levels(const ct_product_side side[2])
{
    double most = (double)side[0].count;
    for (int s = 0; s < 2; s++) {
        most = (double)side[s].count < most ? (double)side[s].count : most;
        most = side[s].dimension < most ? side[s].dimension : most;
    }
    return (int64_t)most;
}

uint64_t ct_prove_products_bytes(const ct_products *p, int digits)
{
    return (uint64_t)ct_product_block_bytes(p->terms, p->is_complex, first_bits(digits));
}

double ct_prove_products_work(const ct_products *p, int digits)
{
    const double n = (double)p->terms * (p->is_complex ? 2 : 1),
                 words = (double)(first_bits(digits) / 64 + 2);
    return 100 * words * words * n * n * n;
}

/* One block of so many bits through the provers. */
static cutropy_status try_block(ct_proof *p, const ct_product_side side[2], int64_t bits)
{
    cutropy_status status = CUTROPY_OK;
    ct_near_block block = {0};
    const int64_t parts = side[0].count < side[1].count ? side[0].count : side[1].count;
    const bool rank = p->record->rank_lo < p->record->rank_hi && p->most == parts;
    CT_TRY(ct_product_block_make(&p->setting->f->products->exact, side, bits, rank, p->threads,
                                 &block));
    if (block.full_rank)
        ct_proof_set_rank(p, parts);
    CT_TRY(ct_prove_near(p, &block));
done:
    ct_near_block_free(&block);
    return status;
}

cutropy_status ct_prove_products(const ct_setting *setting, const uint64_t *mask, int threads,
                                 cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *products = setting->f->products;
    ct_product_side side[2] = {{0}, {0}};
    ct_proof p = {.setting = setting, .threads = threads, .record = record};
    CT_TRY(ct_proof_start(&p));
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_product_side_find(products, mask, s == 0, &side[s]));
    p.most = most_levels(side);
    p.rank_known = record->rank_lo == record->rank_hi && p.most == 1;
    if (p.most == 1)
        CT_TRY(ct_prove_trivial(&p));
    int64_t bits = first_bits(setting->digits);
    for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(&p); i++, bits *= 2)
        if (ct_product_block_bytes(products->terms, products->is_complex, bits) <=
            (double)setting->memory_limit)
            CT_TRY(try_block(&p, side, bits));
    ct_proof_settle(&p);
done:
    ct_proof_end(&p);
    ct_product_side_free(&side[0]);
    ct_product_side_free(&side[1]);
    return status;
}
