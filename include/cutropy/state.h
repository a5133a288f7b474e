/* SPDX-License-Identifier: Apache-2.0 */
/* A state: a problem whose function has been evaluated, once, for as many runs as wanted.
 *
 *     cutropy_state *state = NULL;
 *     cutropy_result *result = NULL;
 *     status = cutropy_state_open(problem, NULL, &state);
 *     if (!status)
 *         status = cutropy_state_run(state, &cuts, NULL, &result);
 *     ...
 *     cutropy_result_free(result);
 *     cutropy_state_free(state);
 *     cutropy_problem_free(problem);
 *
 * Evaluating f may take longer than all of its cuts (2^N images); a run on an open state does not
 * repeat it. cutropy_run is open, run and free, with the same numbers.
 *
 * The vector of the state is psi(s) = f(s) / sqrt(<f|f>), s an image: bit i of its number is pixel
 * i, and 1 is a lit pixel. One thread at a time may run a state; what has a const state below may
 * be called by any number of threads at once. */
#ifndef CUTROPY_STATE_H
#define CUTROPY_STATE_H

#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_state cutropy_state;

/* Evaluates f for every image, and measures it: <f|f>, checksum, number of images with label 1. Solver frontier: builds
 * its automata instead; then there are no values and images, and only some cuts (docs/frontier.md).
 * problem: borrowed until cutropy_state_free. options: threads, memory, backend and progress (stage
 * "evaluate"); the first three hold for later runs too.
 * Cost: one pass over 2^N images, or what a sliced body does not prune; a list of images is sorted.
 * Memory: the cheapest of a list of the images with label 1, a truth table (2^N bits) and 2^N
 * values (8 bytes, complex 16). Errors, and *out is NULL then: CUTROPY_EMEMORY (with what is needed
 * and what would fit), CUTROPY_EINPUT (all-zero function, number of threads, no such backend),
 * CUTROPY_EUNSUPPORTED (a backend that this machine does not have; solver frontier: the problem has no automaton), CUTROPY_ECANCELLED. Until it
 * is freed OpenBLAS has one thread (cutropy_run says more). */
cutropy_status cutropy_state_open(const cutropy_problem *problem, const cutropy_options *options,
                                  cutropy_state **out);
void cutropy_state_free(cutropy_state *state);

/* The entropies of cuts; as cutropy_run in numbers, partial results and errors, but for the
 * evaluation, which is over. options: all but backend; threads and memory that are not set are those
 * of cutropy_state_open. Results stay when the state is freed. The symmetries
 * of f are found in the first run of several cuts. Among the timings of the first run are those of
 * cutropy_state_open. */
cutropy_status cutropy_state_run(cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_result **out);

/* The lattice: N = pixels, words = 64-bit words of an image. It belongs to the problem. */
const cutropy_lattice *cutropy_state_lattice(const cutropy_state *state);
cutropy_kind cutropy_state_kind(const cutropy_state *state);
/* <f|f>: an integer for labels and integers, else 17 significant digits. The text belongs to the
 * state. */
const char *cutropy_state_norm(const cutropy_state *state);
/* What that is off by, at most (proved; real and complex values count as the doubles they are stored as): "0" for labels and integers, empty where <f|f> is
 * infinite. */
const char *cutropy_state_norm_error(const cutropy_state *state);
/* 64 bits that depend on every value of f, and on nothing else: neither on how f was given or is
 * stored nor on the machine. Solver frontier: of the least automaton that reads f by rows, which f alone decides too, but not
 * the number that enumeration gives; lists of values beyond 20 pixels: a number of the list. */
uint64_t cutropy_state_checksum(const cutropy_state *state);
/* Labels: the number of images with label 1, UINT64_MAX where it is that or more (cutropy_state_norm says it);
 * 0 for the other kinds. */
uint64_t cutropy_state_ones(const cutropy_state *state);

/* The numbers f(first), f(first + 1), .. f(first + count - 1), exactly, as
 *     CUTROPY_KIND_LABEL     int8_t   0 and 1, or +1 and -1 (encoding=pm1)
 *     CUTROPY_KIND_INTEGER   int64_t
 *     CUTROPY_KIND_REAL      double
 *     CUTROPY_KIND_COMPLEX   double[2], real and imaginary part
 * values: room for count of these. They are not divided by the norm. Cost: that of copying; from a
 * list of images a search by halves first. Errors: CUTROPY_EINPUT (images beyond 2^N),
 * CUTROPY_EUNSUPPORTED (N > 64: images have no numbers; see cutropy_state_images). */
cutropy_status cutropy_state_values(const cutropy_state *state, uint64_t first, uint64_t count,
                                    void *values);

/* Label functions: of all images with label 1, in ascending order, those with places first .. first
 * + count - 1 (place 0 is the first; there are cutropy_state_ones in all). images: room for count
 * images of `words` words each, pixel i in bit i % 64 of word i / 64. Cost: that of copying; from a
 * truth table one pass over its words. Errors: CUTROPY_EINPUT (places beyond the last),
 * CUTROPY_EUNSUPPORTED (another kind of function). */
cutropy_status cutropy_state_images(const cutropy_state *state, uint64_t first, uint64_t count,
                                    uint64_t *images);

#ifdef __cplusplus
}
#endif
#endif
