/* SPDX-License-Identifier: Apache-2.0 */
/* reliability.c - when a route arrives if nothing goes as typical: sampled, the same each time.
 *
 * Every activity has a stream of random numbers of its own (its number in the network and the
 * seed), and its samples are drawn once. So routes that share an activity share its luck, and the
 * difference between two routes is not noise. Nothing depends on threads or on the other routes.
 *
 *   sample s:  t = start;  for each step:  t = max(t, gate);  t = next window or departure >= t;
 *              t += duration(s) + wait(s)
 *
 * A missed departure by timetable means the next one. Papers take their typical lead.
 *
 * Laws are tables of 1024 values at the middles of equal steps of probability: ten random bits
 * are one sample. Durations: the two-piece lognormal of duration.h, one table for each pair of
 * ratios low / typical, high / typical. Waits by frequency: linear between 0 and the headway.
 * Constant steps are added in one sum. Times are whole seconds. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/duration.h>

#include "base/error.h"
#include "base/random.h"
#include "plan/planning.h"

#define LAW_BITS        10u
#define LAW_SIZE        (1u << LAW_BITS)
#define DRAWS_A_WORD    3u
#define DRAWS_A_BLOCK   (4u * DRAWS_A_WORD)
#define MOST_SAMPLES    1000000u
#define DEFAULT_SAMPLES 1000u
#define LATEST          0x7fffffffu /* seconds; a sample does not get later */
#define STREAMS         4u          /* of an activity: law, delay, wait */
#define MOST_KNOWN      1024u       /* activities whose samples are kept; others are drawn again */
#define SPARE_DAYS      120         /* windows beyond the planned arrival */

/* Values of a law, as multiples of the typical one. */
typedef struct law {
    float low, high; /* ratios */
    float *factor;   /* LAW_SIZE */
} law;

typedef struct sampler {
    krni_planning planning; /* a copy, with clocks counted from its base */
    krni_clock_book clocks;
    uint32_t n_samples;
    float *z; /* normal quantiles of the middles, LAW_SIZE */
    law *laws;
    uint32_t n_laws, laws_capacity;
    uint32_t **known; /* by activity: samples of duration and wait together, NULL: not drawn yet */
    uint32_t n_known;
    uint32_t *spare; /* of an activity when enough are known */
} sampler;

static krn_status find_law(sampler *s, krn_duration d, const float **out)
{
    const float low = (float)(d.low_h / d.typical_h), high = (float)(d.high_h / d.typical_h);
    for (uint32_t i = 0; i < s->n_laws; i++)
        if (s->laws[i].low == low && s->laws[i].high == high) {
            *out = s->laws[i].factor;
            return KRN_OK;
        }
    krn_arena *arena = s->planning.scratch;
    if (s->n_laws == s->laws_capacity) {
        const uint32_t capacity = s->laws_capacity ? 2 * s->laws_capacity : 32;
        law *grown = krn_arena_alloc(arena, capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(s->planning.err);
        if (s->n_laws)
            memcpy(grown, s->laws, s->n_laws * sizeof *grown);
        s->laws = grown;
        s->laws_capacity = capacity;
    }
    float *factor = krn_arena_alloc(arena, LAW_SIZE * sizeof *factor);
    if (!factor)
        return krni_fail_memory(s->planning.err);
    const float z90 = (float)krn_normal_quantile(0.9);
    const float below = low > 0.0f ? -logf(low) / z90 : 0.0f, above = logf(high) / z90;
    for (uint32_t i = 0; i < LAW_SIZE; i++) {
        const float z = s->z[i];
        if (z > 0.0f)
            factor[i] = expf(above * z);
        else if (low > 0.0f)
            factor[i] = expf(below * z);
        else /* a delay that may be nothing: linear from 0 */
            factor[i] = 2.0f * ((float)i + 0.5f) / (float)LAW_SIZE;
    }
    s->laws[s->n_laws++] = (law){low, high, factor};
    *out = factor;
    return KRN_OK;
}

/* Adds typical * law to every sample of an activity. */
static krn_status add_duration(sampler *s, krn_duration d, uint64_t stream, uint32_t *seconds)
{
    const float *factor = NULL;
    const krn_status st = find_law(s, d, &factor);
    if (st)
        return st;
    const float typical_s = (float)(d.typical_h * KRN_SECONDS_PER_HOUR);
    const float most = (float)(LATEST / 8u);
    uint32_t words[4];
    for (uint32_t i = 0, block = 0; i < s->n_samples; block++) {
        krni_random_stream(s->planning.query->seed, stream, block, words);
        for (uint32_t k = 0; k < DRAWS_A_BLOCK && i < s->n_samples; k++, i++) {
            const uint32_t bits =
                (words[k / DRAWS_A_WORD] >> (LAW_BITS * (k % DRAWS_A_WORD))) & (LAW_SIZE - 1u);
            const float value = typical_s * factor[bits] + 0.5f;
            seconds[i] += (uint32_t)(value < most ? value : most);
        }
    }
    return KRN_OK;
}

/* A wait that is known by frequency: linear through its three percentiles. */
static void add_wait(sampler *s, krn_duration d, uint64_t stream, uint32_t *seconds)
{
    const double range_h = (d.high_h - d.low_h) / 0.8;
    const double first_s = (d.typical_h - 0.5 * range_h) * KRN_SECONDS_PER_HOUR;
    const double step_s = range_h * KRN_SECONDS_PER_HOUR / (double)LAW_SIZE;
    uint32_t words[4];
    for (uint32_t i = 0, block = 0; i < s->n_samples; block++) {
        krni_random_stream(s->planning.query->seed, stream, block, words);
        for (uint32_t k = 0; k < DRAWS_A_BLOCK && i < s->n_samples; k++, i++) {
            const uint32_t bits =
                (words[k / DRAWS_A_WORD] >> (LAW_BITS * (k % DRAWS_A_WORD))) & (LAW_SIZE - 1u);
            const double value = first_s + step_s * ((double)bits + 0.5) + 0.5;
            seconds[i] += value > 0.0 ? (uint32_t)value : 0u;
        }
    }
}

static bool is_constant(krn_duration d)
{
    return !(d.high_h > d.low_h);
}

static bool is_linear(krn_duration d)
{
    return fabs(d.low_h + d.high_h - 2.0 * d.typical_h) <= 1e-9 * d.high_h;
}

/* A duration as the law of its row and what quantity and season add to it: a constant, or a delay
 * that is independent of the law. */
typedef struct parts {
    krn_duration base, added;
} parts;

static parts parts_of(const sampler *s, uint32_t activity)
{
    const krn_network *net = s->planning.network;
    const krn_duration all = s->planning.costs[activity].duration;
    const krn_duration base = {net->low_h[activity], net->typical_h[activity],
                               net->high_h[activity]};
    krn_duration added = {all.low_h - base.low_h, all.typical_h - base.typical_h,
                          all.high_h - base.high_h};
    if (fabs(added.high_h - added.low_h) <= 1e-9 * (1.0 + all.high_h)) /* a constant */
        added.low_h = added.high_h = added.typical_h;
    const bool fits = added.low_h >= 0.0 && added.typical_h >= added.low_h &&
                      added.high_h >= added.typical_h && krn_duration_valid(added);
    return fits ? (parts){base, added} : (parts){all, {0.0, 0.0, 0.0}};
}

/* Samples of an activity, drawn at its first use; valid until the next call. */
static krn_status draws_of(sampler *s, uint32_t activity, const uint32_t **out)
{
    if (s->known[activity]) {
        *out = s->known[activity];
        return KRN_OK;
    }
    uint32_t *seconds = s->spare;
    if (s->n_known < MOST_KNOWN) {
        s->n_known++;
        seconds = krn_arena_alloc(s->planning.scratch, (size_t)s->n_samples * sizeof *seconds);
        if (!seconds)
            return krni_fail_memory(s->planning.err);
        s->known[activity] = seconds;
    }
    memset(seconds, 0, (size_t)s->n_samples * sizeof *seconds);
    const krn_activity_cost *cost = &s->planning.costs[activity];
    const parts p = parts_of(s, activity);
    krn_status st = KRN_OK;
    krn_time fixed = 0;
    const krn_duration laws[2] = {p.base, p.added};
    for (unsigned k = 0; k < 2 && !st; k++) {
        if (is_constant(laws[k]))
            fixed += krni_seconds(laws[k].typical_h);
        else
            st = add_duration(s, laws[k], STREAMS * (uint64_t)activity + k, seconds);
    }
    if (is_constant(cost->wait))
        fixed += krni_seconds(cost->wait.typical_h);
    else if (!st && is_linear(cost->wait))
        add_wait(s, cost->wait, STREAMS * (uint64_t)activity + 2u, seconds);
    else if (!st)
        st = add_duration(s, cost->wait, STREAMS * (uint64_t)activity + 2u, seconds);
    for (uint32_t i = 0; i < s->n_samples && fixed; i++)
        seconds[i] += (uint32_t)fixed;
    *out = seconds;
    return st;
}

/* Start of each sample under a clock: the gate, then the window or departure at or after it. */
static void wait_for_clock(const krn_pareto_clock *clock, uint32_t *t, uint32_t n)
{
    uint32_t hint = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = t[i] > clock->not_before ? t[i] : clock->not_before;
        if (clock->n_windows) {
            uint32_t low = 0, high = clock->n_windows;
            if (hint > 0 && clock->close[hint - 1] < at)
                low = hint;
            else if (hint < clock->n_windows && clock->close[hint] >= at)
                high = hint + 1;
            while (low < high) { /* first window that closes at or after */
                const uint32_t middle = low + (high - low) / 2;
                if (clock->close[middle] < at)
                    low = middle + 1;
                else
                    high = middle;
            }
            hint = low;
            if (low == clock->n_windows)
                at = LATEST;
            else if (clock->open[low] > at)
                at = clock->open[low];
        }
        t[i] = at < LATEST ? at : LATEST;
    }
}

/* Ascending order by three passes over 11 bits. */
static void sort_times(uint32_t *t, uint32_t *other, uint32_t n)
{
    for (unsigned shift = 0; shift < 33; shift += 11) {
        uint32_t count[2049] = {0};
        for (uint32_t i = 0; i < n; i++)
            count[((t[i] >> shift) & 2047u) + 1]++;
        for (uint32_t i = 0; i < 2048; i++)
            count[i + 1] += count[i];
        for (uint32_t i = 0; i < n; i++)
            other[count[(t[i] >> shift) & 2047u]++] = t[i];
        uint32_t *swap = t;
        t = other;
        other = swap;
    }
    memcpy(other, t, n * sizeof *t); /* three passes end in the other array */
}

static krn_time percentile(const uint32_t *sorted, uint32_t n, unsigned percent, krn_time base)
{
    const uint64_t rank = ((uint64_t)n * percent + 99u) / 100u; /* 1-based, nearest rank */
    return base + sorted[rank > 0 ? rank - 1 : 0];
}

static krn_status sample_route(sampler *s, krn_route *route, uint32_t *t, uint32_t *other,
                               krn_time *out_arrivals)
{
    const uint32_t n = s->n_samples;
    const krn_time base = s->planning.base;
    assert(route->n_steps > 0 && route->steps[0].arrive >= base);
    const krn_time start = route->steps[0].arrive - base;
    for (uint32_t i = 0; i < n; i++)
        t[i] = (uint32_t)start;
    uint32_t shift = 0; /* constant steps since the last clock */
    for (uint32_t k = 0; k <= route->n_steps; k++) {
        uint32_t clock = KRN_PARETO_NO_CLOCK;
        const uint32_t activity = k < route->n_steps ? route->steps[k].activity.index : KRN_NO_ID;
        if (k < route->n_steps) {
            const krn_status st = krni_clock_of(&s->planning, &s->clocks, activity, 0, &clock);
            if (st)
                return st;
        }
        if (shift && (clock != KRN_PARETO_NO_CLOCK || k == route->n_steps)) {
            for (uint32_t i = 0; i < n; i++)
                t[i] += shift;
            shift = 0;
        }
        if (k == route->n_steps)
            break;
        if (clock != KRN_PARETO_NO_CLOCK)
            wait_for_clock(&s->clocks.clocks[clock], t, n);
        const krn_activity_cost *cost = &s->planning.costs[activity];
        if (is_constant(cost->duration) && is_constant(cost->wait)) {
            shift += (uint32_t)(krni_seconds(cost->duration.typical_h) +
                                krni_seconds(cost->wait.typical_h));
            continue;
        }
        const uint32_t *seconds = NULL;
        const krn_status st = draws_of(s, activity, &seconds);
        if (st)
            return st;
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t at = t[i] + seconds[i];
            t[i] = at < LATEST ? at : LATEST;
        }
    }
    const krn_plan_query *q = s->planning.query;
    const krn_time due = q->consignment.due != KRN_TIME_NONE ? q->consignment.due : q->arrive_by;
    uint32_t in_time = 0;
    for (uint32_t i = 0; i < n && due != KRN_TIME_NONE; i++)
        in_time += base + (krn_time)t[i] <= due;
    route->on_time_prob = due != KRN_TIME_NONE ? (double)in_time / n : NAN;
    for (uint32_t i = 0; i < n && out_arrivals; i++)
        out_arrivals[i] = base + (krn_time)t[i];
    sort_times(t, other, n);
    route->arrival_p10 = percentile(other, n, 10, base);
    route->arrival_p50 = percentile(other, n, 50, base);
    route->arrival_p90 = percentile(other, n, 90, base);
    return KRN_OK;
}

krn_status krni_sample_routes(const krni_planning *planning, krn_route *routes, uint32_t n,
                              krn_time *out_arrivals)
{
    const krn_plan_query *q = planning->query;
    sampler s = {.planning = *planning, .n_samples = q->samples ? q->samples : DEFAULT_SAMPLES};
    if (n == 0)
        return KRN_OK;
    if (s.n_samples > MOST_SAMPLES)
        return krni_fail(planning->err, KRN_E_ARG, "at most %u samples", MOST_SAMPLES);
    krn_time latest = routes[0].arrival;
    s.planning.backward = false;
    s.planning.base = routes[0].steps[0].arrive;
    for (uint32_t i = 0; i < n; i++) {
        if (routes[i].steps[0].arrive < s.planning.base)
            s.planning.base = routes[i].steps[0].arrive;
        if (routes[i].arrival > latest)
            latest = routes[i].arrival;
    }
    s.clocks.from = s.planning.base;
    s.clocks.to = latest + (krn_time)SPARE_DAYS * KRN_SECONDS_PER_DAY;
    krn_arena *arena = planning->scratch;
    uint32_t *t = krn_arena_alloc(arena, (size_t)s.n_samples * sizeof *t);
    uint32_t *other = krn_arena_alloc(arena, (size_t)s.n_samples * sizeof *other);
    s.z = krn_arena_alloc(arena, LAW_SIZE * sizeof *s.z);
    s.spare = krn_arena_alloc(arena, (size_t)s.n_samples * sizeof *s.spare);
    s.known = krn_arena_calloc(arena, planning->network->n_activities, sizeof *s.known);
    if (!t || !other || !s.z || !s.spare || !s.known)
        return krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < LAW_SIZE / 2; i++) {
        s.z[i] = (float)krn_normal_quantile(((double)i + 0.5) / LAW_SIZE);
        s.z[LAW_SIZE - 1 - i] = -s.z[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        const krn_status st = sample_route(
            &s, &routes[i], t, other, out_arrivals ? out_arrivals + (size_t)i * s.n_samples : NULL);
        if (st)
            return st;
    }
    return KRN_OK;
}
