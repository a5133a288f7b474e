/* SPDX-License-Identifier: Apache-2.0 */
/* A machine that runs the PTX that nvcc emits, one instruction of one thread at a time.
 *
 *   stubs.cpp      nvcc's host stubs: they register PTX and launch kernels of it
 *   parse.cpp      text -> kernels: declarations, labels, statements
 *   decode.cpp     a statement -> an instruction; memory and warp operations
 *   arithmetic.cpp a statement -> an instruction; what only touches the thread's registers
 *   conversions.cpp  the same: comparisons and conversions
 *   memory.cpp     loads, stores, atomics, with every address checked
 *   races.cpp      accesses that nothing orders
 *   warp.cpp       what the lanes of a warp do together
 *   schedule.cpp   which thread runs next
 *
 * The semantics are those of the PTX ISA: every thread has a program counter of its own and may be anywhere
 * between two points of synchronisation; a warp operation waits for the lanes of its mask that have not ended,
 * a barrier for all threads of the block that have not; shared memory and registers begin with garbage. What it does not
 * have: memory that is not sequentially consistent, 32-bit floating point, device functions, time. Whatever it does not
 * know is refused with one line that says `emulation: ptx:`, as every violation is. */
#ifndef CT_PTX_MACHINE_H
#define CT_PTX_MACHINE_H

#include <map>
#include <stdint.h>
#include <string.h>
#include <string>
#include <unordered_map>
#include <vector>

namespace ct_ptx
{

/* ---- programs ---- */

struct thread;
struct block;
struct launch;
struct instruction;
typedef void (*action)(launch &, block &, thread &, const instruction &);

enum space { GENERIC, GLOBAL, SHARED, LOCAL, PARAM };

/* Addresses of the other spaces in the generic one: above all of the host's. */
constexpr uint64_t SHARED_WINDOW = UINT64_C(1) << 60, LOCAL_WINDOW = UINT64_C(2) << 60,
                   PARAM_WINDOW = UINT64_C(3) << 60, WINDOW = UINT64_C(15) << 60;

/* Operands are numbers of registers: constants and special registers have registers of their own. */
struct instruction {
    action run = nullptr;
    int guard = -1; /* the predicate that decides whether it runs */
    bool guard_not = false;
    int to[4] = {-1, -1, -1, -1}, from[10] = {};
    int tos = 0, froms = 0;
    int target = -1; /* bra: an instruction */
    int base = -1;   /* memory: the address is register + offset */
    int64_t offset = 0;
    space where = GENERIC;
    bool wide = false;   /* ld: the register has 64 bits */
    bool strong = false; /* memory: volatile, atomic */
    bool by_all = false; /* warp operations without a mask: mma */
    uint64_t alike = 0;  /* warp operations: those of the same text up to its operands */
    std::string text;
};

struct variable {
    uint64_t offset, bytes;
};

enum special {
    TID_X,
    NTID_X,
    CTAID_X,
    CTAID_Y,
    CTAID_Z,
    NCTAID_X,
    NCTAID_Y,
    NCTAID_Z,
    LANEID,
    ZERO, /* of the y and z of threads: blocks are rows of threads */
    ONE,
    SPECIALS
};

struct kernel {
    std::string name;
    std::vector<instruction> code;
    std::vector<uint64_t> registers; /* as a thread finds them; the special ones are the first */
    std::vector<std::string> order;  /* of the parameters */
    std::map<std::string, variable> parameter, shared;
    uint64_t parameter_bytes = 0, shared_bytes = 0, local_bytes = 0;
    unsigned most_threads = 1024;
    /* while it is read */
    std::map<std::string, int> number, label;
    std::map<std::string, int> width; /* of declared registers: prefix or name -> bits */
    std::map<uint64_t, int> constant;
    std::string local_name;
};

/* The kernels of one file of PTX, by name. */
std::map<std::string, kernel> parse(std::string text);
/* One statement; labels are resolved later. */
void decode(kernel &k, const std::string &statement);
/* setp, cvt; nullptr: not known. word: the operation's parts between its dots. */
action comparison(const std::vector<std::string> &word);
action conversion(const std::vector<std::string> &word);
/* What decode.cpp does not know itself: false, nothing happened. */
bool decode_arithmetic(instruction &i, const std::vector<std::string> &word);
void set_load(instruction &i, const std::string &type);
void set_store(instruction &i, const std::string &type);
void set_atomic(instruction &i, const std::string &operation, const std::string &type);

[[noreturn]] void refuse(const std::string &where, const std::string &what);

/* ---- machines ---- */

enum state { RUNS, MEETS_WARP, MEETS_BLOCK, ENDED };

struct thread {
    uint64_t *r = nullptr;
    int at = 0, number = 0;
    state is = RUNS;
    uint32_t mask = 0, epoch = 0; /* epoch: bar.warp.sync so far */
    bool carry = false;
    unsigned char *local = nullptr;
};

/* Who touched a place, and after how many points of synchronisation. */
struct touch {
    uint64_t block = 0; /* its number and 1; 0: nobody */
    uint32_t thread = 0, block_epoch = 0, warp_epoch = 0;
    bool strong = false;
};
struct place_history {
    touch written, read[2];
};

struct block {
    unsigned x, y, z;
    uint64_t number;
    uint32_t epoch;                     /* bar.sync so far */
    std::vector<place_history> history; /* of shared memory */
    std::vector<thread> threads;
    std::vector<uint64_t> registers;
    std::vector<unsigned char> shared, local;
    std::vector<uint32_t> waiting, ended; /* lanes of every warp */
    size_t met = 0, gone = 0;             /* threads at the barrier, and ended */
};

/* An allocation that was touched. */
struct interval {
    uint64_t begin, end;
};

struct launch {
    const kernel *program;
    unsigned grid[3], threads;
    uint64_t dynamic_bytes;
    std::vector<unsigned char> parameters;
    interval seen[4] = {};
    unsigned next_seen = 0;
    uint64_t instructions = 0, bytes = 0;                     /* of all threads */
    bool races = false;                                       /* looks for them */
    std::unordered_map<uint64_t, place_history> history = {}; /* of device memory */
};

/* All blocks; order: see ct_emulation_order. */
void run(launch &l, uint64_t order);
/* The thread has come to a warp operation, or a lane of its warp has ended: goes on where all are there. */
void meet_warp(launch &l, block &b, int warp);
/* Actions of instructions that stop a thread. */
void stop_warp(launch &, block &, thread &, const instruction &);
void stop_block(launch &, block &, thread &, const instruction &);
void end_thread(launch &, block &, thread &, const instruction &);
void jump(launch &, block &, thread &, const instruction &);
enum access { READ, WRITE, STRONG_READ, STRONG_WRITE };
void note_access(launch &l, block &b, const thread &t, bool shared, uint64_t at, uint64_t bytes,
                 access how);
/* What the lanes `there` of a warp do together, by the first word of the text. */
void do_together(launch &l, block &b, int first, uint32_t there, const instruction &i);

[[noreturn]] void violation(const launch &l, const thread *t, const std::string &what);

/* ---- registers as numbers ---- */

template <class T> T number_of(uint64_t bits)
{
    return (T)bits;
}
template <> inline double number_of<double>(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
template <> inline bool number_of<bool>(uint64_t bits)
{
    return (bits & 1) != 0;
}

/* Narrow numbers fill the register with zeros. */
inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
template <class T> uint64_t bits_of(T x)
{
    return sizeof x == 8   ? (uint64_t)x
           : sizeof x == 4 ? (uint32_t)x
           : sizeof x == 2 ? (uint16_t)x
                           : (uint8_t)x;
}
inline uint64_t bits_of(bool x)
{
    return x;
}

} // namespace ct_ptx

#endif
