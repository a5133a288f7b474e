/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define OLD (7 * 24 * 3600) /* seconds; longer than a text is in use */
#define WORK "work-"
#define PASSING "cutropy-ctext" /* a name that nobody gives to a folder of his own */
#define LARGEST_FILE (16 << 20) /* bytes of a file that is read */

char *ct_folder_join(const char *folder, const char *name, const char *end)
{
    const size_t room = strlen(folder) + strlen(name) + strlen(end) + 2;
    char *path = ct_alloc(room, 1);
    if (path)
        snprintf(path, room, "%s/%s%s", folder, name, end);
    return path;
}

/* Could others put another folder in its place? (In one with the sticky bit, as /tmp, they cannot.) */
static bool is_exposed(const char *path)
{
    struct stat info;
    char *parent = ct_strdup(path);
    bool exposed = !parent;
    for (char *slash; !exposed && (slash = strrchr(parent, '/')) != NULL;) {
        *slash = 0;
        exposed = stat(*parent ? parent : "/", &info) ||
                  ((info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX));
    }
    ct_free(parent);
    return exposed;
}

/* Ours alone, and programs may be run from it? Then what lies there was compiled for us. */
static bool is_safe(const char *path)
{
    struct stat info;
    struct statvfs system;
    return !statvfs(path, &system) && !(system.f_flag & ST_NOEXEC) && !is_exposed(path) &&
           !lstat(path, &info) && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
           !(info.st_mode & (S_IWGRP | S_IWOTH)) && !access(path, R_OK | W_OK | X_OK);
}

/* Makes the folder and those it lies in. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        const bool failed = mkdir(path, 0700) && errno != EEXIST;
        *slash = '/';
        if (failed)
            return false;
    }
    return !mkdir(path, 0700) || errno == EEXIST;
}

/* NULL: the user has none that can be used. */
static char *kept_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    const bool own = cache && *cache == '/';
    if (!own && !(home && *home == '/'))
        return NULL;
    char *path = ct_folder_join(own ? cache : home, own ? "cutropy" : ".cache/cutropy", "");
    if (path && make_folders(path) && is_safe(path))
        return path;
    ct_free(path);
    return NULL;
}

static cutropy_status make_inside(const char *folder, const char *name, char **path)
{
    *path = ct_folder_join(folder, name, "-XXXXXX");
    if (!*path)
        return ct_fail_memory("path", 0);
    if (mkdtemp(*path))
        return CUTROPY_OK;
    const cutropy_status status =
        ct_fail(CUTROPY_EIO, "cannot make a folder in %s: %s", folder, strerror(errno));
    ct_free(*path);
    *path = NULL;
    return status;
}

/* What compilers and programs that were killed left, in folders of ours whose names begin like this. */
static void drop_old(const char *folder, const char *start)
{
    DIR *files = opendir(folder);
    const time_t now = time(NULL);
    const struct dirent *entry;
    struct stat info;
    while (files && (entry = readdir(files)) != NULL)
        if (!strncmp(entry->d_name, start, strlen(start)) &&
            !fstatat(dirfd(files), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) &&
            S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
            !(info.st_mode & (S_IRWXG | S_IRWXO)) && now - info.st_mtime > OLD) {
            char *old = ct_folder_join(folder, entry->d_name, "");
            if (old && strcmp(start, WORK) != 0) /* with such folders in it */
                drop_old(old, WORK);
            ct_folder_drop(old);
        }
    if (files)
        closedir(files);
}

cutropy_status ct_folder_open(ct_folder *out)
{
    const char *place = getenv("TMPDIR");
    *out = (ct_folder){.path = kept_folder()};
    if (out->path) {
        drop_old(out->path, WORK);
        return CUTROPY_OK;
    }
    out->passing = true;
    if (!place || *place != '/')
        place = "/tmp";
    drop_old(place, PASSING "-");
    return make_inside(place, PASSING, &out->path);
}

void ct_folder_drop(char *path)
{
    DIR *files = path ? opendir(path) : NULL;
    const struct dirent *entry;
    while (files && (entry = readdir(files)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(files), entry->d_name, 0);
    if (files)
        closedir(files);
    if (path)
        (void)rmdir(path);
    ct_free(path);
}

void ct_folder_close(ct_folder *folder)
{
    if (folder->passing)
        ct_folder_drop(folder->path);
    else
        ct_free(folder->path);
    *folder = (ct_folder){0};
}

cutropy_status ct_folder_work(const ct_folder *folder, char **path)
{
    return make_inside(folder->path, "work", path);
}

bool ct_folder_owns(const char *path)
{
    struct stat info;
    return !lstat(path, &info) && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
           !(info.st_mode & (S_IWGRP | S_IWOTH));
}

char *ct_folder_read_bytes(const char *path, size_t *size)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    *size = 0;
    if (file && !fstat(fileno(file), &info) && S_ISREG(info.st_mode) && info.st_size < LARGEST_FILE)
        text = ct_alloc((size_t)info.st_size + 1, 1);
    if (text) {
        *size = fread(text, 1, (size_t)info.st_size, file);
        text[*size] = 0;
    }
    if (file)
        (void)fclose(file);
    return text;
}

char *ct_folder_read(const char *path)
{
    size_t size;
    return ct_folder_read_bytes(path, &size);
}

bool ct_folder_has(const char *output, const char *source, const char *text)
{
    if (!ct_folder_owns(output) || !ct_folder_owns(source))
        return false;
    char *before = ct_folder_read(source);
    const bool same = before && !strcmp(before, text);
    ct_free(before);
    return same;
}

cutropy_status ct_folder_keep(const char *made, const char *of, const char *output,
                              const char *source)
{
    if (chmod(made, 0700) || chmod(of, 0600) || rename(made, output) || rename(of, source))
        return ct_fail(CUTROPY_EIO, "cannot write %s: %s", output, strerror(errno));
    return CUTROPY_OK;
}

cutropy_status ct_folder_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot write %s: %s", path, strerror(errno));
    const bool failed = fputs(text, file) < 0;
    if (fclose(file) || failed)
        return ct_fail(CUTROPY_EIO, "cannot write %s: %s", path, strerror(errno));
    return CUTROPY_OK;
}
