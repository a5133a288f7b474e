/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of the handwritten digits: one image a line, 64 integers 0..16 and the class 0..9,
 * separated by commas. */
#ifndef CT_DIGITS_CSV_H
#define CT_DIGITS_CSV_H

#include "base/base.h"

#define CT_DIGITS_PIXELS 64
#define CT_DIGITS_BRIGHTEST 16

/* All images, CT_DIGITS_PIXELS bytes each, and their classes; both are freed with ct_free. gzip data is unpacked. name is for
 * messages. Errors: CUTROPY_EINPUT (with the line), CUTROPY_EMEMORY. */
cutropy_status ct_digits_grey(const uint8_t *bytes, size_t size, const char *name, uint8_t **grey,
                              uint8_t **label, size_t *count);

/* The images of one class; pixel i is lit when its number is at least threshold. Sets *images
 * (count words, freed with ct_free) and *count, which may be 0. gzip data is unpacked. name is for
 * messages. Errors: CUTROPY_EINPUT (with the line), CUTROPY_EMEMORY. */
cutropy_status ct_digits_parse(const uint8_t *bytes, size_t size, const char *name,
                               int class_wanted, int threshold, uint64_t **images, size_t *count);

#endif
