/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/device_words.h"

#include "ctext/scan.h"

const char *const ct_words_of_types[] = {"double", "float",  "void", "const",
                                         "static", "inline", NULL};
const char *const ct_words_of_statements[] = {"return", "else", "do",    "if",       "for",
                                              "while",  "goto", "break", "continue", NULL};
const char *const ct_words_sliced[] = {"word", "counter", "NONE",     "ALL", "COUNTER",
                                       "add",  "exactly", "at_least", "odd", "switch",
                                       "case", "default", NULL};
const char *const ct_words_of_images[] = {"lit", "neighbours", "neighbours_of", "row", NULL};
const char *const ct_words_of_both[] = {"pix",   "pixel",     "each_pixel", "image",
                                        "label", "amplitude", NULL};
const char *const ct_words_of_lattice[] = {"N", "LX", "LY", NULL};
const char *const ct_words_of_constants[] = {"UINT64_C", "INT64_C", NULL};
const char *const ct_words_of_truth[] = {"true", "false", NULL};
const char *const ct_words_refused[] = {
    "sizeof",    "typedef",  "struct",    "union",    "enum",         "auto",
    "typeof",    "asm",      "alignas",   "alignof",  "complex",      "I",
    "extern",    "register", "restrict",  "volatile", "thread_local", "wchar_t",
    "uintptr_t", "intptr_t", "ptrdiff_t", NULL};

bool ct_is_system_word(const char *p, size_t length)
{
    static const char *const whole[] = {"linux", "unix", "i386", "NULL", "offsetof", NULL};
    static const char *const starts[] = {"_",       "ct_",        "CT_",   "INT",   "UINT", "WINT",
                                         "PTRDIFF", "SIG_ATOMIC", "SIZE_", "WCHAR", NULL};
    for (size_t i = 0; starts[i]; i++)
        if (ct_word_begins(p, length, starts[i]))
            return true;
    return ct_word_in(p, length, whole);
}

bool ct_is_known_word(const char *p, size_t length)
{
    static const char *const *const lists[] = {
        ct_words_of_types,     ct_words_of_statements, ct_words_sliced,
        ct_words_of_images,    ct_words_of_both,       ct_words_of_lattice,
        ct_words_of_constants, ct_words_of_truth,      ct_words_refused};
    static const char *const types[] = {"unsigned", "signed",   "long",    "short",    "char",
                                        "int",      "int8_t",   "uint8_t", "int16_t",  "uint16_t",
                                        "int32_t",  "uint32_t", "int64_t", "uint64_t", "size_t",
                                        "bool",     "defined",  NULL};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (ct_word_in(p, length, lists[i]))
            return true;
    return ct_word_in(p, length, types);
}
