/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/compile.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctext/message.h"
#include "ctext/source.h"
#include "ctext/tool.h"

#define PATIENCE 60 /* seconds that the compiler has */
#define MOST_ARGUMENTS 64

/* ---- the compiler ---- */

static uint64_t hash_text(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* What -march=native depends on: a folder may be seen by several machines. */
static uint64_t hash_processor(void)
{
    static const char *const known[] = {"flags", "Features", "model name", "CPU part"};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char line[8192];
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file) && *line != '\n') /* of the first processor */
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (!strncmp(line, known[i], strlen(known[i])))
                hash = hash_text(hash, line, strlen(line));
    if (file)
        (void)fclose(file);
    return ct_mix64(hash);
}

static void identify(ct_compiler *c)
{
    struct stat info = {0};
    char real[PATH_MAX];
    const char *resolved = realpath(c->path, real), *base = resolved ? strrchr(real, '/') : NULL;
    (void)stat(c->path, &info);
    c->clang = base && strstr(base, "clang") != NULL;
    snprintf(c->identity, sizeof c->identity, "%" PRIx64 " %lld %lld %" PRIx64,
             hash_text(0, c->path, strlen(c->path)), (long long)info.st_size,
             (long long)info.st_mtime, hash_processor());
}

cutropy_status ct_compiler_find(ct_compiler *out)
{
    static const char *const usual[] = {"cc", "gcc", "clang"};
    const char *wanted = getenv("CC");
    *out = (ct_compiler){0};
    if (wanted && wanted[strspn(wanted, " ")]) {
        char *words = ct_strdup(wanted + strspn(wanted, " "));
        if (!words)
            return ct_fail_memory("compiler", 0);
        char *rest = words + strcspn(words, " ");
        if (*rest)
            *rest++ = 0;
        const bool found = ct_tool_find(words, out->path, sizeof out->path);
        if (found)
            out->words = ct_strdup(rest);
        ct_free(words);
        if (!found)
            return ct_fail(CUTROPY_EUNSUPPORTED,
                           "C text needs a C compiler, and CC=%.80s names none that can be run",
                           wanted);
        if (!out->words)
            return ct_fail_memory("compiler", 0);
        identify(out);
        return CUTROPY_OK;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (ct_tool_find(usual[i], out->path, sizeof out->path)) {
            identify(out);
            return CUTROPY_OK;
        }
    return ct_fail(CUTROPY_EUNSUPPORTED, "C text needs a C compiler, and there is no cc, gcc or "
                                         "clang: install one, or name it in CC");
}

void ct_compiler_free(ct_compiler *compiler)
{
    ct_free(compiler->words);
    compiler->words = NULL;
}

/* ---- its arguments ---- */

typedef enum part { PART_DRIVER, PART_TOOL, PART_FAST, PART_SLOW } part;

typedef struct arguments {
    const char *word[MOST_ARGUMENTS + 1];
    size_t count;
    bool full; /* there were more */
} arguments;

static void append_one(arguments *a, const char *word)
{
    a->full |= a->count == MOST_ARGUMENTS;
    if (!a->full)
        a->word[a->count++] = word;
}

static void append(arguments *a, const char *const *words)
{
    for (; *words; words++)
        append_one(a, *words);
}

/* What decides what the program is; the traps are never left out: undefined behaviour at one image of 2^N would
 * make a table wrong without a word. */
static void append_flags(arguments *a, const ct_compiler *compiler, part which)
{
    static const char *const driver[] = {"-std=gnu11", "-D_GNU_SOURCE", "-O2", "-c", NULL};
    static const char *const tool[] = {"-std=gnu11", "-D_GNU_SOURCE", "-O1", NULL};
    static const char *const fast[] = {
        "-O3",
#if defined(__x86_64__)
        "-march=native",
#else
        "-mcpu=native",
#endif
        NULL
    };
    static const char *const slow[] = {"-O0", "-g", "-fno-pie", "-no-pie", NULL};
    static const char *const both[] = {"-std=gnu11",
                                       "-ffp-contract=off",
                                       "-fstack-protector-strong",
                                       "-fsanitize=undefined,float-cast-overflow",
                                       "-Werror=implicit-function-declaration",
                                       "-Werror=int-conversion",
                                       "-Werror=incompatible-pointer-types",
                                       "-Werror=return-type",
                                       "-Werror=uninitialized",
                                       "-Werror=float-conversion",
                                       "-Werror=overflow",
                                       "-Wunused-macros", /* of definitions: message.c */
                                       "-fdiagnostics-color=never",
                                       NULL};
    static const char *const gcc[] = {"-fsanitize-undefined-trap-on-error", "-Wno-psabi",
                                      "-Werror=discarded-qualifiers", NULL};
    static const char *const clang[] = {
        "-fsanitize-trap=all", "-Werror=conditional-uninitialized", "-Werror=constant-conversion",
        "-Werror=incompatible-pointer-types-discards-qualifiers", NULL};
    if (which == PART_DRIVER || which == PART_TOOL) {
        append(a, which == PART_TOOL ? tool : driver);
        return;
    }
    append(a, both);
    append(a, which == PART_SLOW ? slow : fast);
    append(a, compiler->clang ? clang : gcc);
}

/* The words of $CC behind the first one; copy: cut up, and must live as long as the arguments. */
static void append_own(arguments *a, char *copy)
{
    char *rest = NULL;
    for (char *word = copy ? strtok_r(copy, " ", &rest) : NULL; word;
         word = strtok_r(NULL, " ", &rest))
        append_one(a, word);
}

/* ---- what was compiled before ---- */

/* The text with a first line about how it is compiled. Free with ct_free. */
static char *mark(const ct_compiler *compiler, part which, const char *text)
{
    arguments flags = {0};
    append_flags(&flags, compiler, which);
    uint64_t hash = 1;
    for (size_t i = 0; i < flags.count; i++)
        hash = hash_text(hash, flags.word[i], strlen(flags.word[i]) + 1);
    const char *words = compiler->words ? compiler->words : "";
    hash = hash_text(hash, words, strlen(words));
    const size_t room = strlen(text) + sizeof compiler->identity + 64;
    char *marked = ct_alloc(room, 1);
    if (marked)
        snprintf(marked, room, "/* %s %" PRIx64 " */\n%s", compiler->identity, hash, text);
    return marked;
}

/* ---- one compilation ---- */

typedef struct job {
    const ct_compiler *compiler;
    const char *name, *driver; /* driver: the object to link; NULL: that is what is made */
    part which;
    char *words;  /* those of the compiler, cut up */
    char *beside; /* the folder of the user's text */
    char *work, *source, *output, *said, *includes;
} job;

/* The folder of a file; NULL: no memory. */
static char *folder_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *folder = ct_strdup(slash ? name : ".");
    if (folder && slash)
        folder[slash == name ? 1 : slash - name] = 0;
    return folder;
}

static cutropy_status prepare(job *j, const ct_folder *folder, const char *marked)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_folder_work(folder, &j->work));
    j->source = ct_folder_join(j->work, "text", ".c");
    j->output = ct_folder_join(j->work, "out", "");
    j->said = ct_folder_join(j->work, "said", "");
    j->includes = ct_folder_join(j->work, "includes", "");
    j->beside = folder_of(j->name);
    j->words = ct_strdup(j->compiler->words ? j->compiler->words : "");
    if (!j->source || !j->output || !j->said || !j->includes || !j->beside || !j->words)
        return ct_fail_memory("path", 0);
    CT_TRY(ct_folder_write(j->source, marked));
done:
    return status;
}

static cutropy_status call(const job *j)
{
    const char *const text[] = {"-iquote", j->beside, "-MMD", "-MP", "-MF", j->includes, NULL};
    const char *end[] = {j->source, j->driver, NULL, NULL, NULL, NULL, NULL};
    size_t count = j->driver ? 2 : 1;
    arguments a = {.word = {j->compiler->path}, .count = 1};
    append_own(&a, j->words);
    append_flags(&a, j->compiler, j->which);
    if (j->driver) {
        append(&a, text);
        end[count++] = "-Wl,-z,now";
        end[count++] = "-lm";
    }
    if (j->which == PART_TOOL)
        end[count++] = "-ldl";
    end[count++] = "-o";
    end[count] = j->output;
    append(&a, end);
    int code = 0;
    if (a.full)
        return ct_fail(CUTROPY_EINPUT, "CC has too many words for a compiler of C text: %.80s",
                       j->compiler->words);
    const cutropy_status status = ct_tool_run(a.word, j->said, PATIENCE, &code);
    if (status)
        return status;
    if (code == -1)
        return ct_fail(CUTROPY_EIO, "%s: a signal ended the compiler %s", j->name, a.word[0]);
    if (code == -2)
        return ct_fail(CUTROPY_EINPUT, "%s: the compiler did not end within %d seconds", j->name,
                       PATIENCE);
    char *said = ct_folder_read(j->said);
    if (!said)
        return ct_fail_memory("what the compiler says", 0);
    const cutropy_status failed =
        code ? ct_message_of_compiler(j->name, said) : ct_message_of_success(j->name, said);
    ct_free(said);
    return failed;
}

/* Could it name a file of the user's, be it one that is not there yet: anything but #include <...>? */
static bool names_files(const char *text)
{
    if (strstr(text, "__has_"))
        return true;
    for (const char *at = strstr(text, "include"); at; at = strstr(at + 1, "include")) {
        const char *before = at, *after = at + strlen("include");
        while (before > text && (before[-1] == ' ' || before[-1] == '\t'))
            before--;
        if (before > text && before[-1] == '#' && after[strspn(after, " \t")] != '<')
            return true;
    }
    return false;
}

/* Does it depend on files that are neither the text nor the system's? The compiler wrote a line "FILE:" for each
 * (-MP). Where it is told to take others for the system's, nobody knows. */
static bool is_lasting(const job *j, const char *text)
{
    const char *told = getenv("C_INCLUDE_PATH"), *words = j->compiler->words;
    const char *more = getenv("CPATH");
    if (j->which == PART_DRIVER || j->which == PART_TOOL)
        return true;
    if (names_files(text) || (more && *more))
        return false;
    if ((told && *told) || (words && (strstr(words, "-isystem") || strstr(words, "-idirafter"))))
        return false;
    char *files = ct_folder_read(j->includes);
    const bool lasting = files && !strstr(files, ":\n");
    ct_free(files);
    return lasting;
}

static void finish(job *j)
{
    ct_free(j->words);
    ct_free(j->beside);
    ct_free(j->includes);
    ct_free(j->source);
    ct_free(j->output);
    ct_free(j->said);
    ct_folder_drop(j->work);
}

/* The program, or the object of the driver, that belongs to the text. */
static cutropy_status make(const ct_compiler *compiler, const ct_folder *folder, const char *name,
                           const char *text, part which, const char *driver, ct_program *out)
{
    cutropy_status status = CUTROPY_OK;
    job j = {.compiler = compiler, .name = name, .driver = driver, .which = which};
    char base[32];
    char *source = NULL, *output = NULL, *marked = mark(compiler, which, text);
    *out = (ct_program){0};
    if (!marked)
        return ct_fail_memory("C text", strlen(text));
    snprintf(base, sizeof base, "%016" PRIx64,
             ct_mix64(hash_text(UINT64_C(0xcbf29ce484222325), marked, strlen(marked))));
    source = ct_folder_join(folder->path, base, ".c");
    output = ct_folder_join(folder->path, base, which == PART_DRIVER ? ".o" : "");
    if (!source || !output) {
        status = ct_fail_memory("path", 0);
        goto done;
    }
    if (!ct_folder_has(output, source, marked)) {
        CT_TRY(prepare(&j, folder, marked));
        CT_TRY(call(&j));
        if (!is_lasting(&j, text)) {
            *out = (ct_program){j.output, j.work};
            j.output = j.work = NULL;
            goto done;
        }
        CT_TRY(ct_folder_keep(j.output, j.source, output, source));
    }
    out->path = output;
    output = NULL;
done:
    finish(&j);
    ct_free(marked);
    ct_free(source);
    ct_free(output);
    return status;
}

void ct_program_free(ct_program *program)
{
    ct_free(program->path);
    ct_folder_drop(program->work);
    *program = (ct_program){0};
}

cutropy_status ct_compile(const ct_compiler *compiler, const ct_folder *folder, const char *name,
                          const char *text, bool slow, ct_program *out)
{
    cutropy_status status = CUTROPY_OK;
    char *driver_text = NULL;
    ct_program driver = {0};
    *out = (ct_program){0};
    CT_TRY(ct_ctext_write_driver(&driver_text));
    CT_TRY(make(compiler, folder, name, driver_text, PART_DRIVER, NULL, &driver));
    CT_TRY(make(compiler, folder, name, text, slow ? PART_SLOW : PART_FAST, driver.path, out));
done:
    ct_free(driver_text);
    ct_program_free(&driver);
    return status;
}

cutropy_status ct_compile_tool(const ct_compiler *compiler, const ct_folder *folder,
                               const char *name, const char *text, ct_program *out)
{
    return make(compiler, folder, name, text, PART_TOOL, NULL, out);
}
