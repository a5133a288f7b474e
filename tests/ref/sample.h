/* SPDX-License-Identifier: Apache-2.0 */
/* Random functions of many textures, for comparisons with the oracle. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <cutropy/problem.h>

#include "oracle.h"

typedef enum texture {
    SPARSE_LABELS,   /* one to four label-1 images */
    THIN_LABELS,     /* density 1/8 */
    HALF_LABELS,     /* density 1/2 */
    DENSE_LABELS,    /* all but a few */
    CLASS_LABELS,    /* few distinct rows across a hidden cut */
    WEIGHT_LABELS,   /* depends on the number of lit pixels only */
    BLOCK_LABELS,    /* two hidden pixels of A equal two of B: several blocks */
    SIGNS,           /* integers +-1 */
    SMALL_INTEGERS,  /* -3 .. 3, many zeros */
    CLASS_INTEGERS,  /* few distinct rows */
    LARGE_INTEGERS,  /* up to +-2^30, the limit of an exact norm*/
    REALS,           /* uniform in (-1, 1) */
    STEEP_REALS,     /* ten orders of magnitude */
    CLASS_REALS,     /* few distinct rows, signed zeros */
    LOW_RANK_REALS,  /* a sum of two products */
    COMPLEXES,       /* uniform */
    CLASS_COMPLEXES, /* few distinct rows, zeros */
    TEXTURES
} texture;

typedef struct sample {
    int pixels;
    cutropy_kind kind;
    uint8_t *labels; /* label textures only; function.integers repeats them */
    int64_t *integers;
    double *numbers;
    oracle_function function;
    const void *values; /* as cutropy_problem_from_values wants them */
} sample;

void sample_draw(texture kind, int pixels, uint64_t *state, sample *out);
void sample_free(sample *s);

#endif
