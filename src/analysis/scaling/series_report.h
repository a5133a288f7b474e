/* SPDX-License-Identifier: Apache-2.0 */
/* What a series over lattices found, for its summary and its sheet. */
#ifndef CT_SERIES_REPORT_H
#define CT_SERIES_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <cutropy/series.h>

typedef struct ct_topological {
    bool done;
    cutropy_topological_kind kind;
    double sum;
    cutropy_gamma found; /* its regions are owned */
} ct_topological;

typedef struct ct_scaling_lattice {
    char name[40];
    cutropy_result *result; /* owned; its first `cuts` rows are the family */
    size_t cuts;
    size_t first, count; /* points of this lattice */
    bool fitted;
    cutropy_scaling scaling;
    char why[256]; /* why there is no fit */
    ct_topological topological[2];
} ct_scaling_lattice;

typedef struct ct_scaling_report {
    const char *problem, *cuts; /* borrowed */
    cutropy_length length;
    double range; /* NaN: not asked for */
    size_t lattice_count;
    ct_scaling_lattice *lattice; /* owned */
    size_t count;
    cutropy_scaling_point *points; /* owned, lattice after lattice */
    bool fitted;                   /* not when the run was stopped */
    cutropy_scaling all;           /* of all points */
} ct_scaling_report;

void ct_scaling_report_free(ct_scaling_report *report);

/* The summary for people; CUTROPY_EIO: errno says why. */
cutropy_status ct_scaling_words(const ct_scaling_report *report, FILE *file);
/* The points. What it points to lives as long as the sheet; the struct itself need not. */
cutropy_status ct_scaling_sheet(const ct_scaling_report *report, cutropy_sheet **out);
/* The picture of the verdict over all points, analysis/scaling/series_plot.c. */
cutropy_status ct_scaling_plot(const ct_scaling_report *report, const char *picture);

#endif
