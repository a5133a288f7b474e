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
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: an integer from 0 to %d is expected", t->name,
                       t->line, highest);
    if (after == '\n' && t->end - t->at >= 2 && t->at[0] == '\r' && t->at[1] == '\n')
        t->at++;
    if (t->at < t->end && *t->at == (uint8_t)after)
        t->at++;
    else if (after != '\n' || t->at < t->end)
        return ct_fail(CUTROPY_EINPUT, "%s:%zu: 64 pixels and the class are expected", t->name,
                       t->line);
    return CUTROPY_OK;
}

static cutropy_status read_line(table *t, uint8_t grey[CT_DIGITS_PIXELS], uint8_t *class_found)
{
    cutropy_status status = CUTROPY_OK;
    int value;
    t->line++;
    for (int i = 0; i < CT_DIGITS_PIXELS; i++) {
        CT_TRY(read_number(t, CT_DIGITS_BRIGHTEST, ',', &value));
        grey[i] = (uint8_t)value;
    }
    CT_TRY(read_number(t, 9, '\n', &value));
    *class_found = (uint8_t)value;
done:
    return status;
}

cutropy_status ct_digits_grey(const uint8_t *bytes, size_t size, const char *name, uint8_t **grey,
                              uint8_t **label, size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *unpacked = NULL;
    *grey = *label = NULL;
    *count = 0;
    if (ct_is_gzip(bytes, size)) {
        CT_TRY(ct_gunzip(bytes, size, name, &unpacked, &size));
        bytes = unpacked;
    }
    if (!size)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: empty file", name));
    const size_t most = size / (2 * CT_DIGITS_PIXELS) + 1; /* a line has at least 129 bytes */
    CT_NEW(*grey, most * CT_DIGITS_PIXELS);
    CT_NEW(*label, most);
    table t = {.at = bytes, .end = bytes + size, .name = name};
    for (; t.at < t.end; ++*count)
        CT_TRY(read_line(&t, *grey + *count * CT_DIGITS_PIXELS, *label + *count));
done:
    ct_free(unpacked);
    if (status != CUTROPY_OK) {
        ct_free(*grey);
        ct_free(*label);
        *grey = *label = NULL;
        *count = 0;
    }
    return status;
}

cutropy_status ct_digits_parse(const uint8_t *bytes, size_t size, const char *name,
                               int class_wanted, int threshold, uint64_t **images, size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *grey = NULL, *label = NULL;
    uint64_t *list = NULL;
    size_t all;
    *images = NULL;
    *count = 0;
    CT_TRY(ct_digits_grey(bytes, size, name, &grey, &label, &all));
    CT_NEW(list, all);
    for (size_t k = 0; k < all; k++) {
        uint64_t image = 0;
        for (int i = 0; i < CT_DIGITS_PIXELS; i++)
            image |= (uint64_t)(grey[k * CT_DIGITS_PIXELS + (size_t)i] >= threshold) << i;
        if (label[k] == class_wanted)
            list[(*count)++] = image;
    }
    *images = list;
done:
    ct_free(grey);
    ct_free(label);
    return status;
}
