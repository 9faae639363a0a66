/* SPDX-License-Identifier: Apache-2.0 */
/* test_random.c - the generator gives the published numbers and looks even. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "support/assert_near.h"

/* Known answers of Philox4x32-10 for counters and keys of zeros, of ones, and of digits of pi. */
static void blocks_are_the_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}},
        {{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
         {0xffffffffu, 0xffffffffu},
         {0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}},
        {{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u},
         {0xa4093822u, 0x299f31d0u},
         {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t out[4];
        krni_random_block(cases[i].counter, cases[i].key, out);
        for (int k = 0; k < 4; k++)
            assert_int_equal(out[k], cases[i].expected[k]);
    }
}

static void streams_differ_and_repeat(void **state)
{
    (void)state;
    uint32_t a[4], b[4], c[4];
    krni_random_stream(1, 7, 0, a);
    krni_random_stream(1, 8, 0, b);
    krni_random_stream(1, 7, 0, c);
    assert_int_not_equal(a[0], b[0]);
    assert_memory_equal(a, c, sizeof a);
}

static void probabilities_are_even_and_open(void **state)
{
    (void)state;
    double sum = 0.0;
    const int n = 40000;
    for (int i = 0; i < n / 4; i++) {
        uint32_t out[4];
        krni_random_stream(3, 1, (uint64_t)i, out);
        for (int k = 0; k < 4; k++)
            sum += krni_random_prob(out[k]);
    }
    assert_near(sum / n, 0.5, 3.0 * 0.2887 / 200.0);
    assert_true(krni_random_prob(0) > 0.0 && krni_random_prob(UINT32_MAX) < 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_the_known_answers),
        cmocka_unit_test(streams_differ_and_repeat),
        cmocka_unit_test(probabilities_are_even_and_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
