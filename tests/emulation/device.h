/* SPDX-License-Identifier: Apache-2.0 */
/* The device side of CUDA C++ for a CPU compiler, on top of fibers.cpp. Included by
 * kernels/launch.cuh; see emulation.h for what is checked. */
#ifndef CT_EMULATION_DEVICE_H
#define CT_EMULATION_DEVICE_H

#include <stdint.h>
#include <string.h>
#include <tuple>
#include <type_traits>

#include <cuda_runtime_api.h>

/* What kernels use of <cmath>, which with <functional> would be half of what they take to compile. */
extern "C" {
double fabs(double) noexcept;
double fma(double, double, double) noexcept;
double fmax(double, double) noexcept;
double fmin(double, double) noexcept;
double ldexp(double, int) noexcept;
double sqrt(double) noexcept;
}

#define __global__
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
/* A section of their own, so that it can be poisoned before each block. (gcc leaves variables of
 * function templates where they are: those are poisoned under clang only.) */
#define __shared__ static __attribute__((section(".ct_shared")))

/* Nothing of the emulation itself is the thread sanitizer's business. */
#define CT_EMULATION_QUIET __attribute__((no_sanitize("thread"), noinline))

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_)
    {
    }
};
#define CT_VECTOR2(name, type)                                                                     \
    struct __attribute__((aligned(2 * sizeof(type)))) name {                                       \
        type x, y;                                                                                 \
    };                                                                                             \
    static inline name make_##name(type x, type y)                                                 \
    {                                                                                              \
        return name{x, y};                                                                         \
    }
#define CT_VECTOR4(name, type)                                                                     \
    struct __attribute__((aligned(16))) name {                                                     \
        type x, y, z, w;                                                                           \
    };                                                                                             \
    static inline name make_##name(type x, type y, type z, type w)                                 \
    {                                                                                              \
        return name{x, y, z, w};                                                                   \
    }
CT_VECTOR2(int2, int)
CT_VECTOR2(uint2, unsigned)
CT_VECTOR2(longlong2, long long)
CT_VECTOR2(ulonglong2, unsigned long long)
CT_VECTOR2(float2, float)
#ifndef CT_FAKE_DOUBLE2 /* cuComplex.h needs it in C too */
#define CT_FAKE_DOUBLE2
CT_VECTOR2(double2, double)
#endif
CT_VECTOR4(int4, int)
CT_VECTOR4(uint4, unsigned)
CT_VECTOR4(float4, float)

namespace ct_emulation
{

enum barrier_kind { SYNC, COUNT, AND, OR };
enum warp_kind {
    SYNCWARP,
    SHUFFLE,
    BALLOT,
    MATCH_ANY,
    REDUCE_ADD,
    REDUCE_MIN,
    REDUCE_MAX,
    REDUCE_AND,
    REDUCE_OR,
    REDUCE_XOR
};

uint3 thread_index();
uint3 block_index();
dim3 block_size();
dim3 grid_size();
int lane();
void *dynamic_shared();
void pause(); /* another thread may run here (random orders) */
int barrier(barrier_kind kind, int predicate, const char *file, int line);
/* value and result: 64 bits; source: lane read by SHUFFLE. */
uint64_t warp(warp_kind kind, unsigned mask, uint64_t value, int source, const char *file,
              int line);
/* A kernel with its arguments: what every thread runs. */
struct call {
    virtual ~call()
    {
    }
    virtual void run() const = 0;
};
/* Frees `body`, which may run later. */
cudaError_t start(const char *name, dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream,
                  const call *body);

template <class... P> struct call_of : call {
    void (*kernel)(P...);
    std::tuple<P...> arguments;

    call_of(void (*kernel_)(P...), P... arguments_) : kernel(kernel_), arguments(arguments_...)
    {
    }
    void run() const override
    {
        std::apply(kernel, arguments);
    }
};

template <class... P, class... A>
cudaError_t launch(const char *name, dim3 grid, dim3 block, size_t shared_bytes,
                   cudaStream_t stream, void (*kernel)(P...), A &&...arguments)
{
    static_assert((std::is_trivially_copyable<P>::value && ...), "a kernel's arguments are bytes");
    return start(name, grid, block, shared_bytes, stream,
                 new call_of<P...>(kernel, static_cast<P>(arguments)...));
}

template <class T> uint64_t to_word(T value)
{
    static_assert(sizeof(T) <= 8 && std::is_trivially_copyable<T>::value, "at most 64 bits");
    uint64_t word = 0;
    memcpy(&word, &value, sizeof value);
    return word;
}
template <class T> T from_word(uint64_t word)
{
    T value;
    memcpy(&value, &word, sizeof value);
    return value;
}

} // namespace ct_emulation

#define threadIdx (ct_emulation::thread_index())
#define blockIdx (ct_emulation::block_index())
#define blockDim (ct_emulation::block_size())
#define gridDim (ct_emulation::grid_size())
static constexpr int warpSize = 32;

#define CT_HERE const char *file = __builtin_FILE(), int line = __builtin_LINE()

/* ---- barriers ---- */

static inline void __syncthreads(CT_HERE)
{
    ct_emulation::barrier(ct_emulation::SYNC, 0, file, line);
}
static inline int __syncthreads_count(int predicate, CT_HERE)
{
    return ct_emulation::barrier(ct_emulation::COUNT, predicate, file, line);
}
static inline int __syncthreads_and(int predicate, CT_HERE)
{
    return ct_emulation::barrier(ct_emulation::AND, predicate, file, line);
}
static inline int __syncthreads_or(int predicate, CT_HERE)
{
    return ct_emulation::barrier(ct_emulation::OR, predicate, file, line);
}
static inline void __syncwarp(unsigned mask = 0xffffffffu, CT_HERE)
{
    ct_emulation::warp(ct_emulation::SYNCWARP, mask, 0, 0, file, line);
}
static inline void __threadfence()
{
}
static inline void __threadfence_block()
{
}

/* ---- warp operations ---- */

template <class T>
static inline T __shfl_sync(unsigned mask, T value, int source, int width = 32, CT_HERE)
{
    using namespace ct_emulation;
    return from_word<T>(warp(SHUFFLE, mask, to_word(value),
                             (lane() & ~(width - 1)) | (source & (width - 1)), file, line));
}
template <class T>
static inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, CT_HERE)
{
    using namespace ct_emulation;
    int source = lane() - (int)delta;
    if (source < (lane() & ~(width - 1)))
        source = lane();
    return from_word<T>(warp(SHUFFLE, mask, to_word(value), source, file, line));
}
template <class T>
static inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, CT_HERE)
{
    using namespace ct_emulation;
    int source = lane() + (int)delta;
    if (source > (lane() | (width - 1)))
        source = lane();
    return from_word<T>(warp(SHUFFLE, mask, to_word(value), source, file, line));
}
template <class T>
static inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, CT_HERE)
{
    using namespace ct_emulation;
    int source = lane() ^ bits;
    if (source > (lane() | (width - 1)))
        source = lane();
    return from_word<T>(warp(SHUFFLE, mask, to_word(value), source, file, line));
}
static inline unsigned __ballot_sync(unsigned mask, int predicate, CT_HERE)
{
    return (unsigned)ct_emulation::warp(ct_emulation::BALLOT, mask, predicate != 0, 0, file, line);
}
static inline int __any_sync(unsigned mask, int predicate, CT_HERE)
{
    return ct_emulation::warp(ct_emulation::BALLOT, mask, predicate != 0, 0, file, line) != 0;
}
static inline int __all_sync(unsigned mask, int predicate, CT_HERE)
{
    return ct_emulation::warp(ct_emulation::BALLOT, mask, predicate == 0, 0, file, line) == 0;
}
template <class T> static inline unsigned __match_any_sync(unsigned mask, T value, CT_HERE)
{
    using namespace ct_emulation;
    return (unsigned)warp(MATCH_ANY, mask, to_word(value), 0, file, line);
}
/* CUDA promises no more than the calling lane. */
static inline unsigned __activemask()
{
    return 1u << ct_emulation::lane();
}
#define CT_REDUCE(name, kind, type)                                                                \
    static inline type name(unsigned mask, type value, CT_HERE)                                    \
    {                                                                                              \
        return (type)(int64_t)ct_emulation::warp(ct_emulation::kind, mask,                         \
                                                 (uint64_t)(int64_t)value, 0, file, line);         \
    }
CT_REDUCE(__reduce_add_sync, REDUCE_ADD, int)
CT_REDUCE(__reduce_min_sync, REDUCE_MIN, int)
CT_REDUCE(__reduce_max_sync, REDUCE_MAX, int)
CT_REDUCE(__reduce_add_sync, REDUCE_ADD, unsigned)
CT_REDUCE(__reduce_min_sync, REDUCE_MIN, unsigned)
CT_REDUCE(__reduce_max_sync, REDUCE_MAX, unsigned)
CT_REDUCE(__reduce_and_sync, REDUCE_AND, unsigned)
CT_REDUCE(__reduce_or_sync, REDUCE_OR, unsigned)
CT_REDUCE(__reduce_xor_sync, REDUCE_XOR, unsigned)
#undef CT_REDUCE

/* ---- atomics: relaxed, on CUDA's types only ---- */

#define CT_ATOMIC(name, type, builtin)                                                             \
    static inline type name(type *address, type value)                                             \
    {                                                                                              \
        ct_emulation::pause();                                                                     \
        return builtin(address, value, __ATOMIC_RELAXED);                                          \
    }
#define CT_ATOMIC_WITH(name, type, expression)                                                     \
    static inline type name(type *address, type value)                                             \
    {                                                                                              \
        ct_emulation::pause();                                                                     \
        type old, next;                                                                            \
        __atomic_load(address, &old, __ATOMIC_RELAXED);                                            \
        do {                                                                                       \
            next = expression;                                                                     \
        } while (!__atomic_compare_exchange(address, &old, &next, false, __ATOMIC_RELAXED,         \
                                            __ATOMIC_RELAXED));                                    \
        return old;                                                                                \
    }
#define CT_ATOMICS(type)                                                                           \
    CT_ATOMIC(atomicAdd, type, __atomic_fetch_add)                                                 \
    CT_ATOMIC(atomicOr, type, __atomic_fetch_or)                                                   \
    CT_ATOMIC(atomicAnd, type, __atomic_fetch_and)                                                 \
    CT_ATOMIC(atomicXor, type, __atomic_fetch_xor)                                                 \
    CT_ATOMIC(atomicExch, type, __atomic_exchange_n)                                               \
    CT_ATOMIC_WITH(atomicMin, type, value < old ? value : old)                                     \
    CT_ATOMIC_WITH(atomicMax, type, value > old ? value : old)                                     \
    static inline type atomicCAS(type *address, type compare, type value)                          \
    {                                                                                              \
        ct_emulation::pause();                                                                     \
        __atomic_compare_exchange_n(address, &compare, value, false, __ATOMIC_RELAXED,             \
                                    __ATOMIC_RELAXED);                                             \
        return compare;                                                                            \
    }
CT_ATOMICS(int)
CT_ATOMICS(unsigned)
CT_ATOMICS(unsigned long long)
CT_ATOMIC(atomicSub, int, __atomic_fetch_sub)
CT_ATOMIC(atomicSub, unsigned, __atomic_fetch_sub)
CT_ATOMIC_WITH(atomicMin, long long, value < old ? value : old)
CT_ATOMIC_WITH(atomicMax, long long, value > old ? value : old)
CT_ATOMIC_WITH(atomicAdd, float, old + value)
CT_ATOMIC_WITH(atomicAdd, double, old + value)
#undef CT_ATOMICS
#undef CT_ATOMIC_WITH
#undef CT_ATOMIC

/* ---- integers ---- */

static inline int __popc(unsigned x)
{
    return __builtin_popcount(x);
}
static inline int __popcll(unsigned long long x)
{
    return __builtin_popcountll(x);
}
static inline int __ffs(int x)
{
    return __builtin_ffs(x);
}
static inline int __ffsll(long long x)
{
    return __builtin_ffsll(x);
}
static inline int __clz(int x)
{
    return x ? __builtin_clz((unsigned)x) : 32;
}
static inline int __clzll(long long x)
{
    return x ? __builtin_clzll((unsigned long long)x) : 64;
}
static inline unsigned long long __brevll(unsigned long long x)
{
    unsigned long long y = 0;
    for (int i = 0; i < 64; i++)
        y |= ((x >> i) & 1) << (63 - i);
    return y;
}
static inline unsigned __brev(unsigned x)
{
    return (unsigned)(__brevll(x) >> 32);
}
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
static inline long long __mul64hi(long long a, long long b)
{
    return (long long)(((__int128)a * b) >> 64);
}
template <class T> static inline T __ldg(const T *address)
{
    return *address;
}

#define CT_MINMAX(type)                                                                            \
    static inline type min(type a, type b)                                                         \
    {                                                                                              \
        return b < a ? b : a;                                                                      \
    }                                                                                              \
    static inline type max(type a, type b)                                                         \
    {                                                                                              \
        return a < b ? b : a;                                                                      \
    }
CT_MINMAX(int)
CT_MINMAX(unsigned)
CT_MINMAX(long)
CT_MINMAX(unsigned long)
CT_MINMAX(long long)
CT_MINMAX(unsigned long long)
CT_MINMAX(float)
CT_MINMAX(double)
#undef CT_MINMAX

/* ---- floating point: compile with -ffp-contract=off ---- */

static inline double rsqrt(double x)
{
    return 1.0 / sqrt(x);
}
static inline double __dadd_rn(double a, double b)
{
    return a + b;
}
static inline double __dsub_rn(double a, double b)
{
    return a - b;
}
static inline double __dmul_rn(double a, double b)
{
    return a * b;
}
static inline double __ddiv_rn(double a, double b)
{
    return a / b;
}
static inline double __dsqrt_rn(double a)
{
    return sqrt(a);
}
static inline double __fma_rn(double a, double b, double c)
{
    return fma(a, b, c);
}
static inline double __longlong_as_double(long long x)
{
    return ct_emulation::from_word<double>(ct_emulation::to_word(x));
}
static inline long long __double_as_longlong(double x)
{
    return ct_emulation::from_word<long long>(ct_emulation::to_word(x));
}
static inline double __ll2double_rn(long long x)
{
    return (double)x;
}

#undef CT_HERE
#endif
