/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries that the program opens when it needs them. OpenBLAS would start a thread for every core:
 * that the program wants one, it reads from the environment when it is opened. */
#include "cli/lazy.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/blas_room.h"

#define OPENBLAS_BYTES ((size_t)96 << 20) /* of address space: the library and what it needs */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *openblas; /* its handle, once it is open */

__attribute__((constructor)) static void want_one_thread(void)
{
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
}

static void give_up(const char *library, const char *why)
{
    char line[700];
    const bool limited = ct_is_room_limited();
    const int length = snprintf(line, sizeof line,
                                "cutropy: %sthis needs %s, which cannot be opened (%.400s): %s\n",
                                ct_cli_who, library, why,
                                limited ? "raise the limit of address space (ulimit -v)"
                                        : "install it, or build cutropy with what is here");
    const ssize_t written = write(ct_cli_voice, line, (size_t)length);
    (void)written;
    _exit(limited ? CUTROPY_EMEMORY : CUTROPY_EUNSUPPORTED); /* not exit: other threads work */
}

static bool is_openblas(const ct_lazy_group *group)
{
    return !strcmp(group->title, "OpenBLAS");
}

/* OpenBLAS takes the kernels of Prescott (SSE3) for every processor younger than itself: a fifth of the speed, measured with
 * 0.3.21 on one of 2023. The kernels it should take; NULL: its own choice, or the user's, stands. */
static const char *missed_kernels(void *library)
{
    char *(*core)(void) = NULL;
    void *found = dlsym(library, "openblas_get_corename");
    memcpy(&core, &found, sizeof core);
    if (!core || getenv("OPENBLAS_CORETYPE") || strcmp(core(), "Prescott") != 0)
        return NULL;
#if defined __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return "Haswell";
#endif
    return NULL;
}

static void *open_library(const char *name, const char *file)
{
    void *handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    return handle ? handle : dlopen(file, RTLD_LAZY | RTLD_LOCAL);
}

/* It reads the environment only when it is loaded: it is closed and opened again. No other thread uses it yet. */
static void *open_with_right_kernels(void *library, const char *name, const char *file)
{
    const char *kernels = missed_kernels(library);
    if (!kernels)
        return library;
    setenv("OPENBLAS_CORETYPE", kernels, 1);
    dlclose(library);
    return open_library(name, file);
}

static void open_group(const ct_lazy_group *group)
{
    void *handle[4] = {NULL};
    for (int i = 0; group->libraries[i]; i++) {
        const bool first = is_openblas(group) && i == 0;
        if (first)
            ct_try_blas_room(OPENBLAS_BYTES);
        handle[i] = open_library(group->libraries[i], group->files[i]);
        if (handle[i] && first)
            handle[i] = open_with_right_kernels(handle[i], group->libraries[i], group->files[i]);
        if (!handle[i])
            give_up(group->libraries[i], dlerror());
    }
    for (size_t k = group->first; k < group->last; k++) {
        void *function = NULL;
        for (int i = 0; group->libraries[i] && !function; i++)
            function = dlsym(handle[i], ct_lazy_names[k]);
        if (!function)
            give_up(ct_lazy_names[k], group->title);
        __atomic_store_n(&ct_lazy_slot[k], function, __ATOMIC_RELEASE);
    }
    if (is_openblas(group))
        __atomic_store_n(&openblas, handle[0], __ATOMIC_RELEASE);
}

void *ct_lazy_open(size_t number)
{
    const ct_lazy_group *group = ct_lazy_groups;
    while (number >= group->last)
        group++;
    pthread_mutex_lock(&lock);
    if (!ct_lazy_slot[number])
        open_group(group);
    pthread_mutex_unlock(&lock);
    return ct_lazy_slot[number];
}

void ct_open_openblas(void)
{
    for (const ct_lazy_group *group = ct_lazy_groups; group->title; group++)
        if (is_openblas(group))
            (void)ct_lazy_open(group->first);
}

/* ---- questions about OpenBLAS that do not open it ---- */

int openblas_get_num_threads(void);
void openblas_set_num_threads(int threads);
char *openblas_get_config(void);

/* The function in OpenBLAS; NULL: that is not open. */
static void *of_openblas(const char *name)
{
    void *handle = __atomic_load_n(&openblas, __ATOMIC_ACQUIRE);
    return handle ? dlsym(handle, name) : NULL;
}

int openblas_get_num_threads(void)
{
    int (*function)(void) = NULL;
    void *found = of_openblas("openblas_get_num_threads");
    memcpy(&function, &found, sizeof function);
    return function ? function() : 1;
}

void openblas_set_num_threads(int threads)
{
    void (*function)(int) = NULL;
    void *found = of_openblas("openblas_set_num_threads");
    memcpy(&function, &found, sizeof function);
    if (function)
        function(threads);
}

char *openblas_get_config(void)
{
    static char unused[] = "OpenBLAS (not used)";
    char *(*function)(void) = NULL;
    void *found = of_openblas("openblas_get_config");
    memcpy(&function, &found, sizeof function);
    return function ? function() : unused;
}
