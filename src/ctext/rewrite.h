/* SPDX-License-Identifier: Apache-2.0 */
/* A text of one image at a time, as devices get it: with integers that are watched (checked.h). */
#ifndef CT_CTEXT_REWRITE_H
#define CT_CTEXT_REWRITE_H

#include <stdio.h>

#include "base/base.h"

/* Types and literals of integers become ct_num and ct_c, the first index of an array is taken by ct_at; lines stay lines. What could go
 * round ct_num is refused, with its line: pointers, addresses, arrays as parameters, structures, strings, names of our own.
 * name: of the text, in messages. Errors: CUTROPY_EUNSUPPORTED. */
cutropy_status ct_rewrite(const char *name, const char *text, FILE *out);

#endif
