/* SPDX-License-Identifier: Apache-2.0 */
/* rho of two sites is the sum over pairs of terms of their factors times y y' and the overlaps at all other sites. These products are made by
 * halves: what leaves out a block of sites, times the overlaps of one half of the block, leaves out the other half. Nothing is divided. Tile after
 * tile of terms, so that everything stays in the cache. */
#include "engine/product_pairs.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"

#define TILE 32 /* terms */
#define CELLS (TILE * TILE)
#define HALVINGS 14 /* of 4096 sites, and the beginning */
#define OFTEN                                                                                      \
    16 /* sites, after which what is next to nothing becomes zero: subnormal numbers are slow */
#define NOTHING 0x1p-500
#define STATES 4 /* of two sites */

typedef struct ct_pairs {
    const ct_products *p;
    int64_t row, column; /* the first terms of the tile */
    double *kernel;      /* sites x CELLS: overlaps at every site */
    double *weight;      /* CELLS: y y'; 0 where labels differ and beyond the last term */
    double *room;        /* threads x HALVINGS x CELLS */
    double *density;     /* pairs of sites x STATES x STATES */
} ct_pairs;

bool ct_product_pairs_serve(const ct_products *p)
{
    return !p->is_complex && p->dimension == 2 && !(p->sides & CT_LABEL_A);
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
    return pair_count(p) * (STATES * STATES * sizeof(double) + sizeof(ct_eigen_job)) +
           ((uint64_t)p->sites + (uint64_t)threads * HALVINGS + 1) * CELLS * sizeof(double);
}

/* ---- a tile ---- */

/* The last term again beyond the end, where weights are 0. */
static int64_t term_at(const ct_products *p, int64_t first, int i)
{
    return first + i < p->terms ? first + i : p->terms - 1;
}

static void take_factors(const ct_products *p, int site, int64_t first, double out[2][TILE])
{
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < TILE; i++)
            out[k][i] = ct_products_row(p, site, k, 0)[term_at(p, first, i)];
}

static void kernel_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_pairs *w = context;
    double a[2][TILE], b[2][TILE];
    (void)thread;
    for (size_t n = first; n < last; n++) {
        take_factors(w->p, (int)n, w->row, a);
        take_factors(w->p, (int)n, w->column, b);
        double *kernel = w->kernel + n * CELLS;
        for (int i = 0; i < TILE; i++)
            for (int j = 0; j < TILE; j++)
                kernel[i * TILE + j] = a[0][i] * b[0][j] + a[1][i] * b[1][j];
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

/* to = from times the overlaps at sites first .. last - 1. */
static void multiply(const ct_pairs *w, const double *from, int first, int last, double *to)
{
    memcpy(to, from, CELLS * sizeof *to);
    for (int n = first; n < last; n++) {
        const double *kernel = w->kernel + (size_t)n * CELLS;
        for (int c = 0; c < CELLS; c++)
            to[c] *= kernel[c];
        for (int c = 0; c < CELLS && (n - first) % OFTEN == OFTEN - 1; c++)
            to[c] = fabs(to[c]) < NOTHING ? 0 : to[c];
    }
}

/* Factors of both sites, the first one slower. */
static void take_states(const ct_products *p, int i, int j, int64_t first, double out[][TILE])
{
    double a[2][TILE], b[2][TILE];
    take_factors(p, i, first, a);
    take_factors(p, j, first, b);
    for (int k = 0; k < STATES; k++)
        for (int m = 0; m < TILE; m++)
            out[k][m] = a[k / 2][m] * b[k % 2][m];
}

static void add_pair(const ct_pairs *w, int i, int j, const double *rest)
{
    double *density = w->density + pair_at(w->p, i, j) * STATES * STATES;
    double a[STATES][TILE], b[STATES][TILE], z[TILE];
    take_states(w->p, i, j, w->row, a);
    take_states(w->p, i, j, w->column, b);
    for (int k = 0; k < STATES; k++) {
        memset(z, 0, sizeof z);
        for (int m = 0; m < TILE; m++)
            for (int c = 0; c < TILE; c++)
                z[c] += a[k][m] * rest[m * TILE + c];
        for (int l = 0; l < STATES; l++) {
            double sum = 0;
            for (int c = 0; c < TILE; c++)
                sum += z[c] * b[l][c];
            density[k * STATES + l] += sum;
            if (w->row != w->column) /* the tile on the other side of the diagonal */
                density[l * STATES + k] += sum;
        }
    }
}

/* rest leaves out site i and the sites first .. last - 1. */
static void halve(const ct_pairs *w, int i, int first, int last, const double *rest, double *room)
{
    const int middle = first + (last - first) / 2;
    if (last - first == 1) {
        add_pair(w, i, first, rest);
        return;
    }
    multiply(w, rest, middle, last, room);
    halve(w, i, first, middle, room, room + CELLS);
    multiply(w, rest, first, middle, room);
    halve(w, i, middle, last, room, room + CELLS);
}

static void site_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_pairs *w = context;
    double *room = w->room + (size_t)thread * HALVINGS * CELLS;
    for (size_t i = first; i < last; i++) {
        multiply(w, w->weight, 0, (int)i, room);
        halve(w, (int)i, (int)i + 1, w->p->sites, room, room + CELLS);
    }
}

static cutropy_status add_tiles(ct_pairs *w, int threads, const ct_watch *watch)
{
    const ct_products *p = w->p;
    const uint64_t side = (uint64_t)((p->terms + TILE - 1) / TILE), all = side * (side + 1) / 2;
    uint64_t done = 0;
    for (w->row = 0; w->row < p->terms; w->row += TILE)
        for (w->column = w->row; w->column < p->terms; w->column += TILE, done++) {
            if (watch && watch->report("pairs", done, all, watch->user))
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
static void trace_out(const double *pair, bool first, double one[4])
{
    for (int k = 0; k < 2; k++)
        for (int l = 0; l < 2; l++)
            one[2 * k + l] =
                first ? pair[2 * k * STATES + 2 * l] + pair[(2 * k + 1) * STATES + 2 * l + 1]
                      : pair[k * STATES + l] + pair[(k + 2) * STATES + l + 2];
}

/* Eigenvalues of one matrix after the other; the matrices are lost. */
static cutropy_status fill(const ct_products *p, const ct_operations *operations, int threads,
                           double *density, double *entropy)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)p->sites, pairs = (size_t)pair_count(p), count = pairs + n;
    ct_eigen_job *job = NULL;
    double *value = NULL, *one = NULL;
    CT_NEW(job, count);
    CT_NEW(value, count * STATES);
    CT_NEW(one, n * 4);
    for (size_t i = 0; i < n; i++) {
        const bool last = i + 1 == n;
        const size_t at = last ? pair_at(p, (int)i - 1, (int)i) : pair_at(p, (int)i, (int)i + 1);
        trace_out(density + at * STATES * STATES, !last, one + 4 * i);
        job[pairs + i] =
            (ct_eigen_job){.n = 2, .a = one + 4 * i, .values = value + (pairs + i) * STATES};
    }
    for (size_t k = 0; k < pairs; k++)
        job[k] = (ct_eigen_job){
            .n = STATES, .a = density + k * STATES * STATES, .values = value + k * STATES};
    CT_TRY(operations->eigenvalues(count, job, NULL, threads));
    for (size_t i = 0; i < n; i++) {
        entropy[i * n + i] = entropy_of(value + (pairs + i) * STATES, 2);
        for (size_t j = i + 1; j < n; j++)
            entropy[i * n + j] = entropy[j * n + i] =
                entropy_of(value + pair_at(p, (int)i, (int)j) * STATES, STATES);
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
    CT_NEW(w.kernel, (size_t)p->sites * CELLS);
    CT_NEW(w.weight, CELLS);
    CT_NEW(w.room, (size_t)threads * HALVINGS * CELLS);
    CT_NEW_ZERO(w.density, pair_count(p) * STATES * STATES);
    CT_TRY(add_tiles(&w, threads, watch));
    CT_TRY(fill(p, operations, threads, w.density, entropy));
done:
    ct_free(w.kernel);
    ct_free(w.weight);
    ct_free(w.room);
    ct_free(w.density);
    return status;
}
