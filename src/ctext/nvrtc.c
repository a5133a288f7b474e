/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/nvrtc.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/site.h"
#include "ctext/message.h"
#include "ctext/source.h"
#include "ctext/tool.h"

#define PATIENCE 60 /* seconds that NVRTC has */

/* Of nvrtc_program.c. */
enum { WRONG = 1, UNUSABLE, UNKNOWN, KEEPS };

/* ---- where it is ---- */

static bool is_file(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISREG(info.st_mode);
}

/* FOLDER/BELOW libnvrtc.so.NN, the newest; length: of the folder's name. */
static bool try_folder(const char *folder, size_t length, const char *below, char *path,
                       size_t size)
{
    static const char *const names[] = {"libnvrtc.so.13", "libnvrtc.so.12"};
    for (size_t i = 0; length && i < sizeof names / sizeof *names; i++)
        if ((size_t)snprintf(path, size, "%.*s/%s%s", (int)length, folder, below, names[i]) <
                size &&
            is_file(path))
            return true;
    return false;
}

/* Beside the Python package that this is a part of: NVIDIA's packages, which torch installs too. */
static bool try_packages(char *path, size_t size)
{
    return ct_site_find("nvidia/cu13/lib/libnvrtc.so.13", path, size) ||
           ct_site_find("nvidia/cuda_nvrtc/lib/libnvrtc.so.12", path, size);
}

/* The folders of a list with colons. */
static bool try_list(const char *list, char *path, size_t size)
{
    for (const char *p = list ? list : ""; *p;) {
        const size_t length = strcspn(p, ":");
        if (try_folder(p, length, "", path, size))
            return true;
        p += length + (p[length] == ':');
    }
    return false;
}

static bool try_toolkit(const char *folder, char *path, size_t size)
{
    return folder && (try_folder(folder, strlen(folder), "lib64/", path, size) ||
                      try_folder(folder, strlen(folder), "lib/", path, size));
}

cutropy_status ct_nvrtc_find(char *path, size_t size)
{
    static const char usual[] = "/usr/local/cuda/lib64:/usr/lib64:/usr/lib/x86_64-linux-gnu:"
                                "/usr/lib/aarch64-linux-gnu:/usr/lib";
    const char *named = getenv("CUTROPY_NVRTC");
    if (named && *named) {
        if ((size_t)snprintf(path, size, "%s", named) < size && is_file(path))
            return CUTROPY_OK;
        return ct_fail(CUTROPY_EUNSUPPORTED, "CUTROPY_NVRTC: there is no file '%.300s'", named);
    }
    if (try_packages(path, size) || try_list(getenv("LD_LIBRARY_PATH"), path, size) ||
        try_toolkit(getenv("CUDA_HOME"), path, size) ||
        try_toolkit(getenv("CUDA_PATH"), path, size) || try_list(usual, path, size))
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EUNSUPPORTED, "there is no NVRTC (libnvrtc.so.13 or .12; "
                                         "CUTROPY_NVRTC=FILE names it)");
}

/* ---- one compilation ---- */

typedef struct work {
    char library[PATH_MAX],
        *marked;           /* marked: the text with a first line about how it is compiled */
    char *source, *output; /* in the folder, where they stay */
    char *place, *text, *made, *said;
} work;

/* The file of the library stands for its version; the options are those of the program, whose text is in the hash. */
static cutropy_status mark(const ct_nvrtc_job *job, const char *tool, work *w)
{
    struct stat info = {0};
    const size_t room = strlen(job->text) + sizeof w->library + 96;
    uint64_t hash = 0;
    (void)stat(w->library, &info);
    for (; *tool; tool++)
        hash = (hash ^ (unsigned char)*tool) * UINT64_C(0x100000001b3);
    w->marked = ct_alloc(room, 1);
    if (!w->marked)
        return ct_fail_memory("C text", room);
    snprintf(w->marked, room, "/* %s %lld %lld %" PRIx64 " %d */\n%s", w->library,
             (long long)info.st_size, (long long)info.st_mtime, hash, job->capability, job->text);
    return CUTROPY_OK;
}

static cutropy_status place(const ct_nvrtc_job *job, work *w)
{
    char base[32];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *p = w->marked; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    snprintf(base, sizeof base, "%016" PRIx64, ct_mix64(hash));
    w->source = ct_folder_join(job->folder->path, base, ".cu");
    w->output = ct_folder_join(job->folder->path, base, ".code");
    return w->source && w->output ? CUTROPY_OK : ct_fail_memory("path", 0);
}

static cutropy_status prepare(const ct_nvrtc_job *job, work *w)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_folder_work(job->folder, &w->place));
    w->text = ct_folder_join(w->place, "text", ".cu");
    w->made = ct_folder_join(w->place, "out", "");
    w->said = ct_folder_join(w->place, "said", "");
    if (!w->text || !w->made || !w->said)
        return ct_fail_memory("path", 0);
    CT_TRY(ct_folder_write(w->text, w->marked));
done:
    return status;
}

/* What the exit code of the program means. */
static cutropy_status judge(const ct_nvrtc_job *job, const work *w, int code)
{
    if (!code)
        return CUTROPY_OK;
    if (code == -1)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s: a signal ended NVRTC (%s)", job->name,
                       w->library);
    if (code == -2)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s: NVRTC did not end within %d seconds", job->name,
                       PATIENCE);
    char *said = ct_folder_read(w->said);
    if (!said)
        return ct_fail_memory("what NVRTC says", 0);
    const int line = (int)strcspn(said, "\n");
    cutropy_status status;
    if (strstr(said, "No space left on device"))
        status = ct_fail(CUTROPY_EIO, "%s: NVRTC failed: No space left on device", job->name);
    else if (code == WRONG)
        status = ct_message_of_nvrtc(job->name, said);
    else if (code == UNKNOWN)
        status = ct_fail(CUTROPY_EUNSUPPORTED, "NVRTC (%s) knows no device of capability %d.%d",
                         w->library, job->capability / 10, job->capability % 10);
    else if (code == KEEPS)
        status = ct_fail(CUTROPY_EUNSUPPORTED, "%s: %.*s", job->name, line, said);
    else
        status = ct_fail(CUTROPY_EUNSUPPORTED, "NVRTC cannot be used (%s): %.*s", w->library, line,
                         said);
    ct_free(said);
    return status;
}

static cutropy_status run(const ct_nvrtc_job *job, const char *program, work *w)
{
    cutropy_status status = CUTROPY_OK;
    char capability[16];
    int code = 0;
    CT_TRY(prepare(job, w));
    snprintf(capability, sizeof capability, "%d", job->capability);
    const char *const argv[] = {program, w->library, capability, w->text, w->made, NULL};
    CT_TRY(ct_tool_run(argv, w->said, PATIENCE, &code));
    CT_TRY(judge(job, w, code));
done:
    return status;
}

static void finish(work *w)
{
    ct_free(w->marked);
    ct_free(w->source);
    ct_free(w->output);
    ct_free(w->text);
    ct_free(w->made);
    ct_free(w->said);
    ct_folder_drop(w->place);
}

/* ---- what is kept ---- */

/* Behind the code in its file. The driver gets no length to check: what was cut off or changed on the disk must not reach it. */
typedef struct seal {
    uint64_t bytes, hash;
} seal;

static seal seal_of(const unsigned char *code, size_t bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ code[i]) * UINT64_C(0x100000001b3);
    return (seal){bytes, ct_mix64(hash)};
}

/* NULL: there is none, or not as it was made. Free with ct_free. */
static void *read_sealed(const char *path, size_t *bytes)
{
    size_t size;
    seal s;
    unsigned char *code = (unsigned char *)ct_folder_read_bytes(path, &size);
    if (code && size >= sizeof s) {
        const size_t length = size - sizeof s;
        const seal right = seal_of(code, length);
        memcpy(&s, code + length, sizeof s);
        if (s.bytes == right.bytes && s.hash == right.hash) {
            *bytes = length;
            return code;
        }
    }
    ct_free(code);
    return NULL;
}

static cutropy_status add_seal(const ct_nvrtc_job *job, const char *path)
{
    size_t size;
    unsigned char *code = (unsigned char *)ct_folder_read_bytes(path, &size);
    if (!code && ct_folder_owns(path))
        return ct_fail_memory("code of NVRTC", 0);
    if (!code)
        return ct_fail(CUTROPY_EIO, "%s: the code of NVRTC cannot be read", job->name);
    const seal s = seal_of(code, size);
    ct_free(code);
    FILE *file = fopen(path, "ab");
    const bool failed = !file || fwrite(&s, sizeof s, 1, file) != 1;
    if ((file && fclose(file)) || failed)
        return ct_fail(CUTROPY_EIO, "cannot write %s", path);
    return CUTROPY_OK;
}

static cutropy_status make(const ct_nvrtc_job *job, const char *tool, work *w)
{
    cutropy_status status = CUTROPY_OK;
    ct_program program = {0};
    status =
        ct_compile_tool(job->compiler, job->folder, "the program around NVRTC", tool, &program);
    if (status == CUTROPY_EINPUT) { /* no input of the user's: a compiler that is not up to it */
        char why[400];
        snprintf(why, sizeof why, "%s", cutropy_error());
        status = ct_fail(CUTROPY_EUNSUPPORTED, "%s", why);
    }
    CT_TRY(status);
    CT_TRY(run(job, program.path, w));
    CT_TRY(add_seal(job, w->made));
    CT_TRY(ct_folder_keep(w->made, w->text, w->output, w->source));
done:
    ct_program_free(&program);
    return status;
}

cutropy_status ct_nvrtc_compile(const ct_nvrtc_job *job, void **code, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    char *tool = NULL;
    work w = {.marked = NULL};
    *code = NULL;
    CT_TRY(ct_nvrtc_find(w.library, sizeof w.library));
    CT_TRY(ct_ctext_write_nvrtc(&tool));
    CT_TRY(mark(job, tool, &w));
    CT_TRY(place(job, &w));
    if (ct_folder_has(w.output, w.source, w.marked))
        *code = read_sealed(w.output, bytes);
    if (!*code) {
        CT_TRY(make(job, tool, &w));
        *code = read_sealed(w.output, bytes);
    }
    if (!*code && ct_folder_owns(w.output))
        CT_TRY(ct_fail_memory("code of NVRTC", 0));
    if (!*code)
        status = ct_fail(CUTROPY_EIO, "%s: the code of NVRTC cannot be read", job->name);
done:
    finish(&w);
    ct_free(tool);
    return status;
}
