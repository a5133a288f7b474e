/* SPDX-License-Identifier: Apache-2.0 */
/* Symmetries of a lattice: signed permutations of its axes and translations, applied to vertices.
 */
#include "lattice/automorphism.h"

#include <string.h>

#include "base/bits.h"
#include "lattice/lattice.h"

#define ENTRY_LIMIT ((size_t)1 << 24)

/* First the reflections, then the transposition, then the translation. */
typedef struct motion {
    int flip[2];
    int transpose;
    int shift[2];
} motion;

typedef struct builder {
    const cutropy_lattice *lattice;
    ct_permutations made;
    ct_hash table; /* of the permutations made */
} builder;

/* ---- geometry ---- */

/* (x, y) of the image of a vertex. */
static void move_vertex(const cutropy_lattice *lattice, const motion *m, int x, int y, int image[2])
{
    int u = m->flip[0] ? lattice->lx - 1 - x : x;
    int v = m->flip[1] ? lattice->ly - 1 - y : y;
    image[0] = ((m->transpose ? v : u) + m->shift[0]) % lattice->lx;
    image[1] = ((m->transpose ? u : v) + m->shift[1]) % lattice->ly;
}

/* The image of the link that leaves (x, y) along `axis` (0: to the right, 1: downwards). A link
 * whose direction is reversed leaves the vertex before the image of its own. */
static int move_link(const cutropy_lattice *lattice, const motion *m, int x, int y, int axis)
{
    int image[2], length[2] = {lattice->lx, lattice->ly};
    int to = m->transpose ? 1 - axis : axis;
    move_vertex(lattice, m, x, y, image);
    if (m->flip[axis])
        image[to] = (image[to] + length[to] - 1) % length[to];
    return to == 0 ? ct_link_right(lattice, image[0], image[1])
                   : ct_link_down(lattice, image[0], image[1]);
}

static void make_map(const cutropy_lattice *lattice, const motion *m, uint16_t *map)
{
    bool links = lattice->kind == CUTROPY_LATTICE_LINKS;
    for (int y = 0; y < lattice->ly; y++) {
        for (int x = 0; x < lattice->lx; x++) {
            int image[2];
            move_vertex(lattice, m, x, y, image);
            if (!links)
                map[x + lattice->lx * y] = (uint16_t)(image[0] + lattice->lx * image[1]);
            if (links && x < ct_links_per_row(lattice))
                map[ct_link_right(lattice, x, y)] = (uint16_t)move_link(lattice, m, x, y, 0);
            if (links && y < ct_link_rows(lattice))
                map[ct_link_down(lattice, x, y)] = (uint16_t)move_link(lattice, m, x, y, 1);
        }
    }
}

/* ---- the list ---- */

typedef struct map_key {
    const ct_permutations *all;
    const uint16_t *map;
} map_key;

static bool same_map(const void *key, uint64_t g)
{
    const map_key *k = key;
    const size_t pixels = (size_t)k->all->pixels;
    return !memcmp(k->all->map + g * pixels, k->map, pixels * sizeof *k->map);
}

uint32_t *ct_permutations_find(const ct_permutations *permutations, const ct_hash *table,
                               const uint16_t *map)
{
    const map_key key = {permutations, map};
    uint64_t hash = 0;
    for (int i = 0; i < permutations->pixels; i++)
        hash = hash * UINT64_C(0x9e3779b97f4a7c15) + map[i];
    return ct_hash_find(table, ct_mix64(hash), same_map, &key);
}

/* Appends the permutation of the motion unless the list holds it. Room for one more is there. */
static void add_motion(builder *b, const motion *m)
{
    size_t pixels = (size_t)b->made.pixels;
    uint16_t *map = b->made.map + b->made.count * pixels;
    make_map(b->lattice, m, map);
    uint32_t *slot = ct_permutations_find(&b->made, &b->table, map);
    if (!*slot)
        *slot = (uint32_t)++b->made.count;
}

/* The point group followed by one translation. */
static void add_point_group(builder *b, int shift_x, int shift_y)
{
    int square = b->lattice->lx == b->lattice->ly;
    for (int transpose = 0; transpose <= square; transpose++)
        for (int fy = 0; fy < 2; fy++)
            for (int fx = 0; fx < 2; fx++) {
                motion m = {{fx, fy}, transpose, {shift_x, shift_y}};
                add_motion(b, &m);
            }
}

static void add_generators(builder *b)
{
    motion right = {.shift = {1 % b->lattice->lx, 0}}, down = {.shift = {0, 1 % b->lattice->ly}};
    add_point_group(b, 0, 0);
    add_motion(b, &right);
    add_motion(b, &down);
}

static void add_group(builder *b)
{
    int shifts_x = b->lattice->periodic ? b->lattice->lx : 1;
    int shifts_y = b->lattice->periodic ? b->lattice->ly : 1;
    for (int y = 0; y < shifts_y; y++)
        for (int x = 0; x < shifts_x; x++)
            add_point_group(b, x, y);
}

cutropy_status ct_lattice_automorphisms(const cutropy_lattice *lattice, ct_permutations *out)
{
    cutropy_status status = CUTROPY_OK;
    builder b = {.lattice = lattice, .made.pixels = lattice->pixels};
    size_t pixels = (size_t)lattice->pixels;
    size_t candidates = lattice->lx == lattice->ly ? 8 : 4;
    memset(out, 0, sizeof *out);
    if (lattice->periodic)
        candidates *= (size_t)lattice->lx * (size_t)lattice->ly;
    bool whole = candidates * pixels <= ENTRY_LIMIT;
    if (!whole)
        candidates = 8 + 2;
    CT_NEW(b.made.map, candidates * pixels);
    CT_TRY(ct_hash_start(&b.table, candidates));
    if (whole)
        add_group(&b);
    else
        add_generators(&b);
    *out = b.made;
    b.made.map = NULL;
done:
    ct_free(b.made.map);
    ct_hash_free(&b.table);
    return status;
}

void ct_permutations_free(ct_permutations *permutations)
{
    if (!permutations)
        return;
    ct_free(permutations->map);
    memset(permutations, 0, sizeof *permutations);
}

void ct_mask_permute(const uint64_t *mask, const uint16_t *map, int pixels, uint64_t *out)
{
    size_t words = ((size_t)pixels + 63) / 64;
    memset(out, 0, words * sizeof *out);
    for (size_t w = 0; w < words; w++)
        for (uint64_t rest = mask[w]; rest; rest &= rest - 1)
            ct_set_bit(out, map[64 * w + (size_t)ct_lowest(rest)]);
}
