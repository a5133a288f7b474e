/* SPDX-License-Identifier: Apache-2.0 */
/* One table of cases for every device, fake or real: what a backend computes is compared with the
 * CPU. */
#ifndef CUDA_CASES_H
#define CUDA_CASES_H

#include <cutropy/cutropy.h>

#include "backend/operations.h"

/* Runs the cuts on the backend and on the CPU: classes, blocks, ranks, guarantees and exact
 * purities equal, entropies within the sum of the printed errors. on_device: the backend's devices
 * must have taken the cuts. */
void cases_compare(const ct_operations *backend, const cutropy_problem *problem, const char *cuts,
                   bool on_device);

/* The same for a named problem. */
void cases_compare_named(const ct_operations *backend, const char *problem, const char *lattice,
                         const char *cuts);

/* All built-in kinds of functions on small lattices. */
void cases_named(const ct_operations *backend);
/* Rows that the CPU proves after the backend has solved them. */
void cases_proved(const ct_operations *backend);
/* Random functions of all textures, `repeats` of each. */
void cases_arrays(const ct_operations *backend, int pixels, int repeats);

/* Lists of some dozens of images (where the build sends them to a device), and of 10^5 to 10^7. */
void cases_lists(const ct_operations *backend);
void cases_long_lists(const ct_operations *backend);

/* Sums of so many product states, real and complex, with and without a label: enough of them for a device to take them. */
void cases_products(const ct_operations *backend, int terms);

/* Functions whose half cut has about 2^half / width blocks. */
void cases_many_blocks(const ct_operations *backend, int half, int width, cutropy_kind kind);

/* The same run on the backend with the given options; *out as cutropy_run gives it. */
cutropy_status cases_run(const ct_operations *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts,
                         int (*progress)(const char *, uint64_t, uint64_t, void *), void *user,
                         cutropy_result **out);
/* Every finished record of `got` against `expected`; the number of finished ones. */
size_t cases_same_records(const char *name, const cutropy_result *got,
                          const cutropy_result *expected);

#endif
