/* SPDX-License-Identifier: Apache-2.0 */
/* All pixels are lit or none is. */
CT_BODY_FUNCTION(ghz)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word all = CT_ONES, any = CT_ZERO;
    for (int i = first; i < d->pixels; i++) {
        all &= px[i];
        any |= px[i];
    }
    return all | ~any;
}
