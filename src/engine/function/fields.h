/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of fields with a check each: what journals and parts of tables consist of. The same calls write and read
 * a line, so that its fields are listed once.
 *
 *     KEY field field ... CHECK
 *
 * A field is a word of 64 bits in hexadecimal (a double: its bits), or '=' and a text whose bytes other than
 * letters, digits and ._/+:,;()*- stand as %XX; '-': none. CHECK depends on the line and on that of the line before. */
#ifndef CT_FIELDS_H
#define CT_FIELDS_H

#include "base/base.h"

typedef struct ct_fields {
    bool reads;
    bool failed;    /* no memory, or a field is missing or is none: all calls do nothing then */
    bool no_memory; /* reading: it failed for want of memory */
    char *text;     /* writing: what was written, owned */
    size_t length, room;
    size_t line;          /* where the line begins that is being written */
    const char *at, *end; /* reading: what is left of the line */
    uint64_t chain;       /* the check of the line before */
} ct_fields;

/* ---- one line ---- */

/* Begins a line; its key is of letters. */
void ct_fields_begin(ct_fields *fields, const char *key);
void ct_fields_end(ct_fields *fields);

/* The next line of bytes *at .. length - 1, where it is whole and its check is right: its fields are then read
 * from *fields, whose chain the caller keeps from line to line, and *at goes on behind it. key needs CT_KEY bytes. */
#define CT_KEY 16
bool ct_fields_next(const char *text, size_t length, size_t *at, ct_fields *fields, char *key);
/* Whether nothing of the line is left over, and nothing failed. */
bool ct_fields_done(const ct_fields *fields);

void ct_fields_free(ct_fields *fields);

/* ---- fields ---- */

void ct_field_word(ct_fields *fields, uint64_t *value);
void ct_field_int(ct_fields *fields, int *value);
void ct_field_int64(ct_fields *fields, int64_t *value);
void ct_field_double(ct_fields *fields, double *value);
/* NULL is kept; reading: from ct_alloc, and *value must be NULL before. */
void ct_field_text(ct_fields *fields, char **value);
/* Reading: *memory becomes an array of count cleared elements, where the line has room for as many fields. count must be
 * the same in both ways. false: there is nothing to go through. */
bool ct_field_array(ct_fields *fields, void *memory, size_t count, size_t size);

#endif
