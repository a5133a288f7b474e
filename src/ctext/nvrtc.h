/* SPDX-License-Identifier: Apache-2.0 */
/* NVRTC, the compiler for devices: a library that a program of its own opens (nvrtc_program.c). */
#ifndef CT_CTEXT_NVRTC_H
#define CT_CTEXT_NVRTC_H

#include "ctext/compile.h"

/* The path of the library: $CUTROPY_NVRTC and nothing else where that is set; else beside NVIDIA's Python packages in the
 * environment that this library lies in, in LD_LIBRARY_PATH, $CUDA_HOME, $CUDA_PATH, and where systems have it.
 * Errors: CUTROPY_EUNSUPPORTED. */
cutropy_status ct_nvrtc_find(char *path, size_t size);

/* What is compiled. All is borrowed. */
typedef struct ct_nvrtc_job {
    const ct_compiler *compiler; /* of the program around NVRTC */
    const ct_folder *folder;
    const char *name, *text; /* name: of the user's text, for messages */
    int capability;          /* of the device: 10 * major + minor */
} ct_nvrtc_job;

/* Machine code, or PTX where NVRTC does not know the device. *code is freed with ct_free. Errors: CUTROPY_EUNSUPPORTED (no NVRTC,
 * none for this device, or what it says about the text in one line), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_nvrtc_compile(const ct_nvrtc_job *job, void **code, size_t *bytes);

#endif
