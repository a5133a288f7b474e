/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy maps: every number equals a run of its own; closed forms; the folder. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "analysis/range/range.h"
#include "base/bits.h"
#include "engine/function/options.h"
#include "output/map.h"
#include "ref/support.h"

static cutropy_map *must_map(const char *problem, const char *lattice,
                             const cutropy_map_options *options)
{
    cutropy_map *map;
    cutropy_problem *p = must_problem(problem, lattice);
    ck_assert_msg(cutropy_map_make(p, options, NULL, &map) == CUTROPY_OK, "%s", cutropy_error());
    cutropy_problem_free(p);
    return map;
}

static size_t row_of(const cutropy_map *map, cutropy_map_family_id id, size_t i)
{
    ck_assert_uint_lt(i, map->family[id].count);
    return map->family[id].first + i;
}

static double entropy(const cutropy_map *map, cutropy_map_family_id id, size_t i)
{
    return row_record(map->result, row_of(map, id, i))->entropy;
}

/* Every family against a run over that family alone, and I(i:j) against the quantity of a run over
 * pairs. */
static void against_runs(const char *problem, const char *lattice)
{
    cutropy_map *map = must_map(problem, lattice, NULL);
    cutropy_problem *p = must_problem(problem, lattice);
    size_t n = (size_t)map->lattice->pixels, families = 0;
    for (int id = 0; id < CUTROPY_MAP_FAMILIES; id++) {
        const cutropy_map_family *family = &map->family[id];
        if (!family->count) {
            ck_assert_str_ne(family->missing, "");
            continue;
        }
        if (id > CUTROPY_MAP_CONNECTED)
            continue; /* not a family of cutropy_cuts_parse */
        cutropy_cuts cuts = must_cuts(family->name, map->lattice);
        cutropy_result *direct = must_run(
            p, cuts.masks, cuts.count, id == CUTROPY_MAP_PAIRS ? "mutual_information" : NULL, 1, 0);
        ck_assert_uint_eq(family->count, cuts.count);
        for (size_t i = 0; i < cuts.count; i++) {
            const size_t row = row_of(map, (cutropy_map_family_id)id, i);
            const cutropy_record *got = row_record(map->result, row), *want = row_record(direct, i);
            ck_assert_uint_eq(map->result->cuts.masks[row], cuts.masks[i]);
            ck_assert_double_le(fabs(got->entropy - want->entropy),
                                got->entropy_err + want->entropy_err);
            if (id == CUTROPY_MAP_PAIRS) {
                const size_t low = (size_t)__builtin_ctzll(cuts.masks[i]);
                const size_t high = 63 - (size_t)__builtin_clzll(cuts.masks[i]);
                const double value = map->mutual_information[low * n + high];
                ck_assert_double_le(fabs(value - direct->rows[i].mutual_information),
                                    2 * map->mutual_information_err[low * n + high]);
                ck_assert_double_eq(value, map->mutual_information[high * n + low]);
            }
        }
        families++;
        cutropy_result_free(direct);
        cutropy_cuts_free(&cuts);
    }
    ck_assert_uint_ge(families, 6);
    cutropy_problem_free(p);
    cutropy_map_free(map);
}

START_TEST(equals_single_runs)
{
    against_runs("random:seed=3", "3x3");
    against_runs("random:seed=5,density=0.3", "4x2:torus");
    against_runs("majority", "chain:9:ring");
    against_runs("loops", "links:3x3");
    against_runs("rbm:seed=2", "3x3");
}
END_TEST

/* ghz: |0..0> + |1..1>, every proper part has one bit, so I(i:j) = 1 + 1 - 1. Even parity is the
 * same state in the basis |0> +- |1>. */
START_TEST(ghz_and_parity)
{
    static const char *const problems[] = {"ghz", "parity"};
    for (int k = 0; k < 2; k++) {
        cutropy_map *map = must_map(problems[k], "3x3", NULL);
        for (size_t i = 0; i < 9; i++) {
            ck_assert_double_eq(entropy(map, CUTROPY_MAP_SITES, i), 1);
            for (size_t j = 0; j < 9; j++)
                ck_assert_double_eq(map->mutual_information[i * 9 + j], i == j ? 0 : 1);
        }
        cutropy_map_free(map);
    }
}
END_TEST

/* Closed loops: links are free but for one rule at each vertex. A pixel has one bit; two links tell
 * nothing of each other unless they are the only two at a vertex (the corners of an open lattice),
 * where they are equal: I = 1. */
START_TEST(loops)
{
    cutropy_map *map = must_map("loops", "links:3x3", NULL);
    const cutropy_lattice *l = map->lattice;
    const size_t n = (size_t)l->pixels;
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq(entropy(map, CUTROPY_MAP_SITES, i), 1);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int corner = 0;
            for (int v = 0; v < l->vertices; v++)
                corner |= i != j && l->star_degree[v] == 2 &&
                          ((size_t)l->star[v][0] == i || (size_t)l->star[v][1] == i) &&
                          ((size_t)l->star[v][0] == j || (size_t)l->star[v][1] == j);
            ck_assert_double_eq(map->mutual_information[i * n + j], corner);
        }
    }
    cutropy_map_free(map);
}
END_TEST

static cutropy_map *map_by(const char *problem, const char *lattice, ct_solver_choice solver,
                           size_t most_cuts)
{
    cutropy_map_options wanted = CUTROPY_MAP_OPTIONS;
    cutropy_options options = ct_default_options();
    cutropy_map *map;
    cutropy_problem *p = must_problem(problem, lattice);
    options.solver = solver;
    wanted.most_cuts = most_cuts;
    ck_assert_msg(!cutropy_map_make(p, &wanted, &options, &map), "%s", cutropy_error());
    cutropy_problem_free(p);
    return map;
}

/* Lit neighbours of a pixel. */
static int lit_beside(const cutropy_lattice *l, const uint64_t *image, int pixel)
{
    int count = 0;
    for (int b = 0; b < l->bonds; b++)
        for (int end = 0; end < 2; end++)
            count += l->bond[b][end] == pixel && ct_bit(image, (uint64_t)l->bond[b][1 - end]);
    return count;
}

/* The map of an automaton is that of enumeration, but for the images to look at. */
START_TEST(automata_draw_the_same_map)
{
    static const char *const cases[][2] = {
        {"connected", "3x3"}, {"independent-set", "3x3:torus"}, {"weight:k=3", "chain:7"}};
    for (int c = 0; c < 3; c++) {
        cutropy_map *map = map_by(cases[c][0], cases[c][1], CT_SOLVE_FRONTIER, 5000),
                    *same = map_by(cases[c][0], cases[c][1], CT_SOLVE_ENUMERATE, 5000);
        const size_t n = (size_t)map->lattice->pixels;
        for (int id = 0; id < CUTROPY_MAP_FAMILIES; id++) {
            ck_assert_uint_eq(map->family[id].count, same->family[id].count);
            ck_assert_str_eq(map->family[id].missing, same->family[id].missing);
            for (size_t i = 0; i < map->family[id].count; i++)
                ck_assert_double_eq_tol(entropy(map, (cutropy_map_family_id)id, i),
                                        entropy(same, (cutropy_map_family_id)id, i), 1e-11);
        }
        for (size_t i = 0; i < n * n; i++)
            ck_assert_double_eq_tol(map->mutual_information[i], same->mutual_information[i], 1e-11);
        for (size_t i = 0; i < n; i++)
            ck_assert_int_eq(cutropy_ranges_row(map->ranges, i)->range,
                             cutropy_ranges_row(same->ranges, i)->range);
        ck_assert(map->unlisted && !same->unlisted);
        ck_assert_uint_eq(map->examples, CT_MAP_EXAMPLES);
        ck_assert_str_eq(map->result->norm, same->result->norm);
        cutropy_map_free(map);
        cutropy_map_free(same);
    }
}
END_TEST

/* Beyond enumeration: a hard core on 49 pixels and closed loops on 50 links, whose images are drawn. */
START_TEST(maps_of_many_pixels)
{
    cutropy_map *map = map_by("independent-set", "7x7", CT_SOLVE_AUTO, 800);
    const cutropy_lattice *l = map->lattice;
    const cutropy_map_family *rectangles = &map->family[CUTROPY_MAP_RECTANGLES];
    ck_assert(map->unlisted && map->ranges && !map->mutual_information);
    ck_assert_str_eq(map->result->norm, "1280128950"); /* OEIS A006506 */
    ck_assert_int_gt(map->pair_stride, 1);
    ck_assert_uint_ge(map->pairs, 84); /* of the bonds */
    ck_assert_uint_eq(rectangles->count + rectangles->left_out, 784 - 1);
    for (size_t i = 0; i < rectangles->count; i++) {
        const uint64_t *mask = &map->result->cuts.masks[rectangles->first + i];
        const uint64_t other = ~*mask & ((UINT64_C(1) << 49) - 1);
        ck_assert(cutropy_boundary_pixels(l, mask) <= 7 || cutropy_boundary_pixels(l, &other) <= 7);
    }
    for (size_t i = 0; i < 49; i++) {
        ck_assert_int_eq(cutropy_ranges_row(map->ranges, i)->range, 1);
        /* no two turns of a bond differ */
        ck_assert_double_eq_tol(entropy(map, CUTROPY_MAP_SITES, i),
                                entropy(map, CUTROPY_MAP_SITES, 48 - i), 1e-12);
    }
    ck_assert_uint_eq(map->examples, CT_MAP_EXAMPLES);
    for (size_t k = 0; k < map->examples; k++)
        for (int i = 0; i < 49; i++)
            ck_assert(!(map->example[k] >> i & 1) || !lit_beside(l, &map->example[k], i));
    cutropy_map_free(map);

    map = map_by("loops", "links:5x5:torus", CT_SOLVE_AUTO, 700);
    l = map->lattice;
    ck_assert(map->unlisted && !map->ranges);
    ck_assert_ptr_nonnull(strstr(map->family[CUTROPY_MAP_RANGE].missing, "linear equations"));
    ck_assert_uint_eq(map->family[CUTROPY_MAP_RECTANGLES].left_out, 0);
    for (size_t i = 0; i < 50; i++)
        ck_assert_double_eq(entropy(map, CUTROPY_MAP_SITES, i), 1);
    for (size_t k = 0; k < map->examples; k++)
        for (int v = 0; v < l->vertices; v++) {
            int degree = 0;
            for (int s = 0; s < l->star_degree[v]; s++)
                degree += (int)(map->example[k] >> l->star[v][s] & 1);
            ck_assert_int_eq(degree % 2, 0);
        }
    cutropy_map_free(map);
}
END_TEST

/* Images to look at: label 1 all of them, spread over the list (a table of 2^12, a list of loops), or the largest |f|. */
START_TEST(examples)
{
    cutropy_map *map = must_map("ghz", "3x3", NULL);
    ck_assert_uint_eq(map->examples, 2);
    ck_assert_uint_eq(map->example[0], 0);
    ck_assert_uint_eq(map->example[1], 0x1ff);
    cutropy_map_free(map);
    map = must_map("majority", "4x3", NULL);
    ck_assert_uint_eq(map->examples, CT_MAP_EXAMPLES);
    for (size_t k = 0, seen = 0, image = 0; k < map->examples; image++) {
        if (__builtin_popcountll(image) <= 6)
            continue;
        if (seen++ == map->result->ones * (2 * k + 1) / 12)
            ck_assert_uint_eq(map->example[k++], image);
    }
    cutropy_map_free(map);
    map = must_map("loops", "links:3x3:torus", NULL);
    for (size_t k = 0; k < map->examples; k++)
        for (int v = 0; v < map->lattice->vertices; v++) {
            int lit = 0;
            for (int j = 0; j < map->lattice->star_degree[v]; j++)
                lit += (int)(map->example[k] >> map->lattice->star[v][j] & 1);
            ck_assert_int_eq(lit % 2, 0);
        }
    cutropy_map_free(map);
    map = must_map("ising:beta=1", "chain:6:ring", NULL);
    ck_assert_uint_eq(map->examples, CT_MAP_EXAMPLES);
    ck_assert(map->example[0] + map->example[1] == 0x3f); /* all dark and all lit */
    cutropy_map_free(map);
}
END_TEST

/* What law.csv says of each cut of the verdict. */
START_TEST(law_points)
{
    cutropy_map *map = must_map("random:seed=3", "4x4", NULL);
    const cutropy_map_family *rectangles = &map->family[CUTROPY_MAP_RECTANGLES];
    const double *c = map->law->fit[CUTROPY_MODEL_VOLUME].coefficient;
    ck_assert_int_eq(map->law->model, CUTROPY_MODEL_VOLUME);
    ck_assert_uint_eq(map->law_points, rectangles->count);
    for (size_t i = 0; i < map->law_points; i++) {
        const ct_law_point *p = &map->law_point[i];
        const int na = cutropy_mask_pixels(map->result->cuts.masks + p->row, 1);
        ck_assert_uint_eq(p->row, rectangles->first + i);
        ck_assert_double_eq(p->entropy, row_record(map->result, p->row)->entropy);
        ck_assert_int_eq(p->smaller, na < 8 ? na : 16 - na);
        ck_assert_double_eq(p->axis, p->smaller);
        ck_assert_double_eq_tol(p->fit, c[0] + c[1] * p->smaller, 1e-12);
        ck_assert_double_le(p->entropy, p->ceiling + p->entropy_err);
        ck_assert_double_le(p->ceiling, p->smaller);
    }
    cutropy_map_free(map);
    map = must_map("data:images=digits,map=levels,bins=16,first=20", NULL, NULL);
    for (size_t i = 0; i < map->law_points; i++) {
        const ct_law_point *p = &map->law_point[i];
        ck_assert_double_le(p->entropy, p->ceiling + p->entropy_err);
        ck_assert_double_le(p->ceiling, log2(20) + 1e-15);
    }
    cutropy_map_free(map);
    map = must_map("loops", "links:3x3:torus", NULL); /* S = L - 1 */
    for (size_t i = 0; i < map->law_points; i++) {
        ck_assert_double_eq(map->law_point[i].axis, map->law_point[i].length);
        ck_assert_double_eq_tol(map->law_point[i].fit, map->law_point[i].length - 1, 1e-12);
    }
    cutropy_map_free(map);
    map = must_map("ising:beta=0.44", "chain:12:ring", NULL); /* L = 2 on all cuts */
    for (size_t i = 0; i < map->law_points; i++)
        ck_assert_double_eq(map->law_point[i].axis, map->law_point[i].smaller);
    cutropy_map_free(map);
}
END_TEST

/* Bonds between two pixels on the shortest way, by walking; -1: there is none. */
static int walk(const cutropy_lattice *l, int from, int to)
{
    uint64_t reached = UINT64_C(1) << from, before = 0;
    for (int steps = 0; reached != before; steps++) {
        if (reached >> to & 1)
            return steps;
        before = reached;
        for (int b = 0; b < l->bonds; b++)
            for (int end = 0; end < 2; end++)
                if (before >> l->bond[b][end] & 1)
                    reached |= UINT64_C(1) << l->bond[b][1 - end];
    }
    return -1;
}

static int farthest(const cutropy_lattice *l, int pixel)
{
    int most = 0;
    for (int j = 0; j < l->pixels; j++)
        most = walk(l, pixel, j) > most ? walk(l, pixel, j) : most;
    return most;
}

/* range: that of every pixel; -1: the distance of the farthest pixel. */
static void check_ranges(const char *problem, const char *lattice, int range, int64_t classes)
{
    cutropy_map *map = must_map(problem, lattice, NULL);
    const cutropy_lattice *l = map->lattice;
    ck_assert_ptr_nonnull(map->ranges);
    ck_assert_uint_eq(map->ranges->count, (size_t)l->pixels);
    for (int i = 0; i < l->pixels; i++) {
        const cutropy_range *r = &map->ranges->rows[i];
        ck_assert_int_eq(r->range, range < 0 ? farthest(l, i) : range);
        ck_assert_int_eq(r->classes[0], classes);
    }
    cutropy_map_free(map);
}

/* Even parity: the rest fixes a pixel, and every pixel counts. Independent sets: a pixel is free
 * unless a neighbour is lit. Weight 0, one image: a product. */
START_TEST(known_ranges)
{
    check_ranges("parity", "3x4", -1, 2);
    check_ranges("parity", "chain:9:ring", -1, 2);
    check_ranges("independent-set", "4x4", 1, 2);
    check_ranges("weight:k=0", "3x3", 0, 1);

    cutropy_map *map = must_map("pixel-loops", "4x4", NULL);
    for (size_t i = 0; i < 16; i++)
        ck_assert_int_le(map->ranges->rows[i].range, 3);
    cutropy_map_free(map);
}
END_TEST

static char *ranges_csv(const cutropy_ranges *ranges)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    cutropy_sheet *sheet;
    ck_assert_int_eq(cutropy_ranges_sheet(ranges, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    cutropy_sheet_free(sheet);
    fclose(file);
    return text;
}

/* The same table as a run of cutropy_ranges_run over all pixels but one. */
static void against_ranges(const char *problem, const char *lattice)
{
    cutropy_map *map = must_map(problem, lattice, NULL);
    cutropy_problem *p = must_problem(problem, lattice);
    const uint64_t all = all_pixels(map->lattice);
    uint64_t masks[64];
    cutropy_cuts cuts = {.masks = masks, .count = (size_t)map->lattice->pixels, .words = 1};
    cutropy_ranges *direct;
    for (size_t i = 0; i < cuts.count; i++)
        masks[i] = all & ~(UINT64_C(1) << i);
    ck_assert_int_eq(cutropy_ranges_run(p, &cuts, NULL, &direct), CUTROPY_OK);
    char *got = ranges_csv(map->ranges), *want = ranges_csv(direct);
    ck_assert_str_eq(got, want);
    free(got);
    free(want);
    cutropy_ranges_free(direct);
    cutropy_problem_free(p);
    cutropy_map_free(map);
}

START_TEST(equals_ranges)
{
    against_ranges("random:seed=3", "3x3");
    against_ranges("connected", "4x3");
    against_ranges("majority", "chain:9:ring");
    against_ranges("loops", "links:3x3:torus");
    against_ranges("rbm:seed=2", "3x3");
    against_ranges("random:seed=3", "1x2");
    against_ranges("ghz", "chain:40");
}
END_TEST

START_TEST(product_is_zero)
{
    cutropy_map *map = must_map("logistic", "3x3", NULL);
    for (size_t row = 0; row < map->result->count; row++)
        ck_assert_double_le(row_record(map->result, row)->entropy,
                            row_record(map->result, row)->entropy_err);
    cutropy_map_free(map);
}
END_TEST

/* Two pixels: S(01) = 0, so I = 2 S, here of 01 + 10. */
START_TEST(two_pixels)
{
    cutropy_map *map = must_map("weight:k=1", "chain:2", NULL);
    ck_assert_double_eq(map->mutual_information[1], 2);
    cutropy_map_free(map);
}
END_TEST

START_TEST(missing_families)
{
    cutropy_map_options options = CUTROPY_MAP_OPTIONS;
    cutropy_map *map = must_map("ghz", "chain:6", NULL);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_ROWS].count, 0);
    ck_assert_str_ne(map->family[CUTROPY_MAP_ROWS].missing, "");
    ck_assert_str_ne(map->family[CUTROPY_MAP_COLUMNS].missing, "");
    ck_assert_str_eq(map->family[CUTROPY_MAP_CONNECTED].name, "connected:3");
    cutropy_map_free(map);

    options.most_cuts = 10; /* 15 pairs, 20 intervals; 6 + 5 connected regions up to 2 */
    map = must_map("ghz", "chain:6", &options);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_PAIRS].count, 5 + 3); /* bonds, every second pixel */
    ck_assert_ptr_null(map->mutual_information);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_RECTANGLES].count, 0);
    ck_assert_ptr_nonnull(strstr(map->family[CUTROPY_MAP_RECTANGLES].missing, "more than 10"));
    ck_assert_str_eq(map->family[CUTROPY_MAP_CONNECTED].name, "connected:1");
    cutropy_map_free(map);

    options = (cutropy_map_options)CUTROPY_MAP_OPTIONS;
    options.largest = 2; /* prefixes of 1, 2, 4 and 5 of 6 pixels stay */
    map = must_map("ghz", "chain:6", &options);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_PREFIXES].count, 4);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_PREFIXES].left_out, 1);
    ck_assert_uint_eq(map->family[CUTROPY_MAP_HALF].count, 0);
    cutropy_map_free(map);
}
END_TEST

START_TEST(bad_input)
{
    cutropy_map *map = (cutropy_map *)1;
    cutropy_problem *p = must_problem("random", "1x1");
    ck_assert_int_eq(cutropy_map_make(p, NULL, NULL, &map), CUTROPY_EINPUT);
    ck_assert_ptr_null(map);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "two pixels"));
    cutropy_problem_free(p);

    map = must_map("ghz", "2x2", NULL);
    ck_assert_int_eq(cutropy_map_save(map, "/dev/null/map", NULL, NULL), CUTROPY_EIO);
    ck_assert_int_eq(cutropy_map_save(map, "", NULL, NULL), CUTROPY_EIO);
    cutropy_map_free(map);
}
END_TEST

/* Reads a whole file; the caller frees the text. */
static char *slurp(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    char *text = calloc(1, 1 << 20);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    ck_assert_uint_lt(length, (1 << 20) - 1);
    fclose(file);
    return text;
}

static void forget(const char *folder)
{
    static const char *const names[] = {
        "sites",    "bonds", "pairs",       "mutual_information", "rows",      "columns",
        "prefixes", "half",  "rectangles",  "spectrum",           "connected", "style",
        "report",   "range", "cutropy-map", "strongest",          "label"};
    static const char *const endings[] = {"csv", "gp", "svg", "png", "html", "json"};
    static const char *const places[] = {"", "/partial"};
    char path[512];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t e = 0; e < 2 * sizeof endings / sizeof endings[0]; e++) {
            snprintf(path, sizeof path, "%s%s/%s.%s", folder, places[e % 2], names[i],
                     endings[e / 2]);
            unlink(path);
        }
    snprintf(path, sizeof path, "%s/partial", folder); /* of a map that failed */
    rmdir(path);
    ck_assert_msg(!rmdir(folder), "files are left in %s", folder);
}

/* The tables of a folder, with PATH empty so that gnuplot is not there. */
START_TEST(tables)
{
    char folder[] = "map-test-XXXXXX";
    cutropy_map_save_options options = CUTROPY_MAP_SAVE_OPTIONS;
    int pictures = -1;
    char path[4096] = "";
    cutropy_map *map = must_map("random:seed=3", "3x3", NULL);
    map->section[0] = (cutropy_section){"A verdict", "First & foremost.\n\nSecond."};
    options.about = "About <it>.";
    options.command = "some command";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    if (getenv("PATH"))
        snprintf(path, sizeof path, "%s", getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    ck_assert_msg(!cutropy_map_save(map, folder, &options, &pictures), "%s", cutropy_error());
    setenv("PATH", path, 1);
    ck_assert_int_eq(pictures, 0);

    /* a plain family: the table of a run of its own */
    cutropy_problem *p = must_problem("random:seed=3", "3x3");
    cutropy_cuts cuts = must_cuts("rectangles", map->lattice);
    cutropy_result *direct = must_run(p, cuts.masks, cuts.count, NULL, 1, 1);
    char *want = must_csv(direct), *got = slurp(folder, "rectangles.csv");
    ck_assert_str_eq(got, want);
    free(want);
    free(got);

    /* the matrix, the spectrum */
    char *matrix = slurp(folder, "mutual_information.csv"), *end = matrix;
    for (size_t i = 0; i < 81; i++, end++) {
        const double value = strtod(end, &end);
        if (i % 10)
            ck_assert_double_eq(value, map->mutual_information[i]);
        else
            ck_assert(isnan(value));
    }
    free(matrix);
    char *spectrum = slurp(folder, "spectrum.csv");
    double sum = 0, s = 0;
    for (char *line = strchr(spectrum, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        long first, last, multiplicity;
        double value, level;
        ck_assert_int_eq(
            sscanf(line, "%ld,%ld,%ld,%lf,%lf", &first, &last, &multiplicity, &value, &level), 5);
        ck_assert_int_eq(last - first + 1, multiplicity);
        ck_assert_double_eq_tol(level, -log2(value), 1e-12);
        sum += (double)multiplicity * value;
        s += (double)multiplicity * value * level;
    }
    ck_assert_double_eq_tol(sum, 1, 1e-12);
    ck_assert_double_eq_tol(s, entropy(map, CUTROPY_MAP_HALF, 0), 1e-11);
    free(spectrum);

    char *report = slurp(folder, "report.html");
    ck_assert_ptr_nonnull(strstr(report, "gnuplot was not found"));
    ck_assert_ptr_nonnull(strstr(report, "<h1>About &lt;it&gt;.</h1>"));
    ck_assert_ptr_nonnull(strstr(report, "<p>First &amp; foremost.</p>\n<p>Second.</p>"));
    ck_assert_ptr_nonnull(strstr(report, "some command"));
    free(report);

    cutropy_map_free(map);
    map = must_map("ghz", "chain:4", NULL); /* no rows: the old table must go */
    setenv("PATH", "/nowhere", 1);
    ck_assert_msg(!cutropy_map_save(map, folder, NULL, NULL), "%s", cutropy_error());
    setenv("PATH", path, 1);
    char old[64];
    snprintf(old, sizeof old, "%s/rows.csv", folder);
    ck_assert(access(old, F_OK));
    cutropy_result_free(direct);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(p);
    cutropy_map_free(map);
    forget(folder);
}
END_TEST

/* I(pixel:label) of a labelled data set: the quantity of a run, to the last bits of its three entropies. */
START_TEST(label_of_a_data_set)
{
    char folder[] = "map-test-XXXXXX", path[4096] = "";
    cutropy_problem *p = must_problem("data:label=onehot,first=25", NULL);
    cutropy_map_options few = CUTROPY_MAP_OPTIONS;
    few.most_cuts = 70;
    cutropy_map *map = must_map("data:label=onehot,first=25", NULL, &few);
    cutropy_cuts cuts = must_cuts("sites", map->lattice);
    cutropy_result *direct = must_run(p, cuts.masks, cuts.count, "label_information", 1, 1);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    if (getenv("PATH"))
        snprintf(path, sizeof path, "%s", getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    ck_assert_msg(!cutropy_map_save(map, folder, NULL, NULL), "%s", cutropy_error());
    setenv("PATH", path, 1);
    char *text = slurp(folder, "label.csv"), *report = slurp(folder, "report.html"), *line = text;
    ck_assert_ptr_nonnull(strstr(report, "What every pixel says about the label"));
    double largest = 0;
    for (size_t i = 0; i < 64; i++) {
        double x, y, corner[4], s[3], information, error;
        int pixel;
        line = strchr(line, '\n') + 1;
        ck_assert_int_eq(sscanf(line, "%d,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &pixel, &x,
                                &y, &corner[0], &corner[1], &corner[2], &corner[3], &s[0], &s[1],
                                &s[2], &information, &error),
                         12);
        ck_assert(pixel == (int)i && x == pixel % 8 && y == pixel / 8 && corner[0] == x - 0.5);
        ck_assert(s[0] == row_record(direct, i)->entropy && s[1] == direct->rows[i].label[1] &&
                  s[2] == direct->rows[i].label[2]);
        ck_assert(fabs(information - direct->rows[i].label[0]) <= error && error < 1e-8);
        largest = fmax(largest, information);
    }
    ck_assert(largest > 0.3 && largest < 2);
    free(text);
    free(report);
    cutropy_result_free(direct);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(p);
    cutropy_map_free(map);
    map = must_map("ghz", "chain:4", NULL); /* the old table must go */
    setenv("PATH", "/nowhere", 1);
    ck_assert_msg(!cutropy_map_save(map, folder, NULL, NULL), "%s", cutropy_error());
    setenv("PATH", path, 1);
    report = slurp(folder, "report.html");
    ck_assert_ptr_null(strstr(report, "about the label"));
    free(report);
    snprintf(path, sizeof path, "%s/label.csv", folder);
    ck_assert(access(path, F_OK));
    cutropy_map_free(map);
    forget(folder);
}
END_TEST

/* Each allocation fails: CUTROPY_EMEMORY, nothing is left, and at last it works. */
START_TEST(allocation_failures)
{
    char folder[] = "map-alloc-XXXXXX", path[4096] = "";
    bool fired = true;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s", getenv("PATH") ? getenv("PATH") : "");
    setenv("PATH", "/nowhere", 1);
    failing_allocator_start(-1);
    cutropy_problem *p = must_problem("ghz", "2x2");
    cutropy_options options = ct_default_options();
    options.threads = 1;
    const long live = failing_allocator_live();
    for (long allowed = 0; fired; allowed += amount(1, 3)) {
        cutropy_map *map = NULL;
        ck_assert_int_lt(allowed, 5000);
        failing_allocator_start_all(allowed);
        cutropy_status status = cutropy_map_make(p, NULL, &options, &map);
        if (!status)
            status = cutropy_map_save(map, folder, NULL, NULL);
        fired = failing_allocator_stop();
        ck_assert_msg(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK), "%s", cutropy_error());
        cutropy_map_free(map);
        ck_assert_int_eq(failing_allocator_live(), live);
    }
    cutropy_problem_free(p);
    cutropy_set_allocator(NULL, NULL, NULL);
    setenv("PATH", path, 1);
    forget(folder);
}
END_TEST

CHECK_MAIN("map", automata_draw_the_same_map, maps_of_many_pixels, examples, law_points,
           equals_single_runs, ghz_and_parity, loops, product_is_zero, known_ranges, equals_ranges,
           two_pixels, missing_families, bad_input, tables, label_of_a_data_set,
           allocation_failures)
