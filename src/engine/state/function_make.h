/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that are known without a look at their images. */
#ifndef CT_FUNCTION_MAKE_H
#define CT_FUNCTION_MAKE_H

#include "backend/operations.h"
#include "engine/function/options.h"

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
