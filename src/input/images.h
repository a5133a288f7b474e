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

#include "input/image_list.h"

/* wanted: how many pixels the lattice has and, if it is a grid or a chain, its size; 0 if not known. It decides how text is cut into images; a list that does not fit them is an error.
 * name is for messages; free out->bits with ct_free. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY; *out
 * is empty then. */
cutropy_status ct_images_parse(const uint8_t *bytes, size_t size, const char *name,
                               ct_image_size wanted, ct_image_list *out);

#endif
