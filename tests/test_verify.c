/* SPDX-License-Identifier: Apache-2.0 */
/* The paper's statements: they hold on many functions, assumptions are told apart from claims, and
 * a wrong number is found by the statement that it contradicts, and by no other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/range/range.h"
#include "analysis/verify/verify.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "engine/function/options.h"
#include "ref/sample.h"
#include "ref/support.h"

static const cutropy_statement *statement(const cutropy_statement *list, const char *name)
{
    for (int i = 0; i < CT_STATEMENTS; i++)
        if (!strcmp(list[i].name, name))
            return &list[i];
    ck_abort_msg("no statement %s", name);
    return NULL;
}

/* A verification in which no claim is refuted. */
static cutropy_verification *must_hold(const cutropy_problem *problem, const char *family,
                                       int threads)
{
    cutropy_cuts cuts = must_cuts(family, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_verification *v = NULL;
    options.threads = threads;
    cutropy_status status = cutropy_verify(problem, &cuts, &options, &v);
    ck_assert_msg(status == CUTROPY_OK, "%s: %s", cutropy_problem_text(problem), cutropy_error());
    ck_assert_uint_eq(cutropy_verification_count(v), CT_STATEMENTS);
    for (size_t i = 0; i < CT_STATEMENTS; i++) {
        const cutropy_statement *s = &v->statements[i];
        ck_assert_msg(s->verdict != CUTROPY_VERDICT_FAILS, "%s on %s: %s: cut %zu: %s",
                      cutropy_problem_text(problem), cutropy_problem_lattice(problem)->name,
                      s->name, s->cut, s->detail);
        ck_assert(!strchr(s->claim, ',') && !strchr(s->detail, ',') && !strchr(s->reference, ','));
        ck_assert_msg(s->checked > 0 || s->verdict == CUTROPY_VERDICT_NOT_APPLICABLE, "%s",
                      s->name);
        /* equalities are decided, and not by wide errors */
        if (!strncmp(s->name, "eq-2", 4) || !strcmp(s->name, "property-1") ||
            !strcmp(s->name, "property-3"))
            ck_assert_msg(!s->undecided && !(s->slack_err > 1e-8), "%s on %s: %s: %zu; %g",
                          cutropy_problem_text(problem), cutropy_problem_lattice(problem)->name,
                          s->name, s->undecided, s->slack_err);
        ck_assert_msg(s->verdict != CUTROPY_VERDICT_NOT_APPLICABLE || *s->detail, "%s: no reason",
                      s->name);
    }
    ck_assert_int_eq(v->held, 1);
    cutropy_cuts_free(&cuts);
    return v;
}

START_TEST(named_functions)
{
    static const char *const cases[][3] = {
        {"independent-set", "3x3", "all"},
        {"pixel-loops", "4x4", "rows,columns,half"},
        {"connected", "3x3", "all"},
        {"percolation", "3x4", "rectangles"},
        {"loops", "links:3x3", "rows,prefixes,sites"},
        {"loops", "links:2x2:torus", "all"},
        {"loops:encoding=pm1", "links:2x3", "prefixes"},
        {"random", "chain:8", "all"},
        {"random:encoding=pm1", "2x4:torus", "rectangles"},
        {"parity", "chain:9:ring", "prefixes"},
        {"parity:encoding=pm1", "3x3", "all"},
        {"majority", "chain:7", "prefixes,0x0,0x7f"},
        {"logistic:link=exp", "3x3", "prefixes,0x0,0x1ff"},
        {"logistic:link=sigmoid", "3x3", "prefixes,half"},
        {"cnn", "4x4", "rows"},
        {"page", "chain:8", "prefixes"},
    };
    const size_t step = (size_t)amount(1, 2);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k += step) {
        cutropy_problem *problem = must_problem(cases[k][0], cases[k][1]);
        cutropy_verification *v = must_hold(problem, cases[k][2], 1 + (int)(k / step) % 2);
        ck_assert_int_eq(statement(v->statements, "property-1")->verdict, CUTROPY_VERDICT_HOLDS);
        ck_assert_int_eq(statement(v->statements, "property-2")->verdict, CUTROPY_VERDICT_HOLDS);
        ck_assert_int_eq(statement(v->statements, "theorem-2")->verdict, CUTROPY_VERDICT_HOLDS);
        cutropy_verification_free(v);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(random_functions)
{
    uint64_t state = 3;
    for (texture kind = 0; kind < TEXTURES; kind++)
        for (int repeat = 0; repeat < amount(4, 1); repeat++) {
            sample s;
            cutropy_lattice *lattice = must_lattice(repeat & 1 ? "grid:3x2" : "chain:7:ring");
            sample_draw(kind, lattice->pixels, &state, &s);
            cutropy_problem *problem = must_values(lattice, s.kind, s.values);
            cutropy_verification_free(must_hold(problem, "all", 1));
            cutropy_problem_free(problem);
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
}
END_TEST

/* Lists of images, three words a pixel mask. */
START_TEST(image_lists)
{
    uint64_t state = 5, images[20 * 3];
    cutropy_lattice *lattice = must_lattice("13x11");
    cutropy_problem *problem = NULL;
    for (size_t i = 0; i < 60; i++)
        images[i] = draw(&state) & draw(&state) & (i % 3 == 2 ? (1 << 15) - 1 : ~UINT64_C(0));
    ck_assert_int_eq(cutropy_problem_from_images("list", lattice, images, 20, &problem),
                     CUTROPY_OK);
    cutropy_verification *v = must_hold(problem, "rows,columns", 2);
    /* twenty images agree on no half: every sA is extendable once, and rho_A is diagonal */
    ck_assert_int_eq(statement(v->statements, "assumption-1")->verdict, CUTROPY_VERDICT_FULFILLED);
    ck_assert_int_eq(statement(v->statements, "boundary-blocks")->verdict, CUTROPY_VERDICT_HOLDS);
    ck_assert_uint_eq(statement(v->statements, "boundary-blocks")->left_out, 0);
    cutropy_verification_free(v);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(assumptions)
{
    cutropy_problem *loops = must_problem("loops", "links:3x3");
    cutropy_problem *sets = must_problem("independent-set", "3x3");
    cutropy_problem *signs = must_problem("loops:encoding=pm1", "links:2x3");
    cutropy_verification *v = must_hold(sets, "rows", 1);
    const cutropy_statement *s = statement(v->statements, "assumption-1");
    ck_assert_int_eq(s->verdict,
                     CUTROPY_VERDICT_NOT_FULFILLED); /* a dark B leaves the boundary free */
    ck_assert_uint_eq(s->left_out, 2);
    ck_assert_int_eq(statement(v->statements, "boundary-blocks")->verdict,
                     CUTROPY_VERDICT_NOT_APPLICABLE);
    ck_assert_int_eq(statement(v->statements, "assumption-2")->verdict, CUTROPY_VERDICT_FULFILLED);
    cutropy_verification_free(v);

    v = must_hold(loops, "sites", 1); /* the other links decide a link */
    ck_assert_int_eq(statement(v->statements, "assumption-1")->verdict, CUTROPY_VERDICT_FULFILLED);
    ck_assert_int_eq(statement(v->statements, "boundary-blocks")->verdict, CUTROPY_VERDICT_HOLDS);
    cutropy_verification_free(v);

    v = must_hold(signs, "0x1", 1);
    ck_assert_int_eq(statement(v->statements, "boundary-blocks")->verdict,
                     CUTROPY_VERDICT_NOT_APPLICABLE);
    ck_assert_int_eq(statement(v->statements, "subadditivity")->verdict,
                     CUTROPY_VERDICT_NOT_APPLICABLE);
    cutropy_verification_free(v);
    cutropy_problem_free(loops);
    cutropy_problem_free(sets);
    cutropy_problem_free(signs);
}
END_TEST

/* Images of `where` that belong to a label-1 image, one by one. */
static uint64_t count_images(const uint8_t *labels, uint64_t size, uint64_t where)
{
    static uint8_t seen[512];
    uint64_t count = 0;
    memset(seen, 0, sizeof seen);
    for (uint64_t s = 0; s < size; s++) {
        count += labels[s] && !seen[s & where];
        seen[s & where] |= labels[s];
    }
    return count;
}

/* Tr rho_A^2 and Tr rho_B^2 (times T^2) and the sums of Eq. 26 and 28, by their definitions: loops
 * over pairs of images of A (of B) and over the other side. */
static uint64_t square_by_definition(const uint8_t *labels, uint64_t a)
{
    uint64_t sum = 0;
    for (uint64_t x = a;; x = (x - 1) & a) {
        for (uint64_t y = a;; y = (y - 1) & a) {
            uint64_t common = 0;
            for (uint64_t b = 511 & ~a, z = b;; z = (z - 1) & b) {
                common += labels[x | z] & labels[y | z];
                if (!z)
                    break;
            }
            sum += common * common;
            if (!y)
                break;
        }
        if (!x)
            break;
    }
    return sum;
}

static void check_tally(const uint8_t *labels, uint64_t a, uint64_t strip, const ct_tally *t)
{
    const uint64_t total = count_images(labels, 512, 511);
    uint64_t printed = 0, seen = 0; /* the printed trace: one sA a strip */
    const uint64_t square = square_by_definition(labels, a);
    ck_assert(t->counted && t->summed[0] && t->summed[1] && t->needed && t->sufficient);
    ck_assert(t->trace[0] == total && t->trace[1] == total && t->common_trace == total);
    ck_assert(t->square[0] == square && t->common_square == square && t->strip_square == square);
    ck_assert(t->square[1] == square_by_definition(labels, 511 & ~a) && t->square[1] == square);
    ck_assert(t->strip_trace == total);
    ck_assert_int_eq(t->extendable, (int64_t)count_images(labels, 512, a));
    for (uint64_t x = strip;; x = (x - 1) & strip) {
        uint64_t best = 0;
        for (uint64_t y = a & ~strip;; y = (y - 1) & a & ~strip) {
            uint64_t row = 0;
            for (uint64_t b = 511 & ~a, z = b;; z = (z - 1) & b) {
                row += labels[x | y | z];
                if (!z)
                    break;
            }
            best = row ? row : best;
            if (!y)
                break;
        }
        printed += best;
        seen += best != 0;
        if (!x)
            break;
    }
    ck_assert(t->printed_trace == printed && (uint64_t)t->strips == seen);
}

/* The counted facts behind Eq. 26 and 28, from tables, and products across random cuts. */
START_TEST(counted_facts)
{
    uint64_t state = 29;
    int differ = 0, products = 0;
    cutropy_lattice *lattice = must_lattice("chain:9");
    for (int repeat = 0; repeat < amount(30, 8); repeat++) {
        uint8_t labels[512];
        uint64_t masks[40];
        const uint64_t left = draw(&state) & 511;
        for (uint64_t s = 0; s < 512; s++)
            labels[s] = repeat % 3 == 0   ? draw_below(&state, 8) == 0
                        : repeat % 3 == 1 ? s != 0 && labels[s & (s - 1)] && (s & 1) == 0
                                          : labels[s & left] && labels[s & ~left];
        labels[0] = 1;
        for (uint64_t s = 1; s < 512 && repeat % 3 == 2; s++) { /* g(left) h(right) */
            uint64_t a = s & left, b = s & ~left & 511;
            labels[s] = !a || !b ? (uint8_t)(draw(&state) & 1) : labels[a] & labels[b];
        }
        masks[0] = left && left != 511 ? left : 3;
        for (int k = 1; k < 40; k++)
            masks[k] = 1 + draw_below(&state, 510);
        cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_LABEL, labels);
        cutropy_cuts cuts = {1, 40, masks};
        cutropy_ranges *ranges = NULL;
        ct_family_facts e;
        ck_assert_int_eq(ct_family_facts_collect(problem, &cuts, NULL, &ranges, &e), CUTROPY_OK);
        for (int k = 0; k < 40; k++) {
            const uint64_t a = masks[k], b = 511 & ~a, rim = a & (b << 1 | b >> 1);
            uint64_t near = b, images, extended;
            for (int step = 0; step < ranges->rows[k].range; step++)
                near |= near << 1 | near >> 1;
            images = count_images(labels, 512, b);
            extended = count_images(labels, 512, b | rim);
            ck_assert_uint_eq(e.cut[k].rest_images, images);
            ck_assert_uint_eq(e.cut[k].rim_images, extended);
            ck_assert_uint_eq(e.cut[k].strip_images, count_images(labels, 512, near & a));
            ck_assert_int_eq(e.cut[k].tally.product,
                             count_images(labels, 512, a) * count_images(labels, 512, b) ==
                                 count_images(labels, 512, 511));
            check_tally(labels, a, near & a, &e.cut[k].tally);
            differ += images != extended;
            products += e.cut[k].tally.product;
        }
        ct_family_facts_free(&e);
        cutropy_ranges_free(ranges);
        cutropy_problem_free(problem);
    }
    ck_assert(differ > 20 && products > 5);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- falsified facts
 * ----------------------------------------------------------------------------------------------
 */

static void whole_norm(ct_family_facts *e)
{
    e->listed++;
}
static void whole_square(ct_family_facts *e)
{
    e->whole.square[0]++;
}
static void whole_trace(ct_family_facts *e)
{
    e->whole.trace[0]--;
}
static void whole_entropy(ct_family_facts *e)
{
    e->whole.problem[0].entropy.value = 1e-9;
}
static void matrix_square(ct_family_facts *e)
{
    e->cut[1].tally.square[0]--;
}
static void matrix_classes(ct_family_facts *e)
{
    e->cut[1].tally.count[1]++;
}
static void matrix_trace(ct_family_facts *e)
{
    e->cut[2].tally.trace[0]++;
}
static void matrix_entropy(ct_family_facts *e)
{
    e->cut[0].tally.problem[0].entropy.value += 1e-9;
}
static void other_entropy(ct_family_facts *e)
{
    e->cut[2].tally.problem[1].entropy.value -= 1e-9;
}
static void other_square(ct_family_facts *e)
{
    e->cut[2].tally.square[1]++;
}
static void other_rank(ct_family_facts *e)
{
    e->cut[0].tally.problem[1].clear += 50;
}
static void high_entropy(ct_family_facts *e)
{
    e->cut[1].here.entropy.value = 100;
}
static void moved_entropy(ct_family_facts *e)
{
    e->cut[0].rotated.entropy.value -= 1e-9;
}
static void moved_rank(ct_family_facts *e)
{
    e->cut[0].rotated.rank_lo = e->cut[0].rotated.rank_hi = 50;
}
static void moved_purity(ct_family_facts *e)
{
    e->cut[1].rotated.fraction.p[0] ^= 1;
}
static void claim_product(ct_family_facts *e)
{
    e->cut[1].tally.product = 1;
}
static void claim_all_products(ct_family_facts *e)
{
    e->product = 1;
}
static void rank_1(ct_family_facts *e)
{
    e->cut[1].here.rank_lo = e->cut[1].here.rank_hi = 1;
}
static void near_product(ct_family_facts *e)
{
    e->cut[1].tally.near_product = 1e-15;
}
static void rebuilt(ct_family_facts *e)
{
    e->cut[1].tally.schmidt.rebuilt.value = 1e-9;
}
static void skew(ct_family_facts *e)
{
    e->cut[1].tally.schmidt.skew.value = 1e-9;
}
static void weight(ct_family_facts *e)
{
    e->cut[1].tally.schmidt.weight.value = -1e-9;
}
static void off_diagonal(ct_family_facts *e)
{
    e->cut[1].tally.schmidt.off_diagonal.value = 1e-9;
}
static void many_ranks(ct_family_facts *e)
{
    e->cut[0].here.rank_lo = e->cut[0].here.rank_hi = 1 << 10;
}
static void images(ct_family_facts *e)
{
    e->ones++;
}
static void common_trace(ct_family_facts *e)
{
    e->cut[1].tally.common_trace++;
}
static void common_square(ct_family_facts *e)
{
    e->cut[1].tally.common_square++;
}
static void mixed_boundaries(ct_family_facts *e)
{
    e->cut[1].range.assumption1 = 1;
    e->cut[1].rim_images = e->cut[1].rest_images + 1;
}
static void range_too_large(ct_family_facts *e)
{
    e->cut[1].tally.needed = false;
}
static void range_too_small(ct_family_facts *e)
{
    e->cut[1].tally.sufficient = false;
}
static void strip_members(ct_family_facts *e)
{
    e->cut[1].tally.strip_members--;
}
static void strips(ct_family_facts *e)
{
    e->cut[1].tally.strips++;
}
static void strip_trace(ct_family_facts *e)
{
    e->cut[1].tally.strip_trace--;
}
static void strip_square(ct_family_facts *e)
{
    e->cut[1].tally.strip_square--;
}
static void few_images(ct_family_facts *e)
{
    e->cut[1].strip_images = 1;
}
static void short_strip(ct_family_facts *e)
{
    e->cut[1].range.range_pixels = 0;
}
static void short_boundary(ct_family_facts *e)
{
    e->cut[1].range.boundary_pixels = 0;
}
static void union_too_large(ct_family_facts *e)
{
    e->pair[0].both.entropy.value = e->pair[0].p.entropy.value + e->pair[0].q.entropy.value + 0.01;
}
static void difference_too_large(ct_family_facts *e)
{
    e->pair[1].p_only.entropy.value =
        e->pair[1].p.entropy.value + e->pair[1].q.entropy.value + 0.01;
}

/* independent-set has neither a flat spectrum nor equal entropies: every number can be wrong. */
static void judge_falsified(void (*falsify)(ct_family_facts *), cutropy_statement *list)
{
    cutropy_problem *problem = must_problem("independent-set", "4x4");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
    cutropy_ranges *ranges = NULL;
    ct_family_facts family;
    ck_assert_int_eq(ct_family_facts_collect(problem, &cuts, NULL, &ranges, &family), CUTROPY_OK);
    ck_assert_uint_eq(family.count, 3);
    falsify(&family);
    ct_decide(&family, list);
    ct_family_facts_free(&family);
    cutropy_ranges_free(ranges);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}

static bool named(const char *name, const char *names)
{
    char word[64], words[256];
    snprintf(word, sizeof word, " %s ", name);
    snprintf(words, sizeof words, " %s ", names);
    return strstr(words, word) != NULL;
}

START_TEST(wrong_numbers)
{
    static const struct {
        void (*falsify)(ct_family_facts *);
        const char *names; /* of the statements that must fall */
        size_t cut;
    } cases[] = {
        {whole_norm, "eq-12", 0},
        {whole_square, "eq-13", 0},
        {whole_trace, "eq-15", 0},
        {whole_entropy, "eq-17", 0},
        {matrix_square, "eq-20", 1},
        {matrix_classes, "eq-20", 1},
        {matrix_trace, "eq-21", 2},
        {matrix_entropy, "eq-22 property-1", 0},
        {other_entropy, "property-1", 2},
        {other_square, "property-1", 2},
        {other_rank, "property-1", 0},
        {high_entropy,
         "eq-22 property-1 property-2 property-3 theorem-2 eq-28 theorem-3 theorem-3-strip", 1},
        {moved_entropy, "property-3", 0},
        {moved_rank, "property-3", 0},
        {moved_purity, "property-3", 1},
        {claim_product, "theorem-1", 1},
        {claim_all_products, "theorem-1", 0},
        {near_product, "theorem-1", 1},
        {rank_1, "property-1 property-2 property-3 theorem-1", 1},
        {rebuilt, "eq-23", 1},
        {skew, "eq-23", 1},
        {weight, "eq-23", 1},
        {off_diagonal, "eq-24", 1},
        {many_ranks, "property-3 eq-23 theorem-2 eq-28", 0},
        {images, "eq-25", 0},
        {common_trace, "eq-26", 1},
        {common_square, "eq-26", 1},
        {mixed_boundaries, "boundary-blocks", 1},
        {range_too_large, "assumption-2-classes", 1},
        {range_too_small, "assumption-2-classes", 1},
        {strip_members, "eq-27", 1},
        {strips, "eq-27", 1},
        {strip_trace, "eq-28", 1},
        {strip_square, "eq-28", 1},
        {few_images, "eq-27 eq-28", 1},
        {short_strip, "theorem-3-strip", 1},
        {short_boundary, "theorem-3", 1},
        {union_too_large, "subadditivity", 0},
        {difference_too_large, "subadditivity", 1},
    };
    bool fallen[CT_STATEMENTS] = {0};
    cutropy_statement list[CT_STATEMENTS];
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        judge_falsified(cases[k].falsify, list);
        for (int i = 0; i < CT_STATEMENTS; i++) {
            const bool expected = named(list[i].name, cases[k].names);
            ck_assert_msg((list[i].verdict == CUTROPY_VERDICT_FAILS) == expected,
                          "case %zu: %s is %s: %s", k, list[i].name,
                          cutropy_verdict_name(list[i].verdict), list[i].detail);
            if (!expected)
                continue;
            fallen[i] = true;
            ck_assert_msg(list[i].cut == cases[k].cut, "case %zu: %s: cut %zu", k, list[i].name,
                          list[i].cut);
            ck_assert(*list[i].detail && !strchr(list[i].detail, ','));
        }
    }
    for (int i = 0; i < CT_STATEMENTS; i++) /* nothing that cannot fall */
        ck_assert_msg(fallen[i] != (named(list[i].name, "definition-1 definition-2 assumption-1 "
                                                        "assumption-2") != 0),
                      "%s", list[i].name);
}
END_TEST

/* ---- widened errors
 * ----------------------------------------------------------------------------------------------
 */

static void widen_here(ct_family_facts *e)
{
    e->cut[1].here.entropy.error = 40;
}
static void unknown_here(ct_family_facts *e)
{
    e->cut[1].here.entropy.error = NAN;
}
static void unknown_value(ct_family_facts *e)
{
    e->cut[1].here.entropy = (ct_amount){NAN, NAN};
}
static void widen_whole(ct_family_facts *e)
{
    e->whole.problem[0].entropy.error = 1;
}
static void widen_matrix(ct_family_facts *e)
{
    e->cut[1].tally.problem[0].entropy.error = 3;
}
static void widen_other(ct_family_facts *e)
{
    e->cut[1].tally.problem[1].entropy.error = 3;
}
static void widen_moved(ct_family_facts *e)
{
    e->cut[1].rotated.entropy.error = INFINITY;
}
static void widen_schmidt(ct_family_facts *e)
{
    e->cut[1].tally.schmidt.rebuilt.error = e->cut[1].tally.schmidt.off_diagonal.error = 1;
}
static void widen_pair(ct_family_facts *e)
{
    e->pair[0].p_only.entropy.error = 40;
}

/* What is wrong by more than the numbers tell is not decided, and no failure. */
START_TEST(wide_errors)
{
    static const char here[] = "eq-22 property-1 property-2 property-3 theorem-1 theorem-2 eq-28 "
                               "theorem-3 theorem-3-strip";
    static const struct {
        void (*falsify)(ct_family_facts *);
        const char *names;
    } cases[] = {{widen_here, here},
                 {unknown_here, here},
                 {unknown_value, here},
                 {widen_whole, "eq-17"},
                 {widen_matrix, "eq-22 property-1"},
                 {widen_other, "property-1"},
                 {widen_moved, "property-3"},
                 {widen_schmidt, "eq-23 eq-24"},
                 {widen_pair, "subadditivity"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        cutropy_statement list[CT_STATEMENTS];
        judge_falsified(cases[k].falsify, list);
        for (int i = 0; i < CT_STATEMENTS; i++) {
            const bool expected = named(list[i].name, cases[k].names);
            ck_assert_msg((list[i].verdict == CUTROPY_VERDICT_NOT_DECIDED) == expected &&
                              list[i].verdict != CUTROPY_VERDICT_FAILS,
                          "case %zu: %s is %s", k, list[i].name,
                          cutropy_verdict_name(list[i].verdict));
            ck_assert_uint_eq(list[i].undecided, expected ? 1 : 0);
            ck_assert(!expected || *list[i].detail);
        }
    }
}
END_TEST

/* The three outcomes of two numbers, at the edges. */
START_TEST(outcomes)
{
    const ct_amount one = {1, 0.25}, exact = {1, 0};
    ck_assert_int_eq(ct_at_most(one, (ct_amount){2, 0.5}), CT_HOLDS);
    ck_assert_int_eq(ct_at_most(one, (ct_amount){1.5, 0.5}), CT_OPEN);
    ck_assert_int_eq(ct_at_most((ct_amount){2, 0.25}, (ct_amount){1.5, 0}), CT_FAILS);
    ck_assert_int_eq(ct_at_most((ct_amount){1.125, 0.25}, exact), CT_OPEN);
    ck_assert_int_eq(ct_at_most(exact, exact), CT_HOLDS);
    ck_assert_int_eq(ct_at_most((ct_amount){1, NAN}, exact), CT_OPEN);
    ck_assert_int_eq(ct_at_most((ct_amount){NAN, 0}, exact), CT_OPEN);
    ck_assert_int_eq(ct_at_most(one, (ct_amount){2, INFINITY}), CT_OPEN);
    ck_assert_int_eq(ct_equal(one, exact, 2), CT_HOLDS);
    ck_assert_int_eq(ct_equal(one, (ct_amount){1.25, 0.125}, 2), CT_HOLDS);
    ck_assert_int_eq(ct_equal(one, (ct_amount){1.5, 0.125}, 2), CT_FAILS);
    ck_assert_int_eq(ct_equal(one, exact, 0.5), CT_OPEN); /* they cannot differ by more */
    ck_assert_int_eq(ct_equal((ct_amount){1, NAN}, exact, 2), CT_OPEN);
    ck_assert_int_eq(ct_equal((ct_amount){1, INFINITY}, exact, 2), CT_OPEN);
    /* 1 - 1e-17 is below 1, and 3 - 1e-17 below 3: never rounded up */
    ck_assert(ct_slack(1e-17, 1) < 1 && ct_slack(1e-17, 3) < 3 && ct_slack(0.5, 1) == 0.5);
    ck_assert(ct_slack(-1e-17, 1) == 1);
}
END_TEST

/* ---- known answers
 * ----------------------------------------------------------------------------------------------
 */

/* A product and noise of 1e-6: S = 3.526285347549667e-11 and rank 4 across 0x3. Whatever decimals
 * are proved, nothing is refuted. */
START_TEST(no_false_counter_example)
{
    cutropy_problem *problem =
        must_problem(CUTROPY_TEST_DIR "/data/cases/false_counterexample.npy", "chain:4");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    for (int certify = 0; certify < 2; certify++) {
        cutropy_options options = ct_default_options();
        cutropy_verification *v = NULL;
        options.certify = certify;
        ck_assert_int_eq(cutropy_verify(problem, &cuts, &options, &v), CUTROPY_OK);
        ck_assert_int_eq(v->held, 1);
        const cutropy_range *row = &v->ranges->rows[2]; /* 0x3 */
        ck_assert(fabs(row->entropy - 3.526285347549667e-11) <= row->entropy_err);
        cutropy_verification_free(v);
    }
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Schmidt values over tens of orders of magnitude: rounding after a reflection loses them. */
START_TEST(wide_amplitudes)
{
    double values[2][16] = {{[0] = 1, [5] = 1e-20, [10] = 1e-40, [15] = 1e-60}};
    for (int s = 0; s < 16; s++)
        values[1][s] = s == 5 ? 1e300 : 1e-300;
    cutropy_lattice *lattice = must_lattice("chain:4");
    cutropy_cuts cuts = must_cuts("all", lattice);
    for (int k = 0; k < 4; k++) {
        cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, values[k % 2]);
        cutropy_options options = ct_default_options();
        cutropy_verification *v = NULL;
        options.certify = k / 2;
        ck_assert_int_eq(cutropy_verify(problem, &cuts, &options, &v), CUTROPY_OK);
        ck_assert_int_eq(v->held, 1);
        cutropy_verification_free(v);
        cutropy_problem_free(problem);
    }
    cutropy_cuts_free(&cuts);
    cutropy_lattice_free(lattice);
}
END_TEST

/* A corner B of a 7x7 grid, x + y <= 4, and A around it: the boundary has 6 pixels, the next
 * layer 7. 13 pixels of B repeat the 13 of R_2, all else is dark. Both assumptions are fulfilled
 * with r = 2, and S = 13 > r L_AB = 12: Theorem 3 as printed falls, S <= |R_r| log 2 stands. */
START_TEST(theorem_3_as_printed)
{
    int corner[15], strip[13], corners = 0, strips = 0;
    uint64_t mask = (UINT64_C(1) << 49) - 1;
    static uint64_t images[1 << 13];
    for (int sum = 0; sum <= 6; sum++)
        for (int y = 0; y <= sum; y++) {
            const int pixel = sum - y + 7 * y;
            if (sum <= 4)
                corner[corners++] = pixel;
            else
                strip[strips++] = pixel;
            mask &= sum <= 4 ? ~(UINT64_C(1) << pixel) : ~UINT64_C(0);
        }
    for (uint64_t k = 0; k < 1 << 13; k++) {
        images[k] = 0;
        for (int i = 0; i < 13; i++)
            if (k >> i & 1)
                images[k] |= UINT64_C(1) << corner[i] | UINT64_C(1) << strip[i];
    }
    cutropy_lattice *lattice = must_lattice("7x7");
    cutropy_problem *problem = NULL;
    cutropy_cuts cuts = {1, 1, &mask};
    cutropy_verification *v = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("corner", lattice, images, 1 << 13, &problem),
                     CUTROPY_OK);
    ck_assert_int_eq(cutropy_verify(problem, &cuts, NULL, &v), CUTROPY_OK);
    ck_assert_int_eq(v->ranges->rows[0].range, 2);
    ck_assert_int_eq(v->ranges->rows[0].boundary_pixels, 6);
    ck_assert_int_eq(v->ranges->rows[0].range_pixels, 13);
    ck_assert_int_eq(v->ranges->rows[0].assumption1, 1);
    ck_assert_int_eq(cutropy_verification_held(v), 0);
    ck_assert_uint_eq(cutropy_verification_undecided(v), 0);
    ck_assert_ptr_eq(cutropy_verification_ranges(v), v->ranges);
    ck_assert_ptr_eq(cutropy_verification_statement(v, 1), &v->statements[1]);
    for (size_t i = 0; i < CT_STATEMENTS; i++)
        ck_assert_msg((v->statements[i].verdict == CUTROPY_VERDICT_FAILS) ==
                          !strcmp(v->statements[i].name, "theorem-3"),
                      "%s", v->statements[i].name);
    ck_assert(statement(v->statements, "theorem-3")->slack == -1);
    ck_assert_int_eq(statement(v->statements, "theorem-3-strip")->verdict, CUTROPY_VERDICT_HOLDS);
    cutropy_verification_free(v);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- tables
 * --------------------------------------------------------------------------------------------------
 */

START_TEST(tables)
{
    cutropy_problem *problem = must_problem("connected", "3x3");
    cutropy_verification *v = must_hold(problem, "rows", 1);
    char *text = NULL;
    size_t size = 0, lines = 0, commas = 0;
    FILE *file = open_memstream(&text, &size);
    cutropy_sheet *sheet;
    ck_assert_int_eq(cutropy_verification_sheet(v, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    cutropy_sheet_free(sheet);
    ck_assert_int_eq(fclose(file), 0);
    for (const char *p = text; *p; p++) {
        lines += *p == '\n';
        commas += *p == ',';
    }
    ck_assert_uint_eq(lines, 1 + CT_STATEMENTS);
    ck_assert_uint_eq(commas, 10 * lines);
    free(text);

    file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_ranges_sheet(v->ranges, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_ptr_eq(
        strstr(text, "cut,range,range_pixels,assumption1,entropy_bits,entropy_err,bound_bits,"
                     "classes_a,classes_b,boundary,boundary_pixels,"),
        text);
    free(text);
    file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_NPY, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_ptr_nonnull(strstr(text + 10, "('assumption1', '|b1'), ('entropy_bits', "));
    free(text);
    cutropy_sheet_free(sheet);
    cutropy_verification_free(v);
    cutropy_problem_free(problem);
}
END_TEST

static int stop_after(const char *stage, uint64_t done, uint64_t total, void *user)
{
    int *left = user;
    (void)done, (void)total;
    return !strcmp(stage, "checks") && (*left)-- == 0;
}

/* A stop while statements are checked leaves nothing behind; one that comes after the last is late.
 */
START_TEST(stopping)
{
    cutropy_problem *problem = must_problem("random", "4x4");
    cutropy_cuts cuts = must_cuts("sites,pairs", cutropy_problem_lattice(problem));
    for (int left = 0; left < 2; left++) {
        cutropy_options options = ct_default_options();
        cutropy_verification *v = NULL;
        int calls = left;
        options.progress = stop_after;
        options.user = &calls;
        cutropy_status status = cutropy_verify(problem, &cuts, &options, &v);
        ck_assert(calls >= 0 || status == CUTROPY_ECANCELLED || (status == CUTROPY_OK && v));
        ck_assert(left > 0 || status == CUTROPY_ECANCELLED); /* the first report is at once */
        ck_assert((status == CUTROPY_OK) == (v != NULL));
        cutropy_verification_free(v);
    }
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Every allocation fails once. Last: it changes the allocator. */
START_TEST(failing_allocations)
{
    static const char *const cases[][3] = {{"independent-set", "3x2", "rows,0x1f"},
                                           {"loops", "links:2x3", "rows"},
                                           {"parity:encoding=pm1", "chain:4", "half"},
                                           {"page", "chain:4", "half"}};
    for (int k = 0; k < 4; k++)
        for (long left = 0;; left++) {
            failing_allocator_start(-1);
            cutropy_problem *problem = must_problem(cases[k][0], cases[k][1]);
            cutropy_cuts cuts = must_cuts(cases[k][2], cutropy_problem_lattice(problem));
            cutropy_options options = ct_default_options();
            cutropy_verification *v = NULL;
            options.threads = 1;
            failing_allocator_start(left);
            cutropy_status status = cutropy_verify(problem, &cuts, &options, &v);
            bool fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            ck_assert_int_eq(v != NULL, !fired);
            cutropy_verification_free(v);
            cutropy_cuts_free(&cuts);
            cutropy_problem_free(problem);
            ck_assert_int_eq(failing_allocator_live(), 0);
            if (!fired)
                break;
        }
}
END_TEST

CHECK_MAIN("verify", named_functions, random_functions, image_lists, assumptions, counted_facts,
           wrong_numbers, wide_errors, outcomes, no_false_counter_example, wide_amplitudes,
           theorem_3_as_printed, tables, stopping, failing_allocations)
