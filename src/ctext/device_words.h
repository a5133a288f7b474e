/* SPDX-License-Identifier: Apache-2.0 */
/* The words of texts for devices: what is known to mean the same in C on the processor and in C++ on a device, and what is refused. */
#ifndef CT_CTEXT_DEVICE_WORDS_H
#define CT_CTEXT_DEVICE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Lists up to NULL; none of these is a macro's name. What both forms know, */
extern const char *const ct_words_of_types[];
extern const char *const ct_words_of_statements[];
extern const char *const ct_words_of_both[];
extern const char *const ct_words_of_lattice[];
extern const char *const ct_words_of_constants[];
extern const char *const ct_words_of_truth[];
/* what only words do, what only single images do, and what neither does. */
extern const char *const ct_words_sliced[];
extern const char *const ct_words_of_images[];
extern const char *const ct_words_refused[];

/* One of these, or a type of integers. */
bool ct_is_known_word(const char *p, size_t length);
/* Macros that a compiler or the headers that are always there may have: their names begin like this, or are these. */
bool ct_is_system_word(const char *p, size_t length);

#endif
