/* SPDX-License-Identifier: Apache-2.0 */
/* Orders by the mutual information of pairs, on the handwritten threes; the numbers are NumPy's (entropies from Cholesky factors, the Fiedler
 * vector of numpy.linalg.eigh), as are those of tests/data/datasets.csv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/order/order_pairs.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "engine/solver/product_pairs.h"
#include "engine/state/state.h"
#include "failing_allocator.h"
#include "ref/support.h"

static cutropy_state *state_of(const char *text, cutropy_problem **problem)
{
    cutropy_state *state = NULL;
    *problem = must_problem(text, NULL);
    ck_assert_msg(cutropy_state_open(*problem, NULL, &state) == CUTROPY_OK, "%s", cutropy_error());
    return state;
}

static cutropy_order *must_arrange(cutropy_state *state, cutropy_order_method method)
{
    cutropy_order *order = NULL;
    MUST(cutropy_order_arrange(state, method, NULL, &order));
    return order;
}

/* Of the first 1 .. N - 1 pixels of an order, N <= 64. */
static double mean_entropy(const cutropy_problem *problem, const int *pixel, int count)
{
    uint64_t mask[63] = {0};
    double sum = 0;
    for (int k = 0; k + 1 < count; k++)
        mask[k] = (k ? mask[k - 1] : 0) | UINT64_C(1) << pixel[k];
    cutropy_result *result = must_run(problem, mask, (size_t)count - 1, NULL, 1, 1);
    for (size_t k = 0; k + 1 < (size_t)count; k++)
        sum += row_record(result, k)->entropy;
    cutropy_result_free(result);
    return sum / (count - 1);
}

START_TEST(threes)
{
    static const int random[64] = {32, 61, 11, 31, 27, 42, 12, 48, 26, 39, 43, 63, 17, 47, 28, 6,
                                   9,  59, 29, 35, 18, 22, 30, 36, 41, 13, 38, 24, 52, 2,  20, 34,
                                   58, 44, 7,  23, 55, 56, 19, 49, 62, 25, 33, 3,  8,  51, 57, 21,
                                   1,  16, 60, 14, 50, 4,  5,  15, 10, 45, 54, 0,  37, 53, 46, 40};
    static const struct {
        const char *name;
        double mean;
    } right[] = {{"numbers", 1.9201334799248848},
                 {"rows", 1.9201334799248848},
                 {"columns", 1.3091155098911853},
                 {"spectral", 1.2117872317257183},
                 {"rearranged", NAN}};
    cutropy_problem *problem;
    cutropy_state *state = state_of("data:images=digits,label=class:3", &problem);
    for (size_t k = 0; k < sizeof right / sizeof *right; k += (size_t)amount(1, 3)) {
        cutropy_order_method method;
        ck_assert(cutropy_order_method_named(right[k].name, &method) && method == k);
        cutropy_order *order = must_arrange(state, method);
        const cutropy_order_sums *sums = cutropy_order_summarize(order, 0);
        ck_assert_str_eq(cutropy_order_method_name(order), right[k].name);
        ck_assert(fabs(sums->mean_entropy -
                       mean_entropy(problem, cutropy_order_pixels(order), 64)) < 1e-12);
        ck_assert(isnan(right[k].mean) || fabs(sums->mean_entropy - right[k].mean) < 1e-10);
        ck_assert(sums->mean_entropy < 1.93 && sums->entropy_err < 1e-8);
        ck_assert(fabs(cutropy_order_summarize(order, 1)->mean_entropy - right[0].mean) < 1e-10);
        ck_assert(cutropy_order_searched(order) == (method < CUTROPY_ORDER_SPECTRAL ? 0 : 2080));
        cutropy_order_free(order);
    }
    ck_assert(fabs(mean_entropy(problem, random, 64) - 2.281109793353567) < 1e-10);
    cutropy_order_method method = CUTROPY_ORDER_ROWS;
    ck_assert(!cutropy_order_method_named("best", &method) && method == CUTROPY_ORDER_ROWS);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

/* With a label on one side S(i) is not that of the other pixels. */
START_TEST(pairs_of_labelled_images)
{
    enum { N = 64, PAIRS = N * (N + 1) / 2 };
    const int lower[] = {10, 19, 20, 27, 36, 43};
    uint64_t mask[PAIRS];
    size_t count = 0;
    ct_order_cuts cuts;
    double *weight = NULL;
    cutropy_problem *problem;
    const cutropy_options options = ct_default_options();
    cutropy_state *state = state_of("data:images=digits,label=onehot,first=50", &problem);
    ck_assert_int_eq(ct_order_cuts_start(state, &options, PAIRS, &cuts), CUTROPY_OK);
    ck_assert_int_eq(ct_order_pairs(&cuts, N, &weight), CUTROPY_OK);
    for (int i = 0; i < 6; i++)
        for (int j = i; j < 6; j++)
            mask[count++] = UINT64_C(1) << lower[i] | UINT64_C(1) << lower[j];
    cutropy_result *result = must_run(problem, mask, count, NULL, 1, 1);
    double single[6], shared[6][6];
    for (int pass = 0; pass < 2; pass++) {
        size_t row = 0;
        for (int i = 0; i < 6; i++)
            for (int j = i; j < 6; j++, row++) {
                const double s = row_record(result, row)->entropy;
                if (i == j)
                    single[i] = s;
                else if (pass)
                    shared[i][j] = single[i] + single[j] - s;
            }
    }
    for (int i = 0; i < 6; i++)
        for (int j = i + 1; j < 6; j++) {
            const double w = weight[lower[i] * N + lower[j]];
            ck_assert(w == weight[lower[j] * N + lower[i]] && w * 0x1p30 == rint(w * 0x1p30));
            ck_assert_msg(fabs(w - shared[i][j]) < 2e-9, "%d %d: %g %g", i, j, w, shared[i][j]);
        }
    cutropy_result_free(result);
    ct_free(weight);
    ct_order_cuts_free(&cuts);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

/* All pairs at once are what cuts say one by one: more terms than a tile and fewer, a label, images that come twice. */
START_TEST(pairs_at_once)
{
    static const char *const texts[] = {"data:first=70,theta=0.3",
                                        "data:first=20,map=poly",
                                        "data:first=45,label=onehot",
                                        "data:first=33,label=pm1:3",
                                        "data:first=25,map=poly,normalise=no",
                                        "data:first=40,map=phase,theta=0.3",
                                        "data:first=33,map=phase,label=onehot",
                                        "data:first=34,map=levels,bins=3,label=pm1:3"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t += (size_t)amount(1, 3)) {
        enum { N = 64 };
        static double at_once[2][N * N];
        uint64_t mask[N * 4];
        size_t count = 0;
        cutropy_problem *problem;
        cutropy_state *state = state_of(texts[t], &problem);
        ck_assert(ct_product_pairs_serve(problem->products));
        for (int threads = 1; threads <= 2; threads++)
            ck_assert_int_eq(ct_product_pairs(problem->products, state->operations, threads, NULL,
                                              at_once[threads - 1]),
                             CUTROPY_OK);
        ck_assert(!memcmp(at_once[0], at_once[1], sizeof at_once[0]));
        for (int i = 0; i < N; i++)
            for (int k = 0; k < 4; k++) /* itself, a neighbour, the first and the last one */
                mask[count++] = UINT64_C(1) << i | UINT64_C(1) << (k == 0   ? i
                                                                   : k == 1 ? (i + 1) % N
                                                                   : k == 2 ? 0
                                                                            : N - 1);
        cutropy_result *result = must_run(problem, mask, count, NULL, 1, 1);
        for (size_t k = 0; k < count; k++) {
            const int i = (int)k / 4, j = k % 4 == 0   ? i
                                          : k % 4 == 1 ? (i + 1) % N
                                          : k % 4 == 2 ? 0
                                                       : N - 1;
            ck_assert_msg(fabs(at_once[0][i * N + j] - row_record(result, k)->entropy) < 1e-11,
                          "%s %d %d: %.17g, %.17g", texts[t], i, j, at_once[0][i * N + j],
                          row_record(result, k)->entropy);
        }
        cutropy_result_free(result);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

static double shared_by(const double *weight, const int *pixel, int n, int first, int half,
                        int count)
{
    double sum = 0;
    for (int i = first; i < first + half; i++)
        for (int j = first + half; j < first + count; j++)
            sum += weight[pixel[i] * n + pixel[j]];
    return sum;
}

/* No swap between two halves lowers what they share, at no level; pairs that belong together stay together. */
START_TEST(halves)
{
    static const char *const texts[] = {"data:images=digits,label=class:1,first=60",
                                        "inner-product", "random"};
    static const char *const lattices[] = {NULL, "chain:16", "4x3"};
    const cutropy_options options = ct_default_options();
    for (int t = 0; t < 3; t++) {
        cutropy_problem *problem = must_problem(texts[t], lattices[t]);
        ct_order_cuts cuts;
        double *weight = NULL;
        int pixel[64], seen = 0;
        cutropy_state *state = must_state(problem, NULL);
        const int n = cutropy_problem_lattice(problem)->pixels;
        cutropy_order *order = must_arrange(state, CUTROPY_ORDER_REARRANGED);
        ck_assert_int_eq(ct_order_cuts_start(state, &options, 9999, &cuts), CUTROPY_OK);
        ck_assert_int_eq(ct_order_pairs(&cuts, n, &weight), CUTROPY_OK);
        memcpy(pixel, cutropy_order_pixels(order), (size_t)n * sizeof *pixel);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++)
                seen += pixel[k] == i;
        ck_assert_int_eq(seen, n);
        for (int i = 0; i < n && t == 1; i += 2)
            ck_assert_int_eq(pixel[i + 1] - pixel[i], 8);
        for (int size = n; size > 2 && size % 2 == 0; size /= 2)
            for (int first = 0; first < n; first += size) {
                const double least = shared_by(weight, pixel, n, first, size / 2, size);
                for (int i = first; i < first + size / 2; i++)
                    for (int j = first + size / 2; j < first + size; j++) {
                        const int a = pixel[i], b = pixel[j];
                        pixel[i] = b;
                        pixel[j] = a;
                        ck_assert(shared_by(weight, pixel, n, first, size / 2, size) >= least);
                        pixel[i] = a;
                        pixel[j] = b;
                    }
            }
        ct_free(weight);
        ct_order_cuts_free(&cuts);
        cutropy_order_free(order);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* A path in a shuffled graph, another one, and a pixel alone. */
START_TEST(spectral_orders_of_paths)
{
    enum { N = 40 };
    double weight[N * N] = {0};
    int place[N], member[N], random = 1;
    for (int k = 0; k < N; k++)
        place[k] = (k * 7 + 3) % N; /* pixel at step k */
    for (int k = 0; k + 1 < N; k++)
        if (k != 24 && k != 38)
            weight[place[k] * N + place[k + 1]] = weight[place[k + 1] * N + place[k]] =
                1 + 0x1p-30 * (random = random * 75 % 65537);
    for (int i = 0; i < N; i++)
        member[i] = i;
    ck_assert_int_eq(ct_order_spectral(weight, N, member, N), CUTROPY_OK);
    int breaks = 0;
    for (int i = 0; i + 1 < N; i++)
        breaks += weight[member[i] * N + member[i + 1]] == 0;
    ck_assert_int_eq(breaks, 2);
}
END_TEST

START_TEST(refused)
{
    cutropy_order *order = NULL;
    cutropy_problem *problem;
    problem = must_problem("parity", "chain:1");
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_order_arrange(state, CUTROPY_ORDER_SPECTRAL, NULL, &order),
                     CUTROPY_EINPUT);
    ck_assert_ptr_null(order);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(failing_allocations)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = must_problem("connected", "2x2");
    cutropy_options *options = must_options("threads", "1", NULL);
    cutropy_state *state = must_state(problem, options);
    cutropy_order *order = NULL;
    ck_assert_int_eq(cutropy_order_find(state, CUTROPY_ORDER_RANK, options, &order), CUTROPY_OK);
    cutropy_order_free(order); /* the symmetries are known now */
    const long live = failing_allocator_live();
    for (long k = 0;; k++) {
        failing_allocator_start(k);
        const cutropy_status status =
            cutropy_order_arrange(state, CUTROPY_ORDER_REARRANGED, options, &order);
        const bool fired = failing_allocator_stop();
        ck_assert(status == CUTROPY_OK || (fired && status == CUTROPY_EMEMORY));
        cutropy_order_free(order);
        ck_assert_int_eq(failing_allocator_live(), live);
        if (!fired)
            break;
    }
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    problem = must_problem("data:first=3", NULL);
    state = must_state(problem, options);
    const long held = failing_allocator_live();
    for (long k = 0;; k++) {
        static double entropy[64 * 64];
        failing_allocator_start(k);
        const cutropy_status status =
            ct_product_pairs(problem->products, state->operations, 1, NULL, entropy);
        const bool fired = failing_allocator_stop();
        ck_assert(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK));
        ck_assert_int_eq(failing_allocator_live(), held);
        if (!fired)
            break;
    }
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("order_pairs", failing_allocations, threes, pairs_of_labelled_images, pairs_at_once,
           halves, spectral_orders_of_paths, refused)
