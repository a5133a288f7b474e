/* SPDX-License-Identifier: Apache-2.0 */
/* From the last site to the first. F_k, the rows of the classes of level k, is X_k Q_k with the product Q_k of the sites behind, whose
 * rows are orthonormal. With m_i images that lead to class i, f is D^1/2 F_k after an isometry, D = diag(m): the
 * Schmidt decomposition of cut k is the singular value decomposition of D^1/2 Y, where
 * Y = [X_{k+1}[next(., 0)] | X_{k+1}[next(., 1)]]. Its right vectors are the site A, and X_k = Y A^H. Rows of another state have a Gram matrix in
 * place of D, of which D is an upper bound.
 *
 * The error is proved from the numbers themselves, whatever the decomposition did: E_k = Y - X_k A is what the site
 * leaves out, and since different classes have different images,
 *     || f - MPS || <= sum over k of sqrt(sum m_i |E_k[i]|^2) || Q_{k+1} ||,
 * with || Q_k ||^2 <= the product over j >= k of (1 + || A_j A_j^H - 1 ||_F). The terms are almost orthogonal, because
 * E_k A^H = Y A^H - X A A^H is rounding, and terms of j < k end in rows of Q_k; so the root of the sum of their squares and of twice the
 * bounds of their inner products is a bound too, the better one where a site leaves out weight. E_k and A A^H are computed in long doubles, with
 * the bound gamma_n of their rounding (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1). */
#include "analysis/export/mps_orthogonal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define UNIT (DBL_EPSILON / 2)
#define LONG_UNIT ((double)LDBL_EPSILON / 2)
#define GROWN                                                                                      \
    (1 +                                                                                           \
     0x1p-20) /* rounding of the sums of squares of what is at most 2^30 numbers, and of products of norms */

void ct_orthogonal_free(ct_orthogonal *mps)
{
    for (int k = 0; mps->site && k < mps->sites; k++)
        ct_free(mps->site[k]);
    ct_free(mps->site);
    ct_free(mps->dimension);
    ct_free(mps->bond);
    ct_free(mps->discarded);
    *mps = (ct_orthogonal){0};
}

typedef struct ct_sweep {
    const ct_rows *rows;
    const ct_operations *backend;
    double cutoff;
    int parts;
    double *x; /* X_{k+1}: rows x right (x parts) */
    double *y, *scaled, *vectors, *values;
    double norm;     /* |psi| */
    double isometry; /* || Q_{k+1} || */
    /* With d_k = || L_k E_k Q_{k+1} ||, of the sites so far: */
    double sum, squares; /* of d_k */
    double inner;        /* of 2 |<j, k>|, pairs of sites */
    double
        overlap; /* of what is left of site k in the rows of Q_k, so that |<j, k>| <= d_j times that */
} ct_sweep;

static double gamma_of(double n, double unit)
{
    return n * unit / (1 - n * unit);
}

/* ---- one site ---- */

/* How many singular values stay, at least one. */
static int32_t find_kept(const ct_sweep *s, int32_t count, double rounding, double *discarded)
{
    int32_t kept = 0;
    double tail = 0;
    while (kept < count && s->values[kept] > rounding * s->values[0])
        kept++;
    kept = kept ? kept : 1;
    for (int32_t i = count - 1; i >= kept; i--)
        tail += s->values[i] * s->values[i];
    const double room = s->cutoff * s->norm * s->norm;
    while (kept > 1 && tail + s->values[kept - 1] * s->values[kept - 1] <= room) {
        kept--;
        tail += s->values[kept] * s->values[kept];
    }
    *discarded = tail / (s->norm * s->norm);
    return kept;
}

/* x[i][j] = sum over c of y[i][c] conj(a[j][c]); turned: a with its indices exchanged. */
static void project(const ct_sweep *s, int64_t states, int32_t kept, size_t columns,
                    const double *a, double *turned, double *x)
{
    const size_t parts = (size_t)s->parts, width = (size_t)kept * parts;
    for (size_t j = 0; j < (size_t)kept; j++)
        for (size_t c = 0; c < columns; c++) /* parts stay neighbours */
            turned[c / parts * width + j * parts + c % parts] = a[j * columns + c];
    memset(x, 0, (size_t)states * width * sizeof *x);
    for (size_t i = 0; i < (size_t)states; i++)
        for (size_t c = 0; c < columns / parts; c++) {
            const double *p = s->y + i * columns + c * parts, *q = turned + c * width;
            double *to = x + i * width;
            if (parts == 1)
                for (size_t j = 0; j < width; j++)
                    to[j] += p[0] * q[j];
            else
                for (size_t j = 0; j < width; j += 2) {
                    to[j] += p[0] * q[j] + p[1] * q[j + 1];
                    to[j + 1] += p[1] * q[j] - p[0] * q[j + 1];
                }
        }
}

/* Bounds of || D^1/2 (Y - X A) ||_F and of || D^1/2 Y ||_F, || D^1/2 X ||_F, || A ||_F. */
typedef struct ct_site_norms {
    double left_out, y, x, a;
} ct_site_norms;

static cutropy_status bound_left_out(const ct_sweep *s, int k, int32_t kept, size_t columns,
                                     const double *a, const double *x, long double *row,
                                     double *left, ct_site_norms *norms)
{
    const int64_t states = s->rows->count(s->rows->context, k);
    const double *weight = s->rows->weight(s->rows->context, k);
    const size_t parts = (size_t)s->parts;
    double out = 0, x_size = 0, y_size = 0, of_a = 0;
    for (size_t c = 0; c < (size_t)kept * columns; c++)
        of_a += a[c] * a[c];
    for (size_t i = 0; i < (size_t)states; i++) {
        double mine = 0, of_x = 0, of_y = 0;
        for (size_t c = 0; c < columns; c++) {
            row[c] = s->y[i * columns + c];
            of_y += s->y[i * columns + c] * s->y[i * columns + c];
        }
        for (size_t j = 0; j < (size_t)kept; j++) {
            const double *q = a + j * columns, *p = x + (i * (size_t)kept + j) * parts;
            for (size_t c = 0; c < columns; c += parts) {
                row[c] -= (long double)p[0] * q[c];
                if (parts == 2) {
                    row[c] += (long double)p[1] * q[c + 1];
                    row[c + 1] -= (long double)p[0] * q[c + 1];
                    row[c + 1] -= (long double)p[1] * q[c];
                }
            }
            for (size_t part = 0; part < parts; part++)
                of_x += p[part] * p[part];
        }
        for (size_t c = 0; c < columns; c++) {
            mine += (double)row[c] * (double)row[c];
            if (left)
                left[i * columns + c] = (double)row[c];
        }
        out += weight[i] * mine;
        x_size += weight[i] * of_x;
        y_size += weight[i] * of_y;
    }
    /* |row - exact| <= gamma (|y| + |x| |A|), by rows || |x| |A| || <= ||x|| ||A||_F; (a + b)^2 <= 2 (a^2 + b^2) */
    const double rounding = gamma_of((double)parts * kept + 2, LONG_UNIT) * (double)parts *
                            sqrt(2 * (y_size + of_a * x_size));
    *norms = (ct_site_norms){(sqrt(out) + rounding) * GROWN, sqrt(y_size) * GROWN,
                             sqrt(x_size) * GROWN, sqrt(of_a) * GROWN};
    if (!left)
        return CUTROPY_OK;
    double size = 0;
    const cutropy_status status = s->rows->size(s->rows->context, k, (int64_t)columns, left, &size);
    norms->left_out = fmin(norms->left_out, (size + rounding) * GROWN);
    return status;
}

/* A bound of || A A^H - 1 ||_F. */
static double bound_isometry(const ct_sweep *s, int32_t kept, size_t columns, const double *a)
{
    double sum = 0, most = 0;
    for (size_t i = 0; i < (size_t)kept; i++)
        for (size_t j = i; j < (size_t)kept; j++) {
            const double *p = a + i * columns, *q = a + j * columns;
            long double real = 0, imaginary = 0;
            for (size_t c = 0; c < columns; c++)
                real += (long double)p[c] * q[c];
            for (size_t c = 0; s->parts == 2 && c < columns; c += 2) {
                imaginary += (long double)p[c + 1] * q[c];
                imaginary -= (long double)p[c] * q[c + 1];
            }
            if (i == j)
                most = fmax(most, (double)real);
            const double off = (double)(real - (i == j)), other = (double)imaginary;
            sum += (i == j ? 1 : 2) * (off * off + other * other);
        }
    /* |p| |q| <= most (1 + ..) for all pairs, two parts of each sum */
    const double rounding =
        gamma_of((double)columns + 2, LONG_UNIT) * 2 * most * (double)s->parts * (double)kept;
    return (sqrt(sum) + rounding) * GROWN;
}

/* What the site adds to the error, and || Q_k ||. */
static void note(ct_sweep *s, const ct_site_norms *norms, double defect, size_t columns)
{
    const double before = s->isometry, off = before * before * GROWN - 1,
                 mine = norms->left_out * before;
    s->isometry *= sqrt(1 + defect) * (1 + 4 * UNIT);
    s->inner += 2 * mine * s->overlap; /* pairs with the sites behind */
    s->sum += mine;
    s->squares += mine * mine;
    /* E_k Q_{k+1} Q_k^H: rounding of X, the defects of A and of Q_{k+1}; over the smallest singular value of Q_k */
    const double rounding = gamma_of((double)columns + 2, UNIT) * s->parts * norms->y * norms->a,
                 all = s->isometry * s->isometry * GROWN - 1;
    s->overlap += all < 0.5
                      ? (rounding + norms->x * defect + norms->left_out * off * (1 + defect)) /
                            sqrt(1 - all) * GROWN
                      : INFINITY;
}

static double lost(const ct_sweep *s)
{
    return fmin(s->sum, sqrt(s->squares + s->inner)) * GROWN;
}

static cutropy_status sweep_site(ct_sweep *s, int k, int32_t right, ct_orthogonal *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t states = s->rows->count(s->rows->context, k),
                  wide = (int64_t)s->rows->dimension[k] * right;
    const size_t columns = (size_t)wide * (size_t)s->parts;
    int64_t rows = 0;
    long double *row = NULL;
    double *x = NULL, *turned = NULL, *left = NULL;
    ct_site_norms norms;
    CT_NEW_ZERO(s->y, (size_t)states * columns);
    CT_TRY(s->rows->fill(s->rows->context, k, right, s->x, s->y, &s->scaled, &rows));
    const int32_t count = (int32_t)(rows < wide ? rows : wide);
    CT_NEW(s->values, count);
    CT_NEW(s->vectors, (size_t)count * columns);
    CT_NEW(row, columns);
    if (s->rows->size)
        CT_NEW(left, (size_t)states * columns);
    CT_TRY(s->backend->singular_vectors(rows, wide, s->parts == 2, s->scaled, s->values, NULL,
                                        s->vectors));
    const int32_t kept =
        find_kept(s, count, DBL_EPSILON * (double)(rows > wide ? rows : wide), &out->discarded[k]);
    out->bond[k] = kept;
    CT_NEW(out->site[k], (size_t)kept * columns);
    memcpy(out->site[k], s->vectors, (size_t)kept * columns * sizeof *s->vectors);
    CT_NEW(x, (size_t)states * (size_t)kept * (size_t)s->parts);
    CT_NEW(turned, (size_t)kept * columns);
    project(s, states, kept, columns, out->site[k], turned, x);
    CT_TRY(bound_left_out(s, k, kept, columns, out->site[k], x, row, left, &norms));
    note(s, &norms, bound_isometry(s, kept, columns, out->site[k]), columns);
    ct_free(s->x);
    s->x = x;
    x = NULL;
done:
    ct_free(x);
    ct_free(turned);
    ct_free(left);
    ct_free(row);
    ct_free(s->y);
    ct_free(s->scaled);
    ct_free(s->vectors);
    ct_free(s->values);
    s->y = s->scaled = s->vectors = s->values = NULL;
    return status;
}

/* X_0, one number, and the norm go into the first site. */
static void close(ct_sweep *s, ct_orthogonal *out)
{
    double joined = 0;
    if (s->rows->join)
        s->rows->join(s->rows->context, s->x, &joined);
    const size_t parts = (size_t)s->parts, count = (size_t)out->dimension[0] * (size_t)out->bond[1];
    const double real = s->x[0] / s->norm, imaginary = parts == 2 ? s->x[1] / s->norm : 0,
                 relative = s->rows->relative;
    double *a = out->site[0];
    for (size_t i = 0; i < count; i++) {
        const double x = a[i * parts], y = parts == 2 ? a[i * parts + 1] : 0;
        a[i * parts] = real * x - (parts == 2 ? imaginary * y : 0);
        if (parts == 2)
            a[i * parts + 1] = real * y + imaginary * x;
    }
    /* the norm, the values, and at most 8 roundings of numbers whose squares add up to || Q_0 X_0 ||^2 / norm^2 */
    out->error = ((lost(s) + joined * s->isometry) / s->norm * (1 + 2 * relative) + 2 * relative +
                  8 * UNIT * s->isometry * hypot(real, imaginary)) *
                 GROWN;
}

cutropy_status ct_orthogonal_sweep(const ct_rows *rows, double *ends, const ct_operations *backend,
                                   double cutoff, const ct_watch *watch, ct_orthogonal *out)
{
    cutropy_status status = CUTROPY_OK;
    const int sites = rows->sites;
    ct_sweep s = {.rows = rows,
                  .backend = backend,
                  .cutoff = cutoff,
                  .parts = rows->parts,
                  .norm = rows->norm,
                  .x = ends,
                  .isometry = 1};
    *out = (ct_orthogonal){.sites = sites, .parts = rows->parts};
    CT_NEW(out->dimension, sites);
    memcpy(out->dimension, rows->dimension, (size_t)sites * sizeof *out->dimension);
    CT_NEW(out->bond, sites + 1);
    CT_NEW_ZERO(out->site, sites);
    CT_NEW_ZERO(out->discarded, sites + 1);
    out->bond[sites] = 1;
    for (int k = sites - 1; k >= 0; k--) {
        if (ct_asked_to_stop(watch, "sites", (uint64_t)(sites - 1 - k), (uint64_t)sites))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped before site %d", k));
        CT_TRY(sweep_site(&s, k, out->bond[k + 1], out));
    }
    close(&s, out);
done:
    ct_free(s.x);
    return status;
}

/* ---- diagrams ---- */

typedef struct ct_diagram_rows {
    const ct_diagram *diagram;
    int parts;
    uint64_t memory_limit;
    double **weight; /* sites + 1: m of the states of each level, within (1 + u)^N */
} ct_diagram_rows;

static cutropy_status find_weights(ct_diagram_rows *s)
{
    cutropy_status status = CUTROPY_OK;
    const ct_levels *l = &s->diagram->levels;
    CT_NEW_ZERO(s->weight, l->pixels + 1);
    for (int k = 0; k <= l->pixels; k++)
        CT_NEW_ZERO(s->weight[k], l->count[k]);
    s->weight[0][0] = 1;
    for (int k = 0; k < l->pixels; k++)
        for (int32_t i = 0; i < l->count[k]; i++)
            for (int bit = 0; bit < 2; bit++)
                if (l->next[k][i][bit] >= 0)
                    s->weight[k + 1][l->next[k][i][bit]] += s->weight[k][i];
done:
    return status;
}

/* The values, the largest part being between 1/2 and 1: a power of two changes nothing but numbers 2^-1000 times smaller. */
static cutropy_status take_values(const ct_diagram_rows *s, ct_rows *rows, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_diagram *d = s->diagram;
    const int32_t count = d->levels.count[d->levels.pixels];
    const size_t numbers = (size_t)count * (size_t)s->parts;
    double most = 0, *x = NULL;
    long double sum = 0;
    int exponent;
    CT_NEW(x, numbers);
    for (size_t i = 0; i < numbers; i++) {
        x[i] = d->kind == CUTROPY_KIND_INTEGER ? (double)((const int64_t *)d->value)[i]
                                               : ((const double *)d->value)[i];
        most = fmax(most, fabs(x[i]));
    }
    (void)frexp(most, &exponent);
    for (size_t i = 0; i < numbers; i++) {
        x[i] = ldexp(x[i], -exponent);
        sum += (long double)s->weight[d->levels.pixels][i / (size_t)s->parts] * x[i] * x[i];
    }
    rows->norm = (double)sqrtl(sum);
    /* N of the weights, the sum, the squares, the root; one of integers beyond 53 bits; numbers that became subnormal */
    rows->relative = gamma_of(d->levels.pixels + 8.0, UNIT) +
                     gamma_of((double)numbers + 4, LONG_UNIT) + 0x1p-900;
    *out = x;
done:
    return status;
}

static int64_t count_states(const void *context, int k)
{
    return ((const ct_diagram_rows *)context)->diagram->levels.count[k];
}

static const double *weights_of(const void *context, int k)
{
    return ((const ct_diagram_rows *)context)->weight[k];
}

/* Y, D^1/2 Y and X; twice the vectors; what the smaller side takes in LAPACK. */
static cutropy_status check_room(const ct_diagram_rows *s, int k, int64_t right)
{
    const double states = (double)s->diagram->levels.count[k], wide = 2 * (double)right,
                 least = fmin(states, wide),
                 bytes =
                     8 * s->parts *
                     (2 * states * wide + states * least + 2 * least * wide + 6 * least * least);
    if (bytes <= (double)s->memory_limit)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the form orthogonal: a matrix of %.0f x %.0f numbers at site %d needs %s but %s "
        "may be used (--memory raises the limit; classes and rank need less)",
        states, wide, k, CT_BYTES((uint64_t)bytes), CT_BYTES(s->memory_limit));
}

/* D^1/2 Y. */
static cutropy_status fill(const void *context, int k, int64_t right, const double *x, double *y,
                           double **scaled, int64_t *rows)
{
    cutropy_status status = CUTROPY_OK;
    const ct_diagram_rows *s = context;
    const ct_levels *l = &s->diagram->levels;
    const size_t half = (size_t)right * (size_t)s->parts;
    CT_TRY(check_room(s, k, right));
    *rows = l->count[k];
    CT_NEW(*scaled, (size_t)l->count[k] * 2 * half);
    for (int32_t i = 0; i < l->count[k]; i++) {
        const double root = sqrt(s->weight[k][i]);
        double *row = y + (size_t)i * 2 * half;
        for (int bit = 0; bit < 2; bit++)
            if (l->next[k][i][bit] >= 0)
                memcpy(row + (size_t)bit * half, x + (size_t)l->next[k][i][bit] * half,
                       half * sizeof *row);
        for (size_t c = 0; c < 2 * half; c++)
            (*scaled)[(size_t)i * 2 * half + c] = row[c] * root;
    }
done:
    return status;
}

cutropy_status ct_orthogonal_make(const ct_diagram *diagram, const ct_operations *backend,
                                  double cutoff, uint64_t memory_limit, const ct_watch *watch,
                                  ct_orthogonal *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_levels *l = &diagram->levels;
    ct_diagram_rows s = {.diagram = diagram,
                         .parts = diagram->kind == CUTROPY_KIND_COMPLEX ? 2 : 1,
                         .memory_limit = memory_limit};
    ct_rows rows = {.sites = l->pixels,
                    .parts = s.parts,
                    .context = &s,
                    .count = count_states,
                    .weight = weights_of,
                    .fill = fill};
    int32_t *dimension = NULL;
    double *ends = NULL;
    *out = (ct_orthogonal){0};
    if (l->pixels > CT_ORTHOGONAL_LARGEST)
        return ct_fail(
            CUTROPY_EUNSUPPORTED,
            "the form orthogonal of %d pixels: up to %d are supported, and any number in the "
            "forms classes and rank",
            l->pixels, CT_ORTHOGONAL_LARGEST);
    CT_NEW(dimension, l->pixels);
    for (int k = 0; k < l->pixels; k++)
        dimension[k] = 2;
    rows.dimension = dimension;
    CT_TRY(find_weights(&s));
    CT_TRY(take_values(&s, &rows, &ends));
    CT_TRY(ct_orthogonal_sweep(&rows, ends, backend, cutoff, watch, out));
done:
    for (int k = 0; s.weight && k <= l->pixels; k++)
        ct_free(s.weight[k]);
    ct_free(s.weight);
    ct_free(dimension);
    return status;
}
