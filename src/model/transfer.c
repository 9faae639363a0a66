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

/* One row of operation.csv that moves cargo. */
typedef struct transfer {
    uint32_t row;
    uint16_t own_class; /* 0: any */
    uint8_t from, to;   /* side_word */
    uint32_t next;      /* next transfer of the node, or KRN_NO_ROW */
} transfer;

typedef struct transfer_set {
    transfer *transfers; /* by id */
    uint32_t n;
    uint32_t *first_at_node; /* index of a transfer, or KRN_NO_ROW */
    uint32_t first_default;
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

static krn_status read_transfers(krni_network_draft *draft, transfer_set *set, krn_error *err)
{
    const krn_package *p = draft->package;
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_OPERATION);
    const uint32_t *order = krni_draft_order(draft, KRN_TABLE_OPERATION);
    set->transfers = krn_arena_alloc(draft->arena, n_rows * sizeof *set->transfers);
    set->first_at_node = krn_arena_alloc(draft->arena, draft->n_nodes * sizeof(uint32_t));
    set->first_default = KRN_NO_ROW;
    set->n = 0;
    if (!set->transfers || !set->first_at_node)
        return krni_fail_memory(err);
    memset(set->first_at_node, 0xff, draft->n_nodes * sizeof(uint32_t));
    for (uint32_t i = n_rows; i-- > 0;) {
        const uint32_t row = order[i];
        if (strcmp(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_KIND), "transfer") != 0)
            continue;
        const side_word from = word_of(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_FROM_SIDE));
        const side_word to = word_of(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_TO_SIDE));
        if (from == N_WORDS)
            return krni_row_fault(p, KRN_TABLE_OPERATION, row, OPERATION_FROM_SIDE,
                                  "expected the side that a transfer leaves", err);
        if (to == N_WORDS)
            return krni_row_fault(p, KRN_TABLE_OPERATION, row, OPERATION_TO_SIDE,
                                  "expected the side that a transfer leads to", err);
        const uint32_t node = krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID);
        uint32_t *first = node == KRN_NO_ROW ? &set->first_default : &set->first_at_node[node];
        set->transfers[set->n] =
            (transfer){row, krni_draft_class(p, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS),
                       (uint8_t)from, (uint8_t)to, *first};
        *first = set->n++;
    }
    return KRN_OK;
}

/* Whether a default row is for that kind of node. */
static bool applies(const krn_package *p, const transfer *t, uint32_t node)
{
    return krni_list_has(krni_text(p, KRN_TABLE_OPERATION, t->row, OPERATION_APPLIES_TO),
                         krni_text(p, KRN_TABLE_NODE, node, NODE_NODE_TYPE));
}

/* Classes named by the rows of a list for a pair of sides; *out_any: some row is for any class. */
static uint16_t named_classes(const krni_network_draft *draft, const transfer_set *set,
                              uint32_t first, uint32_t node, bool defaults, unsigned from,
                              unsigned to, bool *out_any)
{
    uint16_t mask = 0;
    *out_any = false;
    for (uint32_t i = first; i != KRN_NO_ROW; i = set->transfers[i].next) {
        const transfer *t = &set->transfers[i];
        if (t->from != from || t->to != to || (defaults && !applies(draft->package, t, node)))
            continue;
        mask |= t->own_class;
        *out_any |= t->own_class == 0;
    }
    return mask;
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

/* Adds the rows of one list for a pair of sides; open: classes that are still to be served. */
static krn_status add_rows(krni_network_draft *draft, const transfer_set *set, uint32_t first,
                           uint32_t node, bool defaults, unsigned from, unsigned to, uint16_t open,
                           uint16_t *out_left, krn_error *err)
{
    bool any;
    const uint16_t named = named_classes(draft, set, first, node, defaults, from, to, &any);
    krn_status st = KRN_OK;
    for (uint32_t i = first; i != KRN_NO_ROW && !st; i = set->transfers[i].next) {
        const transfer *t = &set->transfers[i];
        if (t->from != from || t->to != to || (defaults && !applies(draft->package, t, node)))
            continue;
        const uint16_t mask = open & (t->own_class ? t->own_class : (uint16_t)~named);
        if (mask)
            st = add_transfer(draft, node, t, mask, err);
    }
    *out_left = any ? 0 : open & (uint16_t)~named;
    return st;
}

krn_status krni_transfer_make(krni_network_draft *draft, krn_error *err)
{
    transfer_set set;
    krn_status st = read_transfers(draft, &set, err);
    const uint32_t *nodes = krni_draft_order(draft, KRN_TABLE_NODE);
    for (uint32_t i = 0; i < draft->n_nodes && !st; i++)
        for (unsigned from = 0; from < N_WORDS && !st; from++) {
            if (!sides_of(draft, nodes[i], (side_word)from, true))
                continue;
            for (unsigned to = 0; to < N_WORDS && !st; to++) {
                if (!sides_of(draft, nodes[i], (side_word)to, false))
                    continue;
                uint16_t open = draft->all_classes;
                st = add_rows(draft, &set, set.first_at_node[nodes[i]], nodes[i], false, from, to,
                              open, &open, err);
                if (!st)
                    st = add_rows(draft, &set, set.first_default, nodes[i], true, from, to, open,
                                  &open, err);
            }
        }
    return st;
}
