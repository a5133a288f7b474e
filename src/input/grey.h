/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of grey images and of their labels: .npy, IDX as MNIST ships (both may be gzip), a folder of PGM or PNG files, the
 * built-in digits. */
#ifndef CT_GREY_H
#define CT_GREY_H

#include "input/grey_images.h"

/* The images in `path`; "digits": the built-in ones. Errors: CUTROPY_EINPUT (no such form, cut short, NaN, no image,
 * too many pixels), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_grey_read(const char *path, ct_grey *out);
/* The bytes of such a file as the digits are (digits_csv.h). */
cutropy_status ct_grey_digits(const uint8_t *bytes, size_t size, const char *name, ct_grey *out);

/* One number an image: .npy with one axis, or IDX. Free *label with ct_free. Errors: those of ct_grey_read. */
cutropy_status ct_grey_labels(const char *path, double **label, int64_t *count);

#endif
