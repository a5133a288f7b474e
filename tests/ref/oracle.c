/* SPDX-License-Identifier: Apache-2.0 */
/* See oracle.h. Methods: cyclic Jacobi (Golub and Van Loan, 8.5); Bareiss elimination (Math. Comp.
 * 22, 1968). */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

/* The largest primes below 2^61. An integer below 2^366 that vanishes modulo all of them is zero.
 */
static const uint64_t primes[] = {
    (UINT64_C(1) << 61) - 1,   (UINT64_C(1) << 61) - 31,  (UINT64_C(1) << 61) - 45,
    (UINT64_C(1) << 61) - 229, (UINT64_C(1) << 61) - 259, (UINT64_C(1) << 61) - 283,
};
#define PRIMES (sizeof primes / sizeof primes[0])

static void *must(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

uint64_t oracle_spread(uint64_t value, uint64_t mask)
{
    uint64_t image = 0;
    for (int pixel = 0; pixel < 64; pixel++) {
        if (!(mask >> pixel & 1))
            continue;
        if (value & 1)
            image |= UINT64_C(1) << pixel;
        value >>= 1;
    }
    return image;
}

static int count_pixels(uint64_t mask)
{
    int count = 0;
    for (int pixel = 0; pixel < 64; pixel++)
        count += (int)(mask >> pixel & 1);
    return count;
}

/* ---- the cut matrix ----------------------------------------------------------------------- */

/* M is rows x columns; entry (a, b) is the value of image[a * columns + b]. */
typedef struct cut_matrix {
    const oracle_function *f;
    size_t rows, columns;
    uint64_t *image;
} cut_matrix;

static cut_matrix write_matrix(const oracle_function *f, uint64_t mask)
{
    uint64_t everything = (UINT64_C(1) << f->pixels) - 1;
    int na = count_pixels(mask);
    cut_matrix m = {f, (size_t)1 << na, (size_t)1 << (f->pixels - na), NULL};
    m.image = must(m.rows * m.columns, sizeof *m.image);
    for (size_t a = 0; a < m.rows; a++)
        for (size_t b = 0; b < m.columns; b++)
            m.image[a * m.columns + b] =
                oracle_spread(a, mask) | oracle_spread(b, everything & ~mask);
    return m;
}

static long double real_part(const cut_matrix *m, size_t a, size_t b)
{
    uint64_t s = m->image[a * m->columns + b];
    if (m->f->integers)
        return (long double)m->f->integers[s];
    return m->f->reals ? (long double)m->f->reals[s] : (long double)m->f->complexes[2 * s];
}

static long double imaginary_part(const cut_matrix *m, size_t a, size_t b)
{
    return m->f->complexes ? (long double)m->f->complexes[2 * m->image[a * m->columns + b] + 1]
                           : 0.0L;
}

static int rows_equal(const cut_matrix *m, size_t i, size_t j)
{
    for (size_t b = 0; b < m->columns; b++)
        if (real_part(m, i, b) != real_part(m, j, b) ||
            imaginary_part(m, i, b) != imaginary_part(m, j, b))
            return 0;
    return 1;
}

static int row_is_zero(const cut_matrix *m, size_t i)
{
    for (size_t b = 0; b < m->columns; b++)
        if (real_part(m, i, b) != 0 || imaginary_part(m, i, b) != 0)
            return 0;
    return 1;
}

static int64_t count_classes(const oracle_function *f, uint64_t mask)
{
    cut_matrix m = write_matrix(f, mask);
    int64_t classes = 0;
    for (size_t i = 0; i < m.rows; i++) {
        int seen = row_is_zero(&m, i);
        for (size_t j = 0; j < i && !seen; j++)
            seen = rows_equal(&m, i, j);
        classes += !seen;
    }
    free(m.image);
    return classes;
}

/* ---- eigenvalues -------------------------------------------------------------------------- */

static void rotate(long double *matrix, size_t n, size_t p, size_t q)
{
    long double apq = matrix[p * n + q];
    if (apq == 0)
        return;
    long double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * apq);
    long double t = (theta >= 0 ? 1 : -1) / (fabsl(theta) + sqrtl(theta * theta + 1));
    long double c = 1 / sqrtl(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        long double x = matrix[k * n + p], y = matrix[k * n + q];
        matrix[k * n + p] = c * x - s * y;
        matrix[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        long double x = matrix[p * n + k], y = matrix[q * n + k];
        matrix[p * n + k] = c * x - s * y;
        matrix[q * n + k] = s * x + c * y;
    }
    matrix[p * n + q] = matrix[q * n + p] = 0;
}

static int compare_descending(const void *left, const void *right)
{
    long double x = *(const long double *)left, y = *(const long double *)right;
    return (x < y) - (x > y);
}

void oracle_jacobi(long double *matrix, size_t n, long double *eigenvalue)
{
    for (int sweep = 0; sweep < 60; sweep++) {
        long double off = 0, diagonal = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                *(i == j ? &diagonal : &off) += matrix[i * n + j] * matrix[i * n + j];
        if (off <= diagonal * 1e-46L)
            break;
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++)
                rotate(matrix, n, p, q);
    }
    for (size_t i = 0; i < n; i++)
        eigenvalue[i] = matrix[i * n + i];
    qsort(eigenvalue, n, sizeof *eigenvalue, compare_descending);
}

/* rho (real and imaginary part) over all states of A, normalised by its trace; returns <f|f>. */
static long double write_rho(const cut_matrix *m, long double *re, long double *im)
{
    size_t n = m->rows;
    long double trace = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            long double x = 0, y = 0;
            for (size_t b = 0; b < m->columns; b++) {
                long double p = real_part(m, i, b), q = imaginary_part(m, i, b);
                long double r = real_part(m, j, b), s = imaginary_part(m, j, b);
                x += p * r + q * s;
                y += q * r - p * s;
            }
            re[i * n + j] = x;
            im[i * n + j] = y;
            trace += i == j ? x : 0;
        }
    for (size_t k = 0; k < n * n; k++) {
        re[k] /= trace;
        im[k] /= trace;
    }
    return trace;
}

/* Tr rho^2 and Tr rho^3 of a Hermitian matrix, from its entries. */
static void write_traces(const long double *re, const long double *im, size_t n,
                         oracle_answer *answer)
{
    long double second = 0, third = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            long double x = 0, y = 0; /* (rho^2)_ij */
            for (size_t k = 0; k < n; k++) {
                x += re[i * n + k] * re[k * n + j] - im[i * n + k] * im[k * n + j];
                y += re[i * n + k] * im[k * n + j] + im[i * n + k] * re[k * n + j];
            }
            second += i == j ? x : 0;
            third += x * re[j * n + i] - y * im[j * n + i];
        }
    answer->purity = second;
    answer->tr_rho3 = third;
}

/* Hermitian X + iY has the eigenvalues of the real matrix ((X, -Y), (Y, X)), each once instead of
 * twice. */
static void diagonalise(const long double *re, const long double *im, size_t n, int is_complex,
                        long double *eigenvalue)
{
    size_t size = is_complex ? 2 * n : n;
    long double *matrix = must(size * size, sizeof *matrix), *all = must(size, sizeof *all);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            matrix[i * size + j] = re[i * n + j];
            if (!is_complex)
                continue;
            matrix[(i + n) * size + j + n] = re[i * n + j];
            matrix[i * size + j + n] = -im[i * n + j];
            matrix[(i + n) * size + j] = im[i * n + j];
        }
    oracle_jacobi(matrix, size, all);
    for (size_t i = 0; i < n; i++)
        eigenvalue[i] = is_complex ? (all[2 * i] + all[2 * i + 1]) / 2 : all[i];
    free(matrix);
    free(all);
}

void oracle_solve(const oracle_function *f, uint64_t mask, oracle_answer *answer)
{
    uint64_t everything = (UINT64_C(1) << f->pixels) - 1;
    cut_matrix m = write_matrix(f, mask);
    size_t n = m.rows;
    long double *re = must(n * n, sizeof *re), *im = must(n * n, sizeof *im);
    memset(answer, 0, sizeof *answer);
    answer->dimension = n;
    answer->eigenvalue = must(n, sizeof *answer->eigenvalue);
    answer->norm = write_rho(&m, re, im);
    write_traces(re, im, n, answer);
    diagonalise(re, im, n, f->complexes != NULL, answer->eigenvalue);
    answer->rank = oracle_rank(f, mask);
    for (size_t i = (size_t)answer->rank; i < n; i++)
        answer->eigenvalue[i] = 0;
    answer->classes[0] = count_classes(f, mask);
    answer->classes[1] = count_classes(f, everything & ~mask);
    answer->entropy = oracle_renyi(answer, 1);
    free(re);
    free(im);
    free(m.image);
}

void oracle_free(oracle_answer *answer)
{
    free(answer->eigenvalue);
    answer->eigenvalue = NULL;
}

/* ---- entropies ---------------------------------------------------------------------------- */

/* In terms of the ratios to the largest eigenvalue (no underflow), and near order 1 by log1p and
 * expm1. */
long double oracle_renyi(const oracle_answer *answer, long double alpha)
{
    long double sum = 0, top = answer->eigenvalue[0];
    if (isinf(alpha))
        return -log2l(top);
    if (alpha == 0)
        return log2l((long double)answer->rank);
    int near = fabsl(alpha - 1) < 0.01L;
    for (size_t i = 0; i < answer->dimension; i++) {
        long double p = answer->eigenvalue[i];
        if (p <= 0)
            continue;
        if (alpha == 1)
            sum -= p * log2l(p);
        else
            sum += near ? p * expm1l((alpha - 1) * logl(p)) : powl(p / top, alpha);
    }
    if (alpha == 1)
        return sum;
    return near ? log1pl(sum) / logl(2) / (1 - alpha)
                : (log2l(sum) + alpha * log2l(top)) / (1 - alpha);
}

long double oracle_renyi_slack(const oracle_answer *answer, long double alpha, long double delta)
{
    long double sum = 0, change = 0;
    if (isinf(alpha))
        return delta / answer->eigenvalue[0] / logl(2);
    if (alpha == 0)
        return 0;
    for (int64_t i = 0; i < answer->rank; i++) {
        long double p = answer->eigenvalue[i] > 0 ? answer->eigenvalue[i] : 0,
                    top = answer->eigenvalue[0];
        long double low = p > delta ? p - delta : 0;
        if (fabsl(alpha - 1) < 0.01L) {
            change += 2 * delta * (fabsl(log2l(p + delta)) + 2);
            continue;
        }
        sum += powl(p / top, alpha);
        change += powl((p + delta) / top, alpha) - powl(low / top, alpha);
    }
    return fabsl(alpha - 1) < 0.01L ? change : change / sum / fabsl(1 - alpha) / logl(2);
}

long double oracle_error(const oracle_answer *answer)
{
    return oracle_renyi_slack(answer, 1, 4e-19L * (long double)(4 + answer->dimension));
}

/* ---- rank --------------------------------------------------------------------------------- */

static uint64_t multiply(uint64_t x, uint64_t y, uint64_t p)
{
    return (uint64_t)((uwide)x * y % p);
}

static uint64_t power(uint64_t x, uint64_t exponent, uint64_t p)
{
    uint64_t y = 1;
    for (; exponent; exponent >>= 1, x = multiply(x, x, p))
        if (exponent & 1)
            y = multiply(y, x, p);
    return y;
}

static uint64_t from_integer(int64_t x, uint64_t p)
{
    int64_t rest = x % (int64_t)p;
    return (uint64_t)(rest < 0 ? rest + (int64_t)p : rest);
}

/* A double is an integer times a power of two, and two has an inverse modulo p. */
static uint64_t from_double(double x, uint64_t p)
{
    int exponent;
    double mantissa = frexp(x, &exponent);
    uint64_t value = from_integer((int64_t)ldexp(mantissa, 53), p);
    exponent -= 53;
    uint64_t two = exponent >= 0 ? 2 : (p + 1) / 2;
    return multiply(value, power(two, (uint64_t)(exponent < 0 ? -exponent : exponent), p), p);
}

/* Gaussian elimination modulo p; the matrix is destroyed. */
static int64_t rank_modulo(uint64_t *matrix, size_t rows, size_t columns, uint64_t p)
{
    size_t rank = 0;
    for (size_t column = 0; column < columns && rank < rows; column++) {
        size_t pivot = rank;
        while (pivot < rows && !matrix[pivot * columns + column])
            pivot++;
        if (pivot == rows)
            continue;
        for (size_t k = 0; k < columns; k++) {
            uint64_t swap = matrix[pivot * columns + k];
            matrix[pivot * columns + k] = matrix[rank * columns + k];
            matrix[rank * columns + k] = swap;
        }
        uint64_t inverse = power(matrix[rank * columns + column], p - 2, p);
        for (size_t i = rank + 1; i < rows; i++) {
            uint64_t factor = multiply(matrix[i * columns + column], inverse, p);
            for (size_t k = column; factor && k < columns; k++) {
                uint64_t product = multiply(factor, matrix[rank * columns + k], p);
                uint64_t entry = matrix[i * columns + k];
                matrix[i * columns + k] = entry >= product ? entry - product : entry + p - product;
            }
        }
        rank++;
    }
    return (int64_t)rank;
}

/* The residues of M (complex: of its real embedding, twice as large each way). */
static void write_residues(const cut_matrix *m, uint64_t p, uint64_t *out, size_t width)
{
    for (size_t a = 0; a < m->rows; a++)
        for (size_t b = 0; b < m->columns; b++) {
            uint64_t s = m->image[a * m->columns + b];
            if (m->f->integers) {
                out[a * width + b] = from_integer(m->f->integers[s], p);
            } else if (m->f->reals) {
                out[a * width + b] = from_double(m->f->reals[s], p);
            } else {
                uint64_t x = from_double(m->f->complexes[2 * s], p),
                         y = from_double(m->f->complexes[2 * s + 1], p);
                out[a * width + b] = out[(a + m->rows) * width + b + m->columns] = x;
                out[(a + m->rows) * width + b] = y;
                out[a * width + b + m->columns] = y ? p - y : 0;
            }
        }
}

int64_t oracle_rank(const oracle_function *f, uint64_t mask)
{
    cut_matrix m = write_matrix(f, mask);
    size_t factor = f->complexes ? 2 : 1, height = factor * m.rows, width = factor * m.columns;
    uint64_t *residue = must(height * width, sizeof *residue);
    int64_t rank = 0;
    for (size_t i = 0; i < 3; i++) {
        write_residues(&m, primes[i], residue, width);
        int64_t found = rank_modulo(residue, height, width, primes[i]);
        rank = found > rank ? found : rank;
    }
    free(residue);
    free(m.image);
    return rank / (int64_t)factor;
}

/* One Bareiss step: out = (x * y - z * w) / divisor, exact; 0 on overflow. */
static int bareiss_entry(wide x, wide y, wide z, wide w, wide divisor, wide *out)
{
    wide left, right, difference;
    if (__builtin_mul_overflow(x, y, &left) || __builtin_mul_overflow(z, w, &right) ||
        __builtin_sub_overflow(left, right, &difference))
        return 0;
    *out = difference / divisor;
    return 1;
}

int64_t oracle_rank_bareiss(const int64_t *matrix, size_t rows, size_t columns)
{
    wide *work = must(rows * columns, sizeof *work), divisor = 1;
    size_t rank = 0;
    int fits = 1;
    for (size_t k = 0; k < rows * columns; k++)
        work[k] = matrix[k];
    for (size_t column = 0; column < columns && rank < rows && fits; column++) {
        size_t pivot = rank;
        while (pivot < rows && !work[pivot * columns + column])
            pivot++;
        if (pivot == rows)
            continue;
        for (size_t k = 0; k < columns; k++) {
            wide swap = work[pivot * columns + k];
            work[pivot * columns + k] = work[rank * columns + k];
            work[rank * columns + k] = swap;
        }
        wide head = work[rank * columns + column];
        for (size_t i = rank + 1; i < rows; i++) {
            wide first = work[i * columns + column];
            for (size_t k = column; k < columns && fits; k++)
                fits = bareiss_entry(head, work[i * columns + k], first, work[rank * columns + k],
                                     divisor, &work[i * columns + k]);
        }
        divisor = head;
        rank++;
    }
    free(work);
    return fits ? (int64_t)rank : -1;
}

/* ---- exact traces ------------------------------------------------------------------------- */

/* Tr G and Tr G^power modulo p, G = M M^T over all states of A. */
static void traces_modulo(const cut_matrix *m, int exponent, uint64_t p, uint64_t *first,
                          uint64_t *last)
{
    size_t n = m->rows;
    uint64_t *x = must(n * m->columns, sizeof *x), *gram = must(n * n, sizeof *gram);
    write_residues(m, p, x, m->columns);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            uint64_t sum = 0;
            for (size_t b = 0; b < m->columns; b++)
                sum = (sum + multiply(x[i * m->columns + b], x[j * m->columns + b], p)) % p;
            gram[i * n + j] = sum;
        }
    *first = *last = 0;
    for (size_t i = 0; i < n; i++) {
        *first = (*first + gram[i * n + i]) % p;
        for (size_t j = 0; j < n; j++) {
            uint64_t entry = gram[i * n + j]; /* of G^(exponent - 1) */
            for (size_t k = 0; exponent == 3 && k < n; k++)
                entry = k ? (entry + multiply(gram[i * n + k], gram[k * n + j], p)) % p
                          : multiply(gram[i * n], gram[j], p);
            *last = (*last + multiply(entry, gram[j * n + i], p)) % p;
        }
    }
    free(x);
    free(gram);
}

static uwide greatest_divisor(uwide x, uwide y)
{
    while (y) {
        uwide rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

int oracle_is_trace(const oracle_function *f, uint64_t mask, int exponent, const uint64_t p[2],
                    const uint64_t q[2])
{
    cut_matrix m = write_matrix(f, mask);
    uwide top = (uwide)p[1] << 64 | p[0], bottom = (uwide)q[1] << 64 | q[0];
    int right = bottom && greatest_divisor(top, bottom) == 1;
    for (size_t i = 0; i < PRIMES && right; i++) {
        uint64_t prime = primes[i], first, last;
        traces_modulo(&m, exponent, prime, &first, &last);
        uint64_t left =
            multiply((uint64_t)(top % prime), power(first, (uint64_t)exponent, prime), prime);
        right = left == multiply((uint64_t)(bottom % prime), last, prime);
    }
    free(m.image);
    return right;
}
