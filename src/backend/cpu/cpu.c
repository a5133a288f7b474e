/* The CPU backend: picks an instruction set, runs the bit kernels on all threads, keeps BLAS single-threaded. */
#include <omp.h>
#include <string.h>

#include "base/bits.h"
#include "backend/backend.h"
#include "backend/cpu/evaluate.h"
#include "backend/cpu/gram.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/solve.h"

const ct_isa *ct_isa_pick(void)
{
#ifdef CT_HAVE_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vpopcntdq"))
        return &ct_isa_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return &ct_isa_avx2;
#endif
    return &ct_isa_generic;
}

static const char *instruction_set(void)
{
    return ct_isa_pick()->name;
}

/* Pixels of `low` that sit above index bit |low| change places with the others below it; a pass each. Large tables are
 * swapped in independent pieces above the highest bit that moves. */
static void bit_layout(const uint64_t *table, int pixels, uint64_t low, uint64_t *out, uint8_t *order, int threads)
{
    const ct_isa *isa = ct_isa_pick();
    const uint64_t words = ct_table_words(pixels);
    const int lows = ct_popcount(low);
    (void)threads;

    memcpy(out, table, words * sizeof *out);
    for (int k = 0; k < pixels; k++)
        order[k] = (uint8_t)k;
    for (int i = 0, j = lows; i < lows; i++) {
        if ((low >> i) & 1)
            continue;
        while (!((low >> j) & 1))
            j++;
        isa->swap_bits(out, words, i, j);
        order[i] = (uint8_t)j;
        order[j] = (uint8_t)i;
        j++;
    }
}

static void gram_bits(int64_t n, const uint64_t *const *rows, size_t words, int64_t *g, int threads)
{
    const ct_isa *isa = ct_isa_pick();
    const int64_t step = 8;
    if (threads <= 1) {
        isa->gram_bits(n, rows, words, 0, n, g);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int64_t row = 0; row < n; row += step)
        isa->gram_bits(n, rows, words, row, row + step < n ? row + step : n, g);
}

const ct_backend *ct_backend_cpu(void)
{
    static const ct_backend cpu = {
        .name = "cpu",
        .instruction_set = instruction_set,
        .evaluate = ct_cpu_evaluate,
        .bit_layout = bit_layout,
        .gram_bits = gram_bits,
        .gram_integer = ct_gram_integer,
        .gram_real = ct_gram_real,
        .gram_complex = ct_gram_complex,
        .eigenvalues = ct_cpu_eigenvalues,
    };
    return &cpu;
}
