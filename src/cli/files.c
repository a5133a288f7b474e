/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/files.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cutropy/plot.h>
#include <cutropy/sheet.h>

#include "base/array.h"
#include "base/base.h"
#include "sheet/save.h"
#include "problem/problem.h"

void ct_files_free(ct_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        ct_free((char *)files->file[i].path);
    ct_free(files->file);
    *files = (ct_files){0};
}

/* FOLDER/NAME; free with ct_free, NULL: no memory. */
static char *join(const char *folder, size_t length, const char *name)
{
    const size_t room = length + strlen(name) + 2;
    char *path = ct_alloc(room, 1);
    if (path)
        snprintf(path, room, "%.*s/%s", (int)length, folder, name);
    return path;
}

/* Which file the path of `out` is; false: none that could be lost (a device, a pipe, nothing). */
static bool identify(ct_file *out)
{
    struct stat state;
    const char *slash = strrchr(out->path, '/');
    const int descriptor = ct_output_descriptor(out->path);
    if (descriptor >= 0 ? !fstat(descriptor, &state) : !stat(out->path, &state)) {
        out->device = state.st_dev;
        out->inode = state.st_ino;
        return S_ISREG(state.st_mode);
    }
    char *folder = join(slash ? out->path : ".", slash ? (size_t)(slash - out->path) : 1, ".");
    const bool found = descriptor < 0 && folder && !stat(folder, &state);
    ct_free(folder);
    out->name = slash ? slash + 1 : out->path;
    if (found) {
        out->device = state.st_dev;
        out->inode = state.st_ino;
    }
    return found;
}

static bool same(const ct_file *a, const ct_file *b)
{
    return a->device == b->device && a->inode == b->inode &&
           (a->name && b->name ? !strcmp(a->name, b->name) : a->name == b->name);
}

/* Takes over the path. */
static cutropy_status append(ct_files *files, const ct_file *file)
{
    const cutropy_status status = CT_ROOM("files", files->file, files->count, files->room, 1);
    if (status != CUTROPY_OK) {
        ct_free((char *)file->path);
        return status;
    }
    files->file[files->count++] = *file;
    return CUTROPY_OK;
}

static cutropy_status add_input(ct_files *files, char *path)
{
    ct_file file = {.path = path};
    if (!path)
        return ct_fail_memory("path", 0);
    if (!identify(&file) || file.name) {
        ct_free(path);
        return CUTROPY_OK;
    }
    const cutropy_status status = append(files, &file);
    files->reads = files->count;
    return status;
}

cutropy_status ct_files_read(ct_files *files, const char *path)
{
    cutropy_status status = path ? add_input(files, ct_strdup(path)) : CUTROPY_OK;
    DIR *folder = path ? opendir(path) : NULL;
    const struct dirent *entry;
    while (folder && status == CUTROPY_OK && (entry = readdir(folder)) != NULL)
        status = add_input(files, join(path, strlen(path), entry->d_name));
    if (folder)
        closedir(folder);
    return status;
}

cutropy_status ct_files_read_problem(ct_files *files, const cutropy_problem *problem,
                                     const char *cuts)
{
    cutropy_status status = CUTROPY_OK;
    char *list = NULL, *rest = NULL;
    CT_TRY(ct_files_read(files, problem->reads));
    if (!cuts)
        return CUTROPY_OK;
    list = ct_strdup(cuts);
    if (!list)
        CT_TRY(ct_fail_memory("cuts", strlen(cuts)));
    for (char *item = strtok_r(list, ",", &rest); item; item = strtok_r(NULL, ",", &rest))
        if (*item == '@')
            CT_TRY(ct_files_read(files, item + 1));
done:
    ct_free(list);
    return status;
}

cutropy_status ct_files_write(ct_files *files, const char *path)
{
    ct_file file = {.path = ct_strdup(path ? path : "/dev/stdout")};
    if (!file.path)
        return ct_fail_memory("path", 0);
    bool counts = identify(&file);
    for (size_t i = 0; counts && i < files->count; i++) {
        if (!same(&file, &files->file[i]))
            continue;
        const cutropy_status status = ct_fail(
            CUTROPY_EINPUT, "'%s' would be overwritten: it is %s%s%s; name another file",
            path ? path : "standard output", i < files->reads ? "read" : "also the output '",
            i < files->reads ? "" : files->file[i].path, i < files->reads ? " by this call" : "'");
        ct_free((char *)file.path);
        return status;
    }
    if (counts)
        return append(files, &file);
    ct_free((char *)file.path);
    return CUTROPY_OK;
}

cutropy_status ct_files_write_in(ct_files *files, const char *folder, const char *name)
{
    char *path = join(folder, strlen(folder), name);
    const cutropy_status status = path ? ct_files_write(files, path) : ct_fail_memory("path", 0);
    ct_free(path);
    return status;
}

cutropy_status ct_files_write_run(ct_files *files, const char *path)
{
    cutropy_status status = CUTROPY_OK;
    static const char *const beside[] = {".partial", ".journal"};
    char *other = NULL;
    CT_TRY(ct_files_write(files, path));
    for (int i = 0; path && i < 2; i++) {
        ct_free(other);
        CT_TRY(ct_beside_path(path, beside[i], &other));
        if (other)
            CT_TRY(ct_files_write(files, other));
    }
    if (path)
        CT_TRY(cutropy_save_check(path));
done:
    ct_free(other);
    return status;
}

cutropy_status ct_files_write_plot(ct_files *files, const char *path)
{
    const cutropy_status status = path ? ct_files_write(files, path) : CUTROPY_OK;
    return path && !status ? cutropy_plot_check(path) : status;
}
