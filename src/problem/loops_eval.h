/* SPDX-License-Identifier: Apache-2.0 */
/* Closed loops on links: each group of links (the star of a vertex, or a cycle that counts
 * windings) holds an even number of lit links. */
CT_BODY_FUNCTION(loops)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word good = CT_ONES;
    for (int g = 0; g < d->groups; g++) {
        uint64_t links = d->group[g];
        if (links & ct_low_mask(first))
            continue;
        ct_word odd = CT_ZERO;
        for (; links; links &= links - 1)
            odd ^= px[ct_lowest(links)];
        good &= ~odd;
    }
    return good;
}
