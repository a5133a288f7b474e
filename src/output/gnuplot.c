/* SPDX-License-Identifier: Apache-2.0 */
/* gnuplot as a child process: an argument vector, no shell. */
#include "output/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "base/spawn.h"

extern char **environ;

#define SAID 4096

static cutropy_status system_error(const char *script, int reason)
{
    return ct_fail(CUTROPY_EIO, "cannot run gnuplot on %s: %s", script, strerror(reason));
}

/* 0 or an errno. */
static int spawn(const char *folder, const char *script, int error_pipe[2], pid_t *child)
{
    char name[] = "gnuplot";
    char *const arguments[] = {name, (char *)script, NULL};
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, error_pipe[1], 2);
    if (!failed)
        failed = ct_spawn(name, arguments, environ, &actions, false, child);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* The beginning of what comes through the pipe; the rest is read and dropped. */
static void listen_to(int descriptor, char *said)
{
    char waste[512];
    size_t length = 0;
    for (;;) {
        bool room = length < SAID - 1;
        ssize_t got =
            read(descriptor, room ? said + length : waste, room ? SAID - 1 - length : sizeof waste);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += room ? (size_t)got : 0;
    }
    said[length] = '\0';
}

/* gnuplot shows the faulty line and a caret before the reason: keep the last line that says
 * something. */
static const char *reason_in(char *said)
{
    const char *reason = "it gave no reason";
    char *rest;
    for (char *line = strtok_r(said, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        line += strspn(line, " \t");
        if (*line && *line != '^')
            reason = line;
    }
    return reason;
}

cutropy_status ct_gnuplot(const char *folder, const char *script, bool *found)
{
    int error_pipe[2], state = 0;
    char said[SAID];
    pid_t child, ended;
    *found = true;
    if (pipe2(error_pipe, O_CLOEXEC))
        return system_error(script, errno);
    int failed = spawn(folder, script, error_pipe, &child);
    close(error_pipe[1]);
    if (!failed)
        listen_to(error_pipe[0], said);
    close(error_pipe[0]);
    if (failed == ENOENT && !access(folder, X_OK)) { /* not the folder: the program */
        *found = false;
        return CUTROPY_OK;
    }
    if (failed)
        return system_error(script, failed);
    do
        ended = waitpid(child, &state, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0)
        return system_error(script, errno);
    if (WIFSIGNALED(state))
        return ct_fail(CUTROPY_EIO, "gnuplot was stopped by signal %d in %s/%s", WTERMSIG(state),
                       folder, script);
    if (WEXITSTATUS(state))
        return ct_fail(CUTROPY_EIO, "gnuplot failed on %s/%s: %s", folder, script, reason_in(said));
    return CUTROPY_OK;
}
