/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/cuda.h"

#include "backend/cuda/device.h"
#include "backend/cuda/eigenvalues.h"
#include "backend/cuda/evaluate.h"
#include "backend/cuda/levels.h"
#include "backend/cuda/overlaps.h"
#include "backend/cuda/product_device.h"
#include "backend/cuda/product_cuts.h"
#include "backend/cuda/resident.h"
#include "backend/cuda/solve.h"

static const ct_solver solver = {.name = "cuda",
                                 .sorted = true,
                                 .batches = true,
                                 .open = ct_cuda_open,
                                 .close = ct_cuda_close,
                                 .takes = ct_cuda_takes,
                                 .solve = ct_cuda_solve};

static cutropy_status start(int threads)
{
    const cutropy_status status = ct_operations_cpu()->start(threads);
    if (status == CUTROPY_OK)
        ct_devices_hold();
    return status;
}

static void stop(void)
{
    if (ct_devices_release()) {
        ct_cuda_eigenvalues_close();
        ct_product_device_close();
    }
    ct_operations_cpu()->stop();
}

void ct_cuda_fill(ct_operations *backend)
{
    backend->name = "cuda";
    backend->start = start;
    backend->stop = stop;
    backend->list_images = ct_cuda_list_images;
    backend->fill_table = ct_cuda_fill_table;
    backend->fill_values = ct_cuda_fill_values;
    backend->eigenvalues = ct_cuda_eigenvalues;
    backend->overlaps = ct_cuda_overlaps;
    backend->product_cuts = ct_cuda_product_cuts;
    backend->solver = &solver;
    backend->levels = &ct_cuda_levels;
}
