/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns a picture of tables shows, and how their rows make series. */
#ifndef CT_PLOT_CHART_H
#define CT_PLOT_CHART_H

#include "analysis/plot/plot.h"

#define CT_CHART_PIXELS "pixels" /* an x that no column has: the lattice's */

/* A row, its series and the first row of that. */
typedef struct ct_chart_place {
    const char *value;
    size_t first, row;
} ct_chart_place;

typedef struct ct_chart {
    const ct_plot_source *source;
    size_t count;
    const cutropy_plot_options *options;
    const char *x, *y, *unit, *colour;
    char error[64];
    const char *series;    /* a column of the only table; NULL: one series a table */
    ct_chart_place *place; /* with series: its rows, series after series, by their first rows */
    bool each_lattice;     /* one row each */
    bool growth;           /* x is the size of the lattice: all tables are one series */
    bool ranges;           /* of cutropy range */
} ct_chart;

/* Fills what source, count and options leave open; place is to be freed also after an error (CUTROPY_EINPUT, CUTROPY_EMEMORY). */
cutropy_status ct_chart_choose(ct_chart *c);

/* A number of a row; NaN: there is none. */
double ct_chart_value(const ct_plot_source *s, size_t row, const char *name);
/* What cannot be exceeded: the logarithm of the number of different rows or columns. */
double ct_chart_bound(const ct_chart *c, const ct_plot_source *s, size_t row);
/* "entropy_bits" -> "bits"; "": none. */
const char *ct_chart_unit(const char *name);
/* Row i of a table, those of one series following each other; whether it is the first one of its series, whose name is: */
size_t ct_chart_row(const ct_chart *c, size_t i);
bool ct_chart_opens(const ct_chart *c, size_t i);
const char *ct_chart_series(const ct_chart *c, const ct_plot_source *s, size_t row);

#endif
