/* SPDX-License-Identifier: Apache-2.0 */
#include "support/trade_answer.h"

#include <math.h>
#include <string.h>

#include "support/mini_network.h"

static void set_demand(trade_answer *t)
{
    static const struct {
        const char *from, *to, *goods;
        double year_t;
    } rows[] = {{"a-farm", "b-city", "barley", 1000},
                {"a-port", "b-gulf", "barley", 200},
                {"b-city", "a-farm", "machinery", 50},
                {"a-farm", "c-city", "barley", 30}};
    for (int i = 0; i < 4; i++) {
        t->demand[i] =
            (krn_demand){.flow = KRN_NO_ROW,
                         .origin = mini_row(t->network, KRN_TABLE_NODE, rows[i].from),
                         .destination = mini_row(t->network, KRN_TABLE_NODE, rows[i].to),
                         .commodity = mini_row(t->network, KRN_TABLE_COMMODITY, rows[i].goods),
                         .loading_unit = KRN_NO_ROW,
                         .year_t = rows[i].year_t,
                         .lot_t = 10,
                         .ready = KRN_TIME_NONE,
                         .due = KRN_TIME_NONE};
        for (int m = 0; m < KRN_MONTHS; m++)
            t->demand[i].month_share[m] = 1.0 / KRN_MONTHS;
    }
    t->list = (krn_demand_list){.year = 2025, .n = 4, .rows = t->demand, .total_t = 1280};
    t->question = (krn_trade_question){.demand = &t->list,
                                       .demand_share = 1,
                                       .method = KRN_TRADE_USER,
                                       .gap_share = 1e-8,
                                       .most_ways = 8,
                                       .n_priced = 2};
}

static void set_rows(trade_answer *t)
{
    const krn_country xa = krn_country_parse("XA"), xb = krn_country_parse("XB"),
                      xc = krn_country_parse("XC");
    const uint32_t grain = mini_row(t->network, KRN_TABLE_CARGO_CLASS, "grain_bulk"),
                   box = mini_row(t->network, KRN_TABLE_CARGO_CLASS, "container");
    t->rows[0] = (krn_trade_row){.demand = 0,
                                 .from = xa,
                                 .to = xb,
                                 .cargo_class = grain,
                                 .asked_t = 1000,
                                 .sent_t = 1000,
                                 .n_ways = 4,
                                 .cost_usd_t = 44,
                                 .price_usd_t = 40,
                                 .hours = 100,
                                 .wtw_kg_t = 20,
                                 .least_usd_t = 44};
    t->rows[1] = (krn_trade_row){.demand = 1,
                                 .from = xa,
                                 .to = xb,
                                 .cargo_class = grain,
                                 .asked_t = 200,
                                 .sent_t = 50,
                                 .reason = "West Harbour berths are full",
                                 .first_way = 4,
                                 .n_ways = 1,
                                 .cost_usd_t = 50,
                                 .price_usd_t = 45,
                                 .hours = 90,
                                 .wtw_kg_t = 25,
                                 .least_usd_t = 50};
    t->rows[2] = (krn_trade_row){.demand = 2,
                                 .from = xb,
                                 .to = xa,
                                 .cargo_class = box,
                                 .asked_t = 50,
                                 .sent_t = 50,
                                 .first_way = 5,
                                 .n_ways = 1,
                                 .cost_usd_t = 60,
                                 .price_usd_t = 55,
                                 .hours = 80,
                                 .wtw_kg_t = 10,
                                 .least_usd_t = 60};
    t->rows[3] = (krn_trade_row){.demand = 3,
                                 .from = xa,
                                 .to = xc,
                                 .cargo_class = grain,
                                 .asked_t = 30,
                                 .reason = "no way from Farm Town to Far City",
                                 .first_way = 6,
                                 .cost_usd_t = (double)NAN,
                                 .price_usd_t = (double)NAN,
                                 .hours = (double)NAN,
                                 .wtw_kg_t = (double)NAN,
                                 .least_usd_t = (double)NAN};
}

static void set_ways(trade_answer *t)
{
    static const struct {
        uint32_t row;
        const char *words, *modes;
        double year_t, share;
    } ways[] = {{0, "rail by Gates", "rail", 700, 0.7},
                {0, "sea West Harbour – East Harbour", "rail-sea", 200, 0.2},
                {0, "road by Posts", "road", 100, 0.1},
                {0, "rail by a way that nobody takes", "rail", 0, 0},
                {1, "sea West Harbour – East Harbour", "sea", 50, 1},
                {2, "rail by Gates", "rail", 50, 1}};
    for (int i = 0; i < 6; i++)
        t->ways[i] = (krn_trade_way){.row = ways[i].row,
                                     .words = ways[i].words,
                                     .modes = ways[i].modes,
                                     .year_t = ways[i].year_t,
                                     .share = ways[i].share,
                                     .price_usd_t = 40 + i,
                                     .cost_usd_t = 44 + i,
                                     .free_h = 90,
                                     .wait_h = 10,
                                     .wtw_kg_t = 20,
                                     .rail_km = 500,
                                     .handlings = 2};
}

static void set_use(trade_answer *t, int i, krn_trade_use_kind kind, uint32_t row, krn_mode mode,
                    const char *from, const char *to, double grain_t, double box_t)
{
    const uint32_t grain = mini_row(t->network, KRN_TABLE_CARGO_CLASS, "grain_bulk"),
                   box = mini_row(t->network, KRN_TABLE_CARGO_CLASS, "container");
    t->class_t[i][grain] = grain_t;
    t->class_t[i][box] = box_t;
    t->uses[i] = (krn_trade_use){.kind = kind,
                                 .row = row,
                                 .mode = mode,
                                 .from_node = mini_row(t->network, KRN_TABLE_NODE, from),
                                 .to_node = mini_row(t->network, KRN_TABLE_NODE, to),
                                 .year_t = grain_t + box_t,
                                 .class_t = t->class_t[i],
                                 .length_km = kind == KRN_TRADE_LINK ? 180.5 : 0};
}

static void set_uses(trade_answer *t)
{
    const krn_network *n = t->network;
    const uint32_t link = mini_row(n, KRN_TABLE_LINK, "r-farm-junction");
    set_use(t, 0, KRN_TRADE_LINK, link, KRN_RAIL, "a-farm", "a-junction", 700, 0);
    set_use(t, 1, KRN_TRADE_LINK, link, KRN_RAIL, "a-junction", "a-farm", 0, 50);
    set_use(t, 2, KRN_TRADE_BORDER, mini_row(n, KRN_TABLE_BORDER, "bo-rail-out"), KRN_RAIL,
            "a-gate", "a-gate", 700, 0);
    set_use(t, 3, KRN_TRADE_BORDER, mini_row(n, KRN_TABLE_BORDER, "bo-road-out"), KRN_ROAD,
            "a-post", "a-post", 100, 0);
    set_use(t, 4, KRN_TRADE_BORDER, mini_row(n, KRN_TABLE_BORDER, "bo-rail-in"), KRN_RAIL, "b-gate",
            "b-gate", 0, 50);
    set_use(t, 5, KRN_TRADE_GAUGE, mini_row(n, KRN_TABLE_GAUGE_CHANGE, "gc-out"), KRN_RAIL,
            "b-gate", "b-gate", 700, 0);
    set_use(t, 6, KRN_TRADE_PORT_IN, mini_row(n, KRN_TABLE_NODE, "b-port"), KRN_SEA, "b-port",
            "b-port", 250, 0);
    set_use(t, 7, KRN_TRADE_PORT_OUT, mini_row(n, KRN_TABLE_NODE, "a-port"), KRN_SEA, "a-port",
            "a-port", 250, 0);
}

static void set_resources(trade_answer *t)
{
    const uint32_t gate = mini_row(t->network, KRN_TABLE_NODE, "b-gate"),
                   port = mini_row(t->network, KRN_TABLE_NODE, "a-port");
    t->resources[0] = (krn_trade_resource){
        .words = {.kind = KRN_RESOURCE_GAUGE_YARD,
                  .figure = {KRN_TABLE_GAUGE_CHANGE, 0,
                             mini_row(t->network, KRN_TABLE_GAUGE_CHANGE, "gc-out")},
                  .from_node = gate,
                  .to_node = KRN_NO_ROW,
                  .capacity = 2,
                  .rate_a_day = 60,
                  .unit = "wagons"},
        .name = "gauge change/gc-out",
        .load_a_day = 72,
        .capacity_a_day = 60,
        .full_share = 1.2,
        .year_t = 700,
        .wait_h = 31,
        .price_usd_per_year = 123456,
        .more_t = 300,
        .faster_d = 0.25};
    for (int i = 1; i < 4; i++)
        t->resources[i] = (krn_trade_resource){.words = {.kind = KRN_RESOURCE_BERTHS,
                                                         .figure = {KRN_TABLE_NODE, 0, port},
                                                         .from_node = port,
                                                         .to_node = KRN_NO_ROW,
                                                         .capacity = i == 3 ? HUGE_VAL : 4,
                                                         .rate_a_day = (double)NAN,
                                                         .unit = "ships"},
                                               .name = i == 3 ? "berths/x" : "berths/a-port",
                                               .load_a_day = 1,
                                               .capacity_a_day = i == 3 ? HUGE_VAL : 4,
                                               .full_share = i == 3 ? 0 : 0.25,
                                               .year_t = 250,
                                               .price_usd_per_year = (double)NAN,
                                               .more_t = (double)NAN,
                                               .faster_d = (double)NAN};
}

void trade_answer_open(trade_answer *t)
{
    memset(t, 0, sizeof *t);
    t->network = mini_network(NULL, 0);
    set_demand(t);
    set_rows(t);
    set_ways(t);
    set_uses(t);
    set_resources(t);
    t->selected_t[0] = 700;
    t->selected_t[5] = 50;
    t->selection = (krn_trade_selection){"b-gate", t->selected_t, 750};
    t->answer = (krn_trade_answer){
        .question = &t->question,
        .step = {.iteration = 7, .gap_share = 3e-9, .excess_cost = 1e-7, .objective_cost = 12345.5},
        .gap_reached = true,
        .n_rounds = 2,
        .all_ways = true,
        .rows = t->rows,
        .n_rows = 4,
        .ways = t->ways,
        .n_ways = 6,
        .uses = t->uses,
        .n_uses = 8,
        .resources = t->resources,
        .n_resources = 4,
        .asked_t = 1280,
        .sent_t = 1100,
        .unserved_t = 180,
        .price_usd = 45000,
        .time_usd = 5000,
        .total_usd = 50000,
        .mean_d = 4.2,
        .wait_d = 0.4,
        .wtw_kg_co2e = 22000,
        .tkm = 6e5,
        .rail_tkm = 4e5,
        .road_tkm = 5e4,
        .sea_tkm = 1.5e5,
        .quality = KRN_ESTIMATED};
    t->report = (krn_trade_report){.network = t->network,
                                   .answer = &t->answer,
                                   .selections = &t->selection,
                                   .n_selections = 1,
                                   .year = 2030,
                                   .delay = "formula"};
}

void trade_answer_close(trade_answer *t)
{
    krn_network_free(t->network);
}
