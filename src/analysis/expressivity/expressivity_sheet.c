/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet of a sweep over networks; its JSON has every entropy, the fits and the words. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"
#include "output/expressivity.h"
#include "sheet/sheet.h"

/* ---- rows: a point and cut, and one with the average over the cuts ---- */

typedef enum column_id {
    CUT, /* behind the keys */
    NA,
    BOUNDARY,
    SEEDS,
    CLAIM,
    MEAN,
    SD,
    SE,
    MIN,
    MAX,
    LIMIT,
    PAGE
} column_id;

static const ct_column_words columns[] = {
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},      {"na", CUTROPY_COLUMN_INTEGER, 0},
    {"boundary", CUTROPY_COLUMN_INTEGER, 0},     {"seeds", CUTROPY_COLUMN_INTEGER, 0},
    {"claim", CUTROPY_COLUMN_REAL, 0},           {"mean", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"sd", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},    {"se", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"min", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},   {"max", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"limit", CUTROPY_COLUMN_REAL, CT_HAS_UNIT}, {"page", CUTROPY_COLUMN_REAL, CT_HAS_UNIT}};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* The rows of one point. */
static size_t lines(const cutropy_expressivity *e)
{
    return e->cuts.count + (e->cuts.count > 1);
}

/* cut = e->cuts.count: the average. */
static void get_of_cut(const cutropy_expressivity *e, size_t cut, size_t column, ct_cell *cell)
{
    const bool mean = cut == e->cuts.count;
    if (column == LIMIT || column == PAGE) {
        const double *values = column == LIMIT ? e->limit : e->page;
        ct_cell_real(cell, !mean ? values[cut] : column == LIMIT ? e->mean_limit : e->mean_page, 0);
        return;
    }
    cell->missing = mean && column != CUT;
    if (mean)
        cell->text = "mean";
    else if (column == CUT)
        ct_cell_mask(cell, &e->cuts, cut);
    else
        ct_cell_integer(cell, column == NA ? e->na[cut] : e->boundary[cut]);
}

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t at, ct_cell *cell)
{
    const cutropy_expressivity *e = sheet->of;
    const size_t *point_of = sheet->own, cut = row % lines(e);
    const cutropy_sweep_point *point = &e->points[point_of[row / lines(e)]];
    const cutropy_spread *s = cut == e->cuts.count ? &point->all : &point->by_cut[cut];
    if (at < e->key_count) {
        cell->text = point->value[at];
        return;
    }
    switch ((column_id)(at - e->key_count)) {
    case CUT:
    case NA:
    case BOUNDARY:
    case LIMIT:
    case PAGE:
        get_of_cut(e, cut, at - e->key_count, cell);
        return;
    case SEEDS:
        ct_cell_integer(cell, e->seeds);
        return;
    case CLAIM:
        ct_cell_real(cell, point->claim, 0);
        return;
    case MEAN:
        ct_cell_real(cell, s->mean, 0);
        return;
    case SD:
        ct_cell_real(cell, s->sd, 0);
        return;
    case SE:
        ct_cell_real(cell, s->se, 0);
        return;
    case MIN:
        ct_cell_real(cell, s->min, 0);
        return;
    case MAX:
        ct_cell_real(cell, s->max, 0);
    }
}

/* ---- JSON (NULL when memory runs out; so in every function here) ------------------------------
 */

static json_t *reals(const double *value, size_t count)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        ct_json_append(&array, ct_json_real(value[k]));
    return array;
}

static json_t *spread(const cutropy_spread *s)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mean_bits", ct_json_real(s->mean), "sd_bits",
                     ct_json_real(s->sd), "se_bits", ct_json_real(s->se), "min_bits",
                     ct_json_real(s->min), "max_bits", ct_json_real(s->max));
}

static json_t *line_fit(const cutropy_line *line)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o}", "points", (json_int_t)line->points, "slope",
                     ct_json_real(line->slope), "slope_se", ct_json_real(line->slope_se),
                     "constant", ct_json_real(line->constant), "r2", ct_json_real(line->r2));
}

static json_t *cut_list(const cutropy_expressivity *e)
{
    json_t *array = json_array();
    char name[2 + CUTROPY_MAX_PIXELS / 4 + 1];
    for (size_t c = 0; c < e->cuts.count; c++) {
        cutropy_mask_format(e->cuts.masks + c * e->cuts.words, e->cuts.words, name, sizeof name);
        ct_json_append(&array,
                       json_pack("{s:s, s:i, s:i, s:o, s:o}", "cut", name, "na", e->na[c],
                                 "boundary", e->boundary[c], "limit_bits",
                                 ct_json_real(e->limit[c]), "page_bits", ct_json_real(e->page[c])));
    }
    return array;
}

static json_t *parameters(const cutropy_expressivity *e, const cutropy_sweep_point *point)
{
    json_t *object = json_object();
    for (size_t k = 0; object && k < e->key_count; k++) {
        char *end;
        double number = ct_strtod(point->value[k], &end);
        json_t *value = *end ? json_string(point->value[k]) : json_real(number);
        if (!*end && number == (double)(json_int_t)number) {
            json_decref(value);
            value = json_integer((json_int_t)number);
        }
        if (json_object_set_new(object, e->key[k], value)) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *point_object(const cutropy_expressivity *e, const cutropy_sweep_point *point)
{
    json_t *entropy = json_array(), *by_cut = json_array();
    for (size_t seed = 0; seed < (size_t)e->seeds; seed++)
        ct_json_append(&entropy, reals(point->entropy + seed * e->cuts.count, e->cuts.count));
    for (size_t c = 0; c < e->cuts.count; c++)
        ct_json_append(&by_cut, spread(&point->by_cut[c]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "parameters", parameters(e, point), "claim",
                     ct_json_real(point->claim), "s_over_l", spread(&point->all), "s_over_l_by_cut",
                     by_cut, "entropy_bits", entropy);
}

static json_t *depth_list(const cutropy_claim *claim)
{
    json_t *array = json_array();
    for (size_t d = 0; d < claim->depths; d++)
        ct_json_append(&array,
                       json_pack("{s:o, s:o}", "depth", ct_json_real(claim->by_depth[d].depth),
                                 "line", line_fit(&claim->by_depth[d].line)));
    return array;
}

static json_t *level_list(const cutropy_claim *claim)
{
    json_t *array = json_array();
    for (size_t l = 0; l < claim->levels; l++) {
        const cutropy_level *level = &claim->level[l];
        ct_json_append(&array, json_pack("{s:o, s:o, s:o, s:o, s:o}", "s_over_l_bits",
                                         ct_json_real(level->entropy), "size",
                                         reals(level->size, claim->depths), "d0",
                                         ct_json_real(level->d0), "r2", ct_json_real(level->r2),
                                         "exponent", ct_json_real(level->exponent)));
    }
    return array;
}

static json_t *claim_object(const cutropy_expressivity *e, const cutropy_claim *claim)
{
    json_t *points = json_array();
    for (size_t k = 0; k < claim->points; k++)
        ct_json_append(&points, json_integer((json_int_t)claim->point[k]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "parameters",
                     parameters(e, &e->points[claim->point[0]]), "points", points, "through_origin",
                     line_fit(&claim->origin), "with_constant", line_fit(&claim->line), "by_depth",
                     depth_list(claim), "equal_entropy", level_list(claim), "lowest_bits",
                     ct_json_real(claim->lowest), "highest_bits", ct_json_real(claim->highest),
                     "median_sd_bits", ct_json_real(claim->median_sd), "fraction_of_limit",
                     ct_json_real(claim->fraction_of_limit), "fraction_of_page",
                     ct_json_real(claim->fraction_of_page));
}

/* The sentences, one string each. */
static json_t *word_list(const cutropy_expressivity *e)
{
    json_t *array = json_array();
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    const bool fine = file && cutropy_expressivity_words(e, file) == CUTROPY_OK;
    if (file)
        fclose(file);
    for (char *line = text, *end; fine && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (*line)
            ct_json_append(&array, json_string(line));
    }
    free(text);
    if (!fine)
        ct_json_append(&array, NULL);
    return array;
}

static json_t *whole(const cutropy_expressivity *e)
{
    json_t *points = json_array(), *fits = json_array();
    for (size_t p = 0; p < e->point_count; p++)
        if (e->points[p].done)
            ct_json_append(&points, point_object(e, &e->points[p]));
    for (size_t g = 0; g < e->claim_count; g++)
        ct_json_append(&fits, claim_object(e, &e->claims[g]));
    char first_seed[24]; /* beyond the integers of JSON */
    snprintf(first_seed, sizeof first_seed, "%" PRIu64, e->first_seed);
    return json_pack("{s:s, s:s, s:s, s:o, s:i, s:s, s:s?, s:b, s:I, s:I, s:o, s:o, s:o}",
                     "cutropy", cutropy_version(), "family", e->family, "lattice", e->lattice,
                     "cuts", cut_list(e), "seeds", e->seeds, "first_seed", first_seed, "weights",
                     e->weights, "complete", e->complete, "points_asked",
                     (json_int_t)e->point_count, "points_finished", (json_int_t)e->done, "points",
                     points, "fits", fits, "words", word_list(e));
}

static char *document(const cutropy_sheet *sheet)
{
    json_t *object = whole(sheet->of);
    char *text = object ? json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    return text;
}

cutropy_status cutropy_expressivity_sheet(const cutropy_expressivity *result, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t *point_of;
    CT_TRY(ct_sheet_make(result->key_count + COLUMNS, out));
    cutropy_sheet *sheet = *out;
    sheet->own = point_of = ct_alloc(result->point_count, sizeof *point_of);
    if (!point_of)
        CT_TRY(ct_fail_memory("points", result->point_count * sizeof *point_of));
    for (size_t p = 0, done = 0; p < result->point_count; p++)
        if (result->points[p].done)
            point_of[done++] = p;
    sheet->of = result;
    sheet->rows = result->done * lines(result);
    sheet->cell = get_cell;
    sheet->document = document;
    if (!result->complete)
        snprintf(sheet->partial, sizeof sheet->partial, "%zu of %zu points", result->done,
                 result->point_count);
    for (size_t k = 0; k < result->key_count; k++)
        ct_sheet_column(sheet, result->key[k], "", CUTROPY_COLUMN_TEXT);
    ct_sheet_columns(sheet, columns, COLUMNS, "bits");
done:
    return ct_sheet_finish(status, out);
}
