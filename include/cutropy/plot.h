/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of tables, in one file each: FILE.svg, FILE-narrow.svg for a narrow column, FILE.png, FILE.pdf, or FILE.gp for the gnuplot script with its data.
 *
 *   const char *tables[] = {"rows.csv"};
 *   cutropy_plot_tables(tables, 1, NULL, "rows.svg");
 *
 * gnuplot 5.4 or newer draws them (not FILE.gp). What a picture shows, and how it is chosen: docs/plot.md. */
#ifndef CUTROPY_PLOT_H
#define CUTROPY_PLOT_H

#include <cutropy/series.h>
#include <cutropy/sheet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Options (cutropy/status.h). Columns by their names in csv; NULL: what the table suggests. */
typedef struct cutropy_plot_options {
    size_t size;
    const char *x, *y;  /* x may be "pixels": those of the lattice */
    const char *colour; /* of points; not of curves */
    const char *title;
} cutropy_plot_options;
#define CUTROPY_PLOT_OPTIONS                                                                       \
    {                                                                                              \
        sizeof(cutropy_plot_options), NULL, NULL, NULL, NULL                                       \
    }

/* One picture of one or several tables of this program (CSV, JSON or .npy, as cutropy_sheet_save writes them), or of any CSV with a header.
 * A row without a number in one of the columns is left out. options may be NULL.
 * Errors: CUTROPY_EINPUT (no table, no such column, no numbers, an unknown ending), CUTROPY_EUNSUPPORTED (no gnuplot here), CUTROPY_EIO,
 * CUTROPY_EMEMORY. */
cutropy_status cutropy_plot_tables(const char *const *tables, size_t count,
                                   const cutropy_plot_options *options, const char *picture);
/* The same of a sheet; name: what it is of, at the lower edge. */
cutropy_status cutropy_plot_sheet(const cutropy_sheet *sheet, const char *name,
                                  const cutropy_plot_options *options, const char *picture);
/* The verdict of a series: its points with their errors, the law, what the law leaves over, and what S cannot exceed. Errors: as above;
 * CUTROPY_EINPUT also before cutropy_series_fit. */
cutropy_status cutropy_plot_series(const cutropy_series *series, const char *picture);

/* Whether a picture can be written there: ask before a long run. Errors: CUTROPY_EINPUT (its ending), CUTROPY_EIO. */
cutropy_status cutropy_plot_check(const char *picture);

#ifdef __cplusplus
}
#endif
#endif
