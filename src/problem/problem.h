/* SPDX-License-Identifier: Apache-2.0 */
/* A problem is an evaluator with a description. Adding one: a short file here, a line in
 * registry.c, and for a bit-sliced label function its body NAME_eval.h and a line in bodies.h. */
#ifndef CT_PROBLEM_H
#define CT_PROBLEM_H

#include <cutropy/problem.h>

#include "base/base.h"
#include "problem/body.h"

/* ---- parameters ---- */

typedef enum ct_param_type {
    CT_PARAM_INT,
    CT_PARAM_SEED,
    CT_PARAM_REAL,
    CT_PARAM_WORD,
    CT_PARAM_TEXT,
    CT_PARAM_FILE /* TEXT that is the path of a file or folder to read */
} ct_param_type;

/* One key of NAME:key=value. The table of a problem ends with a row whose key is NULL. */
typedef struct ct_param {
    const char *key;
    ct_param_type type;
    const char *standard; /* default value as text; NULL: required */
    double low, high;     /* INT, REAL: allowed range, inclusive; low == high: any finite value */
    const char *words;    /* WORD: allowed values, "a|b|c" */
    const char *help;
} ct_param;

/* Parsed values in the order of the table; the getters abort on a key that the table lacks (a
 * programming error). */
typedef struct ct_args ct_args;
int64_t ct_arg_int(const ct_args *args, const char *key);
uint64_t ct_arg_seed(const ct_args *args, const char *key);
double ct_arg_real(const ct_args *args, const char *key);
const char *ct_arg_text(const ct_args *args,
                        const char *key); /* WORD, TEXT, FILE; never NULL, "" when empty */

/* ---- problem types ---- */

typedef struct ct_problem_type {
    const char *name;    /* as on the command line */
    const char *summary; /* one line */
    const char
        *definition;    /* what is computed, with every convention a second implementation needs */
    const char *source; /* paper, book or data set */
    const char *known;  /* known exact values, "" when none is published */
    /* Default lattice, e.g. "grid:4x4". NULL: the problem sets its own: make() is called with
     * problem->lattice == NULL when the user gave none, and must then set it
     * (cutropy_lattice_parse); a given one must fit, or make() fails. */
    const char *lattice;
    const ct_param *params; /* NULL: none of its own; label problems also take encoding=01|pm1 */
    bool is_label;
    unsigned lattices; /* CT_ON_... (label.h), where it has a meaning; 0: everywhere */
    ct_body body;      /* its bit-sliced evaluator, there before make() is called */
    /* The integer parameter that picks one of several classes, from low to high; NULL: there are
     * none. A type that learns its classes from a file will need a list instead. */
    const char *class_key;
    /* Fills the evaluator fields of *problem (lattice, kind and pm1 are set). Releases what it
     * allocated on error. NULL: the body is all. */
    cutropy_status (*make)(const ct_args *args, cutropy_problem *problem);
} ct_problem_type;

/* The list of all problem types, NULL-terminated, in the order in which help shows them. */
extern const ct_problem_type *const ct_problem_types[];

/* ---- the problem ---- */

/* What a device can evaluate from problem->data alone: forms.h, network.h. */
typedef enum ct_form {
    CT_FORM_NONE, /* the evaluator knows more */
    CT_FORM_RANDOM,
    CT_FORM_ISING,
    CT_FORM_LOGISTIC,
    CT_FORM_MPS,
    CT_FORM_RBM,
    CT_FORM_NETWORK
} ct_form;

/* Bytes of one value: int64_t, double, 2 x double. */
static inline size_t ct_value_bytes(cutropy_kind kind)
{
    return kind == CUTROPY_KIND_COMPLEX ? 16 : 8;
}

/* A list of images: count x words 64-bit words. */
typedef struct ct_images {
    uint64_t *words;
    size_t count;
    void *values; /* NULL: labels 1 */
} ct_images;

typedef struct ct_frontier ct_frontier;
typedef struct ct_frontier_reader ct_frontier_reader;
typedef bool ct_frontier_make(bool by_columns, ct_frontier *f);
typedef struct ct_weighted ct_weighted;

/* How much of it is made. */
typedef enum ct_weighted_detail {
    CT_BONDS,        /* no site */
    CT_NUMBERS,      /* the doubles */
    CT_EXACT_NUMBERS /* and what they are roundings of; none is left out for being 0 */
} ct_weighted_detail;

struct cutropy_problem {
    cutropy_lattice *lattice; /* owned */
    char *text;               /* owned, canonical */
    char *reads;              /* owned: the file or folder behind it, or NULL */
    char *note;               /* owned: how it was read, one line, or NULL */
    cutropy_kind kind;
    bool pm1;     /* labels 0/1 stand for the values +1/-1 */
    bool rounded; /* values stand for roots that no double is: nothing is proved of them */

    /* Exactly one evaluator, or (6), is set, but (5) may stand beside (2). Evaluators are pure and may be called from several threads at
     * once; one that fails ends the evaluation. */

    /* (1) bit-sliced label body, N <= 64 */
    ct_body body;            /* CT_BODY_NONE: not this one */
    ct_body_data *body_data; /* owned */

    /* (2) labels by index: out[k] = labels of images 64 * (first_word + k) ..; bits beyond 2^N are
     * 0. N <= 40 */
    cutropy_status (*fill_labels)(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out);
    size_t piece; /* words of one call that pay for it; 0: the backend chooses */

    /* (3) values of images first .. first + count - 1 of the problem's kind (int64_t, double, 2 x
     * double). N <= 40 */
    cutropy_status (*fill_values)(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out);
    const void *values; /* all 2^N of them, the caller's; NULL: only fill_values knows */

    /* (2) or (3) once more, as code for a device of this capability (10 * major + minor) with the kernel of
     * ctext/kernel.h; *code is freed with ct_free. CUTROPY_EUNSUPPORTED: not on this device, and the CPU
     * evaluates. NULL: there is none. */
    cutropy_status (*device_code)(const cutropy_problem *problem, int capability, void **code,
                                  size_t *bytes);
    /* the device did not take the code: for whoever asks why */
    void (*device_refused)(const cutropy_problem *problem, const char *why);

    /* (4) label-1 images of a list, any N, repetitions allowed. Integer, real and complex functions: with values, int64_t, double,
     * double pairs, one an image, none of them 0 or -0.0, the images ascending and different. *out is freed by the caller with
     * ct_free(out->words), ct_free(out->values) */
    cutropy_status (*list_images)(const cutropy_problem *problem, ct_images *out);

    /* (5) a user's own automaton (frontier.h), any N, labels; with (2) up to 40 pixels. NULL: none but that of the
     * body */
    ct_frontier_make *automaton;

    /* (6) none of these: a sum of product states, any N; owned */
    struct ct_products *products;

    /* (7) beside (3), which serves up to 40 pixels: an automaton with weights (weighted.h) that reads the pixels in this order,
     * in as much detail as is asked for. Errors: CUTROPY_EUNSUPPORTED (not in this order, or
     * with too many states), CUTROPY_EMEMORY, CUTROPY_EINPUT. NULL: there is none */
    cutropy_status (*weigh)(const cutropy_problem *problem, const uint16_t *order,
                            ct_weighted_detail detail, ct_weighted *out);
    /* beside (7): they have few states, so that proofs of lattices of any size are theirs: of the function itself, not of its amplitudes
     * as doubles */
    bool weighs_less;
    /* beside (7): f depends on the bonds of the lattice alone, all of them alike: its automorphisms leave f as it is, and on infinite
     * strips every row is like every other */
    bool uniform;

    void *data;                    /* owned, used by (2) .. (7) */
    ct_form form;                  /* what data is, for a device */
    void (*free_data)(void *data); /* NULL: ct_free */
};

#endif
