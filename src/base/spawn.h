/* SPDX-License-Identifier: Apache-2.0 */
/* Starting another program: an argument vector, no shell. */
#ifndef CT_SPAWN_H
#define CT_SPAWN_H

#include <spawn.h>
#include <stdbool.h>

/* program: a path, or a name that PATH finds. No signal is blocked there, and all have their standard
 * answers, whatever is ignored here. group: it leads a group of its own, so that Ctrl-C is not for it and
 * all that it starts can be ended with it. 0 or an errno. */
int ct_spawn(const char *program, char *const *arguments, char *const *environment,
             const posix_spawn_file_actions_t *actions, bool group, pid_t *child);

#endif
