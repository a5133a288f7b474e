/* Ctrl-C and SIGTERM: the first asks the run to stop, the second ends the program at once.
 *
 * Ending at once damages no table: an output file is only ever replaced by a rename. */
#include "cli/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include <cutropy/status.h>

static atomic_int stop; /* lock-free: the signal may arrive on any thread */

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&stop, 1))
        _exit(CUTROPY_ECANCELLED);
}

void ct_signals_install(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool ct_signals_stop(void)
{
    return atomic_load(&stop) != 0;
}
