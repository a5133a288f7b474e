/* SPDX-License-Identifier: Apache-2.0 */
/* What a picture of tables shows, chosen from their columns (analysis/plot/plot_chart.c): analysis/plot/plot_table.c. */
#ifndef CT_ANALYSIS_PLOT_H
#define CT_ANALYSIS_PLOT_H

#include <cutropy/plot.h>

#include "input/table_csv.h"
#include "output/plot.h"

typedef struct ct_plot_source {
    const char *name;
    const ct_csv *csv;
    int pixels; /* of its lattice; 0: not known */
} ct_plot_source;

/* Fills script, head and table. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY. In the C locale. */
cutropy_status ct_plot_of(const ct_plot_source *sources, size_t count,
                          const cutropy_plot_options *options, ct_plot *out);

#endif
