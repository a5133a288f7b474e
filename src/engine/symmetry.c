/* Symmetries of a function: tested on samples first, then proved on every image. */
#include "engine/symmetry.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"

#define SAMPLES 64
#define LARGEST_EXCHANGE 256 /* pixels up to which all transpositions are tried */

/* One permutation as byte tables: image = OR over bytes. */
typedef uint64_t ct_byte_table[8][256];

static void fill_byte_table(const uint16_t *map, int pixels, ct_byte_table table)
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

static uint64_t permute(const ct_byte_table table, uint64_t x)
{
    uint64_t image = 0;
    for (int k = 0; x; k++, x >>= 8)
        image |= table[k][x & 255];
    return image;
}

/* ---- does a permutation leave f unchanged?
 * --------------------------------------------------------------------- */

typedef struct ct_test {
    const ct_function *f;
    const uint16_t *map; /* NULL: the transposition of pixels i and j */
    int i, j;
    const ct_byte_table *table; /* of map, N <= 64 */
    int broken;
} ct_test;

static uint64_t swap_pixels(uint64_t x, int i, int j)
{
    uint64_t differ = ((x >> i) ^ (x >> j)) & 1;
    return x ^ (differ << i | differ << j);
}

/* The image after the permutation, N <= 64. */
static uint64_t move(const ct_test *t, uint64_t image)
{
    return t->map ? permute(*t->table, image) : swap_pixels(image, t->i, t->j);
}

static void move_long(const ct_test *t, const uint64_t *image, uint64_t *moved)
{
    if (t->map) {
        ct_mask_permute(image, t->map, t->f->pixels, moved);
        return;
    }
    memcpy(moved, image, t->f->words * sizeof *moved);
    if (ct_bit(image, (uint64_t)t->i) != ct_bit(image, (uint64_t)t->j)) {
        moved[t->i >> 6] ^= UINT64_C(1) << (t->i & 63);
        moved[t->j >> 6] ^= UINT64_C(1) << (t->j & 63);
    }
}

static bool listed(const ct_function *f, const uint64_t *image)
{
    uint64_t low = 0, high = f->ones;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const uint64_t *other = f->images + middle * f->words;
        int order = 0;
        for (size_t w = f->words; w-- > 0 && !order;)
            order = (other[w] > image[w]) - (other[w] < image[w]);
        if (!order)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Label-1 image i of the list has label 1 after the permutation; as it is one-to-one, that for all
 * of them is enough. */
static bool keeps_listed(const ct_test *t, uint64_t i)
{
    uint64_t moved[CUTROPY_MAX_PIXELS / 64];
    const uint64_t *image = t->f->images + i * t->f->words;
    if (t->f->pixels <= 64)
        moved[0] = move(t, image[0]);
    else
        move_long(t, image, moved);
    return listed(t->f, moved);
}

static bool keeps_word(const ct_test *t, uint64_t word)
{
    const uint64_t *table = t->f->table;
    for (uint64_t bits = table[word]; bits; bits &= bits - 1)
        if (!ct_bit(table, move(t, word << 6 | (uint64_t)ct_lowest(bits))))
            return false;
    return true;
}

static bool keeps_value(const ct_test *t, uint64_t s)
{
    const size_t words = ct_value_bytes(t->f->kind) / 8;
    const uint64_t *values = t->f->values, other = move(t, s);
    uint64_t differ = 0;
    for (size_t k = 0; k < words; k++)
        differ |= values[words * s + k] ^ values[words * other + k];
    return differ == 0;
}

static bool keeps_item(const ct_test *t, uint64_t item)
{
    if (t->f->storage == CT_SUPPORT)
        return keeps_listed(t, item);
    return t->f->storage == CT_TABLE ? keeps_word(t, item) : keeps_value(t, item);
}

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

static bool holds(ct_test *t, int threads)
{
    const ct_function *f = t->f;
    const uint64_t items = f->storage == CT_SUPPORT ? f->ones
                           : f->storage == CT_TABLE ? ct_table_words(f->pixels)
                                                    : UINT64_C(1) << f->pixels;
    for (uint64_t k = 0; k < SAMPLES && items; k++)
        if (!keeps_item(t, ct_random(99, k) % items))
            return false;
    ct_parallel_for(threads, items, 65536, test_items, t);
    return !t->broken;
}

static bool is_symmetry(const ct_function *f, const uint16_t *map, int threads)
{
    ct_byte_table table;
    ct_test t = {.f = f, .map = map, .table = (const ct_byte_table *)&table};
    if (f->pixels <= 64)
        fill_byte_table(map, f->pixels, table);
    return holds(&t, threads);
}

static bool is_exchangeable(const ct_function *f, int i, int j, int threads)
{
    ct_test t = {.f = f, .i = i, .j = j};
    return holds(&t, threads);
}

/* ---- exchangeable pixels
 * --------------------------------------------------------------------------------------- */

/* leader[i] = smallest pixel that i can be exchanged with. Exchangeability is an equivalence: one
 * test per class. */
static void find_exchangeable(const ct_function *f, int threads, int *leader)
{
    for (int j = 0; j < f->pixels; j++) {
        leader[j] = j;
        for (int i = 0; i < j && f->pixels <= LARGEST_EXCHANGE; i++) {
            if (leader[i] == i && is_exchangeable(f, i, j, threads)) {
                leader[j] = i;
                break;
            }
        }
    }
}

static cutropy_status store_classes(const int *leader, ct_symmetry *s)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(s->class_mask, (size_t)s->pixels * s->words);
    for (int i = 0; i < s->pixels; i++) {
        uint64_t *mask = s->class_mask + (size_t)s->classes * s->words;
        int members = 0;
        for (int j = i; j < s->pixels && leader[i] == i; j++)
            if (leader[j] == i) {
                ct_set_bit(mask, (uint64_t)j);
                s->order *= ++members;
            }
        if (members > 1)
            s->classes++;
        else
            memset(mask, 0, s->words * sizeof *mask);
    }
done:
    return status;
}

/* ---- the lattice group
 * ----------------------------------------------------------------------------------------- */

/* A permutation that only moves pixels inside exchangeable classes adds nothing. */
static bool moves_classes(const uint16_t *map, const int *leader, int pixels)
{
    for (int i = 0; i < pixels; i++)
        if (leader[map[i]] != leader[i])
            return true;
    return false;
}

static cutropy_status keep_automorphisms(const ct_function *f, const int *leader, int threads,
                                         ct_symmetry *s)
{
    cutropy_status status = CUTROPY_OK;
    const size_t pixels = (size_t)f->pixels;
    size_t kept = 1;
    CT_TRY(ct_lattice_automorphisms(f->lattice, &s->group));
    for (size_t g = 1; g < s->group.count; g++) {
        const uint16_t *map = s->group.map + g * pixels;
        if (moves_classes(map, leader, f->pixels) && is_symmetry(f, map, threads))
            memmove(s->group.map + kept++ * pixels, map, pixels * sizeof *map);
    }
    s->group.count = kept;
done:
    return status;
}

static cutropy_status only_identity(ct_symmetry *s)
{
    cutropy_status status = CUTROPY_OK;
    s->group = (ct_permutations){.pixels = s->pixels, .count = 1};
    CT_NEW(s->group.map, s->pixels);
    for (int i = 0; i < s->pixels; i++)
        s->group.map[i] = (uint16_t)i;
done:
    return status;
}

cutropy_status ct_symmetry_find(const ct_function *f, bool use, int threads, ct_symmetry *out)
{
    cutropy_status status = CUTROPY_OK;
    int *leader = NULL;
    *out = (ct_symmetry){.pixels = f->pixels, .words = f->words, .order = 1};
    if (use) {
        CT_NEW(leader, f->pixels);
        find_exchangeable(f, threads, leader);
        CT_TRY(store_classes(leader, out));
        CT_TRY(keep_automorphisms(f, leader, threads, out));
    } else {
        CT_TRY(only_identity(out));
    }
    out->order *= (double)out->group.count;
    if (f->pixels <= 64) {
        CT_NEW(out->table, out->group.count);
        for (size_t g = 0; g < out->group.count; g++)
            fill_byte_table(out->group.map + g * (size_t)f->pixels, f->pixels, out->table[g]);
    }
done:
    ct_free(leader);
    if (status != CUTROPY_OK)
        ct_symmetry_free(out);
    return status;
}

void ct_symmetry_free(ct_symmetry *s)
{
    ct_permutations_free(&s->group);
    ct_free(s->table);
    ct_free(s->class_mask);
    *s = (ct_symmetry){0};
}

/* ---- canonical cuts
 * -------------------------------------------------------------------------------------------- */

static bool is_less(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = words; w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w];
    return false;
}

/* Moves the lit pixels of each exchangeable class to its lowest members. */
static void settle_classes(const ct_symmetry *s, uint64_t *mask)
{
    for (int c = 0; c < s->classes; c++) {
        const uint64_t *class = s->class_mask + (size_t)c * s->words;
        int lit = 0;
        for (size_t w = 0; w < s->words; w++)
            lit += ct_popcount(mask[w] & class[w]);
        for (size_t w = 0; w < s->words; w++) {
            int room = ct_popcount(class[w]), here = lit < room ? lit : room;
            mask[w] = (mask[w] & ~class[w]) | ct_deposit(ct_low_mask(here), class[w]);
            lit -= here;
        }
    }
}

/* out = the smallest image of mask under the group; scratch: words. */
static void smallest_image(const ct_symmetry *s, const uint64_t *mask, uint64_t *out,
                           uint64_t *scratch)
{
    for (size_t g = 0; g < s->group.count; g++) {
        if (s->table)
            scratch[0] = permute((const uint64_t(*)[256])s->table[g], mask[0]);
        else
            ct_mask_permute(mask, s->group.map + g * (size_t)s->pixels, s->pixels, scratch);
        settle_classes(s, scratch);
        if (g == 0 || is_less(scratch, out, s->words))
            memcpy(out, scratch, s->words * sizeof *out);
    }
}

void ct_symmetry_canonical(const ct_symmetry *s, const uint64_t *mask, uint64_t *out, bool *swapped,
                           uint64_t *scratch)
{
    uint64_t *rest = scratch + s->words, *other = scratch + 2 * s->words;
    int lit = 0;
    for (size_t w = 0; w < s->words; w++) {
        int bits = s->pixels - (int)w * 64;
        rest[w] = ~mask[w] & ct_low_mask(bits > 64 ? 64 : bits);
        lit += ct_popcount(mask[w]);
    }
    *swapped = 2 * lit > s->pixels;
    smallest_image(s, *swapped ? rest : mask, out, scratch);
    if (2 * lit != s->pixels)
        return;
    smallest_image(s, rest, other, scratch);
    if (is_less(other, out, s->words)) {
        memcpy(out, other, s->words * sizeof *out);
        *swapped = true;
    }
}
