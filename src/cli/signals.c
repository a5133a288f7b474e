/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/signals.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "base/clock.h"
#include "ctext/tool.h"

#define SAME_SIGNAL INT64_C(1000000000) /* ns in which further signals belong to the first */
#define PATIENCE 300000000L             /* ns that a run has to stop by itself */
#define STACK (1 << 18)                 /* bytes; writers need little */
#define PROBE (8 << 20)                 /* bytes; malloc asks for less at once */

#define CLEAR_LINE "\r\033[K" /* the progress line */
#define ONCE_MORE "once more, a second later, ends at once and writes nothing\n"

static const char stopping[] = CLEAR_LINE "stopping; " ONCE_MORE;
static const char stopping_table[] =
    CLEAR_LINE "stopping: what is finished will be written; " ONCE_MORE;

static const char stopped[] = "cutropy: stopped\n";
static const char no_memory[] = "cutropy: not enough memory for exact arithmetic (GMP and FLINT)\n";

/* Lock-free: the signal may arrive on any thread. */
static atomic_int_fast64_t first; /* when the first signal came, ns; 0: not yet */
static atomic_bool watched;
static sem_t came;

static pthread_mutex_t rescuing = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *program; /* these three are changed while it is held */
static ct_rescue rescue;
static void *rescue_context;

static atomic_bool on_terminal, keeps;

int ct_cli_voice = STDERR_FILENO;
char ct_cli_who[96];

static void say(const char *text, size_t size)
{
    ssize_t written = write(ct_cli_voice, text, size);
    (void)written; /* the terminal may be gone */
}

/* Compilers have groups of their own, which no Ctrl-C of the terminal reaches. */
static void leave(int code)
{
    ct_tool_end_all();
    _exit(code);
}

/* GMP and FLINT abort where memory is refused. Any other abort is a defect and stays one. */
static void on_abort(int number)
{
    void *room = mmap(NULL, PROBE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) {
        say(no_memory, sizeof no_memory - 1);
        _exit(CUTROPY_EMEMORY);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void on_signal(int number)
{
    const int reason = errno;
    const int64_t here = (int64_t)(1e9 * ct_now());
    int_fast64_t before = 0;
    (void)number;
    if (!atomic_load(&watched)) {
        say(stopped, sizeof stopped - 1);
        leave(CUTROPY_ECANCELLED);
    }
    if (!atomic_compare_exchange_strong(&first, &before, here)) {
        if (here - before > SAME_SIGNAL)
            leave(CUTROPY_ECANCELLED);
        return;
    }
    if (atomic_load(&on_terminal)) {
        if (atomic_load(&keeps))
            say(stopping_table, sizeof stopping_table - 1);
        else
            say(stopping, sizeof stopping - 1);
    }
    sem_post(&came);
    errno = reason;
}

/* Ends the program if the run does not. Whoever holds `rescuing` when the run is over never gives it
 * back. */
static void *watch(void *nothing)
{
    struct timespec patience = {.tv_nsec = PATIENCE};
    (void)nothing;
    while (sem_wait(&came))
        ;
    while (nanosleep(&patience, &patience))
        ;
    pthread_mutex_lock(&rescuing);
    int code = CUTROPY_ECANCELLED;
    if (atomic_load(&on_terminal))
        fputs(CLEAR_LINE, stderr);
    if (rescue) {
        code = rescue(rescue_context);
        fflush(stdout);
    } else {
        fprintf(stderr, "%s: stopped\n", program);
    }
    leave(code);
    return NULL;
}

void ct_signals_start(void)
{
    struct sigaction before, action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGABRT, on_abort);
    if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL); /* nohup goes on ignoring it */
}

static int start_thread(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    int failed = pthread_attr_init(&attributes);
    if (failed)
        return failed;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK);
    failed = pthread_create(&thread, &attributes, watch, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}

cutropy_status ct_signals_watch(const char *name, ct_rescue function, void *context)
{
    ct_signals_hold();
    program = name;
    rescue = function;
    rescue_context = context;
    atomic_store(&keeps, function != NULL);
    ct_signals_release();
    if (atomic_load(&watched))
        return CUTROPY_OK;
    if (sem_init(&came, 0, 0) || start_thread())
        return ct_fail(CUTROPY_EMEMORY, "no thread can be created (limits: ulimit -u and -v)");
    atomic_store(&on_terminal, isatty(STDERR_FILENO));
    atomic_store(&watched, true);
    return CUTROPY_OK;
}

void ct_signals_hold(void)
{
    pthread_mutex_lock(&rescuing);
}

void ct_signals_release(void)
{
    pthread_mutex_unlock(&rescuing);
}

void ct_signals_writing(const char *file)
{
    struct stat target;
    ct_signals_hold();
    rescue = NULL;
    if (!file || (!stat(file, &target) && !S_ISREG(target.st_mode)))
        ct_signals_release();
}

bool ct_signals_stop(void)
{
    return atomic_load(&first) != 0;
}
