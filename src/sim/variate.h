/* variate.h - draws from the laws of time, size and choice.
 *
 *   exponential(mean)   one word each, by inversion, so that streams shared by two scenarios stay
 * in uniform, normal     step and a longer law gives a longer time for the same word triangular,
 * duration, empirical, bernoulli gamma, erlang, below, discrete      several words, a number that
 * can vary
 *
 *   units      unit-free; a draw has the unit of the mean, scale or bounds given
 *   threads    as the stream
 *   errors     none; parameters outside the ranges given are a caller's mistake (asserted)
 *   bytes      uniform, exponential, triangular, empirical, bernoulli, below, discrete: the same on
 *              every machine with IEEE doubles (integers, + - * / and square root). normal, gamma,
 *              erlang from 9 stages on and duration call the C library (log, exp, erf, erfc, pow),
 *              whose last bit differs between libraries.
 *   cost       ns per draw, Xeon of 2.3 GHz (Sapphire Rapids), gcc 12 -O3: uniform 5, below 6,
 *              exponential 12 (made ahead 3, in blocks 2.3), triangular 13, erlang of 3 stages 37,
 *              normal 45, gamma 63 (shape < 1: 89), duration 71 */
#ifndef SIM_VARIATE_H
#define SIM_VARIATE_H

#include <stdbool.h>
#include <string.h>

#include <keruen/units.h>

#include "sim/random_stream.h"

/* Middle of the cell of width 2^-52 that the upper bits of a word name: 2^-53 .. 1 - 2^-53. */
static inline double krni_word_uniform(uint64_t word)
{
    const uint64_t bits = 0x3FF0000000000000u | word >> 12; /* 1 .. 2 - 2^-52 */
    double one_to_two;
    memcpy(&one_to_two, &bits, sizeof bits);
    return one_to_two - (1.0 - 0x1p-53);
}

/* Uniform on the open interval (0, 1). */
static inline double krni_uniform(krni_stream *stream)
{
    return krni_word_uniform(krni_stream_word(stream));
}

/* Uniform on (low, high), low <= high. */
double krni_uniform_between(krni_stream *stream, double low, double high);

/* Exponential of a mean >= 0. Largest possible draw: 36.7 means. */
double krni_exponential(krni_stream *stream, double mean);

/* n exponentials of mean 1, the same ones as n calls would give. About 2 ns each. */
void krni_exponentials(krni_stream *stream, double *out, size_t n);

/* A stream with exponentials made ahead: the same ones, for the busiest sources. 592 bytes. */
#define KRNI_AHEAD 64u
typedef struct krni_exponential_source {
    krni_stream stream;
    double ahead[KRNI_AHEAD];
    uint32_t used;
} krni_exponential_source;

krni_exponential_source krni_exponential_source_start(uint64_t seed, uint64_t source,
                                                      uint32_t replication);
void krni_exponential_source_refill(krni_exponential_source *source);

/* The next exponential of a mean. About 3 ns. */
static inline double krni_exponential_next(krni_exponential_source *source, double mean)
{
    if (KRNI_UNLIKELY(source->used == KRNI_AHEAD))
        krni_exponential_source_refill(source);
    return mean * source->ahead[source->used++];
}

/* Normal; deviation >= 0. */
double krni_normal(krni_stream *stream, double mean, double deviation);

/* Gamma of shape > 0 and scale >= 0; mean shape * scale. (Marsaglia and Tsang 2000.) */
double krni_gamma(krni_stream *stream, double shape, double scale);

/* Sum of stages >= 1 independent exponentials, of a mean >= 0 for the whole sum. */
double krni_erlang(krni_stream *stream, uint32_t stages, double mean);

/* Triangular, low <= mode <= high. */
double krni_triangular(krni_stream *stream, double low, double mode, double high);

/* A time by the model's law of three percentiles: krn_duration_quantile_h of one uniform. */
double krni_duration_h(krni_stream *stream, krn_duration duration);

/* True with a probability 0 .. 1; 0 is never and 1 always. */
bool krni_bernoulli(krni_stream *stream, double probability);

/* A whole number below n >= 1, each equally likely to the last bit. */
uint32_t krni_below(krni_stream *stream, uint32_t n);

/* A law by its quantiles: value[i] at probability[i], straight lines between. Rising from
 * probability[0] = 0 to probability[n - 1] = 1, n >= 2, values not falling. Borrowed. */
typedef struct krni_quantile_line {
    uint32_t n;
    const double *probability;
    const double *value;
} krni_quantile_line;

bool krni_quantile_line_valid(krni_quantile_line line);
double krni_quantile_line_at(krni_quantile_line line, double probability); /* O(log n) */
double krni_empirical(krni_stream *stream, krni_quantile_line line);

/* A choice among n by weight, in constant time: each cell holds its own number and one alias. */
typedef struct krni_alias_cell {
    double own; /* probability 0 .. 1 of staying in the cell */
    uint32_t alias;
    uint32_t next; /* used while building */
} krni_alias_cell;

/* Fills n cells, n >= 1, from weights >= 0 that are finite and not all 0; false if they are not
 * such. A weight of 0 is never drawn. O(n), no memory. */
bool krni_alias_build(const double *weights, uint32_t n, krni_alias_cell *cells);
uint32_t krni_discrete(krni_stream *stream, const krni_alias_cell *cells, uint32_t n);

#endif
