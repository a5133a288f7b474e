/* SPDX-License-Identifier: Apache-2.0 */
/* One picture in one file: a script of plots/ with its data inside, so that it needs no folder. */
#ifndef CT_PLOT_H
#define CT_PLOT_H

#include <cutropy/scaling.h>

#include "sheet/text.h"

typedef struct ct_plot {
    const char *script;            /* "scatter", "curves" or "law" */
    const char *function, *origin; /* what it is of, small at the lower edge; "" */
    ct_text head;                  /* assignments and settings of the script */
    ct_text table;                 /* csv; a number that is not known is an empty cell */
} ct_plot;

/* Draws it, or (FILE.gp) writes the script. Errors: those of cutropy_plot_tables in cutropy/plot.h. */
cutropy_status ct_plot_save(const ct_plot *plot, const char *picture);
void ct_plot_free(ct_plot *plot);

/* A string of gnuplot, cut off behind `limit` bytes. */
void ct_plot_quoted(const char *text, size_t limit, ct_text *out);
/* The assignments of law.gp. */
void ct_law_head(const cutropy_scaling *law, cutropy_length length, ct_text *out);

#endif
