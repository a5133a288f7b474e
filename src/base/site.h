/* SPDX-License-Identifier: Apache-2.0 */
/* Python's packages around this library: site-packages/cutropy/lib/libcutropy.so, or the programs that came with it. */
#ifndef CT_SITE_H
#define CT_SITE_H

#include <stdbool.h>
#include <stddef.h>

/* The path of `file`, which is named from site-packages on; false: it is not there, or nothing of this was
 * installed as a Python package. */
bool ct_site_find(const char *file, char *path, size_t size);

#endif
