/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: CSV, JSON with provenance, .npy. */
#ifndef CUTROPY_OUTPUT_H
#define CUTROPY_OUTPUT_H

#include <stdio.h>

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_format {
    CUTROPY_FORMAT_CSV,
    CUTROPY_FORMAT_JSON,
    CUTROPY_FORMAT_NPY
} cutropy_format;
typedef enum cutropy_base { CUTROPY_BASE_BITS, CUTROPY_BASE_NATS } cutropy_base;

/* Writes the finished rows in the order of the cuts: cut, na, boundary, entropy_UNIT, entropy_err,
 * guarantee, renyi2_UNIT, renyi2_err, rank, classes_a, classes_b, purity, purity_err, then the
 * extra quantities, every real one with its error after it in a column NAME_err of the same unit.
 * Reals carry 17 digits; a fraction p/q is exact (error 0); an integer that is not settled reads
 * lo..hi; an empty cell (JSON: null) means that the number is not known or has no value for this
 * cut. .npy: a structured array, fractions as doubles with the error of their rounding; rank,
 * rank_EPS and truncation_EPS are followed by NAME_hi. Errors: CUTROPY_EIO (errno says why), CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (a spectrum
 * in .npy). */
cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file);

/* The same into a file that appears whole or not at all. A result that is not complete goes to
 * PATH.partial, and PATH is left alone; its table says so itself (a first line "# partial: 12 of 30
 * cuts", "complete": false, a title of the .npy field cut). Written beside PATH, flushed, then
 * renamed. A symbolic link stays a link; devices and pipes are written directly. On failure an
 * existing file is untouched. */
cutropy_status cutropy_save(const cutropy_result *result, cutropy_format format, cutropy_base base,
                            const char *path);

/* Fails now if cutropy_save could not create a file at PATH: ask before a long run. Changes
 * nothing. */
cutropy_status cutropy_save_check(const char *path);

#ifdef __cplusplus
}
#endif
#endif
