/* SPDX-License-Identifier: Apache-2.0 */
/* From a finished row to its certificate: the blocks once more, with eigenvectors as integers. */
#include <cutropy/certificate.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "certify/decimal.h"
#include "certify/refine.h"
#include "certify/round_vectors.h"
#include "engine/cut/gram.h"
#include "engine/function/result.h"
#include "engine/state/state.h"
#include "analysis/truth/certificate.h"
#include "sheet/sheet.h"

#define MOST_DECIMALS 20

/* The texts and blocks of a certificate; empty: {0}. */
typedef struct exporter {
    const ct_operations *backend;
    ct_certificate certificate;
    ct_certificate_block *block;
    int64_t count;
    char *mask;
    char checksum[24], purity[80], entropy[40], error[40];
    char lower[CT_INTERVAL_TEXT], upper[CT_INTERVAL_TEXT];
} exporter;

static void export_free(exporter *e)
{
    for (int64_t b = 0; b < e->count; b++) {
        ct_free((void *)(uintptr_t)e->block[b].multiplicity);
        ct_free((void *)(uintptr_t)e->block[b].gram);
        ct_free((void *)(uintptr_t)e->block[b].vectors);
    }
    ct_free(e->block);
    ct_free(e->mask);
}

cutropy_status cutropy_certificate_check(const cutropy_cuts *cuts, cutropy_kind kind)
{
    if (cuts->count != 1)
        return ct_fail(CUTROPY_EINPUT,
                       "a certificate is about one cut, but %zu are asked for: choose one with "
                       "--cuts MASK",
                       cuts->count);
    if (kind != CUTROPY_KIND_LABEL && kind != CUTROPY_KIND_INTEGER)
        return ct_fail(CUTROPY_EUNSUPPORTED, "certificates stand on integers: there are none for "
                                             "real and complex functions");
    return CUTROPY_OK;
}

/* The last vector first: largest eigenvalue, and the tail at the end. */
static void turn_round(int64_t n, double *vectors)
{
    for (int64_t j = 0; j < n / 2; j++)
        for (int64_t i = 0; i < n; i++) {
            double *a = &vectors[j * n + i], *b = &vectors[(n - 1 - j) * n + i];
            const double keep = *a;
            *a = *b;
            *b = keep;
        }
}

/* A copy of a block and its vectors. */
static cutropy_status add_block(exporter *e, const ct_gram *gram)
{
    cutropy_status status = CUTROPY_OK;
    ct_certificate_block *b = &e->block[e->count++];
    const int64_t n = gram->n;
    int64_t *m = NULL, *g = NULL, *y = NULL;
    double *vectors = NULL;
    *b = (ct_certificate_block){.size = n, .repeat = 1};
    CT_NEW(m, n);
    b->multiplicity = m;
    CT_NEW(g, n * n);
    b->gram = g;
    CT_NEW(y, n * n);
    b->vectors = y;
    for (int64_t i = 0; i < n; i++) {
        m[i] = (int64_t)gram->weight[i]; /* at most 2^62, as <f|f> is */
        for (int64_t j = 0; j < n; j++)
            g[i * n + j] = j < i ? 0 : gram->integer[i * n + j];
    }
    const ct_integer_block exact = ct_gram_integers(gram);
    CT_TRY(ct_gram_vectors(&exact, e->backend, &vectors));
    turn_round(n, vectors);
    CT_TRY(ct_round_vectors(n, g, m, vectors, y));
done:
    ct_free(vectors);
    return status;
}

/* Equal neighbours become copies of one block: structured functions have thousands. */
static bool is_copy(const ct_certificate_block *b, const ct_gram *gram)
{
    bool same = b->size == gram->n;
    for (int64_t i = 0; same && i < gram->n; i++) {
        same = (uint64_t)b->multiplicity[i] == gram->weight[i];
        for (int64_t j = i; same && j < gram->n; j++)
            same = b->gram[i * gram->n + j] == gram->integer[i * gram->n + j];
    }
    return same;
}

static cutropy_status take_block(void *context, const ct_gram *gram, bool *more)
{
    exporter *e = context;
    ct_certificate_block *last = e->count ? &e->block[e->count - 1] : NULL;
    (void)more;
    if (!last || !is_copy(last, gram))
        return add_block(e, gram);
    last->repeat++;
    return CUTROPY_OK;
}

static cutropy_status add_blocks(exporter *e, const ct_function *f, const uint64_t *mask,
                                 int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_quotient quotient = {0};
    ct_blocks blocks = {0};
    bool all;
    CT_TRY(ct_quotient_build(f, mask, e->backend, threads, &quotient));
    CT_TRY(ct_blocks_find(&quotient, &blocks));
    CT_NEW_ZERO(e->block, blocks.count);
    CT_TRY(ct_gram_each(&quotient, &blocks, e->backend, threads, take_block, e, &all));
done:
    ct_blocks_free(&blocks);
    ct_quotient_free(&quotient);
    return status;
}

/* The blocks of the smaller side; an empty or full cut has one of size 1. */
static cutropy_status add_cut(exporter *e, const cutropy_result *result, const ct_function *f)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t *cut = result->cuts.masks;
    const int pixels = cutropy_mask_pixels(cut, f->words);
    uint64_t *mask = NULL;
    if (pixels == 0 || pixels == f->pixels) {
        const ct_gram whole = {.n = 1,
                               .integer = &(int64_t){(int64_t)f->norm_exact},
                               .words = 1,
                               .weight = &(uint64_t){1}};
        CT_NEW_ZERO(e->block, 1);
        CT_TRY(add_block(e, &whole));
        goto done;
    }
    CT_NEW(mask, f->words);
    for (size_t w = 0; w < f->words; w++)
        mask[w] = 2 * pixels > f->pixels ? ~cut[w] : cut[w];
    if (f->pixels % 64)
        mask[f->words - 1] &= (UINT64_C(1) << f->pixels % 64) - 1;
    CT_TRY(add_blocks(e, f, mask, result->threads));
done:
    ct_free(mask);
    return status;
}

/* Decimals that were proved, at most MOST_DECIMALS of them: what vectors of 61 bits can prove
 * again. */
static void claim_decimals(exporter *e, const char *text, int decimals)
{
    const size_t whole = strcspn(text, ".");
    if (decimals <= MOST_DECIMALS && strlen(text) < sizeof e->entropy) {
        strcpy(e->entropy, text);
        ct_snprintf(e->error, sizeof e->error, "5e-%d", decimals + 1);
    } else if (decimals > MOST_DECIMALS && whole + MOST_DECIMALS + 2 < sizeof e->entropy) {
        memcpy(e->entropy, text, whole + 1 + MOST_DECIMALS);
        e->entropy[whole + 1 + MOST_DECIMALS] = '\0';
        ct_snprintf(e->error, sizeof e->error, "2e-%d", MOST_DECIMALS);
    }
}

/* The numbers of the row. lower and upper reach a little further than the value and its error: they
 * are rounded to 17 digits too. */
static cutropy_status add_claims(exporter *e, const cutropy_result *result, cutropy_base base)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_sheet *sheet = NULL;
    double s, error;
    ct_certificate *c = &e->certificate;
    const cutropy_record *record = &result->records[result->rows[0].record];
    const cutropy_fraction *purity = &record->purity_exact;
    const int unit = base == CUTROPY_BASE_NATS;
    CT_TRY(cutropy_result_sheet(result, base, &sheet));
    cutropy_sheet_real(sheet, 0, cutropy_sheet_find(sheet, "entropy"), &s, &error);
    const double ulp = fabs(s) * 0x1p-52;
    const double radius = error * (1 + 0x1p-50) + ulp, wide = radius * (1 + 0x1p-50) + 2 * ulp;
    ct_snprintf(e->entropy, sizeof e->entropy, "%.17g", s);
    ct_snprintf(e->error, sizeof e->error, "%.17g", radius);
    ct_snprintf(e->lower, sizeof e->lower, "%.17g", s - wide);
    ct_snprintf(e->upper, sizeof e->upper, "%.17g", s + wide);
    if (record->exact && record->exact->entropy[unit])
        claim_decimals(e, record->exact->entropy[unit], record->exact->decimals[unit]);
    if (ct_fraction_is_known(purity)) {
        ct_fraction_format(purity, e->purity, sizeof e->purity);
        char *slash = strchr(e->purity, '/');
        if (slash)
            *slash = '\0';
        c->purity_numerator = e->purity;
        c->purity_denominator = slash ? slash + 1 : "1";
    }
done:
    cutropy_sheet_free(sheet);
    return status;
}

/* ---- the file has to be one that cutropy-verify accepts ---- */

/* Decimals of the ends of what the vectors prove: far below any claim. */
#define PROVED_DECIMALS 60

/* What the vectors prove, as cutropy-verify finds it, in exact integers of another library; decides
 * which of them are resolved. */
static cutropy_status find_proved(exporter *e, const ct_function *f, cutropy_base base, char *lower,
                                  char *upper)
{
    cutropy_status status = CUTROPY_OK;
    ct_refined *proved = NULL;
    uint64_t limb[2];
    const ct_big norm = ct_norm_view(f, limb);
    CT_TRY(ct_refined_create(&norm, PROVED_DECIMALS, &proved));
    for (int64_t b = 0; b < e->count; b++) {
        ct_certificate_block *block = &e->block[b];
        bool added = false;
        const ct_integer_block exact = {
            .n = block->size, .gram = block->gram, .weight = (const uint64_t *)block->multiplicity};
        CT_TRY(ct_refined_add_vectors(proved, &exact, block->vectors, (uint64_t)block->repeat,
                                      &block->resolved, &added));
        if (!added)
            CT_TRY(ct_fail(CUTROPY_ENUMERIC,
                           "the eigenvectors of block %lld prove nothing: no certificate",
                           (long long)b + 1));
    }
    if (!ct_refined_interval(proved, base == CUTROPY_BASE_NATS ? CT_UNIT_NATS : CT_UNIT_BITS,
                             PROVED_DECIMALS, lower, upper))
        CT_TRY(ct_fail(CUTROPY_ENUMERIC, "the eigenvectors prove nothing: no certificate"));
done:
    ct_refined_free(proved);
    return status;
}

/* Whether [lower, upper] and entropy +- error contain what is proved. */
static cutropy_status claims_hold(const exporter *e, const char *low, const char *high, bool *hold)
{
    cutropy_status status = CUTROPY_OK;
    const char *radius = e->error;
    int below, above;
    bool from_low, to_high;
    CT_TRY(ct_number_compare(e->lower, low, &below));
    CT_TRY(ct_number_compare(high, e->upper, &above));
    CT_TRY(ct_numbers_agree(e->entropy, low, &radius, 1, &from_low, NULL));
    CT_TRY(ct_numbers_agree(e->entropy, high, &radius, 1, &to_high, NULL));
    *hold = below <= 0 && above <= 0 && from_low && to_high;
done:
    return status;
}

/* Claims that say more than the vectors prove are widened to what they prove; a row that
 * contradicts them ends the export. */
static cutropy_status check_claims(exporter *e, const ct_function *f, cutropy_base base)
{
    cutropy_status status = CUTROPY_OK;
    char low[CT_INTERVAL_TEXT], high[CT_INTERVAL_TEXT], claimed[40];
    bool hold = false, meets_low = false, meets_high = false;
    double width = 0;
    CT_TRY(find_proved(e, f, base, low, high));
    CT_TRY(claims_hold(e, low, high, &hold));
    if (hold)
        goto done;
    /* entropy + error >= low and entropy - error <= high */
    snprintf(claimed, sizeof claimed, "%s", e->error);
    const char *radius = claimed;
    int entropy_low, entropy_high;
    CT_TRY(ct_number_compare(e->entropy, low, &entropy_low));
    CT_TRY(ct_number_compare(e->entropy, high, &entropy_high));
    CT_TRY(ct_numbers_agree(e->entropy, low, &radius, 1, &meets_low, NULL));
    CT_TRY(ct_numbers_agree(e->entropy, high, &radius, 1, &meets_high, NULL));
    if (!(meets_low || entropy_low >= 0) || !(meets_high || entropy_high <= 0))
        CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                       "the entropy is %s +- %s in the row, but its certificate proves %.40s to "
                       "%.40s: no certificate",
                       e->entropy, e->error, low, high));
    CT_TRY(ct_numbers_agree(low, high, NULL, 0, &hold, &width));
    ct_snprintf(e->error, sizeof e->error, "%.17g",
                (ct_strtod(claimed, NULL) + width) * (1 + 0x1p-40));
    strcpy(e->lower, low);
    strcpy(e->upper, high);
    CT_TRY(claims_hold(e, low, high, &hold));
    if (!hold)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the claims of a certificate do not hold"));
done:
    return status;
}

static cutropy_status add_names(exporter *e, const cutropy_result *result, cutropy_base base)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(e->mask, 16 * result->cuts.words + 3);
    cutropy_mask_format(result->cuts.masks, result->cuts.words, e->mask,
                        16 * result->cuts.words + 3);
    ct_snprintf(e->checksum, sizeof e->checksum, "%016llx", (unsigned long long)result->checksum);
    e->certificate = (ct_certificate){.problem = result->problem,
                                      .lattice = result->lattice,
                                      .cut = e->mask,
                                      .checksum = e->checksum,
                                      .base = base,
                                      .trace = result->norm,
                                      .entropy = e->entropy,
                                      .error = e->error,
                                      .lower = e->lower,
                                      .upper = e->upper};
done:
    return status;
}

cutropy_status cutropy_certificate_save(const cutropy_state *state, const cutropy_result *result,
                                        cutropy_base base, const char *path)
{
    cutropy_status status = CUTROPY_OK;
    exporter e = {.backend = state->operations};
    CT_TRY(cutropy_certificate_check(&result->cuts, result->kind));
    CT_TRY(ct_state_needs_images(state, "a certificate"));
    CT_TRY(ct_state_needs_words(state, "a certificate"));
    CT_TRY(add_names(&e, result, base));
    CT_TRY(add_claims(&e, result, base));
    CT_TRY(add_cut(&e, result, &state->f));
    e.certificate.block = e.block;
    e.certificate.blocks = e.count;
    CT_TRY(check_claims(&e, &state->f, base));
    CT_TRY(ct_certificate_save(&e.certificate, path));
done:
    export_free(&e);
    return status;
}
