/* SPDX-License-Identifier: Apache-2.0 */
/* Options given twice, for every command: a dry run over a copy of the arguments, with all options
 * of the parser and its children in one flat list, so that abbreviations are read as they will be.
 */
#include "cli/repeats.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

typedef struct repeats {
    struct argp_option *options;
    bool *seen; /* one an option */
    size_t count;
    const struct argp_option *twice; /* NULL: none so far */
} repeats;

static bool is_last(const struct argp_option *option)
{
    return !option->name && !option->key && !option->doc && !option->group;
}

/* Copies the options with a name to `out` (NULL: only counts them). */
static size_t flatten(const struct argp *argp, struct argp_option *out)
{
    size_t count = 0;
    for (const struct argp_option *o = argp->options; o && !is_last(o); o++) {
        if (!o->name)
            continue; /* a header of the help page */
        if (out)
            out[count] = *o;
        count++;
    }
    for (const struct argp_child *c = argp->children; c && c->argp; c++)
        count += flatten(c->argp, out ? out + count : NULL);
    return count;
}

static error_t record(int key, char *argument, struct argp_state *state)
{
    repeats *r = state->input;
    if (key == ARGP_KEY_ARG)
        return 0;
    for (size_t i = 0; argument && i < r->count; i++) {
        if (r->options[i].key != key)
            continue;
        if (r->seen[i] && !r->twice)
            r->twice = &r->options[i];
        r->seen[i] = true;
        return 0;
    }
    return 0;
}

cutropy_status ct_cli_check_repeats(const struct argp *argp, int argc, char **argv)
{
    cutropy_status status = CUTROPY_OK;
    repeats r = {.count = flatten(argp, NULL)};
    char **copy = NULL; /* the parser changes the order */
    CT_NEW_ZERO(r.options, r.count + 1);
    CT_NEW_ZERO(r.seen, r.count + 1);
    CT_NEW_ZERO(copy, (size_t)argc + 1);
    flatten(argp, r.options);
    memcpy(copy, argv, (size_t)argc * sizeof *argv);
    const struct argp dry = {.options = r.options, .parser = record};
    argp_parse(&dry, argc, copy, ARGP_SILENT, NULL, &r);
    if (r.twice) {
        bool is_list = !strcmp(r.twice->arg, "LIST");
        fprintf(stderr, "%s: --%s is given twice%s\n", argv[0], r.twice->name,
                is_list ? "; join lists with commas" : "");
        status = CUTROPY_EINPUT;
    }
done:
    if (status == CUTROPY_EMEMORY)
        fprintf(stderr, "%s: %s\n", argv[0], cutropy_error());
    ct_free(r.options);
    ct_free(r.seen);
    ct_free(copy);
    return status;
}
