/* SPDX-License-Identifier: Apache-2.0 */
/* Problems from the caller's own automaton, as levels and transitions. */
#include <string.h>

#include "problem/from_user.h"
#include "problem/frontier.h"
#include "problem/label.h"

typedef struct automaton {
    int pixels;
    int32_t *count; /* N + 1 */
    size_t *start;  /* N + 1: the first state of a level among all */
    int32_t (*next)[2];
    uint8_t *accept; /* count[N] */
} automaton;

static void automaton_free(void *data)
{
    automaton *a = data;
    ct_free(a->count);
    ct_free(a->start);
    ct_free(a->next);
    ct_free(a->accept);
    ct_free(a);
}

/* ---- as an automaton: a state is its number in its level ---- */

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const automaton *a = f->problem->data;
    int64_t number;
    memcpy(&number, state, sizeof number);
    number = a->next[a->start[y * f->width + x] + (size_t)number][lit];
    memcpy(state, &number, sizeof number);
    return number >= 0;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    int64_t number;
    memcpy(&number, state, sizeof number);
    return ((const automaton *)f->problem->data)->accept[number];
}

static bool read_table(bool by_columns, ct_frontier *f)
{
    f->bytes = sizeof(int64_t);
    f->step = step;
    f->accept = accept;
    return !by_columns;
}

/* ---- as a function of images, N <= 40 ---- */

/* value[k][i]: the label where pixels k .. N - 1 of the image are read from state i of level k on. From an image to the next
 * only the levels below the highest pixel that changes are found anew. */
static void read_back(const automaton *a, uint64_t image, int highest, uint8_t *const *value)
{
    for (int k = highest; k >= 0; k--) {
        const int32_t(*next)[2] = (const int32_t(*)[2])a->next + a->start[k];
        for (int32_t i = 0; i < a->count[k]; i++) {
            const int32_t to = next[i][image >> k & 1];
            value[k][i] = to >= 0 && value[k + 1][to];
        }
    }
}

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const automaton *a = problem->data;
    const uint64_t first = 64 * first_word, images = UINT64_C(1) << a->pixels;
    uint8_t *all = NULL, *value[CT_INDEX_PIXELS + 1];
    CT_NEW(all, a->start[a->pixels] + (size_t)a->count[a->pixels]);
    for (int k = 0; k <= a->pixels; k++)
        value[k] = all + a->start[k];
    memcpy(value[a->pixels], a->accept, (size_t)a->count[a->pixels]);
    memset(out, 0, words * sizeof *out);
    for (uint64_t i = 0; i < 64 * words && first + i < images; i++) {
        const uint64_t image = first + i;
        read_back(a, image, i ? __builtin_ctzll(image) : a->pixels - 1, value);
        out[i / 64] |= (uint64_t)value[0][0] << i % 64;
    }
done:
    ct_free(all);
    return status;
}

/* ---- from the caller ---- */

static cutropy_status check_level(const char *name, const automaton *a, int k)
{
    for (int32_t i = 0; i < a->count[k]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t to = a->next[a->start[k] + (size_t)i][bit];
            if (to < -1 || to >= a->count[k + 1])
                return ct_fail(CUTROPY_EINPUT,
                               "%s: state %d of level %d leads to state %d of level %d, which has "
                               "%d (-1: dead)",
                               name, (int)i, k, (int)to, k + 1, (int)a->count[k + 1]);
        }
    return CUTROPY_OK;
}

static cutropy_status check(const char *name, const automaton *a)
{
    cutropy_status status = CUTROPY_OK;
    for (int k = 0; k < a->pixels; k++)
        CT_TRY(check_level(name, a, k));
    for (int32_t i = 0; i < a->count[a->pixels]; i++)
        if (a->accept[i] > 1)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: label %d of state %d of level %d is neither 0 nor 1", name,
                           a->accept[i], (int)i, a->pixels);
done:
    return status;
}

static cutropy_status check_counts(const char *name, const int32_t *count, int pixels)
{
    if (count[0] != 1)
        return ct_fail(CUTROPY_EINPUT, "%s: level 0 has one state, the first one, not %d", name,
                       (int)count[0]);
    for (int k = 1; k <= pixels; k++)
        if (count[k] < 1)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: level %d has %d states: no image has label 1, so the function is "
                           "zero",
                           name, k, (int)count[k]);
    return CUTROPY_OK;
}

static cutropy_status copy(const int32_t *count, const int32_t *next, const uint8_t *accept,
                           automaton *a)
{
    cutropy_status status = CUTROPY_OK;
    const size_t levels = (size_t)a->pixels + 1;
    CT_NEW(a->count, levels);
    CT_NEW_ZERO(a->start, levels);
    memcpy(a->count, count, levels * sizeof *count);
    for (int k = 0; k < a->pixels; k++)
        a->start[k + 1] = a->start[k] + (size_t)count[k];
    CT_NEW(a->next, a->start[a->pixels]);
    memcpy(a->next, next, a->start[a->pixels] * sizeof *a->next);
    CT_NEW(a->accept, count[a->pixels]);
    memcpy(a->accept, accept, (size_t)count[a->pixels]);
done:
    return status;
}

cutropy_status cutropy_problem_from_automaton(const char *name, const cutropy_lattice *lattice,
                                              const int32_t *count, const int32_t *next,
                                              const uint8_t *accept, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    automaton *a = NULL;
    *out = NULL;
    CT_TRY(
        ct_user_problem_start_large(name, lattice, count && next && accept, "automaton", &problem));
    CT_TRY(check_counts(name, count, lattice->pixels));
    CT_NEW_ZERO(a, 1);
    a->pixels = lattice->pixels;
    problem->data = a;
    problem->free_data = automaton_free;
    CT_TRY(copy(count, next, accept, a));
    CT_TRY(check(name, a));
    problem->automaton = read_table;
    if (lattice->pixels <= CT_INDEX_PIXELS)
        problem->fill_labels = fill_labels;
done:
    return ct_user_problem_finish(status, problem, out);
}
