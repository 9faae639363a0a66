/* SPDX-License-Identifier: Apache-2.0 */
/* statistics.c - means and variances of samples; levels, series and batches over time.
 *
 *   batches, capacity 4:   | a | b | c | d |   full:   | a+b | c+d |   |   |   size doubles
 *                                                        2     2 */
#include "sim/statistics.h"

#include <math.h>
#include <string.h>

double krni_sample_mean(const krni_sample *sample)
{
    if (sample->count == 0)
        return NAN;
    return sample->origin + krni_sum_value(sample->sum) / (double)sample->count;
}

/* Sum of (x - mean)^2: that around the origin less n (mean - origin)^2, with the small parts of the
 * sums apart so that the difference keeps its digits. */
static double scatter(const krni_sample *sample)
{
    const double n = (double)sample->count;
    const double d = krni_sum_value(sample->sum);
    const double around = (sample->square.main - d * (d / n)) + sample->square.rest;
    return around > 0.0 && sample->greatest > sample->least ? around : 0.0;
}

double krni_sample_variance(const krni_sample *sample)
{
    return sample->count < 2 ? NAN : scatter(sample) / (double)(sample->count - 1);
}

double krni_sample_deviation(const krni_sample *sample)
{
    return sqrt(krni_sample_variance(sample));
}

double krni_sample_total(const krni_sample *sample)
{
    return sample->origin * (double)sample->count + krni_sum_value(sample->sum);
}

/* The other's sums moved to this origin: with s = other origin - origin,
 * sum (x - origin) = sum d + n s,  sum (x - origin)^2 = sum d^2 + 2 s sum d + n s^2. */
void krni_sample_merge(krni_sample *sample, const krni_sample *other)
{
    if (other->count == 0)
        return;
    if (sample->count == 0) {
        *sample = *other;
        return;
    }
    const double shift = other->origin - sample->origin;
    const double n = (double)other->count;
    const double d = krni_sum_value(other->sum);
    krni_sum_add(&sample->sum, other->sum.main);
    krni_sum_add(&sample->sum, other->sum.rest);
    krni_sum_add(&sample->sum, n * shift);
    krni_sum_add(&sample->square, other->square.main);
    krni_sum_add(&sample->square, other->square.rest);
    krni_sum_add(&sample->square, shift * (2.0 * d + n * shift));
    sample->count += other->count;
    sample->least = fmin(sample->least, other->least);
    sample->greatest = fmax(sample->greatest, other->greatest);
}

krni_level krni_level_start(double start, double value)
{
    const krni_level level = {
        .value = value, .since = start, .start = start, .least = value, .greatest = value};
    return level;
}

void krni_level_restart(krni_level *level, double time)
{
    assert(time >= level->since);
    *level = krni_level_start(time, level->value);
}

double krni_level_integral(const krni_level *level, double time)
{
    assert(time >= level->since);
    krni_sum integral = level->integral;
    krni_sum_add(&integral, level->value * (time - level->since));
    return krni_sum_value(integral);
}

double krni_level_mean(const krni_level *level, double time)
{
    const double length = time - level->start;
    return length > 0.0 ? krni_level_integral(level, time) / length : level->value;
}

krni_series krni_series_start(double start, double width, uint32_t n, double *sum, double value)
{
    assert(width > 0.0 && n >= 1);
    memset(sum, 0, n * sizeof *sum);
    const krni_series series = {
        .start = start, .width = width, .n = n, .sum = sum, .value = value, .since = start};
    return series;
}

void krni_series_set(krni_series *series, double time, double value)
{
    assert(time >= series->since);
    while (series->at < series->n) {
        const double end = series->start + series->width * (series->at + 1.0);
        if (time < end) {
            series->sum[series->at] += series->value * (time - series->since);
            break;
        }
        series->sum[series->at] += series->value * (end - series->since);
        series->since = end;
        series->at++;
    }
    series->since = time;
    series->value = value;
}

bool krni_series_count(krni_series *series, double time, double amount)
{
    assert(time >= series->start);
    const double place = (time - series->start) / series->width;
    if (place >= series->n)
        return false;
    series->sum[(uint32_t)place] += amount;
    return true;
}

double krni_series_mean(const krni_series *series, uint32_t i)
{
    assert(i < series->n);
    return series->sum[i] / series->width;
}

krni_batches krni_batches_start(double *mean, uint32_t capacity, uint64_t size)
{
    assert(capacity >= 2 && capacity % 2 == 0 && size >= 1);
    const krni_batches batches = {.mean = mean, .capacity = capacity, .size = size};
    return batches;
}

void krni_batches_add(krni_batches *batches, double x)
{
    krni_sum_add(&batches->sum, x);
    if (++batches->waiting < batches->size)
        return;
    batches->mean[batches->n++] = krni_sum_value(batches->sum) / (double)batches->size;
    batches->sum = (krni_sum){0};
    batches->waiting = 0;
    if (batches->n < batches->capacity)
        return;
    batches->n /= 2;
    batches->size *= 2;
    for (uint32_t i = 0; i < batches->n; i++)
        batches->mean[i] = 0.5 * (batches->mean[2 * i] + batches->mean[2 * i + 1]);
}
