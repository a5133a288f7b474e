/* SPDX-License-Identifier: Apache-2.0 */
/* The first reason to stop wins by one exchange; only the winner writes the failure. */
#include "base/stop.h"

static bool is_first(ct_stop *stop, ct_stop_reason reason)
{
    int expected = CT_STOP_NONE;
    return __atomic_compare_exchange_n(&stop->reason, &expected, (int)reason, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

void ct_stop_ask(ct_stop *stop)
{
    (void)is_first(stop, CT_STOP_ASKED);
}

void ct_stop_fail(ct_stop *stop, cutropy_status status)
{
    if (!is_first(stop, CT_STOP_FAILED))
        return;
    stop->failure = status;
    ct_error_save(stop->text, sizeof stop->text);
}

ct_stop_reason ct_stop_why(const ct_stop *stop)
{
    return (ct_stop_reason)__atomic_load_n(&stop->reason, __ATOMIC_ACQUIRE);
}

cutropy_status ct_stop_failure(const ct_stop *stop)
{
    return ct_stop_why(stop) == CT_STOP_FAILED ? ct_error_restore(stop->failure, stop->text)
                                               : CUTROPY_OK;
}
