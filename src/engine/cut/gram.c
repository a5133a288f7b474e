/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of blocks: which way for which storage of the quotient. */
#include "engine/cut/gram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "certify/integer_block.h"
#include "engine/cut/gram_parts.h"

void ct_gram_free(ct_gram *gram)
{
    ct_free(gram->weight);
    *gram = (ct_gram){0};
}

cutropy_status ct_gram_bit_rows(const ct_quotient *q, int side, int64_t n, const int32_t *member,
                                const uint64_t **rows, uint64_t **copy)
{
    cutropy_status status = CUTROPY_OK;
    const int shift = q->shift[side];
    if (shift < 6)
        CT_NEW(*copy, n);
    for (int64_t i = 0; i < n; i++) {
        uint64_t row = q->side[side].first[member[i]];
        if (shift >= 6) {
            rows[i] = q->bits[side] + (row << (shift - 6));
        } else {
            (*copy)[i] = (q->bits[side][row >> (6 - shift)] >> ((row << shift) & 63)) &
                         ct_low_mask(1 << shift);
            rows[i] = *copy + i;
        }
    }
done:
    return status;
}

/* In place, over so many columns. */
static void labels_to_values(int64_t n, int64_t *g, const int64_t value[2], int64_t columns,
                             int64_t *ones)
{
    for (int64_t i = 0; i < n; i++)
        ones[i] = g[i * n + i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            g[i * n + j] = ct_gram_of_counts(value, columns, ones[i], ones[j], g[i * n + j]);
}

static cutropy_status gram_of_bits(const ct_quotient *q, const int32_t *member,
                                   const ct_operations *backend, int threads, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int shift = q->shift[out->side];
    const uint64_t **rows = NULL;
    uint64_t *copy = NULL;
    int64_t *ones = NULL;
    CT_NEW(rows, out->n);
    CT_TRY(ct_gram_bit_rows(q, out->side, out->n, member, rows, &copy));
    CT_TRY(backend->gram_bits(out->n, rows, shift >= 6 ? (size_t)1 << (shift - 6) : 1, out->integer,
                              threads));
    if (q->value[0] != 0) {
        CT_NEW(ones, out->n);
        labels_to_values(out->n, out->integer, q->value, INT64_C(1) << shift, ones);
    }
done:
    ct_free(rows);
    ct_free(copy);
    ct_free(ones);
    return status;
}

void ct_gram_columns_free(ct_columns *c)
{
    ct_free(c->start);
    ct_free(c->row);
}

/* Edges of the block, which are consecutive for a row class: found by the sorted order. */
static int64_t first_edge(const ct_quotient *q, int32_t row_class)
{
    int64_t low = 0, high = q->edges;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (q->edge[middle][0] < row_class)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

cutropy_status ct_gram_columns(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                               int side, ct_columns *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t size[2], edges = 0;
    const int32_t *member[2];
    for (int s = 0; s < 2; s++) {
        size[s] = ct_block_size(blocks, block, s);
        member[s] = ct_block_members(blocks, block, s);
    }
    for (int64_t i = 0; i < size[0]; i++)
        edges += first_edge(q, member[0][i] + 1) - first_edge(q, member[0][i]);
    CT_NEW_ZERO(out->start, size[1 - side] + 1);
    CT_NEW(out->row, edges);
    for (int pass = 0; pass < 2; pass++) { /* count, then place */
        for (int64_t i = 0; i < size[0]; i++) {
            int64_t j = 0;
            for (int64_t e = first_edge(q, member[0][i]);
                 e < q->edges && q->edge[e][0] == member[0][i]; e++) {
                while (member[1][j] != q->edge[e][1])
                    j++;
                int64_t row = side == 0 ? i : j, column = side == 0 ? j : i;
                if (pass == 0)
                    out->start[column + 1]++;
                else
                    out->row[out->start[column]++] = (int32_t)row;
            }
        }
        if (pass == 0)
            for (int64_t c = 0; c < size[1 - side]; c++)
                out->start[c + 1] += out->start[c];
    }
    memmove(out->start + 1, out->start, (size_t)size[1 - side] * sizeof *out->start);
    out->start[0] = 0;
done:
    return status;
}

/* G += weight of the column for every pair of its rows. */
static void add_columns(const ct_columns *c, int64_t columns, const uint64_t *weight,
                        const int32_t *member, int64_t n, int64_t *g)
{
    memset(g, 0, (size_t)(n * n) * sizeof *g);
    for (int64_t k = 0; k < columns; k++)
        for (int64_t x = c->start[k]; x < c->start[k + 1]; x++)
            for (int64_t y = c->start[k]; y <= x; y++) {
                int64_t i = c->row[x], j = c->row[y];
                g[(i < j ? i : j) * n + (i < j ? j : i)] += (int64_t)weight[member[k]];
            }
}

/* q as dense integers, n rows of the chosen side, then the weighted product. */
static cutropy_status gram_of_integers(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                       const ct_columns *sparse, const ct_operations *backend,
                                       int threads, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int other = 1 - out->side;
    const int64_t n = out->n, k = ct_block_size(blocks, block, other), rb = q->side[1].count;
    const int32_t *mine = ct_block_members(blocks, block, out->side),
                  *theirs = ct_block_members(blocks, block, other);
    int64_t *dense = NULL, *weight = NULL;
    CT_NEW_ZERO(dense, n * k);
    CT_NEW(weight, k);
    for (int64_t c = 0; c < k; c++)
        weight[c] = (int64_t)q->side[other].weight[theirs[c]];
    if (sparse) {
        for (int64_t c = 0; c < k; c++)
            for (int64_t x = sparse->start[c]; x < sparse->start[c + 1]; x++)
                dense[sparse->row[x] * k + c] = 1;
    } else {
        const int64_t *values = q->dense;
        for (int64_t i = 0; i < n; i++)
            for (int64_t c = 0; c < k; c++)
                dense[i * k + c] = out->side == 0 ? values[mine[i] * rb + theirs[c]]
                                                  : values[theirs[c] * rb + mine[i]];
    }
    CT_TRY(out->words == 1 ? backend->gram_integer(n, k, dense, k, weight, out->integer, threads)
                           : ct_gram_wide(n, k, dense, weight, out->integer, threads));
done:
    ct_free(dense);
    ct_free(weight);
    return status;
}

static cutropy_status gram_of_edges(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                    const ct_operations *backend, int threads, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int other = 1 - out->side;
    const int64_t n = out->n, k = ct_block_size(blocks, block, other);
    ct_columns columns = {0};
    if (n == 1) { /* one row that meets every column of its block */
        out->integer[0] = 0;
        for (int64_t c = 0; c < k; c++)
            out->integer[0] +=
                (int64_t)q->side[other].weight[ct_block_members(blocks, block, other)[c]];
        return CUTROPY_OK;
    }
    CT_TRY(ct_gram_columns(q, blocks, block, out->side, &columns));
    int64_t pairs = 0;
    for (int64_t c = 0; c < k; c++) {
        int64_t degree = columns.start[c + 1] - columns.start[c];
        pairs += degree * (degree + 1) / 2;
    }
    if (pairs <= n * (n + 1) / 2 * k / 16 +
                     1024) /* a scattered addition costs about 16 fused ones of a product */
        add_columns(&columns, k, q->side[other].weight, ct_block_members(blocks, block, other), n,
                    out->integer);
    else
        CT_TRY(gram_of_integers(q, blocks, block, &columns, backend, threads, out));
done:
    ct_gram_columns_free(&columns);
    return status;
}

/* The exponent of the largest number of the block, 0 where that is not extreme. */
static int block_exponent(const ct_quotient *q, size_t parts, const int32_t *row, int64_t rows,
                          const int32_t *column, int64_t columns)
{
    const double *values = q->dense;
    const int64_t rb = q->side[1].count;
    double largest = 0;
    if (q->ordinary)
        return 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t c = 0; c < columns; c++)
            for (size_t p = 0; p < parts; p++)
                largest =
                    fmax(largest, fabs(values[(size_t)(row[i] * rb + column[c]) * parts + p]));
    const int exponent = ilogb(largest); /* a block has a number that is not zero */
    return abs(exponent) <= CT_ORDINARY_EXPONENT ? 0 : exponent;
}

static bool has_weights(const ct_classes *c)
{
    for (int64_t i = 0; i < c->count; i++)
        if (c->weight[i] != 1)
            return true;
    return false;
}

/* Rows and columns scaled by the roots of their multiplicities, then one product. */
static cutropy_status gram_of_numbers(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                      const ct_operations *backend, int threads, ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int other = 1 - out->side;
    const int64_t n = out->n, k = ct_block_size(blocks, block, other), rb = q->side[1].count;
    const int32_t *mine = ct_block_members(blocks, block, out->side),
                  *theirs = ct_block_members(blocks, block, other);
    const size_t parts = q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    const double *values = q->dense, *rows = values;
    double *scaled = NULL;
    out->exponent = block_exponent(
        q, parts, ct_block_members(blocks, block, 0), ct_block_size(blocks, block, 0),
        ct_block_members(blocks, block, 1), ct_block_size(blocks, block, 1));
    /* nothing to scale and nothing to move: the rows of q themselves */
    if (blocks->count > 1 || out->side == 1 || out->exponent || has_weights(&q->side[0]) ||
        has_weights(&q->side[1])) {
        CT_NEW(scaled, (size_t)(n * k) * parts);
        rows = scaled;
    }
    for (int64_t i = 0; i < n && scaled; i++)
        for (int64_t c = 0; c < k; c++) {
            const int64_t row = out->side == 0 ? mine[i] : theirs[c],
                          column = out->side == 0 ? theirs[c] : mine[i];
            const double weight =
                (double)q->side[0].weight[row] * (double)q->side[1].weight[column];
            const double root = weight == 1 ? 1.0 : sqrt(weight);
            for (size_t p = 0; p < parts; p++) {
                const double x = values[(size_t)(row * rb + column) * parts + p];
                scaled[(size_t)(i * k + c) * parts + p] =
                    root * (out->exponent ? ldexp(x, -out->exponent) : x);
            }
        }
    CT_TRY(parts == 2 ? backend->gram_complex(n, k, rows, out->number, threads)
                      : backend->gram_real(n, k, rows, out->number, threads));
done:
    ct_free(scaled);
    return status;
}

cutropy_status ct_gram_block(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                             const ct_operations *backend, int threads, ct_arena *arena,
                             ct_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    *out =
        (ct_gram){.side = columns < rows, .n = columns < rows ? columns : rows, .words = q->words};
    const size_t words = q->kind == CUTROPY_KIND_COMPLEX ? 2 : (size_t)q->words,
                 bytes = (size_t)(out->n * out->n) * words * sizeof(uint64_t);
    void *matrix;
    CT_TRY(ct_arena_get(arena, "gram", bytes, &matrix));
    if (q->kind == CUTROPY_KIND_REAL || q->kind == CUTROPY_KIND_COMPLEX) {
        out->number = matrix;
        CT_TRY(gram_of_numbers(q, blocks, block, backend, threads, out));
        goto done;
    }
    const int32_t *member = ct_block_members(blocks, block, out->side);
    out->integer = matrix;
    CT_NEW(out->weight, out->n);
    for (int64_t i = 0; i < out->n; i++)
        out->weight[i] = q->side[out->side].weight[member[i]];
    if (q->storage == CT_Q_BITS)
        CT_TRY(gram_of_bits(q, member, backend, threads, out));
    else if (q->storage == CT_Q_EDGES)
        CT_TRY(gram_of_edges(q, blocks, block, backend, threads, out));
    else
        CT_TRY(gram_of_integers(q, blocks, block, NULL, backend, threads, out));
done:
    if (status != CUTROPY_OK)
        ct_gram_free(out);
    return status;
}

cutropy_status ct_gram_each(const ct_quotient *q, const ct_blocks *blocks,
                            const ct_operations *backend, int threads,
                            cutropy_status (*visit)(void *context, const ct_gram *gram, bool *more),
                            void *context, bool *more)
{
    cutropy_status status = CUTROPY_OK;
    ct_arena arena = {0};
    ct_gram gram = {0};
    *more = true;
    for (int64_t b = 0; b < blocks->count && *more; b++) {
        CT_TRY(ct_gram_block(q, blocks, b, backend, threads, &arena, &gram));
        CT_TRY(visit(context, &gram, more));
        ct_gram_free(&gram);
        ct_arena_reset(&arena);
    }
done:
    ct_gram_free(&gram);
    ct_arena_free(&arena);
    return status;
}

/* D^1/2 G D^1/2 in double, upper triangle, times a power of two where it is beyond their range. */
static cutropy_status scaled_integers(const ct_integer_block *block, double *h)
{
    const int64_t n = block->n;
    if (block->words > 1 || block->weight_words > 1)
        return ct_integer_block_scaled(block, ct_integer_block_exponent(block), h);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            h[i * n + j] = sqrt((double)block->weight[i]) * sqrt((double)block->weight[j]) *
                           (double)block->gram[i * n + j];
    return CUTROPY_OK;
}

cutropy_status ct_gram_vectors(const ct_integer_block *block, const ct_operations *backend,
                               double **out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = block->n;
    double *vectors = NULL, *values = NULL;
    *out = NULL;
    CT_NEW(vectors, n * n);
    CT_NEW(values, n);
    CT_TRY(scaled_integers(block, vectors));
    CT_TRY(backend->eigenvectors(n, vectors, values));
    *out = vectors;
    vectors = NULL;
done:
    ct_free(vectors);
    ct_free(values);
    return status;
}
