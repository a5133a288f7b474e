/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of a sweep over networks: S/L against the size for each depth, and against the claim.
 *
 * Colours: the set of M. Okabe and K. Ito (2008), readable with any kind of colour vision. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"
#include "output/expressivity.h"
#include "output/gnuplot.h"
#include "sheet/save.h"
#include "sheet/staging.h"

/* Whether point k of the claim opens a new depth. */
static int new_depth(const cutropy_expressivity *e, const cutropy_claim *claim, size_t k)
{
    return k == 0 || e->points[claim->point[k]].depth != e->points[claim->point[k - 1]].depth;
}

static void print_title(const cutropy_expressivity *e, const cutropy_claim *claim, size_t k,
                        FILE *file)
{
    const cutropy_sweep_point *point = &e->points[claim->point[k]], *other = NULL;
    const char *separator = "";
    fprintf(file, "\"");
    if (e->depth_key >= 0) {
        fprintf(file, "%s %s", e->key[e->depth_key], point->value[e->depth_key]);
        separator = ", ";
    }
    for (size_t c = 0; c < e->key_count; c++) { /* what distinguishes the groups */
        int differs = 0;
        for (size_t g = 0; g < e->claim_count; g++) {
            other = &e->points[e->claims[g].point[0]];
            differs |= strcmp(other->value[c], point->value[c]) != 0;
        }
        if (!differs || (int)c == e->size_key || (int)c == e->depth_key)
            continue;
        fprintf(file, "%s%s %s", separator, e->key[c], point->value[c]);
        separator = ", ";
    }
    fprintf(file, "%s\"\n", *separator ? "" : e->family);
}

static void print_data(const cutropy_expressivity *e, FILE *file)
{
    fprintf(file, "# size, claim, S/L (bits per bond), its standard error\n");
    for (size_t g = 0; g < e->claim_count; g++) {
        const cutropy_claim *claim = &e->claims[g];
        for (size_t k = 0; k < claim->points; k++) {
            const cutropy_sweep_point *point = &e->points[claim->point[k]];
            if (new_depth(e, claim, k)) {
                fprintf(file, "%s", g || k ? "\n\n" : "");
                print_title(e, claim, k, file);
            }
            fprintf(file, "%.17g %.17g %.17g %.17g\n", point->size, point->claim, point->all.mean,
                    e->seeds > 1 ? point->all.se : 0.0);
        }
    }
}

static const char style[] =
    "set encoding utf8\n"
    "array colour[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', "
    "'#000000']\n"
    "set border 3 linecolor rgb '#404040'\n"
    "set tics nomirror out scale 0.6\n"
    "set grid linecolor rgb '#e0e0e0' linewidth 0.5 linetype 1\n"
    "set key above noenhanced samplen 2\n"
    "set yrange [0:*]\n"
    "set rmargin 3\n";

static const char panels[] =
    "    set multiplot layout 1,2\n"
    "    set ylabel 'S/L (bits per bond)'\n"
    "    set xlabel size_label.' (bars: standard error over the seeds)' noenhanced\n"
    "    if (log_size) { set logscale x 2; set xrange [smallest/1.15:largest*1.15] } else { set "
    "xrange [-0.04*largest:1.04*largest] }\n"
    "    plot for [i=0:curves-1] data index i using 1:3:4 with yerrorlines linecolor rgb "
    "colour[i%7+1] pointtype 7+2*(i/7) linewidth 1.5 title columnheader(1)\n"
    "    unset logscale x\n"
    "    set xrange [-0.04*strongest:1.04*strongest]\n"
    "    set xlabel claim_label enhanced\n"
    "    plot for [i=0:curves-1] data index i using 2:3:4 with yerrorbars linecolor rgb "
    "colour[i%7+1] pointtype 7+2*(i/7) linewidth 1.5 notitle";

/* What the axes must hold. */
typedef struct extent {
    size_t curves;
    double smallest, largest, strongest; /* size, size, claim */
} extent;

static extent extent_of(const cutropy_expressivity *e)
{
    extent x = {.smallest = INFINITY};
    for (size_t g = 0; g < e->claim_count; g++)
        for (size_t k = 0; k < e->claims[g].points; k++) {
            const cutropy_sweep_point *point = &e->points[e->claims[g].point[k]];
            x.curves += new_depth(e, &e->claims[g], k) ? 1 : 0;
            x.smallest = fmin(x.smallest, point->size);
            x.largest = fmax(x.largest, point->size);
            x.strongest = fmax(x.strongest, point->claim);
        }
    return x;
}

static void print_script(const cutropy_expressivity *e, const char *name, FILE *file)
{
    const extent x = extent_of(e);
    fprintf(file,
            "# S/L of networks against their size and against the claim of arXiv 1710.05520.\n"
            "# In this folder: gnuplot %s.gp\n%s"
            "data = '%s.dat'\ncurves = %zu\nlog_size = %d\nsmallest = %g\nlargest = %g\nstrongest "
            "= %g\n"
            "size_label = '%s'\nclaim_label = 'the claim: %s'\n"
            "do for [format in 'svg png'] {\n"
            "    if (format eq 'svg') { set terminal svg size 1000,460 font 'sans-serif,12' "
            "background 'white' } else { set terminal pngcairo size 2000,920 font 'sans-serif,12' "
            "fontscale 2 linewidth 2 pointscale 2 background 'white' }\n"
            "    set output '%s.'.format\n%s",
            name, style, name, x.curves, x.smallest > 0, x.smallest, x.largest > 0 ? x.largest : 1,
            x.strongest > 0 ? x.strongest : 1, e->size_key >= 0 ? e->key[e->size_key] : "size",
            !strcmp(e->family, "cnn")    ? "layers · log_2 channels"
            : !strcmp(e->family, "mlp")  ? "depth · log_2 width"
            : !strcmp(e->family, "mps")  ? "log_2 chi"
            : !strcmp(e->family, "mera") ? "disentanglers · log_2 chi"
                                         : "hidden units",
            name, panels);
    for (size_t g = 0; g < e->claim_count; g++) {
        const cutropy_claim *claim = &e->claims[g];
        if (claim->origin.slope == claim->origin.slope)
            fprintf(file,
                    ", \\\n        %.17g * x with lines dashtype 2 linewidth 1.5 linecolor rgb "
                    "'#404040' title '%s'",
                    claim->origin.slope, g ? "" : "least squares, through 0");
        if (claim->line.slope == claim->line.slope)
            fprintf(file,
                    ", \\\n        %.17g + %.17g * x with lines dashtype 3 linewidth 1.5 linecolor "
                    "rgb '#404040' title '%s'",
                    claim->line.constant, claim->line.slope, g ? "" : "and with a constant");
    }
    fprintf(file, "\n    set autoscale x\n    unset multiplot\n    unset output\n}\n");
}

/* ---- the files ---- */

#define PICTURE "expressivity"
const char *const ct_expressivity_pictures[CT_EXPRESSIVITY_PICTURES] = {
    PICTURE ".dat", PICTURE ".gp", PICTURE ".svg", PICTURE ".png"};

static cutropy_status write_data(FILE *file, void *context)
{
    const ct_locale locale = ct_locale_enter(); /* no decimal commas */
    print_data(context, file);
    ct_locale_leave(&locale);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}

static cutropy_status write_script(FILE *file, void *context)
{
    const ct_locale locale = ct_locale_enter();
    print_script(context, PICTURE, file);
    ct_locale_leave(&locale);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}

cutropy_status cutropy_expressivity_draw(const cutropy_expressivity *result, const char *folder,
                                         int *gnuplot_found)
{
    cutropy_status status = CUTROPY_OK;
    bool found = true;
    char *path = NULL, *stage = NULL;
    void *context = (void *)(uintptr_t)result;
    CT_TRY(ct_staging_open(folder, ct_expressivity_pictures, CT_EXPRESSIVITY_PICTURES, &stage));
    const size_t room = strlen(stage) + sizeof PICTURE + 8;
    CT_NEW(path, room);
    snprintf(path, room, "%s/" PICTURE ".dat", stage);
    CT_TRY(ct_save(path, write_data, context));
    snprintf(path, room, "%s/" PICTURE ".gp", stage);
    CT_TRY(ct_save(path, write_script, context));
    CT_TRY(ct_gnuplot(stage, PICTURE ".gp", &found));
    CT_TRY(ct_staging_publish(folder, ct_expressivity_pictures, CT_EXPRESSIVITY_PICTURES));
    *gnuplot_found = found;
done:
    ct_free(path);
    ct_free(stage);
    return status;
}
