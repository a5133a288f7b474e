/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/factors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/npy.h"
#include "input/npz.h"
#include "problem/products.h"

/* What the archive holds. */
typedef struct ct_names {
    const char *path;
    const char *word; /* "factor_" or "arr_" */
    bool weights;
    int highest; /* number of a factor */
    int count;
} ct_names;

/* One array of it. */
typedef struct ct_tensor {
    char place[300]; /* FILE:NAME, for messages */
    uint8_t *bytes;
    ct_npy array;
} ct_tensor;

static cutropy_status take_name(void *context, const char *name)
{
    ct_names *names = context;
    static const char *const words[] = {"factor_", "arr_"};
    if (!strcmp(name, "weights")) {
        names->weights = true;
        return CUTROPY_OK;
    }
    for (int k = 0; k < 2; k++) {
        const size_t length = strlen(words[k]);
        const char *number = name + length;
        if (strncmp(name, words[k], length) != 0 || !*number || strlen(number) > 5 ||
            strspn(number, "0123456789") != strlen(number) ||
            (names->word && names->word != words[k]))
            continue;
        names->word = words[k];
        names->highest = atoi(number) > names->highest ? atoi(number) : names->highest;
        names->count++;
        return CUTROPY_OK;
    }
    return ct_fail(
        CUTROPY_EINPUT,
        "%s:%.60s: a CP tensor has the arrays weights and factor_0, factor_1, .. (or arr_0, ..)",
        names->path, name);
}

static cutropy_status read_tensor(const char *path, const char *name, int axes, ct_tensor *out)
{
    cutropy_status status = CUTROPY_OK;
    char *place = out->place;
    size_t size = 0;
    snprintf(place, sizeof out->place, "%.270s:%.20s", path, name);
    CT_TRY(ct_npz_read(path, name, &out->bytes, &size));
    CT_TRY(ct_npy_parse(out->bytes, size, place, &out->array));
    if (out->array.dimensions != axes || !out->array.count || out->array.shape[0] > INT32_MAX ||
        out->array.shape[axes - 1] > INT32_MAX)
        status = ct_fail(CUTROPY_EINPUT, "%s: %s is expected", place,
                         axes == 1 ? "one axis, a number a term" : "an array of d x terms");
done:
    return status;
}

/* Numbers of an array in C order as pairs; imaginary parts of real ones are 0. */
static cutropy_status pairs_of(const ct_tensor *t, double **out)
{
    const ct_npy *array = &t->array;
    const char *name = t->place;
    cutropy_status status = CUTROPY_OK;
    int64_t *integer = NULL;
    double *number = NULL, *pair = NULL;
    const bool is_complex = array->type == CT_NPY_COMPLEX;
    CT_NEW_ZERO(pair, 2 * array->count);
    CT_NEW(number, array->count * (is_complex ? 2 : 1));
    if (ct_npy_is_integer(array)) {
        CT_NEW(integer, array->count);
        CT_TRY(ct_npy_integers(array, name, 0, array->count, integer));
        for (uint64_t i = 0; i < array->count; i++)
            number[i] = (double)integer[i];
    } else {
        CT_TRY(ct_npy_reals(array, name, 0, array->count, number));
    }
    for (uint64_t i = 0; i < array->count * (is_complex ? 2 : 1); i++)
        pair[is_complex ? i : 2 * i] = number[i];
    *out = pair;
    pair = NULL;
done:
    ct_free(integer);
    ct_free(number);
    ct_free(pair);
    return status;
}

/* Sites with fewer numbers than the largest have zeros. */
static cutropy_status put_factor(const ct_tensor *t, int site, ct_products *p)
{
    cutropy_status status = CUTROPY_OK;
    double *pair = NULL;
    CT_TRY(pairs_of(t, &pair));
    p->given[site] = (int32_t)t->array.shape[0];
    for (int k = 0; k < p->dimension; k++)
        for (int part = 0; part < (p->is_complex ? 2 : 1); part++)
            for (int64_t m = 0; m < p->terms; m++)
                ct_products_row(p, site, k, part)[m] =
                    (uint64_t)k < t->array.shape[0] ? pair[2 * (k * p->terms + m) + part] : 0;
done:
    ct_free(pair);
    return status;
}

/* Real weights are y; complex ones are left as pairs. */
static cutropy_status put_weights(const ct_tensor *t, ct_products *p, double **turn)
{
    cutropy_status status = CUTROPY_OK;
    double *pair = NULL;
    CT_TRY(pairs_of(t, &pair));
    if (t->array.type == CT_NPY_COMPLEX) {
        *turn = pair;
        return CUTROPY_OK;
    }
    for (int64_t m = 0; m < p->terms; m++)
        p->weight[m] = pair[2 * m];
done:
    ct_free(pair);
    return status;
}

/* All arrays have as many columns; the largest d; whether one is complex. */
static cutropy_status fit(const ct_tensor *factor, int sites, const ct_tensor *weights,
                          const char *path, int *dimension, bool *is_complex)
{
    const uint64_t terms = factor[0].array.shape[1];
    *dimension = 1;
    *is_complex = weights && weights->array.type == CT_NPY_COMPLEX;
    if (weights && weights->array.shape[0] != terms)
        return ct_fail(CUTROPY_EINPUT, "%s: %llu weights for %llu terms", path,
                       (unsigned long long)weights->array.shape[0], (unsigned long long)terms);
    for (int n = 0; n < sites; n++) {
        const ct_npy *a = &factor[n].array;
        if (a->shape[1] != terms || a->shape[0] > CT_MOST_DIMENSION)
            return ct_fail(
                CUTROPY_EINPUT,
                "%s: factor %d has the shape %llu x %llu; d x %llu with d up to %d is expected",
                path, n, (unsigned long long)a->shape[0], (unsigned long long)a->shape[1],
                (unsigned long long)terms, CT_MOST_DIMENSION);
        *dimension = (int)a->shape[0] > *dimension ? (int)a->shape[0] : *dimension;
        *is_complex = *is_complex || a->type == CT_NPY_COMPLEX;
    }
    return CUTROPY_OK;
}

static cutropy_status set_lattice(int sites, const char *path, cutropy_problem *problem)
{
    char text[24];
    if (problem->lattice && problem->lattice->pixels != sites)
        return ct_fail(CUTROPY_EINPUT, "%s: %d factors, the lattice %s has %d pixels", path, sites,
                       problem->lattice->name, problem->lattice->pixels);
    if (problem->lattice)
        return CUTROPY_OK;
    snprintf(text, sizeof text, "chain:%d", sites);
    return cutropy_lattice_parse(text, &problem->lattice);
}

cutropy_status ct_factors_read(const char *path, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_names names = {.path = path, .highest = -1};
    ct_tensor *factor = NULL, weights = {.bytes = NULL};
    double *turn = NULL;
    int dimension, sites = 0;
    bool is_complex;
    CT_TRY(ct_npz_names(path, take_name, &names));
    sites = names.count;
    if (!sites || names.highest != sites - 1 || sites > CUTROPY_MAX_PIXELS)
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "%s: %d factors with numbers up to %d; factor_0 .. factor_(N - 1) are expected, N "
            "up to %d",
            path, sites, names.highest, CUTROPY_MAX_PIXELS));
    CT_NEW_ZERO(factor, sites);
    for (int n = 0; n < sites; n++) {
        char name[16];
        snprintf(name, sizeof name, "%s%d", names.word, n);
        CT_TRY(read_tensor(path, name, 2, &factor[n]));
    }
    if (names.weights)
        CT_TRY(read_tensor(path, "weights", 1, &weights));
    CT_TRY(fit(factor, sites, names.weights ? &weights : NULL, path, &dimension, &is_complex));
    CT_TRY(set_lattice(sites, path, problem));
    CT_TRY(ct_products_new((int64_t)factor[0].array.shape[1], sites, dimension, is_complex,
                           &problem->products));
    for (int n = 0; n < sites; n++)
        CT_TRY(put_factor(&factor[n], n, problem->products));
    if (names.weights)
        CT_TRY(put_weights(&weights, problem->products, &turn));
    CT_TRY(ct_products_settle(problem->products, true, turn, path));
    problem->kind = is_complex ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
done:
    for (int n = 0; factor && n < sites; n++)
        ct_free(factor[n].bytes);
    ct_free(factor);
    ct_free(weights.bytes);
    ct_free(turn);
    return status;
}
