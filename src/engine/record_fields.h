/* SPDX-License-Identifier: Apache-2.0 */
/* A record as fields of a line, bit for bit. */
#ifndef CT_RECORD_FIELDS_H
#define CT_RECORD_FIELDS_H

#include "engine/fields.h"
#include "engine/result.h"

/* Writes the record, or reads it into one that is cleared (with as many quantities); what a failed reading left is
 * to be freed as any record. `done` is left to the caller. */
void ct_record_fields(ct_fields *fields, size_t quantities, cutropy_record *record);

#endif
