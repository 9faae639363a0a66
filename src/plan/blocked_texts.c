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

/* "link.csv:12: A - B (rail): "; a link without a name by its ends. */
static void write_place(const krni_planning *planning, const krni_fact *fact, char *out,
                        size_t size)
{
    const krn_package *p = planning->network->package;
    char where[160] = "";
    if (fact->figure.table < KRN_TABLE_COUNT)
        snprintf(
            where, sizeof where,
            "%s:%u: ", krn_package_row_file(p, (krn_table)fact->figure.table, fact->figure.row),
            (unsigned)krn_package_row_line(p, (krn_table)fact->figure.table, fact->figure.row));
    char what[256] = "";
    const char *name = name_of_row(p, fact->figure);
    if (fact->activity != KRN_NO_ID) {
        krn_activity words;
        krn_network_activity(planning->network, (krn_activity_id){fact->activity}, &words);
        if (words.from_node != words.to_node)
            snprintf(what, sizeof what, "%s - %s (%s)", name_of_node(p, words.from_node),
                     name_of_node(p, words.to_node), krn_mode_name(words.mode));
        else if (name[0] != '\0')
            snprintf(what, sizeof what, "%s at %s", name, name_of_node(p, words.from_node));
        else
            snprintf(what, sizeof what, "%s at %s", krn_activity_kind_name(words.kind),
                     name_of_node(p, words.from_node));
    } else {
        snprintf(what, sizeof what, "%s", name);
    }
    snprintf(out, size, "%s%s", where, what);
}

static const char *class_name(const krni_planning *planning)
{
    return krni_text(planning->network->package, KRN_TABLE_CARGO_CLASS, planning->load.cargo_class,
                     CARGO_CLASS_CARGO_CLASS);
}

static void write_filter(const krni_planning *planning, const krni_fact *fact, char *out,
                         size_t size)
{
    const krn_plan_query *q = planning->query;
    const krni_filter *filter = &planning->filters[fact->filter];
    char country[3];
    switch (filter->kind) {
    case KRNI_FILTER_MODE:
        snprintf(out, size, "the question leaves out %s", krn_mode_name((krn_mode)filter->index));
        return;
    case KRNI_FILTER_NODE:
        snprintf(out, size, "the question avoids %s",
                 name_of_node(planning->network->package, q->avoid_nodes[filter->index]));
        return;
    case KRNI_FILTER_COUNTRY:
        krn_country_text(q->avoid_countries[filter->index], country);
        snprintf(out, size, "the question avoids the country %s", country);
        return;
    case KRNI_FILTER_BORDER:
        snprintf(out, size, "the question avoids the crossing %s", q->avoid_borders[filter->index]);
        return;
    case KRNI_FILTER_CARRIER:
        snprintf(out, size, "the question avoids the carrier %s", q->avoid_carriers[filter->index]);
        return;
    case KRNI_FILTER_OTHER_CARRIERS:
        snprintf(out, size, "the question asks for certain carriers only");
        return;
    }
}

static void write_fact(const krni_planning *planning, const krni_fact *fact, char *out, size_t size)
{
    if (fact->block == KRN_BLOCK_FILTER) {
        write_filter(planning, fact, out, size);
        return;
    }
    char place[TEXT_SIZE];
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

krn_status krni_opening_tell(const krni_planning *planning, const krni_fact *fact, krn_blocked *out)
{
    static const char *const changes[KRN_BLOCK_COUNT] = {
        [KRN_BLOCK_CARGO] = "if it took this cargo",
        [KRN_BLOCK_CLOSED] = "if it were in service",
        [KRN_BLOCK_DRAUGHT] = "with deeper water or smaller ships",
        [KRN_BLOCK_AXLE] = "with lighter wagons, or wagons of its gauge",
        [KRN_BLOCK_RATE] = "if it had a price",
        [KRN_BLOCK_RULE] = "if entry were allowed",
        [KRN_BLOCK_CALENDAR] = "if it opened",
        [KRN_BLOCK_FILTER] = "if it did not",
    };
    char text[2 * TEXT_SIZE + 128], fact_text[2 * TEXT_SIZE], cost[64] = "", usd[40];
    write_fact(planning, fact, fact_text, sizeof fact_text);
    if (!isnan(out->opening_cost_usd))
        snprintf(cost, sizeof cost, ", from %s USD",
                 krni_number_text(out->opening_cost_usd, 0, true, usd, sizeof usd));
    const char *change = changes[fact->block] ? changes[fact->block] : "without it";
    snprintf(text, sizeof text, "%s; %s there would be a route%s", fact_text, change, cost);
    out->opening = krn_arena_text(planning->arena, text);
    return out->opening ? KRN_OK : krni_fail_memory(planning->err);
}

krn_status krni_reason_tell(const krni_planning *planning, krni_reason reason, krn_blocked *out)
{
    const krn_package *p = planning->network->package;
    const krn_consignment *c = &planning->query->consignment;
    const char *from = name_of_node(p, c->origin), *to = name_of_node(p, c->destination);
    char text[TEXT_SIZE];
    switch (reason) {
    case KRNI_NOT_CONNECTED:
        snprintf(text, sizeof text,
                 "no way from %s to %s: the package has no connection between them%s", from, to,
                 planning->n_required ? " through the required places" : "");
        break;
    case KRNI_BLOCKED:
        snprintf(text, sizeof text, "no way from %s to %s: %u fact%s it", from, to,
                 (unsigned)out->n_facts, out->n_facts == 1 ? " blocks" : "s together block");
        break;
    case KRNI_NOT_IN_TIME:
        snprintf(text, sizeof text, "no way from %s to %s opens in the %d days before the time",
                 from, to, KRNI_HORIZON_DAYS);
        break;
    }
    out->reason = krn_arena_text(planning->arena, text);
    return out->reason ? KRN_OK : krni_fail_memory(planning->err);
}
