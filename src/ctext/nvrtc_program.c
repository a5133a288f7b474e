/* SPDX-License-Identifier: Apache-2.0 */
/* A program of its own around NVRTC, compiled by the system's compiler when it is needed, so that neither its size nor
 * its crashes are ours, and time and memory can be limited:
 *
 *   program LIBRARY CAPABILITY SOURCE OUTPUT
 *
 * compiles SOURCE, which includes nothing, for devices of this capability (10 * major + minor): machine code, or PTX
 * where NVRTC does not know the device but an older one of the same instructions. What NVRTC says goes to the
 * standard output. Exit code: 0; 1 the text is wrong; 2 NVRTC cannot be used; 3 no device like that; 4 the kernel
 * writes somewhere else than into its result, calls functions, or has too many variables. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LOCAL 16384 /* bytes of variables */

enum { WRONG = 1, UNUSABLE, UNKNOWN, KEEPS };

typedef int (*nvrtc_call)();

static void *library;

static void end(int code, const char *what)
{
    printf("%s\n", what);
    exit(code);
}

static nvrtc_call find(const char *name)
{
    nvrtc_call call;
    *(void **)&call = dlsym(library, name);
    if (!call)
        end(UNUSABLE, dlerror());
    return call;
}

static void must(int result, const char *name)
{
    if (result) {
        printf("%s failed with %d\n", name, result);
        exit(UNUSABLE);
    }
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && !fseek(file, 0, SEEK_END))
        size = ftell(file);
    char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
    if (!text || fseek(file, 0, SEEK_SET) || fread(text, 1, (size_t)size, file) != (size_t)size)
        end(UNUSABLE, "the text cannot be read");
    fclose(file);
    text[size] = 0;
    return text;
}

static void write_all(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
        end(UNUSABLE, "No space left on device");
}

/* What two calls of NVRTC, one for the size, hand out. */
static char *take(void *program, const char *size_name, const char *name, size_t *size)
{
    must(((int (*)(void *, size_t *))find(size_name))(program, size), size_name);
    char *bytes = malloc(*size + 1);
    if (!bytes)
        end(UNUSABLE, "out of memory");
    must(((int (*)(void *, char *))find(name))(program, bytes), name);
    bytes[*size] = 0;
    return bytes;
}

/* "-arch=sm_90" where NVRTC knows the device, else "-arch=compute_NN" of the newest one before it. */
static void choose(int capability, char *option, size_t size)
{
    int count = 0, best = 0, known[256];
    must(((int (*)(int *))find("nvrtcGetNumSupportedArchs"))(&count), "nvrtcGetNumSupportedArchs");
    if (count < 1 || count > 256)
        end(UNUSABLE, "nvrtcGetNumSupportedArchs: an impossible number");
    must(((int (*)(int *))find("nvrtcGetSupportedArchs"))(known), "nvrtcGetSupportedArchs");
    for (int i = 0; i < count; i++)
        if (known[i] <= capability && known[i] > best)
            best = known[i];
    if (!best)
        end(UNKNOWN, "NVRTC is newer than the device");
    snprintf(option, size, "-arch=%s_%d", best == capability ? "sm" : "compute", best);
}

/* Stores into global memory (or into what may be global memory) other than those of kernel.h and checked.h: variables that
 * stay. */
static int keeps_something(const char *ptx)
{
    static const char *const marks[] = {"\tst.", " st.", "\tatom.", " atom.", "\tred.", " red."};
    static const char *const fine[] = {"st.local", "st.param", "st.relaxed.gpu.global.u"};
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
        for (const char *at = strstr(ptx, marks[m]); at; at = strstr(at + 1, marks[m])) {
            int known = 0;
            for (size_t f = 0; f < sizeof fine / sizeof *fine; f++)
                known |= !strncmp(at + 1, fine[f], strlen(fine[f]));
            if (!known)
                return 1;
        }
    return 0;
}

/* Bytes that a thread keeps in memory of its own: ".local .align 8 .b8 __local_depot0[240000];" */
static long largest_frame(const char *ptx)
{
    static const char mark[] = "__local_depot";
    long most = 0;
    for (const char *at = strstr(ptx, mark); at; at = strstr(at + 1, mark)) {
        const char *open = at + strspn(at + sizeof mark - 1, "0123456789") + sizeof mark - 1;
        const long bytes = *open == '[' ? strtol(open + 1, NULL, 10) : 0;
        if (bytes > most)
            most = bytes;
    }
    return most;
}

int main(int count, char **word)
{
    char architecture[32];
    void *program = NULL;
    size_t size;
    if (count != 5)
        return UNUSABLE;
    unsetenv("NVRTC_APPEND_FLAGS"); /* the options are ours, whatever the environment would add */
    unsetenv("NVRTC_PREPEND_FLAGS");
    library = dlopen(word[1], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        end(UNUSABLE, dlerror());
    choose(atoi(word[2]), architecture, sizeof architecture);
    const char *const options[] = {architecture, "-std=c++17", "-default-device", "--fmad=false",
                                   "-w"};
    must(((int (*)(void **, const char *, const char *, int, const char *const *,
                   const char *const *))find("nvrtcCreateProgram"))(&program, read_all(word[3]),
                                                                    "text.cu", 0, NULL, NULL),
         "nvrtcCreateProgram");
    const int failed = ((int (*)(void *, int, const char *const *))find("nvrtcCompileProgram"))(
        program, (int)(sizeof options / sizeof *options), options);
    fputs(take(program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog", &size), stdout);
    if (failed == 6) /* NVRTC_ERROR_COMPILATION */
        return WRONG;
    must(failed, "nvrtcCompileProgram");
    char *ptx = take(program, "nvrtcGetPTXSize", "nvrtcGetPTX", &size);
    if (keeps_something(ptx))
        end(KEEPS, "it keeps something from call to call (static variables)");
    if (strstr(ptx, "call.uni") || strstr(ptx, "\tcall "))
        end(KEEPS,
            "a function is called (by itself, by a pointer, or one that is not defined), and "
            "not put in its place: devices have no stack for that");
    if (largest_frame(ptx) > MOST_LOCAL)
        end(KEEPS, "its variables take more than 16 KiB, which is too much for each thread");
    if (strstr(architecture, "sm_"))
        ptx = take(program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN", &size);
    write_all(word[4], ptx, size);
    return 0;
}
