/* SPDX-License-Identifier: Apache-2.0 */
/* Every case in every way: first that they agree, then how long they take. */
#include "analysis/bench/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bench/bench_agree.h"
#include "analysis/common/fit.h"
#include "backend/module.h"
#include "base/base.h"
#include "base/parallel.h"
#include "engine/function/choose.h"

/* Threads 1, 2, 4, .. and all, by enumeration and by automata, and devices with all threads. */
#define MOST_WAYS 96

typedef struct ways {
    ct_bench_way way[MOST_WAYS];
    size_t count;
} ways;

static void add_way(ways *w, const char *backend, ct_solver_choice solver, int threads)
{
    if (w->count == MOST_WAYS)
        return;
    ct_bench_way *way = &w->way[w->count++];
    *way = (ct_bench_way){.solver = solver, .threads = threads};
    snprintf(way->backend, sizeof way->backend, "%s", backend);
}

/* Each device, and all of them together; there may be none. */
static void add_devices(ways *w, cutropy_bench *bench)
{
    char name[24];
    const ct_module *module = NULL;
    int devices = 0;
    if (ct_module_open(&module) || module->count(&devices)) {
        snprintf(bench->without_cuda, sizeof bench->without_cuda, "%s", cutropy_error());
        return;
    }
    for (int d = 0; d < devices; d++) {
        snprintf(name, sizeof name, "cuda:%d", d);
        add_way(w, name, CT_SOLVE_ENUMERATE, bench->threads);
    }
    if (devices > 1)
        add_way(w, "cuda:all", CT_SOLVE_ENUMERATE, bench->threads);
}

/* Errors: those of ct_choose_backend, where one was named. */
static cutropy_status find_ways(const cutropy_options *options, ways *w, cutropy_bench *bench)
{
    const char *asked = options->backend ? options->backend : "auto";
    const ct_operations *operations = NULL;
    const cutropy_status status = ct_choose_backend(options, &operations);
    if (status)
        return status;
    operations->stop();
    *w = (ways){.count = 0};
    for (int threads = 1; threads < bench->threads; threads *= 2)
        add_way(w, "cpu", CT_SOLVE_ENUMERATE, threads);
    add_way(w, "cpu", CT_SOLVE_ENUMERATE, bench->threads);
    add_way(w, "cpu", CT_SOLVE_FRONTIER, bench->threads);
    if (!strcmp(asked, "auto"))
        add_devices(w, bench);
    else if (strcmp(asked, "cpu") != 0)
        add_way(w, asked, CT_SOLVE_ENUMERATE, bench->threads);
    return CUTROPY_OK;
}

/* ---- a case ---- */

typedef struct opened {
    cutropy_lattice *lattice;
    cutropy_problem *problem;
    cutropy_cuts cuts;
} opened;

static void close_problem(opened *o)
{
    cutropy_cuts_free(&o->cuts);
    cutropy_problem_free(o->problem);
    cutropy_lattice_free(o->lattice);
}

static cutropy_status open_problem(const char *problem, const char *lattice, const char *cuts,
                                   opened *o)
{
    cutropy_status status = CUTROPY_OK;
    *o = (opened){.lattice = NULL};
    CT_TRY(cutropy_lattice_parse(lattice, &o->lattice));
    CT_TRY(cutropy_problem_parse(problem, o->lattice, &o->problem));
    CT_TRY(cutropy_cuts_parse(cuts, o->lattice, &o->cuts));
done:
    return status;
}

static cutropy_options options_of(const ct_bench_way *way, bool certify, ct_bench_call *call)
{
    cutropy_options options = ct_default_options();
    options.threads = way->threads;
    options.backend = way->backend;
    options.solver = way->solver;
    options.certify = certify;
    options.memory_limit = call->options->memory_limit;
    options.progress = ct_bench_progress;
    options.user = call;
    return options;
}

/* What a way may lack. */
static bool may_lack(cutropy_status status)
{
    return status == CUTROPY_EMEMORY || status == CUTROPY_EUNSUPPORTED || status == CUTROPY_EDEVICE;
}

static void leave_out(ct_bench_time *time)
{
    snprintf(time->note, sizeof time->note, "%s", cutropy_error());
}

/* The share of the ceilings of one thread, where one thread works (several share a cut by the clock): work that is known from the
 * classes, where every cut is one block and its rows are bits of a table, or numbers. */
static void find_shares(const ct_ceiling *ceiling, const cutropy_result *result,
                        ct_bench_time *time)
{
    const bool bits = !strcmp(result->storage, "table"),
               complex = time->kind == CUTROPY_KIND_COMPLEX;
    const bool numbers = time->kind == CUTROPY_KIND_REAL || complex;
    double gram = 0, eigenvalues = 0;
    if (strcmp(time->way.backend, "cpu") != 0 || time->way.threads > 1 || (!bits && !numbers))
        return;
    for (size_t r = 0; r < result->record_count; r++) {
        const cutropy_record *record = &result->records[r];
        const double n = (double)(record->classes[0] < record->classes[1] ? record->classes[0]
                                                                          : record->classes[1]);
        const double k = (double)record->classes[0] + (double)record->classes[1] - n;
        if (record->blocks > 1)
            return;
        gram += bits ? n * (n + 1) / 2 * ceil(k / 64) : n * (n + 1) * k * (complex ? 4 : 1);
        if (n > 2)
            eigenvalues += 4.0 / 3 * n * n * n * (complex ? 4 : 1);
    }
    const int products = complex ? CT_CEILING_COMPLEX : CT_CEILING_REAL;
    const double bound = ceiling[bits ? CT_CEILING_POPCOUNT : products].rate[0].median;
    if (time->stage[CT_STAGE_GRAM].median > 0)
        time->gram_share = gram / bound / time->stage[CT_STAGE_GRAM].median;
    if (time->stage[CT_STAGE_EIGENVALUES].median > 0)
        time->eigenvalues_share = eigenvalues / ceiling[products].rate[0].median /
                                  time->stage[CT_STAGE_EIGENVALUES].median;
}

typedef struct running {
    opened o;
    cutropy_bench *bench;
    ct_bench_call *call;
    size_t first, end; /* its rows */
} running;

/* Every way once; those that cannot are left out. */
static cutropy_status agree(const running *r)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *reference = NULL, *result = NULL;
    for (size_t i = r->first; i < r->end; i++) {
        ct_bench_time *time = &r->bench->times[i];
        const cutropy_options options = options_of(&time->way, time->of->certify, r->call);
        char who[128];
        status = ct_bench_measure(r->o.problem, &r->o.cuts, &options, true, time, &result);
        if (may_lack(status)) {
            leave_out(time);
            status = CUTROPY_OK;
            continue;
        }
        CT_TRY(status);
        snprintf(who, sizeof who, "%s by %s on %d threads", time->of->name, time->way.backend,
                 time->way.threads);
        if (reference)
            CT_TRY(ct_bench_agree(reference, result, who, &time->difference));
        if (!reference) {
            reference = result;
            result = NULL;
        }
        cutropy_result_free(result);
        result = NULL;
    }
done:
    cutropy_result_free(reference);
    cutropy_result_free(result);
    return status;
}

/* Of medians; its error is how far the quotient of the farthest repetitions lies. */
static ct_measured quotient(ct_measured a, ct_measured b)
{
    const double value = a.median / b.median;
    const double most = (a.median + a.spread) / fmax(b.median - b.spread, b.least);
    const double least = fmax(a.median - a.spread, a.least) / (b.median + b.spread);
    return (ct_measured){value, fmax(most - value, value - least), least};
}

static cutropy_status take_times(const running *r)
{
    cutropy_status status = CUTROPY_OK;
    const ct_bench_time *first = NULL;
    for (size_t i = r->first; i < r->end; i++) {
        ct_bench_time *time = &r->bench->times[i];
        const cutropy_options options = options_of(&time->way, time->of->certify, r->call);
        cutropy_result *result = NULL;
        if (*time->note)
            continue;
        status = ct_bench_measure(r->o.problem, &r->o.cuts, &options, false, time, &result);
        if (may_lack(status)) { /* there was memory a moment ago */
            leave_out(time);
            status = CUTROPY_OK;
            continue;
        }
        CT_TRY(status);
        find_shares(r->bench->ceiling, result, time);
        cutropy_result_free(result);
        if (first)
            time->speedup = quotient(first->seconds, time->seconds);
        else
            time->speedup = (ct_measured){1, 0, 1};
        first = first ? first : time;
    }
done:
    return status;
}

static cutropy_status run_case(const ct_bench_case *of, const ways *w, cutropy_bench *bench,
                               ct_bench_call *call)
{
    cutropy_status status = CUTROPY_OK;
    running r = {.bench = bench, .call = call, .first = bench->count, .end = bench->count};
    CT_TRY(open_problem(of->problem, of->lattice[bench->quick], of->cuts, &r.o));
    for (size_t i = 0; i < w->count; i++) {
        if (w->way[i].solver == CT_SOLVE_FRONTIER && !of->automaton)
            continue;
        ct_bench_time *time = &bench->times[r.end++];
        *time = (ct_bench_time){.of = of,
                                .way = w->way[i],
                                .cuts = r.o.cuts.count,
                                .kind = cutropy_problem_kind(r.o.problem),
                                .gram_share = NAN,
                                .eigenvalues_share = NAN};
    }
    CT_TRY(agree(&r));
    CT_TRY(take_times(&r));
    bench->count = r.end; /* a case is there as a whole or not at all */
    call->done++;
done:
    close_problem(&r.o);
    return status;
}

/* ---- growth ---- */

static void fit(const double *pixels, const double *seconds, size_t count, ct_growth *out)
{
    double x[2 * CT_BENCH_SIZES], y[CT_BENCH_SIZES];
    ct_fit found;
    for (size_t i = 0; i < count; i++) {
        x[i] = 1;
        x[count + i] = pixels[i];
        y[i] = log2(seconds[i]);
    }
    out->exponent = out->exponent_se = NAN;
    if (count < 3 || ct_least_squares(x, 2, y, count, &found))
        return;
    out->exponent = found.coefficient[1];
    out->exponent_se = sqrt(found.square_sum / ((double)count - 2) * found.inverse_diagonal[1]);
}

static cutropy_status grow(const ct_bench_series *of, cutropy_bench *bench, ct_bench_call *call)
{
    cutropy_status status = CUTROPY_OK;
    double pixels[CT_BENCH_SIZES], seconds[CT_BENCH_SIZES];
    const ct_bench_way way = {
        .backend = "cpu", .solver = CT_SOLVE_ENUMERATE, .threads = bench->threads};
    const size_t most = bench->quick ? (size_t)of->quick : CT_BENCH_SIZES;
    const cutropy_options options = options_of(&way, false, call);
    ct_growth growth = {.of = of, .seconds = {NAN, NAN, NAN}};
    size_t count = 0;
    for (; count < most && of->lattice[count]; count++) {
        opened o;
        ct_bench_time time = {.of = NULL};
        cutropy_result *result = NULL;
        status = open_problem(of->problem, of->lattice[count], of->cuts, &o);
        if (!status)
            status = ct_bench_measure(o.problem, &o.cuts, &options, false, &time, &result);
        cutropy_result_free(result);
        const int size = status ? 0 : o.lattice->pixels;
        close_problem(&o);
        if (may_lack(status)) /* the series ends where the memory does */
            break;
        CT_TRY(status);
        growth.smallest = count ? growth.smallest : size;
        growth.largest = size;
        growth.seconds = time.seconds;
        pixels[count] = size;
        seconds[count] = time.seconds.median;
    }
    status = CUTROPY_OK;
    fit(pixels, seconds, count, &growth);
    bench->growth[bench->growths++] = growth;
    call->done++;
done:
    return status;
}

/* ---- the whole ---- */

/* Running and waiting processes of the last minute, on the average. */
static double load_of_machine(void)
{
    double load;
    return getloadavg(&load, 1) == 1 ? load : NAN;
}

static cutropy_status run_all(const ct_bench_list *list, const cutropy_options *options,
                              cutropy_bench *bench)
{
    cutropy_status status = CUTROPY_OK;
    ways w;
    ct_bench_call call = {.options = options, .stage = "ceilings", .total = CT_CEILINGS};
    CT_TRY(find_ways(options, &w, bench));
    CT_NEW_ZERO(bench->times, list->case_count * w.count);
    CT_NEW_ZERO(bench->growth, list->series_count);
    for (int i = 0; i < CT_CEILINGS; i++)
        bench->ceiling[i] = (ct_ceiling){"", "", {{NAN, NAN, NAN}, {NAN, NAN, NAN}}};
    if (list->ceilings)
        CT_TRY(
            ct_bench_ceilings(bench->threads, bench->quick ? 0.01 : 0.05, &call, bench->ceiling));
    call = (ct_bench_call){.options = options, .stage = "bench", .total = list->case_count};
    for (size_t i = 0; i < list->case_count; i++)
        CT_TRY(run_case(&list->cases[i], &w, bench, &call));
    call = (ct_bench_call){.options = options, .stage = "growth", .total = list->series_count};
    for (size_t i = 0; i < list->series_count; i++)
        CT_TRY(grow(&list->series[i], bench, &call));
    bench->complete = true;
done:
    return status;
}

cutropy_status ct_bench_run(const ct_bench_list *list, bool quick, const cutropy_options *options,
                            cutropy_bench **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(*out, 1);
    options = ct_options_or_standard(options);
    (*out)->quick = quick;
    (*out)->threads = options->threads ? options->threads : ct_available_threads();
    (*out)->load = load_of_machine();
    status = run_all(list, options, *out);
done:
    if (status && (status != CUTROPY_ECANCELLED || !(*out && (*out)->count))) {
        cutropy_bench_free(*out);
        *out = NULL;
    }
    return status;
}

cutropy_status cutropy_bench_run(const cutropy_bench_options *what, const cutropy_options *options,
                                 cutropy_bench **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_bench_list list = {.cases = ct_bench_cases,
                                .case_count = ct_bench_case_count,
                                .series = ct_bench_all_series,
                                .series_count = ct_bench_series_count,
                                .ceilings = true};
    *out = NULL;
    if (what)
        CT_TRY(ct_options_known("CUTROPY_BENCH_OPTIONS", what->size, sizeof *what));
    CT_TRY(ct_bench_run(&list, what && what->quick, options, out));
done:
    return status;
}

void cutropy_bench_free(cutropy_bench *bench)
{
    if (!bench)
        return;
    ct_free(bench->times);
    ct_free(bench->growth);
    ct_free(bench);
}

int cutropy_bench_complete(const cutropy_bench *bench)
{
    return bench->complete;
}

double cutropy_bench_load(const cutropy_bench *bench)
{
    return bench->load;
}

const char *cutropy_bench_without_cuda(const cutropy_bench *bench)
{
    return bench->without_cuda;
}
