/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a sweep over networks: CSV, and JSON with every entropy, the fits and the words. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/expressivity.h>

#include "base/locale.h"
#include "base/locale.h"
#include "sheet/sheet.h"

/* ---- CSV ---- */

static void add_numbers(const double *number, size_t count, ct_text *line)
{
    for (size_t k = 0; k < count; k++) {
        ct_text_puts(line, ",");
        if (!isnan(number[k]))
            ct_text_printf(line, "%.17g", number[k] + 0.0);
    }
}

/* One line: the cut c of a point, or (c = number of cuts) the average over the cuts. */
static void add_line(const cutropy_expressivity *e, const cutropy_sweep_point *point, size_t c,
                     ct_text *line)
{
    bool mean = c == e->cuts.count;
    const cutropy_spread *s = mean ? &point->all : &point->by_cut[c];
    const double numbers[] = {point->claim,
                              s->mean,
                              s->sd,
                              s->se,
                              s->min,
                              s->max,
                              mean ? e->mean_limit : e->limit[c],
                              mean ? e->mean_page : e->page[c]};
    char cut[2 + CUTROPY_MAX_PIXELS / 4 + 1] = "mean";
    for (size_t k = 0; k < e->key_count; k++) {
        ct_text_puts(line, point->value[k]);
        ct_text_puts(line, ",");
    }
    if (!mean)
        cutropy_mask_format(e->cuts.masks + c * e->cuts.words, e->cuts.words, cut);
    ct_text_puts(line, cut);
    if (mean)
        ct_text_puts(line, ",,");
    else
        ct_text_printf(line, ",%d,%d", e->na[c], e->boundary[c]);
    ct_text_printf(line, ",%d", e->seeds);
    add_numbers(numbers, sizeof numbers / sizeof numbers[0], line);
    ct_text_puts(line, "\n");
}

static cutropy_status write_csv(const cutropy_expressivity *e, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text line = {0};
    size_t lines = e->cuts.count + (e->cuts.count > 1);
    if (!e->complete)
        ct_text_printf(&line, "# partial: %zu of %zu points\n", e->done, e->point_count);
    for (size_t k = 0; k < e->key_count; k++) {
        ct_text_puts(&line, e->key[k]);
        ct_text_puts(&line, ",");
    }
    ct_text_puts(&line, "cut,na,boundary,seeds,claim,mean_bits,sd_bits,se_bits,min_bits,max_bits,"
                        "limit_bits,page_bits\n");
    for (size_t p = 0; p < e->point_count; p++) {
        if (!e->points[p].done)
            continue;
        for (size_t c = 0; c < lines; c++)
            add_line(e, &e->points[p], c, &line);
        CT_TRY(line.failed ? CUTROPY_OK : ct_write_bytes(file, line.bytes, line.length));
        line.length = 0;
    }
    if (line.failed)
        CT_TRY(ct_fail_memory("table row", line.capacity));
    CT_TRY(ct_write_bytes(file, line.bytes, line.length));
done:
    ct_text_free(&line);
    return status;
}

/* ---- JSON (NULL when memory runs out; so in every function here) ------------------------------
 */

/* NaN and infinity have no JSON. */
static json_t *real(double value)
{
    return isfinite(value) ? json_real(value + 0.0) : json_null();
}

static json_t *reals(const double *value, size_t count)
{
    json_t *array = json_array();
    for (size_t k = 0; array && k < count; k++)
        if (json_array_append_new(array, real(value[k]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *spread(const cutropy_spread *s)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mean_bits", real(s->mean), "sd_bits",
                     real(s->sd), "se_bits", real(s->se), "min_bits", real(s->min), "max_bits",
                     real(s->max));
}

static json_t *line_fit(const cutropy_line *line)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o}", "points", (json_int_t)line->points, "slope",
                     real(line->slope), "slope_se", real(line->slope_se), "constant",
                     real(line->constant), "r2", real(line->r2));
}

/* Appends value to array; false (and both are given up by the caller) when memory ran out. */
static bool append(json_t *array, json_t *value)
{
    return array && value && !json_array_append_new(array, value);
}

static json_t *cut_list(const cutropy_expressivity *e)
{
    json_t *array = json_array();
    char name[2 + CUTROPY_MAX_PIXELS / 4 + 1];
    for (size_t c = 0; c < e->cuts.count; c++) {
        cutropy_mask_format(e->cuts.masks + c * e->cuts.words, e->cuts.words, name);
        if (!append(array, json_pack("{s:s, s:i, s:i, s:o, s:o}", "cut", name, "na", e->na[c],
                                     "boundary", e->boundary[c], "limit_bits", real(e->limit[c]),
                                     "page_bits", real(e->page[c])))) {
            json_decref(array);
            return NULL;
        }
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
    bool fine = entropy && by_cut;
    for (size_t seed = 0; fine && seed < (size_t)e->seeds; seed++)
        fine = append(entropy, reals(point->entropy + seed * e->cuts.count, e->cuts.count));
    for (size_t c = 0; fine && c < e->cuts.count; c++)
        fine = append(by_cut, spread(&point->by_cut[c]));
    if (!fine) {
        json_decref(entropy);
        json_decref(by_cut);
        return NULL;
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "parameters", parameters(e, point), "claim",
                     real(point->claim), "s_over_l", spread(&point->all), "s_over_l_by_cut", by_cut,
                     "entropy_bits", entropy);
}

static json_t *depth_list(const cutropy_claim *claim)
{
    json_t *array = json_array();
    for (size_t d = 0; d < claim->depths; d++)
        if (!append(array, json_pack("{s:o, s:o}", "depth", real(claim->by_depth[d].depth), "line",
                                     line_fit(&claim->by_depth[d].line)))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *level_list(const cutropy_claim *claim)
{
    json_t *array = json_array();
    for (size_t l = 0; l < claim->levels; l++) {
        const cutropy_level *level = &claim->level[l];
        if (!append(array,
                    json_pack("{s:o, s:o, s:o, s:o, s:o}", "s_over_l_bits", real(level->entropy),
                              "size", reals(level->size, claim->depths), "d0", real(level->d0),
                              "r2", real(level->r2), "exponent", real(level->exponent)))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *claim_object(const cutropy_expressivity *e, const cutropy_claim *claim)
{
    json_t *points = json_array();
    for (size_t k = 0; k < claim->points; k++)
        if (!append(points, json_integer((json_int_t)claim->point[k]))) {
            json_decref(points);
            return NULL;
        }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "parameters",
                     parameters(e, &e->points[claim->point[0]]), "points", points, "through_origin",
                     line_fit(&claim->origin), "with_constant", line_fit(&claim->line), "by_depth",
                     depth_list(claim), "equal_entropy", level_list(claim), "lowest_bits",
                     real(claim->lowest), "highest_bits", real(claim->highest), "median_sd_bits",
                     real(claim->median_sd), "fraction_of_limit", real(claim->fraction_of_limit),
                     "fraction_of_page", real(claim->fraction_of_page));
}

/* The sentences, one string each. */
static json_t *word_list(const cutropy_expressivity *e)
{
    json_t *array = json_array();
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    bool fine = array && file && cutropy_expressivity_words(e, file) == CUTROPY_OK;
    if (file)
        fclose(file);
    for (char *line = text, *end; fine && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        fine = !*line || append(array, json_string(line));
    }
    free(text);
    if (!fine)
        json_decref(array);
    return fine ? array : NULL;
}

static json_t *whole(const cutropy_expressivity *e)
{
    json_t *points = json_array(), *fits = json_array();
    bool fine = points && fits;
    for (size_t p = 0; fine && p < e->point_count; p++)
        fine = !e->points[p].done || append(points, point_object(e, &e->points[p]));
    for (size_t g = 0; fine && g < e->claim_count; g++)
        fine = append(fits, claim_object(e, &e->claims[g]));
    if (!fine) {
        json_decref(points);
        json_decref(fits);
        return NULL;
    }
    char first_seed[24]; /* beyond the integers of JSON */
    snprintf(first_seed, sizeof first_seed, "%" PRIu64, e->first_seed);
    return json_pack("{s:s, s:s, s:s, s:o, s:i, s:s, s:s?, s:b, s:I, s:I, s:o, s:o, s:o}",
                     "cutropy", cutropy_version(), "family", e->family, "lattice", e->lattice,
                     "cuts", cut_list(e), "seeds", e->seeds, "first_seed", first_seed, "weights",
                     e->weights, "complete", e->complete, "points_asked",
                     (json_int_t)e->point_count, "points_finished", (json_int_t)e->done, "points",
                     points, "fits", fits, "words", word_list(e));
}

static cutropy_status write_json(const cutropy_expressivity *e, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    json_t *object = whole(e);
    char *text = object ? json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    if (!text)
        CT_TRY(ct_fail_memory("JSON", 0));
    CT_TRY(ct_write_bytes(file, text, strlen(text)));
    CT_TRY(ct_write_bytes(file, "\n", 1));
done:
    free(text);
    json_decref(object);
    return status;
}

/* ---- both ---- */

static cutropy_status write_any(const cutropy_expressivity *e, cutropy_format format, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    if (format == CUTROPY_FORMAT_NPY)
        return ct_fail(CUTROPY_EUNSUPPORTED, "a sweep over networks is written as csv or json");
    status = format == CUTROPY_FORMAT_JSON ? write_json(e, file) : write_csv(e, file);
    if (status == CUTROPY_OK && (fflush(file) || ferror(file)))
        status = CUTROPY_EIO;
    if (status == CUTROPY_EIO) {
        int reason = errno;
        ct_fail(CUTROPY_EIO, "cannot write the table: %s", strerror(reason));
        errno = reason;
    }
    return status;
}

cutropy_status cutropy_expressivity_write(const cutropy_expressivity *result, cutropy_format format,
                                          FILE *file)
{
    const ct_locale locale = ct_locale_enter(); /* no decimal commas */
    cutropy_status status = write_any(result, format, file);
    ct_locale_leave(&locale);
    return status;
}
