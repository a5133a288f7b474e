/* SPDX-License-Identifier: Apache-2.0 */
/* Binary multiscale entanglement renormalisation ansatz, written out as a vector from the top down.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/amplitude.h"
#include "problem/stored.h"
#include "problem/types.h"
#include "problem/weights.h"

#define CT_MERA_PIXELS 20 /* the whole vector is kept */
#define CT_MERA_CHI 16
#define CT_MERA_LAYERS 5           /* 20 pixels in a row are one site after five halvings */
#define STEPS (2 * CT_MERA_LAYERS) /* halvings of one direction */
#define LARGEST (CT_MERA_CHI * CT_MERA_CHI) /* dimension of two sites */
#define LANES 64

/* The sites of one level: x + lx * y, each with its dimension. Level 0 is the pixels. */
typedef struct level {
    int lx, ly;
    int dimension[CT_MERA_PIXELS];
    bool vertical; /* the step to the level above halves ly, else lx */
} level;

/* The vector on the sites of one level. Digit j of the index belongs to site[j]; digit 0 runs
 * fastest. */
typedef struct vector {
    double *value, *spare; /* 2^N each */
    double *tensor, *lane; /* LARGEST^2; LARGEST x LANES */
    int sites, site[CT_MERA_PIXELS], dimension[CT_MERA_PIXELS];
} vector;

typedef struct mera {
    int chi, steps, rounds;
    bool periodic;
    level level[STEPS + 1];
    ct_weights weights;
    vector v;
} mera;

/* ---- the levels, from the pixels up ---- */

/* The sites of the lower level in a block of the upper one; returns how many there are, 1 or 2. */
static int children(const level *low, const level *up, int block, int site[2])
{
    const int x = block % up->lx, y = block / up->lx;
    const int x0 = low->vertical ? x : 2 * x, y0 = low->vertical ? 2 * y : y;
    site[0] = x0 + low->lx * y0;
    site[1] = site[0] + (low->vertical ? low->lx : 1);
    return (low->vertical ? y0 + 1 < low->ly : x0 + 1 < low->lx) ? 2 : 1;
}

static void add_level(mera *m, bool vertical)
{
    level *low = &m->level[m->steps], *up = &m->level[m->steps + 1];
    int site[2];
    if ((vertical ? low->ly : low->lx) == 1)
        return;
    low->vertical = vertical;
    *up = (level){.lx = vertical ? low->lx : (low->lx + 1) / 2,
                  .ly = vertical ? (low->ly + 1) / 2 : low->ly};
    for (int b = 0; b < up->lx * up->ly; b++) {
        const int count = children(low, up, b, site);
        const int all = low->dimension[site[0]] * (count == 2 ? low->dimension[site[1]] : 1);
        up->dimension[b] = all < m->chi ? all : m->chi;
    }
    m->steps++;
}

static cutropy_status add_levels(mera *m, const cutropy_lattice *lattice, int layers)
{
    m->level[0] = (level){.lx = lattice->lx, .ly = lattice->ly};
    for (int i = 0; i < lattice->pixels; i++)
        m->level[0].dimension[i] = 2;
    for (int k = 0; k < layers; k++) {
        if (m->level[m->steps].lx * m->level[m->steps].ly == 1)
            return ct_fail(CUTROPY_EINPUT,
                           "mera: too many layers: %s is one site after %d, so give at most "
                           "layers=%d",
                           lattice->name, k, k);
        add_level(m, false);
        add_level(m, true);
    }
    return CUTROPY_OK;
}

/* ---- tensors ---- */

/* Columns of a rows x columns matrix, from left to right, become orthonormal (Gram-Schmidt, each
 * twice). */
static void orthonormalise(double *matrix, int rows, int columns)
{
    for (int c = 0; c < columns; c++) {
        double norm = 0;
        for (int e = 0; e < 2 * c; e++) {
            double overlap = 0;
            for (int r = 0; r < rows; r++)
                overlap += matrix[r * columns + e % c] * matrix[r * columns + c];
            for (int r = 0; r < rows; r++)
                matrix[r * columns + c] -= overlap * matrix[r * columns + e % c];
        }
        for (int r = 0; r < rows; r++)
            norm += matrix[r * columns + c] * matrix[r * columns + c];
        for (int r = 0; r < rows; r++)
            matrix[r * columns + c] /= sqrt(norm);
    }
}

/* The next one into m->v.tensor; random ones are isometries from the last index (disentanglers: the
 * last two) to the others. */
static cutropy_status next_tensor(mera *m, ct_tensor *tensor, int columns)
{
    int count = 1;
    tensor->size = tensor->divisor = 1;
    for (int a = 0; a < tensor->axes; a++)
        count *= tensor->shape[a];
    const cutropy_status status = ct_weights_next(&m->weights, tensor, m->v.tensor);
    if (status == CUTROPY_OK && !m->weights.path[0])
        orthonormalise(m->v.tensor, count / columns, columns);
    return status;
}

/* ---- the vector, from the top down ---- */

static size_t product(const vector *v, int first, int last)
{
    size_t size = 1;
    for (int j = first; j < last; j++)
        size *= (size_t)v->dimension[j];
    return size;
}

static int digit_of(const vector *v, int site)
{
    int j = 0;
    while (v->site[j] != site)
        j++;
    return j;
}

/* Appends a digit, the slowest one: times the vector of one more site. */
static cutropy_status add_top(mera *m, int site, int dimension)
{
    vector *v = &m->v;
    const size_t size = product(v, 0, v->sites);
    ct_tensor tensor = {.axes = 1, .shape = {dimension}};
    snprintf(tensor.name, sizeof tensor.name, "top%d", site);
    const cutropy_status status = next_tensor(m, &tensor, 1);
    if (status != CUTROPY_OK)
        return status;
    for (int d = dimension; d-- > 0;) /* from the end: in place */
        for (size_t k = 0; k < size; k++)
            v->value[size * (size_t)d + k] = v->value[k] * v->tensor[d];
    v->site[v->sites] = site;
    v->dimension[v->sites++] = dimension;
    return CUTROPY_OK;
}

/* Digit j becomes the digits of the sites below it, by the isometry in v->tensor: first x second x
 * above. */
static void split(vector *v, int j, const int *site, const int *dimension, int count)
{
    const size_t before = product(v, 0, j), after = product(v, j + 1, v->sites);
    const int above = v->dimension[j], first = dimension[0], second = count == 2 ? dimension[1] : 1;
    for (size_t h = 0; h < after; h++)
        for (int b = 0; b < second; b++)
            for (int a = 0; a < first; a++) {
                double *to = v->spare + before * ((size_t)a +
                                                  (size_t)first * ((size_t)b + (size_t)second * h));
                memset(to, 0, before * sizeof *to);
                for (int u = 0; u < above; u++) {
                    const double w = v->tensor[(a * second + b) * above + u];
                    const double *from = v->value + before * ((size_t)u + (size_t)above * h);
                    for (size_t k = 0; k < before; k++)
                        to[k] += w * from[k];
                }
            }
    double *swap = v->value;
    v->value = v->spare;
    v->spare = swap;
    for (int k = v->sites - 1; k > j && count == 2; k--) {
        v->site[k + 1] = v->site[k];
        v->dimension[k + 1] = v->dimension[k];
    }
    v->sites += count - 1;
    for (int k = 0; k < count; k++) {
        v->site[j + k] = site[k];
        v->dimension[j + k] = dimension[k];
    }
}

/* The matrix in v->tensor on the digits at distances `far` (first x second dimensions; row and
 * column: the first one slowest), for `lanes` neighbouring numbers from `at` on. */
static void apply(vector *v, double *at, const size_t far[2], const int dimension[2], size_t lanes)
{
    const int size = dimension[0] * dimension[1];
    for (int p = 0; p < size; p++) {
        const size_t a = (size_t)(p / dimension[1]), b = (size_t)(p % dimension[1]);
        memcpy(v->lane + (size_t)p * lanes, at + a * far[0] + b * far[1], lanes * sizeof *at);
    }
    for (int p = 0; p < size; p++) {
        double *to = at + (size_t)(p / dimension[1]) * far[0] + (size_t)(p % dimension[1]) * far[1];
        memset(to, 0, lanes * sizeof *to);
        for (int q = 0; q < size; q++)
            for (size_t k = 0; k < lanes; k++)
                to[k] += v->tensor[p * size + q] * v->lane[(size_t)q * lanes + k];
    }
}

static void disentangle(vector *v, int j, int k)
{
    const int low = j < k ? j : k, high = j < k ? k : j;
    const int dimension[2] = {v->dimension[j], v->dimension[k]};
    const size_t far[2] = {product(v, 0, j), product(v, 0, k)};
    const size_t before = product(v, 0, low), between = product(v, low + 1, high),
                 after = product(v, high + 1, v->sites), lowest = product(v, 0, low + 1),
                 highest = product(v, 0, high + 1);
    for (size_t h = 0; h < after; h++)
        for (size_t b = 0; b < between; b++)
            for (size_t first = 0; first < before; first += LANES)
                apply(v, v->value + h * highest + b * lowest + first, far, dimension,
                      before - first < LANES ? before - first : LANES);
}

/* Round 1, 3, .. joins neighbouring blocks, round 2, 4, .. the two sites of a block. */
static cutropy_status add_round(mera *m, int step, int round)
{
    cutropy_status status = CUTROPY_OK;
    const level *l = &m->level[step];
    const int length = l->vertical ? l->ly : l->lx, lines = l->vertical ? l->lx : l->ly;
    const int along = l->vertical ? l->lx : 1, across = l->vertical ? 1 : l->lx;
    int number = 0;
    for (int line = 0; line < lines; line++)
        for (int p = round % 2; p < length; p += 2) {
            const bool wraps = p + 1 == length && round % 2 && m->periodic && length % 2 == 0;
            if (p + 1 == length && !wraps)
                continue;
            const int a = line * across + p * along, b = line * across + (p + 1) % length * along;
            const int da = l->dimension[a], db = l->dimension[b];
            ct_tensor tensor = {.axes = 4, .shape = {da, db, da, db}};
            snprintf(tensor.name, sizeof tensor.name, "u%d_%d_%d", (uint8_t)(step + 1),
                     (uint8_t)round, (uint8_t)number++);
            CT_TRY(next_tensor(m, &tensor, da * db));
            disentangle(&m->v, digit_of(&m->v, a), digit_of(&m->v, b));
        }
done:
    return status;
}

/* From the level above to level `step`. */
static cutropy_status add_step(mera *m, int step)
{
    cutropy_status status = CUTROPY_OK;
    const level *low = &m->level[step], *up = low + 1;
    int digit[CT_MERA_PIXELS], site[2];
    for (int b = 0; b < up->lx * up->ly; b++)
        digit[b] = digit_of(&m->v, b);
    for (int b = 0; b < up->lx * up->ly; b++) {
        const int count = children(low, up, b, site);
        const int dimension[2] = {low->dimension[site[0]],
                                  count == 2 ? low->dimension[site[1]] : 1};
        ct_tensor tensor = {.axes = 3, .shape = {dimension[0], dimension[1], up->dimension[b]}};
        snprintf(tensor.name, sizeof tensor.name, "w%d_%d", step + 1, b);
        CT_TRY(next_tensor(m, &tensor, up->dimension[b]));
        split(&m->v, digit[b], site, dimension, count);
        for (int later = b + 1; later < up->lx * up->ly; later++)
            digit[later] += digit[later] > digit[b] ? count - 1 : 0;
    }
    for (int round = 1; round <= m->rounds; round++)
        CT_TRY(add_round(m, step, round));
done:
    return status;
}

/* Digit j is pixel site[j]; in v->spare bit i is pixel i. */
static cutropy_status sort_pixels(vector *v)
{
    const size_t images = (size_t)1 << v->sites;
    for (size_t k = 0; k < images; k++) {
        size_t image = 0;
        for (int j = 0; j < v->sites; j++)
            image |= (k >> j & 1) << v->site[j];
        if (!isfinite(v->value[k]))
            return ct_fail(CUTROPY_EINPUT,
                           "mera: the weights are too large: the amplitude of image "
                           "%zu is not finite",
                           image);
        v->spare[image] = v->value[k];
    }
    return CUTROPY_OK;
}

/* ---- the problem ---- */

static cutropy_status build(mera *m, int pixels)
{
    cutropy_status status = CUTROPY_OK;
    const level *top = &m->level[m->steps];
    vector *v = &m->v;
    CT_NEW(v->value, (size_t)1 << pixels);
    CT_NEW(v->spare, (size_t)1 << pixels);
    CT_NEW(v->tensor, LARGEST * LARGEST);
    CT_NEW(v->lane, LARGEST * LANES);
    v->value[0] = 1;
    for (int i = 0; i < top->lx * top->ly; i++)
        CT_TRY(add_top(m, i, top->dimension[i]));
    for (int step = m->steps; step-- > 0;)
        CT_TRY(add_step(m, step));
    CT_TRY(ct_weights_finish(&m->weights));
    CT_TRY(sort_pixels(v));
done:
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = problem->lattice;
    mera *m = NULL;
    if (lattice->pixels > CT_MERA_PIXELS)
        return ct_fail(CUTROPY_EINPUT,
                       "mera: %s has %d pixels; the whole vector is kept, so give at most %d",
                       lattice->name, lattice->pixels, CT_MERA_PIXELS);
    CT_NEW_ZERO(m, 1);
    m->chi = (int)ct_arg_int(args, "chi");
    m->rounds = (int)ct_arg_int(args, "disentanglers");
    m->periodic = lattice->periodic != 0;
    CT_TRY(add_levels(m, lattice, (int)ct_arg_int(args, "layers")));
    CT_TRY(ct_weights_open(args, "mera", 1, &m->weights));
    CT_TRY(build(m, lattice->pixels));
    CT_TRY(ct_weights_text(args, &problem->text));
    ct_store_values(problem, m->v.spare);
    m->v.spare = NULL;
    problem->values = problem->data; /* runs read them in place */
done:
    if (m) {
        ct_weights_close(&m->weights);
        ct_free(m->v.value);
        ct_free(m->v.spare);
        ct_free(m->v.tensor);
        ct_free(m->v.lane);
    }
    ct_free(m);
    return status;
}

static const ct_param params[] = {
    {"chi", CT_PARAM_INT, "4", 1, CT_MERA_CHI, NULL, "bond dimension"},
    {"layers", CT_PARAM_INT, "1", 0, CT_MERA_LAYERS, NULL, "coarse-grainings by two (grid: 2 x 2)"},
    {"disentanglers", CT_PARAM_INT, "1", 0, 8, NULL,
     "rounds of disentanglers a halving; 0: a tree"},
    CT_SEED_PARAM,
    CT_WEIGHTS_PARAM,
    {0},
};

const ct_problem_type ct_problem_mera = {
    .name = "mera",
    .summary = "binary multiscale entanglement renormalisation ansatz (MERA), random or given",
    .definition =
        "Level 0 is the map of pixels, dimension 2 each. `layers` times a level is halved, on a "
        "chain along x, on a grid along x and then along y (a side of length 1 is left alone): "
        "sites 2k and 2k + 1 of a line become one site of dimension min(chi, product of theirs); "
        "a last site without partner becomes one of dimension min(chi, its own). The state is made "
        "from the top down. Top: the product of one unit vector a site (topN.npy, site N = x + lx "
        "y of the highest level). Then halving by halving, the last one first: every site t by its "
        "isometry, |t> = sum over a, b of W(a, b, t) |a, b>, a of the site with the smaller "
        "coordinate, b dropped (length 1) where it is alone (wS_N.npy: S = number of the halving, "
        "from 1 at the pixels, N = site above); then `disentanglers` rounds: in round 1, 3, .. the "
        "sites 2k + 1, 2k + 2 of every line along the halved direction, which belong to two blocks "
        "(on a ring or torus with an even number of sites the last and the first, too), in round "
        "2, 4, .. the sites 2k, 2k + 1, line after line, k rising: |a', b'> = sum U(a, b, a', b') "
        "|a, b>, a and a' of the site named first (uS_R_N.npy: R = round, N counts from 0). Tensors "
        "are drawn in this order, sites by N, in each the last index runs fastest, entry k = "
        "normal(k); then, read as matrices with the columns t (U: a', b'; top: one column), their "
        "columns are made orthonormal from left to right (Gram-Schmidt: Haar). " CT_NORMAL_TEXT
        "With weights=FILE.npy all tensors are read in this order, as they stand; weights=FOLDER "
        "reads them by name." CT_ARCHIVE_TEXT,
    .source = "G. Vidal, Phys. Rev. Lett. 99, 220405 (2007), binary MERA; on a grid two binary "
              "steps with disentanglers of two sites, one a direction",
    .known = "random tensors: norm 1; disentanglers=0 (a tree): in exact arithmetic the pixels "
             "below one site have rank at most its dimension, and between sites of the highest "
             "level S = 0",
    .lattice = "chain:16",
    .params = params,
    .lattices = CT_ON_GRID | CT_ON_CHAIN,
    .make = make,
};
