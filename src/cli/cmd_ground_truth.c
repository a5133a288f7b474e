/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy ground-truth DIR [MANIFEST]: a set of proved tables, one after the other. */
#include <stdio.h>

#include <cutropy/ground_truth.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"

typedef struct truth {
    ct_call call; /* its problems and cuts stand in the set */
    cutropy_manifest *manifest;
    cutropy_ground_truth *set;
    size_t kept;
} truth;

static const char documentation[] =
    "Make a set of proved tables in the folder DIR: those of MANIFEST, or the standard set."
    "\v"
    "Every table is a CSV as cutropy table --certify writes it; index.json lists for each its "
    "problem with all parameters, lattice, cuts, the checksum of the function, N_I = <f|f>, how "
    "many rows are exact and certified, and its SHA-256. Made again, on any machine and with any "
    "number of threads, the files are the same byte for byte. Ctrl-C keeps what is finished "
    "(index.json.partial); the next call goes on. A table that does not have its SHA-256, or whose function has another "
    "checksum now, is named and made again.\n"
    "\n"
    "  cutropy ground-truth truth\n"
    "  cutropy ground-truth mine my-manifest.json\n"
    "  cutropy check truth/index.json          # every file against its SHA-256\n"
    "  cutropy check truth/connected-4x4.csv   # every row computed again\n";

static const ct_serves serves[] = {
    {CT_OPTION_PLAN, 1, "list the tables that are to be made, compute no cut", NULL},
    {CT_OPTION_THREADS, 1, NULL, NULL},
    {CT_OPTION_RESUME, 1, CT_HELP_RESUME("DIR", "DIR/TABLE.csv"), NULL},
    {CT_OPTION_QUIET, 1, "no progress lines (they only show on a terminal)", NULL},
    {0}};

static const char *folder_of(const truth *t)
{
    return t->call.typed->argument[0];
}

/* No table may be a file that is read: the manifest, or one behind a problem or its cuts. */
static cutropy_status check_files(const truth *t)
{
    static const char *const indices[] = {"index.json", "index.json.partial"};
    cutropy_status status = CUTROPY_OK;
    const size_t count = cutropy_manifest_count(t->manifest);
    ct_files files = {0};
    ct_call one = {0};
    CT_TRY(ct_files_read(&files, t->call.typed->argument[1]));
    for (size_t i = 0; i < count; i++) {
        const cutropy_manifest_table *table = cutropy_manifest_entry(t->manifest, i);
        ct_call_close(&one);
        CT_TRY(ct_call_open_problem(&one, table->problem, table->lattice));
        CT_TRY(ct_files_read_problem(&files, one.problem, table->cuts));
    }
    for (size_t i = 0; i < count + 2; i++)
        CT_TRY(ct_files_write_in(&files, folder_of(t),
                                 i < count ? cutropy_manifest_entry(t->manifest, i)->file
                                           : indices[i - count]));
done:
    ct_call_close(&one);
    ct_files_free(&files);
    return status;
}

static cutropy_status stopped(const truth *t)
{
    return ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu tables",
                   cutropy_ground_truth_done(t->set), cutropy_manifest_count(t->manifest));
}

/* The tables so far are there, with their lines in the index. */
static int say_stopped(void *context)
{
    const truth *t = context;
    ct_call_flush_journal(&t->call);
    return ct_cli_fail(t->call.name, stopped(t));
}

static void say_why(const truth *t, const cutropy_truth_table *table)
{
    if (table->state == CUTROPY_TRUTH_ALTERED)
        fprintf(stderr, "%s: %s does not have the SHA-256 of the index: it is made again\n",
                t->call.name, table->path);
    if (table->state == CUTROPY_TRUTH_OTHER_FUNCTION)
        fprintf(stderr, "%s: %s is of another function than %s now: it is made again\n",
                t->call.name, table->path, cutropy_problem_text(table->problem));
}

/* Keeps the table that is there, or makes it. */
static cutropy_status make_table(truth *t, size_t i)
{
    const cutropy_truth_table *table;
    cutropy_status status = cutropy_ground_truth_look(t->set, i, &t->call.options, &table);
    ct_progress_erase(&t->call.progress);
    if (status)
        return status;
    if (table->state == CUTROPY_TRUTH_CURRENT) {
        t->kept++;
        return CUTROPY_OK;
    }
    say_why(t, table);
    if (t->call.typed->plan) {
        printf("%-40s %zu cuts of %s on %s\n", cutropy_manifest_entry(t->manifest, i)->file,
               table->cuts.count, cutropy_problem_text(table->problem),
               cutropy_problem_lattice(table->problem)->name);
        return CUTROPY_OK;
    }
    status = ct_call_open_journal(&t->call, table->path);
    if (!status)
        status = cutropy_ground_truth_compute(t->set, &t->call.options);
    ct_progress_erase(&t->call.progress);
    if (status) {
        ct_call_close_journal(&t->call, false);
        return status;
    }
    ct_signals_hold(); /* a table and its line in the index belong together */
    status = cutropy_ground_truth_save(t->set);
    ct_call_close_journal(&t->call, !status);
    ct_signals_release();
    return status;
}

static cutropy_status make_all(truth *t)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(cutropy_manifest_read(t->call.typed->argument[1], &t->manifest));
    CT_TRY(check_files(t));
    CT_TRY(cutropy_ground_truth_open(folder_of(t), t->manifest, &t->set));
    CT_TRY(ct_signals_watch(t->call.name, say_stopped, t));
    for (size_t i = 0; i < cutropy_manifest_count(t->manifest); i++) {
        CT_TRY(make_table(t, i));
        if (ct_signals_stop())
            CT_TRY(stopped(t));
    }
    if (t->call.typed->plan)
        goto done;
    CT_TRY(cutropy_ground_truth_finish(t->set));
    printf("%zu tables in %s (%zu were there already); index: %s/index.json\n",
           cutropy_manifest_count(t->manifest), folder_of(t), t->kept, folder_of(t));
done:
    return status;
}

static int run_command(const ct_command *command, ct_options *options)
{
    truth t = {0};
    ct_call_start(command, options, &t.call);
    const cutropy_status status = make_all(&t);
    const int code =
        status ? ct_cli_fail(command->name, status) : ct_cli_close_output(command->name);
    cutropy_ground_truth_free(t.set);
    cutropy_manifest_free(t.manifest);
    return code;
}

const ct_command ct_command_ground_truth = {
    .name = "cutropy ground-truth",
    .summary = "a set of proved tables with an index",
    .arguments = "DIR [MANIFEST]",
    .missing = "which folder? e.g. 'cutropy ground-truth truth'",
    .twice = "one manifest at a time",
    .most = 2,
    .documentation = documentation,
    .serves = serves,
    .run = run_command,
};
