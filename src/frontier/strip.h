/* SPDX-License-Identifier: Apache-2.0 */
/* Infinite strips: what a function of images tends to when rows are added above and below a cut without end.
 *
 * The automaton reads one row after the other; a row takes state i to others in M_ij ways. Far from both ends the rows above
 * the cut lead to state i in m_i ways and those below go on in g_i, m M = lambda m, M g = lambda g (Perron and
 * Frobenius), and G_ij counts what i and j have in common below: lambda G = P G, where P steps pairs of states as M does states. rho_A is
 * sqrt(m_i m_j) G_ij / sum_k m_k g_k, whatever the ends are. All of it is enclosed, not only approached (docs/frontier.md). */
#ifndef CT_STRIP_H
#define CT_STRIP_H

#include "frontier/level_walk.h"

typedef struct ct_strip {
    /* One row, `pixels` of it: level 0 are the states between two rows, and the last level is level 0 again. Only the states of
     * the one part that grows fastest, which is strongly connected and aperiodic; -1 leaves it. */
    ct_levels row;
    double growth[2]; /* bounds of lambda: images a row */
    double *ways[2];  /* count[0] each, largest 1: m, g */
    double error
        [2]; /* m: a factor c exists with |log(true m_i / (c m_i))| <= error[0] for all i; g likewise */
    int contracts; /* rows whose matrix is positive, from which the errors follow */
    double spread; /* its entries are u_i v_j up to factors between 1 and this */
} ct_strip;

/* Errors: CUTROPY_EUNSUPPORTED (no automaton of strips; no limit: the message says why), CUTROPY_EINPUT (f = 0),
 * CUTROPY_EMEMORY, CUTROPY_ECANCELLED. watch may be NULL. *out is NULL then. */
cutropy_status ct_strip_open(const cutropy_problem *problem, uint64_t memory_limit, int threads,
                             const ct_watch *watch, ct_strip **out);
void ct_strip_close(ct_strip *strip);

/* Bytes of the automaton; of the largest two levels of pairs. */
void ct_strip_bytes(const ct_strip *strip, uint64_t *automaton, uint64_t *pairs);

/* Who counts pairs. */
typedef struct ct_strip_how {
    uint64_t memory_limit;
    int threads;
    const ct_watch *watch;         /* may be NULL */
    const ct_level_device *device; /* NULL: there is none */
} ct_strip_how;

/* The matrix G of level 0 as bounds (ct_level_gram.bounds), in the scale of ways[1], whose errors are theirs too; *rows: how
 * many were added; *on_device: a device made the last one. Errors: CUTROPY_EUNSUPPORTED (bounds that do not close), CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_strip_gram(const ct_strip *strip, const ct_strip_how *how, ct_level_gram *out,
                             int *rows, bool *on_device);

/* Its parts: the bounds before any row, 0 <= G_ij <= min(g_i, g_j) and G_ii = g_i; those that a row more gives. *gap: the Frobenius norm
 * of half their distance in units of sum m_i g_i, the diagonal apart. done, expected: for who watches. */
cutropy_status ct_strip_gram_start(const ct_strip *strip, uint64_t memory_limit,
                                   ct_level_gram *out);
cutropy_status ct_strip_gram_row(const ct_strip *strip, const ct_strip_how *how, uint64_t done,
                                 uint64_t expected, ct_level_gram *g, double *gap, bool *on_device);

/* ---- parts of ct_strip_open ---- */

/* All states that recur, minimised over strips of any length. */
cutropy_status ct_strip_states(const ct_frontier *f, uint64_t memory_limit, const ct_watch *watch,
                               ct_strip *strip);
/* Leaves the part that grows fastest. name: for messages. */
cutropy_status ct_strip_part(const char *name, const ct_watch *watch, ct_strip *strip);
/* growth, ways and errors. */
cutropy_status ct_strip_vectors(const char *name, int threads, const ct_watch *watch,
                                ct_strip *strip);

/* The spread of A = M^k, the smallest s with A_ij between u_i v_j and s u_i v_j up to one factor, u and v being the column and the
 * row of A at state hub; infinite where A has a zero. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_strip_spread(const ct_levels *row, int threads, const ct_watch *watch, int k,
                               int32_t hub, double *spread);
/* A bound of Hilbert's distance of x > 0 from g (below) or m, from the spread of M^k. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_strip_distance(const ct_levels *row, bool below, int k, double spread,
                                 const long double *x, double *distance);

/* CUTROPY_ECANCELLED where somebody asks to stop. */
cutropy_status ct_strip_ask(const ct_watch *watch);

#define CT_STRIP_UNIT 0x1p-53 /* of rounding */

#endif
