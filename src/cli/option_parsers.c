/* SPDX-License-Identifier: Apache-2.0 */
/* How the value of an option is read. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "certify/decimal.h"
#include "cli/cli.h"
#include "cli/option_parts.h"
#include "cli/options.h"

static void *place_of(const ct_cli_option *o, ct_options *out)
{
    return (char *)out + o->place;
}

error_t ct_parse_text(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    (void)values, (void)state;
    *(const char **)place_of(o, out) = text;
    return 0;
}

error_t ct_parse_flag(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    (void)text, (void)values, (void)state;
    *(bool *)place_of(o, out) = true;
    return 0;
}

error_t ct_parse_count(const ct_cli_option *o, const char *text, const char *values,
                       ct_options *out, const struct argp_state *state)
{
    (void)values;
    if (ct_option_count(o->name, text, o->low, o->high, place_of(o, out)))
        return ct_cli_bad(state, "--%s", cutropy_error());
    return 0;
}

/* An option of a run: the library knows it. */
error_t ct_parse_run(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                     const struct argp_state *state)
{
    (void)values;
    if (cutropy_options_set(out->run, o->key, text ? text : o->flag))
        return ct_cli_bad(state, "--%s", cutropy_error());
    return 0;
}

/* The number of a word in "2|e"; -1: none of them. */
static int find_word(const char *words, const char *text)
{
    int index = 0;
    for (const char *p = words; *p; index++) {
        const size_t length = strcspn(p, "|");
        if (length && strlen(text) == length && !strncasecmp(p, text, length))
            return index;
        p += length + (p[length] == '|');
    }
    return -1;
}

error_t ct_parse_word(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    char list[80] = "";
    const int index = find_word(values, text);
    *(int *)place_of(o, out) = index;
    if (index >= 0)
        return 0;
    for (const char *p = values; *p; p += *p == '|') { /* "auto, frontier or enumerate" */
        const size_t length = strcspn(p, "|"), used = strlen(list);
        const char *between = !used ? "" : p[length] ? ", " : " or ";
        snprintf(list + used, sizeof list - used, "%s%.*s", between, (int)length, p);
        p += length;
    }
    return ct_cli_bad(state, "--%s %s: choose %s", o->name, text, list);
}

/* The help has no room for these words beside the name. */
error_t ct_parse_form(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    (void)values;
    return ct_parse_word(o, text, "classes|rank|orthogonal", out, state);
}

error_t ct_parse_method(const ct_cli_option *o, const char *text, const char *values,
                        ct_options *out, const struct argp_state *state)
{
    (void)values;
    return ct_parse_word(o, text, "numbers|rows|columns|spectral|rearranged", out, state);
}

error_t ct_parse_format(const ct_cli_option *o, const char *text, const char *values,
                        ct_options *out, const struct argp_state *state)
{
    cutropy_format format;
    (void)o, (void)values;
    if (!cutropy_format_named(text, &format))
        return ct_cli_bad(state, "--format %s: choose " CT_FORMAT_WORDS, text);
    out->format = (int)format;
    return 0;
}

error_t ct_parse_base(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    if (find_word(values, text) < 0)
        return ct_cli_bad(state, "--base %s: choose 2 (bits) or e (nats)", text);
    return ct_parse_word(o, text, values, out, state);
}

/* -: standard output. */
error_t ct_parse_output(const ct_cli_option *o, const char *text, const char *values,
                        ct_options *out, const struct argp_state *state)
{
    return ct_parse_text(o, strcmp(text, "-") ? text : NULL, values, out, state);
}

error_t ct_parse_real(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    char *rest;
    double *to = place_of(o, out);
    (void)values;
    errno = 0;
    *to = strtod(text, &rest);
    if (rest == text || *rest || errno || !isfinite(*to) || *to < 0)
        return ct_cli_bad(state, "--%s %s: give a number that is not negative", o->name, text);
    return 0;
}

error_t ct_parse_large(const ct_cli_option *o, const char *text, const char *values,
                       ct_options *out, const struct argp_state *state)
{
    char *end;
    (void)values;
    errno = 0;
    *(uint64_t *)place_of(o, out) = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return ct_cli_bad(state, "--%s %s: give a number from 0 to 2^64 - 1", o->name, text);
    return 0;
}

error_t ct_parse_tolerance(const ct_cli_option *o, const char *text, const char *values,
                           ct_options *out, const struct argp_state *state)
{
    if (!ct_number_is_valid(text) || *text == '-')
        return ct_cli_bad(state, "--tolerance %s: give a number such as 1e-12", text);
    return ct_parse_text(o, text, values, out, state);
}

error_t ct_parse_definition(const ct_cli_option *o, const char *text, const char *values,
                            ct_options *out, const struct argp_state *state)
{
    (void)o, (void)values;
    if (out->define_count == CT_MOST_DEFINITIONS)
        return ct_cli_bad(state, "--define: at most %d definitions", CT_MOST_DEFINITIONS);
    out->define[out->define_count++] = text;
    return 0;
}

/* Each stands once: check_repeats. */
error_t ct_parse_axis(const ct_cli_option *o, const char *text, const char *values, ct_options *out,
                      const struct argp_state *state)
{
    (void)values, (void)state;
    out->axes[out->axis_count++] = (cutropy_axis){o->name, text};
    return 0;
}

error_t ct_refuse_ground_truth(const ct_cli_option *o, const char *text, const char *values,
                               ct_options *out, const struct argp_state *state)
{
    (void)o, (void)text, (void)values, (void)out;
    return ct_cli_bad(state, "--ground-truth is a command of its own: cutropy ground-truth DIR "
                             "[MANIFEST]");
}
