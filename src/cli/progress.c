/* SPDX-License-Identifier: Apache-2.0 */
/* One progress line on standard error, and the answer whether to stop. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/signals.h"

void ct_progress_start(ct_progress *progress, bool wanted)
{
    *progress = (ct_progress){.shown = wanted && isatty(STDERR_FILENO)};
}

/* "evaluate  1.2G/68.7G  1.7 %  480M/s  2:20 left" */
static void show(const ct_progress *progress, uint64_t done, uint64_t total, double seconds)
{
    char done_text[16], total_text[16], rate_text[16], left_text[32] = "";
    double rate = seconds > 0 ? (double)(done - progress->first) / seconds : 0;
    double left = rate > 0 ? (double)(total - done) / rate : 0;
    ct_cli_short_number((double)done, done_text);
    ct_cli_short_number((double)total, total_text);
    ct_cli_short_number(rate, rate_text);
    if (left >= 3600)
        snprintf(left_text, sizeof left_text, "  %.1f h left", left / 3600);
    else if (rate > 0)
        snprintf(left_text, sizeof left_text, "  %d:%02d left", (int)left / 60, (int)left % 60);
    fprintf(stderr, "\r%s  %s/%s  %.1f %%  %s/s%s\033[K", progress->stage, done_text, total_text,
            total ? 100.0 * (double)done / (double)total : 0.0, rate_text, left_text);
    fflush(stderr);
}

int ct_progress_report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_progress *progress = user;
    if (progress->shown && done <= total) {
        if (strcmp(progress->stage, stage)) {
            snprintf(progress->stage, sizeof progress->stage, "%s", stage);
            progress->started = ct_now();
            progress->first = done;
        }
        show(progress, done, total, ct_now() - progress->started);
        progress->on_screen = true;
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
