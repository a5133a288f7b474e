/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of the handwritten digits. */
#include "input/digits_csv.h"

#include "input/bytes.h"

typedef struct table {
    const uint8_t *at, *end;
    const char *name;
    size_t line;
} table;

/* A number 0 .. highest followed by `after` (any line end for '\n'). */
static cutropy_status read_number(table *t, int highest, char after, int *value)
{
    int digits = 0;
    *value = 0;
    for (; t->at < t->end && *t->at >= '0' && *t->at <= '9' && digits < 3; t->at++, digits++)
        *value = *value * 10 + (*t->at - '0');
    if (!digits || *value > highest)
        return ct_fail(CUTROPY_EINPUT, "%s line %zu: an integer from 0 to %d is expected", t->name,
                       t->line, highest);
    if (after == '\n' && t->end - t->at >= 2 && t->at[0] == '\r' && t->at[1] == '\n')
        t->at++;
    if (t->at < t->end && *t->at == (uint8_t)after)
        t->at++;
    else if (after != '\n' || t->at < t->end)
        return ct_fail(CUTROPY_EINPUT, "%s line %zu: 64 pixels and the class are expected", t->name,
                       t->line);
    return CUTROPY_OK;
}

static cutropy_status read_line(table *t, int threshold, uint64_t *image, int *class_found)
{
    *image = 0;
    t->line++;
    for (int i = 0; i < CT_DIGITS_PIXELS; i++) {
        int value;
        cutropy_status status = read_number(t, CT_DIGITS_BRIGHTEST, ',', &value);
        if (status != CUTROPY_OK)
            return status;
        *image |= (uint64_t)(value >= threshold) << i;
    }
    return read_number(t, 9, '\n', class_found);
}

cutropy_status ct_digits_parse(const uint8_t *bytes, size_t size, const char *name,
                               int class_wanted, int threshold, uint64_t **images, size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *unpacked = NULL;
    uint64_t *list = NULL;

    *images = NULL;
    *count = 0;
    if (ct_is_gzip(bytes, size)) {
        CT_TRY(ct_gunzip(bytes, size, name, &unpacked, &size));
        bytes = unpacked;
    }
    if (!size) {
        status = ct_fail(CUTROPY_EINPUT, "%s: empty file", name);
        goto done;
    }
    CT_NEW(list, size / (2 * CT_DIGITS_PIXELS) + 1); /* a line has at least 129 bytes */
    table t = {.at = bytes, .end = bytes + size, .name = name};
    while (t.at < t.end) {
        uint64_t image;
        int found;
        CT_TRY(read_line(&t, threshold, &image, &found));
        if (found == class_wanted)
            list[(*count)++] = image;
    }
    *images = list;
    list = NULL;
done:
    if (status != CUTROPY_OK)
        *count = 0;
    ct_free(list);
    ct_free(unpacked);
    return status;
}
