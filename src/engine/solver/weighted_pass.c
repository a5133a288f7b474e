/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/weighted_pass.h"

#include <math.h>
#include <string.h>

#define ROUNDING 0x1p-53

/* What the bounds ask of a level: index 0 of the first pixels, 1 of the last ones. */
typedef struct ct_side_record {
    double *diagonal, *spread;      /* n each */
    double rounding, longest, norm; /* as of the environment */
    int64_t exponent;
} ct_side_record;

typedef struct ct_passing {
    const ct_weighted_pass *pass;
    int pixels;
    ct_environment *kept[2]; /* of wanted levels; N + 1 */
    ct_side_record *side[2]; /* where w is not single; N + 1 */
    double right_error;      /* single: of all steps so far, in units of u */
    int64_t exponent;
} ct_passing;

static cutropy_status record(ct_passing *p, int side, int k, const ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    ct_side_record *r = &p->side[side][k];
    r->rounding = e->rounding;
    r->longest = e->longest;
    r->norm = e->norm;
    r->exponent = e->exponent;
    CT_NEW(r->diagonal, e->n);
    CT_NEW_ZERO(r->spread, e->n);
    for (int32_t i = 0; i < e->n; i++)
        r->diagonal[i] = ct_environment_at(e, p->pass->w->is_complex, i);
    if (e->spread)
        memcpy(r->spread, e->spread, (size_t)e->n * sizeof *r->spread);
done:
    return status;
}

static cutropy_status copy(const ct_passing *p, const ct_environment *e, ct_environment *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)e->n,
                 numbers = e->diagonal ? n : n * n * (p->pass->w->is_complex ? 2 : 1);
    *out = *e;
    out->spread = NULL;
    CT_NEW(out->number, numbers);
    memcpy(out->number, e->number, numbers * sizeof *out->number);
done:
    return status;
}

static bool is_wanted(const ct_passing *p, int k)
{
    return p->pass->wanted && p->pass->wanted[k];
}

static cutropy_status answer(ct_passing *p, int k, const ct_environment *right, double error)
{
    const ct_weighted_level level = {
        .k = k, .left = &p->kept[0][k], .right = right, .error = error, .exponent = p->exponent};
    return p->pass->take(p->pass->context, &level);
}

/* Level k, which was reached. */
static cutropy_status arrive(ct_passing *p, int side, int k, const ct_environment *e)
{
    cutropy_status status = CUTROPY_OK;
    const bool single = p->pass->w->single;
    const ct_watch *watch = p->pass->watch;
    const int done = side ? 2 * p->pixels - k : k;
    if (ct_asked_to_stop(watch, "levels", (uint64_t)done, 2 * (uint64_t)p->pixels))
        return ct_fail(CUTROPY_ECANCELLED, "stopped");
    if (!single)
        CT_TRY(record(p, side, k, e));
    if (!is_wanted(p, k))
        return CUTROPY_OK;
    if (side && single) {
        CT_TRY(answer(p, k, e, p->kept[0][k].error + p->right_error));
        ct_environment_free(&p->kept[0][k]);
    } else {
        CT_TRY(copy(p, e, &p->kept[side][k]));
    }
done:
    return status;
}

static cutropy_status pass_left(ct_passing *p, double *norm, double *error)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_pass *pass = p->pass;
    ct_environment e = {0};
    CT_TRY(ct_environment_start(pass->w->single, pass->w->is_complex, &e));
    CT_TRY(arrive(p, 0, 0, &e));
    for (int k = 0; k < p->pixels; k++) {
        CT_TRY(ct_environment_step(pass->w, k, true, pass->threads, &e));
        CT_TRY(arrive(p, 0, k + 1, &e));
    }
    *norm = e.number[0];
    *error = e.error * ROUNDING * *norm;
    p->exponent = e.exponent;
done:
    ct_environment_free(&e);
    return status;
}

static cutropy_status pass_right(ct_passing *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_pass *pass = p->pass;
    ct_environment e = {0};
    int least = pass->w->single ? p->pixels + 1 : 0;
    for (int k = p->pixels; k >= 0 && pass->w->single; k--)
        least = is_wanted(p, k) ? k : least;
    CT_TRY(ct_environment_start(false, pass->w->is_complex, &e));
    if (least <= p->pixels)
        CT_TRY(arrive(p, 1, p->pixels, &e));
    for (int k = p->pixels - 1; k >= least; k--) {
        CT_TRY(ct_environment_step(pass->w, k, false, pass->threads, &e));
        p->right_error += e.rounding;
        CT_TRY(arrive(p, 1, k, &e));
    }
done:
    ct_environment_free(&e);
    return status;
}

/* What the step that arrived at level k on this side may change, the smaller one of two bounds: rounding n u sum_i spread_i (other side)_ii,
 * and longest u sum_i spread_i times the norm of the other side. */
static double step_error(const ct_passing *p, int side, int k)
{
    const ct_side_record *own = &p->side[side][k], *other = &p->side[1 - side][k];
    const int32_t n = p->pass->w->bond[k];
    double sum = 0, spread = 0;
    for (int32_t i = 0; i < n; i++) {
        sum += own->spread[i] * other->diagonal[i];
        spread += own->spread[i];
    }
    return ldexp(fmin(own->rounding * n * sum, own->longest * spread * other->norm) * ROUNDING,
                 (int)(own->exponent + other->exponent - p->exponent));
}

/* A matrix on either side: answers follow when both passes are done. */
static cutropy_status answer_all(ct_passing *p, double *error)
{
    cutropy_status status = CUTROPY_OK;
    double *behind = NULL, left = 0;
    CT_NEW_ZERO(behind, p->pixels + 1); /* of the steps from the last pixel to each level */
    for (int k = p->pixels - 1; k >= 0; k--)
        behind[k] = behind[k + 1] + step_error(p, 1, k);
    for (int k = 0; k <= p->pixels; k++) {
        left += k ? step_error(p, 0, k) : 0;
        if (!is_wanted(p, k))
            continue;
        CT_TRY(answer(p, k, &p->kept[1][k], left + behind[k]));
        for (int side = 0; side < 2; side++)
            ct_environment_free(&p->kept[side][k]);
    }
    *error = left;
done:
    ct_free(behind);
    return status;
}

cutropy_status ct_weighted_run(const ct_weighted_pass *pass, double *norm, double *error,
                               int64_t *exponent)
{
    cutropy_status status = CUTROPY_OK;
    ct_passing p = {.pass = pass, .pixels = pass->w->pixels};
    for (int side = 0; side < 2; side++) {
        CT_NEW_ZERO(p.kept[side], p.pixels + 1);
        CT_NEW_ZERO(p.side[side], p.pixels + 1);
    }
    CT_TRY(pass_left(&p, norm, error));
    *exponent = p.exponent;
    CT_TRY(pass_right(&p));
    if (!pass->w->single)
        CT_TRY(answer_all(&p, error));
done:
    for (int side = 0; side < 2; side++) {
        for (int k = 0; k <= p.pixels && p.kept[side] && p.side[side]; k++) {
            ct_environment_free(&p.kept[side][k]);
            ct_free(p.side[side][k].diagonal);
            ct_free(p.side[side][k].spread);
        }
        ct_free(p.kept[side]);
        ct_free(p.side[side]);
    }
    return status;
}
