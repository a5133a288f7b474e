/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctext/message.h"
#include "ctext/plain_text.h"
#include "ctext/rewrite.h"
#include "ctext/shared.h"

/* Embedded files. */
extern const unsigned char ct_ctext_vocabulary[], ct_ctext_loops[], ct_ctext_shared[],
    ct_ctext_driver[], ct_ctext_checked[], ct_ctext_kernel[], ct_ctext_nvrtc_program[];
extern const size_t ct_ctext_vocabulary_size, ct_ctext_loops_size, ct_ctext_shared_size,
    ct_ctext_driver_size, ct_ctext_checked_size, ct_ctext_kernel_size, ct_ctext_nvrtc_program_size;

static void put(FILE *out, const unsigned char *bytes, size_t size)
{
    (void)fwrite(bytes, 1, size, out); /* shows when the stream is closed */
}

/* The file and the line that the text after this belongs to. */
static void put_line(FILE *out, int line, const char *name)
{
    fprintf(out, "\n#line %d \"", line);
    for (; *name; name++)
        fprintf(out, *name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
    fprintf(out, "\"\n");
}

static bool is_name(const char *text, size_t length)
{
    if (!length || (*text >= '0' && *text <= '9'))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
              (text[i] >= '0' && text[i] <= '9') || text[i] == '_'))
            return false;
    return true;
}

/* Of two definitions of one name the second would win without a word. */
static bool is_repeated(const char *const *define, size_t which, size_t length)
{
    for (size_t i = 0; i < which; i++)
        if (!strncmp(define[i], define[which], length + 1))
            return true;
    return false;
}

static cutropy_status put_definitions(FILE *out, const char *const *define)
{
    for (size_t i = 0; define && define[i]; i++) {
        const char *text = define[i];
        char name[CT_DEFINITION_SIZE]; /* what a compiler says of it begins with this (message.c) */
        const size_t length = strcspn(text, "=");
        if (!is_name(text, length) || !text[length] || !text[length + 1] || strpbrk(text, "\r\n\\"))
            return ct_fail(CUTROPY_EINPUT,
                           "definition '%.60s': write NAME=VALUE, a name of letters, digits and _",
                           text);
        if (is_repeated(define, i, length))
            return ct_fail(CUTROPY_EINPUT, "%.*s is defined twice", (int)length, text);
        snprintf(name, sizeof name, CT_DEFINITION "%.60s", text);
        put_line(out, 1, name);
        fprintf(
            out,
            "#ifdef %.*s\n#error \"%.*s belongs to the vocabulary: take another name\"\n#endif\n"
            "#define %.*s %s\n",
            (int)length, text, (int)length, text, (int)length, text, text + length + 1);
    }
    return CUTROPY_OK;
}

static void put_lattice(FILE *out, const ct_ctext_source *s, const ct_ctext_form *form, int step)
{
    fprintf(out,
            "#define N %d\n#define LX %d\n#define LY %d\n#define CT_N %d\n#define CT_LX %d\n"
            "#define CT_LY %d\n#define CT_WRAPS %d\n#define CT_ROWS %d\n#define CT_PLACES %d\n"
            "#define CT_SLICED %d\n#define CT_STEP %d\n#define CT_COMPLEX %d\n#define CT_KIND %d\n"
            "#define CT_AUTOMATON %d\n#define CT_STATE_MOST %d\n#define CT_NEAR {",
            s->pixels, s->lx, s->ly, s->pixels, s->lx, s->ly, s->wraps, s->rows, s->places,
            form->sliced, step, form->kind == CT_CTEXT_COMPLEX, (int)form->kind, form->automaton,
            CT_STATE_MOST);
    for (int i = 0; i < s->pixels && !form->automaton; i++)
        fprintf(out, "%s0x%" PRIx64, i ? "," : "", s->near[i]);
    fprintf(out, "}\n");
}

static int count_lines(const char *text)
{
    int lines = 1;
    for (; *text; text++)
        lines += *text == '\n' && text[1];
    return lines;
}

/* A label that is 1 where the expression is not 0. What is wrong with its end is said of its last line. */
static void put_expression(FILE *out, const ct_ctext_source *s)
{
    fprintf(out, "CT_FUNCTION int label(uint64_t image)\n{\n__auto_type ct_value = (");
    put_line(out, 1, s->name);
    fprintf(out, "%s", s->text);
    put_line(out, count_lines(s->text), s->name);
    fprintf(out, "); _Static_assert(_Generic(ct_value, float: 0, double: 0, long double: 0, "
                 "default: 1), \"the expression is a real number, not a label: compare it with "
                 "another, or write double amplitude(uint64_t image) { return ...; }\");\n"
                 "(void)image;\nreturn ct_value != 0;\n}\n");
}

/* A label is 1 for anything that is not 0, and amplitudes have 64 bits: int label(...) becomes int64_t, so that no
 * upper bits are lost. */
static void put_text(FILE *out, const ct_ctext_source *s, const ct_ctext_form *form)
{
    if (form->expression) {
        put_expression(out, s);
        return;
    }
    if (form->automaton) {
        put_line(out, 1, s->name);
        fprintf(out, "%s", s->text);
        return;
    }
    const bool wide = !strcmp(form->type, "int");
    const char *from = s->text;
    fprintf(out, "CT_FUNCTION %s %s(%s);", wide ? "int64_t" : form->type,
            form->kind == CT_CTEXT_LABEL ? "label" : "amplitude",
            form->sliced ? "const word *" : "uint64_t");
    put_line(out, 1, s->name);
    for (int i = 0; wide && i < form->narrows; i++) {
        fprintf(out, "%.*sint64_t", (int)(form->narrow[i] - from), from);
        from = form->narrow[i] + strlen("int");
    }
    fprintf(out, "%s", from);
}

/* FNV-1a, finished by a bijection: to tell texts apart, not to prove them equal. */
static uint64_t key_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return ct_mix64(hash);
}

/* Closes the stream and hands its text out in memory of our own. */
static cutropy_status take(FILE *stream, char **text, char **out)
{
    const bool failed = !stream || fclose(stream);
    if (!failed)
        *out = ct_strdup(*text);
    free(*text);
    return failed || !*out ? ct_fail_memory("C text", 0) : CUTROPY_OK;
}

cutropy_status ct_ctext_write(const ct_ctext_source *source, const ct_ctext_form *form, int step,
                              char **out, uint64_t *key)
{
    char *text = NULL;
    size_t size = 0;
    uint64_t hash;
    FILE *stream = open_memstream(&text, &size);
    cutropy_status defined = CUTROPY_OK;
    *out = NULL;
    if (stream) {
        put_lattice(stream, source, form, step);
        put_line(stream, 1, "vocabulary");
        put(stream, ct_ctext_vocabulary, ct_ctext_vocabulary_size);
        defined = put_definitions(stream, source->define);
        fprintf(stream, "\n");
        put_text(stream, source, form);
        hash = fflush(stream) ? 0 : key_of(text);
        if (key)
            *key = hash;
        fprintf(stream, "\n#define CT_KEY UINT64_C(0x%" PRIx64 ")", hash);
        put_line(stream, 1, "loops");
        put(stream, ct_ctext_loops, ct_ctext_loops_size);
    }
    const cutropy_status taken = take(stream, &text, out);
    if (defined && *out) {
        ct_free(*out);
        *out = NULL;
    }
    return taken ? taken : defined;
}

/* ---- for devices ---- */

/* Definitions, which ct_ctext_write has accepted, as macros are rewritten. */
static cutropy_status put_device_definitions(FILE *out, const char *const *define, bool sliced)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; define && define[i] && !status; i++) {
        const int length = (int)strcspn(define[i], "=");
        const size_t room = strlen(define[i]) + sizeof "#define \n";
        if (!ct_plain_number(define[i] + length + 1))
            return ct_fail(CUTROPY_EUNSUPPORTED, "a device takes no definitions but numbers");
        char *line = ct_alloc(room, 1);
        if (!line)
            return ct_fail_memory("definition", room);
        snprintf(line, room, "#define %.*s %s\n", length, define[i], define[i] + length + 1);
        put_line(out, 1, "definition");
        status = strstr(line, "/*") || strstr(line, "//")
                     ? ct_fail(CUTROPY_EUNSUPPORTED, "a device takes no comments in definitions")
                     : ct_rewrite("definition", line, define, sliced, out);
        ct_free(line);
    }
    return status;
}

/* The user's text with int64_t for the int of label and amplitude; free with ct_free. */
static char *widened(const char *text, const ct_ctext_form *form)
{
    const bool wide = !strcmp(form->type, "int");
    const char *from = text;
    size_t used = 0;
    char *out = ct_alloc(strlen(text) + CT_FORM_NARROW * strlen("int64_t") + 1, 1);
    for (int i = 0; out && wide && i < form->narrows; i++) {
        used += (size_t)sprintf(out + used, "%.*sint64_t", (int)(form->narrow[i] - from), from);
        from = form->narrow[i] + strlen("int");
    }
    if (out)
        strcpy(out + used, from);
    return out;
}

static cutropy_status put_device_text(FILE *out, const ct_ctext_source *s,
                                      const ct_ctext_form *form)
{
    cutropy_status status = ct_plain_text(s->name, s->text, form->sliced);
    if (status)
        return status;
    if (form->expression) {
        fprintf(out, "CT_FUNCTION ct_num<int> label(ct_num<unsigned long> image)\n{\n"
                     "auto ct_value = (");
        put_line(out, 1, s->name);
        status = ct_rewrite(s->name, s->text, s->define, false, out);
        put_line(out, count_lines(s->text), s->name);
        fprintf(out, "); (void)image;\nreturn ct_num<int>::of((bool)ct_value);\n}\n");
        return status;
    }
    char *text = widened(s->text, form);
    if (!text)
        return ct_fail_memory("C text", strlen(s->text));
    fprintf(out, "CT_FUNCTION ");
    status = ct_rewrite(s->name, strcmp(form->type, "int") != 0 ? form->type : "int64_t", NULL,
                        form->sliced, out);
    fprintf(out, " %s(%s);", form->kind == CT_CTEXT_LABEL ? "label" : "amplitude",
            form->sliced ? "const word *" : "ct_num<unsigned long>");
    put_line(out, 1, s->name);
    if (!status)
        status = ct_rewrite(s->name, text, s->define, form->sliced, out);
    ct_free(text);
    return status;
}

cutropy_status ct_ctext_write_kernel(const ct_ctext_source *source, const ct_ctext_form *form,
                                     char **out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    cutropy_status written = CUTROPY_OK;
    *out = NULL;
    if (stream) {
        put_lattice(stream, source, form, 64);
        fprintf(stream, "#define CT_CHAR_SIGNED %d\n", (char)-1 < 0);
        if (!form->sliced) {
            put_line(stream, 1, "checked");
            put(stream, ct_ctext_checked, ct_ctext_checked_size);
        }
        put_line(stream, 1, "vocabulary");
        put(stream, ct_ctext_vocabulary, ct_ctext_vocabulary_size);
        written = put_device_definitions(stream, source->define, form->sliced);
        fprintf(stream, "\n");
        if (!written)
            written = put_device_text(stream, source, form);
        put_line(stream, 1, "kernel");
        put(stream, ct_ctext_kernel, ct_ctext_kernel_size);
    }
    const cutropy_status taken = take(stream, &text, out);
    if (written && *out) {
        ct_free(*out);
        *out = NULL;
    }
    return taken ? taken : written;
}

cutropy_status ct_ctext_write_nvrtc(char **out)
{
    *out = ct_alloc(ct_ctext_nvrtc_program_size + 1, 1);
    if (!*out)
        return ct_fail_memory("program", ct_ctext_nvrtc_program_size);
    memcpy(*out, ct_ctext_nvrtc_program, ct_ctext_nvrtc_program_size);
    (*out)[ct_ctext_nvrtc_program_size] = 0;
    return CUTROPY_OK;
}

cutropy_status ct_ctext_write_driver(char **out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    *out = NULL;
    if (stream) {
        put(stream, ct_ctext_shared, ct_ctext_shared_size);
        put_line(stream, 1, "driver");
        put(stream, ct_ctext_driver, ct_ctext_driver_size);
    }
    return take(stream, &text, out);
}
