/* SPDX-License-Identifier: Apache-2.0 */
/* A zip archive (APPNOTE.TXT 6.3): local headers with sizes and sums, then the central directory. */
#include "input/npz_write.h"

#include <string.h>

#include <zlib.h>

#include "base/array.h"

#define LARGEST 0xfffffffeu
#define PIECE (1u << 24) /* bytes between two questions whether to stop */
#define DEFLATED 8
#define VERSION 20
#define FIRST_DAY 0x21 /* 1980-01-01: no time, so that the same arrays give the same bytes */

ct_npz_writer ct_npz_start(FILE *file)
{
    return (ct_npz_writer){.file = file, .limit = LARGEST};
}

static cutropy_status put(ct_npz_writer *w, const void *bytes, size_t length)
{
    w->offset += length;
    return fwrite(bytes, 1, length, w->file) == length ? CUTROPY_OK : CUTROPY_EIO;
}

/* Little endian, whatever the machine. */
static uint8_t *put_number(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++, value >>= 8)
        *to++ = (uint8_t)value;
    return to;
}

#define HEADER_ROOM 192

/* The start of a .npy file. */
static size_t npy_header(const ct_npz_array *a, uint8_t *out)
{
    char dict[HEADER_ROOM], shape[72] = "";
    size_t used = 0;
    for (int i = 0; i < a->dimensions; i++)
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%llu,%s",
                                 (unsigned long long)a->shape[i], i + 1 < a->dimensions ? " " : "");
    size_t length = (size_t)snprintf(dict, sizeof dict,
                                     "{'descr': '%.16s', 'fortran_order': False, 'shape': (%s), }",
                                     a->type, shape);
    while ((10 + length + 1) % 64)
        dict[length++] = ' ';
    dict[length++] = '\n';
    memcpy(out, "\x93NUMPY\x01", 7);
    out[7] = 0;
    put_number(out + 8, length, 2);
    memcpy(out + 10, dict, length);
    return 10 + length;
}

static cutropy_status fail_large(const char *name)
{
    return ct_fail(CUTROPY_EUNSUPPORTED, "array %s: the archive would pass 4 GiB, or 65535 arrays",
                   name);
}

typedef struct ct_packed {
    uint8_t *bytes;
    size_t length;
    uLong sum;
} ct_packed;

/* flush Z_FINISH: the last bytes, after which the stream has its end. */
static cutropy_status feed(const ct_npz_writer *w, z_stream *z, const uint8_t *from, size_t length,
                           int flush, const char *name)
{
    do {
        const uInt piece = length > PIECE ? PIECE : (uInt)length;
        if (w->stop && w->stop(w->user))
            return ct_fail(CUTROPY_ECANCELLED, "stopped while array %s was written", name);
        z->next_in = (Bytef *)(uintptr_t)from;
        z->avail_in = piece;
        length -= piece;
        from += piece;
        const bool last = !length && flush == Z_FINISH;
        const int result = deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
        if (!z->avail_out && result != Z_STREAM_END)
            return fail_large(name);
        if (result != (last ? Z_STREAM_END : Z_OK) || z->avail_in)
            return ct_fail(CUTROPY_EINTERNAL, "zlib: deflate returned %d", result);
    } while (length);
    return CUTROPY_OK;
}

static cutropy_status pack(const ct_npz_writer *w, const uint8_t *header, size_t header_length,
                           const void *data, size_t length, const char *name, ct_packed *out)
{
    cutropy_status status = CUTROPY_OK;
    z_stream z = {0};
    *out = (ct_packed){0};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY))
        return ct_fail_memory("deflate", 1 << 18);
    const size_t room = deflateBound(&z, header_length + length) + 64;
    CT_NEW(out->bytes, room);
    z.next_out = out->bytes;
    z.avail_out = room > w->limit ? (uInt)w->limit : (uInt)room;
    out->sum = crc32_z(crc32_z(0, header, header_length), data, length);
    CT_TRY(feed(w, &z, header, header_length, Z_NO_FLUSH, name));
    CT_TRY(feed(w, &z, data, length, Z_FINISH, name));
    out->length = z.total_out;
done:
    deflateEnd(&z);
    return status;
}

#define LOCAL 30
#define CENTRAL 46

cutropy_status ct_npz_add(ct_npz_writer *w, const ct_npz_array *a)
{
    cutropy_status status = CUTROPY_OK;
    ct_packed packed = {0};
    uint8_t npy[HEADER_ROOM + 10], local[LOCAL], name[64];
    uint64_t bytes = a->item;
    const size_t header = npy_header(a, npy),
                 name_length = (size_t)snprintf((char *)name, sizeof name, "%.48s.npy", a->name);
    for (int i = 0; i < a->dimensions; i++)
        if (__builtin_mul_overflow(bytes, a->shape[i], &bytes))
            return fail_large(a->name);
    const uint64_t whole = bytes + header;
    if (bytes > LARGEST - HEADER_ROOM - 10 || w->count == 65535)
        return fail_large(a->name);
    CT_TRY(pack(w, npy, header, a->data, bytes, a->name, &packed));
    if (w->offset + packed.length + LOCAL + name_length > w->limit)
        CT_TRY(fail_large(a->name));
    CT_TRY(CT_ROOM("directory", w->directory, w->length, w->room, CENTRAL + name_length));
    uint8_t *d = w->directory + w->length, *to;
    put_number(d, 0x02014b50, 4);
    to = put_number(d + 4, VERSION, 2);
    to = put_number(to, VERSION, 2);
    to = put_number(to, 0, 2); /* flags */
    to = put_number(to, DEFLATED, 2);
    to = put_number(to, 0, 2); /* time */
    to = put_number(to, FIRST_DAY, 2);
    to = put_number(to, packed.sum, 4);
    to = put_number(to, packed.length, 4);
    to = put_number(to, whole, 4);
    to = put_number(to, name_length, 2);
    to = put_number(to, 0, 12); /* extra field, comment, disk, attributes */
    put_number(local, 0x04034b50, 4);
    memcpy(local + 4, d + 6, LOCAL - 4); /* from the version to the lengths */
    to = put_number(to, w->offset, 4);
    memcpy(to, name, name_length);
    w->length += CENTRAL + name_length;
    w->count++;
    CT_TRY(put(w, local, LOCAL));
    CT_TRY(put(w, name, name_length));
    CT_TRY(put(w, packed.bytes, packed.length));
done:
    ct_free(packed.bytes);
    return status;
}

cutropy_status ct_npz_add_number(ct_npz_writer *w, const char *name, const char *type, size_t item,
                                 const void *data)
{
    return ct_npz_add(w, &(ct_npz_array){.name = name, .type = type, .item = item, .data = data});
}

cutropy_status ct_npz_add_vector(ct_npz_writer *w, const char *name, const char *type, size_t item,
                                 uint64_t count, const void *data)
{
    return ct_npz_add(w, &(ct_npz_array){name, type, item, 1, {count}, data});
}

cutropy_status ct_npz_add_matrix(ct_npz_writer *w, const char *name, const char *type, size_t item,
                                 uint64_t rows, uint64_t columns, const void *data)
{
    return ct_npz_add(w, &(ct_npz_array){name, type, item, 2, {rows, columns}, data});
}

cutropy_status ct_npz_add_text(ct_npz_writer *w, const char *name, const char *text)
{
    char type[24];
    const size_t length = strlen(text);
    snprintf(type, sizeof type, "|S%zu", length ? length : 1);
    return ct_npz_add_number(w, name, type, length ? length : 1, text);
}

/* Bytes of the shortest integers that hold so many. */
static size_t width_of(const int64_t *value, size_t count)
{
    size_t width = 1;
    for (size_t i = 0; i < count; i++)
        while (width < 8 && (value[i] < -(INT64_C(1) << (8 * width - 1)) ||
                             value[i] >= INT64_C(1) << (8 * width - 1)))
            width *= 2;
    return width;
}

/* In place: the first count x width bytes. Integers of this machine, so that the low bytes are where they are. */
static void narrow(int64_t *value, size_t count, size_t width)
{
    uint8_t *to = (uint8_t *)value;
    for (size_t i = 0; i < count; i++) {
        const int64_t wide = value[i];
        const int8_t one = (int8_t)wide;
        const int16_t two = (int16_t)wide;
        const int32_t four = (int32_t)wide;
        const void *from = width == 1   ? (const void *)&one
                           : width == 2 ? (const void *)&two
                           : width == 4 ? (const void *)&four
                                        : (const void *)&wide;
        memcpy(to + i * width, from, width);
    }
}

size_t ct_npz_shorten(int64_t *value, size_t count, char type[8])
{
    const size_t width = width_of(value, count);
    narrow(value, count, width);
    snprintf(type, 8, "%s%zu", width == 1 ? "|i" : CT_NPZ_ORDER "i", width);
    return width;
}

cutropy_status ct_npz_finish(ct_npz_writer *w, cutropy_status status)
{
    uint8_t end[22] = {0}, *to;
    const uint64_t start = w->offset;
    put_number(end, 0x06054b50, 4);
    to = put_number(end + 8, w->count, 2);
    to = put_number(to, w->count, 2);
    to = put_number(to, w->length, 4);
    put_number(to, start, 4);
    if (!status && start + w->length > w->limit)
        status = fail_large("directory");
    if (!status)
        status = put(w, w->directory, w->length);
    if (!status)
        status = put(w, end, sizeof end);
    ct_free(w->directory);
    *w = (ct_npz_writer){0};
    return status;
}
