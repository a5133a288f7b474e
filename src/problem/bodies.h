/* SPDX-License-Identifier: Apache-2.0 */
/* Every bit-sliced body, one line each; the body of X(name) stands in problem/name_eval.h. */
#define CT_BODIES(X)                                                                               \
    X(loops)                                                                                       \
    X(pixel_loops)                                                                                 \
    X(parity)                                                                                      \
    X(majority)                                                                                    \
    X(threshold)                                                                                   \
    X(weight)                                                                                      \
    X(ghz)                                                                                         \
    X(mirror)                                                                                      \
    X(bars_stripes)                                                                                \
    X(connected)                                                                                   \
    X(percolation)                                                                                 \
    X(rectangle)                                                                                   \
    X(independent_set)                                                                             \
    X(still_life)                                                                                  \
    X(contains)                                                                                    \
    X(inner_product)
