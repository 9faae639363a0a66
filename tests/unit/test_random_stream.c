/* SPDX-License-Identifier: Apache-2.0 */
/* test_random_stream.c - a word depends on seed, source, replication and its number alone.
 *
 *   word   0 1 2 3 4 5 6 7 ...     the same one by one, in pieces, on vectors and on plain C */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sim/random_stream.h"
#include "support/assert_near.h"
#include "support/law_test.h"

#define WORDS 400

/* Philox4x32-10 of a counter of zeros under a key of zeros. */
static void first_words_are_the_known_answer(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(0, 0, 0);
    assert_int_equal(krni_stream_word(&stream), 0xe169c58d6627e8d5u);
    assert_int_equal(krni_stream_word(&stream), 0x9b00dbd8bc57ac4cu);
}

/* Counter and key of digits of pi: block 0x243f6a88, replication 0x85a308d3. */
static void each_part_of_the_counter_has_its_place(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(0x299f31d0a4093822u, 0x0370734413198a2eu, 0x85a308d3u);
    stream.next_block += 0x243f6a88u;
    assert_int_equal(krni_stream_word(&stream), 0x94fdccebd16cfe09u);
    assert_int_equal(krni_stream_word(&stream), 0x24126ea15001e420u);
}

static void blocks_of_words_are_the_single_words(void **state)
{
    (void)state;
    uint64_t single[WORDS];
    uint64_t in_blocks[WORDS];
    krni_stream a = krni_stream_start(7, 11, 13);
    for (size_t i = 0; i < WORDS; i++)
        single[i] = krni_stream_word(&a);
    for (size_t first = 0; first < 9; first++)
        for (size_t size = 0; size < 120; size++) {
            krni_stream b = krni_stream_start(7, 11, 13);
            memset(in_blocks, 0, sizeof in_blocks);
            for (size_t i = 0; i < first; i++)
                in_blocks[i] = krni_stream_word(&b);
            size_t n = first;
            krni_stream_words(&b, in_blocks + n, size);
            n += size;
            for (; n < first + size + 5; n++)
                in_blocks[n] = krni_stream_word(&b);
            assert_memory_equal(single, in_blocks, n * sizeof *single);
        }
}

static void all_machines_make_the_same_words(void **state)
{
    (void)state;
    uint64_t plain[2 * 64];
    uint64_t fast[2 * 64];
    const uint64_t firsts[] = {0, 5, 0xfffffffdu, UINT64_MAX - 40};
    for (size_t f = 0; f < sizeof firsts / sizeof *firsts; f++)
        for (size_t n = 0; n <= 40; n++) {
            const uint64_t seed = 0x0123456789abcdefu * (n + 1);
            assert_int_equal(krni_random_fill_by(0, seed, ~seed, firsts[f], n, plain), n);
            for (unsigned way = 1; way < KRNI_RANDOM_WAYS; way++) {
                const size_t done = krni_random_fill_by(way, seed, ~seed, firsts[f], n, fast);
                assert_true(done <= n);
                assert_memory_equal(plain, fast, 2 * done * sizeof *plain);
            }
            krni_random_fill(seed, ~seed, firsts[f], n, fast);
            assert_memory_equal(plain, fast, 2 * n * sizeof *plain);
            krni_random_pair(seed, ~seed, firsts[f], fast);
            assert_memory_equal(plain, fast, (n < 2 ? 2 * n : 4) * sizeof *plain);
        }
}

/* Words of neighbouring seeds, sources and replications have about half of their bits in common,
 * and their correlation is that of independent numbers. */
static void neighbouring_streams_are_unlike(void **state)
{
    (void)state;
    const krni_stream base = krni_stream_start(1, 1, 1);
    const krni_stream others[] = {krni_stream_start(2, 1, 1), krni_stream_start(1, 2, 1),
                                  krni_stream_start(1, 1, 2), krni_stream_start(1, 1, 0)};
    const int n = 20000;
    for (size_t s = 0; s < sizeof others / sizeof *others; s++) {
        krni_stream a = base;
        krni_stream b = others[s];
        double same_bits = 0.0;
        double product = 0.0;
        for (int i = 0; i < n; i++) {
            const uint64_t x = krni_stream_word(&a);
            const uint64_t y = krni_stream_word(&b);
            same_bits += __builtin_popcountll(~(x ^ y));
            product += ((double)x * 0x1p-64 - 0.5) * ((double)y * 0x1p-64 - 0.5);
        }
        assert_near(same_bits / n, 32.0, 3.891 * 4.0 / sqrt(n));
        assert_near(12.0 * product / n, 0.0, 3.891 / sqrt(n));
    }
}

/* Pairs of successive numbers over 10 x 10 cells; and the first word of 10^5 replications. */
static void pairs_and_first_words_are_even(void **state)
{
    (void)state;
    unsigned pairs[100] = {0};
    unsigned firsts[100] = {0};
    krni_stream stream = krni_stream_start(3, krni_source_id(0, "pairs"), 0);
    for (uint32_t i = 0; i < 100000; i++) {
        const uint64_t x = (krni_stream_word(&stream) >> 32) * 10 >> 32;
        const uint64_t y = (krni_stream_word(&stream) >> 32) * 10 >> 32;
        pairs[10 * x + y]++;
        krni_stream other = krni_stream_start(3, 4, i);
        firsts[(krni_stream_word(&other) >> 32) * 100 >> 32]++;
    }
    assert_true(law_test_chi_square(pairs, 100) < LAW_TEST_CHI_SQUARE_LIMIT);
    assert_true(law_test_chi_square(firsts, 100) < LAW_TEST_CHI_SQUARE_LIMIT);
}

static void source_ids_follow_from_names(void **state)
{
    (void)state;
    assert_int_equal(krni_source_id(1, "aktau"), krni_source_id(1, "aktau"));
    assert_int_not_equal(krni_source_id(1, "aktau"), krni_source_id(2, "aktau"));
    assert_int_not_equal(krni_source_id(1, "aktau"), krni_source_id(1, "atkau"));
    assert_int_not_equal(krni_source_id(1, "a"), krni_source_id(1, "aa"));
    assert_int_not_equal(krni_source_id(1, ""), krni_source_id(2, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_words_are_the_known_answer),
        cmocka_unit_test(each_part_of_the_counter_has_its_place),
        cmocka_unit_test(blocks_of_words_are_the_single_words),
        cmocka_unit_test(all_machines_make_the_same_words),
        cmocka_unit_test(neighbouring_streams_are_unlike),
        cmocka_unit_test(pairs_and_first_words_are_even),
        cmocka_unit_test(source_ids_follow_from_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
