/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy bench: how fast this machine is, and which backend to take. */
#include <stdio.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "Time this machine: the same functions and cuts by the CPU with 1, 2, 4, .. and all threads, by "
    "automata where they can, and by every CUDA device. All of them must give the same answers before a case is "
    "timed. Beside the times stand the machine's own ceilings (copying, popcounts, products, divisions), and how "
    "the times grow with the number of pixels."
    "\v"
    "Within a minute, on the terminal; everything, for other programs:\n"
    "  cutropy bench --quick\n"
    "  cutropy bench -o bench.json\n"
    "Beside what Python offers (NumPy, MKL, Numba, QuTiP, ..), in a checkout of the sources:\n"
    "  benchmarks/peers/run.sh --quick\n"
    "\n"
    "A time is the median of at least three repetitions; the digits in brackets say how far the farthest one lies from it: "
    "1.234(56) s was between 1.178 and 1.290 s. Close other programs first.\n"
    "Columns of a file: case, problem, lattice, cuts, kind, count (cuts), backend, solver, threads, seconds (evaluating f "
    "and solving its cuts), speedup (over the first way of the case), processor (seconds of all cores), the seconds of the stages "
    "(added up over threads that have cuts of their own), gram_share and eigenvalues_share (of what one thread can multiply), difference (largest "
    "of entropies, bits), note (why there are no numbers). JSON has the ceilings and the growth as well.\n";

static const ct_serves serves[] = {
    {CT_OPTION_HEADER, 1, "What is timed:", NULL},
    {CT_OPTION_QUICK, 1, NULL, NULL},
    {CT_OPTION_THREADS, 1, "at most N threads (default: all cores)", NULL},
    {CT_OPTION_MEMORY, 1, NULL, NULL},
    {CT_OPTION_BACKEND, 1,
     "auto: the CPU, every CUDA device and all together; cpu; cuda, cuda:N or cuda:all: it and the CPU",
     NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2,
     "write FILE (" CT_FORMAT_ENDINGS ") whole or not at all; default: tables for people", NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {CT_OPTION_QUIET, 2, NULL, NULL},
    {0}};

#define BUSY 0.2 /* of the cores */

/* A table for people. */
static cutropy_status print(const cutropy_bench *bench, cutropy_bench_table table)
{
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_bench_sheet(bench, table, &sheet);
    if (!status)
        status = cutropy_sheet_write(sheet, CUTROPY_FORMAT_TEXT, stdout);
    cutropy_sheet_free(sheet);
    return status;
}

static int print_all(const ct_call *c, const cutropy_bench *bench)
{
    static const cutropy_bench_table tables[] = {CUTROPY_BENCH_CEILINGS, CUTROPY_BENCH_SUMMARY,
                                                 CUTROPY_BENCH_GROWTH};
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; !status && i < sizeof tables / sizeof *tables; i++) {
        if (i)
            printf("\n");
        status = print(bench, tables[i]);
    }
    const double cores = (double)sysconf(_SC_NPROCESSORS_ONLN);
    if (!status && cutropy_bench_load(bench) > BUSY * cores)
        printf(
            "\nthe load average before this was %.1f on %.0f cores: beside other programs times mean "
            "little\n",
            cutropy_bench_load(bench), cores);
    if (!status && *cutropy_bench_without_cuda(bench))
        printf("\nwithout CUDA: %s\n", cutropy_bench_without_cuda(bench));
    return status ? ct_cli_fail(c->name, status) : ct_cli_close_output(c->name);
}

static int put(const ct_call *c, const cutropy_bench *bench)
{
    cutropy_sheet *sheet = NULL;
    if (!c->typed->output && c->typed->format == CUTROPY_FORMAT_TEXT)
        return print_all(c, bench);
    const cutropy_status made = cutropy_bench_sheet(bench, CUTROPY_BENCH_TIMES, &sheet);
    return ct_call_put(c, made, sheet);
}

static error_t check(ct_options *options, const struct argp_state *state)
{
    if (options->format < 0 && !options->output)
        options->format = CUTROPY_FORMAT_TEXT;
    return ct_options_imply_format(options, state);
}

static int run_command(const ct_command *command, ct_options *options)
{
    ct_call c;
    cutropy_bench *bench = NULL;
    cutropy_bench_options what = CUTROPY_BENCH_OPTIONS;
    int code = CUTROPY_OK;
    ct_call_start(command, options, &c);
    what.quick = options->quick;
    cutropy_status status = options->output ? cutropy_save_check(options->output) : CUTROPY_OK;
    if (!status)
        status = ct_signals_watch(c.name, NULL, &c);
    if (!status)
        status = cutropy_bench_run(&what, &c.options, &bench);
    ct_progress_erase(&c.progress);
    if (!bench) {
        code = ct_cli_fail(c.name, status);
    } else {
        ct_signals_writing(options->output);
        code = put(&c, bench);
        if (!code && status)
            code = ct_cli_partial(c.name, status, options->output, "what was timed");
    }
    cutropy_bench_free(bench);
    ct_call_close(&c);
    return code;
}

const ct_command ct_command_bench = {
    .name = "cutropy bench",
    .summary = "how fast this machine is: CPU and GPU on the same functions and cuts",
    .twice = "takes no argument",
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
