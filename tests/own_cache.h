/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of the test's own in place of the user's cache of compiled texts. */
#ifndef OWN_CACHE_H
#define OWN_CACHE_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        printf("%s stays\n", folder);
}

/* Once; it goes when the program ends. true: it has just been made. */
static bool own_cache(void)
{
    if (*folder)
        return false;
    strcpy(folder, "/tmp/cutropy-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    atexit(remove_folder);
    setenv("XDG_CACHE_HOME", folder, 1);
    return true;
}

#endif
