/* SPDX-License-Identifier: Apache-2.0 */
/* A function of black-white images, for cutropy:
 *
 *   cutropy table my.c --lattice 4x4
 *   cutropy table my.c --lattice 4x4 --define LEAST=1
 *
 * Bit i of `image` is pixel i, and on a grid i = x + LX * y. There are no includes to write; these names are known:
 *
 *   N, LX, LY          pixels, length of a row, rows
 *   lit                how many pixels are lit
 *   pixel(x, y)        1 where the pixel is lit; outside of an open lattice it is dark, a torus goes round
 *   pix(i)             the same by its number
 *   neighbours(x, y)   how many of its neighbours are lit; neighbours_of(i) by its number
 *   row(y)             the pixels of a row as a number
 *   each_pixel(x, y)   for all x and y
 *
 * Return 0, or anything else for label 1. For numbers instead of labels write, in place of label,
 *   double amplitude(uint64_t image)           or double complex, or int64_t
 * The function may only compute: it has no files, no memory but its own variables, and keeps nothing between calls.
 * Undefined behaviour (a division by zero, an index out of bounds, ...) ends the run with the line and the image.
 * docs/own-functions.md also has the form that is fastest, 512 images at a time. */

#ifndef LEAST
#define LEAST 2
#endif

/* 1: every lit pixel has at least LEAST lit neighbours. */
int label(uint64_t image)
{
    each_pixel(x, y) if (pixel(x, y) && neighbours(x, y) < LEAST) return 0;
    return 1;
}
