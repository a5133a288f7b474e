/* SPDX-License-Identifier: Apache-2.0 */
/* index.json of a set of proved tables: what it lists, how it is written, and whether the files
 * agree. */
#include "analysis/truth/truth_index.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/truth/manifest.h"
#include "input/bytes.h"
#include "sheet/save.h"
#include "output/sha256.h"

#define INDEX "index.json"

cutropy_status ct_path_join(const char *folder, const char *file, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t size = strlen(folder) + strlen(file) + 2;
    CT_NEW(*out, size);
    snprintf(*out, size, "%s/%s", folder, file);
done:
    return status;
}

cutropy_status ct_file_sha256(const char *path, char hex[65])
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    const cutropy_status status = ct_read_file(path, &bytes, &size);
    if (status == CUTROPY_OK)
        ct_sha256((const char *)bytes, size, hex);
    ct_free(bytes);
    return status;
}

const char *ct_index_text(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));
    return text ? text : "";
}

json_t *ct_index_find(json_t *entries, const char *file)
{
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        if (!strcmp(ct_index_text(entry, "file"), file))
            return entry;
    }
    return NULL;
}

cutropy_status ct_index_read(const char *folder, const char *name, json_t *entries)
{
    cutropy_status status = CUTROPY_OK;
    struct stat info;
    char *path = NULL;
    json_error_t error;
    json_t *root = NULL, *tables;
    CT_TRY(ct_path_join(folder, name, &path));
    if (stat(path, &info))
        goto done;
    root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s:%d: %s (remove it to make every table again)", path,
                       error.line, error.text));
    tables = json_object_get(root, "tables");
    if (!strcmp(ct_index_text(root, "cutropy"), cutropy_version()) && json_is_array(tables) &&
        json_array_extend(entries, tables))
        CT_TRY(ct_fail_memory(INDEX, 0));
done:
    json_decref(root);
    ct_free(path);
    return status;
}

static cutropy_status write_json(FILE *file, void *root)
{
    return json_dumpf(root, file, JSON_INDENT(1)) || putc('\n', file) == EOF ? CUTROPY_EIO
                                                                             : CUTROPY_OK;
}

cutropy_status ct_index_write(const char *folder, const cutropy_manifest *manifest, bool complete,
                              json_t *entries)
{
    cutropy_status status = CUTROPY_OK;
    char *path = NULL, *partial = NULL;
    json_t *root =
        json_pack("{s:s, s:s, s:b, s:O}", "cutropy", cutropy_version(), "manifest_sha256",
                  manifest->sha256, "complete", complete, "tables", entries);
    if (!root)
        CT_TRY(ct_fail_memory(INDEX, 0));
    CT_TRY(ct_path_join(folder, INDEX, &path));
    CT_TRY(ct_partial_path(path, &partial));
    CT_TRY(ct_save_run(path, complete, write_json, root));
    if (complete && unlink(partial) && errno != ENOENT)
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot remove '%s': %s", partial, strerror(errno)));
done:
    json_decref(root);
    ct_free(partial);
    ct_free(path);
    return status;
}

/* ---- against the files ---- */

int cutropy_ground_truth_is_index(const char *path)
{
    json_t *root = json_load_file(path, 0, NULL);
    const bool is = json_is_array(json_object_get(root, "tables"));
    json_decref(root);
    return is;
}

/* The file of one entry, beside the index; *agrees = false also when it cannot be read. */
static cutropy_status check_file(const char *index, const char *file, const char *sha256, FILE *out,
                                 bool *agrees)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(index, '/');
    const size_t folder = slash ? (size_t)(slash - index) + 1 : 0;
    char *path = NULL, hex[65];
    *agrees = false;
    CT_NEW(path, folder + strlen(file) + 1);
    memcpy(path, index, folder);
    memcpy(path + folder, file, strlen(file) + 1);
    status = ct_file_sha256(path, hex);
    if (status == CUTROPY_EIO) {
        fprintf(out, "wrong: %s\n", cutropy_error());
        status = CUTROPY_OK;
        goto done;
    }
    CT_TRY(status);
    *agrees = !strcmp(hex, sha256);
    if (!*agrees)
        fprintf(out, "wrong: %s does not have the SHA-256 of the index\n", path);
done:
    ct_free(path);
    return status;
}

cutropy_status cutropy_ground_truth_check(const char *path, FILE *file, size_t *wrong)
{
    cutropy_status status = CUTROPY_OK;
    json_error_t error;
    size_t i, count = 0, size = 0;
    uint8_t *bytes = NULL;
    json_t *entry, *root = NULL;
    *wrong = 0;
    status = ct_read_file(path, &bytes, &size);
    CT_TRY(status == CUTROPY_EIO ? CUTROPY_EINPUT : status); /* EIO is the output's */
    root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s:%d: %s", path, error.line, error.text));
    json_array_foreach(json_object_get(root, "tables"), i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "file"));
        const char *sha256 = json_string_value(json_object_get(entry, "sha256"));
        bool agrees;
        if (!name || !sha256 || strchr(name, '/'))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: table %zu has no file name or no SHA-256", path,
                           i + 1));
        CT_TRY(check_file(path, name, sha256, file, &agrees));
        *wrong += !agrees;
        count++;
    }
    fprintf(file, "%zu tables: %zu have their SHA-256, %zu are wrong%s\n", count, count - *wrong,
            *wrong,
            json_is_true(json_object_get(root, "complete")) ? "" : "; the set is not complete");
    status = ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
done:
    json_decref(root);
    ct_free(bytes);
    return status;
}
