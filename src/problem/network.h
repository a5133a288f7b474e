/* SPDX-License-Identifier: Apache-2.0 */
/* Feed-forward networks of images: linear layers with shared weights and poolings, evaluated for
 * several images at once.
 *
 * Values are kept as [channel][position][lane]. A linear layer computes, in this order of
 * additions, z[o][p] = bias[o] + sum over c, then over the taps t of p in their order, of
 * weight[o][c][tap t] * x[c][from t] and applies the activation; a pooling layer reduces, channel
 * by channel, the positions `from` of each window. Dense layers are linear layers with one output
 * position. */
#ifndef CT_NETWORK_H
#define CT_NETWORK_H

#include "problem/weights.h"

#define CT_NETWORK_VALUES                                                                          \
    2560 /* largest channels x positions of a layer: 64 channels on 40 pixels */
#define CT_NETWORK_LAYERS 128

typedef enum ct_layer_rule {
    CT_LAYER_LINEAR, /* no activation */
    CT_LAYER_RELU,
    CT_LAYER_TANH,
    CT_LAYER_QUADRATIC,
    CT_LAYER_MAX, /* poolings */
    CT_LAYER_MEAN,
    CT_LAYER_PRODUCT
} ct_layer_rule;

/* "linear", "relu", "tanh", "quadratic", "max", "mean", "product" */
ct_layer_rule ct_layer_rule_named(const char *name);
#define CT_ACTIVATION_PARAM                                                                        \
    {                                                                                              \
        "activation", CT_PARAM_WORD, "relu", 0, 0, "relu|tanh|quadratic|linear",                   \
            "max(0, z), tanh z, z^2 or z"                                                          \
    }

/* What f is of the last number z. */
#define CT_LINK_PARAM                                                                              \
    {                                                                                              \
        "link", CT_PARAM_WORD, "identity", 0, 0, "identity|sigmoid",                               \
            "f = z, the last number of the network, or its probability 1 / (1 + e^-z)"             \
    }

typedef struct ct_layer {
    ct_layer_rule rule;
    int inputs, outputs; /* channels */
    int in_positions, positions;
    int taps;              /* weights per input and output channel; 0: pooling */
    int *start;            /* positions + 1: first entry of each output position in from and tap */
    int *from, *tap;       /* input position, number of the weight */
    double *weight, *bias; /* outputs x inputs x taps; outputs */
} ct_layer;

typedef struct ct_network {
    int count;
    bool sigmoid; /* link=sigmoid: no form for devices */
    ct_layer layer[CT_NETWORK_LAYERS];
} ct_network;

/* The name of a layer's tensors (NAME.weight, NAME.bias) and the axes of one kernel. */
typedef struct ct_layer_tensor {
    char name[16];
    int axes, shape[2]; /* 2: kernel rows, columns; 1: kernel columns; 0: dense */
} ct_layer_tensor;

/* Appends a layer with room for `entries` entries of from and tap (the caller fills start, from,
 * tap); takes its weights, then its biases: random ones are scale * normal(counter++) / sqrt(inputs
 * * taps). Poolings take none (weights, tensor: NULL). Errors: CUTROPY_EINPUT (too many values,
 * unusable weights), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_network_add(ct_network *network, const ct_layer *shape, size_t entries,
                              ct_weights *weights, const ct_layer_tensor *tensor, double scale,
                              ct_layer **out);

/* A linear layer from every position of every channel to `outputs` numbers; tap = position. Its
 * tensors are NAME.weight (outputs, inputs * positions) and NAME.bias (outputs). */
cutropy_status ct_network_add_dense(ct_network *network, int inputs, int positions, int outputs,
                                    ct_layer_rule rule, ct_weights *weights, const char *name,
                                    double scale);

/* Starts the network of a problem, and its weights, which are to be closed also after an error. */
cutropy_status ct_network_start(const ct_args *args, const char *name, cutropy_problem *problem,
                                ct_weights *weights);
/* The last layer, one number ("out") of what stands at `positions`; reads the key link and makes the evaluator, which fails with
 * CUTROPY_EINPUT where link=sigmoid gives a probability below e^-300. CUTROPY_EINPUT when values might leave the range in which
 * their squares can be summed (bound by norms). */
cutropy_status ct_network_finish(const ct_args *args, const char *name, int inputs, int positions,
                                 ct_weights *weights, cutropy_problem *problem);

void ct_network_free(void *network);

#endif
