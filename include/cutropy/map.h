/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy maps: one function, every cut that a picture needs, one run.
 *
 *   cutropy_map *map;
 *   cutropy_map_make(problem, NULL, NULL, &map);
 *   cutropy_map_save(map, "my-map", NULL, NULL);
 *   cutropy_map_free(map);
 *
 * Entropies and mutual informations are in bits. I(i:j) = S(i) + S(j) - S(ij) >= 0 is the mutual
 * information of the pixels i and j in the state f / |f| (M. A. Nielsen, I. L. Chuang, Quantum
 * Computation and Quantum Information, 2000, section 11.3); values below zero are rounding and are
 * not clipped. */
#ifndef CUTROPY_MAP_H
#define CUTROPY_MAP_H

#include <cutropy/range.h>
#include <cutropy/run.h>
#include <cutropy/scaling.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The families of cuts behind the pictures. */
typedef enum cutropy_map_part {
    CUTROPY_MAP_SITES,
    CUTROPY_MAP_PAIRS, /* i < j, lexicographic: what I(i:j) needs */
    CUTROPY_MAP_ROWS,
    CUTROPY_MAP_COLUMNS,
    CUTROPY_MAP_PREFIXES,
    CUTROPY_MAP_HALF, /* the first floor(N/2) pixels */
    CUTROPY_MAP_RECTANGLES,
    CUTROPY_MAP_CONNECTED,
    CUTROPY_MAP_KITAEV_PRESKILL, /* the cuts of cutropy_topological_cuts, all or none */
    CUTROPY_MAP_LEVIN_WEN,
    CUTROPY_MAP_RANGE, /* A = all pixels but one: what the range of that pixel needs */
    CUTROPY_MAP_PARTS
} cutropy_map_part;

/* Options (cutropy/status.h). */
typedef struct cutropy_map_options {
    size_t size;
    int connected;    /* largest connected region, pixels; 0: up to 6, as `most` allows */
    int largest;      /* leave out cuts whose smaller side has more pixels; 0: none */
    size_t most_cuts; /* leave out a family (but for sites) with more cuts */
} cutropy_map_options;

#define CUTROPY_MAP_OPTIONS                                                                        \
    {                                                                                              \
        sizeof(cutropy_map_options), 0, 0, 5000                                                    \
    }

typedef struct cutropy_map_family {
    char name[24];       /* as in a list of cuts: "sites", "connected:4" */
    size_t first, count; /* rows first .. first + count - 1 of the result */
    size_t left_out;     /* cuts larger than options.largest */
    char missing[160];   /* why there is no row; "" if there are some */
} cutropy_map_family;

typedef struct cutropy_map {
    cutropy_lattice *lattice; /* its own copy */
    cutropy_result *result;   /* one run: rows of all families; quantity 0 is the spectrum */
    cutropy_map_family family[CUTROPY_MAP_PARTS];
    double *mutual_information;     /* N x N, symmetric, diagonal 0, bits; NULL without pairs */
    double *mutual_information_err; /* N x N: sum of the errors of the three entropies, bits */
    /* The one verdict of the map, that of cutropy_scaling_judge on the cuts `law_cuts`: rectangles,
     * on a chain prefixes, and where there are too many rectangles "rows,columns,prefixes". NULL
     * when those cuts are too few or were left out; law_missing says why. */
    cutropy_scaling *law;
    cutropy_length law_length; /* vertices on links, else bonds */
    char law_cuts[32], law_missing[256];
    /* row i: A = all pixels but i, so the range says how far from pixel i the images still decide
     * how f depends on it; NULL when left out. Its result is that of the map: do not free it. */
    cutropy_ranges *ranges;
} cutropy_map;

/* Computes all of it: f is evaluated once. map_options and options may be NULL; the quantities of
 * options are ignored. Cost: one cutropy_run over about N^2/2 + rectangles + connected regions.
 * A family that the lattice has not, or that is too large, is left out and says why. So are the
 * ranges where they would take long (tables above 2^25 images, values above 2^22, long lists) or
 * more memory than options allow.
 * Errors: those of cutropy_run (also CUTROPY_ECANCELLED: then *out is NULL), CUTROPY_EINPUT (one
 * pixel only). */
cutropy_status cutropy_map_make(const cutropy_problem *problem,
                                const cutropy_map_options *map_options,
                                const cutropy_options *options, cutropy_map **out);
void cutropy_map_free(cutropy_map *map);

/* A part of the report that the caller writes: plain text, an empty line ends a paragraph. */
typedef struct cutropy_section {
    const char *title, *text;
} cutropy_section;

/* The verdicts of a map in words, ready for the report: which law its entropies follow, and the
 * topological constant. The sections point into the struct: do not copy it. */
#define CUTROPY_MAP_VERDICTS 2

typedef struct cutropy_map_verdicts {
    char law[4096], topological[1024];
    cutropy_section section[CUTROPY_MAP_VERDICTS];
} cutropy_map_verdicts;

void cutropy_map_verdicts_of(const cutropy_map *map, cutropy_map_verdicts *out);

typedef struct cutropy_map_save_options {
    const char *about;               /* what function this is, plain text, or NULL */
    const char *command;             /* how to make this folder again, or NULL */
    const cutropy_section *sections; /* the verdicts */
    size_t section_count;
} cutropy_map_save_options;

typedef struct cutropy_map_pictures {
    int made;          /* pictures, each as SVG and PNG */
    int gnuplot_found; /* 0: the folder has tables, scripts and a report without pictures */
} cutropy_map_pictures;

/* Writes the folder (it is made if it is not there): tables (.csv), gnuplot scripts (.gp), pictures
 * (.svg, .png), report.html, which needs no other file, and cutropy-map.json, which says that this
 * is a map. All of it is made in FOLDER/partial and moved up at the end. Files of an earlier map in
 * the same folder are replaced or, where this map has no such part, removed; other files stay.
 * Errors: those of cutropy_map_save_check, CUTROPY_EIO (a file, or gnuplot failed; FOLDER/partial has
 * tables and scripts then, an earlier map is untouched), CUTROPY_EMEMORY. A missing gnuplot is no
 * error. */
cutropy_status cutropy_map_save(const cutropy_map *map, const char *folder,
                                const cutropy_map_save_options *options,
                                cutropy_map_pictures *pictures);

/* Whether a map may be written there: the folder is not there, or is empty, or holds a map. Changes
 * nothing; ask before a long run. Errors: CUTROPY_EINPUT (it holds something else), CUTROPY_EIO (it
 * is no folder, or write-protected). */
cutropy_status cutropy_map_save_check(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
