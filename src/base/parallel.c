/* SPDX-License-Identifier: Apache-2.0 */
/* A crew of threads that sleep between loops.
 *
 * The thread that calls does not wait for others to begin: it takes pieces at once, and whoever is awake in time takes some
 * of them. So a small loop, or any loop on a machine that is busy with something else, costs little more than
 * on one thread, where a team that begins and ends together waits for its last member. */
#include "base/parallel.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* A loop that is being worked on; it lives on the stack of the thread that called. */
typedef struct loop {
    void (*body)(void *context, size_t first, size_t last, int thread);
    void *context;
    size_t count, grain, pieces;
    size_t next;        /* piece that nobody has taken yet; atomic */
    int seats;          /* threads that may still join */
    int joined, inside; /* that have joined, and not left yet */
    int life;           /* of the process: crew.life where it was opened */
    struct loop *other;
} loop;

/* Belongs to the process. The lock guards everything but loop.next. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t work, left;
    loop *open;        /* loops that may be joined */
    int members, idle; /* threads of the crew, and those that sleep */
    int wanted;        /* members beyond so many leave when they find no work */
    int life;          /* how many forks led here */
} crew = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .work = PTHREAD_COND_INITIALIZER,
          .left = PTHREAD_COND_INITIALIZER};

/* A loop within a loop runs on the thread that calls it: the others have enough to do. */
static _Thread_local bool busy;

/* Pieces in ascending order, until none is left. */
static void take_pieces(loop *l, int thread)
{
    busy = true;
    for (size_t p; (p = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED)) < l->pieces;) {
        const size_t first = p * l->grain;
        const size_t last = l->count - first < l->grain ? l->count : first + l->grain;
        l->body(l->context, first, last, thread);
    }
    busy = false;
}

static bool has_work(const loop *l)
{
    return l->seats > 0 && __atomic_load_n(&l->next, __ATOMIC_RELAXED) < l->pieces;
}

static loop *find_loop(void)
{
    loop *l = crew.open;
    while (l && !has_work(l))
        l = l->other;
    return l;
}

/* Two for each that comes: all are awake after a few steps, and nobody calls them one by one. */
static void wake(const loop *l)
{
    for (int i = 0; i < 2 && i < l->seats && i < crew.idle; i++)
        pthread_cond_signal(&crew.work);
}

static void *member(void *unused)
{
    pthread_mutex_lock(&crew.lock);
    for (;;) {
        loop *l = find_loop();
        if (!l && crew.members > crew.wanted)
            break;
        if (!l) {
            crew.idle++;
            pthread_cond_wait(&crew.work, &crew.lock);
            crew.idle--;
            continue;
        }
        l->seats--;
        l->inside++;
        const int thread = ++l->joined;
        wake(l);
        pthread_mutex_unlock(&crew.lock);
        take_pieces(l, thread);
        pthread_mutex_lock(&crew.lock);
        if (!--l->inside)
            pthread_cond_broadcast(&crew.left);
    }
    crew.members--;
    pthread_cond_broadcast(&crew.left);
    pthread_mutex_unlock(&crew.lock);
    return unused;
}

/* ---- a fork leaves the child with one thread and an empty crew ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&crew.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&crew.lock);
}

static void in_child(void)
{
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.work, NULL);
    pthread_cond_init(&crew.left, NULL);
    crew.open = NULL;
    crew.members = crew.idle = crew.wanted = 0;
    crew.life++;
}

/* Before anybody can fork beside a loop. Where it fails, which takes a lack of memory at the start, no thread is hired. */
static bool follows_forks;
__attribute__((constructor)) static void follow_forks(void)
{
    follows_forks = !pthread_atfork(before_fork, after_fork, in_child);
}

/* Members take no signals but those of their own faults. */
static void block_signals(sigset_t *before)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    sigset_t others;
    sigfillset(&others);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(&others, own[i]);
    pthread_sigmask(SIG_SETMASK, &others, before);
}

/* Up to so many members, or as many as the system grants; returns its errno. */
static int hire(int wanted)
{
    sigset_t before;
    pthread_attr_t detached;
    if (crew.members >= wanted)
        return 0;
    int error = follows_forks ? pthread_attr_init(&detached) : ENOMEM;
    if (error)
        return error;
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    block_signals(&before);
    for (pthread_t thread; crew.members < wanted && !error; crew.members += !error)
        error = pthread_create(&thread, &detached, member, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
    if (crew.members > crew.wanted) {
        crew.wanted = crew.members;
        pthread_cond_broadcast(&crew.left); /* who dismisses others need not wait for these */
    }
    return error;
}

/* Those that came in vain give back what they hold, so that fewer can be had afterwards. */
static void dismiss(int wanted)
{
    crew.wanted = wanted;
    pthread_cond_broadcast(&crew.work);
    while (crew.members > crew.wanted) /* meanwhile another caller may hire some */
        pthread_cond_wait(&crew.left, &crew.lock);
}

int ct_hire_threads(int threads, int *error)
{
    pthread_mutex_lock(&crew.lock);
    const int before = crew.members;
    *error = hire(threads - 1);
    const int there = crew.members + 1;
    if (*error)
        dismiss(before);
    pthread_mutex_unlock(&crew.lock);
    return there;
}

static void open_loop(loop *l)
{
    pthread_mutex_lock(&crew.lock);
    l->life = crew.life;
    l->other = crew.open;
    crew.open = l;
    (void)hire(l->seats); /* fewer will do: the caller alone is enough */
    wake(l);
    pthread_mutex_unlock(&crew.lock);
}

/* After this nobody joins it, and nobody is inside. In a child that a body forked its crew is gone. */
static void close_loop(const loop *l)
{
    pthread_mutex_lock(&crew.lock);
    if (l->life == crew.life) {
        loop **at = &crew.open;
        while (*at != l)
            at = &(*at)->other;
        *at = l->other;
        while (l->inside)
            pthread_cond_wait(&crew.left, &crew.lock);
    }
    pthread_mutex_unlock(&crew.lock);
}

void ct_parallel_for(int threads, size_t count, size_t grain,
                     void (*body)(void *context, size_t first, size_t last, int thread),
                     void *context)
{
    const size_t pieces = count / grain + (count % grain != 0);
    loop l = {.body = body, .context = context, .count = count, .grain = grain, .pieces = pieces};
    if (pieces <= 1 || threads <= 1 || busy) {
        for (size_t p = 0; p < pieces; p++)
            body(context, p * grain, p + 1 < pieces ? (p + 1) * grain : count, 0);
        return;
    }
    l.seats = pieces - 1 < (size_t)threads - 1 ? (int)pieces - 1 : threads - 1;
    int cancel; /* the loop lies on this stack: a thread that is cancelled ends after it */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    open_loop(&l);
    take_pieces(&l, 0);
    close_loop(&l);
    pthread_setcancelstate(cancel, NULL);
}

/* ---- how many there may be ---- */

/* The first number of OMP_NUM_THREADS, which other programs of a machine respect as well; 0: none. */
static int asked_for(void)
{
    const char *text = getenv("OMP_NUM_THREADS");
    char *end;
    const long number = text ? strtol(text, &end, 10) : 0;
    return text && end > text && (!*end || *end == ',') && number > 0 && number < INT_MAX
               ? (int)number
               : 0;
}

int ct_available_threads(void)
{
    cpu_set_t set;
    const int asked = asked_for();
    int there = sched_getaffinity(0, sizeof set, &set) ? 0 : CPU_COUNT(&set);
    if (there < 1) /* more cores than the set has room for */
        there = (int)sysconf(_SC_NPROCESSORS_ONLN);
    there = there > 0 ? there : 1;
    return asked && asked < there ? asked : there;
}
