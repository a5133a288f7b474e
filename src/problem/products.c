/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/products.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"

uint64_t ct_products_bytes(int64_t terms, int sites, int dimension, bool is_complex)
{
    const uint64_t numbers = (uint64_t)dimension * (is_complex ? 2 : 1);
    return (uint64_t)terms * ((uint64_t)sites * (16 * numbers + 4) + 32);
}

cutropy_status ct_products_new(int64_t terms, int sites, int dimension, bool is_complex,
                               ct_products **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_products *p = NULL;
    *out = NULL;
    CT_NEW_ZERO(p, 1);
    *p = (ct_products){.terms = terms,
                       .sites = sites,
                       .dimension = dimension,
                       .is_complex = is_complex,
                       .classes = 1};
    const size_t places = (size_t)sites * (size_t)terms;
    CT_NEW(p->factor, places * (size_t)dimension * (is_complex ? 2 : 1));
    CT_NEW(p->weight, terms);
    CT_NEW_ZERO(p->level, places);
    CT_NEW_ZERO(p->size, sites);
    CT_NEW(p->given, sites);
    for (int n = 0; n < sites; n++)
        p->given[n] = dimension;
    for (int64_t m = 0; m < terms; m++)
        p->weight[m] = 1;
    *out = p;
    p = NULL;
done:
    ct_products_free(p);
    return status;
}

const char *ct_products_words(const ct_products *p, char *out)
{
    snprintf(out, CT_PRODUCTS_WORDS, "a sum of product states%s%s%s", *p->unlisted ? " (" : "",
             p->unlisted, *p->unlisted ? ")" : "");
    return out;
}

void ct_products_free(ct_products *p)
{
    if (!p)
        return;
    ct_free(p->factor);
    ct_free(p->weight);
    ct_free(p->level);
    ct_free(p->size);
    ct_free(p->given);
    ct_free(p->label);
    ct_free(p->exact.first);
    ct_free(p->exact.number);
    ct_free(p->exact.weight);
    ct_free(p);
}

/* ---- norms ---- */

#define LEAST                                                                                      \
    0x1p-1000 /* of the largest 1: what is smaller, but not 0, counts as this, which no bound sees */

/* number 2^power; never 0 where it was not, since that would take from the rank. */
static double scaled(double number, int64_t power)
{
    const double out = power < -2200 ? 0 : ldexp(number, (int)power);
    return number != 0 && fabs(out) < LEAST ? copysign(LEAST, number) : out;
}

/* The factor of term m at a site, `stride` doubles apart, has norm 1 afterwards; *norm what it had, times 2^-*exponent. */
static bool normalise(double *number, size_t count, size_t stride, double *norm, int *exponent)
{
    double largest = 0, sum = 0;
    for (size_t k = 0; k < count; k++) {
        if (!isfinite(number[k * stride]))
            return false;
        largest = fmax(largest, fabs(number[k * stride]));
    }
    *norm = 0;
    *exponent = 0;
    if (largest == 0)
        return true;
    frexp(largest, exponent); /* squares of numbers near 1 stay in the range of doubles */
    for (size_t k = 0; k < count; k++) {
        number[k * stride] = scaled(number[k * stride], -*exponent);
        sum += number[k * stride] * number[k * stride];
    }
    *norm = sqrt(sum);
    for (size_t k = 0; k < count; k++)
        number[k * stride] /= *norm;
    return true;
}

/* Multiplies the factor of a term, of norm 1, by a complex number (re, im) without its exponent; the norm and the exponent of the
 * product are multiplied into *norm and added to *exponent. */
static void turn_by(const ct_products *p, const double *pair, double *first, double *norm,
                    int *exponent)
{
    const size_t terms = (size_t)p->terms;
    double re = pair[0], im = pair[1], more;
    int own, rest;
    frexp(fmax(fabs(re), fabs(im)), &own);
    re = scaled(re, -own);
    im = scaled(im, -own);
    for (size_t k = 0; k < (size_t)p->dimension; k++) {
        double *a = first + 2 * k * terms, *b = a + terms;
        const double next = *a * re - *b * im;
        *b = *a * im + *b * re;
        *a = next;
    }
    normalise(first, 2 * (size_t)p->dimension, terms, &more, &rest);
    *norm *= more;
    *exponent += own + rest;
}

/* Norms go out of the factors, and into mantissas and exponents of y; complex y into the factors of site 0. */
static cutropy_status take_norms(ct_products *p, bool keep_norms, const double *turn,
                                 int64_t *power, const char *name)
{
    const size_t count = (size_t)p->dimension * (p->is_complex ? 2 : 1), terms = (size_t)p->terms;
    for (int64_t m = 0; m < p->terms; m++) {
        int exponent;
        if (!isfinite(p->weight[m]))
            return ct_fail(CUTROPY_EINPUT, "%s: the weight of term %lld is no finite number", name,
                           (long long)m);
        p->weight[m] = frexp(p->weight[m], &exponent);
        power[m] = exponent;
    }
    for (int n = 0; n < p->sites; n++)
        for (int64_t m = 0; m < p->terms; m++) {
            double norm;
            int exponent, more;
            double *first = ct_products_row(p, n, 0, 0) + m;
            if (!normalise(first, count, terms, &norm, &exponent))
                return ct_fail(CUTROPY_EINPUT,
                               "%s: the factor of term %lld at site %d is no finite number", name,
                               (long long)m, n);
            if (norm != 0 && turn && n == 0)
                turn_by(p, turn + 2 * m, first, &norm, &exponent);
            if (norm == 0 && !keep_norms)
                return ct_fail(
                    CUTROPY_EINPUT,
                    "%s: the factor of term %lld at site %d is zero and has no direction", name,
                    (long long)m, n);
            if (norm == 0) { /* the term vanishes: any direction */
                *first = 1;
                p->weight[m] = 0;
            }
            if (!keep_norms)
                continue;
            p->weight[m] = frexp(p->weight[m] * norm, &more);
            power[m] += exponent + more;
        }
    return CUTROPY_OK;
}

/* weight[m] 2^power[m] with the largest between 1 and 2. */
static cutropy_status scale_weights(ct_products *p, const int64_t *power, const char *name)
{
    int64_t most = INT64_MIN;
    for (int64_t m = 0; m < p->terms; m++)
        if (p->weight[m] != 0 && power[m] > most)
            most = power[m];
    if (most == INT64_MIN)
        return ct_fail(CUTROPY_EINPUT, "%s: every term vanishes, so there is no state", name);
    most--; /* mantissas lie between 1/2 and 1 */
    if (most > 1 << 24 || most < -(1 << 24))
        return ct_fail(CUTROPY_EINPUT, "%s: weights of 2^%lld", name, (long long)most);
    for (int64_t m = 0; m < p->terms; m++) {
        const int64_t shift = power[m] - most;
        p->weight[m] = scaled(p->weight[m], shift);
    }
    p->exponent = (int)most;
    return CUTROPY_OK;
}

/* ---- levels ---- */

typedef struct ct_site_words {
    const double *number; /* of the site: `count` rows */
    size_t count, stride; /* of rows, of terms */
    size_t row;           /* from row to row */
    const double *turn;   /* M pairs, or NULL */
    const int64_t *term;  /* the first one of each level */
    int64_t key;
} ct_site_words;

static uint64_t word_of(double number)
{
    uint64_t word;
    memcpy(&word, &number, sizeof word);
    return word;
}

static size_t numbers_of(const ct_products *p)
{
    return (size_t)p->dimension * (p->is_complex ? 2 : 1);
}

static bool same_factor(const void *key, uint64_t item)
{
    const ct_site_words *s = key;
    for (size_t k = 0; k < s->count; k++)
        if (word_of(s->number[k * s->row + (size_t)s->key * s->stride]) !=
            word_of(s->number[k * s->row + (size_t)s->term[item] * s->stride]))
            return false;
    for (size_t k = 0; k < 2 && s->turn; k++)
        if (word_of(s->turn[2 * (size_t)s->key + k]) !=
            word_of(s->turn[2 * (size_t)s->term[item] + k]))
            return false;
    return true;
}

/* The numbers of a site, as they came. */
static ct_site_words site_words(const ct_products *p, int site)
{
    const size_t terms = (size_t)p->terms;
    if (p->exact.kind != CT_FACTOR_NUMBERS)
        return (ct_site_words){
            .number = p->value + site, .count = 1, .stride = (size_t)p->sites, .row = 0};
    return (ct_site_words){.number = ct_products_row(p, site, 0, 0),
                           .count = numbers_of(p),
                           .stride = 1,
                           .row = terms};
}

/* The numbers of all levels: the first term of each has them. */
static cutropy_status keep_exact(ct_products *p, const double *turn, bool keep_norms)
{
    cutropy_status status = CUTROPY_OK;
    ct_exact_state *e = &p->exact;
    const size_t terms = (size_t)p->terms, sites = (size_t)p->sites;
    e->terms = p->terms;
    e->sites = p->sites;
    e->dimension = p->dimension;
    e->is_complex = p->is_complex;
    e->keep_norms = keep_norms;
    e->complex_weights = turn != NULL;
    e->level = p->level;
    CT_NEW(e->first, sites + 1);
    e->first[0] = 0;
    for (size_t n = 0; n < sites; n++) {
        int32_t most = 0;
        for (size_t m = 0; m < terms; m++)
            most = p->level[n * terms + m] > most ? p->level[n * terms + m] : most;
        e->first[n + 1] = e->first[n] + most + 1;
    }
    CT_NEW(e->number, e->first[sites] * ct_exact_numbers(e));
    for (size_t n = 0; n < sites; n++) {
        const ct_site_words site = site_words(p, (int)n);
        for (size_t m = 0; m < terms; m++)
            for (size_t k = 0; k < site.count; k++)
                e->number[(size_t)(e->first[n] + p->level[n * terms + m]) * site.count + k] =
                    site.number[k * site.row + m * site.stride];
    }
    CT_NEW(e->weight, p->terms * (turn ? 2 : 1));
    memcpy(e->weight, turn ? turn : p->weight, terms * (turn ? 2 : 1) * sizeof *e->weight);
done:
    return status;
}

/* Numbers the different factors of each site by their first term. They are compared as they came: rounding makes different ones
 * equal, and would take from the rank. */
static cutropy_status find_levels(ct_products *p, const double *turn)
{
    cutropy_status status = CUTROPY_OK;
    ct_hash table = {0};
    int64_t *term = NULL;
    const size_t terms = (size_t)p->terms;
    uint64_t checksum = ct_mix64((uint64_t)p->terms * 31 + (uint64_t)p->sites);
    if (p->exact.kind != CT_FACTOR_NUMBERS)
        checksum = ct_mix64(checksum + word_of(p->exact.theta) * 5 + word_of(p->exact.scale) * 3 +
                            (uint64_t)p->exact.kind);
    CT_NEW(term, terms);
    for (int n = 0; n < p->sites; n++) {
        ct_site_words site = site_words(p, n);
        site.turn = n == 0 ? turn : NULL;
        site.term = term;
        int64_t levels = 0;
        ct_hash_free(&table);
        CT_TRY(ct_hash_start(&table, (uint64_t)terms));
        for (site.key = 0; site.key < p->terms; site.key++) {
            uint64_t hash = 0;
            for (size_t k = 0; k < site.count; k++)
                hash = ct_mix64(
                    hash * 3 + word_of(site.number[k * site.row + (size_t)site.key * site.stride]) +
                    1);
            for (size_t k = 0; k < 2 && site.turn; k++)
                hash = ct_mix64(hash * 3 + word_of(site.turn[2 * (size_t)site.key + k]) + 1);
            uint32_t *slot = ct_hash_find(&table, hash, same_factor, &site);
            if (!*slot) {
                term[levels] = site.key;
                *slot = (uint32_t)++levels;
            }
            p->level[(size_t)n * terms + (size_t)site.key] = (int32_t)(*slot - 1);
            checksum = ct_mix64(checksum * 3 + hash);
        }
    }
    p->checksum = checksum;
done:
    ct_hash_free(&table);
    ct_free(term);
    return status;
}

static void find_sizes(ct_products *p)
{
    const size_t each = (p->is_complex ? 2 : 1) * (size_t)p->terms;
    for (int n = 0; n < p->sites; n++) {
        p->size[n] = 1;
        for (int k = 1; k < p->dimension; k++) {
            const double *row = ct_products_row(p, n, k, 0);
            for (size_t i = 0; i < each; i++)
                if (row[i] != 0)
                    p->size[n] = k + 1;
        }
    }
}

cutropy_status ct_products_settle(ct_products *p, bool keep_norms, const double *turn,
                                  const char *name)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *power = NULL;
    const double numbers = (double)numbers_of(p);
    CT_NEW(power, p->terms);
    CT_TRY(find_levels(p, turn));
    CT_TRY(keep_exact(p, turn, keep_norms));
    p->value = NULL;
    find_sizes(p);
    CT_TRY(take_norms(p, keep_norms, turn, power, name));
    CT_TRY(scale_weights(p, power, name));
    for (int64_t m = 0; m < p->terms; m++)
        p->checksum = ct_mix64(p->checksum * 3 + word_of(p->weight[m]));
    /* the sum of squares rounds `numbers` times, its root once, and the quotient once */
    p->factor_error += numbers / 2 + 3;
    if (keep_norms) /* the product with the norm and its own roundings */
        p->weight_error += (double)p->sites * (numbers / 2 + 3);
    if (turn) { /* the product of two complex numbers, and its norm */
        p->factor_error += numbers / 2 + 7;
        p->weight_error += numbers / 2 + 7;
    }
done:
    ct_free(power);
    return status;
}

void ct_products_label(ct_products *p, int32_t *label, int classes, unsigned sides)
{
    p->label = label;
    p->classes = classes;
    p->sides = sides;
    p->exact.label = label;
    for (int64_t m = 0; m < p->terms; m++)
        p->checksum = ct_mix64(p->checksum * 3 + (uint64_t)label[m] * 4 + sides);
}

/* Number `site` of a term: its level or, behind all sites, its label. */
static int32_t level_at(const ct_products *p, int site, int64_t term)
{
    return site < p->sites ? p->level[(int64_t)site * p->terms + term] : p->label[term];
}

double ct_products_space(const ct_products *p, const uint64_t *mask, bool inside)
{
    double space = p->sides & (inside ? CT_LABEL_A : CT_LABEL_B) ? p->classes : 1;
    for (int n = 0; n < p->sites; n++)
        if (ct_bit(mask, (uint64_t)n) == inside)
            space *= p->size[n];
    return space;
}

int ct_products_copies(const ct_products *p)
{
    return __builtin_popcount(p->sides);
}

cutropy_status ct_products_images(const ct_products *p, int bits, uint64_t **out, size_t *words)
{
    cutropy_status status = CUTROPY_OK;
    const int sites = p->sites + ct_products_copies(p);
    *words = ((size_t)sites * (size_t)bits + 63) / 64;
    CT_NEW_ZERO(*out, (size_t)p->terms * *words);
    for (int n = 0; n < sites; n++)
        for (int64_t m = 0; m < p->terms; m++)
            for (int b = 0; b < bits; b++)
                if (level_at(p, n, m) >> b & 1)
                    ct_set_bit(*out + (size_t)m * *words, (uint64_t)(n * bits + b));
done:
    return status;
}

cutropy_status ct_products_find_bits(ct_products *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_hash table = {0};
    uint64_t *images = NULL;
    int bits = 1;
    bool once = true;
    p->bits = 0;
    for (size_t i = 0; i < (size_t)p->sites * (size_t)p->terms; i++)
        while (p->level[i] >> bits)
            bits++;
    while (p->label && (p->classes - 1) >> bits)
        bits++;
    for (int64_t m = 0; m < p->terms; m++)
        once = once && p->weight[m] == 1 && !p->exponent;
    if (!once)
        return CUTROPY_OK;
    ct_word_rows rows = {0};
    CT_TRY(ct_products_images(p, bits, &images, &rows.words));
    rows.row = images;
    CT_TRY(ct_hash_start(&table, (uint64_t)p->terms));
    for (int64_t m = 0; m < p->terms && once; m++) {
        uint32_t *slot = ct_hash_find_row(&table, &rows, images + (size_t)m * rows.words);
        once = !*slot;
        *slot = (uint32_t)m + 1;
    }
    p->bits = once ? bits : 0;
done:
    ct_hash_free(&table);
    ct_free(images);
    return status;
}

double ct_products_effective(const ct_products *p)
{
    double square = 0, fourth = 0;
    for (int64_t m = 0; m < p->terms; m++) {
        const double w = p->weight[m] * p->weight[m];
        square += w;
        fourth += w * w;
    }
    return square * square / fourth;
}
