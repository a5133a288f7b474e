/* SPDX-License-Identifier: Apache-2.0 */
#include "input/png.h"

#include <cutropy/lattice.h>

#ifdef CT_HAVE_PNG

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define DEEPEST 2 /* bytes a sample */

/* Outlives the jumps of libpng's errors. */
typedef struct ct_png {
    const char *name;
    const uint8_t *at, *end;
    const uint8_t *data_end; /* of the last IDAT that has data */
    png_structp png;
    png_infop info;
    int width, height, bytes; /* of a sample */
    png_byte *sample, **row;
    bool no_memory;
    char why[120];
} ct_png;

static void stop(png_structp png, png_const_charp message)
{
    ct_png *p = png_get_error_ptr(png);
    snprintf(p->why, sizeof p->why, "%s", message);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
}

static png_voidp png_room(png_structp png, png_alloc_size_t size)
{
    ct_png *p = png_get_mem_ptr(png);
    void *memory = ct_alloc(size, 1);
    p->no_memory = p->no_memory || !memory;
    return memory;
}

static void png_done(png_structp png, png_voidp memory)
{
    (void)png;
    ct_free(memory);
}

static void take(png_structp png, png_bytep to, size_t size)
{
    ct_png *p = png_get_io_ptr(png);
    if ((size_t)(p->end - p->at) < size)
        png_error(png, "cut short");
    memcpy(to, p->at, size);
    p->at += size;
}

static cutropy_status not_grey(const ct_png *p, const char *why)
{
    return ct_fail(CUTROPY_EINPUT,
                   "%s: %s; only grey PNG files are read, make it grey (Python's Pillow: "
                   "Image.open(IN).convert('L').save(OUT))",
                   p->name, why);
}

static cutropy_status damaged(const ct_png *p, const char *why)
{
    return ct_fail(CUTROPY_EINPUT, "%s: damaged PNG: %s", p->name, why);
}

static bool is_type(const uint8_t *chunk, const char *type)
{
    return !memcmp(chunk + 4, type, 4);
}

/* Chunks that libpng passes over in silence. Where one is cut short libpng will say so. */
static cutropy_status check_chunks(ct_png *p)
{
    const uint8_t *chunk = p->at + 8, *next = chunk, *data = NULL; /* data: where an IDAT ended */
    for (; p->end - chunk >= 12; chunk = next) {
        const uint32_t size = png_get_uint_32(chunk);
        if ((size_t)(p->end - chunk) < (size_t)size + 12)
            break;
        next = chunk + size + 12;
        if (is_type(chunk, "acTL") || is_type(chunk, "fcTL") || is_type(chunk, "fdAT"))
            return ct_fail(CUTROPY_EINPUT, "%s: animated; one image a file is read", p->name);
        if (is_type(chunk, "tRNS"))
            return not_grey(p, "it is transparent");
        if (is_type(chunk, "PLTE"))
            return not_grey(p, "it has a palette");
        if (is_type(chunk, "IEND"))
            return size ? damaged(p, "IEND with data") : CUTROPY_OK;
        if (is_type(chunk, "IDAT")) {
            if (data && data != chunk)
                return damaged(p, "another chunk between those of the image");
            data = next;
            p->data_end = size ? next : p->data_end;
        } else if (!(chunk[4] & 32) && !is_type(chunk, "IHDR")) {
            return damaged(p, "unknown critical chunk");
        }
    }
    return CUTROPY_OK;
}

static const char *colours(int type)
{
    return type == PNG_COLOR_TYPE_PALETTE ? "it has a palette"
           : type & PNG_COLOR_MASK_COLOR  ? "it has colours"
                                          : "it is transparent";
}

static cutropy_status read_header(ct_png *p)
{
    png_read_info(p->png, p->info);
    const int type = png_get_color_type(p->png, p->info),
              depth = png_get_bit_depth(p->png, p->info);
    const png_uint_32 width = png_get_image_width(p->png, p->info),
                      height = png_get_image_height(p->png, p->info);
    if (type != PNG_COLOR_TYPE_GRAY)
        return not_grey(p, colours(type));
    if ((uint64_t)width * height > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT, "%s: %ux%u pixels; at most %d are served: make it smaller",
                       p->name, width, height, CUTROPY_MAX_PIXELS);
    if (depth < 8)
        png_set_expand_gray_1_2_4_to_8(p->png); /* x 255, 85, 17: exact */
    p->width = (int)width;
    p->height = (int)height;
    p->bytes = depth == 16 ? 2 : 1;
    return CUTROPY_OK;
}

static cutropy_status read_samples(ct_png *p)
{
    cutropy_status status = CUTROPY_OK;
    const size_t line = (size_t)p->width * DEEPEST;
    CT_NEW(p->sample, line * (size_t)p->height);
    CT_NEW(p->row, p->height);
    for (int y = 0; y < p->height; y++)
        p->row[y] = p->sample + (size_t)y * line;
    png_read_image(p->png, p->row);
    if (p->at < p->data_end)
        CT_TRY(damaged(p, "more data than the image has"));
    png_read_end(p->png, NULL);
    if (p->at < p->end)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: %td bytes after the image", p->name, p->end - p->at));
done:
    return status;
}

/* Up to the samples. */
static cutropy_status read_image(ct_png *p)
{
    if (setjmp(png_jmpbuf(p->png)))
        return p->no_memory ? ct_fail_memory(p->name, 1) : damaged(p, p->why);
    png_set_read_fn(p->png, p, take);
    png_set_user_limits(p->png, 1u << 20, 1u << 20); /* for a message of our own, without memory */
    png_set_benign_errors(p->png, 0); /* data after the last line, or after their stream */
    png_set_crc_action(p->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(p->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1); /* texts, profiles */
    const cutropy_status status = read_header(p);
    return status ? status : read_samples(p);
}

cutropy_status ct_png_parse(const uint8_t *bytes, size_t size, const char *name, ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_png p = {.name = name, .at = bytes, .end = bytes + size};
    *out = (ct_grey){0};
    if (size < 8 || png_sig_cmp(bytes, 0, 8))
        return ct_fail(CUTROPY_EINPUT, "%s: no PNG file", name);
    CT_TRY(check_chunks(&p));
    p.png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &p, stop, ignore, &p, png_room, png_done);
    p.info = p.png ? png_create_info_struct(p.png) : NULL;
    if (!p.info)
        CT_TRY(ct_fail_memory(name, size));
    CT_TRY(read_image(&p));
    *out = (ct_grey){.count = 1,
                     .pixels = p.width * p.height,
                     .lx = p.width,
                     .ly = p.height,
                     .scale = p.bytes == 2 ? 65535 : 255};
    CT_NEW(out->value, out->pixels);
    for (int i = 0; i < out->pixels; i++) {
        const png_byte *at = p.row[i / p.width] + i % p.width * p.bytes;
        out->value[i] = p.bytes == 2 ? png_get_uint_16(at) : at[0];
    }
done:
    png_destroy_read_struct(&p.png, &p.info, NULL);
    ct_free(p.sample);
    ct_free(p.row);
    return status;
}

#else

cutropy_status ct_png_parse(const uint8_t *bytes, size_t size, const char *name, ct_grey *out)
{
    (void)bytes, (void)size;
    *out = (ct_grey){0};
    return ct_fail(CUTROPY_EUNSUPPORTED,
                   "%s: this cutropy was built without libpng: save the images as PGM or as one "
                   ".npy, or build it again where libpng is",
                   name);
}

#endif
