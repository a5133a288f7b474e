/* SPDX-License-Identifier: Apache-2.0 */
/* Norm and checksum of an evaluated function. */
#ifndef CT_ENGINE_FUNCTION_H
#define CT_ENGINE_FUNCTION_H

#include "backend/operations.h"

/* A function of the pixels of a problem, of which nothing else is known. */
ct_function ct_function_of(const cutropy_problem *problem);

/* Sets norm, norm_exact and checksum; scales extreme amplitudes (exponent, unit). Nothing depends on the
 * threads, and the checksum not on the storage. Errors: CUTROPY_EINPUT (zero function,
 * +-1 of too many pixels), CUTROPY_EMEMORY. */
cutropy_status ct_function_measure(ct_function *f, int threads);

/* The norm of labels or integers that somebody has counted otherwise: norm_exact or norm_big, norm
 * and unit. norm > 0. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_function_set_norm(ct_function *f, const ct_big *norm);

/* <f|f> as text, an exact integer or 17 digits, beyond long double "1.5*2^20000"; free with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_function_norm_text(const ct_function *f, char **out);
/* What that is off by, at most: "0" for integers, three digits, and nothing where it is infinite. The same errors. */
cutropy_status ct_function_norm_error_text(const ct_function *f, char **out);

/* Whether one side of a cut has nothing, not even a label. */
bool ct_cut_is_trivial(const ct_function *f, const uint64_t *mask);

#endif
