/* SPDX-License-Identifier: Apache-2.0 */
/* The networks of a sweep: their texts, and whether they can be asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/expressivity/expressivity.h"

#define MAX_NETWORKS (UINT64_C(1) << 24)

/* One value of one axis: where its text begins in the list, and how long it is. */
typedef struct token {
    const char *text;
    int length;
} token;

static token axis_value(const cutropy_axis *axis, size_t index)
{
    const char *text = axis->values;
    for (; index; index--)
        text += strcspn(text, ",") + 1;
    return (token){text, (int)strcspn(text, ",")};
}

static size_t axis_count(const cutropy_axis *axis)
{
    size_t count = 1;
    for (const char *p = axis->values; (p = strchr(p, ',')) != NULL; p++)
        count++;
    return count;
}

/* The value that axis `a` takes at a point; the first axis varies slowest. */
static token value_at(const cutropy_sweep *sweep, size_t a, size_t point)
{
    for (size_t later = sweep->axis_count; later-- > a + 1;)
        point /= axis_count(&sweep->axes[later]);
    return axis_value(&sweep->axes[a], point % axis_count(&sweep->axes[a]));
}

/* What {key} stands for in a pattern of weights; length 0: nothing. */
static token pattern_value(const cutropy_sweep *sweep, size_t point, const char *key, size_t length,
                           const char *seed)
{
    if (length == 4 && !memcmp(key, "seed", 4))
        return (token){seed, (int)strlen(seed)};
    for (size_t a = 0; a < sweep->axis_count; a++)
        if (strlen(sweep->axes[a].key) == length && !memcmp(sweep->axes[a].key, key, length))
            return value_at(sweep, a, point);
    return (token){NULL, 0};
}

/* Writes the pattern of weights with its values; text NULL: only counts. */
static cutropy_status expand_weights(const cutropy_sweep *sweep, size_t point, const char *seed,
                                     char *text, size_t *length)
{
    *length = 0;
    for (const char *p = sweep->weights; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        token piece = {p, 1};
        if (end) {
            piece = pattern_value(sweep, point, p + 1, (size_t)(end - p) - 1, seed);
            if (!piece.text)
                return ct_fail(CUTROPY_EINPUT,
                               "weights %s: %.*s is neither {seed} nor a parameter of the sweep",
                               sweep->weights, (int)(end - p) + 1, p);
        }
        if (text)
            memcpy(text + *length, piece.text, (size_t)piece.length);
        *length += (size_t)piece.length;
        p = end ? end + 1 : p + 1;
    }
    return CUTROPY_OK;
}

cutropy_status ct_sweep_network(const cutropy_sweep *sweep, size_t point, uint64_t seed, char **out)
{
    cutropy_status status = CUTROPY_OK;
    char number[24], *text = NULL;
    size_t room = strlen(sweep->family) + 64, used, path = 0;
    *out = NULL;
    snprintf(number, sizeof number, "%" PRIu64, seed);
    for (size_t a = 0; a < sweep->axis_count; a++)
        room += strlen(sweep->axes[a].key) + (size_t)value_at(sweep, a, point).length + 2;
    if (sweep->weights)
        CT_TRY(expand_weights(sweep, point, number, NULL, &path));
    CT_NEW(text, room + path);
    used =
        (size_t)snprintf(text, room, "%s%c", sweep->family, strchr(sweep->family, ':') ? ',' : ':');
    for (size_t a = 0; a < sweep->axis_count; a++) {
        token value = value_at(sweep, a, point);
        used += (size_t)snprintf(text + used, room - used, "%s=%.*s,", sweep->axes[a].key,
                                 value.length, value.text);
    }
    if (sweep->weights) {
        used += (size_t)snprintf(text + used, room - used, "weights=");
        CT_TRY(expand_weights(sweep, point, number, text + used, &path));
        text[used + path] = '\0';
    } else {
        snprintf(text + used, room - used, "seed=%s", number);
    }
    *out = text;
    text = NULL;
done:
    ct_free(text);
    return status;
}

/* Does "cnn:channels=2,kernel=1" fix this key? */
static bool fixes(const char *family, const char *key)
{
    const size_t length = strlen(key);
    for (const char *p = strpbrk(family, ":"); p; p = strchr(p + 1, ','))
        if (!strncmp(p + 1, key, length) && p[1 + length] == '=')
            return true;
    return false;
}

cutropy_status ct_sweep_check(const cutropy_sweep *sweep, const ct_family **family, size_t *points)
{
    uint64_t count = 1;
    const cutropy_status status = ct_options_known("CUTROPY_SWEEP", sweep->size, sizeof *sweep);
    if (status)
        return status;
    if (!sweep->family)
        return ct_fail(CUTROPY_EINPUT,
                       "no family of networks given: choose cnn, rbm, mps, mera or mlp");
    *family = ct_family_find(sweep->family, strcspn(sweep->family, ":"));
    if (!*family)
        return ct_fail(CUTROPY_EINPUT,
                       "'%.60s' is no family of networks: choose cnn, rbm, mps, mera or mlp",
                       sweep->family);
    if (fixes(sweep->family, "seed"))
        return ct_fail(CUTROPY_EINPUT,
                       "%.60s: the seeds are those of --seeds and --first-seed: leave out seed=",
                       sweep->family);
    if (sweep->seeds < 1)
        return ct_fail(CUTROPY_EINPUT, "a sweep needs at least one seed");
    if (sweep->first_seed > UINT64_MAX - (uint64_t)sweep->seeds)
        return ct_fail(CUTROPY_EINPUT, "the seeds exceed 64 bits");
    for (size_t a = 0; a < sweep->axis_count; a++) {
        const cutropy_axis *axis = &sweep->axes[a];
        size_t values = axis_count(axis);
        if (fixes(sweep->family, axis->key))
            return ct_fail(CUTROPY_EINPUT,
                           "%.60s: %s is fixed here and swept by --%s: leave out one",
                           sweep->family, axis->key, axis->key);
        for (size_t i = 0; i < values; i++)
            for (size_t j = 0; j < i; j++) {
                token x = axis_value(axis, i), y = axis_value(axis, j);
                if (x.length == y.length && !memcmp(x.text, y.text, (size_t)x.length))
                    return ct_fail(CUTROPY_EINPUT, "%s: the value '%.*s' stands twice in the list",
                                   axis->key, x.length, x.text);
            }
        count *= values;
        if (count * (uint64_t)sweep->seeds > MAX_NETWORKS)
            return ct_fail(CUTROPY_EINPUT, "more than %" PRIu64 " networks: take shorter lists",
                           MAX_NETWORKS);
    }
    *points = (size_t)count;
    return CUTROPY_OK;
}

cutropy_status ct_sweep_weights(const cutropy_sweep *sweep,
                                cutropy_status (*take)(void *context, const char *path),
                                void *context)
{
    cutropy_status status = CUTROPY_OK;
    const ct_family *family;
    char number[24], *path = NULL;
    size_t points, length;
    CT_TRY(ct_sweep_check(sweep, &family, &points));
    for (size_t p = 0; sweep->weights && p < points; p++)
        for (int seed = 0; seed < sweep->seeds; seed++) {
            snprintf(number, sizeof number, "%" PRIu64, sweep->first_seed + (uint64_t)seed);
            CT_TRY(expand_weights(sweep, p, number, NULL, &length));
            CT_NEW_ZERO(path, length + 1);
            CT_TRY(expand_weights(sweep, p, number, path, &length));
            CT_TRY(take(context, path));
            ct_free(path);
            path = NULL;
        }
done:
    ct_free(path);
    return status;
}
