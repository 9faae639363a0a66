/* SPDX-License-Identifier: Apache-2.0 */
/* queue_rivals.c - see the header. Entries lie in a pool; lists are chains of 32-bit indices. */
#include "queue_rivals.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NIL UINT32_MAX

typedef struct node {
    krni_entry entry;
    uint32_t next;
} node;

typedef struct pool {
    node *nodes;
    uint32_t free;
} pool;

static bool pool_open(pool *p, size_t most)
{
    p->nodes = malloc((most + 1) * sizeof *p->nodes);
    if (!p->nodes)
        return false;
    for (size_t i = 0; i <= most; i++)
        p->nodes[i].next = i < most ? (uint32_t)i + 1 : NIL;
    p->free = 0;
    return true;
}

static uint32_t pool_take(pool *p, krni_entry entry)
{
    const uint32_t at = p->free;
    assert(at != NIL);
    p->free = p->nodes[at].next;
    p->nodes[at].entry = entry;
    return at;
}

static krni_entry pool_give(pool *p, uint32_t at)
{
    p->nodes[at].next = p->free;
    p->free = at;
    return p->nodes[at].entry;
}

/* Into a list in ascending order. */
static void insert(pool *p, uint32_t *head, uint32_t at)
{
    while (*head != NIL && krni_entry_before(p->nodes[*head].entry, p->nodes[at].entry))
        head = &p->nodes[*head].next;
    p->nodes[at].next = *head;
    *head = at;
}

/* ---- calendar queue ---- */

#define SAMPLE 25u /* entries by which the width of a day is guessed */

struct calendar_queue {
    pool pool;
    uint32_t *days;
    size_t n_days, count;
    double width;
    uint64_t today; /* number of the day, not taken by the year */
};

static void file(calendar_queue *q, uint32_t at)
{
    const uint64_t day = (uint64_t)(q->pool.nodes[at].entry.time / q->width);
    if (day < q->today)
        q->today = day;
    insert(&q->pool, &q->days[day & (q->n_days - 1)], at);
}

calendar_queue *calendar_queue_new(size_t most)
{
    calendar_queue *q = calloc(1, sizeof *q);
    if (!q || !pool_open(&q->pool, most)) {
        free(q);
        return NULL;
    }
    q->n_days = 2;
    q->width = 1.0;
    q->days = malloc(q->n_days * sizeof *q->days);
    if (q->days)
        memset(q->days, 0xff, q->n_days * sizeof *q->days);
    return q;
}

void calendar_queue_free(calendar_queue *q)
{
    if (!q)
        return;
    free(q->days);
    free(q->pool.nodes);
    free(q);
}

static uint32_t take_first(calendar_queue *q)
{
    for (size_t looked = 0; looked < q->n_days; looked++, q->today++) {
        uint32_t *head = &q->days[q->today & (q->n_days - 1)];
        if (*head == NIL || (uint64_t)(q->pool.nodes[*head].entry.time / q->width) != q->today)
            continue;
        const uint32_t at = *head;
        *head = q->pool.nodes[at].next;
        return at;
    }
    uint32_t best = NIL; /* nothing in a whole year: look for the least */
    for (size_t day = 0; day < q->n_days; day++) {
        const uint32_t at = q->days[day];
        if (at != NIL &&
            (best == NIL || krni_entry_before(q->pool.nodes[at].entry, q->pool.nodes[best].entry)))
            best = at;
    }
    assert(best != NIL);
    q->today = (uint64_t)(q->pool.nodes[best].entry.time / q->width);
    q->days[q->today & (q->n_days - 1)] = q->pool.nodes[best].next;
    return best;
}

/* Twice the days, of three times the mean distance of the first entries. */
static bool lengthen(calendar_queue *q)
{
    uint32_t sample[SAMPLE] = {0};
    const size_t n = q->count < SAMPLE ? q->count : SAMPLE;
    for (size_t i = 0; i < n; i++)
        sample[i] = take_first(q);
    const double span =
        q->pool.nodes[sample[n - 1]].entry.time - q->pool.nodes[sample[0]].entry.time;
    for (size_t i = 0; i < n; i++)
        file(q, sample[i]);
    uint32_t *old = q->days;
    const size_t n_old = q->n_days;
    q->days = malloc(2 * n_old * sizeof *q->days);
    if (!q->days) {
        q->days = old;
        return false;
    }
    q->n_days = 2 * n_old;
    memset(q->days, 0xff, q->n_days * sizeof *q->days);
    q->width = span > 0.0 ? 3.0 * span / (double)(n - 1) : q->width;
    q->today = UINT64_MAX;
    for (size_t day = 0; day < n_old; day++)
        for (uint32_t at = old[day]; at != NIL;) {
            const uint32_t next = q->pool.nodes[at].next;
            file(q, at);
            at = next;
        }
    free(old);
    return true;
}

bool calendar_queue_push(calendar_queue *q, krni_entry entry)
{
    if (!q->days || (q->count > 2 * q->n_days && !lengthen(q)))
        return false;
    file(q, pool_take(&q->pool, entry));
    q->count++;
    return true;
}

krni_entry calendar_queue_pop(calendar_queue *q)
{
    q->count--;
    return pool_give(&q->pool, take_first(q));
}

/* ---- ladder queue ---- */

#define MOST_RUNGS 8u
#define CROWD      50u /* a bucket of more becomes a rung */

typedef struct rung {
    uint32_t *heads;
    uint32_t *counts;
    size_t n, at, capacity;
    double start, width;
} rung;

struct ladder_queue {
    pool pool;
    uint32_t top, bottom;
    size_t n_top;
    double top_least, top_most, top_start;
    rung rungs[MOST_RUNGS];
    unsigned n_rungs;
};

ladder_queue *ladder_queue_new(size_t most)
{
    ladder_queue *q = calloc(1, sizeof *q);
    if (!q || !pool_open(&q->pool, most)) {
        free(q);
        return NULL;
    }
    q->top = q->bottom = NIL;
    return q;
}

void ladder_queue_free(ladder_queue *q)
{
    if (!q)
        return;
    for (unsigned i = 0; i < MOST_RUNGS; i++) {
        free(q->rungs[i].heads);
        free(q->rungs[i].counts);
    }
    free(q->pool.nodes);
    free(q);
}

static size_t bucket_of(const rung *r, double time)
{
    const double at = (time - r->start) / r->width;
    return at >= (double)(r->n - 1) ? r->n - 1 : at > 0.0 ? (size_t)at : 0;
}

static void put(pool *p, rung *r, uint32_t at)
{
    size_t bucket = bucket_of(r, p->nodes[at].entry.time);
    bucket = bucket < r->at ? r->at : bucket;
    p->nodes[at].next = r->heads[bucket];
    r->heads[bucket] = at;
    r->counts[bucket]++;
}

/* A list becomes a rung of as many buckets as it has entries. */
static bool spawn(ladder_queue *q, uint32_t list, size_t n, double start, double width)
{
    rung *r = &q->rungs[q->n_rungs];
    if (r->capacity < n + 1) {
        free(r->heads);
        free(r->counts);
        r->capacity = n + 1;
        r->heads = malloc(r->capacity * sizeof *r->heads);
        r->counts = malloc(r->capacity * sizeof *r->counts);
        if (!r->heads || !r->counts)
            return false;
    }
    q->n_rungs++;
    r->n = n + 1;
    r->at = 0;
    r->start = start;
    r->width = width;
    memset(r->heads, 0xff, r->n * sizeof *r->heads);
    memset(r->counts, 0, r->n * sizeof *r->counts);
    while (list != NIL) {
        const uint32_t next = q->pool.nodes[list].next;
        put(&q->pool, r, list);
        list = next;
    }
    return true;
}

bool ladder_queue_push(ladder_queue *q, krni_entry entry)
{
    const uint32_t at = pool_take(&q->pool, entry);
    if (entry.time >= q->top_start) {
        q->top_least = q->n_top ? fmin(q->top_least, entry.time) : entry.time;
        q->top_most = q->n_top ? fmax(q->top_most, entry.time) : entry.time;
        q->pool.nodes[at].next = q->top;
        q->top = at;
        q->n_top++;
        return true;
    }
    for (unsigned i = 0; i < q->n_rungs; i++) {
        rung *r = &q->rungs[i];
        if (entry.time >= r->start + (double)r->at * r->width) {
            put(&q->pool, r, at);
            return true;
        }
    }
    insert(&q->pool, &q->bottom, at);
    return true;
}

/* Fills the bottom from the next bucket that is not empty; buckets that are crowded are parted. */
static bool refill(ladder_queue *q)
{
    for (;;) {
        if (q->n_rungs == 0) {
            const double range = q->top_most - q->top_least;
            const uint32_t list = q->top;
            const size_t n = q->n_top;
            q->top = NIL;
            q->n_top = 0;
            q->top_start = q->top_most;
            if (!spawn(q, list, n, q->top_least, range > 0.0 ? range / (double)n : 1.0))
                return false;
        }
        rung *r = &q->rungs[q->n_rungs - 1];
        while (r->at < r->n && r->heads[r->at] == NIL)
            r->at++;
        if (r->at == r->n) {
            q->n_rungs--;
            continue;
        }
        const uint32_t list = r->heads[r->at];
        const size_t count = r->counts[r->at];
        const double start = r->start + (double)r->at * r->width;
        r->heads[r->at] = NIL;
        r->counts[r->at++] = 0;
        if (count > CROWD && q->n_rungs < MOST_RUNGS) {
            if (!spawn(q, list, count, start, r->width / (double)count))
                return false;
            continue;
        }
        for (uint32_t at = list; at != NIL;) {
            const uint32_t next = q->pool.nodes[at].next;
            insert(&q->pool, &q->bottom, at);
            at = next;
        }
        return true;
    }
}

krni_entry ladder_queue_pop(ladder_queue *q)
{
    if (q->bottom == NIL && !refill(q))
        return (krni_entry){NAN, 0};
    const uint32_t at = q->bottom;
    q->bottom = q->pool.nodes[at].next;
    return pool_give(&q->pool, at);
}
