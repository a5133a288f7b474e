/* SPDX-License-Identifier: Apache-2.0 */
#define CT_WORD_BITS 64
#define BODIES_RUN bodies_run_64
#include "bodies_run.h"
#include "backend/cpu/word.h"
#include "bodies_unit.h"
