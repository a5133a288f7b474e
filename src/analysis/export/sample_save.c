/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_sampler_save: images as the program reads them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "analysis/export/sample.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "sheet/save.h"
#include "sheet/text.h"

#define PIECE 1024 /* images that are drawn at a time */

typedef struct ct_saving ct_saving;

typedef struct ct_image_format {
    const char *name;
    bool rows;                                        /* needs pixels on a grid or a chain */
    void (*header)(const ct_saving *s, ct_text *out); /* NULL: none */
    void (*image)(const ct_saving *s, const uint64_t *image, bool first, ct_text *out);
} ct_image_format;

struct ct_saving {
    const cutropy_sampler *sampler;
    const ct_image_format *format;
    uint64_t seed, count;
    int width, height; /* of an image as it is written */
    ct_reporter reporter;
};

static void add_line(const ct_saving *s, const uint64_t *image, const char *signs, ct_text *out)
{
    for (int i = 0; i < s->width * s->height; i++) {
        ct_text_add(out, &signs[ct_bit(image, (uint64_t)i)], 1);
        if (i % s->width == s->width - 1)
            ct_text_puts(out, "\n");
    }
}

static void add_text(const ct_saving *s, const uint64_t *image, bool first, ct_text *out)
{
    const ct_saving flat = {.width = s->width * s->height, .height = 1};
    (void)first;
    add_line(&flat, image, "01", out);
}

static void add_picture(const ct_saving *s, const uint64_t *image, bool first, ct_text *out)
{
    if (!first)
        ct_text_puts(out, "\n");
    add_line(s, image, ".#", out);
}

static void add_pbm(const ct_saving *s, const uint64_t *image, bool first, ct_text *out)
{
    (void)first;
    ct_text_printf(out, "P1\n%d %d\n", s->width, s->height);
    add_line(s, image, "01", out);
}

static void add_npy_header(const ct_saving *s, ct_text *out)
{
    char dict[192];
    const unsigned long long count = s->count;
    const bool grid = s->sampler->lattice->kind == CUTROPY_LATTICE_GRID;
    size_t length = 0;
    length += (size_t)snprintf(dict, sizeof dict,
                               "{'descr': '|b1', 'fortran_order': False, 'shape': (%llu, ", count);
    length += (size_t)snprintf(dict + length, sizeof dict - length, grid ? "%d, %d), }" : "%d), }",
                               grid ? s->height : s->width * s->height, s->width);
    while ((10 + length + 1) % 64)
        dict[length++] = ' ';
    dict[length++] = '\n';
    ct_text_add(out, "\x93NUMPY\x01\0", 8);
    const char size[2] = {(char)(length & 0xff), (char)(length >> 8)};
    ct_text_add(out, size, 2);
    ct_text_add(out, dict, length);
}

static void add_npy(const ct_saving *s, const uint64_t *image, bool first, ct_text *out)
{
    (void)first;
    for (int i = 0; i < s->width * s->height; i++)
        ct_text_add(out, ct_bit(image, (uint64_t)i) ? "\1" : "\0", 1);
}

static const ct_image_format formats[] = {{"text", false, NULL, add_text},
                                          {"pictures", true, NULL, add_picture},
                                          {"pbm", true, NULL, add_pbm},
                                          {"npy", false, add_npy_header, add_npy}};

static cutropy_status flush(FILE *file, ct_text *text)
{
    if (text->failed)
        return ct_fail_memory("images", text->capacity);
    const size_t written = fwrite(text->bytes, 1, text->length, file);
    const bool whole = written == text->length;
    text->length = 0;
    return whole ? CUTROPY_OK : CUTROPY_EIO;
}

static cutropy_status write(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    ct_saving *s = context;
    const size_t words = s->sampler->lattice->words;
    uint64_t *images = NULL;
    ct_text text = {0};
    CT_NEW(images, PIECE * words);
    if (s->format->header)
        s->format->header(s, &text);
    for (uint64_t first = 0; first < s->count; first += PIECE) {
        const uint64_t count = s->count - first < PIECE ? s->count - first : PIECE;
        if (ct_report("images", first, s->count, &s->reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped after %llu of %llu images",
                           (unsigned long long)first, (unsigned long long)s->count));
        cutropy_sampler_draw(s->sampler, s->seed, first, count, images);
        for (uint64_t i = 0; i < count; i++)
            s->format->image(s, images + i * words, first + i == 0, &text);
        CT_TRY(flush(file, &text));
    }
    CT_TRY(flush(file, &text));
done:
    ct_free(images);
    ct_text_free(&text);
    return status;
}

static cutropy_status write_out(ct_saving *s)
{
    const cutropy_status status = write(stdout, s);
    if (status == CUTROPY_EIO || (!status && fflush(stdout)))
        return ct_fail(CUTROPY_EIO, "cannot write standard output: %s", strerror(errno));
    return status;
}

static cutropy_status find_format(const cutropy_lattice *l, const char *name,
                                  const ct_image_format **out)
{
    *out = NULL;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (!strcmp(name, formats[i].name))
            *out = &formats[i];
    if (!*out)
        return ct_fail(CUTROPY_EINPUT, "format %s: choose text, pictures, pbm or npy", name);
    if ((*out)->rows && l->kind == CUTROPY_LATTICE_LINKS)
        return ct_fail(CUTROPY_EINPUT, "format %s: pixels on links have no rows; take text or npy",
                       name);
    return CUTROPY_OK;
}

cutropy_status ct_image_format_check(const cutropy_lattice *lattice, const char *format)
{
    const ct_image_format *found;
    return find_format(lattice, format, &found);
}

cutropy_status cutropy_sampler_save(const cutropy_sampler *sampler, uint64_t seed, uint64_t count,
                                    const char *format, const char *path,
                                    const cutropy_options *options)
{
    const cutropy_lattice *l = sampler->lattice;
    const bool grid = l->kind == CUTROPY_LATTICE_GRID;
    ct_saving s = {.sampler = sampler,
                   .seed = seed,
                   .count = count,
                   .width = grid ? l->lx : l->pixels,
                   .height = grid ? l->ly : 1};
    if (options)
        s.reporter = (ct_reporter){.progress = options->progress, .user = options->user};
    const cutropy_status status = find_format(l, format, &s.format);
    if (status)
        return status;
    return path ? ct_save(path, write, &s) : write_out(&s);
}
