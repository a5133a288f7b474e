/* SPDX-License-Identifier: Apache-2.0 */
/* What nvcc's host stubs call: the PTX in an object is registered before main, its kernels are launched over the fake run
 * time. Objects must hold PTX that is not compressed (nvcc --compress-mode=none, code=compute_..). Control is that of
 * tests/emulation (emulation.h); CT_PTX_REPORT=1 prints at the end for every kernel
 * its launches, the instructions of all threads and the bytes that they asked device memory for. */
#include "machine.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <mutex>
#include <stdio.h>
#include <stdlib.h>

#include "emulation.h"

struct dim3 { /* of CUDA C++ */
    unsigned x, y, z;
};

#include "runtime.h"

using namespace ct_ptx;

/* ---- what is registered ---- */

struct fat_header {
    uint32_t magic;
    uint16_t version, header_bytes;
    uint64_t bytes; /* behind the header */
};
struct fat_wrapper {
    int magic, version;
    const fat_header *data;
    void *unused;
};

/* The PTX of one object, read when a kernel of it is launched for the first time. */
struct object {
    std::string text;
    bool read = false;
    std::map<std::string, kernel> kernels;
};
struct stub {
    object *from;
    std::string name;
    uint64_t launches = 0, instructions = 0, bytes = 0;
};

struct configuration {
    dim3 grid, block;
    size_t shared_bytes;
    void *stream;
};

static std::recursive_mutex &lock()
{
    static auto *only = new std::recursive_mutex;
    return *only;
}
static std::map<const void *, stub> &stubs()
{
    static auto *all = new std::map<const void *, stub>;
    return *all;
}
static std::map<std::string, long> launched;
static uint64_t order =
    getenv("CT_EMULATION_ORDER") ? strtoull(getenv("CT_EMULATION_ORDER"), nullptr, 10) : 0;
static thread_local std::vector<configuration> pushed;
typedef std::lock_guard<std::recursive_mutex> guard;

static std::string ptx_of(const fat_header *data)
{
    static const char first[] = ".version ";
    const char *begin = (const char *)data, *end = begin + data->header_bytes + data->bytes,
               *found = std::search(begin, end, first, first + sizeof first - 1);
    return std::string(found, std::find(found, end, '\0'));
}

/* "_Z15jacobi_kernelI.." -> "jacobi_kernel" */
static std::string plain(const std::string &mangled)
{
    const size_t digit = mangled.find_first_of("0123456789");
    const size_t letter = mangled.find_first_not_of("0123456789", digit);
    return digit == std::string::npos
               ? mangled
               : mangled.substr(letter, (size_t)atoi(mangled.c_str() + digit));
}

static const kernel &kernel_of(stub &s)
{
    guard hold(lock());
    if (!s.from->read) {
        s.from->kernels = parse(s.from->text);
        s.from->read = true;
    }
    const auto found = s.from->kernels.find(s.name);
    if (found == s.from->kernels.end())
        refuse("kernel", s.name + ": no PTX of it (compressed?)");
    return found->second;
}

static cudaError_t check(const kernel &k, const void *host, dim3 grid, dim3 block,
                         size_t dynamic_bytes)
{
    if (grid.x < 1 || grid.y < 1 || grid.z < 1 || grid.x > 0x7fffffff || grid.y > 65535 ||
        grid.z > 65535 || block.x < 1 || block.x > 1024 || block.x > k.most_threads)
        return cudaErrorInvalidConfiguration;
    if (block.y != 1 || block.z != 1)
        refuse(k.name, "blocks with y or z");
    const size_t all = k.shared_bytes + dynamic_bytes;
    return all > 48 * 1024 && (all > 227 * 1024 || dynamic_bytes > ct_fake_dynamic_bytes(host))
               ? cudaErrorInvalidValue
               : cudaSuccess;
}

static std::vector<unsigned char> parameters_of(const kernel &k, void **arguments)
{
    std::vector<unsigned char> out(k.parameter_bytes);
    for (size_t p = 0; p < k.order.size(); p++) {
        const variable &v = k.parameter.at(k.order[p]);
        memcpy(out.data() + v.offset, arguments[p], v.bytes);
    }
    return out;
}

/* With the kilobyte that the system has of every block: cubins count it, and the run time may. */
size_t ct_fake_fixed_bytes(const void *host)
{
    guard hold(lock());
    const auto s = stubs().find(host);
    return s == stubs().end() ? 0 : kernel_of(s->second).shared_bytes + 1024;
}

static void report()
{
    for (const auto &s : stubs())
        if (s.second.launches)
            fprintf(stderr, "ptx: %8llu launches, %14llu instructions, %12llu bytes: %s\n",
                    (unsigned long long)s.second.launches,
                    (unsigned long long)s.second.instructions, (unsigned long long)s.second.bytes,
                    plain(s.second.name).c_str());
}

extern "C" {

void **__cudaRegisterFatBinary(void *wrapper)
{
    return (void **)new object{ptx_of(((const fat_wrapper *)wrapper)->data), false, {}};
}

void __cudaRegisterFatBinaryEnd(void **)
{
}

void __cudaUnregisterFatBinary(void **handle)
{
    delete (object *)handle;
}

void __cudaRegisterFunction(void **handle, const char *host, char *, const char *name, int, void *,
                            void *, void *, void *, int *)
{
    stubs()[host] = stub{(object *)handle, name};
}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared_bytes, void *stream)
{
    pushed.push_back({grid, block, shared_bytes, stream});
    return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3 *grid, dim3 *block, size_t *shared_bytes, void *stream)
{
    const configuration c = pushed.back();
    pushed.pop_back();
    *grid = c.grid;
    *block = c.block;
    *shared_bytes = c.shared_bytes;
    *(void **)stream = c.stream;
    return cudaSuccess;
}

cudaError_t __cudaGetKernel(const void **out, const void *host)
{
    *out = host;
    return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(const void *host, dim3 grid, dim3 block, void **arguments,
                               size_t dynamic_bytes, cudaStream_t stream)
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (getenv("CT_PTX_REPORT"))
            atexit(report);
    });
    const auto found = stubs().find(host);
    if (found == stubs().end())
        refuse("kernel", "a launch of what was not registered");
    stub *s = &found->second;
    const kernel &k = kernel_of(*s);
    launch l = {&k, {grid.x, grid.y, grid.z}, block.x, dynamic_bytes, parameters_of(k, arguments)};
    {
        guard hold(lock());
        launched[plain(k.name)]++;
    }
    return ct_fake_launch(
        "launch", stream,
        [l, s]() mutable {
            run(l, order);
            guard hold(lock());
            s->launches++;
            s->instructions += l.instructions;
            s->bytes += l.bytes;
            return cudaSuccess;
        },
        check(k, host, grid, block, dynamic_bytes));
}

/* C texts come as code of the processor from the fake NVRTC, which needs the other emulation. */
cudaError_t cudaLaunchKernel(const void *, dim3, dim3, void **, size_t, cudaStream_t)
{
    return cudaErrorInvalidValue;
}

void ct_emulation_order(uint64_t o)
{
    order = o;
}

void ct_emulation_expect_error(int)
{
    refuse("emulation", "violations end the program");
}

const char *ct_emulation_take_error(void)
{
    return "";
}

long ct_emulation_launched(const char *name)
{
    guard hold(lock());
    return launched[name];
}

unsigned ct_emulation_index(int)
{
    refuse("emulation", "code that was loaded");
}

} // extern "C"
