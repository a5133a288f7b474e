/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sliced_flood.h"

/* A lit path joins a pixel of group[0] (the last row) to one of group[1] (the first row). Among the
 * known pixels the path must have reached the first row or a pixel next to an unknown one. */
CT_BODY_FUNCTION(percolation)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word reach[CT_BODY_PIXELS];
    ct_word found = CT_ZERO;
    if (d->group[0] & ct_low_mask(first))
        return CT_ONES;
    for (int i = first; i < d->pixels; i++)
        reach[i] = (d->group[0] >> i) & 1 ? px[i] : CT_ZERO;
    ct_flood(d, px, first, reach);
    for (int i = first; i < d->pixels; i++) {
        if ((d->group[1] >> i) & 1)
            found |= reach[i];
        found |= reach[i] & ct_open_pixel(d, px, first, i);
    }
    return found;
}
