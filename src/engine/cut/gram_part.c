/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of the part go panel by panel: the rows of the panel against those rows of this rank that are not above them. */
#include "engine/cut/gram_part.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "engine/cut/gram_parts.h"

#define SQUARE 64 /* rows and columns of the squares that are dealt out, at most, */
#define LEAST 8   /* and at least: small matrices are for tests */

ct_grid ct_gram_grid(int64_t n, int ranks)
{
    ct_grid grid = {.n = n, .rows = (int)sqrt((double)ranks)};
    while (ranks % grid.rows)
        grid.rows--;
    grid.columns = ranks / grid.rows;
    const int64_t few = n / (4 * grid.columns);
    grid.block = few < LEAST ? LEAST : few > SQUARE ? SQUARE : few;
    return grid;
}

typedef struct part {
    const ct_quotient *q;
    const ct_blocks *blocks;
    const ct_operations *backend;
    const ct_grid *grid;
    int64_t block, n, k;
    int side, threads, place[2]; /* in the grid */
    int64_t size[2];             /* rows and columns of the part */
    /* bits: rows of the block; those of this rank, behind room for those of a panel */
    const uint64_t **all, **bits;
    uint64_t *copy;
    int64_t *ones; /* of every row, where label 0 is not 0 */
    /* edges: rows of this rank of each column, columns of each row, multiplicities of columns */
    ct_columns columns, rows;
    int64_t *weight;
    int64_t *panel; /* products */
} part;

static void part_free(part *p)
{
    ct_free(p->all);
    ct_free(p->bits);
    ct_free(p->copy);
    ct_free(p->ones);
    ct_gram_columns_free(&p->columns);
    ct_gram_columns_free(&p->rows);
    ct_free(p->weight);
    ct_free(p->panel);
}

static part part_of(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                    const ct_grid *grid, int rank)
{
    const int side = ct_block_size(blocks, block, 1) < ct_block_size(blocks, block, 0);
    part p = {.q = q,
              .blocks = blocks,
              .grid = grid,
              .block = block,
              .n = grid->n,
              .k = ct_block_size(blocks, block, 1 - side),
              .side = side,
              .place = {rank / grid->columns, rank % grid->columns}};
    p.size[0] = ct_grid_share(grid, grid->n, p.place[0], grid->rows);
    p.size[1] = ct_grid_share(grid, grid->n, p.place[1], grid->columns);
    return p;
}

static size_t row_words(const part *p)
{
    const int shift = p->q->shift[p->side];
    return shift >= 6 ? (size_t)1 << (shift - 6) : 1;
}

uint64_t ct_gram_part_bytes(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                            const ct_grid *grid, int rank)
{
    const part p = part_of(q, blocks, block, grid, rank);
    const uint64_t rows = (uint64_t)(grid->block + p.size[0]), n = (uint64_t)p.n;
    const uint64_t panel = 8 * (uint64_t)grid->block * rows;
    if (q->storage == CT_Q_BITS) /* pointers, and short rows are turned: 16 words each at most */
        return panel + 24 * n + (8 + 128) * rows;
    return panel + 8 * ((uint64_t)q->edges + n + 2 * (uint64_t)p.k);
}

/* ---- rows ---- */

static cutropy_status open_bits(part *p)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t *member = ct_block_members(p->blocks, p->block, p->side);
    CT_NEW(p->all, p->n);
    CT_NEW(p->bits, p->grid->block + p->size[0]);
    CT_TRY(ct_gram_bit_rows(p->q, p->side, p->n, member, p->all, &p->copy));
    for (int64_t i = 0; i < p->size[0]; i++)
        p->bits[p->grid->block + i] =
            p->all[ct_grid_global(p->grid, i, p->place[0], p->grid->rows)];
    if (p->q->value[0] == 0)
        return CUTROPY_OK;
    CT_NEW_ZERO(p->ones, p->n);
    for (int64_t i = 0; i < p->n; i++)
        for (size_t w = 0; w < row_words(p); w++)
            p->ones[i] += ct_popcount(p->all[i][w]);
done:
    return status;
}

/* Of the rows of each column those of this rank stay, by their numbers in its part. */
static void keep_mine(part *p)
{
    const ct_grid *g = p->grid;
    ct_columns *c = &p->columns;
    int64_t at = 0;
    for (int64_t k = 0, first = 0; k < p->k; k++) {
        const int64_t last = c->start[k + 1];
        for (int64_t x = first; x < last; x++)
            if (c->row[x] / g->block % g->rows == p->place[0])
                c->row[at++] = (int32_t)ct_grid_share(g, c->row[x], p->place[0], g->rows);
        first = last;
        c->start[k + 1] = at;
    }
}

static cutropy_status open_edges(part *p)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t *theirs = ct_block_members(p->blocks, p->block, 1 - p->side);
    CT_NEW(p->weight, p->k);
    for (int64_t c = 0; c < p->k; c++)
        p->weight[c] = (int64_t)p->q->side[1 - p->side].weight[theirs[c]];
    CT_TRY(ct_gram_columns(p->q, p->blocks, p->block, p->side, &p->columns));
    CT_TRY(ct_gram_columns(p->q, p->blocks, p->block, 1 - p->side, &p->rows));
    keep_mine(p);
done:
    return status;
}

/* ---- panels ---- */

/* Rows first .. first + m - 1 of the matrix against rows from .. of this rank: entry (j, m + i) of the panel, m + count a row. */
typedef struct span {
    int64_t first, m, from, count;
} span;

/* The rows of this rank in front of `from` are not used any more: those of the panel take their places. */
static cutropy_status count_bits(const part *p, const span *s)
{
    const uint64_t **rows = p->bits + p->grid->block + s->from - s->m;
    for (int64_t j = 0; j < s->m; j++)
        rows[j] = p->all[s->first + j];
    return p->backend->gram_bit_rows(s->m, s->m + s->count, rows, row_words(p), p->panel,
                                     p->threads);
}

/* A column of a row adds its multiplicity to all its rows. */
static void add_edges(const part *p, const span *s)
{
    const int64_t width = s->m + s->count;
    memset(p->panel, 0, (size_t)(s->m * width) * sizeof *p->panel);
    for (int64_t j = 0; j < s->m; j++)
        for (int64_t e = p->rows.start[s->first + j]; e < p->rows.start[s->first + j + 1]; e++) {
            const int32_t c = p->rows.row[e];
            for (int64_t x = p->columns.start[c + 1] - 1;
                 x >= p->columns.start[c] && p->columns.row[x] >= s->from; x--)
                p->panel[j * width + s->m + p->columns.row[x] - s->from] += p->weight[c];
        }
}

/* Into the part, from its column `column` on. */
static void store(const part *p, const span *s, int64_t column, double *out, ct_u128 *square_sum)
{
    const int64_t width = s->m + s->count, columns = INT64_C(1) << p->q->shift[p->side];
    const uint64_t *weight = p->q->side[p->side].weight;
    const int32_t *member = ct_block_members(p->blocks, p->block, p->side);
    for (int64_t j = 0; j < s->m; j++)
        for (int64_t i = 0; i < s->count; i++) {
            const int64_t column_row = s->first + j,
                          row = ct_grid_global(p->grid, s->from + i, p->place[0], p->grid->rows);
            const uint64_t v = weight[member[column_row]], w = weight[member[row]];
            int64_t g = p->panel[j * width + s->m + i];
            if (row < column_row)
                continue;
            if (p->ones)
                g = ct_gram_of_counts(p->q->value, columns, p->ones[column_row], p->ones[row], g);
            out[(column + j) * p->size[0] + s->from + i] =
                sqrt((double)v) * sqrt((double)w) * (double)g;
            *square_sum += (row > column_row ? 2 : 1) * (ct_u128)((ct_i128)g * g) * v * w;
        }
}

cutropy_status ct_gram_part_fill(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                 const ct_operations *backend, int threads, const ct_grid *grid,
                                 int rank, double *out, ct_u128 *square_sum)
{
    cutropy_status status = CUTROPY_OK;
    part p = part_of(q, blocks, block, grid, rank);
    p.backend = backend;
    p.threads = threads;
    *square_sum = 0;
    CT_NEW(p.panel, grid->block * (grid->block + p.size[0]));
    CT_TRY(q->storage == CT_Q_BITS ? open_bits(&p) : open_edges(&p));
    for (int64_t column = 0; column < p.size[1]; column += grid->block) {
        span s = {.first = ct_grid_global(grid, column, p.place[1], grid->columns),
                  .m = p.size[1] - column < grid->block ? p.size[1] - column : grid->block};
        s.from = ct_grid_share(grid, s.first, p.place[0], grid->rows);
        s.count = p.size[0] - s.from;
        if (!s.count)
            continue;
        if (q->storage == CT_Q_BITS)
            CT_TRY(count_bits(&p, &s));
        else
            add_edges(&p, &s);
        store(&p, &s, column, out, square_sum);
    }
done:
    part_free(&p);
    return status;
}
