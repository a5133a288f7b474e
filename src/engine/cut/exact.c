/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/exact.h"

#include "base/base.h"

void ct_texts_free(char **text, size_t count)
{
    for (size_t i = 0; text && i < count; i++) {
        ct_free(text[i]);
        text[i] = NULL;
    }
}

void ct_exact_free(cutropy_exact *exact, size_t quantity_count)
{
    if (!exact)
        return;
    ct_texts_free(exact->entropy, 2);
    ct_texts_free(exact->closed_form, 2);
    ct_texts_free(exact->renyi2, 2);
    ct_free(exact->purity);
    ct_free(exact->tr_rho3);
    ct_texts_free(exact->extra, 2 * quantity_count);
    ct_free(exact->extra);
    ct_free(exact->extra_decimals);
    ct_free(exact->spectrum_decimals);
    ct_texts_free(exact->spectrum, exact->spectrum_count);
    ct_free(exact->spectrum);
    ct_free(exact);
}
