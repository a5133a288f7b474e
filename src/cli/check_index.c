/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_index.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/run.h>

#include "input/bytes.h"
#include "output/sha256.h"

bool ct_is_index(const char *path)
{
    json_t *root = json_load_file(path, 0, NULL);
    const bool is = json_is_array(json_object_get(root, "tables"));
    json_decref(root);
    return is;
}

/* The file of one entry, beside the index; *agrees = false also when it cannot be read. */
static cutropy_status check_file(const char *index, const char *file, const char *sha256,
                                 bool *agrees)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(index, '/');
    const size_t folder = slash ? (size_t)(slash - index) + 1 : 0;
    char *path = NULL, hex[65];
    uint8_t *bytes = NULL;
    size_t size = 0;
    *agrees = false;
    CT_NEW(path, folder + strlen(file) + 1);
    memcpy(path, index, folder);
    memcpy(path + folder, file, strlen(file) + 1);
    status = ct_read_file(path, &bytes, &size);
    if (status == CUTROPY_EIO) {
        printf("wrong: %s\n", cutropy_error());
        status = CUTROPY_OK;
        goto done;
    }
    CT_TRY(status);
    ct_sha256((const char *)bytes, size, hex);
    *agrees = !strcmp(hex, sha256);
    if (!*agrees)
        printf("wrong: %s does not have the SHA-256 of the index\n", path);
done:
    ct_free(bytes);
    ct_free(path);
    return status;
}

cutropy_status ct_check_index(const char *path, size_t *wrong)
{
    cutropy_status status = CUTROPY_OK;
    json_error_t error;
    size_t i, count = 0;
    json_t *entry, *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    *wrong = 0;
    if (!root)
        return ct_fail(CUTROPY_EINPUT, "%s: line %d: %s", path, error.line, error.text);
    json_array_foreach(json_object_get(root, "tables"), i, entry)
    {
        const char *file = json_string_value(json_object_get(entry, "file"));
        const char *sha256 = json_string_value(json_object_get(entry, "sha256"));
        bool agrees;
        if (!file || !sha256 || strchr(file, '/'))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: table %zu has no file name or no SHA-256", path,
                           i + 1));
        CT_TRY(check_file(path, file, sha256, &agrees));
        *wrong += !agrees;
        count++;
    }
    printf("%zu tables: %zu have their SHA-256, %zu are wrong%s\n", count, count - *wrong, *wrong,
           json_is_true(json_object_get(root, "complete")) ? "" : "; the set is not complete");
done:
    json_decref(root);
    return status;
}
