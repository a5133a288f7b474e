/* SPDX-License-Identifier: Apache-2.0 */
/* Elementwise products of small Gram matrices: a tiled matrix product that multiplies where a site ends. Every entry takes
 * the operations of src/backend/cpu/overlap_isa.h in their order, nothing fused: the bits of the CPU. */
#include "device.cuh"

#ifndef CT_OVERLAP_STEPS /* tests lower it */
#define CT_OVERLAP_STEPS 16
#endif

#define SIDE 16  /* threads of a block along each side of its tile */
#define OFTEN 16 /* sites, after which what is next to nothing becomes zero */
#define NOTHING 0x1p-500

/* An entry of a tile; the imaginary part is unused where PARTS = 1. */
template <int PARTS> struct ct_entry {
    double out[PARTS], sum[PARTS];
};

/* The sum over the numbers of a site begins (first) or goes on. */
static __device__ inline void add(ct_entry<1> &e, bool first, const double *a, const double *b, int)
{
    const double product = b[0] * a[0];
    e.sum[0] = first ? product : e.sum[0] + product;
}

static __device__ inline void add(ct_entry<2> &e, bool first, const double *a, const double *b,
                                  int apart)
{
    const double re = b[0] * a[0] + b[apart] * a[apart], im = b[apart] * a[0] - b[0] * a[apart];
    e.sum[0] = (first ? 0 : e.sum[0]) + re;
    e.sum[1] = (first ? 0 : e.sum[1]) + im;
}

static __device__ inline void multiply(ct_entry<1> &e)
{
    e.out[0] *= e.sum[0];
}

static __device__ inline void multiply(ct_entry<2> &e)
{
    const double re = e.out[0] * e.sum[0] - e.out[1] * e.sum[1];
    e.out[1] = e.out[0] * e.sum[1] + e.out[1] * e.sum[0];
    e.out[0] = re;
}

/* Numbers of the steps first .. first + here - 1 (number k of a site is one step) of TILE terms from `from` on. What the tile
 * has beyond the last term repeats it. */
template <int PARTS, int TILE>
static __device__ inline void load(const ct_device_products &p, const ct_overlap_job &job,
                                   int64_t first, int here, int64_t from, double *to)
{
    for (int i = (int)threadIdx.x; i < here * TILE; i += SIDE * SIDE) {
        const int64_t step = first + i / TILE, place = from + i % TILE;
        const int64_t term = job.term[place < job.n ? place : job.n - 1],
                      row =
                          (int64_t)job.site[step / p.dimension] * p.dimension + step % p.dimension;
        for (int part = 0; part < PARTS; part++)
            to[(i / TILE * PARTS + part) * TILE + i % TILE] =
                p.factor[(row * PARTS + part) * p.terms + term];
    }
}

template <int PARTS, int EACH>
static __device__ void put(const ct_overlap_job &job, int64_t row, int64_t column,
                           const ct_entry<PARTS> (&entry)[EACH][EACH])
{
    for (int i = 0; i < EACH; i++)
        for (int j = 0; j < EACH; j++) {
            const int64_t r = row + SIDE * i, c = column + SIDE * j;
            if (r >= job.rows || c >= job.n || c < r)
                continue;
            const bool apart = job.label && job.label[job.term[r]] != job.label[job.term[c]];
            for (int part = 0; part < PARTS; part++)
                job.g[(r * job.ld + c) * PARTS + part] = apart ? 0 : entry[i][j].out[part];
        }
}

template <int PARTS, int EACH>
__global__ void __launch_bounds__(SIDE *SIDE)
    overlap_kernel(ct_device_products p, const ct_overlap_job *jobs, int64_t count)
{
    constexpr int TILE = SIDE * EACH;
    __shared__ double a[CT_OVERLAP_STEPS * PARTS * TILE], b[CT_OVERLAP_STEPS * PARTS * TILE];
    const int x = (int)threadIdx.x % SIDE, y = (int)threadIdx.x / SIDE;
    const int64_t row = (int64_t)blockIdx.y * TILE, column = (int64_t)blockIdx.x * TILE;
    for (int64_t z = blockIdx.z; z < count; z += gridDim.z) {
        const ct_overlap_job job = jobs[z];
        const int64_t steps = (int64_t)job.sites * p.dimension;
        ct_entry<PARTS> entry[EACH][EACH];
        int number = 0, site = 0; /* of the step */
        if (row >= job.rows || column >= job.n || column + TILE <= row)
            continue;
        for (int i = 0; i < EACH * EACH; i++)
            for (int part = 0; part < PARTS; part++)
                entry[i / EACH][i % EACH].out[part] = part == 0;
        for (int64_t first = 0; first < steps; first += CT_OVERLAP_STEPS) {
            const int here =
                (int)(steps - first < CT_OVERLAP_STEPS ? steps - first : CT_OVERLAP_STEPS);
            load<PARTS, TILE>(p, job, first, here, row, a);
            load<PARTS, TILE>(p, job, first, here, column, b);
            __syncthreads();
            for (int t = 0; t < here; t++) {
                const bool last = number == p.dimension - 1, often = site % OFTEN == OFTEN - 1;
                for (int i = 0; i < EACH; i++)
                    for (int j = 0; j < EACH; j++) {
                        ct_entry<PARTS> &e = entry[i][j];
                        add(e, number == 0, a + t * PARTS * TILE + y + SIDE * i,
                            b + t * PARTS * TILE + x + SIDE * j, TILE);
                        if (last)
                            multiply(e);
                        for (int part = 0; part < PARTS && last && often; part++)
                            if (fabs(e.out[part]) < NOTHING)
                                e.out[part] = 0;
                    }
                number = last ? 0 : number + 1;
                site += last;
            }
            __syncthreads();
        }
        put<PARTS, EACH>(job, row + y, column + x, entry);
    }
}

cudaError_t ct_launch_overlaps(const ct_device_products *p, const ct_overlap_job *jobs,
                               int64_t count, int64_t rows, int64_t n, cudaStream_t stream)
{
    const int64_t tile = SIDE * (p->parts == 2 ? 2 : 4), down = (rows + tile - 1) / tile,
                  across = (n + tile - 1) / tile;
    if (down > 65535 || across > INT32_MAX)
        return cudaErrorInvalidValue;
    const dim3 grid((unsigned)across, (unsigned)down,
                    (unsigned)(count < CT_CUT_ROWS ? count : CT_CUT_ROWS));
    return p->parts == 2 ? CT_LAUNCH((overlap_kernel<2, 2>), grid, dim3(SIDE * SIDE), 0, stream, *p,
                                     jobs, count)
                         : CT_LAUNCH((overlap_kernel<1, 4>), grid, dim3(SIDE * SIDE), 0, stream, *p,
                                     jobs, count);
}
