/* SPDX-License-Identifier: Apache-2.0 */
/* Problems by name: text -> type -> parameters -> lattice -> evaluator. */
#include <string.h>
#include <unistd.h>

#include "problem/args.h"
#include "problem/c_text.h"
#include "problem/create.h"
#include "problem/label.h"
#include "problem/names.h"
#include "problem/types.h"

/* The path in args, if there is one. */
static cutropy_status note_file(const ct_problem_type *type, const ct_args *args, char **out)
{
    for (const ct_param *p = type->params; p && p->key; p++) {
        if (p->type != CT_PARAM_FILE || !*ct_arg_text(args, p->key))
            continue;
        *out = ct_strdup(ct_arg_text(args, p->key));
        return *out ? CUTROPY_OK : ct_fail_memory("path", 0);
    }
    return CUTROPY_OK;
}

/* The type whose parameters stand in args; the lattice of the caller, else the default of the type.
 */
static cutropy_status create(const ct_problem_type *type, const ct_args *args,
                             const cutropy_lattice *lattice, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    CT_TRY(ct_problem_new(lattice, &problem));
    if (!lattice && type->lattice)
        CT_TRY(cutropy_lattice_parse(type->lattice, &problem->lattice));
    problem->kind = type->is_label ? CUTROPY_KIND_LABEL : CUTROPY_KIND_REAL;
    problem->pm1 = ct_args_pm1(args);
    CT_TRY(note_file(type, args, &problem->reads));
    if (type->lattices)
        CT_TRY(ct_label_lattice(problem, type->name, type->lattices));
    if (type->body != CT_BODY_NONE)
        CT_TRY(ct_label_body(problem, type->name, type->body));
    if (type->make)
        CT_TRY(type->make(args, problem));
    if (!problem->text)
        CT_TRY(ct_args_format(args, NULL, &problem->text));
    *out = problem;
    problem = NULL;
done:
    cutropy_problem_free(problem);
    return status;
}

/* "psi.npy:order=msb": a path has no parameters, unless a file is called so. */
static cutropy_status check_path(const char *text)
{
    const char *colon = strchr(text, ':');
    if (!colon || !strchr(colon, '=') || !access(text, F_OK))
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT,
                   "%.80s: the parameters of a file are given as file:path=%.*s,%.80s", text,
                   (int)(colon - text > 80 ? 80 : colon - text), text, colon + 1);
}

cutropy_status cutropy_problem_parse(const char *text, const cutropy_lattice *lattice,
                                     cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_args *args = NULL;
    const ct_problem_type *type = NULL;
    *out = NULL;
    if (!text)
        return ct_fail(CUTROPY_EINPUT, "no problem given");
    if (ct_c_text_is(text))
        return ct_c_text_parse(text, lattice, out);
    size_t length = strcspn(text, ":");
    type = ct_problem_find(text, length);
    if (type) {
        CT_TRY(ct_args_parse(type, text[length] ? text + length + 1 : NULL, &args));
    } else if (ct_problem_is_path(text)) {
        type = &ct_problem_file;
        CT_TRY(check_path(text));
        CT_TRY(ct_args_single(type, "path", text, &args));
    } else {
        return ct_problem_fail_unknown(text, length);
    }
    CT_TRY(create(type, args, lattice, out));
done:
    ct_free(args);
    return status;
}
