/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_mps_save: one array a site, each made, compressed and freed. */
#include <stdio.h>

#include "analysis/export/mps.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "input/npz_write.h"
#include "sheet/save.h"

static const char *const forms[] = {"classes", "rank", "orthogonal"};

typedef struct ct_saving {
    const cutropy_mps *mps;
    ct_npz_writer writer;
    ct_reporter reporter;
    int site; /* that is written */
} ct_saving;

static int stops(void *context)
{
    ct_saving *s = context;
    return ct_report("sites written", (uint64_t)s->site, (uint64_t)s->mps->sites, &s->reporter);
}

static cutropy_status check_room(const ct_saving *s, int site, uint64_t numbers, uint64_t item)
{
    if (numbers <= s->mps->memory_limit / item)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "site %d needs %s, but %s may be used (--memory raises the limit)", site,
                   CT_BYTES(numbers * item), CT_BYTES(s->mps->memory_limit));
}

static cutropy_status add_site(ct_saving *s, int site, const char *type, size_t item,
                               const void *data)
{
    char name[24];
    snprintf(name, sizeof name, "site_%d", site);
    const ct_npz_array array = {.name = name,
                                .type = type,
                                .item = item,
                                .dimensions = 3,
                                .shape = {(uint64_t)cutropy_mps_bond(s->mps, site),
                                          (uint64_t)cutropy_mps_dimension(s->mps, site),
                                          (uint64_t)cutropy_mps_bond(s->mps, site + 1)},
                                .data = data};
    return ct_npz_add(&s->writer, &array);
}

static cutropy_status add_integers(ct_saving *s, int site, uint64_t numbers)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *value = NULL, denominator;
    char type[8];
    CT_TRY(check_room(s, site, numbers, sizeof *value));
    CT_NEW(value, numbers);
    CT_TRY(cutropy_mps_integers(s->mps, site, value, &denominator));
    const size_t width = ct_npz_shorten(value, numbers, type);
    CT_TRY(add_site(s, site, type, width, value));
    if (s->mps->form == CUTROPY_MPS_RANK) {
        char name[24];
        snprintf(name, sizeof name, "denominator_%d", site);
        CT_TRY(ct_npz_add_number(&s->writer, name, CT_NPZ_ORDER "i8", sizeof denominator,
                                 &denominator));
    }
done:
    ct_free(value);
    return status;
}

static cutropy_status add_texts(ct_saving *s, int site, uint64_t numbers)
{
    cutropy_status status = CUTROPY_OK;
    const size_t digits = ct_train_digits(s->mps->train, site);
    char *numerator = NULL, *denominator = NULL, type[24], name[24];
    snprintf(type, sizeof type, "|S%zu", digits);
    snprintf(name, sizeof name, "denominator_%d", site);
    CT_TRY(check_room(s, site, numbers, digits));
    CT_NEW(numerator, numbers * digits);
    CT_NEW(denominator, digits);
    ct_train_texts(s->mps->train, site, digits, numerator, denominator);
    CT_TRY(add_site(s, site, type, digits, numerator));
    CT_TRY(ct_npz_add_number(&s->writer, name, type, digits, denominator));
done:
    ct_free(numerator);
    ct_free(denominator);
    return status;
}

static cutropy_status add_reals(ct_saving *s, int site, uint64_t numbers)
{
    cutropy_status status = CUTROPY_OK;
    const bool complex = cutropy_mps_kind(s->mps, site) == CUTROPY_KIND_COMPLEX;
    const size_t item = complex ? 16 : 8;
    uint8_t *value = NULL;
    CT_TRY(check_room(s, site, numbers, item));
    CT_NEW(value, numbers * item);
    CT_TRY(cutropy_mps_reals(s->mps, site, (double *)(void *)value));
    CT_TRY(add_site(s, site, complex ? CT_NPZ_ORDER "c16" : CT_NPZ_ORDER "f8", item, value));
done:
    ct_free(value);
    return status;
}

/* The classes in front of the last site are bytes already. */
static cutropy_status add_bytes(ct_saving *s, int site, uint64_t numbers)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *value = NULL;
    CT_TRY(check_room(s, site, numbers, 1));
    CT_NEW(value, numbers);
    ct_mps_classes(s->mps, site, 1, value);
    CT_TRY(add_site(s, site, "|i1", 1, value));
done:
    ct_free(value);
    return status;
}

static cutropy_status add_any(ct_saving *s, int site)
{
    uint64_t numbers;
    const cutropy_mps *mps = s->mps;
    const cutropy_status status = ct_mps_numbers(mps, site, &numbers);
    if (status)
        return status;
    if (cutropy_mps_kind(mps, site) != CUTROPY_KIND_INTEGER)
        return add_reals(s, site, numbers);
    if (mps->form == CUTROPY_MPS_RANK && !ct_train_fits(mps->train, site))
        return add_texts(s, site, numbers);
    if (mps->form == CUTROPY_MPS_CLASSES && site < mps->sites - 1)
        return add_bytes(s, site, numbers);
    return add_integers(s, site, numbers);
}

static cutropy_status add_error(ct_saving *s)
{
    const double error = cutropy_mps_error(s->mps), infidelity = cutropy_mps_infidelity(s->mps);
    cutropy_status status =
        ct_npz_add_number(&s->writer, "error", CT_NPZ_ORDER "f8", sizeof error, &error);
    if (!status)
        status = ct_npz_add_number(&s->writer, "infidelity", CT_NPZ_ORDER "f8", sizeof infidelity,
                                   &infidelity);
    return status
               ? status
               : ct_npz_add_vector(&s->writer, "discarded", CT_NPZ_ORDER "f8", 8,
                                   (uint64_t)s->mps->sites - 1, s->mps->orthogonal.discarded + 1);
}

static cutropy_status write(FILE *file, void *context)
{
    cutropy_status status = CUTROPY_OK;
    ct_saving *s = context;
    s->writer = ct_npz_start(file);
    s->writer.stop = stops;
    s->writer.user = s;
    CT_TRY(ct_npz_add_text(&s->writer, "form", forms[s->mps->form]));
    CT_TRY(ct_npz_add_text(&s->writer, "problem", s->mps->problem));
    CT_TRY(ct_npz_add_text(&s->writer, "lattice", s->mps->lattice));
    CT_TRY(ct_npz_add_text(&s->writer, "norm", s->mps->norm));
    CT_TRY(ct_npz_add_text(&s->writer, "norm_err", s->mps->norm_error));
    if (s->mps->order)
        CT_TRY(ct_npz_add_vector(&s->writer, "order", CT_NPZ_ORDER "i4", 4, (uint64_t)s->mps->sites,
                                 s->mps->order));
    if (s->mps->form == CUTROPY_MPS_ORTHOGONAL)
        CT_TRY(add_error(s));
    for (int site = 0; site < s->mps->sites; site++) {
        s->site = site;
        CT_TRY(add_any(s, site));
    }
done:
    return ct_npz_finish(&s->writer, status);
}

cutropy_status cutropy_mps_save(const cutropy_mps *mps, const char *path,
                                const cutropy_options *options)
{
    ct_saving saving = {.mps = mps};
    if (options)
        saving.reporter = (ct_reporter){.progress = options->progress, .user = options->user};
    return ct_save(path, write, &saving);
}
