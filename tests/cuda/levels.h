/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of automata on a backend's device against the CPU's. */
#ifndef CUDA_LEVELS_H
#define CUDA_LEVELS_H

#include "backend/operations.h"

/* Every level of automata of several kinds, from either end: blocks and entries bit for bit. */
void levels_compare(const ct_operations *backend);
/* Certified tables of whole runs byte for byte, and who made them. */
void levels_tables(const ct_operations *backend);
/* One such table, freed by the caller; who (48 bytes): the backend that it names. NULL: the run failed with *status. */
char *levels_table(const ct_operations *backend, const char *problem, const char *lattice,
                   const char *cuts, char *who, cutropy_status *status);

#endif
