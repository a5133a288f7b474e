/* SPDX-License-Identifier: Apache-2.0 */
/* Symmetries of a function: exchangeable pixels and lattice automorphisms, and the canonical form
 * of a cut. */
#include "engine/function/symmetry.h"

#include <string.h>

#include "base/bits.h"
#include "engine/function/invariance.h"
#include "problem/products.h"

#define LARGEST_EXCHANGE 256 /* pixels up to which all transpositions are tried */
#define LARGEST_CLOSURE 2048 /* elements up to which products are formed instead of tested */

/* ---- exchangeable pixels ---- */

/* leader[i] = smallest pixel that i can be exchanged with. Exchangeability is an equivalence: one
 * test per class. */
static void find_exchangeable(const ct_invariance *v, int *leader)
{
    const int pixels = v->f->pixels;
    for (int j = 0; j < pixels; j++) {
        leader[j] = j;
        for (int i = 0; i < j && pixels <= LARGEST_EXCHANGE; i++) {
            if (leader[i] == i && ct_invariance_exchange(v, i, j)) {
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

/* ---- the lattice group ---- */

/* A permutation that only moves pixels inside exchangeable classes adds nothing. */
static bool moves_classes(const uint16_t *map, const int *leader, int pixels)
{
    for (int i = 0; i < pixels; i++)
        if (leader[map[i]] != leader[i])
            return true;
    return false;
}

/* What is known of the automorphisms while they are tested. */
typedef struct ct_verdicts {
    const ct_permutations *all;
    int8_t *holds;     /* -1 unknown, 0 no, 1 yes */
    uint16_t *product; /* room for one permutation */
    ct_hash table;     /* of the permutations */
} ct_verdicts;

/* The number of the permutation a after b; count when it is not in the list. */
static size_t compose(const ct_verdicts *v, size_t a, size_t b)
{
    const size_t pixels = (size_t)v->all->pixels;
    const uint16_t *first = v->all->map + b * pixels, *second = v->all->map + a * pixels;
    for (size_t i = 0; i < pixels; i++)
        v->product[i] = second[first[i]];
    const uint32_t slot = *ct_permutations_find(v->all, &v->table, v->product);
    return slot ? slot - 1 : v->all->count;
}

static void verdicts_free(ct_verdicts *v)
{
    ct_free(v->holds);
    ct_free(v->product);
    ct_hash_free(&v->table);
}

static cutropy_status verdicts_start(const ct_permutations *all, ct_verdicts *v)
{
    cutropy_status status = CUTROPY_OK;
    *v = (ct_verdicts){.all = all};
    CT_NEW(v->holds, all->count);
    CT_NEW(v->product, all->pixels);
    CT_TRY(ct_hash_start(&v->table, all->count));
    memset(v->holds, -1, all->count);
    v->holds[0] = 1;
    for (size_t g = 0; g < all->count; g++)
        *ct_permutations_find(all, &v->table, all->map + g * (size_t)all->pixels) = (uint32_t)g + 1;
done:
    return status;
}

/* Products of two that hold, hold; the product of one that fails with one that holds, fails. */
static void draw_conclusions(ct_verdicts *v)
{
    const size_t count = v->all->count;
    if (count > LARGEST_CLOSURE)
        return;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t a = 1; a < count; a++) {
            if (v->holds[a] < 0)
                continue;
            for (size_t b = 1; b < count; b++) {
                if (v->holds[b] != 1)
                    continue;
                size_t both = compose(v, a, b);
                if (both < count && v->holds[both] < 0) {
                    v->holds[both] = v->holds[a];
                    changed = true;
                }
            }
        }
    }
}

/* The automorphisms that hold; those that only move pixels inside exchangeable classes hold and add
 * nothing. */
static cutropy_status keep_automorphisms(const ct_invariance *invariance, const int *leader,
                                         ct_symmetry *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = invariance->f;
    const size_t pixels = (size_t)f->pixels;
    ct_verdicts v = {0};
    size_t kept = 1, inside = 1; /* automorphisms that hold: beyond, within the classes */
    CT_TRY(ct_lattice_automorphisms(f->lattice, &s->group));
    CT_TRY(verdicts_start(&s->group, &v));
    for (size_t g = 1; g < s->group.count; g++) {
        const uint16_t *map = s->group.map + g * pixels;
        if (v.holds[g] >= 0)
            continue;
        v.holds[g] = !moves_classes(map, leader, f->pixels) || ct_invariance_holds(invariance, map);
        draw_conclusions(&v);
    }
    for (size_t g = 1; g < s->group.count; g++) {
        const uint16_t *map = s->group.map + g * pixels;
        if (v.holds[g] != 1)
            continue;
        if (moves_classes(map, leader, f->pixels))
            memmove(s->group.map + kept++ * pixels, map, pixels * sizeof *map);
        else
            inside++;
    }
    s->group.count = kept;
    /* the exchanges are a normal subgroup: its order times the number of its cosets */
    s->order *= (double)(kept - 1 + inside) / (double)inside;
done:
    verdicts_free(&v);
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

static cutropy_status fill_tables(ct_symmetry *s)
{
    cutropy_status status = CUTROPY_OK;
    if (s->pixels > 64)
        return CUTROPY_OK;
    CT_NEW(s->table, s->group.count);
    for (size_t g = 0; g < s->group.count; g++)
        ct_byte_table_fill(s->group.map + g * (size_t)s->pixels, s->pixels, s->table[g]);
done:
    return status;
}

cutropy_status ct_symmetry_turned(const ct_function *f, bool any_order, ct_symmetry *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = f->pixels;
    int *leader = NULL;
    *out = (ct_symmetry){.pixels = pixels, .words = f->words, .order = 1};
    if (any_order) {
        CT_NEW_ZERO(leader, pixels);
        CT_TRY(store_classes(leader, out));
        CT_TRY(only_identity(out));
    } else {
        out->group = (ct_permutations){.pixels = pixels, .count = pixels > 1 ? 2 : 1};
        out->order = (double)out->group.count;
        CT_NEW(out->group.map, 2 * (size_t)pixels);
        for (int i = 0; i < pixels; i++) {
            out->group.map[i] = (uint16_t)i;
            out->group.map[pixels + i] = (uint16_t)(pixels - 1 - i);
        }
    }
    CT_TRY(fill_tables(out));
done:
    ct_free(leader);
    if (status != CUTROPY_OK)
        ct_symmetry_free(out);
    return status;
}

cutropy_status ct_symmetry_uniform(const ct_function *f, ct_symmetry *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_symmetry){.pixels = f->pixels, .words = f->words};
    CT_TRY(ct_lattice_automorphisms(f->lattice, &out->group));
    out->order = (double)out->group.count;
    CT_TRY(fill_tables(out));
done:
    if (status != CUTROPY_OK)
        ct_symmetry_free(out);
    return status;
}

bool ct_is_sided(const ct_function *f)
{
    return f->products && (f->products->sides == CT_LABEL_A || f->products->sides == CT_LABEL_B);
}

cutropy_status ct_symmetry_find(const ct_function *f, bool use, int threads, ct_symmetry *out)
{
    cutropy_status status = CUTROPY_OK;
    int *leader = NULL;
    ct_invariance invariance = {0};
    *out = (ct_symmetry){.pixels = f->pixels, .words = f->words, .order = 1};
    out->sided = ct_is_sided(f);
    if (use) {
        CT_NEW(leader, f->pixels);
        CT_TRY(ct_invariance_start(f, threads, &invariance));
        find_exchangeable(&invariance, leader);
        CT_TRY(store_classes(leader, out));
        CT_TRY(keep_automorphisms(&invariance, leader, out));
    } else {
        CT_TRY(only_identity(out));
    }
    CT_TRY(fill_tables(out));
done:
    ct_invariance_free(&invariance);
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

/* ---- canonical cuts ---- */

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
        const uint64_t *members = s->class_mask + (size_t)c * s->words;
        int lit = 0;
        for (size_t w = 0; w < s->words; w++)
            lit += ct_popcount(mask[w] & members[w]);
        for (size_t w = 0; w < s->words; w++) {
            int room = ct_popcount(members[w]), here = lit < room ? lit : room;
            mask[w] = (mask[w] & ~members[w]) | ct_deposit(ct_low_mask(here), members[w]);
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
            scratch[0] = ct_byte_table_apply((const uint64_t(*)[256])s->table[g], mask[0]);
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
    if (s->sided) { /* no symmetry but the identity */
        memcpy(out, mask, s->words * sizeof *out);
        *swapped = false;
        return;
    }
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
