/* SPDX-License-Identifier: Apache-2.0 */
/* The lit pixels fill one rectangle: pixel (x, y) is lit where column x and row y hold lit pixels,
 * and these columns and rows are intervals. With unknown pixels each of the conditions stays
 * necessary for the known ones: only the lowest known row is incomplete, at its low end. */
CT_BODY_FUNCTION(rectangle)(const ct_body_data *d, const ct_word *px, int first)
{
    ct_word column[CT_BODY_PIXELS], row[CT_BODY_PIXELS];
    ct_word bad = CT_ZERO, any = CT_ZERO, ended = CT_ZERO;
    int top = first / d->lx; /* first row with known pixels */
    for (int x = 0; x < d->lx; x++)
        column[x] = CT_ZERO;
    for (int y = top; y < d->ly; y++) {
        row[y] = CT_ZERO;
        for (int x = 0; x < d->lx; x++) {
            int i = x + d->lx * y;
            if (i < first)
                continue;
            row[y] |= px[i];
            column[x] |= px[i];
        }
    }
    for (int i = first; i < d->pixels; i++)
        bad |= px[i] ^ (row[i / d->lx] & column[i % d->lx]);
    for (int y = d->ly - 1; y >= top; y--) {
        bad |= ended & row[y];
        ended |= any & ~row[y];
        any |= row[y];
    }
    any = CT_ZERO;
    ended = CT_ZERO;
    for (int x = d->lx - 1; x >= 0; x--) {
        bad |= ended & column[x];
        ended |= any & ~column[x];
        any |= column[x];
    }
    return first == 0 ? any & ~bad : ~bad;
}
