/* Reads a whole file. */
#include "input/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

cutropy_status ct_read_file(const char *path, uint8_t **bytes, size_t *size)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *buffer = NULL;
    size_t used = 0, room = (size_t)1 << 16;

    *bytes = NULL;
    *size = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot open %s: %s", path, strerror(errno));
    CT_NEW(buffer, room);
    for (;;) {
        used += fread(buffer + used, 1, room - used, file);
        if (ferror(file)) {
            status = ct_fail(CUTROPY_EIO, "cannot read %s: %s", path, strerror(errno));
            goto done;
        }
        if (used < room)
            break;
        uint8_t *larger = room > SIZE_MAX / 2 ? NULL : ct_grow(buffer, room, 2 * room);
        if (!larger) {
            status = ct_fail_memory(path, 2 * room);
            goto done;
        }
        buffer = larger;
        room *= 2;
    }
    *bytes = buffer;
    *size = used;
    buffer = NULL;
done:
    ct_free(buffer);
    fclose(file);
    return status;
}
