/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_write: the formats on an open file. */
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "output/formats.h"
#include "output/rows.h"

void ct_tables_partial(const ct_tables *tables, char *text)
{
    size_t finished = 0, asked = tables->missing * tables->results[0]->count;
    bool complete = !tables->missing;
    for (size_t k = 0; k < tables->count; k++) {
        const cutropy_result *result = tables->results[k];
        for (size_t row = 0; row < result->count; row++)
            finished += ct_row_done(result, row);
        asked += result->count;
        complete &= result->complete != 0;
    }
    *text = 0;
    if (!complete)
        snprintf(text, CT_PARTIAL_SIZE, "%zu of %zu cuts", finished, asked);
}

/* The first line of a partial table is no header: a reader that knows no comments fails at once. */
static cutropy_status write_csv(const ct_tables *tables, ct_columns *columns, FILE *file)
{
    char partial[CT_PARTIAL_SIZE];
    ct_tables_partial(tables, partial);
    if (*partial && fprintf(file, "# partial: %s\n", partial) < 0)
        return CUTROPY_EIO;
    cutropy_status status = ct_write_csv_header(columns, file);
    for (size_t k = 0; status == CUTROPY_OK && k < tables->count; k++) {
        columns->class_label = tables->labels ? tables->labels[k] : 0;
        status = ct_write_rows(tables->results[k], columns, CUTROPY_FORMAT_CSV, file);
    }
    return status;
}

/* One document, or an array of them; one more where classes are missing. */
static cutropy_status write_json(const ct_tables *tables, ct_columns *columns, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    char partial[CT_PARTIAL_SIZE];
    for (size_t k = 0; k < tables->count; k++) {
        columns->class_label = tables->labels ? tables->labels[k] : 0;
        if (tables->labels)
            CT_TRY(ct_write_bytes(file, k ? "," : "[", 1));
        CT_TRY(ct_write_json(tables->results[k], columns, file));
    }
    ct_tables_partial(tables, partial);
    if (tables->missing &&
        fprintf(file, ",{\"complete\": false, \"partial\": \"%s\"}", partial) < 0)
        CT_TRY(CUTROPY_EIO);
    if (tables->labels)
        CT_TRY(ct_write_bytes(file, "]\n", 2));
done:
    return status;
}

static cutropy_status write_format(const ct_tables *tables, ct_columns *columns,
                                   cutropy_format format, FILE *file)
{
    switch (format) {
    case CUTROPY_FORMAT_CSV:
        return write_csv(tables, columns, file);
    case CUTROPY_FORMAT_JSON:
        return write_json(tables, columns, file);
    case CUTROPY_FORMAT_NPY:
        return ct_write_npy(tables, columns, file);
    default:
        return ct_fail(CUTROPY_EINPUT, "unknown table format %d", (int)format);
    }
}

cutropy_status ct_write_tables(const ct_tables *tables, cutropy_format format, cutropy_base base,
                               FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_columns columns = {0};
    locale_t plain = (locale_t)0,
             before = (locale_t)0; /* a decimal comma would spoil every number */
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        CT_TRY(ct_fail_memory("locale", 0));
    before = uselocale(plain);
    CT_TRY(ct_columns_make(tables->results[0], base, &columns));
    if (tables->labels)
        CT_TRY(ct_columns_add_class(&columns));
    CT_TRY(write_format(tables, &columns, format, file));
    if (fflush(file) || ferror(file))
        status = CUTROPY_EIO;
done:;
    int reason = errno;
    ct_columns_free(&columns);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    errno = reason;
    return status;
}

cutropy_status ct_write_tables_named(const ct_tables *tables, cutropy_format format,
                                     cutropy_base base, FILE *file)
{
    cutropy_status status = ct_write_tables(tables, format, base, file);
    if (status == CUTROPY_EIO) {
        int reason = errno;
        ct_fail(CUTROPY_EIO, "cannot write the table: %s", strerror(reason));
        errno = reason;
    }
    return status;
}

cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file)
{
    const ct_tables tables = {.results = &result, .count = 1};
    return ct_write_tables_named(&tables, format, base, file);
}
