/* SPDX-License-Identifier: Apache-2.0 */
/* Lattice automorphisms: group orders, invariance of bonds, closure. */
#include "check_main.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cut.h>

#include "base/bits.h"
#include "failing_allocator.h"
#include "lattice/automorphism.h"
#include "ref/support.h"

static const uint16_t *map_of(const ct_permutations *group, size_t g)
{
    return group->map + g * (size_t)group->pixels;
}

static size_t find(const ct_permutations *group, const uint16_t *map)
{
    size_t g = 0;
    while (g < group->count &&
           memcmp(map_of(group, g), map, (size_t)group->pixels * sizeof *map) != 0)
        g++;
    return g;
}

/* The image of every bond is a bond: the sorted images are the sorted bonds. */
static void check_bonds(const cutropy_lattice *l, const uint16_t *map)
{
    size_t n = (size_t)l->pixels;
    unsigned char *bonded = calloc(n * n, 1);
    ck_assert_ptr_nonnull(bonded);
    for (int b = 0; b < l->bonds; b++) {
        size_t i = (size_t)l->bond[b][0], j = (size_t)l->bond[b][1];
        bonded[i * n + j] = bonded[j * n + i] = 1;
    }
    for (int b = 0; b < l->bonds; b++)
        ck_assert_msg(bonded[map[l->bond[b][0]] * n + map[l->bond[b][1]]], "%s: bond %d", l->name,
                      b);
    free(bonded);
}

static void check_permutation(const uint16_t *map, int pixels)
{
    unsigned char hit[CUTROPY_MAX_PIXELS] = {0};
    for (int i = 0; i < pixels; i++) {
        ck_assert_int_lt(map[i], pixels);
        ck_assert_int_eq(hit[map[i]]++, 0);
    }
}

/* Distances between positions, the shorter way round on a torus, are kept. */
static double distance(const cutropy_lattice *l, int i, int j)
{
    double d[2], length[2] = {l->lx, l->ly};
    for (int k = 0; k < 2; k++) {
        d[k] = fabs(l->position[i][k] - l->position[j][k]);
        if (l->periodic && length[k] - d[k] < d[k])
            d[k] = length[k] - d[k];
    }
    return d[0] * d[0] + d[1] * d[1];
}

static void check_distances(const cutropy_lattice *l, const uint16_t *map)
{
    for (int i = 0; i < l->pixels; i++)
        for (int j = 0; j < i; j++)
            ck_assert(distance(l, i, j) == distance(l, map[i], map[j]));
}

static void check_closed(const ct_permutations *group)
{
    uint16_t product[64];
    ck_assert_int_le(group->pixels, 64);
    for (size_t g = 0; g < group->count; g++)
        for (size_t h = 0; h < group->count; h++) {
            for (int i = 0; i < group->pixels; i++)
                product[i] = map_of(group, g)[map_of(group, h)[i]];
            ck_assert_uint_lt(find(group, product), group->count);
        }
}

static void check_group(const char *text, size_t order)
{
    cutropy_lattice *l = must_lattice(text);
    ct_permutations group;
    ck_assert_int_eq(ct_lattice_automorphisms(l, &group), CUTROPY_OK);
    ck_assert_int_eq(group.pixels, l->pixels);
    ck_assert_msg(group.count == order, "%s: order %zu, expected %zu", text, group.count, order);
    for (int i = 0; i < l->pixels; i++)
        ck_assert_int_eq(group.map[i], i);
    for (size_t g = 0; g < group.count; g++) {
        check_permutation(map_of(&group, g), group.pixels);
        check_bonds(l, map_of(&group, g));
        check_distances(l, map_of(&group, g));
        ck_assert_uint_eq(find(&group, map_of(&group, g)), g);
    }
    check_closed(&group);
    ct_permutations_free(&group);
    ck_assert_ptr_null(group.map);
    cutropy_lattice_free(l);
}

START_TEST(open_groups)
{
    check_group("chain:1", 1);
    check_group("chain:2", 2);
    check_group("chain:7", 2);
    check_group("1x1", 1);
    check_group("1x5", 2);
    check_group("5x1", 2);
    check_group("2x2", 8);
    check_group("4x4", 8);
    check_group("4x3", 4);
    check_group("2x5", 4);
    check_group("links:2x1", 1);
    check_group("links:2x2", 8);
    check_group("links:3x3", 8);
    check_group("links:4x3", 4);
    check_group("links:1x4", 2);
}
END_TEST

START_TEST(periodic_groups)
{
    check_group("chain:1:ring", 1);
    check_group("chain:2:ring", 2);
    for (int n = 3; n <= 12; n++) {
        char text[32];
        snprintf(text, sizeof text, "chain:%d:ring", n);
        check_group(text, 2 * (size_t)n);
        snprintf(text, sizeof text, "%dx1:torus", n);
        check_group(text, 2 * (size_t)n);
    }
    check_group("3x3:torus", 72);
    check_group("4x4:torus", 128);
    check_group("5x5:torus", 200);
    check_group("4x3:torus", 48);
    check_group("2x2:torus", 8);
    check_group("2x5:torus", 20);
    check_group("links:3x3:torus", 72);
    check_group("links:4x4:torus", 128);
    check_group("links:4x3:torus", 48);
    check_group("links:2x2:torus",
                32); /* isometries of the torus R^2 / (2Z)^2 that keep the vertices */
    check_group("links:2x3:torus", 24);
}
END_TEST

/* Vertices go to vertices: every star is mapped onto a star (at 2x2 bonds alone would not tell). */
START_TEST(stars_are_mapped_to_stars)
{
    static const char *const texts[] = {"links:2x2:torus", "links:2x3:torus", "links:3x3:torus",
                                        "links:3x3", "links:4x2"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        cutropy_lattice *l = must_lattice(texts[t]);
        ct_permutations group;
        ck_assert_int_eq(ct_lattice_automorphisms(l, &group), CUTROPY_OK);
        uint64_t star[64] = {0};
        for (int v = 0; v < l->vertices; v++)
            for (int k = 0; k < l->star_degree[v]; k++)
                star[v] |= UINT64_C(1) << l->star[v][k];
        for (size_t g = 0; g < group.count; g++)
            for (int v = 0; v < l->vertices; v++) {
                uint64_t image = 0;
                int hits = 0;
                ct_mask_permute(&star[v], map_of(&group, g), l->pixels, &image);
                for (int w = 0; w < l->vertices; w++)
                    hits += star[w] == image;
                ck_assert_int_ge(hits, 1);
            }
        ct_permutations_free(&group);
        cutropy_lattice_free(l);
    }
}
END_TEST

/* Rotation of the 2x3 grid by 180 degrees, reflections: by hand (0 1 / 2 3 / 4 5). */
START_TEST(two_by_three_by_hand)
{
    static const uint16_t expected[4][6] = {
        {0, 1, 2, 3, 4, 5}, {1, 0, 3, 2, 5, 4}, {4, 5, 2, 3, 0, 1}, {5, 4, 3, 2, 1, 0}};
    cutropy_lattice *l = must_lattice("2x3");
    ct_permutations group;
    ck_assert_int_eq(ct_lattice_automorphisms(l, &group), CUTROPY_OK);
    ck_assert_uint_eq(group.count, 4);
    for (size_t g = 0; g < 4; g++)
        ck_assert_uint_lt(find(&group, expected[g]), 4);
    ct_permutations_free(&group);
    cutropy_lattice_free(l);
}
END_TEST

/* Largest lattices: the whole group where it fits, generators where it does not. */
START_TEST(memory_is_bounded)
{
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {{"64x64", 8},
                 {"36x36:torus", 8 * 36 * 36},
                 {"64x64:torus", 8 + 2},
                 {"chain:4096:ring", 2 + 1},
                 {"chain:1000:ring", 2000},
                 {"links:45x45:torus", 8 + 2},
                 {"64x32:torus", 4 * 64 * 32},
                 {"64x60:torus", 4 + 2}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        cutropy_lattice *l = must_lattice(cases[k].text);
        ct_permutations group;
        ck_assert_int_eq(ct_lattice_automorphisms(l, &group), CUTROPY_OK);
        ck_assert_msg(group.count == cases[k].count, "%s: %zu", cases[k].text, group.count);
        for (size_t g = 0; g < group.count; g += 1 + group.count / (size_t)amount(11, 3)) {
            check_permutation(map_of(&group, g), group.pixels);
            check_bonds(l, map_of(&group, g));
        }
        ct_permutations_free(&group);
        cutropy_lattice_free(l);
    }
}
END_TEST

START_TEST(masks_move_pixel_by_pixel)
{
    cutropy_lattice *l = must_lattice("12x12:torus");
    ct_permutations group;
    ck_assert_int_eq(ct_lattice_automorphisms(l, &group), CUTROPY_OK);
    for (size_t g = 0; g < group.count; g += 7) {
        uint64_t mask[3], image[3] = {~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)};
        for (size_t w = 0; w < 3; w++)
            mask[w] = ct_random(g, w) & ct_low_mask(w < 2 ? 64 : 16);
        ct_mask_permute(mask, map_of(&group, g), 144, image);
        for (uint64_t i = 0; i < 144; i++)
            ck_assert_int_eq(ct_bit(mask, i), ct_bit(image, map_of(&group, g)[i]));
        ck_assert_uint_eq(image[2] >> 16, 0);
        ck_assert_int_eq(cutropy_boundary(l, mask), cutropy_boundary(l, image));
        ck_assert_int_eq(cutropy_boundary_pixels(l, mask), cutropy_boundary_pixels(l, image));
    }
    ct_permutations_free(&group);
    cutropy_lattice_free(l);
}
END_TEST

START_TEST(allocation_failures_leave_nothing_behind)
{
    for (long k = 0;; k++) {
        failing_allocator_start(-1);
        cutropy_lattice *l = must_lattice("links:3x3:torus");
        failing_allocator_start(k);
        ct_permutations group;
        cutropy_status status = ct_lattice_automorphisms(l, &group);
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert((group.map == NULL) == fired);
        ct_permutations_free(&group);
        cutropy_lattice_free(l);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            ck_assert_int_ge(k, 2);
            break;
        }
    }
}
END_TEST

CHECK_MAIN("automorphism", open_groups, periodic_groups, stars_are_mapped_to_stars,
           two_by_three_by_hand, memory_is_bounded, masks_move_pixel_by_pixel,
           allocation_failures_leave_nothing_behind)
