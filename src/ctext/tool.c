/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/spawn.h"

#define MOST_MEMORY ((rlim_t)4 << 30)
#define MOST_FILE ((rlim_t)64 << 20)

extern char **environ;

static bool is_program(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISREG(info.st_mode) && !access(path, X_OK);
}

bool ct_tool_find(const char *name, char *path, size_t size)
{
    const char *folders = getenv("PATH");
    if (strchr(name, '/'))
        return (size_t)snprintf(path, size, "%s", name) < size && is_program(path);
    for (const char *p = folders ? folders : "/usr/bin:/bin"; *p;) {
        const size_t length = strcspn(p, ":");
        if (length && (size_t)snprintf(path, size, "%.*s/%s", (int)length, p, name) < size &&
            is_program(path))
            return true;
        p += length + (p[length] == ':');
    }
    return false;
}

/* The environment with LC_ALL=C; the entries stay the environment's. Free with ct_free. */
static char **plain_environment(void)
{
    static char language[] = "LC_ALL=C";
    size_t count = 0, kept = 0;
    while (environ && environ[count])
        count++;
    char **out = ct_alloc(count + 2, sizeof *out);
    for (size_t i = 0; out && i < count; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0)
            out[kept++] = environ[i];
    if (out) {
        out[kept++] = language;
        out[kept] = NULL;
    }
    return out;
}

/* 0 or an errno. */
static int start(const char *const *argv, const char *output, char **environment, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC,
                                                  0600);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (!failed)
        failed =
            ct_spawn(argv[0], (char *const *)(uintptr_t)argv, environment, &actions, true, child);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* -3: errno says why it is not known. */
static int wait_for(pid_t child, int seconds)
{
    const double end = ct_now() + seconds;
    const struct timespec pause = {.tv_nsec = 500000};
    int status = 0;
    for (;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (ended < 0 && errno != EINTR)
            return -3;
        if (ct_now() > end)
            break;
        nanosleep(&pause, NULL);
    }
    kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return -2;
}

cutropy_status ct_tool_run(const char *const *argv, const char *output, int seconds, int *code)
{
    const struct rlimit memory = {MOST_MEMORY, MOST_MEMORY}, file = {MOST_FILE, MOST_FILE};
    pid_t child = 0;
    char **environment = plain_environment();
    if (!environment)
        return ct_fail_memory("environment", 0);
    const int failed = start(argv, output, environment, &child);
    ct_free(environment);
    if (failed)
        return ct_fail(CUTROPY_EIO, "cannot run %s: %s", argv[0], strerror(failed));
    (void)prlimit(child, RLIMIT_AS, &memory, NULL); /* early enough for what it starts itself */
    (void)prlimit(child, RLIMIT_FSIZE, &file, NULL);
    *code = wait_for(child, seconds);
    if (*code == -3)
        return ct_fail(
            CUTROPY_EIO,
            "cannot see how %s ended: %s (this process ignores SIGCHLD, or waits for all "
            "its children: let it not)",
            argv[0], strerror(errno));
    return CUTROPY_OK;
}
