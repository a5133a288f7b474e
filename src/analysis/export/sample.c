/* SPDX-License-Identifier: Apache-2.0 */
/* Places of label-1 images, images of places, and uniform places. */
#include "analysis/export/sample.h"

#include <string.h>

#include "base/big.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "lattice/lattice.h"

void cutropy_sampler_free(cutropy_sampler *s)
{
    if (!s)
        return;
    for (int k = 0; s->completion && k <= s->diagram.levels.pixels; k++)
        ct_free(s->completion[k]);
    ct_free(s->completion);
    ct_affine_rows_free(&s->rows);
    ct_free(s->total);
    ct_free(s->count);
    ct_diagram_free(&s->diagram);
    ct_free(s);
}

/* ---- natural numbers of `words` words, the lowest first ---- */

static void add(uint64_t *a, const uint64_t *b, size_t words)
{
    ct_u128 carry = 0;
    for (size_t w = 0; w < words; w++) {
        carry += (ct_u128)a[w] + b[w];
        a[w] = (uint64_t)carry;
        carry >>= 64;
    }
}

static bool below(const uint64_t *a, const uint64_t *b, size_t words)
{
    while (words-- > 0)
        if (a[words] != b[words])
            return a[words] < b[words];
    return false;
}

/* a -= b <= a. */
static void subtract(uint64_t *a, const uint64_t *b, size_t words)
{
    bool borrow = false;
    for (size_t w = 0; w < words; w++) {
        const ct_u128 take = (ct_u128)b[w] + borrow;
        borrow = a[w] < take;
        a[w] -= (uint64_t)take;
    }
}

/* ---- counting ---- */

static cutropy_status check_memory(const cutropy_sampler *s, uint64_t limit)
{
    const ct_levels *l = &s->diagram.levels;
    uint64_t states = 0;
    for (int k = 0; k <= l->pixels; k++)
        states += (uint64_t)l->count[k];
    if (states <= limit / (8 * s->words))
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "the numbers of completions need %s, but %s may be used (--memory "
                   "raises the limit)",
                   CT_BYTES(states * 8 * s->words), CT_BYTES(limit));
}

static cutropy_status count_completions(cutropy_sampler *s, int64_t label)
{
    cutropy_status status = CUTROPY_OK;
    const ct_levels *l = &s->diagram.levels;
    const int64_t *value = s->diagram.value;
    CT_NEW_ZERO(s->completion, l->pixels + 1);
    for (int k = l->pixels; k >= 0; k--) {
        CT_NEW_ZERO(s->completion[k], (size_t)l->count[k] * s->words);
        for (int32_t i = 0; i < l->count[k]; i++) {
            uint64_t *to = s->completion[k] + (size_t)i * s->words;
            if (k == l->pixels)
                to[0] = value[i] == label;
            for (int bit = 0; bit < 2 && k < l->pixels; bit++)
                if (l->next[k][i][bit] >= 0) /* at most 2^(N - k) */
                    add(to, s->completion[k + 1] + (size_t)l->next[k][i][bit] * s->words, s->words);
        }
    }
done:
    return status;
}

static cutropy_status open_levels(cutropy_sampler *s, const ct_function *f, uint64_t limit,
                                  const ct_watch *watch)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_diagram_make(f, limit, watch, &s->diagram));
    CT_TRY(check_memory(s, limit));
    CT_TRY(count_completions(s, f->storage == CT_AUTOMATON ? 1 : f->value[1]));
    memcpy(s->total, s->completion[0], s->words * sizeof *s->total);
done:
    return status;
}

/* 2^(free pixels). */
static cutropy_status open_equations(cutropy_sampler *s, const ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_affine_rows_make(f->affine, NULL, &s->rows));
    s->affine = true;
    ct_set_bit(s->total, (uint64_t)(f->pixels - s->rows.rank));
done:
    return status;
}

static cutropy_status format_count(cutropy_sampler *s)
{
    ct_big count = {.limb = s->total, .count = s->words};
    while (count.count && !count.limb[count.count - 1])
        count.count--;
    return ct_big_format(&count, &s->count);
}

cutropy_status cutropy_sampler_open(cutropy_state *state, const cutropy_options *options,
                                    cutropy_sampler **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_sampler *s = NULL;
    *out = NULL;
    options = ct_options_or_standard(options);
    const uint64_t limit = options->memory_limit ? options->memory_limit : state->memory_limit;
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    if (state->f.kind != CUTROPY_KIND_LABEL)
        return ct_fail(CUTROPY_EUNSUPPORTED, "only label functions have images with label 1");
    CT_TRY(ct_lattice_has_end(state->f.lattice));
    CT_NEW_ZERO(s, 1);
    s->lattice = state->f.lattice;
    s->words = (size_t)state->f.pixels / 64 + 1;
    CT_NEW_ZERO(s->total, s->words);
    CT_TRY(state->f.storage == CT_AFFINE ? open_equations(s, &state->f)
                                         : open_levels(s, &state->f, limit, &watch));
    CT_TRY(format_count(s));
    if (!strcmp(s->count, "0")) /* +1 for every image */
        CT_TRY(ct_fail(CUTROPY_EINPUT, "no image has label 1"));
    *out = s;
    s = NULL;
done:
    cutropy_sampler_free(s);
    return status;
}

const char *cutropy_sampler_count(const cutropy_sampler *s)
{
    return s->count;
}

/* ---- images ---- */

/* The bits of the place are the free pixels, the highest one first; all others follow from the pixels before them. */
static void solve_image(const cutropy_sampler *s, const uint64_t *place, uint64_t *image)
{
    const ct_affine_rows *rows = &s->rows;
    int bit = rows->pixels - rows->rank;
    for (int k = 0; k < rows->pixels; k++) {
        const int ends = rows->by_last[k];
        bool lit;
        if (ends < 0) {
            lit = ct_bit(place, (uint64_t)--bit);
        } else {
            const uint64_t *row = rows->row + (size_t)ends * rows->words;
            lit = ct_bit(row, (uint64_t)rows->pixels);
            for (size_t w = 0; w < s->lattice->words; w++)
                lit ^= ct_popcount(row[w] & image[w]) & 1;
        }
        if (lit)
            ct_set_bit(image, (uint64_t)k);
    }
}

/* The image at a place below the count; place is destroyed. */
static void find_image(const cutropy_sampler *s, uint64_t *place, uint64_t *image)
{
    const ct_levels *l = &s->diagram.levels;
    int32_t state = 0;
    memset(image, 0, s->lattice->words * sizeof *image);
    if (s->affine) {
        solve_image(s, place, image);
        return;
    }
    for (int k = 0; k < l->pixels; k++) {
        const int32_t *next = l->next[k][state];
        const uint64_t *dark =
            next[0] >= 0 ? s->completion[k + 1] + (size_t)next[0] * s->words : NULL;
        const bool lit = !dark || !below(place, dark, s->words);
        if (lit && dark)
            subtract(place, dark, s->words);
        if (lit)
            ct_set_bit(image, (uint64_t)k);
        state = next[lit];
    }
}

#define MOST_WORDS (CUTROPY_MAX_PIXELS / 64 + 1)

cutropy_status cutropy_sampler_image(const cutropy_sampler *s, const char *place, uint64_t *image)
{
    uint64_t number[MOST_WORDS + 1] = {0};
    bool good = *place != '\0';
    for (const char *p = place; *p && good; p++) {
        ct_u128 carry = (unsigned)(*p - '0');
        good = *p >= '0' && *p <= '9';
        for (size_t w = 0; w <= s->words && good; w++) {
            carry += (ct_u128)number[w] * 10;
            number[w] = (uint64_t)carry;
            carry >>= 64;
        }
        good = good && !number[s->words];
    }
    if (!good || !below(number, s->total, s->words))
        return ct_fail(CUTROPY_EINPUT, "place %.40s: give a number from 0 to below %s", place,
                       s->count);
    find_image(s, number, image);
    return CUTROPY_OK;
}

/* A uniform number below the count: bits until they are. */
static void draw_place(const cutropy_sampler *s, uint64_t key, uint64_t *place)
{
    const uint64_t *count = s->total;
    size_t top = s->words - 1;
    while (top && !count[top])
        top--;
    const uint64_t mask = ct_low_mask(64 - __builtin_clzll(count[top]));
    uint64_t counter = 0;
    do {
        memset(place, 0, s->words * sizeof *place);
        for (size_t w = 0; w <= top; w++)
            place[w] = ct_random(key, counter++);
        place[top] &= mask;
    } while (!below(place, count, s->words));
}

void cutropy_sampler_draw(const cutropy_sampler *s, uint64_t seed, uint64_t first, uint64_t count,
                          uint64_t *images)
{
    uint64_t place[MOST_WORDS];
    for (uint64_t i = 0; i < count; i++) {
        draw_place(s, ct_random(seed, first + i), place);
        find_image(s, place, images + i * s->lattice->words);
    }
}
