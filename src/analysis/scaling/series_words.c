/* SPDX-License-Identifier: Apache-2.0 */
/* The summary of cutropy scaling for people. */
#include <math.h>
#include <string.h>

#include "analysis/scaling/scaling.h"
#include "analysis/scaling/series_report.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"

static const char *const length_words[] = {"bonds between A and B",
                                           "pixels of A with a neighbour in B",
                                           "vertices where a link of A meets a link of B"};

static void print_models(FILE *file, const cutropy_scaling *scaling)
{
    fprintf(file, "\n%-9s %-50s %8s %8s %7s %7s %7s\n", "model", "least squares (S in bits)", "rms",
            "largest", "misfit", "large", "weight");
    for (int model = 0; model < CUTROPY_MODELS; model++) {
        if (!ct_scaling_differs(scaling, model))
            continue;
        const cutropy_model_fit *fit = &scaling->fit[model];
        char formula[160], misfit[16] = "-", large[16] = "-", weight[16] = "-";
        cutropy_scaling_formula(fit, (cutropy_scaling_model)model, formula);
        if (!isnan(fit->misfit))
            snprintf(misfit, sizeof misfit, "%.3f", fit->misfit);
        if (!isnan(fit->misfit_large))
            snprintf(large, sizeof large, "%.3f", fit->misfit_large);
        if (fit->admissible && !isnan(fit->weight))
            snprintf(weight, sizeof weight, "%.3f", fit->weight);
        fprintf(file, "%-9s %-50s %8.2g %8.2g %7s %7s %7s%s\n",
                cutropy_scaling_model_name((cutropy_scaling_model)model), formula, fit->rms,
                fit->largest, misfit, large, fit->vetoed ? "vetoed" : weight,
                fit->exact ? "  exact" : "");
    }
    fprintf(file, "misfit: rms / standard deviation of S; large: of a fit to ");
    if (scaling->infinite)
        fprintf(file, "the wider half of the strips alone\n");
    else
        fprintf(file, "2 m >= %d alone\n", scaling->largest);
}

/* ---- the verdict ---- */

/* Breaks a text into lines under the first one. */
static void print_indented(FILE *file, const char *text)
{
    const int width = 84;
    while (*text) {
        int length = (int)strlen(text);
        if (length > width)
            for (length = width; length > 1 && text[length] != ' ';)
                length--;
        fprintf(file, "           %.*s\n", length, text);
        text += length + (text[length] == ' ');
    }
}

static void print_judgement(FILE *file, const ct_scaling_report *report)
{
    char headline[160], reason[640];
    const cutropy_scaling *all = &report->all;
    cutropy_scaling_headline(all, headline);
    cutropy_scaling_explain(all, reason);
    if (all->infinite)
        fprintf(file, "points     %zu halves of infinite strips\n           L = %s\n", all->cuts,
                length_words[report->length]);
    else
        fprintf(file,
                "points     %zu cuts, %zu not equal by symmetry, %zu shapes, m = %d to %d\n"
                "           L = %s, m = min(NA, NB)\n",
                all->cuts, all->orbits, all->shapes, all->smallest, all->largest,
                length_words[report->length]);
    fprintf(file, "verdict    %s\n", headline);
    print_indented(file, reason);
    if (!all->exact && all->verdict < CUTROPY_SCALING_UNDECIDED)
        fprintf(file,
                "           (on these cuts; small lattices do not prove what large ones do)\n");
    print_models(file, all);
}

/* No verdicts of their own, which could contradict the one of all: the model of the verdict, or
 * what every model leaves. */
static void print_lattices(FILE *file, const ct_scaling_report *report)
{
    fprintf(file, "\n%-18s %6s %6s  %s\n", "lattice alone", "cuts", "shapes",
            report->all.model >= 0 ? "the same model" : "misfit of each model");
    for (size_t i = 0; i < report->lattice_count; i++) {
        const ct_scaling_lattice *lattice = &report->lattice[i];
        const cutropy_scaling *scaling = &lattice->scaling;
        char formula[160];
        if (!lattice->fitted) {
            fprintf(file, "%-18s %6zu %6s  too few different cuts\n", lattice->name, lattice->count,
                    "-");
            continue;
        }
        fprintf(file, "%-18s %6zu %6zu ", lattice->name, scaling->cuts, scaling->shapes);
        if (report->all.model >= 0) {
            const cutropy_model_fit *fit = &scaling->fit[report->all.model];
            cutropy_scaling_formula(fit, (cutropy_scaling_model)report->all.model, formula);
            fprintf(file, " %s, rms %.2g\n", formula, fit->rms);
            continue;
        }
        for (int model = 0; model < CUTROPY_MODELS; model++)
            if (ct_scaling_differs(scaling, model))
                fprintf(file, " %s %.3f", cutropy_scaling_model_name((cutropy_scaling_model)model),
                        isnan(scaling->fit[model].misfit) ? 0 : scaling->fit[model].misfit);
        fputc('\n', file);
    }
}

static void print_number(double value, double error, char text[CT_BRACKETED_SIZE])
{
    if (error > 0)
        ct_bracketed(value, error, text);
    else
        snprintf(text, CT_BRACKETED_SIZE, "%.17g", value + 0.0);
}

/* Strips: each alone has one point, and two neighbours the slope between them and the constant beside it. */
static void print_strips(FILE *file, const ct_scaling_report *report)
{
    fprintf(file, "\n%-22s %4s  %-28s %-22s %s\n", "infinite strip", "L", "S in bits",
            "slope from the last", "constant beside it");
    for (size_t i = 0; i < report->count; i++) {
        const cutropy_scaling_point *p = &report->points[i], *last = i ? p - 1 : NULL;
        char entropy[CT_BRACKETED_SIZE], slope[CT_BRACKETED_SIZE] = "",
                                         constant[CT_BRACKETED_SIZE] = "";
        print_number(p->entropy, p->entropy_err, entropy);
        if (last && last->length != p->length) {
            const double run = p->length - last->length, rise = (p->entropy - last->entropy) / run,
                         errors = p->entropy_err + last->entropy_err;
            const bool whole =
                errors == 0 && rise == nearbyint(rise); /* of integers, nothing rounds */
            const double error = whole ? 0 : errors / fabs(run) + 4 * fabs(rise) * 0x1p-53;
            print_number(rise, error, slope);
            print_number(
                p->entropy - rise * p->length,
                whole ? 0 : p->entropy_err + error * p->length + 4 * fabs(p->entropy) * 0x1p-53,
                constant);
        }
        fprintf(file, "%-22s %4d  %-28s %-22s %s\n", report->lattice[i].name, p->length, entropy,
                slope, constant);
    }
}

/* ---- the topological constant ---- */

static void print_regions(FILE *file, const ct_topological *t)
{
    char text[2 + CUTROPY_MAX_PIXELS / 4 + 1];
    for (size_t r = 0; r < 3; r++) {
        cutropy_mask_format(t->found.regions.masks + r * t->found.regions.words,
                            t->found.regions.words, text, sizeof text);
        fprintf(file, "%s%c=%s", r ? " " : "", 'A' + (int)r, text);
    }
    fputc('\n', file);
}

static void print_topological(FILE *file, const ct_scaling_report *report)
{
    bool headed = false;
    for (size_t i = 0; i < report->lattice_count; i++)
        for (int k = 0; k < 2; k++) {
            const ct_topological *t = &report->lattice[i].topological[k];
            if (!t->done)
                continue;
            if (!headed)
                fprintf(file, "\ntopological constant gamma (S = alpha L - gamma), in bits\n");
            headed = true;
            fprintf(file, "%-18s %-16s gamma = %-12.9g  ", report->lattice[i].name,
                    t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN ? "Levin-Wen" : "Kitaev-Preskill",
                    fabs(t->found.gamma) <= t->found.error ? 0 : t->found.gamma);
            print_regions(file, t);
            if (t->found.doubt)
                fprintf(file, "%18s doubtful: %s\n", "", t->found.doubt);
        }
    if (headed && report->fitted && report->all.verdict != CUTROPY_SCALING_AREA)
        fprintf(file,
                "  (no area law was found: without one gamma is a combination of entropies, not "
                "a topological constant)\n");
    if (headed)
        fprintf(file, "  Kitaev-Preskill: S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma\n"
                      "  Levin-Wen:       S_ABC - S_AB - S_BC + S_B = -2 gamma\n");
}

cutropy_status ct_scaling_words(const ct_scaling_report *report, FILE *file)
{
    fprintf(file, "problem    %s\nlattices  ", report->problem);
    for (size_t i = 0; i < report->lattice_count; i++)
        fprintf(file, " %s", report->lattice[i].name);
    fprintf(file, "\ncuts       %s\n", report->cuts);
    if (report->fitted)
        print_judgement(file, report);
    else
        fprintf(file, "verdict    none: the run was stopped\n");
    if (report->lattice_count && report->lattice[0].result->infinite)
        print_strips(file, report);
    else if (report->lattice_count > 1 && report->fitted)
        print_lattices(file, report);
    print_topological(file, report);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}
