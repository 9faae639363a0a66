/* SPDX-License-Identifier: Apache-2.0 */
/* trade_uses.c - tonnes over links by direction, over borders, gauge changes and quays.
 *
 *   haul, ride                 over a link, all of it (a border in its middle comes behind)
 *   cross, gauge change        of their rows
 *   board a ship, leave it     out of a port, into a port
 *
 * Tonnes of a way that goes over a link twice in one direction count twice: flows are conserved at
 * every place. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "scenario/trade_desk.h"

typedef struct use_book {
    krni_trade_desk *desk;
    uint32_t n_classes;
    krn_trade_use *uses;
    double *class_t; /* n_classes of each use */
    uint32_t n, capacity;
    uint32_t *first; /* by kind and row (and direction of a link): use + 1, 0 none */
    uint32_t base[KRN_TRADE_PORT_OUT + 1];
} use_book;

static uint32_t slots_of(const krn_package *p, krn_trade_use_kind kind)
{
    switch (kind) {
    case KRN_TRADE_LINK:
        return 2 * krn_package_rows(p, KRN_TABLE_LINK);
    case KRN_TRADE_BORDER:
        return krn_package_rows(p, KRN_TABLE_BORDER);
    case KRN_TRADE_GAUGE:
        return krn_package_rows(p, KRN_TABLE_GAUGE_CHANGE);
    default:
        return krn_package_rows(p, KRN_TABLE_NODE);
    }
}

bool krni_trade_use_of(const krn_network *network, krn_activity_id id, krn_trade_use *out)
{
    const krn_package *p = krn_network_package(network);
    krn_activity a;
    krn_network_activity(network, id, &a);
    *out = (krn_trade_use){.mode = a.mode, .from_node = a.from_node, .to_node = a.from_node};
    if (a.kind == KRN_CROSS && a.figure.table == KRN_TABLE_BORDER) {
        out->kind = KRN_TRADE_BORDER;
        out->row = a.figure.row;
    } else if (a.kind == KRN_GAUGE_CHANGE && a.figure.table == KRN_TABLE_GAUGE_CHANGE) {
        out->kind = KRN_TRADE_GAUGE;
        out->row = a.figure.row;
    } else if ((a.kind == KRN_BOARD || a.kind == KRN_ALIGHT) && a.mode == KRN_SEA) {
        out->kind = a.kind == KRN_BOARD ? KRN_TRADE_PORT_OUT : KRN_TRADE_PORT_IN;
        out->row = out->from_node = out->to_node = a.kind == KRN_BOARD ? a.from_node : a.to_node;
    } else if ((a.kind == KRN_HAUL || a.kind == KRN_RIDE) && a.link != KRN_NO_ROW) {
        const uint32_t tail = krni_ref(p, KRN_TABLE_LINK, a.link, LINK_FROM_NODE_ID);
        const uint32_t head = krni_ref(p, KRN_TABLE_LINK, a.link, LINK_TO_NODE_ID);
        out->kind = KRN_TRADE_LINK;
        out->row = a.link;
        out->from_node = a.from_node == tail ? tail : head;
        out->to_node = a.from_node == tail ? head : tail;
        out->length_km = krni_number_or(p, KRN_TABLE_LINK, a.link, LINK_LENGTH, 0);
    } else {
        return false;
    }
    return true;
}

static uint32_t slot_of(const use_book *b, const krn_trade_use *use)
{
    const krn_package *p = b->desk->package;
    if (use->kind != KRN_TRADE_LINK)
        return b->base[use->kind] + use->row;
    const bool back = use->from_node != krni_ref(p, KRN_TABLE_LINK, use->row, LINK_FROM_NODE_ID);
    return b->base[KRN_TRADE_LINK] + 2 * use->row + back;
}

static krn_status open_book(use_book *b, krn_error *err)
{
    uint32_t n = 0;
    for (int kind = 0; kind <= KRN_TRADE_PORT_OUT; kind++) {
        b->base[kind] = n;
        n += slots_of(b->desk->package, (krn_trade_use_kind)kind);
    }
    b->n_classes = krn_package_rows(b->desk->package, KRN_TABLE_CARGO_CLASS);
    b->first = krn_arena_calloc(b->desk->scratch, n + 1u, sizeof *b->first);
    b->uses = krn_arena_calloc(b->desk->arena, n + 1u, sizeof *b->uses);
    return b->first && b->uses ? KRN_OK : krni_fail_memory(err);
}

static krn_status add(use_book *b, const krn_trade_use *use, uint32_t cargo_class, double year_t,
                      krn_error *err)
{
    uint32_t *slot = &b->first[slot_of(b, use)];
    if (!*slot) {
        double *class_t = krn_arena_calloc(b->desk->arena, b->n_classes + 1u, sizeof *class_t);
        if (!class_t)
            return krni_fail_memory(err);
        b->uses[b->n] = *use;
        b->uses[b->n].class_t = class_t;
        *slot = ++b->n;
    }
    krn_trade_use *sum = &b->uses[*slot - 1];
    sum->year_t += year_t;
    if (cargo_class < b->n_classes)
        ((double *)(uintptr_t)sum->class_t)[cargo_class] += year_t;
    return KRN_OK;
}

static int compare_uses(const void *pa, const void *pb)
{
    const krn_trade_use *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->year_t != b->year_t)
        return a->year_t > b->year_t ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->from_node > b->from_node) - (a->from_node < b->from_node);
}

krn_status krni_trade_tell_uses(krni_trade_desk *d, krn_trade_answer *out, krn_error *err)
{
    use_book b = {.desk = d};
    krn_status status = open_book(&b, err);
    for (uint32_t i = 0; i < out->n_ways && !status; i++) {
        const krn_trade_way *w = &out->ways[i];
        for (uint32_t k = 0; k < w->n_activities && w->year_t > 0 && !status; k++) {
            krn_trade_use use;
            if (krni_trade_use_of(d->network, w->activities[k], &use))
                status = add(&b, &use, out->rows[w->row].cargo_class, w->year_t, err);
        }
    }
    if (!status && b.n)
        qsort(b.uses, b.n, sizeof *b.uses, compare_uses);
    out->uses = b.uses;
    out->n_uses = b.n;
    krn_arena_reset(d->scratch);
    return status;
}
