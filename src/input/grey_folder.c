/* SPDX-License-Identifier: Apache-2.0 */
#include "input/grey_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/array.h"
#include "input/bytes.h"
#include "input/pgm.h"
#include "input/png.h"

bool ct_is_folder(const char *path)
{
    struct stat status;
    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* ---- the names ---- */

typedef struct ct_names {
    char **name;
    size_t count, room, png; /* how many end in .png; the others end in .pgm */
} ct_names;

static void names_free(ct_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        ct_free(names->name[i]);
    ct_free(names->name);
}

static bool ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), size = strlen(end);
    return length > size && !strcasecmp(name + length - size, end);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static cutropy_status list_names(const char *path, ct_names *out)
{
    cutropy_status status = CUTROPY_OK;
    DIR *folder = opendir(path);
    if (!folder)
        return ct_fail(CUTROPY_EIO, "cannot open %s: %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') /* hidden; ._NAME.pgm of macOS is no image */
            continue;
        const bool png = ends_with(entry->d_name, ".png");
        if (!png && !ends_with(entry->d_name, ".pgm"))
            continue;
        CT_TRY(ct_array_room("names", &out->name, out->count, &out->room, 1, sizeof *out->name));
        out->name[out->count] = ct_strdup(entry->d_name);
        if (!out->name[out->count])
            CT_TRY(ct_fail_memory("name", strlen(entry->d_name) + 1));
        out->count++;
        out->png += png;
    }
    if (out->count)
        qsort(out->name, out->count, sizeof *out->name, compare_names);
done:
    closedir(folder);
    return status;
}

/* ---- the files ---- */

/* Nobody may ever write into a FIFO. */
static cutropy_status check_regular(const char *path)
{
    struct stat info;
    if (stat(path, &info))
        return ct_fail(CUTROPY_EIO, "cannot open %s: %s", path, strerror(errno));
    return S_ISREG(info.st_mode)
               ? CUTROPY_OK
               : ct_fail(CUTROPY_EINPUT, "%s: not a regular file; take it out of the folder", path);
}

static cutropy_status add_file(const char *folder, const ct_names *names, size_t number,
                               ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    const char *name = names->name[number];
    const size_t length = strlen(folder) + strlen(name) + 2;
    uint8_t *bytes = NULL;
    char *path = NULL;
    size_t size;
    ct_grey one = {0};
    CT_NEW(path, length);
    snprintf(path, length, "%s/%s", folder, name);
    CT_TRY(check_regular(path));
    CT_TRY(ct_read_file(path, &bytes, &size));
    CT_TRY((names->png ? ct_png_parse : ct_pgm_parse)(bytes, size, path, &one));
    if (!number) {
        *out = (ct_grey){.pixels = one.pixels, .lx = one.lx, .ly = one.ly, .scale = one.scale};
        CT_NEW(out->value, names->count * (size_t)one.pixels);
    }
    if (one.lx != out->lx || one.ly != out->ly || one.scale != out->scale)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: %dx%d pixels up to %g, the first image has %dx%d up to %g", path,
                       one.lx, one.ly, one.scale, out->lx, out->ly, out->scale));
    memcpy(out->value + number * (size_t)out->pixels, one.value,
           (size_t)out->pixels * sizeof *one.value);
    out->count = (int64_t)number + 1;
done:
    ct_grey_free(&one);
    ct_free(path);
    ct_free(bytes);
    return status;
}

cutropy_status ct_grey_folder(const char *path, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_names names = {0};
    *out = (ct_grey){0};
    CT_TRY(list_names(path, &names));
    if (!names.count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: a folder without files NAME.pgm or NAME.png", path));
    if (names.png && names.png < names.count)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: a folder with PGM and PNG files: keep one kind, or an image may be "
                       "read twice",
                       path));
    for (size_t i = 0; i < names.count; i++)
        CT_TRY(add_file(path, &names, i, out));
done:
    names_free(&names);
    if (status != CUTROPY_OK)
        ct_grey_free(out);
    return status;
}
