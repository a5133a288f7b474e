/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/plain_resident.h"

cutropy_status ct_plain_open(const ct_solver_setting *setting, ct_resident **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_resident *resident = NULL;
    *out = NULL;
    CT_NEW_ZERO(resident, 1);
    resident->setting = *setting;
    *out = resident;
done:
    return status;
}

void ct_plain_close(ct_resident *resident)
{
    ct_free(resident);
}
