/* SPDX-License-Identifier: Apache-2.0 */
/* A growing piece of text. A failed allocation is remembered, so that it is checked once at the
 * end. */
#ifndef CT_TEXT_H
#define CT_TEXT_H

#include <stddef.h>

#include "base/base.h"

/* {0} is empty. bytes is not terminated by a zero. */
typedef struct ct_text {
    char *bytes;
    size_t length, capacity;
    bool failed;
} ct_text;

void ct_text_add(ct_text *text, const char *bytes, size_t length);
void ct_text_puts(ct_text *text, const char *string);
void ct_text_integer(ct_text *text, int64_t value);
/* At most 200 characters. */
void ct_text_printf(ct_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ct_text_free(ct_text *text);

#endif
