/* SPDX-License-Identifier: Apache-2.0 */
/* One call of a command: what was typed, and the problem, cuts and options that follow from it. */
#include "cli/call.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/lazy.h"
#include "cli/signals.h"
#include "engine/record/journal.h"
#include "problem/c_text.h"
#include "sheet/save.h"
#include "sheet/sheet.h"

void ct_call_start(const ct_command *command, const ct_options *typed, ct_call *call)
{
    *call = (ct_call){.name = command->name, .typed = typed, .options = *typed->run};
    ct_progress_start(&call->progress, command->name, !typed->quiet);
    call->options.progress = ct_progress_report;
    call->options.shown = ct_progress_shown;
    call->options.user = call->options.shown_user = &call->progress;
}

bool ct_call_wants_cuda(const ct_call *call)
{
    return call->options.backend && !strncmp(call->options.backend, "cuda", strlen("cuda"));
}

/* Once, as soon as it is known. */
static void say_no_device(ct_call *call)
{
    char why[600];
    if (!call->problem || call->no_device_said || !ct_call_wants_cuda(call))
        return;
    ct_c_text_no_device(call->problem, why, sizeof why);
    if (!*why)
        return;
    fprintf(stderr, "%s: %s: the CPU evaluates the text, and the cuts go to the device\n",
            call->name, why);
    call->no_device_said = true;
}

cutropy_status ct_call_open_problem(ct_call *call, const char *problem, const char *lattice)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *place = NULL;
    if (lattice)
        CT_TRY(cutropy_lattice_parse(lattice, &place));
    CT_TRY(cutropy_problem_parse(problem, place, &call->problem));
    if (cutropy_problem_note(call->problem) && call->typed && !call->typed->quiet)
        fprintf(stderr, "%s: %s\n", call->name, cutropy_problem_note(call->problem));
    say_no_device(call);
done:
    cutropy_lattice_free(place);
    return status;
}

cutropy_status ct_call_open(ct_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice;
    const char *cuts = call->typed->cuts;
    if (!call->problem)
        CT_TRY(ct_call_open_problem(call, call->typed->argument[0], call->typed->lattice));
    lattice = cutropy_problem_lattice(call->problem);
    if (!cuts)
        cuts = lattice->kind != CUTROPY_LATTICE_CHAIN && lattice->ly > 1 ? "rows" : "prefixes";
    CT_TRY(cutropy_cuts_parse(cuts, lattice, &call->cuts));
done:
    return status;
}

/* What --resume found. */
static void note_journal(ct_call *call, const char *path)
{
    size_t found, proofs;
    char held[CT_JOURNAL_WORDS];
    const unsigned long long lost = cutropy_journal_lost(call->journal);
    char torn[80] = "";
    ct_journal_count(call->journal, &found, &proofs);
    ct_journal_words(found, proofs, held);
    if (ct_journal_was_damaged(call->journal)) /* whoever wants no progress wants to know of this */
        fprintf(stderr, "%s: '%s' was damaged behind %s: %llu bytes were cut off\n", call->name,
                path, held, lost);
    else if (lost)
        snprintf(torn, sizeof torn, "; its torn end (%llu bytes) was cut off", lost);
    if (found || lost)
        snprintf(call->progress.note, sizeof call->progress.note, "%.300s: going on from %s%s",
                 path, held, torn);
}

cutropy_status ct_call_open_journal(ct_call *call, const char *file)
{
    cutropy_status status = CUTROPY_OK;
    char *path = NULL;
    const bool resume = call->typed->resume;
    if (file)
        CT_TRY(ct_beside_path(file, ".journal", &path));
    if (!path && resume)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "--resume goes on from the journal beside a file: name one (-o FILE)"));
    call->progress.unkept = !path;
    if (!path)
        goto done;
    ct_open_openblas(); /* a journal names the libraries that compute */
    CT_TRY(cutropy_journal_open(path, resume, &call->journal));
    cutropy_options_set_journal(&call->options, call->journal);
    note_journal(call, path);
done:
    ct_free(path);
    return status;
}

void ct_call_flush_journal(const ct_call *call)
{
    if (call->journal && cutropy_journal_exists(call->journal))
        (void)cutropy_journal_flush(call->journal); /* the table says what there is in any case */
}

void ct_call_close_journal(ct_call *call, bool removes)
{
    ct_signals_hold(); /* a rescue flushes it */
    (void)cutropy_journal_close(call->journal, removes);
    call->journal = NULL;
    call->options.journal = NULL;
    ct_signals_release();
}

void ct_call_way_on(const ct_call *call, char text[CT_WAY_ON])
{
    size_t values, proofs;
    char held[CT_JOURNAL_WORDS + 16] = "";
    *text = '\0';
    ct_call_flush_journal(call);
    if (!call->journal || !cutropy_journal_exists(call->journal))
        return;
    ct_journal_count(call->journal, &values, &proofs);
    if (values != proofs) {
        ct_journal_words(values, proofs, held);
        strcat(held, " are kept: ");
    }
    snprintf(text, CT_WAY_ON, "; %sthe same call with --resume goes on", held);
}

int ct_call_stopped(const ct_call *call, cutropy_status status)
{
    char way[CT_WAY_ON], why[512];
    ct_error_save(why, sizeof why);
    if (status == CUTROPY_ECANCELLED) {
        ct_call_way_on(call, way);
        ct_fail(status, "%s%s", why, way);
    }
    return ct_cli_fail(call->name, status);
}

int ct_call_partial(const ct_call *call, cutropy_status status, const char *found)
{
    char text[240], way[CT_WAY_ON];
    ct_call_way_on(call, way);
    snprintf(text, sizeof text, "%s%s", found, way);
    return ct_cli_partial(call->name, status, call->typed->output, text);
}

void ct_call_close(ct_call *call)
{
    ct_call_close_journal(call, false);
    say_no_device(call);
    cutropy_cuts_free(&call->cuts);
    cutropy_problem_free(call->problem);
    call->problem = NULL;
}

cutropy_status ct_call_check_output(const ct_call *call)
{
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    const char *const lists[] = {call->typed->cuts, call->typed->regions, call->typed->density,
                                 call->typed->schmidt};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        CT_TRY(ct_files_read_problem(&files, call->problem, lists[i]));
    CT_TRY(ct_files_write_run(&files, call->typed->output));
    CT_TRY(ct_files_write_plot(&files, call->typed->plot));
done:
    ct_files_free(&files);
    return status;
}

int ct_call_put(const ct_call *call, cutropy_status made, cutropy_sheet *sheet)
{
    const char *output = call->typed->output;
    const cutropy_format format = (cutropy_format)call->typed->format;
    cutropy_status status = made;
    if (!status)
        status = output ? cutropy_sheet_save(sheet, format, output)
                        : cutropy_sheet_write(sheet, format, stdout);
    const bool whole = !status && output && !*cutropy_sheet_partial(sheet);
    if (whole && call->journal && cutropy_journal_found(call->journal)) { /* it is the same run */
        size_t rows = 0;
        for (const cutropy_sheet *s = sheet; s; s = s->next)
            rows += s->rows;
        status = ct_remove_partial(output, rows);
    }
    cutropy_sheet_free(sheet);
    if (status == CUTROPY_EIO && !output) {
        ct_cli_close_output(call->name); /* says why */
        return CUTROPY_EIO;
    }
    return status   ? ct_cli_fail(call->name, status)
           : output ? CUTROPY_OK
                    : ct_cli_close_output(call->name);
}

static cutropy_status open_problem(ct_call *call)
{
    return ct_call_open_problem(call, call->typed->argument[0], call->typed->lattice);
}

static int call_with(const ct_command *command, ct_options *options,
                     cutropy_status (*open)(ct_call *call), int (*compute)(ct_call *call))
{
    ct_call call;
    ct_call_start(command, options, &call);
    cutropy_status status = open(&call);
    if (!status)
        status = ct_call_check_output(&call);
    const int code = status ? ct_cli_fail(call.name, status) : compute(&call);
    ct_call_close(&call);
    return code;
}

int ct_call_run(const ct_command *command, ct_options *options, int (*compute)(ct_call *call))
{
    return call_with(command, options, ct_call_open, compute);
}

int ct_call_problem(const ct_command *command, ct_options *options, int (*compute)(ct_call *call))
{
    return call_with(command, options, open_problem, compute);
}
