/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled text and its programs that wait for work. */
#ifndef CT_CTEXT_TEXT_H
#define CT_CTEXT_TEXT_H

#include <pthread.h>

#include "ctext/compile.h"
#include "ctext/form.h"
#include "ctext/worker.h"

struct ct_ctext {
    char *name, *slow_text; /* slow_text: as it is compiled to find out which line failed */
    ct_ctext_form form;
    uint64_t images; /* of an automaton beyond 40 pixels: walks of its trial */
    bool walks;
    size_t state;           /* bytes, a multiple of 8; 0: no automaton */
    uint64_t key, slow_key; /* that the programs show */
    unsigned step;          /* images */
    int seconds;
    char *kernel_text; /* for a device; NULL: only the CPU evaluates it, and no_device says why */
    ct_compiler compiler;
    ct_folder folder;
    ct_program program;
    pthread_mutex_t trial; /* held while it is tried */
    bool tried;
    cutropy_status
        refused; /* held by the trial, as the next one: what came of it, for all who ask */
    char *refusal;
    char *
        no_device; /* held by the trial: why no device evaluates it, as was found out; NULL: not yet */
    pthread_mutex_t lock;
    ct_worker *idle; /* held by the lock, as the next two */
    size_t idle_count, idle_room;
};

/* A program for this thread, which has been tried, and back; after an error it is freed instead. fill.c */
cutropy_status ct_text_borrow(ct_ctext *text, ct_worker *worker);
cutropy_status ct_text_give_back(ct_ctext *text, ct_worker *worker);

#endif
