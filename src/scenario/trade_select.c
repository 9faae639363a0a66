/* SPDX-License-Identifier: Apache-2.0 */
/* trade_select.c - who uses what a text names: tonnes of the ways that go over it.
 *
 *     link       haul or ride over it, either direction     node    begins, ends or passes there
 *     border, gauge change, operation, trip                 done by that row
 *
 * Where a text names several rows, a way that meets any of them counts once. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "scenario/sim_thing.h"
#include "scenario/trade_desk.h"

static bool meets(const krn_network *network, krn_activity_id id, const krni_thing *thing)
{
    krn_activity a;
    krn_network_activity(network, id, &a);
    switch (thing->table) {
    case KRN_TABLE_LINK:
        return (a.kind == KRN_HAUL || a.kind == KRN_RIDE) && a.link == thing->row;
    case KRN_TABLE_NODE:
        return a.from_node == thing->row || a.to_node == thing->row;
    case KRN_TABLE_TRIP:
        return a.kind == KRN_BOARD && a.trip == thing->row;
    default:
        return a.figure.table == (uint16_t)thing->table && a.figure.row == thing->row;
    }
}

static bool way_meets(const krn_network *network, const krn_trade_way *way,
                      const krni_things *things)
{
    for (uint32_t k = 0; k < way->n_activities; k++)
        for (uint32_t i = 0; i < things->n; i++)
            if (meets(network, way->activities[k], &things->list[i]))
                return true;
    return false;
}

krn_status krn_trade_select(const krn_network *network, const krn_place_index *places,
                            const krn_trade_answer *answer, const char *text, krn_arena *arena,
                            krn_trade_selection *out, krn_error *err)
{
    if (!network || !places || !answer || !text || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "an answer and what is selected of it were expected");
    krni_things things = {0};
    krn_error why = {0};
    krn_status status = krni_things_find(network, places, text, arena, &things, &why);
    if (status)
        return krni_fail(err, status, "select \"%.120s\": %s", text, why.text);
    double *ways_t = krn_arena_calloc(arena, answer->n_ways + 1u, sizeof *ways_t);
    *out = (krn_trade_selection){.what = krn_arena_text(arena, text), .ways_t = ways_t};
    if (!ways_t || !out->what)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < answer->n_ways; i++)
        if (answer->ways[i].year_t > 0 && way_meets(network, &answer->ways[i], &things)) {
            ways_t[i] = answer->ways[i].year_t;
            out->year_t += ways_t[i];
        }
    return KRN_OK;
}
