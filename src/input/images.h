/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of lists of black-white images: .npy, PBM and text, told apart by their first bytes.
 *
 * .npy  count x N or count x Ly x Lx, integers (b1, i, u) that are 0 or 1, C order; row y = 0 first.
 * PBM   P1 and P4, any number of images one after the other, all of one size; 1 (black) is a lit
 *       pixel; row y = 0 first.
 * text  lines of pixels: 0 or . = dark, 1 or # = lit; blanks, tabs and commas inside a line are
 *       skipped. Either one image a line, pixel 0 first, or images as rows, row y = 0 first:
 *         - rows when the lattice is known to be Lx x Ly and the lines have Lx pixels instead of N;
 *         - rows when the lattice is not known and blank lines separate groups of equally many lines.
 *       Blank lines may stand only between images. A line that begins with # and a blank is a comment
 *       (an image line of that form is refused, because it could be meant either way: leave out its
 *       blanks). */
#ifndef CT_IMAGES_H
#define CT_IMAGES_H

#include "base/base.h"

typedef struct ct_image_list {
    int pixels;   /* N */
    int lx, ly;   /* size when the file holds rows, else 0 */
    size_t words; /* 64-bit words per image */
    size_t count;
    uint64_t *bits; /* count x words, bit i = pixel i */
} ct_image_list;

/* wanted_lx, wanted_ly: size of the lattice if it is a grid or a chain, wanted_pixels its pixels; 0
 * if not known. They decide how text is cut into images; a list that does not fit them is an error.
 * name is for messages; free out->bits with ct_free. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY; *out
 * is empty then. */
typedef struct ct_image_size {
    int pixels, lx, ly;
} ct_image_size;
cutropy_status ct_images_parse(const uint8_t *bytes, size_t size, const char *name,
                               ct_image_size wanted, ct_image_list *out);

/* ---- between the readers ---- */

cutropy_status ct_images_from_npy(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out);
cutropy_status ct_images_from_pbm(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out);
cutropy_status ct_images_from_text(const uint8_t *bytes, size_t size, const char *name,
                                   ct_image_size wanted, ct_image_list *out);
/* Clears room for count images of N pixels; sets pixels, words, count and bits. */
cutropy_status ct_images_new(ct_image_list *out, const char *name, uint64_t pixels, uint64_t count);

#endif
