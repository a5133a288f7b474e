/* SPDX-License-Identifier: Apache-2.0 */
/* What a text defines, before any compiler reads it. */
#ifndef CT_CTEXT_FORM_H
#define CT_CTEXT_FORM_H

#include "ctext/ctext.h"

/* What a text defines, in messages. */
#define CT_FORM_LABEL "label is int label(uint64_t image), or word label(const word *image)"
#define CT_FORM_AMPLITUDE "amplitude is double, double complex or int64_t amplitude(uint64_t image)"
#define CT_FORM_AUTOMATON                                                                          \
    "state start(void), int step(state *s, int k, int bit) and int accept(const state *s)"

#define CT_FORM_NARROW 4 /* a definition, and declarations in front of it */

typedef struct ct_ctext_form {
    bool expression; /* of a label; else a function is defined */
    bool sliced;     /* word label(const word *image) */
    bool automaton;  /* start, step and accept, of a label */
    ct_ctext_kind kind;
    char type[32]; /* of what the function returns, as it stands there */
    const char
        *narrow[CT_FORM_NARROW]; /* in the text: each `int` of int label(...), int amplitude(...) */
    int narrows;
} ct_ctext_form;

/* Errors: CUTROPY_EINPUT (empty; no function label or amplitude, or both; a type that neither returns; some of start, step and
 * accept, but not all three). */
cutropy_status ct_ctext_form_of(const char *name, const char *text, ct_ctext_form *out);

#endif
