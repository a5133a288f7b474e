/* SPDX-License-Identifier: Apache-2.0 */
/* An automaton that reads a black-white image pixel by pixel, for cutropy:
 *
 *   cutropy table my.c --lattice 8x8 --cuts rows --certify
 *   cutropy table my.c --lattice 4x4 --define MOST=1
 *
 * It serves lattices that are much too large for a function of whole images, as long as few bytes about the pixels read so
 * far decide what the others may be. There are no includes to write; these names are known:
 *
 *   N, LX, LY    pixels, length of a row, rows; pixel k is at x = k % LX, y = k / LX
 *   state        is yours: what the pixels read so far must still tell. 1 to 1024 bytes; equal states have equal bytes, so set
 *                all that you forget to 0 and take no pointers. Fewer states make it faster, but those that mean the same are merged
 *   start        the state before the first pixel
 *   step         reads pixel k, bit is 0 or 1, and changes the state. 0: dead, whatever comes, the label is 0; else 1
 *   accept       the label of the image, after the last pixel: 0, or anything else for label 1
 *
 * They may only compute: no files, no memory but their own variables, and they keep nothing between calls. Undefined behaviour
 * (an index out of bounds, a shift too far, ...) ends the run with the line, the pixel and the state. */

#ifndef MOST
#define MOST 2
#endif

/* 1: no column and no row has more than MOST lit pixels one after the other. */
typedef struct state {
    uint8_t above[LX]; /* lit pixels in a row, up to the last one that was read of each column */
    uint8_t left;      /* the same of the row that is read */
} state;

state start(void)
{
    return (state){{0}, 0};
}

int step(state *s, int k, int bit)
{
    const int x = k % LX;
    if (x == 0)
        s->left = 0;
    s->above[x] = bit ? s->above[x] + 1 : 0;
    s->left = bit ? s->left + 1 : 0;
    return s->above[x] <= MOST && s->left <= MOST;
}

int accept(const state *s)
{
    (void)s;
    return 1;
}
