/* SPDX-License-Identifier: Apache-2.0 */
/* The whole library against the slow oracle: hundreds of random functions, every kind, lattice and
 * sort of cut. */
#include <float.h>
#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "ref/oracle.h"
#include "ref/sample.h"
#include "ref/support.h"

static const char *const quantities = "renyi:0.5,renyi:3,renyi:0,renyi:inf,schmidt_gap,log_"
                                      "negativity,tr_rho3,blocks,boundary_pixels,spectrum";
enum { HALF, THREE, ZERO, INFINITE, GAP, NEGATIVITY, CUBE, BLOCKS, PIXELS };

typedef struct comparison {
    const sample *s;
    const cutropy_lattice *lattice;
    const cutropy_result *result;
    const cutropy_record *record;
    size_t row;
    uint64_t mask;
    int other_side; /* the oracle wrote rho of the complement, which is smaller */
    uint64_t oracle_mask;
    oracle_answer answer;
} comparison;

#define SAME(c, value, expected, tolerance, what)                                                  \
    do {                                                                                           \
        long double value_ = (value), expected_ = (expected), tolerance_ = (tolerance);            \
        ck_assert_msg(fabsl(value_ - expected_) <= tolerance_,                                     \
                      "%s: %.17Lg, not %.17Lg (off %.3Lg, allowed %.3Lg); "                        \
                      "kind %d, lattice %s, cut 0x%llx",                                           \
                      what, value_, expected_, fabsl(value_ - expected_), tolerance_,              \
                      (int)(c)->s->kind, (c)->lattice->name, (unsigned long long)(c)->mask);       \
    } while (0)

static long double largest(long double x, long double y)
{
    return x > y ? x : y;
}

/* ---- one aspect each ---- */

static void compare_entropies(const comparison *c)
{
    const oracle_answer *a = &c->answer;
    const cutropy_record *r = c->record;
    long double shift = (long double)(8 + a->dimension) * DBL_EPSILON;
    SAME(c, r->entropy, a->entropy, r->entropy_err + oracle_error(a), "entropy");
    ck_assert_msg(r->entropy_err >= 0 && r->entropy_err < 1e-9, "entropy_err %g", r->entropy_err);
    if (r->guarantee == CUTROPY_GUARANTEE_EXACT)
        SAME(c, r->entropy, a->entropy, 16 * DBL_EPSILON * largest(1, a->entropy) + oracle_error(a),
             "exact entropy");
    SAME(c, r->purity, a->purity, 64 * shift, "purity");
    SAME(c, r->renyi2, -log2l(a->purity), 64 * shift / a->purity, "renyi2");
    SAME(c, r->tr_rho3, a->tr_rho3, 64 * shift, "tr_rho3");
    static const long double order[] = {0.5L, 3, 0, INFINITY};
    for (size_t k = 0; k < 4; k++) {
        if (order[k] == 0 && r->rank_lo != r->rank_hi)
            continue;
        long double slack = oracle_renyi_slack(a, order[k], 4 * shift) + 32 * shift;
        SAME(c, cutropy_result_quantity(c->result, c->row, k), oracle_renyi(a, order[k]), slack,
             "renyi");
        if (k == HALF)
            SAME(c, cutropy_result_quantity(c->result, c->row, NEGATIVITY), oracle_renyi(a, 0.5L),
                 slack, "negativity");
    }
    long double second = a->dimension > 1 ? a->eigenvalue[1] : 0;
    SAME(c, cutropy_result_quantity(c->result, c->row, GAP), a->eigenvalue[0] - second, 16 * shift,
         "gap");
    SAME(c, cutropy_result_quantity(c->result, c->row, CUBE), a->tr_rho3, 64 * shift,
         "tr_rho3 column");
}

static void compare_exact(const comparison *c)
{
    const cutropy_record *r = c->record;
    int is_integer = c->s->function.integers != NULL;
    ck_assert_int_le(r->rank_lo, r->rank_hi);
    ck_assert_msg(r->rank_lo <= c->answer.rank && c->answer.rank <= r->rank_hi,
                  "rank %lld not in %lld..%lld; kind %d", (long long)c->answer.rank,
                  (long long)r->rank_lo, (long long)r->rank_hi, (int)c->s->kind);
    for (int side = 0; side < 2; side++)
        ck_assert_int_eq(row_classes(c->result, c->row, side),
                         c->answer.classes[side ^ c->other_side]);
    if (!is_integer) {
        ck_assert(!r->purity_exact.q[0] && !r->purity_exact.q[1] && !r->tr_rho3_exact.q[0] &&
                  !r->tr_rho3_exact.q[1]);
        return;
    }
    ck_assert_int_eq(r->rank_lo, r->rank_hi);
    const cutropy_fraction *fractions[2] = {&r->purity_exact, &r->tr_rho3_exact};
    for (int power = 2; power <= 3; power++) {
        const cutropy_fraction *fraction = fractions[power - 2];
        if (fraction->q[0] || fraction->q[1])
            ck_assert_msg(
                oracle_is_trace(&c->s->function, c->oracle_mask, power, fraction->p, fraction->q),
                "Tr rho^%d is another fraction; lattice %s, cut 0x%llx", power, c->lattice->name,
                (unsigned long long)c->mask);
        else
            ck_assert_msg(powl(c->answer.norm, power) > 0x1p100L, "Tr rho^%d should be exact here",
                          power);
    }
}

static void compare_spectrum(const comparison *c)
{
    const cutropy_record *r = c->record;
    long double total = 0, second = 0,
                tolerance = 64 * (long double)(8 + c->answer.dimension) * DBL_EPSILON;
    int64_t index = 0;
    ck_assert_uint_gt(r->spectrum_count, 0);
    for (size_t k = 0; k < r->spectrum_count; k++) {
        long double value = r->spectrum[k], multiplicity = (long double)r->multiplicity[k];
        ck_assert_int_gt(r->multiplicity[k], 0);
        ck_assert_msg(!k || r->spectrum[k] < r->spectrum[k - 1], "eigenvalues descend");
        ck_assert(value >= 0 && value <= 1 + tolerance);
        total += multiplicity * value;
        second += multiplicity * value * value;
        for (int64_t m = 0; m < r->multiplicity[k]; m++, index++) {
            long double expected =
                index < (int64_t)c->answer.dimension ? c->answer.eigenvalue[index] : 0;
            SAME(c, value, expected, tolerance, "eigenvalue");
        }
    }
    ck_assert_msg(r->rank_lo <= index && index <= r->rank_hi, "%lld eigenvalues, rank %lld..%lld",
                  (long long)index, (long long)r->rank_lo, (long long)r->rank_hi);
    SAME(c, total, 1, tolerance, "trace");
    SAME(c, second, c->answer.purity, tolerance, "purity of the spectrum");
}

/* Components of the bipartite graph of non-zero entries, by spreading labels until nothing changes.
 */
static int64_t count_blocks(const comparison *c)
{
    const oracle_function *f = &c->s->function;
    uint64_t everything = all_pixels(c->lattice), size = everything + 1;
    int64_t mark[1024], blocks = 0;
    int changed = 1;
    for (uint64_t s = 0; s < size; s++) {
        int lit = f->integers ? f->integers[s] != 0
                  : f->reals  ? f->reals[s] != 0
                              : f->complexes[2 * s] != 0 || f->complexes[2 * s + 1] != 0;
        mark[s] = lit ? (int64_t)s : -1;
    }
    while (changed) {
        int64_t least[2][1024];
        changed = 0;
        memset(least, 0x7f, sizeof least);
        for (uint64_t s = 0; s < size; s++)
            for (int side = 0; side < 2; side++) {
                uint64_t key = s & (side ? everything & ~c->mask : c->mask);
                if (mark[s] >= 0 && mark[s] < least[side][key])
                    least[side][key] = mark[s];
            }
        for (uint64_t s = 0; s < size; s++) {
            int64_t a = least[0][s & c->mask], b = least[1][s & everything & ~c->mask],
                    low = a < b ? a : b;
            if (mark[s] > low) {
                mark[s] = low;
                changed = 1;
            }
        }
    }
    for (uint64_t s = 0; s < size; s++)
        blocks += mark[s] == (int64_t)s;
    return blocks;
}

static void compare_geometry(const comparison *c)
{
    const cutropy_row *row = &c->result->rows[c->row];
    int boundary = 0, touched = 0;
    for (int b = 0; b < c->lattice->bonds; b++)
        boundary +=
            (c->mask >> c->lattice->bond[b][0] & 1) != (c->mask >> c->lattice->bond[b][1] & 1);
    for (int pixel = 0; pixel < c->lattice->pixels; pixel++) {
        int neighbour = 0;
        for (int b = 0; b < c->lattice->bonds; b++)
            for (int end = 0; end < 2; end++)
                neighbour |= c->lattice->bond[b][end] == pixel &&
                             !(c->mask >> c->lattice->bond[b][1 - end] & 1);
        touched += neighbour && (c->mask >> pixel & 1);
    }
    ck_assert_int_eq(row->na, lit_pixels(c->mask));
    ck_assert_int_eq(row->boundary, boundary);
    ck_assert_int_eq(row->boundary_pixels, touched);
    ck_assert(cutropy_result_quantity(c->result, c->row, PIXELS) == touched);
    ck_assert_int_eq(c->record->blocks, count_blocks(c));
    ck_assert(cutropy_result_quantity(c->result, c->row, BLOCKS) == (double)c->record->blocks);
}

/* ---- a function and its cuts ---- */

static void compare_row(const sample *s, const cutropy_lattice *lattice,
                        const cutropy_result *result, size_t row)
{
    comparison c = {.s = s, .lattice = lattice, .result = result, .row = row};
    c.record = row_record(result, row);
    c.mask = result->cuts.masks[row];
    c.other_side = 2 * lit_pixels(c.mask) > s->pixels;
    c.oracle_mask = c.other_side ? all_pixels(lattice) & ~c.mask : c.mask;
    oracle_solve(&s->function, c.oracle_mask, &c.answer);
    compare_exact(&c);
    compare_entropies(&c);
    compare_spectrum(&c);
    compare_geometry(&c);
    oracle_free(&c.answer);
}

static int same_fraction(const cutropy_fraction *x, const cutropy_fraction *y)
{
    return x->p[0] == y->p[0] && x->p[1] == y->p[1] && x->q[0] == y->q[0] && x->q[1] == y->q[1] &&
           !x->text && !y->text;
}

/* What may not depend on the road: exact columns; entropies within both errors. */
static void compare_results(const cutropy_result *x, const cutropy_result *y, const char *what)
{
    ck_assert_uint_eq(x->count, y->count);
    ck_assert_msg(x->checksum == y->checksum, "%s: checksum", what);
    ck_assert_uint_eq(x->ones, y->ones);
    ck_assert_str_eq(x->norm, y->norm);
    for (size_t row = 0; row < x->count; row++) {
        const cutropy_record *a = row_record(x, row), *b = row_record(y, row);
        unsigned long long mask = x->cuts.masks[row];
        ck_assert_msg(same_fraction(&a->purity_exact, &b->purity_exact), "%s: purity of 0x%llx",
                      what, mask);
        ck_assert_msg(same_fraction(&a->tr_rho3_exact, &b->tr_rho3_exact), "%s: Tr rho^3 of 0x%llx",
                      what, mask);
        ck_assert_msg(a->rank_lo == b->rank_lo && a->rank_hi == b->rank_hi, "%s: rank of 0x%llx",
                      what, mask);
        ck_assert_msg(a->blocks == b->blocks, "%s: blocks of 0x%llx", what, mask);
        for (int side = 0; side < 2; side++)
            ck_assert_msg(row_classes(x, row, side) == row_classes(y, row, side),
                          "%s: classes of 0x%llx", what, mask);
        ck_assert_msg(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err,
                      "%s: entropy of 0x%llx", what, mask);
    }
}

static cutropy_lattice *some_lattice(int pixels, uint64_t *state)
{
    char text[32];
    int ring = pixels > 2 && draw_below(state, 2), wide = pixels % 2 == 0 ? 2 : 3;
    if (pixels == 4 && draw_below(state, 3) == 0)
        return must_lattice("links:2x2");
    if (pixels == 7 && draw_below(state, 3) == 0)
        return must_lattice("links:2x3");
    if (pixels == 8 && draw_below(state, 3) == 0)
        return must_lattice("links:2x2:torus");
    if (pixels % wide == 0 && draw_below(state, 2)) {
        snprintf(text, sizeof text, "grid:%dx%d%s", wide, pixels / wide, ring ? ":torus" : "");
        return must_lattice(text);
    }
    snprintf(text, sizeof text, "chain:%d%s", pixels, ring ? ":ring" : "");
    return must_lattice(text);
}

/* The empty and the full cut, a half, random masks, and one with its complement; no repetitions. */
static size_t some_masks(uint64_t everything, uint64_t *state, uint64_t *masks)
{
    uint64_t mask = draw(state) & everything;
    const uint64_t wanted[] = {0,
                               everything,
                               everything & UINT64_C(0x5555555555555555),
                               draw(state) & everything,
                               mask,
                               everything & ~mask,
                               draw(state) & draw(state) & everything};
    size_t count = 0;
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        size_t seen = 0;
        while (seen < count && masks[seen] != wanted[k])
            seen++;
        masks[count] = wanted[k];
        count += seen == count;
    }
    return count;
}

/* The same label function as a list of images in random order, with repetitions. */
static cutropy_problem *as_images(const sample *s, const cutropy_lattice *lattice, uint64_t *state)
{
    uint64_t images[2 * 1024];
    size_t count = 0;
    for (uint64_t image = 0; image <= all_pixels(lattice); image++)
        for (uint64_t copies = s->labels[image] ? 1 + draw_below(state, 2) : 0; copies; copies--)
            images[count++] = image;
    for (size_t k = count; k > 1; k--) {
        size_t other = draw_below(state, k);
        uint64_t swap = images[k - 1];
        images[k - 1] = images[other];
        images[other] = swap;
    }
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_problem_from_images("images", lattice, images, count, &problem);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    return problem;
}

static int label_of(uint64_t image, void *user)
{
    return ((const sample *)user)->labels[image];
}

static void compare_roads(sample *s, const cutropy_lattice *lattice, const cutropy_result *result,
                          uint64_t *state)
{
    cutropy_problem *others[2] = {as_images(s, lattice, state), NULL};
    const char *const name[2] = {"images", "labels"};
    ck_assert(cutropy_problem_from_labels("labels", lattice, label_of, s, &others[1]) ==
              CUTROPY_OK);
    for (int k = 0; k < 2; k++) {
        cutropy_result *other =
            must_run(others[k], result->cuts.masks, result->count, quantities, 1, k);
        compare_results(result, other, name[k]);
        cutropy_result_free(other);
        cutropy_problem_free(others[k]);
    }
}

static void compare_function(texture kind, int pixels, uint64_t seed)
{
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, masks[8];
    cutropy_lattice *lattice = some_lattice(pixels, &state);
    sample s;
    sample_draw(kind, pixels, &state, &s);
    size_t count = some_masks(all_pixels(lattice), &state, masks);
    cutropy_problem *problem = must_values(lattice, s.kind, s.values);
    cutropy_result *result = must_run(problem, masks, count, quantities, 1 + (int)(seed & 1), 0);
    cutropy_result *symmetric = must_run(problem, masks, count, quantities, 1, 1);
    ck_assert_int_eq(result->kind, s.kind);
    for (size_t row = 0; row < count; row++)
        compare_row(&s, lattice, result, row);
    for (size_t row = 0; row < count; row++)
        compare_row(&s, lattice, symmetric, row);
    compare_results(result, symmetric, "symmetry");
    if (s.labels)
        compare_roads(&s, lattice, result, &state);
    cutropy_result_free(result);
    cutropy_result_free(symmetric);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    sample_free(&s);
}

static void compare_textures(texture first, texture end)
{
    uint64_t seed = 1000 * (uint64_t)first;
    for (texture kind = first; kind < end; kind++)
        for (int pixels = kind == BLOCK_LABELS ? 4 : 1; pixels <= amount(10, 7); pixels++)
            for (int repeat = 0; repeat < amount(4, 1); repeat++)
                compare_function(kind, pixels, ++seed);
}

START_TEST(labels)
{
    compare_textures(SPARSE_LABELS, SIGNS);
}
END_TEST

START_TEST(integers)
{
    compare_textures(SIGNS, REALS);
}
END_TEST

START_TEST(reals)
{
    compare_textures(REALS, COMPLEXES);
}
END_TEST

START_TEST(complexes)
{
    compare_textures(COMPLEXES, TEXTURES);
}
END_TEST

/* ---- single points ---- */

/* random: the most significant bit of splitmix64(image), here written from its published
 * definition. */
static int64_t splitmix_bit(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return (int64_t)(x >> 63);
}

START_TEST(plus_minus_one)
{
    static int64_t values[512];
    uint64_t masks[255];
    for (uint64_t s = 0; s < 512; s++)
        values[s] = 1 - 2 * splitmix_bit(s);
    for (uint64_t mask = 1; mask < 256; mask++)
        masks[mask - 1] = mask;
    cutropy_lattice *lattice = must_lattice("grid:3x3");
    cutropy_problem *named = must_problem("random:encoding=pm1", "grid:3x3");
    cutropy_problem *given = must_values(lattice, CUTROPY_KIND_INTEGER, values);
    cutropy_result *x = must_run(named, masks, 255, quantities, 1, 1),
                   *y = must_run(given, masks, 255, quantities, 1, 0);
    sample s = {.pixels = 9,
                .kind = CUTROPY_KIND_INTEGER,
                .function = {9, values, NULL, NULL},
                .values = values};
    for (size_t row = 0; row < 255; row += 17) {
        compare_row(&s, lattice, x, row);
        compare_row(&s, lattice, y, row);
    }
    for (size_t row = 0; row < 255; row++) {
        const cutropy_record *a = row_record(x, row), *b = row_record(y, row);
        ck_assert(same_fraction(&a->purity_exact, &b->purity_exact) &&
                  same_fraction(&a->tr_rho3_exact, &b->tr_rho3_exact));
        ck_assert_int_eq(a->rank_lo, b->rank_lo);
        ck_assert(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err);
    }
    ck_assert_str_eq(x->norm, "512");
    ck_assert_str_eq(y->norm, "512");
    cutropy_result_free(x);
    cutropy_result_free(y);
    cutropy_problem_free(named);
    cutropy_problem_free(given);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Every cut of one function, with its symmetries, against the oracle. */
START_TEST(all_cuts_of_a_symmetric_function)
{
    static const texture kinds[] = {WEIGHT_LABELS, CLASS_LABELS, HALF_LABELS};
    uint64_t state = 11;
    for (size_t k = 0; k < 3; k++) {
        cutropy_lattice *lattice = must_lattice(k ? "grid:3x2" : "chain:7:ring");
        sample s;
        sample_draw(kinds[k], lattice->pixels, &state, &s);
        cutropy_problem *problem = must_values(lattice, s.kind, s.values);
        cutropy_cuts cuts = must_cuts("all", lattice);
        ck_assert_uint_eq(cuts.count, (UINT64_C(1) << (lattice->pixels - 1)) - 1);
        cutropy_result *result = must_run(problem, cuts.masks, cuts.count, quantities, 2, 1);
        for (size_t row = 0; row < result->count; row++)
            compare_row(&s, lattice, result, row);
        cutropy_result_free(result);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
        sample_free(&s);
    }
}
END_TEST

START_TEST(mutual_information)
{
    uint64_t state = 5;
    sample s;
    cutropy_lattice *lattice = must_lattice("grid:3x2");
    sample_draw(THIN_LABELS, 6, &state, &s);
    cutropy_problem *problem = must_values(lattice, s.kind, s.values);
    cutropy_cuts cuts = must_cuts("pairs", lattice);
    cutropy_result *result = must_run(problem, cuts.masks, cuts.count, "mutual_information", 1, 1);
    ck_assert_uint_eq(cuts.count, 15);
    for (size_t row = 0; row < result->count; row++) {
        uint64_t pair = cuts.masks[row], low = pair & -pair;
        long double expected = 0;
        const uint64_t part[3] = {low, pair & ~low, pair};
        for (int k = 0; k < 3; k++) {
            oracle_answer answer;
            oracle_solve(&s.function, part[k], &answer);
            expected += k < 2 ? answer.entropy : -answer.entropy;
            oracle_free(&answer);
        }
        ck_assert(fabsl(cutropy_result_quantity(result, row, 0) - expected) < 1e-13L);
    }
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    sample_free(&s);
}
END_TEST

/* Orders close to 1, where (log Tr rho^alpha) / (1 - alpha) cancels, and large ones, where p^alpha
 * underflows. */
START_TEST(extreme_orders)
{
    static const char *const order[] = {"0.99999", "1.00001", "0.9999999999", "1.0000000001", "1",
                                        "40",      "5000",    "1e9",          "1e300"};
    static const texture kinds[] = {HALF_LABELS, WEIGHT_LABELS, SMALL_INTEGERS, REALS, COMPLEXES};
    uint64_t state = 31, mask = 0x2b;
    cutropy_lattice *lattice = must_lattice("chain:7");
    for (size_t k = 0; k < 5; k++) {
        sample s;
        oracle_answer answer;
        sample_draw(kinds[k], 7, &state, &s);
        oracle_solve(&s.function, 0x7f & ~mask, &answer);
        cutropy_problem *problem = must_values(lattice, s.kind, s.values);
        for (size_t q = 0; q < sizeof order / sizeof order[0]; q++) {
            char text[40];
            snprintf(text, sizeof text, "renyi:%s", order[q]);
            cutropy_result *result = must_run(problem, &mask, 1, text, 1, 1);
            long double expected = oracle_renyi(&answer, (long double)strtod(order[q], NULL));
            double value = cutropy_result_quantity(result, 0, 0);
            ck_assert_msg(fabsl(value - expected) < 1e-12L, "renyi:%s: %.17g, not %.17Lg", order[q],
                          value, expected);
            cutropy_result_free(result);
        }
        cutropy_problem_free(problem);
        oracle_free(&answer);
        sample_free(&s);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* The entropy does not know the scale of f; the library may refuse a scale, but not get it wrong.
 */
START_TEST(scale_of_the_amplitudes)
{
    static const int exponents[] = {-1000, -600, -300, -100, 100, 300, 505, 900};
    uint64_t state = 3, mask = 0x1c;
    sample s;
    sample_draw(REALS, 5, &state, &s);
    cutropy_lattice *lattice = must_lattice("chain:5");
    oracle_answer answer;
    oracle_solve(&s.function, mask, &answer);
    for (size_t k = 0; k < sizeof exponents / sizeof exponents[0]; k++) {
        double scaled[32];
        for (int i = 0; i < 32; i++)
            scaled[i] = ldexp(s.numbers[i], exponents[k]);
        cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, scaled);
        cutropy_cuts cuts = {1, 1, &mask};
        cutropy_options options = ct_default_options();
        cutropy_result *result = NULL;
        cutropy_status status = cutropy_run(problem, &cuts, &options, &result);
        if (status == CUTROPY_OK) {
            const cutropy_record *r = row_record(result, 0);
            ck_assert_msg(fabsl(r->entropy - answer.entropy) <=
                              r->entropy_err + oracle_error(&answer),
                          "scale 2^%d: %g", exponents[k], r->entropy);
            ck_assert(fabsl(r->purity - answer.purity) < 1e-12L);
            ck_assert(r->rank_lo <= answer.rank && answer.rank <= r->rank_hi);
        } else {
            ck_assert_msg(status == CUTROPY_EUNSUPPORTED || status == CUTROPY_EINPUT ||
                              status == CUTROPY_ENUMERIC,
                          "scale 2^%d: status %d", exponents[k], (int)status);
            ck_assert_ptr_null(result);
        }
        cutropy_result_free(result);
        cutropy_problem_free(problem);
    }
    oracle_free(&answer);
    cutropy_lattice_free(lattice);
    sample_free(&s);
}
END_TEST

/* Integers near the limits of 64 bits: right, or refused, never wrapped around. */
START_TEST(huge_integers)
{
    static const int64_t limits[] = {INT64_C(1) << 33, INT64_C(1) << 53, INT64_C(1) << 62,
                                     INT64_MAX, INT64_MIN};
    const uint64_t masks[3] = {0x3, 0x15, 0x1f};
    uint64_t state = 9;
    cutropy_lattice *lattice = must_lattice("chain:5");
    for (size_t k = 0; k < sizeof limits / sizeof limits[0]; k++) {
        int64_t values[32];
        for (int i = 0; i < 32; i++)
            values[i] = (int64_t)(draw(&state) % 3) * (limits[k] / 2) +
                        (limits[k] == INT64_MIN || limits[k] == INT64_MAX ? 0 : i);
        values[7] = limits[k];
        sample s = {.pixels = 5,
                    .kind = CUTROPY_KIND_INTEGER,
                    .function = {5, values, NULL, NULL},
                    .values = values};
        cutropy_problem *problem = NULL;
        cutropy_result *result = NULL;
        cutropy_cuts cuts = {1, 3, (uint64_t *)masks};
        cutropy_options options = ct_default_options();
        options.quantity_count = 0;
        cutropy_status status =
            cutropy_problem_from_values("huge", lattice, CUTROPY_KIND_INTEGER, values, &problem);
        if (status == CUTROPY_OK)
            status = cutropy_run(problem, &cuts, &options, &result);
        ck_assert_msg(status == CUTROPY_OK || status == CUTROPY_EUNSUPPORTED ||
                          status == CUTROPY_EINPUT,
                      "status %d: %s", (int)status, cutropy_error());
        for (size_t row = 0; result && row < result->count; row++) {
            comparison c = {
                .s = &s, .lattice = lattice, .result = result, .row = row, .mask = masks[row]};
            c.record = row_record(result, row);
            c.oracle_mask = c.mask;
            oracle_solve(&s.function, c.mask, &c.answer);
            compare_exact(&c);
            SAME(&c, c.record->entropy, c.answer.entropy,
                 c.record->entropy_err + oracle_error(&c.answer), "entropy");
            oracle_free(&c.answer);
        }
        cutropy_result_free(result);
        cutropy_problem_free(problem);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("against_oracle", labels, integers, reals, complexes, plus_minus_one,
           all_cuts_of_a_symmetric_function, mutual_information, extreme_orders,
           scale_of_the_amplitudes, huge_integers)
