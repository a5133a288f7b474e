/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a multi-class problem: the rows of every class behind a column `class`. */
#include <cutropy/classes.h>

#include "output/formats.h"
#include "output/save.h"

cutropy_status cutropy_classes_write(const cutropy_classes *classes,
                                     const cutropy_result *const *results, size_t count,
                                     cutropy_format format, cutropy_base base, FILE *file)
{
    const ct_tables tables = {results, classes->label, count, classes->count - count};
    if (!count || count > classes->count)
        return ct_fail(CUTROPY_EINPUT, "%zu results of %zu classes cannot be a table", count,
                       classes->count);
    return ct_write_tables_named(&tables, format, base, file);
}

typedef struct job {
    ct_tables tables;
    cutropy_format format;
    cutropy_base base;
} job;

static cutropy_status write_job(FILE *file, void *context)
{
    const job *j = context;
    return ct_write_tables(&j->tables, j->format, j->base, file);
}

cutropy_status cutropy_classes_save(const cutropy_classes *classes,
                                    const cutropy_result *const *results, size_t count,
                                    cutropy_format format, cutropy_base base, const char *path)
{
    job j = {{results, classes->label, count, classes->count - count}, format, base};
    if (!count || count > classes->count)
        return ct_fail(CUTROPY_EINPUT, "%zu results of %zu classes cannot be a table", count,
                       classes->count);
    char partial[CT_PARTIAL_SIZE];
    ct_tables_partial(&j.tables, partial);
    return ct_save_run(path, !*partial, write_job, &j);
}
