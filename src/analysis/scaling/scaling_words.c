/* SPDX-License-Identifier: Apache-2.0 */
/* What the judge says, in words: the only ones about laws that any output uses. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analysis/scaling/scaling.h"

#define TEXT_ROOM 640

const char *cutropy_scaling_verdict_name(cutropy_scaling_verdict verdict)
{
    static const char *const names[] = {
        "zero",     "constant",   "counting",  "logarithmic",
        "area law", "volume law", "saturated", "not decided by these sizes",
        "none"};
    return names[verdict];
}

const char *cutropy_scaling_certainty_name(const cutropy_scaling *scaling)
{
    if (scaling->verdict >= CUTROPY_SCALING_UNDECIDED)
        return "";
    if (scaling->exact)
        return "exact";
    return scaling->weight >= 0.99 ? "clear" : "likely";
}

const char *cutropy_scaling_model_name(cutropy_scaling_model model)
{
    static const char *const names[] = {"constant", "log", "area", "corners", "volume"};
    return names[model];
}

/* ---- formulas ---- */

static const char *const terms[CUTROPY_MODELS][CUTROPY_COEFFICIENTS] = {
    {""}, {"", " log2 l"}, {"", " L"}, {"", " L", " corners", " ends", " parts"}, {"", " m"}};

/* The constant stands last. */
void cutropy_scaling_formula(const cutropy_model_fit *fit, cutropy_scaling_model model, char *text)
{
    size_t length = (size_t)sprintf(text, "S ="), start = length;
    for (int k = 1; k <= CUTROPY_COEFFICIENTS; k++) {
        const int j = k % CUTROPY_COEFFICIENTS;
        double value = fit->coefficient[j];
        if (isnan(value))
            continue;
        if (fit->exact && fabs(value) < 1e-9)
            value = 0;
        if (value == 0 && length > start)
            continue;
        const char *sign = length == start ? (value < 0 ? " -" : " ") : value < 0 ? " - " : " + ";
        length += (size_t)sprintf(text + length, "%s%.6g%s", sign, fabs(value), terms[model][j]);
    }
}

void cutropy_scaling_headline(const cutropy_scaling *s, char *text)
{
    const char *name = cutropy_scaling_verdict_name(s->verdict);
    if (s->verdict >= CUTROPY_SCALING_UNDECIDED)
        sprintf(text, "%s", name);
    else if (s->exact || s->verdict == CUTROPY_SCALING_SATURATED ||
             s->verdict == CUTROPY_SCALING_CONSTANT)
        sprintf(text, "%s, %s", name, cutropy_scaling_certainty_name(s));
    else
        sprintf(text, "%s, %s (weight %.4g)", name, cutropy_scaling_certainty_name(s), s->weight);
}

/* ---- sentences ---- */

static void say(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(char *text, const char *format, ...)
{
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, TEXT_ROOM - length, format, arguments);
    va_end(arguments);
}

static void say_law(const cutropy_scaling *s, char *text)
{
    switch (s->verdict) {
    case CUTROPY_SCALING_ZERO:
        say(text, "No cut is entangled: the function is a product.");
        break;
    case CUTROPY_SCALING_CONSTANT:
        say(text, s->exact
                      ? "S is the same on all cuts."
                      : "S stops growing: on the larger half of the sizes it stays within 2 %%.");
        if (s->same_length)
            say(text, " L is the same on all cuts, so this is an area law too.");
        break;
    case CUTROPY_SCALING_COUNTING:
        say(text, "S depends on NA alone and is at most log2(m + 1) bits: only how many pixels of "
                  "A are lit matters, so that S cannot grow faster than a logarithm.");
        break;
    case CUTROPY_SCALING_LOG:
        say(text, "S grows with the logarithm of the size.");
        if (!isnan(s->central_charge))
            say(text, " Central charge of S = (c/%d) log2 l: c = %.4g.", 6 / s->arc,
                s->central_charge);
        break;
    case CUTROPY_SCALING_AREA:
        say(text, "S grows with the boundary%s.",
            s->model == CUTROPY_MODEL_CORNERS ? ", up to terms of its corners, ends and parts"
                                              : "");
        break;
    case CUTROPY_SCALING_VOLUME:
        say(text, "S grows with the smaller side.");
        break;
    default:
        break;
    }
}

static void say_ceiling(const cutropy_scaling *s, char *text)
{
    const bool images = s->images_bits <= s->classes_bits + 1;
    const double ceiling = images ? s->images_bits : s->classes_bits;
    say(text, "%.4g bit%s, log2 of the number of %s", ceiling, ceiling == 1 ? "" : "s",
        images ? "label-1 images" : "classes of rows");
}

static void say_reason(const cutropy_scaling *s, char *text)
{
    switch (s->reason) {
    case CUTROPY_REASON_FEW:
        if (s->infinite)
            say(text,
                "Only %zu different strips: a verdict needs 6 of them, and four pixels across. "
                "Choose more widths.",
                s->shapes);
        else
            say(text,
                "Only %zu different shapes, m up to %d: a verdict needs 6 of them and regions of 4 "
                "pixels. Choose a larger family of cuts, a larger lattice, or several.",
                s->shapes, s->largest);
        break;
    case CUTROPY_REASON_TIE:
        say(text, "These cuts do not tell two laws apart: choose a larger family of cuts, a larger "
                  "lattice, or several.");
        break;
    case CUTROPY_REASON_THIN:
        say(text,
            "S grows with the smaller side, but more than half of every region is boundary, so "
            "that it may as well be the boundary that counts: choose a larger lattice or "
            "larger regions.");
        break;
    case CUTROPY_REASON_POOR:
        say(text,
            "The best model leaves more than a fifth of the spread (a logarithm: a tenth): a larger "
            "lattice would tell.");
        break;
    case CUTROPY_REASON_HALF:
        say(text,
            "The larger half of the sizes (2 m >= %d) has too few different shapes to be fitted "
            "alone, so that nobody knows whether the best model holds there. Choose a larger "
            "family of cuts, or more lattices.",
            s->largest);
        break;
    case CUTROPY_REASON_CHANGES:
        say(text,
            "The best model does not grow on the larger half of the sizes as it does on all of "
            "them: a larger lattice would tell.");
        break;
    case CUTROPY_REASON_RANGE:
        say(text,
            "The model that fits best cannot be the law: the range of these cuts is at most %d "
            "although a region is %d deep, so S <= |R_%d|, a bound by the boundary. A larger "
            "lattice would tell.",
            s->range, s->depth, s->range);
        break;
    case CUTROPY_REASON_RANK:
        say(text,
            "The model that fits best cannot be the law: large regions have no more Schmidt values "
            "that stand clear of the errors (%lld) than small ones, so S does not grow with m.",
            (long long)s->rank[1]);
        break;
    case CUTROPY_REASON_CLASSES:
        say(text, "The model that fits best cannot be the law: no cut has more than m + 1 classes, "
                  "so S <= log2(m + 1). Larger sizes would tell.");
        break;
    case CUTROPY_REASON_CEILING:
        say(text, "The largest entropies are limited by ");
        say_ceiling(s, text);
        say(text, ": how S would grow without that limit cannot be seen.");
        break;
    case CUTROPY_REASON_SCATTER:
        say(text,
            "S is no function of boundary and size: cuts of one shape differ by %.0f %% of the "
            "spread.",
            100 * s->scatter);
        break;
    case CUTROPY_REASON_FALLS:
        say(text, "The model that fits best falls with the cut.");
        break;
    default:
        break;
    }
}

void cutropy_scaling_explain(const cutropy_scaling *s, char *text)
{
    *text = '\0';
    if (s->verdict == CUTROPY_SCALING_SATURATED) {
        say(text, "S is limited by ");
        say_ceiling(s, text);
        say(text,
            ", and reaches %.0f %% of it on average over the larger half of the sizes: that is "
            "neither an area nor a volume law.",
            100 * s->share);
    } else if (s->reason) {
        say_reason(s, text);
    } else {
        say_law(s, text);
    }
}
