/* SPDX-License-Identifier: Apache-2.0 */
/* A fake NVRTC (libnvrtc.so.13): the C++ compiler of the host makes a shared object of the text, which the fake run time loads
 * as code (runtime.cpp). Its messages have NVRTC's form. In the environment: CT_FAKE_NVRTC=old knows no device as new as 9.0,
 * newer none as old, broken cannot compile, crash dies, keeps makes a kernel that stores elsewhere, lies one with wrong labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef struct program {
    char *text, *log, *code;
    size_t code_size;
} program;

static const char prelude[] =
    "#define __CUDACC_RTC__\n"
    "#define __device__\n"
    "#define __global__ __attribute__((visibility(\"default\")))\n"
    "#define __constant__ const\n"
    "#define __forceinline__ inline __attribute__((unused))\n"
    "#define __popcll __builtin_popcountll\n"
    "#define __trap __builtin_trap\n"
    "#define CT_NOTE() (ct_undefined = 1)\n"
    "static inline long long __mul64hi(long long a, long long b)\n"
    "{ return (long long)((__int128)a * b >> 64); }\n"
    "static inline long long __double_as_longlong(double x)\n"
    "{ long long y; __builtin_memcpy(&y, &x, 8); return y; }\n"

    "#define CT_STORE(place, value) (*(place) = (value) LIE)\n"
    "extern \"C\" __attribute__((visibility(\"default\"))) unsigned (*ct_emulated_index)(int);\n"
    "__attribute__((visibility(\"default\"))) unsigned (*ct_emulated_index)(int);\n"
    "struct ct_emulated { unsigned x; };\n"
    "#define threadIdx (ct_emulated{ct_emulated_index(0)})\n"
    "#define blockIdx (ct_emulated{ct_emulated_index(1)})\n"
    "#define blockDim (ct_emulated{ct_emulated_index(2)})\n"
    "#define gridDim (ct_emulated{ct_emulated_index(3)})\n";

static int is_set(const char *word)
{
    const char *text = getenv("CT_FAKE_NVRTC");
    return text && !strcmp(text, word);
}

static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 1 << 22);
    *size = file ? fread(bytes, 1, (1 << 22) - 1, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

/* "my.c:3:5: error: words" -> "my.c(3): error: words", among lines that are none. */
static char *in_its_form(char *said)
{
    char *out = calloc(2, strlen(said) + 2);
    for (char *line = strtok(said, "\n"); line; line = strtok(NULL, "\n")) {
        char *error = strstr(line, ": error: "), name[256];
        int number = 0;
        if (error && sscanf(line, "%255[^:]:%d", name, &number) == 2)
            sprintf(out + strlen(out), "%s(%d)%s\n", name, number, error);
        else
            sprintf(out + strlen(out), "%s\n", line);
    }
    return out;
}

EXPORT int nvrtcGetNumSupportedArchs(int *count);
EXPORT int nvrtcGetSupportedArchs(int *known);
EXPORT int nvrtcCreateProgram(program **out, const char *text, const char *name, int headers,
                              const char *const *contents, const char *const *names);
EXPORT int nvrtcCompileProgram(program *p, int count, const char *const *options);
EXPORT int nvrtcGetProgramLogSize(const program *p, size_t *size);
EXPORT int nvrtcGetProgramLog(const program *p, char *log);
EXPORT int nvrtcGetPTXSize(const program *p, size_t *size);
EXPORT int nvrtcGetPTX(const program *p, char *ptx);
EXPORT int nvrtcGetCUBINSize(const program *p, size_t *size);
EXPORT int nvrtcGetCUBIN(const program *p, char *code);

int nvrtcGetNumSupportedArchs(int *count)
{
    *count = 2;
    return 0;
}

int nvrtcGetSupportedArchs(int *known)
{
    known[0] = is_set("newer") ? 100 : 80;
    known[1] = is_set("newer") ? 120 : is_set("old") ? 86 : 90;
    return 0;
}

int nvrtcCreateProgram(program **out, const char *text, const char *name, int headers,
                       const char *const *contents, const char *const *names)
{
    (void)name;
    (void)headers;
    (void)contents;
    (void)names;
    *out = calloc(1, sizeof **out);
    (*out)->text = malloc(sizeof prelude + strlen(text) + 32);
    sprintf((*out)->text, "#define LIE %s\n%s%s", is_set("lies") ? "^ 4" : "", prelude, text);
    return 0;
}

int nvrtcCompileProgram(program *p, int count, const char *const *options)
{
    char folder[] = "/tmp/cutropy-nvrtc-XXXXXX", command[1024], path[64];
    size_t size;
    (void)count;
    (void)options;
    if (is_set("broken"))
        return 11;
    if (is_set("crash"))
        abort();
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/text.cpp", folder);
    FILE *file = fopen(path, "wb");
    fputs(p->text, file);
    fclose(file);
    snprintf(command, sizeof command,
             "cd %s && LC_ALL=C " CT_CXX " -std=c++17 -O1 -w -fPIC -shared -ffp-contract=off "
             "-fvisibility=hidden -o object text.cpp >said 2>&1",
             folder);
    const int failed = system(command) != 0;
    snprintf(path, sizeof path, "%s/said", folder);
    p->log = in_its_form(read_all(path, &size));
    snprintf(path, sizeof path, "%s/object", folder);
    p->code = read_all(path, &p->code_size);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) ? 1 : failed ? 6 : 0;
}

int nvrtcGetProgramLogSize(const program *p, size_t *size)
{
    *size = strlen(p->log ? p->log : "") + 1;
    return 0;
}

int nvrtcGetProgramLog(const program *p, char *log)
{
    strcpy(log, p->log ? p->log : "");
    return 0;
}

static const char *ptx_of(void)
{
    return is_set("keeps") ? "\tst.global.u32 [calls], %r1;\n" : "\tst.local.u32 [%r2], %r1;\n";
}

int nvrtcGetPTXSize(const program *p, size_t *size)
{
    (void)p;
    *size = strlen(ptx_of()) + 1;
    return 0;
}

int nvrtcGetPTX(const program *p, char *ptx)
{
    (void)p;
    strcpy(ptx, ptx_of());
    return 0;
}

int nvrtcGetCUBINSize(const program *p, size_t *size)
{
    *size = p->code_size;
    return 0;
}

int nvrtcGetCUBIN(const program *p, char *code)
{
    memcpy(code, p->code, p->code_size);
    return 0;
}
