/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of pixel permutations: random samples reject most of them, a pass over all images proves
 * the others.
 *
 * For labels it is enough that every label-1 image keeps its label: a permutation is one-to-one. */
#include "engine/function/invariance.h"

#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "lattice/automorphism.h"

#define SAMPLES 64
#define PIECE 65536 /* items of one parallel piece */

typedef struct ct_test {
    const ct_invariance *v;
    const uint16_t *map; /* NULL: the transposition of pixels i and j */
    int i, j;
    const ct_byte_table *table; /* of map, N <= 64 */
    int broken;
} ct_test;

void ct_byte_table_fill(const uint16_t *map, int pixels, ct_byte_table table)
{
    for (int k = 0; k < 8; k++)
        for (int byte = 0; byte < 256; byte++) {
            uint64_t image = 0;
            for (int b = 0; b < 8 && 8 * k + b < pixels; b++)
                if ((byte >> b) & 1)
                    image |= UINT64_C(1) << map[8 * k + b];
            table[k][byte] = image;
        }
}

/* ---- the set of listed images ---- */

cutropy_status ct_invariance_start(const ct_function *f, int threads, ct_invariance *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_invariance){
        .f = f, .threads = threads, .images = {.row = f->images, .words = f->words}};
    if (f->storage != CT_SUPPORT || f->ones >= UINT32_MAX)
        return CUTROPY_OK;
    CT_TRY(ct_hash_start(&out->listed, f->ones));
    for (uint64_t i = 0; i < f->ones; i++)
        ct_hash_enter(&out->listed, ct_hash_words(f->images + i * f->words, f->words), i);
done:
    return status;
}

void ct_invariance_free(ct_invariance *v)
{
    ct_hash_free(&v->listed);
    *v = (ct_invariance){0};
}

static bool is_listed(const ct_invariance *v, const uint64_t *image)
{
    return *ct_hash_find_row(&v->listed, &v->images, image) != 0;
}

/* ---- one image ---- */

static uint64_t swap_pixels(uint64_t x, int i, int j)
{
    uint64_t differ = ((x >> i) ^ (x >> j)) & 1;
    return x ^ (differ << i | differ << j);
}

/* The image after the permutation, N <= 64. */
static uint64_t move(const ct_test *t, uint64_t image)
{
    return t->map ? ct_byte_table_apply(*t->table, image) : swap_pixels(image, t->i, t->j);
}

static void move_long(const ct_test *t, const uint64_t *image, uint64_t *moved)
{
    const ct_function *f = t->v->f;
    if (t->map) {
        ct_mask_permute(image, t->map, f->pixels, moved);
        return;
    }
    memcpy(moved, image, f->words * sizeof *moved);
    if (ct_bit(image, (uint64_t)t->i) != ct_bit(image, (uint64_t)t->j)) {
        moved[t->i >> 6] ^= UINT64_C(1) << (t->i & 63);
        moved[t->j >> 6] ^= UINT64_C(1) << (t->j & 63);
    }
}

static bool keeps_listed(const ct_test *t, uint64_t i)
{
    uint64_t moved[CUTROPY_MAX_PIXELS / 64];
    const ct_function *f = t->v->f;
    if (f->pixels <= 64)
        moved[0] = move(t, f->images[i]);
    else
        move_long(t, f->images + i * f->words, moved);
    return is_listed(t->v, moved);
}

static bool keeps_word(const ct_test *t, uint64_t word)
{
    const uint64_t *table = t->v->f->table;
    for (uint64_t bits = table[word]; bits; bits &= bits - 1)
        if (!ct_bit(table, move(t, word << 6 | (uint64_t)ct_lowest(bits))))
            return false;
    return true;
}

static bool same_value(const ct_function *f, uint64_t a, uint64_t b)
{
    const uint64_t *values = f->values;
    return ct_value_bytes(f->kind) == 8
               ? values[a] == values[b]
               : values[2 * a] == values[2 * b] && values[2 * a + 1] == values[2 * b + 1];
}

static bool keeps_item(const ct_test *t, uint64_t item)
{
    switch (t->v->f->storage) {
    case CT_SUPPORT:
        return keeps_listed(t, item);
    case CT_TABLE:
        return keeps_word(t, item);
    default:
        return same_value(t->v->f, item, move(t, item));
    }
}

/* ---- all images ---- */

static void test_items(void *context, size_t first, size_t last, int thread)
{
    ct_test *t = context;
    (void)thread;
    int broken = __atomic_load_n(&t->broken, __ATOMIC_RELAXED);
    for (size_t item = first; item < last && !broken; item++)
        if (!keeps_item(t, item))
            broken = 1;
    if (broken)
        __atomic_store_n(&t->broken, 1, __ATOMIC_RELAXED);
}

/* Values are compared in blocks: pixels 0 .. LINE - 1 and those that come there take all values, so that lines of the cache
 * are used up on both sides, and an image is moved in two parts. */
#define LINE 3

typedef struct ct_block_test {
    ct_test *t;
    uint64_t inside, outside;                            /* pixels */
    uint64_t from[1 << (2 * LINE)], to[1 << (2 * LINE)]; /* the parts inside, and where they come */
} ct_block_test;

static void test_blocks(void *context, size_t first, size_t last, int thread)
{
    const ct_block_test *b = context;
    const ct_function *f = b->t->v->f;
    const size_t count = (size_t)1 << ct_popcount(b->inside);
    uint64_t image = ct_deposit(first, b->outside);
    (void)thread;
    int broken = __atomic_load_n(&b->t->broken, __ATOMIC_RELAXED);
    for (size_t block = first; block < last && !broken; block++) {
        const uint64_t moved = move(b->t, image);
        for (size_t k = 0; k < count; k++)
            broken |= !same_value(f, image | b->from[k], moved | b->to[k]);
        image = (image - b->outside) & b->outside;
    }
    if (broken)
        __atomic_store_n(&b->t->broken, 1, __ATOMIC_RELAXED);
}

static void test_values(ct_test *t)
{
    const int pixels = t->v->f->pixels;
    ct_block_test b = {.t = t, .inside = ct_low_mask(pixels < LINE ? pixels : LINE)};
    for (int i = 0; i < pixels; i++)
        if (move(t, UINT64_C(1) << i) < UINT64_C(1) << LINE)
            b.inside |= UINT64_C(1) << i;
    b.outside = ct_low_mask(pixels) & ~b.inside;
    const int inside = ct_popcount(b.inside);
    for (size_t k = 0; k < (size_t)1 << inside; k++) {
        b.from[k] = ct_deposit(k, b.inside);
        b.to[k] = move(t, b.from[k]);
    }
    ct_parallel_for(t->v->threads, (size_t)1 << (pixels - inside), PIECE >> inside, test_blocks,
                    &b);
}

static uint64_t items_of(const ct_function *f)
{
    if (f->storage == CT_SUPPORT)
        return f->ones;
    return f->storage == CT_TABLE ? ct_table_words(f->pixels) : UINT64_C(1) << f->pixels;
}

static void test_all(ct_test *t)
{
    if (t->v->f->storage == CT_VALUES)
        test_values(t);
    else
        ct_parallel_for(t->v->threads, items_of(t->v->f), PIECE, test_items, t);
}

static bool survives_samples(const ct_test *t)
{
    const uint64_t items = items_of(t->v->f);
    for (uint64_t k = 0; k < SAMPLES && items; k++)
        if (!keeps_item(t, ct_random(99, k) % items))
            return false;
    return true;
}

bool ct_invariance_holds(const ct_invariance *v, const uint16_t *map)
{
    ct_byte_table table;
    ct_test t = {.v = v, .map = map, .table = (const ct_byte_table *)&table};
    if (v->f->storage == CT_SUPPORT && !v->listed.slots)
        return false; /* too long a list to prove anything: no symmetry is used */
    if (v->f->pixels <= 64)
        ct_byte_table_fill(map, v->f->pixels, table);
    if (!survives_samples(&t))
        return false;
    test_all(&t);
    return !t.broken;
}

/* Index bits i < j of a truth table can be exchanged: whole words are compared. */
static bool table_exchanges(const uint64_t *table, uint64_t words, int i, int j)
{
    uint64_t differ = 0;
    if (j < 6) {
        const int distance = (1 << j) - (1 << i);
        const uint64_t low = ~ct_index_zero(i) & ct_index_zero(j);
        for (uint64_t w = 0; w < words; w++)
            differ |= ((table[w] >> distance) ^ table[w]) & low;
        return !differ;
    }
    const uint64_t far = UINT64_C(1) << (j - 6), near = i < 6 ? 0 : UINT64_C(1) << (i - 6);
    for (uint64_t start = 0; start < words && !differ; start += 2 * far)
        for (uint64_t w = start; w < start + far; w++) {
            if (i < 6)
                differ |= ((table[w] >> (1 << i)) ^ table[w + far]) & ct_index_zero(i);
            else if (w & near)
                differ |= table[w] ^ table[w - near + far];
        }
    return !differ;
}

bool ct_invariance_exchange(const ct_invariance *v, int i, int j)
{
    ct_test t = {.v = v, .i = i, .j = j};
    if ((v->f->storage == CT_SUPPORT && !v->listed.slots) || !survives_samples(&t))
        return false;
    if (v->f->storage == CT_TABLE)
        return table_exchanges(v->f->table, ct_table_words(v->f->pixels), i, j);
    test_all(&t);
    return !t.broken;
}
