/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a certificate: docs/certificate.md, line by line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/certificate.h"
#include "verifier/sha256.h"

#define LARGEST_EXPONENT 9999 /* of a decimal number */
#define SHORTEST_BLOCK 45     /* bytes that every block takes at least */

typedef struct reader {
    char *next;  /* the text not read yet; every line of it ends with a zero byte */
    char *end;   /* of the text */
    size_t line; /* number of the line read last */
    char *word;  /* what is left of that line; NULL: nothing */
    bool failed;
    char *message;
} reader;

static bool fail(reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Keeps the first message; false, so that a check can return it. */
static bool fail(reader *r, const char *format, ...)
{
    if (r->failed)
        return false;
    r->failed = true;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->message, CV_MESSAGE, format, arguments);
    va_end(arguments);
    return false;
}

mpz_t *cv_numbers(size_t count)
{
    mpz_t *numbers = calloc(count ? count : 1, sizeof *numbers);
    if (!numbers)
        return NULL;
    for (size_t i = 0; i < count; i++)
        mpz_init(numbers[i]);
    return numbers;
}

void cv_numbers_free(mpz_t *numbers, size_t count)
{
    for (size_t i = 0; numbers && i < count; i++)
        mpz_clear(numbers[i]);
    free(numbers);
}

/* ---- words and numbers ---- */

/* The next line must begin with `keyword`; what follows the space after it is left to be read. */
static bool keyword(reader *r, const char *expected)
{
    if (r->failed)
        return false;
    if (r->word)
        return fail(r, "more words than expected");
    if (r->next == r->end) {
        r->line++;
        return fail(r, "the file ends where '%s' was expected", expected);
    }
    r->line++;
    r->word = r->next;
    r->next += strlen(r->next) + 1;
    const size_t length = strlen(expected);
    if (strncmp(r->word, expected, length) || r->word[length] != ' ')
        return fail(r, "'%s' and a value were expected", expected);
    r->word += length + 1;
    return true;
}

static bool next_is(const reader *r, const char *expected)
{
    return !r->failed && r->next != r->end && !strncmp(r->next, expected, strlen(expected));
}

/* The next word of the line, "" never. */
static const char *word(reader *r, const char *what)
{
    if (r->failed || !r->word) {
        fail(r, "the line ends where %s was expected", what);
        return NULL;
    }
    char *start = r->word, *space = strchr(start, ' ');
    r->word = space ? space + 1 : NULL;
    if (space)
        *space = '\0';
    if (!*start) {
        fail(r, "a space where %s was expected", what);
        return NULL;
    }
    return start;
}

/* An integer as mpz_get_str writes it: no sign but '-', no leading zeros. */
static bool integer(reader *r, mpz_t out, const char *what)
{
    const char *text = word(r, what);
    if (!text)
        return false;
    const char *digits = text + (*text == '-');
    const size_t length = strspn(digits, "0123456789");
    if (!length || digits[length] || (*digits == '0' && (length > 1 || digits != text)))
        return fail(r, "%s is not an integer: '%.40s'", what, text);
    mpz_set_str(out, text, 10);
    return true;
}

static bool positive(reader *r, mpz_t out, const char *what)
{
    if (!integer(r, out, what))
        return false;
    return mpz_sgn(out) > 0 || fail(r, "%s must be at least 1", what);
}

/* An integer in [low, high]. */
static bool count(reader *r, size_t low, size_t high, size_t *out, const char *what)
{
    mpz_t value;
    mpz_init(value);
    bool good = integer(r, value, what);
    if (good && (mpz_cmp_ui(value, low) < 0 || mpz_cmp_ui(value, high) > 0))
        good = fail(r, "%s must be between %zu and %zu", what, low, high);
    *out = good ? mpz_get_ui(value) : 0;
    mpz_clear(value);
    return good;
}

/* The rest of the line as text. */
static const char *text_line(reader *r, const char *name)
{
    if (!keyword(r, name))
        return NULL;
    const char *text = r->word;
    r->word = NULL;
    return text;
}

/* -?digits[.digits][e[+-]digits] as an exact fraction. */
static bool decimal(reader *r, cv_rational *out, const char *name)
{
    const char *text = keyword(r, name) ? word(r, "a decimal number") : NULL;
    if (!text)
        return false;
    const char *at = text + (*text == '-');
    const size_t whole = strspn(at, "0123456789");
    const char *point = at + whole;
    const size_t places = *point == '.' ? strspn(point + 1, "0123456789") : 0;
    const char *tail = *point == '.' ? point + 1 + places : point;
    long exponent = 0;
    bool good = whole && (*point != '.' || places);
    if (good && *tail == 'e') {
        const char *digits = tail + 1 + (tail[1] == '-' || tail[1] == '+');
        const size_t length = strspn(digits, "0123456789");
        good = length >= 1 && length <= 4 && !digits[length];
        exponent = good ? strtol(tail + 1, NULL, 10) : 0;
    } else {
        good = good && !*tail;
    }
    if (!good)
        return fail(r, "'%.40s' is not a decimal number with an exponent of at most %d", text,
                    LARGEST_EXPONENT);
    char *digits = malloc(whole + places + 1);
    if (!digits)
        return fail(r, "out of memory");
    memcpy(digits, at, whole);
    memcpy(digits + whole, point + 1, places);
    digits[whole + places] = '\0';
    mpz_set_str(out->numerator, digits, 10);
    free(digits);
    if (*text == '-')
        mpz_neg(out->numerator, out->numerator);
    mpz_ui_pow_ui(out->denominator, 10, places);
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
    if (exponent > 0)
        mpz_mul(out->numerator, out->numerator, power);
    else
        mpz_mul(out->denominator, out->denominator, power);
    mpz_clear(power);
    return true;
}

/* ---- the parts of a certificate ---- */

/* Row i of the upper triangle: G_ii ... G_in. */
static bool gram_row(reader *r, cv_block *b, size_t i)
{
    keyword(r, "gram");
    for (size_t j = i; j < b->size && !r->failed; j++) {
        mpz_t *entry = &b->gram[i * b->size + j];
        if (integer(r, *entry, "an entry of the Gram matrix") && j > i)
            mpz_set(b->gram[j * b->size + i], *entry);
    }
    if (!r->failed && mpz_sgn(b->gram[i * b->size + i]) < 0)
        return fail(r, "a diagonal entry of a Gram matrix cannot be negative");
    return !r->failed;
}

static bool read_block(reader *r, cv_block *b)
{
    /* n numbers of two bytes at least stand in each of n lines that follow. */
    const size_t left = (size_t)(r->end - r->next);
    keyword(r, "block");
    count(r, 1, left, &b->size, "the size of the block");
    if (!r->failed && b->size > left / b->size)
        return fail(r, "the file is too short for a block of size %zu", b->size);
    if (!r->failed)
        count(r, 0, b->size, &b->resolved, "the number of resolved vectors");
    positive(r, b->repeat, "the number of copies");
    if (r->failed)
        return false;
    const size_t n = b->size;
    b->multiplicity = cv_numbers(n);
    b->gram = cv_numbers(n * n);
    b->vector = cv_numbers(n * n);
    if (!b->multiplicity || !b->gram || !b->vector)
        return fail(r, "out of memory");
    keyword(r, "multiplicities");
    for (size_t i = 0; i < n && !r->failed; i++)
        positive(r, b->multiplicity[i], "a multiplicity");
    for (size_t i = 0; i < n && !r->failed; i++)
        gram_row(r, b, i);
    for (size_t j = 0; j < n && !r->failed; j++) {
        keyword(r, "vector");
        for (size_t i = 0; i < n && !r->failed; i++)
            integer(r, b->vector[j * n + i], "a component of a vector");
    }
    return !r->failed;
}

static bool read_blocks(reader *r, cv_certificate *c)
{
    size_t blocks = 0;
    keyword(r, "blocks");
    count(r, 1, (size_t)(r->end - r->next) / SHORTEST_BLOCK, &blocks, "the number of blocks");
    c->block = r->failed ? NULL : calloc(blocks, sizeof *c->block);
    if (!c->block)
        return fail(r, "out of memory");
    for (; c->blocks < blocks && !r->failed; c->blocks++) {
        mpz_init(c->block[c->blocks].repeat);
        read_block(r, &c->block[c->blocks]);
    }
    return !r->failed;
}

static void read_header(reader *r, cv_certificate *c)
{
    const char *version = text_line(r, "cutropy-certificate");
    if (version && strcmp(version, "1"))
        fail(r, "version '%.40s' of the format is not known here, only 1", version);
    c->program = text_line(r, "program");
    c->problem = text_line(r, "problem");
    c->lattice = text_line(r, "lattice");
    c->cut = text_line(r, "cut");
    c->checksum = text_line(r, "checksum");
    const char *unit = text_line(r, "unit");
    c->nats = unit && !strcmp(unit, "nats");
    if (unit && !c->nats && strcmp(unit, "bits"))
        fail(r, "the unit is bits or nats, not '%.40s'", unit);
    if (keyword(r, "trace"))
        positive(r, c->trace, "the trace");
    c->has_purity = next_is(r, "purity ");
    if (c->has_purity && keyword(r, "purity")) {
        positive(r, c->purity.numerator, "the numerator of the purity");
        positive(r, c->purity.denominator, "the denominator of the purity");
    }
}

static void read_claims(reader *r, cv_certificate *c)
{
    decimal(r, &c->entropy, "entropy");
    decimal(r, &c->error, "error");
    decimal(r, &c->lower, "lower");
    decimal(r, &c->upper, "upper");
    if (!r->failed && r->word)
        fail(r, "more words than expected");
    if (!r->failed && r->next != r->end) {
        r->line++;
        fail(r, "the last line was expected, 'end sha256 ...'");
    }
}

/* Splits off the last line and compares it with the hash of all bytes before it. */
static bool check_hash(reader *r, const char *bytes, size_t size, size_t *content)
{
    static const char last[] = "end sha256 ";
    const size_t length = sizeof last - 1 + 64 + 1;
    char hex[65];
    if (size < length || memcmp(bytes + size - length, last, sizeof last - 1) ||
        bytes[size - 1] != '\n')
        return fail(r, "not a whole certificate: the last line is not 'end sha256 ' and 64 digits");
    *content = size - length;
    if (!*content || bytes[*content - 1] != '\n')
        return fail(r, "not a whole certificate: nothing stands before the last line");
    cv_sha256(bytes, *content, hex);
    if (memcmp(bytes + size - 65, hex, 64))
        return fail(r, "the file is damaged: its SHA-256 is %s, not the one in its last line", hex);
    return true;
}

/* The content as lines that end with a zero byte. */
static bool split_lines(reader *r, const char *bytes, size_t content, char **text)
{
    *text = malloc(content);
    if (!*text)
        return fail(r, "out of memory");
    r->line = 1;
    for (size_t i = 0; i < content; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (c != '\n' && (c < ' ' || c == 0x7f))
            return fail(r, "a control character");
        r->line += c == '\n';
        (*text)[i] = c == '\n' ? '\0' : (char)c;
    }
    r->line = 0;
    r->next = *text;
    r->end = *text + content;
    return true;
}

static void rational_init(cv_rational *x)
{
    mpz_inits(x->numerator, x->denominator, NULL);
}

static void rational_clear(cv_rational *x)
{
    mpz_clears(x->numerator, x->denominator, NULL);
}

static void block_clear(cv_block *b)
{
    cv_numbers_free(b->multiplicity, b->size);
    cv_numbers_free(b->gram, b->size * b->size);
    cv_numbers_free(b->vector, b->size * b->size);
    mpz_clear(b->repeat);
}

static void certificate_clear(cv_certificate *c)
{
    for (size_t b = 0; b < c->blocks; b++)
        block_clear(&c->block[b]);
    rational_clear(&c->purity);
    rational_clear(&c->entropy);
    rational_clear(&c->error);
    rational_clear(&c->lower);
    rational_clear(&c->upper);
    mpz_clear(c->trace);
    free(c->block);
    free(c->text);
    *c = (cv_certificate){0};
}

bool cv_read(const char *bytes, size_t size, cv_certificate *out, char message[CV_MESSAGE])
{
    reader r = {.message = message};
    cv_certificate c = {0};
    size_t content = 0;
    mpz_init(c.trace);
    rational_init(&c.purity);
    rational_init(&c.entropy);
    rational_init(&c.error);
    rational_init(&c.lower);
    rational_init(&c.upper);
    if (check_hash(&r, bytes, size, &content) && split_lines(&r, bytes, content, &c.text)) {
        read_header(&r, &c);
        read_blocks(&r, &c);
        read_claims(&r, &c);
    }
    if (r.failed)
        certificate_clear(&c);
    *out = c;
    out->line = r.line;
    return !r.failed;
}

void cv_certificate_free(cv_certificate *certificate)
{
    if (certificate->text)
        certificate_clear(certificate);
}
