/* SPDX-License-Identifier: Apache-2.0 */
/* An option with a value that is given twice: the first value would be lost without a word. */
#ifndef CT_REPEATS_H
#define CT_REPEATS_H

#include <argp.h>

#include <cutropy/status.h>

/* CUTROPY_EINPUT, with one line on standard error, when an option of argp (or of its children)
 * stands twice in argv with a value. Other mistakes are left to the parser itself. */
cutropy_status ct_cli_check_repeats(const struct argp *argp, int argc, char **argv);

#endif
