/* SPDX-License-Identifier: Apache-2.0 */
/* What the library and the program that is made of a user's text share: a page about the work and a buffer for
 * its results. The program gets this text in front of driver.c. */
#ifndef CT_CTEXT_SHARED_H
#define CT_CTEXT_SHARED_H

#include <stdint.h>

#define CT_SHARED_PAGE 65536    /* bytes kept for ct_shared, at least a page of every system */
#define CT_SHARED_BUFFER 262144 /* bytes of results */

/* Descriptors of the program. */
#define CT_FD_SHARED 3
#define CT_FD_ASK 4
#define CT_FD_ANSWER 5

/* How it ended. */
enum {
    CT_FAULT_NONE,
    CT_FAULT_TRAP,   /* undefined behaviour; detail: the signal */
    CT_FAULT_MEMORY, /* SIGSEGV, SIGBUS */
    CT_FAULT_SYSTEM, /* a system call; detail: its number */
    CT_FAULT_IMPURE, /* two answers for one image */
    CT_FAULT_IMAGE,  /* the function changed its image */
    CT_FAULT_SETUP   /* the program could not shut itself in; detail: errno */
};

typedef struct ct_shared {
    volatile uint64_t at;     /* first image of the step at work */
    volatile uint64_t calls;  /* of the loops, ever: a step may be asked for again and again */
    volatile uint64_t filled; /* images, ever */
    volatile uint64_t key;    /* of the text that was compiled */
    volatile uint64_t step;   /* images of a step */
    volatile uint64_t place;  /* of the instruction where it ended; 0: not known */
    volatile uint64_t state;  /* bytes of a state of an automaton; 0: it is none */
    volatile uint32_t fault, detail;
} ct_shared;

/* What is asked for. States of automata take whole 64-bit words each. */
enum {
    CT_ASK_IMAGES, /* first .. first + count - 1, whole steps, into the buffer; count 0: try a sample */
    CT_ASK_START, /* the first state, into the buffer */
    CT_ASK_STEP,  /* pixel `first` in `count` states of the buffer: behind them two states each, and
                      behind those a byte each: is it alive? */
    CT_ASK_ACCEPT /* of `count` states of the buffer: behind them a byte each */
};
typedef struct ct_question {
    uint64_t first, count, what;
} ct_question;

#define CT_STATE_MOST 1024 /* bytes of a state */
#define CT_STATE_WORDS(bytes) (((bytes) + 7) / 8)
/* states of one question, whatever it is */
#define CT_STATE_COUNT(bytes) (CT_SHARED_BUFFER / (3 * 8 * CT_STATE_WORDS(bytes) + 2))

#endif
