/* SPDX-License-Identifier: Apache-2.0 */
/* What a map consists of: made in analysis/map.c, written by this folder. */
#ifndef CT_MAP_H
#define CT_MAP_H

#include <cutropy/map.h>

#define CT_MAP_SECTIONS 2

struct cutropy_map {
    cutropy_lattice *lattice; /* its own copy */
    cutropy_result *result;   /* one run: rows of all families; quantity 0 is the spectrum */
    cutropy_map_family family[CUTROPY_MAP_FAMILIES];
    double *mutual_information;     /* N x N, symmetric, diagonal 0, bits; NULL without pairs */
    double *mutual_information_err; /* N x N: sum of the errors of the three entropies, bits */
    cutropy_scaling *law;           /* NULL: law_missing says why */
    cutropy_length law_length;      /* vertices on links, else bonds */
    char law_cuts[32], law_missing[256];
    cutropy_ranges *ranges; /* NULL when left out; its result is that of the map */
    char law_words[4096], topological_words[1024];
    cutropy_section section[CT_MAP_SECTIONS]; /* point there */
};

/* The words of its sections, from everything else; analysis/map_verdict.c. */
void ct_map_verdicts(cutropy_map *map);

#endif
