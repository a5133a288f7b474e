/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet of a series: its points, and in JSON all fits. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

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

/* ---- JSON ---- */

/* Any text as a JSON string; bytes that are not UTF-8 become '?'. */
static cutropy_status json_text(FILE *file, const char *text)
{
    cutropy_status status = CUTROPY_OK;
    json_t *value = ct_json_text(text);
    char *dump = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (dump)
        fputs(dump, file);
    else
        status = ct_fail_memory("JSON text", 0);
    free(dump);
    json_decref(value);
    return status;
}

static void real_item(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "%.17g", value);
    else
        fputs("null", file);
}

static void write_real(FILE *file, const char *key, double value)
{
    fprintf(file, "\"%s\": ", key);
    real_item(file, value);
}

static void json_fit(FILE *file, const cutropy_scaling *scaling, int model)
{
    const cutropy_model_fit *fit = &scaling->fit[model];
    fprintf(file, "\"%s\": {\"parameters\": %d, \"coefficients_bits\": [",
            cutropy_scaling_model_name((cutropy_scaling_model)model), fit->parameters);
    for (int j = 0; j < CUTROPY_COEFFICIENTS; j++) {
        fputs(j ? ", " : "", file);
        real_item(file, fit->coefficient[j]);
    }
    fputs("], ", file);
    write_real(file, "rms_bits", fit->rms);
    fputs(", ", file);
    write_real(file, "largest_bits", fit->largest);
    fputs(", ", file);
    write_real(file, "misfit", fit->misfit);
    fputs(", ", file);
    write_real(file, "misfit_large", fit->misfit_large);
    fputs(", ", file);
    write_real(file, "slope_large_bits", fit->slope_large);
    fputs(", ", file);
    write_real(file, "aicc", fit->aicc);
    fputs(", ", file);
    write_real(file, "weight", fit->weight);
    fprintf(file, ", \"exact\": %s, \"admissible\": %s, \"vetoed\": %s}",
            fit->exact ? "true" : "false", fit->admissible ? "true" : "false",
            fit->vetoed ? "true" : "false");
}

static void json_models(FILE *file, const cutropy_scaling *scaling)
{
    fprintf(file,
            "\"cuts\": %zu, \"orbits\": %zu, \"shapes\": %zu, \"smallest\": %d, \"largest\": %d",
            scaling->cuts, scaling->orbits, scaling->shapes, scaling->smallest, scaling->largest);
    for (int model = 0; model < CUTROPY_MODELS; model++) {
        if (!ct_scaling_differs(scaling, model))
            continue;
        fputs(",\n    ", file);
        json_fit(file, scaling, model);
    }
}

/* The verdict is that of all points. */
static cutropy_status json_verdict(FILE *file, const cutropy_scaling *scaling)
{
    char reason[640];
    cutropy_scaling_explain(scaling, reason);
    fprintf(file, "{\"verdict\": \"%s\", \"certainty\": \"%s\", \"why\": ",
            cutropy_scaling_verdict_name(scaling->verdict),
            cutropy_scaling_certainty_name(scaling));
    cutropy_status status = json_text(file, reason);
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"weight", scaling->weight},
                   {"central_charge", scaling->central_charge},
                   {"scatter", scaling->scatter},
                   {"images_bits", scaling->images_bits},
                   {"classes_bits", scaling->classes_bits},
                   {"share_of_ceiling", scaling->share},
                   {"largest_range", scaling->depth ? (double)scaling->range : NAN},
                   {"largest_depth", scaling->depth ? (double)scaling->depth : NAN}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        fputs(", ", file);
        write_real(file, numbers[i].key, numbers[i].value);
    }
    if (scaling->model >= 0)
        fprintf(file, ", \"model\": \"%s\"",
                cutropy_scaling_model_name((cutropy_scaling_model)scaling->model));
    else
        fputs(", \"model\": null", file);
    fputs(",\n   ", file);
    json_models(file, scaling);
    fputc('}', file);
    return status;
}

static cutropy_status json_topological(FILE *file, const ct_topological *t)
{
    cutropy_status status = CUTROPY_OK;
    const bool ring = t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN;
    char mask[CT_MASK_SIZE];
    fprintf(file, "\"%s\": ", ring ? "levin_wen" : "kitaev_preskill");
    if (!t->done) {
        fputs("null", file);
        return status;
    }
    fputs("{\"regions\": [", file);
    for (size_t r = 0; r < 3; r++) {
        fputs(r ? ", " : "", file);
        cutropy_mask_format(t->found.regions.masks + r * t->found.regions.words,
                            t->found.regions.words, mask, sizeof mask);
        fprintf(file, "\"%s\"", mask);
    }
    fprintf(file, "], \"convention\": \"%s\", ",
            ring ? "S_ABC - S_AB - S_BC + S_B = -2 gamma"
                 : "S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma");
    write_real(file, "sum_bits", t->sum);
    fputs(", ", file);
    write_real(file, "gamma_bits", t->found.gamma);
    fputs(", ", file);
    write_real(file, "gamma_err", t->found.error);
    fputs(", \"doubt\": ", file);
    if (t->found.doubt)
        CT_TRY(json_text(file, t->found.doubt));
    else
        fputs("null", file);
    fputc('}', file);
done:
    return status;
}

static cutropy_status json_lattice(FILE *file, const ct_scaling_lattice *lattice)
{
    cutropy_status status = CUTROPY_OK;
    fprintf(file,
            "  {\"lattice\": \"%s\", \"checksum\": \"%016" PRIx64 "\", \"norm\": \"%s\", "
            "\"complete\": %s,\n   ",
            lattice->name, lattice->result->checksum, lattice->result->norm,
            lattice->result->complete ? "true" : "false");
    for (int k = 0; k < 2; k++) {
        CT_TRY(json_topological(file, &lattice->topological[k]));
        fputs(",\n   ", file);
    }
    if (lattice->fitted) {
        fputs("\"fit\": {", file);
        json_models(file, &lattice->scaling);
        fputc('}', file);
    } else {
        fputs("\"fit\": null, \"why\": ", file);
        CT_TRY(json_text(file, lattice->why));
    }
    fputc('}', file);
done:
    return status;
}

static cutropy_status write_fit(const ct_scaling_report *report, FILE *file)
{
    if (report->fitted)
        return json_verdict(file, &report->all);
    fputs("null", file);
    return CUTROPY_OK;
}

static cutropy_status write_lattices(const ct_scaling_report *report, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    fputs("[\n", file);
    for (size_t i = 0; i < report->lattice_count; i++) {
        fputs(i ? ",\n" : "", file);
        CT_TRY(json_lattice(file, &report->lattice[i]));
    }
    fputs("\n]", file);
done:
    return status;
}

/* A member of JSON that `write` prints. */
static void add_printed(cutropy_sheet *sheet, const char *key,
                        cutropy_status (*write)(const ct_scaling_report *report, FILE *file))
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    const bool failed = !file || write(sheet->own, file) || ferror(file);
    if (file && (fclose(file) || failed)) {
        free(text);
        text = NULL;
    }
    ct_sheet_origin_raw(sheet, key, text);
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
    add_printed(sheet, "fit", write_fit);
    add_printed(sheet, "lattices", write_lattices);
done:
    ct_locale_leave(&locale);
    return ct_sheet_finish(status, out);
}
