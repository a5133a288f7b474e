/* SPDX-License-Identifier: Apache-2.0 */
/* The claim of a family of networks fitted to the points of a sweep. */
#ifndef CT_EXPRESSIVITY_FIT_H
#define CT_EXPRESSIVITY_FIT_H

#include "base/base.h"
#include "output/expressivity.h"

/* Groups the finished points and fits the claim to each group: fills claims. */
cutropy_status ct_expressivity_fit(cutropy_expressivity *result);
void ct_expressivity_free_claims(cutropy_expressivity *result);

#endif
