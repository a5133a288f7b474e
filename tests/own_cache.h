/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of the test's own in place of the user's cache of compiled texts. */
#ifndef OWN_CACHE_H
#define OWN_CACHE_H

#include <stdbool.h>

#include "own_folder.h"

/* Once; it goes when the program ends. true: it has just been made. */
static bool own_cache(void)
{
    if (*folder)
        return false;
    make_folder();
    atexit(remove_folder);
    setenv("XDG_CACHE_HOME", folder, 1);
    return true;
}

#endif
