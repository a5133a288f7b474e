/* SPDX-License-Identifier: Apache-2.0 */
/* x, y and the rest by the names of the columns, as docs/plot.md says. */
#include "analysis/plot/plot_chart.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"

/* A decimal or p/q; NaN: neither. */
static double number_of(const char *text)
{
    char *rest;
    double value = ct_strtod(text, &rest);
    if (rest != text && *rest == '/')
        value /= ct_strtod(rest + 1, &rest);
    return rest == text || *rest || !isfinite(value) ? NAN : value;
}

static bool has(const ct_plot_source *s, const char *name)
{
    return ct_csv_column(s->csv, name) >= 0;
}

static const char *text_of(const ct_plot_source *s, size_t row, const char *name)
{
    const int column = ct_csv_column(s->csv, name);
    return column < 0 ? "" : ct_csv_cell(s->csv, row, column);
}

static int nibble(char c)
{
    return c <= '9' ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static bool is_mask(const char *text)
{
    return !strncmp(text, "0x", 2) && text[2] &&
           !text[2 + strspn(text + 2, "0123456789abcdefABCDEF")];
}

static int pixels_of_mask(const char *mask)
{
    int pixels = 0;
    for (const char *c = mask + 2; *c; c++)
        pixels += __builtin_popcount((unsigned)nibble(*c));
    return pixels;
}

/* Whether the other mask has all pixels of this one, and more. */
static bool grows(const char *mask, const char *other)
{
    const char *a = mask + strlen(mask), *b = other + strlen(other);
    if (pixels_of_mask(mask) >= pixels_of_mask(other))
        return false;
    while (a-- > mask + 2)
        if (nibble(*a) & ~(b-- > other + 2 ? nibble(*b) : 0))
            return false;
    return true;
}

/* The number of pixels of the lattice of a row; NaN: the table does not say. */
static double lattice_pixels(const ct_plot_source *s, size_t row)
{
    const char *name = text_of(s, row, "lattice");
    cutropy_lattice *lattice = NULL;
    if (!*name || cutropy_lattice_parse(name, &lattice))
        return s->pixels ? (double)s->pixels : NAN;
    const double pixels = lattice->infinite ? (double)NAN : lattice->pixels;
    cutropy_lattice_free(lattice);
    return pixels;
}

double ct_chart_value(const ct_plot_source *s, size_t row, const char *name)
{
    if (has(s, name))
        return number_of(text_of(s, row, name));
    if (!strcmp(name, CT_CHART_PIXELS))
        return lattice_pixels(s, row);
    const char *mask = text_of(s, row, "cut");
    if (!is_mask(mask))
        return NAN;
    const double na = pixels_of_mask(mask);
    if (!strcmp(name, "min_side"))
        return s->pixels ? fmin(na, s->pixels - na) : NAN;
    return !strcmp(name, "na") ? na : NAN;
}

double ct_chart_bound(const ct_chart *c, const ct_plot_source *s, size_t row)
{
    char name[64];
    if (c->ranges) {
        snprintf(name, sizeof name, "bound_%s", c->unit);
        return ct_chart_value(s, row, name);
    }
    const double classes =
        fmin(ct_chart_value(s, row, "classes_a"), ct_chart_value(s, row, "classes_b"));
    return strcmp(c->unit, "nats") != 0 ? log2(classes) : log(classes);
}

/* ---- the choice ---- */

static cutropy_status no_column(const ct_plot_source *s, const char *option, const char *name)
{
    char columns[400] = "";
    size_t length = 0;
    for (size_t i = 0; i < s->csv->columns && length < sizeof columns - 70; i++)
        length += (size_t)snprintf(columns + length, sizeof columns - length, "%s%.60s",
                                   i ? ", " : "", s->csv->name[i]);
    return ct_fail(CUTROPY_EINPUT, "%s has no column '%.60s' for %s; it has %s", s->name, name,
                   option, columns);
}

const char *ct_chart_unit(const char *name)
{
    const char *last = strrchr(name, '_');
    return last && (!strcmp(last, "_bits") || !strcmp(last, "_nats")) ? last + 1 : "";
}

static cutropy_status choose_y(ct_chart *c)
{
    static const char *const known[] = {"entropy_bits", "entropy_nats", "entropy", "mean_bits",
                                        "mean_nats"};
    const ct_csv *csv = c->source->csv;
    c->y = c->options->y;
    for (size_t i = 0; !c->y && i < sizeof known / sizeof *known; i++)
        c->y = has(c->source, known[i]) ? known[i] : NULL;
    for (size_t i = 1; !c->y && i < csv->columns; i++) { /* the first number with an error */
        const char *end = strrchr(csv->name[i], '_');
        c->y = end && !strcmp(end, "_err") ? csv->name[i - 1] : NULL;
    }
    if (!c->y)
        return ct_fail(CUTROPY_EINPUT, "%s: none of its columns is known: say --x and --y",
                       c->source->name);
    c->unit = ct_chart_unit(c->y);
    const size_t stem = strlen(c->y) - (*c->unit ? strlen(c->unit) + 1 : 0);
    snprintf(c->error, sizeof c->error, "%.*s_err", (int)(stem < 56 ? stem : 56), c->y);
    if (!has(c->source, c->error) && !strncmp(c->y, "mean_", 5)) /* of seeds */
        snprintf(c->error, sizeof c->error, "se_%s", c->unit);
    c->ranges = !c->options->y && has(c->source, "range") && has(c->source, "boundary_pixels");
    return CUTROPY_OK;
}

const char *ct_chart_series(const ct_chart *c, const ct_plot_source *s, size_t row)
{
    return c->series ? text_of(s, row, c->series) : c->growth ? "" : s->name;
}

size_t ct_chart_row(const ct_chart *c, size_t i)
{
    return c->series ? c->place[i].row : i;
}

bool ct_chart_opens(const ct_chart *c, size_t i)
{
    return !i || (c->series && c->place[i].first != c->place[i - 1].first);
}

/* Each cut holds the one before in its series. */
static bool is_nested(const ct_chart *c)
{
    for (size_t t = 0; t < c->count; t++)
        for (size_t i = 0; i < c->source[t].csv->rows; i++) {
            const ct_plot_source *s = &c->source[t];
            const size_t row = ct_chart_row(c, i);
            const char *mask = text_of(s, row, "cut");
            if (!is_mask(mask) || isnan(ct_chart_value(s, row, "na")))
                return false;
            if (!ct_chart_opens(c, i) && !grows(text_of(s, ct_chart_row(c, i - 1), "cut"), mask))
                return false;
        }
    return true;
}

/* One row a table or a lattice, on lattices of different sizes. */
static bool is_growth(const ct_chart *c)
{
    if (c->each_lattice)
        return !isnan(ct_chart_value(c->source, 0, CT_CHART_PIXELS));
    for (size_t t = 0; t < c->count; t++)
        if (c->source[t].csv->rows != 1 || isnan(ct_chart_value(c->source + t, 0, CT_CHART_PIXELS)))
            return false;
    return c->count > 1;
}

static int by_value(const void *a, const void *b)
{
    const ct_chart_place *p = a, *q = b;
    const int order = strcmp(p->value, q->value);
    return order ? order : (p->row > q->row) - (p->row < q->row);
}

static int by_first(const void *a, const void *b)
{
    const ct_chart_place *p = a, *q = b;
    return p->first != q->first ? (p->first > q->first) - (p->first < q->first)
                                : (p->row > q->row) - (p->row < q->row);
}

/* Several values of theta: a curve for each cut. */
static bool is_sweep(const ct_chart *c)
{
    const char *x = c->options->x;
    return c->count == 1 && has(c->source, "theta") && (!x || !strcmp(x, "theta"));
}

static cutropy_status choose_series(ct_chart *c)
{
    cutropy_status status = CUTROPY_OK;
    static const char *const columns[] = {"class", "lattice"};
    const ct_csv *csv = c->source->csv;
    if (is_sweep(c))
        c->series = "cut";
    for (size_t k = 0; k < 2 && c->count == 1 && !c->series; k++)
        for (size_t row = 1; row < csv->rows && has(c->source, columns[k]) && !c->series; row++)
            if (strcmp(text_of(c->source, row, columns[k]), text_of(c->source, 0, columns[k])) != 0)
                c->series = columns[k];
    if (!c->series)
        return CUTROPY_OK;
    CT_NEW(c->place, csv->rows);
    for (size_t row = 0; row < csv->rows; row++)
        c->place[row] = (ct_chart_place){text_of(c->source, row, c->series), row, row};
    qsort(c->place, csv->rows, sizeof *c->place, by_value);
    size_t values = 1;
    for (size_t i = 1; i < csv->rows; i++)
        if (!strcmp(c->place[i].value, c->place[i - 1].value))
            c->place[i].first = c->place[i - 1].first;
        else
            values++;
    qsort(c->place, csv->rows, sizeof *c->place, by_first);
    c->each_lattice = !strcmp(c->series, "lattice") && values == csv->rows;
    if (c->each_lattice)
        c->series = NULL;
done:
    return status;
}

static cutropy_status choose_x(ct_chart *c)
{
    const char *known[] = {"length", "boundary", "claim", "na"};
    if (!strncmp(c->y, "mean", 4)) /* of a sweep over networks */
        known[0] = "claim";
    c->x = c->options->x;
    c->growth =
        c->x ? !strcmp(c->x, CT_CHART_PIXELS) && !has(c->source, CT_CHART_PIXELS) : is_growth(c);
    if (c->growth && c->series && !strcmp(c->series, "lattice"))
        c->series = NULL;
    if (c->growth)
        c->x = CT_CHART_PIXELS;
    else if (is_sweep(c))
        c->x = "theta";
    else if (!c->x && is_nested(c))
        c->x = "na";
    else if (!c->x && c->ranges)
        c->x = strcmp(c->unit, "nats") ? "bound_bits" : "bound_nats";
    for (size_t i = 0; !c->x && i < sizeof known / sizeof *known; i++)
        c->x = has(c->source, known[i]) ? known[i] : NULL;
    return c->x ? CUTROPY_OK
                : ct_fail(CUTROPY_EINPUT, "%s: no column is known to grow with the cut: say --x",
                          c->source->name);
}

/* Columns that were asked for must be there. */
static cutropy_status check_columns(const ct_chart *c)
{
    for (size_t t = 0; t < c->count; t++) {
        const ct_plot_source *s = &c->source[t];
        const bool counted = !strcmp(c->x, "na") && has(s, "cut");
        if (!s->csv->rows)
            return ct_fail(CUTROPY_EINPUT, "%s: a header without rows", s->name);
        if (!has(s, c->y))
            return no_column(s, "--y", c->y);
        if (c->growth && isnan(ct_chart_value(s, 0, CT_CHART_PIXELS)))
            return ct_fail(CUTROPY_EINPUT,
                           "%s does not say its number of pixels: make it as JSON (-o FILE.json)",
                           s->name);
        if (!c->growth && !counted && !has(s, c->x))
            return no_column(s, "--x", c->x);
        if (c->options->colour && !has(s, c->options->colour))
            return no_column(s, "--colour", c->options->colour);
    }
    return CUTROPY_OK;
}

cutropy_status ct_chart_choose(ct_chart *c)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(choose_y(c));
    CT_TRY(choose_series(c));
    CT_TRY(choose_x(c));
    CT_TRY(check_columns(c));
    c->colour = c->options->colour                                ? c->options->colour
                : c->ranges                                       ? "range"
                : has(c->source, "min_side") || c->source->pixels ? "min_side"
                                                                  : "na";
done:
    return status;
}
