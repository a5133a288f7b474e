/* SPDX-License-Identifier: Apache-2.0 */
/* Release of results. */
#include "engine/cut/exact.h"
#include "engine/function/result.h"
#include "engine/record/identity.h"
#include "engine/record/record.h"

void cutropy_result_free(cutropy_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; result->records && i < result->record_count; i++) {
        ct_exact_free(result->records[i].exact, result->quantity_count);
        ct_record_free(&result->records[i]);
    }
    ct_free(result->records);
    for (size_t i = 0; result->rows && i < result->count; i++)
        for (int unit = 0; unit < 2; unit++)
            ct_free(result->rows[i].mutual_information_text[unit]);
    ct_free(result->rows);
    ct_free(result->sites);
    ct_free(result->labels);
    ct_free(result->problem);
    ct_free(result->lattice);
    ct_free(result->norm);
    ct_free(result->norm_error);
    ct_free(result->quantities);
    cutropy_cuts_free(&result->cuts);
    ct_identity_free(&result->identity);
    ct_free(result);
}
