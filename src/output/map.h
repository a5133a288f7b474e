/* SPDX-License-Identifier: Apache-2.0 */
/* What a map consists of: made in analysis/map.c, written by this folder. */
#ifndef CT_MAP_H
#define CT_MAP_H

#include <stdbool.h>

#include <cutropy/map.h>
#include <cutropy/state.h>

#define CT_MAP_SECTIONS 2
#define CT_MAP_EXAMPLES 6

/* A cut of the verdict and what the law says of it; bits. */
typedef struct ct_law_point {
    size_t row; /* of the result */
    int smaller, length;
    double axis;    /* what the law's model grows with: m, the chord, else L */
    double ceiling; /* S is proved to be no larger: min(NA, NB), log2 of classes and of images */
    double entropy, entropy_err;
    double fit; /* the model's value; NaN: no model */
} ct_law_point;

struct cutropy_map {
    cutropy_lattice *lattice; /* its own copy */
    cutropy_result *result;   /* one run: rows of all families; quantity 0 is the spectrum */
    cutropy_map_family family[CUTROPY_MAP_FAMILIES];
    double *mutual_information;     /* N x N, symmetric, diagonal 0, bits; NULL without pairs */
    double *mutual_information_err; /* N x N: sum of the errors of the three entropies, bits */
    cutropy_scaling *law;           /* NULL: law_missing says why */
    ct_law_point *law_point;        /* NULL without law */
    size_t law_points;
    cutropy_length law_length; /* vertices on links, else bonds */
    char law_cuts[32], law_missing[256];
    cutropy_ranges *ranges; /* NULL when left out; its result is that of the map */
    uint64_t *
        example; /* examples x words, ascending: images with label 1 spread evenly over all of them, or those with the largest |f| */
    size_t examples;
    bool
        unlisted; /* automata or equations: nobody has seen all images, and the examples are drawn (cutropy sample, seed 1) */
    char example_missing[256]; /* why there is none; "" if nobody expects one */
    char law_words[4096], topological_words[1024];
    cutropy_section section[CT_MAP_SECTIONS]; /* point there */
};

/* Fills example; analysis/map_examples.c. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_map_examples(cutropy_state *state, const cutropy_options *options,
                               cutropy_map *map);

/* The words of its sections, from everything else; analysis/map_verdict.c. */
void ct_map_verdicts(cutropy_map *map);

#endif
