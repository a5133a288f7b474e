/* Ctrl-C, SIGTERM and SIGHUP: the first asks the run to stop, the second ends the program at once.
 */
#ifndef CT_SIGNALS_H
#define CT_SIGNALS_H

#include <stdbool.h>

/* keeps_finished: the command writes what is finished after the first signal. On a terminal the
 * first signal says so. */
void ct_signals_install(bool keeps_finished);
bool ct_signals_stop(void);

#endif
