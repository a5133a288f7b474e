/* SPDX-License-Identifier: Apache-2.0 */
/* Reference curves: mean entropies of random states and of random 0/1 functions. */
#include <cutropy/scaling.h>

#include <math.h>

#define LN2 0.69314718055994530942
#define SUM_LIMIT 8       /* dimensions up to 2^8 are summed term by term: at most 65535 terms */
#define SMALLEST_SIGNAL 8 /* density 2^(N/2) */
#define LEAST_N 10        /* what was measured; expansions in 1/n say too little below */
#define LARGEST_N 1000    /* 2^N is a double */

/* sum_{k=n+1}^{mn} 1/k, smallest terms first, with a compensated sum. */
static double harmonic_sum(long m, long n)
{
    double total = 0, slip = 0;
    for (long k = m * n; k > n; k--) {
        double term = 1.0 / (double)k - slip, next = total + term;
        slip = (next - total) - term;
        total = next;
    }
    return total;
}

/* H(1/x) in H_n = ln n + Euler's constant + H: 1/(2n) - 1/(12 n^2) + ...; x = 1/n <= 2^-8 */
static double harmonic_tail(double x)
{
    double square = x * x;
    return x / 2 - square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252)));
}

double cutropy_page_entropy(int na, int nb)
{
    int low = na < nb ? na : nb, high = na < nb ? nb : na;
    if (low <= 0)
        return 0;
    if (high <= SUM_LIMIT) {
        long m = 1L << low, n = 1L << high;
        return (harmonic_sum(m, n) - (double)(m - 1) / (2 * (double)n)) / LN2;
    }
    /* H_mn - H_n = ln m + tail(mn) - tail(n), and ln m = low ln 2 is exact in bits. */
    double x = ldexp(1, -high); /* 0 beyond 2^-1074: then the rest vanishes too */
    double rest = harmonic_tail(ldexp(x, -low)) - harmonic_tail(x);
    return low + (rest - (ldexp(x, low) - x) / 2) / LN2;
}

/* ---- random 0/1 functions; the letters are those of docs/scaling.md ---- */

/* -p ln p */
static double eta(double p)
{
    return p > 0 ? -p * log(p) : 0;
}

/* Correction of the Marchenko-Pastur law for real matrices, linear statistic x ln x, h = sqrt y. */
static double real_correction(double h)
{
    double y = h * h;
    if (h < 1e-3)
        return y / 2 - y * y / 12;
    double low = h < 1 ? (1 - h) * (1 - h) * log1p(-h) : 0;
    return (low + (1 + h) * (1 + h) * log1p(h)) / 2 - y;
}

/* Mean entropy in nats of W W^T / Tr, W m x n real with independent entries of excess kurtosis k,
 * m <= n. */
static double bulk_entropy(double m, double n, double k)
{
    double y = m / n;
    double correction = real_correction(sqrt(y)) + k * (y / 2 - y * y / 6);
    return log(m) - y / 2 - correction / m + (2 + k) / (2 * m * n);
}

double cutropy_random_set_entropy(int na, int nb, double density)
{
    if (!(density > 0 && density <= 1) || na + nb > LARGEST_N || na + nb < LEAST_N ||
        density * sqrt(ldexp(1, na + nb)) < SMALLEST_SIGNAL)
        return NAN;
    if (na <= 0 || nb <= 0 || density == 1)
        return 0;
    const double p = density, m = ldexp(1, na < nb ? na : nb), n = ldexp(1, na < nb ? nb : na);
    const double corner = (1 - 1 / m) * (1 - 1 / n);
    double second = ((1 - p) * (1 - p) + 2 * (1 - p) * (1 - 2 * p)) / (p * m * n);
    double rest = (1 - p) * corner - second * corner; /* 1 - lambda_1 */
    double kurtosis = (1 / (p * (1 - p)) - 6) * corner;
    double bulk = m > 2 ? bulk_entropy(m - 1, n - 1, kurtosis) : 0;
    return (eta(1 - rest) + eta(rest) + rest * bulk) / LN2;
}
