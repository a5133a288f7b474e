/* SPDX-License-Identifier: Apache-2.0 */
/* An even number of lit pixels; parameter[0] = 1: an odd number. An unknown pixel can always repair
 * the parity. */
CT_BODY_FUNCTION(parity)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word odd = CT_ZERO;
    if (first > 0)
        return CT_ONES;
    for (int i = 0; i < d->pixels; i++)
        odd ^= px[i];
    return d->parameter[0] ? odd : ~odd;
}
