/* SPDX-License-Identifier: Apache-2.0 */
/* Dense symmetric or Hermitian -> band of half-width CT_TILE, by two-sided block reflections
 * (successive band reduction, first stage).
 *
 * Panel k: QR of the tiles below the diagonal in tile column k, Q = I - V T V^H. Then Q^H A Q = A -
 * V W^H - W V^H with Y = A V T and W = Y - V (T^H V^H Y) / 2. Nearly all work is tile products;
 * each tile of the result is the sum of its terms in a fixed order, so the bits do not depend on
 * the number of threads. The next panel is factorised while other threads update the rest
 * (look-ahead).
 *
 * Storage: the lower triangle as columns of contiguous tiles in the matrix itself, padded with
 * zeros to whole tiles. V takes the place of the tiles it annihilates. Row-major copies (of -V and
 * -W) serve as transposed factors. */
#include "backend/cpu/eigen/band.h"
#include "backend/cpu/eigen/factors.h"
#include "backend/cpu/eigen/scale.h"

#include <string.h>

#include "base/parallel.h"

/* Tiles of a task of the update. */
#define CT_BLOCK_ROWS 4
#define CT_BLOCK_COLUMNS 8

/* ---- into and out of tiles ---- */

/* Tile (i, j) of the matrix; the diagonal tile is stored whole, everything outside the matrix is
 * zero. */
static void gather_tile(const reduction *r, const double *a, int64_t i, int64_t j, int exponent,
                        double *out)
{
    const int64_t n = r->n, row = i * CT_TILE, rows = n - row < CT_TILE ? n - row : CT_TILE;
    memset(out, 0, (size_t)r->size * sizeof *out);
    for (int64_t c = 0; c < CT_TILE && j * CT_TILE + c < n; c++) {
        const int64_t from = i == j ? c : 0;
        const double *column = a + ((j * CT_TILE + c) * n + row) * r->parts;
        if (r->parts == 1)
            memcpy(out + c * CT_TILE + from, column + from, (size_t)(rows - from) * sizeof *out);
        else
            for (int64_t k = from; k < rows; k++) {
                out[c * CT_TILE + k] = column[2 * k];
                out[CT_TILE_SIZE + c * CT_TILE + k] = column[2 * k + 1];
            }
    }
    ct_eigen_scale((size_t)r->size, out, exponent);
    if (i == j)
        mirror(r, out);
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
                    m->room + (int64_t)i * m->r->size);
}

static void place_rows(void *context, size_t first, size_t last, int thread)
{
    const moving *m = context;
    (void)thread;
    memcpy(tile_at(m->r, m->column + (int64_t)first, m->column),
           m->room + (int64_t)first * m->r->size,
           (last - first) * (size_t)m->r->size * sizeof *m->room);
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

/* A plane of the band, from plane `part` of tiles. */
static double *band_at(const reduction *r, int part, int64_t row, int64_t column)
{
    return r->band + (size_t)part * ct_band_count(r->n) + row + CT_BAND_STRIDE * column;
}

/* The lower triangle of diagonal tile k, and the upper triangle of R below it, into the band. */
static void emit_diagonal(const reduction *r, int64_t k)
{
    const int64_t at = k * CT_TILE;
    for (int part = 0; part < r->parts; part++) {
        const double *d = tile_at(r, k, k) + part * CT_TILE_SIZE;
        for (int64_t c = 0; c < CT_TILE; c++)
            memcpy(band_at(r, part, at + c, at + c), d + c * CT_TILE + c,
                   (size_t)(CT_TILE - c) * sizeof *d);
    }
}

static void emit_below(const reduction *r, int64_t k)
{
    const int64_t at = k * CT_TILE;
    for (int part = 0; part < r->parts; part++) {
        const double *d = tile_at(r, k + 1, k) + part * CT_TILE_SIZE;
        for (int64_t c = 0; c < CT_TILE; c++)
            memcpy(band_at(r, part, at + CT_TILE, at + c), d + c * CT_TILE,
                   (size_t)(c + 1) * sizeof *d);
    }
}

/* ---- one panel ---- */

/* T of I - V T V^H from G = -V^H V: column j is tau_j (T G e_j) above the diagonal. */
static void triangular_factor(reduction *r, const double *g)
{
    double *t = r->t;
    memset(t, 0, (size_t)r->factor * sizeof *t);
    for (int j = 0; j < CT_TILE; j++) {
        double *column = t + j * CT_TILE;
        for (int k = 0; k < j; k++) {
            const double s = r->tau[j] * g[j * CT_TILE + k];
            for (int i = 0; i <= k; i++)
                column[i] += s * t[k * CT_TILE + i];
            if (r->parts == 1)
                continue;
            const double si = r->tau[j] * g[CT_TILE_SIZE + j * CT_TILE + k];
            const double *ti = t + CT_TILE_SIZE + k * CT_TILE;
            for (int i = 0; i <= k; i++) {
                column[i] -= si * ti[i];
                column[CT_TILE_SIZE + i] += s * ti[i] + si * t[k * CT_TILE + i];
            }
        }
        column[j] = r->tau[j];
    }
    complete_factor(r, t);
    adjoint(r, t, 1.0, r->t_row);
}

/* Diagonal tile k is final: emits it, factorises panel k (if there is one), leaves V, -V by rows,
 * and T. */
static void factor_panel(reduction *r, int64_t k)
{
    emit_diagonal(r, k);
    if (k + 1 >= r->tiles)
        return;
    double *v = tile_at(r, k + 1, k), *v_row = r->v_row[k % 2];
    double g[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    memset(g, 0, (size_t)r->factor * sizeof *g);
    if (r->parts == 1)
        r->kernels->panel_factor(r->tiles - k - 1, v, r->v0, r->tau);
    else
        r->kernels->panel_factor_complex(r->tiles - k - 1, v, r->v0, r->tau);
    emit_below(r, k);
    memcpy(v, r->v0, (size_t)r->size * sizeof *v);
    for (int64_t i = k + 1; i < r->tiles; i++) {
        const double *column = reflections_at(r, k, i), *row = v_row + i * r->factor;
        if (r->parts == 2) {
            double *copy = reflections_at(r, k, i);
            memcpy(copy, tile_at(r, i, k), (size_t)r->size * sizeof *copy);
            complete_factor(r, copy);
        }
        adjoint(r, column, -1.0, v_row + i * r->factor);
        multiply(r, 1, &row, &column, g, 0, NULL);
    }
    settle(r, g);
    triangular_factor(r, g);
}

/* The factor x -= y^H. */
static void subtract_adjoint(const reduction *r, const double *y, double *x)
{
    for (int64_t c = 0; c < CT_TILE; c++)
        for (int64_t q = 0; q < CT_TILE; q++)
            x[c * CT_TILE + q] -= y[q * CT_TILE + c];
    if (r->parts == 1)
        return;
    for (int64_t c = 0; c < CT_TILE; c++)
        for (int64_t q = 0; q < CT_TILE; q++)
            x[CT_TILE_SIZE + c * CT_TILE + q] += y[CT_TILE_SIZE + q * CT_TILE + c];
    complete_factor(r, x);
}

/* A tile as a factor: itself, or completed in room. */
static const double *tile_factor(const reduction *r, int64_t i, int64_t j, double *room)
{
    const double *tile = tile_at(r, i, j);
    if (r->parts == 1)
        return tile;
    memcpy(room, tile, (size_t)r->size * sizeof *room);
    complete_factor(r, room);
    return room;
}

/* Y_i = (A V)_i T, and its term of -V^H Y. */
static void product_row(reduction *r, int64_t k, int64_t i)
{
    double x[3 * CT_TILE_SIZE] __attribute__((aligned(64))),
        xt[3 * CT_TILE_SIZE] __attribute__((aligned(64))),
        room[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    const size_t bytes = (size_t)r->factor * sizeof *x;
    const double *left[1], *right[1], *next[2];
    memset(x, 0, bytes);
    memset(xt, 0, bytes);
    for (int64_t j = k + 1; j <= i; j++) {
        left[0] = tile_factor(r, i, j, room);
        right[0] = reflections_at(r, k, j);
        next[0] = j < i ? tile_at(r, i, j + 1) : left[0];
        next[1] = right[0] + r->factor;
        multiply(r, 1, left, right, x, 2, next);
    }
    for (int64_t j = i + 1; j < r->tiles; j++) {
        left[0] = r->v_row[k % 2] + j * r->factor;
        right[0] = tile_factor(r, j, i, room);
        next[0] = left[0] + r->factor;
        next[1] = tile_at(r, j, i) + r->size;
        multiply(r, 1, left, right, xt, 2, next);
    }
    settle(r, x);
    settle(r, xt);
    subtract_adjoint(r, xt, x);
    double *y = xt;
    memset(y, 0, bytes);
    left[0] = x;
    right[0] = r->t;
    multiply(r, 1, left, right, y, 0, NULL);
    settle(r, y);
    memcpy(r->y + i * r->size, y, (size_t)r->size * sizeof *y);
    memset(x, 0, bytes);
    left[0] = r->v_row[k % 2] + i * r->factor;
    right[0] = y;
    multiply(r, 1, left, right, x, 0, NULL);
    settle(r, x);
    memcpy(r->partial + i * r->size, x, (size_t)r->size * sizeof *x);
}

/* The factor T^H (-V^H Y) / 2. */
static void middle_factor(const reduction *r, int64_t k, double *middle)
{
    double s[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    memset(s, 0, sizeof s);
    for (int64_t i = k + 1; i < r->tiles; i++)
        for (int64_t q = 0; q < r->size; q++)
            s[q] += r->partial[i * r->size + q];
    for (int64_t q = 0; q < r->size; q++)
        s[q] *= 0.5;
    complete_factor(r, s);
    memset(middle, 0, (size_t)r->factor * sizeof *middle);
    const double *left = r->t_row, *right = s;
    multiply(r, 1, &left, &right, middle, 0, NULL);
    settle(r, middle);
}

/* W_i = Y_i - V_i (T^H V^H Y) / 2. */
static void finish_row(const reduction *r, int64_t k, int64_t i, const double *middle, double *w)
{
    const double *left = reflections_at(r, k, i);
    memcpy(w, r->y + i * r->size, (size_t)r->size * sizeof *w);
    add_products(r, 1, &left, &middle, w, 0, NULL);
    complete_factor(r, w);
}

/* A_ij -= V_i W_j^H + W_i V_j^H; the diagonal tile stays exactly Hermitian. w_row: -W_j^H. next:
 * the tile that follows. */
static void update_tile(reduction *r, int64_t k, int64_t i, int64_t j, const double *w_row,
                        const double *next)
{
    const double *left[2] = {reflections_at(r, k, i), r->w + i * r->factor};
    const double *right[2] = {w_row, r->v_row[k % 2] + j * r->factor};
    double *c = tile_at(r, i, j);
    add_products(r, 2, left, right, c, 1, &next);
    if (i == j)
        mirror(r, c);
}

/* The work on panel k; its loops begin with row k + 1. */
typedef struct panel {
    reduction *r;
    int64_t k, columns; /* blocks of a row of the update */
    double middle[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    double first_row[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
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
        finish_row(r, p->k, i, p->middle, r->w + i * r->factor);
        adjoint(r, r->w + i * r->factor, -1.0, r->w_row + i * r->factor);
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
            update_tile(r, k, i, j, r->w_row + j * r->factor, tile_at(r, i < last ? i + 1 : i, j));
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
    panel p;
    double first[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    p.r = r;
    p.k = k;
    p.columns = (rest + CT_BLOCK_COLUMNS - 1) / CT_BLOCK_COLUMNS;
    ct_parallel_for(r->threads, (size_t)(rest + 1), 1, product_rows, &p);
    middle_factor(r, k, p.middle);
    finish_row(r, k, k + 1, p.middle, first);
    adjoint(r, first, -1.0, p.first_row);
    ct_parallel_for(r->threads, (size_t)(rest + 1), 2, finish_rows, &p);
    ct_parallel_for(r->threads, (size_t)(rows * p.columns + 1), 1, update_blocks, &p);
}

static size_t room_count(const reduction *r)
{
    const int64_t factors = r->parts == 1 ? 4 : 6;
    return (size_t)(r->tiles * (factors * r->factor + 2 * r->size) + 2 * r->factor + r->size);
}

static void split_room(reduction *r, double *room)
{
    const int64_t tiles = r->tiles * r->size, factors = r->tiles * r->factor;
    r->v_row[0] = room;
    r->v_row[1] = room + factors;
    r->w = room + 2 * factors;
    r->w_row = room + 3 * factors;
    room += 4 * factors;
    if (r->parts == 2) {
        r->v[0] = room;
        r->v[1] = room + factors;
        room += 2 * factors;
    }
    r->y = room;
    r->partial = room + tiles;
    r->t = room + 2 * tiles;
    r->t_row = r->t + r->factor;
    r->v0 = r->t_row + r->factor;
}

/* False once the watch asks to stop. */
static bool keep_on(const reduction *r, const ct_watch *watch, int64_t k)
{
    return !ct_asked_to_stop(watch, "eigenvalues", (uint64_t)k, (uint64_t)r->tiles);
}

cutropy_status ct_band_reduce(const ct_eigen_kernels *kernels, int parts, int64_t n, double *a,
                              int exponent, double *band, const ct_watch *watch, int threads)
{
    cutropy_status status = CUTROPY_OK;
    reduction r = {.kernels = kernels,
                   .parts = parts,
                   .size = parts * CT_TILE_SIZE,
                   .factor = (parts == 1 ? 1 : 3) * CT_TILE_SIZE,
                   .n = n,
                   .tiles = (n + CT_TILE - 1) / CT_TILE,
                   .band = band,
                   .threads = threads};
    const size_t size = (size_t)(r.tiles * (r.tiles + 1) / 2 * r.size);
    double *room = NULL, *own_tiles = NULL;
    CT_NEW(room, room_count(&r));
    /* Small matrices do not hold their own padding; and the kernels want aligned tiles. */
    if (size > (size_t)(n * n * parts) || (uintptr_t)a % 64)
        CT_NEW(own_tiles, size);
    split_room(&r, room);
    r.tile = own_tiles ? own_tiles : a;
    memset(band, 0, (size_t)parts * ct_band_count(n) * sizeof *band);
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
