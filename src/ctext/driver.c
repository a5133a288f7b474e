/* SPDX-License-Identifier: Apache-2.0 */
/* The program around a user's text, compiled by the system's compiler when it is needed: it maps the shared
 * memory, gives up every system call that it does not need, tries the function on a sample and answers
 * questions until its input ends. shared.h stands in front of this text. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "C texts run on x86-64 and 64-bit ARM only"
#endif

#define SAMPLE 256 /* steps that are tried twice */
#define STACK_SOILED 16384
#define MOST_STACK ((rlim_t)8 << 20)
#define MOST_MEMORY ((rlim_t)4 << 30)
#define STEP_BYTES 64 /* of results, at most */

extern const uint64_t ct_ctext_key, ct_ctext_images, ct_ctext_state;
extern const unsigned ct_ctext_step,
    ct_ctext_bytes; /* images of a step, and bytes of its results */
void ct_ctext_fill(uint64_t first, uint64_t count, void *out, volatile uint64_t *at);
void ct_ctext_once(uint64_t image);
void ct_ctext_start(uint64_t *out);
void ct_ctext_read(int k, uint64_t count, const uint64_t *in, uint64_t *out, unsigned char *lives,
                   volatile uint64_t *at);
void ct_ctext_judge(uint64_t count, const uint64_t *in, unsigned char *labels,
                    volatile uint64_t *at);

static ct_shared *shared;
static char *buffer;
static pid_t parent;
static volatile sig_atomic_t ticks;
static char alternate[65536];

static void leave(uint32_t fault, uint32_t detail)
{
    shared->detail = detail;
    shared->fault = fault;
    for (;;)
        syscall(SYS_exit, 1);
}

static uint64_t place_of(const void *context)
{
    const ucontext_t *c = context;
#if defined(__x86_64__)
    return (uint64_t)c->uc_mcontext.gregs[REG_RIP];
#else
    return c->uc_mcontext.pc;
#endif
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    shared->place = place_of(context);
    if (number == SIGSYS)
        leave(CT_FAULT_SYSTEM, (uint32_t)info->si_syscall);
    leave(number == SIGSEGV || number == SIGBUS ? CT_FAULT_MEMORY : CT_FAULT_TRAP,
          (uint32_t)number);
}

/* Of the compiler's, where a function wrote beyond its arrays. */
void __stack_chk_fail(void)
{
    leave(CT_FAULT_MEMORY, SIGABRT);
}

/* Of the loops, where a function of words wrote into its image. */
void ct_ctext_changed(void)
{
    leave(CT_FAULT_IMAGE, 0);
}

/* The clock is read without a system call, so the filter does not see it. Weak: a text may have functions of
 * these names. */
#define CLOCK(type, name, ...)                                                                     \
    __attribute__((weak)) type name(__VA_ARGS__)                                                   \
    {                                                                                              \
        shared->place = (uint64_t)(uintptr_t)__builtin_return_address(0) - 1;                      \
        leave(CT_FAULT_SYSTEM, SYS_clock_gettime);                                                 \
        for (;;)                                                                                   \
            ;                                                                                      \
    }
CLOCK(time_t, time, time_t *now)
CLOCK(clock_t, clock, void)
CLOCK(int, clock_gettime, clockid_t which, struct timespec *now)
CLOCK(int, timespec_get, struct timespec *now, int base)
CLOCK(int, gettimeofday, struct timeval *restrict now, void *restrict zone)
CLOCK(int, sched_getcpu, void)

/* Nobody waits for the answers of a program whose parent is gone. */
static void on_tick(int number)
{
    (void)number;
    ticks++;
    if (syscall(SYS_getppid) != parent)
        syscall(SYS_exit, 0);
}

static int handle_signals(void)
{
    static const int faults[] = {SIGILL, SIGTRAP, SIGFPE, SIGSEGV, SIGBUS, SIGSYS};
    const stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    const struct itimerval tick = {{0, 100000}, {0, 100000}};
    if (sigaltstack(&stack, NULL))
        return -1;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (sigaction(faults[i], &action, NULL))
            return -1;
    action = (struct sigaction){.sa_handler = on_tick, .sa_flags = SA_RESTART | SA_ONSTACK};
    return sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &tick, NULL) ? -1 : 0;
}

/* Pages that nobody may touch lie around the buffer. */
static int map_memory(void)
{
    const size_t room = CT_SHARED_PAGE, size = CT_SHARED_BUFFER;
    char *place = mmap(NULL, 4 * room + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED)
        return -1;
    shared =
        mmap(place + room, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, CT_FD_SHARED, 0);
    buffer = mmap(place + 3 * room, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                  CT_FD_SHARED, (off_t)room);
    return shared == MAP_FAILED || (void *)buffer == MAP_FAILED ? -1 : 0;
}

/* Never more than it may have already. */
static int limit_to(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(what, &limit))
        return -1;
    if (limit.rlim_max > most) /* RLIM_INFINITY is the largest number */
        limit.rlim_max = most;
    if (limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    return setrlimit(what, &limit);
}

/* Left are: reading questions, writing answers, looking for the parent, and leaving. */
static int shut_in(void)
{
#define ALLOW(call)                                                                                \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define ALLOW_ON(call, descriptor)                                                                 \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4),                                             \
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),                \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (descriptor), 0, 1),                                   \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
    static struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(SYS_rt_sigreturn),
        ALLOW(SYS_getppid),
        ALLOW(SYS_exit),
        ALLOW_ON(SYS_read, CT_FD_ASK),
        ALLOW_ON(SYS_write, CT_FD_ANSWER),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)};
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    setvbuf(stdout, NULL, _IONBF, 0); /* whoever prints is caught where he writes */
    if (limit_to(RLIMIT_CORE, 0) || limit_to(RLIMIT_STACK, MOST_STACK) ||
        limit_to(RLIMIT_AS, MOST_MEMORY) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* First image of the k-th step of the sample. */
static uint64_t sample_image(uint64_t k)
{
    const uint64_t steps = (ct_ctext_images + ct_ctext_step - 1) / ct_ctext_step;
    return (k < SAMPLE / 4 ? k % steps : mix(k) % steps) * ct_ctext_step;
}

static void same_or_leave(const void *a, const void *b, uint64_t image)
{
    if (!memcmp(a, b, STEP_BYTES))
        return;
    shared->at = image;
    leave(CT_FAULT_IMPURE, 0);
}

/* What a function finds in variables that it has not set: something else before each call that must give the
 * same answer. (Optimised code may have lost such a variable: so the slow program is tried as well.) */
static __attribute__((noinline)) void soil_stack(int byte)
{
    volatile char room[STACK_SOILED];
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = (char)byte;
}

static void fill(uint64_t first, uint64_t count, void *out, int soil)
{
    soil_stack(soil);
    shared->calls++;
    ct_ctext_fill(first, count, out, &shared->at);
}

static void call_once(uint64_t image)
{
    shared->calls++;
    shared->at = image - image % ct_ctext_step;
    ct_ctext_once(image);
}

/* A sample there and back, with calls between that a state kept by the function would remember; a slow
 * function is tried on less of it. */
static void try_sample(void)
{
    static char there[SAMPLE][STEP_BYTES];
    char back[STEP_BYTES] = {0};
    const int start = ticks;
    uint64_t tried = 0;
    for (; tried < SAMPLE && ticks - start < 2; tried++)
        fill(sample_image(tried), ct_ctext_step, there[tried], 0);
    for (uint64_t k = tried; k-- > 0;) {
        for (uint64_t i = 0; i <= k % 7; i++)
            call_once(mix(k + i) % ct_ctext_images);
        fill(sample_image(k), ct_ctext_step, back, 0x5b);
        same_or_leave(there[k], back, sample_image(k));
    }
}

/* Fills the buffer, and its first step once more: by then the function has been called for many images. */
static void answer(const ct_question *q)
{
    char first[STEP_BYTES] = {0}, again[STEP_BYTES] = {0};
    fill(q->first, q->count, buffer, 0);
    fill(q->first, ct_ctext_step, first, 0x5b);
    call_once(mix(q->first) % ct_ctext_images);
    fill(q->first, ct_ctext_step, again, 0);
    if (memcmp(first, buffer, ct_ctext_bytes)) {
        shared->at = q->first;
        leave(CT_FAULT_IMPURE, 0);
    }
    same_or_leave(first, again, q->first);
    shared->filled += q->count;
}

/* Of `count` states of the buffer, over other leftovers each time. */
static void ask_states(const ct_question *q, uint64_t count, uint64_t *out, unsigned char *bytes,
                       int soil)
{
    const uint64_t *in = (const uint64_t *)buffer;
    soil_stack(soil);
    shared->calls++;
    if (q->what == CT_ASK_START)
        ct_ctext_start(out);
    else if (q->what == CT_ASK_STEP)
        ct_ctext_read((int)q->first, count, in, out, bytes, &shared->at);
    else
        ct_ctext_judge(count, in, bytes, &shared->at);
}

#define AGAIN 16 /* states of a question that are asked for a second time */

/* Where shared.h says, and the first ones once more. */
static void answer_states(const ct_question *q)
{
    static uint64_t again[2 * AGAIN * CT_STATE_WORDS(CT_STATE_MOST)];
    static unsigned char again_bytes[2 * AGAIN];
    const uint64_t words = CT_STATE_WORDS(ct_ctext_state),
                   few = q->count < AGAIN ? q->count : AGAIN;
    const uint64_t ins = q->what == CT_ASK_START ? 0 : q->count, /* for one: states, bytes */
        outs = q->what == CT_ASK_STEP ? 2 : q->what == CT_ASK_START,
                   flags = q->what == CT_ASK_STEP ? 2 : q->what == CT_ASK_ACCEPT;
    uint64_t *out = (uint64_t *)buffer + ins * words;
    unsigned char *bytes = (unsigned char *)(out + outs * q->count * words);
    ask_states(q, q->count, out, bytes, 0);
    call_once(mix(q->first) % ct_ctext_images);
    ask_states(q, few, again, again_bytes, 0x5b);
    if (memcmp(again, out, outs * few * words * 8) || memcmp(again_bytes, bytes, flags * few))
        leave(CT_FAULT_IMPURE, 0);
    shared->filled += q->count;
}

int main(void)
{
    ct_question question;
    if (map_memory())
        return 1;
#ifdef SYS_close_range
    syscall(SYS_close_range, CT_FD_ANSWER + 1, ~0U, 0); /* whatever our parent left open */
#endif
    parent = getppid();
    if (handle_signals() || shut_in())
        leave(CT_FAULT_SETUP, (uint32_t)errno);
    shared->key = ct_ctext_key;
    shared->step = ct_ctext_step;
    shared->state = ct_ctext_state;
    /* By number: a text may have functions of its own that are called read and write. */
    while (syscall(SYS_read, CT_FD_ASK, &question, sizeof question) == (long)sizeof question) {
        if (question.what)
            answer_states(&question);
        else if (question.count)
            answer(&question);
        else
            try_sample();
        if (syscall(SYS_write, CT_FD_ANSWER, "", 1) != 1)
            break;
    }
    for (;;)
        syscall(SYS_exit, 0);
}
