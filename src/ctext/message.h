/* SPDX-License-Identifier: Apache-2.0 */
/* One line out of what a compiler says, by the user's line. */
#ifndef CT_CTEXT_MESSAGE_H
#define CT_CTEXT_MESSAGE_H

#include "ctext/form.h"

/* A definition NAME=VALUE stands in a file of this name and its first characters. */
#define CT_DEFINITION "definition "
#define CT_DEFINITION_SIZE 80

/* It failed; said: all that it printed. Returns CUTROPY_EINPUT, or CUTROPY_EIO where a full disk was the reason. */
cutropy_status ct_message_of_compiler(const char *name, const char *said);
/* It did not: is there a warning that is an error for us? Errors: CUTROPY_EINPUT. */
cutropy_status ct_message_of_success(const char *name, const char *said);
/* Adds to the message of a compilation that failed what the text may use: the words of its form, or the signatures. Returns the status. */
cutropy_status ct_message_teach(const ct_ctext_form *form, cutropy_status status);
/* NVRTC failed: returns CUTROPY_EUNSUPPORTED, since what is C need not be what devices are programmed in. */
cutropy_status ct_message_of_nvrtc(const char *name, const char *said);

#endif
