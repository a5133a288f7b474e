/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks into integer eigenvalues and coprime square-free factors. */
#include "certify/algebra.h"

#include <string.h>

#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>

#include "base/array.h"
#include "certify/algebra_parts.h"

cutropy_status ct_algebra_create(ct_u128 norm, ct_algebra **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_algebra *algebra = NULL;
    *out = NULL;
    if (norm < 1 || norm >> 63)
        return ct_fail(CUTROPY_EUNSUPPORTED, "exact spectra need a norm between 1 and 2^63");
    CT_NEW_ZERO(algebra, 1);
    algebra->norm = (uint64_t)norm;
    fmpz_init(algebra->trace);
    fmpz_init(algebra->square);
    fmpz_init(algebra->cube);
    *out = algebra;
done:
    return status;
}

void ct_algebra_free(ct_algebra *algebra)
{
    if (!algebra)
        return;
    for (size_t i = 0; i < algebra->factors; i++) {
        ct_factor *factor = &algebra->factor[i];
        ct_arf_vector_free(factor->mid, fmpz_poly_degree(&factor->poly));
        fmpz_poly_clear(&factor->poly);
    }
    fmpz_clear(algebra->trace);
    fmpz_clear(algebra->square);
    fmpz_clear(algebra->cube);
    ct_free(algebra->integer);
    ct_free(algebra->factor);
    ct_free(algebra);
}

static cutropy_status add_integer(ct_algebra *algebra, uint64_t value, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < algebra->integers; i++)
        if (algebra->integer[i].value == value) {
            algebra->integer[i].multiplicity += multiplicity;
            return CUTROPY_OK;
        }
    CT_TRY(CT_ROOM("eigenvalues", algebra->integer, algebra->integers, algebra->integer_room, 1));
    algebra->integer[algebra->integers++] =
        (ct_integer_root){.value = value, .multiplicity = multiplicity};
done:
    return status;
}

static cutropy_status append_factor(ct_algebra *algebra, const fmpz_poly_t poly,
                                    int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(CT_ROOM("eigenvalues", algebra->factor, algebra->factors, algebra->factor_room, 1));
    ct_factor *factor = &algebra->factor[algebra->factors++];
    *factor = (ct_factor){.multiplicity = multiplicity};
    fmpz_poly_init(&factor->poly);
    fmpz_poly_set(&factor->poly, poly);
done:
    return status;
}

/* Adds the roots of poly so that the factors stay coprime: a common divisor becomes a factor of its
 * own with both multiplicities. Uses up poly. */
static cutropy_status add_factor(ct_algebra *algebra, fmpz_poly_t poly, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_poly_t common;
    const size_t before = algebra->factors;
    fmpz_poly_init(common);
    for (size_t i = 0; i < before && fmpz_poly_degree(poly) > 0; i++) {
        fmpz_poly_struct *known = &algebra->factor[i].poly;
        const int64_t known_multiplicity = algebra->factor[i].multiplicity;
        fmpz_poly_gcd(common, known, poly);
        if (fmpz_poly_degree(common) < 1)
            continue;
        fmpz_poly_div(poly, poly, common);
        if (fmpz_poly_equal(common, known)) {
            algebra->factor[i].multiplicity += multiplicity;
            continue;
        }
        fmpz_poly_div(known, known, common);
        CT_TRY(append_factor(algebra, common, known_multiplicity + multiplicity));
    }
    if (fmpz_poly_degree(poly) > 0)
        CT_TRY(append_factor(algebra, poly, multiplicity));
done:
    fmpz_poly_clear(common);
    return status;
}

/* Divides the linear factors out of a square-free poly. A root in 1 .. T is its own residue modulo
 * a prime above T, so the roots modulo the prime contain them all; each is tested in integers. */
static cutropy_status split_integers(ct_algebra *algebra, fmpz_poly_t poly, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    const ulong floor = algebra->norm > (UINT64_C(1) << 61) ? algebra->norm : UINT64_C(1) << 61;
    nmod_poly_t image;
    nmod_poly_factor_t roots;
    fmpz_poly_t linear, quotient;
    nmod_poly_init(image, n_nextprime(floor, 1));
    nmod_poly_factor_init(roots);
    fmpz_poly_init(linear);
    fmpz_poly_init(quotient);
    fmpz_poly_get_nmod_poly(image, poly);
    nmod_poly_roots(roots, image, 0);
    fmpz_poly_set_coeff_si(linear, 1, 1);
    for (slong i = 0; i < roots->num; i++) {
        const ulong value = nmod_neg(nmod_poly_get_coeff_ui(&roots->p[i], 0), image->mod);
        if (value < 1 || value > algebra->norm)
            continue;
        fmpz_poly_set_coeff_ui(linear, 0, value);
        fmpz_neg(linear->coeffs, linear->coeffs);
        if (!fmpz_poly_divides(quotient, poly, linear))
            continue;
        fmpz_poly_swap(poly, quotient);
        CT_TRY(add_integer(algebra, value, multiplicity));
    }
done:
    fmpz_poly_clear(quotient);
    fmpz_poly_clear(linear);
    nmod_poly_factor_clear(roots);
    nmod_poly_clear(image);
    return status;
}

/* D_m G, both triangles. */
static void block_matrix(fmpz_mat_t out, int64_t n, const int64_t *gram, const uint64_t *weight)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            fmpz *entry = fmpz_mat_entry(out, i, j);
            fmpz_set_si(entry, i <= j ? gram[i * n + j] : gram[j * n + i]);
            fmpz_mul_ui(entry, entry, weight[i]);
        }
}

static void block_trace(fmpz_t trace, int64_t n, const int64_t *gram, const uint64_t *weight)
{
    fmpz_t g;
    fmpz_init(g);
    fmpz_zero(trace);
    for (int64_t i = 0; i < n; i++) {
        fmpz_set_si(g, gram[i * n + i]);
        fmpz_addmul_ui(trace, g, weight[i]);
    }
    fmpz_clear(g);
}

/* Power sums from the coefficients (Newton); false when they contradict the matrix. */
static bool check_polynomial(const fmpz_poly_t poly, const fmpz_mat_t m, const fmpz_t trace,
                             fmpz_t square, fmpz_t cube)
{
    const slong n = fmpz_mat_nrows(m);
    fmpz_t e[4], direct;
    bool good = fmpz_poly_degree(poly) == n;
    fmpz_init(direct);
    for (int k = 0; k < 4; k++) {
        fmpz_init(e[k]);
        if (good && k <= n)
            fmpz_poly_get_coeff_fmpz(e[k], poly, n - k);
        if (k % 2)
            fmpz_neg(e[k], e[k]);
    }
    fmpz_mul(square, e[1], e[1]); /* p2 = e1^2 - 2 e2 */
    fmpz_submul_ui(square, e[2], 2);
    fmpz_mul(cube, square, e[1]); /* p3 = e1 p2 - e2 p1 + 3 e3 */
    fmpz_submul(cube, e[2], e[1]);
    fmpz_addmul_ui(cube, e[3], 3);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
            fmpz_addmul(direct, fmpz_mat_entry(m, i, j), fmpz_mat_entry(m, j, i));
    good = good && fmpz_is_one(e[0]) && fmpz_equal(e[1], trace) && fmpz_equal(direct, square);
    for (slong k = 0; good && k <= n; k++) /* roots >= 0: the signs alternate */
        good = fmpz_sgn(poly->coeffs + k) * ((n - k) % 2 ? -1 : 1) >= 0;
    for (int k = 0; k < 4; k++)
        fmpz_clear(e[k]);
    fmpz_clear(direct);
    return good;
}

static cutropy_status add_polynomial(ct_algebra *algebra, const fmpz_poly_t poly)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_poly_t rest;
    fmpz_poly_factor_t parts;
    slong zeros = 0;
    while (fmpz_is_zero(poly->coeffs + zeros))
        zeros++;
    fmpz_poly_init(rest);
    fmpz_poly_factor_init(parts);
    fmpz_poly_shift_right(rest, poly, zeros);
    algebra->rank += fmpz_poly_degree(rest);
    fmpz_poly_factor_squarefree(parts, rest);
    for (slong i = 0; i < parts->num; i++) {
        CT_TRY(split_integers(algebra, parts->p + i, parts->exp[i]));
        CT_TRY(add_factor(algebra, parts->p + i, parts->exp[i]));
    }
done:
    fmpz_poly_factor_clear(parts);
    fmpz_poly_clear(rest);
    return status;
}

double ct_algebra_work(int64_t n, const int64_t *gram, const uint64_t *weight)
{
    fmpz_t trace;
    fmpz_init(trace);
    block_trace(trace, n, gram, weight);
    const double primes = 1 + (double)ct_charpoly_bits(n, trace) / 61;
    fmpz_clear(trace);
    return (double)n * (double)n * (double)n * primes;
}

cutropy_status ct_algebra_add(ct_algebra *algebra, int64_t n, const int64_t *gram,
                              const uint64_t *weight, double work_limit, bool *added)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t m;
    fmpz_poly_t poly;
    fmpz_t trace, square, cube;
    *added = (double)n * (double)n * (double)n <= work_limit &&
             ct_algebra_work(n, gram, weight) <= work_limit;
    if (!*added) {
        algebra->skipped = true;
        return CUTROPY_OK;
    }
    fmpz_mat_init(m, n, n);
    fmpz_poly_init(poly);
    fmpz_init(trace);
    fmpz_init(square);
    fmpz_init(cube);
    block_matrix(m, n, gram, weight);
    block_trace(trace, n, gram, weight);
    ct_charpoly(poly, m, trace);
    fmpz_add(algebra->trace, algebra->trace, trace);
    if (!check_polynomial(poly, m, trace, square, cube) ||
        fmpz_cmp_ui(algebra->trace, algebra->norm) > 0) {
        status = ct_fail(CUTROPY_EINTERNAL,
                         "a characteristic polynomial of degree %lld breaks an exact identity",
                         (long long)n);
        goto done;
    }
    fmpz_add(algebra->square, algebra->square, square);
    fmpz_add(algebra->cube, algebra->cube, cube);
    CT_TRY(add_polynomial(algebra, poly));
done:
    if (status != CUTROPY_OK)
        algebra->skipped = true;
    fmpz_clear(cube);
    fmpz_clear(square);
    fmpz_clear(trace);
    fmpz_poly_clear(poly);
    fmpz_mat_clear(m);
    return status;
}

bool ct_algebra_complete(const ct_algebra *algebra)
{
    return !algebra->skipped && fmpz_equal_ui(algebra->trace, algebra->norm);
}

int64_t ct_algebra_rank(const ct_algebra *algebra)
{
    return algebra->rank;
}

bool ct_algebra_rational(const ct_algebra *algebra)
{
    return ct_algebra_complete(algebra) && !algebra->factors;
}

int64_t ct_algebra_distinct(const ct_algebra *algebra)
{
    int64_t count = (int64_t)algebra->integers;
    for (size_t i = 0; i < algebra->factors; i++)
        count += fmpz_poly_degree(&algebra->factor[i].poly);
    return count;
}
