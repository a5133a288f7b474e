/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/patterns.h"

#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"

#define PIECE 65536 /* words of one parallel piece */
#define LANES 4     /* counters side by side, so that equal neighbours do not wait for each other */

typedef struct ct_histogram {
    const uint64_t *bits;
    int unit;        /* bits of a symbol: 8 or 16 */
    uint64_t *count; /* threads x LANES x 2^unit */
} ct_histogram;

static void count_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_histogram *h = context;
    const size_t size = (size_t)1 << h->unit;
    uint64_t *count = h->count + (size_t)thread * LANES * size;
    for (size_t w = first; w < last; w++) {
        uint64_t word = h->bits[w];
        if (h->unit == 8) {
            for (int k = 0; k < 8; k++)
                count[(size_t)(k % LANES) * size + ((word >> (8 * k)) & 0xff)]++;
        } else {
            for (int k = 0; k < 4; k++)
                count[(size_t)k * size + ((word >> (16 * k)) & 0xffff)]++;
        }
    }
}

cutropy_status ct_patterns_count(const uint64_t *bits, uint64_t words, int shift, int threads,
                                 uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    const int width = 1 << shift, unit = width > 8 ? 16 : 8;
    const size_t symbols = (size_t)1 << unit;
    ct_histogram h = {.bits = bits, .unit = unit};
    CT_NEW_ZERO(h.count, (size_t)threads * LANES * symbols);
    ct_parallel_for(threads, words, PIECE, count_piece, &h);
    memset(count, 0, ((size_t)1 << width) * sizeof *count);
    for (size_t symbol = 0; symbol < symbols; symbol++) {
        uint64_t total = 0;
        for (size_t part = 0; part < (size_t)threads * LANES; part++)
            total += h.count[part * symbols + symbol];
        for (int at = 0; at < unit; at += width)
            count[(symbol >> at) & ct_low_mask(width)] += total;
    }
done:
    ct_free(h.count);
    return status;
}

void ct_patterns_first(const uint64_t *bits, uint64_t words, int shift, const uint64_t *count,
                       uint64_t *first)
{
    const int width = 1 << shift;
    const size_t patterns = (size_t)1 << width;
    size_t missing = 0;
    for (size_t v = 0; v < patterns; v++) {
        first[v] = UINT64_MAX;
        missing += count[v] != 0;
    }
    for (uint64_t w = 0; w < words && missing; w++)
        for (int at = 0; at < 64; at += width) {
            uint64_t v = (bits[w] >> at) & ct_low_mask(width);
            if (first[v] == UINT64_MAX) {
                first[v] = (w << 6 | (uint64_t)at) >> shift;
                missing--;
            }
        }
}
