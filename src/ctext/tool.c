/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
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
#define MOST_RUNNING 64
#define MOST_FILE ((rlim_t)64 << 20)
#define MOST_THREADS 4 /* a compiler may use some */

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

/* ---- those that run ---- */

static atomic_int running[MOST_RUNNING]; /* process groups; 0: a free place */

/* Beyond so many the others are not ended by ct_tool_end_all. */
static void note(pid_t child)
{
    for (int i = 0; i < MOST_RUNNING; i++) {
        int nobody = 0;
        if (atomic_compare_exchange_strong(&running[i], &nobody, child))
            return;
    }
}

/* Before its number is free for others. */
static void forget(pid_t child)
{
    for (int i = 0; i < MOST_RUNNING; i++) {
        int number = child;
        if (atomic_compare_exchange_strong(&running[i], &number, 0))
            return;
    }
}

void ct_tool_end_all(void)
{
    for (int i = 0; i < MOST_RUNNING; i++) {
        const int child = atomic_load(&running[i]);
        if (child)
            kill(-child, SIGKILL);
    }
}

/* ---- one of them ---- */

/* Its exit code, -1 after a signal; -3: errno says why it is not known. */
static int collect(pid_t child)
{
    int status = 0;
    pid_t ended;
    forget(child);
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
        ;
    return ended < 0 ? -3 : WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int wait_for(pid_t child, int seconds)
{
    const double end = ct_now() + seconds;
    const struct timespec pause = {.tv_nsec = 500000};
    for (;;) {
        siginfo_t info = {0};
        const int failed = waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
        if (info.si_pid == child || (failed && errno != EINTR))
            return collect(child);
        if (ct_now() > end)
            break;
        nanosleep(&pause, NULL);
    }
    kill(-child, SIGKILL);
    return collect(child) == -3 ? -3 : -2;
}

/* Early enough for what it starts itself; never more than it may have already. 0 or an errno. */
static int limit(pid_t child, __rlimit_resource_t what, rlim_t most)
{
    struct rlimit now;
    if (prlimit(child, what, NULL, &now))
        return errno;
    if (now.rlim_max > most) /* RLIM_INFINITY is the largest number */
        now.rlim_max = most;
    if (now.rlim_cur > now.rlim_max)
        now.rlim_cur = now.rlim_max;
    return prlimit(child, what, &now, NULL) ? errno : 0;
}

cutropy_status ct_tool_run(const char *const *argv, const char *output, int seconds, int *code)
{
    pid_t child = 0;
    char **environment = plain_environment();
    if (!environment)
        return ct_fail_memory("environment", 0);
    int failed = start(argv, output, environment, &child);
    ct_free(environment);
    if (failed)
        return ct_fail(CUTROPY_EIO, "cannot run %s: %s", argv[0], strerror(failed));
    note(child);
    failed = limit(child, RLIMIT_AS, MOST_MEMORY);
    if (!failed)
        failed = limit(child, RLIMIT_FSIZE, MOST_FILE);
    if (!failed) /* of each of its processes, should nobody be left to end them */
        failed = limit(child, RLIMIT_CPU, (rlim_t)seconds * MOST_THREADS);
    if (failed && failed != ESRCH) { /* else it is over, and was small */
        kill(-child, SIGKILL);
        (void)collect(child);
        return ct_fail(CUTROPY_EIO, "cannot limit the memory and time of %s: %s", argv[0],
                       strerror(failed));
    }
    *code = wait_for(child, seconds);
    if (*code == -3)
        return ct_fail(
            CUTROPY_EIO,
            "cannot see how %s ended: %s (this process ignores SIGCHLD, or waits for all "
            "its children: let it not)",
            argv[0], strerror(errno));
    return CUTROPY_OK;
}
