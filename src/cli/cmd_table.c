/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy table PROBLEM: the entropies of a family of cuts. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/certificate.h>
#include <cutropy/classes.h>
#include <cutropy/cutropy.h>

#include "base/base.h"
#include "base/clock.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/launch.h"
#include "cli/lazy.h"
#include "cli/plan_text.h"
#include "cli/signals.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/run/ranks.h"
#include "engine/run/run.h"
#include "problem/c_text.h"
#include "problem/label.h"
#include "problem/problem.h"

static const char documentation[] =
    "Compute the entanglement entropy of PROBLEM for a family of cuts, one row a cut. PROBLEM is a "
    "name with parameters ('cutropy problems' lists them) or the path of a file (FILE.c: C text). A cut keeps the "
    "pixels of its mask; bit i of the mask is pixel i, and on a grid i = x + Lx*y."
    "\v"
    "A first result, 3 rows:\n"
    "  cutropy table connected --lattice 4x4\n"
    "All 32767 cuts of a random function, into a file:\n"
    "  cutropy table random:seed=7 --lattice 4x4 --cuts all -o random.csv\n"
    "Your own function (2^N values in .npy, or a list of label-1 images):\n"
    "  cutropy table ./mine.npy --lattice chain:12 --quantities renyi:0.5\n"
    "Your own function as C text (docs/own-functions.md):\n"
    "  cutropy table --expr 'lit % 3 == 0' --lattice 5x5\n"
    "  cutropy new mine.c\n"
    "  cutropy table mine.c --lattice 5x5 --define LEAST=3\n"
    "All ten classes of the handwritten digits, each against the rest:\n"
    "  cutropy table digits --against-rest --cuts columns\n"
    "Grey images under a feature map, for ten values of theta from 0.05 to 0.5:\n"
    "  cutropy table data:label=class:3 --cuts half --theta 0.05..0.5\n"
    "The left half of a 4x2 grid, by its mask; several masks from a file:\n"
    "  cutropy table parity --lattice 4x2 --cuts 0x33\n"
    "  printf '0x33\\n0x0f\\n' > masks.txt\n"
    "  cutropy table parity --lattice 4x2 --cuts @masks.txt --format json\n"
    "The cuts shared among processes, on one machine or many (docs/long-runs.md):\n"
    "  mpirun -n 8 cutropy table random --lattice 5x5 --cuts all -o all.csv\n"
    "An entropy that others can prove again, with integers alone:\n"
    "  cutropy table connected --lattice 4x4 --cuts 0xff --certificate half.txt\n"
    "  cutropy-verify half.txt\n"
    "\n"
    "Columns: cut, na (pixels kept), boundary (bonds between the two regions), entropy_bits, "
    "entropy_err, guarantee, renyi2_bits, renyi2_err, rank (lo..hi when not settled), classes_a, "
    "classes_b (different rows and columns of the cut matrix), purity (an exact fraction p/q for "
    "integer functions), purity_err, then what --quantities adds, every real number with its error "
    "after it in NAME_err. An empty cell: not known, or no value for this cut.\n"
    "\n"
    "The column guarantee says what the errors of the row mean:\n"
    "  exact      every eigenvalue is known in closed form; the errors bound\n"
    "             rounding alone\n"
    "  certified  every error is a proved radius\n"
    "  float      eigenvalues in double precision; at least one error is the\n"
    "             standard estimate\n"
    "  bracket    S lies within entropy_err, half a bracket that a few eigenvalues\n"
    "             give (--bracket)\n"
    "  failed     this cut failed and has no numbers; the others are as they\n"
    "             would be without it\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN_ON(CT_HELP_LATTICE_OR_STRIP),
    CT_SERVES_DECIMALS,
    CT_SERVES_TEXT,
    {CT_OPTION_CUTS, 1, CT_HELP_CUTS "rows if there is more than one row, else prefixes", NULL},
    {CT_OPTION_QUANTITIES, 1, NULL, NULL},
    {CT_OPTION_AGAINST_REST, 1, NULL, NULL},
    {CT_OPTION_THETA, 1, NULL, NULL},
    {CT_OPTION_BASE, 1, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {CT_OPTION_RESUME, 2, NULL, NULL},
    {CT_OPTION_CERTIFICATE, 2, NULL, NULL},
    {CT_OPTION_SUMMARY, 2, NULL, NULL},
    {CT_OPTION_TIMINGS, 2, NULL, NULL},
    {CT_OPTION_SOLVER, 3, NULL, NULL},
    {CT_OPTION_BRACKET, 3, NULL, NULL},
    {CT_OPTION_PART, 3, NULL, NULL},
    {CT_OPTION_PLAN, 3,
     "say what would be done and how much memory it needs, and do nothing; exit code 3 if it "
     "certainly does not fit",
     NULL},
    {CT_OPTION_GROUND_TRUTH, 3, NULL, NULL},
    {0}};

static bool has_spectrum(const char *quantities)
{
    static const char name[] = "spectrum";
    for (const char *p = quantities; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (!strncmp(p, name, strlen(name)))
            return true;
    return false;
}

/* One table of several functions. */
static bool is_many(const ct_options *options)
{
    return options->against_rest || options->axis_count;
}

/* A part has no format yet. */
static error_t check_part(const ct_options *options, const struct argp_state *state)
{
    cutropy_format format;
    if (options->format >= 0 || options->base != CUTROPY_BASE_BITS)
        return ct_cli_bad(state,
                          "contradictory options: --format and --base are for cutropy merge, "
                          "which puts the parts together");
    if (options->output && cutropy_format_named(ct_options_ending(options->output), &format) &&
        format != CUTROPY_FORMAT_TEXT) /* .txt: any text */
        return ct_cli_bad(state,
                          "'%s': a part is no table yet; name it .part, and cutropy merge *.part "
                          "makes the table",
                          options->output);
    if (options->certificate || is_many(options))
        return ct_cli_bad(state, "contradictory options: --part is a share of the cuts of one "
                                 "function, not for --certificate, --against-rest or --theta");
    return 0;
}

/* Options that do not go together, and the format that the file name implies. */
static error_t check(ct_options *options, const struct argp_state *state)
{
    const error_t failed = options->run->part.count ? check_part(options, state)
                                                    : ct_options_imply_format(options, state);
    if (failed)
        return failed;
    if (options->format == CUTROPY_FORMAT_NPY && has_spectrum(options->quantities))
        return ct_cli_bad(state,
                          "contradictory options: a spectrum has no fixed length and cannot be a "
                          "column of .npy; use csv or json");
    if (options->format == CUTROPY_FORMAT_NPY && (options->run->digits || options->run->certify))
        return ct_cli_bad(state, "contradictory options: the decimals of --digits and "
                                 "--certify do not fit .npy; use csv or json");
    if (options->summary &&
        (options->plan || is_many(options) || options->quantities || options->run->part.count))
        return ct_cli_bad(state, "contradictory options: --summary is one row of its own, not for "
                                 "--plan, --against-rest, --theta, --quantities or --part");
    if (options->summary && options->run->digits)
        return ct_cli_bad(state,
                          "contradictory options: --summary prints doubles: --certify proves "
                          "their errors, --digits is for tables of cuts");
    if (options->plan && options->timings)
        return ct_cli_bad(
            state, "contradictory options: --plan computes nothing that --timings could time");
    if (options->certificate && (options->plan || is_many(options)))
        return ct_cli_bad(state, "contradictory options: --certificate is about the row of one "
                                 "function, not for --plan, --against-rest or --theta");
    if (options->against_rest && options->axis_count)
        return ct_cli_bad(state, "contradictory options: --against-rest and --theta");
    return 0;
}

/* What one call of the command works on. */
typedef struct table {
    ct_call call;
    cutropy_classes *classes; /* --against-rest, --theta; else NULL */
    cutropy_quantity *quantities;
    size_t quantity_count;
    cutropy_state *state;     /* --certificate; else NULL */
    cutropy_result **results; /* one a function; those that were computed */
    size_t result_count;
} table;

/* How many functions are computed: one, or one a class or value. */
static size_t function_count(const table *t)
{
    return t->classes ? cutropy_classes_count(t->classes) : 1;
}

static const cutropy_problem *function_at(const table *t, size_t k)
{
    return t->classes ? cutropy_classes_problem(t->classes, k) : t->call.problem;
}

/* The classes, or values; the call gets the first of them for the lattice and the cuts. */
static cutropy_status open_classes(table *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *typed = t->call.typed;
    cutropy_lattice *lattice = NULL;
    if (typed->lattice)
        CT_TRY(cutropy_lattice_parse(typed->lattice, &lattice));
    if (typed->axis_count)
        CT_TRY(cutropy_classes_vary(typed->argument[0], typed->axes[0].key, typed->axes[0].values,
                                    lattice, &t->classes));
    else
        CT_TRY(cutropy_classes_parse(typed->argument[0], lattice, &t->classes));
    CT_TRY(ct_call_open_problem(
        &t->call, cutropy_problem_text(cutropy_classes_problem(t->classes, 0)), typed->lattice));
    CT_TRY(ct_call_open(&t->call));
done:
    cutropy_lattice_free(lattice);
    return status;
}

/* Everything that can be wrong is found here, before any long work. */
static cutropy_status table_open(table *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *options = t->call.typed;
    ct_files files = {0};
    CT_TRY(is_many(options) ? open_classes(t) : ct_call_open(&t->call));
    CT_NEW_ZERO(t->results, function_count(t));
    CT_TRY(cutropy_quantities_parse(options->quantities, &t->quantities, &t->quantity_count));
    t->call.options.quantities = t->quantities;
    t->call.options.quantity_count = t->quantity_count;
    t->call.options.team = ct_launch_team();
    if (t->call.options.team) {
        t->call.options.team->output = options->output;
        ct_open_openblas(); /* ranks compare the libraries that compute */
        t->call.options.memory_limit =
            options->run->memory_limit
                ? options->run->memory_limit
                : ct_memory_limit(&t->call.options) / (uint64_t)ct_launch_neighbours();
    }
    if (options->plan || ct_launch_helps())
        return CUTROPY_OK;
    CT_TRY(ct_files_read_problem(&files, t->call.problem, options->cuts));
    CT_TRY(ct_files_write_run(&files, options->output));
    CT_TRY(ct_call_open_journal(&t->call, options->output));
    if (options->certificate) {
        CT_TRY(cutropy_certificate_check(&t->call.cuts, cutropy_problem_kind(t->call.problem)));
        CT_TRY(ct_files_write(&files, options->certificate));
        CT_TRY(cutropy_save_check(options->certificate));
    }
done:
    ct_files_free(&files);
    return status;
}

static void table_close(table *t)
{
    for (size_t k = 0; k < t->result_count; k++)
        cutropy_result_free(t->results[k]);
    ct_free(t->results);
    cutropy_state_free(t->state);
    cutropy_classes_free(t->classes);
    cutropy_quantities_free(t->quantities);
    ct_call_close(&t->call);
}

static int print_plans(const table *t, const char *name)
{
    bool fits = true;
    for (size_t k = 0; k < function_count(t); k++) {
        if (k)
            printf("\n");
        cutropy_status status = ct_print_plan(&t->call, function_at(t, k), &fits);
        if (status)
            return ct_cli_fail(name, status);
    }
    int written = ct_cli_close_output(name);
    return written ? written : fits ? CUTROPY_OK : CUTROPY_EMEMORY;
}

static cutropy_status make_sheet(const table *t, cutropy_sheet **sheet)
{
    const cutropy_result *const *results = (const cutropy_result *const *)t->results;
    const cutropy_base base = (cutropy_base)t->call.typed->base;
    if (t->classes)
        return cutropy_classes_sheet(t->classes, results, t->result_count, base, sheet);
    return (t->call.typed->summary ? cutropy_summary_sheet : cutropy_result_sheet)(t->results[0],
                                                                                   base, sheet);
}

/* A part is written when it is finished, and only then: until then there is its journal. */
static int write_part(const table *t, cutropy_status status)
{
    const char *output = t->call.typed->output, *name = t->call.name;
    size_t done = 0, asked = 0;
    char text[160];
    const cutropy_result *result = t->results[0];
    for (size_t i = 0; i < result->record_count; i++) {
        asked += !result->records[i].elsewhere;
        done += result->records[i].done != 0;
    }
    if (status == CUTROPY_ECANCELLED) {
        snprintf(text, sizeof text, "stopped after %zu of %zu different cuts of this part%s", done,
                 asked, output ? ": the same call with --resume goes on" : "");
        return ct_cli_fail(name, ct_fail(status, "%s", text));
    }
    if (status != CUTROPY_OK)
        ct_cli_fail(name, status);
    const cutropy_status saved = cutropy_part_save(result, output ? output : "/dev/stdout");
    return saved ? ct_cli_fail(name, saved) : (int)status;
}

static int write_table(const table *t)
{
    cutropy_sheet *sheet = NULL;
    const cutropy_status made = make_sheet(t, &sheet);
    return ct_call_put(&t->call, made, sheet);
}

/* Summed over the functions. */
static void print_timings(const table *t, double write_seconds)
{
    const cutropy_result *first = t->results[0];
    fprintf(stderr, "{");
    for (size_t i = 0; i < first->timing_count; i++) {
        double seconds = 0;
        for (size_t k = 0; k < t->result_count; k++)
            seconds += t->results[k]->timings[i].seconds;
        fprintf(stderr, "\"%s\": %.6f, ", first->timings[i].stage, seconds);
    }
    fprintf(stderr, "\"write\": %.6f}\n", write_seconds);
}

static int print_partial(const table *t, cutropy_status status)
{
    size_t finished = 0, asked = function_count(t) * t->call.cuts.count;
    bool whole = t->result_count == function_count(t);
    char found[64], why[512];
    for (size_t k = 0; k < t->result_count; k++)
        whole &= t->results[k]->complete != 0;
    if (whole) { /* the certificate is what is missing */
        const char *output = t->call.typed->output;
        ct_error_save(why, sizeof why);
        return ct_cli_fail(t->call.name, ct_fail(status, "%s; the table is whole%s%s", why,
                                                 output ? ": " : "", output ? output : ""));
    }
    for (size_t k = 0; k < t->result_count; k++)
        for (size_t row = 0; row < t->results[k]->count; row++)
            finished += t->results[k]->records[t->results[k]->rows[row].record].done != 0;
    snprintf(found, sizeof found, "%zu of %zu cuts", finished, asked);
    return ct_call_partial(&t->call, status, found);
}

/* What a run left; NULL: nothing. */
static void keep(table *t, cutropy_result *result)
{
    ct_signals_hold();
    t->results[t->result_count] = result;
    t->result_count += result != NULL;
    ct_signals_release();
}

/* One function that stays, for its certificate. */
static cutropy_status run_and_certify(table *t)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result;
    CT_TRY(ct_state_open_for(NULL, t->call.problem, &t->call.cuts, &t->call.options,
                             "a certificate", &t->state));
    status = cutropy_state_run(t->state, &t->call.cuts, &t->call.options, &result);
    keep(t, result); /* also of a run that was stopped */
    CT_TRY(status);
    if (ct_launch_helps())
        goto done;
    CT_TRY(cutropy_certificate_save(t->state, t->results[0], (cutropy_base)t->call.typed->base,
                                    t->call.typed->certificate));
done:
    return status;
}

/* Every function; a stop or a failure leaves what was finished. */
static cutropy_status run_functions(table *t)
{
    cutropy_status status = CUTROPY_OK;
    if (t->call.typed->certificate)
        return run_and_certify(t);
    for (size_t k = 0; !status && k < function_count(t); k++) {
        cutropy_result *result;
        status = cutropy_run(function_at(t, k), &t->call.cuts, &t->call.options, &result);
        keep(t, result);
    }
    return status;
}

/* Where a run does not answer: what is finished is written beside it. */
static int rescue(void *context)
{
    table *t = context;
    cutropy_result *finished = NULL;
    ct_call_flush_journal(&t->call);
    if (t->call.progress.partial) {
        const cutropy_status status = ct_result_finished(t->call.progress.partial, &finished);
        if (status)
            return ct_cli_fail(t->call.name, status);
        t->results[t->result_count++] = finished;
    }
    if (!t->result_count)
        return ct_call_stopped(&t->call,
                               ct_fail(CUTROPY_ECANCELLED, "stopped before the first cut"));
    if (t->call.typed->run->part.count)
        return write_part(t, CUTROPY_ECANCELLED);
    const int written = write_table(t);
    return written ? written : print_partial(t, CUTROPY_ECANCELLED);
}

/* Entropies of a data set that count its images and say nothing about pixels. */
static void warn_of_saturation(const table *t, const char *name)
{
    size_t saturated = 0, rows = 0;
    if (t->call.typed->quiet || strcmp(t->results[0]->storage, "products") != 0)
        return;
    for (size_t k = 0; k < t->result_count; rows += t->results[k++]->count)
        for (size_t row = 0; row < t->results[k]->count; row++)
            saturated += cutropy_result_done(t->results[k], row) &&
                         ct_row_saturation(t->results[k], row) > 0.999;
    if (saturated)
        fprintf(
            stderr,
            "%s: S of %zu of %zu cuts is within 0.1 %% of log2 of the number of different parts: it counts "
            "images and says little about pixels; a smaller theta, fewer bins or more images may tell more\n",
            name, saturated, rows);
}

/* An expression that is never 0 is often one whose values were meant. (None with label 1: refused.) */
static void warn_of_one_label(const table *t, const char *name)
{
    const cutropy_problem *p = t->call.problem;
    if (t->call.typed->quiet || !ct_c_text_is(p->text) || p->kind != CUTROPY_KIND_LABEL || p->pm1 ||
        p->lattice->pixels > CT_INDEX_PIXELS ||
        strtod(t->results[0]->norm, NULL) < ldexp(1, p->lattice->pixels))
        return;
    fprintf(
        stderr,
        "%s: every image has label 1: an expression is 1 where it is not 0; for its values write "
        "int64_t amplitude(uint64_t image) into a file (cutropy new)\n",
        name);
}

/* Proved decimals of amplitudes that were rounded first, where there is another way. */
static void warn_of_rounded_amplitudes(const table *t, const char *name)
{
    const cutropy_result *r = t->results[0];
    const cutropy_problem *p = t->call.problem;
    if (!t->call.typed->quiet && r->digits && p->weigh && !strcmp(r->storage, "values"))
        fprintf(stderr, "%s: these are decimals of the amplitudes, rounded to doubles; %s\n", name,
                p->weighs_less ? "of the function itself there are some for other cuts"
                               : "--solver frontier proves those of the function itself");
}

static void say_who_worked_together(const ct_call *c, const char *name)
{
    const ct_team *team = ct_launch_team();
    if (team && team->joined && !c->typed->quiet)
        fprintf(stderr,
                "%s: %d ranks together (%s) solved %" PRIu64
                " different cut%s that no rank has memory for\n",
                name, team->ranks->count, team->ranks->together->name, team->joined,
                team->joined == 1 ? "" : "s");
}

static int compute(table *t, const char *name)
{
    if (ct_launch_helps()) /* the other ranks write nothing */
        return t->call.typed->plan ? CUTROPY_OK : (int)run_functions(t);
    if (t->call.typed->plan)
        return print_plans(t, name);
    cutropy_status status = ct_signals_watch(name, rescue, t);
    if (!status)
        status = run_functions(t);
    ct_progress_erase(&t->call.progress);
    if (status && !t->result_count)
        return ct_call_stopped(&t->call, status);
    ct_signals_writing(t->call.typed->output);
    const double start = ct_now();
    const bool parted = t->call.typed->run->part.count != 0;
    const int written = parted ? write_part(t, status) : write_table(t);
    if (written)
        return written;
    if (!status)
        ct_call_close_journal(&t->call, true);
    warn_of_saturation(t, name);
    warn_of_one_label(t, name);
    warn_of_rounded_amplitudes(t, name);
    say_who_worked_together(&t->call, name);
    if (t->call.typed->timings)
        print_timings(t, ct_now() - start);
    return status ? print_partial(t, status) : CUTROPY_OK;
}

static int run_command(const ct_command *command, ct_options *options)
{
    table t = {0};
    ct_call_start(command, options, &t.call);
    const cutropy_status status = table_open(&t);
    const int code = status ? ct_cli_fail(command->name, status) : compute(&t, command->name);
    table_close(&t);
    return code;
}

const ct_command ct_command_table = {
    .name = "cutropy table",
    .summary = "entropies of a family of cuts, as CSV, JSON or .npy",
    CT_TAKES_A_PROBLEM("table"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
