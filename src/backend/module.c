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

/* Opened once and never closed: neither CUDA nor MPI survives it. */
typedef struct place {
    const char *title, *file; /* CUDA, cutropy-cuda.so */
    const char *variable;     /* of the environment, that names another file */
    const char *package;      /* of Python, that may hold it; NULL: none */
    const char *entry;
    const void *(*ask)(void *entry); /* its table; NULL: it is of another version */
    const void *module;
    char path[PATH_MAX];
    char reason[400];
} place;

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

static const void *ask_cuda(void *symbol)
{
    ct_module_entry_function entry;
    *(void **)&entry = symbol;
    return entry(CT_MODULE_ABI, &services);
}

static const void *ask_mpi(void *symbol)
{
    ct_mpi_module_entry_function entry;
    *(void **)&entry = symbol;
    return entry(CT_MPI_MODULE_ABI);
}

static place cuda = {.title = "CUDA",
                     .file = "cutropy-cuda.so",
                     .variable = "CUTROPY_CUDA_MODULE",
                     .package = "cutropy_cu13/",
                     .entry = CT_MODULE_ENTRY,
                     .ask = ask_cuda};
static place mpi = {.title = "MPI",
                    .file = "cutropy-mpi.so",
                    .variable = "CUTROPY_MPI_MODULE",
                    .entry = CT_MPI_MODULE_ENTRY,
                    .ask = ask_mpi};

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
static bool try_file(place *p, const char *name)
{
    void *handle, *entry;
    char path[PATH_MAX];
    if (!realpath(name, path))
        return false;
    if (!may_open(path)) {
        snprintf(p->reason, sizeof p->reason,
                 "the %s module %.250s is not opened: it and its folder must belong to you or to "
                 "root, and nobody else may write there",
                 p->title, path);
        return true;
    }
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(p->reason, sizeof p->reason, "the %s module does not load: %s", p->title,
                 dlerror());
        return true;
    }
    entry = dlsym(handle, p->entry);
    p->module = entry ? p->ask(entry) : NULL;
    if (!p->module) {
        snprintf(p->reason, sizeof p->reason, "the %s module %.300s belongs to another version",
                 p->title, path);
        dlclose(handle);
        return true;
    }
    snprintf(p->path, sizeof p->path, "%s", path);
    return true;
}

/* Beside the file `object` and in the places that an installation gives it. */
static bool try_around(place *p, const char *object)
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
        snprintf(path, sizeof path, "%s%s%s", folder, places[i], p->file);
        if (try_file(p, path))
            return true;
    }
    return false;
}

static bool try_package(place *p)
{
    char site[PATH_MAX], name[64];
    if (!p->package)
        return false;
    snprintf(name, sizeof name, "%s%s", p->package, p->file);
    return ct_site_find(name, site, sizeof site) && try_file(p, site);
}

static void search(place *p)
{
    const char *named = getenv(p->variable);
    char installed[PATH_MAX];
    Dl_info here;
    if (named) {
        if (!try_file(p, named))
            snprintf(p->reason, sizeof p->reason, "%s: there is no file '%.300s'", p->variable,
                     named);
        return;
    }
    snprintf(installed, sizeof installed, "%s/%s", CUTROPY_MODULE_DIR, p->file);
    if ((dladdr((const void *)&services, &here) && here.dli_fname &&
         try_around(p, here.dli_fname)) ||
        try_around(p, "/proc/self/exe") || try_package(p) || try_file(p, installed))
        return;
    snprintf(p->reason, sizeof p->reason, "the %s module (%s) is not there: this build has none",
             p->title, p->file);
}

static void search_cuda(void)
{
    search(&cuda);
}

static void search_mpi(void)
{
    search(&mpi);
}

cutropy_status ct_module_open(const ct_module **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, search_cuda);
    *out = cuda.module;
    return cuda.module ? CUTROPY_OK : ct_fail(CUTROPY_EUNSUPPORTED, "%s", cuda.reason);
}

cutropy_status ct_mpi_module_open(const ct_mpi_module **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, search_mpi);
    *out = mpi.module;
    return mpi.module ? CUTROPY_OK : ct_fail(CUTROPY_EUNSUPPORTED, "%s", mpi.reason);
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
    return cuda.path;
}

const char *ct_mpi_module_path(void)
{
    return mpi.path;
}
