/* SPDX-License-Identifier: Apache-2.0 */
/* Problems: functions of images, by name, from a file, or from your own C code. */
#ifndef CUTROPY_PROBLEM_H
#define CUTROPY_PROBLEM_H

#include <cutropy/lattice.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_kind {
    CUTROPY_KIND_LABEL,   /* {0,1}, or {+1,-1} with encoding=pm1 */
    CUTROPY_KIND_INTEGER, /* 64-bit integers */
    CUTROPY_KIND_REAL,    /* double */
    CUTROPY_KIND_COMPLEX  /* two doubles: real part, imaginary part */
} cutropy_kind;

typedef struct cutropy_problem cutropy_problem;

/* text: NAME, NAME:key=value,key=value, or the path of a file (same as file:path=PATH; - is
 * standard input).
 * FILE.npz:ARRAY is an array of an archive; file:path=FILE,order=msb,format=table says more.
 * FILE.c:NAME=VALUE,.. and c:NAME=VALUE,..:EXPRESSION are C text: cutropy_problem_from_text.
 * lattice: borrowed, copied inside; NULL takes the problem's own default lattice.
 * Errors: CUTROPY_EINPUT (unknown name with the nearest names, unknown key with the known ones,
 * value out of range, lattice that does not fit), CUTROPY_EIO, CUTROPY_EMEMORY. *out is NULL on
 * error. */
cutropy_status cutropy_problem_parse(const char *text, const cutropy_lattice *lattice,
                                     cutropy_problem **out);
void cutropy_problem_free(cutropy_problem *problem);

const cutropy_lattice *cutropy_problem_lattice(const cutropy_problem *problem);
cutropy_kind cutropy_problem_kind(const cutropy_problem *problem);
const char *
cutropy_problem_text(const cutropy_problem *problem); /* canonical, all parameters written out */
/* Another text, of one line, for a problem that was made of a file which nobody else knows; the note goes. Errors: CUTROPY_EINPUT,
 * CUTROPY_EMEMORY; the problem is as it was then. */
cutropy_status cutropy_problem_rename(cutropy_problem *problem, const char *name);
/* Problems from a file: one line that says how it was read (table or images, order of the pixels),
 * since that is guessed where the text does not say it. NULL: not from a file. */
const char *cutropy_problem_note(const cutropy_problem *problem);

/* The problem `data` of images in memory: shape[0] images of shape[1] rows and shape[2] columns (1 row: pixels without places),
 * values[(image * rows + row) * columns + column], one label an image or NULL, all copied. text: the other parameters of `data`
 * (cutropy_problem_about), and images=NAME, a name for messages and for the text of the problem:
 * "images=mine,label=onehot,theta=0.1". x = value / scale, which must be 0..1, scale 1 unless given. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY. */
cutropy_status cutropy_problem_from_data(const char *text, const cutropy_lattice *lattice,
                                         const double *values, const double *labels,
                                         const size_t shape[3], cutropy_problem **out);

/* The built-in problems by name, index = 0, 1, ...; NULL after the last one. */
const char *cutropy_problem_name(size_t index);
/* What is known of one: key summary (one line), definition, source, known (values; "" when none are
 * published), or lattice (the default one; "" when the problem sets its own). NULL: no such problem or
 * key. The texts are constant. */
const char *cutropy_problem_about(const char *name, const char *key);

/* Your own label function: label(image, user) returns 0 or 1 for each image (bit i = pixel i), N
 * <= 40. It is called from several threads at once and must be pure. */
cutropy_status cutropy_problem_from_labels(const char *name, const cutropy_lattice *lattice,
                                           int (*label)(uint64_t image, void *user), void *user,
                                           cutropy_problem **out);

/* Your own amplitudes: values[image], 2^N numbers of the given kind (CUTROPY_KIND_LABEL: bytes 0/1;
 * INTEGER: int64_t; REAL: double; COMPLEX: pairs of double), copied. NaN, infinities and all-zero
 * arrays: CUTROPY_EINPUT. */
cutropy_status cutropy_problem_from_values(const char *name, const cutropy_lattice *lattice,
                                           cutropy_kind kind, const void *values,
                                           cutropy_problem **out);

/* The same without a copy: values belong to the caller, who neither changes nor frees them before the
 * problem, and all states of it, are freed. CUTROPY_KIND_LABEL: 2^N bits here, image s is bit s % 64 of
 * word s / 64 (uint64_t), and bits beyond 2^N are 0. Values that are not ordinary (a zero with a sign; the
 * largest beyond 2^100 or below 2^-100) are copied when the function is evaluated. */
cutropy_status cutropy_problem_borrow(const char *name, const cutropy_lattice *lattice,
                                      cutropy_kind kind, const void *values, cutropy_problem **out);

/* Your own function, many images at a time, N <= 40: fill writes the numbers of images first .. first +
 * count - 1 to out, in the layout of cutropy_problem_from_values, and returns CUTROPY_OK. Any other
 * status ends the evaluation and is that of the run. It is called from several threads at once, with
 * counts up to 2^16, and must be pure. Labels that are neither 0 nor 1, NaN and infinities:
 * CUTROPY_EINPUT, when the function is evaluated. */
typedef cutropy_status cutropy_fill(uint64_t first, size_t count, void *out, void *user);
cutropy_status cutropy_problem_from_function(const char *name, const cutropy_lattice *lattice,
                                             cutropy_kind kind, cutropy_fill *fill, void *user,
                                             cutropy_problem **out);

/* Your own function as C text, compiled by the system's compiler ($CC, cc, gcc or clang) and run in a program of its own
 * that may only compute; docs/own-functions.md has the vocabulary. N <= 40, automata 4096.
 *   text    an expression, "lit % 3 == 0": label 1 where it is not 0; or a text that defines one of
 *             int label(uint64_t image)           one image a time, bit i of image = pixel i; not 0: label 1
 *             word label(const word *image)       64 or 512 images a time, one bit each
 *             int64_t, double or double complex amplitude(uint64_t image)
 *             state start(void), int step(state *s, int k, int bit), int accept(const state *s)   all three: an automaton
 *   name    in messages (my.c:7: ...), and in tables
 *   define  NAME=VALUE, up to NULL, each a #define in front of the text; NULL: none. Two names are settings:
 *           seconds=10 (that one step of 64 or 512 images, or one amplitude, may take), encoding=01|pm1.
 * The text is compiled here, or taken from ~/.cache/cutropy ($XDG_CACHE_HOME) where the same one was compiled before,
 * and evaluated when a state is opened, a process a thread.
 * It guards against accidents, not against attackers: never compile a text that you would not run.
 * Errors: CUTROPY_EINPUT (the first line of the compiler's complaints; nothing is defined; longer than 1 MiB),
 * CUTROPY_EUNSUPPORTED (no compiler), CUTROPY_EIO, CUTROPY_EMEMORY. When it is evaluated: CUTROPY_EINPUT (undefined
 * behaviour, a system call, two answers for one image, no answer in time, values that are not finite; one line
 * names the image, and the line of the text where it is known), CUTROPY_EUNSUPPORTED (no seccomp). */
cutropy_status cutropy_problem_from_text(const char *name, const char *text,
                                         const char *const *define, const cutropy_lattice *lattice,
                                         cutropy_problem **out);

/* Your own automaton, which reads the pixels in the order of their numbers, N up to 4096 (docs/frontier.md): level k holds the states that
 * the first k pixels may lead to.
 *   count   N + 1 numbers of states, level by level; level 0 has one, all have at least one
 *   next    two numbers a state of levels 0 .. N - 1, level by level: the state of the next level where the pixel is dark, and
 *           where it is lit; -1: dead, no choice of the others gives label 1
 *   accept  count[N] labels, 0 or 1, of the states after the last pixel
 * All are copied. States that mean the same are merged, so the levels need not be the least. Beside solver frontier the
 * function can be enumerated up to 40 pixels. Memory: 8 bytes a state, and again while it is solved. Errors: CUTROPY_EINPUT (numbers out of range; one line names the
 * level and the state), CUTROPY_EMEMORY. */
cutropy_status cutropy_problem_from_automaton(const char *name, const cutropy_lattice *lattice,
                                              const int32_t *count, const int32_t *next,
                                              const uint8_t *accept, cutropy_problem **out);

/* Label-1 images of a data set: count x lattice->words words. Repeated images count once. */
cutropy_status cutropy_problem_from_images(const char *name, const cutropy_lattice *lattice,
                                           const uint64_t *images, size_t count,
                                           cutropy_problem **out);

#ifdef __cplusplus
}
#endif
#endif
