/* SPDX-License-Identifier: Apache-2.0 */
/* For LD_PRELOAD: dlopen finds no library whose name contains what the variable HIDDEN says. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

void *dlopen(const char *name, int mode)
{
    static void *(*real)(const char *, int);
    const char *hidden = getenv("HIDDEN");
    void *found = dlsym(RTLD_NEXT, "dlopen");
    memcpy(&real, &found, sizeof real);
    if (name && hidden && strstr(name, hidden))
        name = "libhidden.so.0";
    return real(name, mode);
}
