/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_texts.c - what blocks and what would open, one sentence each.
 *
 *   operation.csv:41: Aktau, grain terminal: does not take this cargo (container) */
#include "plan/blocked_texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define TEXT_SIZE 512

/* Name of what a row is about, as a user knows it. */
static const char *name_of_row(const krn_package *p, krn_figure figure)
{
    static const struct {
        krn_table table;
        int column;
    } names[] = {
        {KRN_TABLE_LINK, LINK_NAME},
        {KRN_TABLE_OPERATION, OPERATION_NAME},
        {KRN_TABLE_BORDER, BORDER_CROSSING},
        {KRN_TABLE_NODE, NODE_NAME},
        {KRN_TABLE_TARIFF, TARIFF_NAME},
        {KRN_TABLE_RULE, RULE_NAME},
        {KRN_TABLE_VEHICLE, VEHICLE_NAME},
        {KRN_TABLE_TRIP, TRIP_TRIP_ID},
        {KRN_TABLE_CALENDAR, CALENDAR_CALENDAR_ID},
        {KRN_TABLE_PORT, PORT_NODE_ID},
        {KRN_TABLE_VISA, VISA_VISA_ID},
        {KRN_TABLE_GAUGE_CHANGE, GAUGE_CHANGE_GAUGE_CHANGE_ID},
        {KRN_TABLE_CARGO_CLASS, CARGO_CLASS_NAME},
        {KRN_TABLE_SEASON, SEASON_SEASON_ID},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].table == (krn_table)figure.table)
            return krni_text(p, names[i].table, figure.row, names[i].column);
    return "";
}

static const char *name_of_node(const krn_package *p, uint32_t node)
{
    return krni_text(p, KRN_TABLE_NODE, node, NODE_NAME);
}

/* "A - B (rail)"; a link without a name by its ends. */
static void write_name(const krni_planning *planning, const krni_fact *fact, char *out, size_t size)
{
    const krn_package *p = planning->network->package;
    const char *name = name_of_row(p, fact->figure);
    if (fact->activity == KRN_NO_ID) {
        snprintf(out, size, "%s", name);
        return;
    }
    krn_activity words;
    krn_network_activity(planning->network, (krn_activity_id){fact->activity}, &words);
    if (words.from_node != words.to_node)
        snprintf(out, size, "%s - %s (%s)", name_of_node(p, words.from_node),
                 name_of_node(p, words.to_node), krn_mode_name(words.mode));
    else if (fact->figure.table == KRN_TABLE_LINK) /* the part of a link up to a border */
        snprintf(out, size, "%s - %s (%s)",
                 name_of_node(p, krni_ref(p, KRN_TABLE_LINK, fact->figure.row, LINK_FROM_NODE_ID)),
                 name_of_node(p, krni_ref(p, KRN_TABLE_LINK, fact->figure.row, LINK_TO_NODE_ID)),
                 krn_mode_name(words.mode));
    else if (name[0] != '\0')
        snprintf(out, size, "%s at %s", name, name_of_node(p, words.from_node));
    else
        snprintf(out, size, "%s at %s", krn_activity_kind_name(words.kind),
                 name_of_node(p, words.from_node));
}

/* "link.csv:12: A - B (rail)" */
static void write_place(const krni_planning *planning, const krni_fact *fact, char *out,
                        size_t size)
{
    const krn_package *p = planning->network->package;
    char where[160] = "", what[256];
    if (fact->figure.table < KRN_TABLE_COUNT)
        snprintf(
            where, sizeof where,
            "%s:%u: ", krn_package_row_file(p, (krn_table)fact->figure.table, fact->figure.row),
            (unsigned)krn_package_row_line(p, (krn_table)fact->figure.table, fact->figure.row));
    write_name(planning, fact, what, sizeof what);
    snprintf(out, size, "%s%s", where, what);
}

static const char *class_name(const krni_planning *planning)
{
    return krni_text(planning->network->package, KRN_TABLE_CARGO_CLASS, planning->load.cargo_class,
                     CARGO_CLASS_CARGO_CLASS);
}

/* What the question does; undone: what it would have to do. */
static void write_filter(const krni_planning *planning, const krni_fact *fact, bool undone,
                         char *out, size_t size)
{
    const krn_plan_query *q = planning->query;
    const krni_filter *filter = &planning->filters[fact->filter];
    const char *avoids = undone ? "did not avoid" : "avoids";
    char country[3];
    switch (filter->kind) {
    case KRNI_FILTER_MODE:
        snprintf(out, size, "%s %s", undone ? "did not leave out" : "leaves out",
                 krn_mode_name((krn_mode)filter->index));
        return;
    case KRNI_FILTER_NODE:
        snprintf(out, size, "%s %s", avoids,
                 name_of_node(planning->network->package, q->avoid_nodes[filter->index]));
        return;
    case KRNI_FILTER_COUNTRY:
        krn_country_text(q->avoid_countries[filter->index], country);
        snprintf(out, size, "%s the country %s", avoids, country);
        return;
    case KRNI_FILTER_BORDER:
        snprintf(out, size, "%s the crossing %s", avoids, q->avoid_borders[filter->index]);
        return;
    case KRNI_FILTER_CARRIER:
        snprintf(out, size, "%s the carrier %s", avoids, q->avoid_carriers[filter->index]);
        return;
    case KRNI_FILTER_OTHER_CARRIERS:
        snprintf(out, size, "%s",
                 undone ? "allowed other carriers" : "asks for certain carriers only");
        return;
    }
}

static void write_fact(const krni_planning *planning, const krni_fact *fact, char *out, size_t size)
{
    char place[TEXT_SIZE];
    if (fact->block == KRN_BLOCK_FILTER) {
        write_filter(planning, fact, false, place, sizeof place);
        snprintf(out, size, "the question %s", place);
        return;
    }
    write_place(planning, fact, place, sizeof place);
    switch (fact->block) {
    case KRN_BLOCK_CARGO:
        snprintf(out, size, "%s: does not take this cargo (%s)", place, class_name(planning));
        return;
    case KRN_BLOCK_CLOSED:
        snprintf(out, size, "%s: is not in service", place);
        return;
    case KRN_BLOCK_DRAUGHT:
        snprintf(out, size, "%s: the water is too shallow for its ships to carry anything", place);
        return;
    case KRN_BLOCK_AXLE:
        snprintf(out, size, "%s: has no wagons for this cargo that the line can bear", place);
        return;
    case KRN_BLOCK_RATE:
        snprintf(out, size, "%s: the package has no price for it", place);
        return;
    case KRN_BLOCK_RULE:
        snprintf(out, size, "%s: entry is closed by this rule", place);
        return;
    case KRN_BLOCK_CALENDAR:
        snprintf(out, size, "%s: does not open and nothing departs within %d days", place,
                 KRNI_HORIZON_DAYS);
        return;
    default:
        snprintf(out, size, "%s: cannot be used", place);
        return;
    }
}

krn_status krni_fact_tell(const krni_planning *planning, const krni_fact *fact, krn_blocker *out)
{
    char text[2 * TEXT_SIZE];
    write_fact(planning, fact, text, sizeof text);
    out->block = fact->block;
    out->figure = fact->figure;
    out->node = out->link = KRN_NO_ROW;
    if (fact->activity != KRN_NO_ID) {
        krn_activity words;
        krn_network_activity(planning->network, (krn_activity_id){fact->activity}, &words);
        out->node = words.from_node;
        out->link = words.link;
    }
    out->text = krn_arena_text(planning->arena, text);
    return out->text ? KRN_OK : krni_fail_memory(planning->err);
}

krn_status krni_fact_change(const krni_planning *planning, const krni_fact *fact, krni_change *out)
{
    static const char *const predicates[KRN_BLOCK_COUNT] = {
        [KRN_BLOCK_CARGO] = "took this cargo",
        [KRN_BLOCK_CLOSED] = "were in service",
        [KRN_BLOCK_DRAUGHT] = "had deeper water or smaller ships",
        [KRN_BLOCK_AXLE] = "had lighter wagons, or wagons of its gauge",
        [KRN_BLOCK_RATE] = "had a price",
        [KRN_BLOCK_RULE] = "allowed entry",
        [KRN_BLOCK_CALENDAR] = "opened",
    };
    char text[TEXT_SIZE];
    *out = (krni_change){.subject = "the question", .predicate = predicates[fact->block]};
    if (fact->block == KRN_BLOCK_FILTER) {
        write_filter(planning, fact, true, text, sizeof text);
        out->predicate = krn_arena_text(planning->arena, text);
    } else {
        write_name(planning, fact, text, sizeof text);
        out->subject = krn_arena_text(planning->arena, text);
        if (!out->predicate)
            out->predicate = "could be used";
    }
    return out->subject && out->predicate ? KRN_OK : krni_fail_memory(planning->err);
}

/* Subjects of all changes with the predicate of the i-th: "a, b and c", or "the 3 papers". */
static void write_subjects(krni_writer *w, const krni_change *changes, uint32_t n, uint32_t i)
{
    uint32_t n_alike = 0, told = 0;
    for (uint32_t k = i; k < n; k++)
        n_alike += strcmp(changes[k].predicate, changes[i].predicate) == 0;
    if (n_alike > 1 && changes[i].several) {
        krni_writef(w, "the %u %s", (unsigned)n_alike, changes[i].several);
        return;
    }
    for (uint32_t k = i; k < n; k++) {
        if (strcmp(changes[k].predicate, changes[i].predicate) != 0)
            continue;
        told++;
        krni_writef(w, "%s%s",
                    told == 1         ? ""
                    : told == n_alike ? " and "
                                      : ", ",
                    changes[k].subject);
    }
}

/* Index of the first change with the predicate of the i-th. */
static uint32_t first_alike(const krni_change *changes, uint32_t i)
{
    uint32_t first = 0;
    while (strcmp(changes[first].predicate, changes[i].predicate) != 0)
        first++;
    return first;
}

/* "if a and b were in service, and the question did not leave out road" */
static void write_changes(krni_writer *w, const krni_change *changes, uint32_t n)
{
    uint32_t n_clauses = 0, told = 0;
    const char *subject = "";
    for (uint32_t i = 0; i < n; i++)
        n_clauses += first_alike(changes, i) == i;
    krni_write(w, "if ");
    for (uint32_t i = 0; i < n; i++) {
        if (first_alike(changes, i) != i)
            continue;
        told++;
        krni_write(w, told == 1          ? ""
                      : told < n_clauses ? ", "
                      : n_clauses > 2    ? ", and "
                                         : " and ");
        if (strcmp(subject, changes[i].subject) != 0) {
            write_subjects(w, changes, n, i);
            krni_write(w, " ");
        }
        krni_write(w, changes[i].predicate);
        subject = changes[i].subject;
    }
}

krn_status krni_opening_tell(const krni_planning *planning, const krni_opening *opening,
                             const krni_change *changes, const char *then, krn_blocked *out)
{
    char text[64];
    krni_writer w;
    out->n_facts = opening->n;
    out->facts_at_least = opening->at_least;
    out->n_sets = opening->n_sets;
    out->opening_cost_usd = opening->opened.usd;
    out->opening_cheapest = opening->all && (opening->n_sets == 1 || !isnan(opening->opened.usd));
    krni_writer_init(&w, planning->arena);
    write_changes(&w, changes, opening->n);
    krni_writef(&w, ", %s", then);
    if (out->opening_arrival != KRN_TIME_NONE) {
        krn_time_text(planning->network->calendars, planning->query->consignment.destination,
                      out->opening_arrival, text, sizeof text);
        krni_writef(&w, ", there by %s", text);
    }
    if (!isnan(out->opening_cost_usd))
        krni_writef(&w, ", from %s USD",
                    krni_number_text(out->opening_cost_usd, 0, true, text, sizeof text));
    out->opening = krni_writer_text(&w);
    return out->opening ? KRN_OK : krni_fail_memory(planning->err);
}

void krni_facts_text(const krn_blocked *blocked, const char *one, const char *several, char *out,
                     size_t size)
{
    const uint32_t n = blocked->facts_at_least;
    char more[64] = "";
    if (n < blocked->n_facts)
        snprintf(more, sizeof more, "; one set of %u is told", (unsigned)blocked->n_facts);
    snprintf(out, size, "%s%u %s%s", *more ? "at least " : "", (unsigned)n, n == 1 ? one : several,
             more);
}

krn_status krni_reason_tell(const krni_planning *planning, krni_reason reason, krn_blocked *out)
{
    const krn_package *p = planning->network->package;
    const krn_consignment *c = &planning->query->consignment;
    const char *from = name_of_node(p, c->origin), *to = name_of_node(p, c->destination);
    char text[TEXT_SIZE], facts[128];
    switch (reason) {
    case KRNI_NOT_CONNECTED:
        snprintf(text, sizeof text,
                 "no way from %s to %s: the package has no connection between them%s", from, to,
                 planning->n_required ? " through the required places" : "");
        break;
    case KRNI_BLOCKED:
        krni_facts_text(out, "fact blocks it", "facts together block it", facts, sizeof facts);
        snprintf(text, sizeof text, "no way from %s to %s: %s", from, to, facts);
        break;
    case KRNI_TURNS_BACK:
        snprintf(text, sizeof text,
                 "no way from %s to %s crosses what is required: it can only be touched, and left "
                 "where it was entered",
                 from, to);
        break;
    case KRNI_NOT_IN_TIME:
        snprintf(text, sizeof text, "no way from %s to %s opens in the %d days before the time",
                 from, to, KRNI_HORIZON_DAYS);
        break;
    }
    out->reason = krn_arena_text(planning->arena, text);
    return out->reason ? KRN_OK : krni_fail_memory(planning->err);
}
