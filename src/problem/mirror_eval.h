/* SPDX-License-Identifier: Apache-2.0 */
/* Pixel (x, y) equals pixel (lx-1-x, y). */
CT_BODY_FUNCTION(mirror)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word bad = CT_ZERO;
    for (int i = first; i < d->pixels; i++) {
        int x = i % d->lx, partner = i + d->lx - 1 - 2 * x;
        if (partner > i)
            bad |= px[i] ^ px[partner];
    }
    return ~bad;
}
