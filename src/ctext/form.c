/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a text just far enough: comments, strings, preprocessor lines and braces aside, is a function label or
 * amplitude defined at the outermost level, and with which type, or the three of an automaton? The compiler checks the answer, since the
 * function is declared with this type in front of the text (an automaton's behind it). */
#include "ctext/form.h"

#include <stdio.h>
#include <string.h>

#include "ctext/scan.h"

#define MOST_WORDS 8 /* of a type */

/* The words since the last declaration ended. */
typedef struct before {
    const char *word[MOST_WORDS];
    size_t length[MOST_WORDS];
    int count; /* may be larger: then the last ones are kept */
} before;

typedef struct reader {
    const char *name, *p;
    before before;
    bool statements; /* ; or { at the outermost level, or a preprocessor line */
    bool any;        /* anything but blanks and comments */
    bool has_label, has_amplitude;
    bool has_start, has_step, has_accept;
    before type; /* of the function that was found */
    const char *narrow[CT_FORM_NARROW];
    int narrows;
} reader;

static const char *past_line(const char *p)
{
    while (*p && *p != '\n')
        p += p[0] == '\\' && p[1] ? 2 : 1;
    return p;
}

static const char *past_quoted(const char *p)
{
    const char quote = *p++;
    while (*p && *p != quote && *p != '\n')
        p += p[0] == '\\' && p[1] ? 2 : 1;
    return *p ? p + 1 : p;
}

/* Past blanks and comments. */
static const char *past_blanks(const char *p)
{
    return p + ct_blanks(p);
}

/* Past what stands between two brackets, p at the first one. */
static const char *past_brackets(const char *p)
{
    int depth = 0;
    do {
        p = past_blanks(p);
        if (*p == '"' || *p == '\'') {
            p = past_quoted(p);
            continue;
        }
        depth += *p == '(' || *p == '{' || *p == '[';
        depth -= *p == ')' || *p == '}' || *p == ']';
        p += *p != 0;
    } while (*p && depth > 0);
    return p;
}

static void note_word(reader *r, size_t length)
{
    before *b = &r->before;
    if (b->count == MOST_WORDS) {
        memmove(b->word, b->word + 1, sizeof b->word - sizeof *b->word);
        memmove(b->length, b->length + 1, sizeof b->length - sizeof *b->length);
        b->count--;
    }
    b->word[b->count] = r->p;
    b->length[b->count++] = length;
    r->p += length;
}

/* The types of label or amplitude, where it is defined or declared. */
static void note_narrow(reader *r)
{
    const before *b = &r->before;
    const char *word = b->word[b->count - 1];
    const size_t length = b->length[b->count - 1];
    if (!ct_word_is(word, length, "label") && !ct_word_is(word, length, "amplitude"))
        return;
    for (int i = 0; i + 1 < b->count && r->narrows < CT_FORM_NARROW; i++)
        if (ct_word_is(b->word[i], b->length[i], "int"))
            r->narrow[r->narrows++] = b->word[i];
}

/* At a '(' of the outermost level: is it the parameters of a definition? */
static void read_parameters(reader *r)
{
    const before *b = &r->before;
    const char *end = past_brackets(r->p), *next = past_blanks(end);
    if (b->count && (*next == '{' || *next == ';'))
        note_narrow(r);
    if (b->count && *next == '{') {
        const char *word = b->word[b->count - 1];
        const size_t length = b->length[b->count - 1];
        const bool label = ct_word_is(word, length, "label"),
                   amplitude = ct_word_is(word, length, "amplitude");
        r->has_start |= ct_word_is(word, length, "start");
        r->has_step |= ct_word_is(word, length, "step");
        r->has_accept |= ct_word_is(word, length, "accept");
        r->has_label |= label;
        r->has_amplitude |= amplitude;
        if (label || amplitude) {
            r->type = *b;
            r->type.count--;
        }
    }
    r->p = end;
}

static void read_all(reader *r)
{
    bool line_start = true;
    for (;;) {
        const char *from = r->p;
        r->p = past_blanks(r->p);
        line_start |= memchr(from, '\n', (size_t)(r->p - from)) != NULL;
        if (!*r->p)
            return;
        r->any = true;
        const char c = *r->p;
        if (c == '#' && line_start) {
            r->p = past_line(r->p);
            r->statements = true;
        } else if (ct_is_letter(c)) {
            note_word(r, ct_word_length(r->p));
        } else if (c == '"' || c == '\'') {
            r->p = past_quoted(r->p);
        } else if (c == '(') {
            read_parameters(r);
        } else if (c == '{' || c == ';') {
            r->p = c == '{' ? past_brackets(r->p) : r->p + 1;
            r->before.count = 0;
            r->statements = true;
        } else {
            r->p++;
        }
        line_start = false;
    }
}

static bool has(const before *type, const char *known)
{
    for (int i = 0; i < type->count; i++)
        if (ct_word_is(type->word[i], type->length[i], known))
            return true;
    return false;
}

/* The words of the type without those about linkage; false: they do not fit. */
static bool write_type(const before *type, char *out, size_t size)
{
    size_t used = 0;
    *out = 0;
    for (int i = 0; i < type->count; i++) {
        const char *word = type->word[i];
        const size_t length = type->length[i];
        if (ct_word_is(word, length, "static") || ct_word_is(word, length, "inline"))
            continue;
        if (used + length + 2 > size)
            return false;
        if (used)
            out[used++] = ' ';
        memcpy(out + used, word, length);
        used += length;
        out[used] = 0;
    }
    return true;
}

static bool is_one_of(const char *type, const char *const *known)
{
    for (; *known; known++)
        if (!strcmp(type, *known))
            return true;
    return false;
}

static cutropy_status find_kind(const reader *r, ct_ctext_form *out)
{
    static const char *const integers[] = {"int", "long", "long long", "int64_t", NULL};
    static const char *const complexes[] = {"double complex", "complex double", "double _Complex",
                                            "_Complex double", NULL};
    const bool written = write_type(&r->type, out->type, sizeof out->type);
    out->sliced = r->has_label && written && !strcmp(out->type, "word");
    memcpy(out->narrow, r->narrow, sizeof out->narrow);
    out->narrows = r->narrows;
    if (r->has_label) {
        out->kind = CT_CTEXT_LABEL;
        if (out->sliced || (written && !strcmp(out->type, "int")))
            return CUTROPY_OK;
        return ct_fail(CUTROPY_EINPUT, "%s: " CT_FORM_LABEL, r->name);
    }
    out->kind = is_one_of(out->type, complexes) ? CT_CTEXT_COMPLEX
                : has(&r->type, "double")       ? CT_CTEXT_REAL
                                                : CT_CTEXT_INTEGER;
    if (out->kind == CT_CTEXT_COMPLEX)
        snprintf(out->type, sizeof out->type, "double _Complex");
    else if (!written || (strcmp(out->type, "double") != 0 && !is_one_of(out->type, integers)))
        return ct_fail(CUTROPY_EINPUT, "%s: " CT_FORM_AMPLITUDE, r->name);
    return CUTROPY_OK;
}

cutropy_status ct_ctext_form_of(const char *name, const char *text, ct_ctext_form *out)
{
    reader r = {.name = name, .p = text};
    *out = (ct_ctext_form){.type = "int"};
    read_all(&r);
    if (!r.any)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no text", name);
    if (r.has_label && r.has_amplitude)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: both label and amplitude are defined: a function of images is one of them", name);
    if (r.has_label || r.has_amplitude)
        return find_kind(&r, out);
    if (r.has_start || r.has_step || r.has_accept) {
        out->automaton = true;
        return r.has_start && r.has_step && r.has_accept
                   ? CUTROPY_OK
                   : ct_fail(CUTROPY_EINPUT,
                             "%s: %s is missing: an automaton is " CT_FORM_AUTOMATON, name,
                             !r.has_start  ? "start"
                             : !r.has_step ? "step"
                                           : "accept");
    }
    if (r.statements)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: defines nothing, and is no expression, which has no ; in it: write int label(uint64_t image) { ... }, double "
            "amplitude(uint64_t image) { ... }, or an automaton: " CT_FORM_AUTOMATON,
            name);
    out->expression = true;
    return CUTROPY_OK;
}
