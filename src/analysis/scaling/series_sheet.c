/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet of a series: its points, and in JSON all fits. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analysis/scaling/scaling.h"
#include "analysis/scaling/series_report.h"
#include "base/base.h"
#include "base/locale.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"

static const char *const length_names[] = {"bonds", "pixels", "vertices"};

void ct_scaling_report_free(ct_scaling_report *report)
{
    for (size_t i = 0; report->lattice && i < report->lattice_count; i++) {
        ct_scaling_lattice *lattice = &report->lattice[i];
        cutropy_result_free(lattice->result);
        for (int k = 0; k < 2; k++)
            cutropy_cuts_free(&lattice->topological[k].found.regions);
    }
    ct_free(report->lattice);
    ct_free(report->points);
    *report = (ct_scaling_report){0};
}

/* ---- the points ---- */

typedef enum column_id {
    LATTICE,
    CUT,
    NA,
    MIN_SIDE,
    BOUNDARY,
    LENGTH,
    ENTROPY,
    PAGE,
    RANDOM_SET,
    RESIDUAL, /* one a model */
    RANGE_BOUND = RESIDUAL + CUTROPY_MODELS
} column_id;

static const ct_column_words columns[] = {
    {"lattice", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"na", CUTROPY_COLUMN_INTEGER, 0},
    {"min_side", CUTROPY_COLUMN_INTEGER, 0},
    {"boundary", CUTROPY_COLUMN_INTEGER, 0},
    {"length", CUTROPY_COLUMN_INTEGER, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
    {"page", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"random_set", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual_constant", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual_log", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual_area", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual_corners", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual_volume", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"range_bound", CUTROPY_COLUMN_REAL, CT_HAS_UNIT}};
#define COLUMNS (sizeof columns / sizeof columns[0])

static const ct_scaling_lattice *lattice_of(const ct_scaling_report *report, size_t point)
{
    const ct_scaling_lattice *lattice = report->lattice;
    while (point >= lattice->first + lattice->count)
        lattice++;
    return lattice;
}

static double real_of(const ct_scaling_report *report, const cutropy_scaling_point *p,
                      size_t column)
{
    switch (column) {
    case ENTROPY:
        return p->entropy;
    case PAGE:
        return p->page;
    case RANDOM_SET:
        return p->random_set;
    default:
        return report->fitted && ct_scaling_differs(&report->all, (int)(column - RESIDUAL))
                   ? cutropy_scaling_residual(&report->all,
                                              (cutropy_scaling_model)(column - RESIDUAL), p)
                   : NAN;
    }
}

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const ct_scaling_report *report = sheet->own;
    const ct_scaling_lattice *lattice = lattice_of(report, row);
    const cutropy_scaling_point *p = &report->points[row];
    switch (column) {
    case LATTICE:
        cell->text = lattice->name;
        return;
    case CUT:
        ct_cell_mask(cell, &lattice->result->cuts, p->row);
        return;
    case NA:
        ct_cell_integer(cell, p->na);
        cell->missing = lattice->result->infinite;
        return;
    case MIN_SIDE:
        ct_cell_integer(cell, p->na < p->nb ? p->na : p->nb);
        cell->missing = lattice->result->infinite;
        return;
    case BOUNDARY:
        ct_cell_integer(cell, p->boundary);
        return;
    case LENGTH:
        ct_cell_integer(cell, p->length);
        return;
    case RANGE_BOUND:
        cell->real = report->range * lattice->result->rows[p->row].boundary_pixels;
        break;
    default:
        cell->real = real_of(report, p, column);
        cell->error = column == ENTROPY ? p->entropy_err : 0;
        break;
    }
    cell->missing = !isfinite(cell->real);
}

/* ---- JSON (NULL when memory runs out; so in every function here) ---- */

/* Moves the members of `more` to the end of object. */
static json_t *with(json_t *object, json_t *more)
{
    const bool failed = !object || !more || json_object_update(object, more);
    json_decref(more);
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *fit_object(const cutropy_model_fit *fit)
{
    json_t *coefficients = json_array();
    for (int j = 0; j < CUTROPY_COEFFICIENTS; j++)
        ct_json_append(&coefficients, ct_json_real(fit->coefficient[j]));
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "parameters",
                     fit->parameters, "coefficients_bits", coefficients, "rms_bits",
                     ct_json_real(fit->rms), "largest_bits", ct_json_real(fit->largest), "misfit",
                     ct_json_real(fit->misfit), "misfit_large", ct_json_real(fit->misfit_large),
                     "slope_large_bits", ct_json_real(fit->slope_large), "aicc",
                     ct_json_real(fit->aicc), "weight", ct_json_real(fit->weight), "exact",
                     fit->exact, "admissible", fit->admissible, "vetoed", fit->vetoed);
}

static json_t *models_object(const cutropy_scaling *scaling)
{
    json_t *object =
        json_pack("{s:I, s:I, s:I, s:i, s:i}", "cuts", (json_int_t)scaling->cuts, "orbits",
                  (json_int_t)scaling->orbits, "shapes", (json_int_t)scaling->shapes, "smallest",
                  scaling->smallest, "largest", scaling->largest);
    for (int model = 0; model < CUTROPY_MODELS; model++)
        if (ct_scaling_differs(scaling, model))
            object = with(
                object, json_pack("{s:o}", cutropy_scaling_model_name((cutropy_scaling_model)model),
                                  fit_object(&scaling->fit[model])));
    return object;
}

/* The verdict is that of all points. */
static json_t *verdict_object(const cutropy_scaling *scaling)
{
    char reason[640];
    cutropy_scaling_explain(scaling, reason);
    json_t *object = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s?}", "verdict",
        cutropy_scaling_verdict_name(scaling->verdict), "certainty",
        cutropy_scaling_certainty_name(scaling), "why", ct_json_text(reason), "weight",
        ct_json_real(scaling->weight), "central_charge", ct_json_real(scaling->central_charge),
        "scatter", ct_json_real(scaling->scatter), "images_bits",
        ct_json_real(scaling->images_bits), "classes_bits", ct_json_real(scaling->classes_bits),
        "share_of_ceiling", ct_json_real(scaling->share), "largest_range",
        ct_json_real(scaling->depth ? (double)scaling->range : NAN), "largest_depth",
        ct_json_real(scaling->depth ? (double)scaling->depth : NAN), "model",
        scaling->model >= 0 ? cutropy_scaling_model_name((cutropy_scaling_model)scaling->model)
                            : NULL);
    return with(object, models_object(scaling));
}

static json_t *topological_object(const ct_topological *t)
{
    char mask[CT_MASK_SIZE];
    if (!t->done)
        return json_null();
    json_t *regions = json_array();
    for (size_t r = 0; r < 3; r++) {
        cutropy_mask_format(t->found.regions.masks + r * t->found.regions.words,
                            t->found.regions.words, mask, sizeof mask);
        ct_json_append(&regions, json_string(mask));
    }
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "regions", regions, "convention",
                     t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN
                         ? "S_ABC - S_AB - S_BC + S_B = -2 gamma"
                         : "S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma",
                     "sum_bits", ct_json_real(t->sum), "gamma_bits", ct_json_real(t->found.gamma),
                     "gamma_err", ct_json_real(t->found.error), "doubt",
                     t->found.doubt ? ct_json_text(t->found.doubt) : json_null());
}

static json_t *lattice_object(const ct_scaling_lattice *lattice)
{
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, lattice->result->checksum);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:b}", "lattice", lattice->name, "checksum", checksum, "norm",
                  lattice->result->norm, "complete", lattice->result->complete);
    for (int k = 0; k < 2; k++)
        object =
            with(object, json_pack("{s:o}",
                                   lattice->topological[k].kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN
                                       ? "levin_wen"
                                       : "kitaev_preskill",
                                   topological_object(&lattice->topological[k])));
    if (lattice->fitted)
        return with(object, json_pack("{s:o}", "fit", models_object(&lattice->scaling)));
    return with(object, json_pack("{s:n, s:o}", "fit", "why", ct_json_text(lattice->why)));
}

static json_t *lattice_list(const ct_scaling_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->lattice_count; i++)
        ct_json_append(&array, lattice_object(&report->lattice[i]));
    return array;
}

cutropy_status ct_scaling_sheet(const ct_scaling_report *report, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_locale locale = ct_locale_enter();
    ct_scaling_report *own = NULL;
    CT_TRY(ct_sheet_start(columns, isnan(report->range) ? COLUMNS - 1 : COLUMNS, CUTROPY_BASE_BITS,
                          NULL, report->count, get_cell, out));
    cutropy_sheet *sheet = *out;
    CT_NEW(own, 1);
    *own = *report;
    sheet->own = own;
    sheet->arrays = true;
    if (!report->fitted)
        snprintf(sheet->partial, sizeof sheet->partial, "%zu points, no fit", report->count);
    ct_sheet_origin(sheet, "cutropy", json_string(cutropy_version()));
    ct_sheet_origin(sheet, "problem", ct_json_text(report->problem));
    ct_sheet_origin(sheet, "cuts", ct_json_text(report->cuts));
    ct_sheet_origin(sheet, "length", json_string(length_names[report->length]));
    ct_sheet_origin(sheet, "complete", json_boolean(report->fitted));
    ct_sheet_origin(sheet, "fit", report->fitted ? verdict_object(&report->all) : json_null());
    ct_sheet_origin(sheet, "lattices", lattice_list(report));
done:
    ct_locale_leave(&locale);
    return ct_sheet_finish(status, out);
}
