/* SPDX-License-Identifier: Apache-2.0 */
/* The pixels of A by their distance to B: breadth-first search from B along the bonds. */
#include "analysis/common/layers.h"

#include "base/bits.h"

void ct_layers_free(ct_layers *layers)
{
    ct_free(layers->pixel);
    ct_free(layers->distance);
    *layers = (ct_layers){0};
}

/* queue = every pixel with a way to B in the order of its distance; the pixels of B come first.
 * Returns how many there are. */
static int search(const ct_adjacency *adjacency, int pixels, const uint64_t *mask,
                  int32_t *distance, int *queue)
{
    int head = 0, tail = 0;
    for (int i = 0; i < pixels; i++) {
        distance[i] = ct_bit(mask, (uint64_t)i) ? CT_FAR : 0;
        if (!distance[i])
            queue[tail++] = i;
    }
    while (head < tail) {
        int here = queue[head++];
        for (int k = adjacency->start[here]; k < adjacency->start[here + 1]; k++) {
            int there = adjacency->list[k];
            if (distance[there] != CT_FAR)
                continue;
            distance[there] = distance[here] + 1;
            queue[tail++] = there;
        }
    }
    return tail;
}

cutropy_status ct_layers_make(const ct_adjacency *adjacency, int pixels, const uint64_t *mask,
                              ct_layers *out)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *distance = NULL;
    int *queue = NULL;
    int reached;
    *out = (ct_layers){0};
    CT_NEW(distance, pixels);
    CT_NEW(queue, pixels);
    CT_NEW(out->pixel, pixels);
    CT_NEW(out->distance, pixels);
    reached = search(adjacency, pixels, mask, distance, queue);
    for (int i = 0; i < reached; i++)
        if (distance[queue[i]])
            out->pixel[out->na++] = queue[i];
    for (int i = 0; i < pixels; i++)
        if (distance[i] == CT_FAR)
            out->pixel[out->na++] = i;
    for (int k = 0; k < out->na; k++)
        out->distance[k] = distance[out->pixel[k]];
done:
    ct_free(distance);
    ct_free(queue);
    if (status)
        ct_layers_free(out);
    return status;
}

int ct_layers_within(const ct_layers *layers, int32_t r)
{
    int count = 0;
    while (count < layers->na && layers->distance[count] <= r)
        count++;
    return count;
}

int32_t ct_layers_depth(const ct_layers *layers)
{
    int last = layers->na;
    while (last && layers->distance[last - 1] == CT_FAR)
        last--;
    return last ? layers->distance[last - 1] : 0;
}
