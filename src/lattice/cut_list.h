/* SPDX-License-Identifier: Apache-2.0 */
/* A growing list of masks without repetitions, and the families that fill it. */
#ifndef CT_CUT_LIST_H
#define CT_CUT_LIST_H

#include <cutropy/cut.h>

#include "base/hash.h"
#include "lattice/lattice.h"

typedef struct ct_cut_list {
    const cutropy_lattice *lattice;
    size_t words;    /* words per mask */
    size_t count;    /* masks in the list */
    size_t room;     /* masks that fit */
    uint64_t *masks; /* room x words */
    bool check;      /* look for repetitions: a family alone has none */
    bool has_all;    /* the list holds every mask 1 .. 2^(N-1) - 1; those are not in the set */
    size_t hashed;   /* masks 0 .. hashed-1 are in the set (or covered by has_all) */
    size_t used;     /* masks in the set */
    ct_hash set;
} ct_cut_list;

/* Room for `extra` more masks; the message of CUTROPY_EMEMORY names the family and the bytes. */
cutropy_status ct_cut_list_reserve(ct_cut_list *list, const char *family, size_t extra);
/* Appends a mask that is not yet there. */
cutropy_status ct_cut_list_add(ct_cut_list *list, const uint64_t *mask);
/* The same for a member of a family: the empty and the full mask are left out. */
cutropy_status ct_cut_list_add_region(ct_cut_list *list, const uint64_t *mask);
/* Appends 1 .. 2^(N-1) - 1, N <= 40, room reserved. */
cutropy_status ct_cut_list_add_all(ct_cut_list *list);
void ct_cut_list_free(ct_cut_list *list);

/* Masks behind those of cuts, whatever these are; *room: masks that fit. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cuts_append(cutropy_cuts *cuts, size_t *room, const uint64_t *masks,
                              size_t count);

/* What help and messages say. */
#define CT_CUT_FAMILIES                                                                            \
    "all, rows, columns, prefixes, sites, pairs, rectangles, connected[:K], half, quadrants, "     \
    "canonical:LEVEL"

/* families.c, rectangles.c */
cutropy_status ct_cuts_all(ct_cut_list *list);
cutropy_status ct_cuts_rows(ct_cut_list *list);
cutropy_status ct_cuts_columns(ct_cut_list *list);
cutropy_status ct_cuts_prefixes(ct_cut_list *list);
cutropy_status ct_cuts_sites(ct_cut_list *list);
cutropy_status ct_cuts_pairs(ct_cut_list *list);
cutropy_status ct_cuts_half(ct_cut_list *list);
/* The one cut of an infinite strip, in the middle of its window. */
void ct_strip_mask(const cutropy_lattice *lattice, uint64_t *mask);
cutropy_status ct_cuts_rectangles(ct_cut_list *list);
/* every block of a grid that is cut in 2^level by 2^level, row by row; of a chain in 2^level */
cutropy_status ct_cuts_canonical(ct_cut_list *list, int level);
/* connected.c: regions of 1 .. largest pixels */
cutropy_status ct_cuts_connected(ct_cut_list *list, int largest);
/* cut_file.c */
cutropy_status ct_cuts_file(ct_cut_list *list, const char *path);

#endif
