/* SPDX-License-Identifier: Apache-2.0 */
/* One step of the Gram recursion of an automaton: every entry gathers two entries of the level before it, whatever the others do; and
 * entries that are not zero join their states, for blocks. */
#include "components.cuh"

#ifndef CT_LEVEL_CHUNK /* tests lower it */
#define CT_LEVEL_CHUNK                                                                             \
    1024 /* entries that a warp takes at once, whose first row is looked for once */
#endif

/* The row of an entry: rows are never empty. */
static __device__ inline int64_t row_of(const int64_t *start, int64_t rows, int64_t entry)
{
    int64_t low = 0, high = rows;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (start[middle] <= entry)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The old entry of what i and j become by a bit; NULL: one is dead, or they lie in different blocks. */
static __device__ inline const uint64_t *old_entry(const ct_device_level &d, int bit, int64_t i,
                                                   int64_t j)
{
    const int64_t a = d.to[bit][i], b = d.to[bit][j];
    const int64_t low = a < b ? a : b, high = a < b ? b : a;
    if (low < 0)
        return NULL;
    const int64_t entry = d.old_start[low] + (high - low);
    return entry < d.old_start[low + 1] ? d.old_entry + entry * d.old_words : NULL;
}

static __device__ inline uint64_t word_of(const uint64_t *number, int w, int words)
{
    return number && w < words ? number[w] : 0;
}

/* out = a + b; the bits that are set in any word. */
static __device__ inline uint64_t add_integers(const ct_device_level &d, const uint64_t *a,
                                               const uint64_t *b, uint64_t *out)
{
    uint64_t carry = 0, any = 0;
    for (int w = 0; w < d.words; w++) {
        const uint64_t x = word_of(a, w, d.old_words) + carry, y = word_of(b, w, d.old_words);
        carry = x < carry;
        out[w] = x + y;
        carry += x + y < y;
        any |= x + y;
    }
    return any;
}

static __device__ inline uint64_t add_bounds(const ct_device_level &d, const uint64_t *a,
                                             const uint64_t *b, uint64_t *out)
{
    uint64_t any = 0;
    for (int w = 0; w < d.words; w++) {
        const double sum = __longlong_as_double((long long)word_of(a, w, d.words)) +
                           __longlong_as_double((long long)word_of(b, w, d.words));
        out[w] = (uint64_t)__double_as_longlong(sum);
        any |= out[w];
    }
    return any;
}

__global__ void level_kernel(ct_device_level d)
{
    const int64_t entries = d.start[d.count], lane = threadIdx.x & 31;
    for (int64_t first = ct_thread() / 32 * CT_LEVEL_CHUNK; first < entries;
         first += ct_stride() / 32 * CT_LEVEL_CHUNK) {
        const int64_t end = first + CT_LEVEL_CHUNK < entries ? first + CT_LEVEL_CHUNK : entries;
        int64_t i = row_of(d.start, d.count, first);
        for (int64_t entry = first + lane; entry < end; entry += 32) {
            while (d.start[i + 1] <= entry)
                i++;
            const int64_t j = i + (entry - d.start[i]);
            const uint64_t *a = old_entry(d, 0, i, j), *b = old_entry(d, 1, i, j);
            uint64_t *out = d.entry + entry * d.words;
            const uint64_t any = d.bounds ? add_bounds(d, a, b, out) : add_integers(d, a, b, out);
            if (i == j)
                for (int w = 0; w < d.words; w++)
                    d.diagonal[i * d.words + w] = out[w];
            else if (any && ct_peek(d.parent + i) != ct_peek(d.parent + j))
                ct_unite(d.parent, (int32_t)i, (int32_t)j, NULL);
        }
    }
}

cudaError_t ct_launch_level(const ct_device_level *level, int64_t entries, cudaStream_t stream)
{
    const int64_t warps = (entries + CT_LEVEL_CHUNK - 1) / CT_LEVEL_CHUNK;
    return CT_LAUNCH(level_kernel, ct_grid(32 * warps), dim3(CT_THREADS), 0, stream, *level);
}
