/* SPDX-License-Identifier: Apache-2.0 */
/* Results: one row for each cut that was asked for, in their order.
 *
 *   for (size_t row = 0; row < cutropy_result_rows(result); row++)
 *       if (cutropy_result_done(result, row))
 *           printf("%.15g +- %.1g\n", cutropy_result_entropy(result, row),
 *                  cutropy_result_entropy_error(result, row));
 *
 * Entropies are in bits; every real number has its error in the same unit, and the guarantee of its
 * row says what that error means. A number that is not known is NaN, a text NULL; so are all numbers
 * of a row that is not done. Rows, quantities and levels are counted from 0, and the caller keeps
 * them in range. Texts live as long as the result. All of it is O(1), and any number of threads may
 * read. cutropy/sheet.h gives the same as a table of typed cells. */
#ifndef CUTROPY_RESULT_H
#define CUTROPY_RESULT_H

#include <cutropy/cut.h>
#include <cutropy/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cutropy_guarantee {
    CUTROPY_GUARANTEE_EXACT, /* every eigenvalue in closed form; entropy_err bounds only the rounding of its
                      logarithms */
    CUTROPY_GUARANTEE_CERTIFIED, /* entropy_err is a proved radius */
    CUTROPY_GUARANTEE_FLOAT, /* values-only eigenvalues; entropy_err is the standard backward-error estimate */
    CUTROPY_GUARANTEE_BRACKET /* option `bracket`: S lies within entropy_err, half a bracket made of a few eigenvalues */
} cutropy_guarantee;

/* Quantities beyond the standard columns. */
typedef enum cutropy_quantity_kind {
    CUTROPY_QUANTITY_RENYI,              /* renyi:ALPHA, alpha >= 0 or inf, bits */
    CUTROPY_QUANTITY_SCHMIDT_GAP,        /* lambda_1 - lambda_2 */
    CUTROPY_QUANTITY_LOG_NEGATIVITY,     /* Renyi-1/2 of a pure bipartition, bits */
    CUTROPY_QUANTITY_MUTUAL_INFORMATION, /* I(i:j) = S(i) + S(j) - S(ij), two-pixel cuts only, bits */
    CUTROPY_QUANTITY_BOUNDARY_PIXELS,    /* pixels of A with a neighbour in B */
    CUTROPY_QUANTITY_BLOCKS,             /* connected components of the quotient */
    CUTROPY_QUANTITY_TR_RHO3,            /* Tr rho^3, exact where integers allow */
    CUTROPY_QUANTITY_SPECTRUM,           /* eigenvalues with multiplicities */
    CUTROPY_QUANTITY_NUMERICAL_RANK,     /* rank:EPS, Schmidt values above EPS times the largest */
    CUTROPY_QUANTITY_DISCARDED_WEIGHT, /* discarded_weight:K, 1 - the sum of the K largest eigenvalues */
    CUTROPY_QUANTITY_TRUNCATION,       /* truncation:EPS, smallest K with discarded weight <= EPS */
    CUTROPY_QUANTITY_GROWTH, /* infinite strips only: label-1 images a row, the largest eigenvalue of the matrix
                                    that adds a row */
    CUTROPY_QUANTITY_SATURATION, /* S over log2 of the largest rank that classes and dimensions of the sides allow; 0 where that is 1 */
    /* sums of product states with a label beside the other pixels (label_side=b), bits: */
    CUTROPY_QUANTITY_LABEL_INFORMATION, /* I(A:label) = S(A) + S(label) - S(A label) */
    CUTROPY_QUANTITY_LABEL_ENTROPY,     /* S(label) */
    CUTROPY_QUANTITY_JOINT_ENTROPY      /* S(A label) */
} cutropy_quantity_kind;

typedef struct cutropy_quantity {
    cutropy_quantity_kind kind;
    double parameter; /* CUTROPY_QUANTITY_RENYI: order, INFINITY allowed; EPS; K */
} cutropy_quantity;

/* "schmidt_gap,renyi:0.5,renyi:inf" -> *out with *count entries (free with
 * cutropy_quantities_free). */
cutropy_status cutropy_quantities_parse(const char *text, cutropy_quantity **out, size_t *count);
void cutropy_quantities_free(cutropy_quantity *quantities);
/* Column name without unit, e.g. "renyi_0.5", "rank_1e-08" or "schmidt_gap", at most 47 characters:
 * as much of it as fits, ended by a zero byte, and its whole length, as snprintf does it. */
size_t cutropy_quantity_name(const cutropy_quantity *quantity, char *buffer, size_t size);
/* 1 when the column carries the unit of --base (bits or nats). */
int cutropy_quantity_has_unit(const cutropy_quantity *quantity);
/* 1 for real numbers (and the spectrum), which have an error beside them; 0 for integers. */
int cutropy_quantity_is_real(const cutropy_quantity *quantity);

typedef struct cutropy_result cutropy_result;
void cutropy_result_free(cutropy_result *result); /* NULL is allowed */

/* ---- rows ---- */

size_t cutropy_result_rows(const cutropy_result *result);
/* The masks, one a row; they belong to the result. */
const cutropy_cuts *cutropy_result_cuts(const cutropy_result *result);
/* 0: the run was stopped, and only rows that are done have numbers. */
int cutropy_result_complete(const cutropy_result *result);
int cutropy_result_done(const cutropy_result *result, size_t row);
/* Why a row failed while others went on, in one line that belongs to the result, and with which status
 * (which may be NULL); NULL: it did not fail. A row that failed is not done. */
const char *cutropy_result_failure(const cutropy_result *result, size_t row,
                                   cutropy_status *status);
/* Rows of one record have one spectrum: a cut and its complement, and cuts that a symmetry of f
 * makes equal. Records are numbered from 0 in the order of their computation. */
size_t cutropy_result_record(const cutropy_result *result, size_t row);
int cutropy_result_na(const cutropy_result *result, size_t row);       /* pixels of A; of an
                                                          infinite strip those that its window shows */
int cutropy_result_boundary(const cutropy_result *result, size_t row); /* bonds between A and B */

/* ---- numbers of a row that is done ---- */

cutropy_guarantee cutropy_result_guarantee(const cutropy_result *result, size_t row);
double cutropy_result_entropy(const cutropy_result *result, size_t row); /* von Neumann, bits */
double cutropy_result_entropy_error(const cutropy_result *result, size_t row);
double cutropy_result_renyi2(const cutropy_result *result, size_t row); /* -log2 Tr rho^2 */
double cutropy_result_renyi2_error(const cutropy_result *result, size_t row);
double cutropy_result_purity(const cutropy_result *result, size_t row); /* Tr rho^2 */
double cutropy_result_purity_error(const cutropy_result *result, size_t row);
/* Tr rho^2 of labels and integers as an exact fraction "p/q" in lowest terms: as much of it as fits
 * with a zero byte, and its whole length, as snprintf does it; 0: there is none. */
size_t cutropy_result_purity_fraction(const cutropy_result *result, size_t row, char *buffer,
                                      size_t size);
/* The same of Tr rho^3, where the quantity tr_rho3 was asked for and the fraction is known; doubles are
 * those of the quantity. */
size_t cutropy_result_tr_rho3_fraction(const cutropy_result *result, size_t row, char *buffer,
                                       size_t size);
/* The Schmidt rank lies in lo .. hi, which are equal where it is settled; both are -1 where it is 2^S and has more than 62 bits
 * (solver affine; classes and blocks alike). */
void cutropy_result_rank(const cutropy_result *result, size_t row, int64_t *lo, int64_t *hi);
/* Different non-zero rows (side 0, of A) or columns (side 1, of B) of the cut matrix. */
int64_t cutropy_result_classes(const cutropy_result *result, size_t row, int side);

/* ---- quantities that were asked for ---- */

size_t cutropy_result_quantities(const cutropy_result *result);
const cutropy_quantity *cutropy_result_quantity_asked(const cutropy_result *result,
                                                      size_t quantity);
/* In bits where it has a unit; 0 for the spectrum. NUMERICAL_RANK, TRUNCATION: an integer in value ..
 * value + error. */
double cutropy_result_quantity(const cutropy_result *result, size_t row, size_t quantity);
double cutropy_result_quantity_error(const cutropy_result *result, size_t row, size_t quantity);
/* With the quantity "spectrum": the different eigenvalues of rho_A, descending. */
size_t cutropy_result_levels(const cutropy_result *result, size_t row);
double cutropy_result_eigenvalue(const cutropy_result *result, size_t row, size_t level);
double cutropy_result_eigenvalue_error(const cutropy_result *result, size_t row, size_t level);
int64_t cutropy_result_multiplicity(const cutropy_result *result, size_t row, size_t level);

/* ---- proved decimals, with the options digits or certify ---- */

/* Correctly rounded, so within half a unit of the last place; as many as were asked for or could be
 * proved; NULL: none. nats: 0 bits, 1 nats. */
const char *cutropy_result_entropy_decimals(const cutropy_result *result, size_t row, int nats);
const char *cutropy_result_renyi2_decimals(const cutropy_result *result, size_t row, int nats);
/* A mutual information is a sum of three of them: within 1.5 units of its last place. */
const char *cutropy_result_quantity_decimals(const cutropy_result *result, size_t row,
                                             size_t quantity, int nats);
const char *cutropy_result_eigenvalue_decimals(const cutropy_result *result, size_t row,
                                               size_t level);
/* S over logarithms of primes, where every eigenvalue is rational. */
const char *cutropy_result_closed_form(const cutropy_result *result, size_t row, int nats);

/* ---- where the numbers come from ---- */

/* key: problem and lattice (canonical text), kind, checksum (64 bits that depend on every value of f
 * and on nothing else; storage automaton: another number for the same f, of its least automaton), label1_images (of labels), norm (<f|f>), norm_err (what that is off by, at most), storage, backend, instruction_set,
 * libraries (the program says "OpenBLAS (not used)" as long as it has not opened it), threads,
 * digits, symmetries (order of the group that was used). As much of the text as fits with a zero
 * byte, and its whole length, as snprintf does it; 0: empty, or no such key. */
size_t cutropy_result_origin(const cutropy_result *result, const char *key, char *buffer,
                             size_t size);
/* Seconds of a stage, added up over threads where each has cuts of its own, by the clock where they share one cut: evaluate, symmetry, quotient, blocks, gram, eigenvalues,
 * entropy, proofs (only with digits); total: of the run. NaN: no such stage. */
double cutropy_result_seconds(const cutropy_result *result, const char *stage);
#ifdef __cplusplus
}
#endif
#endif
