/* SPDX-License-Identifier: Apache-2.0 */
#include "input/pgm.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <cutropy/lattice.h>

#include "base/array.h"
#include "input/bytes.h"

bool ct_is_folder(const char *path)
{
    struct stat status;
    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* ---- the names ---- */

typedef struct ct_names {
    char **name;
    size_t count, room;
    bool png; /* there are such files */
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
        out->png = out->png || ends_with(entry->d_name, ".png");
        if (!ends_with(entry->d_name, ".pgm"))
            continue;
        CT_TRY(ct_array_room("names", &out->name, out->count, &out->room, 1, sizeof *out->name));
        out->name[out->count] = ct_strdup(entry->d_name);
        if (!out->name[out->count])
            CT_TRY(ct_fail_memory("name", strlen(entry->d_name) + 1));
        out->count++;
    }
    if (out->count)
        qsort(out->name, out->count, sizeof *out->name, compare_names);
done:
    closedir(folder);
    return status;
}

/* ---- one file ---- */

typedef struct ct_pgm {
    const char *name;
    const uint8_t *at, *end;
    bool plain; /* P2 */
    int width, height, largest;
} ct_pgm;

static bool is_blank(uint8_t byte)
{
    return byte && strchr(" \t\r\n\v\f", byte);
}

/* Blanks and comments, up to the next number. */
static void skip_blanks(ct_pgm *p)
{
    while (p->at < p->end && (*p->at == '#' || is_blank(*p->at))) {
        if (*p->at == '#')
            while (p->at < p->end && *p->at != '\n' && *p->at != '\r')
                p->at++;
        else
            p->at++;
    }
}

/* The next number; blanks and comments stand before it. -1: there is none up to `most`. */
static int next_number(ct_pgm *p, int most)
{
    int value = 0, digits = 0;
    skip_blanks(p);
    for (; p->at < p->end && *p->at >= '0' && *p->at <= '9' && value <= most; p->at++, digits++)
        value = 10 * value + (*p->at - '0');
    return digits && value <= most ? value : -1;
}

static cutropy_status read_header(ct_pgm *p)
{
    if (p->end - p->at < 3 || p->at[0] != 'P' || (p->at[1] != '2' && p->at[1] != '5') ||
        (!is_blank(p->at[2]) && p->at[2] != '#'))
        return ct_fail(CUTROPY_EINPUT, "%s: no PGM file (P2 or P5)", p->name);
    p->plain = p->at[1] == '2';
    p->at += 2;
    p->width = next_number(p, CUTROPY_MAX_PIXELS);
    p->height = next_number(p, CUTROPY_MAX_PIXELS);
    p->largest = next_number(p, 65535);
    if (p->width < 1 || p->height < 1 || p->width * p->height > CUTROPY_MAX_PIXELS ||
        p->largest < 1)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: width, height and largest value are expected, at most %d pixels and 65535",
            p->name, CUTROPY_MAX_PIXELS);
    if (p->plain)
        return CUTROPY_OK;
    /* One blank. CR may be half an end of a line, and a comment would look like pixels. */
    if (p->at < p->end && (*p->at == '\r' || !is_blank(*p->at)))
        return ct_fail(
            CUTROPY_EINPUT, "%s: a blank or LF is expected after the largest value, not %s",
            p->name, *p->at == '\r' ? "CR (lines end in CR LF: save them with LF)" : "other bytes");
    p->at += p->at < p->end;
    return CUTROPY_OK;
}

static cutropy_status read_pixels(ct_pgm *p, double *out)
{
    const int pixels = p->width * p->height, bytes = p->largest > 255 ? 2 : 1;
    if (!p->plain && p->end - p->at < (ptrdiff_t)pixels * bytes)
        return ct_fail(CUTROPY_EINPUT, "%s: cut short: %d pixels of %d bytes are expected", p->name,
                       pixels, bytes);
    for (int i = 0; i < pixels; i++) {
        int value;
        if (p->plain) {
            value = next_number(p, p->largest);
        } else {
            value = bytes == 2 ? p->at[0] << 8 | p->at[1] : p->at[0];
            p->at += bytes;
        }
        if (value < 0 || value > p->largest)
            return ct_fail(CUTROPY_EINPUT, "%s: pixel %d is missing or above %d", p->name, i,
                           p->largest);
        out[i] = value;
    }
    if (p->plain)
        skip_blanks(p);
    if (p->at < p->end)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %td bytes after the %d pixels: one image a file is read, without "
                       "comments after the largest value",
                       p->name, p->end - p->at, pixels);
    return CUTROPY_OK;
}

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

static cutropy_status add_file(const char *folder, const char *name, size_t number, size_t count,
                               ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t length = strlen(folder) + strlen(name) + 2;
    uint8_t *bytes = NULL;
    char *path = NULL;
    size_t size;
    CT_NEW(path, length);
    snprintf(path, length, "%s/%s", folder, name);
    CT_TRY(check_regular(path));
    CT_TRY(ct_read_file(path, &bytes, &size));
    ct_pgm p = {.name = path, .at = bytes, .end = bytes + size};
    CT_TRY(read_header(&p));
    if (!number) {
        *out = (ct_grey){
            .pixels = p.width * p.height, .lx = p.width, .ly = p.height, .scale = p.largest};
        CT_NEW(out->value, count * (size_t)out->pixels);
    }
    if (p.width != out->lx || p.height != out->ly || p.largest != out->scale)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: %dx%d pixels up to %d, the first image has %dx%d up to %g", path,
                       p.width, p.height, p.largest, out->lx, out->ly, out->scale));
    CT_TRY(read_pixels(&p, out->value + number * (size_t)out->pixels));
    out->count = (int64_t)number + 1;
done:
    ct_free(path);
    ct_free(bytes);
    return status;
}

cutropy_status ct_pgm_folder(const char *path, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_names names = {0};
    *out = (ct_grey){0};
    CT_TRY(list_names(path, &names));
    if (!names.count)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: a folder without files NAME.pgm%s", path,
                    names.png ? "; PNG is not read: save the images as PGM or as one .npy" : ""));
    for (size_t i = 0; i < names.count; i++)
        CT_TRY(add_file(path, names.name[i], i, names.count, out));
done:
    names_free(&names);
    if (status != CUTROPY_OK)
        ct_grey_free(out);
    return status;
}
