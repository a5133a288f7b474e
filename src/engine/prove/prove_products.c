/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of sums of product states: a block of integers near enough, then the provers of blocks (theorem 20). */
#include "engine/prove/prove_products.h"

#include <math.h>

#include "certify/product_block.h"
#include "engine/cut/product_sides.h"
#include "engine/function/refiner.h"
#include "engine/prove/proof.h"

#define MARGIN                                                                                     \
    128 /* bits beyond the decimals: roundings, cancellation among terms, small eigenvalues */

#define CT_FINE_DIGITS 24 /* decimals that twice the working precision may leave */

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

/* Whether n levels that are off by t in all leave S within a twentieth of a unit of the last decimal (theorem 20). */
static bool is_little(double t, double n, int digits)
{
    return t > 0 && t * (2 + log2(n / t)) < 0.05 * pow(10, -digits);
}

/* From what runs took: M^3 and sites M^2 terms of pairs of doubles, and, where they do not leave the decimals (terms that do not cancel: levels are
 * off by 3e-31 M^2 or so in all), of integers. */
double ct_prove_products_work(const ct_products *p, int digits)
{
    const double parts = p->is_complex ? 2 : 1, n = (double)p->terms * parts, cube = n * n * n,
                 overlaps = n * n * (double)p->sites, words = (double)(first_bits(digits) / 64 + 2),
                 t = 3e-31 * n * n;
    const bool fine = digits <= CT_FINE_DIGITS && is_little(t, n, digits);
    return fine ? 60 * cube + 36 * overlaps : words * words * (70 * cube + 40 * overlaps);
}

/* A block through the provers. */
static cutropy_status prove_block(ct_proof *p, int64_t parts, const ct_near_block *block)
{
    if (block->full_rank)
        ct_proof_set_rank(p, parts);
    return ct_prove_near(p, block);
}

/* As the matrix of a cut is off. */
static bool is_near(const ct_fine_cut *cut, int digits)
{
    double trace = 0, off = cut->error;
    for (int64_t i = 0; i < cut->n; i++) {
        trace += cut->h.high[i * (cut->n + 1)];
        off += cut->below[i];
    }
    return is_little(off / trace, (double)cut->n, digits);
}

/* In twice the working precision, which takes a fraction of the time of integers, where that is enough. */
static cutropy_status try_fine(ct_proof *p, const ct_product_side side[2], int64_t parts, bool rank)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *setting = p->setting;
    const ct_product_fine *numbers;
    ct_fine_cut cut = {0};
    ct_near_block block = {0};
    if (setting->digits > CT_FINE_DIGITS ||
        ct_product_fine_bytes(setting->f->products) > (double)setting->memory_limit)
        return CUTROPY_OK;
    CT_TRY(ct_refiner_numbers(setting->f->refiner, p->threads, &numbers));
    CT_TRY(ct_product_fine_cut(numbers, side, rank, p->threads, &cut));
    if (cut.full_rank)
        ct_proof_set_rank(p, parts);
    if (is_near(&cut, setting->digits))
        CT_TRY(ct_product_fine_block(&cut, &block));
    ct_fine_cut_free(&cut);
    CT_TRY(prove_block(p, parts, &block));
done:
    ct_fine_cut_free(&cut);
    ct_near_block_free(&block);
    return status;
}

/* In integers of so many bits. */
static cutropy_status try_block(ct_proof *p, const ct_product_side side[2], int64_t parts,
                                bool rank, int64_t bits)
{
    cutropy_status status = CUTROPY_OK;
    ct_near_block block = {0};
    CT_TRY(ct_product_block_make(&p->setting->f->products->exact, side, bits,
                                 rank && !p->rank_known, p->threads, &block));
    CT_TRY(prove_block(p, parts, &block));
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
    const int64_t parts = side[0].count < side[1].count ? side[0].count : side[1].count;
    const bool rank = record->rank_lo < record->rank_hi && p.most == parts;
    if (ct_proof_any_open(&p))
        CT_TRY(try_fine(&p, side, parts, rank));
    int64_t bits = first_bits(setting->digits);
    const int64_t most_bits = bits << (CT_PROOF_ATTEMPTS - 1);
    for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(&p); i++, bits *= 2) {
        if (ct_product_block_bytes(products->terms, products->is_complex, bits) <=
            (double)setting->memory_limit)
            CT_TRY(try_block(&p, side, parts, rank, bits));
        p.most_bits = most_bits; /* the rank was tried */
    }
    ct_proof_settle(&p);
done:
    ct_proof_end(&p);
    ct_product_side_free(&side[0]);
    ct_product_side_free(&side[1]);
    return status;
}
