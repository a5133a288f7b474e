/* SPDX-License-Identifier: Apache-2.0 */
#define CT_WORD_BITS 512
#define BODIES_RUN bodies_run_512
#include "bodies_run.h"
#include "backend/cpu/word.h"
#include "bodies_unit.h"
