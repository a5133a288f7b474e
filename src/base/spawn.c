/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spawn.h"

#include <signal.h>

int ct_spawn(const char *program, char *const *arguments, char *const *environment,
             const posix_spawn_file_actions_t *actions, bool group, pid_t *child)
{
    const int flags =
        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (group ? POSIX_SPAWN_SETPGROUP : 0);
    posix_spawnattr_t attributes;
    sigset_t none, standard;
    int failed = posix_spawnattr_init(&attributes);
    if (failed)
        return failed;
    sigemptyset(&none);
    sigfillset(&standard);
    failed = posix_spawnattr_setflags(&attributes, (short)flags);
    if (!failed)
        failed = posix_spawnattr_setsigmask(&attributes, &none);
    if (!failed)
        failed = posix_spawnattr_setsigdefault(&attributes, &standard);
    if (!failed)
        failed = posix_spawnp(child, program, actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    return failed;
}
