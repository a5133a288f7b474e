/* SPDX-License-Identifier: Apache-2.0 */
/* What the whole-program tests share: random numbers of their own, and runs that must succeed.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdint.h>

#include <cutropy/cutropy.h>

#include "engine/function/result.h"

/* xorshift64*: nothing that the library uses. */
uint64_t draw(uint64_t *state);
uint64_t draw_below(uint64_t *state, uint64_t bound);
double draw_unit(uint64_t *state); /* [0, 1) */

/* full, or small when CUTROPY_TEST_SMALL is set (sanitizer builds). */
int amount(int full, int small);

uint64_t all_pixels(const cutropy_lattice *lattice);
int lit_pixels(uint64_t mask);

/* Bytes of a value that the caller gives: labels have one. */
size_t bytes_of_value(cutropy_kind kind);

/* A progress that asks to stop. */
int stop_at_once(const char *stage, uint64_t done, uint64_t total, void *user);

/* What the tables of the ground truth call a problem, in the words of the library. */
const char *truth_problem(const char *text);

/* These stop the test with the library's message when something fails. */
cutropy_lattice *must_lattice(const char *text);
cutropy_problem *must_problem(const char *text, const char *lattice);
cutropy_problem *must_problem_on(const char *text, const cutropy_lattice *lattice);
cutropy_problem *must_values(const cutropy_lattice *lattice, cutropy_kind kind, const void *values);
cutropy_cuts must_cuts(const char *text, const cutropy_lattice *lattice);
/* Masks of one word; *result is freed by the caller. quantities: a list as on the command line, or
 * NULL. */
cutropy_result *must_run(const cutropy_problem *problem, const uint64_t *masks, size_t count,
                         const char *quantities, int threads, int symmetry);
/* Options by key and value, key and value, .. NULL. */
cutropy_options *must_options(const char *key, ...);
cutropy_state *must_state(const cutropy_problem *problem, const cutropy_options *options);
cutropy_state *must_levels(const cutropy_problem *problem, const cutropy_options *options);
/* Of any cuts, with any options. */
cutropy_result *must_solve(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options);
/* The same, and quantities: a list as on the command line, or NULL. */
cutropy_result *must_solve_with(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                const char *quantities, const cutropy_options *options);
/* Text of a CSV table, freed by the caller. */
char *must_csv(const cutropy_result *result);

const cutropy_record *row_record(const cutropy_result *result, size_t row);
/* Classes of the kept side (side 0) or of the rest (side 1) of a row. */
int64_t row_classes(const cutropy_result *result, size_t row, int side);

/* The entropy in bits of one cut of NAME on a lattice, the error in *error. */
double entropy_of(const char *problem, const char *lattice, uint64_t mask, double *error);

#endif
