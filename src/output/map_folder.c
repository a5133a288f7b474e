/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of a map: which files it has, and whether it is one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/function/result.h"
#include "output/map_files.h"
#include "sheet/save.h"
#include "sheet/staging.h"

static void add(ct_map_files *files, const char *name, const char *ending)
{
    char *text = files->text[files->count];
    snprintf(text, CT_MAP_FILE_SIZE, "%s%s", name, ending);
    files->name[files->count++] = text;
}

void ct_map_list_files(ct_map_files *out)
{
    out->count = 0;
    for (size_t i = 0; i < ct_map_table_count; i++)
        add(out, ct_map_tables[i].file, "");
    add(out, "style", ".gp");
    for (size_t i = 0; i < ct_map_picture_count; i++) {
        add(out, ct_map_pictures[i].name, ".gp");
        add(out, ct_map_pictures[i].name, ".svg");
        add(out, ct_map_pictures[i].name, "-narrow.svg");
        add(out, ct_map_pictures[i].name, ".png");
    }
    add(out, "report", ".html");
    add(out, CT_MAP_MARKER, "");
}

/* ---- the marker ---- */

typedef struct marker {
    const cutropy_map *map;
    bool complete;
} marker;

static cutropy_status write_marker(FILE *file, void *context)
{
    const marker *m = context;
    json_t *problem = json_string(m->map->result->problem);
    json_t *root = json_pack("{s:s, s:o, s:s, s:b}", "cutropy", cutropy_version(), "problem",
                             problem ? problem : json_null(), /* a path that is not UTF-8 */
                             "lattice", m->map->result->lattice, "complete", m->complete);
    if (!root)
        return ct_fail_memory(CT_MAP_MARKER, 0);
    const bool failed = json_dumpf(root, file, JSON_INDENT(1)) || putc('\n', file) == EOF;
    json_decref(root);
    return failed ? CUTROPY_EIO : CUTROPY_OK;
}

cutropy_status ct_map_mark(const cutropy_map *map, const char *folder, bool complete)
{
    cutropy_status status = CUTROPY_OK;
    const size_t room = strlen(folder) + sizeof CT_MAP_MARKER + 1;
    marker m = {map, complete};
    char *path = NULL;
    CT_NEW(path, room);
    snprintf(path, room, "%s/" CT_MAP_MARKER, folder);
    CT_TRY(ct_save(path, write_marker, &m));
done:
    ct_free(path);
    return status;
}

/* ---- is it one? ---- */

static bool has(int folder, const char *name)
{
    return !faccessat(folder, name, F_OK, 0);
}

/* Nothing in it but entries called `allowed` (NULL: none). */
static bool is_empty(int folder, const char *allowed)
{
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    bool empty = entries != NULL;
    while (empty && (entry = readdir(entries)) != NULL)
        empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
                (allowed && !strcmp(entry->d_name, allowed));
    if (entries)
        closedir(entries);
    else if (copy >= 0)
        close(copy);
    return empty;
}

/* A map (one of an older version has no marker), one that was stopped, or nothing at all. */
static bool is_usable(int folder)
{
    const bool map =
        has(folder, CT_MAP_MARKER) || (has(folder, "report.html") && has(folder, "style.gp"));
    if (!map && !is_empty(folder, CT_STAGE))
        return false;
    const int stage = openat(folder, CT_STAGE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stage < 0)
        return errno == ENOENT;
    const bool usable = has(stage, CT_MAP_MARKER) || is_empty(stage, NULL);
    close(stage);
    return usable;
}

cutropy_status cutropy_map_save_check(const char *path)
{
    struct stat state;
    if (!*path || (stat(path, &state) && errno != ENOENT))
        return ct_fail(CUTROPY_EIO, "cannot make the folder '%s': %s", path,
                       strerror(*path ? errno : ENOENT));
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 && errno == ENOENT)
        return CUTROPY_OK;
    if (folder < 0 && errno == ENOTDIR)
        return ct_fail(CUTROPY_EIO, "cannot write into '%s': it is not a folder", path);
    if (folder < 0 || access(path, W_OK | X_OK)) {
        const int reason = errno;
        if (folder >= 0)
            close(folder);
        return ct_fail(CUTROPY_EIO, "cannot write into '%s': %s", path, strerror(reason));
    }
    const bool usable = is_usable(folder);
    close(folder);
    if (!usable)
        return ct_fail(CUTROPY_EINPUT,
                       "'%s' holds something else than a map: name a new or an empty folder", path);
    return CUTROPY_OK;
}
