/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for devices: whose functions may go there, and what was found out about it. */
#include <stdio.h>
#include <string.h>

#include "ctext/nvrtc.h"
#include "ctext/text.h"

/* An option of $CC (of the processor's code) that may change what a text means, as -funsigned-char and -DNAME do; NULL: none. The
 * words behind the first one may name another compiler (ccache gcc). */
static const char *meaning_changed(const char *words)
{
    static const char *const harmless[] = {"-O0", "-O1", "-O2",   "-O3",     "-Os",
                                           "-Og", "-g",  "-pipe", "-march=", "-mtune="};
    for (const char *p = words; p && *(p += strspn(p, " "));) {
        const size_t length = strcspn(p, " ");
        bool fine = *p != '-';
        for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
            const size_t known = strlen(harmless[i]);
            fine |= !strncmp(p, harmless[i], known) &&
                    (known == length || harmless[i][known - 1] == '=');
        }
        if (!fine)
            return p;
        p += length;
    }
    return NULL;
}

void ct_ctext_device_refused(ct_ctext *text, const char *why)
{
    char *copy = ct_strdup(why);
    pthread_mutex_lock(&text->trial);
    if (!text->no_device) {
        text->no_device = copy; /* NULL, without memory: it stays unknown */
        copy = NULL;
    }
    pthread_mutex_unlock(&text->trial);
    ct_free(copy);
}

cutropy_status ct_ctext_device_code(ct_ctext *text, int capability, void **code, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t filled[64]; /* a step of 512 labels, or some values: the text is tried */
    const ct_nvrtc_job job = {.compiler = &text->compiler,
                              .folder = &text->folder,
                              .name = text->name,
                              .text = text->kernel_text,
                              .capability = capability};
    *code = NULL;
    if (text->program.work && text->kernel_text) { /* NVRTC could find others */
        ct_fail(CUTROPY_EUNSUPPORTED,
                "%s: it may depend on files of yours (#include \"...\", CPATH, $CC), which no "
                "device sees",
                text->name);
        ct_ctext_device_refused(text, cutropy_error());
        return CUTROPY_EUNSUPPORTED;
    }
    const char *option = text->kernel_text ? meaning_changed(text->compiler.words) : NULL;
    if (option) {
        ct_fail(CUTROPY_EUNSUPPORTED,
                "%s: on a device it could mean something else than with %.*s in $CC", text->name,
                (int)strcspn(option, " "), option);
        ct_ctext_device_refused(text, cutropy_error());
        return CUTROPY_EUNSUPPORTED;
    }
    if (!text->kernel_text)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s", text->no_device ? text->no_device : text->name);
    CT_TRY(ct_ctext_fill(text, 0, 64, filled));
    CT_TRY(ct_nvrtc_compile(&job, code, bytes));
done:
    if (status == CUTROPY_EUNSUPPORTED)
        ct_ctext_device_refused(text, cutropy_error());
    return status;
}

void ct_ctext_no_device(ct_ctext *text, char *why, size_t size)
{
    char library[4096];
    pthread_mutex_lock(&text->trial);
    snprintf(why, size, "%s", text->no_device ? text->no_device : "");
    pthread_mutex_unlock(&text->trial);
    if (!*why && ct_nvrtc_find(library, sizeof library))
        snprintf(why, size, "%s", cutropy_error());
}
