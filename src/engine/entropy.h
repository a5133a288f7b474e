/* Entropies and other numbers from a spectrum. */
#ifndef CT_ENTROPY_H
#define CT_ENTROPY_H

#include <cutropy/result.h>

#include "engine/spectrum.h"

/* Fills every field of *record from a finished spectrum: entropies in bits with their errors, exact
 * fractions, quantities. MUTUAL_INFORMATION and BOUNDARY_PIXELS are left to run.c, which knows the
 * cut. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_entropy_record(const ct_function *f, const ct_quotient *q,
                                 const ct_blocks *blocks, const ct_spectrum *s,
                                 const cutropy_quantity *quantities, size_t quantity_count,
                                 cutropy_record *record);

/* The record of an empty or full cut: S = 0, one class on each side. */
cutropy_status ct_entropy_trivial(const ct_function *f, const cutropy_quantity *quantities,
                                  size_t quantity_count, cutropy_record *record);

/* Renyi entropy of order alpha >= 0 (or INFINITY) in bits; alpha = 1 is von Neumann. alpha = 0 is
 * log2 rank, NaN when the rank is not settled (rank = 0). For alpha < 1 levels that are not above
 * their error are left out, where they would dominate. */
double ct_renyi(const ct_level *level, size_t count, int64_t rank, double alpha);

void ct_record_free(cutropy_record *record);

#endif
