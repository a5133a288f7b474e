/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target shares: the input as text, and a check that stops the fuzzer. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise is a crash, with the line that noticed it. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The input with a final NUL; free with free(). */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    return text;
}

/* The promise of every failing call: one line of explanation, and no output. */
#define FUZZ_CHECK_REFUSED(output)                                                                 \
    do {                                                                                           \
        FUZZ_CHECK((output) == NULL);                                                              \
        FUZZ_CHECK(cutropy_error()[0] != 0 && !strchr(cutropy_error(), '\n'));                     \
    } while (0)

#endif
