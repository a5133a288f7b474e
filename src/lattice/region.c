/* SPDX-License-Identifier: Apache-2.0 */
/* Regions in words: "0x1f", "{0-3,7}", "x<2", "x+y<=3&i!=4". */
#include <cutropy/cut.h>

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/locale.h"
#include "lattice/lattice.h"

#define FORMS                                                                                      \
    "write a mask 0x1f, pixels {0-3,7}, or words x<2, y=0, x+y<=3, i>=5, joined by & where all must hold"

typedef struct reader {
    const char *at, *text;
    const cutropy_lattice *lattice;
} reader;

static cutropy_status fail(const reader *r, const char *what)
{
    return ct_fail(CUTROPY_EINPUT, "region '%.60s': %s; " FORMS, r->text, what);
}

static bool take(reader *r, char c)
{
    r->at += strspn(r->at, " ");
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

/* ---- {0-3,7} ---- */

static cutropy_status read_pixel(reader *r, int *pixel)
{
    const int pixels = r->lattice->pixels;
    int64_t number = 0;
    r->at += strspn(r->at, " ");
    if (*r->at < '0' || *r->at > '9')
        return fail(r, "the number of a pixel is missing");
    for (; *r->at >= '0' && *r->at <= '9' && number < pixels; r->at++)
        number = 10 * number + (*r->at - '0');
    if (number >= pixels || (*r->at >= '0' && *r->at <= '9'))
        return ct_fail(CUTROPY_EINPUT, "region '%.60s': %s has only pixels 0 to %d", r->text,
                       r->lattice->name, pixels - 1);
    *pixel = (int)number;
    return CUTROPY_OK;
}

static cutropy_status read_pixels(reader *r, uint64_t *mask)
{
    cutropy_status status = CUTROPY_OK;
    int first, last;
    if (take(r, '}'))
        return CUTROPY_OK;
    do {
        CT_TRY(read_pixel(r, &first));
        last = first;
        if (take(r, '-'))
            CT_TRY(read_pixel(r, &last));
        if (last < first)
            return fail(r, "pixels run backwards");
        for (int i = first; i <= last; i++)
            ct_set_bit(mask, (uint64_t)i);
    } while (take(r, ','));
    if (!take(r, '}'))
        return fail(r, "a } is missing");
done:
    return status;
}

/* ---- x+y<3 ---- */

/* ax x + ay y + ai i compared with a number. Positions are multiples of 1/2 and the factors whole
 * numbers, so that sums are exact. */
typedef struct comparison {
    double factor[3]; /* of x, y, i */
    bool less, equal, greater;
    double number;
} comparison;

static cutropy_status read_sum(reader *r, comparison *c)
{
    static const char names[] = "xyi";
    bool minus = take(r, '-');
    do {
        long factor = 1;
        r->at += strspn(r->at, " ");
        if (*r->at >= '0' && *r->at <= '9') {
            char *end;
            factor = strtol(r->at, &end, 10);
            r->at = end;
            if (!take(r, '*'))
                return fail(r, "a factor stands as in 2*x");
            if (factor > CUTROPY_MAX_PIXELS)
                return fail(r, "a factor is too large");
            r->at += strspn(r->at, " ");
        }
        const char *name = *r->at ? strchr(names, *r->at) : NULL;
        if (!name)
            return fail(r, "x, y or i is missing");
        r->at++;
        c->factor[name - names] += minus ? (double)-factor : (double)factor;
        minus = false;
        if (take(r, '-'))
            minus = true;
        else if (!take(r, '+'))
            return CUTROPY_OK;
    } while (true);
}

static cutropy_status read_comparison(reader *r, comparison *c)
{
    char *end;
    if (take(r, '!')) {
        c->less = c->greater = true;
        if (!take(r, '='))
            return fail(r, "a comparison is <, <=, >, >=, = or !=");
    } else {
        c->less = take(r, '<');
        c->greater = !c->less && take(r, '>');
        c->equal = take(r, '=');
        if (c->equal && !c->less && !c->greater)
            (void)take(r, '='); /* == */
        if (!c->less && !c->greater && !c->equal)
            return fail(r, "a comparison is missing");
    }
    r->at += strspn(r->at, " ");
    if (!strchr("-+.0123456789", *r->at) || !*r->at)
        return fail(r, "a number is missing");
    c->number = ct_strtod(r->at, &end);
    if (end == r->at)
        return fail(r, "a number is missing");
    r->at = end;
    return CUTROPY_OK;
}

static cutropy_status read_words(reader *r, uint64_t *mask)
{
    cutropy_status status = CUTROPY_OK;
    comparison c = {0};
    CT_TRY(read_sum(r, &c));
    CT_TRY(read_comparison(r, &c));
    for (int i = 0; i < r->lattice->pixels; i++) {
        const double *p = r->lattice->position[i];
        const double sum = c.factor[0] * p[0] + c.factor[1] * p[1] + c.factor[2] * i;
        if (sum < c.number ? c.less : sum > c.number ? c.greater : c.equal)
            ct_set_bit(mask, (uint64_t)i);
    }
done:
    return status;
}

/* ---- all of them ---- */

/* A mask or numbers of pixels say what they mean; words that hold everywhere or nowhere are a slip. */
static cutropy_status check_words(const reader *r, const uint64_t *mask)
{
    const int kept = cutropy_mask_pixels(mask, r->lattice->words);
    if (kept > 0 && kept < r->lattice->pixels)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT,
                   "region '%.60s' has %s pixel of %s: nothing is cut; if that is meant, write a "
                   "mask",
                   r->text, kept ? "every" : "no", r->lattice->name);
}

bool ct_is_region(const char *text)
{
    return *text == '{' || !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2) ||
           strpbrk(text, "<>=");
}

cutropy_status ct_region_parse(const char *text, const cutropy_lattice *lattice, uint64_t *mask)
{
    cutropy_status status = CUTROPY_OK;
    reader r = {.at = text, .text = text, .lattice = lattice};
    bool words = false;
    if (!strncmp(text, "0x", 2) || !strncmp(text, "0X", 2))
        return ct_mask_parse(text, lattice, mask);
    if (!ct_is_region(text))
        return ct_fail(CUTROPY_EINPUT, "'%.60s' is not a region; " FORMS, text);
    memset(mask, 0xff, lattice->words * sizeof *mask);
    do {
        uint64_t part[CT_MAX_WORDS] = {0};
        const bool numbers = take(&r, '{');
        words |= !numbers;
        CT_TRY(numbers ? read_pixels(&r, part) : read_words(&r, part));
        for (size_t w = 0; w < lattice->words; w++)
            mask[w] &= part[w];
    } while (take(&r, '&'));
    r.at += strspn(r.at, " ");
    if (*r.at)
        return fail(&r, "something stands behind it");
    if (words)
        CT_TRY(check_words(&r, mask));
done:
    return status;
}
