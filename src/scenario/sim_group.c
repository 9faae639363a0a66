/* SPDX-License-Identifier: Apache-2.0 */
/* sim_group.c - what lots are counted by: relation (country to country) and way in words.
 *
 *     KZ -> IR   rail by Bolashak + Akyayla      54 %      a group
 *                rail by Saryagash + ...         31 %      a group
 *                sea Aktau - Amirabad             1 %  \
 *                road by Temir-Baba + ...       0.4 %  /   "other ways", one group
 *
 * A way of less than a fiftieth of its relation's planned tonnes is small; one small way alone
 * keeps its name, and so do all where lots choose by the queues they meet. Order: relations by
 * tonnes, then countries; ways by tonnes, then words. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "scenario/sim_asking.h"

#define SMALL_SHARE 0.02 /* of a relation */

static const char other_ways[] = "other ways";

typedef struct tally {
    krn_country from, to;
    const char *words;
    double planned_t; /* with a demand of one: decides what is small */
    double year_t, weighted_h;
    double relation_t;
    uint32_t n_streams; /* ways of streams in it */
    uint32_t number;    /* as first met */
    bool small;
} tally;

static int by_name(const tally *a, const tally *b)
{
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return 0;
}

static int compare_names(const void *pa, const void *pb)
{
    const tally *a = pa, *b = pb;
    const int names = by_name(a, b);
    if (names)
        return names;
    const int words = strcmp(a->words, b->words);
    return words ? words : (a->number > b->number) - (a->number < b->number);
}

static int compare_shown(const void *pa, const void *pb)
{
    const tally *a = pa, *b = pb;
    if (a->relation_t != b->relation_t)
        return a->relation_t > b->relation_t ? -1 : 1;
    const int names = by_name(a, b);
    if (names)
        return names;
    if (a->small != b->small)
        return a->small ? 1 : -1;
    if (a->planned_t != b->planned_t)
        return a->planned_t > b->planned_t ? -1 : 1;
    return strcmp(a->words, b->words);
}

/* One tally a way of a stream, then equal ones joined; where[number] is the place of each. */
static uint32_t join_equal(tally *tallies, uint32_t n, uint32_t *where)
{
    uint32_t kept = 0;
    qsort(tallies, n, sizeof *tallies, compare_names);
    for (uint32_t i = 0; i < n; i++) {
        tally *last = kept ? &tallies[kept - 1] : NULL;
        const tally one = tallies[i];
        if (last && by_name(last, &one) == 0 && strcmp(last->words, one.words) == 0) {
            last->planned_t += one.planned_t;
            last->year_t += one.year_t;
            last->weighted_h += one.weighted_h;
            last->n_streams++;
        } else
            tallies[kept++] = one;
        where[one.number] = kept - 1;
    }
    return kept;
}

/* Sums of relations; which ways are small. Tallies stand by relation. */
static void find_small(tally *tallies, uint32_t n, double small_share)
{
    for (uint32_t i = 0, end; i < n; i = end) {
        double relation_t = 0;
        uint32_t n_small = 0;
        for (end = i; end < n && by_name(&tallies[i], &tallies[end]) == 0; end++)
            relation_t += tallies[end].planned_t;
        for (uint32_t k = i; k < end; k++) {
            tallies[k].relation_t = relation_t;
            tallies[k].small = tallies[k].planned_t < small_share * relation_t || relation_t == 0;
            n_small += tallies[k].small;
        }
        for (uint32_t k = i; k < end && n_small == 1; k++)
            tallies[k].small = false;
    }
}

/* Groups in the order that they are shown in; group_of[place of a tally]. */
static uint32_t lay_out(const tally *tallies, uint32_t n, const tally *shown, uint32_t *group_of,
                        double *weights, krn_sim_group *groups)
{
    uint32_t n_groups = 0;
    for (uint32_t i = 0; i < n; i++) {
        const tally *t = &shown[i];
        const bool joins = t->small && n_groups && groups[n_groups - 1].from == t->from &&
                           groups[n_groups - 1].to == t->to &&
                           groups[n_groups - 1].way == other_ways;
        if (!joins)
            groups[n_groups++] = (krn_sim_group){
                .from = t->from, .to = t->to, .way = t->small ? other_ways : t->words};
        krn_sim_group *g = &groups[n_groups - 1];
        g->n_ways++;
        g->planned_t += t->year_t;
        weights[n_groups - 1] += t->planned_t;
        g->free_flow_h += t->weighted_h;
        for (uint32_t k = 0; k < n; k++)
            if (tallies[k].number == t->number)
                group_of[k] = n_groups - 1;
    }
    for (uint32_t g = 0; g < n_groups; g++)
        groups[g].free_flow_h = weights[g] > 0 ? groups[g].free_flow_h / weights[g] : 0;
    return n_groups;
}

krn_status krni_sim_group(krni_asked_row *rows, uint32_t n_rows, krn_arena *arena,
                          krn_sim_setup *setup, krn_error *err)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < n_rows; r++)
        n += rows[r].n_ways;
    tally *tallies = krn_arena_calloc(arena, n + 1u, sizeof *tallies),
          *shown = krn_arena_calloc(arena, n + 1u, sizeof *shown);
    uint32_t *where = krn_arena_calloc(arena, n + 1u, sizeof *where),
             *group_of = krn_arena_calloc(arena, n + 1u, sizeof *group_of);
    krn_sim_group *groups = krn_arena_calloc(arena, n + 1u, sizeof *groups);
    double *weights = krn_arena_calloc(arena, n + 1u, sizeof *weights);
    if (!tallies || !shown || !where || !group_of || !groups || !weights)
        return krni_fail_memory(err);
    uint32_t number = 0;
    for (uint32_t r = 0; r < n_rows; r++)
        for (uint32_t w = 0; w < rows[r].n_ways; w++, number++) {
            const krni_asked_way *way = &rows[r].ways[w];
            tallies[number] = (tally){.from = rows[r].from,
                                      .to = rows[r].to,
                                      .words = way->words,
                                      .planned_t = way->weight_t,
                                      .year_t = way->year_t,
                                      .weighted_h = way->weight_t * way->expected_h,
                                      .n_streams = 1,
                                      .number = number};
        }
    assert(number == n);
    const uint32_t kept = join_equal(tallies, n, where);
    find_small(tallies, kept, setup->input.routing == KRN_ROUTING_ADAPTIVE ? 0 : SMALL_SHARE);
    if (kept) {
        memcpy(shown, tallies, kept * sizeof *shown);
        qsort(shown, kept, sizeof *shown, compare_shown);
    }
    setup->groups = groups;
    setup->n_groups = lay_out(tallies, kept, shown, group_of, weights, groups);
    setup->n_ways = n;
    number = 0;
    for (uint32_t r = 0; r < n_rows; r++)
        for (uint32_t w = 0; w < rows[r].n_ways; w++)
            rows[r].ways[w].way.group = group_of[where[number++]];
    return KRN_OK;
}
