/* SPDX-License-Identifier: Apache-2.0 */
/* The solver that answers every cut: quotient, blocks, Gram matrices, eigenvalues. */
#ifndef CT_SOLVER_CPU_H
#define CT_SOLVER_CPU_H

#include "backend/solver.h"

/* Small cuts side by side on the threads, cuts with a large workspace one by one with the threads
 * inside. Its answers have their quotients. Empty and full cuts are answered too. */
const ct_solver *ct_solver_cpu(void);

#endif
