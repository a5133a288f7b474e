/* SPDX-License-Identifier: Apache-2.0 */
/* A module of another version: it knows other numbers. */
#include "backend/module.h"

__attribute__((visibility("default"))) const ct_module *
ct_module_entry(unsigned abi, const ct_host_services *host);

const ct_module *ct_module_entry(unsigned abi, const ct_host_services *host)
{
    (void)host;
    static const ct_module other = {.abi = CT_MODULE_ABI + 1};
    return abi == CT_MODULE_ABI + 1 ? &other : NULL;
}
