/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal rows: an open-addressing table of hashes gives each row the first row with its
 * hash, and every row is compared with that one. */
#include "number.cuh"

/* Rows of all cuts, one after the other: which cut, and which of its rows. Several cuts have 2^k rows
 * each (lists, of any number of rows, go alone), and a division of 64 bits takes as long as the rest of
 * what is done for a row. */
typedef struct row_place {
    int64_t cut, row;
} row_place;

static __device__ inline row_place place_of(const ct_device_classes &d, int64_t r)
{
    if (d.cuts == 1)
        return row_place{0, r};
    return row_place{r >> (__ffsll(d.rows_per_cut) - 1), r & (d.rows_per_cut - 1)};
}

/* `lanes` lanes a row: the sum of the mixed words does not depend on who adds what. */
__global__ void hash_kernel(ct_device_classes d, int lanes, int drop_zero, uint64_t seed)
{
    const int lane = (int)(threadIdx.x % (unsigned)lanes);
    const int64_t rows = d.cuts * d.rows_per_cut, step = ct_stride() / lanes;
    for (int64_t base = (ct_thread() & ~INT64_C(31)) / lanes; base < rows; base += step) {
        const int64_t r = base + (threadIdx.x & 31) / lanes; /* a warp stays together */
        uint64_t sum = 0, any = 0;
        for (int64_t w = lane; w < d.words && r < rows; w += lanes) {
            const uint64_t word = d.rows[r * d.words + w];
            any |= word;
            sum += ct_mix64(word ^ ct_mix64(seed * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)w));
        }
        for (int apart = lanes / 2; apart > 0; apart /= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, apart);
            any |= __shfl_xor_sync(0xffffffffu, any, apart);
        }
        sum = ct_mix64(sum);
        if (lane == 0 && r < rows)
            d.hash[r] = drop_zero && !any ? 0 : sum ? sum : 1;
    }
}

/* The same for the items of a list: a warp a row. */
__global__ void hash_list_kernel(ct_device_classes d, uint64_t seed)
{
    const int lane = (int)(threadIdx.x & 31);
    const uint64_t salt = ct_mix64(seed * UINT64_C(0x9e3779b97f4a7c15) + 1);
    for (int64_t r = ct_thread() / 32; r < d.rows_per_cut; r += ct_stride() / 32) {
        uint64_t sum = 0;
        for (uint64_t i = d.start[r] + (uint64_t)lane; i < d.start[r + 1]; i += 32)
            sum += ct_mix64(d.item[i] ^ salt);
        for (int apart = 16; apart > 0; apart /= 2)
            sum += __shfl_xor_sync(0xffffffffu, sum, apart);
        sum = ct_mix64(sum);
        if (lane == 0)
            d.hash[r] = sum ? sum : 1;
    }
}

__global__ void clear_kernel(ct_device_classes d)
{
    for (int64_t i = ct_thread(); i < d.cuts * d.slots; i += ct_stride()) {
        d.key[i] = 0;
        d.slot_row[i] = UINT32_MAX;
    }
    for (int64_t i = ct_thread(); i < d.cuts * d.rows_per_cut; i += ct_stride())
        d.weight[i] = 0;
    for (int64_t i = ct_thread(); i < d.cuts; i += ct_stride())
        d.collided[i] = 0;
}

/* The slot of a hash, taken if it was free. */
static __device__ inline int64_t slot_of(const ct_device_classes &d, int64_t cut, uint64_t hash)
{
    unsigned long long *key = (unsigned long long *)(d.key + cut * d.slots);
    for (uint64_t place = ct_mix64(hash);; place++) {
        const int64_t slot = (int64_t)(place & (uint64_t)(d.slots - 1));
        unsigned long long old = ct_peek(key + slot);
        if (!old)
            old = atomicCAS(key + slot, 0ull, (unsigned long long)hash);
        if (!old || old == hash)
            return cut * d.slots + slot;
    }
}

/* Looks before it writes: many rows may share a slot. */
__global__ void enter_kernel(ct_device_classes d)
{
    for (int64_t r = ct_thread(); r < d.cuts * d.rows_per_cut; r += ct_stride())
        if (d.hash[r]) {
            const row_place at = place_of(d, r);
            uint32_t *first = d.slot_row + slot_of(d, at.cut, d.hash[r]);
            const uint32_t mine = (uint32_t)at.row;
            if (ct_peek(first) > mine)
                atomicMin(first, mine);
        }
}

/* The first row with this hash; all hashes have been entered. */
static __device__ inline int64_t first_with(const ct_device_classes &d, int64_t cut, uint64_t hash)
{
    for (uint64_t place = ct_mix64(hash);; place++) {
        const int64_t slot = cut * d.slots + (int64_t)(place & (uint64_t)(d.slots - 1));
        if (d.key[slot] == hash)
            return d.slot_row[slot];
    }
}

/* `lanes` lanes a row: the first row with the same hash must be the same row. class_of: that row.
 */
__global__ void prove_kernel(ct_device_classes d, int lanes)
{
    const int lane = (int)(threadIdx.x % (unsigned)lanes);
    const int64_t rows = d.cuts * d.rows_per_cut, step = ct_stride() / lanes;
    for (int64_t r = ct_thread() / lanes; r < rows; r += step) {
        const int64_t cut = place_of(d, r).cut;
        const int64_t first = d.hash[r] ? first_with(d, cut, d.hash[r]) : -1;
        const uint64_t *row = d.rows + r * d.words,
                       *other = first < 0 ? row : d.rows + (cut * d.rows_per_cut + first) * d.words;
        bool differs = false;
        for (int64_t w = lane; w < d.words; w += lanes)
            differs |= row[w] != other[w];
        if (differs)
            atomicExch(d.collided + cut, 1);
        if (lane == 0)
            d.class_of[r] = (int32_t)first;
    }
}

__global__ void prove_list_kernel(ct_device_classes d)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t r = ct_thread() / 32; r < d.rows_per_cut; r += ct_stride() / 32) {
        const int64_t first = first_with(d, 0, d.hash[r]);
        const uint64_t size = d.start[r + 1] - d.start[r];
        const uint32_t *row = d.item + d.start[r], *other = d.item + d.start[first];
        bool differs = d.start[first + 1] - d.start[first] != size;
        for (uint64_t i = (uint64_t)lane; i < size && !differs; i += 32)
            differs = row[i] != other[i];
        if (differs)
            atomicExch(d.collided, 1);
        if (lane == 0)
            d.class_of[r] = (int32_t)first;
    }
}

/* ---- numbers: of a first row in the keys, which have served, and behind them the chunks' ---- */

static __device__ inline int32_t *numbers_of(const ct_device_classes &d, int64_t cut)
{
    return (int32_t *)(d.key + cut * d.slots);
}

static __device__ inline int32_t *counts_of(const ct_device_classes &d, int64_t cut)
{
    return numbers_of(d, cut) + d.rows_per_cut;
}

__global__ void count_kernel(ct_device_classes d, int64_t chunks)
{
    for (int64_t cut = blockIdx.y; cut < d.cuts; cut += gridDim.y)
        for (int64_t chunk = blockIdx.x; chunk < chunks; chunk += gridDim.x)
            ct_count_chunk(d.class_of + cut * d.rows_per_cut, d.rows_per_cut, chunk,
                           counts_of(d, cut));
}

__global__ void sum_kernel(ct_device_classes d, int64_t chunks)
{
    for (int64_t cut = blockIdx.x; cut < d.cuts; cut += gridDim.x)
        ct_sum_counts(counts_of(d, cut), chunks);
}

__global__ void number_kernel(ct_device_classes d, int64_t chunks)
{
    for (int64_t cut = blockIdx.y; cut < d.cuts; cut += gridDim.y)
        for (int64_t chunk = blockIdx.x; chunk < chunks; chunk += gridDim.x) {
            const int64_t base = cut * d.rows_per_cut;
            const int32_t classes = ct_number_chunk(d.class_of + base, d.rows_per_cut, chunk,
                                                    chunks > 1 ? counts_of(d, cut)[chunk] : 0,
                                                    numbers_of(d, cut), d.first + base);
            if (chunk == chunks - 1 && threadIdx.x == 0)
                d.count[cut] = classes;
        }
}

/* Rows of one class in a warp are counted together; of the first classes, in a block. */
__global__ void assign_kernel(ct_device_classes d)
{
    __shared__ uint32_t members[CT_THREADS];
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t cut = blockIdx.y; cut < d.cuts; cut += gridDim.y) {
        unsigned long long *weight = (unsigned long long *)(d.weight + cut * d.rows_per_cut);
        members[threadIdx.x] = 0;
        __syncthreads();
        for (int64_t base = ct_thread() - lane; base < d.rows_per_cut; base += ct_stride()) {
            int32_t *class_of = d.class_of + cut * d.rows_per_cut + base + lane;
            const int32_t first = base + lane < d.rows_per_cut ? *class_of : -1;
            const int32_t mine = first < 0 ? -1 : numbers_of(d, cut)[first];
            const uint32_t alike = __match_any_sync(0xffffffffu, mine);
            if (mine < 0)
                continue;
            *class_of = mine;
            if (__ffs((int)alike) - 1 != lane)
                continue;
            if (mine < CT_THREADS)
                atomicAdd(members + mine, (uint32_t)__popc(alike));
            else
                atomicAdd(weight + mine, (unsigned long long)__popc(alike));
        }
        __syncthreads();
        if (members[threadIdx.x])
            atomicAdd(weight + threadIdx.x, (unsigned long long)members[threadIdx.x]);
    }
}

static cudaError_t launch_numbers(const ct_device_classes &d, cudaStream_t stream)
{
    const int64_t chunks = ct_chunks(d.rows_per_cut);
    const dim3 block(CT_THREADS), grid = ct_cut_grid(d.cuts, chunks * CT_THREADS, CT_THREADS);
    cudaError_t error = cudaSuccess;
    if (chunks > 1)
        error = CT_LAUNCH(count_kernel, grid, block, 0, stream, d, chunks);
    if (chunks > 1 && error == cudaSuccess)
        error = CT_LAUNCH(sum_kernel, ct_job_grid(d.cuts), block, 0, stream, d, chunks);
    if (error == cudaSuccess)
        error = CT_LAUNCH(number_kernel, grid, block, 0, stream, d, chunks);
    if (error == cudaSuccess)
        error = CT_LAUNCH(assign_kernel, ct_cut_grid(d.cuts, d.rows_per_cut, CT_THREADS), block, 0,
                          stream, d);
    return error;
}

static cudaError_t launch_hashes(const ct_device_classes &d, int drop_zero, uint64_t seed,
                                 cudaStream_t stream)
{
    const int64_t rows = d.cuts * d.rows_per_cut;
    const int lanes = ct_lanes(d.words);
    return d.start ? CT_LAUNCH(hash_list_kernel, ct_grid(32 * rows), dim3(CT_THREADS), 0, stream, d,
                               seed)
                   : CT_LAUNCH(hash_kernel, ct_grid(lanes * rows), dim3(CT_THREADS), 0, stream, d,
                               lanes, drop_zero, seed);
}

static cudaError_t launch_proofs(const ct_device_classes &d, cudaStream_t stream)
{
    const int64_t rows = d.cuts * d.rows_per_cut;
    const int lanes = ct_lanes(d.words);
    return d.start
               ? CT_LAUNCH(prove_list_kernel, ct_grid(32 * rows), dim3(CT_THREADS), 0, stream, d)
               : CT_LAUNCH(prove_kernel, ct_grid(lanes * rows), dim3(CT_THREADS), 0, stream, d,
                           lanes);
}

cudaError_t ct_launch_classes(const ct_device_classes *side, int drop_zero, uint64_t seed,
                              cudaStream_t stream)
{
    const ct_device_classes d = *side;
    const dim3 block(CT_THREADS);
    if (d.cuts > 1 && (d.rows_per_cut & (d.rows_per_cut - 1)))
        return cudaErrorInvalidValue;
    cudaError_t error = CT_LAUNCH(clear_kernel, ct_grid(d.cuts * d.slots), block, 0, stream, d);
    if (error == cudaSuccess)
        error = launch_hashes(d, drop_zero, seed, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(enter_kernel, ct_grid(d.cuts * d.rows_per_cut), block, 0, stream, d);
    if (error == cudaSuccess)
        error = launch_proofs(d, stream);
    if (error == cudaSuccess)
        error = launch_numbers(d, stream);
    return error;
}
