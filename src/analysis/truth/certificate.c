/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a certificate: docs/certificate.md. */

#include <cutropy/status.h>

#include "analysis/truth/certificate.h"
#include "output/sha256.h"
#include "sheet/sheet.h"
#include "sheet/save.h"
#include "sheet/text.h"

static cutropy_status check_block(const ct_certificate_block *b)
{
    bool good = b->size >= 1 && b->repeat >= 1 && b->resolved >= 0 && b->resolved <= b->size;
    for (int64_t i = 0; good && i < b->size; i++)
        good = b->multiplicity[i] >= 1 && b->gram[i * b->size + i] >= 0;
    if (good)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT, "certificate: a block is out of its ranges");
}

/* "name text"; a line break inside would make two lines of it. */
static cutropy_status add_line(ct_text *out, const char *name, const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return ct_fail(CUTROPY_EINPUT, "certificate: the %s has a control character", name);
    ct_text_puts(out, name);
    ct_text_puts(out, " ");
    ct_text_puts(out, text);
    ct_text_puts(out, "\n");
    return CUTROPY_OK;
}

static void add_integers(ct_text *out, const char *name, const int64_t *values, int64_t count)
{
    ct_text_puts(out, name);
    for (int64_t i = 0; i < count; i++) {
        ct_text_puts(out, " ");
        ct_text_integer(out, values[i]);
    }
    ct_text_puts(out, "\n");
}

static void add_block(ct_text *out, const ct_certificate_block *b)
{
    const int64_t n = b->size;
    add_integers(out, "block", (const int64_t[]){n, b->resolved, b->repeat}, 3);
    add_integers(out, "multiplicities", b->multiplicity, n);
    for (int64_t i = 0; i < n; i++)
        add_integers(out, "gram", b->gram + i * n + i, n - i);
    for (int64_t j = 0; j < n; j++)
        add_integers(out, "vector", b->vectors + j * n, n);
}

static cutropy_status add_header(ct_text *out, const ct_certificate *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_text_puts(out, "cutropy-certificate 1\n");
    ct_text_puts(out, "program cutropy ");
    ct_text_puts(out, cutropy_version());
    ct_text_puts(out, "\n");
    CT_TRY(add_line(out, "problem", c->problem));
    CT_TRY(add_line(out, "lattice", c->lattice));
    CT_TRY(add_line(out, "cut", c->cut));
    CT_TRY(add_line(out, "checksum", c->checksum));
    CT_TRY(add_line(out, "unit", c->base == CUTROPY_BASE_BITS ? "bits" : "nats"));
    CT_TRY(add_line(out, "trace", c->trace));
    if (c->purity_numerator) {
        ct_text_puts(out, "purity ");
        ct_text_puts(out, c->purity_numerator);
        CT_TRY(add_line(out, "", c->purity_denominator));
    }
done:
    return status;
}

/* Everything but the last line. */
static cutropy_status add_content(ct_text *out, const ct_certificate *c)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(add_header(out, c));
    add_integers(out, "blocks", &c->blocks, 1);
    for (int64_t b = 0; b < c->blocks; b++) {
        CT_TRY(check_block(&c->block[b]));
        add_block(out, &c->block[b]);
    }
    CT_TRY(add_line(out, "entropy", c->entropy));
    CT_TRY(add_line(out, "error", c->error));
    CT_TRY(add_line(out, "lower", c->lower));
    CT_TRY(add_line(out, "upper", c->upper));
done:
    return status;
}

cutropy_status ct_certificate_write(const ct_certificate *certificate, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    char hex[65];
    CT_TRY(add_content(&text, certificate));
    if (!text.failed)
        ct_sha256(text.bytes, text.length, hex);
    if (!text.failed)
        CT_TRY(add_line(&text, "end sha256", hex));
    if (text.failed)
        CT_TRY(ct_fail_memory("certificate", text.capacity));
    CT_TRY(ct_write_bytes(file, text.bytes, text.length));
done:
    ct_text_free(&text);
    return status;
}

static cutropy_status write_to(FILE *file, void *context)
{
    return ct_certificate_write(context, file);
}

cutropy_status ct_certificate_save(const ct_certificate *certificate, const char *path)
{
    ct_certificate copy = *certificate;
    return ct_save(path, write_to, &copy);
}
