/* statistics.h - what a run collects: samples, levels over time, series over time.
 *
 *   sample   one number per thing        times in system, queue waits
 *   level    a value that holds for a while and is averaged over time      queue length, busy
 * servers series   means of a level, or sums, in intervals of equal length       for plots and for
 * warm-up batches  means of groups of values that follow each other, in bounded memory      for
 * MSER-5
 *
 *   level   |      ___
 *         2 |   __|   |          mean = shaded area / time since the start or the last restart
 *         1 |__|      |____
 *           +------------------> time
 *
 *   units      unit-free: values have the caller's unit, integrals that unit times the caller's
 * time sums       compensated: the error of a sum of n terms is that of a few, not of n memory
 * fixed per structure; nothing is allocated; arrays are the caller's and borrowed threads    one at
 * a time per structure errors     none; a time that goes back, or NaN, is a caller's mistake
 * (asserted) cost       krni_sample_add and krni_level_set a few ns, inline */
#ifndef SIM_STATISTICS_H
#define SIM_STATISTICS_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* A sum with what rounding took from it; add the two at the end. */
typedef struct krni_sum {
    double main;
    double rest;
} krni_sum;

static inline void krni_sum_add(krni_sum *sum, double x)
{
    const double total = sum->main + x;
    const double part = total - sum->main;
    sum->rest += (sum->main - (total - part)) + (x - part); /* exact: Knuth's two-sum */
    sum->main = total;
}

static inline double krni_sum_value(krni_sum sum)
{
    return sum.main + sum.rest;
}

/* ---- sample ---- */

/* Starts as {0}. Sums are of the distance from the first value, so that a mean far from 0 does not
 * eat the variance. */
typedef struct krni_sample {
    uint64_t count;
    double origin;
    krni_sum sum;    /* of x - origin */
    krni_sum square; /* of (x - origin)^2 */
    double least, greatest;
} krni_sample;

static inline void krni_sample_add(krni_sample *sample, double x)
{
    assert(x == x);
    if (sample->count++ == 0) {
        sample->origin = x;
        sample->least = x;
        sample->greatest = x;
    }
    const double d = x - sample->origin;
    krni_sum_add(&sample->sum, d);
    krni_sum_add(&sample->square, d * d);
    sample->least = x < sample->least ? x : sample->least;
    sample->greatest = x > sample->greatest ? x : sample->greatest;
}

/* NaN of an empty sample. */
double krni_sample_mean(const krni_sample *sample);

/* With n - 1 below the line; NaN under two values. Relative error below 1e-12 where the values lie
 * within 1000 standard deviations of the first one. */
double krni_sample_variance(const krni_sample *sample);
double krni_sample_deviation(const krni_sample *sample);

/* The sum of the values; 0 of an empty sample. */
double krni_sample_total(const krni_sample *sample);

/* Adds all of other's values to sample. Merge in a fixed order (of replications, not of threads):
 * another order can change the last bits. */
void krni_sample_merge(krni_sample *sample, const krni_sample *other);

/* ---- level ---- */

typedef struct krni_level {
    double value;
    double since;      /* time from which value holds */
    double start;      /* of observation */
    krni_sum integral; /* from start to since */
    double least, greatest;
} krni_level;

/* A level that is value from start on. */
krni_level krni_level_start(double start, double value);

/* The level becomes value at a time >= the last one. A value that holds for no time counts for
 * least and greatest. */
static inline void krni_level_set(krni_level *level, double time, double value)
{
    assert(time >= level->since && value == value);
    krni_sum_add(&level->integral, level->value * (time - level->since));
    level->since = time;
    level->value = value;
    level->least = value < level->least ? value : level->least;
    level->greatest = value > level->greatest ? value : level->greatest;
}

static inline void krni_level_add(krni_level *level, double time, double change)
{
    krni_level_set(level, time, level->value + change);
}

/* Forgets what was before time; the value stays. For the end of a warm-up. */
void krni_level_restart(krni_level *level, double time);

/* Area under the level from its start to a time >= the last change. */
double krni_level_integral(const krni_level *level, double time);

/* The same over the length; the value itself where no time has passed. */
double krni_level_mean(const krni_level *level, double time);

/* ---- series ---- */

/* Integral of a level, or sum of amounts, in n intervals [start + i width, start + (i + 1) width).
 * What lies behind the last interval is not kept. One series is used as one of the two. */
typedef struct krni_series {
    double start, width;
    uint32_t n;
    double *sum; /* n; the caller's */
    double value, since;
    uint32_t at; /* interval of since */
} krni_series;

/* width > 0, n >= 1; sum is cleared. */
krni_series krni_series_start(double start, double width, uint32_t n, double *sum, double value);

/* The level becomes value at a time >= the last one. O(1 + intervals passed). */
void krni_series_set(krni_series *series, double time, double value);

/* Adds an amount to the interval of a time >= start; false behind the last one. O(1). */
bool krni_series_count(krni_series *series, double time, double amount);

/* Mean of the level in interval i; complete when krni_series_set has been called with a time at or
 * behind its end. */
double krni_series_mean(const krni_series *series, uint32_t i);

/* ---- batches ---- */

/* Means of groups of `size` values in a row. When capacity means are there, neighbours are joined
 * and size doubles: at least capacity / 2 means of equal size of however long a run. The last,
 * unfinished group is not among them. */
typedef struct krni_batches {
    double *mean; /* capacity; the caller's */
    uint32_t capacity, n;
    uint64_t size;    /* values per mean */
    uint64_t waiting; /* values in the unfinished group */
    krni_sum sum;     /* of them */
} krni_batches;

/* capacity even and >= 2, size >= 1. */
krni_batches krni_batches_start(double *mean, uint32_t capacity, uint64_t size);

/* Amortised O(1). */
void krni_batches_add(krni_batches *batches, double x);

#endif
