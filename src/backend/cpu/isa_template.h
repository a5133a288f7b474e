/* SPDX-License-Identifier: Apache-2.0 */
/* Included once per instruction set with CT_ISA_NAME, CT_ISA_TEXT and CT_WORD_BITS defined. */
#include "backend/cpu/isa.h"
#include "backend/cpu/word.h"

#define CT_JOIN_(a, b) ct_##a##_##b
#define CT_JOIN(a, b) CT_JOIN_(a, b)
#define CT_ISA(function) CT_JOIN(function, CT_ISA_NAME)

#include "backend/cpu/enumerate_isa.h"
#include "backend/cpu/gram_isa.h"
#include "backend/cpu/layout_isa.h"
#include "backend/cpu/product2_isa.h"
#include "backend/cpu/overlap2_isa.h"
#ifdef __FMA__
#include "backend/cpu/product_isa.h"
#endif
#include "backend/cpu/rows_isa.h"
#include "backend/cpu/overlap_isa.h"

const ct_isa CT_JOIN(isa, CT_ISA_NAME) = {
    .name = CT_ISA_TEXT,
    .shift = CT_WORD_SHIFT,
    .walk = CT_ISA(walk),
    .swap_bits = CT_ISA(swap_bits),
    .gram_long = CT_ISA(gram_long),
    .gram_short = CT_ISA(gram_short),
    .product2_row = CT_ISA(product2_row),
    .products_of_rows = CT_ISA(products_of_rows),
    .overlap_tile = CT_ISA(overlap_tile),
    .overlap2_tile = CT_ISA(overlap2_tile),
#ifdef __FMA__
    .product = CT_ISA(product),
#endif
};
