/* SPDX-License-Identifier: Apache-2.0 */
/* Multi-layer perceptron with random weights. */
#include "problem/amplitude.h"
#include "problem/network.h"
#include "problem/types.h"

#include <stdio.h>

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    int inputs = 1, positions = problem->lattice->pixels;
    int width = (int)ct_arg_int(args, "width"), depth = (int)ct_arg_int(args, "depth");
    ct_weights weights = {0};
    double scale = ct_arg_real(args, "scale");
    ct_layer_rule rule = ct_layer_rule_named(ct_arg_text(args, "activation"));

    CT_TRY(ct_label_index(problem, "mlp"));
    CT_TRY(ct_network_start(args, "mlp", problem, &weights));
    for (int layer = 0; layer < depth; layer++) {
        char name[16];
        snprintf(name, sizeof name, "layer%d", layer + 1);
        CT_TRY(ct_network_add_dense(problem->data, inputs, positions, width, rule, &weights, name,
                                    scale));
        inputs = width;
        positions = 1;
    }
    CT_TRY(ct_network_finish(args, "mlp", inputs, positions, &weights, problem));
done:
    ct_weights_close(&weights);
    return status;
}

static const ct_param params[] = {
    {"width", CT_PARAM_INT, "16", 1, 1024, NULL, "units of a hidden layer"},
    {"depth", CT_PARAM_INT, "1", 0, 64, NULL, "hidden layers"},
    CT_ACTIVATION_PARAM,
    CT_SCALE_PARAM,
    CT_LINK_PARAM,
    CT_SEED_PARAM,
    CT_WEIGHTS_PARAM,
    {0},
};

const ct_problem_type ct_problem_mlp = {
    .name = "mlp",
    .summary = "multi-layer perceptron with random or trained weights",
    .definition =
        "x^0 = sigma (N inputs, sigma = 2 s - 1); x^l_o = act(b^l_o + sum_i W^l_oi "
        "x^(l-1)_i) for `depth` hidden layers of "
        "`width` units; f(s) = b + sum_i W_i x^depth_i; link=sigmoid: 1 / (1 + e^-f) of it. Weights are drawn layer by "
        "layer, W (o major, then i) before b, "
        "the last layer last: number k is scale * normal(k) / sqrt(inputs of its "
        "layer). " CT_NORMAL_TEXT
        "With weights=FILE.npy all W and b are read in this order, as they stand; "
        "weights=FOLDER reads layer1.weight.npy (width, N), layer1.bias.npy (width), "
        "layer2.weight.npy (width, width) .., out.weight.npy (1, width; depth=0: 1, N), "
        "out.bias.npy (1)." CT_ARCHIVE_TEXT,
    .source = "Y.-H. Zhang, arXiv 1710.05520 (functions of networks); random weights",
    .known =
        "depth=0: f is a sum of one-pixel functions, in exact arithmetic of rank at most 2; the "
        "program prints a bracket of the rank, because the values are rounded",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
