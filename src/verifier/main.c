/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy-verify: checks certificates of entropies with integers alone. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verifier/fixed.h"
#include "verifier/verify.h"

static const char help[] =
    "Usage: cutropy-verify [--assume-positive] FILE...\n"
    "Checks certificates of entropies: everything is computed again from the integer matrices\n"
    "and vectors in the file, in exact integers and enclosures.\n"
    "\n"
    "      --assume-positive  take for granted that the matrices are positive semidefinite, as\n"
    "                         Gram matrices are. Without it that is proved, which takes longer\n"
    "                         than all the rest for large matrices\n"
    "      --help             this text\n"
    "      --version          the version\n"
    "\n"
    "A file '-' is the standard input. Not checked: that the matrices are those of the problem\n"
    "named in the file. The format is described in docs/certificate.md.\n"
    "\n"
    "Exit codes: 0 every file is verified, 1 a claim is not proved, 2 a file is unusable.\n";

static void *allocate(size_t bytes)
{
    void *memory = malloc(bytes);
    if (!memory) {
        fprintf(stderr, "cutropy-verify: out of memory: an integer needs %zu bytes\n", bytes);
        exit(CV_UNUSABLE);
    }
    return memory;
}

static void *grow(void *memory, size_t before, size_t bytes)
{
    (void)before;
    void *larger = realloc(memory, bytes);
    if (!larger) {
        fprintf(stderr, "cutropy-verify: out of memory: an integer needs %zu bytes\n", bytes);
        exit(CV_UNUSABLE);
    }
    return larger;
}

static void release(void *memory, size_t bytes)
{
    (void)bytes;
    free(memory);
}

/* The whole file; NULL: errno says why not. */
static char *read_file(FILE *file, size_t *size)
{
    size_t room = 1 << 16;
    char *bytes = malloc(room);
    *size = 0;
    while (bytes) {
        *size += fread(bytes + *size, 1, room - *size, file);
        if (*size < room)
            break;
        char *larger = room > SIZE_MAX / 2 ? NULL : realloc(bytes, room *= 2);
        if (!larger)
            free(bytes);
        bytes = larger;
    }
    if (bytes && ferror(file)) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

static char *load(const char *path, size_t *size)
{
    if (!strcmp(path, "-"))
        return read_file(stdin, size);
    FILE *file = fopen(path, "rb");
    char *bytes = file ? read_file(file, size) : NULL;
    const int reason = errno;
    if (file)
        fclose(file);
    errno = reason;
    return bytes;
}

static void print_verified(const char *path, const cv_certificate *c, const cv_enclosure *proved,
                           bool positive)
{
    char *lower = cv_decimal_text(proved->lower, 50, CV_DOWN);
    char *upper = cv_decimal_text(proved->upper, 50, CV_UP);
    size_t largest = 0;
    for (size_t b = 0; b < c->blocks; b++)
        largest = c->block[b].size > largest ? c->block[b].size : largest;
    printf("%s: verified\n", path);
    printf("  problem   %s\n  lattice   %s\n  cut       %s\n  checksum  %s\n", c->problem,
           c->lattice, c->cut, c->checksum);
    printf("  blocks    %zu, the largest has size %zu; positive semidefinite: %s\n", c->blocks,
           largest, positive ? "proved" : "assumed");
    printf("  matrices  those of the file: whether they are the problem's is not checked\n");
    printf("  unit      %s\n", c->nats ? "nats" : "bits");
    printf("  entropy   at least %s\n            at most  %s\n", lower, upper);
    free(lower);
    free(upper);
}

static cv_verdict check_file(const char *path, bool positive)
{
    char message[CV_MESSAGE];
    cv_certificate certificate;
    cv_enclosure proved;
    size_t size = 0;
    char *bytes = load(path, &size);
    if (!bytes) {
        fprintf(stderr, "cutropy-verify: cannot read '%s': %s\n", path, strerror(errno));
        return CV_UNUSABLE;
    }
    const bool usable = cv_read(bytes, size, &certificate, message);
    free(bytes);
    if (!usable) {
        fprintf(stderr, "%s:", path);
        if (certificate.line)
            fprintf(stderr, "%zu:", certificate.line);
        fprintf(stderr, " unusable: %s\n", message);
        return CV_UNUSABLE;
    }
    cv_enclosure_init(&proved);
    const cv_verdict verdict = cv_verify(&certificate, positive, &proved, message);
    if (verdict == CV_VERIFIED)
        print_verified(path, &certificate, &proved, positive);
    else
        fprintf(stderr, "%s: not verified: %s\n", path, message);
    cv_enclosure_free(&proved);
    cv_certificate_free(&certificate);
    return verdict;
}

static int usage(const char *argument)
{
    if (argument)
        fprintf(stderr, "cutropy-verify: unknown option '%s' (see --help)\n", argument);
    else
        fprintf(stderr, "cutropy-verify: which file? (see --help)\n");
    return CV_UNUSABLE;
}

int main(int argc, char **argv)
{
    bool positive = true;
    int worst = CV_VERIFIED, files = 0;
    mp_set_memory_functions(allocate, grow, release);
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-' || !argv[i][1])
            files++;
        else if (!strcmp(argv[i], "--assume-positive"))
            positive = false;
        else if (!strcmp(argv[i], "--help"))
            return fputs(help, stdout) < 0 || fflush(stdout) ? CV_UNUSABLE : 0;
        else if (!strcmp(argv[i], "--version"))
            return printf("cutropy-verify %s\n", CUTROPY_VERSION) < 0 || fflush(stdout);
        else
            return usage(argv[i]);
    }
    if (!files)
        return usage(NULL);
    for (int i = 1; i < argc; i++) {
        const bool is_file = argv[i][0] != '-' || !argv[i][1];
        const int verdict = is_file ? (int)check_file(argv[i], positive) : 0;
        worst = verdict > worst ? verdict : worst;
    }
    if (fflush(stdout)) {
        fprintf(stderr, "cutropy-verify: cannot write: %s\n", strerror(errno));
        return CV_UNUSABLE;
    }
    return worst;
}
