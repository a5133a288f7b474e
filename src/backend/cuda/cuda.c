/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/cuda.h"

#include "backend/cuda/eigenvalues.h"
#include "backend/cuda/evaluate.h"
#include "backend/cuda/resident.h"
#include "backend/cuda/solve.h"

void ct_cuda_fill(ct_backend *backend)
{
    backend->name = "cuda";
    backend->list_images = ct_cuda_list_images;
    backend->fill_table = ct_cuda_fill_table;
    backend->fill_values = ct_cuda_fill_values;
    backend->eigenvalues = ct_cuda_eigenvalues;
    backend->hold = ct_cuda_hold;
    backend->release = ct_cuda_release;
    backend->takes = ct_cuda_takes;
    backend->solve = ct_cuda_solve;
}
