/* SPDX-License-Identifier: Apache-2.0 */
/* Every column is constant or every row is constant. */
CT_BODY_FUNCTION(bars_stripes)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word no_bars = CT_ZERO, no_stripes = CT_ZERO;
    for (int i = first; i < d->pixels; i++) {
        if (i + d->lx < d->pixels)
            no_bars |= px[i] ^ px[i + d->lx];
        if (i % d->lx != d->lx - 1)
            no_stripes |= px[i] ^ px[i + 1];
    }
    return ~(no_bars & no_stripes);
}
