/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/message.h"

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

/* "NAME:LINE:COLUMN: error: TEXT [-Werror=..]" -> "NAME:LINE: TEXT"; places outside of the user's text, where
 * the loops or the vocabulary noticed something, are left out. */
static cutropy_status say(const char *name, const char *line, size_t length, const char *error)
{
    const size_t named = strlen(name);
    const piece p = words_of(line, length, error);
    if (length > named && !memcmp(line, name, named) && line[named] == ':')
        return ct_fail(CUTROPY_EINPUT, "%s:%ld: %.*s", name, strtol(line + named + 1, NULL, 10),
                       (int)p.length, p.text);
    return ct_fail(CUTROPY_EINPUT, "%s: %.*s", name, (int)p.length, p.text);
}

cutropy_status ct_message_of_compiler(const char *name, const char *said)
{
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
