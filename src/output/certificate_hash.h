/* The SHA-256 (FIPS 180-4) that ends a certificate. */
#ifndef CT_CERTIFICATE_HASH_H
#define CT_CERTIFICATE_HASH_H

#include <stddef.h>

/* hex: 64 lower-case digits and a final zero. */
void ct_certificate_hash(const char *bytes, size_t length, char hex[65]);

#endif
