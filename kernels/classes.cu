/* Classes of equal rows: an open-addressing table of hashes gives each row the first row with its
 * hash, and every row is compared with that one. */
#include "device.cuh"

static __device__ inline uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* A warp a row: the sum of the mixed words does not depend on who adds what. */
__global__ void hash_kernel(ct_device_classes d, int drop_zero, uint64_t seed)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t r = ct_thread() >> 5; r < d.cuts * d.rows_per_cut; r += ct_stride() >> 5) {
        const uint64_t *row = d.rows + r * d.words;
        uint64_t sum = 0, any = 0;
        for (int64_t w = lane; w < d.words; w += 32) {
            any |= row[w];
            sum += mix(row[w] ^ mix(seed * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)w));
        }
        for (int step = 16; step > 0; step /= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, step);
            any |= __shfl_xor_sync(0xffffffffu, any, step);
        }
        sum = mix(sum);
        if (lane == 0)
            d.hash[r] = drop_zero && !any ? 0 : sum ? sum : 1;
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
    for (uint64_t place = mix(hash);; place++) {
        const int64_t slot = (int64_t)(place & (uint64_t)(d.slots - 1));
        const unsigned long long old = atomicCAS(key + slot, 0ull, (unsigned long long)hash);
        if (!old || old == hash)
            return cut * d.slots + slot;
    }
}

__global__ void enter_kernel(ct_device_classes d)
{
    for (int64_t r = ct_thread(); r < d.cuts * d.rows_per_cut; r += ct_stride())
        if (d.hash[r])
            atomicMin(d.slot_row + slot_of(d, r / d.rows_per_cut, d.hash[r]),
                      (uint32_t)(r % d.rows_per_cut));
}

/* A warp a row: the first row with the same hash must be the same row. class_of: that row. */
__global__ void prove_kernel(ct_device_classes d)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t r = ct_thread() >> 5; r < d.cuts * d.rows_per_cut; r += ct_stride() >> 5) {
        const int64_t cut = r / d.rows_per_cut;
        int64_t first = -1;
        if (d.hash[r]) {
            if (lane == 0)
                first = d.slot_row[slot_of(d, cut, d.hash[r])];
            first = __shfl_sync(0xffffffffu, first, 0);
            const uint64_t *row = d.rows + r * d.words,
                           *other = d.rows + (cut * d.rows_per_cut + first) * d.words;
            int differs = 0;
            for (int64_t w = lane; w < d.words; w += 32)
                differs |= row[w] != other[w];
            if (__any_sync(0xffffffffu, differs) && lane == 0)
                atomicExch(d.collided + cut, 1);
        }
        if (lane == 0)
            d.class_of[r] = (int32_t)first;
    }
}

/* A block a cut: numbers the first rows in ascending order by a scan, then every row. */
__global__ void number_kernel(ct_device_classes d)
{
    __shared__ int32_t scan[CT_THREADS];
    const int t = (int)threadIdx.x;
    for (int64_t cut = blockIdx.x; cut < d.cuts; cut += gridDim.x) {
        int32_t *class_of = d.class_of + cut * d.rows_per_cut;
        uint64_t *number = d.key + cut * d.slots; /* the keys have served */
        int32_t before = 0;
        for (int64_t base = 0; base < d.rows_per_cut; base += CT_THREADS) {
            const int64_t r = base + t;
            const int is_first = r < d.rows_per_cut && class_of[r] == (int32_t)r;
            scan[t] = is_first;
            __syncthreads();
            for (int step = 1; step < CT_THREADS; step *= 2) {
                const int32_t left = t >= step ? scan[t - step] : 0;
                __syncthreads();
                scan[t] += left;
                __syncthreads();
            }
            if (is_first) {
                const int32_t mine = before + scan[t] - 1;
                number[r] = (uint64_t)mine;
                d.first[cut * d.rows_per_cut + mine] = (int32_t)r;
            }
            before += scan[CT_THREADS - 1];
            __syncthreads();
        }
        for (int64_t r = t; r < d.rows_per_cut; r += CT_THREADS)
            if (class_of[r] >= 0) {
                class_of[r] = (int32_t)number[class_of[r]];
                atomicAdd((unsigned long long *)(d.weight + cut * d.rows_per_cut + class_of[r]),
                          1ull);
            }
        if (t == 0)
            d.count[cut] = before;
        __syncthreads();
    }
}

cudaError_t ct_launch_classes(const ct_device_classes *side, int drop_zero, uint64_t seed,
                              cudaStream_t stream)
{
    const ct_device_classes d = *side;
    const int64_t rows = d.cuts * d.rows_per_cut;
    cudaError_t error =
        CT_LAUNCH(clear_kernel, ct_grid(d.cuts * d.slots), dim3(CT_THREADS), 0, stream, d);
    if (error == cudaSuccess)
        error = CT_LAUNCH(hash_kernel, ct_grid(32 * rows), dim3(CT_THREADS), 0, stream, d,
                          drop_zero, seed);
    if (error == cudaSuccess)
        error = CT_LAUNCH(enter_kernel, ct_grid(rows), dim3(CT_THREADS), 0, stream, d);
    if (error == cudaSuccess)
        error = CT_LAUNCH(prove_kernel, ct_grid(32 * rows), dim3(CT_THREADS), 0, stream, d);
    if (error == cudaSuccess)
        error = CT_LAUNCH(number_kernel, ct_job_grid(d.cuts), dim3(CT_THREADS), 0, stream, d);
    return error;
}
