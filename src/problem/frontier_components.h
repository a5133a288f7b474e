/* SPDX-License-Identifier: Apache-2.0 */
/* Components of lit pixels along a frontier: one label a column, 0: dark. Labels from `free` on are numbered by
 * first occurrence, so that equal partitions have equal bytes; those below keep their meaning. */
#ifndef CT_FRONTIER_COMPONENTS_H
#define CT_FRONTIER_COMPONENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CT_FRONTIER_WIDEST 128 /* pixels that are kept: labels and one more fit a byte */

static inline bool ct_components_has(const uint8_t *label, int width, uint8_t wanted)
{
    return memchr(label, wanted, (size_t)width) != NULL;
}

static inline void ct_components_number(uint8_t *label, int width, uint8_t free)
{
    uint8_t name[256] = {0}, next = free;
    for (int x = 0; x < width; x++) {
        if (label[x] < free)
            continue;
        if (!name[label[x]])
            name[label[x]] = next++;
        label[x] = name[label[x]];
    }
}

/* The label of a lit pixel, which joins its neighbours into one component: the smallest of theirs, which all of them get; alone it
 * gets the label `new`. */
static inline uint8_t ct_components_join(uint8_t *label, int width, uint8_t *const neighbour[],
                                         int count, uint8_t new)
{
    uint8_t low = new;
    for (int k = 0; k < count; k++)
        if (*neighbour[k] && *neighbour[k] < low)
            low = *neighbour[k];
    for (int k = 0; k < count; k++) {
        const uint8_t high = *neighbour[k];
        for (int i = 0; i < width && high && high != low; i++)
            if (label[i] == high)
                label[i] = low;
    }
    return low;
}

#endif
