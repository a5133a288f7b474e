/* SPDX-License-Identifier: Apache-2.0 */
/* A growing piece of text. */
#include "sheet/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/locale.h"

static bool reserve(ct_text *text, size_t more)
{
    text->failed |=
        ct_array_room("text", &text->bytes, text->length, &text->capacity, more, 1) != CUTROPY_OK;
    return !text->failed;
}

void ct_text_add(ct_text *text, const char *bytes, size_t length)
{
    if (!reserve(text, length))
        return;
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void ct_text_puts(ct_text *text, const char *string)
{
    ct_text_add(text, string, strlen(string));
}

void ct_text_integer(ct_text *text, int64_t value)
{
    char digits[20]; /* printf takes several times longer, and a table is mostly integers */
    char *first = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--first = '-';
    ct_text_add(text, first, (size_t)(digits + sizeof digits - first));
}

void ct_text_printf(ct_text *text, const char *format, ...)
{
    char piece[201];
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
    ct_text_puts(text, piece);
}

void ct_text_free(ct_text *text)
{
    ct_free(text->bytes);
    *text = (ct_text){0};
}
