/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/spawn.h"

#define FIRST_FREE 10 /* descriptors below are the program's own */
#define GLANCE 100    /* ms between two looks at where it works */

/* A copy of the descriptor that is none of the program's; closes the given one. -1: errno says why. */
static int raise_descriptor(int descriptor)
{
    if (descriptor < 0)
        return -1;
    const int high = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_FREE), reason = errno;
    close(descriptor);
    errno = reason;
    return high;
}

/* 0 or an errno. */
static int add_descriptors(posix_spawn_file_actions_t *actions, int memory, int socket)
{
    int failed = 0;
    for (int d = 0; d < 3 && !failed; d++)
        failed = posix_spawn_file_actions_addopen(actions, d, "/dev/null", O_RDWR, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(actions, memory, CT_FD_SHARED);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(actions, socket, CT_FD_ASK);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(actions, socket, CT_FD_ANSWER);
    return failed;
}

/* 0 or an errno. */
static int spawn(const char *program, int memory, int socket, pid_t *process)
{
    char *arguments[] = {(char *)(uintptr_t)program, NULL}, *environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = add_descriptors(&actions, memory, socket);
    if (!failed)
        failed = ct_spawn(program, arguments, environment, &actions, true, process);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static int map(int memory, ct_worker *out)
{
    const size_t size = CT_SHARED_PAGE + CT_SHARED_BUFFER;
    if (memory < 0 || ftruncate(memory, (off_t)size))
        return errno;
    void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (place == MAP_FAILED)
        return errno;
    out->shared = place;
    out->buffer = (char *)place + CT_SHARED_PAGE;
    return 0;
}

cutropy_status ct_worker_start(const char *program, ct_worker *out)
{
    int ends[2] = {-1, -1}, failed = 0;
    *out = (ct_worker){.socket = -1, .owner = getpid()};
    const int memory = raise_descriptor(memfd_create("cutropy", MFD_CLOEXEC));
    failed = map(memory, out);
    if (!failed && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        failed = errno;
    if (!failed) {
        out->socket = ends[0];
        ends[1] = raise_descriptor(ends[1]);
        failed = ends[1] < 0 ? errno : spawn(program, memory, ends[1], &out->process);
    }
    if (memory >= 0)
        close(memory);
    if (ends[1] >= 0)
        close(ends[1]);
    if (!failed)
        return CUTROPY_OK;
    out->process = 0;
    ct_worker_free(out);
    return ct_fail(failed == ENOMEM ? CUTROPY_EMEMORY : CUTROPY_EIO,
                   "cannot run the program of a C text (%s): %s", program, strerror(failed));
}

/* With WNOHANG as waitpid: 0 while it runs. */
static pid_t wait_until_ended(ct_worker *worker, int flags)
{
    pid_t ended;
    do
        ended = waitpid(worker->process, &worker->status, flags);
    while (ended < 0 && errno == EINTR);
    return ended;
}

bool ct_worker_is_ours(const ct_worker *worker)
{
    return worker->process && worker->owner == getpid();
}

/* Where the system reaps by itself (SIGCHLD ignored) its number may be another's already. */
static void reap(ct_worker *worker)
{
    if (ct_worker_is_ours(worker) && !wait_until_ended(worker, WNOHANG)) {
        kill(worker->process, SIGKILL);
        (void)wait_until_ended(worker, 0);
    }
    worker->process = 0;
}

void ct_worker_free(ct_worker *worker)
{
    reap(worker);
    if (worker->shared) {
        munmap((void *)worker->shared, CT_SHARED_PAGE + CT_SHARED_BUFFER);
        close(worker->socket);
    } else if (worker->socket > 0) {
        close(worker->socket);
    }
    *worker = (ct_worker){0};
}

/* Waits for the one byte of an answer. */
static ct_answer wait_for(const ct_worker *worker, int seconds)
{
    struct pollfd ready = {.fd = worker->socket, .events = POLLIN};
    uint64_t at = worker->shared->at, calls = worker->shared->calls;
    double since = ct_now();
    char byte;
    for (;;) {
        const int count = poll(&ready, 1, GLANCE);
        if (count > 0)
            return recv(worker->socket, &byte, 1, 0) == 1 ? CT_ANSWER_DONE : CT_ANSWER_ENDED;
        if (count < 0 && errno != EINTR)
            return CT_ANSWER_ENDED;
        if (worker->shared->at != at || worker->shared->calls != calls) {
            at = worker->shared->at;
            calls = worker->shared->calls;
            since = ct_now();
        }
        if (ct_now() - since > seconds)
            return CT_ANSWER_LATE;
    }
}

/* An end by itself is waited for, so that its status is its own. */
static void let_end(ct_worker *worker)
{
    (void)wait_until_ended(worker, 0);
    worker->process = 0;
}

ct_answer ct_worker_ask(ct_worker *worker, uint64_t first, uint64_t count, int seconds)
{
    return ct_worker_ask_for(worker, &(ct_question){first, count, CT_ASK_IMAGES}, seconds);
}

ct_answer ct_worker_ask_for(ct_worker *worker, const ct_question *question, int seconds)
{
    worker->question = *question;
    const bool sent =
        send(worker->socket, question, sizeof *question, MSG_NOSIGNAL) == (ssize_t)sizeof *question;
    const ct_answer answer = sent ? wait_for(worker, seconds) : CT_ANSWER_ENDED;
    if (answer == CT_ANSWER_ENDED)
        let_end(worker);
    else if (answer == CT_ANSWER_LATE)
        reap(worker);
    return answer;
}
