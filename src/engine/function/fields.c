/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/fields.h"

#include <string.h>

#include "base/array.h"

#define CHECK 16 /* digits */

static const char digits[] = "0123456789abcdef";

void ct_fields_free(ct_fields *fields)
{
    ct_free(fields->text);
    fields->text = NULL;
    fields->length = fields->room = 0;
}

/* ---- checks ---- */

static uint64_t check_of(uint64_t before, const char *line, size_t length)
{
    uint64_t check = ct_mix64(before + length + 1);
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, line + i, length - i < 8 ? length - i : 8);
        check = ct_mix64(check * 3 + word + 1);
    }
    return check;
}

static void format_check(uint64_t check, char *text)
{
    for (int i = 0; i < CHECK; i++)
        text[i] = digits[check >> (60 - 4 * i) & 15];
}

/* ---- writing ---- */

/* Room for so many bytes behind the line, or NULL. */
static char *room(ct_fields *fields, size_t bytes)
{
    if (!fields->failed && CT_ROOM("journal", fields->text, fields->length, fields->room, bytes))
        fields->failed = true;
    return fields->failed ? NULL : fields->text + fields->length;
}

void ct_fields_begin(ct_fields *fields, const char *key)
{
    const size_t length = strlen(key);
    char *to = room(fields, length);
    fields->line = fields->length;
    if (!to)
        return;
    memcpy(to, key, length);
    fields->length += length;
}

void ct_fields_end(ct_fields *fields)
{
    char *to = room(fields, CHECK + 2);
    if (!to)
        return;
    fields->chain =
        check_of(fields->chain, fields->text + fields->line, fields->length - fields->line);
    *to = ' ';
    format_check(fields->chain, to + 1);
    to[CHECK + 1] = '\n';
    fields->length += CHECK + 2;
}

static void write_word(ct_fields *fields, uint64_t value)
{
    char *to = room(fields, 17);
    size_t length = 0;
    if (!to)
        return;
    to[length++] = ' ';
    int shift = 60;
    while (shift && !(value >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        to[length++] = digits[value >> shift & 15];
    fields->length += length;
}

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("._/+:,;()*-", c));
}

static void write_text(ct_fields *fields, const char *value)
{
    char *to = room(fields, value ? 2 + 3 * strlen(value) : 2);
    if (!to)
        return;
    *to++ = ' ';
    *to++ = value ? '=' : '-';
    for (; value && *value; value++) {
        if (is_plain(*value)) {
            *to++ = *value;
            continue;
        }
        *to++ = '%';
        *to++ = digits[(unsigned char)*value >> 4];
        *to++ = digits[(unsigned char)*value & 15];
    }
    fields->length = (size_t)(to - fields->text);
}

/* ---- reading ---- */

bool ct_fields_next(const char *text, size_t length, size_t *at, ct_fields *fields, char *key)
{
    const char *line = text + *at, *end = memchr(line, '\n', length - *at);
    const size_t whole = end ? (size_t)(end - line) : 0;
    char check[CHECK];
    size_t k = 0;
    if (whole < CHECK + 2 || line[whole - CHECK - 1] != ' ')
        return false;
    const size_t content = whole - CHECK - 1;
    const uint64_t chain = check_of(fields->chain, line, content);
    format_check(chain, check);
    if (memcmp(check, line + whole - CHECK, CHECK))
        return false;
    for (; k < content && line[k] != ' '; k++)
        if (k < CT_KEY - 1)
            key[k] = line[k];
    key[k < CT_KEY - 1 ? k : CT_KEY - 1] = '\0';
    *fields = (ct_fields){.reads = true, .at = line + k, .end = line + content, .chain = chain};
    *at += whole + 1;
    return true;
}

bool ct_fields_done(const ct_fields *fields)
{
    return !fields->failed && fields->at == fields->end;
}

static int digit_of(char c)
{
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* The bytes of the next field; NULL: there is none. */
static const char *next(ct_fields *fields, size_t *length)
{
    const char *field = fields->at + 1, *end;
    if (!fields->failed && (fields->at == fields->end || *fields->at != ' '))
        fields->failed = true;
    if (fields->failed)
        return NULL;
    end = memchr(field, ' ', (size_t)(fields->end - field));
    fields->at = end ? end : fields->end;
    *length = (size_t)(fields->at - field);
    return field;
}

static void read_word(ct_fields *fields, uint64_t *value)
{
    size_t length = 0;
    const char *field = next(fields, &length);
    *value = 0;
    for (size_t i = 0; field && i < length; i++) {
        const int digit = digit_of(field[i]);
        fields->failed |= digit < 0 || length > 16;
        *value = *value << 4 | (uint64_t)(digit & 15);
    }
    fields->failed |= !length;
}

static void read_text(ct_fields *fields, char **value)
{
    size_t length = 0, n = 0;
    const char *field = next(fields, &length);
    if (!field || (length == 1 && *field == '-'))
        return;
    const bool is_text = *field == '=';
    char *text = is_text ? ct_alloc(length, 1) : NULL;
    if (!text) {
        fields->failed = true;
        fields->no_memory |= is_text;
        return;
    }
    for (size_t i = 1; i < length; i++) {
        int c = (unsigned char)field[i];
        if (c == '%' && i + 2 < length) {
            const int high = digit_of(field[i + 1]), low = digit_of(field[i + 2]);
            const bool good = high >= 0 && low >= 0 && high + low > 0;
            c = good ? 16 * high + low : '?';
            fields->failed |= !good;
            i += 2;
        }
        text[n++] = (char)c;
    }
    text[n] = '\0';
    *value = text;
}

/* ---- both ---- */

void ct_field_word(ct_fields *fields, uint64_t *value)
{
    if (fields->reads)
        read_word(fields, value);
    else
        write_word(fields, *value);
}

void ct_field_int64(ct_fields *fields, int64_t *value)
{
    uint64_t word = (uint64_t)*value;
    ct_field_word(fields, &word);
    *value = (int64_t)word;
}

void ct_field_int(ct_fields *fields, int *value)
{
    int64_t wide = *value;
    ct_field_int64(fields, &wide);
    *value = (int)wide;
}

void ct_field_double(ct_fields *fields, double *value)
{
    uint64_t word;
    memcpy(&word, value, sizeof word);
    ct_field_word(fields, &word);
    memcpy(value, &word, sizeof word);
}

void ct_field_text(ct_fields *fields, char **value)
{
    if (fields->reads)
        read_text(fields, value);
    else
        write_text(fields, *value);
}

bool ct_field_array(ct_fields *fields, void *memory, size_t count, size_t size)
{
    void *array = NULL;
    if (fields->failed || !fields->reads)
        return !fields->failed && count;
    const bool fits = count <= (size_t)(fields->end - fields->at) / 2;
    if (fits)
        array = ct_calloc(count, size);
    fields->no_memory |= fits && !array;
    fields->failed |= !array;
    memcpy(memory, &array, sizeof array);
    return array && count;
}
