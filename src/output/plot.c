/* SPDX-License-Identifier: Apache-2.0 */
#include "output/plot.h"

#include <stdio.h>
#include <string.h>

#include <cutropy/plot.h>
#include <cutropy/sheet.h>

#include "output/gnuplot.h"
#include "sheet/save.h"

#define EMBEDDED(name)                                                                             \
    extern const unsigned char ct_plot_##name[];                                                   \
    extern const size_t ct_plot_##name##_size
EMBEDDED(style);
EMBEDDED(law);
EMBEDDED(scatter);
EMBEDDED(curves);

static const char *const endings[] = {".svg", ".png", ".pdf", ".gp"};
enum { ENDINGS = sizeof endings / sizeof *endings, SCRIPT = ENDINGS - 1 };

void ct_plot_free(ct_plot *plot)
{
    ct_text_free(&plot->head);
    ct_text_free(&plot->table);
}

/* The place in endings; ENDINGS: none of them. */
static size_t ending_of(const char *picture)
{
    const char *slash = strrchr(picture, '/'), *dot = strrchr(slash ? slash : picture, '.');
    size_t i = 0;
    while (i < ENDINGS && (!dot || strcmp(dot, endings[i]) != 0))
        i++;
    return i;
}

/* FILE-narrow.svg: for a narrow column, as in the folder of a map. */
static bool is_narrow(const char *picture)
{
    const char *end = "-narrow.svg";
    const size_t length = strlen(picture), size = strlen(end);
    return length > size && !strcmp(picture + length - size, end);
}

cutropy_status cutropy_plot_check(const char *picture)
{
    if (ending_of(picture) == ENDINGS)
        return ct_fail(
            CUTROPY_EINPUT,
            "'%s' is no name of a picture: let it end in .svg, .png, .pdf, or in .gp for the gnuplot script",
            picture);
    return cutropy_save_check(picture);
}

/* A single-quoted string of gnuplot; control characters would end it. */
void ct_plot_quoted(const char *text, size_t limit, ct_text *out)
{
    size_t length = strlen(text);
    const bool whole = length <= limit;
    if (!whole)
        for (length = limit; length && (text[length] & 0xc0) == 0x80; length--)
            ; /* not inside a character of UTF-8 */
    ct_text_puts(out, "'");
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            ct_text_puts(out, "''");
        else
            ct_text_add(out, (unsigned char)text[i] < ' ' ? "?" : text + i, 1);
    }
    ct_text_puts(out, whole ? "'" : "...'");
}

void ct_law_head(const cutropy_scaling *law, cutropy_length measure, ct_text *out)
{
    char headline[160], formula[160] = "", axis[200];
    const char *model =
        law->model < 0 ? "" : cutropy_scaling_model_name((cutropy_scaling_model)law->model);
    const char *length = measure == CUTROPY_LENGTH_VERTICES ? "L (vertices)"
                         : measure == CUTROPY_LENGTH_PIXELS ? "L (boundary pixels)"
                                                            : "L (bonds cut)";
    cutropy_scaling_headline(law, headline);
    if (law->model >= 0)
        cutropy_scaling_formula(&law->fit[law->model], (cutropy_scaling_model)law->model, formula);
    if (law->model == CUTROPY_MODEL_CORNERS)
        snprintf(axis, sizeof axis, "%s (bits)",
                 strncmp(formula, "S = ", 4) ? formula : formula + 4);
    else if (law->model == CUTROPY_MODEL_LOG)
        snprintf(axis, sizeof axis, "l (chord, in pixels)");
    else
        snprintf(axis, sizeof axis, "%s",
                 law->model == CUTROPY_MODEL_VOLUME || law->same_length
                     ? "pixels on the smaller side"
                     : length);
    ct_text_puts(out, "law_headline = ");
    ct_plot_quoted(headline, 160, out);
    ct_text_puts(out, "\nlaw_formula = ");
    ct_plot_quoted(law->model == CUTROPY_MODEL_CORNERS ? "S = the law" : formula, 160, out);
    ct_text_puts(out, "\nlaw_axis = ");
    ct_plot_quoted(axis, 200, out);
    ct_text_puts(out, "\nlaw_model = ");
    ct_plot_quoted(model, 16, out);
    ct_text_puts(out, "\n");
}

/* A script without the line that loads the style. */
static void put_script(const char *name, ct_text *out)
{
    const char *load = "load 'style.gp'\n";
    const char *script = (const char *)ct_plot_law, *end = script + ct_plot_law_size;
    if (!strcmp(name, "scatter"))
        script = (const char *)ct_plot_scatter, end = script + ct_plot_scatter_size;
    else if (!strcmp(name, "curves"))
        script = (const char *)ct_plot_curves, end = script + ct_plot_curves_size;
    const char *line = memchr(script, '\n', (size_t)(end - script));
    ct_text_add(out, line + 1 + strlen(load), (size_t)(end - line) - 1 - strlen(load));
}

static void put_all(const ct_plot *plot, size_t ending, bool narrow, ct_text *out)
{
    if (ending == SCRIPT)
        ct_text_puts(out,
                     "# gnuplot NAME.gp > NAME.svg; another format: wanted = 'png' or 'pdf'\n");
    ct_text_puts(out, "wanted = ");
    ct_plot_quoted(ending == SCRIPT ? "svg" : narrow ? "narrow" : endings[ending] + 1, 8, out);
    ct_text_puts(out, "\n$table <<END_OF_TABLE\n");
    ct_text_add(out, plot->table.bytes, plot->table.length);
    ct_text_puts(out, "END_OF_TABLE\ntable = '$table'\nfunction = ");
    ct_plot_quoted(plot->function, 90, out);
    ct_text_puts(out, "\nlattice = ");
    ct_plot_quoted(plot->origin, 40, out);
    ct_text_puts(out, "\nkind = ''; Lx = 1; Ly = 1; torus = 0 # no picture of a lattice\n");
    ct_text_add(out, (const char *)ct_plot_style, ct_plot_style_size);
    ct_text_add(out, plot->head.bytes, plot->head.length);
    put_script(plot->script, out);
    out->failed |= plot->head.failed || plot->table.failed;
}

static cutropy_status write_text(FILE *file, void *context)
{
    const ct_text *text = context;
    const bool lost = fwrite(text->bytes, 1, text->length, file) != text->length;
    return lost ? CUTROPY_EIO : CUTROPY_OK;
}

cutropy_status ct_plot_save(const ct_plot *plot, const char *picture)
{
    cutropy_status status = CUTROPY_OK;
    ct_text script = {0}, drawn = {0};
    const size_t ending = ending_of(picture);
    bool found = true;
    CT_TRY(cutropy_plot_check(picture));
    put_all(plot, ending, is_narrow(picture), &script);
    if (script.failed)
        CT_TRY(ct_fail_memory("picture", script.length));
    if (ending != SCRIPT)
        CT_TRY(ct_gnuplot_text(&script, &drawn, &found));
    if (!found)
        CT_TRY(ct_fail(
            CUTROPY_EUNSUPPORTED,
            "gnuplot is not installed (Debian: gnuplot-nox); FILE.gp writes the script without it"));
    CT_TRY(ct_save(picture, write_text, ending == SCRIPT ? &script : &drawn));
done:
    ct_text_free(&script);
    ct_text_free(&drawn);
    return status;
}
