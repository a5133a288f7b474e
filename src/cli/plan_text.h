/* SPDX-License-Identifier: Apache-2.0 */
/* What --plan says. */
#ifndef CT_CLI_PLAN_TEXT_H
#define CT_CLI_PLAN_TEXT_H

#include "cli/call.h"

/* The plan of one function, on standard output. *fits becomes false where it certainly does not fit. Errors: those of
 * cutropy_make_plan. */
cutropy_status ct_print_plan(const ct_call *c, const cutropy_problem *problem, bool *fits);

#endif
