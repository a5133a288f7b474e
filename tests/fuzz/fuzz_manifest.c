/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: manifests of ground-truth tables. What is accepted names plain files, each once. */
#include <string.h>

#include "analysis/truth/manifest.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cutropy_manifest *manifest;
    if (ct_manifest_parse("fuzz", data, size, &manifest) == CUTROPY_OK) {
        FUZZ_CHECK(manifest->count > 0 && strlen(manifest->sha256) == 64);
        for (size_t i = 0; i < manifest->count; i++) {
            const cutropy_manifest_table *entry = &manifest->table[i];
            FUZZ_CHECK(!strchr(entry->file, '/') && entry->file[0] != '.');
            FUZZ_CHECK(*entry->problem && *entry->lattice && *entry->cuts);
            FUZZ_CHECK(entry->digits >= 1 && entry->digits <= 1000);
            for (size_t k = 0; k < i; k++)
                FUZZ_CHECK(strcmp(manifest->table[k].file, entry->file) != 0);
        }
    } else {
        FUZZ_CHECK(*cutropy_error() && !strchr(cutropy_error(), '\n'));
    }
    cutropy_manifest_free(manifest);
    return 0;
}
