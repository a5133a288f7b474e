/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4). The verifier has its own: it shares no code with what it checks. */
#ifndef CV_SHA256_H
#define CV_SHA256_H

#include <stddef.h>

/* hex: 64 lower-case digits and a final zero. */
void cv_sha256(const char *bytes, size_t size, char hex[65]);

#endif
