/* SPDX-License-Identifier: Apache-2.0 */
#include "sheet/staging.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

#define LONGEST_NAME 64

/* Makes a folder and those above it; path comes back as it was. */
static bool make_folders(char *path)
{
    bool made = *path != 0;
    if (!made)
        errno = ENOENT;
    for (char *p = path + 1; made; p++) {
        if (*p && *p != '/')
            continue;
        const char kept = *p;
        *p = 0;
        made = !mkdir(path, 0777) || errno == EEXIST;
        *p = kept;
        if (!kept)
            break;
    }
    return made;
}

cutropy_status ct_make_folder(const char *folder)
{
    cutropy_status status = CUTROPY_OK;
    struct stat info;
    char *path = ct_strdup(folder);
    if (!path)
        return ct_fail_memory("path", strlen(folder) + 1);
    bool made = make_folders(path);
    if (made && (stat(path, &info) || !S_ISDIR(info.st_mode))) {
        errno = ENOTDIR;
        made = false;
    }
    if (!made)
        status = ct_fail(CUTROPY_EIO, "cannot make the folder '%s': %s", folder, strerror(errno));
    ct_free(path);
    return status;
}

static cutropy_status drop(const char *path)
{
    if (!unlink(path) || errno == ENOENT)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EIO, "cannot remove the old '%s': %s", path, strerror(errno));
}

cutropy_status ct_staging_open(const char *folder, const char *const *names, size_t count,
                               char **stage)
{
    cutropy_status status = CUTROPY_OK;
    const size_t room = strlen(folder) + sizeof CT_STAGE + LONGEST_NAME + 2;
    char *path = NULL, *file = NULL;
    *stage = NULL;
    CT_NEW(path, room);
    CT_NEW(file, room);
    snprintf(path, room, "%s/" CT_STAGE, folder);
    CT_TRY(ct_make_folder(*folder ? path : folder));
    if (access(path, W_OK | X_OK) || access(folder, W_OK | X_OK))
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot write into '%s': %s", folder, strerror(errno)));
    for (size_t i = 0; i < count; i++) {
        snprintf(file, room, "%s/%s", path, names[i]);
        CT_TRY(drop(file));
    }
    *stage = path;
    path = NULL;
done:
    ct_free(file);
    ct_free(path);
    return status;
}

cutropy_status ct_staging_publish(const char *folder, const char *const *names, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    const size_t room = strlen(folder) + sizeof CT_STAGE + LONGEST_NAME + 2;
    char *from = NULL, *to = NULL;
    CT_NEW(from, room);
    CT_NEW(to, room);
    for (size_t i = 0; i < count; i++) {
        snprintf(from, room, "%s/" CT_STAGE "/%s", folder, names[i]);
        snprintf(to, room, "%s/%s", folder, names[i]);
        if (!rename(from, to))
            continue;
        if (errno != ENOENT)
            CT_TRY(ct_fail(CUTROPY_EIO, "cannot write '%s': %s", to, strerror(errno)));
        CT_TRY(drop(to));
    }
    snprintf(from, room, "%s/" CT_STAGE, folder);
    rmdir(from);
done:
    ct_free(to);
    ct_free(from);
    return status;
}
