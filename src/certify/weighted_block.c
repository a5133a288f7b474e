/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem 23 of docs/theorems.md. Every step is taken in balls around exact midpoints, and its error is rounded upwards as a matrix: so much is added
 * to the diagonal that what is kept lies above what is meant. The traces say how far. */
#include "certify/weighted_block.h"

#include "base/parallel.h"
#include "certify/pencil.h"

#define GRAIN 4 /* rows that a thread takes */

double ct_weighted_block_bytes(const ct_weighted *w, int64_t bits, int levels)
{
    double n = 1;
    for (int k = 0; k <= w->pixels; k++)
        n = w->bond[k] > n ? w->bond[k] : n;
    /* three matrices of balls (where both sides are matrices those of all levels stay), integers and products of FLINT's */
    const double ball = 96 + (double)(bits + CT_STEP_GUARD) / 4,
                 matrices = w->single ? 3 : 3 + 2 * (double)levels;
    return n * n * (matrices * ball + (w->is_complex ? 4 : 1) * (24 + (double)bits / 2));
}

/* ---- the numbers of a site, as balls ---- */

/* The formulas of all numbers; NULL where the numbers are the doubles. */
static acb_ptr make_formulas(const ct_weighted *w, slong prec)
{
    const ct_formulas *f = &w->exact;
    const int parts = w->is_complex ? 2 : 1;
    if (!f->count)
        return NULL;
    acb_ptr out = _acb_vec_init((slong)f->count);
    acb_t x;
    acb_init(x);
    for (size_t i = 0; i < f->count; i++) {
        const ct_formula *own = &f->number[i];
        acb_zero(out + i);
        for (size_t s = 0; s < own->count; s++) {
            const double *v = f->summand + own->start + s * (size_t)parts;
            acb_set_d_d(x, v[0], parts == 2 ? v[1] : 0);
            acb_add(out + i, out + i, x, ARF_PREC_EXACT);
        }
        acb_mul_2exp_si(out + i, out + i, own->exponent);
        if (own->kind == CT_EXP) {
            acb_exp(out + i, out + i, prec);
        } else if (own->kind == CT_TWO_COSH) {
            acb_cosh(out + i, out + i, prec);
            acb_mul_2exp_si(out + i, out + i, 1);
        }
    }
    acb_clear(x);
    return out;
}

/* Rows of B of bond x columns numbers for either bit, A of a site or A^H: row x * rows + i. */
typedef struct ct_ball_site {
    int64_t rows, columns, numbers;
    int64_t *start;
    int32_t *state;
    acb_ptr value, turned; /* and its conjugate */
} ct_ball_site;

static void site_free(ct_ball_site *s)
{
    ct_free(s->start);
    ct_free(s->state);
    if (s->value)
        _acb_vec_clear(s->value, s->numbers);
    if (s->turned)
        _acb_vec_clear(s->turned, s->numbers);
    *s = (ct_ball_site){0};
}

static void make_number(const ct_weighted *w, int k, int64_t at, acb_srcptr formula, slong prec,
                        acb_t out)
{
    const ct_weighted_site *site = &w->site[k];
    if (!site->factor) {
        const double *v = site->value + at * (w->is_complex ? 2 : 1);
        acb_set_d_d(out, v[0], w->is_complex ? v[1] : 0);
        return;
    }
    acb_set_si(out, !w->adds);
    for (int j = 0; j < site->factors; j++) {
        const int32_t factor = site->factor[at * site->factors + j];
        if (factor >= 0)
            (w->adds ? acb_add : acb_mul)(out, out, formula + factor, prec);
    }
}

/* turn: A^H, whose rows are the columns of A. */
static cutropy_status make_site(const ct_weighted *w, int k, bool turn, acb_srcptr formula,
                                slong prec, ct_ball_site *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted_site *site = &w->site[k];
    const int64_t n = w->bond[k];
    *out = (ct_ball_site){
        .rows = w->bond[k + turn], .columns = w->bond[k + !turn], .numbers = site->start[2 * n]};
    CT_NEW_ZERO(out->start, 2 * out->rows + 2);
    CT_NEW(out->state, out->numbers + 1);
    out->value = _acb_vec_init(out->numbers);
    out->turned = _acb_vec_init(out->numbers);
    /* counted two places further on, so that filling moves them to where they belong */
    for (int64_t row = 0; row < 2 * n; row++)
        for (int64_t at = site->start[row]; at < site->start[row + 1]; at++)
            out->start[(turn ? row / n * out->rows + site->state[at] : row) + 2]++;
    for (int64_t row = 1; row <= 2 * out->rows; row++)
        out->start[row + 1] += out->start[row];
    for (int64_t row = 0; row < 2 * n; row++)
        for (int64_t at = site->start[row]; at < site->start[row + 1]; at++) {
            const int64_t to =
                out->start[(turn ? row / n * out->rows + site->state[at] : row) + 1]++;
            out->state[to] = turn ? (int32_t)(row % n) : site->state[at];
            make_number(w, k, at, formula, prec, turn ? out->turned + to : out->value + to);
            acb_conj(turn ? out->value + to : out->turned + to,
                     turn ? out->turned + to : out->value + to);
        }
done:
    return status;
}

/* ---- B M B^H, summed over both bits ---- */

/* Hermitian, both triangles, exact. */
typedef struct ct_ball_matrix {
    slong n;
    acb_ptr m;
} ct_ball_matrix;

static void matrix_free(ct_ball_matrix *a)
{
    if (a->m)
        _acb_vec_clear(a->m, a->n * a->n);
    *a = (ct_ball_matrix){0};
}

static ct_ball_matrix matrix_copy(const ct_ball_matrix *a)
{
    const ct_ball_matrix out = {a->n, _acb_vec_init(a->n * a->n)};
    _acb_vec_set(out.m, a->m, a->n * a->n);
    return out;
}

static void matrix_one(ct_ball_matrix *a)
{
    a->n = 1;
    a->m = _acb_vec_init(1);
    acb_one(a->m);
}

typedef struct ct_stepping {
    const ct_ball_site *b;
    const ct_ball_matrix *m;
    ct_ball_matrix *out;
    acb_ptr line; /* columns a thread */
    slong prec;
} ct_stepping;

/* Row i of one bit, from column i on; `from`: the row of B. */
static void add_row(const ct_stepping *s, int64_t i, int64_t from, int64_t first, acb_ptr line)
{
    const ct_ball_site *b = s->b;
    const int64_t *start = b->start + first;
    acb_ptr out = s->out->m + i * s->out->n;
    const bool alone = b->start[from + 1] - b->start[from] == 1;
    acb_srcptr row = line;
    acb_t x;
    acb_init(x);
    for (int64_t at = b->start[from]; at < b->start[from + 1]; at++) {
        acb_srcptr m = s->m->m + b->state[at] * s->m->n;
        if (alone)
            row = m; /* the number itself joins below */
        for (slong c = 0; c < s->m->n && !alone; c++)
            at == b->start[from] ? acb_mul(line + c, m + c, b->value + at, s->prec)
                                 : acb_addmul(line + c, m + c, b->value + at, s->prec);
    }
    for (int64_t j = i; j < b->rows; j++)
        for (int64_t at = start[j]; at < start[j + 1]; at++) {
            if (!alone) {
                acb_addmul(out + j, row + b->state[at], b->turned + at, s->prec);
                continue;
            }
            acb_mul(x, row + b->state[at], b->turned + at, s->prec);
            acb_addmul(out + j, x, b->value + b->start[from], s->prec);
        }
    acb_clear(x);
}

static void step_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_stepping *s = context;
    acb_ptr line = s->line + thread * s->b->columns;
    for (int64_t i = (int64_t)first; i < (int64_t)last; i++)
        for (int64_t x = 0; x < 2; x++) {
            const int64_t row = x * s->b->rows + i;
            if (s->b->start[row] < s->b->start[row + 1])
                add_row(s, i, row, x * s->b->rows, line);
        }
}

/* S = diag(2^shift) with S^-1 A S^-1 near 1 on its diagonal; 0 where there is nothing. Free with flint_free. */
static slong *find_shifts(const ct_ball_matrix *a)
{
    slong *shift = flint_calloc((size_t)a->n, sizeof *shift);
    for (slong i = 0; i < a->n; i++) {
        const arf_struct *own = arb_midref(acb_realref(a->m + i * (a->n + 1)));
        if (!arf_is_special(own) && fmpz_bits(ARF_EXPREF(own)) < 60)
            shift[i] = fmpz_get_si(ARF_EXPREF(own)) / 2;
    }
    return shift;
}

/* The midpoints, with so much more on the diagonal that the matrix lies above all that the balls hold; what it may lie too high by is a diagonal
 * matrix, `excess` at most. With S of above and radii r, S^-1 E S^-1 and the sums of its rows on the diagonal are positive together (Gershgorin):
 * sum_j r_ij 2^(shift_i - shift_j) has to be added. */
static void settle(ct_ball_matrix *a, slong prec, mag_ptr excess)
{
    const slong n = a->n;
    slong *shift = find_shifts(a);
    mag_t radius, moved;
    arf_t own;
    mag_init(radius);
    mag_init(moved);
    arf_init(own);
    for (slong i = 0; i < n; i++)
        for (slong j = i; j < n; j++) {
            acb_ptr x = a->m + i * n + j;
            mag_add(radius, arb_radref(acb_realref(x)), arb_radref(acb_imagref(x)));
            mag_mul_2exp_si(moved, radius, shift[i] - shift[j]);
            mag_add(excess + i, excess + i, moved);
            if (j == i)
                continue;
            mag_mul_2exp_si(moved, radius, shift[j] - shift[i]);
            mag_add(excess + j, excess + j, moved);
            acb_get_mid(x, x);
            acb_conj(a->m + j * n + i, x);
        }
    for (slong i = 0; i < n; i++) {
        acb_ptr x = a->m + i * n + i;
        arb_zero(acb_imagref(x));
        mag_zero(arb_radref(acb_realref(x)));
        arf_set(own, arb_midref(acb_realref(x)));
        arf_t more;
        arf_init_set_mag_shallow(more, excess + i);
        arf_add(arb_midref(acb_realref(x)), own, more, prec, ARF_RND_CEIL);
        arf_sub(own, arb_midref(acb_realref(x)), own, MAG_BITS, ARF_RND_UP);
        arf_get_mag(moved, own);
        mag_add(excess + i, excess + i, moved);
    }
    arf_clear(own);
    mag_clear(moved);
    mag_clear(radius);
    flint_free(shift);
}

/* What a step from matrix a makes of it; excess: rows numbers, 0 before. */
static void step(const ct_ball_site *b, slong prec, int threads, ct_ball_matrix *a, mag_ptr excess)
{
    ct_ball_matrix next = {b->rows, _acb_vec_init(b->rows * b->rows)};
    ct_stepping s = {b, a, &next, _acb_vec_init(b->columns * threads), prec};
    ct_parallel_for(threads, (size_t)b->rows, GRAIN, step_piece, &s);
    _acb_vec_clear(s.line, b->columns * threads);
    matrix_free(a);
    settle(&next, prec, excess);
    *a = next;
}

/* ---- both passes ---- */

typedef struct ct_weighted_proof {
    const ct_weighted_blocks *blocks;
    const ct_weighted *w;
    slong prec, bits;
    acb_ptr formula;
    arb_ptr *
        diagonal; /* N + 1: of L; balls around what is meant where w is single, else exact and above it */
    ct_ball_matrix *kept[2]; /* N + 1: L and R of wanted levels, where w is not single */
    arf_t least;             /* <f|f>, at least */
} ct_weighted_proof;

static cutropy_status stop(const ct_weighted_proof *p)
{
    const ct_watch *watch = p->blocks->watch;
    return watch && watch->report && watch->report("certify", 0, 0, watch->user)
               ? ct_fail(CUTROPY_ECANCELLED, "stopped")
               : CUTROPY_OK;
}

/* One path an image: L is diagonal, and its balls hold what is meant. */
static cutropy_status pass_diagonal(ct_weighted_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted *w = p->w;
    ct_ball_site site = {0};
    arb_t square;
    arb_init(square);
    p->diagonal[0] = _arb_vec_init(1);
    arb_one(p->diagonal[0]);
    for (int k = 0; k < w->pixels; k++) {
        CT_TRY(make_site(w, k, false, p->formula, p->prec, &site));
        p->diagonal[k + 1] = _arb_vec_init(w->bond[k + 1]);
        for (int64_t row = 0; row < 2 * site.rows; row++)
            for (int64_t at = site.start[row]; at < site.start[row + 1]; at++) {
                arb_mul(square, acb_realref(site.value + at), acb_realref(site.value + at),
                        p->prec);
                arb_addmul(square, acb_imagref(site.value + at), acb_imagref(site.value + at),
                           p->prec);
                arb_addmul(p->diagonal[k + 1] + site.state[at], square,
                           p->diagonal[k] + row % site.rows, p->prec);
            }
        site_free(&site);
    }
    arb_get_lbound_arf(p->least, p->diagonal[w->pixels], p->prec);
done:
    site_free(&site);
    arb_clear(square);
    return status;
}

static cutropy_status pass_left(ct_weighted_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted *w = p->w;
    ct_ball_site site = {0};
    ct_ball_matrix a = {0};
    matrix_one(&a);
    for (int k = 0; k <= w->pixels; k++) {
        p->diagonal[k] = _arb_vec_init(a.n);
        for (slong i = 0; i < a.n; i++)
            arb_set(p->diagonal[k] + i, acb_realref(a.m + i * (a.n + 1)));
        if (p->blocks->wanted[k])
            p->kept[0][k] = matrix_copy(&a);
        if (k == w->pixels)
            break;
        CT_TRY(stop(p));
        CT_TRY(make_site(w, k, true, p->formula, p->prec, &site));
        mag_ptr excess = _mag_vec_init(site.rows);
        step(&site, p->prec, p->blocks->threads, &a, excess);
        _mag_vec_clear(excess, site.rows);
        site_free(&site);
    }
done:
    site_free(&site);
    matrix_free(&a);
    return status;
}

/* ---- the block ---- */

/* L is diagonal: L^1/2 R L^1/2, in units in which <f|f> is near 1; r goes. */
static cutropy_status scale_right(const ct_weighted_proof *p, int k, ct_ball_matrix *r,
                                  ct_near_block *out)
{
    const slong n = r->n;
    arb_ptr root = _arb_vec_init(n);
    acb_ptr h = r->m;
    arf_t least;
    fmpz_t exponent;
    arf_init(least);
    fmpz_init(exponent);
    arf_abs_bound_lt_2exp_fmpz(exponent, p->least);
    fmpz_neg(exponent, exponent);
    for (slong i = 0; i < n; i++) {
        arb_get_ubound_arf(arb_midref(root + i), p->diagonal[k] + i, p->prec);
        arb_sqrt(root + i, root + i, p->prec);
    }
    for (slong i = 0; i < n; i++)
        for (slong j = i; j < n; j++) {
            acb_mul_arb(h + i * n + j, h + i * n + j, root + i, p->prec);
            acb_mul_arb(h + i * n + j, h + i * n + j, root + j, p->prec);
            acb_mul_2exp_fmpz(h + i * n + j, h + i * n + j, exponent);
        }
    arf_mul_2exp_fmpz(least, p->least, exponent);
    *r = (ct_ball_matrix){0};
    const cutropy_status status = ct_near_block_above(h, n, p->w->is_complex, least, p->bits, out);
    fmpz_clear(exponent);
    arf_clear(least);
    _arb_vec_clear(root, n);
    return status;
}

/* S L S and S^-1 R S^-1, which have the same product, S powers of two with R_ii near 1. */
static void balance(ct_ball_matrix *left, ct_ball_matrix *right)
{
    const slong n = left->n;
    slong *shift = find_shifts(right);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++) {
            acb_ptr l = left->m + i * n + j, r = right->m + i * n + j;
            acb_mul_2exp_si(l, l, shift[i] + shift[j]);
            acb_mul_2exp_si(r, r, -shift[i] - shift[j]);
        }
    flint_free(shift);
}

/* Tr L R less <f|f>, both in units of the latter's power of two, which L loses. */
static void find_above(const ct_weighted_proof *p, ct_ball_matrix *left,
                       const ct_ball_matrix *right, arb_t above)
{
    const slong n = left->n;
    fmpz_t exponent;
    arf_t least;
    acb_t x;
    fmpz_init(exponent);
    arf_init(least);
    acb_init(x);
    arf_abs_bound_lt_2exp_fmpz(exponent, p->least);
    fmpz_neg(exponent, exponent);
    for (slong i = 0; i < n * n; i++)
        acb_mul_2exp_fmpz(left->m + i, left->m + i, exponent);
    arf_mul_2exp_fmpz(least, p->least, exponent);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
            acb_addmul(x, left->m + i * n + j, right->m + j * n + i, p->prec);
    arb_sub_arf(above, acb_realref(x), least, p->prec);
    acb_clear(x);
    arf_clear(least);
    fmpz_clear(exponent);
}

static cutropy_status factor_left(const ct_weighted_proof *p, ct_ball_matrix *l, ct_ball_matrix *r,
                                  ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong n = l->n;
    const bool is_complex = p->w->is_complex;
    ct_pencil pencil;
    arb_t above;
    mag_t high;
    arb_init(above);
    mag_init(high);
    ct_pencil_init(&pencil, is_complex ? 2 * n : n, p->bits);
    balance(l, r);
    find_above(p, l, r, above);
    arb_mul_2exp_si(above, above, p->bits + is_complex); /* both copies */
    arb_get_mag(high, above);
    bool good = ct_fix_matrix(l->m, n, is_complex, p->bits, pencil.g, pencil.g_error);
    *l = (ct_ball_matrix){0};
    good = ct_fix_matrix(r->m, n, is_complex, p->bits, pencil.k, pencil.k_error) && good;
    *r = (ct_ball_matrix){0};
    if (good)
        status = ct_pencil_block(&pencil, high, p->blocks->threads, out);
    ct_pencil_clear(&pencil);
    mag_clear(high);
    arb_clear(above);
    return status;
}

static bool has_norm(const ct_weighted_proof *p)
{
    return arf_sgn(p->least) > 0 && arf_is_finite(p->least);
}

/* A level whose matrices are known; they go. l: where w is not single. */
static cutropy_status hand_over(const ct_weighted_proof *p, int k, ct_ball_matrix *l,
                                ct_ball_matrix *r)
{
    cutropy_status status = CUTROPY_OK;
    ct_near_block block = {.copies = p->w->is_complex ? 2 : 1};
    if (has_norm(p))
        CT_TRY(p->w->single ? scale_right(p, k, r, &block) : factor_left(p, l, r, &block));
    ct_near_block given = block; /* the taker's, whatever it says */
    block = (ct_near_block){0};
    CT_TRY(p->blocks->take(p->blocks->context, k, &given));
done:
    ct_near_block_free(&block);
    return status;
}

/* ---- from the last pixel on ---- */

/* To the first wanted level, or to the first pixel: there it is <f|f> from above, and lies too high by no more than sum of excess L_ii over all steps. */
static cutropy_status pass_right(ct_weighted_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted *w = p->w;
    ct_ball_site site = {0};
    ct_ball_matrix a = {0}, copy = {0};
    int end = 0;
    mag_t high, one;
    mag_init(high);
    mag_init(one);
    matrix_one(&a);
    while (w->single && end < w->pixels && !p->blocks->wanted[end])
        end++;
    for (int k = w->pixels - 1; k >= end; k--) {
        CT_TRY(stop(p));
        CT_TRY(make_site(w, k, false, p->formula, p->prec, &site));
        const slong n = site.rows;
        mag_ptr excess = _mag_vec_init(n);
        step(&site, p->prec, p->blocks->threads, &a, excess);
        for (slong i = 0; i < n && !w->single; i++) {
            arb_get_mag(one, p->diagonal[k] + i);
            mag_addmul(high, one, excess + i);
        }
        _mag_vec_clear(excess, n);
        site_free(&site);
        if (!p->blocks->wanted[k])
            continue;
        copy = matrix_copy(&a);
        if (w->single) {
            CT_TRY(hand_over(p, k, NULL, &copy));
        } else {
            p->kept[1][k] = copy;
            copy = (ct_ball_matrix){0};
        }
    }
    if (!w->single) {
        arf_t less;
        arf_init_set_mag_shallow(less, high);
        arf_sub(p->least, arb_midref(acb_realref(a.m)), less, p->prec, ARF_RND_FLOOR);
    }
done:
    mag_clear(one);
    mag_clear(high);
    site_free(&site);
    matrix_free(&copy);
    matrix_free(&a);
    return status;
}

static void proof_free(ct_weighted_proof *p)
{
    for (int k = 0; k <= p->w->pixels; k++) {
        if (p->diagonal && p->diagonal[k])
            _arb_vec_clear(p->diagonal[k], p->w->bond[k]);
        for (int side = 0; side < 2; side++)
            if (p->kept[side])
                matrix_free(&p->kept[side][k]);
    }
    ct_free(p->diagonal);
    ct_free(p->kept[0]);
    ct_free(p->kept[1]);
    if (p->formula)
        _acb_vec_clear(p->formula, (slong)p->w->exact.count);
    arf_clear(p->least);
}

cutropy_status ct_weighted_blocks_make(const ct_weighted_blocks *blocks)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted *w = blocks->w;
    ct_weighted_proof p = {.blocks = blocks,
                           .w = w,
                           .bits = (slong)(blocks->bits + blocks->bits % 2),
                           .prec = blocks->steps,
                           .formula = make_formulas(w, blocks->steps)};
    arf_init(p.least);
    CT_NEW_ZERO(p.diagonal, w->pixels + 1);
    for (int side = 0; side < 2; side++)
        CT_NEW_ZERO(p.kept[side], w->pixels + 1);
    CT_TRY(w->single ? pass_diagonal(&p) : pass_left(&p));
    CT_TRY(pass_right(&p));
    for (int k = w->pixels; k >= 0 && !w->single; k--)
        if (blocks->wanted[k])
            CT_TRY(hand_over(&p, k, &p.kept[0][k], &p.kept[1][k]));
done:
    proof_free(&p);
    return status;
}
