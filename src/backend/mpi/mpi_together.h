/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of a matrix that all ranks hold, by ScaLAPACK. */
#ifndef CT_MPI_TOGETHER_H
#define CT_MPI_TOGETHER_H

#include "backend/ranks.h"

/* On every rank, when MPI has begun for any number of threads. NULL: MPI refuses. */
const ct_together *ct_mpi_together(void);

/* Is a routine under way, in which MPI cannot end? */
bool ct_mpi_together_runs(void);

#endif
