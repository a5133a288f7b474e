/* SPDX-License-Identifier: Apache-2.0 */
/* Topological constants: the regions on every lattice against the code formula for closed loops,
 * runs of the program's own functions, refusals. */
#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"

#define MAX_SIDE 10
#define MAX_LINKS (2 * MAX_SIDE * MAX_SIDE)

static int kept(const uint64_t *mask, int pixel)
{
    return (int)(mask[pixel / 64] >> (pixel % 64)) & 1;
}

static size_t cut_count(cutropy_topological_kind kind)
{
    return kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN ? 4 : 7;
}

/* ---- closed loops: S = rank H_A + rank H_B - rank H over GF(2), H = the stars of the vertices */

/* side 0, 1: the columns of that side of the cut; 2: all columns. */
static int rank_of_stars(const cutropy_lattice *lattice, const uint64_t *mask, int side)
{
    static unsigned char row[MAX_SIDE * MAX_SIDE][MAX_LINKS];
    int rank = 0;
    memset(row, 0, sizeof row);
    for (int v = 0; v < lattice->vertices; v++)
        for (int k = 0; k < lattice->star_degree[v]; k++) {
            int link = lattice->star[v][k];
            row[v][link] ^= side == 2 || kept(mask, link) == side;
        }
    for (int link = 0; link < lattice->pixels; link++) {
        int pivot = rank;
        while (pivot < lattice->vertices && !row[pivot][link])
            pivot++;
        if (pivot == lattice->vertices)
            continue;
        for (int i = 0; i < lattice->pixels; i++) {
            unsigned char swap = row[pivot][i];
            row[pivot][i] = row[rank][i];
            row[rank][i] = swap;
        }
        for (int v = rank + 1; v < lattice->vertices; v++)
            for (int i = 0; row[v][link] && i < lattice->pixels; i++)
                if (i != link)
                    row[v][i] ^= row[rank][i];
        for (int v = rank + 1; v < lattice->vertices; v++)
            row[v][link] = 0;
        rank++;
    }
    return rank;
}

static double loops_entropy(const cutropy_lattice *lattice, const uint64_t *mask)
{
    return rank_of_stars(lattice, mask, 0) + rank_of_stars(lattice, mask, 1) -
           rank_of_stars(lattice, mask, 2);
}

/* ---- a law that counts corners and connected parts, for grids ---- */

static void flood(const cutropy_lattice *lattice, const uint64_t *mask, int pixel, char *seen)
{
    seen[pixel] = 1;
    for (int b = 0; b < lattice->bonds; b++)
        for (int end = 0; end < 2; end++) {
            int other = lattice->bond[b][1 - end];
            if (lattice->bond[b][end] == pixel && !seen[other] &&
                kept(mask, other) == kept(mask, pixel))
                flood(lattice, mask, other, seen);
        }
}

static int parts(const cutropy_lattice *lattice, const uint64_t *mask)
{
    char seen[MAX_SIDE * MAX_SIDE] = {0};
    int count = 0;
    for (int i = 0; i < lattice->pixels; i++)
        if (!seen[i]) {
            flood(lattice, mask, i, seen);
            count++;
        }
    return count;
}

/* Toric-code law with one check a plaquette: plaquettes with pixels on both sides, minus the
 * connected parts of both sides, plus one. */
static double plaquette_law(const cutropy_lattice *lattice, const uint64_t *mask)
{
    int open = !lattice->periodic, lx = lattice->lx, ly = lattice->ly, mixed = 0;
    for (int y = 0; y < ly - open; y++)
        for (int x = 0; x < lx - open; x++) {
            int right = (x + 1) % lx, below = (y + 1) % ly;
            int sum = kept(mask, x + lx * y) + kept(mask, right + lx * y) +
                      kept(mask, x + lx * below) + kept(mask, right + lx * below);
            mixed += sum > 0 && sum < 4;
        }
    return mixed - parts(lattice, mask) + 1;
}

/* ---- every lattice ---- */

static void check_regions(const char *name, cutropy_topological_kind kind, int room,
                          double (*entropy)(const cutropy_lattice *, const uint64_t *))
{
    cutropy_lattice *lattice = must_lattice(name);
    cutropy_cuts regions, cuts;
    double entropies[CUTROPY_TOPOLOGICAL_MAX];
    cutropy_status status = cutropy_topological_regions(lattice, kind, &regions);
    ck_assert_msg(status == (room ? CUTROPY_OK : CUTROPY_EINPUT), "%s: %d", name, (int)status);
    if (room) {
        ck_assert_ptr_null(cutropy_topological_doubt(lattice, kind, &regions));
        ck_assert_int_eq(cutropy_topological_cuts(kind, &regions, &cuts), CUTROPY_OK);
        ck_assert_uint_eq(cuts.count, cut_count(kind));
        for (size_t i = 0; i < cuts.count; i++)
            entropies[i] = entropy(lattice, cuts.masks + i * cuts.words);
        ck_assert_msg(cutropy_topological_gamma(kind, entropies) == 1, "%s, kind %d: gamma = %g",
                      name, (int)kind, cutropy_topological_gamma(kind, entropies));
        ck_assert(cutropy_topological_sum(kind, entropies) ==
                  (kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN ? -2 : -1));
        cutropy_cuts_free(&cuts);
        cutropy_cuts_free(&regions);
    } else {
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "has no room for"));
        ck_assert_ptr_null(regions.masks);
    }
    cutropy_lattice_free(lattice);
}

static void check_sizes(const char *kind, int most,
                        double (*entropy)(const cutropy_lattice *, const uint64_t *))
{
    for (int torus = 0; torus < 2; torus++)
        for (int ly = 2; ly <= most; ly++)
            for (int lx = 2; lx <= most; lx++) {
                char name[40];
                snprintf(name, sizeof name, "%s:%dx%d%s", kind, lx, ly, torus ? ":torus" : "");
                check_regions(name, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, lx >= 3 && ly >= 3,
                              entropy);
                check_regions(name, CUTROPY_TOPOLOGICAL_LEVIN_WEN, lx >= 4 && ly >= 4, entropy);
            }
}

START_TEST(regions_of_links)
{
    check_sizes("links", amount(7, 5), loops_entropy);
    check_regions("links:10x9:torus", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, 1, loops_entropy);
    check_regions("links:9x10", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 1, loops_entropy);
}
END_TEST

START_TEST(regions_of_grids)
{
    check_sizes("grid", 8, plaquette_law);
    check_regions("chain:30", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, 0, NULL);
    check_regions("chain:30:ring", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 0, NULL);
}
END_TEST

/* ---- runs ---- */

static double gamma_of(const char *problem_text, const char *lattice, cutropy_topological_kind kind,
                       double *error)
{
    cutropy_problem *problem = must_problem(problem_text, lattice);
    cutropy_cuts regions, cuts;
    double entropies[CUTROPY_TOPOLOGICAL_MAX], errors[CUTROPY_TOPOLOGICAL_MAX];
    ck_assert_int_eq(cutropy_topological_regions(cutropy_problem_lattice(problem), kind, &regions),
                     CUTROPY_OK);
    ck_assert_int_eq(cutropy_topological_cuts(kind, &regions, &cuts), CUTROPY_OK);
    cutropy_result *result = must_run(problem, cuts.masks, cuts.count, NULL, 1, 1);
    for (size_t i = 0; i < cuts.count; i++) {
        entropies[i] = row_record(result, i)->entropy;
        errors[i] = row_record(result, i)->entropy_err;
    }
    *error = cutropy_topological_error(kind, errors);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_cuts_free(&regions);
    cutropy_problem_free(problem);
    return cutropy_topological_gamma(kind, entropies);
}

static void expect_gamma(const char *problem, const char *lattice, cutropy_topological_kind kind,
                         double expected)
{
    double error, gamma = gamma_of(problem, lattice, kind, &error);
    ck_assert_msg(fabs(gamma - expected) <= error && error < 1e-9, "%s on %s: %.17g, error %g",
                  problem, lattice, gamma, error);
}

START_TEST(loops_have_one_bit)
{
    static const char *const lattices[] = {"links:3x3",       "links:3x3:torus", "links:4x4",
                                           "links:4x4:torus", "links:5x4",       "links:4x5:torus"};
    for (int i = 0; i < 6; i++)
        expect_gamma("loops", lattices[i], CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, 1);
    for (int i = 2; i < 6; i++)
        expect_gamma("loops", lattices[i], CUTROPY_TOPOLOGICAL_LEVIN_WEN, 1);
    expect_gamma("loops:contractible=1", "links:4x4:torus", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, 1);
    expect_gamma("loops:contractible=1", "links:4x4:torus", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 1);
}
END_TEST

/* One bit on every proper cut: 3 - 3 + 1 = -gamma and 1 - 1 - 1 + 1 = -2 gamma. */
START_TEST(one_global_bit_is_no_order)
{
    expect_gamma("parity", "grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, -1);
    expect_gamma("parity", "grid:4x4", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 0);
    expect_gamma("ghz", "grid:5x5", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, -1);
    expect_gamma("ghz", "grid:5x5", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 0);
    expect_gamma("logistic", "grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, 0);
    expect_gamma("logistic", "grid:4x4", CUTROPY_TOPOLOGICAL_LEVIN_WEN, 0);
}
END_TEST

/* ---- regions by hand ---- */

static const char *doubt_of(const char *lattice_text, cutropy_topological_kind kind,
                            const char *masks)
{
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_cuts regions = must_cuts(masks, lattice);
    const char *doubt = cutropy_topological_doubt(lattice, kind, &regions);
    cutropy_cuts_free(&regions);
    cutropy_lattice_free(lattice);
    return doubt;
}

START_TEST(doubtful_regions)
{
    /* 4x4: a block of 2x2 with one pixel left outside: A, B, C and the outside meet */
    ck_assert_ptr_nonnull(
        doubt_of("grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, "0x20,0x40,0x200"));
    ck_assert_ptr_null(
        doubt_of("grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, "0x60,0x200,0x400"));
    /* three in a row: A and C do not touch */
    ck_assert_ptr_nonnull(
        doubt_of("grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, "0x10,0x20,0x40"));
    /* nothing left outside */
    ck_assert_ptr_nonnull(
        doubt_of("grid:4x4", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, "0xff,0x3300,0xcc00"));
    /* a ring that fills a 3x3 lattice has an inside, no outside */
    ck_assert_ptr_nonnull(doubt_of("grid:3x3", CUTROPY_TOPOLOGICAL_LEVIN_WEN, "0x49,0x82,0x124"));
    ck_assert_ptr_null(doubt_of("grid:4x4", CUTROPY_TOPOLOGICAL_LEVIN_WEN, "0x111,0x202,0x444"));
    /* four links of a star, the fourth outside */
    ck_assert_ptr_nonnull(
        doubt_of("links:3x3", CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, "0x80,0x4,0x8"));
}
END_TEST

/* Contractible closed loops of a torus: the code C of the plaquettes, S = rank C_A + rank C_B -
 * rank C with C_A the words seen in A. links:3x3:torus, bit = link. */
static int rank_of_plaquettes(const cutropy_lattice *lattice, uint64_t where)
{
    uint64_t word[9], rank = 0;
    for (int k = 0; k < 9; k++) { /* right, down on the far side, and back */
        int x = k % 3, y = k / 3, right = (x + 1) % 3, below = (y + 1) % 3;
        word[k] = (UINT64_C(1) << (x + 3 * y) ^ UINT64_C(1) << (x + 3 * below) ^
                   UINT64_C(1) << (9 + x + 3 * y) ^ UINT64_C(1) << (9 + right + 3 * y)) &
                  where;
    }
    for (int link = 0; link < lattice->pixels; link++) {
        int pivot = (int)rank;
        while (pivot < 9 && !(word[pivot] >> link & 1))
            pivot++;
        if (pivot == 9)
            continue;
        uint64_t swap = word[pivot];
        word[pivot] = word[rank];
        word[rank++] = swap;
        for (int k = (int)rank; k < 9; k++)
            if (word[k] >> link & 1)
                word[k] ^= swap;
    }
    return (int)rank;
}

static int lit_links(uint64_t region)
{
    int count = 0;
    for (; region; region &= region - 1)
        count++;
    return count;
}

/* Connected sets of links, grown at random. */
static uint64_t grow(const cutropy_lattice *lattice, uint64_t taken, int size, uint64_t *state)
{
    uint64_t region = 0;
    for (int tries = 0; tries < 200 && lit_links(region) < size; tries++) {
        int b = (int)draw_below(state, (uint64_t)lattice->bonds);
        uint64_t i = UINT64_C(1) << lattice->bond[b][0], j = UINT64_C(1) << lattice->bond[b][1];
        if (((i | j) & taken) || (region && !((i | j) & region)))
            continue;
        region |= region ? i | j : i;
    }
    return region;
}

static void must_wind(const char *lattice, const char *masks)
{
    const char *doubt = doubt_of(lattice, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, masks);
    ck_assert_msg(doubt && strstr(doubt, "winds around the torus"), "%s %s: %s", lattice, masks,
                  doubt ? doubt : "no doubt");
}

/* Whatever is not doubted has gamma = 1 although loops that wind are excluded. */
START_TEST(winding_regions)
{
    uint64_t state = 91;
    int sound = 0, winding = 0;
    cutropy_lattice *lattice = must_lattice("links:3x3:torus");
    const uint64_t all = all_pixels(lattice);
    for (int repeat = 0; repeat < amount(400000, 20000); repeat++) {
        uint64_t masks[3] = {0}, taken = 0;
        double entropies[CUTROPY_TOPOLOGICAL_MAX];
        cutropy_cuts regions = {1, 3, masks}, cuts;
        for (int r = 0; r < 3; r++)
            taken |= masks[r] = grow(lattice, taken, 1 + (int)draw_below(&state, 4), &state);
        if (!masks[0] || !masks[1] || !masks[2])
            continue;
        const char *doubt =
            cutropy_topological_doubt(lattice, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, &regions);
        winding += doubt && strstr(doubt, "winds");
        if (doubt)
            continue;
        sound++;
        ck_assert_int_eq(
            cutropy_topological_cuts(CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, &regions, &cuts),
            CUTROPY_OK);
        for (size_t i = 0; i < cuts.count; i++)
            entropies[i] = rank_of_plaquettes(lattice, cuts.masks[i]) +
                           rank_of_plaquettes(lattice, all & ~cuts.masks[i]) -
                           rank_of_plaquettes(lattice, all);
        ck_assert_msg(cutropy_topological_gamma(CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, entropies) ==
                          1,
                      "0x%llx,0x%llx,0x%llx", (unsigned long long)masks[0],
                      (unsigned long long)masks[1], (unsigned long long)masks[2]);
        for (size_t i = 0; i < cuts.count; i++)
            entropies[i] = loops_entropy(lattice, &cuts.masks[i]);
        ck_assert(cutropy_topological_gamma(CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, entropies) == 1);
        cutropy_cuts_free(&cuts);
    }
    ck_assert_msg(sound > 10 && winding > 10, "%d sound, %d wind", sound, winding);
    must_wind("links:3x3:torus", "0x20,0x40a,0x10");
    /* every loop around the torus in x crosses A, B or C, but none runs in them */
    must_wind("links:5x3:torus", "0x8001,0x220,0x100400");
    must_wind("grid:4x2:torus", "0x1,0x10,0x2"); /* two rows are joined on both sides */
    must_wind("grid:4x4:torus", "0x1,0x6,0x8");
    cutropy_lattice_free(lattice);
}
END_TEST

static void expect_refusal(const char *masks, const char *message)
{
    cutropy_lattice *lattice = must_lattice("grid:4x4");
    cutropy_cuts regions = must_cuts(masks, lattice), cuts;
    ck_assert_int_eq(cutropy_topological_cuts(CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL, &regions, &cuts),
                     CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), message));
    ck_assert_ptr_null(cuts.masks);
    cutropy_cuts_free(&regions);
    cutropy_lattice_free(lattice);
}

START_TEST(refusals)
{
    expect_refusal("0x3,0x6,0x8", "regions A and B overlap");
    expect_refusal("0x3,0x8,0xc", "regions B and C overlap");
    expect_refusal("0x3,0x4", "three regions, not 2");
    expect_refusal("0x3,0x0,0x4", "region B is empty");
}
END_TEST

START_TEST(allocation_failures)
{
    for (long k = 0;; k++) {
        cutropy_cuts regions = {0}, cuts = {0};
        failing_allocator_start(-1);
        cutropy_lattice *lattice = must_lattice("links:4x4");
        failing_allocator_start(k);
        cutropy_status status =
            cutropy_topological_regions(lattice, CUTROPY_TOPOLOGICAL_LEVIN_WEN, &regions);
        if (!status)
            status = cutropy_topological_cuts(CUTROPY_TOPOLOGICAL_LEVIN_WEN, &regions, &cuts);
        bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        cutropy_cuts_free(&cuts);
        cutropy_cuts_free(&regions);
        cutropy_lattice_free(lattice);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            ck_assert_int_eq(k, 2);
            break;
        }
    }
}
END_TEST

CHECK_MAIN("topological", regions_of_links, regions_of_grids, loops_have_one_bit,
           one_global_bit_is_no_order, doubtful_regions, winding_regions, refusals,
           allocation_failures)
