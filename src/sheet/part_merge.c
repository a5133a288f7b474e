/* SPDX-License-Identifier: Apache-2.0 */
/* The files of all parts become one result. */
#include <cutropy/part.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/cut/exact.h"
#include "engine/function/part.h"
#include "engine/record/identity.h"
#include "engine/record/record.h"
#include "engine/record/record_fields.h"
#include "engine/record/rows.h"
#include "sheet/part_fields.h"

#define NAMED 8 /* missing parts that a message names */

typedef struct merge {
    const char *const *path;
    cutropy_result *result; /* NULL before the first file */
    ct_identity whole;      /* of the first file */
    int parts;
    const char **file_of; /* one a part: its file; NULL: not yet */
    bool *row;            /* one a row: it is there */
} merge;

/* A file that is being read. */
typedef struct part {
    const char *path;
    char *text;
    size_t length, at;
    ct_fields fields;
    char key[CT_KEY];
} part;

static cutropy_status damaged(const part *p)
{
    if (p->fields.no_memory)
        return ct_fail_memory("part", p->length);
    return ct_fail(CUTROPY_EINPUT, "'%s' is damaged, or not whole: compute this part again",
                   p->path);
}

/* ---- the file ---- */

static cutropy_status read_file(const char *path, part *p)
{
    cutropy_status status = CUTROPY_OK;
    struct stat state;
    FILE *file = fopen(path, "rbe");
    *p = (part){.path = path};
    if (!file || fstat(fileno(file), &state))
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot read '%s': %s", path, strerror(errno)));
    if (!S_ISREG(state.st_mode))
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot read '%s': it is no plain file", path));
    p->length = (size_t)state.st_size;
    CT_NEW(p->text, p->length + 1);
    if (fread(p->text, 1, p->length, file) != p->length)
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot read '%s': %s", path,
                       strerror(ferror(file) ? errno : EIO)));
done:
    if (file)
        fclose(file);
    return status;
}

static bool next(part *p)
{
    return ct_fields_next(p->text, p->length, &p->at, &p->fields, p->key);
}

/* ---- its beginning ---- */

static cutropy_status read_first(part *p)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t format;
    char *version = NULL;
    if (!next(p) || strcmp(p->key, CT_PART_FIRST))
        return ct_fail(CUTROPY_EINPUT, "'%s' is no part of a run (cutropy table --part)", p->path);
    ct_field_word(&p->fields, &format);
    ct_field_text(&p->fields, &version);
    if (p->fields.no_memory)
        status = damaged(p);
    else if (format != CT_PART_FORMAT || !version || strcmp(version, cutropy_version()))
        status = ct_fail(CUTROPY_EINPUT, "'%s' was made by cutropy %.32s, and this is %.32s",
                         p->path, version ? version : "of an unknown version", cutropy_version());
    ct_free(version);
    return status;
}

/* Is it one of the run of the first file, and which? */
static cutropy_status place(merge *m, const part *p, const ct_identity *identity)
{
    ct_part which;
    if (ct_part_parse("part", ct_identity_part(identity), &which))
        return damaged(p);
    char contrast[CT_CONTRAST_SIZE];
    const int differs = ct_identity_differs(&m->whole, identity);
    if (differs >= 0 && !ct_identity_is_part(differs)) {
        ct_identity_contrast(identity, &m->whole, differs, contrast);
        return ct_fail(CUTROPY_EINPUT, "'%s' is of another run than '%s': its %s", p->path,
                       m->path[0], contrast);
    }
    if (which.count != m->parts)
        return ct_fail(CUTROPY_EINPUT, "'%s' is one of %d parts, and '%s' one of %d", p->path,
                       which.count, m->path[0], m->parts);
    if (m->file_of[which.index - 1])
        return ct_fail(CUTROPY_EINPUT, "'%s' and '%s' are both part %d of %d",
                       m->file_of[which.index - 1], p->path, which.index, which.count);
    m->file_of[which.index - 1] = p->path;
    return CUTROPY_OK;
}

/* What the first file says is true of all. */
static cutropy_status begin_result(merge *m, cutropy_result *r, ct_identity *identity, part *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_part which;
    if (ct_part_parse("part", ct_identity_part(identity), &which))
        return damaged(p);
    m->parts = which.count;
    m->whole = *identity;
    *identity = (ct_identity){0};
    CT_NEW_ZERO(m->file_of, which.count);
    CT_NEW_ZERO(m->row, r->count);
    for (size_t i = 0; i < r->record_count; i++)
        r->records[i].elsewhere = 1;
done:
    return status;
}

/* Seconds add up. */
static void add_result(const cutropy_result *one, cutropy_result *all)
{
    for (size_t i = 0; i < one->timing_count && i < all->timing_count; i++)
        all->timings[i].seconds += one->timings[i].seconds;
    all->threads = one->threads > all->threads ? one->threads : all->threads;
}

static cutropy_status read_head(merge *m, part *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_identity identity = {0};
    cutropy_result *r = NULL;
    CT_TRY(read_first(p));
    if (!next(p) || strcmp(p->key, "run"))
        CT_TRY(damaged(p));
    ct_identity_fields(&p->fields, &identity);
    for (int i = 0; i < CT_IDENTITIES; i++)
        p->fields.failed |= !identity.value[i];
    if (!ct_fields_done(&p->fields))
        CT_TRY(damaged(p));
    if (m->result)
        CT_TRY(place(m, p, &identity)); /* before room is made for what may be foreign */
    CT_NEW_ZERO(r, 1);
    if (!next(p) || strcmp(p->key, "result"))
        CT_TRY(damaged(p));
    ct_part_result_fields(&p->fields, r);
    if (!ct_fields_done(&p->fields))
        CT_TRY(damaged(p));
    if (m->result) {
        add_result(r, m->result);
        if (r->count != m->result->count || r->record_count != m->result->record_count)
            status = damaged(p);
        goto done;
    }
    m->result = r;
    r = NULL;
    CT_TRY(begin_result(m, m->result, &identity, p));
    CT_TRY(place(m, p, &m->whole));
done:
    cutropy_result_free(r);
    ct_identity_free(&identity);
    return status;
}

/* ---- rows and records ---- */

static cutropy_status read_record(cutropy_result *r, part *p)
{
    uint64_t orbit;
    int done;
    cutropy_record record = {0};
    ct_field_word(&p->fields, &orbit);
    ct_field_int(&p->fields, &done);
    ct_record_fields(&p->fields, r->quantity_count, &record);
    record.done = done != 0;
    const bool good =
        ct_fields_done(&p->fields) && orbit < r->record_count &&
        (record.done ? !record.failed
                     : record.failure && ct_fails_alone((cutropy_status)record.failed));
    /* what several parts have, they have alike */
    cutropy_record unused = good && r->records[orbit].elsewhere ? r->records[orbit] : record;
    if (good && r->records[orbit].elsewhere)
        r->records[orbit] = record;
    ct_exact_free(unused.exact, r->quantity_count);
    ct_record_free(&unused);
    return good ? CUTROPY_OK : damaged(p);
}

/* Up to its last line; a file without one is not whole. */
static cutropy_status read_body(merge *m, part *p)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t rows = 0, cuts = 0, said[2];
    while (next(p) && strcmp(p->key, "end")) {
        size_t row = 0;
        if (!strcmp(p->key, "row")) {
            ct_part_row_fields(&p->fields, m->result, &row);
            if (!ct_fields_done(&p->fields))
                CT_TRY(damaged(p));
            m->row[row] = true;
            rows++;
        } else if (!strcmp(p->key, "cut")) {
            CT_TRY(read_record(m->result, p));
            cuts++;
        } else {
            CT_TRY(damaged(p));
        }
    }
    ct_field_word(&p->fields, &said[0]);
    ct_field_word(&p->fields, &said[1]);
    if (strcmp(p->key, "end") || !ct_fields_done(&p->fields) || said[0] != rows ||
        said[1] != cuts || p->at != p->length)
        status = damaged(p);
done:
    return status;
}

static cutropy_status add_file(merge *m, const char *path)
{
    cutropy_status status = CUTROPY_OK;
    part p;
    CT_TRY(read_file(path, &p));
    CT_TRY(read_head(m, &p));
    CT_TRY(read_body(m, &p));
done:
    ct_free(p.text);
    return status;
}

/* ---- together ---- */

static cutropy_status check_missing(const merge *m)
{
    char list[NAMED * 12] = "";
    int missing = 0;
    for (int i = 0; i < m->parts; i++) {
        const size_t used = strlen(list);
        if (!m->file_of[i] && missing++ < NAMED)
            snprintf(list + used, sizeof list - used, "%s%d", used ? ", " : "", i + 1);
    }
    if (!missing)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT, "%s %s%s of %d %s missing", missing > 1 ? "parts" : "part", list,
                   missing > NAMED ? ", .." : "", m->parts, missing > 1 ? "are" : "is");
}

/* Every part was there and whole, so this cannot fail unless the parts contradict each other. */
static cutropy_status check_whole(const merge *m)
{
    for (size_t i = 0; i < m->result->count; i++)
        if (!m->row[i] || m->result->records[m->result->rows[i].record].elsewhere)
            return ct_fail(CUTROPY_EINTERNAL, "no part has row %zu", i);
    return CUTROPY_OK;
}

cutropy_status cutropy_parts_merge(const char *const *paths, size_t count, cutropy_result **out)
{
    cutropy_status status = CUTROPY_OK, failure = CUTROPY_OK;
    merge m = {.path = paths};
    *out = NULL;
    if (!count)
        return ct_fail(CUTROPY_EINPUT, "no part was given");
    for (size_t i = 0; i < count; i++)
        CT_TRY(add_file(&m, paths[i]));
    CT_TRY(check_missing(&m));
    CT_TRY(check_whole(&m));
    if (m.result->sites)
        CT_TRY(ct_rows_mutual_information(m.result));
    failure = ct_records_failure(m.result->records, m.result->record_count);
    m.result->complete = failure == CUTROPY_OK;
    *out = m.result;
    m.result = NULL;
done:
    cutropy_result_free(m.result);
    ct_identity_free(&m.whole);
    ct_free(m.file_of);
    ct_free(m.row);
    return status == CUTROPY_OK ? failure : status;
}
