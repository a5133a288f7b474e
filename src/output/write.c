/* cutropy_write: the formats on an open file. */
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "output/formats.h"

cutropy_status ct_write_table(const cutropy_result *result, cutropy_format format,
                              cutropy_base base, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_columns columns = {0};
    locale_t plain = (locale_t)0,
             before = (locale_t)0; /* a decimal comma would spoil every number */
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        CT_TRY(ct_fail_memory("locale", 0));
    before = uselocale(plain);
    CT_TRY(ct_columns_make(result, base, &columns));
    switch (format) {
    case CUTROPY_CSV:
        CT_TRY(ct_write_csv(result, &columns, file));
        break;
    case CUTROPY_JSON:
        CT_TRY(ct_write_json(result, &columns, file));
        break;
    case CUTROPY_NPY:
        CT_TRY(ct_write_npy(result, &columns, file));
        break;
    default:
        CT_TRY(ct_fail(CUTROPY_EINPUT, "unknown table format %d", (int)format));
    }
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

cutropy_status cutropy_write(const cutropy_result *result, cutropy_format format, cutropy_base base,
                             FILE *file)
{
    cutropy_status status = ct_write_table(result, format, base, file);
    if (status == CUTROPY_EIO) {
        int reason = errno;
        ct_fail(CUTROPY_EIO, "cannot write the table: %s", strerror(reason));
        errno = reason;
    }
    return status;
}
