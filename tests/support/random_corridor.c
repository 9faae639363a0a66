/* SPDX-License-Identifier: Apache-2.0 */
/* random_corridor.c - a description of a small corridor to tables to a network. */
#include "support/random_corridor.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/mini_tables.h"

#define TEXT_SIZE 16384

uint32_t corridor_random(corridor *c, uint32_t n)
{
    uint64_t z = (c->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static void add_link(corridor *c, uint32_t from, uint32_t to)
{
    corridor_link *link = &c->links[c->n_links++];
    const uint32_t dice = corridor_random(c, 10);
    *link = (corridor_link){.from = from,
                            .to = to,
                            .mode = dice < 5   ? KRN_RAIL
                                    : dice < 8 ? KRN_ROAD
                                               : KRN_SEA,
                            .km = 50 + (int)corridor_random(c, 400),
                            .speed_kmh = (dice < 5 ? 20 : 50) + (int)corridor_random(c, 40)};
    link->law = (int)corridor_random(c, 1000);
    link->by_day = link->mode != KRN_SEA && corridor_random(c, 4) == 0;
}

static void add_service(corridor *c, uint32_t link, bool back)
{
    if (c->n_services == CORRIDOR_SERVICES)
        return;
    corridor_service *s = &c->services[c->n_services++];
    *s = (corridor_service){.link = link, .back = back, .hours = 6 + (int)corridor_random(c, 60)};
    if (corridor_random(c, 2))
        s->headway_h = 12 + (int)corridor_random(c, 100);
    s->days = 1 + corridor_random(c, 127);
    s->hour = (int)corridor_random(c, 24);
}

void corridor_make(corridor *c, uint64_t seed, uint32_t n_nodes)
{
    memset(c, 0, sizeof *c);
    c->random = seed;
    c->n_nodes = n_nodes ? n_nodes : 3 + corridor_random(c, 3);
    c->uncertain = true;
    for (uint32_t node = 1; node < c->n_nodes; node++)
        add_link(c, corridor_random(c, node), node);
    const uint32_t more = 1 + corridor_random(c, 3);
    for (uint32_t i = 0; i < more; i++) {
        const uint32_t from = corridor_random(c, c->n_nodes);
        add_link(c, from, (from + 1 + corridor_random(c, c->n_nodes - 1)) % c->n_nodes);
    }
    for (uint32_t i = 0; i < c->n_links; i++)
        if (c->links[i].mode == KRN_SEA ||
            (c->links[i].mode == KRN_RAIL && corridor_random(c, 4) == 0)) {
            add_service(c, i, false);
            if (c->links[i].mode == KRN_SEA)
                add_service(c, i, true);
        }
}

/* One of the numbers 1 .. most, or 0 in one case of three. */
static int some(corridor *c, uint32_t most)
{
    const uint32_t value = 1 + corridor_random(c, most);
    return corridor_random(c, 3) == 0 ? 0 : (int)value;
}

void corridor_limit(corridor *c, corridor_limits *limits, uint64_t seed)
{
    static const char *const kinds[] = {"tramp", "liner", "rail_ferry"};
    const uint64_t before = c->random;
    c->random = seed ^ 0x5bd1e995u;
    memset(limits, 0, sizeof *limits);
    limits->two_gauges = corridor_random(c, 2);
    limits->bogies = corridor_random(c, 3) == 0;
    limits->yard_wagons = some(c, 30);
    for (uint32_t i = 0; i < c->n_links; i++) {
        limits->trains[i] = some(c, 12);
        limits->tracks[i] = 1 + (corridor_random(c, 4) == 0);
        limits->train_t[i] = corridor_random(c, 2) ? 0 : 300 + (int)corridor_random(c, 1500);
        limits->post[i] = some(c, 40);
        limits->post_trains[i] = corridor_random(c, 3) == 0;
    }
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        limits->store_t[i] = corridor_random(c, 3) ? some(c, 3000) : 1;
        limits->berths[i] = some(c, 2);
        limits->gear_t_h[i] = some(c, 300);
    }
    for (int k = 0; k < 2; k++)
        for (int gauge = 0; gauge < 2; gauge++) {
            limits->wagons[k][gauge] = some(c, 25);
            limits->locomotives[k][gauge] = some(c, 3);
        }
    for (uint32_t i = 0; i < c->n_services; i++) {
        corridor_service *s = &c->services[i];
        if (!s->headway_h)
            s->headway_h = 12 + (int)corridor_random(c, 60);
        limits->capacity_t[i] = corridor_random(c, 3) ? 100 + (int)corridor_random(c, 1500) : 0;
        if (c->links[s->link].mode == KRN_SEA)
            limits->kinds[i] = kinds[corridor_random(c, 3)];
    }
    c->limits = limits;
    c->random = before;
}

static void append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(char *text, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list list;
    va_start(list, format);
    const int n = vsnprintf(text + used, TEXT_SIZE - used, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= TEXT_SIZE - used)
        abort();
}

static const char *country_of(const corridor *c, uint32_t node)
{
    return node < (c->n_nodes + 1) / 2 ? "XA" : "XB";
}

/* Text of a bound: blank where there is none. */
static const char *bound(int value, char *text, size_t size)
{
    if (value > 0)
        (void)snprintf(text, size, "%d", value);
    else
        text[0] = '\0';
    return text;
}

static bool both_gauges(const corridor *c, uint32_t node)
{
    return c->limits && c->limits->two_gauges && strcmp(country_of(c, node), "XB") == 0;
}

static const char *gauge_of(const corridor *c, const corridor_link *l)
{
    return l->mode != KRN_RAIL                                ? ""
           : both_gauges(c, l->from) && both_gauges(c, l->to) ? "1435"
                                                              : "1520";
}

static void write_tracks(const corridor *c, uint32_t link, char *text)
{
    const corridor_limits *m = c->limits;
    char trains[16], train_t[16];
    if (!m || c->links[link].mode != KRN_RAIL)
        append(text, ",,,\n");
    else
        append(text, ",%d,%s,%s\n", m->tracks[link], bound(m->trains[link], trains, sizeof trains),
               bound(m->train_t[link], train_t, sizeof train_t));
}

static void write_post(const corridor *c, uint32_t link, char *text)
{
    const corridor_limits *m = c->limits;
    char post[16];
    bound(m ? m->post[link] : 0, post, sizeof post);
    const bool rails = c->links[link].mode == KRN_RAIL, trains = m && m->post_trains[link];
    append(text, ",%s,%s,%s", rails && !trains ? post : "", rails && trains ? post : "",
           rails ? "" : post);
    if (m && m->examined_h[link])
        append(text, ",\"guards, customs\",1,%d,%s\n", m->examined_h[link],
               m->jointly[link] ? "true" : "false");
    else
        append(text, ",,,,\n");
}

static void write_bounds(const corridor *c, mini *m, char *text)
{
    const corridor_limits *l = c->limits;
    text[0] = '\0';
    append(text, "gauge_change_id,node_id,from_gauge_mm,to_gauge_mm,method,low_h,typical_h,high_h,"
                 "wagons_per_day,tracks\n");
    char yard[16];
    for (uint32_t i = 0; i < c->n_nodes; i++)
        for (int k = 0; k < 2 && both_gauges(c, i); k++)
            append(text, "g%u%d,n%u,%s,%s,4,%d,20,%s,2\n", (unsigned)i, k, (unsigned)i,
                   k ? "1435,1520" : "1520,1435", l->bogies ? "bogie_exchange" : "transhipment",
                   c->uncertain ? 8 : 4, bound(l->yard_wagons, yard, sizeof yard));
    mini_table(m, "gauge_change.csv", text);
    text[0] = '\0';
    append(text, "node_id,sea,berths\n");
    for (uint32_t i = 0; i < c->n_nodes; i++)
        append(text, "n%u,sea,%s\n", (unsigned)i, bound(l->berths[i], yard, sizeof yard));
    mini_table(m, "port.csv", text);
    text[0] = '\0';
    append(text, "fleet_id,kind,country,gauge_mm,count,corridor_share\n");
    for (int k = 0; k < 2; k++)
        for (int gauge = 0; gauge < 2; gauge++) {
            const int mm = gauge ? 1435 : 1520;
            if (l->wagons[k][gauge])
                append(text, "w%d%d,wagon,X%c,%d,%d,1\n", k, gauge, 'A' + k, mm,
                       l->wagons[k][gauge]);
            if (l->locomotives[k][gauge])
                append(text, "l%d%d,locomotive,X%c,%d,%d,1\n", k, gauge, 'A' + k, mm,
                       l->locomotives[k][gauge]);
        }
    mini_table(m, "fleet.csv", text);
}

static void write_places(const corridor *c, mini *m, char *text)
{
    text[0] = '\0';
    append(text, "node_id,name,x_coord,y_coord,node_type,kr_country,kr_timezone,kr_gauge_mm\n");
    for (uint32_t i = 0; i < c->n_nodes; i++)
        append(text, "n%u,Place %u,%u,40,port,%s,Etc/UTC,1520%s\n", (unsigned)i, (unsigned)i,
               (unsigned)(10 + i), country_of(c, i), both_gauges(c, i) ? ";1435" : "");
    mini_table(m, "node.csv", text);
    text[0] = '\0';
    append(text, "link_id,from_node_id,to_node_id,directed,length,free_speed,kr_mode,kr_country,"
                 "kr_status,kr_gauge_mm,kr_calendar_id,kr_tracks,kr_trains_per_day,"
                 "kr_max_train_t\n");
    for (uint32_t i = 0; i < c->n_links; i++) {
        const corridor_link *l = &c->links[i];
        if (l->removed)
            continue;
        const char *a = country_of(c, l->from), *b = country_of(c, l->to);
        append(text, "l%u,n%u,n%u,false,%d,%d,%s,%s%s%s,%s,%s,%s", (unsigned)i, (unsigned)l->from,
               (unsigned)l->to, l->km, l->speed_kmh, krn_mode_name(l->mode), a,
               strcmp(a, b) ? ";" : "", strcmp(a, b) ? b : "", l->closed ? "closed" : "in_service",
               gauge_of(c, l), l->by_day ? "day" : "");
        write_tracks(c, i, text);
    }
    mini_table(m, "link.csv", text);
    text[0] = '\0';
    append(text, "border_id,crossing,link_id,from_country,to_country,dwell_low_h,dwell_typical_h,"
                 "dwell_high_h,fee_usd,fee_basis,wagons_per_day,trains_per_day,trucks_per_day,"
                 "agencies,inspection_share,inspection_h,agencies_joint\n");
    for (uint32_t i = 0; i < c->n_links; i++) {
        const corridor_link *l = &c->links[i];
        const char *a = country_of(c, l->from), *b = country_of(c, l->to);
        if (l->removed || l->mode == KRN_SEA || strcmp(a, b) == 0)
            continue;
        const int typical = 3 + l->law % 9;
        append(text, "bo%u,Crossing %u,l%u,%s,%s,%d,%d,%d,%d,wagon", (unsigned)i, (unsigned)i,
               (unsigned)i, a, b, typical - (c->uncertain ? 2 : 0), typical,
               typical + (c->uncertain ? 9 : 0), 5 + l->law % 11);
        write_post(c, i, text);
        append(text, "bi%u,Crossing %u,l%u,%s,%s,%d,%d,%d,%d,wagon", (unsigned)i, (unsigned)i,
               (unsigned)i, b, a, typical, typical, typical, 5 + l->law % 7);
        write_post(c, i, text);
    }
    mini_table(m, "border.csv", text);
}

static void write_services(const corridor *c, mini *m, char *text)
{
    static const char *const days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday";
    mini_table(m, "timetable/agency.txt",
               "agency_id,agency_name,agency_url,agency_timezone\nline,Line,http://x,Etc/UTC\n");
    mini_table(m, "timetable/routes.txt", "route_id,agency_id,route_type\nway,line,2\n");
    text[0] = '\0';
    append(text, "stop_id,stop_name\n");
    for (uint32_t i = 0; i < c->n_nodes; i++)
        append(text, "n%u,n%u\n", (unsigned)i, (unsigned)i);
    mini_table(m, "timetable/stops.txt", text);
    char *calendar = calloc(1, TEXT_SIZE), *trips = calloc(1, TEXT_SIZE);
    char *times = calloc(1, TEXT_SIZE), *kr = calloc(1, TEXT_SIZE), *often = calloc(1, TEXT_SIZE);
    if (!calendar || !trips || !times || !kr || !often)
        abort();
    append(calendar, "service_id,%s,start_date,end_date\n", days);
    append(trips, "route_id,service_id,trip_id\n");
    append(times, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n");
    append(kr, "trip_id,mode,kind,cargo_classes,status,gauge_mm,capacity,capacity_unit\n");
    append(often, "trip_id,start_time,end_time,headway_secs,exact_times\n");
    for (uint32_t i = 0; i < c->n_services; i++) {
        const corridor_service *s = &c->services[i];
        const corridor_link *l = &c->links[s->link];
        if (s->removed || l->removed)
            continue;
        const unsigned mask = s->headway_h ? 127u : s->days;
        append(calendar, "s%u", (unsigned)i);
        for (int d = 0; d < 7; d++)
            append(calendar, ",%u", (mask >> d) & 1u);
        append(calendar, ",20200101,20351231\n");
        append(trips, "way,s%u,t%u\n", (unsigned)i, (unsigned)i);
        const int begin = s->headway_h ? 0 : s->hour;
        append(times, "t%u,%d:00:00,%d:00:00,n%u,1\n", (unsigned)i, begin, begin,
               (unsigned)(s->back ? l->to : l->from));
        append(times, "t%u,%d:00:00,%d:00:00,n%u,2\n", (unsigned)i, begin + s->hours,
               begin + s->hours, (unsigned)(s->back ? l->from : l->to));
        const char *kind = c->limits ? c->limits->kinds[i] : NULL;
        char capacity[16];
        bound(c->limits ? c->limits->capacity_t[i] : 0, capacity, sizeof capacity);
        append(kr, "t%u,%s,%s,grain,regular,%s,%s,%s\n", (unsigned)i, krn_mode_name(l->mode),
               kind                 ? kind
               : l->mode == KRN_SEA ? "tramp"
                                    : "block_train",
               gauge_of(c, l), capacity, *capacity ? "t" : "");
        if (s->headway_h)
            append(often, "t%u,0:00:00,168:00:00,%d,0\n", (unsigned)i, s->headway_h * 3600);
    }
    mini_table(m, "timetable/calendar.txt", calendar);
    mini_table(m, "timetable/trips.txt", trips);
    mini_table(m, "timetable/stop_times.txt", times);
    mini_table(m, "timetable/kr_trip.txt", kr);
    mini_table(m, "timetable/frequencies.txt", often);
    free(calendar);
    free(trips);
    free(times);
    free(kr);
    free(often);
}

static void write_laws(const corridor *c, mini *m, char *text)
{
    mini_table(m, "config.csv", "dataset_name,kr_price_year,kr_logit_usd_t\nmade up,2026,3\n");
    mini_table(m, "timezone.csv", "zone,valid_from,offset_min\nEtc/UTC,2000-01-01,0\n");
    mini_table(m, "currency.csv", "currency,valid_from,usd_per_unit\nUSD,2000-01-01,1\n");
    mini_table(m, "calendar.csv",
               "calendar_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday\n"
               "day,08:00-20:00,08:00-20:00,08:00-20:00,08:00-20:00,08:00-20:00,08:00-20:00,"
               "08:00-20:00\n");
    mini_table(m, "cargo_class.csv",
               "cargo_class,name,loading_unit,wagon_1520,wagon_1435,truck,emission_group\n"
               "grain,Grain,t,wagon,narrow,truck,bulk\n");
    mini_table(m, "commodity.csv",
               "commodity_id,name,hs_code,cargo_class,value_of_time_usd_t_h\n"
               "barley,barley,1003,grain,0.02\n");
    mini_table(m, "loading_unit.csv", "loading_unit,name,kind,max_payload_t\nt,tonne,tonne,1\n");
    mini_table(m, "vehicle.csv",
               "vehicle_id,name,kind,gauge_mm,payload_t,tare_t,axles,length_m\n"
               "wagon,Wagon,wagon,1520,70,24,4,15\n"
               "narrow,Wagon,wagon,1435,60,22,4,15\ntruck,Truck,truck,,20,15,5,16\n");
    mini_table(m, "spread.csv",
               c->uncertain ? "spread_id,mode,country,low_factor,high_factor\n"
                              "rail,rail,any,0.8,1.5\nroad,road,any,0.9,1.2\nsea,sea,any,0.9,1.3\n"
                            : "spread_id,mode,country,low_factor,high_factor\n"
                              "rail,rail,any,1,1\nroad,road,any,1,1\nsea,sea,any,1,1\n");
    mini_table(m, "tariff.csv",
               c->tariffs ? c->tariffs
                          : "tariff_id,name,use,charge,mode,countries,basis,price,currency,group\n"
                            "rail,rail,rate,haul,rail,any,tkm,0.02,USD,rail\n"
                            "road,road,rate,haul,road,any,truck_km,1.1,USD,road\n"
                            "sea,sea,rate,freight,sea,any,t,9,USD,sea\n");
    mini_table(m, "emission.csv",
               "emission_id,use,mode,emission_group,country,kg_co2e_per_tkm_wtw,"
               "kg_co2e_per_tkm_ttw\n"
               "rail,factor,rail,bulk,any,0.02,0.01\nroad,factor,road,bulk,any,0.09,0.07\n"
               "sea,factor,sea,bulk,any,0.012,0.01\n");
    mini_table(m, "rule.csv",
               c->rules ? c->rules
                        : "rule_id,use,kind,name,enter_countries,gate,lead_typical_days\n"
                          "permit,required,permit,permit,XB,enter,2\n");
    text[0] = '\0';
    append(text, "operation_id,applies_to,kind,from_side,to_side,servers,rate_per_h,unit,low_h,"
                 "typical_h,high_h,cost_usd,node_id,storage_t,free_storage_days,"
                 "storage_usd_unit_day\n");
    static const char *const sides[] = {"rest", "rail", "road", "sea"};
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            if (a != b)
                append(text, "o%d%d,port,transfer,%s,%s,1,500,t,%d,%d,%d,%d,,,,\n", a, b, sides[a],
                       sides[b], 4 + a - (c->uncertain ? 2 : 0), 4 + a,
                       4 + a + (c->uncertain ? 3 + b : 0), 1 + a + 2 * b);
    for (uint32_t i = 0; c->limits && i < c->n_nodes; i++) {
        const int rate = c->limits->gear_t_h[i], store = c->limits->store_t[i];
        const unsigned node = (unsigned)i;
        if (rate)
            append(text,
                   "a%u,,transfer,rail,sea,1,%d,t,5,5,5,7,n%u,,,\n"
                   "b%u,,transfer,sea,rail,1,%d,t,3,6,9,7,n%u,,,\n"
                   "c%u,,transfer,rest,rail,1,%d,t,3,6,9,2,n%u,,,\n",
                   node, rate, node, node, rate, node, node, rate, node);
        if (store)
            append(text, "s%u,,storage,,,,,,,,,,n%u,%d,2,0.1\n", node, node, store);
    }
    mini_table(m, "operation.csv", text);
}

krn_network *corridor_network(const corridor *c)
{
    mini *m = mini_new();
    char *text = calloc(1, TEXT_SIZE);
    if (!text)
        abort();
    write_laws(c, m, text);
    write_places(c, m, text);
    write_services(c, m, text);
    if (c->limits)
        write_bounds(c, m, text);
    free(text);
    krn_error err = {0};
    krn_network *network = NULL;
    if (krn_network_compile(mini_package(m), 20605, &network, &err)) {
        fprintf(stderr, "random_corridor: %s\n", err.text);
        abort();
    }
    return network;
}

krn_consignment corridor_consignment(const krn_network *network)
{
    const krn_package *p = krn_network_package(network);
    return (krn_consignment){.commodity = 0,
                             .loading_unit = KRN_NO_ROW,
                             .net_t = 600.0,
                             .origin = 0,
                             .destination = krn_package_rows(p, KRN_TABLE_NODE) - 1,
                             .ready = (krn_time)20605 * KRN_SECONDS_PER_DAY,
                             .due = KRN_TIME_NONE};
}
