/* SPDX-License-Identifier: Apache-2.0 */
/* What a sweep found: made in analysis/expressivity/expressivity.c, drawn by this folder. */
#ifndef CT_OUTPUT_EXPRESSIVITY_H
#define CT_OUTPUT_EXPRESSIVITY_H

#include <cutropy/expressivity.h>

struct cutropy_expressivity {
    char family[8];
    char lattice[40];
    cutropy_cuts cuts;
    int *na, *boundary;           /* one a cut */
    double *limit, *page;         /* one a cut: min(NA, NB) and Page's average, both over L */
    double mean_limit, mean_page; /* over the cuts */
    int seeds;
    uint64_t first_seed;
    char *weights; /* pattern of the files that weights came from; NULL: random */
    size_t key_count;
    char key[CUTROPY_SWEEP_KEYS][24];
    int size_key, depth_key; /* columns of key; -1: none */
    size_t point_count;
    cutropy_sweep_point *points; /* in the order of the axes */
    size_t done;                 /* finished points */
    int complete;
    double *entropies; /* owned memory of the points */
    cutropy_spread *spreads;
    size_t claim_count;
    cutropy_claim *claims;
};

/* The files of cutropy_expressivity_draw: data of the pictures (one block a group and depth: its title, then size, claim, mean S/L and its
 * standard error), the script that draws them in its own folder, and the pictures. */
#define CT_EXPRESSIVITY_PICTURES 4
extern const char *const ct_expressivity_pictures[CT_EXPRESSIVITY_PICTURES];

#endif
