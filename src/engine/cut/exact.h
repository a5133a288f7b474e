/* SPDX-License-Identifier: Apache-2.0 */
/* What proofs add to a record, freed. */
#ifndef CT_EXACT_H
#define CT_EXACT_H

#include "engine/function/result.h"

/* NULL is allowed. */
void ct_exact_free(cutropy_exact *exact, size_t quantity_count);

/* The texts, not their array, which may be NULL; they become NULL. */
void ct_texts_free(char **text, size_t count);

#endif
