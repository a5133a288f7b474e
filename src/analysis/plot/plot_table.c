/* SPDX-License-Identifier: Apache-2.0 */
/* What a picture of tables shows: x, y and the rest by the names of the columns, as docs/plot.md says. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/plot.h"
#include "base/locale.h"

#define PIXELS "pixels"   /* an x that no column has: the lattice's */
#define MARKS 24          /* points that are marked with their range */
#define SEEN_ERROR 0.0025 /* of the height of the picture: a bar that can be seen */

/* A row, its series and the first row of that. */
typedef struct place {
    const char *value;
    size_t first, row;
} place;

typedef struct chart {
    const ct_plot_source *source;
    size_t count;
    const cutropy_plot_options *options;
    const char *x, *y, *unit, *colour;
    char error[64];
    const char *series; /* a column of the only table; NULL: one series a table */
    place *place;       /* with series: its rows, series after series, by their first rows */
    bool each_lattice;  /* one row each */
    bool growth;        /* x is the size of the lattice: all tables are one series */
    bool ranges;        /* of cutropy range */
} chart;

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

static double value_of(const ct_plot_source *s, size_t row, const char *name)
{
    if (has(s, name))
        return number_of(text_of(s, row, name));
    if (!strcmp(name, PIXELS))
        return lattice_pixels(s, row);
    const char *mask = text_of(s, row, "cut");
    if (!is_mask(mask))
        return NAN;
    const double na = pixels_of_mask(mask);
    if (!strcmp(name, "min_side"))
        return s->pixels ? fmin(na, s->pixels - na) : NAN;
    return !strcmp(name, "na") ? na : NAN;
}

/* What cannot be exceeded: the logarithm of the number of different rows or columns. */
static double bound_of(const chart *c, const ct_plot_source *s, size_t row)
{
    char name[64];
    if (c->ranges) {
        snprintf(name, sizeof name, "bound_%s", c->unit);
        return value_of(s, row, name);
    }
    const double classes = fmin(value_of(s, row, "classes_a"), value_of(s, row, "classes_b"));
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

/* "entropy_bits" -> "bits"; "": none. */
static const char *unit_of(const char *name)
{
    const char *last = strrchr(name, '_');
    return last && (!strcmp(last, "_bits") || !strcmp(last, "_nats")) ? last + 1 : "";
}

static cutropy_status choose_y(chart *c)
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
    c->unit = unit_of(c->y);
    const size_t stem = strlen(c->y) - (*c->unit ? strlen(c->unit) + 1 : 0);
    snprintf(c->error, sizeof c->error, "%.*s_err", (int)(stem < 56 ? stem : 56), c->y);
    if (!has(c->source, c->error) && !strncmp(c->y, "mean_", 5)) /* of seeds */
        snprintf(c->error, sizeof c->error, "se_%s", c->unit);
    c->ranges = !c->options->y && has(c->source, "range") && has(c->source, "boundary_pixels");
    return CUTROPY_OK;
}

static const char *series_of(const chart *c, const ct_plot_source *s, size_t row)
{
    return c->series ? text_of(s, row, c->series) : c->growth ? "" : s->name;
}

/* Rows of one series follow each other. */
static size_t row_of(const chart *c, size_t i)
{
    return c->series ? c->place[i].row : i;
}

static bool opens_series(const chart *c, size_t i)
{
    return !i || (c->series && c->place[i].first != c->place[i - 1].first);
}

/* Each cut holds the one before in its series. */
static bool is_nested(const chart *c)
{
    for (size_t t = 0; t < c->count; t++)
        for (size_t i = 0; i < c->source[t].csv->rows; i++) {
            const ct_plot_source *s = &c->source[t];
            const size_t row = row_of(c, i);
            const char *mask = text_of(s, row, "cut");
            if (!is_mask(mask) || isnan(value_of(s, row, "na")))
                return false;
            if (!opens_series(c, i) && !grows(text_of(s, row_of(c, i - 1), "cut"), mask))
                return false;
        }
    return true;
}

/* One row a table or a lattice, on lattices of different sizes. */
static bool is_growth(const chart *c)
{
    if (c->each_lattice)
        return !isnan(value_of(c->source, 0, PIXELS));
    for (size_t t = 0; t < c->count; t++)
        if (c->source[t].csv->rows != 1 || isnan(value_of(c->source + t, 0, PIXELS)))
            return false;
    return c->count > 1;
}

static int by_value(const void *a, const void *b)
{
    const place *p = a, *q = b;
    const int order = strcmp(p->value, q->value);
    return order ? order : (p->row > q->row) - (p->row < q->row);
}

static int by_first(const void *a, const void *b)
{
    const place *p = a, *q = b;
    return p->first != q->first ? (p->first > q->first) - (p->first < q->first)
                                : (p->row > q->row) - (p->row < q->row);
}

/* Several values of theta: a curve for each cut. */
static bool is_sweep(const chart *c)
{
    const char *x = c->options->x;
    return c->count == 1 && has(c->source, "theta") && (!x || !strcmp(x, "theta"));
}

static cutropy_status choose_series(chart *c)
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
        c->place[row] = (place){text_of(c->source, row, c->series), row, row};
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

static cutropy_status choose_x(chart *c)
{
    const char *known[] = {"length", "boundary", "claim", "na"};
    if (!strncmp(c->y, "mean", 4)) /* of a sweep over networks */
        known[0] = "claim";
    c->x = c->options->x;
    c->growth = c->x ? !strcmp(c->x, PIXELS) && !has(c->source, PIXELS) : is_growth(c);
    if (c->growth && c->series && !strcmp(c->series, "lattice"))
        c->series = NULL;
    if (c->growth)
        c->x = PIXELS;
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
static cutropy_status check_columns(const chart *c)
{
    for (size_t t = 0; t < c->count; t++) {
        const ct_plot_source *s = &c->source[t];
        const bool counted = !strcmp(c->x, "na") && has(s, "cut");
        if (!s->csv->rows)
            return ct_fail(CUTROPY_EINPUT, "%s: a header without rows", s->name);
        if (!has(s, c->y))
            return no_column(s, "--y", c->y);
        if (c->growth && isnan(value_of(s, 0, PIXELS)))
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

/* ---- the rows ---- */

typedef struct extent {
    size_t rows, series, longest; /* name, in characters */
    double x0, x1, y0, y1, err;
    bool rising, whole, coloured, bounded;
} extent;

static void add_number(double value, ct_text *out)
{
    if (isfinite(value))
        ct_text_printf(out, ",%.12g", value);
    else
        ct_text_puts(out, ",");
}

static void add_row(const chart *c, const ct_plot_source *s, size_t row, extent *e, ct_text *out)
{
    const double y = value_of(s, row, c->y), x = value_of(s, row, c->x);
    const double err = value_of(s, row, c->error), bound = bound_of(c, s, row);
    const double colour = c->colour ? value_of(s, row, c->colour) : NAN;
    ct_text_printf(out, "%zu", e->series - 1);
    add_number(x, out);
    add_number(y, out);
    add_number(err, out);
    add_number(bound, out);
    add_number(c->colour ? colour : 0, out);
    ct_text_puts(out, ",");
    if (c->ranges && !isnan(value_of(s, row, "range")))
        ct_text_printf(out, "r = %.0f", value_of(s, row, "range"));
    ct_text_puts(out, "\n");
    e->rows++;
    e->x0 = fmin(e->x0, x);
    e->x1 = fmax(e->x1, x);
    e->y0 = fmin(e->y0, y);
    e->y1 = fmax(e->y1, y);
    e->err = fmax(e->err, isnan(err) ? 0 : err);
    e->whole &= x == floor(x) && fabs(x) <= 10000;
    e->coloured &= !isnan(colour);
    e->bounded &= !isnan(bound);
}

/* Every series with its rows together; names as the elements of an array of gnuplot. */
static cutropy_status add_rows(const chart *c, extent *e, ct_text *names, ct_text *out)
{
    *e = (extent){.x0 = INFINITY,
                  .x1 = -INFINITY,
                  .y0 = INFINITY,
                  .y1 = -INFINITY,
                  .rising = true,
                  .whole = true,
                  .coloured = c->colour != NULL,
                  .bounded = true};
    ct_text_puts(out, "series,x,y,err,bound,colour,mark\n");
    for (size_t t = 0; t < c->count; t++) {
        const ct_plot_source *s = &c->source[t];
        double last = NAN;
        for (size_t i = 0; i < s->csv->rows; i++) {
            const size_t row = row_of(c, i);
            const double x = value_of(s, row, c->x);
            if (opens_series(c, i) && (i || !c->growth || c->series || !t)) {
                ct_text_puts(names, e->series++ ? ", " : "");
                char name[80];
                snprintf(name, sizeof name, "%s%s%.60s",
                         c->series && strcmp(c->series, "lattice") ? c->series : "",
                         c->series && strcmp(c->series, "lattice") ? " " : "",
                         series_of(c, s, row));
                ct_plot_quoted(name, 40, names);
                e->longest = strlen(name) > e->longest ? strlen(name) : e->longest;
                last = NAN;
            }
            if (isnan(x) || isnan(value_of(s, row, c->y)))
                continue;
            e->rising &= !(x <= last);
            last = x;
            add_row(c, s, row, e, out);
        }
        if (c->growth && t + 1 < c->count)
            e->rising &= value_of(s + 1, 0, c->x) > last;
    }
    return e->rows ? CUTROPY_OK
                   : ct_fail(CUTROPY_EINPUT, "%s: no row has numbers in the columns %s and %s",
                             c->source->name, c->x, c->y);
}

/* ---- the words ---- */

static void put_label(const char *axis, const char *name, ct_text *out)
{
    static const char *const words[][2] = {{"boundary", "boundary length L (bonds cut)"},
                                           {"length", "boundary length L"},
                                           {"na", "pixels of A"},
                                           {"min_side", "pixels on the smaller side"},
                                           {PIXELS, "pixels of the lattice"},
                                           {"range", "range r (bonds)"},
                                           {"entropy", "S"},
                                           {"bound", "the bound |R_r| log 2"}};
    const char *unit = unit_of(name);
    char stem[80];
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(name) - (*unit ? strlen(unit) + 1 : 0)), name);
    const char *said = stem;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        said = strcmp(stem, words[i][0]) ? said : words[i][1];
    char label[120];
    snprintf(label, sizeof label, *unit ? "%s (%s)" : "%s", said, unit);
    ct_text_printf(out, "set %slabel ", axis);
    ct_plot_quoted(label, 100, out);
    ct_text_puts(out, " noenhanced\n");
}

/* S itself, not its error. */
static bool is_entropy(const chart *c)
{
    return !strncmp(c->y, "entropy", 7) && (!c->y[7] || (*c->unit && !strcmp(c->y + 8, c->unit)));
}

static void put_words(const chart *c, const extent *e, ct_text *out)
{
    const char *title = c->options->title;
    put_label("x", c->x, out);
    put_label("y", c->y, out);
    if (!title && c->ranges)
        title = !strcmp(c->x, "na") ? "S, and what its range allows"
                                    : "S of every cut, and what its range allows";
    if (title) {
        ct_text_puts(out, "set title ");
        ct_plot_quoted(title, 120, out);
        ct_text_puts(out, " noenhanced\n");
    }
    ct_text_printf(out, "whole = %d\nrounding = %s\nbarred = %d\n", e->whole && e->x0 >= 0,
                   *c->unit || is_entropy(c)
                       ? "1e-9"
                       : "0", /* of bits; errors and weights may be that small */
                   e->err > SEEN_ERROR * (e->y1 - fmin(e->y0, 0)));
}

static void put_curves(const chart *c, const extent *e, const ct_text *names, ct_text *out)
{
    const bool bounded = e->bounded && e->series == 1 && !c->growth && is_entropy(c);
    ct_text_printf(out, "curves = %zu\narray name[%zu] = [", e->series, e->series);
    ct_text_add(out, names->bytes, names->length);
    ct_text_printf(out, "]\nlongest_name = %zu\njoined = %d\nbounded = %d\nmarked = %d\n",
                   e->longest, e->rising, bounded, c->ranges && e->rows <= MARKS && e->series == 1);
    ct_text_printf(out, "bound_words = '%s'\n",
                   c->ranges ? "|R_r| log 2 (Theorem 3)" : "largest possible (log of classes)");
    if (e->series == 1 && bounded)
        ct_text_puts(out, "name[1] = 'S'\n");
}

static void put_scatter(const chart *c, const extent *e, ct_text *out)
{
    ct_text_puts(out, "across(i) = column('x')\nheight_of(i) = column('y')\n");
    ct_text_puts(out, e->coloured ? "shade(i) = column('colour')\n" : "shade(i) = 0\n");
    if (e->coloured)
        put_label("cb", c->colour, out);
    else
        ct_text_puts(out, "unset colorbox\nset palette defined (0 blue, 1 blue)\n");
    if (c->ranges && strncmp(c->x, "bound", 5) == 0)
        ct_text_printf(
            out,
            "set arrow 99999 from 0,0 to %.12g,%.12g nohead dashtype 2 linewidth 1.5 linecolor rgb grey\n",
            fmin(e->x1, 1.05 * e->y1), fmin(e->x1, 1.05 * e->y1));
}

cutropy_status ct_plot_of(const ct_plot_source *sources, size_t count,
                          const cutropy_plot_options *options, ct_plot *out)
{
    cutropy_status status = CUTROPY_OK;
    chart c = {.source = sources, .count = count, .options = options};
    ct_text names = {0};
    extent e;
    CT_TRY(choose_y(&c));
    CT_TRY(choose_series(&c));
    CT_TRY(choose_x(&c));
    CT_TRY(check_columns(&c));
    c.colour = options->colour                               ? options->colour
               : c.ranges                                    ? "range"
               : has(sources, "min_side") || sources->pixels ? "min_side"
                                                             : "na";
    CT_TRY(add_rows(&c, &e, &names, &out->table));
    put_words(&c, &e, &out->head);
    if (e.rising || e.series > 1) {
        out->script = "curves";
        put_curves(&c, &e, &names, &out->head);
    } else {
        out->script = "scatter";
        put_scatter(&c, &e, &out->head);
    }
    if (names.failed)
        CT_TRY(ct_fail_memory("picture", names.length));
done:
    ct_free(c.place);
    ct_text_free(&names);
    return status;
}
