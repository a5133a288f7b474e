/* SPDX-License-Identifier: Apache-2.0 */
/* What every layer stands on: errors, memory, bits, counter-based random numbers, 128-bit integers.
 */
#ifndef CT_BASE_H
#define CT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cutropy/status.h>

#include "base/bits.h"
#include "base/floating.h"

/* ---- errors ---- */

/* CUTROPY_EUNSUPPORTED: this thread flushes subnormal numbers to zero or does not round to nearest. */
cutropy_status ct_floating_check(void);

/* Stores the message of this thread and returns status: return ct_fail(CUTROPY_EINPUT, "...", ...).
 * Keeps one line. */
cutropy_status ct_fail(cutropy_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The message "out of memory: NAME needs BYTES bytes". */
cutropy_status ct_fail_memory(const char *name, size_t bytes);
/* Options that a program filled begin with their size. Where members are added at the end the known sizes become
 * several, and what is missing gets its defaults. macro: what starts them. */
cutropy_status ct_options_known(const char *macro, size_t size, size_t known);
/* Messages are thread-local: a parallel region hands the message of the failing thread to the
 * caller with these. */
void ct_error_save(char *text, size_t size);
cutropy_status ct_error_restore(cutropy_status status, const char *text);

/* status = call; if it failed, leave through label done. */
#define CT_TRY(call)                                                                               \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != CUTROPY_OK)                                                                  \
            goto done;                                                                             \
    } while (0)

/* ---- memory (aligned to 64 bytes) ---- */

/* count * size bytes, not cleared; NULL on overflow or when the allocator says no. count = 0 gives
 * a valid pointer. */
void *ct_alloc(size_t count, size_t size);
void *ct_calloc(size_t count, size_t size);
char *ct_strdup(const char *text);
void ct_free(void *memory);

/* Between these two arrays of megabytes that are freed are kept for those that will need as much: the
 * system clears every page that it hands out, which takes longer than many a use of them. Never more
 * is held at a time than was in use at one; with an allocator of the user's, nothing is kept. Pairs
 * may overlap, on any threads. */
void ct_memory_keep(void);
void ct_memory_drop(void);

/* memory = allocation or leave through done with CUTROPY_EMEMORY. */
#define CT_NEW(memory, count)                                                                      \
    do {                                                                                           \
        (memory) = ct_alloc((size_t)(count), sizeof *(memory));                                    \
        if (!(memory)) {                                                                           \
            status = ct_fail_memory(#memory, (size_t)(count) * sizeof *(memory));                  \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)
#define CT_NEW_ZERO(memory, count)                                                                 \
    do {                                                                                           \
        (memory) = ct_calloc((size_t)(count), sizeof *(memory));                                   \
        if (!(memory)) {                                                                           \
            status = ct_fail_memory(#memory, (size_t)(count) * sizeof *(memory));                  \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

/* ---- 128-bit integers ---- */

__extension__ typedef unsigned __int128 ct_u128;
__extension__ typedef __int128 ct_i128;

ct_u128 ct_gcd(ct_u128 a, ct_u128 b);
/* Decimal digits, returns the length; text needs 40 characters. */
int ct_u128_format(ct_u128 value, char *text);

/* Bytes in the largest binary unit that keeps a leading digit, "20.4 GiB"; text needs 24
 * characters. */
const char *ct_bytes_format(uint64_t bytes, char *text);
#define CT_BYTES(bytes) ct_bytes_format((bytes), (char[24]){0}) /* until the block ends */

/* Ascending; no NaN. */
void ct_sort_numbers(double *number, size_t count);

/* ---- counter-based random numbers ---- */

/* Uniform in (0, 1), 53 bits, never 0 or 1. */
static inline double ct_random_unit(uint64_t seed, uint64_t counter)
{
    return ((double)(ct_random(seed, counter) >> 11) + 0.5) * 0x1p-53;
}

/* Standard normal number `counter` of stream `seed` (Box-Muller on counters 2k and 2k + 1). */
double ct_random_normal(uint64_t seed, uint64_t counter);
/* Numbers first .. first + count - 1 of it, at half the cost. */
void ct_random_normals(uint64_t seed, uint64_t first, size_t count, double *out);

#endif
