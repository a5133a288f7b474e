/* SPDX-License-Identifier: Apache-2.0 */
/* The list of all problem types, in the order in which help shows them. */
#include "problem/types.h"

const ct_problem_type *const ct_problem_types[] = {
    &ct_problem_loops,         &ct_problem_pixel_loops,
    &ct_problem_random,        &ct_problem_parity,
    &ct_problem_majority,      &ct_problem_threshold,
    &ct_problem_weight,        &ct_problem_ghz,
    &ct_problem_mirror,        &ct_problem_bars_stripes,
    &ct_problem_connected,     &ct_problem_percolation,
    &ct_problem_rectangle,     &ct_problem_independent_set,
    &ct_problem_still_life,    &ct_problem_contains,
    &ct_problem_inner_product, &ct_problem_primes,
    &ct_problem_digits,        &ct_problem_logistic,
    &ct_problem_ising,         &ct_problem_rbm,
    &ct_problem_mps,           &ct_problem_mera,
    &ct_problem_cnn,           &ct_problem_mlp,
    &ct_problem_page,          &ct_problem_data,
    &ct_problem_file,          NULL,
};
