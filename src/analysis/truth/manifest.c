/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/truth/manifest.h"

#include <jansson.h>
#include <string.h>

#include <cutropy/run.h>

#include "input/bytes.h"
#include "output/sha256.h"

extern const unsigned char ct_ground_truth_json[];
extern const size_t ct_ground_truth_json_size;

void cutropy_manifest_free(cutropy_manifest *manifest)
{
    if (!manifest)
        return;
    for (size_t i = 0; i < manifest->count; i++) {
        ct_free(manifest->table[i].file);
        ct_free(manifest->table[i].problem);
        ct_free(manifest->table[i].lattice);
        ct_free(manifest->table[i].cuts);
    }
    ct_free(manifest->table);
    ct_free(manifest);
}

/* A required text of an entry. */
static cutropy_status take_text(const char *name, size_t number, const json_t *entry,
                                const char *key, char **out)
{
    const char *text = json_string_value(json_object_get(entry, key));
    if (!text || !*text)
        return ct_fail(CUTROPY_EINPUT, "%s: table %zu has no text \"%s\"", name, number, key);
    *out = ct_strdup(text);
    return *out ? CUTROPY_OK : ct_fail_memory(key, strlen(text) + 1);
}

static bool is_plain_name(const char *file)
{
    const size_t length = strlen(file);
    return length > 4 && length < 200 && !strcmp(file + length - 4, ".csv") && *file != '.' &&
           strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

static cutropy_status take_entry(const char *name, const cutropy_manifest *so_far, json_t *entry,
                                 cutropy_manifest_table *out)
{
    static const char *const keys[] = {"file", "problem", "lattice", "cuts", "digits"};
    cutropy_status status = CUTROPY_OK;
    const size_t number = so_far->count + 1;
    const char *key;
    json_t *value;
    json_object_foreach(entry, key, value)
    {
        size_t k = 0;
        while (k < sizeof keys / sizeof *keys && strcmp(key, keys[k]))
            k++;
        if (k == sizeof keys / sizeof *keys)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: table %zu: unknown key \"%s\"", name, number, key));
    }
    CT_TRY(take_text(name, number, entry, "file", &out->file));
    CT_TRY(take_text(name, number, entry, "problem", &out->problem));
    CT_TRY(take_text(name, number, entry, "lattice", &out->lattice));
    CT_TRY(take_text(name, number, entry, "cuts", &out->cuts));
    value = json_object_get(entry, "digits");
    out->digits = value ? (int)json_integer_value(value) : CUTROPY_CERTIFIED_DIGITS;
    if (value && (!json_is_integer(value) || json_integer_value(value) < 1 ||
                  json_integer_value(value) > CUTROPY_MAX_DIGITS))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: table %zu: \"digits\" is 1 to %d", name, number,
                       CUTROPY_MAX_DIGITS));
    if (!is_plain_name(out->file))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: table %zu: '%.60s' is not a plain name such as x.csv",
                       name, number, out->file));
    for (size_t i = 0; i < so_far->count; i++)
        if (!strcmp(so_far->table[i].file, out->file))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: tables %zu and %zu have the same file %s", name,
                           i + 1, number, out->file));
done:
    return status;
}

cutropy_status ct_manifest_parse(const char *name, const uint8_t *bytes, size_t size,
                                 cutropy_manifest **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_manifest *manifest = NULL;
    json_error_t error;
    *out = NULL;
    size_t i;
    json_t *entry, *root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return ct_fail(CUTROPY_EINPUT, "%s:%d: %s", name, error.line, error.text);
    json_t *tables = json_object_get(root, "tables");
    if (json_integer_value(json_object_get(root, "manifest")) != 1 || !json_is_array(tables) ||
        !json_array_size(tables))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: not a manifest: it needs {\"manifest\": 1, \"tables\": [...]}", name));
    CT_NEW_ZERO(manifest, 1);
    CT_NEW_ZERO(manifest->table, json_array_size(tables));
    json_array_foreach(tables, i, entry)
    {
        status = take_entry(name, manifest, entry, &manifest->table[i]);
        manifest->count = i + 1; /* what it holds is freed */
        CT_TRY(status);
    }
    ct_sha256((const char *)bytes, size, manifest->sha256);
    *out = manifest;
    manifest = NULL;
done:
    cutropy_manifest_free(manifest);
    json_decref(root);
    return status;
}

cutropy_status cutropy_manifest_read(const char *path, cutropy_manifest **out)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    *out = NULL;
    if (!path)
        return ct_manifest_parse("the standard manifest", ct_ground_truth_json,
                                 ct_ground_truth_json_size, out);
    cutropy_status status = ct_read_file(path, &bytes, &size);
    if (status == CUTROPY_OK)
        status = ct_manifest_parse(path, bytes, size, out);
    ct_free(bytes);
    return status;
}

size_t cutropy_manifest_count(const cutropy_manifest *manifest)
{
    return manifest->count;
}

const cutropy_manifest_table *cutropy_manifest_entry(const cutropy_manifest *manifest, size_t i)
{
    return &manifest->table[i];
}

const char *cutropy_manifest_sha256(const cutropy_manifest *manifest)
{
    return manifest->sha256;
}
