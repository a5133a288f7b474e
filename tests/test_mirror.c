/* SPDX-License-Identifier: Apache-2.0 */
/* Halves of blocks with a mirror: the power sums of their eigenvalues are those of the block; three of them decide a matrix
 * of dimension 3. */

#include "check_main.h"

#include "base/base.h"
#include "certify/integer_block.h"
#include "engine/cut/mirror.h"

#define LARGEST 9

/* G = B B^T of small random B whose columns come in mirrored pairs, so that G has the mirror; times 2^shift, and so
 * the weights. */
typedef struct random_block {
    int64_t gram[LARGEST * LARGEST * 3];
    uint64_t weight[LARGEST * 3];
    int32_t mirror[LARGEST];
    ct_integer_block block;
} random_block;

static int64_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(*state >> 33) % 7 - 3;
}

/* value 2^shift in `words` words, shift <= 64 (words - 1) */
static void put(int64_t value, int shift, int words, int64_t *out)
{
    const ct_i128 wide = (ct_i128)value * ((ct_i128)1 << shift % 64);
    for (int w = 0; w < words; w++)
        out[w] = value < 0 ? -1 : 0;
    for (int w = 0; w < shift / 64; w++)
        out[w] = 0;
    out[shift / 64] = (int64_t)wide;
    if (shift / 64 + 1 < words)
        out[shift / 64 + 1] = (int64_t)(wide >> 64);
}

static void fill(random_block *r, int fixed, int pairs, int words, int shift, uint64_t *state)
{
    const int n = fixed + 2 * pairs;
    int64_t b[LARGEST][2 * LARGEST], weight[LARGEST];
    for (int i = 0; i < n; i++) { /* fixed ones between the pairs */
        r->mirror[i] = i < pairs || i >= n - pairs ? n - 1 - i : i;
        for (int c = 0; c < n; c++)
            b[i][c] = draw(state);
        weight[i] = 4 + draw(state);
    }
    for (int i = 0; i < n; i++) { /* column n + c is the mirror of column c */
        for (int c = 0; c < n; c++)
            b[i][n + c] = b[r->mirror[i]][c];
        if (r->mirror[i] < i)
            weight[i] = weight[r->mirror[i]];
    }
    for (int i = 0; i < n; i++) {
        put(weight[i], shift, words, (int64_t *)r->weight + i * words);
        for (int j = i; j < n; j++) {
            int64_t sum = 0;
            for (int c = 0; c < 2 * n; c++)
                sum += b[i][c] * b[j][c];
            put(sum, shift, words, r->gram + (i * n + j) * words);
        }
    }
    r->block = (ct_integer_block){
        .n = n, .gram = r->gram, .weight = r->weight, .words = words, .weight_words = words};
}

static void add_sums(const ct_integer_block *block, ct_big sum[3])
{
    ck_assert_int_eq(ct_integer_block_trace(block, &sum[0]), CUTROPY_OK);
    ck_assert_int_eq(ct_integer_block_moments(block, &sum[1], &sum[2]), CUTROPY_OK);
}

/* The sums of 2 H are 2, 4 and 8 times those of H. */
static void check(const ct_integer_block *block, const int32_t *mirror)
{
    ct_halved halved;
    ct_big whole[3] = {{0}}, halves[3] = {{0}}, twice[3] = {{0}};
    ct_integer_block doubled;
    uint64_t *weight = NULL;
    ck_assert(ct_mirror_holds(block, mirror));
    ck_assert_int_eq(ct_mirror_halve(block, mirror, &halved), CUTROPY_OK);
    ck_assert_int_eq(ct_mirror_double(block, &weight, &doubled), CUTROPY_OK);
    ck_assert_int_eq(halved.half[0].n + halved.half[1].n, block->n);
    add_sums(block, whole);
    add_sums(&doubled, twice);
    for (int odd = 0; odd < 2; odd++)
        add_sums(&halved.half[odd], halves);
    for (int power = 0; power < 3; power++) {
        for (int i = 0; i <= power; i++)
            ck_assert_int_eq(ct_big_add(&whole[power], &whole[power], &whole[power]), CUTROPY_OK);
        ck_assert_int_eq(ct_big_compare(&whole[power], &halves[power]), 0);
        ck_assert_int_eq(ct_big_compare(&whole[power], &twice[power]), 0);
        ct_big_free(&whole[power]);
        ct_big_free(&halves[power]);
        ct_big_free(&twice[power]);
    }
    ct_halved_free(&halved);
    ct_free(weight);
}

START_TEST(halves_have_the_power_sums)
{
    static const int shapes[][2] = {{1, 1}, {0, 1}, {0, 2}, {3, 3}, {1, 4}, {7, 1}};
    uint64_t state = 5;
    random_block r;
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (int words = 1; words <= 3; words++)
            for (int shift = 0; shift <= 64 * (words - 1); shift += 29) {
                fill(&r, shapes[s][0], shapes[s][1], words, shift, &state);
                check(&r.block, r.mirror);
            }
}
END_TEST

/* One more bit needs one more word. */
START_TEST(full_words_grow)
{
    const int64_t gram[4] = {INT64_MAX, INT64_MAX - 5, 0, INT64_MAX};
    const uint64_t weight[2] = {UINT64_MAX, UINT64_MAX};
    const int32_t mirror[2] = {1, 0};
    const ct_integer_block block = {.n = 2, .gram = gram, .weight = weight};
    check(&block, mirror);
}
END_TEST

START_TEST(a_false_mirror_is_seen)
{
    uint64_t state = 9;
    random_block r;
    fill(&r, 1, 3, 2, 40, &state);
    r.gram[2 * 2] ^= INT64_C(1) << 41; /* entry (0, 2) */
    ck_assert(!ct_mirror_holds(&r.block, r.mirror));
    fill(&r, 1, 3, 2, 40, &state);
    r.weight[2] ^= UINT64_C(1) << 50; /* of class 1 */
    ck_assert(!ct_mirror_holds(&r.block, r.mirror));
}
END_TEST

CHECK_MAIN("mirror", halves_have_the_power_sums, full_words_grow, a_false_mirror_is_seen)
