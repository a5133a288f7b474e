/* SPDX-License-Identifier: Apache-2.0 */
/* The points of cutropy scaling as CSV, and everything as JSON. Reals carry 17 digits. */
#include "output/scaling.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/base.h"

#define MASK_ROOM (2 + CUTROPY_MAX_PIXELS / 4 + 1)

static const char *const length_names[] = {"bonds", "pixels", "vertices"};

void ct_scaling_report_free(ct_scaling_report *report)
{
    for (size_t i = 0; report->lattice && i < report->lattice_count; i++) {
        ct_scaling_lattice *lattice = &report->lattice[i];
        cutropy_result_free(lattice->result);
        for (int k = 0; k < 2; k++)
            cutropy_cuts_free(&lattice->topological[k].regions);
    }
    ct_free(report->lattice);
    ct_free(report->points);
    *report = (ct_scaling_report){0};
}

static cutropy_status written(FILE *file)
{
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}

/* ---- points ---- */

typedef struct style {
    const char *separator, *missing;
    bool quoted; /* quotes around text */
} style;

static const style csv = {",", "", false}, json = {", ", "null", true};

static void text_cell(FILE *file, const style *s, const char *text)
{
    fprintf(file, s->quoted ? "\"%s\"" : "%s", text);
}

static void real_cell(FILE *file, const style *s, double value)
{
    fputs(s->separator, file);
    if (isfinite(value))
        fprintf(file, "%.17g", value);
    else
        fputs(s->missing, file);
}

static void mask_cell(FILE *file, const style *s, const cutropy_cuts *cuts, size_t row)
{
    char text[MASK_ROOM];
    cutropy_mask_format(cuts->masks + row * cuts->words, cuts->words, text);
    text_cell(file, s, text);
}

static const char columns[][24] = {"lattice",
                                   "cut",
                                   "na",
                                   "min_side",
                                   "boundary",
                                   "length",
                                   "entropy_bits",
                                   "entropy_err",
                                   "page_bits",
                                   "random_set_bits",
                                   "residual_constant_bits",
                                   "residual_log_bits",
                                   "residual_area_bits",
                                   "residual_corners_bits",
                                   "residual_volume_bits",
                                   "range_bound_bits"};
#define COLUMNS (sizeof columns / sizeof columns[0])

static size_t column_count(const ct_scaling_report *report)
{
    return isnan(report->range) ? COLUMNS - 1 : COLUMNS;
}

static void write_point(FILE *file, const style *s, const ct_scaling_report *report,
                        const ct_scaling_lattice *lattice, const cutropy_scaling_point *p)
{
    text_cell(file, s, lattice->name);
    fputs(s->separator, file);
    mask_cell(file, s, &lattice->result->cuts, p->row);
    fprintf(file, "%s%d%s%d%s%d%s%d", s->separator, p->na, s->separator,
            p->na < p->nb ? p->na : p->nb, s->separator, p->boundary, s->separator, p->length);
    real_cell(file, s, p->entropy);
    real_cell(file, s, p->entropy_err);
    real_cell(file, s, p->page);
    real_cell(file, s, p->random_set);
    for (int model = 0; model < CUTROPY_MODELS; model++)
        real_cell(file, s,
                  report->fitted
                      ? cutropy_scaling_residual(&report->all, (cutropy_scaling_model)model, p)
                      : NAN);
    if (!isnan(report->range))
        real_cell(file, s, report->range * lattice->result->rows[p->row].boundary_pixels);
}

cutropy_status ct_write_scaling_csv(FILE *file, void *context)
{
    const ct_scaling_report *report = context;
    if (!report->fitted)
        fprintf(file, "# partial: %zu points, no fit\n", report->count);
    for (size_t c = 0; c < column_count(report); c++)
        fprintf(file, "%s%s", c ? "," : "", columns[c]);
    fputc('\n', file);
    for (size_t i = 0; i < report->lattice_count; i++) {
        const ct_scaling_lattice *lattice = &report->lattice[i];
        for (size_t k = 0; k < lattice->count; k++) {
            write_point(file, &csv, report, lattice, &report->points[lattice->first + k]);
            fputc('\n', file);
        }
    }
    return written(file);
}

/* ---- JSON ---- */

/* Any text as a JSON string; bytes that are not UTF-8 become '?'. */
static cutropy_status json_text(FILE *file, const char *text)
{
    cutropy_status status = CUTROPY_OK;
    char *copy = ct_strdup(text), *dump = NULL;
    json_t *value = json_string(text);
    for (char *p = copy; !value && p && *p; p++)
        if (*p & 0x80)
            *p = '?';
    if (!value && copy)
        value = json_string(copy);
    dump = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (dump)
        fputs(dump, file);
    else
        status = ct_fail_memory("JSON text", 0);
    free(dump);
    json_decref(value);
    ct_free(copy);
    return status;
}

static void write_real(FILE *file, const char *key, double value)
{
    fprintf(file, "\"%s\"", key);
    fputs(": ", file);
    real_cell(file, &(style){"", "null", true}, value);
}

static void json_fit(FILE *file, const cutropy_scaling *scaling, int model)
{
    const cutropy_model_fit *fit = &scaling->fit[model];
    fprintf(file, "\"%s\": {\"parameters\": %d, \"coefficients_bits\": [",
            cutropy_scaling_model_name((cutropy_scaling_model)model), fit->parameters);
    for (int j = 0; j < CUTROPY_COEFFICIENTS; j++)
        real_cell(file, &(style){j ? ", " : "", "null", true}, fit->coefficient[j]);
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
        fputs(",\n      ", file);
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
    fputs(",\n     ", file);
    json_models(file, scaling);
    fputc('}', file);
    return status;
}

static cutropy_status json_topological(FILE *file, const ct_topological *t)
{
    cutropy_status status = CUTROPY_OK;
    const bool ring = t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN;
    fprintf(file, "\"%s\": ", ring ? "levin_wen" : "kitaev_preskill");
    if (!t->done) {
        fputs("null", file);
        return status;
    }
    fputs("{\"regions\": [", file);
    for (size_t r = 0; r < 3; r++) {
        fputs(r ? ", " : "", file);
        mask_cell(file, &json, &t->regions, r);
    }
    fprintf(file, "], \"convention\": \"%s\", ",
            ring ? "S_ABC - S_AB - S_BC + S_B = -2 gamma"
                 : "S_A + S_B + S_C - S_AB - S_BC - S_CA + S_ABC = -gamma");
    write_real(file, "sum_bits", t->sum);
    fputs(", ", file);
    write_real(file, "gamma_bits", t->gamma);
    fputs(", ", file);
    write_real(file, "gamma_err", t->error);
    fputs(", \"doubt\": ", file);
    if (t->doubt)
        CT_TRY(json_text(file, t->doubt));
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
            "    {\"lattice\": \"%s\", \"checksum\": \"%016" PRIx64 "\", \"norm\": \"%s\", "
            "\"complete\": %s,\n     ",
            lattice->name, lattice->result->checksum, lattice->result->norm,
            lattice->result->complete ? "true" : "false");
    for (int k = 0; k < 2; k++) {
        CT_TRY(json_topological(file, &lattice->topological[k]));
        fputs(",\n     ", file);
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

static void json_points(FILE *file, const ct_scaling_report *report)
{
    const char *between = "";
    fputs("  \"columns\": [", file);
    for (size_t c = 0; c < column_count(report); c++)
        fprintf(file, "%s\"%s\"", c ? ", " : "", columns[c]);
    fputs("],\n  \"rows\": [", file);
    for (size_t i = 0; i < report->lattice_count; i++) {
        const ct_scaling_lattice *lattice = &report->lattice[i];
        for (size_t k = 0; k < lattice->count; k++, between = ",") {
            fprintf(file, "%s\n    [", between);
            write_point(file, &json, report, lattice, &report->points[lattice->first + k]);
            fputc(']', file);
        }
    }
    fputs("\n  ]\n}\n", file);
}

cutropy_status ct_write_scaling_json(FILE *file, void *context)
{
    const ct_scaling_report *report = context;
    cutropy_status status = CUTROPY_OK;
    fprintf(file, "{\n  \"cutropy\": \"%s\",\n  \"problem\": ", cutropy_version());
    CT_TRY(json_text(file, report->problem));
    fputs(",\n  \"cuts\": ", file);
    CT_TRY(json_text(file, report->cuts));
    fprintf(file, ",\n  \"length\": \"%s\",\n  \"complete\": %s,\n  \"fit\": ",
            length_names[report->length], report->fitted ? "true" : "false");
    if (report->fitted)
        CT_TRY(json_verdict(file, &report->all));
    else
        fputs("null", file);
    fputs(",\n  \"lattices\": [\n", file);
    for (size_t i = 0; i < report->lattice_count; i++) {
        fputs(i ? ",\n" : "", file);
        CT_TRY(json_lattice(file, &report->lattice[i]));
    }
    fputs("\n  ],\n", file);
    json_points(file, report);
    status = written(file);
done:
    return status;
}
