/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy maps: one function, every cut that a picture needs, one run.
 *
 *   cutropy_map *map;
 *   cutropy_map_make(problem, NULL, NULL, &map);
 *   cutropy_map_save(map, "my-map", NULL, NULL);
 *   cutropy_map_free(map);
 *
 * Of a data set with label=onehot also I(i:label) = S(i) + S(label) - S(i and the label), where S(i and the label) is that of all other
 * pixels. Entropies and mutual informations are in bits. I(i:j) = S(i) + S(j) - S(ij) >= 0 is the mutual
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
typedef enum cutropy_map_family_id {
    CUTROPY_MAP_SITES,
    CUTROPY_MAP_PAIRS, /* i < j, lexicographic: what I(i:j) needs; of a large lattice its bonds, then pixels along a stride */
    CUTROPY_MAP_ROWS,
    CUTROPY_MAP_COLUMNS,
    CUTROPY_MAP_PREFIXES,
    CUTROPY_MAP_HALF, /* the first floor(N/2) pixels */
    CUTROPY_MAP_RECTANGLES,
    CUTROPY_MAP_CONNECTED,
    CUTROPY_MAP_KITAEV_PRESKILL, /* the cuts of cutropy_topological_cuts, all or none */
    CUTROPY_MAP_LEVIN_WEN,
    CUTROPY_MAP_RANGE, /* A = all pixels but one: what the range of that pixel needs */
    CUTROPY_MAP_LABEL, /* A = all pixels, of a data set whose label stands with B: S(label) */
    CUTROPY_MAP_FAMILIES
} cutropy_map_family_id;

/* Options (cutropy/status.h). */
typedef struct cutropy_map_options {
    size_t size;
    int connected; /* largest connected region, pixels; 0: up to 6, as `most` allows */
    int largest;   /* leave out cuts whose smaller side has more pixels; 0: none */
    size_t
        most_cuts; /* of a family: of more pairs and rectangles of a grid there are those along a stride, others are left out */
} cutropy_map_options;

#define CUTROPY_MAP_OPTIONS                                                                        \
    {                                                                                              \
        sizeof(cutropy_map_options), 0, 0, 5000                                                    \
    }

/* Read only. */
typedef struct cutropy_map_family {
    char name[24];       /* as in a list of cuts: "sites", "connected:4" */
    size_t first, count; /* rows first .. first + count - 1 of the result */
    size_t left_out;   /* cuts larger than options.largest; of automata, with too long a boundary */
    char missing[160]; /* why there is no row; "" if there are some */
} cutropy_map_family;

typedef struct cutropy_map cutropy_map;

/* Computes all of it: f is evaluated once. map_options and options may be NULL; the quantities of
 * options are ignored. Cost: one cutropy_run over about N^2/2 + rectangles + connected regions.
 * A family that the lattice has not, or that is too large, is left out and says why. So are the
 * ranges where they would take long (tables above 2^25 images, values above 2^22, long lists, many states) or
 * more memory than options allow. Automata and linear equations serve as in cutropy_run; from 32 pixels on automata leave out
 * rectangles, connected and topological regions with more boundary pixels than a line across the lattice.
 * Errors: those of cutropy_run (also CUTROPY_ECANCELLED: then *out is NULL), CUTROPY_EINPUT (one
 * pixel only). */
cutropy_status cutropy_map_make(const cutropy_problem *problem,
                                const cutropy_map_options *map_options,
                                const cutropy_options *options, cutropy_map **out);
void cutropy_map_free(cutropy_map *map); /* NULL is allowed */

/* ---- what was found; it belongs to the map ---- */

const cutropy_lattice *cutropy_map_lattice(const cutropy_map *map); /* its own copy */
/* One run: rows of all families; quantity 0 is the spectrum. */
const cutropy_result *cutropy_map_result(const cutropy_map *map);
const cutropy_map_family *cutropy_map_rows(const cutropy_map *map, cutropy_map_family_id id);
/* N x N, symmetric, diagonal 0, bits; NULL where not all pairs are computed. And the sum of the errors of the three
 * entropies. */
const double *cutropy_map_mutual_information(const cutropy_map *map);
const double *cutropy_map_mutual_information_err(const cutropy_map *map);
/* The one verdict of the map, that of the judge on the cuts `law_cuts`: rectangles, on a
 * chain prefixes, and where there are too many rectangles "rows,columns,prefixes". NULL when those
 * cuts are too few or were left out; law_missing says why. Length: vertices on links, else bonds. */
const cutropy_scaling *cutropy_map_law(const cutropy_map *map);
const char *cutropy_map_law_cuts(const cutropy_map *map);
const char *cutropy_map_law_missing(const cutropy_map *map);
/* Row i: A = all pixels but i, so the range says how far from pixel i the images still decide how f
 * depends on it; NULL when left out. */
const cutropy_ranges *cutropy_map_ranges(const cutropy_map *map);

/* What the report says about the numbers: which law the entropies follow, and the topological constant.
 * Plain text, an empty line ends a paragraph. Read only. */
typedef struct cutropy_section {
    const char *title, *text;
} cutropy_section;

/* i = 0, 1, ..; NULL after the last one. */
const cutropy_section *cutropy_map_section(const cutropy_map *map, size_t i);

/* ---- its folder ---- */

/* Options. */
typedef struct cutropy_map_save_options {
    size_t size;
    /* What function this is, plain text, or NULL; its first paragraph becomes the heading. */
    const char *about;
    const char *command; /* how to make this folder again, or NULL */
} cutropy_map_save_options;
#define CUTROPY_MAP_SAVE_OPTIONS                                                                   \
    {                                                                                              \
        sizeof(cutropy_map_save_options), NULL, NULL                                               \
    }

/* Writes the folder (it is made if it is not there): tables (.csv), gnuplot scripts (.gp), pictures
 * (.svg, .png), report.html, which needs no other file, and cutropy-map.json, which says that this
 * is a map. All of it is made in FOLDER/partial and moved up at the end. Files of an earlier map in
 * the same folder are replaced or, where this map has none such, removed; other files stay.
 * options may be NULL. *pictures (or NULL): how many were drawn, each as SVG and PNG; 0: gnuplot is not
 * installed, which is no error.
 * Errors: those of cutropy_map_save_check, CUTROPY_EIO (a file, or gnuplot failed; FOLDER/partial has
 * tables and scripts then, an earlier map is untouched), CUTROPY_EMEMORY. */
cutropy_status cutropy_map_save(const cutropy_map *map, const char *folder,
                                const cutropy_map_save_options *options, int *pictures);

/* Whether a map may be written there: the folder is not there, or is empty, or holds a map. Changes
 * nothing; ask before a long run. Errors: CUTROPY_EINPUT (it holds something else), CUTROPY_EIO (it
 * is no folder, or write-protected). */
cutropy_status cutropy_map_save_check(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
