/* SPDX-License-Identifier: Apache-2.0 */
/* The verdicts of a map: which law its entropies follow, and the topological constant. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/topological.h>

#include "base/base.h"
#include "base/locale.h"
#include "engine/function/result.h"
#include "output/map.h"

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

/* "rectangles (99 cuts): area law, exact. S = ..." */
static void add_law(const cutropy_map *map, char *text, size_t room)
{
    char headline[160], formula[160], reason[640];
    const cutropy_scaling *law = map->law;
    const bool links = map->law_length == CUTROPY_LENGTH_VERTICES;
    if (!law) {
        say(text, room, "No verdict from %s: %s.\n\n", map->law_cuts, map->law_missing);
        return;
    }
    cutropy_scaling_headline(law, headline);
    cutropy_scaling_explain(law, reason);
    say(text, room,
        "Cuts: %s, %zu of them, %zu not equal by symmetry, m = min(NA, NB) from %d to "
        "%d. Verdict: %s. %s",
        map->law_cuts, law->cuts, law->orbits, law->smallest, law->largest, headline, reason);
    if (law->model >= 0) {
        cutropy_scaling_formula(&law->fit[law->model], (cutropy_scaling_model)law->model, formula);
        const bool length = law->model == CUTROPY_MODEL_AREA || law->model == CUTROPY_MODEL_CORNERS;
        say(text, room, " %s%s, in bits", formula,
            !length ? ""
            : links ? " (L = vertices on the boundary)"
                    : " (L = bonds cut)");
        if (law->fit[law->model].exact)
            say(text, room, ", on every cut within rounding.");
        else
            say(text, room, ", root mean square residual %.3g.", law->fit[law->model].rms);
    }
    say(text, room, "\n\n");
}

static void add_topological(const cutropy_map *map, cutropy_map_family_id id,
                            cutropy_topological_kind kind, char *text, size_t room)
{
    const cutropy_map_family *family = &map->family[id];
    double entropy[CUTROPY_TOPOLOGICAL_MAX], error[CUTROPY_TOPOLOGICAL_MAX];
    char value[40];
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
    const double gamma = cutropy_topological_gamma(kind, entropy);
    const double err = cutropy_topological_error(kind, error);
    const bool known = fabs(gamma) > err; /* else no digit of it is */
    say(text, room, "gamma = %s (error of the entropies: %.2g bits).\n\n",
        ct_map_bits(known ? gamma : 0, 10, value), known ? err : err + fabs(gamma));
}

void ct_map_verdicts(cutropy_map *map)
{
    const ct_locale locale = ct_locale_enter();
    map->section[0] = (cutropy_section){"Area law or volume law?", map->law_words};
    map->section[1] = (cutropy_section){"Topological constant", map->topological_words};
    add_law(map, map->law_words, sizeof map->law_words);
    say(map->law_words, sizeof map->law_words,
        "'cutropy scaling' says the same from the same cuts, and shows every model and its "
        "residuals; it judges other families and several lattices as well.\n\n");
    say(map->topological_words, sizeof map->topological_words,
        "gamma in S = alpha L - gamma, from regions whose boundaries cancel. It has a meaning "
        "where S follows an area law.\n\n");
    add_topological(map, CUTROPY_MAP_KITAEV_PRESKILL, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL,
                    map->topological_words, sizeof map->topological_words);
    add_topological(map, CUTROPY_MAP_LEVIN_WEN, CUTROPY_TOPOLOGICAL_LEVIN_WEN,
                    map->topological_words, sizeof map->topological_words);
    ct_locale_leave(&locale);
}
