/* SPDX-License-Identifier: Apache-2.0 */
/* Boltzmann amplitude of the Ising model on the bonds of the lattice. */
#include <math.h>

#include "base/bits.h"
#include "problem/forms.h"
#include "problem/types.h"
#include "problem/weighted.h"

static cutropy_status fill(const cutropy_problem *problem, uint64_t first, size_t count, void *out)
{
    const ct_ising *d = problem->data;
    double *value = out;
    for (size_t k = 0; k < count; k++) {
        uint64_t image = first + k;
        int unequal = 0;
        for (int b = 0; b < d->distances; b++)
            unequal += ct_popcount((image ^ image >> d->distance[b]) & d->starts[b]);
        value[k] = d->value[unequal * (d->pixels + 1) + ct_popcount(image)];
    }
    return CUTROPY_OK;
}

static void sort_bonds(const cutropy_lattice *lattice, ct_ising *d)
{
    for (int b = 0; b < lattice->bonds; b++) {
        int low = lattice->bond[b][0], k = 0, distance = lattice->bond[b][1] - low;
        while (k < d->distances && d->distance[k] != distance)
            k++;
        d->distance[k] = distance;
        d->starts[k] |= UINT64_C(1) << low;
        if (k == d->distances)
            d->distances++;
    }
}

/* exp(sign beta / 2 x), beta x as two doubles times a power of two, however small it is. */
static cutropy_status add_exact(const ct_ising *d, double x, double sign, ct_formulas *out)
{
    int exponent[2];
    const double beta = sign * frexp(d->beta, &exponent[0]), factor = frexp(x, &exponent[1]),
                 product = beta * factor;
    const double exact[2] = {product, fma(beta, factor, -product)};
    const cutropy_status status = ct_formulas_add(out, CT_EXP, exact, 2, false);
    if (status == CUTROPY_OK)
        out->number[out->count - 1].exponent = exponent[0] + exponent[1] - 1;
    return status;
}

/* Four of a bond, two of a pixel. */
static cutropy_status find_exact(const ct_ising *d, ct_formulas *out)
{
    cutropy_status status = CUTROPY_OK;
    for (int i = 0; i < 4; i++)
        CT_TRY(add_exact(d, d->j, i == 0 || i == 3 ? 1 : -1, out));
    for (int i = 0; i < 2; i++)
        CT_TRY(add_exact(d, d->h, i ? 1 : -1, out));
done:
    return status;
}

/* A factor for each bond, and one for each pixel in a field; none where they are all 1. */
static cutropy_status weigh(const cutropy_problem *problem, const uint16_t *order,
                            ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ising *d = problem->data;
    const cutropy_lattice *lattice = problem->lattice;
    const size_t bonds = d->beta != 0 && d->j != 0 ? (size_t)lattice->bonds : 0,
                 fields = d->beta != 0 && d->h != 0 ? (size_t)lattice->pixels : 0;
    const double bond = d->beta / 2 * d->j, field = d->beta / 2 * d->h;
    const double pair[4] = {exp(bond), exp(-bond), exp(-bond), exp(bond)};
    const double site[2] = {exp(-field), exp(field)};
    /* the exponential, and the rounding of what it is taken of */
    ct_local local = {.error = 2 + 2 * fmax(fabs(bond), fabs(field)), .terms = bonds + fields};
    ct_local_term *term = NULL;
    int32_t *pixel = NULL;
    ct_formulas exact = {0};
    if (detail == CT_EXACT_NUMBERS)
        CT_TRY(find_exact(d, &exact));
    local.exact = &exact;
    CT_NEW(term, local.terms + 1);
    CT_NEW(pixel, 2 * bonds + fields + 1);
    for (size_t b = 0; b < bonds; b++) {
        for (size_t s = 0; s < 2; s++)
            pixel[2 * b + s] = lattice->bond[b][s];
        term[b] = (ct_local_term){2, pixel + 2 * b, pair, 0};
    }
    for (size_t i = 0; i < fields; i++) {
        pixel[2 * bonds + i] = (int32_t)i;
        term[bonds + i] = (ct_local_term){1, pixel + 2 * bonds + i, site, 4};
    }
    local.term = term;
    status = ct_weighted_local(&local, lattice->pixels, order, detail, out);
done:
    ct_formulas_free(&exact);
    ct_free(term);
    ct_free(pixel);
    return status;
}

/* What enumeration reads. */
static void fill_table(const cutropy_lattice *lattice, ct_ising *d)
{
    const int n = d->pixels, bonds = d->bonds;
    sort_bonds(lattice, d);
    for (int unequal = 0; unequal <= bonds; unequal++)
        for (int lit = 0; lit <= n; lit++)
            d->value[unequal * (n + 1) + lit] =
                exp(d->beta / 2 * (d->j * (bonds - 2 * unequal) + d->h * (2 * lit - n)));
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    const cutropy_lattice *lattice = problem->lattice;
    int n = lattice->pixels, bonds = lattice->bonds;
    double beta = ct_arg_real(args, "beta"), j = ct_arg_real(args, "j"), h = ct_arg_real(args, "h");
    double bound = fabs(beta) / 2 * (fabs(j) * bonds + fabs(h) * n);
    const bool listed = n <= CT_INDEX_PIXELS;
    if (listed && !(bound <= CT_MAX_LOG))
        return ct_fail(
            CUTROPY_EINPUT,
            "ising: beta |E| / 2 may reach %.0f (limit %.0f); take a smaller beta, j or h", bound,
            CT_MAX_LOG);
    const size_t values = listed ? (size_t)(bonds + 1) * (size_t)(n + 1) : 0;
    size_t bytes = sizeof(ct_ising) + values * sizeof(double);
    ct_ising *d = ct_calloc(1, bytes);
    if (!d)
        return ct_fail_memory("ising", bytes);
    problem->data = d;
    d->pixels = n;
    d->bonds = bonds;
    d->beta = beta;
    d->j = j;
    d->h = h;
    if (listed)
        fill_table(lattice, d);
    problem->fill_values = fill;
    problem->weigh = weigh;
    problem->weighs_less = problem->uniform = true;
    problem->form = CT_FORM_ISING;
    return CUTROPY_OK;
}

static const ct_param params[] = {
    {"beta", CT_PARAM_REAL, "0.44068679350977151", 0, 0, NULL,
     "inverse temperature (default: critical point of the square lattice, ln(1 + sqrt 2) / 2)"},
    {"j", CT_PARAM_REAL, "1", 0, 0, NULL, "coupling of a bond"},
    {"h", CT_PARAM_REAL, "0", 0, 0, NULL, "field"},
    {0},
};

const ct_problem_type ct_problem_ising = {
    .name = "ising",
    .summary = "Boltzmann amplitude of the Ising model",
    .definition = "f(s) = exp(-beta E(s) / 2), E = -j sum over bonds of sigma_i sigma_k - h sum of "
                  "sigma_i, sigma = 2 s - 1, on "
                  "the bonds of the lattice; f^2 is the Boltzmann weight.",
    .source = "E. Ising, Z. Phys. 31, 253 (1925); as a state: C. Castelnovo and C. Chamon, Phys. "
              "Rev. B 77, 054433 (2008)",
    .known =
        "open chain, h = 0, cut by one bond: two eigenvalues (1 +- 1/cosh(beta j)) / 2 in "
        "exact arithmetic, proved by --certify; plain runs print a bracket of the rank, because "
        "the amplitudes are rounded. beta = 0: S = 0",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
