/* assert_near.h - comparing doubles in tests; cmocka's own comparison is in float.
 *
 * Include after cmocka.h. Equal values (infinities too) are near; NaN is near nothing. */
#ifndef SUPPORT_ASSERT_NEAR_H
#define SUPPORT_ASSERT_NEAR_H

#include <math.h>
#include <stdio.h>

static inline void assert_near_at(double value, double expected, double tolerance, const char *text,
                                  const char *file, int line)
{
    if (value == expected || fabs(value - expected) <= tolerance)
        return;
    fprintf(stderr, "%s:%d: %s is %.17g, expected %.17g within %g\n", file, line, text, value,
            expected, tolerance);
    _fail(file, line);
}

/* |value - expected| <= tolerance, in the unit of both. */
#define assert_near(value, expected, tolerance)                                                    \
    assert_near_at((value), (expected), (tolerance), #value, __FILE__, __LINE__)

/* |value - expected| <= share * |expected|. */
#define assert_near_relative(value, expected, share)                                               \
    assert_near_at((value), (expected), (share)*fabs(expected), #value, __FILE__, __LINE__)

#endif
