/* SPDX-License-Identifier: Apache-2.0 */
/* late_texts.c - what delays and what would help, one sentence each.
 *
 *   rule.csv:14: phytosanitary certificate: 7 days from the day the goods are ready */
#include "plan/late_texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define TEXT_SIZE     1024
#define HOURS_PER_DAY 24.0
#define TELL_DAYS_H   48.0 /* from here on in days */

static void write_hours(double hours_h, char *out, size_t size)
{
    if (hours_h < TELL_DAYS_H)
        (void)snprintf(out, size, "%.1f h", hours_h);
    else
        (void)snprintf(out, size, "%.1f days", hours_h / HOURS_PER_DAY);
    char *dot = strstr(out, ".0 ");
    if (dot)
        memmove(dot, dot + 2, strlen(dot + 2) + 1);
}

static const char *node_name(const krni_planning *planning, uint32_t activity)
{
    const krn_network *net = planning->network;
    return krni_text(net->package, KRN_TABLE_NODE, net->state_node[net->from_state[activity]],
                     NODE_NAME);
}

/* What a paper is: name of the rule, visa, booking. */
static void write_paper(const krni_planning *planning, const krni_fact *fact, char *out,
                        size_t size)
{
    const krn_package *p = planning->network->package;
    const uint32_t row = fact->figure.row;
    if (fact->figure.table == KRN_TABLE_RULE)
        (void)snprintf(out, size, "%s", krni_text(p, KRN_TABLE_RULE, row, RULE_NAME));
    else if (fact->figure.table == KRN_TABLE_VISA)
        (void)snprintf(out, size, "visa for %s (%s)",
                       krni_text(p, KRN_TABLE_VISA, row, VISA_DESTINATION),
                       krni_text(p, KRN_TABLE_VISA, row, VISA_SUBJECT));
    else
        (void)snprintf(out, size, "booking of a place at %s", node_name(planning, fact->activity));
}

/* Place of a step, or what is done there: without its hours. */
static void write_step(const krni_planning *planning, const krni_late_fact *late, char *out,
                       size_t size)
{
    const krn_package *p = planning->network->package;
    krn_activity words;
    krn_network_activity(planning->network, (krn_activity_id){late->fact.activity}, &words);
    if (words.from_node != words.to_node)
        (void)snprintf(out, size, "%s - %s (%s)", node_name(planning, late->fact.activity),
                       krni_text(p, KRN_TABLE_NODE, words.to_node, NODE_NAME),
                       krn_mode_name(words.mode));
    else
        (void)snprintf(out, size, "%s at %s", krn_activity_kind_name(words.kind),
                       node_name(planning, late->fact.activity));
}

static void write_time(const krni_planning *planning, const krni_late_fact *late, const char *hours,
                       char *out, size_t size)
{
    char step[TEXT_SIZE / 4];
    write_step(planning, late, step, sizeof step);
    (void)snprintf(out, size, "%s: %s", step, hours);
}

/* The part behind the place of the row. */
static void write_what(const krni_planning *planning, const krni_late_fact *late, char *out,
                       size_t size)
{
    const krni_fact *fact = &late->fact;
    const krn_package *p = planning->network->package;
    char hours[48], what[TEXT_SIZE / 2];
    write_hours(late->delay_h, hours, sizeof hours);
    const char *at = node_name(planning, fact->activity);
    switch (fact->block) {
    case KRN_BLOCK_PAPERS:
        write_paper(planning, fact, what, sizeof what);
        (void)snprintf(out, size, "%s: takes %s from when the goods are ready", what, hours);
        return;
    case KRN_BLOCK_CALENDAR:
        if (fact->figure.table == KRN_TABLE_SEASON && late->delay_h > 0.0)
            (void)snprintf(out, size, "season at %s: adds %s", at, hours);
        else if (fact->figure.table == KRN_TABLE_SEASON)
            (void)snprintf(out, size, "season at %s: closed for a time", at);
        else
            (void)snprintf(out, size, "opening hours and holidays, at %s and wherever they hold",
                           at);
        return;
    case KRN_BLOCK_DEPARTURE:
        if (late->delay_h > 0.0)
            (void)snprintf(out, size, "departure of %s at %s: usually waited for %s",
                           krni_text(p, KRN_TABLE_TRIP, fact->figure.row, TRIP_TRIP_ID), at, hours);
        else
            (void)snprintf(out, size, "%s at %s: departs by its timetable only",
                           krni_text(p, KRN_TABLE_TRIP, fact->figure.row, TRIP_TRIP_ID), at);
        return;
    case KRN_BLOCK_QUANTITY:
        write_time(planning, late, hours, what, sizeof what);
        (void)snprintf(out, size, "%s more than a usual lot, for the quantity", what);
        return;
    default:
        write_time(planning, late, hours, out, size);
        return;
    }
}

static bool is_of_time(const krni_late_fact *late)
{
    return late->fact.block >= KRN_BLOCK_PAPERS ||
           (late->fact.block == KRN_BLOCK_CALENDAR && late->fact.figure.table != KRN_TABLE_TRIP &&
            (late->fact.figure.table == KRN_TABLE_CALENDAR ||
             late->fact.figure.table == KRN_TABLE_SEASON));
}

krn_status krni_late_fact_tell(const krni_planning *planning, const krni_late_fact *late,
                               krn_blocker *out)
{
    if (!is_of_time(late))
        return krni_fact_tell(planning, &late->fact, out);
    const krn_package *p = planning->network->package;
    const krni_fact *fact = &late->fact;
    char what[TEXT_SIZE], text[TEXT_SIZE + 160];
    write_what(planning, late, what, sizeof what);
    if (fact->figure.table < KRN_TABLE_COUNT)
        (void)snprintf(
            text, sizeof text, "%s:%u: %s",
            krn_package_row_file(p, (krn_table)fact->figure.table, fact->figure.row),
            (unsigned)krn_package_row_line(p, (krn_table)fact->figure.table, fact->figure.row),
            what);
    else
        (void)snprintf(text, sizeof text, "%s", what);
    *out = (krn_blocker){fact->block, fact->figure, KRN_NO_ROW, KRN_NO_ROW,
                         krn_arena_text(planning->arena, text)};
    if (fact->block != KRN_BLOCK_PAPERS && fact->figure.table != KRN_TABLE_CALENDAR) {
        krn_activity words; /* papers and opening hours hold at many places */
        krn_network_activity(planning->network, (krn_activity_id){fact->activity}, &words);
        out->node = words.from_node;
        out->link = words.link;
    }
    return out->text ? KRN_OK : krni_fail_memory(planning->err);
}

static krni_change change_of_calendar(const krni_late_fact *late, const char *at, char *subject,
                                      size_t size)
{
    const bool season = late->fact.figure.table == KRN_TABLE_SEASON;
    if (season && late->delay_h > 0.0) {
        (void)snprintf(subject, size, "the season at %s", at);
        return (krni_change){.predicate = "added no time"};
    }
    (void)snprintf(subject, size, "%s%s", at, season ? "" : " and all that keeps its hours");
    return (krni_change){.predicate = season ? "were open through the season" : "were always open"};
}

krn_status krni_late_fact_change(const krni_planning *planning, const krni_late_fact *late,
                                 krni_change *out)
{
    const krni_fact *fact = &late->fact;
    if (!is_of_time(late))
        return krni_fact_change(planning, fact, out);
    const char *at = node_name(planning, fact->activity);
    char subject[TEXT_SIZE], what[TEXT_SIZE / 2];
    if (fact->block == KRN_BLOCK_PAPERS) {
        write_paper(planning, fact, what, sizeof what);
        (void)snprintf(subject, sizeof subject,
                       fact->figure.table == KRN_TABLE_RULE ? "\"%s\"" : "the %s", what);
        *out = (krni_change){.predicate = "were at hand when the goods are ready",
                             .several = "papers"};
    } else if (fact->block == KRN_BLOCK_CALENDAR) {
        *out = change_of_calendar(late, at, subject, sizeof subject);
    } else if (fact->block == KRN_BLOCK_DEPARTURE) {
        (void)snprintf(
            subject, sizeof subject, "%s at %s",
            krni_text(planning->network->package, KRN_TABLE_TRIP, fact->figure.row, TRIP_TRIP_ID),
            at);
        *out = (krni_change){.predicate = "left when the goods are there"};
    } else {
        write_step(planning, late, subject, sizeof subject);
        *out = (krni_change){.predicate = "handled the quantity at once"};
    }
    out->subject = krn_arena_text(planning->arena, subject);
    return out->subject ? KRN_OK : krni_fail_memory(planning->err);
}

krn_status krni_late_reason_tell(const krni_planning *planning, double running_days,
                                 krn_blocked *out)
{
    const krn_package *p = planning->network->package;
    const krn_consignment *c = &planning->query->consignment;
    char text[TEXT_SIZE], facts[128], why[160] = "";
    if (!isnan(running_days))
        (void)snprintf(why, sizeof why,
                       ": even with nothing to wait for the fastest way takes %.1f days; its "
                       "longest steps are the facts",
                       running_days);
    else if (out->n_facts) {
        krni_facts_text(out, "fact holds it up", "facts together hold it up", facts, sizeof facts);
        (void)snprintf(why, sizeof why, ": %s", facts);
    }
    (void)snprintf(text, sizeof text, "no way from %s to %s arrives in time%s",
                   krni_text(p, KRN_TABLE_NODE, c->origin, NODE_NAME),
                   krni_text(p, KRN_TABLE_NODE, c->destination, NODE_NAME), why);
    out->reason = krn_arena_text(planning->arena, text);
    return out->reason ? KRN_OK : krni_fail_memory(planning->err);
}
