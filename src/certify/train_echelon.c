/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/train_echelon.h"

#include <string.h>

#include "base/array.h"

void ct_sparse_free(ct_sparse *s)
{
    ct_free(s->start);
    ct_free(s->column);
    ct_free(s->value);
    *s = (ct_sparse){0};
}

static cutropy_status sparse_start(ct_sparse *s)
{
    cutropy_status status = CUTROPY_OK;
    if (s->start)
        return CUTROPY_OK;
    CT_TRY(ct_array_room("vectors", &s->start, 0, &s->start_room, 8, sizeof *s->start));
    s->start[0] = s->start[1] = 0;
done:
    return status;
}

/* An entry of the vector that is not closed. */
static cutropy_status sparse_add(ct_sparse *s, int32_t column, ulong value)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(sparse_start(s));
    const size_t at = s->start[s->rows + 1];
    CT_TRY(CT_ROOM("columns", s->column, at, s->column_room, 1));
    CT_TRY(CT_ROOM("values", s->value, at, s->value_room, 1));
    s->column[at] = column;
    s->value[at] = value;
    s->start[s->rows + 1]++;
done:
    return status;
}

static cutropy_status sparse_close(ct_sparse *s)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(sparse_start(s));
    CT_TRY(CT_ROOM("vectors", s->start, (size_t)s->rows + 2, s->start_room, 1));
    s->rows++;
    s->start[s->rows + 1] = s->start[s->rows];
done:
    return status;
}

void ct_echelon_free(ct_echelon *e)
{
    ct_sparse_free(&e->row);
    ct_sparse_free(&e->turn);
    ct_free(e->lead);
    ct_free(e->owner);
    ct_free(e->vector);
    ct_free(e->touched);
    ct_free(e->is_touched);
    ct_free(e->turned);
    ct_free(e->due);
    ct_free(e->used);
    *e = (ct_echelon){0};
}

cutropy_status ct_echelon_start(int32_t columns, const int32_t *uses, ulong prime, ct_echelon *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_echelon){.columns = columns, .uses = uses};
    nmod_init(&out->mod, prime);
    CT_NEW(out->owner, columns);
    CT_NEW_ZERO(out->vector, columns);
    CT_NEW(out->touched, columns);
    CT_NEW_ZERO(out->is_touched, columns);
    for (int32_t c = 0; c < columns; c++)
        out->owner[c] = -1;
done:
    return status;
}

uint64_t ct_echelon_bytes(const ct_echelon *e)
{
    return (e->row.column_room + e->turn.column_room) * 12 +
           (e->row.start_room + e->turn.start_room) * 8;
}

static void touch(ct_echelon *e, int32_t column)
{
    if (e->is_touched[column])
        return;
    e->is_touched[column] = true;
    e->touched[e->touches++] = column;
    if (e->owner[column] >= 0)
        e->due[e->owner[column] / 64] |= UINT64_C(1) << e->owner[column] % 64;
}

void ct_echelon_enter(ct_echelon *e, int32_t column, ulong value)
{
    touch(e, column);
    e->vector[column] = nmod_add(e->vector[column], value, e->mod);
}

static void subtract(ct_echelon *e, int32_t j, ulong factor)
{
    const ulong minus = nmod_neg(factor, e->mod);
    for (size_t i = e->row.start[j]; i < e->row.start[j + 1]; i++) {
        const int32_t c = e->row.column[i];
        touch(e, c);
        e->vector[c] = nmod_add(e->vector[c], nmod_mul(minus, e->row.value[i], e->mod), e->mod);
    }
    for (size_t i = e->turn.start[j]; i < e->turn.start[j + 1]; i++) {
        const int32_t t = e->turn.column[i];
        e->used[t / 64] |= UINT64_C(1) << t % 64;
        e->turned[t] = nmod_add(e->turned[t], nmod_mul(factor, e->turn.value[i], e->mod), e->mod);
    }
}

/* The column that becomes a pivot, or -1: nothing is left. */
static int32_t rarest(const ct_echelon *e)
{
    int32_t best = -1;
    for (int32_t i = 0; i < e->touches; i++) {
        const int32_t c = e->touched[i];
        if (e->vector[c] && (best < 0 || e->uses[c] < e->uses[best]))
            best = c;
    }
    return best;
}

/* What turned holds, times factor, the columns in ascending order; it is cleared. */
static cutropy_status take_turned(ct_echelon *e, ulong factor, ct_sparse *out)
{
    cutropy_status status = CUTROPY_OK;
    for (int32_t w = 0; w * 64 < e->row.rows; w++)
        for (uint64_t bits = e->used[w]; bits; bits &= bits - 1) {
            const int32_t t = w * 64 + ct_lowest(bits);
            if (e->turned[t])
                CT_TRY(sparse_add(out, t, nmod_mul(e->turned[t], factor, e->mod)));
            e->turned[t] = 0;
        }
done:
    if (e->used)
        memset(e->used, 0, ((size_t)e->row.rows + 63) / 64 * sizeof *e->used);
    return status;
}

static cutropy_status add_row(ct_echelon *e, int32_t pivot)
{
    cutropy_status status = CUTROPY_OK;
    const ulong inverse = nmod_inv(e->vector[pivot], e->mod);
    const size_t rank = (size_t)e->row.rows;
    for (int32_t i = 0; i < e->touches; i++) {
        const int32_t c = e->touched[i];
        if (e->vector[c])
            CT_TRY(sparse_add(&e->row, c, nmod_mul(e->vector[c], inverse, e->mod)));
    }
    CT_TRY(take_turned(e, nmod_neg(inverse, e->mod), &e->turn));
    CT_TRY(sparse_add(&e->turn, (int32_t)rank, inverse));
    CT_TRY(sparse_close(&e->turn));
    CT_TRY(CT_ROOM("pivots", e->lead, rank, e->lead_room, 1));
    CT_TRY(CT_ROOM("combination", e->turned, rank, e->turned_room, 1));
    CT_TRY(CT_ROOM("rows", e->due, rank / 64, e->due_room, 1));
    CT_TRY(CT_ROOM("rows", e->used, rank / 64, e->used_room, 1));
    e->lead[rank] = pivot;
    e->turned[rank] = 0;
    if (rank % 64 == 0)
        e->due[rank / 64] = e->used[rank / 64] = 0;
    e->owner[pivot] = (int32_t)rank;
    CT_TRY(sparse_close(&e->row));
done:
    return status;
}

cutropy_status ct_echelon_reduce(ct_echelon *e, bool *independent, ct_sparse *combination)
{
    cutropy_status status = CUTROPY_OK;
    /* A row changes only columns of later ones. */
    for (int32_t w = 0; w * 64 < e->row.rows; w++)
        while (e->due[w]) {
            const int32_t j = w * 64 + ct_lowest(e->due[w]);
            e->due[w] &= e->due[w] - 1;
            if (e->vector[e->lead[j]])
                subtract(e, j, e->vector[e->lead[j]]);
        }
    const int32_t pivot = rarest(e);
    *independent = pivot >= 0;
    if (*independent)
        CT_TRY(add_row(e, pivot));
    else {
        CT_TRY(take_turned(e, 1, combination));
        CT_TRY(sparse_close(combination));
    }
    for (int32_t i = 0; i < e->touches; i++) {
        e->vector[e->touched[i]] = 0;
        e->is_touched[e->touched[i]] = false;
    }
    e->touches = 0;
done:
    return status;
}
