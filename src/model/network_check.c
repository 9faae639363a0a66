/* SPDX-License-Identifier: Apache-2.0 */
/* network_check.c - every invariant of a frozen network, whoever made its arrays.
 *
 * The arrays may come from a damaged file: nothing is used as an index before it was compared with
 * what it points into. Checked are, in this order: gauges, states and the table of states by node,
 * rows of activities by state, each activity by itself (rows, law, figures, the two states that its
 * kind may join), and that cargo aboard a service got there and can leave it again. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/duration.h>

#include "base/error.h"
#include "model/network_data.h"

#define SIDES_OF_NODE 8u

typedef struct checker {
    const krn_network *net;
    uint32_t n_nodes, n_links, n_trips, n_calendars, n_stops;
    unsigned classes; /* mask */
    krn_error *err;
} checker;

static krn_status bad_state(const checker *c, uint32_t state, const char *what)
{
    return krni_fail(c->err, KRN_E_DATA, "network: state %u: %s", (unsigned)state, what);
}

static krn_status bad_activity(const checker *c, uint32_t i, const char *what)
{
    return krni_fail(c->err, KRN_E_DATA, "network: activity %u (%s): %s", (unsigned)i,
                     krn_activity_kind_name((krn_activity_kind)c->net->kind[i]), what);
}

static bool within(uint32_t row, uint32_t n)
{
    return row < n || row == KRN_NO_ROW;
}

static bool is_rail(unsigned side)
{
    return side >= KRN_SIDE_RAIL && side < KRN_SIDE_RAIL + KRN_MAX_GAUGES;
}

static krn_status check_gauges(const checker *c)
{
    const krn_network *net = c->net;
    if (net->n_gauges > KRN_MAX_GAUGES)
        return krni_fail(c->err, KRN_E_DATA, "network: %u gauges, expected at most %d",
                         (unsigned)net->n_gauges, KRN_MAX_GAUGES);
    for (uint32_t g = 0; g < net->n_gauges; g++)
        if (net->gauge_mm[g] <= (g ? net->gauge_mm[g - 1] : 0))
            return krni_fail(c->err, KRN_E_DATA, "network: gauges are not ascending");
    return KRN_OK;
}

static krn_status check_state(const checker *c, uint32_t s)
{
    const krn_network *net = c->net;
    const unsigned side = net->state_side[s];
    if (net->state_node[s] >= c->n_nodes)
        return bad_state(c, s, "its node is no row of node.csv");
    if (side >= KRN_SIDE_COUNT || (is_rail(side) && side - KRN_SIDE_RAIL >= net->n_gauges))
        return bad_state(c, s, "its side does not exist");
    if (!within(net->state_link[s], c->n_links) || !within(net->state_trip[s], c->n_trips) ||
        !within(net->state_stop[s], c->n_stops))
        return bad_state(c, s, "its link, trip or stop is no row");
    if (side == KRN_SIDE_BORDER && net->state_link[s] == KRN_NO_ROW)
        return bad_state(c, s, "a border without a link");
    const bool aboard = side == KRN_SIDE_ABOARD;
    if (aboard != (net->state_trip[s] != KRN_NO_ROW) ||
        aboard != (net->state_stop[s] != KRN_NO_ROW) ||
        aboard != (net->state_call[s] != KRN_NO_ROW))
        return bad_state(c, s, "trip, call and stop belong to states aboard, and only there");
    if (!isfinite(net->state_departure_s[s]))
        return bad_state(c, s, "its time of departure is no number");
    if (side < SIDES_OF_NODE &&
        net->node_state[(size_t)net->state_node[s] * SIDES_OF_NODE + side] != s)
        return bad_state(c, s, "it is not the state of its side in the table of nodes");
    return KRN_OK;
}

static krn_status check_states(const checker *c)
{
    const krn_network *net = c->net;
    for (uint32_t s = 0; s < net->n_states; s++) {
        const krn_status st = check_state(c, s);
        if (st)
            return st;
    }
    for (uint32_t node = 0; node < c->n_nodes; node++) {
        for (uint32_t side = 0; side < SIDES_OF_NODE; side++) {
            const uint32_t s = net->node_state[(size_t)node * SIDES_OF_NODE + side];
            if (s != KRN_NO_ID &&
                (s >= net->n_states || net->state_node[s] != node || net->state_side[s] != side))
                return krni_fail(c->err, KRN_E_DATA,
                                 "network: node %u side %u: not the state that it names",
                                 (unsigned)node, (unsigned)side);
        }
        if (net->node_season[node] & ~(KRNI_SEASON_SEA | KRNI_SEASON_ROAD))
            return krni_fail(c->err, KRN_E_DATA, "network: node %u: unknown season flags",
                             (unsigned)node);
    }
    return KRN_OK;
}

static krn_status check_rows(const checker *c)
{
    const krn_network *net = c->net;
    if (net->first_activity[0] != 0 || net->first_activity[net->n_states] != net->n_activities)
        return krni_fail(c->err, KRN_E_DATA, "network: rows of activities do not cover them all");
    for (uint32_t s = 0; s < net->n_states; s++)
        if (net->first_activity[s] > net->first_activity[s + 1] ||
            net->first_activity[s + 1] > net->n_activities)
            return bad_state(c, s, "its row of activities goes backwards");
    for (uint32_t s = 0; s < net->n_states; s++)
        for (uint32_t i = net->first_activity[s]; i < net->first_activity[s + 1]; i++)
            if (net->from_state[i] != s)
                return krni_fail(c->err, KRN_E_DATA,
                                 "network: activity %u: it lies in the row of another state",
                                 (unsigned)i);
    return KRN_OK;
}

/* Tables that hold the law of a kind. */
static bool law_fits(krn_activity_kind kind, unsigned table)
{
    switch (kind) {
    case KRN_HAUL:
        return table == KRN_TABLE_LINK;
    case KRN_CROSS:
        return table == KRN_TABLE_BORDER;
    case KRN_GAUGE_CHANGE:
        return table == KRN_TABLE_GAUGE_CHANGE;
    case KRN_TRANSFER:
        return table == KRN_TABLE_OPERATION;
    case KRN_ALIGHT:
        return table == KRN_TABLE_TRIP || table == KRN_TABLE_PORT;
    case KRN_BOARD:
    case KRN_RIDE:
        return table == KRN_TABLE_TRIP;
    default:
        return false;
    }
}

/* Side at which a service of a mode and gauge is boarded (out) or left. */
static unsigned service_side(const krn_network *net, uint32_t i, bool out)
{
    if (net->mode[i] == KRN_SEA)
        return out ? KRN_SIDE_QUAY_OUT : KRN_SIDE_QUAY_IN;
    return net->mode[i] == KRN_ROAD ? KRN_SIDE_ROAD : (unsigned)(KRN_SIDE_RAIL + net->gauge[i]);
}

/* Whether a kind may join the two states of an activity. */
static bool sides_fit(const krn_network *net, uint32_t i)
{
    const uint32_t from = net->from_state[i], to = net->to_state[i];
    const unsigned a = net->state_side[from], b = net->state_side[to];
    const bool same_node = net->state_node[from] == net->state_node[to];
    const bool same_trip =
        net->state_trip[from] == net->trip[i] && net->state_trip[to] == net->trip[i];
    const unsigned own =
        net->mode[i] == KRN_ROAD ? KRN_SIDE_ROAD : (unsigned)(KRN_SIDE_RAIL + net->gauge[i]);
    switch ((krn_activity_kind)net->kind[i]) {
    case KRN_HAUL:
        return net->mode[i] != KRN_SEA && a == own &&
               ((b == own && !same_node) ||
                (b == KRN_SIDE_BORDER && same_node && net->state_link[to] == net->link[i]));
    case KRN_CROSS:
        if (a == KRN_SIDE_ABOARD)
            return b == KRN_SIDE_ABOARD && same_trip && !same_node;
        return a == KRN_SIDE_BORDER && b == own && !same_node &&
               net->state_link[from] == net->link[i];
    case KRN_GAUGE_CHANGE:
        if (a == KRN_SIDE_ABOARD)
            return b == KRN_SIDE_ABOARD && same_trip && same_node;
        return a == own && is_rail(b) && b != a && same_node;
    case KRN_TRANSFER:
        return a < SIDES_OF_NODE && b < SIDES_OF_NODE && a != b && same_node &&
               a != KRN_SIDE_QUAY_OUT && b != KRN_SIDE_QUAY_IN;
    case KRN_BOARD:
        return a == service_side(net, i, true) && b == KRN_SIDE_ABOARD && same_node &&
               net->state_trip[to] == net->trip[i];
    case KRN_RIDE:
        return a == KRN_SIDE_ABOARD && b == KRN_SIDE_ABOARD && same_trip && from != to;
    case KRN_ALIGHT:
        return a == KRN_SIDE_ABOARD && b == service_side(net, i, false) && same_node &&
               net->state_trip[from] == net->trip[i];
    default:
        return false;
    }
}

/* Haul and ride need a link whose ends are the places that they lead from and to. */
static bool link_fits(const checker *c, uint32_t i)
{
    const krn_network *net = c->net;
    const unsigned kind = net->kind[i];
    if (kind != KRN_HAUL && kind != KRN_RIDE && kind != KRN_CROSS)
        return true;
    if (net->link[i] == KRN_NO_ROW)
        return false;
    const uint32_t ends[2] = {
        krni_ref(net->package, KRN_TABLE_LINK, net->link[i], LINK_FROM_NODE_ID),
        krni_ref(net->package, KRN_TABLE_LINK, net->link[i], LINK_TO_NODE_ID)};
    const uint32_t from = net->state_node[net->from_state[i]];
    const uint32_t to = net->state_node[net->to_state[i]];
    return (from == ends[0] || from == ends[1]) && (to == ends[0] || to == ends[1]);
}

static krn_status check_rows_of_activity(const checker *c, uint32_t i)
{
    const krn_network *net = c->net;
    if (net->kind[i] >= KRN_ACTIVITY_KIND_COUNT || net->mode[i] >= KRN_MODE_COUNT)
        return krni_fail(c->err, KRN_E_DATA, "network: activity %u: kind or mode does not exist",
                         (unsigned)i);
    if (net->to_state[i] >= net->n_states)
        return bad_activity(c, i, "it leads to a state that does not exist");
    if (net->gauge[i] < -1 || net->gauge[i] >= (int)net->n_gauges)
        return bad_activity(c, i, "its gauge does not exist");
    if (net->mode[i] == KRN_RAIL && net->gauge[i] < 0)
        return bad_activity(c, i, "on rails without a gauge");
    if (net->mode[i] != KRN_RAIL && net->kind[i] != KRN_TRANSFER && net->gauge[i] >= 0)
        return bad_activity(c, i, "with a gauge, but not on rails");
    if (net->electrified[i] > 1 || net->passable[i] > 1 || net->handlings[i] > 1)
        return bad_activity(c, i, "a flag is neither 0 nor 1");
    if (!net->cargo_mask[i] || net->cargo_mask[i] & ~c->classes)
        return bad_activity(c, i, "its cargo classes do not exist");
    if (!law_fits((krn_activity_kind)net->kind[i], net->law_table[i]) ||
        net->law_row[i] >= krn_package_rows(net->package, (krn_table)net->law_table[i]))
        return bad_activity(c, i, "its law is no row of a table for it");
    if (!within(net->link[i], c->n_links) || !within(net->trip[i], c->n_trips) ||
        !within(net->calendar[i], c->n_calendars))
        return bad_activity(c, i, "its link, trip or calendar is no row");
    if (!net->passable[i] && net->link[i] == KRN_NO_ROW)
        return bad_activity(c, i, "closed without a link");
    return KRN_OK;
}

static krn_status check_activity(const checker *c, uint32_t i)
{
    const krn_network *net = c->net;
    const krn_status st = check_rows_of_activity(c, i);
    if (st)
        return st;
    const krn_duration duration = {net->low_h[i], net->typical_h[i], net->high_h[i]};
    const krn_duration wait = {net->wait_low_h[i], net->wait_typical_h[i], net->wait_high_h[i]};
    if (!krn_duration_valid(duration) || !krn_duration_valid(wait))
        return bad_activity(c, i, "its time is no law: expected 0 <= low <= typical <= high");
    if (wait.high_h > 0.0 && net->kind[i] != KRN_BOARD)
        return bad_activity(c, i, "only a departure has a wait");
    if (!(net->length_km[i] >= 0.0) || !isfinite(net->length_km[i]))
        return bad_activity(c, i, "its length is negative or no number");
    if (net->length_km[i] > 0.0 && net->kind[i] != KRN_HAUL && net->kind[i] != KRN_RIDE)
        return bad_activity(c, i, "only a haul or a ride has a length");
    if (!(net->variance_h2[i] >= 0.0) || !isfinite(net->variance_h2[i]))
        return bad_activity(c, i, "its variance is negative or no number");
    if (!sides_fit(net, i))
        return bad_activity(c, i, "its kind cannot join these two states");
    if (!link_fits(c, i))
        return bad_activity(c, i, "its link does not join these two places");
    if ((net->kind[i] == KRN_CROSS) != (net->enters[i] != 0))
        return bad_activity(c, i, "a border, and only a border, enters a country");
    return KRN_OK;
}

/* Marks states aboard that can be reached: on from boarding, or back from leaving. */
static void spread_aboard(const krn_network *net, bool forward, const uint32_t *first,
                          const uint32_t *incoming, uint8_t *mark, uint32_t *stack)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < net->n_activities; i++) {
        const uint32_t s = forward ? net->to_state[i] : net->from_state[i];
        if (net->kind[i] == (forward ? KRN_BOARD : KRN_ALIGHT) && !mark[s]) {
            mark[s] = 1;
            stack[n++] = s;
        }
    }
    while (n) {
        const uint32_t s = stack[--n];
        const uint32_t end = forward ? net->first_activity[s + 1] : first[s + 1];
        for (uint32_t k = forward ? net->first_activity[s] : first[s]; k < end; k++) {
            const uint32_t i = forward ? k : incoming[k];
            const uint32_t next = forward ? net->to_state[i] : net->from_state[i];
            if (net->state_side[next] == KRN_SIDE_ABOARD && !mark[next]) {
                mark[next] = 1;
                stack[n++] = next;
            }
        }
    }
}

static krn_status check_aboard(const checker *c)
{
    const krn_network *net = c->net;
    krn_status st = KRN_OK;
    uint8_t *boarded = calloc((size_t)net->n_states + 1, 1);
    uint8_t *leaves = calloc((size_t)net->n_states + 1, 1);
    uint32_t *stack = calloc((size_t)net->n_states + 1, sizeof *stack);
    uint32_t *first = calloc((size_t)net->n_states + 2, sizeof *first);
    uint32_t *incoming = calloc((size_t)net->n_activities + 1, sizeof *incoming);
    if (!boarded || !leaves || !stack || !first || !incoming) {
        st = krni_fail_memory(c->err);
        goto done;
    }
    for (uint32_t i = 0; i < net->n_activities; i++)
        first[net->to_state[i] + 2]++;
    for (uint32_t s = 0; s < net->n_states; s++)
        first[s + 2] += first[s + 1];
    for (uint32_t i = 0; i < net->n_activities; i++)
        incoming[first[net->to_state[i] + 1]++] = i;
    spread_aboard(net, true, NULL, NULL, boarded, stack);
    spread_aboard(net, false, first, incoming, leaves, stack);
    for (uint32_t s = 0; s < net->n_states && !st; s++) {
        if (net->state_side[s] != KRN_SIDE_ABOARD)
            continue;
        if (!boarded[s])
            st = bad_state(c, s, "aboard a service that nobody can board before");
        else if (!leaves[s])
            st = bad_state(c, s, "aboard a service that nobody can leave after");
    }
done:
    free(incoming);
    free(first);
    free(stack);
    free(leaves);
    free(boarded);
    return st;
}

krn_status krn_network_check(const krn_network *network, krn_error *err)
{
    if (!network || !network->package)
        return krni_fail(err, KRN_E_ARG, "krn_network_check: a network is needed");
    const krn_package *p = network->package;
    const uint32_t n_classes = krn_package_rows(p, KRN_TABLE_CARGO_CLASS);
    const checker c = {.net = network,
                       .n_nodes = krn_package_rows(p, KRN_TABLE_NODE),
                       .n_links = krn_package_rows(p, KRN_TABLE_LINK),
                       .n_trips = krn_package_rows(p, KRN_TABLE_TRIP),
                       .n_calendars = krn_package_rows(p, KRN_TABLE_CALENDAR),
                       .n_stops = krn_package_rows(p, KRN_TABLE_STOP_TIMES),
                       .classes =
                           n_classes < KRN_MAX_CARGO_CLASSES ? (1u << n_classes) - 1 : 0xffffu,
                       .err = err};
    krn_status st = check_gauges(&c);
    if (!st)
        st = check_states(&c);
    if (!st)
        st = check_rows(&c);
    for (uint32_t i = 0; i < network->n_activities && !st; i++)
        st = check_activity(&c, i);
    if (!st)
        st = check_aboard(&c);
    return st;
}

/* Whether an activity has the row as its law. O(activities). */
static bool is_used(const krn_network *network, krn_table table, uint32_t row)
{
    for (uint32_t i = 0; i < network->n_activities; i++)
        if (network->law_table[i] == table && network->law_row[i] == row)
            return true;
    return false;
}

uint32_t krni_network_unused(const krn_network *network, krn_table table, uint32_t *out_rows,
                             uint32_t capacity)
{
    const krn_package *p = network->package;
    const uint32_t n_rows = krn_package_rows(p, table);
    uint8_t *used = calloc((size_t)n_rows + 1, 1); /* without memory: row by row */
    for (uint32_t i = 0; i < network->n_activities && used; i++)
        if (network->law_table[i] == table)
            used[network->law_row[i]] = 1;
    uint32_t n = 0;
    for (uint32_t row = 0; row < n_rows; row++) {
        if ((table == KRN_TABLE_OPERATION &&
             strcmp(krni_text(p, table, row, OPERATION_KIND), "transfer") != 0) ||
            (table == KRN_TABLE_TRIP &&
             strcmp(krni_text(p, table, row, TRIP_STATUS), "regular") != 0))
            continue;
        if (used ? used[row] != 0 : is_used(network, table, row))
            continue;
        if (n < capacity)
            out_rows[n] = row;
        n++;
    }
    free(used);
    return n;
}
