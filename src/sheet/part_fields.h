/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of the file of a part (engine/function/fields.h):
 *
 *     cutropypart FORMAT VERSION
 *     run IDENTITY ...
 *     result ...                              all but rows and records
 *     row ROW MASK ... ORBIT ...              those of its cuts
 *     cut ORBIT DONE RECORD ...
 *     end ROWS CUTS */
#ifndef CT_PART_FIELDS_H
#define CT_PART_FIELDS_H

#include "engine/function/fields.h"
#include "engine/function/result.h"

#define CT_PART_FIRST "cutropypart"
#define CT_PART_FORMAT 3

/* All but rows and records, either way. Reading fills a cleared result, and makes room for both, and the masks. */
void ct_part_result_fields(ct_fields *fields, cutropy_result *result);
/* Row `row`, with its mask; reading: also which it is. */
void ct_part_row_fields(ct_fields *fields, cutropy_result *result, size_t *row);

#endif
