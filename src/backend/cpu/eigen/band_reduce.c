/* SPDX-License-Identifier: Apache-2.0 */
/* Dense symmetric -> band of half-width CT_TILE, by two-sided block reflections (successive band
 * reduction, first stage).
 *
 * Panel k: QR of the tiles below the diagonal in tile column k, Q = I - V T V^T. Then Q^T A Q = A -
 * V W^T - W V^T with Y = A V T and W = Y - V (T^T V^T Y) / 2. Nearly all work is tile products;
 * each tile of the result is the sum of its terms in a fixed order, so the bits do not depend on
 * the number of threads. The next panel is factorised while other threads update the rest
 * (look-ahead).
 *
 * Storage: the lower triangle as columns of contiguous tiles in the matrix itself, padded with
 * zeros to whole tiles. V takes the place of the tiles it annihilates. Row-major copies (of -V and
 * -W) serve as transposed factors. */
#include "backend/cpu/eigen/band.h"
#include "backend/cpu/eigen/scale.h"

#include <string.h>

#include "base/parallel.h"

/* Tiles of a task of the update. */
#define CT_BLOCK_ROWS 4
#define CT_BLOCK_COLUMNS 8

typedef struct reduction {
    const ct_eigen_kernels *kernels;
    int64_t n, tiles; /* tiles per side */
    double *tile;     /* tile (i, j), i >= j, see tile_at */
    /* One tile per tile row: */
    double *v_row[2]; /* -V by rows, of panel k at [k % 2] */
    double *y, *w;    /* Y and W by columns */
    double *w_row;    /* -W by rows */
    double *partial;  /* -V_i^T Y_i */
    /* One tile: */
    double *t, *t_row; /* T by columns, by rows */
    double *v0, tau[CT_TILE];
    double *band;
    int threads;
} reduction;

static double *tile_at(const reduction *r, int64_t i, int64_t j)
{
    return r->tile + (j * r->tiles - j * (j - 1) / 2 + (i - j)) * CT_TILE_SIZE;
}

static void transpose(const double *a, double sign, double *out)
{
    for (int64_t jb = 0; jb < CT_TILE; jb += 8)
        for (int64_t i = 0; i < CT_TILE; i++)
            for (int64_t j = jb; j < jb + 8; j++)
                out[i * CT_TILE + j] = sign * a[j * CT_TILE + i];
}

/* ---- into and out of tiles ---- */

/* Tile (i, j) of the matrix; the diagonal tile is stored whole, everything outside the matrix is
 * zero. */
static void gather_tile(const reduction *r, const double *a, int64_t i, int64_t j, int exponent,
                        double *out)
{
    const int64_t n = r->n, row = i * CT_TILE, rows = n - row < CT_TILE ? n - row : CT_TILE;
    memset(out, 0, CT_TILE_SIZE * sizeof *out);
    for (int64_t c = 0; c < CT_TILE && j * CT_TILE + c < n; c++) {
        const int64_t from = i == j ? c : 0;
        memcpy(out + c * CT_TILE + from, a + (j * CT_TILE + c) * n + row + from,
               (size_t)(rows - from) * sizeof *out);
    }
    ct_eigen_scale(CT_TILE_SIZE, out, exponent);
    if (i == j)
        for (int64_t c = 0; c < CT_TILE; c++)
            for (int64_t k = c + 1; k < CT_TILE; k++)
                out[k * CT_TILE + c] = out[c * CT_TILE + k];
}

#define CT_GRAIN 8 /* tiles that a thread moves at a time */

/* A column of tiles on its way: into its room, and from there to its place. */
typedef struct moving {
    reduction *r;
    const double *a;
    double *room;
    int64_t column;
    int exponent;
} moving;

static void gather_rows(void *context, size_t first, size_t last, int thread)
{
    const moving *m = context;
    (void)thread;
    for (size_t i = first; i < last; i++)
        gather_tile(m->r, m->a, m->column + (int64_t)i, m->column, m->exponent,
                    m->room + i * CT_TILE_SIZE);
}

static void place_rows(void *context, size_t first, size_t last, int thread)
{
    const moving *m = context;
    (void)thread;
    memcpy(tile_at(m->r, m->column + (int64_t)first, m->column), m->room + first * CT_TILE_SIZE,
           (last - first) * CT_TILE_SIZE * sizeof *m->room);
}

/* Columns of tiles move to the front of the same memory. A padded column may be longer than its
 * source, so the first three are read before any is written; after them the writer stays behind the
 * reader. */
static void make_tiles(reduction *r, const double *a, int exponent)
{
    double *const room[3] = {r->v_row[0], r->v_row[1], r->y};
    for (int64_t j = 0; j < r->tiles; j += j ? 1 : 3) {
        const int64_t end = j ? j + 1 : r->tiles < 3 ? r->tiles : 3;
        for (int place = 0; place < 2; place++)
            for (int64_t c = j; c < end; c++) {
                moving m = {.r = r, .a = a, .room = room[c - j], .column = c, .exponent = exponent};
                ct_parallel_for(r->threads, (size_t)(r->tiles - c), CT_GRAIN,
                                place ? place_rows : gather_rows, &m);
            }
    }
}

/* The lower triangle of diagonal tile k, and the upper triangle of R below it, into the band. */
static void emit_diagonal(const reduction *r, int64_t k)
{
    const double *d = tile_at(r, k, k);
    const int64_t at = k * CT_TILE;
    for (int64_t c = 0; c < CT_TILE; c++)
        memcpy(r->band + at + c + CT_BAND_STRIDE * (at + c), d + c * CT_TILE + c,
               (size_t)(CT_TILE - c) * sizeof *d);
}

static void emit_below(const reduction *r, int64_t k)
{
    const double *d = tile_at(r, k + 1, k);
    const int64_t at = k * CT_TILE;
    for (int64_t c = 0; c < CT_TILE; c++)
        memcpy(r->band + at + CT_TILE + CT_BAND_STRIDE * (at + c), d + c * CT_TILE,
               (size_t)(c + 1) * sizeof *d);
}

/* ---- one panel ---- */

/* T of I - V T V^T from G = -V^T V: column j is tau_j (T G e_j) above the diagonal. */
static void triangular_factor(reduction *r, const double *g)
{
    memset(r->t, 0, CT_TILE_SIZE * sizeof *r->t);
    for (int j = 0; j < CT_TILE; j++) {
        double *column = r->t + j * CT_TILE;
        for (int k = 0; k < j; k++) {
            const double s = r->tau[j] * g[j * CT_TILE + k];
            for (int i = 0; i <= k; i++)
                column[i] += s * r->t[k * CT_TILE + i];
        }
        column[j] = r->tau[j];
    }
    transpose(r->t, 1.0, r->t_row);
}

/* Diagonal tile k is final: emits it, factorises panel k (if there is one), leaves V, -V by rows,
 * and T. */
static void factor_panel(reduction *r, int64_t k)
{
    emit_diagonal(r, k);
    if (k + 1 >= r->tiles)
        return;
    double *v = tile_at(r, k + 1, k), *v_row = r->v_row[k % 2];
    double g[CT_TILE_SIZE] __attribute__((aligned(64))) = {0.0};
    r->kernels->panel_factor(r->tiles - k - 1, v, r->v0, r->tau);
    emit_below(r, k);
    memcpy(v, r->v0, CT_TILE_SIZE * sizeof *v);
    for (int64_t i = k + 1; i < r->tiles; i++) {
        const double *column = tile_at(r, i, k), *row = v_row + i * CT_TILE_SIZE;
        transpose(column, -1.0, v_row + i * CT_TILE_SIZE);
        r->kernels->tile_multiply(1, &row, &column, g, 0, NULL);
    }
    triangular_factor(r, g);
}

/* Y_i = (A V)_i T, and its term of -V^T Y. */
static void product_row(reduction *r, int64_t k, int64_t i)
{
    double x[CT_TILE_SIZE] __attribute__((aligned(64))) = {0.0},
                           xt[CT_TILE_SIZE] __attribute__((aligned(64))) = {0.0};
    const double *left[1], *right[1], *next[2];
    for (int64_t j = k + 1; j <= i; j++) {
        left[0] = tile_at(r, i, j);
        right[0] = tile_at(r, j, k);
        next[0] = j < i ? tile_at(r, i, j + 1) : left[0];
        next[1] = right[0] + CT_TILE_SIZE;
        r->kernels->tile_multiply(1, left, right, x, 2, next);
    }
    for (int64_t j = i + 1; j < r->tiles; j++) {
        left[0] = r->v_row[k % 2] + j * CT_TILE_SIZE;
        right[0] = tile_at(r, j, i);
        next[0] = left[0] + CT_TILE_SIZE;
        next[1] = right[0] + CT_TILE_SIZE;
        r->kernels->tile_multiply(1, left, right, xt, 2, next);
    }
    for (int64_t c = 0; c < CT_TILE; c++)
        for (int64_t q = 0; q < CT_TILE; q++)
            x[c * CT_TILE + q] -= xt[q * CT_TILE + c];
    double *y = r->y + i * CT_TILE_SIZE;
    memset(y, 0, CT_TILE_SIZE * sizeof *y);
    left[0] = x;
    right[0] = r->t;
    r->kernels->tile_multiply(1, left, right, y, 0, NULL);
    double *partial = r->partial + i * CT_TILE_SIZE;
    memset(partial, 0, CT_TILE_SIZE * sizeof *partial);
    left[0] = r->v_row[k % 2] + i * CT_TILE_SIZE;
    right[0] = y;
    r->kernels->tile_multiply(1, left, right, partial, 0, NULL);
}

/* T^T (-V^T Y) / 2. */
static void middle_factor(const reduction *r, int64_t k, double *middle)
{
    double s[CT_TILE_SIZE] __attribute__((aligned(64))) = {0.0};
    for (int64_t i = k + 1; i < r->tiles; i++)
        for (int64_t q = 0; q < CT_TILE_SIZE; q++)
            s[q] += r->partial[i * CT_TILE_SIZE + q];
    for (int64_t q = 0; q < CT_TILE_SIZE; q++)
        s[q] *= 0.5;
    memset(middle, 0, CT_TILE_SIZE * sizeof *middle);
    const double *left = r->t_row, *right = s;
    r->kernels->tile_multiply(1, &left, &right, middle, 0, NULL);
}

/* W_i = Y_i - V_i (T^T V^T Y) / 2. */
static void finish_row(const reduction *r, int64_t k, int64_t i, const double *middle, double *w)
{
    const double *left = tile_at(r, i, k);
    memcpy(w, r->y + i * CT_TILE_SIZE, CT_TILE_SIZE * sizeof *w);
    r->kernels->tile_multiply(1, &left, &middle, w, 0, NULL);
}

/* A_ij -= V_i W_j^T + W_i V_j^T; the diagonal tile stays exactly symmetric. w_row: -W_j by rows.
 * next: the tile that follows. */
static void update_tile(reduction *r, int64_t k, int64_t i, int64_t j, const double *w_row,
                        const double *next)
{
    const double *left[2] = {tile_at(r, i, k), r->w + i * CT_TILE_SIZE};
    const double *right[2] = {w_row, r->v_row[k % 2] + j * CT_TILE_SIZE};
    double *c = tile_at(r, i, j);
    r->kernels->tile_multiply(2, left, right, c, 1, &next);
    if (i == j)
        for (int64_t q = 0; q < CT_TILE; q++)
            for (int64_t p = q + 1; p < CT_TILE; p++)
                c[p * CT_TILE + q] = c[q * CT_TILE + p];
}

/* The work on panel k; its loops begin with row k + 1. */
typedef struct panel {
    reduction *r;
    int64_t k, columns; /* blocks of a row of the update */
    double middle[CT_TILE_SIZE] __attribute__((aligned(64)));
    double first_row[CT_TILE_SIZE] __attribute__((aligned(64)));
} panel;

static void product_rows(void *context, size_t first, size_t last, int thread)
{
    const panel *p = context;
    (void)thread;
    for (size_t i = first; i < last; i++)
        product_row(p->r, p->k, p->k + 1 + (int64_t)i);
}

/* W, and the update of tile column k + 1, which holds the next panel. */
static void finish_rows(void *context, size_t first, size_t last, int thread)
{
    const panel *p = context;
    reduction *r = p->r;
    (void)thread;
    for (int64_t i = p->k + 1 + (int64_t)first; i < p->k + 1 + (int64_t)last; i++) {
        finish_row(r, p->k, i, p->middle, r->w + i * CT_TILE_SIZE);
        transpose(r->w + i * CT_TILE_SIZE, -1.0, r->w_row + i * CT_TILE_SIZE);
        update_tile(r, p->k, i, p->k + 1, p->first_row, tile_at(r, i, p->k + 1));
    }
}

/* The tiles of block (row, column) of the trailing matrix, CT_BLOCK_ROWS x CT_BLOCK_COLUMNS tiles
 * counted from the last row and from column k + 2: the factors of a tile column serve several rows
 * while they are in the cache. */
static void update_block(reduction *r, int64_t k, int64_t row, int64_t column)
{
    const int64_t last = r->tiles - 1 - row * CT_BLOCK_ROWS,
                  from = k + 2 + column * CT_BLOCK_COLUMNS;
    const int64_t first = last - CT_BLOCK_ROWS + 1 > from ? last - CT_BLOCK_ROWS + 1 : from;
    for (int64_t j = from; j < from + CT_BLOCK_COLUMNS && j <= last; j++)
        for (int64_t i = first > j ? first : j; i <= last; i++)
            update_tile(r, k, i, j, r->w_row + j * CT_TILE_SIZE,
                        tile_at(r, i < last ? i + 1 : i, j));
}

/* The next panel first, then the blocks. */
static void update_blocks(void *context, size_t first, size_t last, int thread)
{
    const panel *p = context;
    (void)thread;
    for (int64_t b = (int64_t)first - 1; b < (int64_t)last - 1; b++) {
        if (b < 0)
            factor_panel(p->r, p->k + 1);
        else
            update_block(p->r, p->k, b / p->columns, b % p->columns);
    }
}

/* Everything that panel k changes, ending with panel k + 1 factorised. */
static void apply_panel(reduction *r, int64_t k)
{
    const int64_t rest = r->tiles - k - 2;
    const int64_t rows = (rest + CT_BLOCK_ROWS - 1) / CT_BLOCK_ROWS;
    panel p = {.r = r, .k = k, .columns = (rest + CT_BLOCK_COLUMNS - 1) / CT_BLOCK_COLUMNS};
    double first[CT_TILE_SIZE] __attribute__((aligned(64)));
    ct_parallel_for(r->threads, (size_t)(rest + 1), 1, product_rows, &p);
    middle_factor(r, k, p.middle);
    finish_row(r, k, k + 1, p.middle, first);
    transpose(first, -1.0, p.first_row);
    ct_parallel_for(r->threads, (size_t)(rest + 1), 2, finish_rows, &p);
    ct_parallel_for(r->threads, (size_t)(rows * p.columns + 1), 1, update_blocks, &p);
}

#define CT_PANELS 6

static size_t room_count(const reduction *r)
{
    return (size_t)(CT_PANELS * r->tiles + 3) * CT_TILE_SIZE;
}

static void split_room(reduction *r, double *room)
{
    const int64_t column = r->tiles * CT_TILE_SIZE;
    r->v_row[0] = room;
    r->v_row[1] = room + column;
    r->y = room + 2 * column;
    r->w = room + 3 * column;
    r->w_row = room + 4 * column;
    r->partial = room + 5 * column;
    r->t = room + CT_PANELS * column;
    r->t_row = r->t + CT_TILE_SIZE;
    r->v0 = r->t_row + CT_TILE_SIZE;
}

/* False once the watch asks to stop. */
static bool keep_on(const reduction *r, const ct_watch *watch, int64_t k)
{
    return !watch || !watch->report ||
           !watch->report("eigenvalues", (uint64_t)k, (uint64_t)r->tiles, watch->user);
}

cutropy_status ct_band_reduce(const ct_eigen_kernels *kernels, int64_t n, double *a, int exponent,
                              double *band, const ct_watch *watch, int threads)
{
    cutropy_status status = CUTROPY_OK;
    reduction r = {.kernels = kernels,
                   .n = n,
                   .tiles = (n + CT_TILE - 1) / CT_TILE,
                   .band = band,
                   .threads = threads};
    const size_t size = (size_t)(r.tiles * (r.tiles + 1) / 2 * CT_TILE_SIZE);
    double *room = NULL, *own_tiles = NULL;
    CT_NEW(room, room_count(&r));
    /* Small matrices do not hold their own padding; and the kernels want aligned tiles. */
    if (size > (size_t)(n * n) || (uintptr_t)a % 64)
        CT_NEW(own_tiles, size);
    split_room(&r, room);
    r.tile = own_tiles ? own_tiles : a;
    memset(band, 0, ct_band_count(n) * sizeof *band);
    make_tiles(&r, a, exponent);
    factor_panel(&r, 0);
    for (int64_t k = 0; k + 1 < r.tiles; k++) {
        if (!keep_on(&r, watch, k))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED,
                           "stopped inside the eigenvalues of a %lld x %lld matrix", (long long)n,
                           (long long)n));
        apply_panel(&r, k);
    }
done:
    ct_free(own_tiles);
    ct_free(room);
    return status;
}
