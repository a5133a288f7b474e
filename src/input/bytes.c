/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a whole file. */
#include "input/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"

/* Room to begin with: one byte more than a regular file has, so that its end shows at once. */
static size_t first_room(FILE *file)
{
    struct stat info;
    bool regular = fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode);
    return regular && info.st_size > 0 ? (size_t)info.st_size + 1 : (size_t)1 << 16;
}

cutropy_status ct_read_file(const char *path, uint8_t **bytes, size_t *size)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *buffer = NULL;
    size_t used = 0, room = 0;

    *bytes = NULL;
    *size = 0;
    FILE *file = fopen(strcmp(path, "-") ? path : "/dev/stdin", "rb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot open %s: %s", path, strerror(errno));
    room = first_room(file);
    CT_NEW(buffer, room);
    for (;;) {
        used += fread(buffer + used, 1, room - used, file);
        if (ferror(file)) {
            status = ct_fail(CUTROPY_EIO, "cannot read %s: %s", path, strerror(errno));
            goto done;
        }
        if (used < room)
            break;
        CT_TRY(CT_ROOM(path, buffer, used, room, 1));
    }
    *bytes = buffer;
    *size = used;
    buffer = NULL;
done:
    ct_free(buffer);
    (void)fclose(file);
    return status;
}
