/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "engine/function/part.h"

/* In the order in which they are compared: the cause before what follows from it. */
enum {
    PROBLEM,
    LATTICE,
    KIND,
    FUNCTION,
    NORM,
    STORAGE,
    CUTS,
    QUANTITIES,
    DIGITS,
    CERTIFY,
    SYMMETRIES,
    ORBITS,
    BACKEND,
    INSTRUCTIONS,
    LIBRARIES,
    BRACKET,
    PART
};

/* As messages say it. */
static const char *const names[CT_IDENTITIES] = {
    [PROBLEM] = "problem",
    [LATTICE] = "lattice",
    [KIND] = "kind of numbers",
    [FUNCTION] = "checksum of the function",
    [NORM] = "norm of the function",
    [STORAGE] = "storage of the function",
    [CUTS] = "list of cuts",
    [QUANTITIES] = "list of quantities",
    [DIGITS] = "number of digits",
    [CERTIFY] = "option certify",
    [SYMMETRIES] = "order of the symmetries",
    [ORBITS] = "list of different cuts",
    [BACKEND] = "backend",
    [INSTRUCTIONS] = "instruction set (CUTROPY_ISA)",
    [LIBRARIES] = "numerical library (OPENBLAS_CORETYPE)",
    [BRACKET] = "option bracket",
    [PART] = "part",
};

static cutropy_status quantities_text(const cutropy_result *result, char **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t length = 0, room = 1;
    for (size_t q = 0; q < result->quantity_count; q++)
        room += cutropy_quantity_name(&result->quantities[q], NULL, 0) + 32;
    CT_NEW_ZERO(*out, room);
    for (size_t q = 0; q < result->quantity_count; q++) {
        char name[64];
        cutropy_quantity_name(&result->quantities[q], name, sizeof name);
        length += (size_t)snprintf(*out + length, room - length, "%s%s,%a", q ? " " : "", name,
                                   result->quantities[q].parameter);
    }
done:
    return status;
}

static void masks_text(const uint64_t *mask, size_t count, size_t words, char text[48])
{
    snprintf(text, 48, "%zu:%016" PRIx64, count, ct_hash_words(mask, count * words));
}

cutropy_status ct_identity_make(const cutropy_result *result, const cutropy_options *options,
                                const ct_orbits *orbits, ct_identity *out)
{
    static const char *const kinds[] = {"label", "integer", "real", "complex"};
    cutropy_status status = CUTROPY_OK;
    char function[24], cuts[48], distinct[48], digits[16], symmetries[32], part[32], bracket[16];
    *out = (ct_identity){0};
    snprintf(function, sizeof function, "%016" PRIx64, result->checksum);
    masks_text(result->cuts.masks, result->cuts.count, result->cuts.words, cuts);
    masks_text(orbits->mask, orbits->count, orbits->words, distinct);
    snprintf(digits, sizeof digits, "%d", result->digits);
    snprintf(bracket, sizeof bracket, "%d", options->bracket);
    snprintf(symmetries, sizeof symmetries, "%.17g", result->symmetries);
    ct_part_format(&options->part, part);
    const char *const text[CT_IDENTITIES] = {
        [PROBLEM] = result->problem,
        [LATTICE] = result->lattice,
        [KIND] = kinds[result->kind],
        [FUNCTION] = function,
        [NORM] = result->norm,
        [STORAGE] = result->storage,
        [CUTS] = cuts,
        [DIGITS] = digits,
        [CERTIFY] = options->certify ? "yes" : "no",
        [SYMMETRIES] = symmetries,
        [ORBITS] = distinct,
        [BACKEND] = result->backend,
        [INSTRUCTIONS] = result->instruction_set,
        [LIBRARIES] = ct_result_libraries(result),
        [BRACKET] = bracket,
        [PART] = part,
    };
    CT_TRY(quantities_text(result, &out->value[QUANTITIES]));
    for (int i = 0; i < CT_IDENTITIES; i++) {
        if (i == QUANTITIES)
            continue;
        out->value[i] = ct_strdup(text[i]);
        if (!out->value[i])
            CT_TRY(ct_fail_memory("journal", strlen(text[i])));
    }
done:
    return status;
}

void ct_identity_free(ct_identity *identity)
{
    for (int i = 0; i < CT_IDENTITIES; i++)
        ct_free(identity->value[i]);
    *identity = (ct_identity){0};
}

void ct_identity_fields(ct_fields *fields, ct_identity *identity)
{
    for (int i = 0; i < CT_IDENTITIES; i++)
        ct_field_text(fields, &identity->value[i]);
}

int ct_identity_differs(const ct_identity *a, const ct_identity *b)
{
    for (int i = 0; i < CT_IDENTITIES; i++)
        if (strcmp(a->value[i] ? a->value[i] : "", b->value[i] ? b->value[i] : ""))
            return i;
    return -1;
}

#define AROUND 24 /* characters in front of the first difference, where values are long */

void ct_identity_contrast(const ct_identity *a, const ct_identity *b, int place, char *text)
{
    const char *x = a->value[place] ? a->value[place] : "";
    const char *y = b->value[place] ? b->value[place] : "";
    size_t same = 0;
    while (x[same] && x[same] == y[same])
        same++;
    const size_t from = strlen(x) < 80 && strlen(y) < 80 ? 0 : same > AROUND ? same - AROUND : 0;
    const char *before = from ? "..." : "";
    snprintf(text, CT_CONTRAST_SIZE, "%s is %s%.80s, not %s%.80s", names[place], before, x + from,
             before, y + from);
}

const char *ct_identity_part(const ct_identity *identity)
{
    return identity->value[PART];
}

bool ct_identity_is_part(int place)
{
    return place == PART;
}
