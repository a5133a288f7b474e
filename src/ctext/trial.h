/* SPDX-License-Identifier: Apache-2.0 */
/* What a text must show before it fills anything: each of its programs on a sample, and the fast program against the
 * slow one. */
#ifndef CT_CTEXT_TRIAL_H
#define CT_CTEXT_TRIAL_H

#include "ctext/text.h"

/* Once for a text, by whoever comes first, who gets the program that was tried (else *worker stays empty). What is
 * wrong with the text is the answer to all who come later. Errors: as ct_ctext_fill. */
cutropy_status ct_trial_once(ct_ctext *text, ct_worker *worker);

/* A new program, which has shown that it is the one of this key, and has been tried. */
cutropy_status ct_trial_start(const ct_ctext *text, const char *program, uint64_t key,
                              ct_worker *worker);

#endif
