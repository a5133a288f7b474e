/* SPDX-License-Identifier: Apache-2.0 */
/* No two neighbours are lit. */
CT_BODY_FUNCTION(independent_set)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word bad = CT_ZERO;
    for (int i = first; i < d->pixels; i++)
        for (int k = 0; k < d->degree[i]; k++)
            if (d->neighbour[i][k] > i)
                bad |= px[i] & px[d->neighbour[i][k]];
    return ~bad;
}
