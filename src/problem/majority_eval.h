/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sliced_count.h"

/* More than half of the pixels are lit. */
CT_BODY_FUNCTION(majority)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word count[CT_COUNT_BITS];
    ct_count_lit(px, first, d->pixels, count);
    return ct_count_at_least(count, d->pixels / 2 + 1 - first);
}
