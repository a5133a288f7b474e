/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of small integer matrices, made without the engine. */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"

#include "certificate_maker.h"

void made_start(made *m)
{
    memset(m, 0, sizeof *m);
    m->certificate = (ct_certificate){.problem = "test",
                                      .lattice = "chain:4",
                                      .cut = "3",
                                      .checksum = "0123456789abcdef",
                                      .base = CUTROPY_BASE_BITS,
                                      .trace = m->trace,
                                      .purity_numerator = m->purity[0],
                                      .purity_denominator = m->purity[1],
                                      .block = m->block,
                                      .entropy = m->entropy,
                                      .error = m->error,
                                      .lower = m->lower,
                                      .upper = m->upper};
    mpf_init2(m->truth, 640);
}

static void *copy_of(const void *bytes, size_t size)
{
    void *copy = malloc(size);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    return copy;
}

/* Row j of the result: eigenvector j (largest eigenvalue first) of H over sqrt(m), times a power of
 * two that fills 61 bits, rounded. */
static int64_t *rounded_vectors(int64_t n, const int64_t *m, const int64_t *gram, int64_t *resolved)
{
    double *h = malloc((size_t)(n * n) * sizeof *h), *w = malloc((size_t)n * sizeof *w);
    int64_t *y = malloc((size_t)(n * n) * sizeof *y);
    ck_assert(h && w && y);
    for (int64_t i = 0; i < n * n; i++)
        h[i] = sqrt((double)m[i / n]) * sqrt((double)m[i % n]) * (double)gram[i];
    ck_assert_int_eq(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'V', 'U', (int)n, h, (int)n, w), 0);
    *resolved = 0;
    for (int64_t j = 0; j < n; j++) {
        double largest = 0;
        for (int64_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(h[i * n + n - 1 - j] / sqrt((double)m[i])));
        int exponent;
        frexp(largest, &exponent);
        for (int64_t i = 0; i < n; i++)
            y[j * n + i] = llrint(ldexp(h[i * n + n - 1 - j] / sqrt((double)m[i]), 61 - exponent));
        *resolved += w[n - 1 - j] > 1e-13 * w[n - 1];
    }
    free(h);
    free(w);
    return y;
}

void made_block(made *m, int64_t n, int64_t repeat, const int64_t *multiplicity,
                const int64_t *gram)
{
    ct_certificate_block *b = &m->block[m->certificate.blocks++];
    ck_assert_int_le(m->certificate.blocks, MAKER_BLOCKS);
    *b = (ct_certificate_block){.size = n, .repeat = repeat};
    b->multiplicity = copy_of(multiplicity, (size_t)n * sizeof *multiplicity);
    b->gram = copy_of(gram, (size_t)(n * n) * sizeof *gram);
    b->vectors = rounded_vectors(n, multiplicity, gram, &b->resolved);
}

void made_claim(made *m, const char *a, const char *b)
{
    mpf_t end, shift;
    mpf_init2(end, 640);
    mpf_init2(shift, 640);
    for (int side = 0; side < 2; side++) {
        ck_assert_int_eq(mpf_set_str(shift, side ? b : a, 10), 0);
        mpf_add(end, m->truth, shift);
        gmp_snprintf(side ? m->upper : m->lower, sizeof m->upper, "%.40Ff", end);
    }
    mpf_clear(end);
    mpf_clear(shift);
}

static mpz_t *numbers_of(const int64_t *values, int64_t count)
{
    mpz_t *numbers = cv_numbers((size_t)count);
    ck_assert_ptr_nonnull(numbers);
    for (int64_t i = 0; i < count; i++)
        mpz_set_si(numbers[i], values[i]);
    return numbers;
}

/* T and sum m_i m_j G_ij^2 over T^2, in plain sums. */
static void set_integers(made *m)
{
    mpz_t trace, purity, part;
    mpz_inits(trace, purity, part, NULL);
    for (int64_t b = 0; b < m->certificate.blocks; b++) {
        const ct_certificate_block *k = &m->block[b];
        for (int64_t i = 0; i < k->size; i++)
            for (int64_t j = 0; j < k->size; j++) {
                mpz_set_si(part, k->repeat);
                mpz_mul_si(part, part, k->multiplicity[i]);
                mpz_mul_si(part, part, k->gram[i * k->size + j]);
                if (i == j)
                    mpz_add(trace, trace, part);
                mpz_mul_si(part, part, k->multiplicity[j]);
                mpz_mul_si(part, part, k->gram[i * k->size + j]);
                mpz_add(purity, purity, part);
            }
    }
    gmp_snprintf(m->trace, sizeof m->trace, "%Zd", trace);
    mpz_mul(trace, trace, trace);
    mpz_gcd(part, purity, trace);
    mpz_divexact(purity, purity, part);
    mpz_divexact(trace, trace, part);
    gmp_snprintf(m->purity[0], sizeof m->purity[0], "%Zd", purity);
    gmp_snprintf(m->purity[1], sizeof m->purity[1], "%Zd", trace);
    mpz_clears(trace, purity, part, NULL);
}

void made_finish(made *m, int digits)
{
    slow_block blocks[MAKER_BLOCKS] = {0};
    const size_t count = (size_t)m->certificate.blocks;
    char radius[2][16];
    for (size_t b = 0; b < count; b++) {
        const ct_certificate_block *k = &m->block[b];
        blocks[b].size = (size_t)k->size;
        blocks[b].multiplicity = numbers_of(k->multiplicity, k->size);
        blocks[b].gram = numbers_of(k->gram, k->size * k->size);
        mpz_init_set_si(blocks[b].repeat, k->repeat);
    }
    slow_entropy(blocks, count, m->truth);
    for (size_t b = 0; b < count; b++) {
        cv_numbers_free(blocks[b].multiplicity, blocks[b].size);
        cv_numbers_free(blocks[b].gram, blocks[b].size * blocks[b].size);
        mpz_clear(blocks[b].repeat);
    }
    set_integers(m);
    snprintf(radius[0], sizeof radius[0], "-1e-%d", digits);
    snprintf(radius[1], sizeof radius[1], "1e-%d", digits);
    made_claim(m, radius[0], radius[1]);
    gmp_snprintf(m->entropy, sizeof m->entropy, "%.17Ff", m->truth);
    snprintf(m->error, sizeof m->error, "2e-%d", digits < 16 ? digits : 16);
}

void made_free(made *m)
{
    for (int64_t b = 0; b < m->certificate.blocks; b++) {
        free((void *)(uintptr_t)m->block[b].multiplicity);
        free((void *)(uintptr_t)m->block[b].gram);
        free((void *)(uintptr_t)m->block[b].vectors);
    }
    mpf_clear(m->truth);
}

char *made_text(const made *m, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ct_certificate_write(&m->certificate, file), CUTROPY_OK);
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

bool true_entropy(const cv_certificate *certificate, mpf_t bits)
{
    slow_block *blocks = malloc(certificate->blocks * sizeof *blocks);
    ck_assert_ptr_nonnull(blocks);
    for (size_t b = 0; b < certificate->blocks; b++) {
        const cv_block *k = &certificate->block[b];
        blocks[b] = (slow_block){k->size, k->multiplicity, k->gram, {k->repeat[0]}};
    }
    const bool exists = slow_entropy(blocks, certificate->blocks, bits);
    free(blocks);
    return exists;
}
