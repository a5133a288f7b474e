/* SPDX-License-Identifier: Apache-2.0 */
/* The main of every Check program: one suite, never forked (CUDA does not survive a fork).
 */
#ifndef CHECK_MAIN_H
#define CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

/* The call succeeds, or the test stops with the library's message. */
#define MUST(call) ck_assert_msg((call) == CUTROPY_OK, "%s", cutropy_error())

/* Set where something that a test needs is not here: without failures the program ends with 77 then, which CTest calls skipped. */
static int check_skipped __attribute__((unused));

/* Failures of tests[0 .. count - 1], each a test case without a time-out of its own. */
static inline int check_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++) {
        TCase *test_case = tcase_create(tests[i]->name);
        tcase_set_timeout(test_case, 0);
        tcase_add_test(test_case, tests[i]);
        suite_add_tcase(suite, test_case);
    }
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed;
}

/* CHECK_MAIN("name", test_a, test_b, ...): START_TEST functions. With CUTROPY_TEST_STOP in the
 * environment the first one that fails is the last one: mutants need no more. */
#define CHECK_MAIN(suite_name, ...)                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const check_tests[] = {__VA_ARGS__};                                          \
        const size_t check_count = sizeof check_tests / sizeof check_tests[0];                     \
        const size_t check_step = getenv("CUTROPY_TEST_STOP") ? 1 : check_count;                   \
        int check_failed = 0;                                                                      \
        for (size_t check_i = 0; check_i < check_count && !check_failed; check_i += check_step)    \
            check_failed = check_run(suite_name, check_tests + check_i, check_step);               \
        return check_failed ? EXIT_FAILURE : check_skipped ? 77 : EXIT_SUCCESS;                    \
    }

#endif
