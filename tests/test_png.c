/* SPDX-License-Identifier: Apache-2.0 */
/* PNG files, written here by the specification and zlib: every grey depth, interlaced or not, what is refused, and damage of every byte. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "input/grey_folder.h"
#include "input/png.h"
#include "ref/support.h"

typedef struct file {
    uint8_t byte[4096];
    size_t size;
} file;

static void put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_chunk(file *f, const char *type, const void *data, size_t size)
{
    uint8_t *at = f->byte + f->size;
    ck_assert(f->size + size + 12 < sizeof f->byte);
    put32(at, (uint32_t)size);
    memcpy(at + 4, type, 4);
    if (size)
        memcpy(at + 8, data, size);
    put32(at + 8 + size, (uint32_t)crc32(0, at + 4, (uInt)size + 4));
    f->size += size + 12;
}

static void put_head(file *f, uint32_t width, uint32_t height, int depth, int colour, int interlace)
{
    uint8_t head[13] = {0};
    memcpy(f->byte, "\x89PNG\r\n\x1a\n", 8);
    f->size = 8;
    put32(head, width);
    put32(head + 4, height);
    head[8] = (uint8_t)depth;
    head[9] = (uint8_t)colour;
    head[12] = (uint8_t)interlace;
    put_chunk(f, "IHDR", head, sizeof head);
}

static void put_data(file *f, const uint8_t *raw, size_t size)
{
    uint8_t packed[3000];
    uLongf used = sizeof packed;
    ck_assert_int_eq(compress(packed, &used, raw, (uLong)size), Z_OK);
    put_chunk(f, "IDAT", packed, used);
}

/* Samples x0, x0 + dx, .. of the lines y0, y0 + dy, ..; lines of no filter. */
static size_t put_pass(uint8_t *raw, const int *sample, int width, int height, int depth,
                       const int pass[4])
{
    size_t used = 0;
    for (int y = pass[1]; y < height; y += pass[3]) {
        int bit = 0;
        if (pass[0] >= width)
            return 0;
        raw[used++] = 0;
        for (int x = pass[0]; x < width; x += pass[2], bit += depth) {
            const int value = sample[y * width + x];
            uint8_t *at = raw + used + bit / 8;
            if (depth == 16) {
                at[0] = (uint8_t)(value >> 8);
                at[1] = (uint8_t)value;
                continue;
            }
            if (bit % 8 == 0)
                *at = 0;
            *at |= (uint8_t)(value << (8 - depth - bit % 8));
        }
        used += (size_t)(bit + 7) / 8;
    }
    return used;
}

static void put_image(file *f, const int *sample, int width, int height, int depth, int interlace)
{
    static const int adam7[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}},
                     all[4] = {0, 0, 1, 1};
    uint8_t raw[2500];
    size_t used = 0;
    put_head(f, (uint32_t)width, (uint32_t)height, depth, 0, interlace);
    put_chunk(f, "gAMA", "\0\0\261\217", 4); /* numbers are taken as they are */
    put_chunk(f, "tEXt", "a\0b", 3);
    for (int k = 0; k < (interlace ? 7 : 1); k++)
        used += put_pass(raw + used, sample, width, height, depth, interlace ? adam7[k] : all);
    put_data(f, raw, used);
    put_chunk(f, "IEND", NULL, 0);
}

/* false: this build reads no PNG, and says so. */
static bool reads_png(void)
{
    static const int dark[1] = {0};
    file f;
    ct_grey image;
    put_image(&f, dark, 1, 1, 8, 0);
    const cutropy_status status = ct_png_parse(f.byte, f.size, "a.png", &image);
    ct_grey_free(&image);
    check_skipped = status == CUTROPY_EUNSUPPORTED;
    ck_assert(!check_skipped || strstr(cutropy_error(), "built without libpng"));
    return !check_skipped;
}

START_TEST(every_depth)
{
    static const int sizes[][2] = {{1, 1}, {9, 5}, {8, 8}, {3, 17}};
    uint64_t seed = 7;
    if (!reads_png())
        return;
    for (int depth = 1; depth <= 16; depth *= 2)
        for (int k = 0; k < 8; k++) {
            const int *size = sizes[k / 2], largest = (1 << depth) - 1;
            int sample[64];
            file f;
            ct_grey image;
            for (int i = 0; i < size[0] * size[1]; i++)
                sample[i] = (int)draw_below(&seed, (uint64_t)largest + 1);
            put_image(&f, sample, size[0], size[1], depth, k % 2);
            MUST(ct_png_parse(f.byte, f.size, "a.png", &image));
            ck_assert(image.lx == size[0] && image.ly == size[1] && image.count == 1);
            ck_assert(image.scale == (depth == 16 ? 65535 : 255));
            for (int i = 0; i < image.pixels; i++)
                ck_assert(image.value[i] * largest == sample[i] * image.scale);
            ct_grey_free(&image);
        }
}
END_TEST

static void refused(const file *f, cutropy_status status, const char *says)
{
    ct_grey image;
    ck_assert_int_eq(ct_png_parse(f->byte, f->size, "a.png", &image), status);
    ck_assert_msg(strstr(cutropy_error(), says) && !strchr(cutropy_error(), '\n'), "%s: %s", says,
                  cutropy_error());
    ck_assert(!image.value);
}

START_TEST(what_is_refused)
{
    static const int grey[4] = {1, 2, 3, 4};
    static const struct {
        int colour;
        const char *says;
    } kinds[] = {{2, "it has colours"},
                 {3, "it has a palette"},
                 {4, "it is transparent"},
                 {6, "it has colours"}};
    file f;
    if (!reads_png())
        return;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        put_head(&f, 1, 1, 8, kinds[k].colour, 0);
        if (kinds[k].colour == 3)
            put_chunk(&f, "PLTE", "abc", 3);
        put_data(&f, (const uint8_t *)"\0\0\0\0", 5);
        put_chunk(&f, "IEND", NULL, 0);
        refused(&f, CUTROPY_EINPUT, kinds[k].says);
    }
    put_head(&f, 1, 1, 8, 0, 0);
    put_chunk(&f, "tRNS", "\0\1", 2);
    put_data(&f, (const uint8_t *)"\0\0", 2);
    refused(&f, CUTROPY_EINPUT, "it is transparent");
    /* 2^31 - 1 pixels a side, whose lines nobody makes room for */
    put_head(&f, 0x7fffffff, 0x7fffffff, 16, 0, 1);
    put_data(&f, (const uint8_t *)"\0\0", 2);
    refused(&f, CUTROPY_EINPUT, "damaged PNG");
    put_head(&f, 1 << 20, 1, 8, 0, 0);
    put_data(&f, (const uint8_t *)"\0\0", 2);
    refused(&f, CUTROPY_EINPUT, "1048576x1 pixels; at most 4096 are served");
    put_head(&f, 1, 1, 8, 0, 0);
    put_chunk(&f, "acTL", "\0\0\0\2\0\0\0\0", 8);
    put_data(&f, (const uint8_t *)"\0\0", 2);
    put_chunk(&f, "IEND", NULL, 0);
    refused(&f, CUTROPY_EINPUT, "animated");
    put_image(&f, grey, 2, 2, 8, 0);
    f.byte[f.size++] = 'x';
    refused(&f, CUTROPY_EINPUT, "1 bytes after the image");
    put_head(&f, 2, 2, 8, 0, 0);
    put_data(&f, (const uint8_t *)"\0\0\0", 3); /* half an image */
    put_chunk(&f, "IEND", NULL, 0);
    refused(&f, CUTROPY_EINPUT, "damaged PNG");
    f.size = 0;
    refused(&f, CUTROPY_EINPUT, "no PNG file");
}
END_TEST

/* A grey image of one pixel; `before` and `after` its data a chunk of this type, NULL: none. */
static file with_chunks(const char *before, const char *after, const char *end)
{
    file f;
    put_head(&f, 1, 1, 8, 0, 0);
    if (before)
        put_chunk(&f, before, "\0\1\2", 3);
    put_data(&f, (const uint8_t *)"\0\7", 2);
    if (after)
        put_chunk(&f, after, "\0\1\2", 3);
    put_chunk(&f, "IEND", end, strlen(end));
    return f;
}

/* The image would be right; libpng passes over what is too much. */
START_TEST(surplus)
{
    static const struct {
        const char *before, *after, *end, *says;
    } rows[] = {{"tRNS", NULL, "", "it is transparent"},
                {NULL, "tRNS", "", "it is transparent"},
                {"PLTE", NULL, "", "it has a palette"},
                {NULL, "PLTE", "", "it has a palette"},
                {"fcTL", NULL, "", "animated"},
                {NULL, "acTL", "", "animated"},
                {NULL, "fdAT", "", "animated"},
                {"ABCD", NULL, "", "damaged PNG: "},
                {NULL, "ABCD", "", "damaged PNG: "},
                {NULL, "IHDR", "", "damaged PNG: "},
                {NULL, "IDAT", "", "damaged PNG: more data than the image has"},
                {NULL, NULL, "abc", "damaged PNG: IEND with data"}};
    uint8_t packed[64], raw[40] = {0};
    uLongf used = sizeof packed;
    file f;
    ct_grey image;
    if (!reads_png())
        return;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        f = with_chunks(rows[k].before, rows[k].after, rows[k].end);
        refused(&f, CUTROPY_EINPUT, rows[k].says);
    }
    put_head(&f, 1, 1, 8, 0, 0);
    put_data(&f, raw, sizeof raw); /* 20 lines */
    put_chunk(&f, "IEND", NULL, 0);
    refused(&f, CUTROPY_EINPUT, "damaged PNG: ");
    ck_assert_int_eq(compress(packed, &used, raw, 2), Z_OK);
    for (size_t more = 0; more < 5; more += 4) /* behind the stream */
        for (size_t split = 1; split <= used; split++)
            for (int text = 0; text < 2; text++) {
                put_head(&f, 1, 1, 8, 0, 0);
                put_chunk(&f, "IDAT", packed, split);
                if (text)
                    put_chunk(&f, "tEXt", "a\0b", 3);
                put_chunk(&f, "IDAT", packed + split, used + more - split);
                put_chunk(&f, "IDAT", NULL, 0);
                put_chunk(&f, "tEXt", "a\0b", 3);
                put_chunk(&f, "IEND", NULL, 0);
                if (text || more) {
                    refused(&f, CUTROPY_EINPUT, "damaged PNG: ");
                    continue;
                }
                MUST(ct_png_parse(f.byte, f.size, "a.png", &image));
                ct_grey_free(&image);
            }
}
END_TEST

/* Whatever is wrong: one line, or an image of as many pixels as it says. */
static void try_damaged(const file *f)
{
    ct_grey image;
    const cutropy_status status = ct_png_parse(f->byte, f->size, "a.png", &image);
    if (status) {
        ck_assert(!image.value && status == CUTROPY_EINPUT && !strchr(cutropy_error(), '\n'));
        return;
    }
    ck_assert(image.pixels == image.lx * image.ly && image.pixels <= CUTROPY_MAX_PIXELS);
    for (int i = 0; i < image.pixels; i++)
        ck_assert(image.value[i] >= 0 && image.value[i] <= image.scale);
    ct_grey_free(&image);
}

/* Byte by byte, with the checksum that the chunk had, and with the one that it has now. */
START_TEST(damage)
{
    int sample[40];
    file whole, f;
    uint64_t seed = 11;
    if (!reads_png())
        return;
    for (int i = 0; i < 40; i++)
        sample[i] = (int)draw_below(&seed, 256);
    put_image(&whole, sample, 8, 5, 8, 1);
    for (size_t cut = 0; cut < whole.size; cut++) {
        f = whole;
        f.size = cut;
        refused(&f, CUTROPY_EINPUT, "a.png: ");
    }
    for (size_t chunk = 8, next; chunk < whole.size; chunk = next) {
        const size_t size = (size_t)whole.byte[chunk + 2] * 256 + whole.byte[chunk + 3];
        next = chunk + size + 12;
        for (size_t at = chunk; at < next; at++)
            for (int k = 0; k < amount(16, 4); k++) {
                f = whole;
                f.byte[at] ^= (uint8_t)(k < 8 ? 1u << k : 1 + draw_below(&seed, 255));
                if (at >= chunk + 4 && at < next - 4)
                    try_damaged(&f);
                put32(f.byte + next - 4,
                      (uint32_t)crc32(0, f.byte + chunk + 4, (uInt)(next - chunk - 8)));
                try_damaged(&f);
            }
    }
}
END_TEST

START_TEST(no_memory)
{
    static const int sample[6] = {1, 2, 3, 4, 5, 6};
    file f;
    if (!reads_png())
        return;
    put_image(&f, sample, 3, 2, 16, 0);
    for (long k = 0;; k++) {
        ct_grey image;
        failing_allocator_start(k);
        const cutropy_status status = ct_png_parse(f.byte, f.size, "a.png", &image);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert(!fired || !image.value);
        ct_grey_free(&image);
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired)
            break;
    }
}
END_TEST

static void save(const char *name, const int *sample, int width, int height, int depth)
{
    file f;
    FILE *out = fopen(name, "wb");
    put_image(&f, sample, width, height, depth, 0);
    ck_assert(out && fwrite(f.byte, 1, f.size, out) == f.size && !fclose(out));
}

/* Depths up to 8 may differ: x is the sample over the largest one. */
START_TEST(folder)
{
    static const int grey[6] = {255, 0, 1, 2, 3, 128}, black[6] = {1, 0, 0, 1, 1, 0};
    static const char *const folders[] = {"png_folder", "png_mixed", "png_deep"};
    ct_grey image;
    if (!reads_png())
        return;
    for (int k = 0; k < 3; k++) {
        char name[60];
        ck_assert(!mkdir(folders[k], 0777) || errno == EEXIST);
        snprintf(name, sizeof name, "%s/b.PNG", folders[k]);
        save(name, grey, 3, 2, 8);
    }
    save("png_folder/a.png", black, 3, 2, 1);
    save("png_mixed/a.pgm", grey, 3, 2, 8);
    save("png_deep/c.png", grey, 3, 2, 16);
    ck_assert_msg(ct_grey_folder("png_folder", &image) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert(image.count == 2 && image.lx == 3 && image.ly == 2 && image.scale == 255);
    for (int i = 0; i < 6; i++)
        ck_assert(image.value[i] == 255 * black[i] && image.value[6 + i] == grey[i]);
    ct_grey_free(&image);
    ck_assert_int_eq(ct_grey_folder("png_mixed", &image), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "with PGM and PNG files"));
    ck_assert_int_eq(ct_grey_folder("png_deep", &image), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "3x2 pixels up to 65535, the first image has"));
    ck_assert(!image.value);
}
END_TEST

CHECK_MAIN("png", every_depth, what_is_refused, surplus, damage, folder, no_memory)
