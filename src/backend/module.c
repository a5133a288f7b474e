/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/site.h"

#define MODULE_FILE "cutropy-cuda.so"

/* Opened once and never closed: CUDA does not survive it. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const ct_module *module;
static char module_path[PATH_MAX];
static char reason[400];

static cutropy_status fail_with(cutropy_status status, const char *text)
{
    return ct_error_restore(status, text);
}

static const ct_host_services services = {.fail = fail_with,
                                          .error_save = ct_error_save,
                                          .alloc = ct_alloc,
                                          .calloc = ct_calloc,
                                          .free = ct_free,
                                          .cpu = ct_operations_cpu};

/* It belongs to the user or to root, and nobody else can write there: what is opened here runs as
 * the user. A group of the owner's own (Debian's way: its number is the owner's) is nobody else. */
static bool is_trusted(const char *path)
{
    struct stat s;
    if (stat(path, &s) || (s.st_uid != 0 && s.st_uid != geteuid()))
        return false;
    return !(s.st_mode & S_IWOTH) && (!(s.st_mode & S_IWGRP) || s.st_gid == s.st_uid);
}

/* The file and its folder. */
static bool may_open(const char *file)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(file, '/') - file) + 1, file);
    return is_trusted(file) && is_trusted(folder);
}

/* True: there is a module at name, good or not, and the search ends. */
static bool try_file(const char *name)
{
    void *handle;
    ct_module_entry_function entry;
    char path[PATH_MAX];
    if (!realpath(name, path))
        return false;
    if (!may_open(path)) {
        snprintf(reason, sizeof reason,
                 "the CUDA module %.250s is not opened: it and its folder must belong to you or to "
                 "root, and nobody else may write there",
                 path);
        return true;
    }
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(reason, sizeof reason, "the CUDA module does not load: %s", dlerror());
        return true;
    }
    *(void **)&entry = dlsym(handle, CT_MODULE_ENTRY);
    module = entry ? entry(CT_MODULE_ABI, &services) : NULL;
    if (!module) {
        snprintf(reason, sizeof reason, "the CUDA module %.300s belongs to another version", path);
        dlclose(handle);
        return true;
    }
    snprintf(module_path, sizeof module_path, "%s", path);
    return true;
}

/* Beside the file `object` and in the places that an installation gives it. */
static bool try_around(const char *object)
{
    static const char *const places[] = {"", "cutropy/", "../lib/cutropy/",
                                         "../" CUTROPY_LIBDIR "/cutropy/"};
    char folder[PATH_MAX], path[PATH_MAX + 64];
    char *end;
    if (!realpath(object, folder))
        return false;
    end = strrchr(folder, '/');
    if (!end)
        return false;
    end[1] = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, sizeof path, "%s%s%s", folder, places[i], MODULE_FILE);
        if (try_file(path))
            return true;
    }
    return false;
}

static void search(void)
{
    const char *named = getenv("CUTROPY_CUDA_MODULE");
    char site[PATH_MAX];
    Dl_info here;
    if (named) {
        if (!try_file(named))
            snprintf(reason, sizeof reason, "CUTROPY_CUDA_MODULE: there is no file '%.300s'",
                     named);
        return;
    }
    if ((dladdr((const void *)&services, &here) && here.dli_fname && try_around(here.dli_fname)) ||
        try_around("/proc/self/exe") ||
        (ct_site_find("cutropy_cu13/" MODULE_FILE, site, sizeof site) && try_file(site)) ||
        try_file(CUTROPY_MODULE_DIR "/" MODULE_FILE))
        return;
    snprintf(reason, sizeof reason,
             "the CUDA module (" MODULE_FILE ") is not there: this build has none");
}

cutropy_status ct_module_open(const ct_module **out)
{
    pthread_once(&once, search);
    *out = module;
    return module ? CUTROPY_OK : ct_fail(CUTROPY_EUNSUPPORTED, "%s", reason);
}

bool ct_module_can_help(void)
{
    void *driver;
    if (getenv("CUTROPY_CUDA_MODULE"))
        return true; /* it may bring its own */
    driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver)
        dlclose(driver);
    return driver != NULL;
}

const char *ct_module_path(void)
{
    pthread_once(&once, search);
    return module_path;
}
