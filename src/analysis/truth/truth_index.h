/* SPDX-License-Identifier: Apache-2.0 */
/* index.json of a set of proved tables: what it lists, and how it is written. */
#ifndef CT_TRUTH_INDEX_H
#define CT_TRUTH_INDEX_H

#include <jansson.h>

#include <cutropy/ground_truth.h>

#include "base/base.h"

/* FOLDER/FILE; free with ct_free. */
cutropy_status ct_path_join(const char *folder, const char *file, char **out);
cutropy_status ct_file_sha256(const char *path, char hex[65]);

/* Appends the entries of an index of this version to the array `entries`; nothing when the file is
 * not there. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY. */
cutropy_status ct_index_read(const char *folder, const char *name, json_t *entries);

/* The entry of a file in a list of entries; NULL: none. */
json_t *ct_index_find(json_t *entries, const char *file);

/* A text of an entry, "" where it has none. */
const char *ct_index_text(const json_t *entry, const char *key);

/* index.json (complete) or index.json.partial with these entries. */
cutropy_status ct_index_write(const char *folder, const cutropy_manifest *manifest, bool complete,
                              json_t *entries);

#endif
