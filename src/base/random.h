/* random.h - random numbers by counter: number i of a stream is a function of (seed, stream, i).
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): ten rounds of multiply and exchange turn a
 * counter of 128 bits and a key of 64 bits into four words. There is no state to pass on, so any
 * part of a stream can be made on any thread, in any order, with the same result.
 *
 *   threads    pure functions */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Four random words of a counter under a key. */
void krni_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Words 4 * block .. 4 * block + 3 of a stream. The key is the seed. */
void krni_random_stream(uint64_t seed, uint64_t stream, uint64_t block, uint32_t out[4]);

/* Words 0 .. 3 of blocks block and block + 1 of a stream, as four 64-bit words (see below). Twice
 * as fast as one block after the other. */
void krni_random_pair(uint64_t seed, uint64_t stream, uint64_t block, uint64_t out[4]);

/* 64-bit words 2 * first_block .. of a stream, two of each block: word pair (a, b) is a | b << 32.
 * The bytes do not depend on the machine; where it has AVX2 or AVX-512, eight or sixteen blocks are
 * made at once. About 1 ns per word from 32 words on. */
void krni_random_fill(uint64_t seed, uint64_t stream, uint64_t first_block, size_t n_blocks,
                      uint64_t *out);

/* The ways to do so, for tests: [0] plain, [1] AVX2, [2] AVX-512. Each makes as many whole groups
 * of blocks as it can and says how many blocks these were; 0 where the machine lacks it. */
#define KRNI_RANDOM_WAYS 3
size_t krni_random_fill_by(unsigned way, uint64_t seed, uint64_t stream, uint64_t first_block,
                           size_t n_blocks, uint64_t *out);

/* Middle of the 2^-32 wide cell of a word: never 0, never 1. */
static inline double krni_random_prob(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

#endif
