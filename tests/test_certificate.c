/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: written, read, verified; and false ones, which must never be verified. */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"

#include "certificate_maker.h"
#include "certify/round_vectors.h"
#include "output/sha256.h"
#include "ref/support.h"
#include "verifier/block.h"
#include "verifier/fixed.h"
#include "verifier/sha256.h"
#include "verifier/verify.h"

#define LARGEST 256

/* ---- matrices ---- */

static uint64_t state;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Gram matrix of n random 0/1 rows of length `columns`, weighted columns. */
static void random_gram(int64_t n, int columns, int64_t largest_weight, int64_t *gram)
{
    memset(gram, 0, (size_t)(n * n) * sizeof *gram);
    for (int c = 0; c < columns; c++) {
        const int64_t weight = 1 + (int64_t)(next_random() % (uint64_t)largest_weight);
        int64_t row[LARGEST];
        for (int64_t i = 0; i < n; i++)
            row[i] = (int64_t)(next_random() >> 20 & 1);
        for (int64_t i = 0; i < n * n; i++)
            gram[i] += weight * row[i / n] * row[i % n];
    }
}

static void add_random(made *m, int64_t n, int columns, int64_t weight, int64_t multiplicity,
                       int64_t repeat)
{
    static int64_t gram[LARGEST * LARGEST], multiplicities[LARGEST];
    random_gram(n, columns, weight, gram);
    for (int64_t i = 0; i < n; i++) {
        multiplicities[i] = 1 + (int64_t)(next_random() % (uint64_t)multiplicity);
        gram[i * n + i] += gram[i * n + i] == 0; /* no zero rows: it stays positive */
    }
    made_block(m, n, repeat, multiplicities, gram);
}

enum { BELL, PURE, SURD, GOLDEN, RANDOM, DEFICIENT, HEAVY, SEVERAL, CLUSTER, GRADED, MANY, CASES };

/* The vectors of a spectrum over 12 orders of magnitude come less accurate from LAPACK. */
static int claimed_digits(int which)
{
    return which == HEAVY ? 14 : 20;
}

static void make_case(int which, made *m)
{
    state = UINT64_C(88172645463325252) + (uint64_t)which;
    made_start(m);
    switch (which) {
    case BELL:
        made_block(m, 1, 2, (int64_t[]){3}, (int64_t[]){7});
        break;
    case PURE:
        made_block(m, 1, 1, (int64_t[]){5}, (int64_t[]){9});
        break;
    case SURD:
        made_block(m, 2, 1, (int64_t[]){1, 1}, (int64_t[]){2, 1, 1, 1});
        break;
    case GOLDEN:
        made_block(m, 2, 3, (int64_t[]){3, 5}, (int64_t[]){7, 2, 2, 1});
        made_block(m, 3, 1, (int64_t[]){1, 1, 1}, (int64_t[]){1, 0, 0, 0, 1, 0, 0, 0, 1});
        break;
    case RANDOM:
        add_random(m, 8, 20, 3, 4, 1);
        break;
    case DEFICIENT:
        add_random(m, 9, 4, 5, 6, 1);
        break;
    case HEAVY:
        made_block(m, 3, 1, (int64_t[]){INT64_C(1) << 40, 1, 12345678901},
                   (int64_t[]){5, 2, 1, 2, 7, 3, 1, 3, 6});
        break;
    case SEVERAL:
        add_random(m, 3, 8, 4, 9, 5);
        add_random(m, 6, 4, 2, 3, 2);
        made_block(m, 1, 1000000007, (int64_t[]){2}, (int64_t[]){3});
        add_random(m, 5, 9, 7, 100, 1);
        break;
    case CLUSTER:
        made_block(
            m, 4, 1, (int64_t[]){1, 1, 1, 1},
            (int64_t[]){1000000, 1, 1, 1, 1, 1000000, 1, 1, 1, 1, 1000000, 1, 1, 1, 1, 1000001});
        break;
    case GRADED:
        made_block(
            m, 4, 1, (int64_t[]){1, 2, 3, 4},
            (int64_t[]){1000000000, 1000, 10, 1, 1000, 1000000, 5, 1, 10, 5, 1000, 1, 1, 1, 1, 2});
        break;
    default:
        add_random(m, 32, 90, 2, 5, 1);
    }
    made_finish(m, claimed_digits(which));
}

/* ---- helpers ---- */

static char message[CV_MESSAGE];

static cv_verdict judge(const char *text, size_t size, bool positive, cv_enclosure *proved)
{
    cv_certificate c;
    message[0] = 0;
    if (!cv_read(text, size, &c, message)) {
        ck_assert(message[0] && !strchr(message, '\n'));
        return CV_UNUSABLE;
    }
    const cv_verdict verdict = cv_verify(&c, positive, proved, message);
    ck_assert((verdict == CV_VERIFIED) == !message[0]);
    cv_certificate_free(&c);
    return verdict;
}

static cv_verdict judge_made(const made *m, bool positive, cv_enclosure *proved)
{
    size_t size;
    char *text = made_text(m, &size);
    const cv_verdict verdict = judge(text, size, positive, proved);
    free(text);
    return verdict;
}

/* Only the verdict. */
static cv_verdict verdict_of(const made *m)
{
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    const cv_verdict verdict = judge_made(m, false, &proved);
    cv_enclosure_free(&proved);
    return verdict;
}

static void to_float(mpf_t out, const mpz_t fixed)
{
    mpf_init2(out, 640);
    mpf_set_z(out, fixed);
    mpf_div_2exp(out, out, CV_BITS);
}

/* truth - slack <= upper and truth + slack >= lower; slack: what the slow truth may be off. */
static bool encloses(const cv_enclosure *proved, const mpf_t truth)
{
    mpf_t lower, upper, slack;
    to_float(lower, proved->lower);
    to_float(upper, proved->upper);
    mpf_init2(slack, 640);
    mpf_set_ui(slack, 1);
    mpf_div_2exp(slack, slack, 200);
    mpf_sub(lower, lower, slack);
    mpf_add(upper, upper, slack);
    const bool inside = mpf_cmp(lower, truth) <= 0 && mpf_cmp(truth, upper) <= 0;
    mpf_clear(lower);
    mpf_clear(upper);
    mpf_clear(slack);
    return inside;
}

static double width(const cv_enclosure *proved)
{
    mpf_t lower, upper;
    to_float(lower, proved->lower);
    to_float(upper, proved->upper);
    mpf_sub(upper, upper, lower);
    const double wide = mpf_get_d(upper);
    mpf_clear(lower);
    mpf_clear(upper);
    return wide;
}

/* Puts the hash of the content into the last line. */
static void sign(char *text, size_t size)
{
    char hex[65];
    const char *last = strstr(text, "end sha256 ");
    ck_assert_ptr_nonnull(last);
    ck_assert_uint_eq((size_t)(text + size - last), 11 + 64 + 1);
    cv_sha256(text, (size_t)(last - text), hex);
    memcpy(text + (last - text) + 11, hex, 64);
}

/* What must hold of any text: verified only if its claims are true of its matrices. */
static cv_verdict check_honest(const char *text, size_t size)
{
    cv_certificate c;
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    const cv_verdict verdict = judge(text, size, false, &proved);
    if (verdict == CV_VERIFIED) {
        mpf_t truth, claim;
        mpf_init2(truth, 640);
        mpf_init2(claim, 640);
        ck_assert(cv_read(text, size, &c, message));
        ck_assert_msg(true_entropy(&c, truth), "verified without an entropy: %s", text);
        ck_assert_msg(encloses(&proved, truth), "not enclosed: %s", text);
        const cv_rational *ends[] = {&c.lower, &c.upper};
        for (int side = 0; side < 2; side++) {
            mpf_t by;
            mpf_init2(by, 640);
            mpf_set_z(claim, ends[side]->numerator);
            mpf_set_z(by, ends[side]->denominator);
            mpf_div(claim, claim, by);
            ck_assert_msg(side ? mpf_cmp(truth, claim) <= 0 : mpf_cmp(claim, truth) <= 0,
                          "a false claim is verified: %s", text);
            mpf_clear(by);
        }
        cv_certificate_free(&c);
        mpf_clear(truth);
        mpf_clear(claim);
    }
    cv_enclosure_free(&proved);
    return verdict;
}

/* ---- tests ---- */

START_TEST(test_true_ones_are_verified)
{
    for (int which = 0; which < CASES; which++)
        for (int positive = 0; positive < 2; positive++) {
            made m;
            cv_enclosure proved;
            cv_enclosure_init(&proved);
            make_case(which, &m);
            const cv_verdict verdict = judge_made(&m, positive, &proved);
            ck_assert_msg(verdict == CV_VERIFIED, "case %d: %s", which, message);
            ck_assert_msg(encloses(&proved, m.truth), "case %d", which);
            ck_assert_msg(width(&proved) >= 0 && width(&proved) < (which == HEAVY ? 1e-14 : 2e-24),
                          "case %d: width %g", which, width(&proved));
            cv_enclosure_free(&proved);
            made_free(&m);
        }
}
END_TEST

START_TEST(test_known_entropies)
{
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    made m;
    make_case(BELL, &m); /* two equal copies of a 1x1 block: 1 bit */
    ck_assert_int_eq(judge_made(&m, false, &proved), CV_VERIFIED);
    ck_assert_double_lt(width(&proved), 1e-150);
    mpf_set_ui(m.truth, 1);
    ck_assert(encloses(&proved, m.truth));
    made_free(&m);
    make_case(PURE, &m);
    ck_assert_int_eq(judge_made(&m, false, &proved), CV_VERIFIED);
    ck_assert_double_eq(width(&proved), 0);
    ck_assert_int_eq(mpz_sgn(proved.lower), 0);
    made_free(&m);
    /* (3 +- sqrt 5) / 6; 50 digits from Python's decimal */
    make_case(SURD, &m);
    ck_assert_int_eq(judge_made(&m, false, &proved), CV_VERIFIED);
    mpf_t known;
    mpf_init_set_str(known, "0.55004775958275744118158872871657408481670645573807", 10);
    mpf_sub(known, known, m.truth);
    ck_assert_double_lt(mpf_get_d(known) * mpf_get_d(known), 1e-90);
    mpf_clear(known);
    made_free(&m);
    cv_enclosure_free(&proved);
}
END_TEST

START_TEST(test_nats)
{
    made m;
    make_case(RANDOM, &m);
    m.certificate.base = CUTROPY_BASE_NATS; /* the claims are still in bits */
    ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
    mpf_t ln2;
    mpf_init2(ln2, 640);
    mpf_set_str(ln2, "0.69314718055994530941723212145817656807550013436025525412068", 10);
    mpf_mul(m.truth, m.truth, ln2);
    made_claim(&m, "-1e-20", "1e-20");
    gmp_snprintf(m.entropy, sizeof m.entropy, "%.17Ff", m.truth);
    ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
    made_claim(&m, "1e-20", "2e-20");
    ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
    mpf_clear(ln2);
    made_free(&m);
}
END_TEST

/* Claims around the truth are verified, those beside it are not. */
START_TEST(test_claims)
{
    static const struct {
        const char *lower, *upper;
        cv_verdict verdict;
    } cases[] = {
        {"-1e-20", "1e-20", CV_VERIFIED},      {"-1", "1e-24", CV_VERIFIED},
        {"-1e-24", "100", CV_VERIFIED},        {"1e-24", "1", CV_NOT_VERIFIED},
        {"-1", "-1e-24", CV_NOT_VERIFIED},     {"1e-24", "2e-24", CV_NOT_VERIFIED},
        {"-2e-24", "-1e-24", CV_NOT_VERIFIED}, {"1e-20", "-1e-20", CV_NOT_VERIFIED},
        {"0", "0", CV_NOT_VERIFIED},           {"1", "2", CV_NOT_VERIFIED},
    };
    for (int which = SURD; which < HEAVY; which++) {
        made m;
        make_case(which, &m);
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            made_claim(&m, cases[k].lower, cases[k].upper);
            ck_assert_msg(verdict_of(&m) == cases[k].verdict, "case %d, claim %zu", which, k);
        }
        made_claim(&m, "-1e-20", "1e-20");
        strcpy(m.error, "1e-30"); /* the value has 17 digits */
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        strcpy(m.error, "-1e-16");
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        strcpy(m.error, "1e-16");
        m.entropy[16] = m.entropy[16] == '9' ? '8' : (char)(m.entropy[16] + 1);
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        made_free(&m);
    }
}
END_TEST

static int64_t *vectors_of(made *m, int block)
{
    return (int64_t *)(uintptr_t)m->block[block].vectors;
}

START_TEST(test_vectors_are_not_trusted)
{
    for (int which = SURD; which < CASES; which++) {
        made m;
        make_case(which, &m);
        const int64_t n = m.block[0].size, r = m.block[0].resolved;
        int64_t *y = vectors_of(&m, 0), keep[64];
        memcpy(keep, y, (size_t)n * sizeof *y); /* the first two change places: still right */
        if (r >= 2) {
            memcpy(y, y + n, (size_t)n * sizeof *y);
            memcpy(y + n, keep, (size_t)n * sizeof *y);
            ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
        }
        if (r < n && r > 0) { /* one of the kernel takes the place of the first */
            memcpy(keep, y, (size_t)n * sizeof *y);
            memcpy(y, y + (n - 1) * n, (size_t)n * sizeof *y);
            memcpy(y + (n - 1) * n, keep, (size_t)n * sizeof *y);
            ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
            memcpy(y + (n - 1) * n, y, (size_t)n * sizeof *y);
            memcpy(y, keep, (size_t)n * sizeof *y);
        }
        memcpy(keep, y, (size_t)n * sizeof *y);
        memcpy(y, y + n, (size_t)n * sizeof *y); /* twice the same */
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        ck_assert_ptr_nonnull(strstr(message, "orthogonal"));
        memset(y, 0, (size_t)n * sizeof *y);
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        ck_assert_ptr_nonnull(strstr(message, "block 1: vector 1 is zero"));
        memcpy(y, keep, (size_t)n * sizeof *y);
        ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
        if (r < n) {
            m.block[0].resolved = n; /* what is zero cannot be resolved */
            ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        }
        m.block[0].resolved = r - 1;
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        made_free(&m);
    }
}
END_TEST

/* Errors of every size from 1e-2 to 1e-9: the enclosure widens quadratically and holds the truth.
 */
START_TEST(test_perturbed_vectors_still_enclose)
{
    for (int which = SURD; which < CASES; which++) {
        made m;
        make_case(which, &m);
        const uint64_t drawn = state;
        const int64_t n = m.block[0].size;
        int64_t *y = vectors_of(&m, 0), *right = calloc((size_t)(n * n), sizeof *right);
        ck_assert_ptr_nonnull(right);
        memcpy(right, y, (size_t)(n * n) * sizeof *y);
        for (int exponent = 7; exponent <= 30; exponent += getenv("CUTROPY_TEST_SMALL") ? 8 : 1)
            for (int kind = 0; kind < 2; kind++) {
                cv_enclosure proved;
                state = drawn;
                memcpy(y, right, (size_t)(n * n) * sizeof *y);
                if (kind) /* symmetric: to first order only the angle changes, not e */
                    for (int64_t i = 0; i < n; i++) {
                        const int64_t a = y[i];
                        y[i] += y[n + i] >> exponent;
                        y[n + i] += a >> exponent;
                    }
                else
                    for (int64_t i = 0; i < n * n; i++)
                        y[i] += (int64_t)(next_random() >> 2) % (INT64_C(1) << (61 - exponent)) -
                                (INT64_C(1) << (60 - exponent));
                cv_enclosure_init(&proved);
                if (judge_made(&m, false, &proved) != CV_UNUSABLE && width(&proved) > 0) {
                    ck_assert_msg(encloses(&proved, m.truth), "case %d, 2^-%d", which, exponent);
                    if (exponent <= 20 && !kind && which != CLUSTER)
                        ck_assert_double_gt(width(&proved), 2e-20);
                }
                if (exponent <= 10 && which != CLUSTER)
                    ck_assert_msg(verdict_of(&m) == CV_NOT_VERIFIED, "case %d, 2^-%d, %d", which,
                                  exponent, kind);
                cv_enclosure_free(&proved);
            }
        free(right);
        made_free(&m);
    }
}
END_TEST

/* Claims so wide that only the other conditions can fail. */
static void claim_everything(made *m)
{
    strcpy(m->lower, "-10");
    strcpy(m->upper, "10");
    strcpy(m->entropy, "0");
    strcpy(m->error, "10");
}

/* Exactly orthogonal vectors (a, b), (-b, a): nothing but q and the tail stands between the
 * diagonal and the truth. */
START_TEST(test_rotated_vectors)
{
    static const struct {
        int64_t gram[4], spectator, resolved;
    } cases[] = {
        {{1000, 0, 0, 1}, 1, 2}, {{1, 0, 0, 1000}, 1, 2}, {{3, 1, 1, 3}, 5, 2},
        {{1, 1, 1, 1}, 2, 1},  /* the tail takes weight from an eigenvalue above 1 / e ... */
        {{1, 1, 1, 1}, 14, 1}, /* ... and from one below */
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int64_t far = 100; far <= INT64_C(1) << 40; far *= 7) {
            made m;
            cv_enclosure proved;
            cv_enclosure_init(&proved);
            made_start(&m);
            made_block(&m, 2, 1, (int64_t[]){1, 1}, cases[k].gram);
            made_block(&m, 1, 1, (int64_t[]){1}, &cases[k].spectator);
            made_finish(&m, 20);
            const int64_t a = far, b = cases[k].gram[1] ? far + 1 : 1;
            const int64_t y[] = {a, b, -b, a};
            memcpy(vectors_of(&m, 0), y, sizeof y);
            m.block[0].resolved = cases[k].resolved;
            claim_everything(&m);
            ck_assert_int_eq(judge_made(&m, true, &proved), CV_VERIFIED);
            ck_assert_msg(encloses(&proved, m.truth), "case %zu, 1 / %lld", k, (long long)far);
            ck_assert_double_lt(width(&proved), 500. / (double)far / (double)far * 60);
            cv_enclosure_free(&proved);
            made_free(&m);
        }
}
END_TEST

static void must_refuse(made *m, const char *reason)
{
    ck_assert_int_eq(verdict_of(m), CV_NOT_VERIFIED);
    ck_assert_msg(strstr(message, reason), "'%s' lacks '%s'", message, reason);
    made_free(m);
}

/* Each condition fails alone, whatever the claims. */
START_TEST(test_conditions_one_by_one)
{
    static const int64_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    made m;
    make_case(RANDOM, &m);
    claim_everything(&m);
    m.certificate.purity_numerator = NULL;
    ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
    snprintf(m.trace, sizeof m.trace, "%lld", atoll(m.trace) + 1);
    must_refuse(&m, "trace");
    make_case(RANDOM, &m);
    snprintf(m.purity[0], sizeof m.purity[0], "%lld", atoll(m.purity[0]) + 1);
    must_refuse(&m, "purity");
    make_case(DEFICIENT, &m);
    claim_everything(&m);
    m.block[0].resolved = m.block[0].size;
    must_refuse(&m, "not above its error");
    made_start(&m);
    made_block(&m, 2, 1, ones, (int64_t[]){1, 2, 2, 1}); /* 3 and -1 */
    made_finish(&m, 1);
    claim_everything(&m);
    must_refuse(&m, "above the trace");
    made_start(&m);
    made_block(&m, 3, 1, ones, (int64_t[]){5, 0, 0, 0, 1, 2, 0, 2, 1}); /* 5, 3 and -1 */
    made_finish(&m, 1);
    claim_everything(&m);
    must_refuse(&m, "not positive semidefinite");
    made_start(&m);
    made_block(&m, 2, 1, ones, (int64_t[]){1, 0, 0, 1});
    made_finish(&m, 1);
    claim_everything(&m);
    m.block[0].resolved = 0;
    must_refuse(&m, "too much weight");
}
END_TEST

/* Nothing resolved: the entropy is at most the logarithm of the dimension. */
START_TEST(test_nothing_resolved)
{
    int64_t ones[8], identity[64] = {0};
    made m;
    made_start(&m);
    for (int i = 0; i < 8; i++)
        ones[i] = identity[9 * i] = 1;
    made_block(&m, 8, 1, ones, identity);
    made_finish(&m, 20);
    m.block[0].resolved = 0;
    claim_everything(&m);
    strcpy(m.upper, "3.0000001");
    ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
    strcpy(m.upper, "2.9999999");
    ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
    made_free(&m);
}
END_TEST

/* The quotient of the second vector is 0, but no orthogonal basis near these two leaves the tail
 * without weight: the symmetric one gives it ((1 + s)^-1/2 - (1 - s)^-1/2)^2 / 4 * 22500 / 22600
 * with s = 10 / sqrt 22600. */
START_TEST(test_tail_of_skew_vectors)
{
    cv_bounds bounds;
    cv_block b = {.size = 2, .resolved = 1};
    static const long gram[] = {4, 0, 0, 0}, vectors[] = {150, 10, 0, 1};
    mpz_t trace, least;
    mpz_init_set_ui(trace, 4);
    mpz_init(least);
    b.multiplicity = cv_numbers(2);
    b.gram = cv_numbers(4);
    b.vector = cv_numbers(4);
    for (int i = 0; i < 4; i++) {
        mpz_set_ui(b.multiplicity[i / 2], 1);
        mpz_set_si(b.gram[i], gram[i]);
        mpz_set_si(b.vector[i], vectors[i]);
    }
    ck_assert_msg(cv_block_bounds(&b, trace, &bounds, message), "%s", message);
    const double s = 10 / sqrt(22600), off = (1 / sqrt(1 + s) - 1 / sqrt(1 - s)) / 2;
    mpz_set_d(least, off * off * 22500 / 22600 * 0x1p60);
    mpz_mul_2exp(least, least, CV_BITS - 60);
    ck_assert_int_ge(mpz_cmp(bounds.tail, least), 0);
    ck_assert_int_ge(mpz_cmp(bounds.shift, least), 0);
    cv_bounds_free(&bounds);
    cv_numbers_free(b.multiplicity, 2);
    cv_numbers_free(b.gram, 4);
    cv_numbers_free(b.vector, 4);
    mpz_clears(trace, least, NULL);
}
END_TEST

/* Replaces the vectors by what ct_round_vectors makes of them, as doubles that are off by about
 * `noise`. */
static void round_again(made *m, double noise)
{
    for (int64_t k = 0; k < m->certificate.blocks; k++) {
        const ct_certificate_block *b = &m->block[k];
        const int64_t n = b->size;
        int64_t *y = vectors_of(m, (int)k);
        double *v = malloc((size_t)(n * n) * sizeof *v);
        ck_assert_ptr_nonnull(v);
        for (int64_t j = 0; j < n; j++) {
            double norm = 0;
            for (int64_t i = 0; i < n; i++) {
                v[j * n + i] = (double)y[j * n + i] * sqrt((double)b->multiplicity[i]);
                norm += v[j * n + i] * v[j * n + i];
            }
            for (int64_t i = 0; i < n; i++)
                v[j * n + i] = v[j * n + i] / sqrt(norm) +
                               noise * ((double)(next_random() >> 11) * 0x1p-52 - 1);
        }
        ck_assert_int_eq(ct_round_vectors(n, b->gram, b->multiplicity, v, y), CUTROPY_OK);
        free(v);
    }
}

/* One step squares the error of the vectors; the enclosure squares it again. */
START_TEST(test_refined_vectors)
{
    static const int cases[] = {SURD, GOLDEN, RANDOM, SEVERAL, GRADED, MANY};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int noisy = 0; noisy < 2; noisy++) {
            made m;
            cv_enclosure proved;
            cv_enclosure_init(&proved);
            make_case(cases[k], &m);
            round_again(&m, noisy ? 1e-9 : 0);
            ck_assert_msg(judge_made(&m, false, &proved) == CV_VERIFIED, "case %d, %d: %s",
                          cases[k], noisy, message);
            ck_assert(encloses(&proved, m.truth));
            ck_assert_msg(width(&proved) < (noisy ? 1e-20 : 1e-27), "case %d, %d: %g", cases[k],
                          noisy, width(&proved));
            cv_enclosure_free(&proved);
            made_free(&m);
        }
}
END_TEST

/* Hopeless vectors come out as some integers, and prove nothing. */
START_TEST(test_hopeless_vectors)
{
    static const double hopeless[] = {0, NAN, INFINITY, -INFINITY, 1e300, 1e-320, 1};
    for (size_t k = 0; k < sizeof hopeless / sizeof *hopeless; k++) {
        made m;
        double v[64];
        make_case(RANDOM, &m);
        for (int i = 0; i < 64; i++)
            v[i] = hopeless[k];
        ck_assert_int_eq(
            ct_round_vectors(8, m.block[0].gram, m.block[0].multiplicity, v, vectors_of(&m, 0)),
            CUTROPY_OK);
        ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
        made_free(&m);
    }
}
END_TEST

/* Vectors that are far off do prove a wide claim. */
START_TEST(test_rough_vectors_prove_rough_claims)
{
    made m;
    make_case(RANDOM, &m);
    int64_t *y = vectors_of(&m, 0);
    for (int64_t i = 0; i < 64; i++)
        y[i] = (y[i] + (INT64_C(1) << 44)) >> 45; /* 16 bits are left */
    ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
    made_claim(&m, "-1e-6", "1e-6");
    strcpy(m.error, "1e-6");
    ck_assert_int_eq(verdict_of(&m), CV_VERIFIED);
    made_free(&m);
}
END_TEST

/* A matrix too large for the slow truth: the plain sum over LAPACK's eigenvalues is good to 1e-9.
 */
START_TEST(test_large_matrix)
{
    const int64_t n = getenv("CUTROPY_TEST_SMALL") ? 64 : LARGEST;
    static double h[LARGEST * LARGEST], w[LARGEST];
    made m;
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    made_start(&m);
    state = 256;
    add_random(&m, n, (int)n, 3, 9, 1);
    const ct_certificate_block *b = &m.block[0];
    double trace = 0, bits = 0;
    for (int64_t i = 0; i < n * n; i++)
        h[i] = sqrt((double)b->multiplicity[i / n] * (double)b->multiplicity[i % n]) *
               (double)b->gram[i];
    for (int64_t i = 0; i < n; i++)
        trace += h[i * n + i];
    ck_assert_int_eq(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (int)n, h, (int)n, w), 0);
    for (int64_t i = 0; i < n; i++)
        if (w[i] > 0)
            bits -= w[i] / trace * log2(w[i] / trace);
    mpf_set_d(m.truth, bits);
    made_claim(&m, "-1e-9", "1e-9");
    snprintf(m.trace, sizeof m.trace, "%.0f", trace);
    m.certificate.purity_numerator = NULL;
    snprintf(m.entropy, sizeof m.entropy, "%.12f", bits);
    strcpy(m.error, "1e-9");
    ck_assert_msg(judge_made(&m, false, &proved) == CV_VERIFIED, "%s", message);
    ck_assert_double_lt(width(&proved), 1e-18);
    cv_enclosure_free(&proved);
    made_free(&m);
}
END_TEST

/* Every number one more and one less, signed again. */
START_TEST(test_every_number_changed)
{
    for (int which = 0; which < MANY; which++) {
        made m;
        size_t size, refused = 0, numbers = 0;
        make_case(which, &m);
        char *text = made_text(&m, &size);
        char *first = strstr(text, "trace "), *last = strstr(text, "end sha256");
        for (char *at = first; at < last; at++) {
            if (*at < '0' || *at > '9' || (at[1] >= '0' && at[1] <= '9'))
                continue; /* the last digit of a number */
            const char digit = *at;
            for (int step = getenv("CUTROPY_TEST_SMALL") ? 1 : -1; step <= 1; step += 2) {
                const char changed = (char)(digit + step);
                if (changed < '0' || changed > '9')
                    continue;
                *at = changed;
                ck_assert_int_eq(judge(text, size, false, NULL), CV_UNUSABLE);
                ck_assert_ptr_nonnull(strstr(message, "damaged"));
                sign(text, size);
                refused += check_honest(text, size) != CV_VERIFIED;
                numbers++;
                *at = digit;
                sign(text, size);
            }
        }
        ck_assert_int_eq(check_honest(text, size), CV_VERIFIED);
        ck_assert_uint_gt(refused, 4);
        ck_assert_uint_gt(numbers, refused);
        free(text);
        made_free(&m);
    }
}
END_TEST

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* Every line left out, and every line twice. */
START_TEST(test_every_line_missing_or_doubled)
{
    for (int which = BELL; which <= SEVERAL; which++) {
        made m;
        size_t size;
        make_case(which, &m);
        char *text = made_text(&m, &size), *other = malloc(2 * size);
        const char *at = text;
        const size_t lines = count_lines(text);
        for (size_t k = 0; k + 1 < lines; k++) {
            const char *next = strchr(at, '\n') + 1;
            const size_t before = (size_t)(at - text), length = (size_t)(next - at);
            for (int twice = 0; twice < 2; twice++) {
                const char *from = twice ? at : next;
                memcpy(other, text, before + (twice ? length : 0));
                size_t put = before + (twice ? length : 0);
                memcpy(other + put, from, (size_t)(text + size - from) + 1);
                put += (size_t)(text + size - from);
                sign(other, put);
                const cv_verdict verdict = check_honest(other, put);
                const bool optional = !twice && !strncmp(at, "purity ", 7);
                ck_assert_msg((verdict == CV_VERIFIED) == optional, "case %d, line %zu", which,
                              k + 1);
            }
            at = next;
        }
        free(text);
        free(other);
        made_free(&m);
    }
}
END_TEST

START_TEST(test_truncated_and_damaged)
{
    made m;
    size_t size;
    make_case(RANDOM, &m);
    char *text = made_text(&m, &size);
    for (size_t length = 0; length < size; length++)
        ck_assert_int_eq(judge(text, length, false, NULL), CV_UNUSABLE);
    for (size_t at = 0; at < size; at++) {
        text[at] ^= 1;
        ck_assert_int_eq(judge(text, size, false, NULL), CV_UNUSABLE);
        text[at] ^= 1;
    }
    free(text);
    made_free(&m);
}
END_TEST

/* A word in place of another one, signed again. */
START_TEST(test_unusable_words)
{
    static const struct {
        const char *line, *word; /* the last word of the line becomes this one */
        const char *reason;
    } cases[] = {
        {"cutropy-certificate ", "2", "version"},
        {"unit ", "dits", "bits or nats"},
        {"trace ", "nan", "not an integer"},
        {"trace ", "0", "at least 1"},
        {"trace ", "-5", "at least 1"},
        {"trace ", "+5", "not an integer"},
        {"trace ", "05", "not an integer"},
        {"trace ", "5.0", "not an integer"},
        {"trace ", "5 5", "more words"},
        {"trace ", "", "where the trace"},
        {"purity ", "0", "at least 1"},
        {"blocks ", "0", "between 1"},
        {"blocks ", "99999999", "between 1"},
        {"block ", "0", "at least 1"},
        {"multiplicities ", "0", "at least 1"},
        {"multiplicities ", "1e3", "not an integer"},
        {"gram ", "NaN", "not an integer"},
        {"vector ", "inf", "not an integer"},
        {"vector ", "--1", "not an integer"},
        {"vector ", "-0", "not an integer"},
        {"entropy ", "nan", "not a decimal"},
        {"entropy ", "1.", "not a decimal"},
        {"entropy ", ".5", "not a decimal"},
        {"error ", "1e99999", "not a decimal"},
        {"error ", "1e", "not a decimal"},
        {"lower ", "-inf", "not a decimal"},
        {"upper ", "inf", "not a decimal"},
        {"upper ", "1 2", "more words"},
        {"block ", "99999999999999999999999", ""},
        {"lattice ", "a\tb", "control character"},
    };
    made m;
    size_t size;
    make_case(RANDOM, &m);
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    char *text = made_text(&m, &size), *other = malloc(size + 64);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *line = text, *end; /* "gram " is also in the line of the program */
        while (strncmp(line, cases[k].line, strlen(cases[k].line)))
            line = strchr(line, '\n') + 1;
        end = strchr(line, '\n');
        char *word = end;
        while (word[-1] != ' ')
            word--;
        const int length = sprintf(other, "%.*s%s%s", (int)(word - text), text, cases[k].word, end);
        sign(other, (size_t)length);
        const cv_verdict verdict = judge(other, (size_t)length, false, &proved);
        if (*cases[k].reason) {
            ck_assert_msg(verdict == CV_UNUSABLE, "%s%s", cases[k].line, cases[k].word);
            ck_assert_msg(strstr(message, cases[k].reason), "%s%s: %s", cases[k].line,
                          cases[k].word, message);
        }
    }
    free(text);
    free(other);
    cv_enclosure_free(&proved);
    made_free(&m);
}
END_TEST

START_TEST(test_indefinite_matrices)
{
    made m;
    made_start(&m);
    made_block(&m, 2, 1, (int64_t[]){1, 1}, (int64_t[]){1, 2, 2, 1}); /* 3 and -1 */
    made_finish(&m, 1);
    ck_assert_int_eq(verdict_of(&m), CV_NOT_VERIFIED);
    made_free(&m);
    /* Fibonacci: determinant -1, the negative eigenvalue is 1e-28 of the trace: only the exact
     * proof can see it. The claim is about the positive part. */
    made_start(&m);
    made_block(&m, 3, 1, (int64_t[]){1, 1, 1},
               (int64_t[]){INT64_C(27777890035288), INT64_C(44945570212853), 0,
                           INT64_C(44945570212853), INT64_C(72723460248141), 0, 0, 0,
                           INT64_C(12345678901234)});
    made_finish(&m, 10);
    cv_enclosure proved;
    cv_enclosure_init(&proved);
    ck_assert_int_eq(judge_made(&m, true, &proved), CV_NOT_VERIFIED);
    ck_assert_ptr_nonnull(strstr(message, "positive semidefinite"));
    cv_enclosure_free(&proved);
    made_free(&m);
}
END_TEST

START_TEST(test_positive_elimination)
{
    int kinds[2] = {0, 0};
    state = 4711;
    for (int round = 0; round < 400; round++) {
        int64_t gram[36];
        const int64_t n = 1 + (int64_t)(next_random() % 6);
        random_gram(n, (int)(next_random() % 7), 2, gram);
        if (round % 2 && n > 1) { /* one symmetric entry off by one, or a diagonal one */
            const int64_t i = (int64_t)(next_random() % (uint64_t)n), j = (i + 1) % n;
            const int64_t step = round % 4 == 1 ? 1 : -1;
            gram[i * n + j] += step;
            gram[j * n + i] += step;
        }
        cv_block b = {.size = (size_t)n, .gram = cv_numbers((size_t)(n * n))};
        mpf_t *a = malloc((size_t)(n * n) * sizeof *a);
        for (int64_t i = 0; i < n * n; i++) {
            mpz_set_si(b.gram[i], gram[i]);
            mpf_init2(a[i], 640);
            mpf_set_si(a[i], gram[i]);
        }
        slow_jacobi(a, (size_t)n);
        bool expected = true;
        for (int64_t i = 0; i < n; i++)
            expected = expected && mpf_get_d(a[i * n + i]) > -1e-60;
        ck_assert_int_eq(cv_block_is_positive(&b), expected);
        kinds[expected]++;
        for (int64_t i = 0; i < n * n; i++)
            mpf_clear(a[i]);
        free(a);
        cv_numbers_free(b.gram, b.size * b.size);
    }
    ck_assert_int_gt(kinds[0], 50);
    ck_assert_int_gt(kinds[1], 50);
}
END_TEST

/* Both roundings enclose the logarithm by the other method, tightly. */
START_TEST(test_logarithm)
{
    mpf_t truth, argument;
    mpz_t x;
    cv_enclosure log;
    mpf_init2(truth, 640);
    cv_enclosure_init(&log);
    mpz_init(x);
    state = 99;
    for (int round = 0; round < 300; round++) {
        const int top = 1 + (int)(next_random() % (CV_BITS + 60)); /* from the last bit to 2^60 */
        mpz_set_ui(x, 1);
        for (int bits = 1; bits < top; bits += 16) {
            mpz_mul_2exp(x, x, 16);
            mpz_add_ui(x, x, next_random() & 0xffff);
        }
        to_float(argument, x);
        slow_log2(truth, argument);
        cv_log2(log.lower, x, CV_DOWN);
        cv_log2(log.upper, x, CV_UP);
        ck_assert_int_le(mpz_cmp(log.lower, log.upper), 0);
        ck_assert(encloses(&log, truth));
        ck_assert_double_lt(width(&log), 1e-148);
        mpf_clear(argument);
    }
    mpz_set_ui(x, 0);
    mpz_setbit(x, CV_BITS + 7);
    cv_log2(log.lower, x, CV_DOWN);
    cv_log2(log.upper, x, CV_UP);
    ck_assert_double_eq(width(&log), 0);
    mpf_set_ui(truth, 7);
    ck_assert(encloses(&log, truth));
    mpz_clear(x);
    mpf_clear(truth);
    cv_enclosure_free(&log);
}
END_TEST

START_TEST(test_decimals)
{
    static const struct {
        long numerator, denominator;
        unsigned digits;
        cv_round round;
        const char *text;
    } cases[] = {
        {1, 2, 3, CV_DOWN, "0.500"},      {-1, 2, 3, CV_UP, "-0.500"},
        {1, 3, 4, CV_DOWN, "0.3333"},     {1, 3, 4, CV_UP, "0.3334"},
        {-1, 3, 4, CV_DOWN, "-0.3334"},   {-1, 3, 4, CV_UP, "-0.3333"},
        {12345, 1, 2, CV_UP, "12345.00"}, {1, 1000, 2, CV_UP, "0.01"},
        {0, 1, 2, CV_DOWN, "0.00"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        mpz_t a, b;
        mpz_init_set_si(a, cases[k].numerator);
        mpz_init_set_si(b, cases[k].denominator);
        cv_ratio(a, a, b, cases[k].round);
        char *text = cv_decimal_text(a, cases[k].digits, cases[k].round);
        ck_assert_str_eq(text, cases[k].text);
        free(text);
        mpz_clears(a, b, NULL);
    }
}
END_TEST

START_TEST(test_hashes)
{
    static const struct {
        const char *text, *hex;
    } known[] = {
        /* FIPS 180-4 examples */
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[2][65], bytes[400];
    for (size_t k = 0; k < 3; k++) {
        cv_sha256(known[k].text, strlen(known[k].text), hex[0]);
        ct_sha256(known[k].text, strlen(known[k].text), hex[1]);
        ck_assert_str_eq(hex[0], known[k].hex);
        ck_assert_str_eq(hex[1], known[k].hex);
    }
    for (size_t length = 0; length < sizeof bytes; length++) {
        bytes[length] = (char)next_random();
        cv_sha256(bytes, length, hex[0]);
        ct_sha256(bytes, length, hex[1]);
        ck_assert_str_eq(hex[0], hex[1]);
    }
}
END_TEST

/* The writer refuses what would not be a certificate. */
START_TEST(test_writer_refuses)
{
    made m;
    make_case(SURD, &m);
    FILE *file = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(file);
    m.certificate.problem = "two\nlines";
    ck_assert_int_eq(ct_certificate_write(&m.certificate, file), CUTROPY_EINPUT);
    m.certificate.problem = "test";
    m.block[0].resolved = 3;
    ck_assert_int_eq(ct_certificate_write(&m.certificate, file), CUTROPY_EINPUT);
    m.block[0].resolved = 2;
    ck_assert_int_eq(ct_certificate_write(&m.certificate, file), CUTROPY_OK);
    fclose(file);
    made_free(&m);
}
END_TEST

START_TEST(test_through_the_library)
{
    char path[] = "/tmp/cutropy-certificate-XXXXXX", *text;
    cutropy_problem *problem = must_problem("connected", "3x3");
    cutropy_problem *real = must_problem("page", "3x3");
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_cuts cuts = must_cuts("half", lattice), more = must_cuts("rows", lattice);
    cutropy_result *result;
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ck_assert_int_eq(cutropy_certificate_check(&cuts, CUTROPY_KIND_LABEL), CUTROPY_OK);
    ck_assert_int_eq(cutropy_certificate_check(&more, CUTROPY_KIND_LABEL), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_certificate_check(&cuts, cutropy_problem_kind(real)),
                     CUTROPY_EUNSUPPORTED);
    cutropy_state *of = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_state_run(of, &cuts, NULL, &result), CUTROPY_OK);
    MUST(cutropy_certificate_save(of, result, CUTROPY_BASE_BITS, path));
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text = calloc(1, 1 << 20);
    ck_assert_ptr_nonnull(text);
    const size_t size = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    ck_assert_int_eq(check_honest(text, size), CV_VERIFIED);
    ck_assert_ptr_nonnull(strstr(text, "\ncut 0xf\n"));
    text[size - 80] ^= 1; /* before the hash */
    ck_assert_int_ne(check_honest(text, size), CV_VERIFIED);
    free(text);
    unlink(path);
    cutropy_result_free(result);
    cutropy_state_free(of);
    cutropy_cuts_free(&cuts);
    cutropy_cuts_free(&more);
    cutropy_problem_free(problem);
    cutropy_problem_free(real);
}
END_TEST

CHECK_MAIN("certificate", test_through_the_library, test_true_ones_are_verified,
           test_known_entropies, test_nats, test_claims, test_vectors_are_not_trusted,
           test_perturbed_vectors_still_enclose, test_rough_vectors_prove_rough_claims,
           test_refined_vectors, test_hopeless_vectors, test_rotated_vectors,
           test_conditions_one_by_one, test_nothing_resolved, test_tail_of_skew_vectors,
           test_large_matrix, test_every_number_changed, test_every_line_missing_or_doubled,
           test_truncated_and_damaged, test_unusable_words, test_indefinite_matrices,
           test_positive_elimination, test_logarithm, test_decimals, test_hashes,
           test_writer_refuses)
