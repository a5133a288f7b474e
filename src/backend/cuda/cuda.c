/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/cuda.h"

#include "backend/cuda/eigenvalues.h"
#include "backend/cuda/evaluate.h"
#include "backend/cuda/levels.h"
#include "backend/cuda/resident.h"
#include "backend/cuda/solve.h"

static const ct_solver solver = {.name = "cuda",
                                 .sorted = true,
                                 .batches = true,
                                 .open = ct_cuda_open,
                                 .close = ct_cuda_close,
                                 .takes = ct_cuda_takes,
                                 .solve = ct_cuda_solve};

void ct_cuda_fill(ct_operations *backend)
{
    backend->name = "cuda";
    backend->start = ct_cuda_start;
    backend->stop = ct_cuda_stop;
    backend->list_images = ct_cuda_list_images;
    backend->fill_table = ct_cuda_fill_table;
    backend->fill_values = ct_cuda_fill_values;
    backend->eigenvalues = ct_cuda_eigenvalues;
    backend->solver = &solver;
    backend->levels = &ct_cuda_levels;
}
