/* Norm and checksum of an evaluated function. */
#ifndef CT_ENGINE_FUNCTION_H
#define CT_ENGINE_FUNCTION_H

#include "backend/function.h"

/* Sets norm, norm_exact and checksum. The checksum does not depend on the storage.
 * Errors: CUTROPY_EINPUT (zero function), CUTROPY_EUNSUPPORTED (integers beyond 2^62 in total). */
cutropy_status ct_function_measure(ct_function *f);

#endif
