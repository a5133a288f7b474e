/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the reader of certificates and what computes with its numbers. The input is everything but
 * the last line: a hash would keep the fuzzer out. */
#include "fuzz.h"

#include "verifier/sha256.h"
#include "verifier/verify.h"

static void check_accepted(const cv_certificate *c)
{
    char message[CV_MESSAGE] = "";
    cv_enclosure proved;
    FUZZ_CHECK(c->blocks >= 1 && mpz_sgn(c->trace) > 0);
    for (size_t b = 0; b < c->blocks; b++) {
        const cv_block *k = &c->block[b];
        FUZZ_CHECK(k->size >= 1 && k->resolved <= k->size && mpz_sgn(k->repeat) > 0);
        for (size_t i = 0; i < k->size; i++)
            FUZZ_CHECK(mpz_sgn(k->multiplicity[i]) > 0);
        for (size_t i = 0; i < k->size * k->size; i++)
            FUZZ_CHECK(!mpz_cmp(k->gram[i], k->gram[i % k->size * k->size + i / k->size]));
    }
    FUZZ_CHECK(mpz_sgn(c->lower.denominator) > 0 && mpz_sgn(c->upper.denominator) > 0);
    cv_enclosure_init(&proved);
    const cv_verdict verdict = cv_verify(c, true, &proved, message);
    FUZZ_CHECK((verdict == CV_VERIFIED) == !message[0] && !strchr(message, '\n'));
    if (verdict == CV_VERIFIED)
        FUZZ_CHECK(mpz_cmp(proved.lower, proved.upper) <= 0);
    cv_enclosure_free(&proved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[CV_MESSAGE] = "", hex[65];
    cv_certificate c;
    char *text = malloc(size + 80);
    FUZZ_CHECK(text);
    if (size)
        memcpy(text, data, size);
    cv_sha256(text, size, hex);
    const size_t length = size + (size_t)sprintf(text + size, "end sha256 %s\n", hex);
    if (cv_read(text, length, &c, message))
        check_accepted(&c);
    else
        FUZZ_CHECK(message[0] && !strchr(message, '\n') && !c.text && !c.block);
    cv_certificate_free(&c);
    FUZZ_CHECK(!cv_read(text, size, &c, message) || strstr(text, "end sha256 ") < text + size);
    cv_certificate_free(&c);
    free(text);
    return 0;
}
