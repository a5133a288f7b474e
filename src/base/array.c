/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <string.h>

#define FIRST_BYTES 1024 /* of an array that grows element by element */

cutropy_status ct_array_resize(const char *name, void *array, size_t count, size_t *room,
                               size_t wanted, size_t size)
{
    void *old = NULL, *larger = ct_alloc(wanted, size);
    if (!larger)
        return ct_fail_memory(name, wanted > SIZE_MAX / size ? SIZE_MAX : wanted * size);
    memcpy(&old, array, sizeof old); /* the pointer has a type of its own */
    if (count)
        memcpy(larger, old, count * size);
    ct_free(old);
    memcpy(array, &larger, sizeof larger);
    *room = wanted;
    return CUTROPY_OK;
}

cutropy_status ct_array_grow(const char *name, void *array, size_t count, size_t *room, size_t more,
                             size_t size)
{
    const size_t least = more > SIZE_MAX - count ? SIZE_MAX : count + more;
    const size_t twice = *room ? (*room > SIZE_MAX / 2 ? SIZE_MAX : 2 * *room) : FIRST_BYTES / size;
    return ct_array_resize(name, array, count, room, least > twice ? least : twice, size);
}
