/* Every bit-sliced body, one line each; the body of X(name) stands in problem/name_eval.h. */
#define CT_BODIES(X) \
    X(loops)         \
    X(pixel_loops)
