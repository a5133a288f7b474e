/* The three formats behind cutropy_write. CUTROPY_EIO comes without a message: errno says why. */
#ifndef CT_FORMATS_H
#define CT_FORMATS_H

#include <stdio.h>

#include "output/columns.h"

cutropy_status ct_write_csv(const cutropy_result *result, const ct_columns *columns, FILE *file);
cutropy_status ct_write_json(const cutropy_result *result, const ct_columns *columns, FILE *file);
cutropy_status ct_write_npy(const cutropy_result *result, const ct_columns *columns, FILE *file);

/* Any of them, in the C locale, flushed. */
cutropy_status ct_write_table(const cutropy_result *result, cutropy_format format,
                              cutropy_base base, FILE *file);

#endif
