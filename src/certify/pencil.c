/* SPDX-License-Identifier: Apache-2.0 */
/* Theorems 20 and 23 of docs/theorems.md: matrices of balls become integers, and what that moves is bounded. */
#include "certify/pencil.h"

#include <math.h>

#include "base/parallel.h"
#include "certify/integer_product.h"

/* ---- integers ---- */

/* x 2^bits, rounded; the square of the error, `times` times, is added; false: no finite ball. */
static bool fix(const arb_t x, slong bits, ulong times, fmpz_t out, mag_t square)
{
    arf_t scaled;
    mag_t error;
    if (!arb_is_finite(x))
        return false;
    arf_init(scaled);
    mag_init(error);
    arf_mul_2exp_si(scaled, arb_midref(x), bits);
    arf_get_fmpz(out, scaled, ARF_RND_NEAR);
    mag_mul_2exp_si(error, arb_radref(x), bits);
    if (!arf_is_int(scaled))
        mag_add_ui(error, error, 1);
    mag_mul(error, error, error);
    mag_mul_ui(error, error, times);
    mag_add(square, square, error);
    mag_clear(error);
    arf_clear(scaled);
    return true;
}

bool ct_fix_matrix(acb_ptr g, slong n, bool is_complex, slong bits, fmpz_mat_t out, mag_t error)
{
    bool good = true;
    mag_zero(error);
    for (slong i = 0; i < n; i++)
        for (slong j = i; j < n; j++) {
            const ulong times = j > i ? 2 : 1;
            fmpz *to = fmpz_mat_entry(out, i, j);
            good = good &&
                   fix(acb_realref(g + i * n + j), bits, times * (is_complex ? 2 : 1), to, error);
            fmpz_set(fmpz_mat_entry(out, j, i), to);
            if (!is_complex)
                continue;
            fmpz_set(fmpz_mat_entry(out, n + i, n + j), to);
            fmpz_set(fmpz_mat_entry(out, n + j, n + i), to);
            if (i == j)
                continue;
            to = fmpz_mat_entry(out, n + i, j);
            good = good && fix(acb_imagref(g + i * n + j), bits, 2 * times, to, error);
            fmpz_set(fmpz_mat_entry(out, j, n + i), to);
            fmpz_neg(fmpz_mat_entry(out, i, n + j), to);
            fmpz_neg(fmpz_mat_entry(out, n + j, i), to);
        }
    mag_sqrt(error, error);
    _acb_vec_clear(g, n * n);
    return good;
}

static void add_to_diagonal(fmpz_mat_t a, const fmpz_t x)
{
    for (slong i = 0; i < fmpz_mat_nrows(a); i++)
        fmpz_add(fmpz_mat_entry(a, i, i), fmpz_mat_entry(a, i, i), x);
}

static void round_up(fmpz_t out, const mag_t x)
{
    arf_t exact;
    arf_init_set_mag_shallow(exact, x);
    arf_get_fmpz(out, exact, ARF_RND_CEIL);
}

/* Whether the symmetric matrix a (row-major, upper triangle, which goes) is positive: Cholesky's method in doubles comes to its end after
 * twice what it may be off by, (n + 2) u Tr a, was taken from the diagonal (S. M. Rump, BIT 46, 433 (2006)). No entry is below 2^-500 but
 * zeros, or above 2^500. */
static bool is_positive_in_doubles(slong n, double *a)
{
    double trace = 0;
    for (slong i = 0; i < n; i++)
        trace += a[i * n + i];
    const double shift = 2 * (double)(n + 2) * 0x1p-53 * trace;
    for (slong i = 0; i < n; i++)
        a[i * n + i] -= shift;
    for (slong k = 0; k < n; k++) {
        double *row = a + k * n;
        if (!(row[k] > 0))
            return false;
        const double root = sqrt(row[k]);
        for (slong j = k; j < n; j++)
            row[j] /= root;
        for (slong i = k + 1; i < n; i++) {
            const double factor = row[i];
            for (slong j = i; j < n; j++)
                a[i * n + j] -= factor * row[j];
        }
    }
    return true;
}

/* Whether a 2^-bits less its error is proved positive so: it is scaled until its trace is near 1, entries below 2^-500 become 0, and what that and
 * its doubles leave out, u of its norm and n 2^-500, is taken from the diagonal. */
static cutropy_status try_doubles(const fmpz_mat_t a, const mag_t error, bool *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong n = fmpz_mat_nrows(a);
    double *copy = NULL, square = 0;
    fmpz_t trace;
    mag_t scaled;
    fmpz_init(trace);
    mag_init(scaled);
    *out = false;
    CT_NEW(copy, n * n);
    fmpz_mat_trace(trace, a);
    if (fmpz_sgn(trace) <= 0)
        goto done;
    const slong size = (slong)fmpz_bits(trace);
    for (slong i = 0; i < n; i++)
        for (slong j = i; j < n; j++) {
            slong exponent;
            const double x =
                fmpz_get_d_2exp(&exponent, fmpz_mat_entry(a, i, j)); /* rounded to zero: 2 u */
            const bool small = exponent - size < -500;
            copy[i * n + j] = small ? 0 : ldexp(x, (int)(exponent - size));
            square += (j > i ? 2 : 1) * copy[i * n + j] * copy[i * n + j];
        }
    mag_mul_2exp_si(scaled, error, -size);
    const double less =
        (mag_get_d(scaled) + 2 * 0x1p-52 * sqrt(square) + (double)n * 0x1p-500) * (1 + 0x1p-20);
    for (slong i = 0; i < n; i++)
        copy[i * n + i] -= less;
    *out = is_positive_in_doubles(n, copy);
done:
    ct_free(copy);
    mag_clear(scaled);
    fmpz_clear(trace);
    return status;
}

/* The same in balls, which takes the time of a factor, and proves it closer to singular matrices. */
static bool try_balls(const fmpz_mat_t a, const mag_t error, slong bits)
{
    const slong n = fmpz_mat_nrows(a);
    fmpz_t x;
    fmpz_mat_t less;
    arb_mat_t balls, l;
    fmpz_init(x);
    fmpz_mat_init_set(less, a);
    round_up(x, error);
    fmpz_neg(x, x);
    add_to_diagonal(less, x);
    arb_mat_init(balls, n, n);
    arb_mat_init(l, n, n);
    arb_mat_set_fmpz_mat(balls, less);
    const bool positive = arb_mat_cho(l, balls, bits + CT_BALL_GUARD);
    arb_mat_clear(l);
    arb_mat_clear(balls);
    fmpz_mat_clear(less);
    fmpz_clear(x);
    return positive;
}

cutropy_status ct_fixed_is_positive(const fmpz_mat_t a, const mag_t error, slong bits, bool *out)
{
    const cutropy_status status = try_doubles(a, error, out);
    if (status == CUTROPY_OK && !*out)
        *out = try_balls(a, error, bits);
    return status;
}

/* ---- the factor ---- */

typedef struct ct_factoring {
    const fmpz_mat_struct *g;
    slong n, k, pivot, prec;
    arb_ptr l;    /* n x n, rows; only midpoints count */
    arb_ptr left; /* n: what is left of the diagonal, negative where a row was chosen */
} ct_factoring;

static void factor_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_factoring *f = context;
    arb_t x;
    (void)thread;
    arb_init(x);
    for (slong i = (slong)first; i < (slong)last; i++) {
        arb_ptr to = f->l + i * f->n + f->k;
        if (arf_sgn(arb_midref(f->left + i)) < 0 || i == f->pivot)
            continue;
        arb_set_fmpz(x, fmpz_mat_entry(f->g, i, f->pivot));
        arb_approx_dot(x, x, 1, f->l + i * f->n, 1, f->l + f->pivot * f->n, 1, f->k, f->prec);
        arf_div(arb_midref(to), arb_midref(x), arb_midref(f->l + f->pivot * f->n + f->k), f->prec,
                ARF_RND_NEAR);
        arf_submul(arb_midref(f->left + i), arb_midref(to), arb_midref(to), f->prec, ARF_RND_NEAR);
        if (arf_sgn(arb_midref(f->left + i)) < 0)
            arf_zero(arb_midref(f->left + i));
    }
    arb_clear(x);
}

/* About a Cholesky factor with pivots, in units of 2^-bits: out has its columns. */
static void factor(const fmpz_mat_t g, slong bits, int threads, fmpz_mat_t out)
{
    const slong n = fmpz_mat_nrows(g);
    ct_factoring f = {.g = g, .n = n, .prec = bits + CT_BALL_GUARD};
    const slong noise = 2 * FLINT_BIT_COUNT(n) + 4; /* units, of a diagonal entry that is 0 */
    f.l = _arb_vec_init(n * n);
    f.left = _arb_vec_init(n);
    for (slong i = 0; i < n; i++)
        arb_set_fmpz(f.left + i, fmpz_mat_entry(g, i, i));
    for (f.k = 0; f.k < n; f.k++) {
        f.pivot = 0;
        for (slong i = 1; i < n; i++)
            if (arf_cmp(arb_midref(f.left + i), arb_midref(f.left + f.pivot)) > 0)
                f.pivot = i;
        if (arf_cmp_2exp_si(arb_midref(f.left + f.pivot), noise) <= 0)
            break;
        arf_sqrt(arb_midref(f.l + f.pivot * n + f.k), arb_midref(f.left + f.pivot), f.prec,
                 ARF_RND_NEAR);
        ct_parallel_for(threads, (size_t)n, 16, factor_piece, &f);
        arf_set_si(arb_midref(f.left + f.pivot), -1);
    }
    /* g is in units of 2^-bits, so these rows are in units of 2^(-bits / 2) */
    fmpz_mat_init(out, n, f.k);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < f.k; j++) {
            arf_ptr x = arb_midref(f.l + i * n + j);
            arf_mul_2exp_si(x, x, bits / 2);
            arf_get_fmpz(fmpz_mat_entry(out, i, j), x, ARF_RND_NEAR);
        }
    _arb_vec_clear(f.left, n);
    _arb_vec_clear(f.l, n * n);
}

/* ---- bounds ---- */

static void add_square(mag_t sum, const fmpz_t x)
{
    mag_t size;
    mag_init(size);
    mag_set_fmpz(size, x);
    mag_mul(size, size, size);
    mag_add(sum, sum, size);
    mag_clear(size);
}

/* ||a||_F^2 2^-shift */
static void square_sum(const fmpz_mat_t a, slong shift, mag_t out)
{
    mag_zero(out);
    for (slong i = 0; i < fmpz_mat_nrows(a); i++)
        for (slong j = 0; j < fmpz_mat_ncols(a); j++)
            add_square(out, fmpz_mat_entry(a, i, j));
    mag_mul_2exp_si(out, out, -shift);
}

/* E = g - l l^T; out: ||E||_F with the error of g. */
static cutropy_status factor_error(const ct_pencil *p, int threads, mag_t out)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t turned, product;
    const slong n = fmpz_mat_nrows(p->l);
    fmpz_t x;
    fmpz_init(x);
    fmpz_mat_init(turned, fmpz_mat_ncols(p->l), n);
    fmpz_mat_init(product, n, n);
    fmpz_mat_transpose(turned, p->l);
    CT_TRY(ct_integer_product(p->l, turned, threads, product)); /* units of 2^(-2 bits) */
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++) {
            fmpz *to = fmpz_mat_entry(product, i, j);
            fmpz_mul_2exp(x, fmpz_mat_entry(p->g, i, j), (ulong)p->bits);
            fmpz_sub(to, to, x);
        }
    square_sum(product, 2 * p->bits, out);
    mag_sqrt(out, out);
    mag_add(out, out, p->g_error);
done:
    fmpz_clear(x);
    fmpz_mat_clear(product);
    fmpz_mat_clear(turned);
    return status;
}

/* Tr K, without units */
static void trace_of_kernel(const ct_pencil *p, mag_t out)
{
    fmpz_t trace;
    mag_t error;
    fmpz_init(trace);
    mag_init(error);
    fmpz_mat_trace(trace, p->k);
    mag_set_fmpz(out, trace);
    mag_mul_ui(error, p->k_error, (ulong)fmpz_mat_nrows(p->k));
    mag_add(out, out, error);
    mag_mul_2exp_si(out, out, -p->bits);
    mag_clear(error);
    fmpz_clear(trace);
}

/* H, positive, and the slack. */
static cutropy_status finish(const ct_pencil *p, int threads, fmpz_mat_t h, mag_t slack)
{
    cutropy_status status = CUTROPY_OK;
    const slong r = fmpz_mat_ncols(p->l);
    fmpz_mat_t turned, image;
    fmpz_t shift;
    mag_t size, moved;
    fmpz_init(shift);
    mag_init(size);
    mag_init(moved);
    fmpz_mat_init(turned, r, fmpz_mat_nrows(p->l));
    fmpz_mat_init(image, fmpz_mat_nrows(p->l), r);
    fmpz_mat_transpose(turned, p->l);
    CT_TRY(ct_integer_product(p->k, p->l, threads, image));
    CT_TRY(ct_integer_product(turned, image, threads, h)); /* units of 2^(-3 bits) */
    for (slong i = 0; i < r; i++)
        for (slong j = 0; j < r; j++)
            fmpz_fdiv_q_2exp(fmpz_mat_entry(h, i, j), fmpz_mat_entry(h, i, j),
                             (ulong)(2 * p->bits));
    CT_TRY(factor_error(p, threads, slack));
    trace_of_kernel(p, size);
    mag_mul(slack, slack, size);
    square_sum(p->l, 2 * p->bits, moved);
    mag_mul(moved, moved, p->k_error); /* trace norm of what the error of K moves */
    mag_add(slack, slack, moved);
    mag_add_ui(moved, moved,
               (ulong)r); /* Frobenius norm of that and of the rounding, below a unit an entry */
    round_up(shift, moved);
    add_to_diagonal(h, shift);
    mag_set_fmpz(moved, shift);
    mag_add_ui(moved, moved, (ulong)r);
    mag_mul_ui(moved, moved, (ulong)r); /* trace norms of the shift, and of the rounding */
    mag_add(slack, slack, moved);
done:
    fmpz_mat_clear(image);
    fmpz_mat_clear(turned);
    mag_clear(moved);
    mag_clear(size);
    fmpz_clear(shift);
    return status;
}

/* ---- together ---- */

static cutropy_status pack(const fmpz_mat_t h, const mag_t slack, ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong n = fmpz_mat_nrows(h);
    slong bits = fmpz_mat_max_bits(h);
    const slong words = (bits < 0 ? -bits : bits) / 64 + 1;
    CT_NEW_ZERO(out->gram, n * n * words);
    CT_NEW(out->weight, n);
    for (slong i = 0; i < n; i++) {
        out->weight[i] = 1;
        for (slong j = i; j < n; j++)
            fmpz_get_signed_ui_array((ulong *)out->gram + (i * n + j) * words, words,
                                     fmpz_mat_entry(h, i, j));
    }
    out->block =
        (ct_integer_block){.n = n, .gram = out->gram, .weight = out->weight, .words = (int)words};
    out->slack = mag_get_d(slack) * (1 + 0x1p-20);
done:
    return status;
}

cutropy_status ct_pencil_block(ct_pencil *p, const mag_t above, int threads, ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t h;
    mag_t slack;
    mag_init(slack);
    factor(p->g, p->bits, threads, p->l);
    fmpz_mat_init(h, fmpz_mat_ncols(p->l), fmpz_mat_ncols(p->l));
    CT_TRY(finish(p, threads, h, slack));
    mag_add(slack, slack, above);
    status = pack(h, slack, out);
done:
    fmpz_mat_clear(h);
    fmpz_mat_clear(p->l);
    mag_clear(slack);
    return status;
}

void ct_pencil_init(ct_pencil *p, slong size, slong bits)
{
    p->bits = bits;
    fmpz_mat_init(p->g, size, size);
    fmpz_mat_init(p->k, size, size);
    mag_init(p->g_error);
    mag_init(p->k_error);
}

void ct_pencil_clear(ct_pencil *p)
{
    mag_clear(p->k_error);
    mag_clear(p->g_error);
    fmpz_mat_clear(p->k);
    fmpz_mat_clear(p->g);
}

cutropy_status ct_near_block_above(acb_ptr h, slong n, bool is_complex, const arf_t least,
                                   slong bits, ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong size = is_complex ? 2 * n : n;
    fmpz_mat_t fixed;
    fmpz_t shift;
    arf_t more, sum;
    mag_t error, slack;
    fmpz_mat_init(fixed, size, size);
    fmpz_init(shift);
    arf_init(more);
    arf_init(sum);
    mag_init(error);
    mag_init(slack);
    if (ct_fix_matrix(h, n, is_complex, bits, fixed, error)) {
        round_up(shift, error);
        add_to_diagonal(fixed, shift);
        fmpz_mat_trace(shift, fixed); /* of all copies */
        arf_set_fmpz(sum, shift);
        arf_mul_2exp_si(more, least, bits + is_complex); /* the slack counts both copies */
        arf_sub(more, sum, more, MAG_BITS, ARF_RND_UP);
        arf_get_mag(slack, more);
        status = pack(fixed, slack, out);
    }
    mag_clear(slack);
    mag_clear(error);
    arf_clear(sum);
    arf_clear(more);
    fmpz_clear(shift);
    fmpz_mat_clear(fixed);
    return status;
}
