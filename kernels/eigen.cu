/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues: Jacobi's method for small matrices, bisection for a tridiagonal one. */
#include "spectrum.cuh"

/* ---- Jacobi ---- */

#define SWEEPS 30
#define JACOBI_WARPS 4

/* LANES lanes have a matrix of dimension n <= LANES, filled up with a zero row and column to an
 * even dimension `size`; several matrices share a warp. Shared memory holds the lower triangle (so
 * there is nothing that could become unsymmetric), column-major, imaginary parts after all real
 * ones, then c and s of the rotations of a step.
 *
 * A step has size / 2 disjoint planes. Its lanes walk along diagonals and antidiagonals: size + 1
 * or size - 1 numbers apart, which is odd, so that no two of 16 lanes meet in one of the 16 banks
 * of 8 bytes; matrices that share those lanes begin LANES banks apart. */
typedef struct jacobi {
    double *a; /* entry (i, j), i >= j, at a[j * size + i] */
    double *rotation;
    int size, pairs, lane;
} jacobi;

template <int PARTS> static __host__ __device__ inline int jacobi_numbers(int size, int lanes)
{
    const int numbers = PARTS * size * size + (1 + PARTS) * (size / 2);
    return (numbers + 15 - lanes % 16) / 16 * 16 + lanes % 16;
}

/* Plane `pair` of a step, by the circle method: number size - 1 stays, the others go round. In the
 * size - 1 steps of a sweep all planes occur once. */
static __device__ inline void plane(const jacobi *j, int step, int pair, int *p, int *q)
{
    const int round = j->size - 1;
    *p = step + pair;
    *p -= *p >= round ? round : 0;
    *q = step - pair;
    *q += *q < 0 ? round : 0;
    if (pair == 0)
        *q = round;
}

template <int PARTS>
static __device__ inline void get(const jacobi *j, int row, int column, double *x)
{
    const int place = row > column ? column * j->size + row : row * j->size + column;
    x[0] = j->a[place];
    if (PARTS == 2)
        x[PARTS - 1] = (row > column ? 1 : -1) * j->a[j->size * j->size + place];
}

template <int PARTS>
static __device__ inline void put(const jacobi *j, int row, int column, const double *x)
{
    const int place = row > column ? column * j->size + row : row * j->size + column;
    j->a[place] = x[0];
    if (PARTS == 2)
        j->a[j->size * j->size + place] = (row > column ? 1 : -1) * x[PARTS - 1];
}

/* (x, y) <- (c x - s y, conj(s) x + c y); c = 1, s = 0 changes nothing. */
template <int PARTS>
static __device__ inline void turn(double c, const double *s, double *x, double *y)
{
    const double xr = x[0], yr = y[0];
    x[0] = fma(c, xr, -(s[0] * yr));
    y[0] = fma(c, yr, s[0] * xr);
    if (PARTS == 2) {
        const double si = s[PARTS - 1], xi = x[PARTS - 1], yi = y[PARTS - 1];
        x[0] = fma(si, yi, x[0]);
        y[0] = fma(si, xi, y[0]);
        x[PARTS - 1] = fma(-si, yr, fma(c, xi, -(s[0] * yi)));
        y[PARTS - 1] = fma(-si, xr, fma(c, yi, s[0] * xi));
    }
}

/* Chooses the rotation of a plane that makes a_pq zero and applies it to the plane's own entries;
 * with a_pq = r e^{i phi}, s is sin e^{-i phi}. False, and nothing happens, where r <= small. */
template <int PARTS>
static __device__ inline bool choose(const jacobi *j, int step, int pair, double small)
{
    int p, q;
    plane(j, step, pair, &p, &q);
    double h[PARTS], c = 1, sine = 0; /* h becomes h / r */
    get<PARTS>(j, p, q, h);
    const double r = PARTS == 2 ? sqrt(h[0] * h[0] + h[PARTS - 1] * h[PARTS - 1]) : fabs(h[0]);
    const bool rotates = r > small;
    if (rotates) {
        double *app = j->a + p * (j->size + 1), *aqq = j->a + q * (j->size + 1);
        const double theta = (*aqq - *app) / (2 * r);
        const double t = (theta >= 0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1));
        const double zero[2] = {0, 0};
        c = 1 / sqrt(t * t + 1);
        sine = t * c;
        *app -= t * r;
        *aqq += t * r;
        put<PARTS>(j, p, q, zero);
        for (int k = 0; k < PARTS; k++)
            h[k] /= r;
    }
    j->rotation[pair] = c;
    j->rotation[j->pairs + pair] = sine * h[0];
    if (PARTS == 2)
        j->rotation[2 * j->pairs + pair] = -sine * h[PARTS - 1];
    return rotates;
}

/* The four entries that lie in rows of one plane and columns of another: J_1^H B J_2. No other lane
 * has them. */
template <int PARTS>
static __device__ inline void apply(const jacobi *j, int step, int one, int two)
{
    int row[2], column[2];
    double b[2][2][PARTS], s[PARTS];
    plane(j, step, one, &row[0], &row[1]);
    plane(j, step, two, &column[0], &column[1]);
    for (int k = 0; k < PARTS; k++)
        s[k] = j->rotation[(1 + k) * j->pairs + two];
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 2; k++)
            get<PARTS>(j, row[i], column[k], b[i][k]);
        turn<PARTS>(j->rotation[two], s, b[i][0], b[i][1]);
    }
    for (int k = 0; k < PARTS; k++)
        s[k] = (k ? -1 : 1) * j->rotation[(1 + k) * j->pairs + one];
    for (int k = 0; k < 2; k++) {
        turn<PARTS>(j->rotation[one], s, b[0][k], b[1][k]);
        for (int i = 0; i < 2; i++)
            put<PARTS>(j, row[i], column[k], b[i][k]);
    }
}

/* One sweep over the matrices of a warp; lanes that rotated. */
template <int PARTS, int LANES> static __device__ unsigned sweep(const jacobi *j, double small)
{
    bool rotated = false;
    for (int step = 0; step < j->size - 1; step++) {
        const bool rotates = j->lane < j->pairs && choose<PARTS>(j, step, j->lane, small);
        rotated |= rotates;
        if (!__ballot_sync(ALL_LANES, rotates))
            continue; /* the same for all lanes */
        __syncwarp();
        /* blocks (one, one + apart), each pair of planes once */
        int one = j->lane, apart = 1;
        for (int block = j->lane; block < j->pairs * (j->pairs - 1) / 2; block += LANES) {
            for (; one >= j->pairs; one -= j->pairs)
                apart++;
            const int two = one + apart;
            apply<PARTS>(j, step, one, two < j->pairs ? two : two - j->pairs);
            one += LANES;
        }
        __syncwarp();
    }
    return __ballot_sync(ALL_LANES, rotated);
}

/* The lower triangle, divided by 2^*shift so that its largest number is in [1, 2) (smaller only for
 * a largest number below 2^-1022); NULL counts as zero. Bits of the largest number before that. */
template <int PARTS, int LANES>
static __device__ uint64_t load(const jacobi *j, const double *matrix, int n, int *shift)
{
    uint64_t largest = 0;
    for (int column = 0; column <= j->lane && j->lane < j->size; column++)
        for (int k = 0; k < PARTS; k++) {
            const bool given = matrix && j->lane < n && !(k && column == j->lane);
            const double x = given ? matrix[PARTS * (column * n + j->lane) + k] : 0;
            largest = max(largest, magnitude(x));
            j->a[(k * j->size + column) * j->size + j->lane] = x;
        }
    for (int step = LANES / 2; step > 0; step /= 2)
        largest = max(largest, __shfl_xor_sync(ALL_LANES, largest, step, LANES));
    *shift = largest < INFINITE ? exponent(largest) : 0;
    const double scale = ldexp(1.0, -*shift);
    for (int column = 0; column <= j->lane && j->lane < j->size; column++)
        for (int k = 0; k < PARTS; k++)
            j->a[(k * j->size + column) * j->size + j->lane] *= scale;
    return largest;
}

/* An entry below this counts as zero: u ||A||_F / n. What ends the sweeps is one without a
 * rotation: it has met all n (n - 1) entries of one and the same matrix below it, so together they
 * are below u ||A||_F, and no eigenvalue of the diagonal is further than that from one of the
 * matrix. */
template <int PARTS, int LANES> static __device__ double negligible(const jacobi *j, int n)
{
    double sum = 0;
    for (int column = 0; column <= j->lane && j->lane < j->size; column++)
        for (int k = 0; k < PARTS; k++) {
            const double x = j->a[(k * j->size + column) * j->size + j->lane];
            sum = fma(column == j->lane ? x : 2 * x, x, sum);
        }
    for (int step = LANES / 2; step > 0; step /= 2)
        sum += __shfl_xor_sync(ALL_LANES, sum, step, LANES);
    return HALF_ULP * sqrt(sum) / n;
}

/* Lanes without a matrix go along with zeros: a warp has one road. What a matrix becomes does not
 * depend on its neighbours, since further sweeps over it rotate nothing. */
template <int PARTS, int LANES>
__global__ void jacobi_kernel(const double *matrices, int64_t count, int n, double *values,
                              int32_t *info)
{
    CT_DYNAMIC_SHARED(double, memory);
    const int size = n + n % 2, lane = (int)threadIdx.x % LANES, group = (int)threadIdx.x / LANES;
    const int together = (int)blockDim.x / LANES;
    const unsigned mine = (ALL_LANES >> (32 - LANES)) << ((int)threadIdx.x % 32 - lane);
    double *a = memory + (int64_t)group * jacobi_numbers<PARTS>(size, LANES);
    const jacobi j = {a, a + PARTS * size * size, size, size / 2, lane};
    for (int64_t first = (int64_t)blockIdx.x * together; first < count;
         first += (int64_t)gridDim.x * together) {
        const int64_t m = first + group;
        int shift;
        const uint64_t largest =
            load<PARTS, LANES>(&j, m < count ? matrices + m * n * n * PARTS : nullptr, n, &shift);
        const double small = negligible<PARTS, LANES>(&j, n);
        unsigned rotated = ALL_LANES;
        __syncwarp();
        for (int k = 0; k < SWEEPS && rotated; k++)
            rotated = sweep<PARTS, LANES>(&j, small);
        const double value = lane < n ? ldexp(a[lane * (size + 1)], shift) : 0;
        const bool failed = largest >= INFINITE || magnitude(value) >= INFINITE;
        const bool fails = ((__ballot_sync(ALL_LANES, failed) | rotated) & mine) != 0;
        if (m < count && lane == 0)
            info[m] = fails;
        if (m < count && lane < n) { /* ascending: each lane counts who comes before it */
            int place = 0;
            for (int k = 0; k < n; k++) {
                const double other = a[k * (size + 1)], here = a[lane * (size + 1)];
                place += fails ? k < lane : other < here || (other == here && k < lane);
            }
            values[m * n + place] = fails ? no_number() : value; /* NaN */
        }
        __syncwarp();
    }
}

template <int PARTS, int LANES>
static cudaError_t launch_jacobi(const double *a, int64_t count, int n, double *values,
                                 int32_t *info, cudaStream_t stream)
{
    const int64_t each = 32 / LANES, wanted = (count + each - 1) / each;
    const size_t bytes = sizeof(double) * (size_t)jacobi_numbers<PARTS>(n + n % 2, LANES) * each;
    int warps = JACOBI_WARPS;
    while (warps > 1 && warps > wanted)
        warps /= 2;
    return CT_LAUNCH((jacobi_kernel<PARTS, LANES>), ct_job_grid((wanted + warps - 1) / warps),
                     dim3(32 * warps), warps * bytes, stream, a, count, n, values, info);
}

template <int PARTS>
static cudaError_t choose_lanes(const double *a, int64_t count, int n, double *values,
                                int32_t *info, cudaStream_t stream)
{
    return n <= 4   ? launch_jacobi<PARTS, 4>(a, count, n, values, info, stream)
           : n <= 8 ? launch_jacobi<PARTS, 8>(a, count, n, values, info, stream)
                    : launch_jacobi<PARTS, 16>(a, count, n, values, info, stream);
}

cudaError_t ct_launch_eigen_small(double *a, int64_t count, int n, int parts, double *values,
                                  int32_t *info, cudaStream_t stream)
{
    if (n < 1 || n > CT_EIGEN_SMALL)
        return cudaErrorInvalidValue;
    return parts == 2 ? choose_lanes<2>(a, count, n, values, info, stream)
                      : choose_lanes<1>(a, count, n, values, info, stream);
}

/* ---- bisection ---- */

/* Threads that share an eigenvalue: enough threads to fill a device, whatever n is. */
#ifndef CT_BISECT_THREADS /* tests lower it */
#define CT_BISECT_THREADS 32768
#endif

static inline int bisect_lanes(int64_t n)
{
    int lanes = 1;
    while (lanes < 32 && lanes * n < CT_BISECT_THREADS)
        lanes *= 2;
    return lanes;
}

/* The ends of an interval with an eigenvalue become those of one of its lanes + 1 parts. */
typedef struct bracket {
    double low, high;
} bracket;

/* All lanes of a warp together, `lanes` of them for eigenvalue k of the same interval; false: no number
 * lies between its ends. */
static __device__ inline bool divide(bracket *b, const double *d, const double *e, int64_t n,
                                     int64_t stride, double scale, int64_t k, int lanes)
{
    const int lane = (int)threadIdx.x % lanes, before = (int)(threadIdx.x % 32) - lane;
    const double x = b->low + (b->high - b->low) * (lane + 1) / (lanes + 1);
    const bool inside = x > b->low && x < b->high;
    const bool above = inside ? count_below(d, e, n, stride, scale, x) > k : x >= b->high;
    const unsigned group = (ALL_LANES >> (32 - lanes)) << before;
    const unsigned over = __ballot_sync(ALL_LANES, above) & group;
    const int first = over ? __ffs((int)over) - 1 - before : lanes; /* of the lanes above */
    const double low = __shfl_sync(ALL_LANES, x, before + (first ? first - 1 : 0)),
                 high = __shfl_sync(ALL_LANES, x, before + (first < lanes ? first : 0));
    const bracket old = *b;
    if (first > 0 && low > b->low)
        b->low = low;
    if (first < lanes && high < b->high)
        b->high = high;
    return b->low > old.low || b->high < old.high;
}

/* `lanes` threads an eigenvalue: from Gershgorin's interval until its ends are neighbours, for numbers
 * divided by a power of two so that the largest is in [1, 2). Matrix y of the grid. */
__global__ void bisect_kernel(const double *all_d, const double *all_e, int64_t n, int lanes,
                              double *all_values, int32_t *info)
{
    const int64_t stride = gridDim.y;
    const double *d = all_d + blockIdx.y, *e = n > 1 ? all_e + blockIdx.y : NULL;
    double *values = all_values + blockIdx.y * n;
    uint64_t largest = 0;
    for (int64_t i = 0; i < n; i++)
        largest =
            max(largest, max(magnitude(d[i * stride]), i + 1 < n ? magnitude(e[i * stride]) : 0));
    const int shift = largest < INFINITE ? exponent(largest) : 0;
    const double scale = ldexp(1.0, -shift);
    double low, high;
    enclose(d, e, n, stride, scale, &low, &high);
    const double size = fmax(fabs(low), fabs(high));
    const bool fits = largest < INFINITE && magnitude(ldexp(size, shift)) < INFINITE;
    if (!fits && ct_thread() == 0)
        info[blockIdx.y] = 1;
    const int64_t step = ct_stride() / lanes;
    for (int64_t base = (ct_thread() & ~INT64_C(31)) / lanes; base < n; base += step) {
        const int64_t k = base + (int)(threadIdx.x % 32) / lanes; /* a warp stays together */
        bracket b = {low, high};
        bool moves = fits && k < n;
        while (__ballot_sync(ALL_LANES, moves)) {
            const bool moved = divide(&b, d, e, n, stride, scale, k, lanes);
            moves = moves && moved && b.high - b.low > HALF_ULP * size;
        }
        if (k < n && (int)threadIdx.x % lanes == 0)
            values[k] = fits ? ldexp(b.low + (b.high - b.low) / 2, shift) : no_number();
    }
}

cudaError_t ct_launch_bisect(const double *d, const double *e, int64_t count, int64_t n,
                             double *values, int32_t *info, cudaStream_t stream)
{
    const int lanes = bisect_lanes(n);
    if (count < 1 || count > CT_BISECT_COUNT)
        return cudaErrorInvalidValue;
    return CT_LAUNCH(bisect_kernel, dim3(ct_grid(lanes * n).x, (unsigned)count), dim3(CT_THREADS),
                     0, stream, d, e, n, lanes, values, info);
}
