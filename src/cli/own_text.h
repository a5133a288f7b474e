/* SPDX-License-Identifier: Apache-2.0 */
/* --expr and --define: the text of the problem that they stand for. */
#ifndef CT_OWN_TEXT_H
#define CT_OWN_TEXT_H

#include "base/base.h"

/* "c:J=2:lit == J" or "my.c:J=2" from expression (NULL: none), the problem that was given (NULL: none) and NAME=VALUE.
 * *out is freed with ct_free; NULL where neither is there. Errors: CUTROPY_EINPUT (they do not go together),
 * CUTROPY_EMEMORY. */
cutropy_status ct_own_text(const char *expression, const char *given, const char *const *define,
                           size_t count, char **out);

#endif
