/* SPDX-License-Identifier: Apache-2.0 */
/* How fast this machine is: the same functions and cuts by every backend, solver and number of threads that it has.
 *
 *   cutropy_bench_options what = CUTROPY_BENCH_OPTIONS;
 *   cutropy_bench *bench;
 *   status = cutropy_bench_run(&what, NULL, &bench);
 *   if (!status)
 *       status = cutropy_bench_sheet(bench, CUTROPY_BENCH_TIMES, &sheet);
 *
 * Before a case is timed every way must give the answers of the first one: equal classes and fractions, overlapping brackets
 * of ranks, equal decimals where both prove as many, real numbers within the sum of their errors. The growth is timed without.
 * A time is the median of at least three repetitions by the clock on the wall, of opening a state and running its cuts; its
 * error is how far the farthest repetition lies from it: it says how steady the machine was and proves nothing. */
#ifndef CUTROPY_BENCH_H
#define CUTROPY_BENCH_H

#include <cutropy/run.h>
#include <cutropy/sheet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Options (cutropy/status.h). */
typedef struct cutropy_bench_options {
    size_t size;
    int quick; /* 1: small cases, some seconds in all; 0: minutes */
} cutropy_bench_options;
#define CUTROPY_BENCH_OPTIONS                                                                      \
    {                                                                                              \
        sizeof(cutropy_bench_options), 0                                                           \
    }

typedef struct cutropy_bench cutropy_bench;

/* what: NULL for the defaults. options: threads (the most that are tried), memory, backend (auto: the CPU and each
 * CUDA device, and all of them together; cpu; cuda, cuda:N, cuda:all: beside the CPU) and progress (stages "ceilings",
 * "bench", "growth", done and total in cases); the others are ignored.
 * A way that cannot do a case (memory, a device that has none of it) says why in its row. On CUTROPY_ECANCELLED *out
 * holds the cases that were finished, or is NULL where there are none; on any other error *out is NULL.
 * Errors: CUTROPY_EINTERNAL (two ways disagree: which, and on what), CUTROPY_EMEMORY, CUTROPY_EINPUT,
 * CUTROPY_EUNSUPPORTED (the backend that was named is not here). */
cutropy_status cutropy_bench_run(const cutropy_bench_options *what, const cutropy_options *options,
                                 cutropy_bench **out);
void cutropy_bench_free(cutropy_bench *bench); /* NULL is allowed */

/* 0: the run was stopped. */
int cutropy_bench_complete(const cutropy_bench *bench);
/* The system's load average when it began: processes that ran or waited in the minute before, its caller's own work among them.
 * Times of a machine that does something else mean little. NaN: the system does not say. */
double cutropy_bench_load(const cutropy_bench *bench);
/* Why no CUDA device was tried, in one line; "": some were, or nobody asked. */
const char *cutropy_bench_without_cuda(const cutropy_bench *bench);

typedef enum cutropy_bench_table {
    /* A row a case and way: case, problem, lattice, cuts, kind, count (cuts), backend, solver, threads, seconds, speedup (seconds of
     * the first way of the case over these), processor (seconds of all cores), evaluate, symmetry, quotient, blocks, gram, eigenvalues,
     * entropy, proofs (seconds of the stages: cutropy_result_seconds), gram_share, eigenvalues_share (of one
     * thread's ceiling for the products; missing on several threads, and where the work is not known or not the CPU's), difference (largest
     * of entropies from the first way, bits), note (why there are no numbers). */
    CUTROPY_BENCH_TIMES,
    CUTROPY_BENCH_SUMMARY, /* case, backend, solver, threads, seconds, speedup, note */
    /* ceiling, unit, one_thread, all_threads, threads: copying (bytes read and written), popcounts of ANDs of 64-bit words, additions
     * and multiplications in real and complex symmetric products, divisions. */
    CUTROPY_BENCH_CEILINGS,
    /* series, problem, cuts, smallest and largest N, exponent a of seconds ~ 2^(a N) by least squares with its standard
     * error, seconds at the largest N; all threads of the CPU. */
    CUTROPY_BENCH_GROWTH
} cutropy_bench_table;

/* Its JSON of CUTROPY_BENCH_TIMES has the ceilings and the growth as well. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_bench_sheet(const cutropy_bench *bench, cutropy_bench_table table,
                                   cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
