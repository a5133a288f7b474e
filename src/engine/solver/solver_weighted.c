/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/solver_weighted.h"

#include "base/clock.h"
#include "base/sum.h"
#include "engine/cut/needs.h"
#include "engine/record/record.h"
#include "engine/solver/plain_resident.h"
#include "engine/solver/weighted_cut.h"
#include "frontier/weighing.h"

typedef struct ct_weighted_solving {
    const ct_solver_setting *setting;
    const ct_solve_call *call;
    ct_weighing_spot *spot; /* one a cut; n = 0: it was answered */
    /* the order that is read */
    int order;
    const ct_weighted *w;
    size_t cut; /* order CT_ORDERS: whose it is */
} ct_weighted_solving;

static cutropy_status put(ct_weighted_solving *s, size_t cut, const ct_cut_answer *answer)
{
    s->spot[cut].n = 0;
    return ct_solve_take(s->call, cut, 1, answer, CT_ALL_THREADS);
}

static cutropy_status fail_cut(ct_weighted_solving *s, size_t cut, cutropy_status status)
{
    char why[512];
    if (!ct_fails_alone(status))
        return status;
    ct_error_save(why, sizeof why);
    const ct_cut_answer answer = {.status = status, .why = why};
    return put(s, cut, &answer);
}

/* 2^pixels, or n where that is less. */
static int64_t at_most(int64_t n, int pixels)
{
    return pixels < 32 && INT64_C(1) << pixels < n ? INT64_C(1) << pixels : n;
}

static cutropy_status answer_level(ct_weighted_solving *s, const ct_weighted_level *level,
                                   size_t cut)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = s->setting;
    const int pixels = s->w->pixels;
    const int64_t n = at_most(at_most(level->left->n, level->k), pixels - level->k);
    const int64_t size[2] = {n, n};
    ct_bounded_matrix rho = {0};
    ct_matrix_answer made = {0};
    const double start = ct_now();
    CT_TRY(ct_weighted_cut_make(level, s->w->is_complex, 2 * (int64_t)setting->f->exponent,
                                setting->operations, setting->threads, &rho));
    s->call->seconds->gram += ct_now() - start;
    const double middle = ct_now();
    CT_TRY(ct_matrix_answer_make(setting, s->call->watch, setting->threads, &rho, size, n,
                                 "the numbers nearly cancel", &made));
    s->call->seconds->eigenvalues += ct_now() - middle;
    CT_TRY(put(s, cut, &made.answer));
done:
    ct_free(rho.number);
    ct_free(made.values);
    return status;
}

/* Is it still to be answered, in the order that is read? */
static bool is_open(const ct_weighted_solving *s, size_t i)
{
    return s->spot[i].n && s->spot[i].order == s->order && (s->order < CT_ORDERS || i == s->cut);
}

static cutropy_status take_level(void *context, const ct_weighted_level *level)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighted_solving *s = context;
    for (size_t i = 0; i < s->call->count; i++) {
        if (!is_open(s, i) || s->spot[i].k != level->k)
            continue;
        CT_TRY(ct_solve_take(s->call, i, 0, NULL, CT_ALL_THREADS)); /* stop? */
        const cutropy_status found = answer_level(s, level, i);
        CT_TRY(found == CUTROPY_OK ? found : fail_cut(s, i, found));
    }
done:
    return status;
}

static cutropy_status pass_order(ct_weighted_solving *s, const uint16_t *order)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = s->setting->f;
    const cutropy_problem *problem = f->weighing->problem;
    ct_weighted w = {0}, bonds = {0};
    bool *wanted = NULL;
    double norm, error;
    int64_t exponent;
    CT_NEW_ZERO(wanted, f->pixels + 1);
    for (size_t i = 0; i < s->call->count; i++)
        if (is_open(s, i))
            wanted[s->spot[i].k] = true;
    CT_TRY(problem->weigh(problem, order, CT_BONDS, &bonds));
    CT_TRY(ct_workspace_check(f, ct_weighted_bytes(&bonds) + ct_weighted_pass_bytes(&bonds, wanted),
                              s->setting->memory_limit));
    CT_TRY(problem->weigh(problem, order, CT_NUMBERS, &w));
    s->w = &w;
    const ct_weighted_pass pass = {.w = &w,
                                   .threads = s->setting->threads,
                                   .watch = s->call->watch,
                                   .wanted = wanted,
                                   .take = take_level,
                                   .context = s};
    CT_TRY(ct_weighted_run(&pass, &norm, &error, &exponent));
done:
    ct_weighted_free(&w);
    ct_weighted_free(&bonds);
    ct_free(wanted);
    return status;
}

/* Cuts fail together where the passes of their order do. */
static cutropy_status read_order(ct_weighted_solving *s, const uint16_t *order)
{
    cutropy_status status = CUTROPY_OK;
    size_t open = 0;
    for (size_t i = 0; i < s->call->count; i++)
        open += is_open(s, i);
    if (!open)
        return CUTROPY_OK;
    const double start = ct_now(), before = s->call->seconds->gram + s->call->seconds->eigenvalues;
    const cutropy_status passed = pass_order(s, order);
    s->call->seconds->gram +=
        ct_now() - start - (s->call->seconds->gram + s->call->seconds->eigenvalues - before);
    if (passed == CUTROPY_OK || !ct_fails_alone(passed))
        return passed;
    char why[512];
    ct_error_save(why, sizeof why);
    for (size_t i = 0; i < s->call->count; i++)
        if (is_open(s, i))
            CT_TRY(fail_cut(s, i, ct_error_restore(passed, why)));
done:
    return status;
}

static cutropy_status place_cuts(ct_weighted_solving *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = s->setting->f;
    for (size_t i = 0; i < s->call->count; i++) {
        const cutropy_status placed =
            ct_weighing_place(f->weighing, s->call->masks + i * f->words, &s->spot[i]);
        CT_TRY(placed == CUTROPY_OK ? placed : fail_cut(s, i, placed));
    }
done:
    return status;
}

/* The cut of an infinite strip: m on one side, a row of steps from g on the other, in units in which the trace is 1. */
static cutropy_status solve_strip(ct_weighted_solving *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_strip *strip = s->setting->f->weighing->strip;
    const size_t n = (size_t)strip->n;
    ct_environment left = {.n = strip->n, .diagonal = true},
                   right = {.n = strip->n, .norm = (double)n};
    double error = 0;
    ct_sum trace = {0};
    CT_NEW(left.number, n);
    CT_NEW_ZERO(right.number, n * n);
    for (size_t i = 0; i < n; i++)
        right.number[(n + 1) * i] = strip->ways[1][i];
    for (int k = 2 * strip->width - 1; k >= strip->width; k--) {
        CT_TRY(ct_environment_step(&strip->rows, k, false, s->setting->threads, &right));
        error += right.rounding;
    }
    for (int32_t i = 0; i < strip->n; i++)
        ct_sum_add(&trace, strip->ways[0][i] * ct_environment_at(&right, false, i));
    for (size_t i = 0; i < n; i++)
        left.number[i] = strip->ways[0][i] / ct_sum_value(&trace);
    left.exponent = -right.exponent;
    s->w = &strip->rows;
    error += (strip->error[0] + strip->error[1]) * (1 + 0x1p-20) / 0x1p-53 + 1;
    const ct_weighted_level level = {
        .k = strip->width, .left = &left, .right = &right, .error = error};
    for (size_t i = 0; i < s->call->count; i++) {
        const cutropy_status found = answer_level(s, &level, i);
        CT_TRY(found == CUTROPY_OK ? found : fail_cut(s, i, found));
    }
done:
    ct_environment_free(&left);
    ct_environment_free(&right);
    return status;
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighing *weighing = resident->setting.f->weighing;
    ct_weighted_solving s = {.setting = &resident->setting, .call = call};
    CT_NEW_ZERO(s.spot, call->count);
    if (weighing->strip) {
        CT_TRY(solve_strip(&s));
        goto done;
    }
    CT_TRY(place_cuts(&s));
    for (s.order = 0; s.order < CT_ORDERS; s.order++)
        CT_TRY(read_order(&s, weighing->order[s.order]));
    for (s.cut = 0; s.cut < call->count; s.cut++)
        CT_TRY(read_order(&s, s.spot[s.cut].own));
done:
    for (size_t i = 0; i < call->count && s.spot; i++)
        ct_free(s.spot[i].own);
    ct_free(s.spot);
    return status;
}

const ct_solver *ct_solver_weighted(void)
{
    static const ct_solver weighted = {
        .name = "weights", .open = ct_plain_open, .close = ct_plain_close, .solve = solve};
    return &weighted;
}
