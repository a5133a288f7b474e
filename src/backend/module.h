/* SPDX-License-Identifier: Apache-2.0 */
/* The CUDA backend lives in a module that is opened at run time, so that the program starts on
 * machines without CUDA. This is the contract between the two; both sides are built from the same
 * sources, and CT_MODULE_ABI says whether they were. */
#ifndef CT_MODULE_H
#define CT_MODULE_H

#include "backend/mpi/mpi_module.h"
#include "backend/operations.h"

/* Raise it with every change of this file, operations.h, level_device.h, solver.h, function.h, or problem.h, forms.h and
 * network.h of src/problem. */
#define CT_MODULE_ABI 16

/* What the program lends to the module: it may be linked statically, so that the module finds no
 * symbol of it. */
typedef struct ct_host_services {
    cutropy_status (*fail)(cutropy_status status, const char *text);
    void (*error_save)(char *text, size_t size);
    void *(*alloc)(size_t count, size_t size);
    void *(*calloc)(size_t count, size_t size);
    void (*free)(void *memory);
    const ct_operations *(*cpu)(void);
} ct_host_services;

#define CT_ALL_DEVICES (-1)

typedef struct ct_module {
    unsigned abi;
    const char *built; /* toolkit and architectures, one line */
    /* Number of devices; a failure says why there is none. */
    cutropy_status (*count)(int *devices);
    /* Device i in one line: name, capability, memory. */
    cutropy_status (*describe)(int i, char *text, size_t size);
    /* Driver and libraries in one line. */
    void (*versions)(char *text, size_t size);
    /* The backend on device `number` or CT_ALL_DEVICES, for the runs that start from now on.
     * Errors: CUTROPY_EUNSUPPORTED. */
    cutropy_status (*open)(int number, const ct_operations **out);
} ct_module;

/* The only symbol of the module. NULL when the numbers differ. */
#define CT_MODULE_ENTRY "ct_module_entry"
typedef const ct_module *(*ct_module_entry_function)(unsigned abi, const ct_host_services *host);

/* ---- module.c ---- */

/* The module, opened by the first call; *out is NULL and the message says why where there is none.
 * Looked for at CUTROPY_CUDA_MODULE (environment; nowhere else then), beside the program or
 * library, in its lib/cutropy, in the Python package cutropy_cu13 beside it, and where it was installed. It is opened only if the file and its
 * folder belong to the user or to root and nobody else can write there. Errors: CUTROPY_EUNSUPPORTED. */
cutropy_status ct_module_open(const ct_module **out);
/* False: there is no CUDA driver here, so that no device can be found: opening the module would
 * load its libraries for nothing. */
bool ct_module_can_help(void);
/* The file it came from, "" when there is none, or it was not opened yet. */
const char *ct_module_path(void);

/* The module of MPI (cutropy-mpi.so, CUTROPY_MPI_MODULE), likewise. */
cutropy_status ct_mpi_module_open(const ct_mpi_module **out);
const char *ct_mpi_module_path(void);

#endif
