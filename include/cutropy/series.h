/* SPDX-License-Identifier: Apache-2.0 */
/* The law of one function on one lattice or on a series of growing ones.
 *
 *   cutropy_series_options wanted = CUTROPY_SERIES_OPTIONS;
 *   cutropy_series *series;
 *   wanted.problem = "loops";
 *   wanted.lattices = "links:2x2..4x4:torus";
 *   cutropy_series_open(&wanted, &series);
 *   cutropy_series_run(series, NULL);
 *   cutropy_series_words(series, stdout);
 *   cutropy_scaling_verdict law = cutropy_series_scaling(series)->verdict;
 *   cutropy_series_free(series);
 *
 * The points and the judge are those of cutropy/scaling.h, the topological constants those of
 * cutropy/topological.h. All entropies are in bits. */
#ifndef CUTROPY_SERIES_H
#define CUTROPY_SERIES_H

#include <math.h>
#include <stdio.h>

#include <cutropy/sheet.h>
#include <cutropy/scaling.h>
#include <cutropy/topological.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_series_regions {
    CUTROPY_REGIONS_WHERE_ROOM, /* topological constants where a lattice has room for them; from 32 pixels on,
                                   of functions with automata, up to 144, where these keep to 64 MiB and their
                                   matrices to 256 */
    CUTROPY_REGIONS_REQUIRED, /* a lattice without room is an error */
    CUTROPY_REGIONS_NONE
} cutropy_series_regions;

/* Options (cutropy/status.h). */
typedef struct cutropy_series_options {
    size_t size;
    const char *problem; /* as for cutropy_problem_parse */
    const char *lattice; /* one lattice; NULL: the problem's own */
    /* or several: "2x2..6x6", "links:3x2..3x5:torus", "chain:4..12" from the first to the last in
     * steps of one (both sides grow together, or only one of them grows), names with commas; NULL */
    const char *lattices;
    const char *cuts; /* as for cutropy_cuts_parse; NULL: rectangles, on a chain prefixes */
    int length;       /* a cutropy_length; -1: vertices on links, else bonds */
    double range; /* R of a bound R * boundary pixels (Theorem 3) beside the points; NaN: none */
    cutropy_series_regions topological;
    const char *regions; /* three masks A,B,C for the Kitaev-Preskill constant; NULL: automatic */
} cutropy_series_options;

/* With problem NULL; constants where there is room. */
#define CUTROPY_SERIES_OPTIONS                                                                     \
    {                                                                                              \
        sizeof(cutropy_series_options), NULL, NULL, NULL, NULL, -1, NAN,                           \
            CUTROPY_REGIONS_WHERE_ROOM, NULL                                                       \
    }

typedef struct cutropy_series cutropy_series;

/* Opens every lattice; nothing is evaluated. The texts
 * of the options are not needed later. Errors: those of the parsers, CUTROPY_EINPUT (no vertices to
 * count, no room for the regions), CUTROPY_EMEMORY; *out is NULL then. */
cutropy_status cutropy_series_open(const cutropy_series_options *options, cutropy_series **out);
/* The same of functions that exist already, each on its own lattice: problem, lattice and lattices of
 * the options are not used. problems: count of them, borrowed until cutropy_series_free. */
cutropy_status cutropy_series_open_of(const cutropy_problem *const *problems, size_t count,
                                      const cutropy_series_options *options, cutropy_series **out);
void cutropy_series_free(cutropy_series *series); /* NULL is allowed */

size_t cutropy_series_count(const cutropy_series *series); /* lattices */
/* The function on lattice i < count; it belongs to the series. */
const cutropy_problem *cutropy_series_problem(const cutropy_series *series, size_t i);

/* Do the cuts suffice for the fits? Ask before a long run. Errors: CUTROPY_EINPUT (too few
 * different ones), CUTROPY_EMEMORY. */
cutropy_status cutropy_series_check(const cutropy_series *series);

/* All lattices that are left, one after the other, and the fits. options as for cutropy_run, NULL
 * for the default ones; quantities are ignored. On an error what is finished stays, without fits.
 * Errors: those of cutropy_run. */
cutropy_status cutropy_series_run(cutropy_series *series, const cutropy_options *options);

/* The same in steps: the next lattice; the fits, when all of them are done. */
cutropy_status cutropy_series_next(cutropy_series *series, const cutropy_options *options);
cutropy_status cutropy_series_fit(cutropy_series *series);
size_t cutropy_series_done(const cutropy_series *series); /* lattices that have points */

/* ---- what was found ---- */

/* The points of all finished lattices, one lattice after the other: how many, and point i of them. */
size_t cutropy_series_points(const cutropy_series *series);
const cutropy_scaling_point *cutropy_series_point(const cutropy_series *series, size_t i);
/* The fits and the verdict over all points; NULL before cutropy_series_fit. Those of lattice i
 * alone; NULL also where its cuts are too few. */
const cutropy_scaling *cutropy_series_scaling(const cutropy_series *series);
const cutropy_scaling *cutropy_series_scaling_of(const cutropy_series *series, size_t i);

/* Read only. */
typedef struct cutropy_gamma {
    cutropy_cuts regions; /* A, B, C */
    double gamma, error;  /* bits */
    const char *doubt;    /* what makes it meaningless; NULL: nothing is known to */
} cutropy_gamma;

/* The topological constant of lattice i; it belongs to the series. NULL: there is none. */
const cutropy_gamma *cutropy_series_gamma(const cutropy_series *series, size_t i,
                                          cutropy_topological_kind kind);

/* A summary to read. Of a series that was stopped: the lattices that have points, and that it was
 * stopped. Errors: CUTROPY_EIO (errno says why, no message), CUTROPY_EINPUT (no lattice has
 * points). */
cutropy_status cutropy_series_words(const cutropy_series *series, FILE *file);
/* The points: lattice, cut, na, min_side, boundary (bonds), length (L), entropy, page (mean of a random
 * state), random_set, residual_MODEL (entropy - fit over all points), with a range range_bound; in bits.
 * JSON also has the fits. It lives no longer than the series as it is. Errors: CUTROPY_EINPUT (no
 * lattice has points), CUTROPY_EMEMORY. */
cutropy_status cutropy_series_sheet(const cutropy_series *series, cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
