/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "base/bits.h"
#include "base/exp.h"

START_TEST(splitmix64_is_the_published_generator)
{
    /* splitmix64 started at state 1234567: first outputs published with the generator (S. Vigna,
     * 2015) */
    const uint64_t gamma = UINT64_C(0x9e3779b97f4a7c15);
    ck_assert_uint_eq(ct_random(0, 1234567), UINT64_C(6457827717110365317));
    ck_assert_uint_eq(ct_random(0, 1234567 + gamma), UINT64_C(3203168211198807973));
    ck_assert_uint_eq(ct_random(0, 1234567 + 2 * gamma), UINT64_C(9817491932198370423));
}
END_TEST

START_TEST(deposit_and_extract_are_inverse)
{
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t mask = ct_random(1, i), x = ct_random(2, i) & ct_low_mask(ct_popcount(mask));
        ck_assert_uint_eq(ct_extract(ct_deposit(x, mask), mask), x);
        ck_assert_uint_eq(ct_deposit(x, mask) & ~mask, 0);
    }
}
END_TEST

/* Against expl, whose 64 bits settle the last place of a double. */
START_TEST(exponential)
{
    double worst = 0;
    ck_assert(ct_exp(0) == 1 && ct_exp(-0.0) == 1);
    for (uint64_t i = 0; i < 2000000; i++) {
        const double range = i % 3 == 0 ? 700 : i % 3 == 1 ? 1 : 1e-9;
        const double x = range * (2 * ct_random_unit(5, i) - 1), got = ct_exp(x);
        const long double right = expl((long double)x);
        const double ulp = ldexp(1, ilogb((double)right) - 52);
        const double off = (double)fabsl(got - right) / ulp;
        worst = off > worst ? off : worst;
    }
    ck_assert_msg(worst < 0.9, "%.3f units in the last place", worst);
    ck_assert_msg(worst > 0.4, "%.3f: nothing was measured", worst);
}
END_TEST

START_TEST(large_integers)
{
    char text[40];
    ct_u128 big = ~(ct_u128)0;
    ck_assert_int_eq(ct_u128_format(big, text), 39);
    ck_assert_str_eq(text, "340282366920938463463374607431768211455");
    ct_u128_format(0, text);
    ck_assert_str_eq(text, "0");
    ck_assert(ct_gcd((ct_u128)6 << 100, (ct_u128)9 << 90) == (ct_u128)3 << 90);
}
END_TEST

START_TEST(allocation_refuses_overflow)
{
    ck_assert_ptr_null(ct_alloc(SIZE_MAX / 2, 4));
    void *empty = ct_alloc(0, 8);
    ck_assert_ptr_nonnull(empty);
    ct_free(empty);
}
END_TEST

/* Large arrays are kept between cuts, and nothing that is kept is handed out twice. (Under the address
 * sanitizer nothing is kept; all else holds there as well.) */
START_TEST(freed_arrays_serve_again)
{
    enum { MIB = 1 << 20, COUNT = 40 };
    unsigned char *array[COUNT];
    ct_memory_keep();
    ct_memory_keep();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            array[i] = ct_alloc((size_t)(4 + i % 7) * MIB, 1);
            ck_assert(array[i]);
            memset(array[i], i, 64);
            memset(array[i] + (size_t)(4 + i % 7) * MIB - 64, i, 64);
        }
        for (int i = 0; i < COUNT; i++) {
            ck_assert_int_eq(array[i][0], i);
            ck_assert_int_eq(array[i][(size_t)(4 + i % 7) * MIB - 1], i);
            ct_free(array[i]);
        }
        ct_memory_drop(); /* the first of two, then none is left */
        if (round < 2)
            ct_memory_keep();
    }
    ct_memory_drop();
}
END_TEST

static size_t resident_bytes(void)
{
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert(file && fscanf(file, "%*u %zu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* As much as a miss takes of the system is given back first, and all of it in the end. (Sanitizers keep
 * freed memory for themselves.) */
START_TEST(kept_arrays_are_given_back)
{
    enum { MIB = 1 << 20 };
    const size_t before = resident_bytes();
    if (getenv("ASAN_OPTIONS") || getenv("TSAN_OPTIONS"))
        return;
    ct_memory_keep();
    for (size_t size = 16; size <= 64; size += 8) {
        void *array = ct_alloc(size * MIB, 1);
        ck_assert(array);
        memset(array, 1, size * MIB);
        ck_assert_uint_lt(resident_bytes(), before + (size + 8) * MIB);
        ct_free(array);
    }
    ct_memory_drop();
    ck_assert_uint_lt(resident_bytes(), before + 8 * MIB);
}
END_TEST

START_TEST(errors_keep_one_line)
{
    ck_assert_int_eq(ct_fail(CUTROPY_EINPUT, "a\nb %d", 7), CUTROPY_EINPUT);
    ck_assert_str_eq(cutropy_error(), "a b 7");
}
END_TEST

CHECK_MAIN("base", splitmix64_is_the_published_generator, deposit_and_extract_are_inverse,
           exponential, large_integers, allocation_refuses_overflow, freed_arrays_serve_again,
           kept_arrays_are_given_back, errors_keep_one_line)
