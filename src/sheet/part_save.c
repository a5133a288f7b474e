/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a part is written. */
#include <cutropy/part.h>

#include "engine/record/identity.h"
#include "engine/record/record_fields.h"
#include "sheet/part_fields.h"
#include "sheet/save.h"
#include "sheet/sheet.h"

#define BUFFER (1 << 20) /* bytes that are written at once */

static bool is_here(const cutropy_result *r, size_t record)
{
    return !r->records[record].elsewhere;
}

static cutropy_status put_out(ct_fields *fields, FILE *file, bool last)
{
    if (fields->failed)
        return ct_fail_memory("part", fields->room);
    if (!last && fields->length < BUFFER)
        return CUTROPY_OK;
    const size_t length = fields->length;
    fields->length = 0;
    return ct_write_bytes(file, fields->text, length);
}

static void put_head(ct_fields *fields, cutropy_result *r)
{
    uint64_t format = CT_PART_FORMAT;
    char *version = (char *)cutropy_version();
    ct_fields_begin(fields, CT_PART_FIRST);
    ct_field_word(fields, &format);
    ct_field_text(fields, &version);
    ct_fields_end(fields);
    ct_fields_begin(fields, "run");
    ct_identity_fields(fields, &r->identity);
    ct_fields_end(fields);
    ct_fields_begin(fields, "result");
    ct_part_result_fields(fields, r);
    ct_fields_end(fields);
}

static cutropy_status write_part(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *r = context; /* which is only read */
    ct_fields fields = {0};
    uint64_t rows = 0, cuts = 0;
    put_head(&fields, r);
    for (size_t i = 0; i < r->count; i++) {
        if (!is_here(r, r->rows[i].record))
            continue;
        ct_fields_begin(&fields, "row");
        ct_part_row_fields(&fields, r, &i);
        ct_fields_end(&fields);
        CT_TRY(put_out(&fields, file, false));
        rows++;
    }
    for (uint64_t i = 0; i < r->record_count; i++) {
        if (!is_here(r, i))
            continue;
        ct_fields_begin(&fields, "cut");
        ct_field_word(&fields, &i);
        ct_field_int(&fields, &r->records[i].done);
        ct_record_fields(&fields, r->quantity_count, &r->records[i]);
        ct_fields_end(&fields);
        CT_TRY(put_out(&fields, file, false));
        cuts++;
    }
    ct_fields_begin(&fields, "end");
    ct_field_word(&fields, &rows);
    ct_field_word(&fields, &cuts);
    ct_fields_end(&fields);
    CT_TRY(put_out(&fields, file, true));
done:
    ct_fields_free(&fields);
    return status;
}

cutropy_status cutropy_part_save(const cutropy_result *result, const char *path)
{
    if (!result->parted)
        return ct_fail(CUTROPY_EINPUT, "the result is not that of a part of a run");
    for (size_t i = 0; i < result->record_count; i++)
        if (is_here(result, i) && !result->records[i].done && !result->records[i].failed)
            return ct_fail(CUTROPY_EINPUT, "the part is not finished");
    return ct_save(path, write_part, (cutropy_result *)result);
}
