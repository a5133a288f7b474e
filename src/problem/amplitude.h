/* SPDX-License-Identifier: Apache-2.0 */
/* What the amplitude problems share.
 *
 * Their evaluators take images in blocks: the images of a block agree in all pixels but the first
 * `low` ones, so that tables over the low pixels serve every block. Blocks are aligned, and the
 * order of every sum is fixed: a value does not depend on where a call begins or how many images it
 * takes. */
#ifndef CT_AMPLITUDE_H
#define CT_AMPLITUDE_H

#include "problem/label.h"

#define CT_LOW_PIXELS 8
#define CT_LOW_IMAGES (1 << CT_LOW_PIXELS)

/* Largest |log f| that the seeded amplitudes may reach: squares and sums of squares stay inside
 * double. */
#define CT_MAX_LOG 300.0

#define CT_NORMAL_TEXT                                                                             \
    "Random numbers: normal(k) is number k of stream `seed`: mix(z) is the finaliser of "          \
    "splitmix64, u(j) = "                                                                          \
    "((mix(j + mix(seed) + 0x9e3779b97f4a7c15) >> 11) + 1/2) / 2^53, normal(2j) = sqrt(-2 ln "     \
    "u(2j)) "                                                                                      \
    "cos(2 pi u(2j+1)), normal(2j+1) the same with sin. "

static inline int ct_low_pixels(const cutropy_problem *problem)
{
    return problem->lattice->pixels < CT_LOW_PIXELS ? problem->lattice->pixels : CT_LOW_PIXELS;
}

/* sigma_i = 2 s_i - 1 */
static inline double ct_spin(uint64_t image, int pixel)
{
    return image >> pixel & 1 ? 1.0 : -1.0;
}

/* The part of the range first .. first + count - 1 that lies in the block of image first. */
typedef struct ct_block {
    uint64_t high; /* the first image of the block: its low pixels are 0 */
    size_t low;    /* low pixels of image first */
    size_t count;
} ct_block;

static inline ct_block ct_next_block(uint64_t first, size_t count, int low_pixels)
{
    size_t images = (size_t)1 << low_pixels;
    ct_block block = {.low = (size_t)(first & (images - 1))};
    block.high = first - block.low;
    block.count = count < images - block.low ? count : images - block.low;
    return block;
}

#endif
