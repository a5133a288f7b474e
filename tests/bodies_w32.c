/* SPDX-License-Identifier: Apache-2.0 */
/* The word of a CUDA thread. */
#include "bodies_run.h"
#include "base/bits.h"

typedef uint32_t ct_word;
#define CT_ZERO 0u
#define CT_ONES (~CT_ZERO)
#define CT_ANY(word) ((word) != 0)
#define CT_BODY(name) ct_body_##name
#define CT_BODY_FUNCTION(name) static ct_word CT_BODY(name)
#define BODIES_RUN bodies_run_32
#include "bodies_unit.h"
