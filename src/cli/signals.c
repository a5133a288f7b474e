/* Ctrl-C, SIGTERM and SIGHUP: the first asks the run to stop, the second ends the program at once.
 *
 * Ending at once damages no table: an output file is only ever replaced by a rename. */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include <cutropy/status.h>

#define CLEAR_LINE "\r\033[K" /* the progress line */
#define ONCE_MORE "once more ends at once and writes nothing\n"

static const char stopping[] = CLEAR_LINE "stopping; " ONCE_MORE;
static const char stopping_table[] =
    CLEAR_LINE "stopping: finished cuts will be written; " ONCE_MORE;

static atomic_int stop; /* lock-free: the signal may arrive on any thread */
static const char *words;
static size_t words_size; /* 0: standard error is no terminal */

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&stop, 1))
        _exit(CUTROPY_ECANCELLED);
    if (words_size) {
        int reason = errno;
        ssize_t written = write(STDERR_FILENO, words, words_size);
        (void)written; /* the terminal may be gone */
        errno = reason;
    }
}

void ct_signals_install(bool keeps_finished)
{
    struct sigaction before, action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    words = keeps_finished ? stopping_table : stopping;
    if (isatty(STDERR_FILENO))
        words_size = keeps_finished ? sizeof stopping_table - 1 : sizeof stopping - 1;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL); /* nohup goes on ignoring it */
}

bool ct_signals_stop(void)
{
    return atomic_load(&stop) != 0;
}
