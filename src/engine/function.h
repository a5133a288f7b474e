/* SPDX-License-Identifier: Apache-2.0 */
/* Norm and checksum of an evaluated function. */
#ifndef CT_ENGINE_FUNCTION_H
#define CT_ENGINE_FUNCTION_H

#include "backend/operations.h"
#include "engine/options.h"

/* Sets norm, norm_exact and checksum; scales extreme amplitudes (exponent, unit). Nothing depends on the
 * threads, and the checksum not on the storage. Errors: CUTROPY_EINPUT (zero function,
 * +-1 of too many pixels), CUTROPY_EMEMORY. */
cutropy_status ct_function_measure(ct_function *f, int threads);

/* The norm of labels or integers that somebody has counted otherwise: norm_exact or norm_big, norm
 * and unit. norm > 0. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_function_set_norm(ct_function *f, const ct_big *norm);

/* <f|f> as text, an exact integer or 17 digits, beyond long double "1.5*2^20000"; free with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_function_norm_text(const ct_function *f, char **out);

/* Whether one side of a cut has nothing, not even a label. */
bool ct_cut_is_trivial(const ct_function *f, const uint64_t *mask);

/* A label function as automata instead (by rows or by columns), measured. Errors: those of ct_automaton_open. watch may
 * be NULL. */
cutropy_status ct_function_read(const cutropy_problem *problem, bool by_columns,
                                uint64_t memory_limit, const ct_watch *watch, ct_function *out);

/* The sum of product states of a problem, measured. Errors: CUTROPY_EINPUT (its terms cancel), CUTROPY_EMEMORY. */
cutropy_status ct_function_products(const cutropy_problem *problem, const ct_operations *operations,
                                    int threads, uint64_t memory_limit, int largest,
                                    ct_function *out);

/* A problem's automata with weights, measured. Errors: those of ct_weighing_open and ct_weighted_run. watch may be NULL. */
cutropy_status ct_function_weighted(const cutropy_problem *problem, uint64_t memory_limit,
                                    int threads, const ct_watch *watch, ct_function *out);

/* f on a strip without end: equations where it has them (auto), else its automaton. <f|f> has no number; sums are those of
 * norm 1. Errors: CUTROPY_EUNSUPPORTED (enumerate; no automaton; no limit), those of ct_strip_open and ct_function_affine. */
cutropy_status ct_function_strip(const cutropy_problem *problem, ct_solver_choice solver,
                                 uint64_t memory_limit, int threads, const ct_watch *watch,
                                 ct_function *out);

/* A label function as linear equations instead, measured. Errors: those of ct_affine_open, CUTROPY_EUNSUPPORTED (it is no such
 * system). */
cutropy_status ct_function_affine(const cutropy_problem *problem, ct_function *out);

#endif
