/* SPDX-License-Identifier: Apache-2.0 */
/* Amplitude problems against naive code written from their definitions (cutropy problems NAME). */
#include "check_main.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "problem/problem.h"
#include "ref/support.h"

/* ---- the random numbers, from their definition ---- */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t seed, uint64_t j)
{
    return ((double)(mix(j + mix(seed) + 0x9e3779b97f4a7c15u) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t seed, uint64_t k)
{
    uint64_t j = k / 2;
    double r = sqrt(-2 * log(uniform(seed, 2 * j))),
           phi = 2 * acos(-1.0) * uniform(seed, 2 * j + 1);
    return k % 2 ? r * sin(phi) : r * cos(phi);
}

static double spin(uint64_t s, int i)
{
    return 2.0 * (double)(s >> i & 1) - 1;
}

/* ---- help ---- */

static cutropy_problem *parse(const char *text, const char *lattice_text)
{
    cutropy_lattice *lattice = NULL;
    if (lattice_text)
        lattice = must_lattice(lattice_text);
    cutropy_problem *problem = must_problem_on(text, lattice);
    cutropy_lattice_free(lattice);
    return problem;
}

static void refuse(const char *text, const char *lattice_text, const char *message)
{
    cutropy_problem *problem = NULL;
    cutropy_lattice *lattice = must_lattice(lattice_text);
    ck_assert_int_eq(cutropy_problem_parse(text, lattice, &problem), CUTROPY_EINPUT);
    ck_assert_ptr_null(problem);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "'%s' does not say '%s'",
                  cutropy_error(), message);
    cutropy_lattice_free(lattice);
}

static size_t images_of(const cutropy_problem *problem)
{
    return (size_t)1 << cutropy_problem_lattice(problem)->pixels;
}

static int parts_of(const cutropy_problem *problem)
{
    return cutropy_problem_kind(problem) == CUTROPY_KIND_COMPLEX ? 2 : 1;
}

static double *values_of(const cutropy_problem *problem)
{
    double *values = malloc(images_of(problem) * (size_t)parts_of(problem) * sizeof(double));
    problem->fill_values(problem, 0, images_of(problem), values);
    return values;
}

typedef double complex (*definition)(uint64_t image, const cutropy_lattice *lattice,
                                     const void *parameters);

/* Every value within a relative 1e-10 (of the value, or of the typical size for sums that cancel).
 */
static void compare(const char *text, const char *lattice, definition f, const void *parameters)
{
    cutropy_problem *problem = parse(text, lattice);
    double *values = values_of(problem), mean = 0;
    size_t images = images_of(problem);
    int parts = parts_of(problem);
    for (size_t s = 0; s < images * (size_t)parts; s++)
        mean += fabs(values[s]) / (double)(images * (size_t)parts);
    ck_assert(mean > 0 && isfinite(mean));
    for (size_t s = 0; s < images; s++) {
        double complex got = parts == 2 ? values[2 * s] + I * values[2 * s + 1] : values[s];
        double complex want = f(s, cutropy_problem_lattice(problem), parameters);
        ck_assert_msg(cabs(got - want) <=
                          1e-10 * fmin(cabs(want) + mean, 1e3 * cabs(want) + 1e-3 * mean),
                      "%s on %s: image %zu: %.17g%+.17gi, expected %.17g%+.17gi", text, lattice, s,
                      creal(got), cimag(got), creal(want), cimag(want));
    }
    free(values);
    cutropy_problem_free(problem);
}

typedef struct parameters {
    double scale;
    int seed, two_parts, hidden, chi, width, depth, sigmoid;
    double beta, j, h;
    int channels, layers, poolings, kernel;
    const char *activation, *pooling;
} parameters;

/* ---- definitions ---- */

static double complex logistic(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    double score = p->scale * normal((uint64_t)p->seed, (uint64_t)lattice->pixels);
    for (int i = 0; i < lattice->pixels; i++)
        score += (double)(s >> i & 1) * p->scale * normal((uint64_t)p->seed, (uint64_t)i);
    return p->sigmoid ? 1 / (1 + exp(-score)) : exp(score);
}

START_TEST(logistic_by_definition)
{
    compare("logistic:seed=5,scale=0.7", "chain:11", logistic,
            &(parameters){.seed = 5, .scale = 0.7});
    compare("logistic", "3x1", logistic, &(parameters){.scale = 1});
    compare("logistic:seed=9,link=sigmoid", "4x3", logistic,
            &(parameters){.seed = 9, .scale = 1, .sigmoid = 1});
}
END_TEST

START_TEST(logistic_is_a_product)
{
    cutropy_problem *problem = parse("logistic:seed=3,scale=1.5", "4x3");
    double *f = values_of(problem);
    for (uint64_t mask = 1; mask < 4096; mask = 5 * mask + 3)
        for (uint64_t s = 0; s < 4096; s++) {
            double joint = f[s] * f[0], split = f[s & mask] * f[s & ~mask];
            ck_assert(fabs(joint - split) <= 1e-13 * joint);
        }
    free(f);
    cutropy_problem_free(problem);
}
END_TEST

static double complex ising(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    double energy = 0;
    for (int a = 0; a < lattice->pixels; a++) {
        energy -= p->h * spin(s, a);
        for (int b = a + 1; b < lattice->pixels; b++) { /* neighbours by geometry */
            int dx = abs(a % lattice->lx - b % lattice->lx),
                dy = abs(a / lattice->lx - b / lattice->lx);
            if (lattice->periodic) {
                dx = dx == lattice->lx - 1 ? 1 : dx;
                dy = lattice->ly > 1 && dy == lattice->ly - 1 ? 1 : dy;
            }
            if (dx + dy == 1)
                energy -= p->j * spin(s, a) * spin(s, b);
        }
    }
    return exp(-p->beta * energy / 2);
}

START_TEST(ising_by_definition)
{
    double critical = log(1 + sqrt(2)) / 2;
    compare("ising", "4x3", ising, &(parameters){.beta = critical, .j = 1});
    compare("ising:beta=0.3,j=-2,h=0.25", "3x4:torus", ising,
            &(parameters){.beta = 0.3, .j = -2, .h = 0.25});
    compare("ising:beta=1,h=-0.5", "chain:9:ring", ising,
            &(parameters){.beta = 1, .j = 1, .h = -0.5});
    compare("ising:beta=-1", "chain:2", ising, &(parameters){.beta = -1, .j = 1});
}
END_TEST

/* Links of an open 2 x 2 grid: 0 (top), 1 (bottom), 2 (left), 3 (right) form a ring of bonds 02 03
 * 12 13. */
START_TEST(ising_on_links)
{
    cutropy_problem *problem = parse("ising:beta=1", "links:2x2");
    double *f = values_of(problem);
    ck_assert_uint_eq(images_of(problem), 16);
    for (uint64_t s = 0; s < 16; s++) {
        double bonds = (spin(s, 0) + spin(s, 1)) * (spin(s, 2) + spin(s, 3));
        ck_assert(fabs(f[s] - exp(bonds / 2)) <= 1e-14 * f[s]);
    }
    free(f);
    cutropy_problem_free(problem);
}
END_TEST

static double complex weight(const parameters *p, uint64_t k)
{
    uint64_t seed = (uint64_t)p->seed;
    return p->two_parts ? (normal(seed, 2 * k) + I * normal(seed, 2 * k + 1)) / sqrt(2)
                        : normal(seed, k);
}

static double complex rbm(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    int n = lattice->pixels;
    double complex visible = 0, f = 1;
    for (int i = 0; i < n; i++)
        visible += p->scale * weight(p, (uint64_t)i) * spin(s, i);
    for (int h = 0; h < p->hidden; h++) {
        double complex theta = p->scale * weight(p, (uint64_t)(n + h));
        for (int i = 0; i < n; i++)
            theta +=
                p->scale * weight(p, (uint64_t)(n + p->hidden + h * n + i)) / sqrt(n) * spin(s, i);
        f *= 2 * ccosh(theta);
    }
    return f * cexp(visible);
}

START_TEST(rbm_by_definition)
{
    compare("rbm:seed=2,hidden=5", "chain:10", rbm,
            &(parameters){.seed = 2, .hidden = 5, .scale = 1});
    compare("rbm:seed=2,hidden=0", "2x2", rbm, &(parameters){.seed = 2, .scale = 1});
    compare("rbm:hidden=3,complex=1,scale=0.8", "4x3", rbm,
            &(parameters){.hidden = 3, .two_parts = 1, .scale = 0.8});
    compare("rbm:complex=1", "3x1", rbm, &(parameters){.hidden = 8, .two_parts = 1, .scale = 1});
}
END_TEST

/* One entry of A_i[s], found by counting. */
static double complex entry(const parameters *p, int n, int pixel, int s, int a, int b)
{
    uint64_t k = 0;
    for (int i = 0; i < pixel; i++)
        k += 2 * (uint64_t)((i == 0 ? 1 : p->chi) * (i == n - 1 ? 1 : p->chi));
    int rows = pixel == 0 ? 1 : p->chi, columns = pixel == n - 1 ? 1 : p->chi;
    k += (uint64_t)(s * rows * columns + a * columns + b);
    return weight(p, k) / sqrt(p->chi);
}

static double complex mps(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    double complex row[16] = {1}, next[16];
    int n = lattice->pixels, rows = 1;
    for (int i = 0; i < n; i++) {
        int columns = i == n - 1 ? 1 : p->chi;
        for (int b = 0; b < columns; b++) {
            next[b] = 0;
            for (int a = 0; a < rows; a++)
                next[b] += row[a] * entry(p, n, i, (int)(s >> i & 1), a, b);
        }
        memcpy(row, next, sizeof row);
        rows = columns;
    }
    return row[0];
}

START_TEST(mps_by_definition)
{
    compare("mps:chi=3,seed=4", "chain:10", mps, &(parameters){.chi = 3, .seed = 4});
    compare("mps:chi=2,complex=1", "chain:11", mps, &(parameters){.chi = 2, .two_parts = 1});
    compare("mps:chi=5", "chain:8", mps, &(parameters){.chi = 5});
    compare("mps:chi=5,complex=1", "chain:4", mps, &(parameters){.chi = 5, .two_parts = 1});
    compare("mps:chi=7", "chain:1", mps, &(parameters){.chi = 7});
}
END_TEST

static double complex page(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    uint64_t seed = (uint64_t)p->seed;
    (void)lattice;
    return p->two_parts ? normal(seed, 2 * s) + I * normal(seed, 2 * s + 1) : normal(seed, s);
}

START_TEST(page_by_definition)
{
    compare("page:seed=6", "3x3", page, &(parameters){.seed = 6});
    compare("page:complex=1", "3x3", page, &(parameters){.two_parts = 1});
}
END_TEST

static double act(const char *name, double z)
{
    if (!strcmp(name, "relu"))
        return fmax(0, z);
    if (!strcmp(name, "tanh"))
        return tanh(z);
    return !strcmp(name, "quadratic") ? z * z : z;
}

static double complex mlp(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    uint64_t k = 0;
    int inputs = lattice->pixels;
    double x[64], z[64];
    for (int i = 0; i < inputs; i++)
        x[i] = spin(s, i);
    for (int layer = 0; layer <= p->depth; layer++) {
        int outputs = layer == p->depth ? 1 : p->width;
        for (int o = 0; o < outputs; o++) {
            z[o] = 0;
            for (int i = 0; i < inputs; i++)
                z[o] += p->scale * normal((uint64_t)p->seed, k++) / sqrt(inputs) * x[i];
        }
        for (int o = 0; o < outputs; o++) {
            z[o] += p->scale * normal((uint64_t)p->seed, k++) / sqrt(inputs);
            x[o] = layer == p->depth ? z[o] : act(p->activation, z[o]);
        }
        inputs = outputs;
    }
    return x[0];
}

START_TEST(mlp_by_definition)
{
    static const char *const activations[] = {"relu", "tanh", "quadratic", "linear"};
    for (int a = 0; a < 4; a++)
        for (int depth = 0; depth < 4; depth++) {
            char text[96];
            snprintf(text, sizeof text, "mlp:width=7,depth=%d,seed=%d,activation=%s,scale=1.25",
                     depth, a, activations[a]);
            compare(text, "3x3", mlp,
                    &(parameters){.width = 7,
                                  .depth = depth,
                                  .seed = a,
                                  .activation = activations[a],
                                  .scale = 1.25});
        }
}
END_TEST

typedef struct picture {
    int channels, lx, ly;
    double v[8][8][16]; /* channel, y, x */
} picture;

static double pixel(const picture *m, int periodic, int c, int x, int y)
{
    if (periodic)
        return m->v[c][((y % m->ly) + m->ly) % m->ly][((x % m->lx) + m->lx) % m->lx];
    return x < 0 || y < 0 || x >= m->lx || y >= m->ly ? 0 : m->v[c][y][x];
}

static void convolve(const parameters *p, const cutropy_lattice *lattice, picture *m, uint64_t *k)
{
    int kx = p->kernel, ky = lattice->kind == CUTROPY_LATTICE_CHAIN ? 1 : kx;
    double unit = p->scale / sqrt(m->channels * kx * ky);
    picture z = {.channels = p->channels, .lx = m->lx, .ly = m->ly};
    for (int o = 0; o < p->channels; o++)
        for (int c = 0; c < m->channels; c++)
            for (int dy = 0; dy < ky; dy++)
                for (int dx = 0; dx < kx; dx++) {
                    double w = unit * normal((uint64_t)p->seed, (*k)++);
                    for (int y = 0; y < m->ly; y++)
                        for (int x = 0; x < m->lx; x++)
                            z.v[o][y][x] += w * pixel(m, lattice->periodic, c, x + dx - kx / 2,
                                                      y + dy - ky / 2);
                }
    for (int o = 0; o < p->channels; o++) {
        double b = unit * normal((uint64_t)p->seed, (*k)++);
        for (int y = 0; y < m->ly; y++)
            for (int x = 0; x < m->lx; x++)
                z.v[o][y][x] = act(p->activation, z.v[o][y][x] + b);
    }
    *m = z;
}

static void pool(const parameters *p, picture *m)
{
    picture half = {.channels = m->channels, .lx = (m->lx + 1) / 2, .ly = (m->ly + 1) / 2};
    for (int c = 0; c < m->channels; c++)
        for (int y = 0; y < half.ly; y++)
            for (int x = 0; x < half.lx; x++) {
                double sum = 0, product = 1, largest = -INFINITY;
                int members = 0;
                for (int b = 2 * y; b < m->ly && b < 2 * y + 2; b++)
                    for (int a = 2 * x; a < m->lx && a < 2 * x + 2; a++, members++) {
                        sum += m->v[c][b][a];
                        product *= m->v[c][b][a];
                        largest = fmax(largest, m->v[c][b][a]);
                    }
                half.v[c][y][x] = !strcmp(p->pooling, "max")    ? largest
                                  : !strcmp(p->pooling, "mean") ? sum / members
                                                                : product;
            }
    *m = half;
}

static double complex cnn(uint64_t s, const cutropy_lattice *lattice, const void *user)
{
    const parameters *p = user;
    uint64_t k = 0;
    picture m = {.channels = 1, .lx = lattice->lx, .ly = lattice->ly};
    for (int i = 0; i < lattice->pixels; i++)
        m.v[0][i / m.lx][i % m.lx] = spin(s, i);
    for (int stage = 0; stage < p->poolings || (stage == 0 && p->poolings == 0); stage++) {
        for (int layer = 0; layer < p->layers; layer++)
            convolve(p, lattice, &m, &k);
        if (p->poolings)
            pool(p, &m);
    }
    double f = 0, unit = p->scale / sqrt(m.channels * m.lx * m.ly);
    for (int c = 0; c < m.channels; c++)
        for (int y = 0; y < m.ly; y++)
            for (int x = 0; x < m.lx; x++)
                f += unit * normal((uint64_t)p->seed, k++) * m.v[c][y][x];
    return f + unit * normal((uint64_t)p->seed, k);
}

START_TEST(cnn_by_definition)
{
    static const char *const lattices[] = {"3x3", "4x2:torus", "chain:8", "chain:7:ring", "5x2"};
    static const char *const activations[] = {"relu", "tanh", "quadratic", "linear"};
    static const char *const poolings[] = {"max", "mean", "product"};
    for (int t = 0; t < 60; t++) {
        parameters p = {.channels = 1 + t % 4,
                        .layers = t % 3,
                        .poolings = t / 3 % 3,
                        .kernel = 1 + t / 2 % 4,
                        .activation = activations[t / 5 % 4],
                        .pooling = poolings[t / 7 % 3],
                        .scale = 1.5,
                        .seed = t};
        char text[160];
        snprintf(text, sizeof text,
                 "cnn:channels=%d,layers=%d,poolings=%d,kernel=%d,activation=%s,pooling=%s,scale=1."
                 "5,seed=%d",
                 p.channels, p.layers, p.poolings, p.kernel, p.activation, p.pooling, p.seed);
        compare(text, lattices[t % 5], cnn, &p);
    }
}
END_TEST

START_TEST(links_of_networks)
{
    static const char *const names[] = {"mlp:scale=4,seed=3", "cnn:scale=6,layers=2,seed=5"};
    for (int t = 0; t < 2; t++) {
        char text[64];
        snprintf(text, sizeof text, "%s,link=sigmoid", names[t]);
        cutropy_problem *score = parse(names[t], "4x2"), *probability = parse(text, "4x2");
        double *z = values_of(score), *p = values_of(probability), least = 1, most = 0;
        for (size_t s = 0; s < images_of(score); s++) {
            const double expected = 1 / (1 + exp(-z[s]));
            ck_assert_msg(fabs(p[s] - expected) <= 1e-15 * expected, "%s: %g of %g", text, p[s],
                          z[s]);
            least = fmin(least, p[s]);
            most = fmax(most, p[s]);
        }
        ck_assert(least < 0.3 && most > 0.7);
        ck_assert(score->form == CT_FORM_NETWORK && probability->form == CT_FORM_NONE);
        free(z);
        free(p);
        cutropy_problem_free(score);
        cutropy_problem_free(probability);
    }
    double value[16];
    cutropy_problem *large = parse("mlp:link=sigmoid,scale=500", "2x2");
    ck_assert_int_eq(large->fill_values(large, 0, 16, value), CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "is no probability to count with"));
    cutropy_problem_free(large);
}
END_TEST

/* ---- what all of them promise ---- */

static const char *const all_amplitudes[] = {
    "logistic",
    "logistic:link=sigmoid",
    "ising:h=0.1",
    "rbm",
    "rbm:complex=1",
    "mps:chi=3",
    "mps:chi=3,complex=1",
    "mera",
    "mera:chi=3,layers=1,disentanglers=2",
    "page",
    "page:complex=1",
    "mlp",
    "mlp:link=sigmoid",
    "cnn",
    "cnn:activation=tanh,pooling=product",
};
#define AMPLITUDES (sizeof all_amplitudes / sizeof all_amplitudes[0])

START_TEST(values_do_not_depend_on_the_chunks)
{
    for (size_t t = 0; t < AMPLITUDES; t++) {
        cutropy_problem *problem = parse(all_amplitudes[t], "5x2");
        double *whole = values_of(problem), piece[2 * 300];
        size_t images = images_of(problem), parts = (size_t)parts_of(problem);
        for (uint64_t k = 0; k < 200; k++) {
            size_t first = (size_t)(mix(k) % images), count = (size_t)(mix(k + 1000) % 300);
            count = count < images - first ? count : images - first;
            problem->fill_values(problem, first, count, piece);
            ck_assert_msg(memcmp(piece, whole + parts * first, count * parts * sizeof *piece) == 0,
                          "%s", all_amplitudes[t]);
        }
        free(whole);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(kinds_and_default_lattices)
{
    for (size_t t = 0; t < AMPLITUDES; t++) {
        cutropy_problem *problem = parse(all_amplitudes[t], NULL);
        bool complex_values = strstr(all_amplitudes[t], "complex=1") != NULL;
        ck_assert_int_eq(cutropy_problem_kind(problem),
                         complex_values ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL);
        ck_assert_int_eq(cutropy_problem_lattice(problem)->pixels, 16);
        ck_assert_ptr_nonnull(problem->fill_values);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(seeds_differ)
{
    static const char *const names[] = {"logistic", "rbm", "mps", "mera", "page", "mlp", "cnn"};
    for (int t = 0; t < 7; t++) {
        char text[40];
        snprintf(text, sizeof text, "%s:seed=1", names[t]);
        cutropy_problem *zero = parse(names[t], "3x3"), *one = parse(text, "3x3");
        double *a = values_of(zero), *b = values_of(one);
        ck_assert(memcmp(a, b, images_of(zero) * sizeof *a) != 0);
        free(a);
        free(b);
        cutropy_problem_free(zero);
        cutropy_problem_free(one);
    }
}
END_TEST

START_TEST(refusals)
{
    static const char *const names[] = {"logistic", "page", "mlp", "cnn:link=sigmoid"};
    for (int t = 0; t < 4; t++)
        refuse(names[t], "chain:41", "41");
    refuse("logistic:scale=200", "4x4", "scale");
    refuse("ising:beta=100", "4x4", "beta");
    refuse("ising:beta=1e308,j=1e308", "4x4", "beta");
    refuse("rbm:scale=50", "4x4", "scale");
    refuse("mera", "chain:21", "21");
    refuse("mera", "links:3x3", "mera");
    refuse("mera:layers=4", "4x4", "at most layers=2");
    refuse("cnn", "links:3x3", "cnn");
    refuse("cnn:poolings=3,layers=0", "4x4", "poolings");
    refuse("cnn:activation=quadratic,layers=12,scale=9", "4x4", "scale");
    refuse("mlp:activation=quadratic,depth=30,scale=9", "4x4", "scale");
}
END_TEST

static cutropy_status parse_and_free(void *user)
{
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_problem_parse(user, NULL, &problem);
    if (status != CUTROPY_OK)
        ck_assert_ptr_null(problem);
    cutropy_problem_free(problem);
    return status;
}

START_TEST(allocation_failures)
{
    for (size_t t = 0; t < AMPLITUDES; t++) {
        char text[96];
        snprintf(text, sizeof text, "%s", all_amplitudes[t]);
        ck_assert_int_gt(sweep_allocations(parse_and_free, text), 4);
    }
}
END_TEST

CHECK_MAIN("amplitudes", logistic_by_definition, logistic_is_a_product, ising_by_definition,
           ising_on_links, rbm_by_definition, mps_by_definition, page_by_definition,
           mlp_by_definition, cnn_by_definition, links_of_networks,
           values_do_not_depend_on_the_chunks, kinds_and_default_lattices, seeds_differ, refusals,
           allocation_failures)
