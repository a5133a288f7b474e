/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of NumPy's .npy files. The header is a Python dictionary; the parser accepts exactly the
 * three keys, each once. */
#include "input/npy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC_BYTES 6
#define ALLOWED_TYPES "allowed are b1, i1 i2 i4 i8, u1 u2 u4 u8, f4 f8, c8 c16"

static const uint8_t magic[MAGIC_BYTES] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

int ct_is_npy(const uint8_t *bytes, size_t size)
{
    return size >= MAGIC_BYTES && memcmp(bytes, magic, MAGIC_BYTES) == 0;
}

cutropy_status ct_npy_fail(const uint8_t *bytes, size_t size, const char *name)
{
    bool begins = size < MAGIC_BYTES && (!size || memcmp(bytes, magic, size) == 0);
    return ct_fail(CUTROPY_EINPUT, "%s: is not a .npy file (%s)", name,
                   !size    ? "it is empty"
                   : begins ? "it ends within its first 6 bytes"
                            : "wrong magic: it does not begin with \\x93NUMPY");
}

int ct_npy_is_integer(const ct_npy *array)
{
    return array->type == CT_NPY_BOOL || array->type == CT_NPY_INT || array->type == CT_NPY_UINT;
}

/* ---- header ---- */

/* The text of the header that is not read yet. */
typedef struct header {
    const char *at, *end;
    const char *name;
    bool text; /* of bytes: |S and their number is allowed, and nothing else is an error */
} header;

static cutropy_status fail_header(const header *h, const char *what)
{
    return ct_fail(CUTROPY_EINPUT, "%s: bad .npy header: %s", h->name, what);
}

static void skip_blanks(header *h)
{
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\t' || *h->at == '\n' || *h->at == '\r'))
        h->at++;
}

/* Skips blanks and takes the character c if it comes next. */
static bool take(header *h, char c)
{
    skip_blanks(h);
    if (h->at == h->end || *h->at != c)
        return false;
    h->at++;
    return true;
}

static bool take_word(header *h, const char *word)
{
    size_t length = strlen(word);
    skip_blanks(h);
    if ((size_t)(h->end - h->at) < length || memcmp(h->at, word, length) != 0)
        return false;
    h->at += length;
    return true;
}

/* A quoted string without escapes, at most size - 1 characters. */
static bool take_string(header *h, char *text, size_t size)
{
    size_t length = 0;
    skip_blanks(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    char quote = *h->at++;
    for (; h->at < h->end && *h->at != quote; h->at++) {
        if (*h->at == '\\' || length + 1 >= size)
            return false;
        text[length++] = *h->at;
    }
    text[length] = '\0';
    return take(h, quote);
}

/* What to do about a number of another width. */
static const char *hint(const char *base)
{
    return !strcmp(base, "f2") ? " (half precision): a.astype(numpy.float32) has the same values"
           : !strcmp(base, "f12") || !strcmp(base, "f16")
               ? " (long double): a.astype(numpy.float64) rounds it"
           : !strcmp(base, "c24") || !strcmp(base, "c32")
               ? " (long double): a.astype(numpy.complex128) rounds it"
               : "";
}

static cutropy_status parse_type(header *h, ct_npy *out)
{
    char text[16];
    skip_blanks(h);
    if (h->at < h->end && *h->at == '[')
        return fail_header(h, "structured arrays are not supported; " ALLOWED_TYPES);
    if (!take_string(h, text, sizeof text))
        return fail_header(h, "'descr' is not a type; " ALLOWED_TYPES);

    static const char *const allowed[] = {"b1", "i1", "i2", "i4", "i8", "u1", "u2",
                                          "u4", "u8", "f4", "f8", "c8", "c16"};
    const char *base = strchr("<>|=", text[0]) && text[0] ? text + 1 : text;
    if (h->text) { /* 9 digits at most */
        const bool is =
            !strncmp(text, "|S", 2) && strspn(text + 2, "0123456789") == strlen(text + 2);
        out->item = is && strlen(text) < 12 ? atoi(text + 2) : 0;
        return CUTROPY_OK;
    }
    bool known = false;
    for (size_t k = 0; k < sizeof allowed / sizeof allowed[0]; k++)
        known |= strcmp(base, allowed[k]) == 0;
    if (!known)
        return ct_fail(CUTROPY_EINPUT, "%s: type '%s' is not supported%s; " ALLOWED_TYPES, h->name,
                       text, hint(base));

    out->item = strcmp(base, "c16") == 0 ? 16 : base[1] - '0';
    if (base == text || text[0] == '=' || (text[0] == '|' && out->item > 1))
        return ct_fail(CUTROPY_EINPUT, "%s: type '%s' does not say its byte order (< or >)",
                       h->name, text);
    out->big_endian = text[0] == '>';
    switch (base[0]) {
    case 'b':
        out->type = CT_NPY_BOOL;
        break;
    case 'i':
        out->type = CT_NPY_INT;
        break;
    case 'u':
        out->type = CT_NPY_UINT;
        break;
    case 'f':
        out->type = CT_NPY_FLOAT;
        break;
    default:
        out->type = CT_NPY_COMPLEX;
    }
    return CUTROPY_OK;
}

static cutropy_status parse_order(header *h, ct_npy *out)
{
    if (take_word(h, "True"))
        out->fortran = true;
    else if (!take_word(h, "False"))
        return fail_header(h, "'fortran_order' is neither True nor False");
    return CUTROPY_OK;
}

/* One non-negative decimal number. */
static bool take_number(header *h, uint64_t *value)
{
    const char *begin = h->at;
    *value = 0;
    for (; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++) {
        uint64_t digit = (uint64_t)(*h->at - '0');
        if (*value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return h->at > begin;
}

/* A tuple: (), (3,), (3, 4), (3, 4,). */
static cutropy_status parse_shape(header *h, ct_npy *out)
{
    bool comma = true;
    out->dimensions = 0;
    if (!take(h, '('))
        return fail_header(h, "'shape' is not a tuple");
    while (!take(h, ')')) {
        if (!comma)
            return fail_header(h, "a comma is missing in 'shape'");
        if (out->dimensions == CT_NPY_DIMENSIONS)
            return fail_header(h, "more than 64 dimensions");
        if (!take_number(h, &out->shape[out->dimensions++]))
            return fail_header(h, "'shape' holds something that is not a 64-bit count");
        comma = take(h, ',');
    }
    if (out->dimensions == 1 && !comma)
        return fail_header(h, "'shape' is not a tuple");
    return CUTROPY_OK;
}

static cutropy_status parse_dictionary(header *h, ct_npy *out)
{
    enum { DESCR, ORDER, SHAPE, KEYS };
    static const char *const keys[KEYS] = {"descr", "fortran_order", "shape"};
    bool seen[KEYS] = {false, false, false}, comma = true;

    if (!take(h, '{'))
        return fail_header(h, "no dictionary");
    while (!take(h, '}')) {
        char key[16];
        int k = 0;
        if (!comma || !take_string(h, key, sizeof key))
            return fail_header(h, "broken dictionary");
        while (k < KEYS && strcmp(key, keys[k]) != 0)
            k++;
        if (k == KEYS || seen[k] || !take(h, ':'))
            return fail_header(h, "unknown, repeated or broken key");
        seen[k] = true;
        cutropy_status status = k == DESCR   ? parse_type(h, out)
                                : k == ORDER ? parse_order(h, out)
                                             : parse_shape(h, out);
        if (status != CUTROPY_OK)
            return status;
        comma = take(h, ',');
    }
    skip_blanks(h);
    if (h->at != h->end)
        return fail_header(h, "text after the dictionary");
    if (!seen[DESCR] || !seen[ORDER] || !seen[SHAPE])
        return fail_header(h, "'descr', 'fortran_order' or 'shape' is missing");
    return CUTROPY_OK;
}

/* Finds the dictionary: versions 1 (16-bit length), 2 and 3 (32-bit length). */
static cutropy_status find_dictionary(const uint8_t *bytes, size_t size, header *h)
{
    if (!ct_is_npy(bytes, size))
        return ct_npy_fail(bytes, size, h->name);
    if (size < MAGIC_BYTES + 4)
        return ct_fail(CUTROPY_EINPUT, "%s: truncated .npy header", h->name);
    int major = bytes[6], minor = bytes[7];
    if (major < 1 || major > 3 || minor != 0)
        return ct_fail(CUTROPY_EINPUT, "%s: .npy version %d.%d is not known (1.0, 2.0, 3.0 are)",
                       h->name, major, minor);
    size_t start = major == 1 ? 10 : 12;
    if (size < start)
        return ct_fail(CUTROPY_EINPUT, "%s: truncated .npy header", h->name);
    size_t length = bytes[8] | (size_t)bytes[9] << 8;
    if (major > 1)
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (length > size - start)
        return ct_fail(CUTROPY_EINPUT, "%s: truncated .npy header", h->name);
    h->at = (const char *)bytes + start;
    h->end = h->at + length;
    return CUTROPY_OK;
}

static cutropy_status parse(const uint8_t *bytes, size_t size, const char *name, bool text,
                            ct_npy *out)
{
    cutropy_status status = CUTROPY_OK;
    header h = {.name = name, .text = text};

    memset(out, 0, sizeof *out);
    CT_TRY(find_dictionary(bytes, size, &h));
    CT_TRY(parse_dictionary(&h, out));
    if (text && !out->item) /* numbers */
        goto done;
    out->count = 1;
    for (int d = 0; d < out->dimensions; d++)
        if (__builtin_mul_overflow(out->count, out->shape[d], &out->count)) {
            status = ct_fail(CUTROPY_EINPUT, "%s: the shape has more than 2^64 entries", name);
            goto done;
        }
    out->data = (const uint8_t *)h.end;
    uint64_t there = (uint64_t)(bytes + size - out->data), wanted = 0;
    if (__builtin_mul_overflow(out->count, (uint64_t)out->item, &wanted) || wanted > there)
        status = ct_fail(
            CUTROPY_EINPUT, "%s: truncated: %llu entries of %d bytes announced, %llu bytes there",
            name, (unsigned long long)out->count, out->item, (unsigned long long)there);
    else if (wanted < there)
        status = ct_fail(CUTROPY_EINPUT, "%s: %llu bytes after the end of the array", name,
                         (unsigned long long)(there - wanted));
done:
    if (status != CUTROPY_OK)
        memset(out, 0, sizeof *out);
    return status;
}

cutropy_status ct_npy_parse(const uint8_t *bytes, size_t size, const char *name, ct_npy *out)
{
    return parse(bytes, size, name, false, out);
}

cutropy_status ct_npy_text(const uint8_t *bytes, size_t size, const char *name, char **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_npy array;
    *out = NULL;
    CT_TRY(parse(bytes, size, name, true, &array));
    if (!array.item || array.dimensions)
        goto done;
    CT_NEW_ZERO(*out, array.item + 1);
    memcpy(*out, array.data, (size_t)array.item);
done:
    return status;
}

/* ---- numbers ---- */

/* A walk through an array in C order: where the next number stands in its bytes. */
typedef struct walk {
    const ct_npy *array;
    uint64_t place;
    uint64_t index[CT_NPY_DIMENSIONS], stride[CT_NPY_DIMENSIONS]; /* Fortran order only */
} walk;

static walk walk_from(const ct_npy *array, uint64_t first)
{
    walk w = {.array = array, .place = first};
    if (!array->fortran || !array->count)
        return w;
    w.place = 0;
    for (int d = 0; d < array->dimensions; d++)
        w.stride[d] = d ? w.stride[d - 1] * array->shape[d - 1] : 1;
    for (int d = array->dimensions; d-- > 0; first /= array->shape[d]) {
        w.index[d] = first % array->shape[d];
        w.place += w.index[d] * w.stride[d];
    }
    return w;
}

static void step(walk *w)
{
    if (!w->array->fortran) {
        w->place++;
        return;
    }
    for (int d = w->array->dimensions; d-- > 0;) {
        w->place += w->stride[d];
        if (++w->index[d] < w->array->shape[d])
            return;
        w->place -= w->index[d] * w->stride[d];
        w->index[d] = 0;
    }
}

/* Unsigned number of `bytes` bytes at p. */
static uint64_t load(const uint8_t *p, int bytes, bool big_endian)
{
    uint64_t value = 0;
    for (int k = 0; k < bytes; k++)
        value |= (uint64_t)p[k] << 8 * (big_endian ? bytes - 1 - k : k);
    return value;
}

cutropy_status ct_npy_integers(const ct_npy *array, const char *name, uint64_t first, size_t count,
                               int64_t *out)
{
    walk w = walk_from(array, first);
    if (!ct_npy_is_integer(array))
        return ct_fail(CUTROPY_EINPUT, "%s: integers expected (b1, i1..i8, u1..u8)", name);
    for (size_t k = 0; k < count; k++, step(&w)) {
        const uint8_t *p = array->data + w.place * (uint64_t)array->item;
        uint64_t value = load(p, array->item, array->big_endian);
        if (array->type == CT_NPY_INT) {
            uint64_t sign = UINT64_C(1) << (8 * array->item - 1);
            value = (value ^ sign) - sign;
        } else if (array->type == CT_NPY_UINT && value > INT64_MAX) {
            return ct_fail(CUTROPY_EINPUT, "%s: entry %llu exceeds the largest 64-bit integer",
                           name, (unsigned long long)(first + k));
        } else if (array->type == CT_NPY_BOOL && value > 1) {
            return ct_fail(CUTROPY_EINPUT, "%s: entry %llu of a bool array is %llu", name,
                           (unsigned long long)(first + k), (unsigned long long)value);
        }
        out[k] = (int64_t)value;
    }
    return CUTROPY_OK;
}

cutropy_status ct_npy_reals(const ct_npy *array, const char *name, uint64_t first, size_t count,
                            double *out)
{
    int parts = array->type == CT_NPY_COMPLEX ? 2 : 1, bytes = array->item / parts;
    walk w = walk_from(array, first);
    if (ct_npy_is_integer(array))
        return ct_fail(CUTROPY_EINPUT, "%s: f4, f8, c8 or c16 expected", name);
    for (size_t k = 0; k < count * (size_t)parts; k++) {
        const int part = (int)(k % (size_t)parts);
        const uint8_t *p = array->data + w.place * (uint64_t)array->item + part * bytes;
        uint64_t bits = load(p, bytes, array->big_endian);
        if (part == parts - 1)
            step(&w);
        if (bytes == 8) {
            memcpy(&out[k], &bits, sizeof bits);
        } else {
            uint32_t half = (uint32_t)bits;
            float narrow;
            memcpy(&narrow, &half, sizeof half);
            out[k] = (double)narrow;
        }
        if (!isfinite(out[k]))
            return ct_fail(CUTROPY_EINPUT, "%s: entry %llu is %s", name,
                           (unsigned long long)(first + k / (size_t)parts),
                           isnan(out[k]) ? "not a number (NaN)" : "infinite");
    }
    return CUTROPY_OK;
}
