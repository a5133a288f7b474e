/* Tables: CSV, JSON with provenance, .npy. */
#ifndef CUTROPY_OUTPUT_H
#define CUTROPY_OUTPUT_H

#include <stdio.h>

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_format { CUTROPY_CSV, CUTROPY_JSON, CUTROPY_NPY } cutropy_format;
typedef enum cutropy_base { CUTROPY_BITS, CUTROPY_NATS } cutropy_base;

/* Writes the finished rows in the order of the cuts: cut, na, boundary, entropy_UNIT, entropy_err,
 * guarantee, renyi2_UNIT, rank, classes_a, classes_b, purity, then the extra quantities.
 * entropy_err has the unit of the entropy. Reals carry 17 digits; a fraction p/q is exact; a rank
 * that is not settled reads lo..hi; an empty cell (JSON: null) means that the quantity has no value
 * for this cut. .npy: a structured array, fractions as doubles, the field rank is followed by
 * rank_hi. Errors: CUTROPY_EIO (errno says why), CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (a spectrum
 * in .npy). */
cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file);

/* The same into a file that appears whole or not at all: written beside PATH, flushed, then
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
