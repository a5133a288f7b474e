/* SPDX-License-Identifier: Apache-2.0 */
/* A function as a matrix product state along the numbers of its pixels:
 *
 *   f(s) = A_0[0, s_0, :] A_1[:, s_1, :] .. A_N-1[:, s_N-1, 0],    A_k of shape (left, 2, right)
 *
 *   cutropy_mps *mps = NULL;
 *   cutropy_state *state = NULL;
 *   status = cutropy_state_open_levels(problem, NULL, &state);
 *   if (!status)
 *       status = cutropy_mps_make(state, NULL, NULL, &mps);
 *   if (!status)
 *       status = cutropy_mps_save(mps, "connected.npz", NULL);
 *   cutropy_mps_free(mps);
 *   cutropy_state_free(state);
 *
 * In another order of the pixels site k is pixel order[k], for which the bonds may be much smaller (cutropy/order.h).
 *
 * Three forms of the same function:
 *
 *   classes     one bond index for every different non-zero row of the cut (classes_a of the table): entries 0 and 1, and the values of f
 *               at the last site. Every kind of function; exact.
 *   rank        the least bond dimensions there are: those of the Schmidt rank, proved from both sides in integers. The entries are
 *               rationals, numerators over one denominator a site. Labels and integers; exact.
 *   orthogonal  psi = f / sqrt(<f|f>) in doubles; every tensor but the first is an isometry to its right: the sum over s and right of
 *               A[a, s, right] conj(A[b, s, right]) is 1 where a = b, else 0. With a proved bound of || psi - MPS ||. */
#ifndef CUTROPY_EXPORT_H
#define CUTROPY_EXPORT_H

#include <cutropy/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A state for exports and samples: as cutropy_state_open, but the solver auto means automata wherever the problem has
 * them, so that nothing is enumerated. Errors: those of cutropy_state_open. */
cutropy_status cutropy_state_open_levels(const cutropy_problem *problem,
                                         const cutropy_options *options, cutropy_state **out);

typedef enum cutropy_mps_form {
    CUTROPY_MPS_CLASSES,
    CUTROPY_MPS_RANK,
    CUTROPY_MPS_ORTHOGONAL
} cutropy_mps_form;

/* The form of a word, "classes", "rank", "orthogonal"; 0: it is none. */
int cutropy_mps_form_named(const char *name, cutropy_mps_form *out);

/* Options (cutropy/status.h). */
typedef struct cutropy_mps_options {
    size_t size;
    cutropy_mps_form form;
    double
        cutoff; /* orthogonal: the weight (sum of squares of Schmidt values, of 1 in all) that each bond
                      may lose, 0 <= cutoff < 1; 0: only what rounding cannot tell from 0 */
    const int *order; /* the pixel of each of the N sites, borrowed; NULL: by their numbers */
} cutropy_mps_options;

#define CUTROPY_MPS_OPTIONS                                                                        \
    {                                                                                              \
        sizeof(cutropy_mps_options), CUTROPY_MPS_CLASSES, 0, NULL                                  \
    }

/* The order of a text: "numbers", "rows" (by the positions: y, then x), "columns" (x, then y), or the path of a CSV table with a column `pixel`, as
 * `cutropy order -o` writes it. pixel: N. Errors: CUTROPY_EINPUT (other words, not all pixels once), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status cutropy_mps_order(const char *text, const cutropy_lattice *lattice, int *pixel);

typedef struct cutropy_mps cutropy_mps;

/* wanted, options: may be NULL; of options memory and progress count (stages "diagram", "sites"). The state is not needed afterwards.
 * Cost beside the state: classes next to nothing; rank one sparse elimination modulo a prime a site, more primes where entries are
 * large fractions; orthogonal a singular value decomposition of (classes, 2 right) numbers a site. Errors:
 * CUTROPY_EINPUT (a cutoff that is none, or of another form; an order that has not all pixels once), CUTROPY_EUNSUPPORTED (rank of real or complex values; orthogonal
 * beyond 1000 pixels, or where classes and 2 right are both beyond 23000), CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status cutropy_mps_make(cutropy_state *state, const cutropy_mps_options *wanted,
                                const cutropy_options *options, cutropy_mps **out);
void cutropy_mps_free(cutropy_mps *mps); /* NULL is allowed */

int cutropy_mps_sites(
    const cutropy_mps *mps); /* N; one more, the last, where a sum of product states has a label */
/* Numbers of a site: 2; of sums of product states as many as its factors have, or the label has classes. */
int cutropy_mps_dimension(const cutropy_mps *mps, int site);
/* Of the bond between the pixels k - 1 and k, 0 <= k <= N; 1 at both ends. */
int64_t cutropy_mps_bond(const cutropy_mps *mps, int k);
/* What a site holds: INTEGER, REAL or COMPLEX. */
cutropy_kind cutropy_mps_kind(const cutropy_mps *mps, int site);
/* A bound of || psi - MPS ||: 0 where it is exact. */
double cutropy_mps_error(const cutropy_mps *mps);
/* A bound of 1 - |<psi|MPS>|^2 / <MPS|MPS>, which is the least || psi - c MPS ||^2 of any c, so that the square of the error is one; 0 where it is exact, 1: nothing is known. */
double cutropy_mps_infidelity(const cutropy_mps *mps);
/* The weight that was cut off at bond k (1 .. N - 1), about; 0 where it is exact. */
double cutropy_mps_discarded(const cutropy_mps *mps, int k);

/* Site k is numerators / denominator: left x 2 x right numbers, row-major. Errors: CUTROPY_EUNSUPPORTED (not a site of integers, or
 * they have more than 64 bits: cutropy_mps_save writes those as decimal texts). */
cutropy_status cutropy_mps_integers(const cutropy_mps *mps, int site, int64_t *numerators,
                                    int64_t *denominator);
/* A site of REAL numbers, or of COMPLEX ones, two doubles each. Errors: CUTROPY_EUNSUPPORTED (integers). */
cutropy_status cutropy_mps_reals(const cutropy_mps *mps, int site, double *values);

/* An archive that numpy.load reads (docs/export.md), whole or not at all: site_0, site_1, .., and denominator_0, ..
 * in the form rank. options: progress, which may stop it; may be NULL. Errors: CUTROPY_EIO, CUTROPY_EMEMORY,
 * CUTROPY_EUNSUPPORTED (more than 4 GiB), CUTROPY_ECANCELLED. */
cutropy_status cutropy_mps_save(const cutropy_mps *mps, const char *path,
                                const cutropy_options *options);

/* ---- arrays of one cut, and of the function itself ---- */

/* Which bit of the number of an image is a pixel. LSB: bit j is the j-th pixel of the region (of all pixels), in the order of their numbers:
 * Qiskit. MSB: the first pixel is the most significant bit: quimb, QuTiP, Cirq, PennyLane, NumPy's kron. */
typedef enum cutropy_bit_order { CUTROPY_BITS_LSB, CUTROPY_BITS_MSB } cutropy_bit_order;

/* The reduced density matrix of A = mask, rho[a, a'] = sum over the images b of B of psi(a, b) conj(psi(a', b)), as an archive: rho, 2^NA x 2^NA
 * doubles (complex ones), and error, a bound of the Frobenius norm of its errors; for labels and integers also gram, exact integers, rho =
 * gram / norm. state: of cutropy_state_open or cutropy_state_open_levels (then 2^N does not matter). options: memory, progress; may be
 * NULL. Cost: of truth tables and values the whole matrix of the cut, then 4^NA times the classes of its columns. Errors: CUTROPY_EINPUT
 * (no pixel in A), CUTROPY_EUNSUPPORTED (sums of product states, <f|f> from 2^62 on, files beyond 4 GiB), CUTROPY_EMEMORY,
 * CUTROPY_EIO, CUTROPY_ECANCELLED. */
cutropy_status cutropy_density_save(const cutropy_state *state, const uint64_t *mask,
                                    cutropy_bit_order bits, const char *path,
                                    const cutropy_options *options);

/* The Schmidt decomposition psi(a, b) = sum over k of u[a, k] s[k] vh[k, b] of a cut as an archive: s, r numbers, descending, u, 2^NA x r, vh, r x 2^NB, r = the
 * smaller number of classes of rows and columns, so that values may be 0 but for rounding; and proved bounds: error of
 * ||psi - u diag(s) vh||, u_error and vh_error of ||u^H u - 1|| and ||vh vh^H - 1|| (Frobenius norms), s_error of every value. Vectors of equal values are one choice of many.
 * Cost: a singular value decomposition of classes x classes numbers. Errors: those above, CUTROPY_ENUMERIC. */
cutropy_status cutropy_schmidt_save(const cutropy_state *state, const uint64_t *mask,
                                    cutropy_bit_order bits, const char *path,
                                    const cutropy_options *options);

/* The values of f, not divided by the norm, as an archive: f, all 2^N of them; or sparse: value, those that are not 0, with index, their
 * images as u8 (beyond 64 pixels images, rows of 0 and 1, pixel 0 first). The program reads both again. Errors: CUTROPY_EUNSUPPORTED (a state without
 * images; all values of more than 40 pixels), CUTROPY_EMEMORY, CUTROPY_EIO. */
cutropy_status cutropy_function_save(const cutropy_state *state, int sparse, cutropy_bit_order bits,
                                     const char *path, const cutropy_options *options);

#ifdef __cplusplus
}
#endif
#endif
