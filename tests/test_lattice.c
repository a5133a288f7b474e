/* SPDX-License-Identifier: Apache-2.0 */
/* Lattices: sizes, bonds, positions, stars and names against independent definitions. */
#include "check_main.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "lattice/lattice.h"
#include "ref/support.h"

static cutropy_lattice *parse_size(const char *kind, int lx, int ly, int torus)
{
    char text[64];
    snprintf(text, sizeof text, "%s:%dx%d%s", kind, lx, ly, torus ? ":torus" : "");
    return must_lattice(text);
}

/* Bonds of a cycle (or path) of n points without double and self-bonds. */
static int line_bonds(int n, int periodic)
{
    return periodic && n > 2 ? n : n - 1;
}

START_TEST(grid_counts)
{
    for (int lx = 1; lx <= 6; lx++) {
        for (int ly = 1; ly <= 6; ly++) {
            for (int torus = 0; torus < 2; torus++) {
                cutropy_lattice *l = parse_size("grid", lx, ly, torus);
                ck_assert_int_eq(l->pixels, lx * ly);
                ck_assert_int_eq(l->bonds, ly * line_bonds(lx, torus) + lx * line_bonds(ly, torus));
                ck_assert_int_eq(l->vertices, 0);
                ck_assert_uint_eq(l->words, 1);
                cutropy_lattice_free(l);
            }
        }
    }
}
END_TEST

START_TEST(chain_counts)
{
    for (int n = 1; n <= 70; n++) {
        for (int ring = 0; ring < 2; ring++) {
            char text[64];
            snprintf(text, sizeof text, "chain:%d%s", n, ring ? ":ring" : "");
            cutropy_lattice *l = must_lattice(text);
            ck_assert_int_eq(l->pixels, n);
            ck_assert_int_eq(l->lx, n);
            ck_assert_int_eq(l->ly, 1);
            ck_assert_int_eq(l->bonds, line_bonds(n, ring));
            ck_assert_uint_eq(l->words, n <= 64 ? 1 : 2);
            ck_assert_str_eq(l->name, text);
            cutropy_lattice_free(l);
        }
    }
}
END_TEST

START_TEST(links_counts)
{
    for (int lx = 1; lx <= 6; lx++) {
        for (int ly = 1; ly <= 6; ly++) {
            if (lx * ly == 1)
                continue;
            cutropy_lattice *l = parse_size("links", lx, ly, 0);
            ck_assert_int_eq(l->pixels, (lx - 1) * ly + lx * (ly - 1));
            ck_assert_int_eq(l->vertices, lx * ly);
            int bonds = 0; /* on an open lattice two links share one vertex at most */
            for (int y = 0; y < ly; y++)
                for (int x = 0; x < lx; x++) {
                    int degree = (x > 0) + (x < lx - 1) + (y > 0) + (y < ly - 1);
                    bonds += degree * (degree - 1) / 2;
                    ck_assert_int_eq(l->star_degree[x + lx * y], degree);
                }
            ck_assert_int_eq(l->bonds, bonds);
            cutropy_lattice_free(l);
            if (lx < 3 || ly < 3)
                continue;
            l = parse_size("links", lx, ly, 1);
            ck_assert_int_eq(l->pixels, 2 * lx * ly);
            ck_assert_int_eq(l->bonds, 6 * lx * ly);
            cutropy_lattice_free(l);
        }
    }
}
END_TEST

/* Every bond is listed once, sorted, and joins i and j exactly where `adjacent` says so. */
static void check_bonds(const cutropy_lattice *l, const unsigned char *adjacent)
{
    int b = 0;
    for (int i = 0; i < l->pixels; i++) {
        ck_assert(!adjacent[i * l->pixels + i]);
        for (int j = i + 1; j < l->pixels; j++) {
            if (!adjacent[i * l->pixels + j])
                continue;
            ck_assert_msg(b < l->bonds, "%s: bond %d-%d is missing", l->name, i, j);
            ck_assert_int_eq(l->bond[b][0], i);
            ck_assert_int_eq(l->bond[b][1], j);
            b++;
        }
    }
    ck_assert_int_eq(l->bonds, b);
}

/* |a - b| on a line, or the shorter way round. */
static double gap(double a, double b, int length, int periodic)
{
    double d = fabs(a - b);
    return periodic && length - d < d ? length - d : d;
}

START_TEST(grid_bonds_join_pixels_at_distance_one)
{
    for (int lx = 1; lx <= 5; lx++) {
        for (int ly = 1; ly <= 5; ly++) {
            for (int torus = 0; torus < 2; torus++) {
                unsigned char adjacent[25 * 25] = {0};
                cutropy_lattice *l = parse_size("grid", lx, ly, torus);
                int n = lx * ly;
                for (int i = 0; i < n; i++) {
                    ck_assert(l->position[i][0] == i % lx);
                    ck_assert(l->position[i][1] == i / lx);
                    for (int j = 0; j < n; j++)
                        adjacent[i * n + j] =
                            gap(i % lx, j % lx, lx, torus) + gap(i / lx, j / lx, ly, torus) == 1;
                }
                check_bonds(l, adjacent);
                cutropy_lattice_free(l);
            }
        }
    }
}
END_TEST

/* The definition of the numbering: horizontal links row by row, then vertical links row by row. */
static int list_ends(int lx, int ly, int torus, int ends[][2])
{
    int n = 0;
    for (int y = 0; y < ly; y++)
        for (int x = 0; x < lx; x++)
            if (torus || x < lx - 1) {
                ends[n][0] = y * lx + x;
                ends[n++][1] = y * lx + (x == lx - 1 ? 0 : x + 1);
            }
    for (int y = 0; y < ly; y++)
        for (int x = 0; x < lx; x++)
            if (torus || y < ly - 1) {
                ends[n][0] = y * lx + x;
                ends[n++][1] = (y == ly - 1 ? 0 : y + 1) * lx + x;
            }
    return n;
}

static void check_stars(const cutropy_lattice *l, int ends[][2])
{
    for (int v = 0; v < l->vertices; v++) {
        int degree = 0;
        for (int i = 0; i < l->pixels; i++) {
            if (ends[i][0] != v && ends[i][1] != v)
                continue;
            int found = 0;
            for (int k = 0; k < l->star_degree[v]; k++)
                found += l->star[v][k] == i;
            ck_assert_int_eq(found, 1);
            degree++;
        }
        ck_assert_int_eq(l->star_degree[v], degree);
    }
}

START_TEST(links_bonds_join_links_that_share_a_vertex)
{
    for (int lx = 1; lx <= 4; lx++) {
        for (int ly = 1; ly <= 4; ly++) {
            for (int torus = 0; torus < 2; torus++) {
                if (lx * ly == 1 || (torus && (lx < 2 || ly < 2)))
                    continue;
                unsigned char adjacent[32 * 32] = {0};
                int ends[32][2];
                cutropy_lattice *l = parse_size("links", lx, ly, torus);
                int n = list_ends(lx, ly, torus, ends);
                ck_assert_int_eq(l->pixels, n);
                for (int i = 0; i < n; i++) {
                    int right = i < n - (torus ? lx * ly : lx * (ly - 1));
                    ck_assert(l->position[i][0] == ends[i][0] % lx + (right ? 0.5 : 0));
                    ck_assert(l->position[i][1] == ends[i][0] / lx + (right ? 0 : 0.5));
                    for (int j = 0; j < n; j++)
                        adjacent[i * n + j] =
                            i != j && (ends[i][0] == ends[j][0] || ends[i][0] == ends[j][1] ||
                                       ends[i][1] == ends[j][0] || ends[i][1] == ends[j][1]);
                }
                check_bonds(l, adjacent);
                check_stars(l, ends);
                cutropy_lattice_free(l);
            }
        }
    }
}
END_TEST

START_TEST(names_are_canonical)
{
    static const char *const names[][2] = {
        {"4x4", "grid:4x4"},
        {"grid:4x3", "grid:4x3"},
        {"5x2:torus", "grid:5x2:torus"},
        {"grid:1x1:torus", "grid:1x1:torus"},
        {"links:3x3", "links:3x3"},
        {"links:2x3:torus", "links:2x3:torus"},
        {"links:4097x1", "links:4097x1"},
        {"chain:12", "chain:12"},
        {"chain:4096:ring", "chain:4096:ring"},
        {"64x64", "grid:64x64"},
    };
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        cutropy_lattice *l = must_lattice(names[k][0]);
        ck_assert_str_eq(l->name, names[k][1]);
        cutropy_lattice *again = must_lattice(l->name);
        ck_assert_str_eq(again->name, l->name);
        ck_assert_int_eq(again->pixels, l->pixels);
        cutropy_lattice_free(again);
        cutropy_lattice_free(l);
    }
    cutropy_lattice_free(NULL);
}
END_TEST

START_TEST(bad_lattices_are_refused)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "4",
                                      "4x",
                                      "x4",
                                      "4x4x4",
                                      "4 x4",
                                      " 4x4",
                                      "4x4 ",
                                      "+4x4",
                                      "-4x4",
                                      "4x-4",
                                      "04x4",
                                      "4x04",
                                      "4.0x4",
                                      "0x4",
                                      "4x0",
                                      "0x0",
                                      "4X4",
                                      "GRID:4x4",
                                      "Grid:4x4",
                                      "grid",
                                      "grid:",
                                      "grid:4",
                                      "grid:4x4:",
                                      "grid:4x4:ring",
                                      "grid:4x4:Torus",
                                      "grid:4x4:torus:torus",
                                      "grid4x4",
                                      "grid:grid:4x4",
                                      "chain",
                                      "chain:",
                                      "chain:0",
                                      "chain:4x1",
                                      "chain:12:torus",
                                      "chain:12:",
                                      "chain:-1",
                                      "chain:4097",
                                      "chain:00",
                                      "links:1x1",
                                      "links:0x3",
                                      "links:3",
                                      "links:1x3:torus",
                                      "links:3x1:torus",
                                      "links:1x1:torus",
                                      "links:4098x1",
                                      "links:46x46:torus",
                                      "64x65",
                                      "9999999x9999999",
                                      "4294967296x1",
                                      "4294967297x4294967297",
                                      "18446744073709551617x1",
                                      "99999999999999999999999999999999999999999999999999x1",
                                      "4x4\n",
                                      "4x4\nx",
                                      "tri:4x4",
                                      "\xff\xfe"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        cutropy_lattice *l = (cutropy_lattice *)&l;
        ct_fail(CUTROPY_EINPUT, "stale");
        ck_assert_msg(cutropy_lattice_parse(bad[k], &l) == CUTROPY_EINPUT, "'%s' accepted", bad[k]);
        ck_assert_ptr_null(l);
        ck_assert_str_ne(cutropy_error(), "stale");
        ck_assert(cutropy_error()[0] && !strchr(cutropy_error(), '\n'));
        ck_assert_msg(strstr(cutropy_error(), "chain:N[:ring]") != NULL, "%s", cutropy_error());
    }
}
END_TEST

static void check_copy(const char *text)
{
    cutropy_lattice *l = must_lattice(text), *reference = must_lattice(text), *copy = NULL;
    ck_assert_int_eq(ct_lattice_copy(l, &copy), CUTROPY_OK);
    memset(l->bond, 0x55, (size_t)l->bonds * sizeof *l->bond);
    memset(l->position, 0x55, (size_t)l->pixels * sizeof *l->position);
    cutropy_lattice_free(l);
    ck_assert_str_eq(copy->name, reference->name);
    ck_assert_int_eq(copy->kind, reference->kind);
    ck_assert_int_eq(copy->lx, reference->lx);
    ck_assert_int_eq(copy->ly, reference->ly);
    ck_assert_int_eq(copy->periodic, reference->periodic);
    ck_assert_int_eq(copy->pixels, reference->pixels);
    ck_assert_uint_eq(copy->words, reference->words);
    ck_assert_int_eq(copy->bonds, reference->bonds);
    ck_assert_int_eq(copy->vertices, reference->vertices);
    ck_assert_mem_eq(copy->bond, reference->bond, (size_t)copy->bonds * sizeof *copy->bond);
    for (int i = 0; i < copy->pixels; i++)
        for (int k = 0; k < 2; k++)
            ck_assert(copy->position[i][k] == reference->position[i][k]);
    for (int v = 0; v < copy->vertices; v++) {
        ck_assert_int_eq(copy->star_degree[v], reference->star_degree[v]);
        for (int k = 0; k < copy->star_degree[v]; k++)
            ck_assert_int_eq(copy->star[v][k], reference->star[v][k]);
    }
    ck_assert((copy->star == NULL) == (copy->vertices == 0));
    cutropy_lattice_free(copy);
    cutropy_lattice_free(reference);
}

START_TEST(copies_are_deep)
{
    check_copy("4x3:torus");
    check_copy("links:3x4");
    check_copy("links:2x2:torus");
    check_copy("chain:100:ring");
    check_copy("chain:1");
}
END_TEST

START_TEST(neighbour_lists_hold_both_ends_of_every_bond)
{
    static const char *const texts[] = {"chain:1", "4x3", "3x3:torus", "links:3x3",
                                        "links:2x2:torus"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        cutropy_lattice *l = must_lattice(texts[k]);
        ct_adjacency a;
        ck_assert_int_eq(ct_adjacency_make(l, &a), CUTROPY_OK);
        ck_assert_int_eq(a.start[0], 0);
        ck_assert_int_eq(a.start[l->pixels], 2 * l->bonds);
        for (int i = 0; i < l->pixels; i++) {
            int at = a.start[i];
            for (int j = 0; j < l->pixels; j++)
                for (int b = 0; b < l->bonds; b++)
                    if ((l->bond[b][0] == i && l->bond[b][1] == j) ||
                        (l->bond[b][0] == j && l->bond[b][1] == i))
                        ck_assert_int_eq(a.list[at++], j);
            ck_assert_int_eq(at, a.start[i + 1]);
        }
        ct_adjacency_free(&a);
        cutropy_lattice_free(l);
    }
}
END_TEST

START_TEST(allocation_failures_leave_nothing_behind)
{
    for (long k = 0;; k++) {
        failing_allocator_start(k);
        cutropy_lattice *l = NULL, *copy = NULL;
        ct_adjacency adjacency = {NULL, NULL};
        cutropy_status status = cutropy_lattice_parse("links:3x3:torus", &l);
        ck_assert((status == CUTROPY_OK) == (l != NULL));
        if (status == CUTROPY_OK) {
            status = ct_lattice_copy(l, &copy);
            ck_assert((status == CUTROPY_OK) == (copy != NULL));
        }
        if (status == CUTROPY_OK) {
            status = ct_adjacency_make(copy, &adjacency);
            ck_assert((status == CUTROPY_OK) == (adjacency.list != NULL));
        }
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ct_adjacency_free(&adjacency);
        cutropy_lattice_free(copy);
        cutropy_lattice_free(l);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            ck_assert_int_ge(k, 12);
            break;
        }
    }
}
END_TEST

CHECK_MAIN("lattice", grid_counts, chain_counts, links_counts,
           grid_bonds_join_pixels_at_distance_one, links_bonds_join_links_that_share_a_vertex,
           names_are_canonical, bad_lattices_are_refused, copies_are_deep,
           neighbour_lists_hold_both_ends_of_every_bond, allocation_failures_leave_nothing_behind)
