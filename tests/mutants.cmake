# SPDX-License-Identifier: Apache-2.0
# Mutants of the bounds of src/certify: a copy with one term left out, linked in front of the library. The test named has to
# fail on each of them; a mutant that survives means that the term is not tested.
#
# Terms whose loss alone no test can show, because larger ones cover it: the lower side's -m (q covers it), each of phi omega,
# phi^2 / 4 and the z terms (together they are `rest`, whose loss is found), each of the two parts of `radius` (whose loss is found),
# the limit phi < 1/10 (the formula itself is wide there), the second `rest` of Weyl's bound, and what
# the slack of a block moves the sum of its levels by where the purity is taken (what it moves their squares by covers it).
#
# Theorem C, which test_graded attacks: the factor 2 of `relative` is of second order, so its loss does not show.
function(cutropy_mutant_of test name file from to)
    file(READ ${PROJECT_SOURCE_DIR}/src/certify/${file} text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/certify/${file})
    string(FIND "${text}" "${from}" place)
    if(place LESS 0)
        message(FATAL_ERROR "mutant ${name}: '${from}' is not in ${file}")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    set(source ${CMAKE_CURRENT_BINARY_DIR}/mutants/${name}.c)
    file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY NEWLINE_STYLE UNIX)
    if(NOT TARGET attack_${test}) # compiled once for all of its mutants
        add_library(attack_${test} OBJECT test_${test}.c)
        target_link_libraries(attack_${test} PRIVATE test_support cutropy_flint PkgConfig::LAPACKE PkgConfig::OPENBLAS PkgConfig::GMP)
        target_compile_definitions(attack_${test} PRIVATE CUTROPY_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
    add_executable(mutant_${name} $<TARGET_OBJECTS:attack_${test}> ${source})
    target_link_libraries(mutant_${name} PRIVATE test_support cutropy cutropy_flags cutropy_flint PkgConfig::CHECK PkgConfig::LAPACKE
        PkgConfig::OPENBLAS PkgConfig::GMP m)
    target_compile_options(mutant_${name} PRIVATE -w)
    add_test(NAME mutant_${name} COMMAND mutant_${name})
    set_tests_properties(mutant_${name} PROPERTIES PASS_REGULAR_EXPRESSION "Failures: [1-9]")
endfunction()

function(cutropy_mutant name file from to)
    cutropy_mutant_of(enclosure ${name} ${file} "${from}" "${to}")
endfunction()

function(cutropy_mutant_graded name file from to)
    cutropy_mutant_of(graded ${name} ${file} "${from}" "${to}")
endfunction()

cutropy_mutant(q enclosure_entropy.c "arb_sub(low, sum, x, e->bits)" "arb_set(low, sum)")
cutropy_mutant(tail enclosure_entropy.c "arb_addmul(high, x, most, e->bits)" "(void)0")
cutropy_mutant(weyl enclosure.c "ct_ball_widen(level->weyl, bound->off)" "(void)0")
cutropy_mutant(rest enclosure.c "ct_ball_widen(level->value, bound->rest)" "(void)0")
cutropy_mutant(radius enclosure.c "ct_ball_widen(level->value, bound->radius[j])" "(void)0")
cutropy_mutant(columns block_bound.c "out->column[j] = UP * sqrt(out->column[j])" "out->column[j] = 0")
cutropy_mutant(off block_bound.c "out->off = UP * sqrt(off)" "out->off = 0")
cutropy_mutant(residual block_bound.c "(t->lambda[j] - half) + wij)" "(t->lambda[j] - half) + wij) * 0")
cutropy_mutant(correction block_bound.c "out->correction[j] = correction" "out->correction[j] = 0")
cutropy_mutant(squares near_block.c "arb_add_error(out, off)" "(void)0")
cutropy_mutant_of(slices first_grid block_slices.c "#define FIRST_GRID 26" "#define FIRST_GRID 29")
cutropy_mutant_of(slices step block_slices.c "int step = 53 -" "int step = 62 -")
cutropy_mutant_of(slices overlap_error block_slices.c "UP * 16 * ct_gamma" "0 * ct_gamma")
cutropy_mutant_of(slices middle block_slices.c "= head + tail / 2" "= head")
cutropy_mutant_of(slices last_slice block_slices.c "a < s->count" "a < s->count - 1")
cutropy_mutant_of(slices slip block_slices.c "s->slip[at] += slip" "(void)slip")
cutropy_mutant_of(slices low_part block_slices.c "wrong |= low[k] != 0" "(void)low")
cutropy_mutant_of(slices integers block_slices.c "(on_grid(g[k], shift_of(0)) != g[k])" "0")
cutropy_mutant_of(slices length block_slices.c "good && length * UP <= 2" "good")
cutropy_mutant_of(integer_product residues integer_product.c "0x1p52 / inner" "0x1p59 / inner")
cutropy_mutant_of(integer_product primes integer_product.c "<= bits + 1" "<= bits - 6")
cutropy_mutant_of(integer_product sign integer_product.c "k == parts - 1 && x >> (PART - 1)" "false")
cutropy_mutant_of(product_overlaps sites product_overlaps.c "mag_add(error, error, site)" "mag_set(error, site)")
cutropy_mutant_of(product_overlaps conjugate product_overlaps.c "mirror[size - 1] ^= 1" "(void)0")

cutropy_mutant_graded(phi graded.c "coupling(b, b->k, b->n, b->phi)" "mag_zero(b->phi)")
cutropy_mutant_graded(gamma graded.c "coupling(b, b->m, b->resolved, b->gamma)" "mag_zero(b->gamma)")
cutropy_mutant_graded(tail_factor graded.c "mag_add(b->tail, b->tail, x);\n        mag_mul_2exp_si" "mag_mul_2exp_si")
cutropy_mutant_graded(tail_share graded.c "mag_add(b->relative, b->relative, x)" "(void)0")
cutropy_mutant_graded(tail_below graded.c "good = mag_cmp(x, least) < 0" "good = true")
cutropy_mutant_graded(relative graded.c "mag_mul(radius, radius, b->relative)" "mag_zero(radius)")
cutropy_mutant_graded(weights graded.c "fmpz_mul(entry, entry, b->weight + j)" "(void)0")
