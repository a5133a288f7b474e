/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "backend/module.h"

/* The device that "cuda", "cuda:N" or "cuda:all" names; false: it is none of them. */
static bool names_device(const char *name, int *device)
{
    *device = 0;
    if (!strcmp(name, "cuda"))
        return true;
    if (strncmp(name, "cuda:", 5) != 0)
        return false;
    *device = CT_ALL_DEVICES;
    if (!strcmp(name + 5, "all"))
        return true;
    const size_t digits = strspn(name + 5, "0123456789");
    *device = atoi(name + 5);
    return digits >= 1 && digits <= 4 && !name[5 + digits];
}

static cutropy_status open_devices(int device, const ct_operations **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_module *module = NULL;
    int devices = 0;
    CT_TRY(ct_module_open(&module));
    CT_TRY(module->count(&devices));
    CT_TRY(module->open(device, out));
done:
    return status;
}

cutropy_status ct_choose_backend(const cutropy_options *options, const ct_operations **out)
{
    cutropy_status status = CUTROPY_OK;
    const char *name = options->backend ? options->backend : "auto";
    int device = CT_ALL_DEVICES;
    *out = NULL;
    status = ct_floating_check();
    if (status != CUTROPY_OK)
        return status;
    if (!strcmp(name, "auto")) {
        if (!ct_module_can_help() || open_devices(device, out) != CUTROPY_OK)
            *out = ct_operations_cpu();
    } else if (!strcmp(name, "cpu")) {
        *out = ct_operations_cpu();
    } else if (names_device(name, &device)) {
        status = open_devices(device, out);
        if (status != CUTROPY_OK)
            return ct_fail(status, "backend '%s': %s", name, cutropy_error());
    } else {
        return ct_fail(CUTROPY_EINPUT,
                       "there is no backend '%s': use auto, cpu, cuda, cuda:N or cuda:all", name);
    }
    const bool asked = options->threads > 0 && options->threads <= CUTROPY_MAX_THREADS;
    status = (*out)->start(asked ? options->threads : ct_available_threads());
    *out = status == CUTROPY_OK ? *out : NULL;
    return status;
}
