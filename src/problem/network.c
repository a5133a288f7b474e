/* SPDX-License-Identifier: Apache-2.0 */
/* Feed-forward networks of images. */
#include "problem/network.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/exp.h"
#include "problem/amplitude.h"
#include "problem/weighted.h"

#define LANES 8
#define LARGEST_VALUE 1e130 /* squares of 2^40 such values can be summed */

typedef double lanes[LANES];

ct_layer_rule ct_layer_rule_named(const char *name)
{
    static const char *const names[] = {"linear", "relu", "tanh",   "quadratic",
                                        "max",    "mean", "product"};
    int rule = 0;
    while (rule < CT_LAYER_PRODUCT && strcmp(name, names[rule]) != 0)
        rule++;
    return (ct_layer_rule)rule;
}

void ct_network_free(void *data)
{
    ct_network *network = data;
    for (int k = 0; k < network->count; k++) {
        ct_layer *layer = &network->layer[k];
        ct_free(layer->start);
        ct_free(layer->from);
        ct_free(layer->tap);
        ct_free(layer->weight);
        ct_free(layer->bias);
    }
    ct_free(network);
}

/* ---- building ---- */

/* Weights, then biases. */
static cutropy_status take_weights(ct_weights *weights, const ct_layer_tensor *named,
                                   const ct_layer *layer, double scale)
{
    int fan_in = layer->inputs * layer->taps, k = 0;
    ct_tensor tensor = {.size = scale / sqrt(fan_in), .divisor = 1};
    tensor.shape[k++] = layer->outputs;
    tensor.shape[k++] = named->axes ? layer->inputs : fan_in;
    for (int a = 0; a < named->axes; a++)
        tensor.shape[k++] = named->shape[a];
    tensor.axes = k;
    snprintf(tensor.name, sizeof tensor.name, "%s.weight", named->name);
    cutropy_status status = ct_weights_next(weights, &tensor, layer->weight);
    if (status != CUTROPY_OK)
        return status;
    tensor.axes = 1;
    snprintf(tensor.name, sizeof tensor.name, "%s.bias", named->name);
    return ct_weights_next(weights, &tensor, layer->bias);
}

cutropy_status ct_network_add(ct_network *network, const ct_layer *shape, size_t entries,
                              ct_weights *weights, const ct_layer_tensor *tensor, double scale,
                              ct_layer **out)
{
    cutropy_status status = CUTROPY_OK;
    if (network->count == CT_NETWORK_LAYERS)
        return ct_fail(CUTROPY_EINPUT, "a network has at most %d layers", CT_NETWORK_LAYERS);
    if (shape->outputs * shape->positions > CT_NETWORK_VALUES)
        return ct_fail(CUTROPY_EINPUT, "a layer of %d x %d values; at most %d are possible",
                       shape->outputs, shape->positions, CT_NETWORK_VALUES);
    ct_layer *layer = &network->layer[network->count++];
    *layer = *shape;
    layer->start = layer->from = layer->tap = NULL;
    layer->weight = layer->bias = NULL;
    CT_NEW_ZERO(layer->start, layer->positions + 1);
    CT_NEW(layer->from, entries);
    if (layer->taps) {
        CT_NEW(layer->tap, entries);
        CT_NEW(layer->weight, (size_t)layer->outputs * (size_t)layer->inputs * (size_t)layer->taps);
        CT_NEW(layer->bias, layer->outputs);
        CT_TRY(take_weights(weights, tensor, layer, scale));
    }
    *out = layer;
done:
    return status;
}

cutropy_status ct_network_add_dense(ct_network *network, int inputs, int positions, int outputs,
                                    ct_layer_rule rule, ct_weights *weights, const char *name,
                                    double scale)
{
    ct_layer shape = {.rule = rule,
                      .inputs = inputs,
                      .outputs = outputs,
                      .in_positions = positions,
                      .positions = 1,
                      .taps = positions};
    ct_layer *layer = NULL;
    ct_layer_tensor tensor = {.axes = 0};
    snprintf(tensor.name, sizeof tensor.name, "%s", name);
    cutropy_status status =
        ct_network_add(network, &shape, (size_t)positions, weights, &tensor, scale, &layer);
    for (int i = 0; status == CUTROPY_OK && i < positions; i++)
        layer->from[i] = layer->tap[i] = i;
    if (status == CUTROPY_OK)
        layer->start[1] = positions;
    return status;
}

/* The largest |value| after a layer whose inputs are at most `bound`. */
static double layer_bound(const ct_layer *layer, double bound)
{
    if (!layer->taps)
        return layer->rule == CT_LAYER_PRODUCT ? fmax(1, pow(bound, 4)) : bound;
    int fan_in = layer->inputs * layer->taps;
    double largest = 0;
    for (int o = 0; o < layer->outputs; o++) {
        double sum = fabs(layer->bias[o]);
        for (int k = 0; k < fan_in; k++)
            sum += fabs(layer->weight[(size_t)o * (size_t)fan_in + (size_t)k]) * bound;
        largest = fmax(largest, sum);
    }
    if (layer->rule == CT_LAYER_TANH)
        return 1;
    return layer->rule == CT_LAYER_QUADRATIC ? largest * largest : largest;
}

/* By norms. */
static cutropy_status check_range(const ct_network *network, const char *name)
{
    double bound = 1;
    for (int k = 0; k < network->count; k++) {
        bound = layer_bound(&network->layer[k], bound);
        if (!(bound <= LARGEST_VALUE))
            return ct_fail(
                CUTROPY_EINPUT,
                "%s: values of layer %d may exceed %g; take a smaller scale or fewer layers", name,
                k + 1, LARGEST_VALUE);
    }
    return CUTROPY_OK;
}

/* ---- evaluation ---- */

static void activate(ct_layer_rule rule, double *z)
{
    for (int l = 0; l < LANES; l++) {
        if (rule == CT_LAYER_RELU)
            z[l] = z[l] > 0 ? z[l] : 0;
        else if (rule == CT_LAYER_QUADRATIC)
            z[l] *= z[l];
        else if (rule == CT_LAYER_TANH)
            z[l] = tanh(z[l]);
    }
}

/* need: the positions that are asked for; NULL: all. */
static void apply_linear(const ct_layer *layer, const bool *need, const lanes *restrict x,
                         lanes *restrict y)
{
    for (int o = 0; o < layer->outputs; o++)
        for (int p = 0; p < layer->positions; p++) {
            double z[LANES];
            if (need && !need[p])
                continue;
            for (int l = 0; l < LANES; l++)
                z[l] = layer->bias[o];
            for (int c = 0; c < layer->inputs; c++) {
                const double *weight =
                    layer->weight + (size_t)(o * layer->inputs + c) * (size_t)layer->taps;
                const lanes *channel = x + c * layer->in_positions;
                for (int e = layer->start[p]; e < layer->start[p + 1]; e++) {
                    double w = weight[layer->tap[e]];
                    const double *in = channel[layer->from[e]];
                    for (int l = 0; l < LANES; l++)
                        z[l] += w * in[l];
                }
            }
            activate(layer->rule, z);
            memcpy(y[o * layer->positions + p], z, sizeof z);
        }
}

static double pool_two(ct_layer_rule rule, double a, double b)
{
    if (rule == CT_LAYER_MAX)
        return a > b ? a : b;
    return rule == CT_LAYER_MEAN ? a + b : a * b;
}

static void apply_pooling(const ct_layer *layer, const bool *need, const lanes *restrict x,
                          lanes *restrict y)
{
    for (int c = 0; c < layer->inputs; c++)
        for (int p = 0; p < layer->positions; p++) {
            const lanes *channel = x + c * layer->in_positions;
            int begin = layer->start[p], end = layer->start[p + 1];
            if (need && !need[p])
                continue;
            for (int l = 0; l < LANES; l++) {
                double pooled = channel[layer->from[begin]][l];
                for (int e = begin + 1; e < end; e++)
                    pooled = pool_two(layer->rule, pooled, channel[layer->from[e]][l]);
                y[c * layer->positions + p][l] =
                    layer->rule == CT_LAYER_MEAN ? pooled / (end - begin) : pooled;
            }
        }
}

static void apply(const ct_layer *layer, const bool *need, const lanes *x, lanes *y)
{
    if (layer->taps)
        apply_linear(layer, need, x, y);
    else
        apply_pooling(layer, need, x, y);
}

/* Scores become probabilities. */
static cutropy_status link_sigmoid(double *value, size_t count, uint64_t first)
{
    for (size_t k = 0; k < count; k++) {
        if (value[k] < -CT_MAX_LOG)
            return ct_fail(
                CUTROPY_EINPUT,
                "link=sigmoid: the network gives image %llu the score %g, and e^%g is no "
                "probability to count with (limit %g); take smaller weights",
                (unsigned long long)(first + k), value[k], value[k], -CT_MAX_LOG);
        /* beyond the range of ct_exp it rounds to 1 */
        value[k] = value[k] > CT_MAX_LOG ? 1 : 1 / (1 + ct_exp(-value[k]));
    }
    return CUTROPY_OK;
}

/* ---- without images: a sum over the positions that the last layer reads ---- */

typedef struct ct_network_terms {
    const ct_network *network;
    int pixels;
    bool *need[CT_NETWORK_LAYERS + 1]; /* positions in front of each layer that a term asks for */
    ct_local local;
    ct_local_term *term;
    int32_t *pixel; /* positions x pixels */
    double *value;
} ct_network_terms;

static void terms_free(ct_network_terms *t)
{
    for (int k = 0; k < t->network->count; k++)
        ct_free(t->need[k]);
    ct_free(t->term);
    ct_free(t->pixel);
    ct_free(t->value);
}

/* What position p in front of the last layer depends on. */
static void find_needs(ct_network_terms *t, int p)
{
    const ct_layer *layer = t->network->layer;
    const int last = t->network->count - 1;
    for (int k = 0; k <= last; k++)
        memset(t->need[k], 0, (size_t)layer[k].in_positions * sizeof *t->need[k]);
    t->need[last][p] = true;
    for (int k = last - 1; k >= 0; k--)
        for (int q = 0; q < layer[k].positions; q++)
            for (int e = layer[k].start[q]; e < layer[k].start[q + 1] && t->need[k + 1][q]; e++)
                t->need[k][layer[k].from[e]] = true;
}

static cutropy_status find_terms(ct_network_terms *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_layer *layer = t->network->layer;
    const int last = t->network->count - 1, positions = layer[last].in_positions;
    for (int k = 0; k <= last; k++)
        CT_NEW(t->need[k], layer[k].in_positions);
    CT_NEW(t->term, positions);
    CT_NEW(t->pixel, positions * t->pixels);
    for (int p = 0; p < positions; p++) {
        int32_t *pixel = t->pixel + (size_t)p * (size_t)t->pixels;
        int count = 0;
        find_needs(t, p);
        for (int i = 0; i < t->pixels; i++)
            if (t->need[0][i])
                pixel[count++] = i;
        t->term[p] = (ct_local_term){.count = count, .pixel = pixel};
    }
    t->local = (ct_local){.is_sum = true,
                          .constant = layer[last].bias[0],
                          .terms = (size_t)positions,
                          .term = t->term};
done:
    return status;
}

/* The share of position p in the last number, for all images of its pixels. */
static void fill_term(ct_network_terms *t, int p, double *value)
{
    const int last = t->network->count - 1;
    const ct_layer *out = &t->network->layer[last];
    const ct_local_term *term = &t->term[p];
    lanes buffer[2][CT_NETWORK_VALUES];
    find_needs(t, p);
    for (size_t first = 0; first < (size_t)1 << term->count; first += LANES) {
        int side = 0;
        for (int j = 0; j < term->count; j++)
            for (size_t l = 0; l < LANES; l++)
                buffer[0][term->pixel[j]][l] = ct_spin(first + l, j);
        for (int k = 0; k < last; k++, side ^= 1)
            apply(&t->network->layer[k], t->need[k + 1], (const lanes *)buffer[side],
                  buffer[side ^ 1]);
        for (size_t l = 0; l < LANES && first + l < (size_t)1 << term->count; l++) {
            value[first + l] = 0;
            for (int c = 0; c < out->inputs; c++)
                value[first + l] += out->weight[(size_t)c * (size_t)out->taps + (size_t)p] *
                                    buffer[side][c * out->in_positions + p][l];
        }
    }
}

static cutropy_status fill_terms(ct_network_terms *t)
{
    cutropy_status status = CUTROPY_OK;
    size_t numbers = 0, at = 0;
    for (size_t p = 0; p < t->local.terms; p++)
        numbers += (size_t)1 << t->term[p].count;
    CT_NEW(t->value, numbers);
    for (size_t p = 0; p < t->local.terms; p++) {
        t->term[p].value = t->value + at;
        fill_term(t, (int)p, t->value + at);
        at += (size_t)1 << t->term[p].count;
    }
done:
    return status;
}

static cutropy_status weigh(const cutropy_problem *problem, const uint16_t *order,
                            ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_network_terms t = {.network = problem->data, .pixels = problem->lattice->pixels};
    if (t.pixels > CT_NETWORK_VALUES)
        return ct_fail(CUTROPY_EUNSUPPORTED, "a network reads at most %d pixels",
                       CT_NETWORK_VALUES);
    CT_TRY(find_terms(&t));
    CT_TRY(ct_weighted_local(&t.local, t.pixels, order, CT_BONDS, out));
    if (detail == CT_BONDS)
        goto done;
    ct_weighted_free(out);
    CT_TRY(fill_terms(&t));
    CT_TRY(ct_weighted_local(&t.local, t.pixels, order, detail, out));
done:
    terms_free(&t);
    return status;
}

static cutropy_status fill_values(const cutropy_problem *problem, uint64_t first, size_t count,
                                  void *out)
{
    const ct_network *network = problem->data;
    double *value = out;
    int n = problem->lattice->pixels;
    lanes buffer[2][CT_NETWORK_VALUES];
    for (size_t done = 0; done < count; done += LANES) {
        int side = 0;
        for (int i = 0; i < n; i++)
            for (int l = 0; l < LANES; l++)
                buffer[0][i][l] = ct_spin(first + done + (size_t)l, i);
        for (int k = 0; k < network->count; k++, side ^= 1)
            apply(&network->layer[k], NULL, (const lanes *)buffer[side], buffer[side ^ 1]);
        for (size_t l = 0; l < LANES && done + l < count; l++)
            value[done + l] = buffer[side][0][l];
    }
    return network->sigmoid ? link_sigmoid(value, count, first) : CUTROPY_OK;
}

cutropy_status ct_network_start(const ct_args *args, const char *name, cutropy_problem *problem,
                                ct_weights *weights)
{
    cutropy_status status = CUTROPY_OK;
    ct_network *network = NULL;
    CT_TRY(ct_weights_open(args, name, 1, weights));
    CT_NEW_ZERO(network, 1);
    problem->data = network;
    problem->free_data = ct_network_free;
done:
    return status;
}

cutropy_status ct_network_finish(const ct_args *args, const char *name, int inputs, int positions,
                                 ct_weights *weights, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_network *network = problem->data;
    CT_TRY(ct_network_add_dense(network, inputs, positions, 1, CT_LAYER_LINEAR, weights, "out",
                                ct_arg_real(args, "scale")));
    CT_TRY(ct_weights_finish(weights));
    CT_TRY(check_range(network, name));
    CT_TRY(ct_weights_text(args, &problem->text));
    network->sigmoid = strcmp(ct_arg_text(args, "link"), "sigmoid") == 0;
    problem->fill_values = fill_values;
    problem->weigh = network->sigmoid ? NULL : weigh;
    problem->form = network->sigmoid ? CT_FORM_NONE : CT_FORM_NETWORK;
done:
    return status;
}
