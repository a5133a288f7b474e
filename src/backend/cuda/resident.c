/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/resident.h"

#include "backend/cuda/plan.h"
#include "backend/cuda/thresholds.h"

static uint64_t function_bytes(const ct_function *f)
{
    return f->storage == CT_SUPPORT ? 8 * f->ones
           : f->storage == CT_TABLE ? 8 * ct_table_words(f->pixels)
                                    : ct_value_bytes(f->kind) << f->pixels;
}

/* Pixels beyond which row numbers leave 32 bits: the larger side of a cut has 2^(N - 1) rows. */
#define MOST_PIXELS 31

static cutropy_status copy_function(const ct_function *f, ct_holder *holder)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t bytes = function_bytes(f);
    const void *source = f->storage == CT_SUPPORT ? (const void *)f->images
                         : f->storage == CT_TABLE ? (const void *)f->table
                                                  : f->values;
    char needs[24], has[24];
    ct_region counting = ct_region_counting();
    CT_TRY(ct_device_use(&holder->device));
    CT_TRY(ct_device_room(&holder->device));
    if (bytes > holder->device.room / 2)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "device %d has %s for a function of %s",
                       holder->device.number, ct_bytes_format(holder->device.room, has),
                       ct_bytes_format(bytes, needs)));
    (void)ct_region_take(&counting, bytes);
    CT_TRY(ct_region_open(holder->device.number, counting.used, counting.used, &holder->memory));
    holder->function = ct_region_take(&holder->memory, bytes);
    if (!holder->function)
        CT_TRY(ct_fail_memory("the function on a device", bytes));
    CT_CUDA(holder->device.number,
            cudaMemcpy(holder->function, source, bytes, cudaMemcpyHostToDevice));
    /* that may return before the last of it has arrived, and the lanes do not wait for this stream */
    CT_CUDA(holder->device.number, cudaStreamSynchronize(NULL));
    holder->device.room -= counting.used;
done:
    return status;
}

/* Lists of labels 0 and 1 in one word each whose images have numbers of 31 bits. */
static bool list_is_served(const ct_function *f)
{
    return f->words == 1 && f->value[0] == 0 && f->ones >= CT_CUDA_LIST && f->ones < INT32_MAX;
}

cutropy_status ct_cuda_open(const ct_solver_setting *setting, ct_resident **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    ct_resident *resident = NULL;
    *out = NULL;
    if (setting->want_cube || f->words > 1 || ct_is_big(f))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "Tr rho^3, long images and integers beyond 2^62 stay with the CPU");
    if (f->pixels < 2 || f->storage == CT_SPARSE ||
        (f->storage == CT_SUPPORT ? !list_is_served(f) : f->pixels > MOST_PIXELS))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "short lists of images and functions of more than %d pixels stay with the "
                       "CPU",
                       MOST_PIXELS);
    if (f->wide) /* the kernels do not scale blocks */
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "values of more than 120 orders of magnitude stay with the CPU");
    CT_NEW_ZERO(resident, 1);
    resident->f = f;
    resident->devices = ct_devices_chosen();
    CT_NEW_ZERO(resident->holder, resident->devices);
    for (int d = 0; d < resident->devices; d++) {
        CT_TRY(ct_device_describe(d, &resident->holder[d].device));
        CT_TRY(copy_function(f, &resident->holder[d]));
    }
    *out = resident;
    resident = NULL;
done:
    if (resident)
        ct_cuda_close(resident);
    return status;
}

void ct_cuda_close(ct_resident *resident)
{
    for (int d = 0; d < resident->devices && resident->holder; d++) {
        (void)cudaSetDevice(resident->holder[d].device.number);
        ct_region_close(&resident->holder[d].memory);
    }
    ct_free(resident->holder);
    ct_free(resident);
}

bool ct_cuda_takes(const ct_resident *resident, int na)
{
    if (na < 1 || na >= resident->f->pixels)
        return false;
    const ct_shape shape = ct_shape_of(resident->f, na);
    for (int d = 0; d < resident->devices; d++)
        if (ct_batch_bytes(&shape, 1) > resident->holder[d].device.room)
            return false;
    return true;
}
