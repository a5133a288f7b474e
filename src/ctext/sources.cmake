# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_CTEXT_SOURCES
    ctext/form.c
    ctext/plain_text.c
    ctext/rewrite.c
    ctext/source.c
    ctext/tool.c
    ctext/folder.c
    ctext/message.c
    ctext/compile.c
    ctext/worker.c
    ctext/fault.c
    ctext/trial.c
    ctext/fill.c
    ctext/states.c
    ctext/nvrtc.c
    ctext/device.c
)
