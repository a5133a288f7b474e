/* SPDX-License-Identifier: Apache-2.0 */
/* Exact slices, theorem 11 of docs/theorems.md (after S. M. Rump, T. Ogita, S. Oishi, K. Ozaki: error-free splitting of products).
 *
 * A sum of products is exact in double precision, in every order of additions and with or without
 * fused multiply-adds, when all terms are multiples of one power of two 2^-g and their absolute
 * values add up to at most 2^(53 - g). The vectors are untrusted, so they may be rounded: to
 * multiples of 2^-g_t, and then y = s_1 + ... + s_t exactly, s_a a multiple of 2^-g_a, |s_a| <=
 * 2^(-g_(a-1) - 1) from the second on. With x_j = D^1/2 y_j, sigma^2 = Tr D, alpha = the largest
 * 2-norm of a row of G D^1/2 and ||D^1/2 s_1|| <= sqrt(2):
 *
 *   s_1^T D s_1   exact for g_1 = 26: multiples of 2^-52, Cauchy-Schwarz gives 2.
 *   G D s_1       exact if alpha sqrt(2) <= 2^(53 - 26).
 *   G D s_a       exact if alpha sigma 2^(-g_(a-1) - 1) (1 + 2^-step) <= 2^(53 - g_a), g_a =
 *                 g_(a-1) + step; true if alpha sigma <= 2^(53 - step).
 *
 * Overlaps: K = s_1^T D s_1 + C + C^T, C = (s_1 + tail / 2)^T D tail, tail = y - s_1, |tail| <=
 * 2^-27. C is a plain product: off by gamma_(n + 3) ||D^1/2 (s_1 + tail / 2)|| ||D^1/2 tail|| <=
 * gamma_(n + 3) 2 sigma 2^-27, and the sum of the three is off by u (|C| + |C^T| + |K|). Together
 * 4 gamma_(n + 8) sigma 2^-27 + u |K|, for f (K_ii > 1/4) four times that: 6e-20 where sigma^2 =
 * n = 256.
 *
 * Residuals: r = -Lambda y + G D s_1 + ... + G D s_t, added up from its largest terms to pairs
 * (sum, slip): off by u |r| + gamma_t times the slips, which are at most u times the t + 1 partial
 * sums, each at most (1 + gamma_t) (|Lambda y| + sum_a |G D s_a|). In the norm of D, divided by
 * sqrt(K_jj) > 1/2: at most 4 (t + 1)^2 u^2 (size + |Lambda|), because sum_a ||D^1/2 s_a|| < 1.6.
 *
 * w_ij is a plain product of y_i with D r_j: off by gamma_(n + 2) ||x_i|| ||D^1/2 r_j||.
 *
 * Nothing underflows or overflows: y is 0 or at least 2^-MOST_GRID, G D is made of integers below
 * 2^53, and Lambda is 0 or at least LEAST_VALUE. */
#include "certify/block_slices.h"

#include <math.h>
#include <string.h>

#include "backend/cpu/product.h"
#include "base/twofold.h"

#define UP CT_BLOCK_UP
#define FIRST_GRID 26
#define MOST_GRID 77         /* the grid that |tail| <= 2^-27 can be rounded to by one addition */
#define MOST_STEP 50         /* between two grids, for the same reason */
#define LEAST_STEP 12        /* with less there are too many slices */
#define MOST_SLICES 6        /* (77 - 26) / 12, rounded up, + 1 */
#define LEAST_VALUE 0x1p-200 /* smaller eigenvalues are taken for 0 */
#define PANEL 64             /* vectors that are worked on together */

typedef struct ct_slices {
    const ct_block_gram *gram;
    int64_t n;
    int count, grid[MOST_SLICES];
    double sigma, alpha;
    double *room;
    double *y;                                /* n x n, row j: vector j on the last grid */
    double *head;                             /* n x n: s_1, then D G */
    double *middle;                           /* n x n: s_1 + tail / 2 */
    double *left, *right, *sum, *slip, *rest; /* PANEL x n each */
} ct_slices;

static cutropy_status open_slices(ct_slices *s)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t square = s->n * s->n, panel = PANEL * s->n;
    CT_NEW(s->room, 3 * square + 5 * panel);
    s->y = s->room;
    s->head = s->y + square;
    s->middle = s->head + square;
    s->left = s->middle + square;
    s->right = s->left + panel;
    s->sum = s->right + panel;
    s->slip = s->sum + panel;
    s->rest = s->slip + panel;
done:
    return status;
}

/* The nearest multiple of 2^-grid, |x| <= 2^(51 - grid). */
static double on_grid(double x, double shift)
{
    return (x + shift) - shift;
}

static double shift_of(int grid)
{
    return ldexp(1.5, 52 - grid);
}

/* alpha, sigma and ||H||_F, rounded up. false: not integers with products below 2^51. */
static bool measure(const ct_block_gram *gram, ct_slices *s, ct_block_terms *terms)
{
    const double *m = gram->weight;
    double all = 0, weights = 0, largest = 0;
    bool exact = true;
    *s = (ct_slices){.gram = gram, .n = gram->n};
    for (int64_t i = 0; i < s->n; i++) {
        const double *g = gram->g.high + i * s->n,
                     *low = gram->g.low ? gram->g.low + i * s->n : NULL;
        double row = 0;
        int wrong = 0;
        for (int64_t k = 0; k < s->n; k++) {
            row += g[k] * g[k] * m[k];
            wrong |= !(fabs(g[k]) * m[k] < 0x1p51) | (on_grid(g[k], shift_of(0)) != g[k]);
        }
        for (int64_t k = 0; low && k < s->n; k++)
            wrong |= low[k] != 0;
        exact = exact && !wrong;
        all += m[i] * row;
        weights += m[i];
        largest = fmax(largest, row);
    }
    s->alpha = UP * sqrt(largest);
    s->sigma = UP * sqrt(weights);
    terms->size = UP * sqrt(all) + gram->error;
    return exact;
}

/* The grids and the errors that go with them; false when exact slices are too thin. */
static bool choose_grids(ct_slices *s, ct_block_terms *terms)
{
    int step = 53 - (int)ceil(log2(UP * s->alpha * s->sigma)), grid = FIRST_GRID;
    step = step > MOST_STEP ? MOST_STEP : step;
    const double wanted = 54 + log2(s->sigma); /* so that rounding does not matter */
    terms->overlap_error = UP * 16 * ct_gamma((double)s->n + 8) * s->sigma * 0x1p-27;
    if (!(step >= LEAST_STEP && s->alpha <= 0x1p26 && wanted <= MOST_GRID &&
          terms->overlap_error <= 0x1p-54))
        return false;
    for (s->count = 0; s->count == 0 || s->grid[s->count - 1] < wanted; grid += step)
        s->grid[s->count++] = grid < MOST_GRID ? grid : MOST_GRID;
    const double sums = s->count + 1;
    terms->residual_error = 4 * sums * sums * CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF;
    return true;
}

/* y, s_1 and s_1 + tail / 2 of D^-1/2 vectors; false when a column is much longer than 1 or NaN. */
static bool split_vectors(ct_slices *s, const double *vectors)
{
    const double first = shift_of(FIRST_GRID), last = shift_of(s->grid[s->count - 1]);
    double *root = s->left;
    bool good = true;
    for (int64_t k = 0; k < s->n; k++)
        root[k] = 1 / sqrt(s->gram->weight[k]);
    for (int64_t j = 0; j < s->n; j++) {
        double length = 0;
        for (int64_t k = 0; k < s->n; k++) {
            const int64_t at = j * s->n + k;
            const double y = vectors[at] * root[k], head = on_grid(y, first),
                         tail = on_grid(y - head, last);
            s->y[at] = head + tail;
            s->head[at] = head;
            s->middle[at] = head + tail / 2;
            length += s->gram->weight[k] * head * head;
        }
        good = good && length * UP <= 2;
    }
    return good;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Rows times weights. */
static void weigh(const ct_slices *s, int64_t rows, const double *x, double *out)
{
    for (int64_t j = 0; j < rows; j++)
        for (int64_t k = 0; k < s->n; k++)
            out[j * s->n + k] = s->gram->weight[k] * x[j * s->n + k];
}

/* K into terms->f, then norm and f. */
static void find_overlaps(ct_slices *s, ct_block_terms *terms)
{
    const int64_t n = s->n;
    double *f = terms->f;
    for (int64_t j0 = 0; j0 < n; j0 += PANEL) {
        const int64_t width = least(n - j0, PANEL);
        weigh(s, width, s->head + j0 * n, s->left);
        ct_cpu_product(j0 + width, width, n, s->head, n, s->left, n, true, f + j0, n);
    }
    for (int64_t j0 = 0; j0 < n; j0 += PANEL) {
        const int64_t width = least(n - j0, PANEL);
        for (int64_t at = 0; at < width * n; at++)
            s->sum[at] = s->y[j0 * n + at] - s->head[j0 * n + at];
        weigh(s, width, s->sum, s->left);
        ct_cpu_product(n, width, n, s->middle, n, s->left, n, true, s->right, width);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < width; j++) {
                if (i <= j0 + j)
                    f[i * n + j0 + j] += s->right[i * width + j];
                if (i >= j0 + j)
                    f[(j0 + j) * n + i] += s->right[i * width + j];
            }
    }
    for (int64_t j = 0; j < n; j++)
        terms->norm[j] = sqrt(f[j * n + j]);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++)
            f[i * n + j] /= terms->norm[i] * terms->norm[j];
}

/* D r of the vectors j0 .. j0 + width - 1 into s->sum, and rho. head is D G. */
static void find_residuals(ct_slices *s, int64_t j0, int64_t width, ct_block_terms *terms)
{
    const int64_t n = s->n;
    const double *y = s->y + j0 * n, *m = s->gram->weight;
    for (int64_t j = 0; j < width; j++)
        for (int64_t at = j * n; at < (j + 1) * n; at++)
            s->sum[at] = ct_two_product(-terms->lambda[j0 + j], y[at], &s->slip[at]);
    memcpy(s->rest, y, (size_t)(width * n) * sizeof *y);
    for (int a = 0; a < s->count; a++) {
        const double shift = shift_of(s->grid[a]);
        for (int64_t at = 0; at < width * n; at++) {
            s->left[at] = on_grid(s->rest[at], shift);
            s->rest[at] -= s->left[at];
        }
        ct_cpu_product(width, n, n, s->left, n, s->head, n, false, s->right, n);
        for (int64_t at = 0; at < width * n; at++) {
            double slip;
            s->sum[at] = ct_two_sum(s->sum[at], s->right[at], &slip);
            s->slip[at] += slip;
        }
    }
    for (int64_t j = 0; j < width; j++) {
        double rho = 0;
        for (int64_t k = 0; k < n; k++) {
            const double r = s->sum[j * n + k] + s->slip[j * n + k];
            s->sum[j * n + k] = m[k] * r;
            rho += m[k] * r * r;
        }
        terms->rho[j0 + j] = UP * sqrt(rho) / terms->norm[j0 + j];
    }
}

static void find_couplings(ct_slices *s, ct_block_terms *terms)
{
    const int64_t n = s->n;
    for (int64_t k = 0; k < n; k++)
        for (int64_t i = 0; i < n; i++)
            s->head[k * n + i] = s->gram->weight[k] * s->gram->g.high[k * n + i];
    for (int64_t j0 = 0; j0 < n; j0 += PANEL) {
        const int64_t width = least(n - j0, PANEL);
        find_residuals(s, j0, width, terms);
        ct_cpu_product(j0 + width, width, n, s->y, n, s->sum, n, true, terms->w + j0, n);
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            terms->w[i * n + j] /= terms->norm[i] * terms->norm[j];
}

cutropy_status ct_block_slices(const ct_block_gram *gram, const double *vectors,
                               const double *values, ct_block_terms *terms, double *kept,
                               bool *served)
{
    cutropy_status status = CUTROPY_OK;
    ct_slices s = {0};
    *served = false;
    if (!measure(gram, &s, terms) || !choose_grids(&s, terms))
        goto done;
    *served = true;
    CT_TRY(open_slices(&s));
    for (int64_t j = 0; j < gram->n; j++)
        terms->lambda[j] = fabs(values[j]) < LEAST_VALUE ? 0 : values[j];
    if (split_vectors(&s, vectors)) {
        find_overlaps(&s, terms);
        find_couplings(&s, terms);
        if (kept)
            memcpy(kept, s.y, (size_t)(s.n * s.n) * sizeof *kept);
    } else {
        terms->norm[0] = 0; /* no basis: refused like any zero vector */
    }
done:
    ct_free(s.room);
    return status;
}
