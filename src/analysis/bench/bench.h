/* SPDX-License-Identifier: Apache-2.0 */
/* What is timed, and what came out. */
#ifndef CT_BENCH_H
#define CT_BENCH_H

#include <cutropy/bench.h>

#include "analysis/bench/bench_cases.h"
#include "engine/function/options.h"
#include "engine/run/run_result.h"

/* The median of repetitions and the distance of the farthest one; NaN: there are none. */
typedef struct ct_measured {
    double median, spread, least; /* least: the smallest */
} ct_measured;

/* Who computes. */
typedef struct ct_bench_way {
    char backend[24];
    ct_solver_choice solver;
    int threads;
} ct_bench_way;

typedef struct ct_bench_time {
    const ct_bench_case *of;
    ct_bench_way way;
    size_t cuts;
    cutropy_kind kind;
    char note[256]; /* why there are no numbers; "": there are */
    ct_measured seconds, processor, stage[CT_STAGES], speedup;
    double gram_share, eigenvalues_share; /* NaN: not known */
    double difference;                    /* bits */
} ct_bench_time;

typedef struct ct_ceiling {
    const char *name, *unit;
    ct_measured rate[2]; /* one thread, all of them */
} ct_ceiling;

/* copy, popcount, real, complex, division */
#define CT_CEILINGS 5
enum {
    CT_CEILING_COPY,
    CT_CEILING_POPCOUNT,
    CT_CEILING_REAL,
    CT_CEILING_COMPLEX,
    CT_CEILING_DIVISION
};

typedef struct ct_growth {
    const ct_bench_series *of;
    int smallest, largest; /* N */
    double exponent, exponent_se;
    ct_measured seconds; /* at the largest */
} ct_growth;

struct cutropy_bench {
    bool quick, complete;
    int threads;
    double load; /* the system's load average when it began; NaN: it does not say */
    char without_cuda[512];
    ct_ceiling ceiling[CT_CEILINGS];
    ct_bench_time *times; /* owned */
    size_t count;
    ct_growth *growth; /* owned */
    size_t growths;
};

/* What is timed. */
typedef struct ct_bench_list {
    const ct_bench_case *cases;
    const ct_bench_series *series;
    size_t case_count, series_count;
    bool ceilings; /* the machine's own as well; else NaN */
} ct_bench_list;

/* cutropy_bench_run of a list. */
cutropy_status ct_bench_run(const ct_bench_list *list, bool quick, const cutropy_options *options,
                            cutropy_bench **out);

/* A run of what is timed: its options, and who is told. */
typedef struct ct_bench_call {
    const cutropy_options *options; /* of the caller */
    const char *stage;
    uint64_t done, total;
    bool stopped;
} ct_bench_call;

/* Whether the caller asks to stop; tells it how far this is. */
bool ct_bench_stopped(ct_bench_call *call);
/* ct_bench_stopped as the progress of a run; user: the call. */
int ct_bench_progress(const char *stage, uint64_t done, uint64_t total, void *user);

/* values: sorted here. */
ct_measured ct_bench_median(double *values, size_t count);

/* The machine's own rates, CT_CEILINGS of them; least: seconds of a repetition. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_bench_ceilings(int threads, double least, ct_bench_call *call,
                                 ct_ceiling *ceiling);

/* seconds, processor and stages of a problem and cuts in one way; *result (to be freed) is that of the last repetition.
 * once: one run that is not timed. Errors: those of cutropy_run. */
cutropy_status ct_bench_measure(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                const cutropy_options *options, bool once, ct_bench_time *time,
                                cutropy_result **result);

#endif
