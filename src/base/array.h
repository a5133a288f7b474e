/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array: a pointer, how many elements are in it, and how many it has room for; an empty
 * one is NULL, 0, 0. */
#ifndef CT_ARRAY_H
#define CT_ARRAY_H

#include "base/base.h"

/* Room for `wanted` >= count elements of `size` bytes, exactly. array: the address of the pointer.
 * After an error (CUTROPY_EMEMORY, whose message bears `name`) nothing has changed. */
cutropy_status ct_array_resize(const char *name, void *array, size_t count, size_t *room,
                               size_t wanted, size_t size);
/* Room for `more` elements behind `count`: at least twice the room there was. */
cutropy_status ct_array_grow(const char *name, void *array, size_t count, size_t *room, size_t more,
                             size_t size);

static inline cutropy_status ct_array_room(const char *name, void *array, size_t count,
                                           size_t *room, size_t more, size_t size)
{
    return more <= *room - count ? CUTROPY_OK : ct_array_grow(name, array, count, room, more, size);
}

/* Status of making room for `more` elements behind array[count - 1]; room: a size_t. */
#define CT_ROOM(name, array, count, room, more)                                                    \
    ct_array_room((name), &(array), (count), &(room), (more), sizeof *(array))

#endif
