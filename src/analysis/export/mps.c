/* SPDX-License-Identifier: Apache-2.0 */
/* A state as a matrix product state, in one of three forms. */
#include "analysis/export/mps.h"

#include <stddef.h>
#include <string.h>

#include "analysis/export/mps_products.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "lattice/lattice.h"
#include "problem/frontier.h"
#include "problem/products.h"

static const char *const forms[] = {"classes", "rank", "orthogonal"};

int cutropy_mps_form_named(const char *name, cutropy_mps_form *out)
{
    for (int i = 0; i < 3; i++)
        if (!strcmp(name, forms[i])) {
            *out = (cutropy_mps_form)i;
            return 1;
        }
    return 0;
}

cutropy_status cutropy_state_open_levels(const cutropy_problem *problem,
                                         const cutropy_options *options, cutropy_state **out)
{
    ct_frontier f;
    cutropy_options how = *ct_options_or_standard(options);
    *out = NULL;
    const cutropy_status ends = ct_lattice_has_end(problem->lattice);
    if (ends != CUTROPY_OK)
        return ends;
    if (how.solver == CT_SOLVE_AUTO && ct_frontier_open(problem, false, &f))
        how.solver = CT_SOLVE_FRONTIER;
    else if (how.solver == CT_SOLVE_AUTO && ct_affine_first(problem))
        how.solver = CT_SOLVE_AFFINE;
    return cutropy_state_open(problem, &how, out);
}

void cutropy_mps_free(cutropy_mps *mps)
{
    if (!mps)
        return;
    ct_diagram_free(&mps->diagram);
    ct_train_free(mps->train);
    ct_orthogonal_free(&mps->orthogonal);
    ct_free(mps->order);
    ct_free(mps->problem);
    ct_free(mps->lattice);
    ct_free(mps->norm);
    ct_free(mps->norm_error);
    ct_free(mps);
}

/* ---- making it ---- */

static cutropy_status check_cutoff(const cutropy_mps_options *wanted)
{
    if (!(wanted->cutoff >= 0 && wanted->cutoff < 1))
        return ct_fail(CUTROPY_EINPUT,
                       "cutoff %g: give the weight that each bond may lose, from 0 to less than 1",
                       wanted->cutoff);
    return CUTROPY_OK;
}

static cutropy_status check(const ct_diagram *d, const cutropy_mps_options *wanted)
{
    const cutropy_status status = check_cutoff(wanted);
    if (status != CUTROPY_OK)
        return status;
    if (wanted->cutoff > 0 && wanted->form != CUTROPY_MPS_ORTHOGONAL)
        return ct_fail(CUTROPY_EINPUT, "cutoff: only the form orthogonal can lose weight");
    if (wanted->form == CUTROPY_MPS_RANK && d->kind != CUTROPY_KIND_INTEGER)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "the form rank is that of labels and integers; take classes or orthogonal");
    return CUTROPY_OK;
}

static bool ask(int left, void *user)
{
    const ct_watch *w = ((void **)user)[0];
    const int sites = *(const int *)((void **)user)[1];
    return ct_asked_to_stop(w, "sites", (uint64_t)(sites - left), (uint64_t)sites);
}

static cutropy_status make_rank(const ct_diagram *d, const ct_watch *watch, cutropy_mps *mps)
{
    void *user[2] = {(void *)(uintptr_t)watch, &mps->sites};
    const ct_train_levels levels = {.sites = d->levels.pixels,
                                    .count = d->levels.count,
                                    .next = d->levels.next,
                                    .value = d->value,
                                    .memory_limit = mps->memory_limit,
                                    .stop = ask,
                                    .user = user};
    return ct_train_make(&levels, &mps->train);
}

/* A copy, which has all pixels once. */
static cutropy_status keep_order(const int *order, int sites, int32_t **out)
{
    cutropy_status status = CUTROPY_OK;
    bool *seen = NULL;
    if (!order)
        return CUTROPY_OK;
    CT_NEW_ZERO(seen, sites);
    CT_NEW(*out, sites + 1);
    (*out)[sites] = sites; /* a label */
    for (int k = 0; k < sites; k++) {
        const int pixel = order[k];
        if (pixel < 0 || pixel >= sites || seen[pixel]) {
            status = ct_fail(CUTROPY_EINPUT,
                             "order of the sites: pixel %d at place %d: give all of 0 .. %d once",
                             pixel, k, sites - 1);
            goto done;
        }
        seen[pixel] = true;
        (*out)[k] = pixel;
    }
done:
    ct_free(seen);
    return status;
}

static cutropy_status keep_text(const char *from, char **out)
{
    *out = ct_strdup(from);
    return *out ? CUTROPY_OK : ct_fail_memory("text", strlen(from) + 1);
}

static cutropy_status make_products(const cutropy_state *state, const cutropy_mps_options *wanted,
                                    const cutropy_options *options, const ct_watch *watch,
                                    cutropy_mps *mps)
{
    cutropy_status status = CUTROPY_OK;
    char words[CT_PRODUCTS_WORDS];
    if (wanted->form != CUTROPY_MPS_ORTHOGONAL)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s is %s: take the form orthogonal",
                       state->problem->text, ct_products_words(state->f.products, words));
    CT_TRY(check_cutoff(wanted));
    CT_TRY(ct_orthogonal_products(
        &state->f, wanted->order, state->operations, wanted->cutoff, mps->memory_limit,
        options->threads > 0 ? options->threads : state->threads, watch, &mps->orthogonal));
    mps->sites = mps->orthogonal.sites;
done:
    return status;
}

cutropy_status cutropy_mps_make(cutropy_state *state, const cutropy_mps_options *wanted,
                                const cutropy_options *options, cutropy_mps **out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_mps_options usual = CUTROPY_MPS_OPTIONS;
    ct_diagram diagram = {0};
    cutropy_mps *mps = NULL;
    *out = NULL;
    wanted = wanted ? wanted : &usual;
    options = ct_options_or_standard(options);
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    cutropy_mps_options whole = usual;
    if (wanted->size == offsetof(cutropy_mps_options, order)) { /* of headers without it */
        memcpy(&whole, wanted, wanted->size);
        whole.size = sizeof whole;
        wanted = &whole;
    }
    CT_TRY(ct_options_known("CUTROPY_MPS_OPTIONS", wanted->size, sizeof *wanted));
    CT_NEW_ZERO(mps, 1);
    mps->form = wanted->form;
    mps->sites = state->f.pixels;
    mps->memory_limit = options->memory_limit ? options->memory_limit : state->memory_limit;
    CT_TRY(keep_text(cutropy_problem_text(state->problem), &mps->problem));
    CT_TRY(keep_text(state->f.lattice->name, &mps->lattice));
    CT_TRY(keep_text(state->norm, &mps->norm));
    CT_TRY(keep_text(state->norm_error, &mps->norm_error));
    CT_TRY(keep_order(wanted->order, mps->sites, &mps->order));
    if (state->f.products) {
        CT_TRY(make_products(state, wanted, options, &watch, mps));
        *out = mps;
        mps = NULL;
        goto done;
    }
    CT_TRY(ct_diagram_make_in(&state->f, wanted->order, mps->memory_limit, &watch, &diagram));
    CT_TRY(check(&diagram, wanted));
    if (wanted->form == CUTROPY_MPS_RANK)
        CT_TRY(make_rank(&diagram, &watch, mps));
    else if (wanted->form == CUTROPY_MPS_ORTHOGONAL)
        CT_TRY(ct_orthogonal_make(&diagram, state->operations, wanted->cutoff, mps->memory_limit,
                                  &watch, &mps->orthogonal));
    else {
        if (diagram.borrowed) { /* from an automaton: the state may be freed */
            const ct_levels lent = diagram.levels;
            diagram.borrowed = false;
            CT_TRY(ct_levels_copy(&lent, &diagram.levels));
        }
        mps->diagram = diagram;
        diagram = (ct_diagram){0};
    }
    *out = mps;
    mps = NULL;
done:
    ct_diagram_free(&diagram);
    cutropy_mps_free(mps);
    return status;
}

/* ---- reading it ---- */

int cutropy_mps_sites(const cutropy_mps *mps)
{
    return mps->sites;
}

int64_t cutropy_mps_bond(const cutropy_mps *mps, int k)
{
    switch (mps->form) {
    case CUTROPY_MPS_RANK:
        return ct_train_bond(mps->train, k);
    case CUTROPY_MPS_ORTHOGONAL:
        return mps->orthogonal.bond[k];
    default:
        return k < mps->sites ? mps->diagram.levels.count[k] : 1;
    }
}

int cutropy_mps_dimension(const cutropy_mps *mps, int site)
{
    return mps->form == CUTROPY_MPS_ORTHOGONAL ? mps->orthogonal.dimension[site] : 2;
}

cutropy_kind cutropy_mps_kind(const cutropy_mps *mps, int site)
{
    if (mps->form == CUTROPY_MPS_ORTHOGONAL)
        return mps->orthogonal.parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    return mps->form == CUTROPY_MPS_CLASSES && site == mps->sites - 1 ? mps->diagram.kind
                                                                      : CUTROPY_KIND_INTEGER;
}

double cutropy_mps_error(const cutropy_mps *mps)
{
    return mps->form == CUTROPY_MPS_ORTHOGONAL ? mps->orthogonal.error : 0;
}

double cutropy_mps_infidelity(const cutropy_mps *mps)
{
    const double square = cutropy_mps_error(mps) * cutropy_mps_error(mps);
    return square < 1 ? square * (1 + 0x1p-51) : 1;
}

double cutropy_mps_discarded(const cutropy_mps *mps, int k)
{
    return mps->form == CUTROPY_MPS_ORTHOGONAL ? mps->orthogonal.discarded[k] : 0;
}

cutropy_status ct_mps_numbers(const cutropy_mps *mps, int site, uint64_t *out)
{
    const uint64_t left = (uint64_t)cutropy_mps_bond(mps, site),
                   right = (uint64_t)cutropy_mps_bond(mps, site + 1);
    if (__builtin_mul_overflow((uint64_t)cutropy_mps_dimension(mps, site) * left, right, out) ||
        *out > SIZE_MAX / 64)
        return ct_fail(CUTROPY_EUNSUPPORTED, "site %d has more numbers than fit anywhere", site);
    return CUTROPY_OK;
}

void ct_mps_classes(const cutropy_mps *mps, int site, size_t item, void *out)
{
    const ct_levels *l = &mps->diagram.levels;
    const bool last = site == mps->sites - 1;
    const size_t right = last ? 1 : (size_t)l->count[site + 1];
    uint8_t *to = out;
    memset(to, 0, (size_t)l->count[site] * 2 * right * item);
    for (int32_t i = 0; i < l->count[site]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t next = l->next[site][i][bit];
            const size_t place = (2 * (size_t)i + (size_t)bit) * right;
            if (next < 0)
                continue;
            if (last)
                memcpy(to + place * item, (const uint8_t *)mps->diagram.value + (size_t)next * item,
                       item);
            else
                to[(place + (size_t)next) * item] = 1;
        }
}

cutropy_status cutropy_mps_integers(const cutropy_mps *mps, int site, int64_t *numerators,
                                    int64_t *denominator)
{
    *denominator = 1;
    if (mps->form == CUTROPY_MPS_RANK && ct_train_fits(mps->train, site)) {
        ct_train_integers(mps->train, site, numerators, denominator);
        return CUTROPY_OK;
    }
    if (mps->form == CUTROPY_MPS_RANK)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "the numbers of site %d have more than 64 bits: cutropy_mps_save writes them as "
            "texts",
            site);
    if (cutropy_mps_kind(mps, site) != CUTROPY_KIND_INTEGER)
        return ct_fail(CUTROPY_EUNSUPPORTED, "site %d holds no integers", site);
    uint64_t numbers = 0;
    const cutropy_status status = ct_mps_numbers(mps, site, &numbers);
    if (status)
        return status;
    if (site == mps->sites - 1)
        ct_mps_classes(mps, site, sizeof *numerators, numerators);
    else {
        uint8_t *bytes = ct_alloc(numbers, 1);
        if (!bytes)
            return ct_fail_memory("site", numbers);
        ct_mps_classes(mps, site, 1, bytes);
        for (uint64_t i = 0; i < numbers; i++)
            numerators[i] = bytes[i];
        ct_free(bytes);
    }
    return CUTROPY_OK;
}

cutropy_status cutropy_mps_reals(const cutropy_mps *mps, int site, double *values)
{
    uint64_t numbers = 0;
    const cutropy_kind kind = cutropy_mps_kind(mps, site);
    const size_t item = ct_value_bytes(kind);
    if (kind == CUTROPY_KIND_INTEGER)
        return ct_fail(CUTROPY_EUNSUPPORTED, "site %d holds integers", site);
    const cutropy_status status = ct_mps_numbers(mps, site, &numbers);
    if (status)
        return status;
    if (mps->form == CUTROPY_MPS_ORTHOGONAL)
        memcpy(values, mps->orthogonal.site[site], numbers * item);
    else
        ct_mps_classes(mps, site, item, values);
    return CUTROPY_OK;
}
