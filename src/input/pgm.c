/* SPDX-License-Identifier: Apache-2.0 */
#include "input/pgm.h"

#include <string.h>

#include <cutropy/lattice.h>

typedef struct ct_pgm {
    const char *name;
    const uint8_t *at, *end;
    bool plain; /* P2 */
    int width, height, largest;
} ct_pgm;

static bool is_blank(uint8_t byte)
{
    return byte && strchr(" \t\r\n\v\f", byte);
}

/* Blanks and comments, up to the next number. */
static void skip_blanks(ct_pgm *p)
{
    while (p->at < p->end && (*p->at == '#' || is_blank(*p->at))) {
        if (*p->at == '#')
            while (p->at < p->end && *p->at != '\n' && *p->at != '\r')
                p->at++;
        else
            p->at++;
    }
}

/* The next number; blanks and comments stand before it. -1: there is none up to `most`. */
static int next_number(ct_pgm *p, int most)
{
    int value = 0, digits = 0;
    skip_blanks(p);
    for (; p->at < p->end && *p->at >= '0' && *p->at <= '9' && value <= most; p->at++, digits++)
        value = 10 * value + (*p->at - '0');
    return digits && value <= most ? value : -1;
}

static cutropy_status read_header(ct_pgm *p)
{
    if (p->end - p->at < 3 || p->at[0] != 'P' || (p->at[1] != '2' && p->at[1] != '5') ||
        (!is_blank(p->at[2]) && p->at[2] != '#'))
        return ct_fail(CUTROPY_EINPUT, "%s: no PGM file (P2 or P5)", p->name);
    p->plain = p->at[1] == '2';
    p->at += 2;
    p->width = next_number(p, CUTROPY_MAX_PIXELS);
    p->height = next_number(p, CUTROPY_MAX_PIXELS);
    p->largest = next_number(p, 65535);
    if (p->width < 1 || p->height < 1 || p->width * p->height > CUTROPY_MAX_PIXELS ||
        p->largest < 1)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: width, height and largest value are expected, at most %d pixels and 65535",
            p->name, CUTROPY_MAX_PIXELS);
    if (p->plain)
        return CUTROPY_OK;
    /* One blank. CR may be half an end of a line, and a comment would look like pixels. */
    if (p->at < p->end && (*p->at == '\r' || !is_blank(*p->at)))
        return ct_fail(
            CUTROPY_EINPUT, "%s: a blank or LF is expected after the largest value, not %s",
            p->name, *p->at == '\r' ? "CR (lines end in CR LF: save them with LF)" : "other bytes");
    p->at += p->at < p->end;
    return CUTROPY_OK;
}

static cutropy_status read_pixels(ct_pgm *p, double *out)
{
    const int pixels = p->width * p->height, bytes = p->largest > 255 ? 2 : 1;
    if (!p->plain && p->end - p->at < (ptrdiff_t)pixels * bytes)
        return ct_fail(CUTROPY_EINPUT, "%s: cut short: %d pixels of %d bytes are expected", p->name,
                       pixels, bytes);
    for (int i = 0; i < pixels; i++) {
        int value;
        if (p->plain) {
            value = next_number(p, p->largest);
        } else {
            value = bytes == 2 ? p->at[0] << 8 | p->at[1] : p->at[0];
            p->at += bytes;
        }
        if (value < 0 || value > p->largest)
            return ct_fail(CUTROPY_EINPUT, "%s: pixel %d is missing or above %d", p->name, i,
                           p->largest);
        out[i] = value;
    }
    if (p->plain)
        skip_blanks(p);
    if (p->at < p->end)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %td bytes after the %d pixels: one image a file is read, without "
                       "comments after the largest value",
                       p->name, p->end - p->at, pixels);
    return CUTROPY_OK;
}

cutropy_status ct_pgm_parse(const uint8_t *bytes, size_t size, const char *name, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_pgm p = {.name = name, .at = bytes, .end = bytes + size};
    *out = (ct_grey){0};
    CT_TRY(read_header(&p));
    *out = (ct_grey){.count = 1,
                     .pixels = p.width * p.height,
                     .lx = p.width,
                     .ly = p.height,
                     .scale = p.largest};
    CT_NEW(out->value, out->pixels);
    CT_TRY(read_pixels(&p, out->value));
done:
    if (status != CUTROPY_OK)
        ct_grey_free(out);
    return status;
}
