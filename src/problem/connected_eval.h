/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/sliced_flood.h"

/* The lit pixels form exactly one component. Among the known pixels a component is open when it
 * touches an unknown pixel; a closed component beside any other lit pixel is the end. The flood
 * starts from all open pixels or, where there are none, from one lit pixel: no lit pixel may stay
 * dry. */
CT_BODY_FUNCTION(connected)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word reach[CT_BODY_PIXELS];
    ct_word started = CT_ZERO, lit = CT_ZERO, dry = CT_ZERO;
    for (int i = first; i < d->pixels; i++) {
        reach[i] = ct_open_pixel(d, px, first, i);
        started |= reach[i];
    }
    for (int i = first; i < d->pixels; i++) {
        reach[i] |= px[i] & ~started;
        started |= reach[i];
        lit |= px[i];
    }
    ct_flood(d, px, first, reach);
    for (int i = first; i < d->pixels; i++)
        dry |= px[i] & ~reach[i];
    return first == 0 ? lit & ~dry : ~dry;
}
