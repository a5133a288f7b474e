/* SPDX-License-Identifier: Apache-2.0 */
/* The main of every Check program: one suite, never forked (OpenMP and CUDA do not survive a fork).
 */
#ifndef CHECK_MAIN_H
#define CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

/* CHECK_MAIN("name", test_a, test_b, ...): START_TEST functions become one test case without a
 * time-out of its own. */
#define CHECK_MAIN(suite_name, ...)                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        Suite *suite = suite_create(suite_name);                                                   \
        for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {                              \
            TCase *test_case = tcase_create(tests[i]->name);                                       \
            tcase_set_timeout(test_case, 0);                                                       \
            tcase_add_test(test_case, tests[i]);                                                   \
            suite_add_tcase(suite, test_case);                                                     \
        }                                                                                          \
        SRunner *runner = srunner_create(suite);                                                   \
        srunner_set_fork_status(runner, CK_NOFORK);                                                \
        srunner_run_all(runner, CK_NORMAL);                                                        \
        int failed = srunner_ntests_failed(runner);                                                \
        srunner_free(runner);                                                                      \
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                               \
    }

#endif
