/* SPDX-License-Identifier: Apache-2.0 */
/* Every launcher as loops over the definition. */
#include "plain_kernels.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <complex>
#include <cstring>
#include <vector>

#include <lapacke.h>

#include "kernels.h"
#include "runtime.h"

static std::atomic<int> collisions, gives_up, loses, spoils_levels;
static std::atomic<long> class_launches;

void plain_kernels_collide(int times)
{
    collisions = times;
}

long plain_kernels_class_launches(void)
{
    return class_launches.exchange(0);
}

void plain_kernels_spoil_levels(int how)
{
    spoils_levels = how;
}

void plain_kernels_give_up(int on)
{
    gives_up = on;
}

void plain_kernels_lose(int on)
{
    loses = on;
}

static uint64_t deposit(uint64_t index, uint64_t mask)
{
    uint64_t out = 0;
    for (int k = 0; mask; mask &= mask - 1, k++)
        if ((index >> k) & 1)
            out |= mask & (0 - mask);
    return out;
}

static uint64_t low_mask(int n)
{
    return n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

cudaError_t ct_launch_gather_bits(const uint64_t *table, int pixels, const uint64_t *mask,
                                  int64_t cuts, int na, int side, uint64_t *rows,
                                  cudaStream_t stream)
{
    return ct_fake_launch(
        "gather_bits", stream,
        [=] {
            const int n_rows = side ? pixels - na : na, n_columns = pixels - n_rows;
            const int64_t words = n_columns <= 6 ? 1 : INT64_C(1) << (n_columns - 6);
            std::memset(rows, 0, (size_t)((cuts << n_rows) * words) * 8);
            for (int64_t c = 0; c < cuts; c++) {
                const uint64_t other = low_mask(pixels) & ~mask[c];
                const uint64_t mine = side ? other : mask[c], theirs = side ? mask[c] : other;
                for (uint64_t r = 0; r < UINT64_C(1) << n_rows; r++)
                    for (uint64_t k = 0; k < UINT64_C(1) << n_columns; k++) {
                        const uint64_t s = deposit(r, mine) | deposit(k, theirs);
                        if ((table[s >> 6] >> (s & 63)) & 1)
                            rows[(((uint64_t)c << n_rows) + r) * (uint64_t)words + (k >> 6)] |=
                                UINT64_C(1) << (k & 63);
                    }
            }
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_gather_values(const uint64_t *values, int entry_words, int pixels,
                                    const uint64_t *mask, int64_t cuts, int na, int side,
                                    uint64_t *rows, cudaStream_t stream)
{
    return ct_fake_launch(
        "gather_values", stream,
        [=] {
            const int n_rows = side ? pixels - na : na, n_columns = pixels - n_rows;
            uint64_t *to = rows;
            for (int64_t c = 0; c < cuts; c++) {
                const uint64_t other = low_mask(pixels) & ~mask[c];
                const uint64_t mine = side ? other : mask[c], theirs = side ? mask[c] : other;
                for (uint64_t r = 0; r < UINT64_C(1) << n_rows; r++)
                    for (uint64_t k = 0; k < UINT64_C(1) << n_columns; k++)
                        for (int w = 0; w < entry_words; w++)
                            *to++ = values[(deposit(r, mine) | deposit(k, theirs)) *
                                               (uint64_t)entry_words +
                                           (uint64_t)w];
            }
            return cudaSuccess;
        },
        cudaSuccess);
}

/* What row r (counted over all cuts) holds: its words, or the items of a list. */
static std::vector<uint64_t> content(const ct_device_classes &d, int64_t r)
{
    if (d.start)
        return std::vector<uint64_t>(d.item + d.start[r], d.item + d.start[r + 1]);
    return std::vector<uint64_t>(d.rows + r * d.words, d.rows + (r + 1) * d.words);
}

static void classes_of_cut(const ct_device_classes &d, int64_t c, bool drop_zero)
{
    const int64_t base = c * d.rows_per_cut;
    int32_t count = 0;
    for (int64_t r = 0; r < d.rows_per_cut; r++) {
        const std::vector<uint64_t> row = content(d, base + r);
        int32_t found = -1;
        if (!d.start && drop_zero &&
            std::all_of(row.begin(), row.end(), [](uint64_t w) { return !w; })) {
            d.class_of[base + r] = -1;
            continue;
        }
        for (int32_t k = 0; k < count && found < 0; k++)
            if (row == content(d, base + d.first[base + k]))
                found = k;
        if (found < 0) {
            found = count++;
            d.first[base + found] = (int32_t)r;
            d.weight[base + found] = 0;
        }
        d.class_of[base + r] = found;
        d.weight[base + found]++;
    }
    d.count[c] = count;
}

cudaError_t ct_launch_classes(const ct_device_classes *side, int drop_zero, uint64_t,
                              cudaStream_t stream)
{
    const ct_device_classes d = *side;
    const bool collide = collisions > 0 && collisions-- > 0;
    class_launches++;
    return ct_fake_launch(
        "classes", stream,
        [=] {
            for (int64_t c = 0; c < d.cuts; c++) {
                classes_of_cut(d, c, drop_zero != 0);
                d.collided[c] = 0;
            }
            if (collide) {
                d.collided[0] = 1;
                d.count[0] = 1;
            }
            return cudaSuccess;
        },
        cudaSuccess);
}

static bool entry(const ct_device_blocks &b, int64_t c, int64_t i, int64_t j)
{
    const ct_device_classes &rows = b.side[0], &columns = b.side[1];
    if (b.entry_start[0])
        return std::binary_search(b.entry[0] + b.entry_start[0][i],
                                  b.entry[0] + b.entry_start[0][i + 1], (uint32_t)j);
    const uint64_t *row =
        rows.rows + (c * rows.rows_per_cut + rows.first[c * rows.rows_per_cut + i]) * rows.words;
    const int64_t column = columns.first[c * columns.rows_per_cut + j];
    if (b.all)
        return true;
    if (!b.entry_words)
        return (row[column >> 6] >> (column & 63)) & 1;
    for (int w = 0; w < b.entry_words; w++)
        if (row[column * b.entry_words + w])
            return true;
    return false;
}

static void blocks_of_cut(const ct_device_blocks &b, int64_t c)
{
    const bool sound = !b.side[0].collided[c] && !b.side[1].collided[c];
    const int64_t n[2] = {sound ? b.side[0].count[c] : 0, sound ? b.side[1].count[c] : 0};
    const int64_t base[2] = {c * b.side[0].rows_per_cut, c * b.side[1].rows_per_cut};
    std::vector<int32_t> mark((size_t)(n[0] + n[1]), -1);
    int32_t blocks = 0;
    for (int64_t i = 0; i < n[0]; i++) {
        if (mark[(size_t)i] >= 0)
            continue;
        mark[(size_t)i] = blocks++;
        for (bool grown = true; grown;) {
            grown = false;
            for (int64_t x = 0; x < n[0]; x++)
                for (int64_t y = 0; y < n[1]; y++) {
                    int32_t &mx = mark[(size_t)x], &my = mark[(size_t)(n[0] + y)];
                    if (mx == my || (mx >= 0 && my >= 0) || !entry(b, c, x, y))
                        continue;
                    mx = my = std::max(mx, my);
                    grown = true;
                }
        }
    }
    b.blocks[c] = blocks;
    b.begin[c] = c ? b.begin[c - 1] + b.blocks[c - 1] + 1 : 0;
    for (int s = 0; s < 2; s++) {
        int32_t at = 0;
        for (int32_t k = 0; k < blocks; k++) {
            b.start[s][b.begin[c] + k] = at;
            for (int64_t x = 0; x < n[s]; x++)
                if (mark[(size_t)(s * n[0] + x)] == k) {
                    b.member[s][base[s] + at++] = (int32_t)x;
                    b.block_of[s][base[s] + x] = k;
                }
        }
        b.start[s][b.begin[c] + blocks] = at;
    }
}

cudaError_t ct_launch_blocks(const ct_device_blocks *blocks, cudaStream_t stream)
{
    const ct_device_blocks b = *blocks;
    return ct_fake_launch(
        "blocks", stream,
        [=] {
            for (int64_t c = 0; c < b.side[0].cuts; c++)
                blocks_of_cut(b, c);
            return cudaSuccess;
        },
        cudaSuccess);
}

/* ---- Gram matrices ---- */

static int64_t member(const ct_gram_batch &g, const ct_gram_job &job, int side, int64_t i)
{
    const int64_t base = job.cut * g.blocks.side[side].rows_per_cut;
    return base + g.blocks.member[side][base + (side == job.side ? job.member : job.other) + i];
}

static uint64_t weight(const ct_gram_batch &g, const ct_gram_job &job, int side, int64_t i)
{
    return g.blocks.side[side].weight[member(g, job, side, i)];
}

static const uint64_t *row_of(const ct_gram_batch &g, const ct_gram_job &job, int side, int64_t i)
{
    const ct_device_classes &d = g.blocks.side[side];
    return d.rows + (job.cut * d.rows_per_cut + d.first[member(g, job, side, i)]) * d.words;
}

static int64_t product_of_bits(const ct_gram_batch &g, const ct_gram_job &job, int64_t i, int64_t j)
{
    const uint64_t *x = row_of(g, job, job.side, i), *y = row_of(g, job, job.side, j);
    int64_t sum = 0;
    for (int64_t k = 0; k < g.columns[job.side]; k++)
        sum += g.value[(x[k >> 6] >> (k & 63)) & 1] * g.value[(y[k >> 6] >> (k & 63)) & 1];
    return sum;
}

/* Column of the row that stands for class c of the other side. */
static int64_t column_of(const ct_gram_batch &g, const ct_gram_job &job, int64_t c)
{
    return g.blocks.side[1 - job.side].first[member(g, job, 1 - job.side, c)];
}

static int64_t product_of_integers(const ct_gram_batch &g, const ct_gram_job &job, int64_t i,
                                   int64_t j)
{
    const uint64_t *x = row_of(g, job, job.side, i), *y = row_of(g, job, job.side, j);
    int64_t sum = 0;
    for (int64_t c = 0; c < job.k; c++) {
        const int64_t k = column_of(g, job, c);
        sum += (int64_t)weight(g, job, 1 - job.side, c) * (int64_t)x[k] * (int64_t)y[k];
    }
    return sum;
}

static int64_t product_of_lists(const ct_gram_batch &g, const ct_gram_job &job, int64_t i,
                                int64_t j)
{
    const int s = job.side;
    const uint64_t *start = g.blocks.entry_start[s];
    const uint32_t *entry = g.blocks.entry[s];
    const int64_t x = g.blocks.member[s][job.member + i], y = g.blocks.member[s][job.member + j];
    int64_t sum = 0;
    for (uint64_t e = start[x]; e < start[x + 1]; e++)
        if (std::binary_search(entry + start[y], entry + start[y + 1], entry[e]))
            sum += (int64_t)g.blocks.side[1 - s].weight[entry[e]];
    return sum;
}

template <class PRODUCT>
static void gram_of_job(const ct_gram_batch &g, const ct_gram_job &job, PRODUCT product)
{
    double *a = g.scaled + job.matrix, largest = 0;
    unsigned __int128 sum = 0;
    for (int64_t e = 0; e < job.ld * job.ld; e++) /* nobody may read what is below the diagonal */
        a[e] = e / job.ld > e % job.ld ? std::nan("") : 0;
    for (int64_t i = 0; i < job.n; i++)
        for (int64_t j = 0; j < job.n; j++) {
            const int64_t exact = product(g, job, i, j);
            const uint64_t mi = weight(g, job, job.side, i), mj = weight(g, job, job.side, j);
            if (g.exact)
                g.exact[job.matrix + i * job.ld + j] = exact;
            if (i <= j)
                a[i * job.ld + j] = std::sqrt((double)mi) * std::sqrt((double)mj) * (double)exact;
            sum += (unsigned __int128)((__int128)exact * exact) * mi * mj;
            largest = i == j ? std::max(largest, a[i * job.ld + j]) : largest;
        }
    for (int64_t i = job.n; i < job.ld; i++)
        a[i * job.ld + i] = -largest;
    g.sums[job.sums] = (uint64_t)sum;
    g.sums[job.sums + 1] = (uint64_t)(sum >> 64);
    g.sums[job.sums + 2] = weight(g, job, job.side, 0);
    g.sums[job.sums + 3] = job.n > 1 ? weight(g, job, job.side, 1) : 0;
}

cudaError_t ct_launch_gram_bits(const ct_gram_batch *batch, cudaStream_t stream)
{
    const ct_gram_batch g = *batch;
    return ct_fake_launch(
        "gram_bits", stream,
        [=] {
            for (int64_t i = 0; i < g.jobs; i++)
                gram_of_job(g, g.job[i], product_of_bits);
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_gram_bits_mma(const ct_gram_batch *batch, cudaStream_t stream)
{
    return ct_launch_gram_bits(batch, stream);
}

cudaError_t ct_launch_gram_integers(const ct_gram_batch *batch, cudaStream_t stream)
{
    const ct_gram_batch g = *batch;
    return ct_fake_launch(
        "gram_integers", stream,
        [=] {
            for (int64_t i = 0; i < g.jobs; i++)
                gram_of_job(g, g.job[i], product_of_integers);
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_gram_lists(const ct_gram_batch *batch, cudaStream_t stream)
{
    const ct_gram_batch g = *batch;
    return ct_fake_launch(
        "gram_lists", stream,
        [=] {
            for (int64_t i = 0; i < g.jobs; i++)
                gram_of_job(g, g.job[i], product_of_lists);
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_scale_values(const ct_gram_batch *batch, double *scaled, cudaStream_t stream)
{
    const ct_gram_batch g = *batch;
    return ct_fake_launch(
        "scale_values", stream,
        [=] {
            const int parts = g.blocks.entry_words;
            for (int64_t m = 0; m < g.jobs; m++) {
                const ct_gram_job &job = g.job[m];
                for (int64_t i = 0; i < job.n; i++)
                    for (int64_t c = 0; c < job.k; c++)
                        for (int p = 0; p < parts; p++) {
                            double x;
                            std::memcpy(
                                &x, row_of(g, job, job.side, i) + column_of(g, job, c) * parts + p,
                                8);
                            scaled[(job.matrix + i * job.k + c) * parts + p] =
                                x * std::sqrt((double)weight(g, job, job.side, i) *
                                              (double)weight(g, job, 1 - job.side, c));
                        }
            }
            return cudaSuccess;
        },
        cudaSuccess);
}

/* ---- levels ---- */

static int32_t root_of(const int32_t *parent, int64_t i)
{
    while (parent[i] != i)
        i = parent[i];
    return (int32_t)i;
}

/* The sum of both old entries; whether it is zero. */
static bool level_entry(const ct_device_level &d, int64_t i, int64_t j, uint64_t *out)
{
    std::vector<unsigned __int128> sum((size_t)d.words, 0);
    double bound[2] = {0, 0};
    for (int bit = 0; bit < 2; bit++) {
        const int64_t a = d.to[bit][i], b = d.to[bit][j], low = std::min(a, b),
                      far = std::max(a, b) - low;
        if (low < 0 || far >= d.old_start[low + 1] - d.old_start[low])
            continue;
        const uint64_t *old = d.old_entry + (d.old_start[low] + far) * d.old_words;
        for (int w = 0; w < std::min(d.words, d.old_words); w++)
            sum[(size_t)w] += old[w];
        for (int k = 0; k < 2 && d.bounds; k++) {
            double term;
            std::memcpy(&term, old + k, sizeof term);
            bound[k] += term;
        }
    }
    for (int w = 0; w < d.words; w++) {
        if (w + 1 < d.words)
            sum[(size_t)w + 1] += sum[(size_t)w] >> 64;
        out[w] = (uint64_t)sum[(size_t)w];
    }
    if (d.bounds)
        std::memcpy(out, bound, sizeof bound);
    return std::all_of(out, out + d.words, [](uint64_t word) { return word == 0; });
}

cudaError_t ct_launch_level(const ct_device_level *level, int64_t entries, cudaStream_t stream)
{
    const ct_device_level d = *level;
    return ct_fake_launch(
        "level", stream,
        [=] {
            uint64_t *out = d.entry;
            for (int64_t i = 0; i < d.count; i++)
                for (int64_t j = i; j < i + d.start[i + 1] - d.start[i]; j++, out += d.words) {
                    const bool zero = level_entry(d, i, j, out);
                    const int32_t a = root_of(d.parent, i), b = root_of(d.parent, j);
                    if (!zero)
                        d.parent[std::max(a, b)] = std::min(a, b);
                    if (i == j)
                        std::memcpy(d.diagonal + i * d.words, out, (size_t)d.words * sizeof *out);
                }
            if (spoils_levels == 1)
                d.diagonal[(d.count - 1) * d.words]++;
            if (spoils_levels == 2)
                d.parent[0] = 1;
            return out == d.entry + entries * d.words ? cudaSuccess : cudaErrorInvalidValue;
        },
        cudaSuccess);
}

/* ---- eigenvalues ---- */

cudaError_t ct_launch_eigen_small(double *a, int64_t count, int n, int parts, double *values,
                                  int32_t *info, cudaStream_t stream)
{
    const bool give_up = gives_up != 0, lost = loses != 0;
    return ct_fake_launch(
        "eigen_small", stream,
        [=] {
            for (int64_t i = 0; i < count; i++) {
                double *m = a + i * n * n * parts;
                info[i] = parts == 2
                              ? LAPACKE_zheev(LAPACK_COL_MAJOR, 'N', 'L', n,
                                              reinterpret_cast<lapack_complex_double *>(m), n,
                                              values + i * n)
                              : LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', n, m, n, values + i * n);
            }
            if (give_up)
                info[count - 1] = 1;
            if (lost)
                for (int64_t i = 0; i < count; i++)
                    std::rotate(values + i * n, values + i * n + 1, values + (i + 1) * n);
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_tridiagonal(const double *a, int64_t count, int n, int parts, double *d,
                                  double *e, cudaStream_t stream)
{
    return ct_fake_launch(
        "tridiagonal", stream,
        [=] {
            for (int64_t m = 0; m < count; m++) {
                std::vector<double> copy(a + m * n * n * parts, a + (m + 1) * n * n * parts),
                    diagonal(n), off(n), tau(n * parts);
                auto *pairs = reinterpret_cast<lapack_complex_double *>(copy.data()),
                     *pair_tau = reinterpret_cast<lapack_complex_double *>(tau.data());
                if (parts == 2 ? LAPACKE_zhetrd(LAPACK_COL_MAJOR, 'L', n, pairs, n, diagonal.data(),
                                                off.data(), pair_tau)
                               : LAPACKE_dsytrd(LAPACK_COL_MAJOR, 'L', n, copy.data(), n,
                                                diagonal.data(), off.data(), tau.data()))
                    return cudaErrorUnknown;
                for (int i = 0; i < n; i++)
                    d[i * count + m] = diagonal[i];
                for (int i = 0; i + 1 < n; i++)
                    e[i * count + m] = off[i];
            }
            return cudaSuccess;
        },
        cudaSuccess);
}

/* The matrix is the band matrix that the next step reads, and the room must be there. */
size_t ct_band_bytes(int64_t count, int n)
{
    return (size_t)(count * n) * 24;
}

cudaError_t ct_launch_band(double *, int64_t count, int n, double *scales, void *room,
                           cudaStream_t stream)
{
    return ct_fake_launch(
        "band", stream,
        [=] {
            memset(room, 0x5a, ct_band_bytes(count, n));
            std::fill(scales, scales + count, 1.0);
            return cudaSuccess;
        },
        cudaSuccess);
}

size_t ct_chase_bytes(int64_t count, int n)
{
    return (size_t)(count * n) * 40;
}

cudaError_t ct_launch_chase(const double *a, int64_t count, int n, const double *scales, void *room,
                            double *d, double *e, cudaStream_t stream)
{
    const cudaError_t error = ct_fake_launch(
        "chase", stream,
        [=] {
            memset(room, 0x5a, ct_chase_bytes(count, n));
            return scales[0] == 1 && scales[count - 1] == 1 ? cudaSuccess : cudaErrorUnknown;
        },
        cudaSuccess);
    return error == cudaSuccess ? ct_launch_tridiagonal(a, count, n, 1, d, e, stream) : error;
}

/* As those: several matrices at once here, as there. */
size_t ct_wide_band_bytes(int64_t count, int n, int parts)
{
    return (size_t)(count * n * parts) * 32;
}

cudaError_t ct_launch_wide_band(double *, int64_t count, int n, int parts, double *scales,
                                void *room, cudaStream_t stream)
{
    return ct_fake_launch(
        "wide_band", stream,
        [=] {
            memset(room, 0x5a, ct_wide_band_bytes(count, n, parts));
            std::fill(scales, scales + count, 1.0);
            return cudaSuccess;
        },
        cudaSuccess);
}

size_t ct_wide_chase_bytes(int64_t count, int n, int parts)
{
    return (size_t)(count * n * parts) * 48;
}

cudaError_t ct_launch_wide_chase(const double *a, int64_t count, int n, int parts,
                                 const double *scales, void *room, double *d, double *e,
                                 cudaStream_t stream)
{
    const cudaError_t error = ct_fake_launch(
        "wide_chase", stream,
        [=] {
            memset(room, 0x5a, ct_wide_chase_bytes(count, n, parts));
            return scales[0] == 1 && scales[count - 1] == 1 ? cudaSuccess : cudaErrorUnknown;
        },
        cudaSuccess);
    return error == cudaSuccess ? ct_launch_tridiagonal(a, count, n, parts, d, e, stream) : error;
}

size_t ct_ql_bytes(int64_t count, int n)
{
    return (size_t)(count * n) * 20;
}

cudaError_t ct_launch_ql(const double *d, const double *e, int64_t count, int n, int, void *work,
                         double *values, int32_t *info, cudaStream_t stream)
{
    const bool give_up = gives_up != 0;
    return ct_fake_launch(
        "ql", stream,
        [=] {
            memset(work, 0x5a, ct_ql_bytes(count, n));
            for (int64_t m = 0; m < count; m++) {
                std::vector<double> off(n);
                for (int i = 0; i < n; i++)
                    values[m * n + i] = d[i * count + m];
                for (int i = 0; i + 1 < n; i++)
                    off[i] = e[i * count + m];
                info[m] = LAPACKE_dsterf(n, values + m * n, off.data());
            }
            if (give_up)
                info[count - 1] = 1;
            return cudaSuccess;
        },
        cudaSuccess);
}

cudaError_t ct_launch_bisect(const double *d, const double *e, int64_t count, int64_t n,
                             double *values, int32_t *info, cudaStream_t stream)
{
    const bool give_up = gives_up != 0;
    return ct_fake_launch(
        "bisect", stream,
        [=] {
            for (int64_t m = 0; m < count; m++) {
                std::vector<double> off(n);
                for (int64_t i = 0; i < n; i++)
                    values[m * n + i] = d[i * count + m];
                for (int64_t i = 0; i + 1 < n; i++)
                    off[i] = e[i * count + m];
                if (LAPACKE_dsterf((int)n, values + m * n, off.data()))
                    info[m] = 1;
            }
            if (give_up)
                info[count - 1] = 1;
            return cudaSuccess;
        },
        cudaSuccess);
}
