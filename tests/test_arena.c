/* SPDX-License-Identifier: Apache-2.0 */
/* The arena: aligned, disjoint pieces, memory that is reused, and a failing allocator. */
#include <stdint.h>
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"

#include "base/arena.h"

#define PIECES 200

typedef struct piece {
    unsigned char *memory;
    size_t bytes;
} piece;

static size_t random_size(uint64_t *state)
{
    const size_t limit[] = {1, 65, 5000, 300000, 2500000};
    return draw_below(state, limit[draw_below(state, 5)]);
}

static void take_all(ct_arena *arena, uint64_t *state, piece *pieces, int count)
{
    for (int i = 0; i < count; i++) {
        pieces[i].bytes = random_size(state);
        pieces[i].memory = ct_arena_take(arena, pieces[i].bytes);
        ck_assert_ptr_nonnull(pieces[i].memory);
        ck_assert_uint_eq((uintptr_t)pieces[i].memory % 64, 0);
        memset(pieces[i].memory, i % 251, pieces[i].bytes);
    }
    for (int i = 0; i < count; i++) /* nobody wrote into another one's piece */
        for (size_t k = 0; k < pieces[i].bytes; k++)
            if (pieces[i].memory[k] != i % 251)
                ck_abort_msg("piece %d, byte %zu was overwritten", i, k);
}

START_TEST(pieces_are_aligned_and_disjoint)
{
    ct_arena arena = {0};
    piece pieces[PIECES];
    uint64_t state = 1;
    failing_allocator_start(-1);
    for (int round = 0; round < 5; round++) {
        take_all(&arena, &state, pieces, PIECES / 5 * (round + 1));
        ct_arena_reset(&arena);
    }
    ct_arena_free(&arena);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

START_TEST(pieces_that_fill_a_chunk)
{
    const size_t chunk = (size_t)1 << 20;
    const size_t sizes[] = {chunk - 64, 64, chunk, chunk + 1, 1, 63, 64, 65};
    ct_arena arena = {0};
    unsigned char *last = NULL;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *memory = ct_arena_take(&arena, sizes[i]);
            ck_assert_ptr_nonnull(memory);
            memset(memory, (int)i, sizes[i]); /* the address sanitizer sees an overrun */
            if (last)
                ck_assert_ptr_ne(memory, last);
            last = memory;
        }
        ct_arena_reset(&arena);
        last = NULL;
    }
    ct_arena_free(&arena);
}
END_TEST

START_TEST(the_same_requests_need_no_new_memory)
{
    ct_arena arena = {0};
    piece first[PIECES], again[PIECES];
    uint64_t state = 7;
    failing_allocator_start(-1);
    take_all(&arena, &state, first, PIECES);
    const long blocks = failing_allocator_live();
    ck_assert_int_gt(blocks, 1);
    for (int round = 0; round < 3; round++) {
        ct_arena_reset(&arena);
        ck_assert_int_eq(failing_allocator_live(), blocks); /* a reset keeps the memory */
        failing_allocator_start(0);                         /* the next allocation would fail */
        state = 7;
        take_all(&arena, &state, again, PIECES);
        ck_assert(!failing_allocator_stop());
        for (int i = 0; i < PIECES; i++)
            ck_assert_ptr_eq(again[i].memory, first[i].memory);
    }
    ct_arena_free(&arena);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

START_TEST(small_pieces_share_a_chunk)
{
    ct_arena arena = {0};
    failing_allocator_start(-1);
    for (int i = 0; i < 1000; i++)
        ck_assert_ptr_nonnull(ct_arena_take(&arena, 1000));
    ck_assert_int_eq(failing_allocator_live(), 1); /* 1000 x 1024 bytes < 1 MiB */
    for (int i = 0; i < 1000; i++)
        ck_assert_ptr_nonnull(ct_arena_take(&arena, 1000));
    ck_assert_int_eq(failing_allocator_live(), 2);
    ct_arena_free(&arena);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

START_TEST(a_failed_allocation_leaves_the_arena_usable)
{
    ct_arena arena = {0};
    failing_allocator_start(0);
    ck_assert_ptr_null(ct_arena_take(&arena, 10));
    ck_assert(failing_allocator_stop());
    unsigned char *kept = ct_arena_take(&arena, 100);
    ck_assert_ptr_nonnull(kept);
    memset(kept, 42, 100);
    failing_allocator_start(0);
    ck_assert_ptr_null(ct_arena_take(&arena, (size_t)2 << 20));
    ck_assert(failing_allocator_stop());
    unsigned char *next = ct_arena_take(&arena, 100);
    ck_assert_ptr_nonnull(next);
    memset(next, 43, 100);
    ck_assert_ptr_nonnull(ct_arena_take(&arena, (size_t)2 << 20));
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(kept[i], 42);
    ct_arena_free(&arena);
    ck_assert_int_eq(failing_allocator_live(), 0);
    ct_arena_reset(&arena); /* an empty arena: nothing happens */
    ct_arena_free(&arena);
}
END_TEST

START_TEST(impossible_sizes)
{
    ct_arena arena = {0};
    failing_allocator_start(-1);
    ck_assert_ptr_null(ct_arena_take(&arena, SIZE_MAX));
    ck_assert_ptr_null(ct_arena_take(&arena, SIZE_MAX - 62));
    ck_assert_ptr_null(ct_arena_take(&arena, SIZE_MAX / 2 + 1));
    ck_assert_ptr_nonnull(ct_arena_take(&arena, 0));
    ct_arena_free(&arena);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("arena", pieces_are_aligned_and_disjoint, pieces_that_fill_a_chunk,
           the_same_requests_need_no_new_memory, small_pieces_share_a_chunk,
           a_failed_allocation_leaves_the_arena_usable, impossible_sizes)
