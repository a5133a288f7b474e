/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal columns of a matrix of numbers: candidates by a hash of the whole column, then
 * every entry is compared with the one of the class's first column. */
#include <string.h>

#include "base/parallel.h"
#include "engine/cut/classes.h"

#define PIECE 4096         /* columns of one parallel piece */
#define MANY_COLUMNS 65536 /* from here on keys are dealt into buckets */

typedef struct ct_columns_task {
    const uint64_t *entries;
    uint64_t rows, columns;
    size_t entry_words;
    uint64_t seed;
    uint64_t *hash;            /* columns: 0 exactly for zero columns */
    const ct_classes *classes; /* of the second pass */
    int differ;
} ct_columns_task;

static void hash_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_columns_task *t = context;
    const size_t words = t->entry_words;
    uint64_t any[PIECE] = {0};
    (void)thread;
    for (size_t c = first; c < last; c++)
        t->hash[c] = 0;
    for (uint64_t r = 0; r < t->rows; r++) {
        const uint64_t *row = t->entries + r * t->columns * words;
        for (size_t c = first; c < last; c++)
            for (size_t k = 0; k < words; k++) {
                const uint64_t word = row[c * words + k];
                any[c - first] |= word;
                t->hash[c] = ct_mix64(t->hash[c] * 3 + (word ^ t->seed));
            }
    }
    for (size_t c = first; c < last; c++)
        t->hash[c] = any[c - first] ? (t->hash[c] ? t->hash[c] : 1) : 0;
}

static void compare_piece(void *context, size_t first, size_t last, int thread)
{
    ct_columns_task *t = context;
    const size_t words = t->entry_words;
    int differ = 0;
    (void)thread;
    for (uint64_t r = 0; r < t->rows && !differ; r++) {
        const uint64_t *row = t->entries + r * t->columns * words;
        for (size_t c = first; c < last; c++) {
            const int32_t id = t->classes->of_row[c];
            if (id >= 0 && t->classes->first[id] != c)
                differ |= memcmp(row + c * words, row + t->classes->first[id] * words,
                                 words * sizeof *row) != 0;
        }
    }
    if (differ)
        __atomic_store_n(&t->differ, 1, __ATOMIC_RELAXED);
}

cutropy_status ct_classes_of_columns(const uint64_t *entries, uint64_t rows, uint64_t columns,
                                     int entry_words, bool drop_zero, int threads, ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_columns_task task = {.entries = entries,
                            .rows = rows,
                            .columns = columns,
                            .entry_words = (size_t)entry_words,
                            .classes = out};
    *out = (ct_classes){0};
    CT_NEW(task.hash, columns);
    for (uint64_t attempt = 0; attempt < 8; attempt++) {
        task.seed = ct_random(attempt, 0);
        task.differ = 0;
        ct_parallel_for(threads, columns, PIECE, hash_piece, &task);
        CT_TRY(columns < MANY_COLUMNS
                   ? ct_classes_of_rows(task.hash, columns, 6, drop_zero, true, 1, out)
                   : ct_classes_of_keys(task.hash, columns, drop_zero, threads, out));
        ct_parallel_for(threads, columns, PIECE, compare_piece, &task);
        if (!task.differ)
            goto done;
        ct_classes_free(out);
    }
    status = ct_fail(CUTROPY_EINTERNAL, "eight hashes of the columns collided: this is a defect");
done:
    ct_free(task.hash);
    if (status != CUTROPY_OK)
        ct_classes_free(out);
    return status;
}
