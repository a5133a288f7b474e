/* SPDX-License-Identifier: Apache-2.0 */
/* Bit-sliced flood fill along bonds, for bodies. The including file has defined ct_word and the CT_
 * macros of body.h. */
#ifndef CT_SLICED_FLOOD_H
#define CT_SLICED_FLOOD_H

/* Adds pixel i to reach where it is lit and a known neighbour is reached; returns what is new. */
CT_INLINE ct_word ct_flood_pixel(const ct_body_data *d, const ct_word *px, int first, int i,
                                 ct_word *reach)
{
    ct_word near = CT_ZERO;
    for (int k = 0; k < d->degree[i]; k++)
        if (d->neighbour[i][k] >= first)
            near |= reach[d->neighbour[i][k]];
    near &= px[i] & ~reach[i];
    reach[i] |= near;
    return near;
}

/* Grows reach[first ..] to every known lit pixel that a lit path of known pixels joins to it:
 * sweeps in alternating order until nothing changes. */
CT_INLINE void ct_flood(const ct_body_data *d, const ct_word *px, int first, ct_word *reach)
{
    for (;;) {
        ct_word changed = CT_ZERO;
        for (int i = d->pixels - 1; i >= first; i--)
            changed |= ct_flood_pixel(d, px, first, i, reach);
        if (!CT_ANY(changed))
            return;
        changed = CT_ZERO;
        for (int i = first; i < d->pixels; i++)
            changed |= ct_flood_pixel(d, px, first, i, reach);
        if (!CT_ANY(changed))
            return;
    }
}

/* Lit pixels next to an unknown one. */
CT_INLINE ct_word ct_open_pixel(const ct_body_data *d, const ct_word *px, int first, int i)
{
    for (int k = 0; k < d->degree[i]; k++)
        if (d->neighbour[i][k] < first)
            return px[i];
    return CT_ZERO;
}

#endif
