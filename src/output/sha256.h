/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), for certificates and for the index of ground-truth tables. */
#ifndef CT_SHA256_H
#define CT_SHA256_H

#include <stddef.h>

/* hex: 64 lower-case digits and a final zero. */
void ct_sha256(const char *bytes, size_t length, char hex[65]);

#endif
