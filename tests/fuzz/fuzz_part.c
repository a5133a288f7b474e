/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes cutropy_parts_merge behind its checks: the lines of the input get right ones. What is accepted can be written as a
 * table; the rest is refused in one line. Records of journals have the same fields. */
#include "fuzz.h"

#include <cutropy/part.h>
#include <cutropy/sheet.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/function/fields.h"

/* Each line with its check. */
static void write_lines(char *text, int file)
{
    ct_fields lines = {0};
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        ct_fields_begin(&lines, line);
        ct_fields_end(&lines);
    }
    FUZZ_CHECK(!lines.length || write(file, lines.text, lines.length) == (ssize_t)lines.length);
    ct_fields_free(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), path[32];
    cutropy_result *result = NULL;
    const int file = memfd_create("part", 0);
    FUZZ_CHECK(file >= 0);
    write_lines(text, file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const char *const paths[] = {path};
    if (cutropy_parts_merge(paths, 1, &result) != CUTROPY_OK && !result)
        FUZZ_CHECK_REFUSED(result);
    if (result) {
        FILE *sink = fopen("/dev/null", "w");
        FUZZ_CHECK(sink && cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, sink) ==
                               CUTROPY_OK);
        fclose(sink);
    }
    cutropy_result_free(result);
    close(file);
    free(text);
    return 0;
}
