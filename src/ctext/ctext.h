/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of images from C text: compiled by the system's compiler into a program of its own, which fills
 * buffers of shared memory and may do nothing else. What goes wrong there ends that program, and one line
 * says what it was. */
#ifndef CT_CTEXT_H
#define CT_CTEXT_H

#include "base/base.h"

/* As cutropy_kind, in the same order. */
typedef enum ct_ctext_kind {
    CT_CTEXT_LABEL,
    CT_CTEXT_INTEGER,
    CT_CTEXT_REAL,
    CT_CTEXT_COMPLEX
} ct_ctext_kind;

/* What is to be compiled. All is borrowed. */
typedef struct ct_ctext_source {
    const char *name;          /* of the text, in messages: my.c */
    const char *text;          /* ends with a zero byte */
    const char *const *define; /* NAME=VALUE, up to NULL; NULL: none */
    int pixels, lx, ly;        /* N <= 40 but for automata */
    bool wraps, rows, places;  /* torus or ring; more than one row; pixels have places (x, y) */
    const uint64_t *near;      /* of each pixel: its neighbours; automata: not read */
    int seconds;               /* that one step (up to 512 images) may take */
} ct_ctext_source;

#define CT_CTEXT_LONGEST (1 << 20) /* bytes of a text */
#define CT_CTEXT_PIECE (1 << 18)   /* labels that pay for one call of ct_ctext_fill */

typedef struct ct_ctext ct_ctext;

/* Does it define start, step and accept, and no function of whole images? What is wrong with it shows when it is opened. */
bool ct_ctext_is_automaton(const char *text);

/* Reads and compiles; an automaton is tried as well. Errors: CUTROPY_EINPUT (what the compiler says, by the user's line; nothing or too much is
 * defined; too long), CUTROPY_EUNSUPPORTED (no compiler), CUTROPY_EIO, CUTROPY_EMEMORY. *out is NULL then. */
cutropy_status ct_ctext_open(const ct_ctext_source *source, ct_ctext **out);
void ct_ctext_free(ct_ctext *text); /* NULL is allowed */

ct_ctext_kind ct_ctext_kind_of(const ct_ctext *text);

/* Images first .. first + count - 1, first a multiple of 64 for labels, into out: labels as bits, whole words
 * (those beyond 2^N are 0), or int64_t, double, pairs of double. From several threads at once: each
 * has a program. Errors: CUTROPY_EINPUT (it divided by zero, printed, did not end, ...: one line names the place
 * and the image), CUTROPY_EUNSUPPORTED (no seccomp), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_ctext_fill(ct_ctext *text, uint64_t first, uint64_t count, void *out);

/* ---- automata: labels of whole images as well, up to 40 pixels ---- */

/* Bytes of a state, a multiple of 8. */
size_t ct_ctext_state_bytes(const ct_ctext *text);
/* The first state. From several threads at once, as the next two, and with the errors of ct_ctext_fill. */
cutropy_status ct_ctext_start(ct_ctext *text, uint64_t *state);
/* Pixel k in each of `count` states: two states each, and whether each lives (1, else 0); dead ones are zero. */
cutropy_status ct_ctext_step(ct_ctext *text, int k, const uint64_t *states, size_t count,
                             uint64_t *next, uint8_t *lives);
/* After the last pixel: 1 or 0. */
cutropy_status ct_ctext_accept(ct_ctext *text, const uint64_t *states, size_t count,
                               uint8_t *labels);

/* Machine code (or PTX) for devices of this capability (10 * major + minor), with the kernel
 *   ct_ctext_kernel(uint64_t first, uint64_t count, uint64_t *out, uint64_t *report)
 * of kernel.h. The text has been tried on the CPU then. Of words, what its traps saw of one step holds for all, since words of
 * a device cannot be looked into; integers of texts of one image at a time are watched there (checked.h). *code is freed with ct_free. Errors: CUTROPY_EUNSUPPORTED (one line says why
 * the CPU has to evaluate it: no NVRTC, not for devices, no C++), else as ct_ctext_open and ct_ctext_fill. */
cutropy_status ct_ctext_device_code(ct_ctext *text, int capability, void **code, size_t *bytes);
/* A device did not take it, for this reason. */
void ct_ctext_device_refused(ct_ctext *text, const char *why);
/* Why no device evaluates the text, as far as is known, in one line; "": nothing speaks against it. */
void ct_ctext_no_device(ct_ctext *text, char *why, size_t size);

#endif
