/* SPDX-License-Identifier: Apache-2.0 */
/* What an order is made of. */
#ifndef CT_ORDER_H
#define CT_ORDER_H

#include <cutropy/order.h>

#include "base/base.h"

/* Behind the first k + 1 pixels of an order. */
typedef struct ct_order_place {
    uint64_t mask;
    int64_t rank;
    double entropy, entropy_err; /* bits */
} ct_order_place;

struct cutropy_order {
    int count; /* N */
    cutropy_order_aim aim;
    cutropy_result *result;   /* all cuts */
    int *pixel;               /* N */
    ct_order_place *place[2]; /* N each: the best order; that of the numbers */
    cutropy_order_sums sums[2];
};

#endif
