/* SPDX-License-Identifier: Apache-2.0 */
/* One running program that was made of a text, and what it shares with us. */
#ifndef CT_CTEXT_WORKER_H
#define CT_CTEXT_WORKER_H

#include <sys/types.h>

#include "base/base.h"
#include "ctext/shared.h"

typedef struct ct_worker {
    pid_t process; /* 0: none */
    pid_t owner;   /* of the process: after a fork it is not the child's */
    int socket;
    ct_shared *shared;
    char *buffer;         /* CT_SHARED_BUFFER bytes of results */
    int status;           /* of waitpid, after its end */
    ct_question question; /* the last one */
} ct_worker;

typedef enum ct_answer {
    CT_ANSWER_DONE,
    CT_ANSWER_ENDED, /* the program is no more */
    CT_ANSWER_LATE   /* one step took longer than allowed; it was ended */
} ct_answer;

/* Errors: CUTROPY_EIO (no process, descriptor or shared memory), CUTROPY_EMEMORY. *out is empty then. */
cutropy_status ct_worker_start(const char *program, ct_worker *out);
/* Ends the program and gives everything back; one that another process started goes on there. {0} is allowed. */
void ct_worker_free(ct_worker *worker);
bool ct_worker_is_ours(const ct_worker *worker);

/* Asks for images, into the buffer, or for the trial (count 0); seconds: that a step may take. After any answer but
 * CT_ANSWER_DONE the process is gone and `shared` says how. */
ct_answer ct_worker_ask(ct_worker *worker, uint64_t first, uint64_t count, int seconds);
ct_answer ct_worker_ask_for(ct_worker *worker, const ct_question *question, int seconds);

#endif
