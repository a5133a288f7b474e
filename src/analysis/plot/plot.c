/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of tables and sheets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/check/check_table.h"
#include "analysis/plot/plot.h"
#include "base/locale.h"

static cutropy_status draw(const ct_plot_source *sources, size_t count, const char *function,
                           const char *origin, const cutropy_plot_options *options,
                           const char *picture)
{
    static const cutropy_plot_options standard = CUTROPY_PLOT_OPTIONS;
    cutropy_status status = CUTROPY_OK;
    ct_plot plot = {.function = function, .origin = origin};
    const ct_locale locale = ct_locale_enter();
    options = options ? options : &standard;
    CT_TRY(ct_options_known("CUTROPY_PLOT_OPTIONS", options->size, sizeof *options));
    CT_TRY(ct_plot_of(sources, count, options, &plot));
    CT_TRY(ct_plot_save(&plot, picture));
done:
    ct_locale_leave(&locale);
    ct_plot_free(&plot);
    return status;
}

/* The name of a file without its folders and its ending. */
static void shorten(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    const char *dot = strrchr(file, '.');
    snprintf(out, size, "%.*s", dot && dot > file ? (int)(dot - file) : (int)strlen(file), file);
}

cutropy_status cutropy_plot_tables(const char *const *tables, size_t count,
                                   const cutropy_plot_options *options, const char *picture)
{
    cutropy_status status = CUTROPY_OK;
    ct_check_table *table = NULL;
    ct_plot_source *source = NULL;
    char(*name)[48] = NULL;
    size_t read = 0;
    if (!count)
        return ct_fail(CUTROPY_EINPUT, "no table to draw");
    CT_TRY(cutropy_plot_check(picture));
    CT_NEW_ZERO(table, count);
    CT_NEW_ZERO(source, count);
    CT_NEW_ZERO(name, count);
    for (; read < count; read++) {
        cutropy_lattice *lattice = NULL;
        status = ct_table_file_read(tables[read], &table[read]);
        if (!status && table[read].lattice)
            status = cutropy_lattice_parse(table[read].lattice, &lattice);
        shorten(tables[read], name[read], sizeof *name);
        source[read] =
            (ct_plot_source){name[read], &table[read].csv, lattice ? lattice->pixels : 0};
        cutropy_lattice_free(lattice);
        if (status) {
            ct_check_table_free(&table[read]);
            goto done;
        }
    }
    const bool one = count == 1 && table->problem;
    CT_TRY(draw(source, count,
                one          ? table->problem
                : count == 1 ? *name
                             : "",
                one && table->lattice ? table->lattice : "", options, picture));
done:
    for (size_t i = 0; i < read; i++)
        ct_check_table_free(&table[i]);
    ct_free(table);
    ct_free(source);
    ct_free(name);
    return status;
}

cutropy_status cutropy_plot_sheet(const cutropy_sheet *sheet, const char *name,
                                  const cutropy_plot_options *options, const char *picture)
{
    cutropy_status status = CUTROPY_OK;
    char *bytes = NULL;
    size_t size = 0;
    ct_csv csv = {0};
    FILE *file = open_memstream(&bytes, &size);
    if (!file)
        return ct_fail_memory("picture", 0);
    status = cutropy_sheet_write(sheet, CUTROPY_FORMAT_CSV, file);
    if (fclose(file) && !status)
        status = ct_fail_memory("picture", size);
    if (status)
        goto done;
    CT_TRY(ct_csv_parse((const uint8_t *)bytes, size, name, &csv));
    CT_TRY(draw(&(ct_plot_source){name, &csv, 0}, 1, name, "", options, picture));
done:
    ct_csv_free(&csv);
    free(bytes);
    return status;
}
