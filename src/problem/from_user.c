/* SPDX-License-Identifier: Apache-2.0 */
/* Problems from the caller's own code or arrays. */
#include <math.h>
#include <string.h>

#include "problem/from_user.h"
#include "problem/label.h"
#include "problem/stored.h"

static cutropy_status check_name(const char *name)
{
    return name && *name && !strpbrk(name, "\r\n")
               ? CUTROPY_OK
               : ct_fail(CUTROPY_EINPUT, "a problem needs a name of one line");
}

cutropy_status cutropy_problem_rename(cutropy_problem *problem, const char *name)
{
    cutropy_status status = CUTROPY_OK;
    char *text = NULL;
    CT_TRY(check_name(name));
    text = ct_strdup(name);
    if (!text)
        return ct_fail_memory("problem name", strlen(name) + 1);
    ct_free(problem->text);
    problem->text = text;
    ct_free(problem->note);
    problem->note = NULL;
done:
    return status;
}

/* A problem on a copy of the lattice whose text is `name`. */
static cutropy_status start(const char *name, const cutropy_lattice *lattice, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(check_name(name));
    if (!lattice)
        return ct_fail(CUTROPY_EINPUT, "%s: a lattice is required", name);
    CT_TRY(ct_problem_new(lattice, out));
    CT_TRY(cutropy_problem_rename(*out, name));
done:
    return status;
}

static cutropy_status check_pointer(const char *name, bool given, const char *what)
{
    return given ? CUTROPY_OK : ct_fail(CUTROPY_EINPUT, "%s: no %s is given", name, what);
}

cutropy_status ct_user_problem_start(const char *name, const cutropy_lattice *lattice, bool given,
                                     const char *what, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_user_problem_start_large(name, lattice, given, what, out));
    CT_TRY(ct_label_index(*out, name));
done:
    return status;
}

cutropy_status ct_user_problem_start_large(const char *name, const cutropy_lattice *lattice,
                                           bool given, const char *what, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(start(name, lattice, out));
    CT_TRY(check_pointer(name, given, what));
done:
    return status;
}

cutropy_status ct_user_problem_finish(cutropy_status status, cutropy_problem *problem,
                                      cutropy_problem **out)
{
    if (status == CUTROPY_OK)
        *out = problem;
    else
        cutropy_problem_free(problem);
    return status;
}

static uint64_t image_count(const cutropy_problem *problem)
{
    return UINT64_C(1) << problem->lattice->pixels;
}

cutropy_status ct_user_kind_check(const char *name, cutropy_kind kind)
{
    switch (kind) {
    case CUTROPY_KIND_LABEL:
    case CUTROPY_KIND_INTEGER:
    case CUTROPY_KIND_REAL:
    case CUTROPY_KIND_COMPLEX:
        return CUTROPY_OK;
    }
    return ct_fail(CUTROPY_EINPUT, "%s: unknown kind %d of values", name, (int)kind);
}

/* ---- label function ---- */

typedef struct label_function {
    int (*label)(uint64_t image, void *user);
    void *user;
} label_function;

static cutropy_status call_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    const label_function *function = problem->data;
    uint64_t images = image_count(problem);
    for (size_t w = 0; w < words; w++) {
        uint64_t first = 64 * (first_word + w), bits = 0;
        for (uint64_t k = 0; k < 64 && first + k < images; k++)
            bits |= (uint64_t)(function->label(first + k, function->user) != 0) << k;
        out[w] = bits;
    }
    return CUTROPY_OK;
}

cutropy_status cutropy_problem_from_labels(const char *name, const cutropy_lattice *lattice,
                                           int (*label)(uint64_t image, void *user), void *user,
                                           cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    label_function *function = NULL;
    *out = NULL;
    CT_TRY(ct_user_problem_start(name, lattice, label != NULL, "label function", &problem));
    CT_NEW(function, 1);
    *function = (label_function){label, user};
    problem->data = function;
    problem->fill_labels = call_labels;
done:
    return ct_user_problem_finish(status, problem, out);
}

/* ---- values ---- */

static cutropy_status fail_zero(const char *name)
{
    return ct_fail(CUTROPY_EINPUT,
                   "%s: all values are zero; a function needs at least one that is not", name);
}

/* Packs bytes 0/1. */
static cutropy_status pack_labels(const char *name, const uint8_t *bytes, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t images = image_count(problem), ones = 0, *bits = NULL;
    CT_NEW_ZERO(bits, (images + 63) / 64);
    for (uint64_t s = 0; s < images; s++) {
        if (bytes[s] > 1)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: label %d of image %llu is neither 0 nor 1", name,
                           bytes[s], (unsigned long long)s));
        bits[s >> 6] |= (uint64_t)bytes[s] << (s & 63);
        ones += bytes[s];
    }
    if (ones == 0)
        CT_TRY(fail_zero(name));
    ct_store_values(problem, bits);
    bits = NULL;
done:
    ct_free(bits);
    return status;
}

static cutropy_status check_integers(const char *name, const int64_t *values, uint64_t count)
{
    for (uint64_t s = 0; s < count; s++)
        if (values[s] != 0)
            return CUTROPY_OK;
    return fail_zero(name);
}

cutropy_status ct_user_reals_check(const char *name, const double *values, uint64_t first,
                                   uint64_t count, unsigned parts, bool *zero)
{
    *zero = true;
    for (uint64_t s = 0; s < count * parts; s++) {
        if (!isfinite(values[s]))
            return ct_fail(CUTROPY_EINPUT, "%s: the value of image %llu is not finite", name,
                           (unsigned long long)(first + s / parts));
        *zero = *zero && values[s] == 0;
    }
    return CUTROPY_OK;
}

static cutropy_status check_reals(const char *name, const double *values, uint64_t count,
                                  unsigned parts)
{
    bool zero;
    const cutropy_status status = ct_user_reals_check(name, values, 0, count, parts, &zero);
    return status == CUTROPY_OK && zero ? fail_zero(name) : status;
}

static cutropy_status check_numbers(const char *name, const void *values,
                                    const cutropy_problem *problem)
{
    const uint64_t images = image_count(problem);
    return problem->kind == CUTROPY_KIND_INTEGER
               ? check_integers(name, values, images)
               : check_reals(name, values, images, problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1);
}

static cutropy_status keep_values(const char *name, const void *values, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t images = image_count(problem);
    size_t size = ct_value_bytes(problem->kind);
    void *copy = NULL;
    CT_TRY(check_numbers(name, values, problem));
    copy = ct_alloc(images, size);
    if (!copy)
        return ct_fail_memory("values", images * size);
    memcpy(copy, values, images * size);
    ct_store_values(problem, copy);
done:
    return status;
}

cutropy_status cutropy_problem_from_values(const char *name, const cutropy_lattice *lattice,
                                           cutropy_kind kind, const void *values,
                                           cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    *out = NULL;
    CT_TRY(ct_user_problem_start(name, lattice, values != NULL, "array of values", &problem));
    CT_TRY(ct_user_kind_check(name, kind));
    problem->kind = kind;
    CT_TRY(kind == CUTROPY_KIND_LABEL ? pack_labels(name, values, problem)
                                      : keep_values(name, values, problem));
done:
    return ct_user_problem_finish(status, problem, out);
}

/* ---- values that stay the caller's ---- */

static cutropy_status check_bits(const char *name, const uint64_t *bits,
                                 const cutropy_problem *problem)
{
    const int pixels = problem->lattice->pixels;
    const uint64_t words = (image_count(problem) + 63) / 64;
    if (pixels < 6 && bits[0] >> (1 << pixels))
        return ct_fail(CUTROPY_EINPUT, "%s: there are bits beyond the labels of 2^%d images", name,
                       pixels);
    for (uint64_t w = 0; w < words; w++)
        if (bits[w])
            return CUTROPY_OK;
    return fail_zero(name);
}

cutropy_status cutropy_problem_borrow(const char *name, const cutropy_lattice *lattice,
                                      cutropy_kind kind, const void *values, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    *out = NULL;
    CT_TRY(ct_user_problem_start(name, lattice, values != NULL, "array of values", &problem));
    CT_TRY(ct_user_kind_check(name, kind));
    problem->kind = kind;
    CT_TRY(kind == CUTROPY_KIND_LABEL ? check_bits(name, values, problem)
                                      : check_numbers(name, values, problem));
    ct_borrow_values(problem, values);
done:
    return ct_user_problem_finish(status, problem, out);
}

/* ---- images of a data set ---- */

static cutropy_status check_images(const char *name, const cutropy_lattice *lattice,
                                   const uint64_t *images, size_t count)
{
    int last_bits = (lattice->pixels - 1) % 64 + 1;
    if (count == 0)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no label-1 image", name);
    for (size_t k = 0; k < count && last_bits < 64; k++)
        if (images[(k + 1) * lattice->words - 1] >> last_bits)
            return ct_fail(CUTROPY_EINPUT, "%s: image %zu has lit pixels beyond the %d of %s", name,
                           k, lattice->pixels, lattice->name);
    return CUTROPY_OK;
}

cutropy_status cutropy_problem_from_images(const char *name, const cutropy_lattice *lattice,
                                           const uint64_t *images, size_t count,
                                           cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    uint64_t *copy = NULL;
    *out = NULL;
    CT_TRY(ct_user_problem_start_large(name, lattice, images != NULL || count == 0,
                                       "array of images", &problem));
    size_t size = lattice->words * sizeof *images;
    copy = ct_alloc(count, size);
    if (!copy) {
        status = ct_fail_memory("images", count * size);
        goto done;
    }
    CT_TRY(check_images(name, lattice, images, count));
    memcpy(copy, images, count * size);
    CT_TRY(ct_store_images(problem, &copy, count));
done:
    ct_free(copy);
    return ct_user_problem_finish(status, problem, out);
}
