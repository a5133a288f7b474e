/* The summary of cutropy scaling for people. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "output/scaling.h"

static const char *const length_words[] = {"bonds between A and B",
                                           "pixels of A with a neighbour in B",
                                           "vertices where a link of A meets a link of B"};
static const char *const laws[CUTROPY_MODELS] = {"constant", "area law", "volume law",
                                                 "log-corrected"};
static const char *const factors[CUTROPY_MODELS][3] = {
    {"", "", ""}, {"", " L", ""}, {"", " m", ""}, {"", " L", " L log2 m"}};

/* ---- models ---- */

/* "-1.25 L": one term of a formula; nothing for a term that the cuts do not determine. An exact fit
 * does not show its rounding noise. */
static size_t add_term(char *text, size_t room, const cutropy_model_fit *fit, int j,
                       const char *factor, bool first)
{
    double value = fit->coefficient[j];
    if (isnan(value))
        return 0;
    if (fit->exact && fabs(value) < 1e-9)
        value = 0;
    const char *sign = value < 0 ? (first ? "-" : " - ") : (first ? "" : " + ");
    return (size_t)snprintf(text, room, "%s%.6g%s", sign, fabs(value), factor);
}

/* The constant stands last. */
static void format_model(const cutropy_model_fit *fit, int model, char *text, size_t room)
{
    static const int order[3] = {1, 2, 0};
    size_t length = (size_t)snprintf(text, room, "S = "), start = length;
    for (int k = 0; k < 3; k++)
        length += add_term(text + length, room - length, fit, order[k], factors[model][order[k]],
                           length == start);
}

static void print_models(FILE *file, const cutropy_scaling *scaling)
{
    fprintf(file, "\n%-14s %-46s %9s %9s %8s %7s\n", "model", "least squares (S in bits)", "rms",
            "largest", "R^2", "weight");
    for (int model = 0; model < CUTROPY_MODELS; model++) {
        const cutropy_model_fit *fit = &scaling->fit[model];
        char formula[160], r2[16] = "-", weight[16] = "-";
        format_model(fit, model, formula, sizeof formula);
        if (!isnan(fit->r2))
            snprintf(r2, sizeof r2, "%.5f", fit->r2);
        if (!isnan(fit->aicc))
            snprintf(weight, sizeof weight, "%.3f", fit->weight);
        fprintf(file, "%-14s %-46s %9.2g %9.2g %8s %7s%s\n", laws[model], formula, fit->rms,
                fit->largest, r2, weight, fit->exact ? "  exact" : "");
    }
}

/* ---- the verdict ---- */

static void format_verdict(const cutropy_scaling *scaling, char *text, size_t room)
{
    const char *name = cutropy_scaling_verdict_name(scaling->verdict);
    if (scaling->exact)
        snprintf(text, room, "%s, exact", name);
    else if (scaling->verdict >= CUTROPY_SCALING_UNDECIDED)
        snprintf(text, room, "%s", name);
    else
        snprintf(text, room, "%s, %s (weight %.4g)", name, cutropy_scaling_confidence_name(scaling),
                 scaling->confidence);
}

static const char *explanation(const cutropy_scaling *scaling)
{
    switch (scaling->verdict) {
    case CUTROPY_SCALING_ZERO:
        return "no cut is entangled: the function is a product";
    case CUTROPY_SCALING_CONSTANT:
        return "S does not grow with the cut";
    case CUTROPY_SCALING_AREA:
        return scaling->fit[CUTROPY_MODEL_AREA].parameters == 1
                   ? "L is the same on all cuts, and S does not grow with the smaller side"
                   : "S grows with the boundary";
    case CUTROPY_SCALING_VOLUME:
        return "S grows with the smaller side";
    case CUTROPY_SCALING_LOG:
        return "S grows a little faster than the boundary";
    case CUTROPY_SCALING_UNDECIDED:
        return scaling->exact || scaling->pairs >= 6
                   ? "these cuts do not tell the models apart: choose a larger family"
                   : "fewer than 6 different pairs (L, m) cannot weigh models against each other: "
                     "choose a larger family";
    default:
        return "no model describes S: the best one leaves more than a fifth of its variance, or "
               "falls with the cut";
    }
}

static void print_judgement(FILE *file, const ct_scaling_report *report)
{
    char verdict[96];
    const cutropy_scaling *all = &report->all;
    format_verdict(all, verdict, sizeof verdict);
    fprintf(file, "points     %zu cuts, %zu different pairs (L, m); L = %s, m = min(NA, NB)\n",
            all->cuts, all->pairs, length_words[report->length]);
    fprintf(file, "verdict    %s\n           %s\n", verdict, explanation(all));
    if (!all->exact && all->verdict < CUTROPY_SCALING_UNDECIDED)
        fprintf(file,
                "           (of these models, on these cuts; small lattices do not prove what "
                "large ones do)\n");
    print_models(file, all);
}

static void print_lattices(FILE *file, const ct_scaling_report *report)
{
    fprintf(file, "\n%-18s %6s %6s  %s\n", "lattice alone", "cuts", "pairs", "verdict");
    for (size_t i = 0; i < report->lattice_count; i++) {
        const ct_scaling_lattice *lattice = &report->lattice[i];
        const cutropy_scaling *scaling = &lattice->scaling;
        char verdict[96], formula[160] = "";
        if (!lattice->fitted) {
            fprintf(file, "%-18s %6zu %6s  too few different cuts\n", lattice->name, lattice->count,
                    "-");
            continue;
        }
        format_verdict(scaling, verdict, sizeof verdict);
        if (scaling->verdict >= CUTROPY_SCALING_CONSTANT &&
            scaling->verdict <= CUTROPY_SCALING_LOG) {
            int model = (int)scaling->verdict - (int)CUTROPY_SCALING_CONSTANT;
            format_model(&scaling->fit[model], model, formula, sizeof formula);
        }
        fprintf(file, "%-18s %6zu %6zu  %s%s%s\n", lattice->name, scaling->cuts, scaling->pairs,
                verdict, *formula ? ": " : "", formula);
    }
}

/* ---- the topological constant ---- */

static void print_regions(FILE *file, const ct_topological *t)
{
    char text[2 + CUTROPY_MAX_PIXELS / 4 + 1];
    for (size_t r = 0; r < 3; r++) {
        cutropy_mask_format(t->regions.masks + r * t->regions.words, t->regions.words, text);
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
                    t->kind == CUTROPY_LEVIN_WEN ? "Levin-Wen" : "Kitaev-Preskill",
                    fabs(t->gamma) <= t->error ? 0 : t->gamma);
            print_regions(file, t);
            if (t->doubt)
                fprintf(file, "%18s doubtful: %s\n", "", t->doubt);
        }
    if (headed && report->fitted && report->all.verdict != CUTROPY_SCALING_AREA &&
        report->all.verdict != CUTROPY_SCALING_UNDECIDED)
        fprintf(file, "  (no area law was found: gamma is then a combination of entropies, not a "
                      "topological constant)\n");
    if (headed)
        fprintf(file, "  Kitaev-Preskill: S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma\n"
                      "  Levin-Wen:       S_ABC - S_AB - S_BC + S_B = -2 gamma\n");
}

cutropy_status ct_write_scaling_text(FILE *file, void *context)
{
    const ct_scaling_report *report = context;
    fprintf(file, "problem    %s\nlattices  ", report->problem);
    for (size_t i = 0; i < report->lattice_count; i++)
        fprintf(file, " %s", report->lattice[i].name);
    fprintf(file, "\ncuts       %s\n", report->cuts);
    if (report->fitted)
        print_judgement(file, report);
    else
        fprintf(file, "verdict    none: the run was stopped\n");
    if (report->lattice_count > 1 && report->fitted)
        print_lattices(file, report);
    print_topological(file, report);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}
