/* SPDX-License-Identifier: Apache-2.0 */
/* What the numbers of a sweep say about the paper's claim, in sentences. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/expressivity/network_family.h"
#include "base/locale.h"
#include "output/expressivity.h"

#define FOLLOWS_R2 0.9    /* of the fit through the origin: "follows" */
#define FOLLOWS_SLOPE 0.2 /* largest relative deviation of a slope from its share */
#define SATURATED 0.95    /* of Page's average or of min(NA, NB) */
#define ROUGH 10          /* standard errors that a range of S/L needs for sizes at equal entropy */

static void print_setting(const cutropy_expressivity *e, const cutropy_claim *claim, FILE *file)
{
    fprintf(file, "%s on %s, %zu cut%s, %s", e->family, e->lattice, e->cuts.count,
            e->cuts.count == 1 ? "" : "s", e->weights ? "weights from files" : "random weights");
    for (size_t k = 0; k < e->key_count; k++)
        if ((int)k != e->size_key && (int)k != e->depth_key)
            fprintf(file, ", %s=%s", e->key[k], e->points[claim->point[0]].value[k]);
    fprintf(file, ": %zu combination%s of parameters, %d seed%s each.\n", claim->points,
            claim->points == 1 ? "" : "s", e->seeds, e->seeds == 1 ? "" : "s");
    fprintf(file, "S/L lies between %.4g and %.4g bits per bond (means over the seeds%s).\n",
            claim->lowest, claim->highest, e->cuts.count > 1 ? " and the cuts" : "");
}

/* Whether the slopes of the depths are in the ratio of the depths; false when they cannot say. */
static bool slopes_grow(const cutropy_claim *claim)
{
    double worst = 0;
    size_t known = 0;
    for (size_t d = 0; d < claim->depths; d++) {
        const cutropy_depth_fit *fit = &claim->by_depth[d];
        if (isnan(fit->line.slope) || fit->depth == 0)
            continue;
        double share = fit->line.slope / fit->depth / claim->origin.slope;
        worst = fmax(worst, fabs(share - 1));
        known++;
    }
    return known && worst <= FOLLOWS_SLOPE;
}

/* " +- 0.01" */
static void print_error(const cutropy_line *line, FILE *file)
{
    if (!isnan(line->slope_se))
        fprintf(file, " +- %.2g", line->slope_se);
}

static void print_fits(const ct_family *family, const cutropy_claim *claim, FILE *file)
{
    fprintf(file, "S/L = c %s by least squares: c = %.4g", family->claim, claim->origin.slope);
    print_error(&claim->origin, file);
    fprintf(file, ", R^2 = %.3f", claim->origin.r2);
    if (!isnan(claim->line.r2)) {
        fprintf(file, "; with a constant: S/L = %.4g + c %s, c = %.4g", claim->line.constant,
                family->claim, claim->line.slope);
        print_error(&claim->line, file);
        fprintf(file, ", R^2 = %.3f", claim->line.r2);
    }
    fprintf(file, " (R^2: 1 is perfect, 0 no better than a constant, below 0 worse than one).\n");
}

static void print_verdict(const ct_family *family, const cutropy_claim *claim, FILE *file)
{
    const cutropy_line *line = &claim->line;
    if (claim->origin.r2 >= FOLLOWS_R2 && slopes_grow(claim))
        fprintf(file, "These networks follow the claim in this range.\n");
    else if (!(line->slope > 2 * line->slope_se))
        fprintf(file,
                "These networks do not follow the claim: no growth of S/L with %s can be told from "
                "the scatter.\n",
                family->claim);
    else if (line->r2 >= FOLLOWS_R2)
        fprintf(file,
                "These networks do not follow the claim: S/L grows linearly with %s, but %s.\n",
                family->claim,
                claim->origin.r2 < FOLLOWS_R2 ? "on top of a constant"
                                              : "the slopes are not in proportion to the depth");
    else
        fprintf(file,
                "These networks do not follow the claim: S/L grows with %s, but not linearly.\n",
                family->claim);
}

static void print_claim(const ct_family *family, const cutropy_claim *claim, FILE *file)
{
    fprintf(file, "%s\n", family->note);
    if (isnan(claim->origin.slope) || claim->points < 3) {
        fprintf(file, "It needs at least three combinations of %s%s%s to be tested.\n",
                family->size_key, family->depth_key ? " and " : "",
                family->depth_key ? family->depth_key : "");
        return;
    }
    print_fits(family, claim, file);
    print_verdict(family, claim, file);
}

static void print_slopes(const ct_family *family, const cutropy_claim *claim, FILE *file)
{
    size_t known = 0;
    if (!family->depth_key || claim->depths < 2)
        return;
    for (size_t d = 0; d < claim->depths; d++)
        known += !isnan(claim->by_depth[d].line.slope);
    if (known < 2)
        return;
    fprintf(file, "Slope of S/L against log2 %s for each %s (the claim: in proportion to it):",
            family->size_key, family->depth_key);
    for (size_t d = 0; d < claim->depths; d++) {
        const cutropy_depth_fit *fit = &claim->by_depth[d];
        if (isnan(fit->line.slope))
            continue;
        fprintf(file, "%s %g: %.4g", d ? "," : "", fit->depth, fit->line.slope);
        print_error(&fit->line, file);
    }
    fprintf(file, ".\n");
}

static void print_level(const ct_family *family, const cutropy_claim *claim,
                        const cutropy_level *level, FILE *file)
{
    fprintf(file, "S/L = %.4g is reached at %s", level->entropy, family->size_key);
    for (size_t d = 0; d < claim->depths; d++)
        fprintf(file, "%s %.3g (%s %g)", d ? "," : "", level->size[d], family->depth_key,
                claim->by_depth[d].depth);
    fprintf(file, "; D0^(1/%s) asks for", family->depth_key);
    for (size_t d = 0; d < claim->depths; d++)
        fprintf(file, "%s %.3g", d ? "," : "", pow(level->d0, 1 / claim->by_depth[d].depth));
    fprintf(file, " (D0 = %.3g, R^2 = %.2f). log2 %s ~ %s^%.2f; the claim is ^-1.\n", level->d0,
            level->r2, family->size_key, family->depth_key, level->exponent);
}

static void print_levels(const cutropy_expressivity *e, const ct_family *family,
                         const cutropy_claim *claim, FILE *file)
{
    if (!family->depth_key || claim->depths < 2)
        return;
    if (claim->by_depth[0].depth < 1) {
        fprintf(file, "%s ~ D0^(1/%s) cannot be tested: it says nothing of %s %g.\n",
                family->size_key, family->depth_key, family->depth_key, claim->by_depth[0].depth);
        return;
    }
    if (!claim->levels) {
        fprintf(file,
                "%s ~ D0^(1/%s) cannot be tested: no S/L is passed by the networks of every "
                "%s as %s grows.\n",
                family->size_key, family->depth_key, family->depth_key, family->size_key);
        return;
    }
    for (size_t l = 0; l < claim->levels; l++)
        print_level(family, claim, &claim->level[l], file);
    double width = (CUTROPY_SWEEP_LEVELS + 1) * (claim->level[1].entropy - claim->level[0].entropy);
    double error = claim->median_sd / sqrt(e->seeds);
    if (width < ROUGH * error)
        fprintf(file,
                "These sizes are rough: all depths pass only %.2g of S/L, %.1f standard errors "
                "of a mean; more seeds would settle them.\n",
                width, width / error);
}

static void print_limits(const cutropy_expressivity *e, const cutropy_claim *claim, FILE *file)
{
    if (claim->fraction_of_limit >= SATURATED || claim->fraction_of_page >= SATURATED)
        fprintf(file,
                "Saturated: the largest S/L is %.1f %% of S = min(NA, NB) and %.1f %% of "
                "Page's average of random states; larger networks cannot raise it, so the "
                "claim cannot hold there.\n",
                100 * claim->fraction_of_limit, 100 * claim->fraction_of_page);
    else
        fprintf(file,
                "Not saturated: the largest S/L is %.1f %% of S = min(NA, NB) and %.1f %% of "
                "Page's average of random states.\n",
                100 * claim->fraction_of_limit, 100 * claim->fraction_of_page);
    if (!isnan(claim->median_sd)) {
        double change = claim->highest - claim->lowest;
        fprintf(file,
                "Between seeds S/L varies by %.3g (median standard deviation), %s than the "
                "%.3g between the parameters.\n",
                claim->median_sd, claim->median_sd > change ? "more" : "less", change);
    }
    if (!e->weights)
        fprintf(file, "Random weights show what a typical network has, not what the best one can "
                      "reach: the claim is about the latter.\n");
}

cutropy_status cutropy_expressivity_words(const cutropy_expressivity *e, FILE *file)
{
    const ct_family *family = ct_family_find(e->family, strlen(e->family));
    const ct_locale locale = ct_locale_enter(); /* decimal points */
    if (!e->complete)
        fprintf(file, "Stopped after %zu of %zu combinations of parameters.\n", e->done,
                e->point_count);
    for (size_t g = 0; g < e->claim_count; g++) {
        const cutropy_claim *claim = &e->claims[g];
        if (g)
            fprintf(file, "\n");
        print_setting(e, claim, file);
        print_claim(family, claim, file);
        print_slopes(family, claim, file);
        print_levels(e, family, claim, file);
        print_limits(e, claim, file);
    }
    cutropy_status status = fflush(file) || ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
    ct_locale_leave(&locale);
    return status;
}
