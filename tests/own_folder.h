/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of the test's own. */
#ifndef OWN_FOLDER_H
#define OWN_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static inline void make_folder(void)
{
    strcpy(folder, "/tmp/cutropy-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        printf("%s stays\n", folder);
}

/* The test stands in it meanwhile. */
static inline void enter_folder(void)
{
    make_folder();
    ck_assert_int_eq(chdir(folder), 0);
}

static inline void leave_folder(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    remove_folder();
}

#endif
