/* SPDX-License-Identifier: Apache-2.0 */
/* What a tree is made of. */
#ifndef CT_TREE_H
#define CT_TREE_H

#include <cutropy/order.h>

#include "engine/function/result.h"

/* A node stands before those below it; number 0 is the root. */
typedef struct ct_tree_node {
    uint64_t set;                /* the pixels below it */
    int below[2];                /* -1: it is a pixel */
    int64_t rank;                /* of the cut between them and the others */
    double entropy, entropy_err; /* bits */
} ct_tree_node;

struct cutropy_tree {
    int pixels, count; /* N, 2 N - 1 */
    cutropy_order_aim aim;
    cutropy_result *result; /* all cuts */
    ct_tree_node *node;
    cutropy_order_sums sums;
};

#endif
