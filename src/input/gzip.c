/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks gzip data through zlib, with the library's allocator. */
#include "input/bytes.h"

#include <limits.h>
#include <zlib.h>

#include "base/array.h"

#define GZIP_WINDOW (16 + MAX_WBITS) /* zlib: expect a gzip header and check its CRC */

int ct_is_gzip(const uint8_t *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static voidpf zlib_alloc(voidpf unused, uInt items, uInt size)
{
    (void)unused;
    return ct_alloc(items, size);
}

static void zlib_free(voidpf unused, voidpf memory)
{
    (void)unused;
    ct_free(memory);
}

/* Inflates all members, one after the other as gzip(1) does; *bytes grows as needed and belongs to the caller, also on
 * error. */
static cutropy_status inflate_all(z_stream *stream, const char *name, uint8_t **bytes, size_t *size)
{
    size_t room = (size_t)1 << 16;
    int code = Z_OK;

    *bytes = ct_alloc(room, 1);
    if (!*bytes)
        return ct_fail_memory(name, room);
    while (code != Z_STREAM_END) {
        if (*size == room) {
            if (room >= CT_GUNZIP_LIMIT)
                return ct_fail(CUTROPY_EINPUT, "%s: more than %zu bytes when unpacked", name,
                               CT_GUNZIP_LIMIT);
            const cutropy_status status = CT_ROOM(name, *bytes, room, room, 1);
            if (status != CUTROPY_OK)
                return status;
        }
        stream->next_out = *bytes + *size;
        stream->avail_out = (uInt)(room - *size);
        code = inflate(stream, Z_NO_FLUSH);
        *size = room - stream->avail_out;
        if (code == Z_MEM_ERROR)
            return ct_fail_memory("zlib", 1);
        if (code != Z_OK && code != Z_STREAM_END)
            return ct_fail(CUTROPY_EINPUT, "%s: truncated or damaged gzip data", name);
        if (code == Z_STREAM_END && ct_is_gzip(stream->next_in, stream->avail_in))
            code = inflateReset(stream);
    }
    if (stream->avail_in)
        return ct_fail(CUTROPY_EINPUT, "%s: %u bytes after the end of the gzip data", name,
                       stream->avail_in);
    return CUTROPY_OK;
}

cutropy_status ct_gunzip(const uint8_t *packed, size_t packed_size, const char *name,
                         uint8_t **bytes, size_t *size)
{
    z_stream stream = {.zalloc = zlib_alloc, .zfree = zlib_free};

    *bytes = NULL;
    *size = 0;
    if (packed_size > UINT_MAX)
        return ct_fail(CUTROPY_EINPUT, "%s: larger than 4 GiB", name);
    stream.next_in = (z_const Bytef *)packed;
    stream.avail_in = (uInt)packed_size;
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return ct_fail_memory("zlib", sizeof stream);
    cutropy_status status = inflate_all(&stream, name, bytes, size);
    inflateEnd(&stream);
    if (status != CUTROPY_OK) {
        ct_free(*bytes);
        *bytes = NULL;
        *size = 0;
    }
    return status;
}
