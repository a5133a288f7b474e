/* SPDX-License-Identifier: Apache-2.0 */
/* Entries for functions of libraries that are opened when one of them is called first; cmake/lazy.cmake
 * writes the tables. x86-64, System V: an entry jumps through its slot, which at first leads to
 * code that opens the library with all registers of arguments put aside. */
#ifndef CT_CLI_LAZY_H
#define CT_CLI_LAZY_H

#include <stddef.h>

/* Functions first .. last - 1 of ct_lazy_names belong to these libraries. */
typedef struct ct_lazy_group {
    const char *title;
    const char *libraries[4]; /* by name */
    const char *files[4]; /* where they were when the program was built, for folders of one's own */
    size_t first, last;
} ct_lazy_group;

extern const ct_lazy_group ct_lazy_groups[]; /* ends with a title that is NULL */
extern const char *const ct_lazy_names[];
extern void *ct_lazy_slot[];

/* Opens OpenBLAS, for those who want to know which it is. Without such entries: nothing. */
void ct_open_openblas(void);

/* Opens the library of function `number` and fills the slots of all its functions; returns that of this
 * one. Where that cannot be, the program ends with one line. */
void *ct_lazy_open(size_t number);

#define CT_SLOTS(count)                                                                            \
    __asm__(".bss\n.balign 8\n.globl ct_lazy_slot\n.hidden ct_lazy_slot\n"                         \
            ".type ct_lazy_slot, @object\nct_lazy_slot: .zero 8 * " count "\n"                     \
            ".size ct_lazy_slot, 8 * " count "\n.text\n"                                           \
            ".type ct_lazy_enter, @function\nct_lazy_enter:\n"                                     \
            "push %rax\npush %rdi\npush %rsi\npush %rdx\npush %rcx\npush %r8\npush %r9\n"          \
            "push %r10\nsub $128, %rsp\n"                                                          \
            "movups %xmm0, (%rsp)\nmovups %xmm1, 16(%rsp)\nmovups %xmm2, 32(%rsp)\n"               \
            "movups %xmm3, 48(%rsp)\nmovups %xmm4, 64(%rsp)\nmovups %xmm5, 80(%rsp)\n"             \
            "movups %xmm6, 96(%rsp)\nmovups %xmm7, 112(%rsp)\n"                                    \
            "mov 192(%rsp), %rdi\ncall ct_lazy_open\nmov %rax, %r11\n"                             \
            "movups (%rsp), %xmm0\nmovups 16(%rsp), %xmm1\nmovups 32(%rsp), %xmm2\n"               \
            "movups 48(%rsp), %xmm3\nmovups 64(%rsp), %xmm4\nmovups 80(%rsp), %xmm5\n"             \
            "movups 96(%rsp), %xmm6\nmovups 112(%rsp), %xmm7\nadd $128, %rsp\n"                    \
            "pop %r10\npop %r9\npop %r8\npop %rcx\npop %rdx\npop %rsi\npop %rdi\npop %rax\n"       \
            "add $8, %rsp\njmp *%r11\n.size ct_lazy_enter, .-ct_lazy_enter\n")

#define CT_ENTRY(name, number)                                                                     \
    __asm__(".text\n.globl " name "\n.hidden " name "\n.type " name ", @function\n" name ":\n"     \
            "endbr64\nmov ct_lazy_slot + 8 * " number "(%rip), %r11\ntest %r11, %r11\n"            \
            "jz 1f\njmp *%r11\n1: push $" number "\njmp ct_lazy_enter\n.size " name ", .-" name    \
            "\n");

#endif
