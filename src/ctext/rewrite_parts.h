/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_rewrite: its files. */
#ifndef CT_CTEXT_REWRITE_PARTS_H
#define CT_CTEXT_REWRITE_PARTS_H

#include <stdbool.h>
#include <stdio.h>

typedef enum ct_last {
    CT_LAST_NONE,    /* the beginning, or any other punctuation */
    CT_LAST_TYPE,    /* of a declaration */
    CT_LAST_OPERAND, /* a name or a number */
    CT_LAST_CLOSE,   /* ) */
    CT_LAST_BRACKET  /* ] */
} ct_last;

typedef struct ct_writer {
    const char *name, *text, *p;
    const char *const *define;
    bool sliced;
    FILE *out;
    int line, depth; /* depth: of ( */
    int nesting,
        declaring; /* of ( [ {; one more than where a declaration began, 0: outside of one */
    ct_last last;
    char mark;  /* the token before, where it is punctuation; f: `for`, n: another name; 0 */
    bool macro; /* in what a macro stands for */
    int outer_nesting, outer_declaring;
    const char *from;                             /* of the macro: its parameters, up to `to` */
    size_t to;                                    /* 0: none */
    bool counting;                                /* in the brackets of `for` */
    bool is_static;                               /* the declaration */
    bool has_long, has_double, has_void, pending; /* the type that waits for a name */
    const char *what;                             /* is refused; NULL: nothing so far */
} ct_writer;

/* So many bytes of the text as they are. */
void ct_rewrite_copy(ct_writer *w, size_t length);
void ct_rewrite_blanks(ct_writer *w);

/* ---- rewrite_name.c ---- */

/* A type at w->p, with the blanks inside of it; false: there is none. */
bool ct_rewrite_type(ct_writer *w, size_t length);
/* Any other word. */
void ct_rewrite_name(ct_writer *w, size_t length);
/* A name of the user. */
void ct_rewrite_own(ct_writer *w, size_t length);
/* Does the text, or --define, make a macro of this name? Said too often (of one in a comment), never too seldom. */
bool ct_rewrite_is_macro(const ct_writer *w, const char *p, size_t length);

/* ---- rewrite_token.c ---- */

/* The next token. */
void ct_rewrite_token(ct_writer *w);
/* At the name of an array that is declared: its lengths. */
void ct_rewrite_lengths(ct_writer *w);
/* Digits, and u, l (integers) or f (real numbers) behind them. */
bool ct_is_plain_literal(const char *p, size_t length, bool hex, bool real);

/* ---- rewrite_line.c ---- */

/* At a # that begins a line. What a macro stands for is text: w->macro is set, and the tokens up to the end of the line are its. */
void ct_rewrite_line(ct_writer *w);
void ct_rewrite_end_macro(ct_writer *w);

#endif
