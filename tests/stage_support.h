/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of single stages share: functions made by hand in every storage, and halves of
 * images. */
#ifndef STAGE_SUPPORT_H
#define STAGE_SUPPORT_H

#include "backend/function.h"
#include "engine/cut/quotient.h"

/* From 2^N labels, as a truth table or as a list. Free with ct_function_free; the lattice is
 * borrowed. */
ct_function made_labels(const cutropy_lattice *lattice, ct_storage storage, bool pm1,
                        const uint8_t *label);
/* From 2^N values: int64_t, double or pairs of double. */
ct_function made_values(const cutropy_lattice *lattice, cutropy_kind kind, const void *values);
/* From count images in ascending order. */
ct_function made_list(const cutropy_lattice *lattice, const uint64_t *images, size_t count);

/* Of one cut; stops the test with the library's message when it fails. Free with ct_quotient_free. */
ct_quotient must_quotient(const ct_function *f, const uint64_t *mask, int threads);
/* chain:N */
cutropy_lattice *must_chain(int pixels);

/* Bit k of x goes to the k-th set bit of the mask. */
uint64_t spread(uint64_t x, uint64_t mask);

/* Labels that are not just noise: 2^N of them, for pixels split by `mask` into A and B. */
enum { SHAPE_RANDOM, SHAPE_SPARSE, SHAPE_MATCHED, SHAPE_PRODUCT, SHAPE_COUNT, SHAPE_TALL, SHAPES };
void shaped_labels(int shape, int pixels, uint64_t mask, uint64_t *state, uint8_t *label);

/* A mask of `pixels` pixels with exactly `lit` lit ones. */
uint64_t random_mask(int pixels, int lit, uint64_t *state);

#endif
