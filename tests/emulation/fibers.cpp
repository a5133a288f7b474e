/* SPDX-License-Identifier: Apache-2.0 */
/* Runs kernels on the CPU: every thread of a block is a fiber. See emulation.h. */
#include "device.h"
#include "emulation.h"
#include "runtime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <ucontext.h>

/* CT_ASAN and CT_TSAN come from the build: this file itself is never instrumented for threads. */
#ifdef CT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
/* Newer compilers (clang 15) keep the frames of functions that returned, by default: a second stack of
 * megabytes for every fiber, mapped for every block, takes forty times the time. */
extern "C" const char *__asan_default_options(void);
extern "C" const char *__asan_default_options(void)
{
    return "detect_stack_use_after_return=0";
}
#endif
#ifdef CT_TSAN
extern "C" {
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_acquire(void *address);
void __tsan_release(void *address);
}
#endif

namespace ct_emulation
{
namespace
{

constexpr size_t STACK_BYTES = 256 * 1024;
constexpr size_t GUARD_BYTES = 4096;
constexpr int WARP = 32;

enum state { READY, AT_BARRIER, AT_WARP, ENDED };

struct fiber {
    char *stack = nullptr;
    ucontext_t context; /* used by its first switch; later ones go through `stack_pointer` */
    void *stack_pointer = nullptr;
    void *asan_stack = nullptr;
    void *tsan = nullptr;
    uint3 index;
    state at;
    int number; /* in the block */
    /* what it waits for */
    int kind, predicate;
    unsigned mask;
    uint64_t value, result;
    int source;
    const char *file;
    int line;
};

struct engine {
    std::vector<fiber *> fibers;
    std::vector<int> order;
    fiber *current = nullptr;
    void *scheduler_pointer = nullptr;
    void *scheduler_asan = nullptr;
    const void *scheduler_stack = nullptr;
    size_t scheduler_bytes = 0;
    void *scheduler_tsan = nullptr;
    const call *body = nullptr;
    const char *name = "";
    dim3 grid, block;
    uint3 block_number;
    int threads = 0, waiting = 0;
    unsigned long barriers = 0; /* passed by the whole block */
    void *dynamic = nullptr;
    uint64_t order_seed = 0, random = 0;
    std::map<std::string, long> launched;
    std::string error;
    bool expects_error = false, failed = false;
    char begin, end, phase[2],
        warp_phase[32][2]; /* addresses that the thread sanitizer orders by */
    unsigned long warp_passed[32];
    int warp_waiting[32]; /* lanes at warp operations */
};

/* Host threads that launch at the same time wait for each other: runtime.cpp holds its lock. */
engine *emu()
{
    static engine *only = [] {
        engine *e = new engine();
        const char *text = getenv("CT_EMULATION_ORDER");
        e->order_seed = text ? strtoull(text, nullptr, 0) : 0;
        return e;
    }();
    return only;
}

CT_EMULATION_QUIET uint64_t draw(engine *e)
{
    e->random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = e->random;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

CT_EMULATION_QUIET void shuffle_order(engine *e, std::vector<int> &order)
{
    for (size_t i = order.size(); i > 1; i--)
        std::swap(order[i - 1], order[draw(e) % i]);
}

void first_order(engine *e, std::vector<int> &order, size_t count)
{
    order.resize(count);
    for (size_t i = 0; i < count; i++)
        order[i] = (int)(e->order_seed == 1 ? count - 1 - i : i);
    if (e->order_seed > 1)
        shuffle_order(e, order);
}

/* ---- switching ---- */

#if defined(__x86_64__)
extern "C" void ct_emulation_switch(void **save, void *load);
__asm__(".text\n"
        ".globl ct_emulation_switch\n"
        ".type ct_emulation_switch,@function\n"
        "ct_emulation_switch:\n"
        "    pushq %rbp\n    pushq %rbx\n    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq "
        "%r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n    popq %rbx\n    popq %rbp\n"
        "    ret\n"
        ".size ct_emulation_switch,.-ct_emulation_switch\n");

void prepare(fiber *f, void (*entry)())
{
    uintptr_t top = (uintptr_t)(f->stack + GUARD_BYTES + STACK_BYTES) & ~(uintptr_t)15;
    void **stack = (void **)top;
    *--stack = nullptr; /* the entry never returns */
    *--stack = (void *)entry;
    for (int i = 0; i < 6; i++)
        *--stack = nullptr;
    f->stack_pointer = stack;
}

CT_EMULATION_QUIET void swap_stacks(void **save, void *load)
{
    ct_emulation_switch(save, load);
}
#else
/* Portable and slower: the pointers are contexts. */
ucontext_t scheduler_context;

void prepare(fiber *f, void (*entry)())
{
    getcontext(&f->context);
    f->context.uc_stack.ss_sp = f->stack + GUARD_BYTES;
    f->context.uc_stack.ss_size = STACK_BYTES;
    f->context.uc_link = nullptr;
    makecontext(&f->context, entry, 0);
    f->stack_pointer = &f->context;
}

CT_EMULATION_QUIET void swap_stacks(void **save, void *load)
{
    ucontext_t *from =
        save == &emu()->scheduler_pointer ? &scheduler_context : &emu()->current->context;
    *save = from;
    swapcontext(from, (ucontext_t *)load);
}
#endif

/* From the scheduler into a fiber, until it waits or ends. */
CT_EMULATION_QUIET void resume(engine *e, fiber *f)
{
    e->current = f;
#ifdef CT_ASAN
    __sanitizer_start_switch_fiber(&e->scheduler_asan, f->stack + GUARD_BYTES, STACK_BYTES);
#endif
#ifdef CT_TSAN
    __tsan_switch_to_fiber(f->tsan, 1 /* orders nothing */);
#endif
    swap_stacks(&e->scheduler_pointer, f->stack_pointer);
#ifdef CT_ASAN
    __sanitizer_finish_switch_fiber(e->scheduler_asan, nullptr, nullptr);
#endif
    e->current = nullptr;
}

CT_EMULATION_QUIET void leave(engine *e, fiber *f)
{
#ifdef CT_ASAN
    __sanitizer_start_switch_fiber(f->at == ENDED ? nullptr : &f->asan_stack, e->scheduler_stack,
                                   e->scheduler_bytes);
#endif
#ifdef CT_TSAN
    __tsan_switch_to_fiber(e->scheduler_tsan, 1);
#endif
    swap_stacks(&f->stack_pointer, e->scheduler_pointer);
#ifdef CT_ASAN
    __sanitizer_finish_switch_fiber(f->asan_stack, &e->scheduler_stack, &e->scheduler_bytes);
#endif
}

CT_EMULATION_QUIET void ordered_before(char *address)
{
#ifdef CT_TSAN
    __tsan_release(address);
#else
    (void)address;
#endif
}

CT_EMULATION_QUIET void ordered_after(char *address)
{
#ifdef CT_TSAN
    __tsan_acquire(address);
#else
    (void)address;
#endif
}

CT_EMULATION_QUIET void entry()
{
    engine *e = emu();
    fiber *f = e->current;
#ifdef CT_ASAN
    __sanitizer_finish_switch_fiber(nullptr, &e->scheduler_stack, &e->scheduler_bytes);
#endif
    ordered_after(&e->begin);
    e->body->run();
    ordered_before(&e->end);
    f->at = ENDED;
    leave(e, f);
    abort();
}

void make_fibers(engine *e, size_t count)
{
    while (e->fibers.size() < count) {
        fiber *f = new fiber();
        f->stack = (char *)mmap(nullptr, STACK_BYTES + GUARD_BYTES, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (f->stack == (char *)MAP_FAILED || mprotect(f->stack, GUARD_BYTES, PROT_NONE)) {
            perror("emulation: stack");
            abort();
        }
        e->fibers.push_back(f);
    }
}

/* ---- violations ---- */

CT_EMULATION_QUIET std::string where(const engine *e, const fiber *f)
{
    char text[256];
    snprintf(text, sizeof text, "%s, block (%u,%u,%u), thread (%u,%u,%u)", e->name,
             e->block_number.x, e->block_number.y, e->block_number.z, f->index.x, f->index.y,
             f->index.z);
    return text;
}

CT_EMULATION_QUIET void violation(engine *e, const std::string &text)
{
    if (e->failed)
        return;
    e->failed = true;
    e->error = text;
    if (!e->expects_error) {
        fprintf(stderr, "emulation: %s\n", text.c_str());
        abort();
    }
}

CT_EMULATION_QUIET std::string waits(const fiber *f)
{
    static const char *const names[] = {"__syncwarp",  "a shuffle",   "a ballot",    "__match_any",
                                        "a reduction", "a reduction", "a reduction", "a reduction",
                                        "a reduction", "a reduction"};
    char text[200];
    if (f->at == ENDED)
        return "has ended";
    if (f->at == READY)
        return "runs";
    if (f->at == AT_BARRIER)
        snprintf(text, sizeof text, "waits at the barrier %s:%d", f->file, f->line);
    else
        snprintf(text, sizeof text, "waits at %s %s:%d with mask %#x", names[f->kind], f->file,
                 f->line, f->mask);
    return text;
}

/* No thread can go on. */
CT_EMULATION_QUIET void stuck(engine *e)
{
    const fiber *first = nullptr, *other = nullptr;
    for (int i = 0; i < e->threads && !first; i++)
        if (e->fibers[i]->at == AT_WARP)
            first = e->fibers[i];
    for (int i = 0; i < e->threads && !first; i++)
        if (e->fibers[i]->at == AT_BARRIER)
            first = e->fibers[i];
    const bool warp = first->at == AT_WARP;
    for (int i = 0; i < e->threads && !other; i++) {
        const fiber *f = e->fibers[i];
        if (warp ? f->number / WARP == first->number / WARP &&
                       ((first->mask >> (f->number % WARP)) & 1) &&
                       (f->at != AT_WARP || f->kind != first->kind || f->mask != first->mask ||
                        f->line != first->line || f->file != first->file)
                 : f->at != AT_BARRIER)
            other = f;
    }
    std::string text =
        std::string(warp ? "lanes missing in a warp operation: " : "barrier divergence: ") +
        where(e, first) + " " + waits(first);
    if (other)
        text += ", but " + where(e, other).substr(strlen(e->name) + 2) + " " + waits(other);
    violation(e, text);
}

/* ---- shared memory ---- */

struct piece {
    volatile uint64_t *start;
    size_t words;
};

/* The .ct_shared sections of the program and its libraries, found in their ELF files: start and
 * stop symbols exist for plain names only, and those the address sanitizer leaves without red
 * zones. */
int find_section(dl_phdr_info *info, size_t, void *context)
{
    auto *pieces = (std::vector<piece> *)context;
    const char *path = info->dlpi_name && *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
    FILE *file = pieces->size() && path[0] != '/' ? nullptr : fopen(path, "rb");
    ElfW(Ehdr) head;
    if (!file)
        return 0;
    std::vector<ElfW(Shdr)> sections;
    std::string names;
    if (fread(&head, sizeof head, 1, file) == 1 && head.e_shentsize == sizeof(ElfW(Shdr))) {
        sections.resize(head.e_shnum);
        if (fseek(file, (long)head.e_shoff, SEEK_SET) ||
            fread(sections.data(), sizeof(ElfW(Shdr)), sections.size(), file) != sections.size() ||
            head.e_shstrndx >= sections.size())
            sections.clear();
    }
    if (sections.size()) {
        names.resize(sections[head.e_shstrndx].sh_size);
        if (fseek(file, (long)sections[head.e_shstrndx].sh_offset, SEEK_SET) ||
            fread(&names[0], 1, names.size(), file) != names.size())
            sections.clear();
    }
    for (const auto &s : sections)
        if (s.sh_name < names.size() && names.compare(s.sh_name, 11, ".ct_shared", 11) == 0)
            pieces->push_back({(volatile uint64_t *)(info->dlpi_addr + s.sh_addr), s.sh_size / 8});
    fclose(file);
    return 0;
}

const std::vector<piece> &shared_pieces()
{
    static const std::vector<piece> *pieces = [] {
        auto *found = new std::vector<piece>();
        dl_iterate_phdr(find_section, found);
        return found;
    }();
    return *pieces;
}

__attribute__((no_sanitize("address", "thread", "undefined"), noinline)) void
poison(volatile uint64_t *start, size_t words, uint64_t pattern)
{
    for (size_t i = 0; i < words; i++)
        start[i] = pattern;
}

/* ---- one block ---- */

CT_EMULATION_QUIET void run_block(engine *e, size_t shared_bytes)
{
    int left = e->threads;
    const uint64_t pattern = draw(e) | UINT64_C(0x8000000080000000);
    for (const piece &p : shared_pieces())
        poison(p.start, p.words, pattern);
    poison((volatile uint64_t *)e->dynamic, shared_bytes / 8, pattern);
    e->waiting = 0;
    e->barriers = 0;
    std::fill(e->warp_passed, e->warp_passed + 32, 0ul);
    std::fill(e->warp_waiting, e->warp_waiting + 32, 0);
    for (int i = 0; i < e->threads; i++) {
        fiber *f = e->fibers[i];
        const unsigned n = (unsigned)i;
        f->index = {n % e->block.x, n / e->block.x % e->block.y, n / e->block.x / e->block.y};
        f->at = READY;
        f->number = i;
        prepare(f, entry);
    }
    ordered_before(&e->begin);
    first_order(e, e->order, (size_t)e->threads);
    while (left && !e->failed) {
        bool moved = false;
        for (int i : e->order) {
            fiber *f = e->fibers[i];
            if (f->at != READY || e->failed)
                continue;
            moved = true;
            resume(e, f);
            left -= f->at == ENDED;
        }
        if (!moved)
            stuck(e);
        if (e->order_seed > 1)
            shuffle_order(e, e->order);
    }
    ordered_after(&e->end);
}

/* Fibers that were given up in the middle: their stacks belong to nobody. */
void drop_fibers(engine *e)
{
    for (fiber *f : e->fibers) {
#ifdef CT_ASAN
        ASAN_UNPOISON_MEMORY_REGION(f->stack + GUARD_BYTES, STACK_BYTES);
#endif
#ifdef CT_TSAN
        if (f->tsan) { /* what it did comes before what the host does next */
            __tsan_switch_to_fiber(f->tsan, 1);
            __tsan_release(&e->end);
            __tsan_switch_to_fiber(e->scheduler_tsan, 1);
            __tsan_destroy_fiber(f->tsan);
        }
#endif
        munmap(f->stack, STACK_BYTES + GUARD_BYTES);
        delete f;
    }
    e->fibers.clear();
    ordered_after(&e->end);
}

void run_grid(engine *e, size_t shared_bytes)
{
    const uint64_t blocks = (uint64_t)e->grid.x * e->grid.y * e->grid.z;
    std::vector<int> order;
    e->dynamic = shared_bytes ? aligned_alloc(16, (shared_bytes + 15) / 16 * 16) : nullptr;
#ifdef CT_ASAN
    if (shared_bytes % 16)
        ASAN_POISON_MEMORY_REGION((char *)e->dynamic + shared_bytes, 16 - shared_bytes % 16);
#endif
#ifdef CT_TSAN
    e->scheduler_tsan = __tsan_get_current_fiber();
    for (int i = 0; i < e->threads; i++) /* kept: making one takes longer than most launches */
        if (!e->fibers[i]->tsan)
            e->fibers[i]->tsan = __tsan_create_fiber(0);
#endif
    first_order(e, order, blocks);
    for (int b : order) {
        const unsigned n = (unsigned)b;
        e->block_number = {n % e->grid.x, n / e->grid.x % e->grid.y, n / e->grid.x / e->grid.y};
        run_block(e, shared_bytes);
        if (e->failed)
            break;
    }
    if (e->failed)
        drop_fibers(e);
#ifdef CT_ASAN
    if (shared_bytes % 16)
        ASAN_UNPOISON_MEMORY_REGION((char *)e->dynamic + shared_bytes, 16 - shared_bytes % 16);
#endif
    free(e->dynamic);
    e->dynamic = nullptr;
}

/* ---- waiting ---- */

CT_EMULATION_QUIET void finish_barrier(engine *e)
{
    const fiber *first = e->fibers[0];
    int count = 0;
    for (int i = 0; i < e->threads; i++) {
        const fiber *f = e->fibers[i];
        count += f->predicate != 0;
        if (f->line != first->line || f->kind != first->kind ||
            (f->file != first->file && strcmp(f->file, first->file) != 0))
            violation(e, "barrier divergence: " + where(e, first) + " " + waits(first) + ", but " +
                             where(e, f).substr(strlen(e->name) + 2) + " " + waits(f));
    }
    for (int i = 0; i < e->threads; i++) {
        fiber *f = e->fibers[i];
        f->result = (uint64_t)(f->kind == AND  ? count == e->threads
                               : f->kind == OR ? count > 0
                                               : count);
        f->at = READY;
    }
    e->waiting = 0;
    e->barriers++;
}

CT_EMULATION_QUIET uint64_t reduce(int kind, uint64_t a, uint64_t b)
{
    switch (kind) {
    case REDUCE_ADD:
        return a + b;
    case REDUCE_MIN:
        return (int64_t)b < (int64_t)a ? b : a;
    case REDUCE_MAX:
        return (int64_t)b > (int64_t)a ? b : a;
    case REDUCE_AND:
        return a & b;
    case REDUCE_OR:
        return a | b;
    default:
        return a ^ b;
    }
}

CT_EMULATION_QUIET uint64_t warp_result(engine *e, fiber *f, fiber *const *lanes, int count)
{
    uint64_t result = 0;
    bool any = false;
    if (f->kind == SHUFFLE) {
        if (f->source < 0 || f->source >= count || !((f->mask >> f->source) & 1)) {
            char text[40];
            snprintf(text, sizeof text, " reads lane %d, which is missing", f->source);
            violation(e, "shuffle: " + where(e, f) + text + ", " + waits(f));
            return 0;
        }
        return lanes[f->source]->value;
    }
    for (int i = 0; i < count; i++) {
        if (!((f->mask >> i) & 1))
            continue;
        if (f->kind == BALLOT)
            result |= lanes[i]->value << i;
        else if (f->kind == MATCH_ANY)
            result |= (uint64_t)(lanes[i]->value == f->value) << i;
        else if (f->kind != SYNCWARP)
            result = any ? reduce(f->kind, result, lanes[i]->value) : lanes[i]->value;
        any = true;
    }
    return result;
}

CT_EMULATION_QUIET void finish_warp(engine *e, const fiber *last)
{
    const int base = last->number / WARP * WARP;
    const int count = std::min(WARP, e->threads - base);
    const int needed = last->mask == 0xffffffffu
                           ? count
                           : __builtin_popcount(last->mask & (0xffffffffu >> (WARP - count)));
    fiber *const *lanes = &e->fibers[base];
    if (++e->warp_waiting[base / WARP] < needed)
        return;
    for (int i = 0; i < count; i++)
        if (((last->mask >> i) & 1) &&
            (lanes[i]->at != AT_WARP || lanes[i]->kind != last->kind ||
             lanes[i]->mask != last->mask || lanes[i]->line != last->line ||
             lanes[i]->file != last->file))
            return;
    for (int i = 0; i < count; i++)
        if ((last->mask >> i) & 1)
            lanes[i]->result = warp_result(e, lanes[i], lanes, count);
    for (int i = 0; i < count; i++)
        if ((last->mask >> i) & 1)
            lanes[i]->at = READY;
    e->warp_waiting[base / WARP] -= needed;
    if (last->kind == SYNCWARP)
        e->warp_passed[base / WARP]++;
}

/* "(name<arguments>)" -> "name" */
std::string plain_name(const char *text)
{
    while (*text == '(')
        text++;
    return std::string(text, strcspn(text, "<()"));
}

} // namespace

/* ---- what device.h calls ---- */

CT_EMULATION_QUIET uint3 thread_index()
{
    return emu()->current->index;
}
CT_EMULATION_QUIET uint3 block_index()
{
    return emu()->block_number;
}
CT_EMULATION_QUIET dim3 block_size()
{
    return emu()->block;
}
CT_EMULATION_QUIET dim3 grid_size()
{
    return emu()->grid;
}
CT_EMULATION_QUIET int lane()
{
    return emu()->current->number % WARP;
}
CT_EMULATION_QUIET void *dynamic_shared()
{
    return emu()->dynamic;
}

CT_EMULATION_QUIET void pause()
{
    engine *e = emu();
    if (e->order_seed > 1 && draw(e) % 4 == 0)
        leave(e, e->current);
}

CT_EMULATION_QUIET int barrier(barrier_kind kind, int predicate, const char *file, int line)
{
    engine *e = emu();
    fiber *f = e->current;
    char *phase = &e->phase[e->barriers % 2];
    f->at = AT_BARRIER;
    f->kind = kind;
    f->predicate = predicate;
    f->file = file;
    f->line = line;
    ordered_before(phase);
    if (++e->waiting == e->threads)
        finish_barrier(e);
    leave(e, f);
    ordered_after(phase);
    return (int)f->result;
}

CT_EMULATION_QUIET uint64_t warp(warp_kind kind, unsigned mask, uint64_t value, int source,
                                 const char *file, int line)
{
    engine *e = emu();
    fiber *f = e->current;
    const int warp_number = f->number / WARP;
    char *phase = &e->warp_phase[warp_number][e->warp_passed[warp_number] % 2];
    f->at = AT_WARP;
    f->kind = kind;
    f->mask = mask;
    f->value = value;
    f->source = source;
    f->file = file;
    f->line = line;
    if (!((mask >> (f->number % WARP)) & 1))
        violation(e, "warp operation: " + where(e, f) + " is not in its own mask, " + waits(f));
    if (kind == SYNCWARP)
        ordered_before(phase);
    finish_warp(e, f);
    leave(e, f);
    if (kind == SYNCWARP)
        ordered_after(phase);
    return f->result;
}

cudaError_t start(const char *name, dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream,
                  const call *body)
{
    const std::shared_ptr<const call> kept(body);
    const uint64_t threads = (uint64_t)block.x * block.y * block.z;
    if (threads < 1 || threads > 1024 || block.z > 64 || grid.x < 1 || grid.y < 1 || grid.z < 1 ||
        grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535 || shared_bytes > 227 * 1024)
        return ct_fake_launch(name, stream, nullptr, cudaErrorInvalidConfiguration);
    return ct_fake_launch(
        name, stream,
        [=]() {
            engine *e = emu();
            e->failed = false;
            e->name = name;
            e->launched[plain_name(name)]++;
            e->grid = grid;
            e->block = block;
            e->threads = (int)threads;
            e->body = kept.get();
            e->random = e->order_seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
            make_fibers(e, threads);
            run_grid(e, shared_bytes);
            return e->failed ? cudaErrorLaunchFailure : cudaSuccess;
        },
        cudaSuccess);
}

} // namespace ct_emulation

using namespace ct_emulation;

extern "C" void ct_emulation_order(uint64_t order)
{
    emu()->order_seed = order;
}

extern "C" unsigned ct_emulation_index(int which)
{
    return which == 0   ? ct_emulation::thread_index().x
           : which == 1 ? ct_emulation::block_index().x
           : which == 2 ? ct_emulation::block_size().x
                        : ct_emulation::grid_size().x;
}

extern "C" void ct_emulation_expect_error(int on)
{
    emu()->expects_error = on != 0;
}

extern "C" long ct_emulation_launched(const char *kernel)
{
    const auto found = emu()->launched.find(kernel);
    return found == emu()->launched.end() ? 0 : found->second;
}

extern "C" const char *ct_emulation_take_error(void)
{
    static std::string text;
    text = emu()->error;
    emu()->error.clear();
    return text.c_str();
}
