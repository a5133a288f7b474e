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

/* Writes the finished rows in the order of the cuts. Errors: CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base, FILE *file);

/* The same into a file that appears whole or not at all: written beside PATH, flushed, then renamed. */
cutropy_status cutropy_save(const cutropy_result *result, cutropy_format format, cutropy_base base, const char *path);

#ifdef __cplusplus
}
#endif
#endif
