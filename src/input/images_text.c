/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of images from text; images.h has the grammar. Two passes: the first finds the shape, the
 * second the pixels. */
#include "input/image_readers.h"

#include <string.h>

#include "base/bits.h"

typedef enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_PIXELS } line_kind;

typedef struct line {
    const uint8_t *at, *end; /* without the line end */
    size_t number;           /* from 1 */
    line_kind kind;
    uint64_t width; /* pixels */
} line;

typedef struct text {
    const uint8_t *at, *end;
    const char *name;
    size_t number;
} text;

/* -2: not allowed, -1: skipped, 0 and 1: a pixel. */
static int pixel_of(uint8_t c)
{
    switch (c) {
    case '0':
    case '.':
        return 0;
    case '1':
    case '#':
        return 1;
    case ' ':
    case '\t':
    case ',':
        return -1;
    default:
        return -2;
    }
}

/* Takes the next line and sorts it; *more is 0 at the end. */
static cutropy_status next_line(text *t, line *l, bool *more)
{
    *more = t->at < t->end;
    if (!*more)
        return CUTROPY_OK;
    const uint8_t *newline = memchr(t->at, '\n', (size_t)(t->end - t->at));
    *l = (line){.at = t->at, .end = newline ? newline : t->end, .number = ++t->number};
    t->at = newline ? newline + 1 : t->end;
    if (l->end > l->at && l->end[-1] == '\r')
        l->end--;

    uint8_t bad = 0;
    for (const uint8_t *p = l->at; p < l->end && !bad; p++) {
        int pixel = pixel_of(*p);
        l->width += pixel >= 0;
        bad = pixel == -2 ? *p : 0;
    }
    bool comment = l->end - l->at >= 2 && l->at[0] == '#' && (l->at[1] == ' ' || l->at[1] == '\t');
    if (comment && !bad)
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: a comment or an image? leave out the blank after #",
                       t->name, l->number);
    if (bad && !comment)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s:%zu: unexpected byte 0x%02x in a list of images (0 1 . # expected; numbers are "
            "read from .npy, or with columns index,value)",
            t->name, l->number, bad);
    l->kind = comment ? LINE_COMMENT : l->width ? LINE_PIXELS : LINE_BLANK;
    if (l->kind == LINE_BLANK && memchr(l->at, ',', (size_t)(l->end - l->at)))
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: commas without pixels", t->name, l->number);
    return CUTROPY_OK;
}

/* What the first pass learns. */
typedef struct shape {
    uint64_t lines, width;
    uint64_t groups;   /* runs of lines between blank lines */
    uint64_t group;    /* lines of the first run */
    bool equal_groups; /* all runs have as many lines */
    uint64_t divisor;  /* of the lines of every run */
} shape;

static void end_group(shape *s, uint64_t *run)
{
    if (!*run)
        return;
    if (!s->groups++) {
        s->group = *run;
        s->equal_groups = true;
    }
    s->equal_groups &= *run == s->group;
    s->divisor = (uint64_t)ct_gcd(s->divisor, *run);
    *run = 0;
}

static cutropy_status find_shape(text t, shape *s)
{
    uint64_t run = 0;
    bool more = true;
    line l;
    *s = (shape){0};
    for (;;) {
        cutropy_status status = next_line(&t, &l, &more);
        if (status != CUTROPY_OK)
            return status;
        if (!more)
            break;
        if (l.kind == LINE_BLANK)
            end_group(s, &run);
        if (l.kind != LINE_PIXELS)
            continue;
        if (s->lines && l.width != s->width)
            return ct_fail(CUTROPY_EINPUT, "%s:%zu: %llu pixels, the lines before have %llu",
                           t.name, l.number, (unsigned long long)l.width,
                           (unsigned long long)s->width);
        s->width = l.width;
        s->lines++;
        run++;
    }
    end_group(s, &run);
    return CUTROPY_OK;
}

/* How many lines form an image. */
static cutropy_status lines_per_image(const shape *s, const char *name, ct_image_size wanted,
                                      uint64_t *lines)
{
    *lines = 1;
    if (wanted.pixels && s->width == (uint64_t)wanted.pixels)
        return CUTROPY_OK;
    if (wanted.pixels) {
        if (wanted.lx < 1 || s->width != (uint64_t)wanted.lx)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: lines of %llu pixels, but the lattice has %d pixels", name,
                           (unsigned long long)s->width, wanted.pixels);
        *lines = (uint64_t)wanted.ly;
        if (s->divisor % *lines)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: the lines between two blank lines are no whole number of images of "
                           "%d rows",
                           name, wanted.ly);
    } else if (s->groups > 1) {
        if (!s->equal_groups)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: blank lines separate groups of different numbers of lines; give "
                           "--lattice or remove them",
                           name);
        *lines = s->group;
    }
    return CUTROPY_OK;
}

cutropy_status ct_images_from_text(const uint8_t *bytes, size_t size, const char *name,
                                   ct_image_size wanted, ct_image_list *out)
{
    text t = {.at = bytes, .end = bytes + size, .name = name};
    shape s;
    uint64_t lines = 1, pixels = 0;
    cutropy_status status = find_shape(t, &s);
    if (status == CUTROPY_OK && !s.lines)
        status = ct_fail(CUTROPY_EINPUT, "%s: no image in this list", name);
    if (status == CUTROPY_OK)
        status = lines_per_image(&s, name, wanted, &lines);
    if (status == CUTROPY_OK && __builtin_mul_overflow(lines, s.width, &pixels))
        pixels = UINT64_MAX;
    if (status == CUTROPY_OK)
        status = ct_images_new(out, name, pixels, s.lines / lines);
    if (status != CUTROPY_OK)
        return status;
    if (lines > 1) {
        out->lx = (int)s.width;
        out->ly = (int)lines;
    }

    line l;
    bool more = true;
    uint64_t bit = 0; /* pixel number inside the image */
    uint64_t *image = out->bits;
    while (next_line(&t, &l, &more) == CUTROPY_OK && more) {
        for (const uint8_t *p = l.at; l.kind == LINE_PIXELS && p < l.end; p++) {
            int pixel = pixel_of(*p);
            if (pixel < 0)
                continue;
            if (bit == pixels) {
                bit = 0;
                image += out->words;
            }
            if (pixel == 1)
                ct_set_bit(image, bit);
            bit++;
        }
    }
    return CUTROPY_OK;
}
