/* SPDX-License-Identifier: Apache-2.0 */
/* A fake CUDA run time. See fake.h. */
#include "fake.h"
#include "runtime.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef CT_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace
{

constexpr int MAX_DEVICES = 8;
constexpr size_t ARENA_BYTES = (size_t)64 << 30; /* addresses, not memory */
constexpr size_t GRAIN = 4096;                   /* pages: what is freed goes back to the system */
constexpr int FRESH = 0xc3, FREED = 0xdd;

struct work {
    std::function<cudaError_t()> run; /* empty: a record or a wait */
    cudaEvent_t event = nullptr;
    uint64_t ticket = 0; /* of the record */
    bool waits = false;
};

struct device {
    char *arena = nullptr;
    size_t used = 0; /* of the arena, from its start */
    size_t live_bytes = 0, peak = 0;
    std::map<char *, size_t> blocks;
    cudaError_t lost = cudaSuccess; /* an error that sticks */
    std::deque<work> late; /* copies of the default stream that returned before they ended */
};

} // namespace

struct CUstream_st {
    int device;
    bool blocking;
    std::deque<work> queue;
};

struct CUevent_st {
    int device;
    bool timed;
    uint64_t recorded, done; /* tickets */
    cudaStream_t stream;
};

namespace
{

struct world {
    std::recursive_mutex lock;
    device devices[MAX_DEVICES];
    int count = 1;
    size_t bytes = (size_t)1 << 30;
    std::map<char *, size_t> pinned;
    std::map<const void *, std::string> objects; /* streams, events, handles */
    std::vector<cudaStream_t> streams;
    std::map<const void *, size_t> dynamic; /* shared memory that a kernel may be launched with */
    long fail_at = -1, calls = 0;
    bool lost = false;
    std::string failed;
    long info_at = -1, library_calls = 0;
    int64_t info_which = 0;
    int info_value = 0;
    bool deferred = false;
    uint64_t random = 0, tickets = 0;
    int open = 0; /* kernels that run now */
};

world *w()
{
    static world *only = [] {
        world *x = new world();
        if (const char *text = getenv("CT_FAKE_DEVICES"))
            x->count = atoi(text);
        return x;
    }();
    return only;
}

thread_local int current = 0;
thread_local cudaError_t last_error = cudaSuccess;

typedef std::lock_guard<std::recursive_mutex> guard;

cudaError_t remember(cudaError_t error)
{
    if (error != cudaSuccess && error != cudaErrorNotReady)
        last_error = error;
    return error;
}

/* Programming errors that CUDA may or may not notice. */
[[noreturn]] void misuse(const char *function, const char *what)
{
    fprintf(stderr, "fake CUDA: %s: %s\n", function, what);
    abort();
}

uint64_t draw()
{
    uint64_t x = w()->random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ (x >> 31);
}

/* Counts; cudaSuccess or what this call is to return. */
cudaError_t enter(const char *name, bool allocates = false)
{
    if (w()->count < 0)
        return remember(cudaErrorInsufficientDriver);
    if (w()->count == 0)
        return remember(cudaErrorNoDevice);
    if (ct_fake_fails(name))
        return remember(allocates ? cudaErrorMemoryAllocation : cudaErrorECCUncorrectable);
    return remember(w()->devices[current].lost);
}

/* ---- device memory ---- */

void protect(int protection)
{
    for (int d = 0; d < MAX_DEVICES; d++)
        if (w()->devices[d].used &&
            mprotect(w()->devices[d].arena, w()->devices[d].used, protection)) {
            perror("fake CUDA: mprotect");
            abort();
        }
}

void open_memory()
{
    if (w()->open++ == 0)
        protect(PROT_READ | PROT_WRITE);
}

void close_memory()
{
    if (--w()->open == 0)
        protect(PROT_NONE);
}

int owner(const void *memory)
{
    for (int d = 0; d < MAX_DEVICES; d++) {
        const char *arena = w()->devices[d].arena;
        if (arena && (const char *)memory >= arena && (const char *)memory < arena + ARENA_BYTES)
            return d;
    }
    return -1;
}

bool within(const std::map<char *, size_t> &blocks, const void *memory, size_t bytes)
{
    auto next = blocks.upper_bound((char *)memory);
    if (next == blocks.begin())
        return false;
    --next;
    return (char *)memory + bytes <= next->first + next->second;
}

void check_device(const char *function, const void *memory, size_t bytes)
{
    const int d = owner(memory);
    if (d < 0)
        misuse(function, "a host pointer where a device pointer is due");
    if (!within(w()->devices[d].blocks, memory, bytes))
        misuse(function, "device memory out of range or freed");
}

void check_host(const char *function, const void *memory)
{
    if (owner(memory) >= 0)
        misuse(function, "a device pointer where a host pointer is due");
}

bool is_pinned(const void *memory, size_t bytes)
{
    return within(w()->pinned, memory, bytes);
}

size_t rounded(size_t bytes)
{
    return (bytes + GRAIN - 1) / GRAIN * GRAIN + GRAIN; /* a page between blocks is never used */
}

/* ---- streams ---- */

void check_stream(const char *function, cudaStream_t stream)
{
    if (stream && !w()->objects.count(stream))
        misuse(function, "a stream that does not live");
}

void check_event(const char *function, cudaEvent_t event)
{
    if (!w()->objects.count(event))
        misuse(function, "an event that does not live");
}

void step(cudaStream_t stream);

void finish_event(cudaEvent_t event, uint64_t ticket)
{
    while (event->done < ticket)
        step(event->stream);
}

/* The first piece of work of a stream. */
void step(cudaStream_t stream)
{
    work item = std::move(stream->queue.front());
    stream->queue.pop_front();
    if (!item.run) {
        if (!w()->objects.count(item.event))
            return; /* destroyed since: CUDA lets the record complete */
        if (item.waits)
            finish_event(item.event, item.ticket);
        else if (item.event->done < item.ticket)
            item.event->done = item.ticket;
        return;
    }
    device *d = &w()->devices[stream->device];
    if (d->lost != cudaSuccess)
        return;
    open_memory();
    const cudaError_t error = item.run();
    close_memory();
    if (error != cudaSuccess)
        d->lost = error;
}

void drain(cudaStream_t stream)
{
    while (!stream->queue.empty())
        step(stream);
}

/* What the default stream of a device has not done yet. */
void drain_late(int number)
{
    CUstream_st now = {number, true, {}};
    now.queue.swap(w()->devices[number].late);
    drain(&now);
}

/* All streams of a device (-1: of all), in a random order; blocking: the default stream, and those
 * that it waits for. */
void drain_all(int of_device, bool blocking)
{
    for (int d = 0; d < MAX_DEVICES; d++)
        if (of_device < 0 || d == of_device)
            drain_late(d);
    for (;;) {
        std::vector<cudaStream_t> ready;
        for (cudaStream_t s : w()->streams)
            if (!s->queue.empty() && (of_device < 0 || s->device == of_device) &&
                (!blocking || s->blocking))
                ready.push_back(s);
        if (ready.empty())
            return;
        step(ready[draw() % ready.size()]);
    }
}

/* Now and then a piece of work of any stream. */
void step_some()
{
    while (draw() % 4 == 0) {
        cudaStream_t s = w()->streams[draw() % w()->streams.size()];
        if (!s->queue.empty())
            step(s);
    }
}

/* Work for a stream; at once where nothing is deferred. NULL: the default stream, which waits for
 * the blocking ones. */
cudaError_t enqueue(const char *function, cudaStream_t stream, work item)
{
    check_stream(function, stream);
    if (stream && stream->device != current)
        return remember(cudaErrorInvalidResourceHandle);
    if (!stream) {
        CUstream_st now = {current, true, {}};
        drain_all(current, true);
        now.queue.push_back(std::move(item));
        if (now.queue.front().event)
            now.queue.front().event->stream = nullptr;
        step(&now);
        return remember(w()->devices[current].lost);
    }
    if (stream->blocking)
        drain_late(stream->device); /* it waits for the default stream; the others do not */
    stream->queue.push_back(std::move(item));
    if (!w()->deferred)
        drain(stream);
    else
        step_some(); /* the device works while the host goes on */
    return w()->deferred ? cudaSuccess : remember(w()->devices[current].lost);
}

} // namespace

/* ---- failing on demand ---- */

bool ct_fake_fails(const char *name)
{
    world *x = w();
    const long k = x->calls++;
    if (x->fail_at < 0 || k < x->fail_at || (k > x->fail_at && !x->lost))
        return false;
    if (x->failed.empty())
        x->failed = name;
    return true;
}

void ct_fake_add_live(const char *what, const void *object)
{
    guard hold(w()->lock);
    w()->objects[object] = what;
}

bool ct_fake_remove_live(const void *object)
{
    guard hold(w()->lock);
    return w()->objects.erase(object) == 1;
}

void ct_fake_count_library_call(void)
{
    w()->library_calls++;
}

int ct_fake_info(int64_t which)
{
    const world *x = w();
    return x->library_calls - 1 == x->info_at && which == x->info_which ? x->info_value : 0;
}

cudaError_t ct_fake_launch(const char *name, cudaStream_t stream, std::function<cudaError_t()> run,
                           cudaError_t configuration)
{
    guard hold(w()->lock);
    const cudaError_t error = enter(name);
    if (error != cudaSuccess)
        return error;
    if (configuration != cudaSuccess)
        return remember(configuration);
    work item;
    item.run = std::move(run);
    const cudaError_t result = enqueue(name, stream, std::move(item));
    if (result == cudaErrorLaunchFailure) /* of the emulation: not lost for the next test */
        w()->devices[current].lost = cudaSuccess;
    last_error = cudaSuccess; /* handed out, as by cudaGetLastError */
    return result;
}

extern "C" {

/* ---- control ---- */

void ct_fake_devices(int count, size_t bytes)
{
    guard hold(w()->lock);
    if (ct_fake_live(1))
        misuse("ct_fake_devices", "something still lives");
    w()->count = count;
    w()->bytes = bytes;
    current = 0;
    last_error = cudaSuccess;
    for (device &d : w()->devices) {
        d.lost = cudaSuccess;
        d.peak = 0;
    }
}

void ct_fake_fail(long k, int lost)
{
    guard hold(w()->lock);
    w()->fail_at = k;
    w()->lost = lost != 0;
    w()->calls = 0;
    w()->failed.clear();
    last_error = cudaSuccess;
    for (device &d : w()->devices)
        d.lost = cudaSuccess;
}

const char *ct_fake_failed(void)
{
    static std::string text;
    guard hold(w()->lock);
    text = w()->failed;
    w()->fail_at = -1;
    w()->failed.clear();
    last_error = cudaSuccess;
    for (device &d : w()->devices)
        d.lost = cudaSuccess;
    return text.empty() ? nullptr : text.c_str();
}

long ct_fake_calls(void)
{
    guard hold(w()->lock);
    return w()->calls;
}

void ct_fake_fail_info(long k, int64_t which, int value)
{
    guard hold(w()->lock);
    w()->library_calls = 0;
    w()->info_at = k;
    w()->info_which = which;
    w()->info_value = value;
}

void ct_fake_defer(int on, uint64_t seed)
{
    guard hold(w()->lock);
    drain_all(-1, false);
    w()->deferred = on != 0;
    w()->random = seed;
}

int ct_fake_live(int print)
{
    guard hold(w()->lock);
    int count = 0;
    for (int d = 0; d < MAX_DEVICES; d++)
        for (const auto &b : w()->devices[d].blocks) {
            count++;
            if (print)
                fprintf(stderr, "fake CUDA: live: %zu bytes on device %d\n", b.second, d);
        }
    for (const auto &b : w()->pinned) {
        count++;
        if (print)
            fprintf(stderr, "fake CUDA: live: %zu bytes of pinned memory\n", b.second);
    }
    for (const auto &o : w()->objects) {
        count++;
        if (print)
            fprintf(stderr, "fake CUDA: live: %s\n", o.second.c_str());
    }
    return count;
}

size_t ct_fake_peak(int device)
{
    guard hold(w()->lock);
    return w()->devices[device].peak;
}

int ct_fake_is_device(const void *memory, size_t bytes)
{
    guard hold(w()->lock);
    const int d = owner(memory);
    return d >= 0 && within(w()->devices[d].blocks, memory, bytes);
}

int ct_fake_block(const void *memory, void **begin, size_t *bytes)
{
    guard hold(w()->lock);
    const int d = owner(memory);
    if (d < 0 || !within(w()->devices[d].blocks, memory, 1))
        return 0;
    const auto block = --w()->devices[d].blocks.upper_bound((char *)memory);
    *begin = block->first;
    *bytes = block->second;
    return 1;
}

/* ---- devices ---- */

cudaError_t cudaGetDeviceCount(int *count)
{
    guard hold(w()->lock);
    *count = 0;
    const cudaError_t error = enter("cudaGetDeviceCount");
    if (error == cudaSuccess)
        *count = w()->count;
    return error;
}

cudaError_t cudaGetDevice(int *device)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaGetDevice");
    if (error == cudaSuccess)
        *device = current;
    return error;
}

cudaError_t cudaSetDevice(int device)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaSetDevice");
    if (error != cudaSuccess)
        return error;
    if (device < 0 || device >= w()->count)
        return remember(cudaErrorInvalidDevice);
    current = device;
    return cudaSuccess;
}

__attribute__((weak)) size_t ct_fake_shared_most(void)
{
    return 227 * 1024;
}

__attribute__((weak)) size_t ct_fake_fixed_bytes(const void *)
{
    return 0;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaGetDeviceProperties");
    if (error != cudaSuccess)
        return error;
    if (device < 0 || device >= w()->count)
        return remember(cudaErrorInvalidDevice);
    memset(properties, 0, sizeof *properties);
    snprintf(properties->name, sizeof properties->name, "fake device %d", device);
    properties->totalGlobalMem = w()->bytes;
    properties->sharedMemPerBlock = 48 * 1024;
    properties->sharedMemPerBlockOptin = ct_fake_shared_most();
    properties->major = 9;
    properties->multiProcessorCount = 4;
    properties->warpSize = 32;
    properties->maxThreadsPerBlock = 1024;
    properties->l2CacheSize = 1 << 20;
    properties->maxGridSize[0] = 0x7fffffff;
    properties->maxGridSize[1] = properties->maxGridSize[2] = 65535;
    properties->pciBusID = device + 1;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int device)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaDeviceGetAttribute");
    if (error != cudaSuccess)
        return error;
    if (device < 0 || device >= w()->count)
        return remember(cudaErrorInvalidDevice);
    switch (attribute) {
    case cudaDevAttrMultiProcessorCount:
        *value = 4;
        return cudaSuccess;
    case cudaDevAttrMaxThreadsPerBlock:
        *value = 1024;
        return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlock:
        *value = 48 * 1024;
        return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
        *value = (int)ct_fake_shared_most();
        return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor:
        *value = 9;
        return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
        *value = 0;
        return cudaSuccess;
    }
    return remember(cudaErrorInvalidValue);
}

cudaError_t cudaDriverGetVersion(int *version)
{
    *version = w()->count < 0 ? 12000 : w()->count == 0 ? 0 : 13000;
    return ct_fake_fails("cudaDriverGetVersion") ? remember(cudaErrorUnknown) : cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int *version)
{
    *version = CUDART_VERSION;
    return ct_fake_fails("cudaRuntimeGetVersion") ? remember(cudaErrorUnknown) : cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaMemGetInfo");
    if (error != cudaSuccess)
        return error;
    *total = w()->bytes;
    *free_bytes = w()->bytes - w()->devices[current].live_bytes;
    return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize(void)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaDeviceSynchronize");
    drain_all(current, false);
    return error != cudaSuccess ? error : remember(w()->devices[current].lost);
}

cudaError_t cudaGetLastError(void)
{
    const cudaError_t error = last_error;
    last_error = cudaSuccess;
    return error;
}

cudaError_t cudaPeekAtLastError(void)
{
    return last_error;
}

static const struct {
    cudaError_t error;
    const char *name, *text;
} error_texts[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInitializationError, "cudaErrorInitializationError", "initialization error"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration",
     "invalid configuration argument"},
    {cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
     "CUDA driver version is insufficient for CUDA runtime version"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorECCUncorrectable, "cudaErrorECCUncorrectable", "uncorrectable ECC error encountered"},
    {cudaErrorInvalidKernelImage, "cudaErrorInvalidKernelImage", "device kernel image is invalid"},
    {cudaErrorSymbolNotFound, "cudaErrorSymbolNotFound", "named symbol not found"},
    {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    {cudaErrorIllegalAddress, "cudaErrorIllegalAddress",
     "an illegal memory access was encountered"},
    {cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {cudaErrorUnknown, "cudaErrorUnknown", "unknown error"},
};

const char *cudaGetErrorString(cudaError_t error)
{
    for (const auto &e : error_texts)
        if (e.error == error)
            return e.text;
    return "unrecognized error code";
}

const char *cudaGetErrorName(cudaError_t error)
{
    for (const auto &e : error_texts)
        if (e.error == error)
            return e.name;
    return "unrecognized error code";
}

/* ---- code: a shared object of the host, made by the fake NVRTC ---- */

struct CUlib_st {
    void *handle;
};

/* An object ends with its section headers. */
static void *open_object(const void *code)
{
    Elf64_Ehdr head;
    memcpy(&head, code, sizeof head);
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
        return nullptr;
    const size_t size = head.e_shoff + (size_t)head.e_shnum * head.e_shentsize;
    const int file = memfd_create("object", MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    void *handle =
        write(file, code, size) == (ssize_t)size ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!handle)
        fprintf(stderr, "fake CUDA: %s\n", dlerror());
    close(file);
    return handle;
}

cudaError_t cudaLibraryLoadData(cudaLibrary_t *library, const void *code, void *, void **, unsigned,
                                void *, void **, unsigned)
{
    guard hold(w()->lock);
    *library = nullptr;
    const cudaError_t error = enter("cudaLibraryLoadData");
    if (error != cudaSuccess)
        return error;
    void *handle = open_object(code);
    if (!handle)
        return remember(cudaErrorInvalidKernelImage);
    unsigned (**index)(int) = (unsigned (**)(int))dlsym(handle, "ct_emulated_index");
    if (index)
        *index = ct_emulation_index;
    *library = new CUlib_st{handle};
    ct_fake_add_live("a library", *library);
    return cudaSuccess;
}

cudaError_t cudaLibraryGetKernel(cudaKernel_t *kernel, cudaLibrary_t library, const char *name)
{
    guard hold(w()->lock);
    *kernel = nullptr;
    const cudaError_t error = enter("cudaLibraryGetKernel");
    if (error != cudaSuccess)
        return error;
    if (!w()->objects.count(library))
        misuse("cudaLibraryGetKernel", "a library that does not live");
    *kernel = (cudaKernel_t)dlsym(library->handle, name);
    return *kernel ? cudaSuccess : remember(cudaErrorSymbolNotFound);
}

cudaError_t cudaLibraryUnload(cudaLibrary_t library)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaLibraryUnload");
    if (!ct_fake_remove_live(library))
        misuse("cudaLibraryUnload", "a library that does not live");
    drain_all(-1, false); /* kernels may be under way */
    dlclose(library->handle);
    delete library;
    return error;
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, const void *kernel)
{
    const size_t fixed = ct_fake_fixed_bytes(kernel);
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaFuncGetAttributes");
    if (error == cudaSuccess)
        attributes->sharedSizeBytes = fixed;
    return error;
}

cudaError_t cudaFuncSetAttribute(const void *kernel, cudaFuncAttribute, int value)
{
    const size_t fixed = ct_fake_fixed_bytes(kernel);
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaFuncSetAttribute");
    if (error != cudaSuccess)
        return error;
    if (value < 0 || fixed + (size_t)value > ct_fake_shared_most())
        return remember(cudaErrorInvalidValue);
    w()->dynamic[kernel] = (size_t)value;
    return cudaSuccess;
}

size_t ct_fake_dynamic_bytes(const void *kernel)
{
    guard hold(w()->lock);
    return w()->dynamic[kernel];
}

/* ---- memory ---- */

cudaError_t cudaMalloc(void **memory, size_t bytes)
{
    guard hold(w()->lock);
    device *d = &w()->devices[current];
    *memory = nullptr;
    const cudaError_t error = enter("cudaMalloc", true);
    if (error != cudaSuccess)
        return error;
    if (!bytes)
        return cudaSuccess;
    if (bytes > w()->bytes - d->live_bytes || rounded(bytes) > ARENA_BYTES - d->used)
        return remember(cudaErrorMemoryAllocation);
    if (!d->arena) {
        d->arena = (char *)mmap(nullptr, ARENA_BYTES, PROT_NONE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (d->arena == (char *)MAP_FAILED)
            misuse("cudaMalloc", "no address space");
        /* opening and closing takes time for every page; where there are no large ones, so be it */
        (void)madvise(d->arena, ARENA_BYTES, MADV_HUGEPAGE);
    }
    if (d->blocks.empty())
        d->used = 0;
    char *block = d->arena + d->used;
    d->used += rounded(bytes);
    if (mprotect(block, rounded(bytes), PROT_READ | PROT_WRITE))
        misuse("cudaMalloc", "mprotect failed");
#ifdef CT_ASAN
    ASAN_POISON_MEMORY_REGION(block, rounded(bytes));
    ASAN_UNPOISON_MEMORY_REGION(block, bytes);
#endif
    memset(block, FRESH, bytes);
    if (!w()->open && mprotect(block, rounded(bytes), PROT_NONE))
        misuse("cudaMalloc", "mprotect failed");
    d->blocks[block] = bytes;
    d->live_bytes += bytes;
    if (d->live_bytes > d->peak)
        d->peak = d->live_bytes;
    *memory = block;
    return cudaSuccess;
}

cudaError_t cudaFree(void *memory)
{
    guard hold(w()->lock);
    if (!memory)
        return cudaSuccess;
    const int number = owner(memory);
    if (number < 0)
        misuse("cudaFree", "a host pointer");
    device *d = &w()->devices[number];
    auto block = d->blocks.find((char *)memory);
    if (block == d->blocks.end())
        misuse("cudaFree", "freed twice, or not the start of an allocation");
    drain_all(number, false);
    d->live_bytes -= block->second;
    open_memory();
    memset(memory, FREED, block->second);
    close_memory();
#ifdef CT_ASAN
    ASAN_POISON_MEMORY_REGION(memory, rounded(block->second));
#endif
    madvise(memory, rounded(block->second), MADV_DONTNEED);
    d->blocks.erase(block);
    return enter("cudaFree");
}

cudaError_t cudaMallocHost(void **memory, size_t bytes)
{
    guard hold(w()->lock);
    *memory = nullptr;
    const cudaError_t error = enter("cudaMallocHost", true);
    if (error != cudaSuccess || !bytes)
        return error;
    *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (!*memory)
        return remember(cudaErrorMemoryAllocation);
#ifdef CT_ASAN
    ASAN_POISON_MEMORY_REGION((char *)*memory + bytes, (bytes + 4095) / 4096 * 4096 - bytes);
#endif
    memset(*memory, FRESH, bytes);
    w()->pinned[(char *)*memory] = bytes;
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void *memory)
{
    guard hold(w()->lock);
    if (!memory)
        return cudaSuccess;
    auto block = w()->pinned.find((char *)memory);
    if (block == w()->pinned.end())
        misuse("cudaFreeHost", "not pinned memory that lives");
    drain_all(-1, false);
#ifdef CT_ASAN
    ASAN_UNPOISON_MEMORY_REGION(memory, (block->second + 4095) / 4096 * 4096);
#endif
    w()->pinned.erase(block);
    free(memory);
    return enter("cudaFreeHost");
}

static cudaError_t copy_rows(const char *function, void *to, size_t to_pitch, const void *from,
                             size_t from_pitch, size_t width, size_t height, cudaMemcpyKind kind,
                             cudaStream_t stream, bool wait)
{
    guard hold(w()->lock);
    const cudaError_t error = enter(function);
    if (error != cudaSuccess)
        return error;
    if (!width || !height)
        return cudaSuccess;
    if (to_pitch < width || from_pitch < width)
        return remember(cudaErrorInvalidValue);
    const size_t to_bytes = (height - 1) * to_pitch + width;
    const size_t from_bytes = (height - 1) * from_pitch + width;
    if (kind == cudaMemcpyDefault)
        kind = owner(to) >= 0 ? owner(from) >= 0 ? cudaMemcpyDeviceToDevice : cudaMemcpyHostToDevice
               : owner(from) >= 0 ? cudaMemcpyDeviceToHost
                                  : cudaMemcpyHostToHost;
    const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    to_device ? check_device(function, to, to_bytes) : check_host(function, to);
    from_device ? check_device(function, from, from_bytes) : check_host(function, from);
    std::shared_ptr<std::vector<char>> staged;
    /* pageable memory is read at once, or, as by a device that reads it itself, when the stream comes to it */
    const bool late = stream && !wait && w()->deferred && draw() % 2;
    if (!from_device && !is_pinned(from, from_bytes) && !late) {
        staged = std::make_shared<std::vector<char>>((const char *)from,
                                                     (const char *)from + from_bytes);
        from = staged->data();
    }
    work item;
    item.run = [=]() {
        (void)staged;
        for (size_t y = 0; y < height; y++)
            memcpy((char *)to + y * to_pitch, (const char *)from + y * from_pitch, width);
        return cudaSuccess;
    };
    if (!stream && staged && w()->deferred) { /* the host may go on before the copy has ended */
        drain_all(current, true);
        w()->devices[current].late.push_back(std::move(item));
        return remember(w()->devices[current].lost);
    }
    const cudaError_t result = enqueue(function, stream, std::move(item));
    if (result == cudaSuccess && stream &&
        (wait || (!to_device && !is_pinned(to, to_bytes) && !late)))
        drain(stream); /* into pageable memory: as a synchronous copy, often */
    return result != cudaSuccess ? result : remember(w()->devices[current].lost);
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind)
{
    return copy_rows("cudaMemcpy", to, bytes, from, bytes, bytes, 1, kind, nullptr, true);
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream)
{
    return copy_rows("cudaMemcpyAsync", to, bytes, from, bytes, bytes, 1, kind, stream, false);
}

cudaError_t cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch,
                              size_t width, size_t height, cudaMemcpyKind kind, cudaStream_t stream)
{
    return copy_rows("cudaMemcpy2DAsync", to, to_pitch, from, from_pitch, width, height, kind,
                     stream, false);
}

cudaError_t cudaMemsetAsync(void *memory, int value, size_t bytes, cudaStream_t stream)
{
    guard hold(w()->lock);
    const cudaError_t error = enter("cudaMemsetAsync");
    if (error != cudaSuccess || !bytes)
        return error;
    check_device("cudaMemsetAsync", memory, bytes);
    work item;
    item.run = [=]() {
        memset(memory, value, bytes);
        return cudaSuccess;
    };
    return enqueue("cudaMemsetAsync", stream, std::move(item));
}

cudaError_t cudaMemset(void *memory, int value, size_t bytes)
{
    return cudaMemsetAsync(memory, value, bytes, nullptr);
}

/* ---- streams and events ---- */

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags)
{
    guard hold(w()->lock);
    *stream = nullptr;
    const cudaError_t error = enter("cudaStreamCreate");
    if (error != cudaSuccess)
        return error;
    *stream = new CUstream_st{current, flags != cudaStreamNonBlocking, {}};
    w()->streams.push_back(*stream);
    ct_fake_add_live("a stream", *stream);
    return cudaSuccess;
}

cudaError_t cudaStreamCreate(cudaStream_t *stream)
{
    return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    guard hold(w()->lock);
    check_stream("cudaStreamDestroy", stream);
    if (!stream)
        return remember(cudaErrorInvalidResourceHandle);
    drain(stream);
    ct_fake_remove_live(stream);
    for (size_t i = 0; i < w()->streams.size(); i++)
        if (w()->streams[i] == stream)
            w()->streams.erase(w()->streams.begin() + (long)i--);
    delete stream;
    return enter("cudaStreamDestroy");
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
    guard hold(w()->lock);
    check_stream("cudaStreamSynchronize", stream);
    const cudaError_t error = enter("cudaStreamSynchronize");
    if (stream)
        drain(stream);
    else
        drain_all(current, true);
    return error != cudaSuccess ? error : remember(w()->devices[current].lost);
}

cudaError_t cudaStreamQuery(cudaStream_t stream)
{
    guard hold(w()->lock);
    check_stream("cudaStreamQuery", stream);
    const cudaError_t error = enter("cudaStreamQuery");
    if (error != cudaSuccess)
        return error;
    if (stream && !stream->queue.empty()) {
        step(stream); /* time goes on */
        return cudaErrorNotReady;
    }
    return remember(w()->devices[current].lost);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned)
{
    guard hold(w()->lock);
    check_stream("cudaStreamWaitEvent", stream);
    check_event("cudaStreamWaitEvent", event);
    const cudaError_t error = enter("cudaStreamWaitEvent");
    if (error != cudaSuccess)
        return error;
    if (!stream || stream->device == current) {
        if (!stream) {
            finish_event(event, event->recorded);
            return cudaSuccess;
        }
        work item;
        item.event = event;
        item.ticket = event->recorded;
        item.waits = true;
        return enqueue("cudaStreamWaitEvent", stream, std::move(item));
    }
    return remember(cudaErrorInvalidResourceHandle);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags)
{
    guard hold(w()->lock);
    *event = nullptr;
    const cudaError_t error = enter("cudaEventCreate");
    if (error != cudaSuccess)
        return error;
    *event = new CUevent_st{current, !(flags & cudaEventDisableTiming), 0, 0, nullptr};
    ct_fake_add_live("an event", *event);
    return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
    return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    guard hold(w()->lock);
    check_event("cudaEventDestroy", event);
    finish_event(event, event->recorded);
    for (cudaStream_t s : w()->streams) /* waits that are over */
        for (work &item : s->queue)
            if (item.event == event)
                item = work{[]() { return cudaSuccess; }, nullptr, 0, false};
    ct_fake_remove_live(event);
    delete event;
    return enter("cudaEventDestroy");
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    guard hold(w()->lock);
    check_event("cudaEventRecord", event);
    check_stream("cudaEventRecord", stream);
    const cudaError_t error = enter("cudaEventRecord");
    if (error != cudaSuccess)
        return error;
    if ((stream ? stream->device : current) != event->device)
        return remember(cudaErrorInvalidResourceHandle);
    finish_event(event, event->recorded); /* an older record in another stream */
    work item;
    item.event = event;
    item.ticket = event->recorded = ++w()->tickets;
    event->stream = stream;
    return enqueue("cudaEventRecord", stream, std::move(item));
}

cudaError_t cudaEventQuery(cudaEvent_t event)
{
    guard hold(w()->lock);
    check_event("cudaEventQuery", event);
    const cudaError_t error = enter("cudaEventQuery");
    if (error != cudaSuccess)
        return error;
    if (event->done < event->recorded) {
        step(event->stream);
        return cudaErrorNotReady;
    }
    return remember(w()->devices[event->device].lost);
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
    guard hold(w()->lock);
    check_event("cudaEventSynchronize", event);
    const cudaError_t error = enter("cudaEventSynchronize");
    finish_event(event, event->recorded);
    return error != cudaSuccess ? error : remember(w()->devices[event->device].lost);
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t end)
{
    guard hold(w()->lock);
    check_event("cudaEventElapsedTime", start);
    check_event("cudaEventElapsedTime", end);
    const cudaError_t error = enter("cudaEventElapsedTime");
    if (error != cudaSuccess)
        return error;
    if (!start->timed || !end->timed || !start->recorded || !end->recorded)
        return remember(cudaErrorInvalidResourceHandle);
    if (start->done < start->recorded || end->done < end->recorded)
        return cudaErrorNotReady;
    *milliseconds = 0.5f;
    return cudaSuccess;
}

} // extern "C"
