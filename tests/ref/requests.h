/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of every kind, for tests of what must not change their tables: journals, parts, ranks. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <cutropy/cutropy.h>

typedef struct request {
    const char *problem, *lattice, *cuts;
    const char *option[4][2]; /* up to a NULL */
} request;

#define REQUESTS 10
extern const request requests[REQUESTS];

/* A request that is ready to run, with two threads unless it says another number. */
typedef struct asked {
    cutropy_problem *problem;
    cutropy_cuts cuts;
    cutropy_options *options;
} asked;

/* problem: NULL, or one that its name does not say; it is owned then. Stops the test with the library's message when
 * something fails. */
asked must_ask(const request *r, cutropy_problem *problem);
void asked_free(asked *a);

#endif
