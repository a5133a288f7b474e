/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/bench/bench_cases.h"

const ct_bench_case ct_bench_cases[] = {
    {"random, every cut", "random:seed=1", {"4x4", "chain:14"}, "all", false, false},
    {"random, half", "random:seed=1", {"chain:24", "chain:20"}, "half", false, false},
    {"random +-1, half",
     "random:seed=1,encoding=pm1",
     {"chain:22", "chain:18"},
     "half",
     false,
     false},
    {"primes, half", "primes", {"chain:24", "chain:20"}, "half", false, false},
    {"connected, rectangles", "connected", {"5x5", "4x5"}, "rectangles", false, false},
    {"independent-set, rows", "independent-set", {"6x6", "6x5"}, "rows", false, true},
    {"pixel-loops, rows", "pixel-loops", {"6x6", "5x5"}, "rows", false, true},
    {"ising, rows", "ising", {"4x6", "4x5"}, "rows", false, false},
    {"page, half", "page:seed=1", {"chain:22", "chain:20"}, "half", false, false},
    {"page, rectangles", "page:seed=1", {"4x5", "4x4"}, "rectangles", false, false},
    {"complex page, half", "page:complex=1,seed=1", {"chain:20", "chain:18"}, "half", false, false},
    {"connected, proved", "connected", {"4x5", "4x4"}, "rows,sites", true, false},
    {"random, proved", "random:seed=1", {"chain:16", "chain:14"}, "half", true, false},
    {"page, proved", "page:seed=1", {"chain:14", "chain:12"}, "half", true, false}};
const size_t ct_bench_case_count = sizeof ct_bench_cases / sizeof *ct_bench_cases;

const ct_bench_series ct_bench_all_series[] = {
    {"random, half",
     "random:seed=1",
     "half",
     {"chain:14", "chain:16", "chain:18", "chain:20", "chain:22", "chain:24"},
     4},
    {"page, half",
     "page:seed=1",
     "half",
     {"chain:14", "chain:16", "chain:18", "chain:20", "chain:22"},
     4},
    {"connected, half", "connected", "half", {"4x4", "4x5", "4x6", "4x7"}, 3}};
const size_t ct_bench_series_count = sizeof ct_bench_all_series / sizeof *ct_bench_all_series;
