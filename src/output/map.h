/* SPDX-License-Identifier: Apache-2.0 */
/* What a map consists of: made in analysis/map/map.c, written by this folder. */
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
    double axis; /* what the law's model grows with: m, the chord, else L */
    double
        ceiling; /* S is proved to be no larger: log2 of the dimensions of the sides, of classes and of images */
    double entropy, entropy_err;
    double fit; /* the model's value; NaN: no model */
} ct_law_point;

/* Two pixels, i < j: row k of the family of pairs belongs to pair k. */
typedef struct ct_map_pair {
    int i, j;
    double information, err; /* bits: I(i:j), the sum of the errors of three entropies */
} ct_map_pair;

struct cutropy_map {
    cutropy_lattice *lattice; /* its own copy */
    cutropy_result *result;   /* one run: rows of all families; quantity 0 is the spectrum */
    double *most;             /* one a row: log2 of the dimension of the smaller side, bits */
    cutropy_map_family family[CUTROPY_MAP_FAMILIES];
    ct_map_pair *
        pair; /* NULL without pairs. All of them by i, then j; on a large lattice those of the bonds, then those of `chosen` */
    size_t pairs;
    int *
        chosen; /* ascending: all pixels, or on a large lattice those whose places are multiples of pair_stride */
    size_t chosen_count;
    int pair_stride, rectangle_stride; /* 1: all pairs, all rectangles */
    double *mutual_information;     /* N x N, symmetric, diagonal 0, bits; NULL without all pairs */
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

/* Fills example; analysis/map/map_examples.c. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_map_examples(cutropy_state *state, const cutropy_options *options,
                               cutropy_map *map);

/* The words of its sections, from everything else; analysis/map/map_verdict.c. */
void ct_map_verdicts(cutropy_map *map);

/* "1 bit", "0.5 bits"; room: 40 characters. */
const char *ct_map_bits(double value, int digits, char *room);

/* The pair of chosen pixels a < b, and that of a bond. */
static inline const ct_map_pair *ct_map_pair_of(const cutropy_map *map, size_t a, size_t b)
{
    const size_t bonds = map->pair_stride > 1 ? (size_t)map->lattice->bonds : 0;
    return map->pair + bonds + a * map->chosen_count - a * (a + 1) / 2 + b - a - 1;
}
static inline const ct_map_pair *ct_map_pair_of_bond(const cutropy_map *map, size_t bond)
{
    const int *ends = map->lattice->bond[bond];
    const int low = ends[0] < ends[1] ? 0 : 1;
    return map->pair_stride > 1 ? map->pair + bond
                                : ct_map_pair_of(map, (size_t)ends[low], (size_t)ends[1 - low]);
}

#endif
