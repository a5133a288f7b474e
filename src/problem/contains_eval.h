/* SPDX-License-Identifier: Apache-2.0 */
/* Some translate of a pattern: group[2t] holds the pixels that translate t wants lit, group[2t+1]
 * unlit. */
CT_BODY_FUNCTION(contains)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word found = CT_ZERO;
    uint64_t known = ~ct_low_mask(first);
    for (int t = 0; t < d->groups; t++) {
        ct_word match = CT_ONES;
        for (uint64_t lit = d->group[2 * t] & known; lit; lit &= lit - 1)
            match &= px[ct_lowest(lit)];
        for (uint64_t unlit = d->group[2 * t + 1] & known; unlit; unlit &= unlit - 1)
            match &= ~px[ct_lowest(unlit)];
        found |= match;
    }
    return found;
}
