/* SPDX-License-Identifier: Apache-2.0 */
/* The hash table and the growing array, also where memory is refused. */
#include "check_main.h"
#include "failing_allocator.h"

#include <string.h>

#include "base/array.h"
#include "base/hash.h"

#define ITEMS 3000

/* ---- the table ---- */

typedef struct value_key {
    const uint64_t *value;
    uint64_t wanted;
} value_key;

static bool has_value(const void *key, uint64_t item)
{
    const value_key *k = key;
    return k->value[item] == k->wanted;
}

/* Few different hashes, so that most items lie far from their places. */
static uint64_t poor_hash(uint64_t value)
{
    return value % 5 + (value % 2 ? UINT64_MAX - 8 : 0);
}

static uint64_t poor_hash_of(const void *value, uint64_t item)
{
    return poor_hash(((const uint64_t *)value)[item]);
}

static uint64_t good_hash_of(const void *value, uint64_t item)
{
    return ct_mix64(((const uint64_t *)value)[item]);
}

/* Numbers the different values among `count` draws and compares with the plain search. */
static void number_values(ct_hash_of *hash_of, size_t draws, uint64_t different)
{
    static uint64_t value[ITEMS];
    size_t items = 0;
    ct_hash table = {0};
    for (size_t i = 0; i < draws; i++) {
        const uint64_t drawn = ct_random(7, i) % different;
        const value_key key = {value, drawn};
        size_t plain = 0;
        while (plain < items && value[plain] != drawn)
            plain++;
        ck_assert_int_eq(ct_hash_room(&table, items + 1, hash_of, value), CUTROPY_OK);
        ck_assert_uint_ge(table.slots, 2 * (items + 1));
        ck_assert_uint_eq(table.slots & (table.slots - 1), 0);
        uint32_t *slot = ct_hash_find(&table, hash_of(&drawn, 0), has_value, &key);
        ck_assert_uint_eq(*slot, plain < items ? plain + 1 : 0);
        if (!*slot) {
            value[items] = drawn;
            *slot = (uint32_t)++items;
        }
    }
    ct_hash_free(&table);
    ck_assert_ptr_null(table.slot);
}

START_TEST(equal_items_are_found)
{
    number_values(good_hash_of, ITEMS, 1000);
    number_values(good_hash_of, ITEMS, UINT64_MAX);
    number_values(poor_hash_of, 600, 200);
}
END_TEST

START_TEST(entered_items_are_found)
{
    uint64_t value[500];
    ct_hash table;
    ck_assert_int_eq(ct_hash_start(&table, 500), CUTROPY_OK);
    for (uint64_t i = 0; i < 500; i++) {
        value[i] = 3 * i;
        ct_hash_enter(&table, poor_hash(value[i]), i);
    }
    for (uint64_t x = 0; x < 1500; x++) {
        const value_key key = {value, x};
        ck_assert_uint_eq(*ct_hash_find(&table, poor_hash(x), has_value, &key),
                          x % 3 ? 0 : x / 3 + 1);
    }
    ct_hash_free(&table);
}
END_TEST

START_TEST(rows_of_words)
{
    for (size_t words = 1; words <= 3; words++) {
        static uint64_t row[3 * 400];
        const ct_word_rows rows = {.row = row, .words = words};
        ct_hash table = {0};
        for (uint64_t i = 0; i < 400; i++) {
            for (size_t w = 0; w < words; w++) /* rows differ in one word only */
                row[i * words + w] = w == i % words ? i + 1 : 0;
            ck_assert_int_eq(ct_hash_room_rows(&table, i + 1, &rows), CUTROPY_OK);
            uint32_t *slot = ct_hash_find_row(&table, &rows, row + i * words);
            ck_assert_uint_eq(*slot, 0);
            *slot = (uint32_t)i + 1;
        }
        for (uint64_t i = 0; i < 400; i++)
            ck_assert_uint_eq(*ct_hash_find_row(&table, &rows, row + i * words), i + 1);
        const uint64_t other[3] = {7, 7, 7};
        ck_assert_uint_eq(*ct_hash_find_row(&table, &rows, other), words == 1 ? 7 : 0);
        ct_hash_free(&table);
    }
}
END_TEST

START_TEST(tables_have_a_limit)
{
    ct_hash table;
    ck_assert_int_eq(ct_hash_start(&table, UINT64_C(1) << 32), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_null(table.slot);
}
END_TEST

/* A table that cannot grow keeps what it has. */
START_TEST(table_without_memory)
{
    uint64_t value[33];
    ct_hash table;
    for (uint64_t i = 0; i < 33; i++)
        value[i] = i;
    failing_allocator_start(0);
    ck_assert_int_eq(ct_hash_start(&table, 32), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "'hash table' needs 256 bytes"));
    ck_assert(failing_allocator_stop() && !table.slot && !table.slots);
    failing_allocator_start(1);
    ck_assert_int_eq(ct_hash_start(&table, 32), CUTROPY_OK);
    for (uint64_t i = 0; i < 32; i++)
        ct_hash_enter(&table, ct_mix64(i), i);
    ck_assert_int_eq(ct_hash_room(&table, 32, good_hash_of, value), CUTROPY_OK); /* has it */
    ck_assert_int_eq(ct_hash_room(&table, 33, good_hash_of, value), CUTROPY_EMEMORY);
    ck_assert(failing_allocator_stop());
    for (uint64_t i = 0; i < 32; i++) {
        const value_key key = {value, i};
        ck_assert_uint_eq(*ct_hash_find(&table, ct_mix64(i), has_value, &key), i + 1);
    }
    ct_hash_free(&table);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

/* ---- the array ---- */

typedef struct triple {
    uint32_t a, b, c;
} triple;

START_TEST(array_keeps_its_elements)
{
    triple *array = NULL;
    size_t room = 0, grown = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        const size_t before = room;
        ck_assert_int_eq(CT_ROOM("triples", array, i, room, 1), CUTROPY_OK);
        ck_assert_uint_gt(room, i);
        grown += room != before;
        array[i] = (triple){i, i + 1, i + 2};
    }
    ck_assert_uint_lt(grown, 10); /* it doubles */
    for (uint32_t i = 0; i < 5000; i++)
        ck_assert(array[i].a == i && array[i].b == i + 1 && array[i].c == i + 2);
    ck_assert_int_eq(CT_ROOM("triples", array, 5000, room, 100000), CUTROPY_OK);
    ck_assert_uint_eq(room, 105000);
    ck_assert(array[4999].a == 4999);
    ct_free(array);
}
END_TEST

START_TEST(array_of_an_exact_size)
{
    uint64_t *array = NULL;
    size_t room = 0;
    ck_assert_int_eq(ct_array_resize("numbers", &array, 0, &room, 3, sizeof *array), CUTROPY_OK);
    ck_assert_uint_eq(room, 3);
    memcpy(array, (uint64_t[]){5, 6, 7}, 3 * sizeof *array);
    ck_assert_int_eq(ct_array_resize("numbers", &array, 3, &room, 4, sizeof *array), CUTROPY_OK);
    ck_assert_uint_eq(room, 4);
    ck_assert(array[0] == 5 && array[2] == 7);
    ct_free(array);
}
END_TEST

START_TEST(array_without_memory)
{
    uint64_t *array = NULL;
    size_t room = 0;
    failing_allocator_start(1);
    ck_assert_int_eq(CT_ROOM("numbers", array, 0, room, 200), CUTROPY_OK);
    array[199] = 9;
    const uint64_t *before = array;
    ck_assert_int_eq(CT_ROOM("numbers", array, 200, room, 1), CUTROPY_EMEMORY);
    ck_assert_str_eq(cutropy_error(), "out of memory: 'numbers' needs 3200 bytes");
    ck_assert(failing_allocator_stop());
    ck_assert_ptr_eq(array, before);
    ck_assert_uint_eq(room, 200);
    ck_assert(array[199] == 9);
    ck_assert_int_eq(CT_ROOM("numbers", array, 200, room, SIZE_MAX - 100), CUTROPY_EMEMORY);
    ck_assert_int_eq(CT_ROOM("numbers", array, 200, room, SIZE_MAX / 8), CUTROPY_EMEMORY);
    ck_assert_uint_eq(room, 200);
    ct_free(array);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("hash", equal_items_are_found, entered_items_are_found, rows_of_words,
           tables_have_a_limit, table_without_memory, array_keeps_its_elements,
           array_of_an_exact_size, array_without_memory)
