/* SPDX-License-Identifier: Apache-2.0 */
/* The run: problem + cuts -> result. */
#ifndef CUTROPY_RUN_H
#define CUTROPY_RUN_H

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CUTROPY_MAX_THREADS 1024
#define CUTROPY_MAX_DIGITS 1000
#define CUTROPY_CERTIFIED_DIGITS 20

/* How to compute. Each option has a key and is set by text, as on the command line:
 *
 *   key         value        default  meaning
 *   threads     1 .. 1024    all      threads; "all": all cores that this process may use, and no
 *                                     more than OMP_NUM_THREADS
 *   memory      8G, 500M     90%      limit (powers of 1024); "90%": of what is available now
 *   backend     NAME         auto     auto, cpu, cuda, cuda:N, cuda:all; the run says if there is none
 *   solver      NAME         auto     enumerate: every image; frontier: automata that read the pixels one by
 *                                     one, for any cut that leaves few classes;
 *                                     affine: ranks of linear equations, for every cut of functions that are such;
 *                                     products: Gram matrices, for every cut of sums of product states;
 *                                     auto: affine beyond 40 pixels, else frontier from 32 on where its automata
 *                                     are small
 *   symmetry    yes, no      yes      each orbit of cuts under symmetries of f is computed once
 *   quantities  LIST         ""       more columns, as in cutropy_quantities_parse
 *   digits      1 .. 1000    none     prove this many decimals of every entropy, with exact ranks,
 *                                     fractions and closed forms of labels and integers
 *   certify     yes, no      no       prove CUTROPY_CERTIFIED_DIGITS decimals (or `digits`) by
 *                                     enclosures, which also serve real and complex functions and
 *                                     large blocks, in a few times the time of the plain values
 *   bracket     K            all      data sets of more images than matrices fit: the K largest eigenvalues alone,
 *                                     and a bracket of S; guarantee CUTROPY_GUARANTEE_BRACKET
 *   part        I/K          all      compute part I of K of the different cuts: the result is
 *                                     partial (cutropy/part.h)
 *
 * Wherever options are taken, NULL means the defaults. Options may serve many runs, one after the
 * other or at the same time, while nobody sets any. */
typedef struct cutropy_options cutropy_options;

/* *out has the defaults. CUTROPY_EMEMORY: *out is NULL. */
cutropy_status cutropy_options_create(cutropy_options **out);
void cutropy_options_free(cutropy_options *options); /* NULL is allowed */

/* value NULL, or the word of the table above, puts the default back. Errors: CUTROPY_EINPUT (no such key, or a value that is none, in
 * one line), CUTROPY_EMEMORY; the options are as before then. */
cutropy_status cutropy_options_set(cutropy_options *options, const char *key, const char *value);
/* The text that was set, or the default; valid until the key is set again or the options are freed.
 * NULL: no such key (cutropy_error says which there are). */
const char *cutropy_options_get(const cutropy_options *options, const char *key);

/* The keys, index = 0, 1, ...; NULL after the last one. And one line about each; NULL: no such key. */
const char *cutropy_options_key(size_t index);
const char *cutropy_options_help(const char *key);

/* Called from one thread at a time, at most about ten times a second, with stage "evaluate", "rows" (of an infinite strip), "cuts"
 * or, with digits or certify, "proofs" (analyses have more stages); a non-zero answer stops the run (CUTROPY_ECANCELLED). */
typedef int cutropy_progress(const char *stage, uint64_t done, uint64_t total, void *user);
void cutropy_options_set_progress(cutropy_options *options, cutropy_progress *progress, void *user);

/* For a program that must answer while a routine of another library takes its time: lays open what
 * is finished. Called with the partial result as soon as there is one (cutropy_run: a
 * cutropy_result, cutropy_ranges_run: a cutropy_ranges, cutropy_expressivity_run: a
 * cutropy_expressivity), which other threads may then read: a record, row or point that is done
 * is finished and stays; and with NULL before anything else of it changes. The call may block: the
 * result stays until it returns. Called from the thread of the run. */
typedef void cutropy_shown(const void *partial, void *user);
void cutropy_options_set_shown(cutropy_options *options, cutropy_shown *shown, void *user);

/* Computes every cut. Values do not depend on the number of threads.
 * A cut whose memory does not fit or whose eigenvalues fail does not end the run: its record says so
 * (`failed`), all others are finished, and the status is that of the first one that failed.
 * On CUTROPY_ECANCELLED, CUTROPY_EMEMORY, CUTROPY_ENUMERIC and CUTROPY_EUNSUPPORTED *out holds the
 * records that were finished (complete = 0) and is to be freed; it is NULL where there are none, and
 * on any other error. Errors: CUTROPY_EMEMORY (with what
 * is needed and what would fit), CUTROPY_EINPUT (all-zero function, cut outside the lattice, number
 * of threads, no such backend), CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED (a backend that this machine does
 * not have), CUTROPY_EINTERNAL. While a
 * run or a state (cutropy/state.h) is open OpenBLAS has one thread in the whole process, because all
 * parallel loops are the library's own; then it has as many again as before the first of them, or as
 * the program has set meanwhile. */
cutropy_status cutropy_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options, cutropy_result **out);

/* What cutropy_run would do, without doing it. Bytes and cuts are computed, seconds are not
 * guessed. Bytes of integers are those of <f|f> < 2^62, which only evaluation tells: from there on an entry of
 * a Gram matrix takes 32 bytes instead of 8 (352 with tr_rho3), and a quotient twice as many. Read only
 * (cutropy/status.h). */
#define CUTROPY_UNKNOWN UINT64_MAX

typedef struct cutropy_plan {
    int known; /* 0: only enumeration tells how many label-1 images there are and what merges; the
                  bytes are upper bounds then, or CUTROPY_UNKNOWN */
    uint64_t cuts;          /* rows asked for */
    uint64_t distinct_cuts; /* after merging complements (symmetries of f are not known before
                                 evaluation); option part: the most of them that a part has */
    char storage[16]; /* support, table, values, "support?" when enumeration decides, automaton
                                 (solver frontier), which is built for the plan, or equations (affine) */
    uint64_t function_bytes;  /* largest memory of the evaluated function */
    uint64_t workspace_bytes; /* largest memory of the stages */
    uint64_t largest_matrix;  /* upper bound of the dimension of a Gram matrix, or of the
                                 matrices of all levels (weights) */
    uint64_t images;          /* images to enumerate, CUTROPY_UNKNOWN from 2^63 on; 0 for data sets,
                              automata and equations */
    uint64_t least_bytes;  /* what is needed for certain: the function, and for values the quotient
                              of the largest cut; what merges decides about the rest */
    uint64_t memory_limit; /* bytes */
    int fits;        /* 0: it needs more than the limit for certain, and cutropy_run refuses it
                              at once (CUTROPY_EMEMORY) */
    uint64_t states; /* automaton: of all levels and orders together, least automata; else 0 */
    double
        operations; /* floating-point operations of a cut: with option `bracket` at most; proofs of a sum of product states: about, what
                          takes as long, where the first attempt leaves no decimal open; else 0 */
} cutropy_plan;

/* Cost: nothing, but with automata that of building them. Errors: CUTROPY_EUNSUPPORTED (solver frontier where it has no
 * automaton), CUTROPY_EMEMORY (also where the automata of some cut do not fit), CUTROPY_ECANCELLED; *out is NULL then. */
cutropy_status cutropy_make_plan(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_plan **out);
void cutropy_plan_free(cutropy_plan *plan); /* NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
