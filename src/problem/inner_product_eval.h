/* SPDX-License-Identifier: Apache-2.0 */
/* The first half x and the second half y of the pixels: sum of x_i y_i is odd. An unknown x_i
 * counts as free where y_i may be lit. */
CT_BODY_FUNCTION(inner_product)(const ct_body_data *d, const ct_word *px, int first)
{
    int half = d->pixels / 2;
    ct_word odd = CT_ZERO;
    if (first > half)
        return CT_ONES;
    ct_word undecided = CT_ZERO;
    for (int i = 0; i < half; i++) {
        if (i < first)
            undecided |= px[half + i];
        else
            odd ^= px[i] & px[half + i];
    }
    return odd | undecided;
}
