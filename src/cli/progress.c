/* SPDX-License-Identifier: Apache-2.0 */
/* One progress line on standard error, and the answer whether to stop. */
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/signals.h"

#define LONG 60.0    /* seconds: a run that takes longer is told about */
#define SETTLED 10.0 /* of a stage, before its rate is believed */
#define A_PART 0.01  /* of the work: before it nobody knows how long the rest takes */
#define SELDOM 0.1   /* of the whole time, between two lines of a log */

void ct_progress_start(ct_progress *progress, const char *name, bool wanted)
{
    const bool terminal = isatty(STDERR_FILENO);
    *progress = (ct_progress){
        .name = name, .shown = wanted && terminal, .logs = wanted && !terminal, .began = ct_now()};
}

/* "2:20 left", "3.5 h left" */
static void left_text(double seconds, char text[32])
{
    if (seconds >= 3600)
        snprintf(text, 32, "%.1f h left", seconds / 3600);
    else
        snprintf(text, 32, "%d:%02d left", (int)seconds / 60, (int)seconds % 60);
}

/* "1.2G/68.7G  1.7 %  480M/s" */
static void state_text(const ct_progress *progress, uint64_t done, uint64_t total, double rate,
                       char text[96])
{
    char done_text[16], total_text[16], rate_text[16];
    ct_cli_short_number((double)done, done_text);
    ct_cli_short_number((double)total, total_text);
    ct_cli_short_number(rate, rate_text);
    snprintf(text, 96, "%s  %s/%s  %.1f %%  %s/s", progress->stage, done_text, total_text,
             total ? 100.0 * (double)done / (double)total : 0.0, rate_text);
}

static void show(ct_progress *progress, uint64_t done, uint64_t total, double rate)
{
    char state[96], left[32] = "";
    state_text(progress, done, total, rate, state);
    if (rate > 0)
        left_text((double)(total - done) / rate, left);
    fprintf(stderr, "\r%s  %s\033[K", state, left);
    fflush(stderr);
    progress->on_screen = true;
}

/* A line that stays. */
static void say(ct_progress *progress, const char *text)
{
    ct_progress_erase(progress);
    fprintf(stderr, "%s: %s\n", progress->name, text);
}

/* In a log: the plan from measured rates, once a part of the work is done and then now and then. */
static void tell(ct_progress *progress, uint64_t done, uint64_t total, double rate, double now)
{
    char text[160], state[96], left[32];
    const double all = (double)(total - progress->first), rest = (double)(total - done);
    if (!(rate > 0) || now - progress->started < SETTLED ||
        (double)(done - progress->first) < A_PART * all || rest / rate < LONG ||
        now - progress->told < fmax(LONG, SELDOM * all / rate))
        return;
    progress->told = now;
    state_text(progress, done, total, rate, state);
    left_text(rest / rate, left);
    snprintf(text, sizeof text, "%s  about %s", state, left);
    say(progress, text);
}

/* What is known since the last report of another stage. */
static void begin_stage(ct_progress *progress, const char *stage, uint64_t done)
{
    if (!strcmp(progress->stage, stage))
        return;
    snprintf(progress->stage, sizeof progress->stage, "%s", stage);
    progress->started = ct_now();
    progress->first = done;
    progress->told = -LONG * 1e9;
    if (*progress->note && strcmp(stage, "evaluate") && strcmp(stage, "symmetry")) {
        say(progress, progress->note);
        *progress->note = '\0';
    }
}

int ct_progress_report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_progress *progress = user;
    if ((progress->shown || progress->logs) && done <= total) {
        const double now = ct_now();
        begin_stage(progress, stage, done);
        const double seconds = now - progress->started;
        const double rate =
            seconds > 0 && done > progress->first ? (double)(done - progress->first) / seconds : 0;
        if (progress->unkept && now - progress->began >= LONG) {
            progress->unkept = false;
            say(progress,
                "this takes long: with -o FILE it would keep a journal (FILE.journal), from "
                "which --resume goes on after a stop");
        }
        if (progress->shown)
            show(progress, done, total, rate);
        else
            tell(progress, done, total, rate, now);
    }
    return ct_signals_stop();
}

void ct_progress_shown(const void *partial, void *user)
{
    ct_progress *progress = user;
    ct_signals_hold();
    progress->partial = partial;
    ct_signals_release();
}

void ct_progress_erase(ct_progress *progress)
{
    if (progress->on_screen)
        fputs("\r\033[K", stderr);
    progress->on_screen = false;
}
