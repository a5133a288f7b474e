/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of images from PBM files: P1 (text) and P4 (packed), one or more images of one size. */
#include "input/image_readers.h"

#include <cutropy/lattice.h>

#include "base/bits.h"

typedef struct reader {
    const uint8_t *at, *end;
    const char *name;
} reader;

typedef struct picture {
    bool packed;
    int lx, ly;
} picture;

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/* Blanks, and comments from # to the end of the line. */
static void skip_blanks(reader *r)
{
    while (r->at < r->end && (is_blank(*r->at) || *r->at == '#')) {
        if (*r->at == '#')
            while (r->at < r->end && *r->at != '\n')
                r->at++;
        else
            r->at++;
    }
}

static cutropy_status read_length(reader *r, int *length)
{
    int value = 0, digits = 0;
    skip_blanks(r);
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++, digits++)
        if ((value = value * 10 + (*r->at - '0')) > CUTROPY_MAX_PIXELS)
            break;
    if (!digits || value < 1 || value > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT, "%s: width and height of a PBM image must be 1 to %d",
                       r->name, CUTROPY_MAX_PIXELS);
    *length = value;
    return CUTROPY_OK;
}

static cutropy_status read_header(reader *r, picture *p)
{
    if (r->end - r->at < 2 || r->at[0] != 'P' || (r->at[1] != '1' && r->at[1] != '4'))
        return ct_fail(CUTROPY_EINPUT, "%s: not a PBM image (P1 or P4 expected)", r->name);
    p->packed = r->at[1] == '4';
    r->at += 2;
    if (r->at == r->end || (!is_blank(*r->at) && *r->at != '#'))
        return ct_fail(CUTROPY_EINPUT, "%s: broken PBM header", r->name);
    cutropy_status status = read_length(r, &p->lx);
    if (status == CUTROPY_OK)
        status = read_length(r, &p->ly);
    if (status != CUTROPY_OK)
        return status;
    if (p->lx * p->ly > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT, "%s: images of %d pixels; 1 to %d are possible", r->name,
                       p->lx * p->ly, CUTROPY_MAX_PIXELS);
    /* exactly one blank ends the header of packed data; P1 skips any number in front of each pixel
     */
    if (r->at < r->end && is_blank(*r->at))
        r->at++;
    else if (p->packed)
        return ct_fail(CUTROPY_EINPUT, "%s: broken PBM header", r->name);
    return CUTROPY_OK;
}

static cutropy_status fail_truncated(const reader *r)
{
    return ct_fail(CUTROPY_EINPUT, "%s: truncated PBM image", r->name);
}

/* bits = NULL only moves on. */
static cutropy_status read_packed(reader *r, const picture *p, uint64_t *bits)
{
    size_t row = (size_t)(p->lx + 7) / 8;
    if ((size_t)(r->end - r->at) < row * (size_t)p->ly)
        return fail_truncated(r);
    for (int i = 0; bits && i < p->lx * p->ly; i++) {
        int x = i % p->lx, y = i / p->lx;
        if (r->at[row * (size_t)y + (size_t)(x / 8)] >> (7 - x % 8) & 1)
            ct_set_bit(bits, (uint64_t)i);
    }
    r->at += row * (size_t)p->ly;
    return CUTROPY_OK;
}

static cutropy_status read_plain(reader *r, const picture *p, uint64_t *bits)
{
    for (int i = 0; i < p->lx * p->ly; i++) {
        skip_blanks(r);
        if (r->at == r->end)
            return fail_truncated(r);
        if (*r->at != '0' && *r->at != '1')
            return ct_fail(CUTROPY_EINPUT, "%s: PBM pixel %d is neither 0 nor 1", r->name, i);
        if (*r->at == '1' && bits)
            ct_set_bit(bits, (uint64_t)i);
        r->at++;
    }
    return CUTROPY_OK;
}

/* One pass over the file: counts the images, and fills list->bits if there is room. */
static cutropy_status read_all(reader r, ct_image_list *list, uint64_t *count)
{
    *count = 0;
    for (;;) {
        picture p = {0};
        cutropy_status status = read_header(&r, &p);
        if (status != CUTROPY_OK)
            return status;
        if (!list->lx) {
            list->lx = p.lx;
            list->ly = p.ly;
        } else if (list->lx != p.lx || list->ly != p.ly) {
            return ct_fail(CUTROPY_EINPUT, "%s: image %llu has %d x %d pixels, the first %d x %d",
                           r.name, (unsigned long long)*count, p.lx, p.ly, list->lx, list->ly);
        }
        uint64_t *bits = list->bits ? list->bits + *count * list->words : NULL;
        status = p.packed ? read_packed(&r, &p, bits) : read_plain(&r, &p, bits);
        if (status != CUTROPY_OK)
            return status;
        ++*count;
        skip_blanks(&r);
        if (r.at == r.end)
            return CUTROPY_OK;
    }
}

cutropy_status ct_images_from_pbm(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out)
{
    reader r = {bytes, bytes + size, name};
    uint64_t count = 0;
    cutropy_status status = read_all(r, out, &count);
    if (status == CUTROPY_OK)
        status = ct_images_new(out, name, (uint64_t)(out->lx * out->ly), count);
    if (status == CUTROPY_OK)
        status = read_all(r, out, &count);
    return status;
}
