/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of a series: the points, the law and what it leaves over. */
#include <math.h>
#include <stdio.h>

#include "analysis/scaling/law_point.h"
#include "analysis/scaling/series_report.h"
#include "base/locale.h"
#include "output/plot.h"

static void add(double value, ct_text *out)
{
    if (isfinite(value))
        ct_text_printf(out, ",%.17g", value);
    else
        ct_text_puts(out, ",");
}

cutropy_status ct_scaling_plot(const ct_scaling_report *report, const char *picture)
{
    cutropy_status status = CUTROPY_OK;
    char lattices[100];
    const ct_scaling_lattice *first = report->lattice, *last = first + report->lattice_count - 1;
    ct_plot plot = {.script = "law", .function = report->problem, .origin = lattices};
    const ct_locale locale = ct_locale_enter();
    if (!report->fitted)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "a picture needs the fits: not all lattices are finished"));
    snprintf(lattices, sizeof lattices, first == last ? "%s" : "%s .. %s", first->name, last->name);
    ct_law_head(&report->all, report->length, &plot.head);
    ct_text_puts(&plot.table,
                 "min_side,axis,ceiling_bits,fit_bits,residual_bits,entropy_bits,entropy_err\n");
    for (size_t i = 0; i < report->count; i++) {
        const ct_law_point p = ct_law_point_of(&report->all, &report->points[i]);
        const double numbers[] = {p.axis,    p.ceiling,    p.fit, p.entropy - p.fit,
                                  p.entropy, p.entropy_err};
        ct_text_integer(&plot.table, report->all.infinite ? 0 : p.smaller); /* a strip has none */
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            add(numbers[k], &plot.table);
        ct_text_puts(&plot.table, "\n");
    }
    CT_TRY(ct_plot_save(&plot, picture));
done:
    ct_locale_leave(&locale);
    ct_plot_free(&plot);
    return status;
}
