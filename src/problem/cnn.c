/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutional network with random weights: `layers` convolutions in front of each of `poolings`
 * poolings. */
#include "problem/amplitude.h"
#include "problem/network.h"
#include "problem/types.h"

#include <stdio.h>
#include <string.h>

/* The map of values while the network is built. */
typedef struct map {
    int channels, lx, ly;
} map;

/* Fills the taps of every output position: rows dy, in each the columns dx; zero padding leaves
 * taps out. */
static void connect(ct_layer *layer, const map *m, int kx, int ky, bool periodic)
{
    int entries = 0;
    for (int p = 0; p < m->lx * m->ly; p++) {
        for (int t = 0; t < kx * ky; t++) {
            int x = p % m->lx + t % kx - kx / 2, y = p / m->lx + t / kx - ky / 2;
            if (periodic) {
                x = (x % m->lx + m->lx) % m->lx;
                y = (y % m->ly + m->ly) % m->ly;
            } else if (x < 0 || x >= m->lx || y < 0 || y >= m->ly) {
                continue;
            }
            layer->from[entries] = x + m->lx * y;
            layer->tap[entries++] = t;
        }
        layer->start[p + 1] = entries;
    }
}

static cutropy_status add_convolution(const ct_args *args, const cutropy_lattice *lattice,
                                      ct_weights *weights, int number, ct_network *network, map *m)
{
    int kx = (int)ct_arg_int(args, "kernel"), ky = lattice->kind == CUTROPY_LATTICE_CHAIN ? 1 : kx;
    int positions = m->lx * m->ly;
    ct_layer shape = {.rule = ct_layer_rule_named(ct_arg_text(args, "activation")),
                      .inputs = m->channels,
                      .outputs = (int)ct_arg_int(args, "channels"),
                      .in_positions = positions,
                      .positions = positions,
                      .taps = kx * ky};
    ct_layer *layer = NULL;
    ct_layer_tensor tensor = {.axes = 2, .shape = {ky, kx}};
    if (lattice->kind == CUTROPY_LATTICE_CHAIN)
        tensor = (ct_layer_tensor){.axes = 1, .shape = {kx}};
    snprintf(tensor.name, sizeof tensor.name, "conv%d", number);
    cutropy_status status = ct_network_add(network, &shape, (size_t)(positions * kx * ky), weights,
                                           &tensor, ct_arg_real(args, "scale"), &layer);
    if (status != CUTROPY_OK)
        return status;
    connect(layer, m, kx, ky, lattice->periodic);
    m->channels = shape.outputs;
    return CUTROPY_OK;
}

static cutropy_status add_pooling(const ct_args *args, ct_network *network, map *m)
{
    map half = {m->channels, (m->lx + 1) / 2, (m->ly + 1) / 2};
    ct_layer shape = {.rule = ct_layer_rule_named(ct_arg_text(args, "pooling")),
                      .inputs = m->channels,
                      .outputs = m->channels,
                      .in_positions = m->lx * m->ly,
                      .positions = half.lx * half.ly};
    ct_layer *layer = NULL;
    int entries = 0;
    if (m->lx * m->ly == 1)
        return ct_fail(CUTROPY_EINPUT,
                       "cnn: too many poolings: nothing is left to pool on this lattice");
    cutropy_status status =
        ct_network_add(network, &shape, (size_t)(m->lx * m->ly), NULL, NULL, 0, &layer);
    if (status != CUTROPY_OK)
        return status;
    for (int p = 0; p < shape.positions; p++) {
        for (int t = 0; t < 4; t++) {
            int x = 2 * (p % half.lx) + t % 2, y = 2 * (p / half.lx) + t / 2;
            if (x < m->lx && y < m->ly)
                layer->from[entries++] = x + m->lx * y;
        }
        layer->start[p + 1] = entries;
    }
    *m = half;
    return CUTROPY_OK;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = problem->lattice;
    map m = {1, lattice->lx, lattice->ly};
    ct_weights weights = {0};
    int convolutions = 0;
    int layers = (int)ct_arg_int(args, "layers"), poolings = (int)ct_arg_int(args, "poolings");

    if (strcmp(ct_arg_text(args, "link"), "identity") != 0)
        CT_TRY(ct_label_index(problem, "cnn"));
    CT_TRY(
        ct_label_lattice(problem, "cnn", 1u << CUTROPY_LATTICE_GRID | 1u << CUTROPY_LATTICE_CHAIN));
    CT_TRY(ct_network_start(args, "cnn", problem, &weights));
    for (int stage = 0; stage < (poolings ? poolings : 1); stage++) {
        for (int k = 0; k < layers; k++)
            CT_TRY(add_convolution(args, lattice, &weights, ++convolutions, problem->data, &m));
        if (poolings)
            CT_TRY(add_pooling(args, problem->data, &m));
    }
    CT_TRY(ct_network_finish(args, "cnn", m.channels, m.lx * m.ly, &weights, problem));
done:
    ct_weights_close(&weights);
    return status;
}

static const ct_param params[] = {
    {"channels", CT_PARAM_INT, "4", 1, 64, NULL, "D: channels of every convolution"},
    {"layers", CT_PARAM_INT, "1", 0, 12, NULL, "n_c: convolutions in front of each pooling"},
    {"poolings", CT_PARAM_INT, "1", 0, 6, NULL,
     "n_p: poolings (0: `layers` convolutions, no pooling)"},
    {"kernel", CT_PARAM_INT, "3", 1, 7, NULL, "kernel width"},
    CT_ACTIVATION_PARAM,
    {"pooling", CT_PARAM_WORD, "max", 0, 0, "max|mean|product",
     "how a 2 x 2 window becomes one value"},
    CT_SCALE_PARAM,
    CT_LINK_PARAM,
    CT_SEED_PARAM,
    CT_WEIGHTS_PARAM,
    {0},
};

const ct_problem_type ct_problem_cnn = {
    .name = "cnn",
    .summary = "convolutional network with random or trained weights",
    .definition =
        "Input: one channel, sigma = 2 s - 1 at (x, y) of a grid or a chain (y = 0). "
        "`poolings` times: `layers` convolutions, then "
        "one pooling (poolings=0: the convolutions alone). Convolution to D channels, "
        "stride 1, same size: z_o(x, y) = b_o + sum "
        "over c, dy, dx of W_o,c,dy,dx v_c(x + dx - k/2, y + dy - k/2), 0 <= dx, dy < k, "
        "k/2 rounded down (chain: dy = 0 only, no "
        "shift of y), then the activation on every value. Beyond the edge: on an open "
        "lattice 0, on a torus or ring the map is "
        "continued periodically with its present size. Pooling: windows 2 x 2 (chain: 2 "
        "x 1) at even x and y; where the size is odd "
        "the last window holds what is left; mean divides by the number of values in the "
        "window. Then f = b + sum over c, y, x of "
        "W_c,y,x v_c(x, y); link=sigmoid: 1 / (1 + e^-f) of it. Weights are drawn layer by layer, in each W in the order o, "
        "c, dy, dx (last layer: c, y, x), then b: "
        "number k is scale * normal(k) / sqrt(F), F = input channels times kernel size "
        "(k*k, chain: k; last layer: channels times "
        "positions left); poolings draw none. " CT_NORMAL_TEXT
        "With weights=FILE.npy all W and b are read in this order, as they stand; "
        "weights=FOLDER reads conv1.weight.npy (D, 1, k, k; chain: D, 1, k), "
        "conv1.bias.npy (D), conv2.weight.npy (D, D, k, k) .. numbered through all "
        "stages, out.weight.npy (1, channels * positions), out.bias.npy (1)." CT_ARCHIVE_TEXT,
    .source = "Y.-H. Zhang, arXiv 1710.05520 (n_c convolutions between poolings, D channels); "
              "random weights",
    .known =
        "activation=linear, pooling=mean: f is a sum of one-pixel functions, in exact arithmetic "
        "of rank at most 2; the program prints a bracket of the rank, because the values are "
        "rounded",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
