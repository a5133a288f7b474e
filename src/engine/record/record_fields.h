/* SPDX-License-Identifier: Apache-2.0 */
/* A record as fields of a line, bit for bit. */
#ifndef CT_RECORD_FIELDS_H
#define CT_RECORD_FIELDS_H

#include "engine/function/fields.h"
#include "engine/function/result.h"

/* Writes the record, or reads it into one that is cleared (with as many quantities); what a failed reading left is
 * to be freed as any record. `done` is left to the caller. */
void ct_record_fields(ct_fields *fields, size_t quantities, cutropy_record *record);

/* ORBIT DONE RECORD of a line. Reading: into the one of `count` records, which is freed before; false: the line is damaged, or the
 * orbit is none of them, and no record has changed. */
void ct_record_line_put(ct_fields *fields, size_t orbit, size_t quantities,
                        const cutropy_record *record);
bool ct_record_line_take(ct_fields *fields, size_t quantities, cutropy_record *records,
                         size_t count, size_t *orbit);

#endif
