/* SPDX-License-Identifier: Apache-2.0 */
/* Every lit pixel has exactly two lit neighbours (loops drawn with pixels). */
CT_BODY_FUNCTION(pixel_loops)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word good = CT_ONES;
    for (int i = d->pixels - 1; i >= first; i--) {
        /* at_least[k]: more than k lit neighbours among those known */
        ct_word one = CT_ZERO, two = CT_ZERO, three = CT_ZERO;
        int unknown = 0;
        for (int k = 0; k < d->degree[i]; k++) {
            int j = d->neighbour[i][k];
            if (j < first) {
                unknown++;
                continue;
            }
            three |= two & px[j];
            two |= one & px[j];
            one |= px[j];
        }
        ct_word possible = ~three;
        if (unknown == 0)
            possible &= two;
        else if (unknown == 1)
            possible &= one;
        good &= possible | ~px[i];
    }
    return good;
}
