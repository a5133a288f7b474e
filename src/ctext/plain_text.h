/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are plain enough for a device. */
#ifndef CT_CTEXT_PLAIN_TEXT_H
#define CT_CTEXT_PLAIN_TEXT_H

#include "base/base.h"

/* Refuses what the list of rewrite.h would have to read as two compilers do, for certain: lines of the preprocessor but
 * #include <...>, #define NAME NUMBER, #ifndef NAME and #endif; \ and comments on such lines; odd quotes and constants; a comma
 * inside ?:; and, one image at a time where there are real numbers, arithmetic beside a comparison in brackets, whose truth is no watched
 * integer. name: of the text, in messages. Errors: CUTROPY_EUNSUPPORTED, CUTROPY_EMEMORY. */
cutropy_status ct_plain_text(const char *name, const char *text, bool sliced);
/* A number, with or without a sign: what --define may say to a device. */
bool ct_plain_number(const char *text);

#endif
