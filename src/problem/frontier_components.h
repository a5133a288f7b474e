/* SPDX-License-Identifier: Apache-2.0 */
/* Components of lit pixels along a frontier: one label a column, 0: dark. Labels from `free` on are numbered by
 * first occurrence, so that equal partitions have equal bytes; those below keep their meaning. */
#ifndef CT_FRONTIER_COMPONENTS_H
#define CT_FRONTIER_COMPONENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CT_FRONTIER_WIDEST 128 /* columns: labels and one more fit a byte */

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

/* A lit pixel in column x joins what is lit above (its own column) and to the left of it; alone it gets the label `new`. Where two
 * components meet the smaller label stays. */
static inline void ct_components_light(uint8_t *label, int width, int x, uint8_t new)
{
    const uint8_t above = label[x], left = x > 0 ? label[x - 1] : 0;
    if (above && left && above != left) {
        const uint8_t low = above < left ? above : left, high = above < left ? left : above;
        for (int i = 0; i < width; i++)
            if (label[i] == high)
                label[i] = low;
    } else if (!above) {
        label[x] = left ? left : new;
    }
}

#endif
