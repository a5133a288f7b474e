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

extern const unsigned char ct_plot_style[], ct_plot_expressivity[];
extern const size_t ct_plot_style_size, ct_plot_expressivity_size;

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

static void print_array(const char *name, const cutropy_expressivity *e,
                        double (*value)(const cutropy_claim *claim), FILE *file)
{
    fprintf(file, "array %s[%zu] = [", name, e->claim_count);
    for (size_t g = 0; g < e->claim_count; g++) {
        const double number = value(&e->claims[g]);
        fprintf(file, isnan(number) ? "%sNaN" : "%s%.17g", g ? ", " : "", number);
    }
    fprintf(file, "]\n");
}

static double origin_slope(const cutropy_claim *claim)
{
    return claim->origin.slope;
}

static double line_constant(const cutropy_claim *claim)
{
    return claim->line.constant;
}

static double line_slope(const cutropy_claim *claim)
{
    return claim->line.slope;
}

static void print_script(const cutropy_expressivity *e, const char *name, FILE *file)
{
    const extent x = extent_of(e);
    fprintf(
        file,
        "# S/L of networks against their size and against the claim of arXiv 1710.05520.\n"
        "# In this folder: gnuplot %s.gp\n"
        "function = '%s'\nlattice = '%s'\nkind = ''; Lx = 1; Ly = 1; torus = 0 # no picture of a lattice\n",
        name, e->family, e->lattice);
    fwrite(ct_plot_style, 1, ct_plot_style_size, file);
    fprintf(
        file,
        "data = '%s.dat'\ncurves = %zu\ngroups = %zu\nlog_size = %d\nsmallest = %g\nlargest = %g\n"
        "strongest = %g\nsize_label = '%s'\nclaim_label = 'the claim: %s'\n",
        name, x.curves, e->claim_count, x.smallest > 0, x.smallest, x.largest > 0 ? x.largest : 1,
        x.strongest > 0 ? x.strongest : 1, e->size_key >= 0 ? e->key[e->size_key] : "size",
        !strcmp(e->family, "cnn")    ? "layers · log_2 channels"
        : !strcmp(e->family, "mlp")  ? "depth · log_2 width"
        : !strcmp(e->family, "mps")  ? "log_2 chi"
        : !strcmp(e->family, "mera") ? "disentanglers · log_2 chi"
                                     : "hidden units");
    print_array("origin", e, origin_slope, file);
    print_array("line_constant", e, line_constant, file);
    print_array("line_slope", e, line_slope, file);
    fwrite(ct_plot_expressivity, 1, ct_plot_expressivity_size, file);
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
