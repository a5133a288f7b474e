/* SPDX-License-Identifier: Apache-2.0 */
/* Uniform images with label 1, and their exact number, whatever its size:
 *
 *   cutropy_sampler *sampler = NULL;
 *   cutropy_state *state = NULL;
 *   uint64_t images[100];
 *   status = cutropy_state_open_levels(problem, NULL, &state);
 *   if (!status)
 *       status = cutropy_sampler_open(state, NULL, &sampler);
 *   if (!status)
 *       cutropy_sampler_draw(sampler, seed, 0, 100, images);
 *
 * How many images complete each state of the function's levels is counted in integers. So the images with label 1 have places 0, 1, ..,
 * count - 1 (in the order in which pixel 0 counts most), the image of any place is found in N steps, and a place is drawn
 * by rejection from random bits: every image has exactly the same probability as far as the bits are independent. */
#ifndef CUTROPY_SAMPLE_H
#define CUTROPY_SAMPLE_H

#include <cutropy/export.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_sampler cutropy_sampler;

/* state: of a label function (cutropy_state_open_levels), not freed before the sampler. options: memory and progress; may be NULL.
 * Memory: N / 64 + 1 words a state of the levels; of linear equations (solver affine) as many bits as they have pixels, whatever the number of images. Errors: CUTROPY_EUNSUPPORTED (no labels), CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status cutropy_sampler_open(cutropy_state *state, const cutropy_options *options,
                                    cutropy_sampler **out);
void cutropy_sampler_free(cutropy_sampler *sampler); /* NULL is allowed */

/* The number of images with label 1 in decimal digits; it belongs to the sampler. */
const char *cutropy_sampler_count(const cutropy_sampler *sampler);

/* The image at a place, decimal digits: of `words` words of the lattice, pixel i in bit i % 64 of word i / 64. Errors:
 * CUTROPY_EINPUT (no number below the count). */
cutropy_status cutropy_sampler_image(const cutropy_sampler *sampler, const char *place,
                                     uint64_t *image);

/* Draws number first .. first + count - 1 of the stream `seed`, with replacement: each depends on its number and the seed alone, on
 * every machine. images: count x words. Any number of threads may draw. */
void cutropy_sampler_draw(const cutropy_sampler *sampler, uint64_t seed, uint64_t first,
                          uint64_t count, uint64_t *images);

/* The same as a file that the program reads again as a list of images, whole or not at all: path NULL: standard output. format:
 * "text" (one image a line of 0 and 1, pixel 0 first), "pictures" (rows of . and #, an empty line between images), "pbm" (P1, one after the
 * other) or "npy" (bool, count x Ly x Lx on a grid, else count x N). options: progress, which may stop it; may be NULL.
 * Errors: CUTROPY_EINPUT (no such format, pictures or pbm of pixels on links), CUTROPY_EIO, CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. */
cutropy_status cutropy_sampler_save(const cutropy_sampler *sampler, uint64_t seed, uint64_t count,
                                    const char *format, const char *path,
                                    const cutropy_options *options);

#ifdef __cplusplus
}
#endif
#endif
