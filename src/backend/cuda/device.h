/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of this machine, and which of them a run uses. */
#ifndef CT_CUDA_DEVICE_H
#define CT_CUDA_DEVICE_H

#include "backend/cuda/check.h"

typedef struct ct_device {
    int number; /* as CUDA counts */
    char name[64];
    int capability; /* 10 * major + minor */
    uint64_t total; /* bytes */
    uint64_t room;  /* free bytes less the reserve; set by ct_device_room */
} ct_device;

#define CT_CUDA_ALL (-1)
#define CT_CUDA_MOST_DEVICES 64

/* Uses device `number`, or CT_CUDA_ALL. Errors: CUTROPY_EUNSUPPORTED (no such device). */
cutropy_status ct_devices_choose(int number);
/* Number of chosen devices; device 0 when none was chosen. */
int ct_devices_chosen(void);
/* Chosen device i, without its room. */
cutropy_status ct_device_describe(int i, ct_device *out);

/* Between start and stop (cuda.c) handles and memory may stay open: ct_devices_release is true when the last one lets go. */
void ct_devices_hold(void);
bool ct_devices_release(void);
bool ct_devices_held(void);

/* Makes it the current device of the thread. */
cutropy_status ct_device_use(const ct_device *device);
/* Asks what is free now; the device must be current. */
cutropy_status ct_device_room(ct_device *device);

#endif
