/* SPDX-License-Identifier: Apache-2.0 */
/* Bit-sliced bodies of label functions: plain C that compiles for the CPU, for a vector type and
 * under nvcc.
 *
 * A body sees one word per pixel: bit k of px[i] is pixel i of the k-th image of the word. It
 * returns one word of labels.
 *
 * Pixels below `first` are not known yet: the body must not read px[0 .. first-1], and returns
 *   first == 0  the label of each image;
 *   first  > 0  0 only where no choice of the pixels below first gives label 1 (a local rule that
 * is already broken), 1 otherwise. Always returning CT_ONES is correct and only slower. Monotone: a
 * bit that is 0 for some first stays 0 for every smaller first.
 *
 * A body uses &, |, ^, ~ on ct_word, CT_ZERO, CT_ONES, CT_ANY(word) (true when some bit is set) and
 * integers; no memory, no calls. */
#ifndef CT_BODY_H
#define CT_BODY_H

#include <stdint.h>

#define CT_BODY_PIXELS 64

/* Plain data for a body: copied as it is to the device. */
typedef struct ct_body_data {
    int32_t pixels;                 /* N <= 64 */
    int32_t lx, ly, periodic;       /* of the lattice */
    int32_t parameter[8];           /* meaning set by the problem */
    uint8_t degree[CT_BODY_PIXELS]; /* neighbours of a pixel */
    uint8_t neighbour[CT_BODY_PIXELS][8];
    int32_t groups; /* groups of pixels: stars, rows, patterns; meaning set by the problem */
    uint64_t group[CT_BODY_PIXELS * 2]; /* masks of pixels */
} ct_body_data;

/* X(name): the body is CT_BODY(name) in problem/NAME_eval.h. */
#include "problem/bodies.h"

#define CT_BODY_ENUM(name) CT_BODY_##name,
typedef enum ct_body { CT_BODY_NONE = 0, CT_BODIES(CT_BODY_ENUM) CT_BODY_COUNT } ct_body;
#undef CT_BODY_ENUM

#endif
