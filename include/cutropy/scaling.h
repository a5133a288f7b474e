/* Scaling: how the entropy grows with the cut. Area law, volume law or something between? */
#ifndef CUTROPY_SCALING_H
#define CUTROPY_SCALING_H

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- points ---- */

/* What counts as the length L of a boundary. */
typedef enum cutropy_length {
    CUTROPY_LENGTH_BONDS,   /* L_AB, bonds between A and B */
    CUTROPY_LENGTH_PIXELS,  /* pixels of A with a neighbour in B */
    CUTROPY_LENGTH_VERTICES /* links lattices: vertices where a link of A meets a link of B */
} cutropy_length;

typedef struct cutropy_scaling_point {
    size_t row;                  /* of the result */
    int na, nb;                  /* pixels of A and of B */
    int boundary;                /* L_AB */
    int length;                  /* L in the chosen measure: what the fits use */
    double entropy, entropy_err; /* bits */
    double page;                 /* bits, cutropy_page_entropy(na, nb) */
    double random_set;           /* bits, cutropy_random_set_entropy; NaN: not for this function */
} cutropy_scaling_point;

/* The vertices at which a link of A meets a link of B; 0 on other lattices. */
int cutropy_boundary_vertices(const cutropy_lattice *lattice, const uint64_t *mask);

/* The geometry of the cuts alone, before any run: row, na, nb, boundary, length and page are
 * filled, the entropies are 0; points has room for cuts->count. Errors as of
 * cutropy_scaling_points. */
cutropy_status cutropy_scaling_geometry(const cutropy_lattice *lattice, const cutropy_cuts *cuts,
                                        cutropy_length length, cutropy_scaling_point *points);

/* One point for each finished row of a result, in its order; points has room for result->count.
 * random_set is filled for 0/1 functions only, with the density ones / 2^N.
 * Errors: CUTROPY_EINPUT (CUTROPY_LENGTH_VERTICES on a lattice without vertices). */
cutropy_status cutropy_scaling_points(const cutropy_problem *problem, const cutropy_result *result,
                                      cutropy_length length, cutropy_scaling_point *points,
                                      size_t *count);

/* ---- fits ---- */

typedef enum cutropy_scaling_model {
    CUTROPY_MODEL_CONSTANT, /* S = c0 */
    CUTROPY_MODEL_AREA,     /* S = c0 + c1 L */
    CUTROPY_MODEL_VOLUME,   /* S = c0 + c1 min(NA, NB) */
    CUTROPY_MODEL_LOG       /* S = c0 + c1 L + c2 L log2 min(NA, NB) */
} cutropy_scaling_model;
#define CUTROPY_MODELS 4

/* Ordinary least squares: every cut counts once, with weight 1. Bits. */
typedef struct cutropy_model_fit {
    int parameters;           /* coefficients that the cuts determine */
    double coefficient[3];    /* c0, c1, c2; NaN: the model has no such term, or its column is a
                                 combination of the ones before it (L the same on all cuts, say) */
    double standard_error[3]; /* of the coefficients, from rms and `pairs` */
    double rms;               /* sqrt(sum of squared residuals / cuts) */
    double largest;           /* largest |residual| */
    double r2;                /* 1 - rms^2 / variance of S; NaN: S is the same on all cuts */
    int exact;                /* the errors of the entropies and rounding explain every residual */
    int admissible;           /* may win: grows with the cut, and no simpler model is the same
                               */
    double aicc;              /* NaN: inadmissible, too few pairs, or an exact verdict */
    double weight;            /* Akaike weight among the admissible models; NaN: exact verdict */
} cutropy_model_fit;

typedef enum cutropy_scaling_verdict {
    CUTROPY_SCALING_ZERO,     /* S = 0 on all cuts, within the errors of the entropies */
    CUTROPY_SCALING_CONSTANT, /* S > 0 does not grow with the cut */
    CUTROPY_SCALING_AREA,
    CUTROPY_SCALING_VOLUME,
    CUTROPY_SCALING_LOG,       /* area law with logarithmic correction */
    CUTROPY_SCALING_UNDECIDED, /* the cuts do not tell the models apart, or are too few (below 6
                                  pairs) */
    CUTROPY_SCALING_NONE       /* no model describes S */
} cutropy_scaling_verdict;

typedef struct cutropy_scaling {
    size_t cuts;
    size_t pairs; /* different pairs (L, min(NA, NB)): what the statistics takes for its sample */
    cutropy_model_fit fit[CUTROPY_MODELS];
    cutropy_scaling_verdict verdict;
    int exact;         /* the verdict is exact, not statistical */
    double confidence; /* Akaike weight of the verdict; 1 when exact */
} cutropy_scaling;

/* Fits the models and judges. Rules: docs/scaling.md. O(count) time and memory.
 * Errors: CUTROPY_EINPUT (fewer than 4 different pairs: no more than the fits have parameters),
 * CUTROPY_EMEMORY. */
cutropy_status cutropy_scaling_judge(const cutropy_scaling_point *points, size_t count,
                                     cutropy_scaling *out);

/* entropy - model, in bits. */
double cutropy_scaling_residual(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                const cutropy_scaling_point *point);

/* "area law", "volume law", ... */
const char *cutropy_scaling_verdict_name(cutropy_scaling_verdict verdict);
/* "exact", "clear" (confidence >= 0.99), "likely" (>= 0.9) or "weak". */
const char *cutropy_scaling_confidence_name(const cutropy_scaling *scaling);
/* "constant", "area", "volume", "log". */
const char *cutropy_scaling_model_name(cutropy_scaling_model model);

/* ---- references ---- */

/* Mean entropy in bits of a Haar-random complex state, dimensions 2^na and 2^nb. D. N. Page, Phys.
 * Rev. Lett. 71, 1291 (1993): with m <= n, sum_{k=n+1}^{mn} 1/k - (m-1)/(2n) nats. Error: below
 * 1e-15 of the value; na, nb >= 0 and at most 4096. */
double cutropy_page_entropy(int na, int nb);

/* The same for a random 0/1 function, every label 1 with probability density, by random-matrix
 * theory: derivation and measured accuracy in docs/scaling.md. NaN where it does not hold: density
 * not in (0, 1], density 2^(N/2) < 8 (the flat part does not stand clear of the noise), N > 1000.
 */
double cutropy_random_set_entropy(int na, int nb, double density);

#ifdef __cplusplus
}
#endif
#endif
