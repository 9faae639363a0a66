/* SPDX-License-Identifier: Apache-2.0 */
/* transfer.c - the operations of a place as activities between its sides.
 *
 *      rest <----> rail (each gauge)        sea, as the side that cargo takes:  quay before a
 * voyage rest <----> road                     sea, as the side that cargo leaves: quay after a
 * voyage rail -----> quay out,  quay in -----> rail, rest, road
 *
 * A side exists where a link of its mode touches the node; rest exists everywhere. Rows of the
 * place itself win over default rows (those that apply to its kind), for each pair of sides and
 * each cargo class; among rows of the same rank a row for a class wins over a row for any. Several
 * rows that are left (two terminals of a port) are alternatives, one activity each. The goods are
 * lifted once by every transfer: one handling. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "model/draft.h"

typedef enum side_word { REST, RAIL, ROAD, SEA, N_WORDS } side_word;

#define N_PAIRS ((uint32_t)N_WORDS * N_WORDS) /* from and to */

/* One row of operation.csv that moves cargo. */
typedef struct transfer {
    uint32_t row;
    uint16_t own_class; /* 0: any */
    uint8_t from, to;   /* side_word */
    uint32_t next;      /* next one for the same place and pair, or KRN_NO_ROW */
} transfer;

/* Rows by place and by kind of place, for each pair of sides: index of the first one. */
typedef struct transfer_set {
    transfer *transfers;
    uint32_t n, capacity;
    uint32_t *at_node;  /* n_nodes * N_PAIRS */
    uint32_t *at_type;  /* types of node * N_PAIRS: default rows */
    uint32_t *type_of;  /* node -> type */
    const char **types; /* as texts of the package */
    uint32_t n_types;
} transfer_set;

static side_word word_of(const char *text)
{
    static const char *const words[N_WORDS] = {"rest", "rail", "road", "sea"};
    for (unsigned w = 0; w < N_WORDS; w++)
        if (strcmp(text, words[w]) == 0)
            return (side_word)w;
    return N_WORDS;
}

/* Sides of a node that a word stands for, as a mask. */
static unsigned sides_of(const krni_network_draft *draft, uint32_t node, side_word word,
                         bool leaving)
{
    static const unsigned rails = 0xfu << KRN_SIDE_RAIL;
    const unsigned masks[N_WORDS] = {1u << KRN_SIDE_REST, rails, 1u << KRN_SIDE_ROAD,
                                     leaving ? 1u << KRN_SIDE_QUAY_IN : 1u << KRN_SIDE_QUAY_OUT};
    return masks[word] & draft->node_sides[node];
}

static uint32_t pair_of(unsigned from, unsigned to)
{
    return from * N_WORDS + to;
}

/* Kinds of node that there are; texts of a package are there once, so pointers tell them apart. */
static krn_status read_types(krni_network_draft *draft, transfer_set *set, krn_error *err)
{
    const krn_package *p = draft->package;
    set->type_of = krn_arena_alloc(draft->arena, draft->n_nodes * sizeof *set->type_of);
    set->types = krn_arena_alloc(draft->arena, draft->n_nodes * sizeof *set->types);
    if (!set->type_of || !set->types)
        return krni_fail_memory(err);
    for (uint32_t node = 0; node < draft->n_nodes; node++) {
        const char *type = krni_text(p, KRN_TABLE_NODE, node, NODE_NODE_TYPE);
        uint32_t t = 0;
        while (t < set->n_types && set->types[t] != type)
            t++;
        if (t == set->n_types)
            set->types[set->n_types++] = type;
        set->type_of[node] = t;
    }
    return KRN_OK;
}

/* Puts a row in front of a list. */
static krn_status add_to(krni_network_draft *draft, transfer_set *set, transfer t, uint32_t *first,
                         krn_error *err)
{
    if (set->n == set->capacity) {
        const uint32_t capacity = set->capacity ? 2 * set->capacity : 256;
        transfer *grown = krn_arena_alloc(draft->arena, capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(err);
        if (set->n)
            memcpy(grown, set->transfers, set->n * sizeof *grown);
        set->transfers = grown;
        set->capacity = capacity;
    }
    t.next = *first;
    *first = set->n;
    set->transfers[set->n++] = t;
    return KRN_OK;
}

static krn_status read_transfer(krni_network_draft *draft, transfer_set *set, uint32_t row,
                                krn_error *err)
{
    const krn_package *p = draft->package;
    const side_word from = word_of(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_FROM_SIDE));
    const side_word to = word_of(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_TO_SIDE));
    if (from == N_WORDS)
        return krni_row_fault(p, KRN_TABLE_OPERATION, row, OPERATION_FROM_SIDE,
                              "expected the side that a transfer leaves", err);
    if (to == N_WORDS)
        return krni_row_fault(p, KRN_TABLE_OPERATION, row, OPERATION_TO_SIDE,
                              "expected the side that a transfer leads to", err);
    const transfer t = {row, krni_draft_class(p, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS),
                        (uint8_t)from, (uint8_t)to, KRN_NO_ROW};
    const uint32_t node = krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID);
    if (node != KRN_NO_ROW)
        return add_to(draft, set, t, &set->at_node[node * N_PAIRS + pair_of(from, to)], err);
    const char *applies_to = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_APPLIES_TO);
    krn_status st = KRN_OK;
    for (uint32_t type = 0; type < set->n_types && !st; type++)
        if (krni_list_has(applies_to, set->types[type]))
            st = add_to(draft, set, t, &set->at_type[type * N_PAIRS + pair_of(from, to)], err);
    return st;
}

static krn_status read_transfers(krni_network_draft *draft, transfer_set *set, krn_error *err)
{
    const krn_package *p = draft->package;
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_OPERATION);
    const uint32_t *order = krni_draft_order(draft, KRN_TABLE_OPERATION);
    memset(set, 0, sizeof *set);
    krn_status st = read_types(draft, set, err);
    if (st)
        return st;
    const size_t node_bytes = (size_t)draft->n_nodes * N_PAIRS * sizeof(uint32_t);
    const size_t type_bytes = (size_t)set->n_types * N_PAIRS * sizeof(uint32_t);
    set->at_node = krn_arena_alloc(draft->arena, node_bytes);
    set->at_type = krn_arena_alloc(draft->arena, type_bytes);
    if (!set->at_node || !set->at_type)
        return krni_fail_memory(err);
    memset(set->at_node, 0xff, node_bytes);
    memset(set->at_type, 0xff, type_bytes);
    for (uint32_t i = n_rows; i-- > 0 && !st;) /* lower ids come to the front */
        if (strcmp(krni_text(p, KRN_TABLE_OPERATION, order[i], OPERATION_KIND), "transfer") == 0)
            st = read_transfer(draft, set, order[i], err);
    return st;
}

static krn_mode mode_of(side_word from, side_word to)
{
    const side_word word = to == REST ? from : to;
    return word == RAIL ? KRN_RAIL : word == SEA ? KRN_SEA : KRN_ROAD;
}

/* One row at one node: an activity per pair of sides that exist there. */
static krn_status add_transfer(krni_network_draft *draft, uint32_t node, const transfer *t,
                               uint16_t mask, krn_error *err)
{
    const krn_package *p = draft->package;
    const unsigned from_sides = sides_of(draft, node, (side_word)t->from, true);
    const unsigned to_sides = sides_of(draft, node, (side_word)t->to, false);
    krni_draft_activity activity =
        krni_draft_blank(KRN_TRANSFER, mode_of((side_word)t->from, (side_word)t->to));
    activity.handlings = 1;
    activity.cargo_mask = mask;
    activity.country = krn_country_parse(krni_text(p, KRN_TABLE_NODE, node, NODE_COUNTRY));
    activity.law_table = KRN_TABLE_OPERATION;
    activity.law_row = t->row;
    activity.calendar = krni_ref(p, KRN_TABLE_OPERATION, t->row, OPERATION_CALENDAR_ID);
    if (activity.calendar == KRN_NO_ROW)
        activity.calendar = krni_ref(p, KRN_TABLE_NODE, node, NODE_CALENDAR_ID);
    activity.duration = krni_draft_triplet(p, KRN_TABLE_OPERATION, t->row, OPERATION_LOW_H);
    krn_status st = KRN_OK;
    for (unsigned from = 0; from < KRNI_SIDES && !st; from++)
        for (unsigned to = 0; to < KRNI_SIDES && !st; to++) {
            if (from == to || !(from_sides & 1u << from) || !(to_sides & 1u << to))
                continue;
            activity.gauge = (int8_t)(to >= KRN_SIDE_RAIL     ? to - KRN_SIDE_RAIL
                                      : from >= KRN_SIDE_RAIL ? from - KRN_SIDE_RAIL
                                                              : -1u);
            st = krni_draft_side(draft, node, (krn_side)from, &activity.from, err);
            if (!st)
                st = krni_draft_side(draft, node, (krn_side)to, &activity.to, err);
            if (!st)
                st = krni_draft_add(draft, &activity, err);
        }
    return st;
}

/* Adds the rows of one list; *open: classes that are still to be served, less those served. */
static krn_status add_rows(krni_network_draft *draft, const transfer_set *set, uint32_t first,
                           uint32_t node, uint16_t *open, krn_error *err)
{
    uint16_t named = 0;
    bool any = false;
    for (uint32_t i = first; i != KRN_NO_ROW; i = set->transfers[i].next) {
        named |= set->transfers[i].own_class;
        any |= set->transfers[i].own_class == 0;
    }
    krn_status st = KRN_OK;
    for (uint32_t i = first; i != KRN_NO_ROW && !st; i = set->transfers[i].next) {
        const transfer *t = &set->transfers[i];
        const uint16_t mask = *open & (t->own_class ? t->own_class : (uint16_t)~named);
        if (mask)
            st = add_transfer(draft, node, t, mask, err);
    }
    *open = any ? 0 : *open & (uint16_t)~named;
    return st;
}

krn_status krni_transfer_make(krni_network_draft *draft, krn_error *err)
{
    transfer_set set;
    krn_status st = read_transfers(draft, &set, err);
    const uint32_t *nodes = krni_draft_order(draft, KRN_TABLE_NODE);
    for (uint32_t i = 0; i < draft->n_nodes && !st; i++) {
        const uint32_t node = nodes[i];
        for (unsigned from = 0; from < N_WORDS && !st; from++) {
            if (!sides_of(draft, node, (side_word)from, true))
                continue;
            for (unsigned to = 0; to < N_WORDS && !st; to++) {
                if (!sides_of(draft, node, (side_word)to, false))
                    continue;
                uint16_t open = draft->all_classes;
                const uint32_t pair = pair_of(from, to);
                st = add_rows(draft, &set, set.at_node[node * N_PAIRS + pair], node, &open, err);
                if (!st)
                    st = add_rows(draft, &set, set.at_type[set.type_of[node] * N_PAIRS + pair],
                                  node, &open, err);
            }
        }
    }
    return st;
}
