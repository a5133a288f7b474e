/* SPDX-License-Identifier: Apache-2.0 */
/* The enclosing prover: bounds of every block in twice the working precision (theorems A, B). */
#include <math.h>

#include "base/twofold.h"
#include "certify/integer_block.h"
#include "engine/cut/block_rows.h"
#include "engine/prove/proof.h"

/* One block on its way to a bound: everything n x n, both triangles. */
typedef struct ct_room {
    ct_twofold g;
    double *weight;  /* n */
    double *vectors; /* H = D^1/2 G D^1/2 in double, then its eigenvectors */
    double *values;  /* n */
} ct_room;

static void free_room(ct_room *r)
{
    ct_free(r->g.high);
    ct_free(r->g.low);
    ct_free(r->weight);
    ct_free(r->vectors);
    ct_free(r->values);
}

static cutropy_status new_room(int64_t n, ct_room *r)
{
    cutropy_status status = CUTROPY_OK;
    *r = (ct_room){0};
    CT_NEW_ZERO(r->g.high, n * n);
    CT_NEW_ZERO(r->g.low, n * n);
    CT_NEW(r->weight, n);
    CT_NEW(r->vectors, n * n);
    CT_NEW(r->values, n);
done:
    return status;
}

/* Eigenvectors, then the bound, in units of 2^exponent; *proved = false leaves the enclosure as it was. */
static cutropy_status add_block(const ct_operations *backend, int threads, int64_t n,
                                int64_t exponent, double error, int refine, ct_room *r,
                                ct_enclosure *e, bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_bound bound = {0};
    const ct_block_gram gram = {
        .n = n, .g = r->g, .weight = r->weight, .error = error, .threads = threads};
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            r->vectors[i * n + j] = sqrt(r->weight[i]) * sqrt(r->weight[j]) * r->g.high[i * n + j];
    CT_TRY(backend->eigenvectors(n, r->vectors, r->values));
    CT_TRY(ct_block_bound_make(&gram, r->vectors, r->values, refine, &bound, proved));
    if (*proved)
        CT_TRY(ct_enclosure_add_block(e, &bound, exponent));
done:
    ct_block_bound_free(&bound);
    return status;
}

/* ---- labels and integers ---- */

/* x = high + low exactly */
static void split(int64_t x, double *high, double *low)
{
    *high = (double)(x / (INT64_C(1) << 32) * (INT64_C(1) << 32));
    *low = (double)(x - (int64_t)*high);
    *high = ct_two_sum(*high, *low, low);
}

typedef struct ct_enclosing {
    const ct_operations *backend;
    ct_enclosure *enclosure;
    int refine, threads;
} ct_enclosing;

/* Exact doubles: integers of 64 bits with multiplicities that are doubles. */
static void fill_words(const ct_integer_block *block, ct_room *r)
{
    const int64_t n = block->n;
    for (int64_t i = 0; i < n; i++) {
        r->weight[i] = (double)block->weight[i];
        for (int64_t j = i; j < n; j++) {
            split(block->gram[i * n + j], &r->g.high[i * n + j], &r->g.low[i * n + j]);
            r->g.high[j * n + i] = r->g.high[i * n + j];
            r->g.low[j * n + i] = r->g.low[i * n + j];
        }
    }
}

static bool fits_words(const ct_integer_block *block)
{
    bool fits = block->words <= 1 && block->weight_words <= 1;
    for (int64_t i = 0; i < block->n && fits; i++)
        fits = block->weight[i] < UINT64_C(1) << 53;
    return fits;
}

/* Larger ones: H itself in twice the working precision, with multiplicities 1. */
static void fill_twofold(const ct_integer_block *block, ct_room *r, int64_t *exponent,
                         double *error)
{
    for (int64_t i = 0; i < block->n; i++)
        r->weight[i] = 1;
    ct_integer_block_twofold(block, r->g, exponent, error);
}

static cutropy_status add_integers(void *context, const ct_integer_block *block, bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    const ct_enclosing *to = context;
    ct_room r = {0};
    int64_t exponent = 0;
    double error = 0;
    if (block->n <= 2)
        return ct_enclosure_add_small(to->enclosure, block);
    CT_TRY(new_room(block->n, &r));
    if (fits_words(block))
        fill_words(block, &r);
    else
        fill_twofold(block, &r, &exponent, &error);
    CT_TRY(add_block(to->backend, to->threads, block->n, exponent, error, to->refine, &r,
                     to->enclosure, proved));
done:
    free_room(&r);
    return status;
}

/* ---- real and complex ---- */

/* A C, and A^T, of a block G = A C A^T: the factors of a product in twice the working precision. */
typedef struct ct_factors {
    double *transpose; /* k x n */
    ct_twofold scaled; /* n x k: entries times the multiplicity of their column */
} ct_factors;

static void free_factors(ct_factors *f)
{
    ct_free(f->transpose);
    ct_free(f->scaled.high);
    ct_free(f->scaled.low);
    *f = (ct_factors){0};
}

static cutropy_status make_factors(const ct_block_rows *rows, ct_factors *f)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(f->transpose, rows->n * rows->k);
    CT_NEW(f->scaled.high, rows->n * rows->k);
    CT_NEW(f->scaled.low, rows->n * rows->k);
    for (int64_t i = 0; i < rows->n; i++)
        for (int64_t c = 0; c < rows->k; c++) {
            const int64_t at = i * rows->k + c;
            f->transpose[c * rows->n + i] = rows->entry[at];
            f->scaled.high[at] =
                ct_two_product(rows->entry[at], (double)rows->column_weight[c], &f->scaled.low[at]);
        }
done:
    return status;
}

/* Both triangles from the upper one, every low part at most half a unit of its high part: products
 * in twice the working precision count on that, and the slip of a sum may be larger. Exact. */
static void settle(int64_t n, ct_twofold a)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            double low;
            const double high = ct_two_sum(a.high[i * n + j], a.low[i * n + j], &low);
            a.high[i * n + j] = a.high[j * n + i] = high;
            a.low[i * n + j] = a.low[j * n + i] = low;
        }
}

/* Tr D G is added to *trace; *error grows by a bound on ||D^1/2 (true G - G) D^1/2||_F, which
 * bounds the error of the trace too: both are at most gamma^2 times the trace of absolute products,
 * which is the trace itself. */
static double add_trace(const ct_block_rows *rows, const ct_room *r, double trace[2])
{
    const double gamma = ct_gamma((double)rows->k + 8);
    double sum = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        double product_slip, sum_slip;
        const double g = r->g.high[i * rows->n + i];
        const double product = ct_two_product(r->weight[i], g, &product_slip);
        trace[0] = ct_two_sum(trace[0], product, &sum_slip);
        trace[1] += sum_slip + product_slip + r->weight[i] * r->g.low[i * rows->n + i];
        sum += product;
    }
    return 1.01 * gamma * gamma * sum;
}

static cutropy_status enclose_numbers(const ct_quotient *q, const ct_blocks *blocks,
                                      const ct_operations *backend, int refine, int threads,
                                      ct_enclosure *e, bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_rows rows = {0};
    ct_factors factors = {0};
    ct_room room = {0};
    double trace[2] = {0, 0}, error = 0, columns = 0;
    *proved = true;
    for (int64_t b = 0; b < blocks->count && *proved; b++) {
        CT_TRY(ct_block_rows_make(q, blocks, b, &rows));
        *proved = ct_block_rows_are_tame(&rows);
        if (!*proved)
            goto done;
        CT_TRY(make_factors(&rows, &factors));
        CT_TRY(new_room(rows.n, &room));
        for (int64_t i = 0; i < rows.n; i++)
            room.weight[i] = (double)rows.weight[i];
        ct_product2(rows.n, rows.k, rows.n, factors.scaled, (ct_twofold){.high = factors.transpose},
                    room.g, threads);
        settle(rows.n, room.g);
        const double block_error = add_trace(&rows, &room, trace);
        CT_TRY(add_block(backend, threads, rows.n, 0, block_error, refine, &room, e, proved));
        error += block_error;
        columns += (double)rows.n;
        ct_block_rows_free(&rows);
        free_factors(&factors);
        free_room(&room);
        room = (ct_room){0};
    }
    /* the sum of the traces itself, in twice the working precision */
    const double gamma = ct_gamma(columns + 8);
    error += 1.01 * gamma * gamma * trace[0];
    const double copies = q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
    ct_enclosure_set_norm_ball(e, trace[0] / copies, trace[1] / copies, error / copies);
done:
    ct_block_rows_free(&rows);
    free_factors(&factors);
    free_room(&room);
    return status;
}

/* Labels and integers: of the exact Gram matrices. Real and complex: of the state whose amplitudes
 * are exactly the stored doubles, by Gram matrices in twice the working precision. refine:
 * eigenvectors of twice the working precision, which bounds every single eigenvalue as well as S.
 * *out = NULL: the eigenvectors of some block do not prove anything. */
static cutropy_status enclose(const ct_proof *p, int refine, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    bool proved = false;
    ct_big norm = {0};
    *out = NULL;
    CT_TRY(ct_proof_norm(p, &norm));
    CT_TRY(ct_enclosure_create(ct_proof_copies(p), out));
    if (ct_proof_has_integers(p)) {
        ct_enclosing to = {p->setting->backend, *out, refine, p->threads};
        ct_enclosure_set_norm(*out, &norm);
        CT_TRY(ct_proof_each_block(p, add_integers, &to, &proved));
        CT_TRY(ct_proof_slack(p, *out));
    } else {
        CT_TRY(enclose_numbers(p->q, p->blocks, p->setting->backend, refine, p->threads, *out,
                               &proved));
    }
done:
    if (status != CUTROPY_OK || !proved) {
        ct_enclosure_free(*out);
        *out = NULL;
    }
    ct_big_free(&norm);
    return status;
}

/* Refined, and once more, where eigenvectors do not decide everything; from the start where single levels are wanted, or where what
 * is near a block may have levels of any size. */
static cutropy_status prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_enclosure *e = NULL;
    for (int refine = p->rounded || ct_proof_levels_open(p); refine <= 2 && ct_proof_any_open(p);
         refine++) {
        ct_enclosure_free(e);
        CT_TRY(enclose(p, refine, &e));
        if (!e)
            goto done;
        CT_TRY(ct_proof_fill_ranked(p, e));
    }
    ct_proof_take_rank(p, e);
done:
    ct_enclosure_free(e);
    return status;
}

/* Many decimals of real and complex numbers are left to the graded prover. */
static bool is_late(const ct_proof *p)
{
    return !ct_proof_has_integers(p) && p->setting->digits > CT_ENCLOSED_DIGITS;
}

static bool can(const ct_proof *p)
{
    return !is_late(p) && ct_proof_any_open(p);
}

static bool can_late(const ct_proof *p)
{
    return is_late(p) && ct_proof_any_open(p);
}

const ct_prover ct_enclosing_prover = {"enclosures", can, prove};
const ct_prover ct_late_enclosing_prover = {"enclosures, late", can_late, prove};
