/* The rows of the cut matrices of a batch. */
#include "device.cuh"

/* The pixels of rows and of columns of a side. */
static __device__ inline void sides_of(uint64_t mask, int pixels, int side, uint64_t *rows,
                                       uint64_t *columns)
{
    const uint64_t rest = ((UINT64_C(1) << pixels) - 1) & ~mask;
    *rows = side ? rest : mask;
    *columns = side ? mask : rest;
}

/* One thread a word: 64 neighbouring columns are the next 64 subsets of the column pixels. */
__global__ void gather_bits_kernel(const uint64_t *table, int pixels, const uint64_t *mask,
                                   int64_t words_total, int n_rows, int side, uint64_t *out)
{
    const int n_columns = pixels - n_rows, log_words = n_columns > 6 ? n_columns - 6 : 0;
    const int bits = n_columns < 6 ? 1 << n_columns : 64;
    for (int64_t i = ct_thread(); i < words_total; i += ct_stride()) {
        const uint64_t word = (uint64_t)i & ((UINT64_C(1) << log_words) - 1);
        const uint64_t row = ((uint64_t)i >> log_words) & ((UINT64_C(1) << n_rows) - 1);
        uint64_t rows, columns, result = 0;
        sides_of(mask[i >> (log_words + n_rows)], pixels, side, &rows, &columns);
        const uint64_t base = ct_spread(row, rows);
        uint64_t column = ct_spread(word << 6, columns);
        for (int b = 0; b < bits; b++) {
            const uint64_t s = base | column;
            result |= ((table[s >> 6] >> (s & 63)) & 1) << b;
            column = (column - columns) & columns; /* the next subset */
        }
        out[i] = result;
    }
}

cudaError_t ct_launch_gather_bits(const uint64_t *table, int pixels, const uint64_t *mask,
                                  int64_t cuts, int na, int side, uint64_t *rows,
                                  cudaStream_t stream)
{
    const int n_rows = side ? pixels - na : na, n_columns = pixels - n_rows;
    const int64_t words = cuts << (n_rows + (n_columns > 6 ? n_columns - 6 : 0));
    return CT_LAUNCH(gather_bits_kernel, ct_grid(words), dim3(CT_THREADS), 0, stream, table, pixels,
                     mask, words, n_rows, side, rows);
}

/* One thread an entry. */
__global__ void gather_values_kernel(const uint64_t *values, int entry_words, int pixels,
                                     const uint64_t *mask, int64_t entries, int n_rows, int side,
                                     uint64_t *out)
{
    const int n_columns = pixels - n_rows;
    for (int64_t i = ct_thread(); i < entries; i += ct_stride()) {
        const uint64_t column = (uint64_t)i & ((UINT64_C(1) << n_columns) - 1);
        const uint64_t row = ((uint64_t)i >> n_columns) & ((UINT64_C(1) << n_rows) - 1);
        uint64_t rows, columns;
        sides_of(mask[i >> pixels], pixels, side, &rows, &columns);
        const uint64_t s = ct_spread(row, rows) | ct_spread(column, columns);
        for (int w = 0; w < entry_words; w++)
            out[i * entry_words + w] = values[s * (uint64_t)entry_words + (uint64_t)w];
    }
}

cudaError_t ct_launch_gather_values(const uint64_t *values, int entry_words, int pixels,
                                    const uint64_t *mask, int64_t cuts, int na, int side,
                                    uint64_t *rows, cudaStream_t stream)
{
    const int64_t entries = cuts << pixels;
    return CT_LAUNCH(gather_values_kernel, ct_grid(entries), dim3(CT_THREADS), 0, stream, values,
                     entry_words, pixels, mask, entries, side ? pixels - na : na, side, rows);
}
