/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays in .npz archives, by minizip. */
#include "input/npz.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <unzip.h>

#define NAME_ROOM 256
#define PIECE ((unsigned)1 << 24)

int ct_is_zip(const uint8_t *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0;
}

const char *ct_npz_colon(const char *path)
{
    static const char end[] = ".npz:";
    for (const char *p = path; *p; p++)
        if (!strncasecmp(p, end, sizeof end - 1) && p[sizeof end - 1])
            return access(path, F_OK) ? p + sizeof end - 2 : NULL;
    return NULL;
}

/* The names of the archive's arrays, as far as they fit, with commas; how many there are. */
static size_t list_names(unzFile archive, char *names, size_t room)
{
    size_t count = 0, used = 0;
    names[0] = '\0';
    for (int at = unzGoToFirstFile(archive); at == UNZ_OK; at = unzGoToNextFile(archive), count++) {
        char name[NAME_ROOM];
        if (unzGetCurrentFileInfo64(archive, NULL, name, sizeof name, NULL, 0, NULL, 0) != UNZ_OK)
            break;
        name[NAME_ROOM - 1] = '\0';
        char *end = strrchr(name, '.');
        if (end && !strcmp(end, ".npy"))
            *end = '\0';
        const int written = snprintf(names + used, room - used, "%s%s", count ? ", " : "", name);
        used = written < 0 || used + (size_t)written >= room ? used : used + (size_t)written;
    }
    return count;
}

/* Makes the wanted array the archive's current file. */
static cutropy_status find_array(unzFile archive, const char *path, const char *name)
{
    char names[400], wanted[NAME_ROOM];
    const size_t count = list_names(archive, names, sizeof names);
    if (!count)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no array in this archive", path);
    if (!name && count > 1)
        return ct_fail(CUTROPY_EINPUT, "%s: which array? say %s:NAME, NAME one of %s", path, path,
                       names);
    if (!name) {
        (void)unzGoToFirstFile(archive);
        return CUTROPY_OK;
    }
    if (snprintf(wanted, sizeof wanted, "%s.npy", name) >= (int)sizeof wanted ||
        unzLocateFile(archive, wanted, 1) != UNZ_OK)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no array '%s' in this archive; there is %s",
                       path, name, names);
    return CUTROPY_OK;
}

/* Unpacks the archive's current file. */
static cutropy_status unpack(unzFile archive, const char *path, uint8_t **bytes, size_t *size)
{
    cutropy_status status = CUTROPY_OK;
    unz_file_info64 info;
    uint8_t *buffer = NULL;
    size_t used = 0;
    int got = 0;
    if (unzGetCurrentFileInfo64(archive, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        unzOpenCurrentFile(archive) != UNZ_OK)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: this archive is damaged, or packed in a way that NumPy does not write",
                       path);
    if (info.uncompressed_size > SIZE_MAX / 2) {
        status = ct_fail(CUTROPY_EINPUT, "%s: this archive is damaged", path);
        goto done;
    }
    /* One byte more, so that a file longer than its header says shows. */
    buffer = ct_alloc((size_t)info.uncompressed_size + 1, 1);
    if (!buffer) {
        status = ct_fail_memory(path, (size_t)info.uncompressed_size);
        goto done;
    }
    do {
        const size_t left = (size_t)info.uncompressed_size + 1 - used;
        got = unzReadCurrentFile(archive, buffer + used, left < PIECE ? (unsigned)left : PIECE);
        used += got > 0 ? (size_t)got : 0;
    } while (got > 0 && used <= info.uncompressed_size);
done:
    /* closing compares the sum of the bytes */
    if (unzCloseCurrentFile(archive) != UNZ_OK || got < 0 ||
        (!status && used != info.uncompressed_size))
        status = status ? status : ct_fail(CUTROPY_EINPUT, "%s: this archive is damaged", path);
    if (status)
        ct_free(buffer);
    else
        *bytes = buffer, *size = used;
    return status;
}

static cutropy_status open_archive(const char *path, unzFile *out)
{
    if (access(path, R_OK))
        return ct_fail(CUTROPY_EIO, "cannot open %s: %s", path, strerror(errno));
    *out = unzOpen64(path);
    return *out ? CUTROPY_OK
                : ct_fail(CUTROPY_EINPUT, "%s: this archive cannot be opened, or is damaged", path);
}

cutropy_status ct_npz_read(const char *path, const char *name, uint8_t **bytes, size_t *size)
{
    unzFile archive = NULL;
    *bytes = NULL;
    *size = 0;
    cutropy_status status = open_archive(path, &archive);
    if (status)
        return status;
    status = find_array(archive, path, name);
    if (!status)
        status = unpack(archive, path, bytes, size);
    (void)unzClose(archive);
    return status;
}

cutropy_status ct_npz_names(const char *path,
                            cutropy_status (*take)(void *context, const char *name), void *context)
{
    unzFile archive = NULL;
    char name[NAME_ROOM];
    cutropy_status status = open_archive(path, &archive);
    if (status)
        return status;
    int at = unzGoToFirstFile(archive);
    for (; !status && at == UNZ_OK; at = unzGoToNextFile(archive)) {
        if (unzGetCurrentFileInfo64(archive, NULL, name, sizeof name, NULL, 0, NULL, 0) != UNZ_OK)
            break;
        name[NAME_ROOM - 1] = '\0'; /* a longer one is cut, and nobody's */
        char *end = strrchr(name, '.');
        if (end && !strcmp(end, ".npy"))
            *end = '\0';
        status = take(context, name);
    }
    if (!status && at != UNZ_END_OF_LIST_OF_FILE)
        status = ct_fail(CUTROPY_EINPUT, "%s: this archive is damaged", path);
    (void)unzClose(archive);
    return status;
}
