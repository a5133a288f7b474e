/* SPDX-License-Identifier: Apache-2.0 */
/* A solver answers cuts. What it says of a cut, the answer, is the waist of the program: records are
 * made of answers and of nothing else, whoever answered. */
#ifndef CT_SOLVER_H
#define CT_SOLVER_H

#include "backend/operations.h"
#include "base/integer_block.h"

/* The integers of a block of a function with a big <f|f> (ct_is_big), of any size; they belong to the
 * solver. */
typedef struct ct_big_integers {
    ct_big square_sum, g[3], weight[2]; /* as in ct_block_answer; g[1] is |G_01| */
} ct_big_integers;

/* One block of a cut: n = the smaller of its sizes. */
typedef struct ct_block_answer {
    int64_t size[2];    /* row classes of A, of B */
    ct_u128 square_sum; /* labels, integers: sum_ij m_i m_j G_ij^2 */
    double square;      /* real, complex: ||H||_F^2 */
    double gram_error;  /* real, complex: what ct_gram_error says of the CPU's products */
    /* sums of product states: sum of |p - true p| over all levels that the matrix has beforehand, at most; the rank is at most
     * `most`. 0: not known */
    double known_error;
    int64_t most;
    int exponent; /* values and root of square are those of f times 4^-exponent (integers: values
                     alone) */
    int64_t g[3]; /* labels and integers, n <= 2: G_00, G_01, G_11 (n = 1: only the first) */
    uint64_t weight[2]; /* labels and integers, n <= 2: m_0, m_1 of the side with n classes */
    const ct_big_integers *big; /* not NULL: stands for square_sum, g and weight */
    /* n >= 3: the matrix itself, from which --certify and --digits prove; NULL where the answer has a quotient, or one
     * will be found for the proofs, or nothing is to be proved. */
    const ct_integer_block *exact;
    /* Where there is `exact`: an involution of its n classes that leaves G and the multiplicities as they are, or
     * NULL. */
    const int32_t *mirror;
    /* n eigenvalues of D_m^1/2 G D_m^1/2, ascending; NULL where labels and integers have n <= 2, or
     * the only block of a cut of real or complex numbers n = 1 */
    const double *values;
} ct_block_answer;

/* S lies between low and high (bits): all that is known of a cut whose matrix does not fit. */
typedef struct ct_bracket_answer {
    double low, high;
    double purity, purity_error;
    int64_t rank_lo, rank_hi;
    int64_t parts[2];
} ct_bracket_answer;

/* One cut; blocks are numbered by their first row class. Its rank is open where the eigenvalues do
 * not settle it: that takes the quotient. */
typedef struct ct_cut_answer {
    cutropy_status status; /* not CUTROPY_OK: the cut failed, and the others go on */
    const char *why;       /* then the only member that is set */
    cutropy_kind kind;     /* of the numbers in the quotient */
    int64_t classes[2];    /* of A, of B */
    int64_t blocks;
    const ct_block_answer *block;
    const ct_bracket_answer *bracket; /* not NULL: instead of blocks */
    bool gram_on_device;              /* another solver's: its Gram matrix comes from a device */
    bool has_cube;                    /* labels, integers: the next holds */
    ct_u128 cube_sum;                 /* sum_ijk m_i m_j m_k G_ij G_jk G_ki */
    const ct_big *cube_big;           /* not NULL: stands for cube_sum; only where <f|f> is big */
    /* Quotient and blocks, where the solver has them at hand: `take` may move them out and clear
     * them. NULL: they are found again where a rank is open or small Schmidt values are asked for,
     * and must be those of the answer. */
    struct ct_quotient *quotient;
    struct ct_blocks *members;
} ct_cut_answer;

/* A caller that is alone: `take` may use all threads of the run. */
#define CT_ALL_THREADS (-1)

/* Takes the answers of cuts first .. first + count - 1; they are valid during the call only. count
 * 0: nothing new, but somebody may want to stop. thread:
 * CT_ALL_THREADS, or the number of one of the threads of `solve` that call side by side. Whatever it
 * returns but CUTROPY_OK ends `solve`. */
typedef cutropy_status (*ct_take_answers)(void *context, size_t first, size_t count,
                                          const ct_cut_answer *answers, int thread);

/* What a run asks of a solver. */
typedef struct ct_solver_setting {
    const ct_function *f;
    const ct_operations *operations;
    int threads;
    uint64_t memory_limit; /* bytes of the machine, not of a device */
    bool want_cube;        /* cube_sum, where it fits 126 bits or <f|f> is big */
    int largest;           /* eigenvalues that a bracket is made of; 0: all are wanted */
    bool want_exact;       /* proofs follow: matrices, where the answer has no quotient */
} ct_solver_setting;

/* A function that a solver has opened. */
typedef struct ct_resident ct_resident;

/* Seconds that the stages took, summed over threads or devices. */
typedef struct ct_solver_seconds {
    double quotient, blocks, gram, eigenvalues;
} ct_solver_seconds;

static inline void ct_seconds_add(const ct_solver_seconds *more, ct_solver_seconds *all)
{
    all->quotient += more->quotient;
    all->blocks += more->blocks;
    all->gram += more->gram;
    all->eigenvalues += more->eigenvalues;
}

/* Cuts to be answered. */
typedef struct ct_solve_call {
    const uint64_t *masks; /* of region A (words of the function each), the smaller side */
    size_t count;
    ct_take_answers take;
    void *context;              /* of take */
    const ct_watch *watch;      /* asked now and then from the calling thread; may be NULL */
    ct_solver_seconds *seconds; /* is added to */
} ct_solve_call;

static inline cutropy_status ct_solve_take(const ct_solve_call *call, size_t first, size_t count,
                                           const ct_cut_answer *answers, int thread)
{
    return call->take(call->context, first, count, answers, thread);
}

typedef struct ct_solver {
    const char *name;
    bool sorted;  /* wants masks sorted by the number of pixels in A */
    bool batches; /* answers many cuts at once, which its watch says nothing about */
    /* Opens the function of the setting, which stays with the caller. CUTROPY_EUNSUPPORTED: it is
     * better served by another solver (not an error of the run). */
    cutropy_status (*open)(const ct_solver_setting *setting, ct_resident **out);
    void (*close)(ct_resident *resident);
    /* Does it answer cuts of na pixels, the smaller side? NULL: of any. */
    bool (*takes)(const ct_resident *resident, int na);
    /* Of so many cuts that it serves, those that devices answered since open; what an earlier run answered counts as theirs unless
     * this one gave them nothing. NULL: all of the solver of a device, none of others. */
    size_t (*on_devices)(const ct_resident *resident, size_t serves);
    /* Every cut is answered once. Integers, classes and blocks are the same bit for bit
     * whoever answers; eigenvalues come from a backward-stable routine that depends on the size of a
     * block alone. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EDEVICE, CUTROPY_EINTERNAL,
     * CUTROPY_ECANCELLED, and whatever `take` returns. */
    cutropy_status (*solve)(ct_resident *resident, const ct_solve_call *call);
} ct_solver;

#endif
