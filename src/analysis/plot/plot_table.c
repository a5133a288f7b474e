/* SPDX-License-Identifier: Apache-2.0 */
/* The rows and words of a picture of tables. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/plot/plot_chart.h"

#define MARKS 24          /* points that are marked with their range */
#define SEEN_ERROR 0.0025 /* of the height of the picture: a bar that can be seen */

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

static void add_row(const ct_chart *c, const ct_plot_source *s, size_t row, extent *e, ct_text *out)
{
    const double y = ct_chart_value(s, row, c->y), x = ct_chart_value(s, row, c->x);
    const double err = ct_chart_value(s, row, c->error), bound = ct_chart_bound(c, s, row);
    const double colour = c->colour ? ct_chart_value(s, row, c->colour) : NAN;
    ct_text_printf(out, "%zu", e->series - 1);
    add_number(x, out);
    add_number(y, out);
    add_number(err, out);
    add_number(bound, out);
    add_number(c->colour ? colour : 0, out);
    ct_text_puts(out, ",");
    if (c->ranges && !isnan(ct_chart_value(s, row, "range")))
        ct_text_printf(out, "r = %.0f", ct_chart_value(s, row, "range"));
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
static cutropy_status add_rows(const ct_chart *c, extent *e, ct_text *names, ct_text *out)
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
            const size_t row = ct_chart_row(c, i);
            const double x = ct_chart_value(s, row, c->x);
            if (ct_chart_opens(c, i) && (i || !c->growth || c->series || !t)) {
                ct_text_puts(names, e->series++ ? ", " : "");
                char name[80];
                snprintf(name, sizeof name, "%s%s%.60s",
                         c->series && strcmp(c->series, "lattice") ? c->series : "",
                         c->series && strcmp(c->series, "lattice") ? " " : "",
                         ct_chart_series(c, s, row));
                ct_plot_quoted(name, 40, names);
                e->longest = strlen(name) > e->longest ? strlen(name) : e->longest;
                last = NAN;
            }
            if (isnan(x) || isnan(ct_chart_value(s, row, c->y)))
                continue;
            e->rising &= !(x <= last);
            last = x;
            add_row(c, s, row, e, out);
        }
        if (c->growth && t + 1 < c->count)
            e->rising &= ct_chart_value(s + 1, 0, c->x) > last;
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
                                           {CT_CHART_PIXELS, "pixels of the lattice"},
                                           {"range", "range r (bonds)"},
                                           {"entropy", "S"},
                                           {"bound", "the bound |R_r| log 2"}};
    const char *unit = ct_chart_unit(name);
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
static bool is_entropy(const ct_chart *c)
{
    return !strncmp(c->y, "entropy", 7) && (!c->y[7] || (*c->unit && !strcmp(c->y + 8, c->unit)));
}

static void put_words(const ct_chart *c, const extent *e, ct_text *out)
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

static void put_curves(const ct_chart *c, const extent *e, const ct_text *names, ct_text *out)
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

static void put_scatter(const ct_chart *c, const extent *e, ct_text *out)
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
    ct_chart c = {.source = sources, .count = count, .options = options};
    ct_text names = {0};
    extent e;
    CT_TRY(ct_chart_choose(&c));
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
