/* Blocks: union-find over the non-zero entries of the quotient, a thread block a cut. */
#include "device.cuh"

static __device__ inline int32_t root_of(int32_t *parent, int32_t x)
{
    for (;;) {
        const int32_t up = atomicAdd(parent + x, 0); /* others write meanwhile */
        if (up == x)
            return x;
        x = up;
    }
}

/* The larger root hangs below the smaller one: roots are the first row classes of their blocks. */
static __device__ inline void unite(int32_t *parent, int32_t a, int32_t b)
{
    for (;;) {
        a = root_of(parent, a);
        b = root_of(parent, b);
        if (a == b)
            return;
        const int32_t low = a < b ? a : b, high = a < b ? b : a;
        if (atomicCAS(parent + high, high, low) == high)
            return;
    }
}

static __device__ inline bool is_entry(const ct_device_blocks &b, int64_t cut, int64_t i, int64_t j)
{
    const ct_device_classes &rows = b.side[0];
    const int64_t base = cut * rows.rows_per_cut;
    const uint64_t *row = rows.rows + (base + rows.first[base + i]) * rows.words;
    const int64_t column = b.side[1].first[cut * b.side[1].rows_per_cut + j];
    if (b.entry_words == 0)
        return (row[column >> 6] >> (column & 63)) & 1;
    return row[column * b.entry_words] || (b.entry_words == 2 && row[2 * column + 1]);
}

/* Numbers of the classes of a side below their blocks, in ascending order; by one thread. */
static __device__ void list_members(const ct_device_blocks &b, int s, int64_t cut, int32_t blocks)
{
    const int64_t base = cut * b.side[s].rows_per_cut;
    int32_t *start = b.start[s] + cut * (b.side[0].rows_per_cut + 1);
    const int32_t *block_of = b.block_of[s] + base;
    const int32_t count = b.side[s].count[cut];
    for (int32_t k = 0; k <= blocks; k++)
        start[k] = 0;
    for (int32_t x = 0; x < count; x++)
        start[block_of[x] + 1]++;
    for (int32_t k = 0; k < blocks; k++)
        start[k + 1] += start[k];
    for (int32_t x = 0; x < count; x++) /* start[k] runs to the end of block k ... */
        b.member[s][base + start[block_of[x]]++] = x;
    for (int32_t k = blocks; k > 0; k--) /* ... and comes back */
        start[k] = start[k - 1];
    start[0] = 0;
}

__global__ void blocks_kernel(ct_device_blocks b)
{
    __shared__ int32_t blocks;
    const int t = (int)threadIdx.x;
    for (int64_t cut = blockIdx.x; cut < b.side[0].cuts; cut += gridDim.x) {
        const int64_t n[2] = {b.side[0].count[cut], b.side[1].count[cut]};
        int32_t *parent = b.parent + cut * (b.side[0].rows_per_cut + b.side[1].rows_per_cut);
        int32_t *block_of[2] = {b.block_of[0] + cut * b.side[0].rows_per_cut,
                                b.block_of[1] + cut * b.side[1].rows_per_cut};
        /* a cut with a collision is repeated: its classes may not fit together */
        const bool sound = !b.side[0].collided[cut] && !b.side[1].collided[cut];
        for (int64_t x = t; x < n[0] + n[1]; x += CT_THREADS)
            parent[x] = b.all ? 0 : (int32_t)x;
        __syncthreads();
        for (int64_t e = t; e < n[0] * n[1] && !b.all && sound; e += CT_THREADS)
            if (is_entry(b, cut, e / n[1], e % n[1]))
                unite(parent, (int32_t)(e / n[1]), (int32_t)(n[0] + e % n[1]));
        __syncthreads();
        if (t == 0) {
            blocks = 0;
            for (int64_t i = 0; i < n[0]; i++)
                if (parent[i] == (int32_t)i)
                    block_of[0][i] = blocks++;
            b.blocks[cut] = blocks;
        }
        __syncthreads();
        for (int64_t x = t; x < n[0] + n[1] && sound; x += CT_THREADS) {
            const int32_t root = root_of(parent, (int32_t)x);
            if (root != (int32_t)x)
                block_of[x >= n[0]][x >= n[0] ? x - n[0] : x] = block_of[0][root];
        }
        __syncthreads();
        if (sound && (t == 0 || t == 32))
            list_members(b, t / 32, cut, blocks);
        __syncthreads();
    }
}

cudaError_t ct_launch_blocks(const ct_device_blocks *b, cudaStream_t stream)
{
    return CT_LAUNCH(blocks_kernel, ct_job_grid(b->side[0].cuts), dim3(CT_THREADS), 0, stream, *b);
}
