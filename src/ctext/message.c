/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first place of `word` in the line. */
static const char *find(const char *line, size_t length, const char *word)
{
    const size_t size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        if (!memcmp(line + i, word, size))
            return line + i;
    return NULL;
}

typedef struct piece {
    const char *text;
    size_t length;
} piece;

static void drop_front(piece *p, const char *front)
{
    const size_t length = strlen(front);
    if (p->length >= length && !memcmp(p->text, front, length)) {
        p->text += length;
        p->length -= length;
    }
}

/* The words behind "error:", without what only compilers need. */
static piece words_of(const char *line, size_t length, const char *error)
{
    piece p = {.text = error + strcspn(error, " ") + 1};
    p.length = (size_t)(line + length - p.text);
    const char *flag = find(p.text, p.length, " [-W");
    if (flag)
        p.length = (size_t)(flag - p.text);
    drop_front(&p, "#error ");
    drop_front(&p, "static assertion failed: "); /* gcc */
    drop_front(&p, "static_assert failed ");     /* clang */
    drop_front(&p, "static assertion failed due to requirement ");
    if (p.length > 1 && p.text[0] == '"' && p.text[p.length - 1] == '"') {
        p.text++;
        p.length -= 2;
    }
    return p;
}

/* The line of the user's text that "NAME:LINE:" begins; 0: it is another file's. */
static long line_of(const char *name, const char *line)
{
    const size_t named = strlen(name);
    return !strncmp(line, name, named) && line[named] == ':' ? strtol(line + named + 1, NULL, 10)
                                                             : 0;
}

/* Where the macro stands that an error outside of the user's text comes from; 0: not there. */
static long line_of_notes(const char *name, const char *line)
{
    for (line += strcspn(line, "\n"); *line; line += strcspn(line, "\n")) {
        line++;
        const size_t length = strcspn(line, "\n");
        if (find(line, length, "error: "))
            return 0;
        const long number = line_of(name, line);
        if (number)
            return number;
    }
    return 0;
}

/* gcc's own words for this help nobody. */
static const char inlined[] = "label and amplitude become part of a loop, so they cannot call "
                              "themselves: let a function of another name do it";

/* "NAME:LINE:COLUMN: error: TEXT [-Werror=..]" -> "NAME:LINE: TEXT"; places outside of the user's text, where
 * the loops or the vocabulary noticed something, are left out. */
static cutropy_status say(const char *name, const char *line, size_t length, const char *error)
{
    piece p = words_of(line, length, error);
    if (find(line, length, "inlining failed"))
        p = (piece){inlined, sizeof inlined - 1};
    long number = line_of(name, line);
    if (!number)
        number = line_of_notes(name, line);
    if (number)
        return ct_fail(CUTROPY_EINPUT, "%s:%ld: %.*s", name, number, (int)p.length, p.text);
    return ct_fail(CUTROPY_EINPUT, "%s: %.*s", name, (int)p.length, p.text);
}

/* "definition K=2:4:9: warning: macro ..": the text neither expands K nor asks whether it is there, or defines it
 * itself before it does. */
static cutropy_status say_unused(const char *name, const char *line)
{
    const char *text = line + strlen(CT_DEFINITION);
    const int whole = (int)strcspn(text, ":\n"), word = (int)strcspn(text, "=");
    return ct_fail(
        CUTROPY_EINPUT,
        "%s: the definition %.*s has no effect: the text never reads %.*s, or defines it "
        "itself (then write #ifndef %.*s around that)",
        name, whole, text, word, text, word, text);
}

/* gcc has no flag for integers that are too large: it goes on with the lower bits. */
cutropy_status ct_message_of_success(const char *name, const char *said)
{
    for (const char *line = said; *line;) {
        const size_t length = strcspn(line, "\n");
        const char *mark = find(line, length, "warning: integer constant is too large");
        if (mark)
            return say(name, line, length, mark);
        if (!strncmp(line, CT_DEFINITION, strlen(CT_DEFINITION)) &&
            find(line, length, "-Wunused-macros"))
            return say_unused(name, line);
        line += length + (line[length] == '\n');
    }
    return CUTROPY_OK;
}

/* Is it the system that failed the compiler? */
static const char *system_fault(const char *said)
{
    static const char *const marks[] = {"No space left on device", "signal terminated program",
                                        "Disk quota exceeded"};
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
        if (strstr(said, marks[m]))
            return marks[m];
    return NULL;
}

cutropy_status ct_message_of_compiler(const char *name, const char *said)
{
    const char *fault = system_fault(said);
    if (fault)
        return ct_fail(CUTROPY_EIO, "%s: the compiler failed: %s", name, fault);
    static const char *const marks[] = {"undefined reference", "multiple definition", "error: "};
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
        for (const char *line = said; *line;) {
            const size_t length = strcspn(line, "\n");
            const char *mark = find(line, length, marks[m]);
            if (mark && m == 2)
                return say(name, line, length, mark);
            if (mark)
                return ct_fail(CUTROPY_EINPUT, "%s: %.*s", name, (int)(line + length - mark), mark);
            line += length + (line[length] == '\n');
        }
    return ct_fail(CUTROPY_EINPUT, "%s: the compiler failed: %.*s", name, (int)strcspn(said, "\n"),
                   said);
}

static const char *words_known(const ct_ctext_form *form)
{
    return form->automaton ? "N, LX, LY, and in step s, k and bit"
           : form->sliced
               ? "image, N, LX, LY, ALL, NONE, pixel(x, y), pix(i), each_pixel(x, y), COUNTER(c), add(&c, w), "
                 "exactly(&c, k), at_least(&c, k), odd(&c)"
               : "image, N, LX, LY, lit, pixel(x, y), pix(i), neighbours(x, y), neighbours_of(i), row(y), "
                 "each_pixel(x, y)";
}

/* Is it about the type of what the text has to define? */
static bool is_unlike(const char *said)
{
    static const char *const names[] = {"label", "amplitude", "start", "step", "accept"};
    char words[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(words, sizeof words, "conflicting types for '%s'", names[i]);
        if (strstr(said, words))
            return true;
    }
    return false;
}

cutropy_status ct_message_teach(const ct_ctext_form *form, cutropy_status status)
{
    const char *said = cutropy_error(), *unlike = strstr(said, "conflicting types for");
    if (status != CUTROPY_EINPUT)
        return status;
    if (strstr(said, "'image' undeclared") || strstr(said, "undeclared identifier 'image'"))
        return ct_fail(status, "%s: a function that reads pixels takes them: int f(uint64_t image)",
                       said);
    if (strstr(said, "implicit declaration") || strstr(said, "undeclared function"))
        return ct_fail(
            status,
            "%s (known: %s; those of C need a FILE.c with #include <math.h>, where double amplitude(uint64_t image) gives numbers)",
            said, words_known(form));
    if (strstr(said, "undeclared"))
        return ct_fail(status, "%s (known: %s, and what definitions NAME=VALUE name)", said,
                       words_known(form));
    if (is_unlike(said))
        return ct_fail(status, "%.*s%s", (int)(unlike - said), said,
                       form->automaton                ? "an automaton is " CT_FORM_AUTOMATON
                       : form->kind == CT_CTEXT_LABEL ? CT_FORM_LABEL
                                                      : CT_FORM_AMPLITUDE);
    return status;
}

/* "NAME(LINE): error: TEXT" -> "NAME:LINE: TEXT"; of the first error that is in the user's text, if there is one. */
static cutropy_status message_of_nvrtc(const char *name, const char *said)
{
    const size_t named = strlen(name);
    piece other = {said, strcspn(said, "\n")};
    for (const char *line = said; *line;) {
        const size_t length = strcspn(line, "\n");
        const char *error = find(line, length, "): error: ");
        if (!error)
            error = find(line, length, "): catastrophic error: ");
        if (error) {
            const char *words = error + strcspn(error, ":") + 2; /* past "): " */
            words += strcspn(words, ":") + 2;
            const piece p = {words, (size_t)(line + length - words)};
            if (!strncmp(line, name, named) && line[named] == '(')
                return ct_fail(CUTROPY_EUNSUPPORTED, "%s:%ld: %.*s", name,
                               strtol(line + named + 1, NULL, 10), (int)p.length, p.text);
            if (other.text == said)
                other = p;
        }
        line += length + (line[length] == '\n');
    }
    return ct_fail(CUTROPY_EUNSUPPORTED, "%s: %.*s", name, (int)other.length, other.text);
}

cutropy_status ct_message_of_nvrtc(const char *name, const char *said)
{
    static const char mine[] = "ct_u_"; /* rewrite.h */
    char *plain = ct_alloc(strlen(said) + 1, 1);
    if (!plain)
        return ct_fail_memory("what NVRTC says", 0);
    size_t used = 0;
    for (const char *p = said; *p;)
        if (!strncmp(p, mine, sizeof mine - 1))
            p += sizeof mine - 1;
        else
            plain[used++] = *p++;
    plain[used] = 0;
    const cutropy_status status = message_of_nvrtc(name, plain);
    ct_free(plain);
    return status;
}
