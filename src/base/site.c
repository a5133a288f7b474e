/* SPDX-License-Identifier: Apache-2.0 */
#include "base/site.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From the folder of the object (a library or a program) to site-packages. */
static const char *const ways[] = {
    "../..", /* cutropy/lib */ ".." /* programs of a wheel: cutropy.scripts */};

static bool try_object(const char *object, const char *file, char *path, size_t size)
{
    char folder[PATH_MAX], found[PATH_MAX];
    if (!realpath(object, folder))
        return false;
    *strrchr(folder, '/') = 0;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if ((size_t)snprintf(path, size, "%s/%s/%s", folder, ways[i], file) < size &&
            realpath(path, found) && strlen(found) < size) {
            strcpy(path, found);
            return true;
        }
    return false;
}

bool ct_site_find(const char *file, char *path, size_t size)
{
    Dl_info here;
    if (dladdr((const void *)ways, &here) && here.dli_fname &&
        try_object(here.dli_fname, file, path, size))
        return true;
    return try_object("/proc/self/exe", file, path, size);
}
