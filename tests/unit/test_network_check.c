/* SPDX-License-Identifier: Apache-2.0 */
/* test_network_check.c - every invariant is raised by a network that breaks it.
 *
 * The mini network is compiled, one figure of its block is changed, the check names it, and the
 * figure is put back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/network_data.h"
#include "support/assert_near.h"
#include "support/mini_network.h"

static int setup(void **state)
{
    *state = mini_network(NULL, 0);
    return 0;
}

static int teardown(void **state)
{
    krn_network_free(*state);
    return 0;
}

/* Writes size bytes at a place of the block, checks, puts back. */
static void refused(const krn_network *net, const void *place, const void *value, size_t size,
                    const char *text)
{
    unsigned char held[8];
    krn_error err = {0};
    void *at = (void *)(uintptr_t)place;
    memcpy(held, at, size);
    memcpy(at, value, size);
    const krn_status st = krn_network_check(net, &err);
    memcpy(at, held, size);
    if (st != KRN_E_DATA || !strstr(err.text, text))
        fprintf(stderr, "expected \"%s\", got %d \"%s\"\n", text, st, err.text);
    assert_int_equal(st, KRN_E_DATA);
    assert_non_null(strstr(err.text, text));
}

static void refused_u32(const krn_network *net, const uint32_t *place, uint32_t value,
                        const char *text)
{
    refused(net, place, &value, sizeof value, text);
}

static void refused_u16(const krn_network *net, const uint16_t *place, uint16_t value,
                        const char *text)
{
    refused(net, place, &value, sizeof value, text);
}

static void refused_u8(const krn_network *net, const void *place, uint8_t value, const char *text)
{
    refused(net, place, &value, sizeof value, text);
}

static void refused_double(const krn_network *net, const double *place, double value,
                           const char *text)
{
    refused(net, place, &value, sizeof value, text);
}

static uint32_t first_of(const krn_network *net, krn_activity_kind kind)
{
    uint32_t i = 0;
    while (net->kind[i] != kind)
        i++;
    return i;
}

static uint32_t state_of_side(const krn_network *net, krn_side side)
{
    uint32_t s = 0;
    while (net->state_side[s] != side)
        s++;
    return s;
}

static void gauges_must_ascend(void **state)
{
    krn_network *net = *state;
    const int32_t held = net->gauge_mm[1];
    krn_error err;
    net->gauge_mm[1] = 1000;
    assert_int_equal(krn_network_check(net, &err), KRN_E_DATA);
    net->gauge_mm[1] = held;
    net->n_gauges = 9;
    assert_int_equal(krn_network_check(net, &err), KRN_E_DATA);
    net->n_gauges = 2;
    assert_int_equal(krn_network_check(net, &err), KRN_OK);
}

static void states_must_point_into_tables(void **state)
{
    const krn_network *net = *state;
    const uint32_t aboard = state_of_side(net, KRN_SIDE_ABOARD);
    const uint32_t border = state_of_side(net, KRN_SIDE_BORDER);
    refused_u32(net, &net->state_node[0], 1000, "no row of node.csv");
    refused_u8(net, &net->state_side[0], KRN_SIDE_COUNT, "its side does not exist");
    refused_u8(net, &net->state_side[0], KRN_SIDE_RAIL + 2, "its side does not exist");
    refused_u32(net, &net->state_link[border], 99999, "is no row");
    refused_u32(net, &net->state_link[border], KRN_NO_ROW, "a border without a link");
    refused_u32(net, &net->state_trip[aboard], KRN_NO_ROW, "belong to states aboard");
    refused_u32(net, &net->state_stop[aboard], KRN_NO_ROW, "belong to states aboard");
    refused_u32(net, &net->state_call[0], 3, "belong to states aboard");
    refused_double(net, &net->state_departure_s[aboard], NAN, "is no number");
}

static void nodes_must_know_their_states(void **state)
{
    const krn_network *net = *state;
    const uint32_t node = net->state_node[0];
    const uint32_t side = net->state_side[0];
    refused_u32(net, &net->node_state[node * 8 + side], KRN_NO_ID, "table of nodes");
    refused_u32(net, &net->node_state[node * 8 + side], 1, "table of nodes");
    refused_u32(net, &net->node_state[node * 8 + KRN_SIDE_RAIL + 3], 0, "not the state");
    refused_u32(net, &net->node_state[node * 8 + KRN_SIDE_RAIL + 3], 99999, "not the state");
    refused_u8(net, &net->node_season[0], 4, "season flags");
}

static void rows_of_activities_must_cover_all(void **state)
{
    const krn_network *net = *state;
    refused_u32(net, &net->first_activity[0], 1, "do not cover");
    refused_u32(net, &net->first_activity[net->n_states], 3, "do not cover");
    refused_u32(net, &net->first_activity[5], 99999, "goes backwards");
    refused_u32(net, &net->from_state[0], net->n_states - 1, "row of another state");
}

static void activities_must_point_into_tables(void **state)
{
    const krn_network *net = *state;
    const uint32_t haul = first_of(net, KRN_HAUL);
    const uint32_t board = first_of(net, KRN_BOARD);
    refused_u8(net, &net->kind[haul], KRN_ACTIVITY_KIND_COUNT, "kind or mode");
    refused_u8(net, &net->mode[haul], KRN_MODE_COUNT, "kind or mode");
    refused_u32(net, &net->to_state[haul], net->n_states, "state that does not exist");
    refused_u8(net, &net->gauge[haul], 2, "gauge does not exist");
    refused_u8(net, &net->electrified[haul], 2, "flag");
    refused_u8(net, &net->passable[haul], 3, "flag");
    refused_u8(net, &net->handlings[haul], 2, "flag");
    refused_u16(net, &net->cargo_mask[haul], 0, "cargo classes");
    refused_u16(net, &net->cargo_mask[haul], 8, "cargo classes");
    refused_u16(net, &net->law_table[haul], KRN_TABLE_BORDER, "its law");
    refused_u32(net, &net->law_row[haul], 99999, "its law");
    refused_u32(net, &net->link[haul], 99999, "link, trip or calendar");
    refused_u32(net, &net->trip[board], 99999, "link, trip or calendar");
    refused_u32(net, &net->calendar[haul], 99999, "link, trip or calendar");
    refused_u8(net, &net->passable[board], 0, "closed without a link");
    const uint32_t rail = mini_activity(net, KRN_HAUL, "a-farm", KRN_SIDE_RAIL + 1, "a-junction",
                                        KRN_SIDE_RAIL + 1, NULL);
    const uint32_t road =
        mini_activity(net, KRN_HAUL, "a-farm", KRN_SIDE_ROAD, "a-post", KRN_SIDE_ROAD, NULL);
    refused_u8(net, &net->gauge[rail], 0xff, "without a gauge");
    refused_u8(net, &net->gauge[road], 1, "not on rails");
}

static void figures_must_be_laws(void **state)
{
    const krn_network *net = *state;
    const uint32_t haul = first_of(net, KRN_HAUL);
    refused_double(net, &net->low_h[haul], 1e6, "its time is no law");
    refused_double(net, &net->typical_h[haul], NAN, "its time is no law");
    refused_double(net, &net->wait_high_h[haul], 5.0, "its time is no law");
    refused_double(net, &net->length_km[haul], -1.0, "length is negative");
    refused_double(net, &net->length_km[first_of(net, KRN_CROSS)], 1.0, "has a length");
    refused_double(net, &net->variance_h2[haul], -1.0, "variance");
    refused_u16(net, &net->enters[haul], 1, "enters a country");
    refused_u16(net, &net->enters[first_of(net, KRN_CROSS)], 0, "enters a country");
}

static void kinds_must_join_states_that_they_may(void **state)
{
    const krn_network *net = *state;
    static const char text[] = "cannot join";
    for (int kind = 0; kind < KRN_ACTIVITY_KIND_COUNT; kind++) {
        const uint32_t i = first_of(net, (krn_activity_kind)kind);
        /* back to where it began, and to some rest far away */
        refused_u32(net, &net->to_state[i], net->from_state[i], text);
        const uint32_t rest =
            net->node_state[8 * (net->state_node[net->from_state[i]] ? 0 : 12) + KRN_SIDE_REST];
        refused_u32(net, &net->to_state[i], rest, text);
    }
}

static void links_must_join_the_places(void **state)
{
    const krn_network *net = *state;
    const uint32_t haul = mini_activity(net, KRN_HAUL, "a-farm", KRN_SIDE_RAIL + 1, "a-junction",
                                        KRN_SIDE_RAIL + 1, NULL);
    refused_u32(net, &net->link[haul], mini_row(net, KRN_TABLE_LINK, "r-gate-city"),
                "does not join");
    refused_u32(net, &net->link[haul], KRN_NO_ROW, "does not join");
}

static void cargo_aboard_must_have_come_and_can_leave(void **state)
{
    (void)state;
    krn_error err;
    const mini_edit no_pickup = {KRN_TABLE_STOP_TIMES, "#0", "pickup_type", "1"};
    krn_network *net = mini_network(&no_pickup, 1);
    assert_int_equal(krn_network_check(net, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "nobody can board"));
    krn_network_free(net);
    const mini_edit no_drop_off = {KRN_TABLE_STOP_TIMES, "#2", "drop_off_type", "1"};
    net = mini_network(&no_drop_off, 1);
    assert_int_equal(krn_network_check(net, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "nobody can leave"));
    krn_network_free(net);
}

/* Bytes of a file may be anything: no byte of the block makes the check read outside. */
static void any_byte_of_the_block_is_judged_without_a_crash(void **state)
{
    const krn_network *net = *state;
    unsigned char *block = net->block;
    krn_error err;
    uint64_t z = 1;
    for (size_t i = 0; i < net->block_size; i++) {
        z = z * 6364136223846793005u + 1442695040888963407u;
        const unsigned char held = block[i];
        block[i] = (unsigned char)(z >> 56);
        const krn_status st = krn_network_check(net, &err);
        block[i] = held;
        assert_true(st == KRN_OK || st == KRN_E_DATA);
    }
    assert_int_equal(krn_network_check(net, &err), KRN_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gauges_must_ascend),
        cmocka_unit_test(states_must_point_into_tables),
        cmocka_unit_test(nodes_must_know_their_states),
        cmocka_unit_test(rows_of_activities_must_cover_all),
        cmocka_unit_test(activities_must_point_into_tables),
        cmocka_unit_test(figures_must_be_laws),
        cmocka_unit_test(kinds_must_join_states_that_they_may),
        cmocka_unit_test(links_must_join_the_places),
        cmocka_unit_test(cargo_aboard_must_have_come_and_can_leave),
        cmocka_unit_test(any_byte_of_the_block_is_judged_without_a_crash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
