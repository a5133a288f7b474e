/* SPDX-License-Identifier: Apache-2.0 */
/* Scaling: how the entropy grows with the cut. Area law, volume law or something between? */
#ifndef CUTROPY_SCALING_H
#define CUTROPY_SCALING_H

#include <cutropy/result.h>
#include <cutropy/run.h>

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

/* A cut and its entropy. Read only. */
typedef struct cutropy_scaling_point {
    size_t row; /* of the result */
    uint32_t
        record; /* of the result: cuts of one lattice that a symmetry makes equal have the same */
    uint32_t lattice; /* of the series, 0 .. */
    int na, nb;       /* pixels of A and of B */
    int boundary;     /* L_AB */
    int length;       /* L in the chosen measure: what the fits use */
    int corners;      /* grids: corners of the boundary */
    int ends;         /* grids: ends of the boundary at an open border of the lattice */
    int rim;          /* pixels of the smaller side with a neighbour on the other */
    int parts;        /* connected parts of A and of B together */
    int arc; /* chains: 1 A or B is a prefix of an open chain, 2 an arc of a ring; else 0 */
    double entropy, entropy_err; /* bits */
    double
        most; /* bits: S <= most, log2 of the dimension of the smaller side, the label of a data set on its side included; min(NA, NB) of other functions; infinite: halves of infinite strips */
    /* What else is proved of S. 0: not known. */
    int64_t classes;  /* S <= log2 classes: the smaller number of different rows or columns */
    uint64_t images;  /* S <= log2 images: label-1 images of a 0/1 function, UINT64_MAX: that or
                          more */
    int64_t rank;     /* Schmidt values that stand clear of their errors */
    int depth, range; /* depth > 0: S <= |R_range|; see cutropy/range.h */
    int exchangeable; /* 1: f depends on the number of lit pixels alone, and S on NA */
    double
        page; /* bits, cutropy_page_entropy(na, nb); NaN: data sets with a label or other levels than two, infinite strips */
    double random_set; /* bits, cutropy_random_set_entropy; NaN: not for this function */
    int infinite;      /* 1: half of an infinite strip; na and nb are those of its window */
} cutropy_scaling_point;

/* The vertices at which a link of A meets a link of B; 0 on other lattices. */
int cutropy_boundary_vertices(const cutropy_lattice *lattice, const uint64_t *mask);

/* ---- the judge ----
 *
 * Rules: docs/scaling.md. Who asks it: cutropy/series.h, and cutropy/map.h. */

/* m = min(NA, NB). l is the chord where A or B is a prefix of an open chain or an arc of a ring, (N/pi) sin(pi m/N) of
 * a ring and twice that of an open chain (P. Calabrese, J. Cardy, J. Stat. Mech. 2004, P06002), and
 * NA NB / N of all other regions, which is m for small ones. */
typedef enum cutropy_scaling_model {
    CUTROPY_MODEL_CONSTANT, /* S = c0 */
    CUTROPY_MODEL_LOG,      /* S = c0 + c1 log2 l */
    CUTROPY_MODEL_AREA,     /* S = c0 + c1 L */
    CUTROPY_MODEL_CORNERS,  /* S = c0 + c1 L + c2 corners + c3 ends + c4 parts: an area law */
    CUTROPY_MODEL_VOLUME    /* S = c0 + c1 m */
} cutropy_scaling_model;
#define CUTROPY_MODELS 5
#define CUTROPY_COEFFICIENTS 5

/* Ordinary least squares: cuts that a symmetry makes equal count once, all others with weight 1.
 * Entropies are no measurements: what is left over is lack of fit, not noise. */
typedef struct cutropy_model_fit {
    int parameters;                           /* coefficients that the cuts determine */
    double coefficient[CUTROPY_COEFFICIENTS]; /* c0 ..; NaN: the model has no such term, or its
                                                 column is a combination of the ones before it */
    double rms;                               /* sqrt(mean squared residual), bits */
    double largest;                           /* largest |residual|, bits */
    double misfit;       /* rms / standard deviation of S; NaN: S is the same on all cuts */
    double misfit_large; /* the same, fitted to the larger half alone: 2 m >= largest m */
    double slope_large;  /* c1 of that fit; NaN likewise */
    int exact;           /* the errors of the entropies and rounding explain every residual */
    int admissible;      /* grows with the cut, and no simpler model is the same */
    int vetoed;          /* cannot be the law: what is proved of these cuts contradicts it */
    double aicc;         /* corrected Akaike criterion over the shapes; NaN: too few, or exact */
    double weight;       /* Akaike weight among the models that may win; NaN likewise */
} cutropy_model_fit;

typedef enum cutropy_scaling_verdict {
    CUTROPY_SCALING_ZERO,     /* S = 0 on all cuts, within the errors of the entropies */
    CUTROPY_SCALING_CONSTANT, /* S > 0 does not grow with the cut; on a chain that is an area law */
    CUTROPY_SCALING_COUNTING, /* S depends on NA alone and is at most log2(m + 1) */
    CUTROPY_SCALING_LOG,      /* S grows as log l */
    CUTROPY_SCALING_AREA,     /* S grows as the boundary, with or without terms of its corners */
    CUTROPY_SCALING_VOLUME,   /* S grows as m */
    CUTROPY_SCALING_SATURATED, /* S is as large as the number of images or classes allows */
    CUTROPY_SCALING_UNDECIDED, /* not decided by these sizes: `reason` says why */
    CUTROPY_SCALING_NONE       /* no function of boundary and size describes S */
} cutropy_scaling_verdict;

/* Why there is no law. */
typedef enum cutropy_scaling_reason {
    CUTROPY_REASON_NONE,    /* there is one */
    CUTROPY_REASON_FEW,     /* too few shapes, or no region of 4 pixels or more */
    CUTROPY_REASON_TIE,     /* two laws describe S alike */
    CUTROPY_REASON_THIN,    /* a volume law of regions that are nearly all boundary */
    CUTROPY_REASON_POOR,    /* the best model leaves too much */
    CUTROPY_REASON_RANGE,   /* the best model is vetoed by a range that does not grow */
    CUTROPY_REASON_RANK,    /* the best model is vetoed by a rank that does not grow */
    CUTROPY_REASON_CLASSES, /* the best model is vetoed by the number of classes */
    CUTROPY_REASON_CEILING, /* the number of images limits S on some cuts */
    CUTROPY_REASON_SCATTER, /* none: cuts of one shape have different entropies */
    CUTROPY_REASON_FALLS,   /* none: the best model falls with the cut */
    CUTROPY_REASON_HALF,    /* the larger half has too few shapes for a fit of its own */
    CUTROPY_REASON_CHANGES  /* the best model is another one on the larger half */
} cutropy_scaling_reason;

/* Read only. */
typedef struct cutropy_scaling {
    size_t cuts;
    size_t orbits; /* cuts that no symmetry makes equal: the sample of the fits */
    size_t pairs;  /* different pairs (L, m) */
    size_t shapes; /* different (N, L, m, corners, ends, parts): the sample of the statistics */
    int smallest, largest; /* m */
    int same_length;       /* L is the same on all cuts */
    int thin;              /* no region has twice as many pixels as its rim */
    double scatter;        /* rms difference of cuts of one shape / standard deviation of S */
    double
        images_bits; /* log2 of the label-1 images, the ceiling; NaN: not below the largest `most` */
    double classes_bits; /* log2 of the largest number of classes; NaN: not known */
    double share;     /* mean of S / ceiling over the larger half; NaN: no ceiling below `most` */
    int64_t rank[2];  /* the largest of the cuts with 2 m <= largest m, and of the others */
    int range, depth; /* the largest known ones; depth 0: none is known */
    cutropy_model_fit fit[CUTROPY_MODELS];
    cutropy_scaling_verdict verdict;
    cutropy_scaling_reason reason;
    int model;             /* the model behind the verdict, or -1 */
    int exact;             /* the verdict is exact, not statistical */
    double weight;         /* Akaike weight of the verdict's law; 1: nothing to weigh; 0: no law */
    int arc;               /* that of all points, or 0 */
    int infinite;          /* halves of infinite strips: there is no m, and S has no volume law */
    double central_charge; /* of a LOG on arcs: S = (c/6) arc log2 l; else NaN */
} cutropy_scaling;

/* entropy - model, in bits. */
double cutropy_scaling_residual(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                const cutropy_scaling_point *point);

/* ---- words: the only ones about laws, for every output ---- */

/* "area law", "volume law", "not decided by these sizes", ... */
const char *cutropy_scaling_verdict_name(cutropy_scaling_verdict verdict);
/* "exact", "clear" (weight >= 0.99) or "likely" (>= 0.9); "" without a law. */
const char *cutropy_scaling_certainty_name(const cutropy_scaling *scaling);
/* "constant", "log", "area", "corners", "volume". */
const char *cutropy_scaling_model_name(cutropy_scaling_model model);
/* "S = 1 L - 1"; text needs 160 characters. An exact fit does not show its rounding noise. */
void cutropy_scaling_formula(const cutropy_model_fit *fit, cutropy_scaling_model model, char *text);
/* "area law, exact" or "volume law, clear (weight 1)"; text needs 160 characters. */
void cutropy_scaling_headline(const cutropy_scaling *scaling, char *text);
/* One to three sentences: what the verdict means and what it rests on; text needs 640 characters.
 */
void cutropy_scaling_explain(const cutropy_scaling *scaling, char *text);

/* ---- references ---- */

/* Mean entropy in bits of a Haar-random complex state, dimensions 2^na and 2^nb. D. N. Page, Phys.
 * Rev. Lett. 71, 1291 (1993): with m <= n, sum_{k=n+1}^{mn} 1/k - (m-1)/(2n) nats. Error: below
 * 1e-15 of the value; na, nb >= 0 and at most 4096. */
double cutropy_page_entropy(int na, int nb);

/* The same for a random 0/1 function, every label 1 with probability density, by random-matrix
 * theory: derivation and measured accuracy in docs/scaling.md. NaN where it does not hold: density
 * not in (0, 1], density 2^(N/2) < 8 (the flat part does not stand clear of the noise), N < 10, N > 1000.
 */
double cutropy_random_set_entropy(int na, int nb, double density);

#ifdef __cplusplus
}
#endif
#endif
