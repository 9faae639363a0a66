/* SPDX-License-Identifier: Apache-2.0 */
/* route_table.c - one route on a terminal: sums, legs step by step in local time, charges by
 * country and kind. Hauls one behind another are one line; a border, a change of gauge, a transfer
 * and a wait are lines of their own. */
#include "report/plan_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/tables.h"

/* ---- the head ---- */

static const char *best_words(const krn_route *route, krni_writer *w)
{
    static const char *const words[KRN_CRITERION_COUNT] = {
        [KRN_ARRIVAL] = "first there",     [KRN_COST] = "cheapest", [KRN_CO2E] = "least CO2e",
        [KRN_HANDLINGS] = "least handled", [KRN_RISK] = "surest",
    };
    for (unsigned c = 0; c < KRN_CRITERION_COUNT; c++)
        if (route->best_of & (1u << c))
            krni_writef(w, "%s%s", w->size ? ", " : "", words[c]);
    const char *text = krni_writer_text(w);
    return text ? text : "";
}

static void write_head(krni_page *page, const krni_answer *answer, uint32_t index)
{
    const krn_route *r = &answer->result->routes[index];
    char letter[KRNI_WORD], money[KRNI_WORD], span[KRNI_WORD], co2[KRNI_WORD];
    krni_writer left, best, line;
    krni_writer_init(&left, answer->arena);
    krni_writer_init(&best, answer->arena);
    krni_writer_init(&line, answer->arena);
    krni_writef(&left, "%s   %s days, %s USD, %s t CO2e", krni_route_letter(index, letter),
                krni_number_text(r->duration_h / 24, 1, true, span, sizeof span),
                krni_number_text(r->cost_usd, 0, true, money, sizeof money),
                krni_number_text(r->wtw_kg_co2e / 1000, r->wtw_kg_co2e < 99500 ? 1 : 0, true, co2,
                                 sizeof co2));
    const char *text = krni_writer_text(&left), *words = best_words(r, &best);
    krni_write(page->out, "\n");
    krni_page_bold(page, text ? text : "");
    const size_t width = text ? krni_width(text) : 0, room = krni_width(words);
    if (room && width + 2 + room <= page->columns) {
        krni_write_repeat(page->out, " ", page->columns - width - room);
        krni_page_dim(page, words);
    }
    krni_write(page->out, "\n");
    krni_page_rule(page, 0);
}

static void field(krni_page *page, const char *label, krni_writer *line)
{
    const char *text = krni_writer_text(line);
    krni_page_field(page, label, text ? text : "", 4, 10);
    krni_writer_clear(line);
}

static void add_part(krni_writer *w, const char *name, double part_h)
{
    char span[KRNI_WORD];
    if (part_h >= 0.05)
        krni_writef(w, "%s%s %s", w->size ? ", " : "", name, krni_span(part_h, span));
}

static void write_sums(krni_page *page, const krni_answer *answer, const krn_route *r)
{
    const uint32_t from = answer->query->consignment.origin,
                   to = answer->query->consignment.destination;
    char a[KRNI_WORD], b[KRNI_WORD], c[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, answer->arena);
    krni_writef(&line, "%s, %s", krni_when(answer->network, from, r->departure, a),
                krni_place_name(answer->package, from));
    field(page, "leaves", &line);
    krni_writef(&line, "%s, %s", krni_when(answer->network, to, r->arrival, a),
                krni_place_name(answer->package, to));
    field(page, "arrives", &line);
    krni_writef(&line, "P10 %s, P50 %s, P90 %s",
                krni_date_short(answer->network, to, r->arrival_p10, r->departure, a),
                krni_date_short(answer->network, to, r->arrival_p50, r->departure, b),
                krni_date_short(answer->network, to, r->arrival_p90, r->departure, c));
    if (!isnan(r->on_time_prob))
        krni_writef(&line, "; in time in %s of 100 cases",
                    krni_number_text(100 * r->on_time_prob, 0, false, a, sizeof a));
    field(page, "sure", &line);
    add_part(&line, "moving", r->moving_h);
    add_part(&line, "terminals", r->terminal_h);
    add_part(&line, "borders", r->border_h);
    add_part(&line, "gauge", r->gauge_change_h);
    add_part(&line, "waiting", r->waiting_h);
    field(page, "time", &line);
    const double papers_h = krni_papers_wait_h(r);
    if (papers_h >= 1.0) {
        krni_writef(&line, "hold it up %s", krni_span(papers_h, a));
        field(page, "papers", &line);
    }
    krni_writef(&line, "%s kg well to wheel, %s kg tank to wheel; %s km",
                krni_number_text(r->wtw_kg_co2e, 0, true, a, sizeof a),
                krni_number_text(r->ttw_kg_co2e, 0, true, b, sizeof b),
                krni_number_text(r->length_km, 0, true, c, sizeof c));
    field(page, "CO2e", &line);
    krni_writef(&line, "weakest figure used: %s", krn_quality_name(r->quality));
    field(page, "known", &line);
}

/* ---- legs ---- */

static bool is_moving(const krn_step *step)
{
    return step->kind == KRN_HAUL || step->kind == KRN_RIDE;
}

static void write_wait(krni_writer *w, const krn_step *s)
{
    char span[KRNI_WORD];
    const double wait_h = (double)(s->start - s->arrive) / KRN_SECONDS_PER_HOUR;
    if (wait_h < 0.05)
        return;
    const bool papers = s->gate != KRN_TIME_NONE && s->gate > s->arrive;
    krni_writef(w, ", after waiting %s%s", krni_span(wait_h, span), papers ? " for papers" : "");
}

/* As people say it; a method that a package names otherwise is told as it stands. */
static const char *gauge_method(const char *method)
{
    if (strcmp(method, "bogie_exchange") == 0)
        return "exchange of bogies";
    return method;
}

static void write_event(krni_writer *w, const krni_answer *answer, const krn_leg *leg,
                        const krn_step *s)
{
    const krn_package *package = answer->package;
    const krn_table table = (krn_table)s->time_figure.table;
    krn_activity words;
    krn_network_activity(answer->network, s->activity, &words);
    char country[3], other[3];
    switch (s->kind) {
    case KRN_CROSS:
        krn_country_text(words.country, country);
        krn_country_text(words.enters, other);
        krni_writef(w, "border %s, %s to %s", krni_crossing_of(answer->network, s), country, other);
        break;
    case KRN_GAUGE_CHANGE:
        krni_writef(w, "change of gauge at %s", krni_place_name(package, s->from_node));
        if (table == KRN_TABLE_GAUGE_CHANGE)
            krni_writef(
                w, ", %s to %s mm, by %s",
                krni_text(package, table, s->time_figure.row, GAUGE_CHANGE_FROM_GAUGE_MM),
                krni_text(package, table, s->time_figure.row, GAUGE_CHANGE_TO_GAUGE_MM),
                gauge_method(krni_text(package, table, s->time_figure.row, GAUGE_CHANGE_METHOD)));
        break;
    case KRN_BOARD: {
        const char *service = krni_service_of(package, words.trip);
        krni_writef(w, "departure of %s", *service ? service : krn_mode_name(leg->mode));
        break;
    }
    case KRN_TRANSFER: {
        const bool own = table == KRN_TABLE_OPERATION && /* not of every place of a kind */
                         *krni_text(package, table, s->time_figure.row, OPERATION_NODE_ID);
        const char *name = own ? krni_text(package, table, s->time_figure.row, OPERATION_NAME) : "";
        const bool loads = words.from_side == KRN_SIDE_REST,
                   unloads = words.to_side == KRN_SIDE_REST;
        krni_writef(w, "%s at %s%s%s",
                    loads     ? "loading"
                    : unloads ? "unloading"
                              : "transhipment",
                    krni_place_name(package, s->from_node), *name ? ": " : "", name);
        break;
    }
    case KRN_ALIGHT:
        krni_writef(w, "%s at %s", leg->mode == KRN_SEA ? "berth" : "arrival",
                    krni_place_name(package, s->to_node));
        break;
    default:
        krni_write(w, krn_activity_kind_name(s->kind));
        break;
    }
    write_wait(w, s);
}

/* Steps of one haul without an event between: first .. *end - 1. */
static double run_of_hauls(const krn_route *r, uint32_t first, uint32_t last, uint32_t *end)
{
    double length_km = 0;
    uint32_t i = first;
    while (i < last && is_moving(&r->steps[i]) &&
           (i == first || r->steps[i].start - r->steps[i].arrive < 180)) {
        length_km += r->steps[i].length_km;
        i++;
    }
    *end = i;
    return length_km;
}

/* From where to where hauls lead. A way to the border and the way on from there bear the name of
 * the place before or behind it. */
static void write_run(krni_writer *w, const krni_answer *answer, const krn_step *first,
                      const krn_step *last)
{
    if (first->from_node != last->to_node) {
        krni_write_ends(w, answer->package, first->from_node, last->to_node);
        return;
    }
    krn_activity from, to;
    krn_network_activity(answer->network, first->activity, &from);
    krn_network_activity(answer->network, last->activity, &to);
    const char *name = krni_place_name(answer->package, last->to_node);
    const bool leaves = from.from_side == KRN_SIDE_BORDER, ends = to.to_side == KRN_SIDE_BORDER;
    if (leaves && ends)
        krni_writef(w, "border → border at %s", name);
    else
        krni_writef(w, "%s → %s", leaves ? "border" : name, ends ? "border" : name);
}

static void write_leg_steps(krni_grid *grid, const krni_answer *answer, const krn_route *r,
                            const krn_leg *leg)
{
    const uint32_t last = leg->first_step + leg->n_steps;
    char when[KRNI_WORD], km[KRNI_WORD];
    for (uint32_t i = leg->first_step; i < last;) {
        const krn_step *s = &r->steps[i];
        krni_writer line;
        krni_writer_init(&line, answer->arena);
        uint32_t end = i + 1;
        double span_h = (double)(s->end - s->start) / KRN_SECONDS_PER_HOUR;
        if (is_moving(s)) {
            const double length_km = run_of_hauls(r, i, last, &end);
            const krn_step *stop = &r->steps[end - 1];
            span_h = (double)(stop->end - s->start) / KRN_SECONDS_PER_HOUR;
            write_run(&line, answer, s, stop);
            krni_writef(&line, ", %s km", krni_number_text(length_km, 0, true, km, sizeof km));
            write_wait(&line, s);
        } else {
            if (s->kind == KRN_ALIGHT && span_h < 0.05) {
                i = end;
                continue;
            }
            write_event(&line, answer, leg, s);
        }
        krni_grid_format(grid, "%s",
                         krni_when_short(answer->network, s->from_node, s->start, when));
        krni_grid_cell(grid, krni_writer_text(&line));
        krni_grid_format(grid, "%s", span_h < 0.05 ? "" : krni_span(span_h, km));
        i = end;
    }
}

static void write_leg(krni_page *page, const krni_answer *answer, const krn_route *r, uint32_t l)
{
    static const krni_grid_column columns[] = {
        {NULL, KRNI_LEFT, 0}, {NULL, KRNI_LEFT, 24}, {NULL, KRNI_RIGHT, 0}};
    const krn_leg *leg = &r->legs[l];
    const krn_package *package = answer->package;
    char km[KRNI_WORD];
    krni_writer head;
    krni_writer_init(&head, answer->arena);
    krni_writef(&head, "%u  %s   ", l + 1, krn_mode_name(leg->mode));
    krni_write_ends(&head, package, leg->from_node, leg->to_node);
    krni_writef(&head, ", %s km", krni_number_text(leg->length_km, 0, true, km, sizeof km));
    if (leg->n_vehicles)
        krni_writef(&head, ", %u %s%s", leg->n_vehicles,
                    leg->mode == KRN_RAIL   ? "wagon"
                    : leg->mode == KRN_ROAD ? "truck"
                                            : "ship",
                    leg->n_vehicles == 1 ? "" : "s");
    const char *carrier = krni_carrier_of(package, leg->trip);
    if (*carrier)
        krni_writef(&head, ", %s", carrier);
    const char *text = krni_writer_text(&head);
    krni_write(page->out, "\n  ");
    if (page->colour)
        krni_write(page->out, "\033[1m");
    krni_write_wrapped(page->out, text ? text : "", page->columns - 2, 5);
    if (page->colour)
        krni_write(page->out, "\033[0m");
    krni_write(page->out, "\n");
    krni_grid grid;
    krni_grid_init(&grid, answer->arena, columns, 3);
    write_leg_steps(&grid, answer, r, leg);
    krni_grid_write(&grid, page, 4);
    if (leg->n_regimes) {
        krni_writer line;
        krni_writer_init(&line, answer->arena);
        for (uint32_t i = 0; i < leg->n_regimes; i++)
            krni_writef(&line, "%s%s%s%s", i ? ", from " : "",
                        i ? krni_place_name(package, leg->regime_nodes[i]) : "", i ? " on " : "",
                        *leg->regimes[i] ? leg->regimes[i] : "unknown");
        const char *law = krni_writer_text(&line);
        krni_page_field(page, "law", law ? law : "", 4, 10);
    } else {
        krni_page_field(page, "law", "of the country: the leg does not leave it", 4, 10);
    }
}

/* ---- charges ---- */

/* What a charge is for: "rail haul", "border", ... */
static const char *kind_of_charge(const krni_answer *answer, const krn_charge *charge)
{
    static const struct {
        const char *charge, *words;
    } tariffs[] = {{"haul", "haul"},          {"wagon", "wagons"},
                   {"freight", "freight"},    {"through", "through rate"},
                   {"terminal", "terminals"}, {"border", "border"},
                   {"seal", "seals"},         {"storage", "storage"},
                   {"other", "other"}};
    switch (charge->figure.table) {
    case KRN_TABLE_TARIFF: {
        const char *kind =
            krni_text(answer->package, KRN_TABLE_TARIFF, charge->figure.row, TARIFF_CHARGE);
        for (size_t i = 0; i < sizeof tariffs / sizeof tariffs[0]; i++)
            if (strcmp(kind, tariffs[i].charge) == 0)
                return tariffs[i].words;
        return kind;
    }
    case KRN_TABLE_BORDER:
        return "border";
    case KRN_TABLE_GAUGE_CHANGE:
        return "change of gauge";
    case KRN_TABLE_OPERATION:
        return charge->figure.column == OPERATION_STORAGE_USD_UNIT_DAY ? "storage" : "terminals";
    case KRN_TABLE_RULE:
    case KRN_TABLE_VISA:
        return "papers";
    default:
        return "other";
    }
}

typedef struct charge_group {
    uint32_t leg;
    krn_country country;
    const char *kind;
    double amount_usd;
    krn_quality quality;
} charge_group;

static uint32_t group_charges(const krni_answer *answer, const krn_route *r, charge_group *groups)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->charges.n_charges; i++) {
        const krn_charge *c = &r->charges.charges[i];
        const char *kind = kind_of_charge(answer, c);
        uint32_t g = 0;
        while (g < n && (groups[g].leg != c->leg || groups[g].country != c->country ||
                         strcmp(groups[g].kind, kind) != 0))
            g++;
        if (g == n)
            groups[n++] = (charge_group){c->leg, c->country, kind, 0, KRN_PUBLISHED};
        groups[g].amount_usd += c->amount_usd;
        groups[g].quality = krn_quality_weakest(groups[g].quality, c->quality);
    }
    return n;
}

static void write_charges(krni_page *page, const krni_answer *answer, const krn_route *r)
{
    static const krni_grid_column columns[] = {{"charge", KRNI_LEFT, 0}, {"where", KRNI_LEFT, 0},
                                               {"for", KRNI_LEFT, 16},   {"USD", KRNI_RIGHT, 0},
                                               {"per t", KRNI_RIGHT, 0}, {"share", KRNI_RIGHT, 0},
                                               {"", KRNI_LEFT, 0}};
    const double net_t = answer->result->load.net_t;
    charge_group *groups =
        krn_arena_calloc(answer->arena, r->charges.n_charges + 1u, sizeof *groups);
    if (!groups) {
        page->out->failed = true;
        return;
    }
    const uint32_t n = group_charges(answer, r, groups);
    krni_grid grid;
    krni_grid_init(&grid, answer->arena, columns, 7);
    for (uint32_t g = 0; g <= n; g++) {
        const bool total = g == n;
        char country[3];
        krn_country_text(total ? 0 : groups[g].country, country);
        const double usd = total ? r->cost_usd : groups[g].amount_usd;
        if (total)
            krni_grid_cell(&grid, "total");
        else if (groups[g].leg == KRN_NO_ROW || groups[g].leg >= r->n_legs)
            krni_grid_cell(&grid, "route");
        else
            krni_grid_format(&grid, "leg %u %s", groups[g].leg + 1,
                             krn_mode_name(r->legs[groups[g].leg].mode));
        krni_grid_cell(&grid,
                       total || !groups[g].country ? "" : krn_arena_text(answer->arena, country));
        krni_grid_cell(&grid, total ? "" : groups[g].kind);
        krni_grid_number(&grid, usd, 0, true);
        krni_grid_number(&grid, usd / net_t, 2, true);
        char share[KRNI_WORD];
        krni_grid_format(&grid, "%s%%",
                         krni_number_text(r->cost_usd > 0 ? 100 * usd / r->cost_usd : 0, 0, false,
                                          share, sizeof share));
        krni_grid_cell(&grid, total ? "" : krni_quality_letter(groups[g].quality));
    }
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 4);
}

void krni_route_table(krni_page *page, const krni_answer *answer, uint32_t index)
{
    const krn_route *r = &answer->result->routes[index];
    write_head(page, answer, index);
    write_sums(page, answer, r);
    for (uint32_t l = 0; l < r->n_legs; l++)
        write_leg(page, answer, r, l);
    if (r->charges.n_charges)
        write_charges(page, answer, r);
}
