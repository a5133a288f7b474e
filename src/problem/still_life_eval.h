/* SPDX-License-Identifier: Apache-2.0 */
/* Still life of the Game of Life. neighbour: the Moore neighbours (repeated where a small torus
 * repeats them); group: triples outside of which a cell would be born. A lit pixel needs 2 or 3 lit
 * neighbours, an unlit one must not have exactly 3. */
CT_BODY_FUNCTION(still_life)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word good = CT_ONES;
    for (int i = first; i < d->pixels; i++) {
        ct_word one = CT_ZERO, two = CT_ZERO, three = CT_ZERO,
                four = CT_ZERO; /* at least so many known lit */
        int unknown = 0;
        for (int k = 0; k < d->degree[i]; k++) {
            int j = d->neighbour[i][k];
            if (j < first) {
                unknown++;
                continue;
            }
            four |= three & px[j];
            three |= two & px[j];
            two |= one & px[j];
            one |= px[j];
        }
        ct_word survives = ~four;
        if (unknown == 0)
            survives &= two;
        else if (unknown == 1)
            survives &= one;
        ct_word stays_dead = unknown == 0 ? ~three | four : CT_ONES;
        good &= (px[i] & survives) | (~px[i] & stays_dead);
        if (!CT_ANY(good))
            return good;
    }
    for (int g = 0; g < d->groups; g++) {
        ct_word born = CT_ONES;
        if (d->group[g] & ct_low_mask(first))
            continue;
        for (uint64_t cells = d->group[g]; cells; cells &= cells - 1)
            born &= px[ct_lowest(cells)];
        good &= ~born;
    }
    return good;
}
