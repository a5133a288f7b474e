/* SPDX-License-Identifier: Apache-2.0 */
/* Which functions and cuts are timed: labels, values, few large cuts and all of them, structure and none. */
#ifndef CT_BENCH_CASES_H
#define CT_BENCH_CASES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ct_bench_case {
    const char *name, *problem;
    const char *lattice[2]; /* full, quick */
    const char *cuts;
    bool certify;
    bool automaton; /* solver frontier can do it as well */
} ct_bench_case;

/* Growth: the same function on larger and larger lattices. */
#define CT_BENCH_SIZES 6
typedef struct ct_bench_series {
    const char *name, *problem, *cuts;
    const char *lattice[CT_BENCH_SIZES]; /* up to NULL */
    int quick;                           /* so many of them where it is to be quick */
} ct_bench_series;

extern const ct_bench_case ct_bench_cases[];
extern const size_t ct_bench_case_count;
extern const ct_bench_series ct_bench_all_series[];
extern const size_t ct_bench_series_count;

#endif
