/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/data_set.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/locale.h"
#include "problem/args.h"
#include "problem/stored.h"

/* What the choice means for each image. */
typedef struct ct_chosen {
    int64_t count;
    int64_t *image; /* numbers in the file */
    double *weight; /* y */
    double *value;  /* count x pixels, 0 .. scale */
    ct_features features;
    int32_t *label; /* onehot: 0 .. classes - 1 */
    int classes;
} ct_chosen;

static void chosen_free(ct_chosen *c)
{
    ct_free(c->image);
    ct_free(c->weight);
    ct_free(c->value);
    ct_free(c->label);
}

/* ---- which images ---- */

/* K of "pm1:K" or "class:K". */
static bool number_after(const char *text, const char *word, double *out)
{
    const size_t length = strlen(word);
    char *end = NULL;
    if (strncmp(text, word, length) != 0 || text[length] != ':')
        return false;
    *out = ct_strtod(text + length + 1, &end);
    return end != text + length + 1 && !*end && isfinite(*out);
}

/* The different labels in ascending order. */
static cutropy_status different(const double *label, int64_t count, double **out, int64_t *found)
{
    cutropy_status status = CUTROPY_OK;
    int64_t kept = 0;
    double *list = NULL;
    CT_NEW(list, count);
    memcpy(list, label, (size_t)count * sizeof *list);
    ct_sort_numbers(list, (size_t)count);
    for (int64_t i = 0; i < count; i++)
        if (!i || list[i] != list[kept - 1])
            list[kept++] = list[i];
    *out = list;
    *found = kept;
done:
    return status;
}

static int64_t place_of(const double *list, int64_t count, double label)
{
    int64_t low = 0, high = count;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (list[middle] < label)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static cutropy_status choose_images(const ct_grey *g, const ct_data_choice *choice,
                                    const char *name, ct_chosen *out)
{
    cutropy_status status = CUTROPY_OK;
    double *list = NULL, only = 0;
    int64_t classes = 0, *taken = NULL;
    const bool one_class = number_after(choice->label, "class", &only);
    if (!g->label && (choice->per_class || strcmp(choice->label, "none") != 0))
        return ct_fail(CUTROPY_EINPUT, "%s: %s needs labels: give labels=FILE", name,
                       choice->per_class ? "per_class" : "label");
    if (choice->per_class) {
        CT_TRY(different(g->label, g->count, &list, &classes));
        CT_NEW_ZERO(taken, classes);
    }
    CT_NEW(out->image, g->count);
    for (int64_t m = 0; m < g->count; m++) {
        if (one_class && g->label[m] != only)
            continue;
        if (choice->per_class && taken[place_of(list, classes, g->label[m])]++ >= choice->per_class)
            continue;
        if (choice->first && out->count == choice->first)
            break;
        out->image[out->count++] = m;
    }
    if (!out->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: no image is left (label=%s)", name, choice->label));
done:
    ct_free(list);
    ct_free(taken);
    return status;
}

/* ---- y and the label ---- */

static cutropy_status number_classes(const ct_grey *g, const char *name, ct_chosen *out)
{
    cutropy_status status = CUTROPY_OK;
    double *list = NULL, *own = NULL;
    int64_t classes = 0;
    CT_NEW(own, out->count);
    for (int64_t i = 0; i < out->count; i++)
        own[i] = g->label[out->image[i]];
    CT_TRY(different(own, out->count, &list, &classes));
    if (classes > INT16_MAX)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: %lld different labels", name, (long long)classes));
    CT_NEW(out->label, out->count);
    for (int64_t i = 0; i < out->count; i++)
        out->label[i] = (int32_t)place_of(list, classes, own[i]);
    out->classes = (int)classes;
done:
    ct_free(list);
    ct_free(own);
    return status;
}

static cutropy_status choose_weights(const ct_grey *g, const ct_data_choice *choice,
                                     const char *name, ct_chosen *out)
{
    cutropy_status status = CUTROPY_OK;
    const char *label = choice->label;
    double other = 0;
    int64_t there = 0;
    CT_NEW(out->weight, out->count);
    for (int64_t i = 0; i < out->count; i++)
        out->weight[i] = 1;
    if (!strcmp(label, "none") || number_after(label, "class", &other))
        return CUTROPY_OK;
    if (!strcmp(label, "onehot"))
        return number_classes(g, name, out);
    const bool real = !strcmp(label, "real");
    if (!real && !number_after(label, "pm1", &other))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: label=%.60s is unknown; it can be none, real, pm1:K, class:K or onehot",
                       name, label));
    for (int64_t i = 0; i < out->count; i++) {
        const double own = g->label[out->image[i]];
        out->weight[i] = real ? own : own == other ? 1 : -1;
        there += own == other;
    }
    if (!real && !there)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: no image has the label of %s", name, label));
done:
    return status;
}

/* ---- values ---- */

static cutropy_status take_values(const ct_grey *g, const ct_data_choice *choice, const char *name,
                                  ct_chosen *out)
{
    cutropy_status status = CUTROPY_OK;
    const double scale = choice->scale > 0 ? choice->scale : g->scale;
    if (!(scale > 0))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: integers that are no unsigned bytes: give scale=VALUE, what stands "
                       "for 1",
                       name);
    out->features = choice->features;
    out->features.scale = scale;
    CT_NEW(out->value, out->count * g->pixels);
    for (int64_t i = 0; i < out->count; i++)
        for (int n = 0; n < g->pixels; n++) {
            const double value = g->value[out->image[i] * g->pixels + n];
            if (!(value >= 0 && value <= scale))
                CT_TRY(ct_fail(CUTROPY_EINPUT,
                               "%s: pixel %d of image %lld is %g, outside 0..%g: %s", name, n,
                               (long long)out->image[i], value, scale,
                               value < 0 ? "add a number to all, values begin at 0"
                                         : "give scale=VALUE, what stands for 1"));
            out->value[i * g->pixels + n] = value + 0.0; /* no -0 */
        }
done:
    return status;
}

static cutropy_status set_lattice(const ct_grey *g, const char *name, cutropy_problem *problem)
{
    char text[40];
    if (problem->lattice && problem->lattice->pixels != g->pixels)
        return ct_fail(CUTROPY_EINPUT, "%s: the images have %d pixels, the lattice %s has %d", name,
                       g->pixels, problem->lattice->name, problem->lattice->pixels);
    if (problem->lattice)
        return CUTROPY_OK;
    if (g->lx)
        snprintf(text, sizeof text, "grid:%dx%d", g->lx, g->ly);
    else
        snprintf(text, sizeof text, "chain:%d", g->pixels);
    return cutropy_lattice_parse(text, &problem->lattice);
}

/* ---- black-white images ---- */

/* Levels that are no two, or terms that are more than images: why there is no list. "": there may be one. */
static void why_unlisted(const ct_chosen *c, char why[static 96])
{
    bool ones = true;
    *why = '\0';
    for (int64_t i = 0; i < c->count; i++)
        ones = ones && c->weight[i] == 1;
    if (c->features.bins != 2)
        snprintf(why, 96, "bins=%d are no black-white pixels", c->features.bins);
    else if (c->label)
        snprintf(why, 96, "the label is one more site");
    else if (!ones)
        snprintf(why, 96, "its images have other values than 1");
}

/* Two bins, y = 1 and no image twice: label 1 for these images, with integers instead of numbers. Else `why` says what is in the way. */
static cutropy_status try_list(const ct_chosen *c, cutropy_problem *problem, char why[static 96])
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = problem->lattice->words, pixels = (size_t)problem->lattice->pixels;
    const size_t count = (size_t)c->count;
    uint64_t *images = NULL;
    ct_hash table = {0};
    bool once = true;
    why_unlisted(c, why);
    if (*why)
        return CUTROPY_OK;
    CT_NEW_ZERO(images, count * words);
    CT_TRY(ct_hash_start(&table, count));
    for (size_t i = 0; i < count && once; i++) {
        uint64_t *image = images + i * words;
        const ct_word_rows rows = {.row = images, .words = words};
        for (size_t n = 0; n < pixels; n++)
            if (ct_bin_of(c->value[i * pixels + n], c->features.scale, 2))
                ct_set_bit(image, n);
        uint32_t *slot = ct_hash_find_row(&table, &rows, image);
        once = !*slot;
        if (!once)
            snprintf(why, 96, "images %lld and %lld are the same and count twice",
                     (long long)c->image[*slot - 1], (long long)c->image[i]);
        *slot = (uint32_t)i + 1;
    }
    if (!once)
        goto done;
    CT_TRY(ct_store_images(problem, &images, count));
    problem->kind = CUTROPY_KIND_LABEL;
done:
    ct_hash_free(&table);
    ct_free(images);
    return status;
}

/* ---- its text ---- */

cutropy_status ct_map_text(const ct_args *args, ct_map map, const char *name,
                           cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const bool turns = map == CT_MAP_COS || map == CT_MAP_PHASE;
    if (!turns && ct_arg_given(args, "theta"))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: theta is of map=cos and map=phase and would change nothing: leave it "
                       "out",
                       name));
    if (map != CT_MAP_LEVELS && ct_arg_given(args, "bins"))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: bins are of map=levels and would change nothing: leave them out",
                       name));
    ct_free(problem->text);
    problem->text = NULL;
    CT_TRY(ct_args_format(args,
                          turns                  ? "bins"
                          : map == CT_MAP_LEVELS ? "theta"
                                                 : "theta|bins",
                          &problem->text));
done:
    return status;
}

/* ---- together ---- */

/* All terms the same at every site: a product state. */
static bool all_equal(const ct_products *p)
{
    for (int64_t i = 0; i < p->sites * p->terms; i++)
        if (p->level[i])
            return false;
    return p->classes == 1;
}

cutropy_status ct_data_set(const ct_grey *images, const ct_data_choice *choice, const char *name,
                           cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_chosen c = {.classes = 1};
    CT_TRY(choose_images(images, choice, name, &c));
    CT_TRY(choose_weights(images, choice, name, &c));
    CT_TRY(take_values(images, choice, name, &c));
    CT_TRY(set_lattice(images, name, problem));
    CT_TRY(ct_features_make(&c.features, c.value, c.count, images->pixels, c.weight, name,
                            &problem->products));
    ct_products *p = problem->products;
    if (c.features.map == CT_MAP_LEVELS)
        CT_TRY(try_list(&c, problem, p->unlisted));
    if (c.label)
        ct_products_label(p, c.label, c.classes, choice->sides);
    c.label = NULL; /* it is p's */
    if (all_equal(p))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: %s, a product state whose entropies are 0: give different images", name,
                       c.count == 1 ? "one image" : "all images are equal"));
    if (c.features.map == CT_MAP_LEVELS)
        CT_TRY(ct_products_find_bits(p));
    if (problem->list_images) {
        ct_products_free(p);
        problem->products = NULL;
    } else {
        problem->kind = p->bits         ? CUTROPY_KIND_LABEL
                        : p->is_complex ? CUTROPY_KIND_COMPLEX
                                        : CUTROPY_KIND_REAL;
    }
done:
    chosen_free(&c);
    return status;
}
