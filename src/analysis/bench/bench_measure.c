/* SPDX-License-Identifier: Apache-2.0 */
/* One problem, its cuts, one way: run until the clock has seen enough. */
#include <math.h>

#include "analysis/bench/bench.h"
#include "base/base.h"
#include "base/clock.h"

#define LEAST_REPEATS 3
#define MOST_REPEATS 15
#define LEAST_SECONDS 0.2 /* of all repetitions, unless they are too many */

ct_measured ct_bench_median(double *values, size_t count)
{
    if (!count)
        return (ct_measured){NAN, NAN, NAN};
    ct_sort_numbers(values, count);
    const double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    return (ct_measured){median, fmax(values[count - 1] - median, median - values[0]), values[0]};
}

bool ct_bench_stopped(ct_bench_call *call)
{
    const cutropy_options *options = call->options;
    if (!call->stopped && options->progress)
        call->stopped = options->progress(call->stage, call->done, call->total, options->user) != 0;
    return call->stopped;
}

int ct_bench_progress(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage, (void)done, (void)total;
    return ct_bench_stopped(user);
}

static const char *const stages[CT_STAGES] = {"evaluate", "symmetry",    "quotient", "blocks",
                                              "gram",     "eigenvalues", "entropy",  "proofs"};

cutropy_status ct_bench_measure(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                const cutropy_options *options, bool once, ct_bench_time *time,
                                cutropy_result **result)
{
    cutropy_status status = CUTROPY_OK;
    double wall[MOST_REPEATS], processor[MOST_REPEATS], stage[CT_STAGES][MOST_REPEATS];
    double total = 0;
    size_t count = 0;
    *result = NULL;
    do {
        cutropy_result_free(*result);
        *result = NULL;
        const double start = ct_now(), used = ct_now_processor();
        CT_TRY(cutropy_run(problem, cuts, options, result));
        wall[count] = ct_now() - start;
        processor[count] = ct_now_processor() - used;
        for (int s = 0; s < CT_STAGES; s++) {
            const double seconds = cutropy_result_seconds(*result, stages[s]);
            stage[s][count] = isnan(seconds) ? 0 : seconds;
        }
        total += wall[count++];
    } while (!once && (count < LEAST_REPEATS || (total < LEAST_SECONDS && count < MOST_REPEATS)));
    time->seconds = ct_bench_median(wall, count);
    time->processor = ct_bench_median(processor, count);
    for (int s = 0; s < CT_STAGES; s++)
        time->stage[s] = ct_bench_median(stage[s], count);
done:
    if (status) {
        cutropy_result_free(*result);
        *result = NULL;
    }
    return status;
}
