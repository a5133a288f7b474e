/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_sheet_write: the formats on an open file. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "base/locale.h"
#include "sheet/sheet.h"

int cutropy_format_named(const char *name, cutropy_format *out)
{
    static const struct {
        const char *name;
        cutropy_format format;
    } names[] = {{"csv", CUTROPY_FORMAT_CSV},     {"json", CUTROPY_FORMAT_JSON},
                 {"npy", CUTROPY_FORMAT_NPY},     {"text", CUTROPY_FORMAT_TEXT},
                 {"txt", CUTROPY_FORMAT_TEXT},    {"markdown", CUTROPY_FORMAT_MARKDOWN},
                 {"md", CUTROPY_FORMAT_MARKDOWN}, {"latex", CUTROPY_FORMAT_LATEX},
                 {"tex", CUTROPY_FORMAT_LATEX}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcasecmp(name, names[i].name)) {
            *out = names[i].format;
            return 1;
        }
    return 0;
}

static cutropy_status write_format(const cutropy_sheet *sheet, cutropy_format format, FILE *file)
{
    switch (format) {
    case CUTROPY_FORMAT_CSV:
        return ct_write_csv(sheet, file);
    case CUTROPY_FORMAT_JSON:
        return ct_write_json(sheet, file);
    case CUTROPY_FORMAT_NPY:
        return ct_write_npy(sheet, file);
    case CUTROPY_FORMAT_TEXT:
    case CUTROPY_FORMAT_MARKDOWN:
    case CUTROPY_FORMAT_LATEX:
        return ct_write_aligned(sheet, format, file);
    default:
        return ct_fail(CUTROPY_EINPUT, "unknown table format %d", (int)format);
    }
}

cutropy_status ct_write_sheet(const cutropy_sheet *sheet, cutropy_format format, FILE *file)
{
    const ct_locale locale = ct_locale_enter(); /* a decimal comma would spoil every number */
    cutropy_status status = write_format(sheet, format, file);
    if (!status && (fflush(file) || ferror(file)))
        status = CUTROPY_EIO;
    ct_locale_leave(&locale);
    return status;
}

cutropy_status cutropy_sheet_write(const cutropy_sheet *sheet, cutropy_format format, FILE *file)
{
    const cutropy_status status = ct_write_sheet(sheet, format, file);
    if (status == CUTROPY_EIO) {
        const int reason = errno;
        ct_fail(CUTROPY_EIO, "cannot write the table: %s", strerror(reason));
        errno = reason;
    }
    return status;
}

cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file)
{
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_result_sheet(result, base, &sheet);
    if (!status)
        status = cutropy_sheet_write(sheet, format, file);
    const int reason = errno;
    cutropy_sheet_free(sheet);
    errno = reason;
    return status;
}
