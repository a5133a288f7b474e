#include "engine/full_rank.h"

#define CORNER 16 /* rows or columns more than the smaller side: full rank shows there already */
#define LARGE 64

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static cutropy_status block_full(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                 bool *full)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t rows = ct_block_size(blocks, block, 0), columns = ct_block_size(blocks, block, 1);
    const int64_t some_rows = smaller(rows, columns + CORNER),
                  some_columns = smaller(columns, rows + CORNER);
    int64_t *entry = NULL;
    CT_NEW(entry, some_rows * some_columns);
    ct_quotient_part(q, ct_block_members(blocks, block, 0), some_rows,
                     ct_block_members(blocks, block, 1), some_columns, entry);
    CT_TRY(ct_rank_full(some_rows, some_columns, entry, full));
done:
    ct_free(entry);
    return status;
}

cutropy_status ct_cut_full_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                                int64_t *rank, int64_t *of_block, bool *full)
{
    int64_t largest = 0;
    *full = q->kind == CUTROPY_LABEL || q->kind == CUTROPY_INTEGER;
    *rank = 0;
    for (int64_t b = 0; b < blocks->count; b++) {
        const int64_t rows = ct_block_size(blocks, b, 0), columns = ct_block_size(blocks, b, 1);
        const int64_t least = smaller(rows, columns);
        *rank += least;
        if (of_block)
            of_block[b] = least;
        largest = least > largest ? least : largest;
        *full = *full && (double)rows * (double)columns <= work_limit;
    }
    *full = *full && largest >= LARGE;
    for (int64_t b = 0; *full && b < blocks->count; b++) {
        const cutropy_status status = block_full(q, blocks, b, full);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}
