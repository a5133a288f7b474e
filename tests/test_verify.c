/* The paper's statements: they hold on many functions, assumptions are told apart from claims, and
 * a wrong number is found by the statement that it contradicts, and by no other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/verify.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "ref/sample.h"
#include "ref/support.h"

static const cutropy_statement *statement(const cutropy_statement *list, const char *name)
{
    for (int i = 0; i < CUTROPY_STATEMENTS; i++)
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
    cutropy_options options = cutropy_default_options();
    cutropy_verification *v = NULL;
    options.threads = threads;
    cutropy_status status = cutropy_verify(problem, &cuts, &options, &v);
    ck_assert_msg(status == CUTROPY_OK, "%s: %s", cutropy_problem_text(problem), cutropy_error());
    ck_assert_uint_eq(v->count, CUTROPY_STATEMENTS);
    for (size_t i = 0; i < v->count; i++) {
        const cutropy_statement *s = &v->statements[i];
        ck_assert_msg(s->verdict != CUTROPY_COUNTEREXAMPLE, "%s on %s: %s: cut %zu: %s",
                      cutropy_problem_text(problem), cutropy_problem_lattice(problem)->name,
                      s->name, s->cut, s->detail);
        ck_assert(!strchr(s->claim, ',') && !strchr(s->detail, ',') && !strchr(s->reference, ','));
        ck_assert_msg(s->checked > 0 || s->verdict == CUTROPY_NOT_APPLICABLE, "%s", s->name);
        ck_assert_msg(s->verdict != CUTROPY_NOT_APPLICABLE || *s->detail, "%s: no reason", s->name);
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
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        cutropy_problem *problem = must_problem(cases[k][0], cases[k][1]);
        cutropy_verification *v = must_hold(problem, cases[k][2], 1 + (int)k % 2);
        ck_assert_int_eq(statement(v->statements, "property-1")->verdict, CUTROPY_HELD);
        ck_assert_int_eq(statement(v->statements, "property-2")->verdict, CUTROPY_HELD);
        ck_assert_int_eq(statement(v->statements, "theorem-2")->verdict, CUTROPY_HELD);
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
    ck_assert_int_eq(statement(v->statements, "assumption-1")->verdict, CUTROPY_FULFILLED);
    ck_assert_int_eq(statement(v->statements, "eq-26")->verdict, CUTROPY_HELD);
    ck_assert_uint_eq(statement(v->statements, "eq-26")->left_out, 0);
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
    ck_assert_int_eq(s->verdict, CUTROPY_NOT_FULFILLED); /* a dark B leaves the boundary free */
    ck_assert_uint_eq(s->left_out, 2);
    ck_assert_int_eq(statement(v->statements, "eq-26")->verdict, CUTROPY_NOT_APPLICABLE);
    ck_assert_int_eq(statement(v->statements, "assumption-2")->verdict, CUTROPY_FULFILLED);
    cutropy_verification_free(v);

    v = must_hold(loops, "sites", 1); /* the other links decide a link */
    ck_assert_int_eq(statement(v->statements, "assumption-1")->verdict, CUTROPY_FULFILLED);
    ck_assert_int_eq(statement(v->statements, "eq-26")->verdict, CUTROPY_HELD);
    cutropy_verification_free(v);

    v = must_hold(signs, "0x1", 1);
    ck_assert_int_eq(statement(v->statements, "eq-26")->verdict, CUTROPY_NOT_APPLICABLE);
    ck_assert_int_eq(statement(v->statements, "property-3")->verdict, CUTROPY_NOT_APPLICABLE);
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
        cutropy_problem *problem = must_values(lattice, CUTROPY_LABEL, labels);
        cutropy_cuts cuts = {1, 40, masks};
        cutropy_ranges *ranges = NULL;
        ct_evidence e;
        ck_assert_int_eq(ct_evidence_collect(problem, &cuts, NULL, &ranges, &e), CUTROPY_OK);
        for (int k = 0; k < 40; k++) {
            const uint64_t a = masks[k], b = 511 & ~a, rim = a & (b << 1 | b >> 1);
            uint64_t near = b, images, extended;
            for (int step = 0; step < ranges->rows[k].range; step++)
                near |= near << 1 | near >> 1;
            images = count_images(labels, 512, b);
            extended = count_images(labels, 512, b | rim);
            ck_assert_uint_eq(e.facts[k].rest_images, images);
            ck_assert_uint_eq(e.facts[k].rim_images, extended);
            ck_assert_uint_eq(e.facts[k].strip_images, count_images(labels, 512, near & a));
            ck_assert_int_eq(e.facts[k].product,
                             count_images(labels, 512, a) * count_images(labels, 512, b) ==
                                 count_images(labels, 512, 511));
            differ += images != extended;
            products += e.facts[k].product;
        }
        ct_evidence_free(&e);
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

static void raise_entropy_everywhere(ct_evidence *e)
{
    ct_facts *f = &e->facts[1];
    f->here.entropy.value = f->other.entropy.value = f->moved.entropy.value = 100;
}

static void wrong_other_side(ct_evidence *e)
{
    e->facts[2].other.entropy.value += 1e-9;
}

static void wrong_other_purity(ct_evidence *e)
{
    e->facts[0].other.purity.p[0] ^= 1;
}

static void wrong_other_rank(ct_evidence *e)
{
    e->facts[0].other.rank_lo = e->facts[0].other.rank_hi += 1;
}

static void wrong_moved(ct_evidence *e)
{
    e->facts[0].moved.entropy.value -= 1e-9;
}

static void union_too_large(ct_evidence *e)
{
    e->pair[0].both.value = e->pair[0].p.value + e->pair[0].q.value + 0.01;
}

static void difference_too_large(ct_evidence *e)
{
    e->pair[1].p_only.value = e->pair[1].p.value + e->pair[1].q.value + 0.01;
}

static void claim_product(ct_evidence *e)
{
    e->facts[1].product = 1;
}

static void claim_all_products(ct_evidence *e)
{
    e->product = 1;
}

static void no_entropy_of_pixels(ct_evidence *e)
{
    e->site.value = 0;
}

static void too_many_ranks(ct_evidence *e)
{
    ct_facts *f = &e->facts[0];
    f->here.rank_lo = f->here.rank_hi = f->other.rank_lo = f->other.rank_hi = 1 << 10;
    f->moved.rank_lo = f->moved.rank_hi = 1 << 10;
}

static void mixed_boundaries(ct_evidence *e)
{
    e->facts[1].range.assumption1 = 1;
    e->facts[1].rim_images = e->facts[1].rest_images + 1;
}

static void short_strip(ct_evidence *e)
{
    e->facts[1].range.range_pixels = 0;
}

static void short_boundary(ct_evidence *e)
{
    e->facts[1].range.boundary = 0;
}

static void few_images(ct_evidence *e)
{
    e->facts[1].strip_images = 1;
}

START_TEST(wrong_numbers)
{
    static const struct {
        void (*falsify)(ct_evidence *);
        const char *names; /* of the statements that must fall */
        size_t cut;
    } cases[] = {
        {raise_entropy_everywhere, "theorem-2 eq-28 theorem-3 theorem-3-boundary", 1},
        {wrong_other_side, "property-1", 2},
        {wrong_other_purity, "property-1", 0},
        {wrong_other_rank, "property-1", 0},
        {wrong_moved, "property-2", 0},
        {union_too_large, "property-3", 0},
        {difference_too_large, "property-3", 1},
        {claim_product, "theorem-1", 1},
        {claim_all_products, "theorem-1", 0},
        {no_entropy_of_pixels, "theorem-1", 0},
        {too_many_ranks, "theorem-2 eq-28", 0},
        {mixed_boundaries, "eq-26", 1},
        {few_images, "eq-28", 1},
        {short_strip, "theorem-3", 1},
        {short_boundary, "theorem-3-boundary", 1},
    };
    cutropy_problem *problem = must_problem("independent-set", "4x4");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        cutropy_statement list[CUTROPY_STATEMENTS];
        cutropy_ranges *ranges = NULL;
        ct_evidence evidence;
        ck_assert_int_eq(ct_evidence_collect(problem, &cuts, NULL, &ranges, &evidence), CUTROPY_OK);
        ck_assert_uint_eq(evidence.count, 3);
        cases[k].falsify(&evidence);
        ct_judge(&evidence, list);
        for (int i = 0; i < CUTROPY_STATEMENTS; i++) {
            char word[64], words[128];
            snprintf(word, sizeof word, " %s ", list[i].name);
            snprintf(words, sizeof words, " %s ", cases[k].names);
            const bool expected = strstr(words, word) != NULL;
            ck_assert_msg((list[i].verdict == CUTROPY_COUNTEREXAMPLE) == expected,
                          "case %zu: %s is %s: %s", k, list[i].name,
                          cutropy_verdict_name(list[i].verdict), list[i].detail);
            if (expected) {
                ck_assert_uint_eq(list[i].cut, cases[k].cut);
                ck_assert(*list[i].detail && !strchr(list[i].detail, ','));
            }
        }
        ct_evidence_free(&evidence);
        cutropy_ranges_free(ranges);
    }
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
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
    ck_assert_int_eq(cutropy_verification_write(v, CUTROPY_CSV, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    for (const char *p = text; *p; p++) {
        lines += *p == '\n';
        commas += *p == ',';
    }
    ck_assert_uint_eq(lines, 1 + CUTROPY_STATEMENTS);
    ck_assert_uint_eq(commas, 7 * lines);
    free(text);

    file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_ranges_write(v->ranges, CUTROPY_CSV, CUTROPY_BITS, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_ptr_eq(strstr(text, "cut,range,range_pixels,assumption1,entropy_bits,bound_bits,"
                                  "classes_a,classes_b,boundary,boundary_pixels,"),
                     text);
    free(text);
    file = open_memstream(&text, &size);
    ck_assert_int_eq(cutropy_ranges_write(v->ranges, CUTROPY_NPY, CUTROPY_BITS, file),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(fclose(file), 0);
    free(text);
    cutropy_verification_free(v);
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
            cutropy_options options = cutropy_default_options();
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
           wrong_numbers, tables, failing_allocations)
