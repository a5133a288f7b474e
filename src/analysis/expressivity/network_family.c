/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/expressivity/network_family.h"

#include <string.h>

static const ct_family families[] = {
    {"cnn", "channels", "layers", "n_c log2 D", "The claim of arXiv 1710.05520 is S/L ~ n_c log D.",
     false},
    {"rbm", "hidden", NULL, "hidden units",
     "The paper's claim is about convolutional networks; for rbm, where S is at most "
     "`hidden` bits, the claim tested here is S/L ~ hidden units.",
     true},
    {"mps", "chi", NULL, "log2 chi",
     "The paper's claim is about convolutional networks; for mps, where S of a prefix cut is at "
     "most log2 chi, the claim tested here is S/L ~ log2 chi.",
     false},
    {"mera", "chi", "disentanglers", "disentanglers log2 chi",
     "The paper argues from MERA to convolutional networks: chi stands for D, the disentanglers of "
     "a coarse-graining for n_c; for mera the claim tested here is S/L ~ disentanglers log2 chi.",
     false},
    {"mlp", "width", "depth", "depth log2 width",
     "The paper's claim is about convolutional networks; for mlp the claim tested here is S/L ~ "
     "depth log2 width.",
     false},
};

const ct_family *ct_family_find(const char *name, size_t length)
{
    for (size_t k = 0; k < sizeof families / sizeof families[0]; k++)
        if (strlen(families[k].name) == length && !memcmp(families[k].name, name, length))
            return &families[k];
    return NULL;
}
