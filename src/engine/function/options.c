/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a run by name: one table for the library and the program. */
#include "engine/function/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "base/locale.h"

const cutropy_options *ct_options_or_standard(const cutropy_options *options)
{
    static const cutropy_options standard = {.use_symmetry = 1};
    return options ? options : &standard;
}

cutropy_options ct_default_options(void)
{
    return *ct_options_or_standard(NULL);
}

cutropy_options ct_options_without_quantities(const cutropy_options *options)
{
    cutropy_options out = *ct_options_or_standard(options);
    out.quantities = NULL;
    out.quantity_count = 0;
    return out;
}

cutropy_status ct_option_count(const char *key, const char *text, long low, long high, int *out)
{
    char *end;
    errno = 0;
    const long value = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < low || value > high)
        return ct_fail(CUTROPY_EINPUT, "%s %s: give a number from %ld to %ld", key, text, low,
                       high);
    *out = (int)value;
    return CUTROPY_OK;
}

/* The parsers; without a value (NULL) the default is put back. */

static cutropy_status parse_switch(const char *key, const char *value, int *out)
{
    if (strcmp(value, "yes") && strcmp(value, "no"))
        return ct_fail(CUTROPY_EINPUT, "%s %s: choose yes or no", key, value);
    *out = *value == 'y';
    return CUTROPY_OK;
}

static cutropy_status parse_threads(cutropy_options *options, const char *key, const char *value)
{
    options->threads = value ? options->threads : 0;
    return value ? ct_option_count(key, value, 1, CUTROPY_MAX_THREADS, &options->threads)
                 : CUTROPY_OK;
}

static cutropy_status parse_digits(cutropy_options *options, const char *key, const char *value)
{
    options->digits = value ? options->digits : 0;
    return value ? ct_option_count(key, value, 1, CUTROPY_MAX_DIGITS, &options->digits)
                 : CUTROPY_OK;
}

static cutropy_status parse_symmetry(cutropy_options *options, const char *key, const char *value)
{
    return parse_switch(key, value ? value : "yes", &options->use_symmetry);
}

static cutropy_status parse_certify(cutropy_options *options, const char *key, const char *value)
{
    return parse_switch(key, value ? value : "no", &options->certify);
}

/* "8G", "1.5GiB", "500M", "1048576". */
static cutropy_status parse_memory(cutropy_options *options, const char *key, const char *value)
{
    static const char units[] = "kmgtp";
    const size_t digits = value ? strspn(value, "0123456789.") : 0;
    char *end = NULL;
    double bytes = digits ? ct_strtod(value, &end) : 0;
    options->memory_limit = value ? options->memory_limit : 0;
    if (!value)
        return CUTROPY_OK;
    const bool is_number = digits && end == value + digits; /* no exponent, no 0x */
    if (is_number && *end) {
        const char *unit = strchr(units, *end | 0x20);
        for (long i = unit ? unit - units : -1; i >= 0; i--)
            bytes *= 1024;
        end += unit ? 1 : 0;
        if (unit && !strcasecmp(end, "ib"))
            end += 2;
        else if (unit && !strcasecmp(end, "b"))
            end += 1;
    }
    if (!is_number || *end || !(bytes >= 1) || bytes >= 0x1p63)
        return ct_fail(CUTROPY_EINPUT, "%s %s: give a size such as 8G, 500M or a number of bytes",
                       key, value);
    options->memory_limit = (uint64_t)bytes;
    return CUTROPY_OK;
}

/* Which names there are is known when a run opens one (ct_choose_backend). */
static cutropy_status parse_backend(cutropy_options *options, const char *key, const char *value)
{
    (void)options;
    (void)key;
    (void)value;
    return CUTROPY_OK;
}

static cutropy_status parse_solver(cutropy_options *options, const char *key, const char *value)
{
    static const char *const names[] = {"auto", "enumerate", "frontier", "affine", "products"};
    for (int i = 0; i < 5; i++)
        if (!value || !strcmp(value, names[i])) {
            options->solver = (ct_solver_choice)i;
            return CUTROPY_OK;
        }
    return ct_fail(CUTROPY_EINPUT, "%s %s: choose auto, enumerate, frontier, affine or products",
                   key, value);
}

static cutropy_status parse_quantities(cutropy_options *options, const char *key, const char *value)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_quantity *list = NULL;
    size_t count = 0;
    (void)key;
    CT_TRY(cutropy_quantities_parse(value, &list, &count));
    cutropy_quantities_free(options->list);
    options->quantities = options->list = list;
    options->quantity_count = count;
done:
    return status;
}

static cutropy_status parse_bracket(cutropy_options *options, const char *key, const char *value)
{
    options->bracket = value ? options->bracket : 0;
    return value ? ct_option_count(key, value, 1, CT_MOST_BRACKET, &options->bracket) : CUTROPY_OK;
}

static cutropy_status parse_part(cutropy_options *options, const char *key, const char *value)
{
    if (value)
        return ct_part_parse(key, value, &options->part);
    options->part = (ct_part){0};
    return CUTROPY_OK;
}

/* One option: its name is its key for cutropy_options_set and its long option for the program. */
typedef struct option {
    const char *key;
    const char *standard; /* the value without it; "" where nothing is set */
    const char *help;     /* one sentence */
    /* value NULL: the default. CUTROPY_EINPUT: the message begins with the key; nothing changed. */
    cutropy_status (*parse)(cutropy_options *options, const char *key, const char *value);
} option;

enum { BACKEND = 2 };
static const option table[CT_OPTIONS] = {
    {"threads", "all", "default: all cores this process may use, OMP_NUM_THREADS at most",
     parse_threads},
    {"memory", "90%",
     "limit, e.g. 8G or 500M (powers of 1024); default: 90 % of the available memory",
     parse_memory},
    [BACKEND] = {"backend", "auto",
                 "auto (all CUDA devices, or the CPU where there are none), cpu, cuda, cuda:N or "
                 "cuda:all; default: auto",
                 parse_backend},
    {"solver", "auto",
     "enumerate (every image), frontier (automata that read the pixels one by one: any cut that leaves few "
     "classes, far beyond enumeration; with weights for ising, mps, rbm and cnn), affine (linear equations "
     "over GF(2): every cut of loops, parity, ghz, mirror, of any size), products (Gram matrices: "
     "every cut of a sum of product states, which nothing else has) or auto (affine "
     "beyond 40 pixels, else frontier from 32 pixels on where its automata are small); default: auto",
     parse_solver},
    {"symmetry", "yes", "compute every cut, even those that a symmetry makes equal",
     parse_symmetry},
    {"certify", "no",
     "prove every number: 20 decimals, rounded correctly; their errors are then proved radii. "
     "Takes a few times as long",
     parse_certify},
    {"digits", "none",
     "prove D decimals (1 to 1000), or as many as can be proved, by exact algebra where it is "
     "within reach",
     parse_digits},
    {"quantities", "",
     "more columns: renyi:ALPHA (ALPHA >= 0 or inf), schmidt_gap, log_negativity, "
     "mutual_information, "
     "boundary_pixels, blocks, tr_rho3, spectrum (not in .npy), rank:EPS (Schmidt values above EPS "
     "times the largest), discarded_weight:K (1 - the sum of the K largest eigenvalues), "
     "truncation:EPS (smallest K with discarded weight at most EPS), saturation (S over log2 of the largest rank "
     "that the sides allow), and of data sets with label=onehot: label_information (I(A:label)), "
     "label_entropy (S(label)), joint_entropy (S of A and the label); growth (label-1 images a row of an infinite "
     "strip)",
     parse_quantities},
    {"bracket", "all",
     "data sets of more images than matrices fit: the K largest eigenvalues alone, and a bracket of S "
     "(entropy_err is half of it); docs/datasets.md",
     parse_bracket},
    {"part", "all",
     "only part I of K of the different cuts (1/8 .. 8/8), into a file that 'cutropy merge' puts "
     "together with the others; docs/long-runs.md",
     parse_part},
};

/* The row of a key, or CT_OPTIONS with a message. */
static size_t find(const char *key)
{
    size_t i = 0;
    while (i < CT_OPTIONS && strcmp(key, table[i].key))
        i++;
    if (i == CT_OPTIONS)
        ct_fail(CUTROPY_EINPUT,
                "there is no option '%s'; choose from threads, memory, backend, solver, symmetry, "
                "certify, digits, quantities, bracket, part",
                key);
    return i;
}

cutropy_status cutropy_options_create(cutropy_options **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options *options = NULL;
    *out = NULL;
    CT_NEW(options, 1);
    *options = ct_default_options();
    *out = options;
done:
    return status;
}

void cutropy_options_free(cutropy_options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < CT_OPTIONS; i++)
        ct_free(options->text[i]);
    cutropy_quantities_free(options->list);
    ct_free(options);
}

cutropy_status cutropy_options_set(cutropy_options *options, const char *key, const char *value)
{
    cutropy_status status = CUTROPY_OK;
    const size_t i = find(key);
    char *text = NULL;
    if (i == CT_OPTIONS)
        return CUTROPY_EINPUT;
    if (value && !strcmp(value, table[i].standard))
        value = NULL;
    if (value) {
        text = ct_strdup(value);
        if (!text)
            return ct_fail_memory("option", strlen(value) + 1);
    }
    CT_TRY(table[i].parse(options, key, value));
    ct_free(options->text[i]);
    options->text[i] = text;
    text = NULL;
    if (i == BACKEND)
        options->backend = options->text[i];
done:
    ct_free(text);
    return status;
}

const char *cutropy_options_get(const cutropy_options *options, const char *key)
{
    const size_t i = find(key);
    if (i == CT_OPTIONS)
        return NULL;
    return options->text[i] ? options->text[i] : table[i].standard;
}

const char *cutropy_options_key(size_t index)
{
    return index < CT_OPTIONS ? table[index].key : NULL;
}

const char *cutropy_options_help(const char *key)
{
    const size_t i = find(key);
    return i < CT_OPTIONS ? table[i].help : NULL;
}

void cutropy_options_set_progress(cutropy_options *options, cutropy_progress *progress, void *user)
{
    options->progress = progress;
    options->user = user;
}

void cutropy_options_set_shown(cutropy_options *options, cutropy_shown *shown, void *user)
{
    options->shown = shown;
    options->shown_user = user;
}
