/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks into integer eigenvalues and coprime square-free factors. */
#include "certify/algebra.h"

#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>

#include "base/array.h"
#include "certify/algebra_parts.h"
#include "certify/integer_parts.h"

cutropy_status ct_algebra_create(const ct_big *norm, ct_algebra **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_algebra *algebra = NULL;
    *out = NULL;
    if (!norm->count)
        return ct_fail(CUTROPY_EUNSUPPORTED, "exact spectra need a norm");
    CT_NEW_ZERO(algebra, 1);
    fmpz_init(algebra->norm);
    ct_set_big(algebra->norm, norm);
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
    for (size_t i = 0; i < algebra->integers; i++)
        fmpz_clear(&algebra->integer[i].value);
    fmpz_clear(algebra->norm);
    fmpz_clear(algebra->trace);
    fmpz_clear(algebra->square);
    fmpz_clear(algebra->cube);
    ct_free(algebra->integer);
    ct_free(algebra->factor);
    ct_free(algebra);
}

static cutropy_status add_integer(ct_algebra *algebra, const fmpz_t value, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < algebra->integers; i++)
        if (fmpz_equal(&algebra->integer[i].value, value)) {
            algebra->integer[i].multiplicity += multiplicity;
            return CUTROPY_OK;
        }
    CT_TRY(CT_ROOM("eigenvalues", algebra->integer, algebra->integers, algebra->integer_room, 1));
    ct_integer_root *root = &algebra->integer[algebra->integers++];
    *root = (ct_integer_root){.multiplicity = multiplicity};
    fmpz_init_set(&root->value, value);
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

/* The first prime above `floor` modulo which poly keeps its roots apart. */
static void separating_prime(const fmpz_poly_t poly, ulong floor, nmod_poly_t image)
{
    fmpz_poly_t slope;
    nmod_poly_t common;
    bool separate = false;
    ulong prime = floor;
    fmpz_poly_init(slope);
    fmpz_poly_derivative(slope, poly);
    while (!separate) {
        nmod_poly_t other;
        prime = n_nextprime(prime, 1);
        nmod_poly_clear(image);
        nmod_poly_init(image, prime);
        nmod_poly_init(other, prime);
        nmod_poly_init(common, prime);
        fmpz_poly_get_nmod_poly(image, poly);
        fmpz_poly_get_nmod_poly(other, slope);
        nmod_poly_gcd(common, image, other);
        separate = nmod_poly_degree(common) == 0;
        nmod_poly_clear(common);
        nmod_poly_clear(other);
    }
    fmpz_poly_clear(slope);
}

/* out = poly(x) modulo `modulus` */
static void evaluate_modulo(fmpz_t out, const fmpz_poly_t poly, const fmpz_t x,
                            const fmpz_t modulus)
{
    fmpz_zero(out);
    for (slong k = fmpz_poly_degree(poly); k >= 0; k--) {
        fmpz_mul(out, out, x);
        fmpz_add(out, out, poly->coeffs + k);
        fmpz_mod(out, out, modulus);
    }
}

/* The root modulo a power of the prime above `above` that is `root` modulo the prime (Hensel and Newton); the
 * prime keeps the roots of poly apart. */
static void lift_root(const fmpz_poly_t poly, ulong prime, const fmpz_t above, fmpz_t root)
{
    fmpz_poly_t slope;
    fmpz_t modulus, value, inverse;
    fmpz_poly_init(slope);
    fmpz_poly_derivative(slope, poly);
    fmpz_init_set_ui(modulus, prime);
    fmpz_init(value);
    fmpz_init(inverse);
    while (fmpz_cmp(modulus, above) <= 0) {
        fmpz_mul(modulus, modulus, modulus);
        evaluate_modulo(inverse, slope, root, modulus);
        fmpz_invmod(inverse, inverse, modulus);
        evaluate_modulo(value, poly, root, modulus);
        fmpz_submul(root, value, inverse);
        fmpz_mod(root, root, modulus);
    }
    fmpz_clear(inverse);
    fmpz_clear(value);
    fmpz_clear(modulus);
    fmpz_poly_clear(slope);
}

/* Divides the linear factors out of a square-free poly. A root in 1 .. T is its own residue modulo
 * a prime above T, or a power of a prime that keeps the roots apart, so the roots there contain them
 * all; each is tested in integers. */
static cutropy_status split_integers(ct_algebra *algebra, fmpz_poly_t poly, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    const ulong least = UINT64_C(1) << 61;
    const bool one_word = fmpz_bits(algebra->norm) <= 63;
    const ulong floor =
        one_word && fmpz_cmp_ui(algebra->norm, least) > 0 ? fmpz_get_ui(algebra->norm) : least;
    nmod_poly_t image;
    nmod_poly_factor_t roots;
    fmpz_poly_t linear, quotient;
    fmpz_t value;
    nmod_poly_init(image, n_nextprime(floor, 1));
    nmod_poly_factor_init(roots);
    fmpz_poly_init(linear);
    fmpz_poly_init(quotient);
    fmpz_init(value);
    if (one_word)
        fmpz_poly_get_nmod_poly(image, poly);
    else
        separating_prime(poly, floor, image);
    nmod_poly_roots(roots, image, 0);
    fmpz_poly_set_coeff_si(linear, 1, 1);
    for (slong i = 0; i < roots->num; i++) {
        fmpz_set_ui(value, nmod_neg(nmod_poly_get_coeff_ui(&roots->p[i], 0), image->mod));
        lift_root(poly, image->mod.n, algebra->norm, value);
        if (fmpz_sgn(value) < 1 || fmpz_cmp(value, algebra->norm) > 0)
            continue;
        fmpz_poly_set_coeff_fmpz(linear, 0, value);
        fmpz_neg(linear->coeffs, linear->coeffs);
        if (!fmpz_poly_divides(quotient, poly, linear))
            continue;
        fmpz_poly_swap(poly, quotient);
        CT_TRY(add_integer(algebra, value, multiplicity));
    }
done:
    fmpz_clear(value);
    fmpz_poly_clear(quotient);
    fmpz_poly_clear(linear);
    nmod_poly_factor_clear(roots);
    nmod_poly_clear(image);
    return status;
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

/* Multiplications. */
static double algebra_work(const ct_integer_block *block)
{
    const double n = (double)block->n;
    fmpz_t trace;
    fmpz_init(trace);
    ct_block_trace(trace, block);
    const double primes = 1 + (double)ct_charpoly_bits(block->n, trace) / 61;
    fmpz_clear(trace);
    return n * n * n * primes;
}

cutropy_status ct_algebra_add(ct_algebra *algebra, const ct_integer_block *block, double work_limit,
                              bool *added)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = block->n;
    fmpz_mat_t m;
    fmpz_poly_t poly;
    fmpz_t trace, square, cube;
    *added = (double)n * (double)n * (double)n <= work_limit && algebra_work(block) <= work_limit;
    if (!*added) {
        algebra->skipped = true;
        return CUTROPY_OK;
    }
    fmpz_mat_init(m, n, n);
    fmpz_poly_init(poly);
    fmpz_init(trace);
    fmpz_init(square);
    fmpz_init(cube);
    ct_block_matrix(m, block);
    ct_block_trace(trace, block);
    ct_charpoly(poly, m, trace);
    fmpz_add(algebra->trace, algebra->trace, trace);
    if (!check_polynomial(poly, m, trace, square, cube) ||
        fmpz_cmp(algebra->trace, algebra->norm) > 0) {
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
    return !algebra->skipped && fmpz_equal(algebra->trace, algebra->norm);
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
