/* SPDX-License-Identifier: Apache-2.0 */
/* Images of more than 64 pixels: the same spectra as a small function whose pixels are scattered
 * over a wide lattice. */
#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "ref/sample.h"
#include "ref/support.h"

#define PIXELS 8 /* of the small function */
#define WIDE 150 /* of the wide one */
#define WORDS 3
#define CUTS 12

typedef struct scatter {
    int place[WIDE];            /* pixel i of the small function stands at place[i] */
    uint64_t background[WORDS]; /* of all other pixels */
} scatter;

static void draw_words(uint64_t *state, uint64_t *words)
{
    for (int w = 0; w < WORDS; w++)
        words[w] = draw(state);
    words[WORDS - 1] &= (UINT64_C(1) << (WIDE - 64 * (WORDS - 1))) - 1;
}

static void draw_scatter(uint64_t *state, scatter *s)
{
    for (int i = 0; i < WIDE; i++) { /* inside-out shuffle */
        int other = (int)draw_below(state, (uint64_t)i + 1);
        s->place[i] = s->place[other];
        s->place[other] = i;
    }
    draw_words(state, s->background);
}

/* Writes the bits of a small image or mask to their places. */
static void place_bits(const scatter *s, uint64_t small, uint64_t *wide)
{
    for (int i = 0; i < PIXELS; i++) {
        uint64_t bit = UINT64_C(1) << (s->place[i] % 64), *word = &wide[s->place[i] / 64];
        *word = small >> i & 1 ? *word | bit : *word & ~bit;
    }
}

static cutropy_problem *wide_problem(const scatter *s, const cutropy_lattice *lattice,
                                     const uint8_t *labels)
{
    uint64_t images[(1 << PIXELS) * WORDS];
    size_t count = 0;
    for (uint64_t image = 0; image < 1 << PIXELS; image++) {
        if (!labels[image])
            continue;
        memcpy(images + WORDS * count, s->background, sizeof s->background);
        place_bits(s, image, images + WORDS * count++);
    }
    cutropy_problem *problem = NULL;
    cutropy_status status =
        cutropy_problem_from_images("scattered", lattice, images, count, &problem);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    return problem;
}

static cutropy_result *run_wide(const cutropy_problem *problem, uint64_t *masks, size_t words,
                                size_t count)
{
    cutropy_cuts cuts = {words, count, masks};
    cutropy_options options = ct_default_options();
    options.threads = 2;
    return must_solve_with(problem, &cuts, "tr_rho3", &options);
}

static void expect_same(const cutropy_result *x, const cutropy_result *y, size_t row)
{
    const cutropy_record *a = row_record(x, row), *b = row_record(y, row);
    ck_assert(!memcmp(&a->purity_exact, &b->purity_exact, sizeof a->purity_exact));
    ck_assert(!memcmp(&a->tr_rho3_exact, &b->tr_rho3_exact, sizeof a->tr_rho3_exact));
    ck_assert(a->rank_lo == b->rank_lo && a->rank_hi == b->rank_hi && a->blocks == b->blocks);
    ck_assert(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err);
    for (int side = 0; side < 2; side++)
        ck_assert_int_eq(row_classes(x, row, side), row_classes(y, row, side));
}

static void compare_scattered(texture kind, uint64_t *state)
{
    sample s;
    scatter places;
    uint64_t masks[CUTS], wide_masks[CUTS * WORDS];
    cutropy_lattice *small = must_lattice("chain:8"), *wide = must_lattice("grid:15x10");
    ck_assert(small->pixels == PIXELS && wide->pixels == WIDE && wide->words == WORDS);
    sample_draw(kind, PIXELS, state, &s);
    draw_scatter(state, &places);
    for (size_t k = 0; k < CUTS; k++) {
        masks[k] = 19 * k + 7;
        draw_words(state, wide_masks + WORDS * k);
        place_bits(&places, masks[k], wide_masks + WORDS * k);
    }
    cutropy_problem *narrow = must_values(small, CUTROPY_KIND_LABEL, s.values);
    cutropy_problem *scattered = wide_problem(&places, wide, s.labels);
    cutropy_result *x = must_run(narrow, masks, CUTS, "tr_rho3", 1, 0);
    cutropy_result *y = run_wide(scattered, wide_masks, WORDS, CUTS);
    ck_assert_uint_eq(x->ones, y->ones);
    for (size_t row = 0; row < CUTS; row++) {
        expect_same(x, y, row);
        ck_assert_int_eq(y->rows[row].na, cutropy_mask_pixels(wide_masks + WORDS * row, WORDS));
    }
    cutropy_result_free(x);
    cutropy_result_free(y);
    cutropy_problem_free(narrow);
    cutropy_problem_free(scattered);
    cutropy_lattice_free(small);
    cutropy_lattice_free(wide);
    sample_free(&s);
}

START_TEST(scattered_pixels)
{
    uint64_t state = 21;
    for (texture kind = SPARSE_LABELS; kind < SIGNS; kind++)
        for (int repeat = 0; repeat < amount(10, 2); repeat++)
            compare_scattered(kind, &state);
}
END_TEST

/* Random images of the widest lattice differ on either side of a half cut: as many Schmidt states
 * as images. */
START_TEST(widest_lattice)
{
    enum { COUNT = 100, WIDEST = CUTROPY_MAX_PIXELS / 64 };
    static uint64_t images[COUNT * WIDEST];
    uint64_t state = 22, mask[WIDEST] = {0};
    cutropy_lattice *lattice = must_lattice("grid:64x64");
    cutropy_problem *problem = NULL;
    for (size_t k = 0; k < COUNT * WIDEST; k++)
        images[k] = draw(&state);
    for (size_t w = 0; w < WIDEST; w += 2)
        mask[w] = ~UINT64_C(0);
    ck_assert(cutropy_problem_from_images("widest", lattice, images, COUNT, &problem) ==
              CUTROPY_OK);
    cutropy_result *result = run_wide(problem, mask, WIDEST, 1);
    const cutropy_record *r = row_record(result, 0);
    ck_assert_uint_eq(result->ones, COUNT);
    ck_assert_int_eq(result->rows[0].na, 2048);
    ck_assert_int_eq(r->rank_lo, COUNT);
    ck_assert_int_eq(r->blocks, COUNT);
    ck_assert_int_eq(r->guarantee, CUTROPY_GUARANTEE_EXACT);
    ck_assert(fabsl(r->entropy - log2l(COUNT)) <= r->entropy_err);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("many_words", scattered_pixels, widest_lattice)
