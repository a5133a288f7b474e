/* SPDX-License-Identifier: Apache-2.0 */
/* A real number rounded to what its error leaves, with the error in brackets behind it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/sheet.h"

#define MOST_DIGITS 21 /* of a value: a double has 17, and errors below its last place exist */

/* The shortest decimal that reads back as the same double; whole numbers have no exponent where people write none. */
static void shortest(double value, char *text)
{
    if (value == floor(value) && fabs(value) < 1e15) {
        sprintf(text, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, CT_BRACKETED_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *power = strchr(text, 'e');
    if (power)
        sprintf(power + 1, "%d", atoi(power + 1)); /* e-9, not e-09 */
}

/* floor(log10 |value|), value not 0. */
static int exponent_of(double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.17e", value);
    return atoi(strchr(text, 'e') + 1);
}

/* error / 10^unit, and the half that rounding the value to that place may add, rounded up. Where the
 * power or the product is rounded, up means beyond both roundings. */
static int error_digits(double error, int unit)
{
    const long double power = powl(10, -unit);
    long double units = error * power;
    if (unit > 0 || unit < -27 || fmal(error, power, -units) != 0) /* 10^27 is a long double */
        units *= 1 + 0x1p-60L;
    const long double whole = floorl(units);
    return (int)whole + (units - whole > 0.5L ? 2 : 1);
}

/* |value| / 10^unit as a decimal integer, rounded to nearest. */
static void value_digits(double value, int unit, char *digits)
{
    const int places = value == 0 ? -2 : exponent_of(value) - unit;
    char text[40];
    if (places < 0) { /* below one unit */
        const bool up = places == -1 && fabs(value) * powl(10, -unit) > 0.5L;
        strcpy(digits, up ? "1" : "0");
        return;
    }
    snprintf(text, sizeof text, "%.*e", places, fabs(value));
    for (const char *p = text; *p != 'e'; p++)
        if (*p != '.')
            *digits++ = *p;
    if (atoi(strchr(text, 'e') + 1) > places + unit)
        *digits++ = '0'; /* 9.99 became 10.0 */
    *digits = 0;
}

/* "12345" with 3 decimals: "12.345". */
static int put_point(const char *digits, int decimals, char *text)
{
    const int length = (int)strlen(digits), missing = decimals + 1 - length;
    char padded[80];
    snprintf(padded, sizeof padded, "%.*s%s", missing > 0 ? missing : 0,
             "000000000000000000000000000000", digits);
    const int whole = (int)strlen(padded) - decimals;
    return sprintf(text, "%.*s%s%s", whole, padded, decimals ? "." : "", padded + whole);
}

void ct_bracketed(double value, double error, char *text)
{
    char digits[40];
    if (!isfinite(value) || !(error > 0) || isinf(error)) {
        if (isfinite(value))
            shortest(value, text);
        else
            strcpy(text, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        if (error != 0)
            strcat(text, isinf(error) ? "(inf)" : "(?)"); /* no error is known */
        return;
    }
    int unit = exponent_of(error) - 1;
    if (value != 0 && unit < exponent_of(value) + 1 - MOST_DIGITS)
        unit = exponent_of(value) + 1 - MOST_DIGITS;
    int bracket = error_digits(error, unit);
    if (bracket > 99)
        bracket = error_digits(error, ++unit);
    value_digits(value, unit, digits);
    const int of_value = *digits == '0' ? unit : unit + (int)strlen(digits) - 1;
    const int of_error = unit + (bracket > 9);
    const int first = of_value > of_error ? of_value : of_error;
    if (value < 0 && *digits != '0')
        *text++ = '-';
    if (unit <= 0 && first >= -5 && first <= 15) {
        text += put_point(digits, -unit, text);
        sprintf(text, "(%d)", bracket);
    } else {
        text += put_point(digits, first - unit, text);
        sprintf(text, "(%d)e%d", bracket, first);
    }
}
