/* SPDX-License-Identifier: Apache-2.0 */
/* Problems whose function is C text: what they are called, their definitions and settings; ctext compiles and
 * runs them. */
#include "problem/c_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctext/ctext.h"
#include "input/bytes.h"
#include "problem/from_user.h"
#include "problem/frontier.h"
#include "problem/label.h"

#define SECONDS 10 /* that a step may take, unless seconds=N says more */
#define MOST_SECONDS 86400
#define MOST_DEFINITIONS 64
#define EXPRESSION "expression" /* its name in messages */

/* ---- evaluators ---- */

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    return ct_ctext_fill(problem->data, 64 * first_word, 64 * words, out);
}

static cutropy_status fill_values(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out)
{
    bool zero;
    const cutropy_status status = ct_ctext_fill(problem->data, first, count, out);
    if (status || problem->kind == CUTROPY_KIND_INTEGER)
        return status;
    return ct_user_reals_check(problem->text, out, first, count,
                               problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1, &zero);
}

static cutropy_status device_code(const cutropy_problem *problem, int capability, void **code,
                                  size_t *bytes)
{
    return ct_ctext_device_code(problem->data, capability, code, bytes);
}

static void device_refused(const cutropy_problem *problem, const char *why)
{
    ct_ctext_device_refused(problem->data, why);
}

/* ---- automata ---- */

static cutropy_status first_state(const ct_frontier *f, uint64_t *state)
{
    return ct_ctext_start(f->problem->data, state);
}

static cutropy_status step_states(const ct_frontier *f, int k, const uint64_t *states, size_t count,
                                  uint64_t *next, uint8_t *lives)
{
    return ct_ctext_step(f->problem->data, k, states, count, next, lives);
}

static cutropy_status accept_states(const ct_frontier *f, const uint64_t *states, size_t count,
                                    uint8_t *labels)
{
    return ct_ctext_accept(f->problem->data, states, count, labels);
}

/* It reads the pixels by their numbers. */
static bool read_states(bool by_columns, ct_frontier *f)
{
    static const ct_frontier_reader reader = {first_state, step_states, accept_states};
    f->bytes = ct_ctext_state_bytes(f->problem->data);
    f->reader = &reader;
    return !by_columns;
}

static void free_text(void *data)
{
    ct_ctext_free(data);
}

/* ---- definitions and settings ---- */

typedef struct settings {
    const char *define[MOST_DEFINITIONS + 1];
    size_t count;
    int seconds;
    bool pm1, encoded, timed;
} settings;

static bool begins(const char *text, const char *key)
{
    return !strncmp(text, key, strlen(key));
}

static cutropy_status read_setting(const char *name, const char *text, settings *out)
{
    char *end;
    if ((out->timed && begins(text, "seconds=")) || (out->encoded && begins(text, "encoding=")))
        return ct_fail(CUTROPY_EINPUT, "%s: %.*s is defined twice", name, (int)strcspn(text, "="),
                       text);
    if (begins(text, "seconds=")) {
        const long seconds = strtol(text + 8, &end, 10);
        if (end == text + 8 || *end || seconds < 1 || seconds > MOST_SECONDS)
            return ct_fail(CUTROPY_EINPUT, "%s: %.60s: give 1 to %d seconds", name, text,
                           MOST_SECONDS);
        out->seconds = (int)seconds;
        out->timed = true;
    } else if (begins(text, "encoding=")) {
        out->encoded = true;
        out->pm1 = !strcmp(text, "encoding=pm1");
        if (!out->pm1 && strcmp(text, "encoding=01") != 0)
            return ct_fail(CUTROPY_EINPUT, "%s: %.60s: choose 01 or pm1", name, text);
    } else {
        if (out->count == MOST_DEFINITIONS)
            return ct_fail(CUTROPY_EINPUT, "%s: more than %d definitions", name, MOST_DEFINITIONS);
        out->define[out->count++] = text;
    }
    return CUTROPY_OK;
}

static cutropy_status read_settings(const char *name, const char *const *define, settings *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (settings){.seconds = SECONDS};
    for (; define && *define && !status; define++)
        status = read_setting(name, *define, out);
    return status;
}

/* ---- the problem ---- */

static void find_neighbours(const cutropy_lattice *lattice, uint64_t *near)
{
    for (int b = 0; b < lattice->bonds; b++) {
        const int i = lattice->bond[b][0], j = lattice->bond[b][1];
        near[i] |= UINT64_C(1) << j;
        near[j] |= UINT64_C(1) << i;
    }
}

/* name: in messages; canonical: the text of the problem. */
static cutropy_status start(const char *name, const char *canonical, const char *text,
                            const char *const *define, const cutropy_lattice *lattice,
                            cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    ct_ctext *compiled = NULL;
    uint64_t near[CT_INDEX_PIXELS] = {0};
    settings s;
    const bool automaton = ct_ctext_is_automaton(text);
    *out = NULL;
    if (!automaton && lattice && lattice->pixels > CT_INDEX_PIXELS)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: %s has %d pixels; at most %d can be enumerated image by image: let it read pixel after pixel "
            "('cutropy new FILE.c --automaton' writes a start)",
            name, lattice->name, lattice->pixels, CT_INDEX_PIXELS);
    CT_TRY(automaton ? ct_user_problem_start_large(canonical, lattice, true, "C text", &problem)
                     : ct_user_problem_start(canonical, lattice, text != NULL, "C text", &problem));
    CT_TRY(read_settings(name, define, &s));
    if (!automaton)
        find_neighbours(lattice, near);
    const ct_ctext_source source = {.name = name,
                                    .text = text,
                                    .define = s.define,
                                    .pixels = lattice->pixels,
                                    .lx = lattice->lx,
                                    .ly = lattice->ly,
                                    .wraps = lattice->periodic != 0,
                                    .rows = lattice->kind != CUTROPY_LATTICE_CHAIN,
                                    .places = lattice->kind != CUTROPY_LATTICE_LINKS,
                                    .near = near,
                                    .seconds = s.seconds};
    CT_TRY(ct_ctext_open(&source, &compiled));
    problem->data = compiled;
    problem->free_data = free_text;
    problem->kind = (cutropy_kind)ct_ctext_kind_of(compiled);
    problem->pm1 = s.pm1;
    problem->device_code = device_code;
    problem->device_refused = device_refused;
    if (s.encoded && problem->kind != CUTROPY_KIND_LABEL)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: encoding is for labels, and this is an amplitude", name));
    if (automaton)
        problem->automaton = read_states;
    if (s.pm1) /* automata have labels 0 and 1 */
        CT_TRY(ct_label_index(problem, name));
    if (problem->kind == CUTROPY_KIND_LABEL) {
        problem->fill_labels = fill_labels;
        problem->piece = CT_CTEXT_PIECE / 64;
    } else {
        problem->fill_values = fill_values;
    }
done:
    return ct_user_problem_finish(status, problem, out);
}

/* NAME:DEFINITION,DEFINITION; NULL: no memory. */
static char *canonical_of(const char *name, const char *const *define)
{
    size_t room = strlen(name) + 1, used;
    for (size_t i = 0; define && define[i]; i++)
        room += strlen(define[i]) + 1;
    char *text = ct_alloc(room, 1);
    if (!text)
        return NULL;
    used = (size_t)snprintf(text, room, "%s", name);
    for (size_t i = 0; define && define[i]; i++)
        used += (size_t)snprintf(text + used, room - used, "%c%s", i ? ',' : ':', define[i]);
    return text;
}

cutropy_status cutropy_problem_from_text(const char *name, const char *text,
                                         const char *const *define, const cutropy_lattice *lattice,
                                         cutropy_problem **out)
{
    *out = NULL;
    if (!name || !*name)
        return ct_fail(CUTROPY_EINPUT, "a C text needs a name of one line");
    char *canonical = canonical_of(name, define);
    if (!canonical)
        return ct_fail_memory("problem name", strlen(name));
    const cutropy_status status = start(name, canonical, text, define, lattice, out);
    ct_free(canonical);
    return status;
}

/* ---- from a line of text ---- */

/* Of "my.c" or "my.c:J=2" the length of "my.c"; 0: no such file name. */
static size_t file_length(const char *text)
{
    const size_t length = strcspn(text, ":");
    return length > 2 && !memcmp(text + length - 2, ".c", 2) ? length : 0;
}

bool ct_c_text_is(const char *text)
{
    return begins(text, "c:") || file_length(text) > 0;
}

void ct_c_text_no_device(const cutropy_problem *problem, char *why, size_t size)
{
    *why = 0;
    if (problem->free_data == free_text)
        ct_ctext_no_device(problem->data, why, size);
}

static bool is_name_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The length of "J=2,K=3:" in front of an expression; 0: it has no definitions. A value is a number or a
 * name, so that a comparison a==b?c:d is none. */
static size_t prefix_length(const char *text)
{
    size_t used = 0;
    for (;;) {
        const size_t start = used;
        while (is_name_letter(text[used]))
            used++;
        if (used == start || text[used] != '=')
            return 0;
        const size_t value = ++used;
        while (is_name_letter(text[used]) || text[used] == '.' || text[used] == '-' ||
               text[used] == '+')
            used++;
        if (used == value || (text[used] != ',' && text[used] != ':'))
            return 0;
        if (text[used++] == ':')
            return used;
    }
}

/* Cuts "J=2,K=3" at its commas. */
static cutropy_status split(const char *name, char *text, const char **define)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        if (count == MOST_DEFINITIONS)
            return ct_fail(CUTROPY_EINPUT, "%s: more than %d definitions", name, MOST_DEFINITIONS);
        define[count++] = word;
    }
    define[count] = NULL;
    return CUTROPY_OK;
}

/* The file as a text; one with zero bytes is none. */
static cutropy_status read_text(const char *path, char **out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size = 0;
    CT_TRY(ct_read_file(path, &bytes, &size));
    if (size > CT_CTEXT_LONGEST)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: longer than 1 MiB, which no function of images is", path));
    if (memchr(bytes, 0, size))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: this is no C text: it has a zero byte", path));
    CT_NEW(*out, size + 1);
    memcpy(*out, bytes, size);
    (*out)[size] = 0;
done:
    ct_free(bytes);
    return status;
}

static cutropy_status parse_file(const char *text, char *copy, const cutropy_lattice *lattice,
                                 cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    const char *define[MOST_DEFINITIONS + 1];
    const size_t length = file_length(text);
    char *content = NULL, *path = copy;
    copy[length] = 0;
    CT_TRY(split(path, copy + length + (text[length] == ':'), define));
    CT_TRY(read_text(path, &content));
    CT_TRY(start(path, text, content, define, lattice, out));
    (*out)->reads = ct_strdup(path);
    if (!(*out)->reads) {
        cutropy_problem_free(*out);
        *out = NULL;
        CT_TRY(ct_fail_memory("path", length));
    }
done:
    ct_free(content);
    return status;
}

static cutropy_status parse_expression(const char *text, char *copy, const cutropy_lattice *lattice,
                                       cutropy_problem **out)
{
    const char *define[MOST_DEFINITIONS + 1] = {NULL};
    const size_t front = strlen("c:"), prefix = prefix_length(text + front);
    if (prefix) {
        copy[front + prefix - 1] = 0;
        const cutropy_status status = split(EXPRESSION, copy + front, define);
        if (status)
            return status;
    }
    return start(EXPRESSION, text, text + front + prefix, define, lattice, out);
}

cutropy_status ct_c_text_parse(const char *text, const cutropy_lattice *lattice,
                               cutropy_problem **out)
{
    *out = NULL;
    if (!lattice)
        return ct_fail(CUTROPY_EINPUT,
                       "%.80s: a function of your own needs a lattice, e.g. --lattice 4x4", text);
    char *copy = ct_strdup(text);
    if (!copy)
        return ct_fail_memory("problem", strlen(text));
    const cutropy_status status = begins(text, "c:") ? parse_expression(text, copy, lattice, out)
                                                     : parse_file(text, copy, lattice, out);
    ct_free(copy);
    return status;
}
