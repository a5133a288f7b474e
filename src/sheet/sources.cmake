# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_SHEET_SOURCES
    sheet/text.c
    sheet/sheet.c
    sheet/cells.c
    sheet/bracketed.c
    sheet/rows.c
    sheet/csv.c
    sheet/json.c
    sheet/npy.c
    sheet/aligned.c
    sheet/write.c
    sheet/save.c
    sheet/abandoned.c
    sheet/staging.c
    sheet/origins.c
    sheet/result.c
)
