/* What --digits adds to a record: decimals, closed forms, exact ranks and fractions. */
#ifndef CT_EXACT_RECORD_H
#define CT_EXACT_RECORD_H

#include <cutropy/result.h>

#include "engine/cut_algebra.h"

/* Characteristic polynomials beyond this many multiplications are not attempted (about 40 s for a
 * block; dimension 550 or so). */
#define CT_EXACT_WORK 1.5e10

/* Fills record->exact and, from what was proved, the doubles of the record: entropy with its
 * radius, guarantee, rank, spectrum. Real and complex functions: nothing is attempted. q, blocks:
 * NULL for an empty or full cut. Errors: CUTROPY_EMEMORY, CUTROPY_EINTERNAL. */
cutropy_status ct_exact_record(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_backend *backend, int threads, uint64_t memory_limit,
                               int digits, const cutropy_quantity *quantities,
                               size_t quantity_count, cutropy_record *record);

void ct_exact_free(cutropy_exact *exact, size_t quantity_count);

#endif
