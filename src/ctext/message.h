/* SPDX-License-Identifier: Apache-2.0 */
/* One line out of what a compiler says, by the user's line. */
#ifndef CT_CTEXT_MESSAGE_H
#define CT_CTEXT_MESSAGE_H

#include "base/base.h"

/* said: all that it printed. Returns CUTROPY_EINPUT. */
cutropy_status ct_message_of_compiler(const char *name, const char *said);

#endif
