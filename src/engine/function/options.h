/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a run as the engine reads them, and the table of their keys. */
#ifndef CT_OPTIONS_H
#define CT_OPTIONS_H

#include <cutropy/journal.h>

#include "engine/function/part.h"

#define CT_MOST_BRACKET 4096

#define CT_OPTIONS 10 /* rows of the table in options.c */

/* Who finds out what f is. */
typedef enum ct_solver_choice {
    CT_SOLVE_AUTO,      /* equations or automata where enumeration cannot */
    CT_SOLVE_ENUMERATE, /* every image */
    CT_SOLVE_FRONTIER,  /* automata that read the pixels (frontier/automaton.h) */
    CT_SOLVE_AFFINE,    /* ranks of linear equations (frontier/affine.h) */
    CT_SOLVE_PRODUCTS   /* Gram matrices of a sum of product states (product_cut.h) */
} ct_solver_choice;

struct cutropy_options {
    int threads;           /* 0: all cores this process may use */
    int use_symmetry;      /* 1: each orbit of cuts is computed once */
    uint64_t memory_limit; /* bytes; 0: 90 % of the memory available now */
    const char *backend;   /* NULL: auto */
    ct_solver_choice solver;
    int by_columns; /* 1: a state of automata begins with columns; the engine sets it, for its cuts */
    const cutropy_quantity *quantities;
    size_t quantity_count;
    int digits;   /* decimals to prove; 0: none */
    int certify;  /* 1: prove CUTROPY_CERTIFIED_DIGITS decimals (or `digits`) by enclosures */
    int bracket;  /* eigenvalues of which a bracket is made; 0: all */
    ct_part part; /* of the different cuts; count 0: all */
    cutropy_journal *journal; /* borrowed; NULL: none */
    struct ct_team *team; /* ranks that share the runs (engine/run/ranks.h), borrowed; NULL: none */
    cutropy_progress *progress;
    void *user; /* of progress */
    cutropy_shown *shown;
    void *shown_user;
    char *text[CT_OPTIONS]; /* owned: what was set, NULL where the default stands */
    cutropy_quantity *list; /* owned: the quantities that were set by their names */
};

/* Threads 0, symmetry on, no limit, auto, nothing more. Owns nothing. */
cutropy_options ct_default_options(void);
/* NULL: these. */
const cutropy_options *ct_options_or_standard(const cutropy_options *options);
/* The same, of a run whose cuts alone are wanted. Owns nothing. */
cutropy_options ct_options_without_quantities(const cutropy_options *options);

/* Decimals that are proved; 0: none. */
static inline int ct_options_digits(const cutropy_options *o)
{
    return o->digits ? o->digits : o->certify ? CUTROPY_CERTIFIED_DIGITS : 0;
}

/* A whole number in decimal digits, low .. high, else "KEY TEXT: give a number from LOW to HIGH". */
cutropy_status ct_option_count(const char *key, const char *text, long low, long high, int *out);

#endif
