/* The verdicts of a map: which law its entropies follow, and the topological constant. */
#include "cli/map_verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/scaling.h>
#include <cutropy/topological.h>

#include "base/base.h"

/* A text of fixed size that grows; what does not fit is lost (the rooms are ample). */
static void say(char *text, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(char *text, size_t room, const char *format, ...)
{
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, room - length, format, arguments);
    va_end(arguments);
}

static void say_formula(const cutropy_scaling *s, cutropy_scaling_model model, const char *length,
                        char *text, size_t room)
{
    const cutropy_model_fit *fit = &s->fit[model];
    const char *const terms[CUTROPY_MODELS][3] = {
        {"", "", ""}, {"", " L", ""}, {"", " min(NA, NB)", ""}, {"", " L", " L log2 min(NA, NB)"}};
    say(text, room, "S =");
    for (int k = 0; k < 3; k++) {
        const double c = fit->coefficient[k];
        if (isnan(c))
            continue;
        say(text, room, " %s%.4g%s", k ? (c < 0 ? "- " : "+ ") : (c < 0 ? "-" : ""), fabs(c),
            terms[model][k]);
    }
    say(text, room, " bits");
    if (model == CUTROPY_MODEL_AREA || model == CUTROPY_MODEL_LOG)
        say(text, room, " (L = %s)", length);
    if (fit->exact)
        say(text, room, ", exactly");
    else
        say(text, room, ", root mean square residual %.3g bits", fit->rms);
}

static void say_verdict(const cutropy_scaling *s, const char *length, char *text, size_t room)
{
    static const cutropy_scaling_model model[] = {[CUTROPY_SCALING_CONSTANT] =
                                                      CUTROPY_MODEL_CONSTANT,
                                                  [CUTROPY_SCALING_AREA] = CUTROPY_MODEL_AREA,
                                                  [CUTROPY_SCALING_VOLUME] = CUTROPY_MODEL_VOLUME,
                                                  [CUTROPY_SCALING_LOG] = CUTROPY_MODEL_LOG};
    if (s->verdict == CUTROPY_SCALING_NONE)
        say(text, room, "none of the laws describes them");
    else
        say(text, room, "%s", cutropy_scaling_verdict_name(s->verdict));
    switch (s->verdict) {
    case CUTROPY_SCALING_CONSTANT:
    case CUTROPY_SCALING_AREA:
    case CUTROPY_SCALING_VOLUME:
    case CUTROPY_SCALING_LOG:
        say(text, room, " (%s), ", cutropy_scaling_confidence_name(s));
        say_formula(s, model[s->verdict], length, text, room);
        break;
    case CUTROPY_SCALING_ZERO:
        say(text, room, ": S = 0 on all of them");
        break;
    case CUTROPY_SCALING_UNDECIDED:
    case CUTROPY_SCALING_NONE:
        say(text, room,
            ": root mean square residual %.3g bits for an area law, %.3g for a "
            "volume law",
            s->fit[CUTROPY_MODEL_AREA].rms, s->fit[CUTROPY_MODEL_VOLUME].rms);
        break;
    }
    say(text, room, ".");
}

/* One paragraph on a family; a family with too few different shapes says so. */
static cutropy_status judge_family(const cutropy_problem *problem, const cutropy_map *map,
                                   cutropy_map_part part, const char *what, char *text, size_t room)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_map_family *family = &map->family[part];
    const bool links = map->lattice->vertices > 0;
    const cutropy_result view = cutropy_map_view(map, part);
    cutropy_scaling_point *points = NULL;
    cutropy_scaling scaling;
    size_t count = 0;
    if (!family->count)
        return CUTROPY_OK;
    CT_NEW(points, family->count);
    CT_TRY(cutropy_scaling_points(
        problem, &view, links ? CUTROPY_LENGTH_VERTICES : CUTROPY_LENGTH_BONDS, points, &count));
    say(text, room, "%s (%zu cuts): ", what, family->count);
    status = cutropy_scaling_judge(points, count, &scaling);
    if (status == CUTROPY_EINPUT) {
        say(text, room, "too few different sizes and boundaries for a verdict.\n\n");
        status = CUTROPY_OK;
        goto done;
    }
    if (status)
        goto done;
    say_verdict(&scaling, links ? "vertices on the boundary" : "bonds cut", text, room);
    say(text, room, "\n\n");
done:
    ct_free(points);
    return status;
}

static void judge_topological(const cutropy_map *map, cutropy_map_part part,
                              cutropy_topological_kind kind, char *text, size_t room)
{
    const cutropy_map_family *family = &map->family[part];
    double entropy[CUTROPY_TOPOLOGICAL_MAX], error[CUTROPY_TOPOLOGICAL_MAX];
    say(text, room, "%s: ", family->name);
    if (!family->count || family->count > CUTROPY_TOPOLOGICAL_MAX) {
        say(text, room, "%s.\n\n", family->missing);
        return;
    }
    for (size_t i = 0; i < family->count; i++) {
        const cutropy_row *row = &map->result->rows[family->first + i];
        entropy[i] = map->result->records[row->record].entropy;
        error[i] = map->result->records[row->record].entropy_err;
    }
    say(text, room, "gamma = %.10g bits (error of the entropies: %.2g bits).\n\n",
        cutropy_topological_gamma(kind, entropy), cutropy_topological_error(kind, error));
}

cutropy_status ct_map_judge(const cutropy_problem *problem, const cutropy_map *map,
                            ct_map_verdict *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_map_verdict){.section = {{"Area law or volume law?", out->law},
                                        {"Topological constant", out->topological}}};
    say(out->law, sizeof out->law,
        "Least squares over the cuts of one family; 'cutropy scaling' does the same for any "
        "family and shows the residuals. Small lattices bend every law.\n\n");
    CT_TRY(judge_family(problem, map, CUTROPY_MAP_RECTANGLES, "Rectangles", out->law,
                        sizeof out->law));
    CT_TRY(judge_family(problem, map, CUTROPY_MAP_CONNECTED, "Connected regions", out->law,
                        sizeof out->law));
    say(out->topological, sizeof out->topological,
        "gamma in S = alpha L - gamma, from regions whose boundaries cancel. It has a meaning "
        "where S follows an area law.\n\n");
    judge_topological(map, CUTROPY_MAP_KITAEV_PRESKILL, CUTROPY_KITAEV_PRESKILL, out->topological,
                      sizeof out->topological);
    judge_topological(map, CUTROPY_MAP_LEVIN_WEN, CUTROPY_LEVIN_WEN, out->topological,
                      sizeof out->topological);
done:
    return status;
}
