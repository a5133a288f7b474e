/* SPDX-License-Identifier: Apache-2.0 */
/* Ogita and Aishima's refinement and the bounds, in exact integers.
 *
 * With K = S (1 + f) S, S diagonal, X' = D^1/2 Y S^-1 and W = X' (1 + f)^-1/2 orthonormal:
 *   mu_i = M_ii / K_ii,  o_ij = M_ij / (S_i S_j),  e_ij = o_ij - f_ij (mu_i + mu_j) / 2,
 *   C = W^T H W = diag(mu) + e + Q,  phi = ||f||, omega = ||o||, beta = max mu + omega,
 *   ||Q|| <= q2 = phi omega + beta (phi^2 / 4 + 2 z + z phi + z^2),  z = 3/8 phi^2 / (1 - phi).
 * R are the resolved indices, the others the tail with m = sum C_ii, k of them. Then
 *   S_R - q - m <= S <= S_R + m log(k / m),  q = sum over R of ||column of C off the diagonal||^2
 *                                                             / C_jj  (all over T).
 * Sources: T. Ogita, K. Aishima, "Iterative refinement for symmetric eigenvalue decomposition",
 * JJIAM 35 (2018); Schur-Horn; Groenewold-Lindblad. */
#include "certify/refine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "certify/algebra_parts.h"
#include "certify/integer_parts.h"

#define BITS_PER_PLACE 3.3219280948873626
#define STEPS 9
#define LARGEST_TURN 5 /* |U_ij| <= 2^-5 */

struct ct_refined {
    fmpz_t norm;
    int decimals;
    slong bits; /* of the arithmetic with entropies */
    bool failed;
    fmpz_t trace;
    arb_t resolved;     /* S_R */
    arb_t tail;         /* m */
    mag_t slack;        /* of S_R, either way */
    mag_t q;            /* S_R may be too large by this much */
    mag_t tail_slack;   /* of m */
    int64_t tail_count; /* k */
};

/* One block while it is refined. */
typedef struct ct_block_work {
    slong n, scale; /* Y holds vectors of length about 2^scale */
    slong shift;    /* bits of them that D^-1/2 takes away */
    fmpz_mat_t g, y, k, m;
    fmpz *weight;    /* n */
    mag_ptr inverse; /* 1 / K_ii, above */
    mag_ptr column;  /* sum over i of e_ij^2, above */
    mag_t phi, omega, beta, q2;
} ct_block_work;

static cutropy_status create(int decimals, ct_refined **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_refined *r = NULL;
    *out = NULL;
    CT_NEW_ZERO(r, 1);
    fmpz_init(r->norm);
    r->decimals = decimals;
    r->bits = (slong)(BITS_PER_PLACE * decimals) + 192;
    fmpz_init(r->trace);
    arb_init(r->resolved);
    arb_init(r->tail);
    mag_init(r->slack);
    mag_init(r->q);
    mag_init(r->tail_slack);
    *out = r;
done:
    return status;
}

cutropy_status ct_refined_create(const ct_big *norm, int decimals, ct_refined **out)
{
    *out = NULL;
    if (!norm->count)
        return ct_fail(CUTROPY_EUNSUPPORTED, "exact spectra need a norm");
    const cutropy_status status = create(decimals, out);
    if (status == CUTROPY_OK)
        ct_set_big((*out)->norm, norm);
    return status;
}

void ct_refined_free(ct_refined *r)
{
    if (!r)
        return;
    fmpz_clear(r->norm);
    fmpz_clear(r->trace);
    arb_clear(r->resolved);
    arb_clear(r->tail);
    mag_clear(r->slack);
    mag_clear(r->q);
    mag_clear(r->tail_slack);
    ct_free(r);
}

/* ---- exact products ---- */

/* K = Y^T D Y and M = (D Y)^T G (D Y) */
static void products(ct_block_work *w)
{
    fmpz_mat_t scaled, transposed, image;
    fmpz_mat_init(scaled, w->n, w->n);
    fmpz_mat_init(transposed, w->n, w->n);
    fmpz_mat_init(image, w->n, w->n);
    for (slong i = 0; i < w->n; i++)
        for (slong j = 0; j < w->n; j++)
            fmpz_mul(fmpz_mat_entry(scaled, i, j), fmpz_mat_entry(w->y, i, j), w->weight + i);
    fmpz_mat_transpose(transposed, scaled);
    fmpz_mat_mul(w->k, transposed, w->y);
    fmpz_mat_mul(image, w->g, scaled);
    fmpz_mat_mul(w->m, transposed, image);
    fmpz_mat_clear(image);
    fmpz_mat_clear(transposed);
    fmpz_mat_clear(scaled);
}

/* ---- bounds ---- */

/* sum += |x|^2 factor */
static void add_square(mag_t sum, const fmpz_t x, const mag_t factor)
{
    mag_t size;
    mag_init(size);
    mag_set_fmpz(size, x);
    mag_mul(size, size, size);
    mag_mul(size, size, factor);
    mag_add(sum, sum, size);
    mag_clear(size);
}

/* 2 M_ij K_ii K_jj - K_ij (M_ii K_jj + M_jj K_ii) = 2 e_ij (K_ii K_jj)^(3/2) */
static void defect(fmpz_t out, const ct_block_work *w, slong i, slong j, fmpz_t help)
{
    fmpz_mul(out, fmpz_mat_entry(w->m, i, i), fmpz_mat_entry(w->k, j, j));
    fmpz_addmul(out, fmpz_mat_entry(w->m, j, j), fmpz_mat_entry(w->k, i, i));
    fmpz_mul(out, out, fmpz_mat_entry(w->k, i, j));
    fmpz_neg(out, out);
    fmpz_mul(help, fmpz_mat_entry(w->k, i, i), fmpz_mat_entry(w->k, j, j));
    fmpz_mul(help, help, fmpz_mat_entry(w->m, i, j));
    fmpz_mul_2exp(help, help, 1);
    fmpz_add(out, out, help);
}

/* phi, omega, the columns of e; false when a vector vanished. */
static bool off_diagonal(ct_block_work *w)
{
    fmpz_t x, help;
    mag_t both, cube, before;
    bool good = true;
    fmpz_init(x);
    fmpz_init(help);
    mag_init(both);
    mag_init(cube);
    mag_init(before);
    mag_zero(w->phi);
    mag_zero(w->omega);
    for (slong i = 0; i < w->n; i++) {
        mag_set_fmpz_lower(both, fmpz_mat_entry(w->k, i, i));
        good = good && !mag_is_zero(both);
        mag_inv(w->inverse + i, both);
        mag_zero(w->column + i);
    }
    for (slong i = 0; good && i < w->n; i++)
        for (slong j = i + 1; j < w->n; j++) {
            mag_mul(both, w->inverse + i, w->inverse + j);
            add_square(w->phi, fmpz_mat_entry(w->k, i, j), both);
            add_square(w->omega, fmpz_mat_entry(w->m, i, j), both);
            mag_mul(cube, both, both);
            mag_mul(cube, cube, both);
            mag_mul_2exp_si(cube, cube, -2);
            defect(x, w, i, j, help);
            mag_zero(before);
            add_square(before, x, cube);
            mag_add(w->column + i, w->column + i, before);
            mag_add(w->column + j, w->column + j, before);
        }
    mag_mul_2exp_si(w->phi, w->phi, 1); /* both triangles */
    mag_sqrt(w->phi, w->phi);
    mag_mul_2exp_si(w->omega, w->omega, 1);
    mag_sqrt(w->omega, w->omega);
    mag_clear(before);
    mag_clear(cube);
    mag_clear(both);
    fmpz_clear(help);
    fmpz_clear(x);
    return good;
}

/* beta and q2, in units of eigenvalues of D G; false unless phi < 1/16. */
static bool second_order(ct_block_work *w)
{
    mag_t z, sum, term;
    if (!(mag_cmp_2exp_si(w->phi, -4) < 0))
        return false;
    mag_init(z);
    mag_init(sum);
    mag_init(term);
    mag_zero(w->beta);
    for (slong i = 0; i < w->n; i++) {
        mag_set_fmpz(term, fmpz_mat_entry(w->m, i, i));
        mag_mul(term, term, w->inverse + i);
        mag_max(w->beta, w->beta, term);
    }
    mag_add(w->beta, w->beta, w->omega);
    mag_mul(sum, w->phi, w->phi);
    mag_mul_ui(z, sum, 2); /* z = 3/8 phi^2 / (1 - phi) <= 2/5 phi^2 for phi < 1/16 */
    mag_div_ui(z, z, 5);
    mag_mul_2exp_si(sum, sum, -2);
    mag_mul_2exp_si(term, z, 1);
    mag_add(sum, sum, term);
    mag_mul(term, z, w->phi);
    mag_add(sum, sum, term);
    mag_mul(term, z, z);
    mag_add(sum, sum, term);
    mag_mul(sum, sum, w->beta);
    mag_mul(term, w->phi, w->omega);
    mag_add(w->q2, sum, term);
    mag_clear(term);
    mag_clear(sum);
    mag_clear(z);
    return true;
}

/* ---- from one index to the sums ---- */

/* (||e_j|| + q2)^2 / (mu_j - q2) in out; false when the index is better off in the tail, that is
 * when this is not below mu_j. */
static bool is_resolved(const ct_block_work *w, slong j, const arb_t mu, mag_t out)
{
    mag_t below, size;
    arb_t gap;
    mag_init(below);
    mag_init(size);
    arb_init(gap);
    arb_set(gap, mu);
    arb_add_error_mag(gap, w->q2);
    arb_get_mag_lower(below, gap);
    bool good = arb_is_positive(gap) && !mag_is_zero(below);
    if (good) {
        mag_sqrt(size, w->column + j);
        mag_add(size, size, w->q2);
        mag_mul(size, size, size);
        mag_div(out, size, below);
        good = mag_cmp(out, below) < 0;
    }
    arb_clear(gap);
    mag_clear(size);
    mag_clear(below);
    return good;
}

/* (1 + log x)^2, above, for every x within q2 / T of d */
static void add_slope(mag_t sum, const ct_refined *r, const arb_t d, const mag_t radius)
{
    arb_t x;
    mag_t size;
    arb_init(x);
    mag_init(size);
    arb_set(x, d);
    arb_add_error_mag(x, radius);
    arb_log(x, x, r->bits);
    arb_add_ui(x, x, 1, r->bits);
    arb_get_mag(size, x);
    mag_mul(size, size, size);
    mag_add(sum, sum, size);
    mag_clear(size);
    arb_clear(x);
}

/* resolved: the first of them are R, the others the tail; -1: whoever is better off in R. false: a
 * vector that has to be in R is not above its error. */
static bool take_block(ct_refined *r, const ct_block_work *w, int64_t resolved)
{
    bool good = true;
    arb_t mu, d, term;
    mag_t radius, slope, part;
    int64_t tail = 0;
    arb_init(mu);
    arb_init(d);
    arb_init(term);
    mag_init(radius);
    mag_init(slope);
    mag_init(part);
    mag_div_fmpz(radius, w->q2, r->norm);
    for (slong j = 0; j < w->n; j++) {
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, j, j));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, j, j), r->bits);
        arb_div_fmpz(d, mu, r->norm, r->bits);
        const bool clear = is_resolved(w, j, mu, part);
        good = good && (clear || j >= resolved);
        if (!clear || (resolved >= 0 && j >= resolved)) {
            arb_add(r->tail, r->tail, d, r->bits);
            tail++;
            continue;
        }
        mag_div_fmpz(part, part, r->norm);
        mag_add(r->q, r->q, part);
        add_slope(slope, r, d, radius);
        arb_log(term, d, r->bits);
        arb_submul(r->resolved, term, d, r->bits);
    }
    mag_sqrt(slope, slope);
    mag_mul(slope, slope, radius);
    mag_add(r->slack, r->slack, slope);
    mag_set_ui(part, (ulong)tail);
    mag_sqrt(part, part);
    mag_mul(part, part, radius);
    mag_add(r->tail_slack, r->tail_slack, part);
    r->tail_count += tail;
    mag_clear(part);
    mag_clear(slope);
    mag_clear(radius);
    arb_clear(term);
    arb_clear(d);
    arb_clear(mu);
    return good;
}

/* ---- refinement ---- */

/* turn = e_ij / (mu_j - mu_i), zero where that is not small or the gap is no more than the square
 * of what the vectors resolve: vectors of equal eigenvalues stay as they are. */
static void turn(arb_t out, const ct_block_work *w, slong i, slong j, arb_srcptr mu,
                 arb_srcptr root, slong bits)
{
    fmpz_t x, help;
    arb_t gap;
    mag_t size, limit;
    fmpz_init(x);
    fmpz_init(help);
    arb_init(gap);
    mag_init(size);
    mag_init(limit);
    arb_sub(gap, mu + j, mu + i, bits);
    arb_get_mag_lower(size, gap);
    mag_mul_2exp_si(limit, w->beta, -(w->scale - w->shift) / 2);
    arb_zero(out);
    if (mag_cmp(size, limit) > 0) {
        defect(x, w, i, j, help); /* 2 e_ij (K_ii K_jj)^(3/2) */
        fmpz_mul(help, fmpz_mat_entry(w->k, i, i), fmpz_mat_entry(w->k, j, j));
        arb_set_fmpz(out, x);
        arb_div_fmpz(out, out, help, bits);
        arb_div(out, out, root + i, bits);
        arb_div(out, out, root + j, bits);
        arb_div(out, out, gap, bits);
        arb_mul_2exp_si(out, out, -1);
        if (!arb_is_finite(out) || arf_cmpabs_2exp_si(arb_midref(out), -LARGEST_TURN) > 0)
            arb_zero(out);
    }
    mag_clear(limit);
    mag_clear(size);
    arb_clear(gap);
    fmpz_clear(help);
    fmpz_clear(x);
}

/* S^-1 (1 + U) scaled to 2^(scale + bits), with U_ij = e_ij / (mu_j - mu_i) - f_ij / 2. */
static void correction(fmpz_mat_t out, const ct_block_work *w, slong bits)
{
    const slong p = bits + 64;
    arb_ptr mu = _arb_vec_init(w->n), root = _arb_vec_init(w->n);
    arb_t rotation, half, u;
    arb_init(rotation);
    arb_init(half);
    arb_init(u);
    for (slong i = 0; i < w->n; i++) {
        arb_set_fmpz(mu + i, fmpz_mat_entry(w->m, i, i));
        arb_div_fmpz(mu + i, mu + i, fmpz_mat_entry(w->k, i, i), p);
        arb_sqrt_fmpz(root + i, fmpz_mat_entry(w->k, i, i), p);
        arb_inv(u, root + i, p);
        arb_mul_2exp_si(u, u, w->scale + bits);
        arf_get_fmpz(fmpz_mat_entry(out, i, i), arb_midref(u), ARF_RND_NEAR);
    }
    for (slong i = 0; i < w->n; i++)
        for (slong j = i + 1; j < w->n; j++) {
            turn(rotation, w, i, j, mu, root, p);
            arb_set_fmpz(half, fmpz_mat_entry(w->k, i, j)); /* f_ij / 2 */
            arb_div(half, half, root + i, p);
            arb_div(half, half, root + j, p);
            arb_mul_2exp_si(half, half, -1);
            arb_sub(u, rotation, half, p);
            arb_div(u, u, root + i, p);
            arb_mul_2exp_si(u, u, w->scale + bits);
            arf_get_fmpz(fmpz_mat_entry(out, i, j), arb_midref(u), ARF_RND_NEAR);
            arb_add(u, rotation, half, p);
            arb_neg(u, u);
            arb_div(u, u, root + j, p);
            arb_mul_2exp_si(u, u, w->scale + bits);
            arf_get_fmpz(fmpz_mat_entry(out, j, i), arb_midref(u), ARF_RND_NEAR);
        }
    arb_clear(u);
    arb_clear(half);
    arb_clear(rotation);
    _arb_vec_clear(root, w->n);
    _arb_vec_clear(mu, w->n);
}

/* Y <- Y S^-1 (1 + U) 2^scale */
static void refine(ct_block_work *w, slong scale)
{
    const slong bits = scale + 16;
    fmpz_mat_t change, next;
    fmpz_mat_init(change, w->n, w->n);
    fmpz_mat_init(next, w->n, w->n);
    correction(change, w, bits);
    fmpz_mat_mul(next, w->y, change);
    fmpz_mat_scalar_tdiv_q_2exp(w->y, next, (ulong)(w->scale + bits - scale));
    w->scale = scale;
    fmpz_mat_clear(next);
    fmpz_mat_clear(change);
}

/* ---- a block ---- */

static slong shift_of(const ct_block_work *w)
{
    flint_bitcnt_t most = 0;
    for (slong i = 0; i < w->n; i++)
        most = fmpz_bits(w->weight + i) > most ? fmpz_bits(w->weight + i) : most;
    return (slong)most / 2;
}

/* Y = 2^scale D^-1/2 V; false when a number is not finite. */
static bool start(ct_block_work *w, const double *vector)
{
    const double most = ldexp(0x1p136, (int)w->scale);
    bool good = true;
    for (slong i = 0; i < w->n; i++) {
        slong power;
        double weight = fmpz_get_d_2exp(&power, w->weight + i); /* weight 2^power */
        if (power % 2) {
            weight *= 2;
            power--;
        }
        for (slong j = 0; j < w->n; j++) {
            const double v =
                ldexp(vector[j * w->n + i] / sqrt(weight), (int)(w->scale - power / 2));
            if (good && fabs(v) < most)
                fmpz_set_d(fmpz_mat_entry(w->y, i, j), rint(v));
            else
                good = false;
        }
    }
    return good;
}

/* Y = the given integers, vector by vector. */
static void set_vectors(ct_block_work *w, const int64_t *vector)
{
    for (slong i = 0; i < w->n; i++)
        for (slong j = 0; j < w->n; j++)
            fmpz_set_si(fmpz_mat_entry(w->y, i, j), vector[j * w->n + i]);
}

/* The block without its vectors. scale: of those. */
static void work_init(ct_block_work *w, const ct_integer_block *block, slong scale)
{
    *w = (ct_block_work){.n = block->n, .scale = scale};
    w->weight = _fmpz_vec_init(w->n);
    fmpz_mat_init(w->g, w->n, w->n);
    for (slong i = 0; i < w->n; i++) {
        ct_block_weight(w->weight + i, block, i);
        for (slong j = 0; j < w->n; j++)
            ct_block_entry(fmpz_mat_entry(w->g, i, j), block, i, j);
    }
    fmpz_mat_init(w->y, w->n, w->n);
    fmpz_mat_init(w->k, w->n, w->n);
    fmpz_mat_init(w->m, w->n, w->n);
    w->inverse = _mag_vec_init(w->n);
    w->column = _mag_vec_init(w->n);
    mag_init(w->phi);
    mag_init(w->omega);
    mag_init(w->beta);
    mag_init(w->q2);
}

static void work_clear(ct_block_work *w)
{
    mag_clear(w->q2);
    mag_clear(w->beta);
    mag_clear(w->omega);
    mag_clear(w->phi);
    _mag_vec_clear(w->column, w->n);
    _mag_vec_clear(w->inverse, w->n);
    fmpz_mat_clear(w->m);
    fmpz_mat_clear(w->k);
    fmpz_mat_clear(w->y);
    fmpz_mat_clear(w->g);
    _fmpz_vec_clear(w->weight, w->n);
}

/* log2 of the radius that the block would add, about; the step is done when it suffices. */
static bool good_enough(const ct_refined *r, const ct_block_work *w)
{
    mag_t sum, part;
    mag_init(sum);
    mag_init(part);
    for (slong j = 0; j < w->n; j++) {
        arb_t mu;
        arb_init(mu);
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, j, j));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, j, j), 64);
        if (!is_resolved(w, j, mu, part))
            arb_get_mag(part, mu);
        mag_add(sum, sum, part);
        arb_clear(mu);
    }
    mag_mul_ui(part, w->q2, (ulong)w->n);
    mag_add(sum, sum, part);
    mag_div_fmpz(sum, sum, r->norm);
    const bool good = mag_cmp_2exp_si(sum, -(slong)(BITS_PER_PLACE * r->decimals) - 16) < 0;
    mag_clear(part);
    mag_clear(sum);
    return good;
}

static void add_trace(ct_refined *r, const ct_block_work *w)
{
    for (slong i = 0; i < w->n; i++)
        fmpz_addmul(r->trace, fmpz_mat_entry(w->g, i, i), w->weight + i);
}

cutropy_status ct_refined_add(ct_refined *r, const ct_integer_block *block, const double *vector,
                              bool *added)
{
    ct_block_work w;
    const slong last =
        (slong)(BITS_PER_PLACE * r->decimals / 2) + 2 * FLINT_BIT_COUNT(block->n) + 64;
    mag_t before;
    mag_init(before);
    work_init(&w, block, 64);
    w.shift = shift_of(&w);
    w.scale += w.shift;
    *added = start(&w, vector);
    add_trace(r, &w);
    for (int step = 0; *added; step++) {
        products(&w);
        *added = off_diagonal(&w) && second_order(&w);
        if (!*added || step == STEPS || good_enough(r, &w))
            break;
        mag_mul_2exp_si(before, before, -2); /* graded spectra may first get worse */
        if (step >= 3 && mag_cmp(w.q2, before) >= 0)
            break;
        mag_set(before, w.q2);
        const slong twice = 2 * (w.scale - w.shift);
        refine(&w, w.shift + (twice < last ? twice : step ? 2 * last : last));
    }
    if (*added)
        (void)take_block(r, &w, -1);
    else
        r->failed = true;
    work_clear(&w);
    mag_clear(before);
    return CUTROPY_OK;
}

/* r += copies of one, which holds a single block */
static void add_copies(ct_refined *r, const ct_refined *one, uint64_t copies)
{
    mag_t x;
    mag_init(x);
    fmpz_addmul_ui(r->trace, one->trace, copies);
    arb_addmul_ui(r->resolved, one->resolved, copies, r->bits);
    arb_addmul_ui(r->tail, one->tail, copies, r->bits);
    mag_mul_ui(x, one->slack, copies);
    mag_add(r->slack, r->slack, x);
    mag_mul_ui(x, one->q, copies);
    mag_add(r->q, r->q, x);
    mag_mul_ui(x, one->tail_slack, copies);
    mag_add(r->tail_slack, r->tail_slack, x);
    r->tail_count += one->tail_count * (int64_t)copies;
    mag_clear(x);
}

/* How many vectors from the first on are better off in R. */
static int64_t clear_vectors(const ct_block_work *w)
{
    slong count = 0;
    bool clear = true;
    arb_t mu;
    mag_t part;
    arb_init(mu);
    mag_init(part);
    while (clear && count < w->n) {
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, count, count));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, count, count), 64);
        clear = is_resolved(w, count, mu, part);
        count += clear;
    }
    mag_clear(part);
    arb_clear(mu);
    return count;
}

cutropy_status ct_refined_add_vectors(ct_refined *r, const ct_integer_block *block,
                                      const int64_t *vector, uint64_t copies, int64_t *resolved,
                                      bool *added)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_work w;
    ct_refined *one = NULL;
    work_init(&w, block, 64);
    *added = false;
    CT_TRY(create(r->decimals, &one));
    fmpz_set(one->norm, r->norm);
    set_vectors(&w, vector);
    add_trace(one, &w);
    products(&w);
    *added = off_diagonal(&w) && second_order(&w);
    *resolved = *added ? clear_vectors(&w) : 0;
    *added = *added && take_block(one, &w, *resolved);
    if (*added)
        add_copies(r, one, copies);
    else
        r->failed = true;
done:
    ct_refined_free(one);
    work_clear(&w);
    return status;
}

/* ---- the result ---- */

/* [S_R - slack - q - m, S_R + slack + m log(k / m)] */
void ct_refined_enclosure(arb_t out, const ct_refined *r)
{
    arb_t m, low, high;
    arf_t edge;
    arb_init(m);
    arb_init(low);
    arb_init(high);
    arf_init(edge);
    arb_set(low, r->resolved);
    arb_add_error_mag(low, r->slack);
    arb_set(high, low);
    arb_set(m, r->tail);
    arb_add_error_mag(m, r->tail_slack);
    arb_get_ubound_arf(edge, m, r->bits);
    arb_set_arf(m, edge); /* the largest m */
    arb_sub(low, low, m, r->bits);
    arb_set_ui(out, 0);
    arb_add_error_mag(out, r->q);
    arb_get_ubound_arf(edge, out, r->bits);
    arb_set_arf(out, edge);
    arb_sub(low, low, out, r->bits);
    if (r->tail_count && arb_is_positive(m)) {
        arb_ui_div(out, (ulong)r->tail_count, m, r->bits);
        if (arf_cmp_2exp_si(arb_midref(out), 2) > 0) { /* increasing in m while k / m > e */
            arb_log(out, out, r->bits);
            arb_addmul(high, out, m, r->bits);
        } else {
            arb_indeterminate(high);
        }
    }
    arb_union(out, low, high, r->bits);
    arf_clear(edge);
    arb_clear(high);
    arb_clear(low);
    arb_clear(m);
}

cutropy_status ct_refined_entropy(const ct_refined *r, ct_unit unit, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    arb_t ball, log2;
    *out = (ct_decimal){.decimals = -1};
    if (r->failed || !fmpz_equal(r->trace, r->norm))
        return CUTROPY_OK;
    arb_init(ball);
    arb_init(log2);
    ct_refined_enclosure(ball, r);
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(log2, r->bits);
        arb_div(ball, ball, log2, r->bits);
    }
    status = ct_decimal_of_ball(ball, r->decimals, r->bits, out);
    arb_clear(log2);
    arb_clear(ball);
    return status;
}

bool ct_refined_interval(const ct_refined *r, ct_unit unit, int decimals, char *lower, char *upper)
{
    arb_t ball, scale;
    fmpz_t end;
    char *digits;
    bool good = !r->failed && fmpz_equal(r->trace, r->norm);
    arb_init(ball);
    arb_init(scale);
    fmpz_init(end);
    ct_refined_enclosure(ball, r);
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(scale, r->bits);
        arb_div(ball, ball, scale, r->bits);
    }
    arb_set_ui(scale, 10);
    arb_pow_ui(scale, scale, (ulong)decimals, r->bits);
    arb_mul(ball, ball, scale, r->bits);
    good = good && arb_is_finite(ball) && mag_cmp_2exp_si(arb_radref(ball), 200) < 0;
    for (int side = 0; good && side < 2; side++) {
        arf_t x;
        arf_init(x);
        if (side)
            arb_get_ubound_arf(x, ball, r->bits);
        else
            arb_get_lbound_arf(x, ball, r->bits);
        arf_get_fmpz(end, x, side ? ARF_RND_CEIL : ARF_RND_FLOOR);
        digits = fmpz_get_str(NULL, 10, end);
        good = strlen(digits) < CT_INTERVAL_TEXT - 8;
        if (good)
            snprintf(side ? upper : lower, CT_INTERVAL_TEXT, "%se-%d", digits, decimals);
        flint_free(digits);
        arf_clear(x);
    }
    fmpz_clear(end);
    arb_clear(scale);
    arb_clear(ball);
    return good;
}
