/* SPDX-License-Identifier: Apache-2.0 */
/* layout_resources.c - rows of the tables as resources, each made when a way first needs it.
 *
 *   link.csv         rail links: sections (tracks, trains a day, mass, length)
 *   border.csv       a post in one direction: wagons, trains or trucks a day
 *   gauge_change.csv a yard in one direction: wagons a day
 *   operation.csv    transfers with a rate: terminals; kind storage: room, out and in apart
 *   port.csv         berths
 *   fleet.csv        wagons and locomotives
 *   kr_trip.txt      services at each boarding place
 *
 * A blank capacity limits nothing, and makes no resource. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/demand.h>

#include "base/error.h"
#include "model/route_draft.h"
#include "sim/corridor.h"

#define MOST_BLOCKS 500u
#define KG_PER_T    1000.0

static krn_status grow(krni_layout *l, void **list, size_t size, uint32_t n, uint32_t *capacity)
{
    if (n < *capacity)
        return KRN_OK;
    const uint32_t more = *capacity ? 2 * *capacity : 64;
    void *grown = krn_arena_calloc(l->sim->arena, more, size);
    if (!grown)
        return krni_fail_memory(l->err);
    if (n)
        memcpy(grown, *list, n * size);
    *list = grown;
    *capacity = more;
    return KRN_OK;
}

static krn_status index_of(krni_layout *l, krn_table table, uint32_t **out)
{
    const uint32_t n = krn_package_rows(l->sim->network->package, table);
    *out = krn_arena_alloc(l->scratch, (n + 1u) * sizeof **out);
    if (!*out)
        return krni_fail_memory(l->err);
    memset(*out, 0xff, (n + 1u) * sizeof **out);
    return KRN_OK;
}

krn_status krni_layout_start(krni_layout *l)
{
    const krn_network *net = l->sim->network;
    const uint32_t n_links = krn_package_rows(net->package, KRN_TABLE_LINK);
    krn_status st = index_of(l, KRN_TABLE_LINK, &l->section_of);
    st = st ? st : index_of(l, KRN_TABLE_BORDER, &l->border_of);
    st = st ? st : index_of(l, KRN_TABLE_OPERATION, &l->terminal_of);
    st = st ? st : index_of(l, KRN_TABLE_OPERATION, &l->store_of[0]);
    st = st ? st : index_of(l, KRN_TABLE_OPERATION, &l->store_of[1]);
    st = st ? st : index_of(l, KRN_TABLE_PORT, &l->berths_of);
    st = st ? st : index_of(l, KRN_TABLE_FLEET, &l->fleet_of);
    if (st)
        return st;
    l->service_of = krn_arena_alloc(l->scratch, (net->n_activities + 1u) * sizeof *l->service_of);
    l->run_h = krn_arena_alloc(l->scratch, (n_links + 1u) * sizeof *l->run_h);
    if (!l->service_of || !l->run_h)
        return krni_fail_memory(l->err);
    memset(l->service_of, 0xff, (net->n_activities + 1u) * sizeof *l->service_of);
    l->leader = krn_arena_alloc(l->scratch, (n_links + 1u) * sizeof *l->leader);
    if (!l->leader)
        return krni_fail_memory(l->err);
    memset(l->leader, 0xff, (n_links + 1u) * sizeof *l->leader);
    static const krn_activity_kind kinds[2] = {KRN_HAUL, KRN_RIDE}; /* own trains first */
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < net->n_activities; i++)
            if (net->mode[i] == KRN_RAIL && net->kind[i] == kinds[k] &&
                l->leader[net->link[i]] == NONE)
                l->leader[net->link[i]] = i;
    for (uint32_t i = 0; i < n_links; i++)
        l->run_h[i] = l->leader[i] == NONE ? NAN : net->typical_h[l->leader[i]];
    return KRN_OK;
}

static krn_status add(krni_layout *l, krn_sim_resource_kind kind, krni_works works,
                      krn_figure figure, uint32_t *out)
{
    krn_sim *sim = l->sim;
    const krn_status st = grow(l, (void **)&sim->resources, sizeof *sim->resources,
                               sim->n_resources, &l->resources_capacity);
    if (st)
        return st;
    const bool slot = works == KRNI_WORKS_QUEUE || works == KRNI_WORKS_POOL;
    sim->resources[sim->n_resources] = (krni_resource_plan){
        .words = {.kind = kind,
                  .figure = figure,
                  .from_node = KRN_NO_ROW,
                  .to_node = KRN_NO_ROW,
                  .capacity = INFINITY,
                  .rate_a_day = NAN,
                  .unit = ""},
        .works = works,
        .slot = slot ? sim->n_slots++ : 0,
        .share_of = 1.0,
    };
    *out = sim->n_resources++;
    return KRN_OK;
}

/* ---- track ---- */

static void fill_section(const krni_layout *l, uint32_t link, krni_section *s,
                         krni_resource_plan *plan)
{
    const krn_package *p = l->sim->network->package;
    const double trains = krni_number_or(p, KRN_TABLE_LINK, link, LINK_TRAINS_PER_DAY, 0.0);
    const double tracks = krni_number_or(p, KRN_TABLE_LINK, link, LINK_TRACKS, 1.0);
    const double run_h = l->run_h[link];
    s->link = link;
    s->run_s = isnan(run_h) ? 0.0 : run_h * KRNI_HOUR_S;
    s->limited = trains > 0.0;
    s->single = s->limited && tracks < 1.5;
    s->max_t = krni_number_or(p, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_T, INFINITY);
    s->max_m = krni_number_or(p, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_M, INFINITY);
    s->km = krni_number_or(p, KRN_TABLE_LINK, link, LINK_LENGTH, 0.0);
    s->max_t = s->max_t > 0.0 ? s->max_t : INFINITY;
    s->max_m = s->max_m > 0.0 ? s->max_m : INFINITY;
    s->n_blocks = 1;
    s->locomotives = NONE;
    if (s->single) {
        s->hold_s = KRNI_DAY_S / (2.0 * trains);
        const double blocks = ceil(s->run_s / s->hold_s - 1e-9);
        s->n_blocks = blocks < 1.0 ? 1 : blocks > MOST_BLOCKS ? MOST_BLOCKS : (uint32_t)blocks;
    } else if (s->limited) {
        s->hold_s = KRNI_DAY_S / trains;
    }
    plan->words.from_node = krni_ref(p, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID);
    plan->words.to_node = krni_ref(p, KRN_TABLE_LINK, link, LINK_TO_NODE_ID);
    plan->words.rate_a_day = s->limited ? trains : NAN;
    plan->words.capacity = s->limited ? (s->single ? 1.0 : tracks) : INFINITY;
    plan->words.unit = "trains";
    plan->share_of = s->single ? s->n_blocks : 2.0;
}

static krn_status fleet_pool(krni_layout *l, const krn_fleet *fleet, krn_sim_resource_kind kind,
                             const char *unit, uint32_t *out)
{
    *out = NONE;
    if (fleet->row == KRN_NO_ROW)
        return KRN_OK;
    *out = l->fleet_of[fleet->row];
    if (*out != NONE)
        return KRN_OK;
    const krn_status st =
        add(l, kind, KRNI_WORKS_POOL, krni_figure(KRN_TABLE_FLEET, fleet->row, FLEET_COUNT), out);
    if (st)
        return st;
    krni_resource_plan *plan = &l->sim->resources[*out];
    const uint32_t n = krn_fleet_at_hand(fleet);
    plan->units = n > 0 ? n : 1;
    plan->share_of = plan->words.capacity = (double)plan->units;
    plan->words.unit = unit;
    plan->words.from = fleet->country;
    l->fleet_of[fleet->row] = *out;
    return KRN_OK;
}

/* A train needs a locomotive and a crew for the same time, so the smaller number counts. */
static krn_status traction_pool(krni_layout *l, krn_country country, int gauge_mm, uint32_t *out)
{
    const krn_package *p = l->sim->network->package;
    const krn_fleet locomotives =
        krn_fleet_find(p, KRN_FLEET_LOCOMOTIVE, country, gauge_mm, KRN_NO_ROW);
    const krn_fleet crews = krn_fleet_find(p, KRN_FLEET_CREW, country, gauge_mm, KRN_NO_ROW);
    const bool by_crews =
        crews.row != KRN_NO_ROW && (locomotives.row == KRN_NO_ROW ||
                                    krn_fleet_at_hand(&crews) < krn_fleet_at_hand(&locomotives));
    return fleet_pool(l, by_crews ? &crews : &locomotives, KRN_RESOURCE_LOCOMOTIVES,
                      by_crews ? "crews" : "locomotives", out);
}

krn_status krni_layout_section(krni_layout *l, uint32_t activity, uint32_t *out)
{
    krn_sim *sim = l->sim;
    const krn_network *net = sim->network;
    const uint32_t link = net->link[activity];
    *out = l->section_of[link];
    if (*out != NONE)
        return KRN_OK;
    krn_status st = grow(l, (void **)&sim->sections, sizeof *sim->sections, sim->n_sections,
                         &l->sections_capacity);
    uint32_t resource = NONE, pool = NONE;
    if (!st)
        st = add(l, KRN_RESOURCE_SECTION, KRNI_WORKS_SECTION,
                 krni_figure(KRN_TABLE_LINK, link, LINK_TRAINS_PER_DAY), &resource);
    if (!st)
        st = traction_pool(l, net->country[activity], (int)net->gauge_mm[net->gauge[activity]],
                           &pool);
    if (st)
        return st;
    krni_section *s = &sim->sections[sim->n_sections];
    fill_section(l, link, s, &sim->resources[resource]);
    s->resource = resource;
    s->locomotives = pool;
    sim->resources[resource].slot = sim->n_sections;
    *out = l->section_of[link] = sim->n_sections++;
    return KRN_OK;
}

/* ---- posts, yards, terminals ---- */

krn_status krni_layout_border(krni_layout *l, uint32_t activity, uint32_t *out)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t row = net->law_row[activity];
    *out = l->border_of[row];
    if (*out != NONE)
        return KRN_OK;
    static const struct {
        int column;
        const char *unit;
    } rates[3] = {{BORDER_WAGONS_PER_DAY, "wagons"},
                  {BORDER_TRAINS_PER_DAY, "trains"},
                  {BORDER_TRUCKS_PER_DAY, "trucks"}};
    const bool rails = net->mode[activity] == KRN_RAIL;
    for (int k = rails ? 0 : 2; k < (rails ? 2 : 3); k++) {
        const double a_day = krni_number_or(p, KRN_TABLE_BORDER, row, rates[k].column, 0.0);
        if (!(a_day > 0.0))
            continue;
        const krn_status st = add(l, KRN_RESOURCE_BORDER, KRNI_WORKS_QUEUE,
                                  krni_figure(KRN_TABLE_BORDER, row, rates[k].column), out);
        if (st)
            return st;
        krn_sim_resource *words = &l->sim->resources[*out].words;
        words->from = net->country[activity];
        words->to = net->enters[activity];
        words->from_node = net->state_node[net->from_state[activity]];
        words->to_node = net->state_node[net->to_state[activity]];
        words->rate_a_day = a_day;
        words->capacity = 1.0;
        words->unit = rates[k].unit;
        l->border_of[row] = *out;
        return KRN_OK;
    }
    return KRN_OK;
}

/* Of the rows for one yard and direction that have a rate the one of the lowest id, whichever row
 * a way uses; KRN_NO_ROW: none has. */
static uint32_t yard_row(const krn_package *p, uint32_t node, double from_mm, double to_mm)
{
    uint32_t best = KRN_NO_ROW;
    for (uint32_t row = 0; row < krn_package_rows(p, KRN_TABLE_GAUGE_CHANGE); row++) {
        if (krni_ref(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_NODE_ID) != node ||
            krni_number(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_FROM_GAUGE_MM) != from_mm ||
            krni_number(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TO_GAUGE_MM) != to_mm ||
            !(krni_gauge_yard_rate(p, row) > 0.0))
            continue;
        if (best == KRN_NO_ROW ||
            strcmp(krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_GAUGE_CHANGE_ID),
                   krni_text(p, KRN_TABLE_GAUGE_CHANGE, best, GAUGE_CHANGE_GAUGE_CHANGE_ID)) < 0)
            best = row;
    }
    return best;
}

krn_status krni_layout_gauge_yard(krni_layout *l, uint32_t activity, uint32_t *out)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t used = net->law_row[activity];
    const uint32_t node = krni_ref(p, KRN_TABLE_GAUGE_CHANGE, used, GAUGE_CHANGE_NODE_ID);
    const uint32_t row =
        yard_row(p, node, krni_number(p, KRN_TABLE_GAUGE_CHANGE, used, GAUGE_CHANGE_FROM_GAUGE_MM),
                 krni_number(p, KRN_TABLE_GAUGE_CHANGE, used, GAUGE_CHANGE_TO_GAUGE_MM));
    *out = NONE;
    for (uint32_t i = 0; i < l->sim->n_resources && row != KRN_NO_ROW; i++) {
        const krn_sim_resource *words = &l->sim->resources[i].words;
        if (words->kind == KRN_RESOURCE_GAUGE_YARD && words->figure.row == row)
            *out = i;
    }
    if (*out != NONE || row == KRN_NO_ROW)
        return KRN_OK;
    const krn_status st =
        add(l, KRN_RESOURCE_GAUGE_YARD, KRNI_WORKS_QUEUE,
            krni_figure(KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_WAGONS_PER_DAY), out);
    if (st)
        return st;
    krn_sim_resource *words = &l->sim->resources[*out].words;
    words->from_node = node;
    words->rate_a_day = krni_gauge_yard_rate(p, row);
    words->capacity = krni_number_or(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TRACKS, 1.0);
    words->unit = "wagons";
    return KRN_OK;
}

krn_status krni_layout_terminal(krni_layout *l, uint32_t activity, uint32_t *out)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t row = net->law_row[activity];
    *out = NONE;
    if (net->law_table[activity] != KRN_TABLE_OPERATION)
        return KRN_OK;
    const uint32_t node = krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID);
    const double rate = krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_RATE_PER_H, 0.0);
    const double servers = krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_SERVERS, 1.0);
    *out = l->terminal_of[row];
    if (*out != NONE || node == KRN_NO_ROW || !(rate * servers > 0.0))
        return KRN_OK;
    const krn_status st = add(l, KRN_RESOURCE_TERMINAL, KRNI_WORKS_QUEUE,
                              krni_figure(KRN_TABLE_OPERATION, row, OPERATION_RATE_PER_H), out);
    if (st)
        return st;
    krn_sim_resource *words = &l->sim->resources[*out].words;
    words->from_node = node;
    words->rate_a_day = rate * servers * 24.0;
    words->capacity = servers;
    words->unit = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_UNIT);
    l->terminal_of[row] = *out;
    return KRN_OK;
}

krn_status krni_layout_store(krni_layout *l, uint32_t node, uint32_t cargo_class, bool inbound,
                             uint32_t *out)
{
    const krn_package *p = l->sim->network->package;
    const uint32_t n = krn_package_rows(p, KRN_TABLE_OPERATION);
    const char *class_id =
        krni_text(p, KRN_TABLE_CARGO_CLASS, cargo_class, CARGO_CLASS_CARGO_CLASS);
    uint32_t best = KRN_NO_ROW;
    *out = NONE;
    for (uint32_t row = 0; row < n; row++) {
        const char *class = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS);
        if (strcmp(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_KIND), "storage") != 0 ||
            krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID) != node ||
            !(krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_STORAGE_T, 0.0) > 0.0) ||
            (*class && strcmp(class, class_id) != 0))
            continue;
        if (best == KRN_NO_ROW ||
            strcmp(krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_OPERATION_ID),
                   krni_text(p, KRN_TABLE_OPERATION, best, OPERATION_OPERATION_ID)) < 0)
            best = row;
    }
    if (best == KRN_NO_ROW)
        return KRN_OK;
    *out = l->store_of[inbound][best];
    if (*out != NONE)
        return KRN_OK;
    const krn_status st = add(l, KRN_RESOURCE_STORAGE, KRNI_WORKS_POOL,
                              krni_figure(KRN_TABLE_OPERATION, best, OPERATION_STORAGE_T), out);
    if (st)
        return st;
    krni_resource_plan *plan = &l->sim->resources[*out];
    const double t = krni_number(p, KRN_TABLE_OPERATION, best, OPERATION_STORAGE_T);
    plan->units = (int64_t)fmax(1.0, floor(t * KG_PER_T));
    plan->share_of = plan->words.capacity = t;
    plan->words.from_node = node;
    plan->words.unit = inbound ? "t inbound" : "t outbound";
    l->store_of[inbound][best] = *out;
    return KRN_OK;
}

krn_status krni_layout_berths(krni_layout *l, uint32_t node, uint32_t *out)
{
    const krn_package *p = l->sim->network->package;
    const uint32_t port =
        krn_package_find(p, KRN_TABLE_PORT, krni_text(p, KRN_TABLE_NODE, node, NODE_NODE_ID));
    *out = NONE;
    const double berths =
        port == KRN_NO_ROW ? 0.0 : krni_number_or(p, KRN_TABLE_PORT, port, PORT_BERTHS, 0.0);
    if (!(berths >= 1.0))
        return KRN_OK;
    *out = l->berths_of[port];
    if (*out != NONE)
        return KRN_OK;
    const krn_status st = add(l, KRN_RESOURCE_BERTHS, KRNI_WORKS_POOL,
                              krni_figure(KRN_TABLE_PORT, port, PORT_BERTHS), out);
    if (st)
        return st;
    krni_resource_plan *plan = &l->sim->resources[*out];
    plan->units = (int64_t)berths;
    plan->share_of = plan->words.capacity = (double)plan->units;
    plan->words.from_node = node;
    plan->words.unit = "ships";
    l->berths_of[port] = *out;
    return KRN_OK;
}

krn_status krni_layout_wagons(krni_layout *l, krn_country country, int gauge_mm, uint32_t vehicle,
                              uint32_t *out)
{
    const krn_fleet fleet =
        krn_fleet_find(l->sim->network->package, KRN_FLEET_WAGON, country, gauge_mm, vehicle);
    return fleet_pool(l, &fleet, KRN_RESOURCE_WAGONS, "wagons", out);
}

/* ---- services ---- */

/* Departures by timetable within the run, from its begin. */
static krn_status timetable(krni_layout *l, uint32_t activity, krni_departures *out)
{
    krn_sim *sim = l->sim;
    uint32_t n = 0;
    krn_time *times = NULL;
    bool by_frequency = false;
    const krn_time end = sim->begin + (krn_time)sim->end_s;
    const krn_status st =
        krn_network_departures(sim->network, (krn_activity_id){activity}, sim->begin, end,
                               l->scratch, &n, &times, &by_frequency, l->err);
    if (st)
        return st;
    double *at_s = krn_arena_calloc(sim->arena, n + 1u, sizeof *at_s);
    if (!at_s)
        return krni_fail_memory(l->err);
    for (uint32_t i = 0; i < n; i++)
        at_s[i] = (double)(times[i] - sim->begin);
    *out = (krni_departures){.n = n, .at_s = at_s};
    return KRN_OK;
}

/* Hours aboard from a boarding on until the last call: what a ship is away for, one way. */
static double voyage_h(const krn_network *net, uint32_t board)
{
    double hours = 0.0;
    uint32_t state = net->to_state[board];
    for (uint32_t turn = 0; turn < net->n_states; turn++) {
        uint32_t next = KRN_NO_ID;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++)
            if (net->kind[a] == KRN_RIDE) {
                hours += net->typical_h[a];
                next = net->to_state[a];
                break;
            }
        if (next == KRN_NO_ID)
            break;
        state = next;
    }
    return hours;
}

krn_status krni_layout_service(krni_layout *l, uint32_t activity, uint32_t *out)
{
    krn_sim *sim = l->sim;
    const krn_network *net = sim->network;
    const krn_package *p = net->package;
    *out = l->service_of[activity];
    if (*out != NONE)
        return KRN_OK;
    const uint32_t trip = net->trip[activity];
    krn_status st = grow(l, (void **)&sim->services, sizeof *sim->services, sim->n_services,
                         &l->services_capacity);
    uint32_t resource = NONE;
    if (!st)
        st = add(l, KRN_RESOURCE_SERVICE, KRNI_WORKS_SERVICE,
                 krni_figure(KRN_TABLE_TRIP, trip, TRIP_CAPACITY), &resource);
    if (st)
        return st;
    krni_service *s = &sim->services[sim->n_services];
    const char *kind = krni_text(p, KRN_TABLE_TRIP, trip, TRIP_KIND);
    const double range_h = (net->wait_high_h[activity] - net->wait_low_h[activity]) / 0.8;
    *s = (krni_service){
        .resource = resource,
        .trip = trip,
        .board = activity,
        .headway_s = range_h > 0.0 ? fmax(1.0, (double)krni_seconds(range_h)) : NAN,
        .when_full = strcmp(kind, "tramp") == 0 || strstr(kind, "ferry") != NULL,
        .at_sea = net->mode[activity] == KRN_SEA,
        .source = krni_activity_source(net, activity),
    };
    if (isnan(s->headway_s)) {
        s->when_full = false;
        st = timetable(l, activity, &s->timetable);
    } else {
        const double ships = ceil(2.0 * voyage_h(net, activity) * KRNI_HOUR_S / s->headway_s);
        s->most_ships = ships < 1.0 ? 1 : ships > 1e6 ? 1000000u : (uint32_t)ships;
    }
    krn_sim_resource *words = &sim->resources[resource].words;
    words->from_node = net->state_node[net->from_state[activity]];
    words->rate_a_day = isnan(s->headway_s)
                            ? (sim->end_s > 0.0 ? s->timetable.n / (sim->end_s / KRNI_DAY_S) : NAN)
                            : KRNI_DAY_S / s->headway_s;
    words->capacity = krni_number_or(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY, INFINITY);
    words->unit = "departures";
    sim->resources[resource].slot = sim->n_services;
    *out = l->service_of[activity] = sim->n_services++;
    return st;
}
