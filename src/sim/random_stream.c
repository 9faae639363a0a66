/* SPDX-License-Identifier: Apache-2.0 */
/* random_stream.c - words of a stream, four at a time or many at once.
 *
 *    | w0 w1 w2 w3 |  two blocks of Philox; the next pair of blocks when all four are used */
#include "sim/random_stream.h"

#include <assert.h>

#include "base/random.h"

_Static_assert(sizeof(krni_stream) == 64, "a stream is one cache line");

krni_stream krni_stream_start(uint64_t seed, uint64_t source, uint32_t replication)
{
    const krni_stream stream = {seed, source, (uint64_t)replication << 32, KRNI_STREAM_WORDS, {0}};
    return stream;
}

void krni_stream_refill(krni_stream *stream)
{
    assert(stream->used == KRNI_STREAM_WORDS);
    assert((uint32_t)stream->next_block < UINT32_MAX - 1);
    krni_random_pair(stream->seed, stream->source, stream->next_block, stream->word);
    stream->next_block += KRNI_STREAM_WORDS / 2;
    stream->used = 0;
}

void krni_stream_words(krni_stream *stream, uint64_t *out, size_t n)
{
    size_t i = 0;
    while (i < n && stream->used < KRNI_STREAM_WORDS)
        out[i++] = stream->word[stream->used++];
    const size_t n_blocks = (n - i) / KRNI_STREAM_WORDS * (KRNI_STREAM_WORDS / 2);
    assert((uint32_t)stream->next_block + (uint64_t)n_blocks < UINT32_MAX);
    krni_random_fill(stream->seed, stream->source, stream->next_block, n_blocks, out + i);
    stream->next_block += n_blocks;
    for (i += 2 * n_blocks; i < n; i++)
        out[i] = krni_stream_word(stream);
}

/* The finisher of SplitMix64: every bit of x moves every bit of the result. */
static uint64_t mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

uint64_t krni_source_id(uint32_t process, const char *name)
{
    uint64_t id = mixed(process + 0x9E3779B97F4A7C15u);
    for (const char *c = name; *c; c++)
        id = mixed(id ^ (unsigned char)*c);
    return id;
}
