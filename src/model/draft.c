/* SPDX-License-Identifier: Apache-2.0 */
/* draft.c - the lists of a network under construction and what its makers look up: gauges, links
 * by node, sides of nodes, rows by id, spreads.
 *
 *   node_ends[A] -> { link 1 } -> { link 7 } -> none      links that touch A, lower ids first
 */
#include "model/draft.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

krn_status krni_row_fault(const krn_package *package, krn_table table, uint32_t row, int column,
                          const char *expected, krn_error *err)
{
    return krni_fail(err, KRN_E_DATA, "%s:%u: %s: \"%s\": %s",
                     krn_package_row_file(package, table, row),
                     (unsigned)krn_package_row_line(package, table, row),
                     krn_package_column_name(package, table, (uint32_t)column),
                     krni_text(package, table, row, column), expected);
}

krn_mode krni_mode_parse(const char *text)
{
    for (krn_mode mode = KRN_RAIL; mode < KRN_MODE_COUNT; mode++)
        if (strcmp(text, krn_mode_name(mode)) == 0)
            return mode;
    return KRN_MODE_COUNT;
}

krn_duration krni_draft_triplet(const krn_package *package, krn_table table, uint32_t row, int low)
{
    const double typical_h = krni_number_or(package, table, row, low + 1, 0.0);
    return (krn_duration){krni_number_or(package, table, row, low, typical_h), typical_h,
                          krni_number_or(package, table, row, low + 2, typical_h)};
}

uint16_t krni_draft_class(const krn_package *package, krn_table table, uint32_t row, int column)
{
    const uint32_t class_row = krni_ref(package, table, row, column);
    return (uint16_t)(class_row == KRN_NO_ROW ? 0u : 1u << class_row);
}

int krni_draft_gauge(const krni_network_draft *draft, int mm)
{
    for (uint32_t g = 0; g < draft->n_gauges; g++)
        if (draft->gauge_mm[g] == mm)
            return (int)g;
    return -1;
}

uint32_t krn_network_spread_row(const krn_package *p, krn_mode mode, krn_country country)
{
    const uint32_t n = krn_package_rows(p, KRN_TABLE_SPREAD);
    const uint32_t *order = p->tables[KRN_TABLE_SPREAD].by_key;
    uint32_t best = KRN_NO_ROW;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t row = order[i];
        if (krni_mode_parse(krni_text(p, KRN_TABLE_SPREAD, row, SPREAD_MODE)) != mode)
            continue;
        const krn_country here =
            krn_country_parse(krni_text(p, KRN_TABLE_SPREAD, row, SPREAD_COUNTRY));
        if (here && here == country)
            return row;
        if (!here && best == KRN_NO_ROW)
            best = row;
    }
    return best;
}

krn_duration krni_draft_spread(const krni_network_draft *draft, krn_mode mode, krn_country country,
                               double typical_h)
{
    const krn_package *p = draft->package;
    const uint32_t row = krn_network_spread_row(p, mode, country);
    if (row == KRN_NO_ROW)
        return (krn_duration){typical_h, typical_h, typical_h};
    return (krn_duration){
        typical_h * krni_number_or(p, KRN_TABLE_SPREAD, row, SPREAD_LOW_FACTOR, 1.0), typical_h,
        typical_h * krni_number_or(p, KRN_TABLE_SPREAD, row, SPREAD_HIGH_FACTOR, 1.0)};
}

krn_duration krni_draft_running(const krni_network_draft *draft, krn_mode mode, krn_country country,
                                double free_h)
{
    const uint32_t row = krn_network_spread_row(draft->package, mode, country);
    const double factor = row == KRN_NO_ROW ? 1.0
                                            : krni_number_or(draft->package, KRN_TABLE_SPREAD, row,
                                                             SPREAD_TYPICAL_FACTOR, 1.0);
    return krni_draft_spread(draft, mode, country, free_h * factor);
}

const uint32_t *krni_draft_order(const krni_network_draft *draft, krn_table table)
{
    return draft->package->tables[table].by_key;
}

krni_draft_activity krni_draft_blank(krn_activity_kind kind, krn_mode mode)
{
    krni_draft_activity activity;
    memset(&activity, 0, sizeof activity);
    activity.kind = (uint8_t)kind;
    activity.mode = (uint8_t)mode;
    activity.passable = 1;
    activity.gauge = -1;
    activity.from = activity.to = KRN_NO_ID;
    activity.law_table = KRN_TABLE_COUNT;
    activity.law_row = activity.link = activity.trip = activity.calendar = KRN_NO_ROW;
    return activity;
}

/* Makes room for one more entry; doubles. */
static krn_status grow(void **list, uint32_t n, uint32_t *capacity, size_t size, krn_error *err)
{
    if (n < *capacity)
        return KRN_OK;
    if (n >= UINT32_MAX / 4)
        return krni_fail(err, KRN_E_LIMIT, "a network has at most %u states or activities",
                         UINT32_MAX / 4);
    const uint32_t wanted = *capacity ? *capacity * 2 : 1024;
    void *larger = realloc(*list, (size_t)wanted * size);
    if (!larger)
        return krni_fail_memory(err);
    *list = larger;
    *capacity = wanted;
    return KRN_OK;
}

krn_status krni_draft_new_state(krni_network_draft *draft, const krni_draft_state *state,
                                uint32_t *out, krn_error *err)
{
    void *list = draft->states;
    const krn_status st =
        grow(&list, draft->n_states, &draft->states_capacity, sizeof *draft->states, err);
    draft->states = list;
    if (st)
        return st;
    draft->states[draft->n_states] = *state;
    *out = draft->n_states++;
    return KRN_OK;
}

krn_status krni_draft_side(krni_network_draft *draft, uint32_t node, krn_side side, uint32_t *out,
                           krn_error *err)
{
    assert(node < draft->n_nodes && side < KRNI_SIDES);
    uint32_t *at = &draft->node_state[(size_t)node * KRNI_SIDES + side];
    if (*at == KRN_NO_ID) {
        const krni_draft_state state = {.node = node,
                                        .link = KRN_NO_ROW,
                                        .trip = KRN_NO_ROW,
                                        .call = KRN_NO_ROW,
                                        .stop = KRN_NO_ROW,
                                        .side = (uint8_t)side};
        const krn_status st = krni_draft_new_state(draft, &state, at, err);
        if (st)
            return st;
    }
    *out = *at;
    return KRN_OK;
}

krn_status krni_draft_add(krni_network_draft *draft, const krni_draft_activity *activity,
                          krn_error *err)
{
    assert(activity->from < draft->n_states && activity->to < draft->n_states);
    assert(activity->cargo_mask && !(activity->cargo_mask & ~draft->all_classes));
    if (!krn_duration_valid(activity->duration) || !krn_duration_valid(activity->wait))
        return krni_row_fault(draft->package, (krn_table)activity->law_table, activity->law_row, 0,
                              "expected a time with 0 <= low <= typical <= high, typical > 0 where "
                              "high > 0",
                              err);
    void *list = draft->activities;
    const krn_status st = grow(&list, draft->n_activities, &draft->activities_capacity,
                               sizeof *draft->activities, err);
    draft->activities = list;
    if (st)
        return st;
    draft->activities[draft->n_activities++] = *activity;
    return KRN_OK;
}

static krn_status rank_rows(krni_network_draft *draft, krn_table table, krn_error *err)
{
    const uint32_t n = krn_package_rows(draft->package, table);
    const uint32_t *order = krni_draft_order(draft, table);
    assert(order || n == 0);
    uint32_t *rank = krn_arena_alloc(draft->arena, n * sizeof *rank);
    if (!rank)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        rank[order[i]] = i;
    draft->rank[table] = rank;
    return KRN_OK;
}

/* Adds the gauges of one list to those of the package, ascending; the mask of the list is made
 * later, when all are known. */
static krn_status collect_gauges(krni_network_draft *draft, uint32_t row, krn_error *err)
{
    const char *at = krni_text(draft->package, KRN_TABLE_LINK, row, LINK_GAUGE_MM);
    const char *item;
    size_t length;
    while ((item = krni_list_next(&at, &length))) {
        char *end;
        const long mm = strtol(item, &end, 10);
        if (end != item + length || mm < 1 || mm > 10000)
            return krni_row_fault(draft->package, KRN_TABLE_LINK, row, LINK_GAUGE_MM,
                                  "expected gauges in mm", err);
        if (krni_draft_gauge(draft, (int)mm) >= 0)
            continue;
        if (draft->n_gauges == KRN_MAX_GAUGES)
            return krni_row_fault(draft->package, KRN_TABLE_LINK, row, LINK_GAUGE_MM,
                                  "a package has at most 4 different gauges", err);
        uint32_t place = draft->n_gauges++;
        for (; place > 0 && draft->gauge_mm[place - 1] > mm; place--)
            draft->gauge_mm[place] = draft->gauge_mm[place - 1];
        draft->gauge_mm[place] = (int32_t)mm;
    }
    return KRN_OK;
}

static uint8_t gauge_mask(const krni_network_draft *draft, const char *list)
{
    unsigned mask = 0;
    const char *item;
    size_t length;
    while ((item = krni_list_next(&list, &length)))
        mask |= 1u << krni_draft_gauge(draft, (int)strtol(item, NULL, 10));
    return (uint8_t)mask;
}

/* "KZ" or "KZ;TM": first and last country. */
static void read_countries(const char *list, krn_country *out_from, krn_country *out_to)
{
    const char *item;
    size_t length;
    *out_from = *out_to = 0;
    while ((item = krni_list_next(&list, &length))) {
        const char letters[3] = {item[0], length > 1 ? item[1] : '\0', '\0'};
        *out_to = krn_country_parse(letters);
        if (!*out_from)
            *out_from = *out_to;
    }
}

static krn_status read_link(krni_network_draft *draft, uint32_t row, krn_error *err)
{
    const krn_package *p = draft->package;
    krni_draft_link *link = &draft->links[row];
    link->from = krni_ref(p, KRN_TABLE_LINK, row, LINK_FROM_NODE_ID);
    link->to = krni_ref(p, KRN_TABLE_LINK, row, LINK_TO_NODE_ID);
    link->mode = krni_mode_parse(krni_text(p, KRN_TABLE_LINK, row, LINK_MODE));
    link->directed = krni_number_or(p, KRN_TABLE_LINK, row, LINK_DIRECTED, 0.0) > 0.5;
    link->in_service = strcmp(krni_text(p, KRN_TABLE_LINK, row, LINK_STATUS), "in_service") == 0;
    link->electrified = krni_number_or(p, KRN_TABLE_LINK, row, LINK_ELECTRIFIED, 0.0) > 0.5;
    link->length_km = krni_number(p, KRN_TABLE_LINK, row, LINK_LENGTH);
    const double speed_kmh = krni_number(p, KRN_TABLE_LINK, row, LINK_FREE_SPEED);
    link->run_h = speed_kmh > 0.0 ? link->length_km / speed_kmh : NAN;
    if (link->from == KRN_NO_ROW)
        return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_FROM_NODE_ID, "expected a node", err);
    if (link->to == KRN_NO_ROW || link->to == link->from)
        return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_TO_NODE_ID, "expected another node",
                              err);
    if (link->mode == KRN_MODE_COUNT)
        return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_MODE, "expected rail, road or sea", err);
    if (!(link->length_km >= 0.0))
        return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_LENGTH, "expected a length in km", err);
    if (link->mode == KRN_RAIL) {
        link->gauges = gauge_mask(draft, krni_text(p, KRN_TABLE_LINK, row, LINK_GAUGE_MM));
        if (!link->gauges)
            return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_GAUGE_MM,
                                  "expected the gauges of a railway", err);
    }
    if (link->mode != KRN_SEA) {
        read_countries(krni_text(p, KRN_TABLE_LINK, row, LINK_COUNTRY), &link->from_country,
                       &link->to_country);
        if (isnan(link->run_h))
            return krni_row_fault(p, KRN_TABLE_LINK, row, LINK_FREE_SPEED,
                                  "expected a speed in km/h for a land link", err);
    }
    return KRN_OK;
}

/* Puts the link into the lists of its ends and notes the sides that it gives them. */
static void join_link(krni_network_draft *draft, uint32_t row)
{
    const krni_draft_link *link = &draft->links[row];
    unsigned sides = 0;
    if (link->mode == KRN_RAIL)
        sides = (unsigned)link->gauges << KRN_SIDE_RAIL;
    else if (link->mode == KRN_ROAD)
        sides = 1u << KRN_SIDE_ROAD;
    else
        sides = 1u << KRN_SIDE_QUAY_OUT | 1u << KRN_SIDE_QUAY_IN;
    const uint32_t nodes[2] = {link->from, link->to};
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t end = 2 * row + i;
        draft->ends[end] = (krni_link_end){row, draft->node_ends[nodes[i]]};
        draft->node_ends[nodes[i]] = end;
        draft->node_sides[nodes[i]] |= (uint8_t)sides;
    }
}

/* rows of a table by the row that a column refers to: first[] and next[], lower ids first. */
static krn_status chain_rows(krni_network_draft *draft, krn_table table, int column,
                             uint32_t n_heads, uint32_t **out_first, uint32_t **out_next,
                             krn_error *err)
{
    const uint32_t n = krn_package_rows(draft->package, table);
    const uint32_t *order = krni_draft_order(draft, table);
    uint32_t *first = krn_arena_alloc(draft->arena, n_heads * sizeof *first);
    uint32_t *next = krn_arena_alloc(draft->arena, n * sizeof *next);
    if (!first || !next)
        return krni_fail_memory(err);
    memset(first, 0xff, n_heads * sizeof *first);
    for (uint32_t i = n; i-- > 0;) {
        const uint32_t head = krni_ref(draft->package, table, order[i], column);
        if (head >= n_heads)
            return krni_row_fault(draft->package, table, order[i], column, "expected a known id",
                                  err);
        next[order[i]] = first[head];
        first[head] = order[i];
    }
    *out_first = first;
    *out_next = next;
    return KRN_OK;
}

static krn_status read_links(krni_network_draft *draft, krn_error *err)
{
    const uint32_t n = draft->n_links;
    const uint32_t *order = krni_draft_order(draft, KRN_TABLE_LINK);
    draft->links = krn_arena_calloc(draft->arena, n, sizeof *draft->links);
    draft->ends = krn_arena_calloc(draft->arena, n, 2 * sizeof *draft->ends);
    draft->node_ends = krn_arena_alloc(draft->arena, draft->n_nodes * sizeof *draft->node_ends);
    draft->node_sides = krn_arena_calloc(draft->arena, draft->n_nodes, 1);
    draft->node_state =
        krn_arena_alloc(draft->arena, (size_t)draft->n_nodes * KRNI_SIDES * sizeof(uint32_t));
    if (!draft->links || !draft->ends || !draft->node_ends || !draft->node_sides ||
        !draft->node_state)
        return krni_fail_memory(err);
    memset(draft->node_ends, 0xff, draft->n_nodes * sizeof *draft->node_ends);
    memset(draft->node_state, 0xff, (size_t)draft->n_nodes * KRNI_SIDES * sizeof(uint32_t));
    memset(draft->node_sides, 1u << KRN_SIDE_REST, draft->n_nodes);
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < n && !st; i++)
        st = collect_gauges(draft, order[i], err);
    for (uint32_t i = 0; i < n && !st; i++)
        st = read_link(draft, order[i], err);
    for (uint32_t i = n; i-- > 0 && !st;)
        join_link(draft, order[i]);
    return st;
}

krn_status krni_draft_open(krni_network_draft *draft, const krn_package *package, krn_error *err)
{
    static const krn_table ranked[] = {
        KRN_TABLE_NODE,         KRN_TABLE_LINK,      KRN_TABLE_TRIP, KRN_TABLE_BORDER,
        KRN_TABLE_GAUGE_CHANGE, KRN_TABLE_OPERATION, KRN_TABLE_PORT};
    memset(draft, 0, sizeof *draft);
    draft->package = package;
    draft->n_nodes = krn_package_rows(package, KRN_TABLE_NODE);
    draft->n_links = krn_package_rows(package, KRN_TABLE_LINK);
    const uint32_t n_classes = krn_package_rows(package, KRN_TABLE_CARGO_CLASS);
    if (n_classes > KRN_MAX_CARGO_CLASSES)
        return krni_row_fault(package, KRN_TABLE_CARGO_CLASS, KRN_MAX_CARGO_CLASSES, 0,
                              "a package has at most 16 cargo classes", err);
    draft->all_classes = (uint16_t)((1ul << n_classes) - 1);
    draft->arena = krn_arena_new(NULL, 0);
    if (!draft->arena)
        return krni_fail_memory(err);
    krn_status st = KRN_OK;
    for (size_t i = 0; i < sizeof ranked / sizeof ranked[0] && !st; i++)
        st = rank_rows(draft, ranked[i], err);
    if (!st)
        st = read_links(draft, err);
    if (!st)
        st = chain_rows(draft, KRN_TABLE_BORDER, BORDER_LINK_ID, draft->n_links,
                        &draft->border_of_link, &draft->next_border, err);
    if (!st)
        st = chain_rows(draft, KRN_TABLE_GAUGE_CHANGE, GAUGE_CHANGE_NODE_ID, draft->n_nodes,
                        &draft->change_at_node, &draft->next_change, err);
    return st;
}

void krni_draft_close(krni_network_draft *draft)
{
    free(draft->states);
    free(draft->activities);
    krn_arena_free(draft->arena);
    memset(draft, 0, sizeof *draft);
}
