/* random.h - random numbers by counter: number i of a stream is a function of (seed, stream, i).
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): ten rounds of multiply and exchange turn a
 * counter of 128 bits and a key of 64 bits into four words. There is no state to pass on, so any
 * part of a stream can be made on any thread, in any order, with the same result.
 *
 *   threads    pure functions */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* Four random words of a counter under a key. */
void krni_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Words 4 * block .. 4 * block + 3 of a stream. The key is the seed. */
void krni_random_stream(uint64_t seed, uint64_t stream, uint64_t block, uint32_t out[4]);

/* Middle of the 2^-32 wide cell of a word: never 0, never 1. */
static inline double krni_random_prob(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

#endif
