/* SPDX-License-Identifier: Apache-2.0 */
/* Why the program of a text ended, in one line. */
#ifndef CT_CTEXT_FAULT_H
#define CT_CTEXT_FAULT_H

#include "ctext/text.h"

/* Stores the message and returns its status. Undefined behaviour is looked for once more, image by image and
 * without optimisation, for the line where it happens. */
cutropy_status ct_fault_tell(const ct_ctext *text, const ct_worker *worker, ct_answer answer);

#endif
