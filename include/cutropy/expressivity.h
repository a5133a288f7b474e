/* SPDX-License-Identifier: Apache-2.0 */
/* Expressive power: entropies of families of networks over their parameters, many seeds each,
 * against the claim S/L ~ n_c log D of arXiv 1710.05520.
 *
 * Units: bits; S/L is the entropy of a cut over its boundary length, in bits per bond. Every
 * entropy has the guarantee of cutropy_run; the statistics and the fits are plain doubles, summed
 * in the order of the seeds and of the points, and do not depend on the number of threads.
 * Cost: one cutropy_run for each combination of parameters and seed. */
#ifndef CUTROPY_EXPRESSIVITY_H
#define CUTROPY_EXPRESSIVITY_H

#include <stdio.h>

#include <cutropy/sheet.h>
#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CUTROPY_SWEEP_KEYS 12  /* parameters of a network, seed and weights left out */
#define CUTROPY_SWEEP_LEVELS 3 /* entropies at which sizes are compared */

/* One parameter and its values, "1,2,4". */
typedef struct cutropy_axis {
    const char *key;
    const char *values;
} cutropy_axis;

/* Options (cutropy/status.h). */
typedef struct cutropy_sweep {
    size_t size;
    const char
        *family; /* cnn, rbm, mps, mera or mlp, with fixed parameters: "cnn:activation=tanh" */
    const char *lattice;      /* NULL: the family's own */
    const char *cuts;         /* NULL: half */
    const cutropy_axis *axes; /* the first varies slowest */
    size_t axis_count;
    int seeds;           /* networks for each combination, >= 1 */
    uint64_t first_seed; /* seeds first_seed .. first_seed + seeds - 1 */
    /* NULL: random weights. Else a path with {seed} and {KEY} in it, e.g.
     * "trained/D{channels}-n{layers}-{seed}.npz": trained weights of every network. */
    const char *weights;
} cutropy_sweep;
#define CUTROPY_SWEEP                                                                              \
    {                                                                                              \
        sizeof(cutropy_sweep), NULL, NULL, NULL, NULL, 0, 16, 0, NULL                              \
    }

/* Of the numbers of one point; sd is the estimate with n - 1, se = sd / sqrt(n); NaN for one
 * number. */
typedef struct cutropy_spread {
    double mean, sd, se, min, max;
} cutropy_spread;

/* One combination of parameters. Read only. */
typedef struct cutropy_sweep_point {
    char value[CUTROPY_SWEEP_KEYS][32]; /* as in the canonical text of the problem */
    double size;                        /* cnn: D, mlp: width, rbm: hidden units, mps, mera: chi */
    double depth;           /* cnn: n_c, mlp: hidden layers, mera: disentanglers, else 1 */
    double claim;           /* cnn, mlp, mera: depth log2 size; rbm: size; mps: log2 size */
    int done;               /* 0: stopped before all its seeds were done; nothing below is valid */
    double *entropy;        /* seeds x cuts, S in bits */
    cutropy_spread *by_cut; /* one a cut: S/L over the seeds */
    cutropy_spread all;     /* of S/L averaged over the cuts, over the seeds */
} cutropy_sweep_point;

/* y = constant + slope x by least squares. r2 = 1 - (squared residuals) / (squared deviations from
 * the mean of y): 1 is perfect, 0 no better than a constant, below 0 worse than one. NaN where
 * there are too few points, or nothing varies. */
typedef struct cutropy_line {
    size_t points;
    double slope, constant, r2;
    double slope_se; /* standard error of the slope, from the residuals */
} cutropy_line;

typedef struct cutropy_depth_fit {
    double depth;
    cutropy_line line; /* S/L against log2 size (rbm: size) */
} cutropy_depth_fit;

/* The sizes at which networks of each depth have the same entropy, by linear interpolation of S/L
 * in log2 size; D ~ D0^(1/n_c) says log2 D = log2 D0 / n_c. */
typedef struct cutropy_level {
    double entropy;  /* S/L */
    double *size;    /* one a depth of the group */
    double d0;       /* least squares of log2 D = log2(d0) / depth */
    double r2;       /* of that fit, against the mean */
    double exponent; /* p of log2 D ~ depth^p; the claim is -1 */
} cutropy_level;

/* Points that differ in size and depth only, and what the claim says about them. Read only. */
typedef struct cutropy_claim {
    size_t *point; /* their numbers, by depth, then by size */
    size_t points;
    cutropy_line origin; /* S/L = slope * claim */
    cutropy_line line;   /* S/L = constant + slope * claim */
    size_t depths;
    cutropy_depth_fit *by_depth;
    size_t levels; /* 0: the ranges of S/L have no overlap, or there is one depth */
    cutropy_level level[CUTROPY_SWEEP_LEVELS];
    double lowest, highest;   /* of the mean S/L */
    double median_sd;         /* spread between seeds, NaN for one seed */
    double fraction_of_limit; /* highest S/L over that of S = min(NA, NB) */
    double fraction_of_page;  /* highest S/L over that of Page's average */
} cutropy_claim;

typedef struct cutropy_expressivity cutropy_expressivity;

/* Computes every network of the sweep and the fits. Every combination is opened before the first
 * run, so that bad input is found at once. options->progress is called with stage "networks".
 * On CUTROPY_ECANCELLED, and on an error after the first point, *out holds the finished points
 * (complete = 0) and fits over them; on any other error *out is NULL. Errors: CUTROPY_EINPUT (unknown family or parameter, a cut without
 * boundary, no value), CUTROPY_EIO (weights), and those of cutropy_run. */
cutropy_status cutropy_expressivity_run(const cutropy_sweep *sweep, const cutropy_options *options,
                                        cutropy_expressivity **out);
void cutropy_expressivity_free(cutropy_expressivity *result); /* NULL is allowed */

/* ---- what was found; it belongs to the result ---- */

const cutropy_cuts *cutropy_expressivity_cuts(const cutropy_expressivity *result);
/* The parameters, i = 0, 1, ..: value[i] of every point; NULL after the last one. */
const char *cutropy_expressivity_key(const cutropy_expressivity *result, size_t i);
/* How many points there are to be, how many are finished, whether that is all; and point i, in the order
 * of the axes. */
size_t cutropy_expressivity_points(const cutropy_expressivity *result);
size_t cutropy_expressivity_done(const cutropy_expressivity *result);
int cutropy_expressivity_complete(const cutropy_expressivity *result);
const cutropy_sweep_point *cutropy_expressivity_point(const cutropy_expressivity *result, size_t i);
size_t cutropy_expressivity_claims(const cutropy_expressivity *result);
const cutropy_claim *cutropy_expressivity_claim(const cutropy_expressivity *result, size_t i);

/* One row a point and cut (and one with cut "mean" when there are several): the keys, cut, na, boundary,
 * seeds, claim, then of S/L over the seeds mean, sd, se, min, max, limit and page. JSON: a document of
 * its own with every entropy, the fits and the words. Errors: CUTROPY_EMEMORY. */
cutropy_status cutropy_expressivity_sheet(const cutropy_expressivity *result, cutropy_sheet **out);

/* What the numbers say about the claim, in sentences, one a line. CUTROPY_EIO: errno says why. */
cutropy_status cutropy_expressivity_words(const cutropy_expressivity *result, FILE *file);

/* Draws S/L against the size and against the claim: expressivity.svg and .png in the folder (made if
 * it is not there), with their data (.dat) and gnuplot script (.gp); all of them appear together.
 * *gnuplot_found = 0: gnuplot is not installed, and there are no pictures. Errors: CUTROPY_EIO (also
 * when gnuplot fails), CUTROPY_EMEMORY. */
cutropy_status cutropy_expressivity_draw(const cutropy_expressivity *result, const char *folder,
                                         int *gnuplot_found);

#ifdef __cplusplus
}
#endif
#endif
