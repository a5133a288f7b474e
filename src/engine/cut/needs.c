/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/needs.h"

#include <math.h>

#include "certify/integer_block.h"
#include "engine/function/memory_limit.h"
#include "frontier/automaton.h"

/* Workspaces of all threads together, beyond which cuts go one by one. */
#define SIDE_BY_SIDE (UINT64_C(1) << 28)

/* No more classes than rows, and no more than there are rows of 2^na labels. */
static uint64_t class_bytes(const ct_function *f, int na)
{
    const uint64_t each = 48; /* hash, key, weight, first row, slots */
    int shift = f->pixels - na;
    if (f->storage == CT_TABLE && na < 6 && 1 << na < shift)
        shift = 1 << na;
    return ct_bytes_shift(each, shift) + ct_bytes_shift(4, na);
}

/* The largest, over the readings that are open, of the cuts with so many pixels on one side. */
typedef struct ct_automaton_size {
    uint64_t bytes;   /* bits of the quotient on two levels, and its entries that are 1 */
    uint64_t classes; /* of the side that has fewer */
} ct_automaton_size;

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static ct_automaton_size automaton_size(const ct_automaton *a, int pixels, int na)
{
    ct_automaton_size most = {0};
    for (int i = 0; i < 6; i++) {
        const ct_reading *r = &a->reading[i / 2];
        const int k = i % 2 ? pixels - na : na;
        if (!r->open)
            continue;
        const uint64_t rows = (uint64_t)r->side[0].count[k],
                       columns = (uint64_t)r->side[1].count[pixels - k];
        most.bytes = larger(most.bytes, rows * columns / 4 + 64 * (rows + columns));
        most.classes = larger(most.classes, rows < columns ? rows : columns);
    }
    return most;
}

/* Classes of rows times classes of columns, at most. */
static uint64_t sparse_matrix_bytes(const ct_function *f, int na)
{
    const uint64_t rows = ct_bytes_shift(1, na), columns = ct_bytes_shift(1, f->pixels - na);
    const double bytes = (double)(rows < f->ones ? rows : f->ones) *
                         (double)(columns < f->ones ? columns : f->ones) *
                         (double)(ct_value_bytes(f->kind) * (ct_is_big(f) ? 4 : 1));
    return bytes < 0x1p62 ? (uint64_t)bytes : UINT64_MAX >> 1;
}

uint64_t ct_product_cut_bytes(const ct_products *p)
{
    const uint64_t numbers = ct_products_bytes(p->terms, p->sites, p->dimension, p->is_complex);
    return (uint64_t)p->terms * ((uint64_t)p->terms * (p->is_complex ? 96 : 48) + 64) + numbers;
}

uint64_t ct_workspace_bytes(const ct_function *f, int na)
{
    if (f->storage == CT_PRODUCTS)
        return ct_product_cut_bytes(f->products);
    if (!ct_has_quotients(f))
        return 0;
    if (f->storage == CT_LEVELS)
        return f->levels->ones * 64;
    if (f->storage == CT_AUTOMATON)
        return automaton_size(f->automaton, f->pixels, na).bytes;
    if (f->storage == CT_SUPPORT)
        return f->ones * 64;
    if (f->storage == CT_SPARSE)
        return ct_bytes_add(f->ones * 64, sparse_matrix_bytes(f, na));
    if (f->storage == CT_TABLE)
        return ct_bytes_add(2 * 8 * ct_table_words(f->pixels), class_bytes(f, na));
    const uint64_t copies =
        ct_is_big(f) ? 4 : 2; /* wide Gram matrices take entries times multiplicities */
    return ct_bytes_add(ct_bytes_shift(copies * ct_value_bytes(f->kind), f->pixels),
                        class_bytes(f, na));
}

uint64_t ct_entry_bytes(const ct_function *f)
{
    return ct_is_big(f) ? (CT_WIDE_WORDS + 1) * sizeof(uint64_t) : ct_value_bytes(f->kind);
}

/* The same for the cubes of one block, while they are added up; those of small integers take no matrix. */
static uint64_t cube_bytes(const ct_function *f, bool cubes)
{
    return cubes && ct_is_big(f) ? CT_CUBE_BYTES : 0;
}

uint64_t ct_matrix_bytes(const ct_function *f, int na, bool cubes)
{
    uint64_t n = ct_bytes_shift(1, na);
    if (!ct_has_quotients(f))
        return 0;
    if (f->storage == CT_LEVELS)
        return ct_matrix_bytes(f->levels, f->products->bits * (na + 1), cubes);
    if (f->storage == CT_AUTOMATON)
        n = automaton_size(f->automaton, f->pixels, na).classes;
    if ((f->storage == CT_SUPPORT || f->storage == CT_SPARSE) && n > f->ones + 1)
        n = f->ones + 1;
    return n >= UINT64_C(1) << 29 ? UINT64_MAX >> 1
                                  : n * n * (ct_entry_bytes(f) + cube_bytes(f, cubes));
}

int ct_smaller_side(const uint64_t *mask, size_t words, int pixels)
{
    const int na = cutropy_mask_pixels(mask, words);
    return na < pixels - na ? na : pixels - na;
}

void ct_largest_needs(const ct_function *f, const uint64_t *masks, size_t words, size_t count,
                      bool cubes, uint64_t *workspace, uint64_t *matrices)
{
    *workspace = *matrices = 0;
    for (size_t i = 0; i < count; i++) {
        const int na = ct_smaller_side(masks + i * words, words, f->pixels);
        const uint64_t quotient = ct_workspace_bytes(f, na), matrix = ct_matrix_bytes(f, na, cubes);
        *workspace = quotient > *workspace ? quotient : *workspace;
        *matrices = matrix > *matrices ? matrix : *matrices;
    }
}

cutropy_status ct_workspace_check(const ct_function *f, uint64_t bytes, uint64_t memory_limit)
{
    if (bytes <= memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "a cut of %d pixels needs %s but %s may be used (--memory raises the limit)",
                   f->pixels, CT_BYTES(bytes), CT_BYTES(memory_limit));
}

cutropy_status ct_matrices_check(const ct_function *f, const ct_blocks *blocks, bool cubes,
                                 uint64_t memory_limit)
{
    const uint64_t each = ct_entry_bytes(f), cube = cube_bytes(f, cubes);
    uint64_t kept = 0, largest = 0;
    for (int64_t b = 0; b < blocks->count; b++) {
        int64_t rows = ct_block_size(blocks, b, 0), columns = ct_block_size(blocks, b, 1);
        uint64_t n = (uint64_t)(rows < columns ? rows : columns);
        kept +=
            n * n *
            each; /* n < 2^29, of values < 2^27: no overflow before 2^63 for the largest block */
        largest = n > largest ? n : largest;
        const uint64_t bytes = kept + largest * largest * cube;
        if (bytes > memory_limit)
            return ct_fail(
                CUTROPY_EMEMORY,
                "a Gram matrix of dimension %llu needs %s but %s may be used: about %.0f fits "
                "(--memory raises the limit)",
                (unsigned long long)largest, CT_BYTES(bytes), CT_BYTES(memory_limit),
                sqrt((double)memory_limit / (double)(each + cube)));
    }
    return CUTROPY_OK;
}

bool ct_side_by_side(uint64_t workspace, uint64_t matrices, uint64_t memory_limit, int threads)
{
    const uint64_t each = (uint64_t)threads;
    return workspace <= SIDE_BY_SIDE / each && matrices <= memory_limit / 2 / each;
}
