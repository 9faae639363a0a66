/* SPDX-License-Identifier: Apache-2.0 */
/* route_paper.c - papers and sanctions facts of a route, and what its papers cost.
 *
 * Routes of one query differ in times and places more than in what is asked for: the price of
 * papers is kept by a hash of 64 bits of all that rules look at (points with gate, mode and
 * countries, and the nodes that some rule names). */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "model/route_draft.h"
#include "model/rule_book.h"

#define MOST_PRICES 1024u

krn_status krni_paper_memo_init(krni_paper_memo *memo, krn_arena *arena, krn_error *err)
{
    memo->n = 0;
    memo->arena = arena;
    memo->concerned = NULL;
    memo->rates = (krni_rate_memo){.arena = arena};
    memo->capacity = MOST_PRICES;
    memo->keys = krn_arena_alloc(arena, MOST_PRICES * sizeof *memo->keys);
    memo->usd = krn_arena_alloc(arena, MOST_PRICES * sizeof *memo->usd);
    if (!memo->keys || !memo->usd)
        return krni_fail_memory(err);
    return KRN_OK;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static uint64_t key_of(const krni_draft *draft)
{
    uint64_t hash = 0x243f6a8885a308d3u;
    for (uint32_t i = 0; i < draft->n_points; i++) {
        const krn_rule_point *point = &draft->points[i];
        hash = mix(hash, (uint64_t)point->gate << 40 | (uint64_t)point->mode << 32 |
                             (uint64_t)point->country << 16 | point->other);
        hash = mix(hash, draft->network->rules->names_node[point->node] ? point->node + 1u : 0u);
    }
    for (uint32_t i = 0; i < draft->n_nodes; i++)
        if (draft->network->rules->names_node[draft->nodes[i]])
            hash = mix(hash, (uint64_t)draft->nodes[i] << 1 | 1u);
    for (uint32_t i = 0; i < draft->n_countries; i++)
        hash = mix(hash, draft->countries[i]);
    return hash;
}

/* Sum of what required papers cost, in the order of the list. */
static double price_of(const krn_paper_list *list)
{
    double usd = 0.0;
    for (uint32_t i = 0; i < list->n_papers; i++)
        if (!list->papers[i].optional && list->papers[i].cost_usd > 0.0)
            usd += list->papers[i].cost_usd;
    return usd;
}

krn_status krni_route_papers(krni_draft *draft)
{
    krn_route *route = draft->route;
    krni_paper_memo *memo = draft->memo;
    const uint64_t key = memo ? key_of(draft) : 0;
    for (uint32_t i = 0; memo && i < memo->n; i++)
        if (memo->keys[i] == key) {
            draft->paper_usd = memo->usd[i];
            return KRN_OK;
        }
    krn_consignment asked = *draft->consignment;
    asked.ready = draft->papers_from;
    krn_rule_case question = {
        .consignment = &asked,
        .load = draft->load,
        .origin = draft->origin_country,
        .destination = draft->destination_country,
        .day = draft->day,
        .countries = draft->countries,
        .n_countries = draft->n_countries,
        .nodes = draft->nodes,
        .n_nodes = draft->n_nodes,
    };
    const krn_rule_book *book = draft->network->rules;
    krn_status st = KRN_OK;
    if (memo && !memo->concerned)
        st = krni_rule_concerned(book, &question, memo->arena, &memo->concerned, draft->err);
    if (st)
        return st;
    question.concerned = memo ? memo->concerned : NULL;
    unsigned modes = 0;
    for (uint32_t i = 0; i < draft->n_legs; i++)
        modes |= 1u << draft->legs[i].mode;
    st = krn_rule_papers(book, &question, draft->points, draft->n_points, draft->arena,
                         &route->papers, draft->err);
    if (st)
        return st;
    draft->paper_usd = price_of(&route->papers);
    if (memo) {
        if (memo->n < memo->capacity) {
            memo->keys[memo->n] = key;
            memo->usd[memo->n++] = draft->paper_usd;
        }
        return KRN_OK;
    }
    uint32_t *rows = NULL;
    st = krn_rule_sanctions(book, &question, modes, draft->arena, &route->n_sanctions, &rows,
                            draft->err);
    route->sanctions = rows;
    for (uint32_t i = 0; i < route->papers.n_papers; i++)
        if (!route->papers.papers[i].optional)
            route->quality = krn_quality_weakest(route->quality, route->papers.papers[i].quality);
    return st;
}
