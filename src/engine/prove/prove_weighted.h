/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_PROVE_WEIGHTED_H
#define CT_PROVE_WEIGHTED_H

#include "base/report.h"
#include "engine/function/orbits.h"
#include "engine/function/result.h"
#include "engine/function/setting.h"
#include "frontier/weighing.h"

/* ct_prove_records of an automaton with weights: as many decimals as come out in the memory that there is. Errors: those of problem->weigh,
 * CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EINTERNAL, CUTROPY_ECANCELLED. */
cutropy_status ct_prove_weighted(const ct_setting *setting, const ct_orbits *orbits,
                                 ct_reporter *reporter, cutropy_record *records, double *seconds);
/* Bytes of a cut in one of its orders, about; a region has an order of its own because it has fewer states there. */
uint64_t ct_prove_weighted_bytes(const ct_weighing *weighing, int digits);

#endif
