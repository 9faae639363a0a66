/* random_stream.h - one stream of random numbers per source of randomness and replication.
 *
 * Word i of a stream is a function of (seed, source, replication, i) and of nothing else: Philox
 * by counter, see base/random.h. Streams of different sources or replications never share a word.
 * Two scenarios that use the same seed and source ids see the same numbers at each source, whatever
 * the rest of them does: common random numbers. A source is a process of one object (arrivals at a
 * place, repairs of a machine); its id should follow from the object's name and not from the order
 * of objects, so that an object more leaves the others' numbers as they are: krni_source_id().
 *
 *   counter    | block 32 | replication 32 | source 64 |    key | seed 64 |
 *
 *   bounds     2^32 replications, 2^33 words per stream (asserted)
 *   memory     64 bytes per stream, nothing outside
 *   threads    a stream belongs to one thread at a time
 *   errors     none
 *   bytes      integers only up to here: the same on every platform */
#ifndef SIM_RANDOM_STREAM_H
#define SIM_RANDOM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/simd.h"

#define KRNI_STREAM_WORDS 4u

typedef struct krni_stream {
    uint64_t seed;
    uint64_t source;
    uint64_t next_block; /* replication << 32 | block */
    uint64_t used;       /* words taken out of word */
    uint64_t word[KRNI_STREAM_WORDS];
} krni_stream;

/* A stream before its first word. O(1); numbers are made at the first draw. */
krni_stream krni_stream_start(uint64_t seed, uint64_t source, uint32_t replication);

/* Makes the next words; called by the draws. About 20 ns. */
void krni_stream_refill(krni_stream *stream);

/* n words: the same ones that n calls of krni_stream_word would give. About 1 ns each in large
 * numbers. */
void krni_stream_words(krni_stream *stream, uint64_t *out, size_t n);

/* The id of a source: a hash of 64 bits over the process and the name of its object. Two sources
 * of a model of 10^6 sources have the same id with a chance of 3e-8. O(length). */
uint64_t krni_source_id(uint32_t process, const char *name);

/* The next 64 random bits. About 5 ns. */
static inline uint64_t krni_stream_word(krni_stream *stream)
{
    if (KRNI_UNLIKELY(stream->used == KRNI_STREAM_WORDS))
        krni_stream_refill(stream);
    return stream->word[stream->used++];
}

#endif
