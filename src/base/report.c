/* SPDX-License-Identifier: Apache-2.0 */
#include "base/report.h"

#include "base/clock.h"

#define REPORT_SECONDS 0.1

int ct_report(const char *stage, uint64_t done, uint64_t total, void *reporter)
{
    ct_reporter *r = reporter;
    if (!r->progress)
        return 0;
    const double now = r->every ? 0 : ct_now();
    if (!r->every && now - r->last < REPORT_SECONDS && (done < total || !total))
        return 0;
    r->last = now;
    return r->progress(stage, done, total, r->user);
}
