/* SPDX-License-Identifier: Apache-2.0 */
/* The contract with the MPI module, which is opened at run time (backend/module.h): nothing else links MPI. */
#ifndef CT_MPI_MODULE_H
#define CT_MPI_MODULE_H

#include "backend/ranks.h"

#define CT_MPI_MODULE_ABI 5 /* raise it with every change of this file and ranks.h */

typedef struct ct_mpi_module {
    const char *built; /* the library, one line */
    /* Begins MPI; once. launched: how many processes the launcher says there are. patience: seconds of silence after which a
     * rank counts as lost. NULL: it cannot, and `why` says so. */
    const ct_ranks *(*open)(int launched, double patience, char *why, size_t size);
} ct_mpi_module;

/* The only symbol of the module; NULL where the numbers differ. */
#define CT_MPI_MODULE_ENTRY "ct_mpi_module_entry"
typedef const ct_mpi_module *(*ct_mpi_module_entry_function)(unsigned abi);

#endif
