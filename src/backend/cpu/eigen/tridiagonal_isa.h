/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of many tridiagonal matrices at once, one in each vector element.
 *
 * Root-free QL with implicit shifts (Pal, Walker and Kahan; LAPACK dsterf), lanes in lock step: one
 * sweep runs from the largest end to the smallest start of the lanes' active blocks, and a lane
 * outside its block keeps its state. Matrices of like size stay close together, so few steps are
 * idle. Differences to dsterf: the second division of a step, gamma^2 / c, is written gamma^2 (r /
 * p), which does not wait for c; a split is detected while the sweep writes; entries below 2^-55 of
 * the largest entry are dropped too (backward stable); the whole matrix is reversed at the start
 * when graded the wrong way, instead of switching to QR. */
#include "backend/cpu/eigen/vec_isa.h"

#define CT_SWEEPS_PER_VALUE 30
/* Square of the unit roundoff 2^-53. */
#define CT_EIGEN_UNIT2 0x1p-106
/* Below this p = gamma^2 / c is replaced by its limit for c -> 0. */
#define CT_TINY_P 0x1p-900

typedef struct lanes {
    int64_t n[CT_VL], first[CT_VL], last[CT_VL],
        sweeps[CT_VL];    /* active block first .. last; last < first: unknown */
    double floor2[CT_VL]; /* square of what is negligible anyway */
} lanes;

/* What one lane carries from step to step; each element is an independent matrix. */
typedef struct sweep {
    vec c, gamma, p, s, next;
    vec sigma, floor2;
    ivec first, last, split;
} sweep;

static inline int is_negligible(const double *d, const double *e2, int64_t i, double floor2)
{
    const double dd = fabs(d[i * CT_EIGEN_LANES] * d[(i + 1) * CT_EIGEN_LANES]);
    return e2[i * CT_EIGEN_LANES] <= CT_EIGEN_UNIT2 * dd + floor2;
}

/* Squares e, measures the lane, and reverses it when the large end is first. */
static double prepare_lane(int64_t n, double *d, double *e)
{
    double largest = 0.0;
    for (int64_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(d[i * CT_EIGEN_LANES]));
        if (i + 1 < n)
            largest = fmax(largest, fabs(e[i * CT_EIGEN_LANES]));
    }
    for (int64_t i = 0; i + 1 < n; i++)
        e[i * CT_EIGEN_LANES] *= e[i * CT_EIGEN_LANES];
    e[(n - 1) * CT_EIGEN_LANES] = 0.0;
    if (fabs(d[(n - 1) * CT_EIGEN_LANES]) < fabs(d[0]))
        for (int64_t i = 0; i < n / 2; i++) {
            double *p = d + i * CT_EIGEN_LANES, *q = d + (n - 1 - i) * CT_EIGEN_LANES, t = *p;
            *p = *q;
            *q = t;
            p = e + i * CT_EIGEN_LANES;
            q = e + (n - 2 - i) * CT_EIGEN_LANES;
            if (p < q) {
                t = *p;
                *p = *q;
                *q = t;
            }
        }
    return largest * 0x1p-55 * (largest * 0x1p-55);
}

/* Eigenvalues of [a b; b c], b2 = b^2: the larger in modulus first (LAPACK dlae2). */
static void two_by_two(double *a, double *c, double b2)
{
    const double total = *a + *c, half = fabs(*a - *c);
    const double root = sqrt(half * half + 4.0 * b2);
    const double large = 0.5 * (total < 0.0 ? total - root : total + root);
    double small = 0.5 * (total - root);
    if (total != 0.0) {
        const double big = fabs(*a) > fabs(*c) ? *a : *c, other = fabs(*a) > fabs(*c) ? *c : *a;
        small = (big / large) * other - b2 / large;
    }
    *a = large;
    *c = small;
}

/* Takes finished values off the lane until its block has three rows or more; 0: the lane is done.
 */
static int advance(lanes *lane, int k, double *d, double *e2)
{
    const int64_t n = lane->n[k];
    int64_t first = lane->first[k], last = lane->last[k];
    while (first < n) {
        if (last < first) {
            last = first;
            while (last + 1 < n && !is_negligible(d, e2, last, lane->floor2[k]))
                last++;
            e2[last * CT_EIGEN_LANES] = 0.0;
        }
        if (last >= first + 2)
            break;
        if (last == first + 1)
            two_by_two(d + first * CT_EIGEN_LANES, d + last * CT_EIGEN_LANES,
                       e2[first * CT_EIGEN_LANES]);
        first = last + 1;
    }
    lane->first[k] = first;
    lane->last[k] = last;
    return first < n;
}

/* Wilkinson's shift at the start of each active block. */
static void shifts(const lanes *lane, const double *d, const double *e2, sweep *s)
{
    double d0[CT_VL], d1[CT_VL], e0[CT_VL], dm[CT_VL], sigma[CT_VL], gamma[CT_VL];
    for (int k = 0; k < CT_VL; k++) {
        const int64_t i = lane->first[k] * CT_EIGEN_LANES + k;
        const int on = lane->first[k] < lane->n[k];
        d0[k] = on ? d[i] : 0.0;
        d1[k] = on ? d[i + CT_EIGEN_LANES] : 0.0;
        e0[k] = on ? e2[i] : 1.0;
        dm[k] = on ? d[lane->last[k] * CT_EIGEN_LANES + k] : 0.0;
    }
    for (int k = 0; k < CT_VL; k++) {
        const double root = sqrt(e0[k]), g = (d1[k] - d0[k]) / (2.0 * root);
        sigma[k] = d0[k] - root / (g + copysign(sqrt(g * g + 1.0), g));
        gamma[k] = dm[k] - sigma[k];
    }
    memcpy(&s->sigma, sigma, sizeof sigma);
    memcpy(&s->gamma, gamma, sizeof gamma);
    memcpy(&s->next, dm, sizeof dm);
    memcpy(&s->floor2, lane->floor2, sizeof s->floor2);
    s->c = splat(1.0);
    s->s = splat(0.0);
    s->p = s->gamma * s->gamma;
    s->split = isplat(INT64_MAX);
    for (int k = 0; k < CT_VL; k++) {
        const int on = lane->first[k] < lane->n[k];
        s->first[k] = on ? lane->first[k] : INT64_MAX;
        s->last[k] = on ? lane->last[k] : -1;
    }
}

/* One step of the sweep at row i. edge: some lane may be outside its block. */
static inline __attribute__((always_inline)) void step(sweep *s, double *d, double *e2, int64_t i,
                                                       int edge)
{
    const vec bb = load(e2 + i * CT_EIGEN_LANES), alpha = load(d + i * CT_EIGEN_LANES);
    const vec r = s->p + bb;
    const vec inverse = splat(1.0) / r, ratio = r / s->p;
    const vec number = CT_FMA(s->p, alpha - s->sigma, -(bb * s->gamma));
    const vec e_new = s->s * r;
    const vec c = s->p * inverse;
    const vec gamma = number * inverse;
    const vec d_new = s->gamma + (alpha - gamma);
    const vec p = choose(s->p < splat(CT_TINY_P), s->c * bb, gamma * (gamma * ratio));
    const vec limit = CT_FMA(magnitude(d_new * s->next), splat(CT_EIGEN_UNIT2), s->floor2);
    ivec small = e_new <= limit;
    if (edge) {
        const ivec on = (isplat(i) < s->last) & (isplat(i) >= s->first);
        small &= on & (isplat(i + 1) < s->last);
        s->split = (small & isplat(i + 1)) | (~small & s->split);
        double *e_row = e2 + (i + 1) * CT_EIGEN_LANES, *d_row = d + (i + 1) * CT_EIGEN_LANES;
        store(e_row, choose(on, e_new, load(e_row)));
        store(d_row, choose(on, d_new, load(d_row)));
        s->s = choose(on, bb * inverse, s->s);
        s->c = choose(on, c, s->c);
        s->gamma = choose(on, gamma, s->gamma);
        s->p = choose(on, p, s->p);
        s->next = choose(on, d_new, s->next);
        return;
    }
    s->split = (small & isplat(i + 1)) | (~small & s->split);
    store(e2 + (i + 1) * CT_EIGEN_LANES, e_new);
    store(d + (i + 1) * CT_EIGEN_LANES, d_new);
    s->s = bb * inverse;
    s->c = c;
    s->gamma = gamma;
    s->p = p;
    s->next = d_new;
}

/* Rows that the sweep runs over (low .. high - 1), and those of them where every lane is inside its
 * block. */
typedef struct range {
    int64_t high, low, inner_high, inner_low;
} range;

static void widen(range *r, const lanes *lane)
{
    for (int k = 0; k < CT_VL; k++) {
        if (lane->n[k] == 0)
            continue; /* an unused lane has storage of its own and may compute anything */
        const int on = lane->first[k] < lane->n[k];
        const int64_t first = on ? lane->first[k] : INT64_MAX, last = on ? lane->last[k] : -1;
        r->high = on && last > r->high ? last : r->high;
        r->low = on && first < r->low ? first : r->low;
        r->inner_high = last < r->inner_high ? last : r->inner_high;
        r->inner_low = first > r->inner_low ? first : r->inner_low;
    }
}

/* One sweep of `count` groups of lanes together, so that the divisions of one hide the latency of
 * the other. The groups g[] lie offset[] doubles behind d and e2. */
static inline __attribute__((always_inline)) void
run_sweep(int count, const range *r, sweep *const *g, const int64_t *offset, double *d, double *e2)
{
    sweep s[CT_TOGETHER];
    for (int q = 0; q < count; q++)
        s[q] = *g[q];
    int64_t i = r->high - 1;
    for (; i >= r->low && i > r->inner_high - 2; i--)
        for (int q = 0; q < count; q++)
            step(&s[q], d + offset[q], e2 + offset[q], i, 1);
    for (; i >= r->low && i >= r->inner_low; i--)
#pragma GCC unroll 4
        for (int q = 0; q < count; q++)
            step(&s[q], d + offset[q], e2 + offset[q], i, 0);
    for (; i >= r->low; i--)
        for (int q = 0; q < count; q++)
            step(&s[q], d + offset[q], e2 + offset[q], i, 1);
    for (int q = 0; q < count; q++)
        *g[q] = s[q];
}

/* Writes the first row of each block and moves the block's ends. failed[k] = 1: lane k ran out of
 * sweeps. */
static void close_sweep(lanes *lane, const sweep *s, double *d, double *e2, int *failed)
{
    for (int k = 0; k < CT_VL; k++) {
        const int64_t first = lane->first[k];
        if (first >= lane->n[k])
            continue;
        d[first * CT_EIGEN_LANES + k] = s->sigma[k] + s->gamma[k];
        e2[first * CT_EIGEN_LANES + k] = s->s[k] * s->p[k];
        if (s->split[k] < lane->last[k]) {
            lane->last[k] = s->split[k];
            e2[s->split[k] * CT_EIGEN_LANES + k] = 0.0;
        }
        if (is_negligible(d + k, e2 + k, first, lane->floor2[k])) {
            e2[first * CT_EIGEN_LANES + k] = 0.0;
            lane->first[k]++;
        }
        if (--lane->sweeps[k] < 0) {
            failed[k] = 1;
            lane->first[k] = lane->n[k];
        }
    }
}

#define CT_LANE_GROUPS (CT_EIGEN_LANES / CT_VL)

/* Starts the next sweep of every group that is not finished; returns how many there are. */
static int open_sweeps(lanes *lane, double *d, double *e2, sweep *state, int *open)
{
    int count = 0;
    for (int q = 0; q < CT_LANE_GROUPS; q++) {
        int active = 0;
        for (int k = 0; k < CT_VL; k++)
            active |= advance(&lane[q], k, d + q * CT_VL + k, e2 + q * CT_VL + k);
        if (!active)
            continue;
        shifts(&lane[q], d + q * CT_VL, e2 + q * CT_VL, &state[q]);
        open[count++] = q;
    }
    return count;
}

static void tridiagonal(const int64_t *n, double *d, double *e, int *failed)
{
    lanes lane[CT_LANE_GROUPS];
    sweep state[CT_LANE_GROUPS];
    int open[CT_LANE_GROUPS], count;
    memset(state, 0, sizeof state);
    for (int k = 0; k < CT_EIGEN_LANES; k++) {
        lanes *l = &lane[k / CT_VL];
        l->n[k % CT_VL] = n[k];
        l->first[k % CT_VL] = 0;
        l->last[k % CT_VL] = -1;
        l->sweeps[k % CT_VL] = CT_SWEEPS_PER_VALUE * n[k];
        l->floor2[k % CT_VL] = n[k] ? prepare_lane(n[k], d + k, e + k) : 0.0;
    }
    while ((count = open_sweeps(lane, d, e, state, open)) > 0) {
        for (int at = 0, together; at < count; at += together) {
            range r = {0, INT64_MAX, INT64_MAX, 0};
            sweep *g[CT_TOGETHER];
            int64_t offset[CT_TOGETHER];
            together = count - at < CT_TOGETHER ? 1 : CT_TOGETHER;
            for (int q = 0; q < together; q++) {
                widen(&r, &lane[open[at + q]]);
                g[q] = &state[open[at + q]];
                offset[q] = open[at + q] * CT_VL;
            }
            if (together == 1)
                run_sweep(1, &r, g, offset, d, e);
            else
                run_sweep(CT_TOGETHER, &r, g, offset, d, e);
        }
        for (int at = 0; at < count; at++)
            close_sweep(&lane[open[at]], &state[open[at]], d + open[at] * CT_VL,
                        e + open[at] * CT_VL, failed + open[at] * CT_VL);
    }
}
