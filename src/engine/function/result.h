/* SPDX-License-Identifier: Apache-2.0 */
/* What a result is made of; callers read it through the functions of cutropy/result.h and sheets. */
#ifndef CT_RESULT_H
#define CT_RESULT_H

#include <cutropy/result.h>

#include "engine/function/fraction.h"

/* What the option digits adds for labels and integers; index 0: bits, 1: nats. NULL (and 0):
 * not proved, or not attempted because a block is too large. */
typedef struct cutropy_exact {
    char *entropy[2]; /* S rounded to decimals[unit] places, at most as many as asked for */
    int decimals[2];
    char *closed_form[2]; /* S over logarithms of primes, where every eigenvalue is rational */
    char *renyi2[2];      /* as many decimals as asked for, or as many as could be proved */
    int renyi2_decimals[2];
    char *purity, *tr_rho3;    /* fractions p/q of any size */
    int64_t distinct;          /* distinct non-zero eigenvalues */
    uint64_t rank_first_prime; /* the rank is proved by this prime and its successors, */
    int64_t rank_primes;       /* this many in all */
    char **extra;              /* two units a quantity; NULL where nothing is proved */
    int *extra_decimals;       /* likewise */
    size_t spectrum_count;     /* only with CUTROPY_QUANTITY_SPECTRUM; multiplicities: the record */
    char **spectrum;
    int *spectrum_decimals;
} cutropy_exact;

/* Everything that is shared by all cuts of one symmetry orbit. Entropies in bits. */
typedef struct cutropy_record {
    int done; /* 0: it failed, or the run was stopped before it, or, with digits, before its proofs */
    int failed; /* 0, or the cutropy_status with which this cut failed while others went on: it has
                      no numbers */
    char *failure;    /* why, in one line; NULL unless it failed */
    int solved;       /* done, but perhaps for its proofs */
    int elsewhere;    /* another part of the run has it */
    int looks_closed; /* levels that are few, or all seem to be integers / T */
    cutropy_guarantee guarantee;
    double entropy, entropy_err;                  /* bits */
    double renyi2, renyi2_err;                    /* bits */
    double purity, purity_err;                    /* Tr rho^2; error 0 beside purity_exact */
    cutropy_fraction purity_exact, tr_rho3_exact; /* not known for real and complex functions */
    double tr_rho3, tr_rho3_err;
    int64_t rank_lo, rank_hi; /* equal when settled */
    int64_t classes[2]; /* non-zero row classes of A, of B (of the representative); 1, 1 for an
                           empty or full cut */
    int64_t blocks;
    double *extra;         /* one value a quantity (0 where the quantity has another place) */
    double *extra_err;     /* and its error; 0: an integer, or exact; the value NaN: not known.
                              NUMERICAL_RANK, TRUNCATION: the integer is extra .. extra + extra_err */
    size_t spectrum_count; /* only with CUTROPY_QUANTITY_SPECTRUM */
    double *spectrum;      /* distinct eigenvalues of rho_A, descending */
    double *spectrum_err;
    int64_t *multiplicity;
    cutropy_exact *exact; /* only with the option digits */
} cutropy_record;

typedef struct cutropy_row {
    uint32_t record; /* index into records */
    uint8_t swapped; /* the record was computed for the complement: classes swap */
    int na, boundary, boundary_pixels;
    double mutual_information; /* bits; only with CUTROPY_QUANTITY_MUTUAL_INFORMATION */
    double mutual_information_err;
    double label[3],
        label_err[3]; /* I(A:label), S(label), S(A label) in bits; only where result->labels */
    /* with digits: the sum of three proved decimals of as many places (bits, nats), so within 1.5
     * units of its last place; NULL where it is not proved */
    char *mutual_information_text[2];
    int mutual_information_decimals[2];
} cutropy_row;

typedef struct cutropy_timing {
    char stage
        [24]; /* evaluate, symmetry, quotient, blocks, gram, eigenvalues, entropy, rank, total */
    double seconds; /* as in cutropy_result_seconds */
} cutropy_timing;

/* What a cell of a quantity holds. */
typedef enum ct_quantity_type {
    CT_QUANTITY_INTEGER, /* of the cut */
    CT_QUANTITY_BRACKET, /* an integer that levels decide: lo..hi where they are not known well enough */
    CT_QUANTITY_REAL,  /* with its error */
    CT_QUANTITY_LEVELS /* the spectrum */
} ct_quantity_type;
ct_quantity_type ct_quantity_type_of(const cutropy_quantity *quantity);

/* S of a row that is done over log2 of the number of classes of the side that has fewer; 0 where that is 1. */
double ct_row_saturation(const cutropy_result *result, size_t row);

#define CT_LAST_QUANTITY CUTROPY_QUANTITY_JOINT_ENTROPY

/* Where a quantity of the label stands in cutropy_row.label, -1: it is none. */
static inline int ct_label_quantity(cutropy_quantity_kind kind)
{
    return kind == CUTROPY_QUANTITY_LABEL_INFORMATION ? 0
           : kind == CUTROPY_QUANTITY_LABEL_ENTROPY   ? 1
           : kind == CUTROPY_QUANTITY_JOINT_ENTROPY   ? 2
                                                      : -1;
}

/* What decides the numbers, as texts (engine/record/identity.h). */
#define CT_IDENTITIES 17
typedef struct ct_identity {
    char *value[CT_IDENTITIES]; /* owned; NULL before the records are there */
} ct_identity;

struct cutropy_result {
    /* what was asked */
    char *problem; /* canonical text */
    char *lattice;
    bool infinite; /* it is a strip without end */
    bool
        two_levels; /* no pixel has more, and no label stands with A: a cut of one pixel has S <= 1 bit */
    cutropy_kind kind;
    cutropy_cuts cuts; /* copy, row i belongs to mask i */
    cutropy_quantity *quantities;
    size_t quantity_count;
    /* the function */
    uint64_t checksum; /* 64-bit checksum of the function's values, independent of storage */
    uint64_t ones;     /* label-1 images (0 when kind is not CUTROPY_KIND_LABEL) */
    char *norm;        /* <f|f>: exact integer, or 17 digits */
    char *norm_error;  /* of that, at most; empty: infinite */
    char storage[16];  /* support, table, values */
    /* how */
    char backend[80], instruction_set[24];
    const char *(*libraries)(void); /* e.g. the configuration string of OpenBLAS; may be NULL: */
    char libraries_read[160];       /* of a part that was read from a file */
    int threads;
    int digits;        /* decimals asked for; 0: none */
    double symmetries; /* order of the symmetry group that was used */
    cutropy_timing timings[12];
    size_t timing_count;
    /* numbers */
    size_t count; /* rows = cuts */
    cutropy_row *rows;
    size_t record_count;
    cutropy_record *records;
    uint32_t *sites; /* only with CUTROPY_QUANTITY_MUTUAL_INFORMATION: the record of every pixel */
    /* only with quantities of the label: the record of the complement of every row, then that of all pixels, whose
     * complement is the label */
    uint32_t *labels;
    int complete; /* 0 after Ctrl-C, or of a part: rows whose record is not done must be left out */
    int parted;   /* it is one part of a run */
    ct_identity identity;
};

/* The numerical libraries, as they are when this is asked; may be empty. */
const char *ct_result_libraries(const cutropy_result *result);

#endif
