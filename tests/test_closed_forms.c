/* SPDX-License-Identifier: Apache-2.0 */
/* Entropies with closed forms. Every expected number is computed here, by a formula or by
 * elimination over GF(2). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/oracle.h"
#include "ref/support.h"

#define MAX_ROWS 80

static void expect_bits(const cutropy_result *result, size_t row, long double bits)
{
    const cutropy_record *r = row_record(result, row);
    ck_assert_msg(r->entropy_err >= 0 && r->entropy_err < 1e-9, "error estimate %g",
                  r->entropy_err);
    ck_assert_msg(fabsl(r->entropy - bits) <= r->entropy_err + 1e-17L,
                  "%s on %s, cut 0x%llx: %.17g, not %.17Lg bits (off %.3Lg, estimate %.3g)",
                  result->problem, result->lattice, (unsigned long long)result->cuts.masks[row],
                  r->entropy, bits, fabsl(r->entropy - bits), r->entropy_err);
}

/* ---- linear codes ---- */

typedef struct code {
    int pixels, rows;
    uint64_t row[MAX_ROWS];
} code;

/* Rank over GF(2) of the rows of a matrix restricted to some columns. */
static int rank_on(const code *matrix, uint64_t columns)
{
    uint64_t row[MAX_ROWS];
    int rank = 0;
    for (int i = 0; i < matrix->rows; i++)
        row[i] = matrix->row[i] & columns;
    for (int bit = 0; bit < matrix->pixels; bit++) {
        int pivot = rank;
        while (pivot < matrix->rows && !(row[pivot] >> bit & 1))
            pivot++;
        if (pivot == matrix->rows)
            continue;
        uint64_t swap = row[pivot];
        row[pivot] = row[rank];
        row[rank] = swap;
        for (int i = rank + 1; i < matrix->rows; i++)
            if (row[i] >> bit & 1)
                row[i] ^= row[rank];
        rank++;
    }
    return rank;
}

/* Number of a link: horizontal (x, y)-(x+1, y), vertical (x, y)-(x, y+1); -1 where the open lattice
 * has none. */
static int horizontal_link(int x, int y, int lx, int torus)
{
    return torus ? x + lx * y : x < lx - 1 ? x + (lx - 1) * y : -1;
}

static int vertical_link(int x, int y, int lx, int ly, int torus)
{
    if (!torus && y >= ly - 1)
        return -1;
    return (torus ? lx * ly : (lx - 1) * ly) + x + lx * y;
}

static void toggle(uint64_t *row, int link)
{
    if (link >= 0)
        *row ^= UINT64_C(1) << link;
}

/* Checks: one a vertex. Words: one a face, the boundaries (not all loops of a torus). */
static void write_stars(int lx, int ly, int torus, code *checks)
{
    checks->pixels = torus ? 2 * lx * ly : (lx - 1) * ly + lx * (ly - 1);
    checks->rows = lx * ly;
    memset(checks->row, 0, sizeof checks->row);
    for (int y = 0; y < ly; y++)
        for (int x = 0; x < lx; x++) {
            toggle(&checks->row[x + lx * y], horizontal_link(x, y, lx, torus));
            toggle(&checks->row[(x + 1) % lx + lx * y], horizontal_link(x, y, lx, torus));
            toggle(&checks->row[x + lx * y], vertical_link(x, y, lx, ly, torus));
            toggle(&checks->row[x + lx * ((y + 1) % ly)], vertical_link(x, y, lx, ly, torus));
        }
}

static void write_faces(int lx, int ly, code *words)
{
    words->pixels = 2 * lx * ly;
    words->rows = lx * ly;
    memset(words->row, 0, sizeof words->row);
    for (int y = 0; y < ly; y++)
        for (int x = 0; x < lx; x++) {
            uint64_t *face = &words->row[x + lx * y];
            toggle(face, horizontal_link(x, y, lx, 1));
            toggle(face, horizontal_link(x, (y + 1) % ly, lx, 1));
            toggle(face, vertical_link(x, y, lx, ly, 1));
            toggle(face, vertical_link((x + 1) % lx, y, lx, ly, 1));
        }
}

/* S = dim C - dim C_A - dim C_B; checks: dim C_X = NX - rank H_X; words: dim C_A = dim C - rank
 * G_B. Either way S = rank on A + rank on B - rank. */
static int code_entropy(const code *matrix, uint64_t mask)
{
    uint64_t everything = (UINT64_C(1) << matrix->pixels) - 1;
    return rank_on(matrix, mask) + rank_on(matrix, everything & ~mask) -
           rank_on(matrix, everything);
}

static void expect_code(const char *text, const char *lattice, const code *matrix, int dimension,
                        int cuts)
{
    uint64_t state = (uint64_t)matrix->pixels, masks[200],
             everything = (UINT64_C(1) << matrix->pixels) - 1;
    cutropy_problem *problem = must_problem(text, lattice);
    ck_assert_int_eq(cutropy_problem_lattice(problem)->pixels, matrix->pixels);
    for (int k = 0; k < cuts; k++)
        masks[k] = draw(&state) & everything & (k % 3 ? ~UINT64_C(0) : draw(&state));
    masks[0] = (UINT64_C(1) << (matrix->pixels / 2)) - 1;
    cutropy_result *result = must_run(problem, masks, (size_t)cuts, "tr_rho3,blocks", 1, 1);
    ck_assert_uint_eq(result->ones, UINT64_C(1) << dimension);
    for (size_t row = 0; row < (size_t)cuts; row++) {
        const cutropy_record *r = row_record(result, row);
        int bits = code_entropy(matrix, masks[row]);
        char purity[96], expected[96];
        expect_bits(result, row, bits);
        ck_assert_int_eq(r->guarantee, CUTROPY_GUARANTEE_EXACT);
        ck_assert_int_eq(r->rank_lo, INT64_C(1) << bits);
        ck_assert_int_eq(r->rank_hi, INT64_C(1) << bits);
        ck_assert_int_eq(r->classes[0], INT64_C(1) << bits);
        ck_assert_int_eq(r->classes[1], INT64_C(1) << bits);
        ck_assert_int_eq(r->blocks, INT64_C(1) << bits);
        ct_fraction_format(&r->purity_exact, purity, sizeof purity);
        snprintf(expected, sizeof expected, bits ? "1/%lld" : "%lld", 1LL << bits);
        ck_assert_str_eq(purity, expected);
    }
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}

START_TEST(loops_are_codes)
{
    static const struct {
        int lx, ly, torus;
    } lattices[] = {{2, 2, 0}, {3, 2, 0}, {3, 3, 0}, {4, 3, 0}, {2, 5, 0}, {2, 2, 1},
                    {3, 2, 1}, {3, 3, 1}, {4, 4, 0}, {4, 3, 1}, {4, 4, 1}};
    size_t count = sizeof lattices / sizeof lattices[0] - (amount(1, 0) ? 0 : 2);
    for (size_t k = 0; k < count; k++) {
        int lx = lattices[k].lx, ly = lattices[k].ly, torus = lattices[k].torus;
        char lattice[32];
        code matrix;
        snprintf(lattice, sizeof lattice, "links:%dx%d%s", lx, ly, torus ? ":torus" : "");
        write_stars(lx, ly, torus, &matrix);
        int dimension = matrix.pixels - (lx * ly - 1), cuts = matrix.pixels < 24 ? 200 : 40;
        expect_code("loops", lattice, &matrix, dimension, cuts);
        if (torus) {
            write_faces(lx, ly, &matrix);
            expect_code("loops:contractible=1", lattice, &matrix, dimension - 2, cuts);
        }
    }
}
END_TEST

START_TEST(parity_and_ghz)
{
    code parity = {.pixels = 11, .rows = 1, .row = {0x7ff}}, ghz = parity;
    ghz.rows = 10;
    for (int i = 0; i < 10; i++)
        ghz.row[i] = UINT64_C(3) << i;
    expect_code("parity", "chain:11", &parity, 10, 100);
    expect_code("parity:odd=1", "chain:11", &parity, 10, 100);
    expect_code("ghz", "chain:11", &ghz, 1, 100);
    double error, entropy = entropy_of("parity:encoding=pm1", "chain:11", 0x1f, &error);
    ck_assert(fabs(entropy) <= error && error < 1e-12); /* +-1 parity is a product */
}
END_TEST

/* Mirror pairs that the cut parts, a bit each. */
START_TEST(mirror_pairs)
{
    static const int extent[][2] = {{4, 4}, {3, 4}, {5, 2}, {2, 3}};
    for (size_t k = 0; k < 4; k++) {
        int lx = extent[k][0], ly = extent[k][1];
        char lattice[32];
        code matrix = {.pixels = lx * ly};
        snprintf(lattice, sizeof lattice, "grid:%dx%d", lx, ly);
        for (int y = 0; y < ly; y++)
            for (int x = 0; 2 * x < lx - 1; x++)
                matrix.row[matrix.rows++] =
                    UINT64_C(1) << (x + lx * y) | UINT64_C(1) << (lx - 1 - x + lx * y);
        expect_code("mirror", lattice, &matrix, lx * ly - matrix.rows, 60);
    }
}
END_TEST

/* ---- functions of the number of lit pixels ---- */

static long double binomial(int n, int k)
{
    long double value = 1;
    if (k < 0 || k > n)
        return 0;
    for (int i = 1; i <= k; i++)
        value = value * (n - k + i) / i;
    return roundl(value);
}

static long double shannon(const long double *eigenvalue, size_t n)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (eigenvalue[i] > 0)
            sum -= eigenvalue[i] * log2l(eigenvalue[i]);
    return sum;
}

/* Dicke states: eigenvalues C(NA, j) C(NB, k - j) / C(N, k). */
START_TEST(dicke)
{
    for (int n = 3; n <= amount(16, 9); n += 3)
        for (int k = 0; k <= n; k++) {
            char text[32], lattice[32];
            uint64_t masks[32];
            snprintf(text, sizeof text, "weight:k=%d", k);
            snprintf(lattice, sizeof lattice, "chain:%d", n);
            cutropy_problem *problem = must_problem(text, lattice);
            for (int na = 0; na <= n; na++)
                masks[na] = (UINT64_C(1) << na) - 1;
            cutropy_result *result = must_run(problem, masks, (size_t)n + 1, "spectrum", 1, n % 2);
            ck_assert_uint_eq(result->ones, (uint64_t)binomial(n, k));
            for (int na = 0; na <= n; na++) {
                long double p[32];
                int64_t rank = 0;
                for (int j = 0; j <= k; j++) {
                    p[j] = binomial(na, j) * binomial(n - na, k - j) / binomial(n, k);
                    rank += p[j] > 0;
                }
                const cutropy_record *r = row_record(result, (size_t)na);
                expect_bits(result, (size_t)na, shannon(p, (size_t)k + 1));
                ck_assert_int_eq(r->guarantee, CUTROPY_GUARANTEE_EXACT);
                ck_assert_int_eq(r->rank_lo, rank);
                ck_assert_int_eq(r->rank_hi, rank);
                ck_assert_int_eq(r->blocks, rank);
                for (int j = 0; j <= k; j++) {
                    int found = p[j] == 0;
                    for (size_t i = 0; i < r->spectrum_count; i++)
                        found |= fabsl(r->spectrum[i] - p[j]) < 1e-15L;
                    ck_assert_msg(found, "eigenvalue %.17Lg is missing", p[j]);
                }
            }
            cutropy_result_free(result);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* Any label function of the number of lit pixels: rows of equal weight are equal, so rho_A is the
 * matrix over weights sqrt(C(NA, i) C(NA, j)) sum over w of C(NB, w) f(i + w) f(j + w). */
static long double weight_entropy(int n, int na, const int *label)
{
    long double matrix[33 * 33], eigenvalue[33], trace = 0;
    size_t size = (size_t)na + 1;
    for (int i = 0; i <= na; i++)
        for (int j = 0; j <= na; j++) {
            long double sum = 0;
            for (int w = 0; w <= n - na; w++)
                sum += label[i + w] && label[j + w] ? binomial(n - na, w) : 0;
            matrix[(size_t)i * size + (size_t)j] = sum * sqrtl(binomial(na, i) * binomial(na, j));
            trace += i == j ? matrix[(size_t)i * size + (size_t)j] : 0;
        }
    for (size_t k = 0; k < size * size; k++)
        matrix[k] /= trace;
    oracle_jacobi(matrix, size, eigenvalue);
    return shannon(eigenvalue, size);
}

static void expect_weights(const char *text, int n, const int *label)
{
    uint64_t masks[32], state = (uint64_t)n;
    char lattice[32];
    snprintf(lattice, sizeof lattice, "chain:%d", n);
    cutropy_problem *problem = must_problem(text, lattice);
    for (int k = 0; k < n; k++)
        masks[k] = k % 2 ? draw(&state) & ((UINT64_C(1) << n) - 1) : (UINT64_C(1) << k) - 1;
    cutropy_result *result = must_run(problem, masks, (size_t)n, NULL, 1, 1);
    for (size_t row = 0; row < (size_t)n; row++)
        expect_bits(result, row, weight_entropy(n, lit_pixels(masks[row]), label));
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}

START_TEST(majority_and_threshold)
{
    for (int n = 5; n <= amount(20, 10); n += 5) {
        int label[32];
        char text[32];
        for (int w = 0; w <= n; w++)
            label[w] = 2 * w > n;
        expect_weights("majority", n, label);
        for (int k = 0; k <= n; k += 3) {
            for (int w = 0; w <= n; w++)
                label[w] = w >= k;
            snprintf(text, sizeof text, "threshold:k=%d", k);
            expect_weights(text, n, label);
        }
    }
}
END_TEST

/* ---- by hand ---- */

/* First rows of bars and stripes: an all-one block of the 2^k x 2^(Ly-k) images with constant rows,
 * eigenvalue 2^Ly, and 2^Lx - 2 single entries of the column patterns. */
START_TEST(bars_and_stripes)
{
    for (int lx = 2; lx <= 4; lx++)
        for (int ly = 2; ly <= 4; ly++) {
            char lattice[32];
            snprintf(lattice, sizeof lattice, "grid:%dx%d", lx, ly);
            cutropy_problem *problem = must_problem("bars-stripes", lattice);
            uint64_t masks[4];
            for (int k = 1; k < ly; k++)
                masks[k - 1] = (UINT64_C(1) << (lx * k)) - 1;
            cutropy_result *result = must_run(problem, masks, (size_t)ly - 1, NULL, 1, 1);
            long double rows = ldexpl(1, ly), columns = ldexpl(1, lx) - 2, total = rows + columns;
            ck_assert_uint_eq(result->ones, (uint64_t)total);
            for (size_t k = 0; k + 1 < (size_t)ly; k++) {
                expect_bits(result, k, log2l(total) - rows * ly / total);
                ck_assert_int_eq(row_record(result, k)->rank_lo, 1 + (int64_t)columns);
                ck_assert_int_eq(row_record(result, k)->blocks, 1 + (int64_t)columns);
            }
            cutropy_result_free(result);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* x|y cut of the inner product: a Hadamard matrix, so n bits; as labels (J - H) / 2 has one large
 * eigenvalue. */
START_TEST(inner_product)
{
    for (int n = 1; n <= amount(8, 5); n++) {
        char lattice[32];
        uint64_t mask = (UINT64_C(1) << n) - 1;
        long double large = ldexpl(1, n - 1) / (ldexpl(1, n) - 1), rest = 1 - large;
        snprintf(lattice, sizeof lattice, "chain:%d", 2 * n);
        cutropy_problem *signs = must_problem("inner-product:encoding=pm1", lattice);
        cutropy_problem *labels = must_problem("inner-product", lattice);
        cutropy_result *x = must_run(signs, &mask, 1, NULL, 1, 1),
                       *y = must_run(labels, &mask, 1, NULL, 1, 1);
        expect_bits(x, 0, n);
        ck_assert_int_eq(row_record(x, 0)->rank_lo, INT64_C(1) << n);
        long double small = 1 / (2 * (ldexpl(1, n) - 1));
        expect_bits(y, 0, -large * log2l(large) - rest * log2l(small));
        ck_assert_int_eq(row_record(y, 0)->rank_lo, (INT64_C(1) << n) - 1);
        cutropy_result_free(x);
        cutropy_result_free(y);
        cutropy_problem_free(signs);
        cutropy_problem_free(labels);
    }
}
END_TEST

/* Mean entropy of Haar-random complex states (Page 1993), within five standard errors of the mean
 * over seeds. */
START_TEST(page_average)
{
    int n = 8, seeds = amount(60, 20);
    for (int na = 1; na <= 4; na++) {
        double sum = 0, squares = 0, error;
        long double m = ldexpl(1, na), other = ldexpl(1, n - na), page = -(m - 1) / (2 * other);
        for (long double k = other + 1; k <= m * other; k++)
            page += 1 / k;
        for (int seed = 1; seed <= seeds; seed++) {
            char text[64];
            snprintf(text, sizeof text, "page:complex=1,seed=%d", seed);
            double entropy = entropy_of(text, "chain:8", (UINT64_C(1) << na) - 1, &error);
            sum += entropy / seeds;
            squares += entropy * entropy / seeds;
        }
        double sigma = sqrt((squares - sum * sum) / (seeds - 1)),
               expected = (double)(page / logl(2));
        ck_assert_msg(fabs(sum - expected) < 5 * sigma, "NA = %d: %g, Page %g, sigma %g", na, sum,
                      expected, sigma);
        ck_assert(sigma < 0.05);
    }
}
END_TEST

START_TEST(matrix_product_states)
{
    for (int chi = 1; chi <= 8; chi++)
        for (int is_complex = 0; is_complex < 2; is_complex++) {
            char text[64];
            uint64_t masks[9];
            snprintf(text, sizeof text, "mps:chi=%d,complex=%d,seed=%d", chi, is_complex, chi);
            cutropy_problem *problem = must_problem(text, "chain:10");
            for (int k = 0; k < 9; k++)
                masks[k] = (UINT64_C(2) << k) - 1;
            cutropy_result *result = must_run(problem, masks, 9, NULL, 1, 1);
            double largest = 0;
            for (size_t k = 0; k < 9; k++) {
                const cutropy_record *r = row_record(result, k);
                ck_assert(r->entropy <= log2(chi) + r->entropy_err);
                largest = r->entropy > largest ? r->entropy : largest;
            }
            ck_assert_msg(chi == 1 || largest > 0.25 * log2(chi), "chi = %d: only %g bits", chi,
                          largest);
            cutropy_result_free(result);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* Ising chain, first k of n pixels. W_A(s, s') = sum over the inner spins of A of the squared
 * weights between its ends, a product of 2 x 2 transfer matrices; the cut bonds enter as V =
 * exp(beta j s s' / 2). rho_A has the spectrum of X X^T, X = sqrt(W_A) V sqrt(W_B) over the two end
 * spins of either side. */
static long double transfer(int steps, long double beta, long double j, long double h, int from,
                            int to)
{
    static const int spin[2] = {-1, 1};
    long double row[2] = {from == 0, from == 1};
    row[from] *= expl(beta * h * spin[from]);
    for (int k = 0; k < steps; k++) {
        long double next[2] = {0, 0};
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                next[b] += row[a] * expl(beta * (j * spin[a] * spin[b] + h * spin[b]));
        memcpy(row, next, sizeof row);
    }
    return row[to];
}

static long double ising_entropy(int n, int k, int ring, long double beta, long double j,
                                 long double h)
{
    static const int spin[2] = {-1, 1};
    long double x[16], rho[16], eigenvalue[4], trace = 0;
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            int a0 = a & 1, a1 = a >> 1, b0 = b & 1,
                b1 = b >> 1; /* first and last pixel of A, of B */
            long double exponent = beta * j / 2 * spin[a1] * spin[b0];
            exponent += ring ? beta * j / 2 * spin[b1] * spin[a0] : 0;
            x[4 * a + b] = expl(exponent) * sqrtl(transfer(k - 1, beta, j, h, a0, a1)) *
                           sqrtl(transfer(n - k - 1, beta, j, h, b0, b1));
        }
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            rho[4 * a + b] = 0;
            for (int c = 0; c < 4; c++)
                rho[4 * a + b] += x[4 * a + c] * x[4 * b + c];
            trace += a == b ? rho[4 * a + b] : 0;
        }
    for (int i = 0; i < 16; i++)
        rho[i] /= trace;
    oracle_jacobi(rho, 4, eigenvalue);
    return shannon(eigenvalue, 4);
}

START_TEST(ising_chain)
{
    static const double parameter[][3] = {
        {0.5, 1, 0}, {1.25, -1, 0}, {0.75, 0.5, 0.25}, {0, 1, 0}, {2, 1, -0.125}};
    for (size_t p = 0; p < 5; p++)
        for (int ring = 0; ring < 2; ring++) {
            char text[96], lattice[32];
            uint64_t masks[9];
            double beta = parameter[p][0], j = parameter[p][1], h = parameter[p][2];
            snprintf(text, sizeof text, "ising:beta=%g,j=%g,h=%g", beta, j, h);
            snprintf(lattice, sizeof lattice, "chain:10%s", ring ? ":ring" : "");
            cutropy_problem *problem = must_problem(text, lattice);
            for (int k = 1; k < 10; k++)
                masks[k - 1] = (UINT64_C(1) << k) - 1;
            cutropy_result *result = must_run(problem, masks, 9, NULL, 1, p % 2);
            for (int k = 1; k < 10; k++) {
                long double bits = ising_entropy(10, k, ring, beta, j, h);
                const cutropy_record *r = row_record(result, (size_t)k - 1);
                ck_assert(r->entropy_err < 1e-9);
                /* the amplitudes are rounded to doubles: a relative change of 2^-50 moves S by less
                 * than 1e-13 */
                ck_assert_msg(fabsl(r->entropy - bits) <= r->entropy_err + 1e-13L,
                              "%s %s k = %d: %.17g, not %.17Lg", text, lattice, k, r->entropy,
                              bits);
                if (h == 0 && !ring && beta > 0) {
                    long double c = 1 / coshl((long double)beta * j),
                                pair[2] = {(1 + c) / 2, (1 - c) / 2};
                    ck_assert(fabsl(shannon(pair, 2) - bits) < 1e-17L);
                }
            }
            cutropy_result_free(result);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* Hard squares cut between two rows: rows of pixels are the states of a transfer matrix T(u, v) =
 * no lit pair, so rho_A has the spectrum of X X^T, X(u, v) = sqrt(W_A(u)) T(u, v) sqrt(W_B(v)), W =
 * number of ways to go on. */
static void hard_squares(int lx, int ly)
{
    char lattice[32];
    size_t states = 0;
    unsigned state[64];
    long double ways[16][64], x[64 * 64], eigenvalue[64], total = 0;
    uint64_t masks[16];
    for (unsigned u = 0; u < 1U << lx; u++)
        if (!(u & (u >> 1)))
            state[states++] = u;
    for (int rows = 1; rows <= ly; rows++)
        for (size_t u = 0; u < states; u++) {
            ways[rows][u] = rows == 1;
            for (size_t v = 0; rows > 1 && v < states; v++)
                ways[rows][u] += state[u] & state[v] ? 0 : ways[rows - 1][v];
        }
    for (size_t u = 0; u < states; u++)
        total += ways[ly][u];
    for (int k = 1; k < ly; k++)
        masks[k - 1] = (UINT64_C(1) << (lx * k)) - 1;
    snprintf(lattice, sizeof lattice, "grid:%dx%d", lx, ly);
    cutropy_problem *problem = must_problem("independent-set", lattice);
    cutropy_result *result = must_run(problem, masks, (size_t)ly - 1, NULL, 2, 1);
    ck_assert_uint_eq(result->ones, (uint64_t)total);
    for (int k = 1; k < ly; k++) {
        for (size_t u = 0; u < states; u++)
            for (size_t w = 0; w < states; w++) {
                long double sum = 0;
                for (size_t v = 0; v < states; v++)
                    sum += state[v] & (state[u] | state[w]) ? 0 : ways[ly - k][v];
                x[u * states + w] = sum * sqrtl(ways[k][u] * ways[k][w]) / total;
            }
        oracle_jacobi(x, states, eigenvalue);
        expect_bits(result, (size_t)k - 1, shannon(eigenvalue, states));
        ck_assert_int_eq(row_record(result, (size_t)k - 1)->classes[0], (int64_t)states);
        ck_assert_int_eq(row_record(result, (size_t)k - 1)->classes[1], (int64_t)states);
    }
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}

START_TEST(independent_sets)
{
    hard_squares(2, 3);
    hard_squares(4, 4);
    hard_squares(3, 6);
    hard_squares(5, amount(5, 3));
    if (amount(1, 0))
        hard_squares(4, 7); /* 28 pixels: found by walking, not by a truth table */
}
END_TEST

CHECK_MAIN("closed_forms", independent_sets, loops_are_codes, parity_and_ghz, mirror_pairs, dicke,
           majority_and_threshold, bars_and_stripes, inner_product, page_average,
           matrix_product_states, ising_chain)
