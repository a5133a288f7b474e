/* SPDX-License-Identifier: Apache-2.0 */
/* Every problem type: defined in NAME.c, listed in registry.c.
 *
 * make() finds problem->lattice set, except when the type has no default lattice (lattice = NULL)
 * and the caller gave none: then make() sets it (a file knows how many pixels it has). kind is
 * CUTROPY_KIND_LABEL for label problems and CUTROPY_KIND_REAL for the others, which make() may change. make()
 * may set problem->text; else it is written from the parameters (args.h). After a failure the
 * caller frees the problem. */
#ifndef CT_PROBLEM_TYPES_H
#define CT_PROBLEM_TYPES_H

#include "problem/problem.h"

/* label functions */
extern const ct_problem_type ct_problem_loops;
extern const ct_problem_type ct_problem_pixel_loops;
extern const ct_problem_type ct_problem_random;
extern const ct_problem_type ct_problem_parity;
extern const ct_problem_type ct_problem_majority;
extern const ct_problem_type ct_problem_threshold;
extern const ct_problem_type ct_problem_weight;
extern const ct_problem_type ct_problem_ghz;
extern const ct_problem_type ct_problem_mirror;
extern const ct_problem_type ct_problem_bars_stripes;
extern const ct_problem_type ct_problem_connected;
extern const ct_problem_type ct_problem_percolation;
extern const ct_problem_type ct_problem_rectangle;
extern const ct_problem_type ct_problem_independent_set;
extern const ct_problem_type ct_problem_still_life;
extern const ct_problem_type ct_problem_contains;
extern const ct_problem_type ct_problem_inner_product;
extern const ct_problem_type ct_problem_primes;
extern const ct_problem_type ct_problem_digits;

/* amplitudes */
extern const ct_problem_type ct_problem_logistic;
extern const ct_problem_type ct_problem_ising;
extern const ct_problem_type ct_problem_rbm;
extern const ct_problem_type ct_problem_mps;
extern const ct_problem_type ct_problem_mera;
extern const ct_problem_type ct_problem_cnn;
extern const ct_problem_type ct_problem_mlp;
extern const ct_problem_type ct_problem_page;
extern const ct_problem_type ct_problem_data;
extern const ct_problem_type ct_problem_file;

#endif
