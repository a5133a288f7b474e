/* SPDX-License-Identifier: Apache-2.0 */
/* gnuplot as a child process. */
#ifndef CT_GNUPLOT_H
#define CT_GNUPLOT_H

#include <stdbool.h>

#include "sheet/text.h"

/* Runs "gnuplot SCRIPT" inside FOLDER and waits for it. *found = false and CUTROPY_OK when there is
 * no gnuplot in PATH. CUTROPY_EIO with the first thing it said when it fails. */
cutropy_status ct_gnuplot(const char *folder, const char *script, bool *found);

/* The same of a script that needs no files; what it prints on standard output is added to picture. Also CUTROPY_EMEMORY. */
cutropy_status ct_gnuplot_text(const ct_text *script, ct_text *picture, bool *found);

#endif
