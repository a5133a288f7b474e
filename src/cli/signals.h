/* Ctrl-C and SIGTERM: the first asks the run to stop, the second ends the program at once. */
#ifndef CT_SIGNALS_H
#define CT_SIGNALS_H

#include <stdbool.h>

void ct_signals_install(void);
bool ct_signals_stop(void);

#endif
