/* SPDX-License-Identifier: Apache-2.0 */
/* rho of two sites is the sum over pairs of terms of their factors times y y' and the overlaps at all other sites. These products are made by
 * halves: what leaves out a block of sites, times the overlaps of one half of the block, leaves out the other half. Nothing is divided. Tile after
 * tile of terms, so that everything stays in the cache. */
#include "engine/solver/product_pairs.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"

#define TILE 32 /* terms */
#define CELLS (TILE * TILE)
#define HALVINGS 14 /* of 4096 sites, and the beginning */
#define OFTEN                                                                                      \
    16 /* sites, after which what is next to nothing becomes zero: subnormal numbers are slow */
#define NOTHING 0x1p-500

/* Complex tiles: all real parts, then all imaginary ones. */
typedef struct ct_pairs {
    const ct_products *p;
    int64_t row, column; /* the first terms of the tile */
    double *kernel;      /* sites x parts x CELLS: overlaps at every site */
    double *weight;      /* parts x CELLS: y y'; 0 where labels differ and beyond the last term */
    double *room;        /* threads x room_of */
    double *density;     /* pairs of sites x states x states, complex: pairs */
} ct_pairs;

bool ct_product_pairs_serve(const ct_products *p)
{
    return !(p->sides & CT_LABEL_A);
}

static size_t parts_of(const ct_products *p)
{
    return p->is_complex ? 2 : 1;
}

/* Of two sites. */
static size_t states_of(const ct_products *p)
{
    return (size_t)p->dimension * (size_t)p->dimension;
}

/* Doubles of a thread: products of overlaps, and the numbers of a pair in the terms of a tile's rows, of its columns, and a row of sums. */
static size_t room_of(const ct_products *p)
{
    return parts_of(p) * (HALVINGS * CELLS + (2 * states_of(p) + 1) * TILE);
}

static uint64_t pair_count(const ct_products *p)
{
    return (uint64_t)p->sites * (uint64_t)(p->sites - 1) / 2;
}

static size_t pair_at(const ct_products *p, int i, int j)
{
    const size_t n = (size_t)p->sites, a = (size_t)i;
    return a * n - a * (a + 1) / 2 + (size_t)(j - i - 1);
}

uint64_t ct_product_pairs_bytes(const ct_products *p, int threads)
{
    const uint64_t states = states_of(p), parts = parts_of(p);
    return pair_count(p) * ((states * parts + 1) * states * sizeof(double) + sizeof(ct_eigen_job)) +
           (((uint64_t)p->sites * parts + 1) * CELLS + (uint64_t)threads * room_of(p)) *
               sizeof(double);
}

/* ---- a tile ---- */

/* The last term again beyond the end, where weights are 0. */
static int64_t term_at(const ct_products *p, int64_t first, int i)
{
    return first + i < p->terms ? first + i : p->terms - 1;
}

/* Part c of number k of a site in the terms of a tile. */
static void take_factor(const ct_products *p, int site, int k, int c, int64_t first, double *out)
{
    const double *row = ct_products_row(p, site, k, c);
    for (int i = 0; i < TILE; i++)
        out[i] = row[term_at(p, first, i)];
}

static void kernel_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_pairs *w = context;
    const size_t parts = parts_of(w->p);
    double a[2][TILE], b[2][TILE];
    (void)thread;
    for (size_t n = first; n < last; n++) {
        double *re = w->kernel + n * parts * CELLS, *im = re + CELLS;
        memset(re, 0, parts * CELLS * sizeof *re);
        for (int k = 0; k < w->p->size[n]; k++) {
            for (int c = 0; c < (int)parts; c++) {
                take_factor(w->p, (int)n, k, c, w->row, a[c]);
                take_factor(w->p, (int)n, k, c, w->column, b[c]);
            }
            for (int i = 0; i < TILE; i++)
                for (int j = 0; j < TILE; j++)
                    re[i * TILE + j] += a[0][i] * b[0][j];
            for (int i = 0; i < TILE && parts == 2; i++)
                for (int j = 0; j < TILE; j++) {
                    re[i * TILE + j] += a[1][i] * b[1][j];
                    im[i * TILE + j] += a[0][i] * b[1][j] - a[1][i] * b[0][j];
                }
        }
    }
}

static void set_weights(const ct_pairs *w)
{
    const ct_products *p = w->p;
    for (int i = 0; i < TILE; i++)
        for (int j = 0; j < TILE; j++) {
            const int64_t a = w->row + i, b = w->column + j;
            const bool there =
                a < p->terms && b < p->terms && (!p->sides || p->label[a] == p->label[b]);
            w->weight[i * TILE + j] = there ? p->weight[a] * p->weight[b] : 0;
        }
}

static void drop_nothings(double *tile, size_t count)
{
    for (size_t c = 0; c < count; c++)
        tile[c] = fabs(tile[c]) < NOTHING ? 0 : tile[c];
}

/* to = from times the overlaps at sites first .. last - 1. */
static void multiply(const ct_pairs *w, const double *from, int first, int last, double *to)
{
    const size_t cells = parts_of(w->p) * CELLS;
    memcpy(to, from, cells * sizeof *to);
    for (int n = first; n < last; n++) {
        const double *kernel = w->kernel + (size_t)n * cells;
        if (cells == CELLS)
            for (int c = 0; c < CELLS; c++)
                to[c] *= kernel[c];
        else
            for (int c = 0; c < CELLS; c++) {
                const double re = to[c], im = to[CELLS + c];
                to[c] = re * kernel[c] - im * kernel[CELLS + c];
                to[CELLS + c] = re * kernel[CELLS + c] + im * kernel[c];
            }
        if ((n - first) % OFTEN == OFTEN - 1)
            drop_nothings(to, cells);
    }
}

/* The numbers of both sites, the first one slower, parts x TILE each: out. */
static void take_states(const ct_products *p, int i, int j, int64_t first, double *out)
{
    const int d = p->dimension;
    const size_t parts = parts_of(p);
    double a[2][TILE], b[2][TILE];
    for (int k = 0; k < d; k++) {
        for (int c = 0; c < (int)parts; c++)
            take_factor(p, i, k, c, first, a[c]);
        for (int l = 0; l < d; l++, out += parts * TILE) {
            for (int c = 0; c < (int)parts; c++)
                take_factor(p, j, l, c, first, b[c]);
            for (int m = 0; m < TILE; m++)
                out[m] = a[0][m] * b[0][m];
            for (int m = 0; m < TILE && parts == 2; m++) {
                out[m] -= a[1][m] * b[1][m];
                out[TILE + m] = a[0][m] * b[1][m] + a[1][m] * b[0][m];
            }
        }
    }
}

/* z = sum over the rows of a tile of conj(a) rest. */
static void sum_rows(size_t parts, const double *a, const double *rest, double *z)
{
    memset(z, 0, parts * TILE * sizeof *z);
    for (int m = 0; m < TILE; m++) {
        const double *re = rest + m * TILE, *im = re + CELLS;
        for (int c = 0; c < TILE; c++)
            z[c] += a[m] * re[c];
        for (int c = 0; c < TILE && parts == 2; c++) {
            z[c] += a[TILE + m] * im[c];
            z[TILE + c] += a[m] * im[c] - a[TILE + m] * re[c];
        }
    }
}

/* Adds z b to number (k, l), and, where the tile stands for the one on the other side of the diagonal, too, its conjugate to (l, k). */
static void add_number(const ct_pairs *w, const double *z, const double *b, size_t k, size_t l,
                       double *density)
{
    const size_t parts = parts_of(w->p), states = states_of(w->p);
    double re = 0, im = 0;
    for (int c = 0; c < TILE; c++)
        re += z[c] * b[c];
    for (int c = 0; c < TILE && parts == 2; c++) {
        re -= z[TILE + c] * b[TILE + c];
        im += z[c] * b[TILE + c] + z[TILE + c] * b[c];
    }
    double *here = density + parts * (k * states + l), *mirror = density + parts * (l * states + k);
    here[0] += re;
    if (parts == 2)
        here[1] += im;
    if (w->row == w->column)
        return;
    mirror[0] += re;
    if (parts == 2)
        mirror[1] -= im;
}

/* room: of the numbers and a row. */
static void add_pair(const ct_pairs *w, int i, int j, const double *rest, double *room)
{
    const size_t parts = parts_of(w->p), states = states_of(w->p), each = parts * TILE;
    double *density = w->density + pair_at(w->p, i, j) * states * states * parts;
    double *a = room, *b = a + states * each, *z = b + states * each;
    take_states(w->p, i, j, w->row, a);
    take_states(w->p, i, j, w->column, b);
    for (size_t k = 0; k < states; k++) {
        sum_rows(parts, a + k * each, rest, z);
        for (size_t l = 0; l < states; l++)
            add_number(w, z, b + l * each, k, l, density);
    }
}

/* rest leaves out site i and the sites first .. last - 1; end: of the room for products. */
static void halve(const ct_pairs *w, int i, int first, int last, const double *rest, double *room,
                  double *end)
{
    const int middle = first + (last - first) / 2;
    double *next = room + parts_of(w->p) * CELLS;
    if (last - first == 1) {
        add_pair(w, i, first, rest, end);
        return;
    }
    multiply(w, rest, middle, last, room);
    halve(w, i, first, middle, room, next, end);
    multiply(w, rest, first, middle, room);
    halve(w, i, middle, last, room, next, end);
}

static void site_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_pairs *w = context;
    const size_t cells = parts_of(w->p) * CELLS;
    double *room = w->room + (size_t)thread * room_of(w->p), *end = room + HALVINGS * cells;
    for (size_t i = first; i < last; i++) {
        multiply(w, w->weight, 0, (int)i, room);
        halve(w, (int)i, (int)i + 1, w->p->sites, room, room + cells, end);
    }
}

static cutropy_status add_tiles(ct_pairs *w, int threads, const ct_watch *watch)
{
    const ct_products *p = w->p;
    const uint64_t side = (uint64_t)((p->terms + TILE - 1) / TILE), all = side * (side + 1) / 2;
    uint64_t done = 0;
    for (w->row = 0; w->row < p->terms; w->row += TILE)
        for (w->column = w->row; w->column < p->terms; w->column += TILE, done++) {
            if (ct_asked_to_stop(watch, "pairs", done, all))
                return ct_fail(CUTROPY_ECANCELLED,
                               "stopped while pairs of pixels were compared: no order is written");
            ct_parallel_for(threads, (size_t)p->sites, 8, kernel_piece, w);
            set_weights(w);
            ct_parallel_for(threads, (size_t)p->sites - 1, 1, site_piece, w);
        }
    return CUTROPY_OK;
}

/* ---- entropies ---- */

/* Of n weights that need not add up to 1. */
static double entropy_of(const double *value, int n)
{
    double sum = 0, out = 0;
    for (int k = 0; k < n; k++)
        sum += value[k];
    for (int k = 0; k < n; k++)
        if (value[k] > 0)
            out -= value[k] / sum * log2(value[k] / sum);
    return out;
}

/* rho of the first (slow) or second site of a pair. */
static void trace_out(const ct_products *p, const double *pair, bool first, double *one)
{
    const size_t d = (size_t)p->dimension, parts = parts_of(p), states = states_of(p);
    const size_t kept = first ? d : 1, gone = first ? 1 : d;
    memset(one, 0, parts * states * sizeof *one);
    for (size_t k = 0; k < d; k++)
        for (size_t l = 0; l < d; l++)
            for (size_t q = 0; q < d; q++)
                for (size_t c = 0; c < parts; c++)
                    one[parts * (k * d + l) + c] +=
                        pair[parts * ((k * kept + q * gone) * states + l * kept + q * gone) + c];
}

/* Eigenvalues of one matrix after the other; the matrices are lost. */
static cutropy_status fill(const ct_products *p, const ct_operations *operations, int threads,
                           double *density, double *entropy)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)p->sites, pairs = (size_t)pair_count(p), count = pairs + n,
                 states = states_of(p), parts = parts_of(p), numbers = states * states * parts;
    const int d = p->dimension;
    ct_eigen_job *job = NULL;
    double *value = NULL, *one = NULL;
    CT_NEW(job, count);
    CT_NEW(value, count * states);
    CT_NEW(one, n * states * parts);
    for (size_t i = 0; i < n; i++) {
        const bool last = i + 1 == n;
        const size_t at = last ? pair_at(p, (int)i - 1, (int)i) : pair_at(p, (int)i, (int)i + 1);
        trace_out(p, density + at * numbers, !last, one + i * states * parts);
        job[pairs + i] = (ct_eigen_job){.n = d,
                                        .is_complex = p->is_complex,
                                        .a = one + i * states * parts,
                                        .values = value + (pairs + i) * states};
    }
    for (size_t k = 0; k < pairs; k++)
        job[k] = (ct_eigen_job){.n = (int64_t)states,
                                .is_complex = p->is_complex,
                                .a = density + k * numbers,
                                .values = value + k * states};
    CT_TRY(operations->eigenvalues(count, job, NULL, threads));
    for (size_t i = 0; i < n; i++) {
        entropy[i * n + i] = entropy_of(value + (pairs + i) * states, d);
        for (size_t j = i + 1; j < n; j++)
            entropy[i * n + j] = entropy[j * n + i] =
                entropy_of(value + pair_at(p, (int)i, (int)j) * states, (int)states);
    }
done:
    ct_free(job);
    ct_free(value);
    ct_free(one);
    return status;
}

cutropy_status ct_product_pairs(const ct_products *p, const ct_operations *operations, int threads,
                                const ct_watch *watch, double *entropy)
{
    cutropy_status status = CUTROPY_OK;
    ct_pairs w = {.p = p};
    CT_NEW(w.kernel, (size_t)p->sites * parts_of(p) * CELLS);
    CT_NEW_ZERO(w.weight, parts_of(p) * CELLS); /* no imaginary parts */
    CT_NEW(w.room, (size_t)threads * room_of(p));
    CT_NEW_ZERO(w.density, pair_count(p) * states_of(p) * states_of(p) * parts_of(p));
    CT_TRY(add_tiles(&w, threads, watch));
    CT_TRY(fill(p, operations, threads, w.density, entropy));
done:
    ct_free(w.kernel);
    ct_free(w.weight);
    ct_free(w.room);
    ct_free(w.density);
    return status;
}
