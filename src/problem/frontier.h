/* SPDX-License-Identifier: Apache-2.0 */
/* A label function as an automaton that reads the pixels one after the other.
 *
 * Its state is what the pixels that were read must still tell those that were not. States are bytes; two states with
 * the same bytes are one, and states that differ may still mean the same: minimising is the caller's.
 *
 * Pixels come line by line: by rows in the order of their numbers, x from left to right in each; by columns
 * x and y exchanged. The automaton sees places (x, y) of lines that run along x, whatever they are on the lattice. */
#ifndef CT_PROBLEM_FRONTIER_H
#define CT_PROBLEM_FRONTIER_H

#include "problem/problem.h"

struct ct_frontier {
    const cutropy_problem *problem;
    const void *data;  /* of whoever made it */
    int width, height; /* pixels of a line, lines */
    size_t bytes;      /* of a state, a multiple of 8; the first state is zero */
    bool
        any_order; /* f depends on the number of lit pixels alone: every order of pixels is the same */
    bool turns;    /* f is the same when its pixels are read from the last to the first */
    int settles; /* from this line on (at least 1) `step` does not look at y, and no state counts lines: so it reads
                      infinite strips, whose height is INT_MAX; 0: it does not */
    bool around; /* and infinite cylinders: periodic along a line, open at both ends */
    /* Reads the pixel at (x, y); false: no choice of the others gives label 1. Returning true is always right. */
    bool (*step)(const ct_frontier *f, int x, int y, bool lit, uint8_t *state);
    /* The label, after the last pixel. */
    bool (*accept)(const ct_frontier *f, const uint8_t *state);
    /* Instead of both, where states are read elsewhere and that may fail; NULL: these two serve. */
    const ct_frontier_reader *reader;
};

/* States are bytes / 8 words each. Errors are the reader's. */
struct ct_frontier_reader {
    cutropy_status (*first)(const ct_frontier *f, uint64_t *state); /* it need not be zero here */
    /* Pixel k in each of `count` states: two states each, and whether they live (1) or not (0), in this order. */
    cutropy_status (*step)(const ct_frontier *f, int k, const uint64_t *states, size_t count,
                           uint64_t *next, uint8_t *lives);
    cutropy_status (*accept)(const ct_frontier *f, const uint64_t *states, size_t count,
                             uint8_t *labels);
};

/* The automaton of a problem, by_columns: in the other order. false: it has none (for this lattice, order or
 * encoding). It borrows the problem. */
bool ct_frontier_open(const cutropy_problem *problem, bool by_columns, ct_frontier *out);

/* Is there an automaton for this body on some lattice? */
bool ct_frontier_may(ct_body body);

/* The problems' own: problem, width and height are set (a chain is one line). false: none. */
ct_frontier_make ct_frontier_count, ct_frontier_independent_set, ct_frontier_pixel_loops,
    ct_frontier_connected, ct_frontier_percolation, ct_frontier_mirror, ct_frontier_contains,
    ct_frontier_rectangle, ct_frontier_bars_stripes, ct_frontier_still_life;

/* Bytes of a state that needs so many. */
static inline size_t ct_frontier_bytes(int bytes)
{
    return ((size_t)bytes + 7) / 8 * 8;
}

/* What is left to say of f where every line but the first is read alike, and backwards as well: true. */
bool ct_frontier_serve(ct_frontier *f, int bytes,
                       bool (*step)(const ct_frontier *f, int x, int y, bool lit, uint8_t *state),
                       bool (*accept)(const ct_frontier *f, const uint8_t *state));

/* An `accept` for those that refuse in `step` all there is to refuse. */
bool ct_frontier_accept_all(const ct_frontier *f, const uint8_t *state);

/* One line is as good as one column where nothing depends on the direction: fewer pixels wait for a neighbour. */
static inline void ct_frontier_upright(ct_frontier *f)
{
    if (f->height == 1) {
        f->height = f->width;
        f->width = 1;
    }
}

/* Is the last line joined to the first? On a torus or ring. */
static inline bool ct_frontier_closes(const ct_frontier *f)
{
    return f->problem->lattice->periodic && !f->problem->lattice->infinite;
}

/* Then the first line stays: the bytes of a state are those of the last pixel of every column, then those of the first
 * line, whose pixels stand there alone, and not among the last ones. */
static inline size_t ct_frontier_kept(const ct_frontier *f)
{
    return (size_t)f->width * (ct_frontier_closes(f) ? 2 : 1);
}

/* The byte of the pixel at (x, y), which is the last one of its column or one of the first line. */
static inline uint8_t *ct_frontier_byte(const ct_frontier *f, uint8_t *state, int x, int y)
{
    return state + x + (y == 0 && ct_frontier_closes(f) ? f->width : 0);
}

/* The bytes of the neighbours that were read before the pixel at (x, y); a side of two pixels has no other neighbours by the
 * boundary. Returns how many. */
static inline int ct_frontier_neighbours(const ct_frontier *f, uint8_t *state, int x, int y,
                                         uint8_t *out[4])
{
    const bool periodic = f->problem->lattice->periodic;
    int count = 0;
    if (x > 0)
        out[count++] = ct_frontier_byte(f, state, x - 1, y);
    if (y > 0)
        out[count++] = ct_frontier_byte(f, state, x, y - 1);
    if (periodic && x == f->width - 1 && x > 1)
        out[count++] = ct_frontier_byte(f, state, 0, y);
    if (ct_frontier_closes(f) && y == f->height - 1 && y > 1)
        out[count++] = ct_frontier_byte(f, state, x, 0);
    return count;
}

#endif
