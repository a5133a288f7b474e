/* SPDX-License-Identifier: Apache-2.0 */
/* One cut on its way to a proved record, and what a prover is.
 *
 * Every real number of a row has a place for its decimals. Provers are asked from the cheapest to
 * the surest, and each fills what is still open, until nothing is. */
#ifndef CT_PROOF_H
#define CT_PROOF_H

#include "engine/cut/exact.h"
#include "engine/function/result.h"

#include "certify/enclosure.h"
#include "certify/rank_proof.h"
#include "engine/cut/gram.h"
#include "engine/function/setting.h"
#include "engine/prove/prove_limits.h"

/* The cut first, then what is proved of it so far. */
typedef struct ct_proof {
    const ct_setting *setting;
    int threads;
    bool trivial;         /* an empty or full cut */
    const ct_quotient *q; /* NULL, as the blocks: trivial, or there is only an answer */
    const ct_blocks *blocks;
    const ct_integer_block *given; /* the blocks of an answer, given_count of them */
    int64_t given_count;
    const uint64_t
        *mask;    /* given: region A, where a quotient can be found for what they leave open */
    bool doubled; /* given: their eigenvalues are twice as large */
    const struct ct_near_block *rounded; /* of which the given block is, with its slack */
    int64_t most;                        /* rounded: eigenvalues above zero, at most */
    int64_t
        most_bits; /* rounded: no block will lie nearer than about 2^-most_bits; 0: that is not known */
    cutropy_record *record;

    cutropy_exact *exact; /* of the record */
    int purity_decimals, tr_rho3_decimals;
    ct_rank_proof rank;     /* by primes */
    int64_t *rank_of_block; /* proved ranks, -1: not proved */
    bool rank_known;        /* record->rank_lo = rank_hi is proved */
    bool rational;          /* every eigenvalue */
    bool brackets;          /* the integers among the quantities are proved brackets */
} ct_proof;

typedef struct ct_prover {
    const char *name;
    bool (*can)(const ct_proof *p); /* is there something to prove, and is this the one for it? */
    cutropy_status (*prove)(ct_proof *p); /* may leave everything as it was */
} ct_prover;

/* In the order in which they are asked, NULL at the end. */
extern const ct_prover *const ct_provers[];
extern const ct_prover ct_rank_prover, ct_algebra_prover, ct_purity_prover, ct_enclosing_prover,
    ct_refining_prover, ct_number_rank_prover, ct_graded_prover, ct_late_enclosing_prover;

#define CT_PROOF_ATTEMPTS 3 /* with twice the bits each */
/* Bits of the decimals, and some beyond: how often one more attempt is needed, 2^-40. */
int64_t ct_proof_bits(const ct_proof *p);

/* Asks all provers. Fills record->exact and, from what was proved, the doubles of the record with their radii,
 * its guarantee and its rank. A number of which nothing is proved, or less than its plain error says,
 * stays as it is, and the guarantee of the row is CUTROPY_GUARANTEE_FLOAT. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ENUMERIC, CUTROPY_EINTERNAL, CUTROPY_ECANCELLED. */
cutropy_status ct_prove(ct_proof *p);
/* The provers on a block that lies near the cut's, within its slack; an empty one proves nothing. The same errors. */
cutropy_status ct_prove_near(ct_proof *p, const struct ct_near_block *block);

/* The blocks hold integers, and their eigenvalues, over <f|f>, are those of rho_A. */
bool ct_proof_is_exact(const ct_proof *p);
/* Labels +-1 of 63 and 64 pixels leave the integers: their quotient holds real numbers. */
bool ct_proof_has_integers(const ct_proof *p);

/* ---- proof.c: blocks ---- */

int64_t ct_proof_blocks(const ct_proof *p);
int64_t ct_proof_dimension(const ct_proof *p, int64_t block); /* the smaller side */
/* 2 for complex numbers, whose blocks become real ones of twice the size. */
int ct_proof_copies(const ct_proof *p);

/* Calls visit for each block of labels or integers, until it sets *more = false. *more = true: all were visited.
 * Errors: CUTROPY_EMEMORY and those of visit. */
typedef cutropy_status (*ct_block_visitor)(void *context, const ct_integer_block *block,
                                           bool *more);
cutropy_status ct_proof_each_block(const ct_proof *p, ct_block_visitor visit, void *context,
                                   bool *more);

/* Rounded: what the block is off by. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_proof_slack(const ct_proof *p, ct_enclosure *e);

/* The trace of the blocks: <f|f>, or twice that, or near it. Free with ct_big_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_proof_norm(const ct_proof *p, ct_big *out);

/* ---- proof.c: places ---- */

/* Allocates record->exact and its places; ct_proof_end frees what does not belong to the record. */
cutropy_status ct_proof_start(ct_proof *p);
void ct_proof_end(ct_proof *p);

/* Whether a number, or its two units, wait for decimals. */
bool ct_proof_is_open(const ct_proof *p, const char *text, int decimals);
bool ct_proof_units_open(const ct_proof *p, char *const text[2], const int decimals[2]);
bool ct_proof_purity_open(const ct_proof *p);
bool ct_proof_tr_rho3_open(const ct_proof *p);
bool ct_proof_spectrum_open(const ct_proof *p);
bool ct_proof_levels_open(const ct_proof *p); /* something that only single eigenvalues tell */
bool ct_proof_any_open(const ct_proof *p);

bool ct_proof_wants(const ct_proof *p, cutropy_quantity_kind kind);
/* Whether a quantity has decimals of its own: every real number but those with another place (tr_rho3, spectrum)
 * and the sum of entropies of other cuts. Without a prover its row is float. The order of one that is a Renyi
 * entropy. */
bool ct_proof_has_decimals(cutropy_quantity_kind kind);
double ct_proof_order(const cutropy_quantity *quantity);

/* Keeps the longer of two decimals; takes the text. */
void ct_proof_offer(ct_decimal *decimal, char **text, int *decimals);
/* A proved rank stands in the record, whatever was there. */
void ct_proof_set_rank(ct_proof *p, int64_t rank);

/* ---- proof_spectrum.c: the levels of the record ---- */

/* Half a unit of the last place, and the rounding of the double that stands for the text. */
double ct_proof_error(int decimals, double value);
/* Room for the texts and doubles of a spectrum of `levels` levels, empty. */
cutropy_status ct_proof_open_spectrum(ct_proof *p, size_t levels);
/* One level more, merged with one of which all printed places agree; descending. Takes the text. */
void ct_proof_add_level(ct_proof *p, ct_decimal *decimal, int64_t multiplicity);
/* A level of which no digit shows, and that is not among those that the rank proves to exist, is
 * none. */
void ct_proof_drop_nothings(ct_proof *p);

/* ---- proof_fill.c: an enclosure fills the open places ---- */

/* Everything that is open and that e shows. */
cutropy_status ct_proof_fill(ct_proof *p, ct_enclosure *e);
/* The same after the enclosure was told the rank. */
cutropy_status ct_proof_fill_ranked(ct_proof *p, ct_enclosure *e);
/* Enclosed levels all above zero prove the rank, some of them its lower end. e may be NULL. */
void ct_proof_take_rank(ct_proof *p, ct_enclosure *e);

/* ---- proof_settle.c: from decimals to the doubles of the record ---- */

/* Doubles, errors and guarantee; what the plain values say better is dropped. */
void ct_proof_settle(ct_proof *p);

/* ---- the provers; what tests and certificates need of them alone ---- */

/* The characteristic polynomials of all blocks of labels or integers; ct_algebra_complete tells
 * whether work_limit multiplications sufficed for each. Free with ct_algebra_free.
 * Errors: CUTROPY_EMEMORY, CUTROPY_EINTERNAL. */
cutropy_status ct_prove_polynomials(const ct_proof *p, double work_limit, ct_algebra **out);
/* An empty or full cut has one eigenvalue, 1. */
cutropy_status ct_prove_trivial(ct_proof *p);

/* S of labels or integers by refined eigenvectors, to `decimals` decimals or as many as come out
 * (free the texts). Nothing is attempted, and both are -1, when n^3 (3 + decimals / 18) exceeds
 * CT_REFINED_WORK for a block of dimension n, or its matrices the memory limit. Cost: about
 * 10 ns a unit of work. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
#define CT_REFINED_WORK 4e10
cutropy_status ct_prove_refined(const ct_proof *p, int decimals, ct_decimal *bits,
                                ct_decimal *nats);

#endif
