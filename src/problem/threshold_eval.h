/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sliced_count.h"

/* At least parameter[0] pixels are lit. */
CT_BODY_FUNCTION(threshold)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word count[CT_COUNT_BITS];
    ct_count_lit(px, first, d->pixels, count);
    return ct_count_at_least(count, d->parameter[0] - first);
}
