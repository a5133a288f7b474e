/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the module: its backend, and the base functions of the program that the driver uses,
 * forwarded. */
#include "backend/module.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/locale.h"
#include "backend/cuda/cuda.h"
#include "backend/cuda/device.h"
#include "backend/cuda/libraries.h"

static const ct_host_services *host;

/* ---- base.h, forwarded ---- */

cutropy_status ct_fail(cutropy_status status, const char *format, ...)
{
    char text[512];
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
    return host->fail(status, text);
}

cutropy_status ct_fail_memory(const char *name, size_t bytes)
{
    return ct_fail(CUTROPY_EMEMORY, "out of memory: '%s' needs %zu bytes", name, bytes);
}

void ct_error_save(char *text, size_t size)
{
    host->error_save(text, size);
}

cutropy_status ct_error_restore(cutropy_status status, const char *text)
{
    return host->fail(status, text);
}

void *ct_alloc(size_t count, size_t size)
{
    return host->alloc(count, size);
}

void *ct_calloc(size_t count, size_t size)
{
    return host->calloc(count, size);
}

void ct_free(void *memory)
{
    host->free(memory);
}

const ct_operations *ct_operations_cpu(void)
{
    return host->cpu();
}

/* ---- the module ---- */

static cutropy_status count_devices(int *devices)
{
    cutropy_status status = CUTROPY_OK;
    *devices = 0;
    const cudaError_t error = cudaGetDeviceCount(devices);
    if (error != cudaSuccess) {
        *devices = 0;
        (void)cudaGetLastError();
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "no CUDA device: %s", cudaGetErrorString(error)));
    }
    if (*devices < 1)
        status = ct_fail(CUTROPY_EUNSUPPORTED, "no CUDA device on this machine");
done:
    return status;
}

static cutropy_status describe(int i, char *text, size_t size)
{
    cutropy_status status = CUTROPY_OK;
    struct cudaDeviceProp properties;
    size_t available = 0, total = 0;
    char free_text[24], total_text[24];
    CT_CUDA(i, cudaGetDeviceProperties(&properties, i));
    CT_CUDA(i, cudaSetDevice(i));
    CT_CUDA(i, cudaMemGetInfo(&available, &total));
    snprintf(text, size, "%s, capability %d.%d, %d multiprocessors, %s, %s free", properties.name,
             properties.major, properties.minor, properties.multiProcessorCount,
             ct_bytes_format(total, total_text), ct_bytes_format(available, free_text));
done:
    return status;
}

static void versions(char *text, size_t size)
{
    int driver = 0;
    char libraries[96];
    ct_libraries_describe(libraries, sizeof libraries);
    if (cudaDriverGetVersion(&driver) != cudaSuccess || !driver)
        snprintf(text, size, "no driver, %s", libraries);
    else
        snprintf(text, size, "driver for CUDA %d.%d, %s", driver / 1000, driver % 1000 / 10,
                 libraries);
}

static const char *library_line(void)
{
    static _Thread_local char text[256];
    char own[160];
    versions(own, sizeof own);
    snprintf(text, sizeof text, "%s, %s", own, host->cpu()->libraries());
    return text;
}

/* What the devices do not do themselves is the CPU's. */
static cutropy_status open_backend(int number, const ct_operations **out)
{
    static ct_operations cuda;
    cutropy_status status = CUTROPY_OK;
    *out = NULL;
    CT_TRY(ct_devices_choose(number));
    cuda = *host->cpu();
    cuda.libraries = library_line;
    ct_cuda_fill(&cuda);
    *out = &cuda;
done:
    return status;
}

__attribute__((visibility("default"))) const ct_module *
ct_module_entry(unsigned abi, const ct_host_services *services);

const ct_module *ct_module_entry(unsigned abi, const ct_host_services *services)
{
    static const ct_module module = {.abi = CT_MODULE_ABI,
                                     .built = CUTROPY_CUDA_BUILT,
                                     .count = count_devices,
                                     .describe = describe,
                                     .versions = versions,
                                     .open = open_backend};
    if (abi != CT_MODULE_ABI)
        return NULL;
    host = services;
    return &module;
}
