/* SPDX-License-Identifier: Apache-2.0 */
/* The families of networks whose expressive power is measured. */
#ifndef CT_NETWORK_FAMILY_H
#define CT_NETWORK_FAMILY_H

#include "base/base.h"

/* What a family calls its size and depth, and how its claim is written. */
typedef struct ct_family {
    const char *name, *size_key, *depth_key; /* depth_key NULL: none */
    const char *claim;                       /* "n_c log2 D" */
    const char *note;                        /* how it relates to the paper, a sentence */
    bool linear;                             /* the claim is the size itself, not its logarithm */
} ct_family;

/* NULL: unknown. */
const ct_family *ct_family_find(const char *name, size_t length);

#endif
