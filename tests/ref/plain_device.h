/* SPDX-License-Identifier: Apache-2.0 */
/* A backend whose solver keeps whole cuts, on the CPU, by the engine's own stages.
 * It tests what the engine makes of answers, without any device. */
#ifndef PLAIN_DEVICE_H
#define PLAIN_DEVICE_H

#include "backend/solver.h"

typedef struct plain_device_settings {
    size_t batch;  /* cuts in one call of `take` */
    size_t lie_at; /* cut whose answer is spoilt (SIZE_MAX: none) ... */
    void (*lie)(ct_cut_answer *answer, ct_block_answer *block, double *values); /* ... like this */
    bool decline;  /* refuse every function */
    int refuse;    /* cuts of so many pixels are refused (0: none) */
    size_t solved; /* out: cuts answered since it was last opened */
} plain_device_settings;

/* Both point to static memory: one test at a time. */
plain_device_settings *plain_device_set(void);
const ct_operations *plain_device(void);

#endif
