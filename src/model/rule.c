/* SPDX-License-Identifier: Apache-2.0 */
/* rule.c - papers: which row of rule.csv or visa.csv is asked for at which point of a route.
 *
 *   points   departure | leave A | enter B | gauge change | load on ship | delivery
 *   paper    asked for at the first point at which its gate stands and its conditions hold
 *   gate     not passed before ready time + longest typical lead of the papers asked for there
 *
 * A paper of the departure that names modes is asked for where the goods first go by such a mode:
 * at departure when the first leg does, else at the first point of a leg that does.
 * Conditions on the route (countries passed in transit, entered, left; places touched) that are not
 * known count as met, so that a gate is never too small. At a change of gauge, a quay or the
 * delivery the place is the point itself; a quay that is not known counts as met too. */
#include <keruen/rule.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/rule_book.h"

#define HOURS_PER_DAY 24.0

const char *krn_gate_name(krn_gate gate)
{
    static const char *const names[] = {
        [KRN_GATE_DEPARTURE] = "departure",
        [KRN_GATE_ENTER] = "entry",
        [KRN_GATE_LEAVE] = "exit",
        [KRN_GATE_LOAD_SEA] = "loading on ship",
        [KRN_GATE_GAUGE_CHANGE] = "change of gauge",
        [KRN_GATE_DELIVERY] = "delivery",
        [KRN_GATE_NONE] = "no gate",
    };
    return (unsigned)gate <= KRN_GATE_NONE ? names[gate] : "unknown";
}

/* ---- making the book ---- */

static krn_gate gate_named(const char *text)
{
    static const char *const words[] = {"departure",    "enter",    "leave", "load_sea",
                                        "gauge_change", "delivery", "none"};
    for (int g = 0; g <= KRN_GATE_NONE; g++)
        if (strcmp(words[g], text) == 0)
            return (krn_gate)g;
    return KRN_GATE_NONE;
}

static krn_status read_rule(krn_rule_book *book, uint32_t row, krni_rule *out, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_RULE;
    const char *modes = krni_text(p, t, row, RULE_MODES);
    *out = (krni_rule){.row = row,
                       .id = krni_text(p, t, row, RULE_RULE_ID),
                       .optional = strcmp(krni_text(p, t, row, RULE_USE), "optional") == 0,
                       .any_mode = *modes == '\0',
                       .modes = krni_mode_mask(modes),
                       .gate = gate_named(krni_text(p, t, row, RULE_GATE)),
                       .hs_prefixes = krni_text(p, t, row, RULE_HS_PREFIXES),
                       .dangerous_only = krni_number(p, t, row, RULE_DANGEROUS_ONLY) == 1.0,
                       .classes = krni_class_mask(p, krni_text(p, t, row, RULE_CARGO_CLASSES)),
                       .lead_h = krni_number(p, t, row, RULE_LEAD_TYPICAL_DAYS) * HOURS_PER_DAY,
                       .days = krni_days_of(p, t, row, RULE_VALID_FROM, RULE_VALID_TO)};
    krn_arena *arena = book->arena;
    const bool failed =
        krni_set_countries(arena, krni_text(p, t, row, RULE_ORIGIN_COUNTRIES), &out->origins,
                           err) ||
        krni_set_countries(arena, krni_text(p, t, row, RULE_DESTINATION_COUNTRIES),
                           &out->destinations, err) ||
        krni_set_countries(arena, krni_text(p, t, row, RULE_ENTER_COUNTRIES), &out->enters, err) ||
        krni_set_countries(arena, krni_text(p, t, row, RULE_LEAVE_COUNTRIES), &out->leaves, err) ||
        krni_set_countries(arena, krni_text(p, t, row, RULE_TRANSIT_COUNTRIES), &out->transits,
                           err) ||
        krni_set_rows(p, KRN_TABLE_NODE, arena, krni_text(p, t, row, RULE_NODE_IDS), &out->nodes,
                      err);
    return failed ? KRN_E_MEMORY : KRN_OK;
}

static int compare_rules(const void *a, const void *b)
{
    return strcmp(((const krni_rule *)a)->id, ((const krni_rule *)b)->id);
}

static krn_status make_rules(krn_rule_book *book, krn_error *err)
{
    const uint32_t n_rows = krn_package_rows(book->package, KRN_TABLE_RULE);
    book->rules = krn_arena_calloc(book->arena, n_rows, sizeof *book->rules);
    if (!book->rules)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        const char *use = krni_text(book->package, KRN_TABLE_RULE, row, RULE_USE);
        if (strcmp(use, "required") != 0 && strcmp(use, "optional") != 0)
            continue;
        if (read_rule(book, row, &book->rules[book->n_rules++], err))
            return KRN_E_MEMORY;
    }
    qsort(book->rules, book->n_rules, sizeof *book->rules, compare_rules);
    return KRN_OK;
}

static krn_status check_limit(const krn_package *package, krn_table table, krn_error *err)
{
    if (krn_package_rows(package, table) <= KRNI_MAX_RULES)
        return KRN_OK;
    return krni_fail(err, KRN_E_LIMIT, "%s: %u rows, at most %u are taken", krn_table_file(table),
                     krn_package_rows(package, table), KRNI_MAX_RULES);
}

static krn_status mark_nodes(krn_rule_book *book, krn_error *err)
{
    const uint32_t n_nodes = krn_package_rows(book->package, KRN_TABLE_NODE);
    book->names_node = krn_arena_calloc(book->arena, (size_t)n_nodes + 1, sizeof *book->names_node);
    if (!book->names_node)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < book->n_rules; r++)
        for (uint32_t i = 0; i < book->rules[r].nodes.n_items; i++)
            book->names_node[book->rules[r].nodes.items[i]] = true;
    return KRN_OK;
}

krn_status krn_rule_book_new(const krn_package *package, krn_rule_book **out, krn_error *err)
{
    *out = NULL;
    krn_status status = KRN_OK;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_rule_book *book = arena ? krn_arena_calloc(arena, 1, sizeof *book) : NULL;
    if (!book) {
        status = krni_fail_memory(err);
        goto done;
    }
    book->arena = arena;
    book->package = package;
    static const krn_table tables[] = {KRN_TABLE_RULE, KRN_TABLE_VISA, KRN_TABLE_REGIME,
                                       KRN_TABLE_SANCTION};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && !status; i++)
        status = check_limit(package, tables[i], err);
    if (!status)
        status = make_rules(book, err);
    if (!status)
        status = krni_visas_make(book, err);
    if (!status)
        status = krni_regimes_make(book, err);
    if (!status)
        status = krni_sanctions_make(book, err);
    if (!status)
        status = mark_nodes(book, err);
done:
    if (status)
        krn_arena_free(arena);
    else
        *out = book;
    return status;
}

void krn_rule_book_free(krn_rule_book *book)
{
    if (book)
        krn_arena_free(book->arena);
}

/* ---- conditions ---- */

/* Whether a country is passed in transit; unknown countries count as passed. */
static bool in_transit(const krn_rule_case *question, krn_country country)
{
    if (country == question->origin || country == question->destination)
        return false;
    if (!question->countries)
        return true;
    for (uint32_t i = 0; i < question->n_countries; i++)
        if (question->countries[i] == country)
            return true;
    return false;
}

static bool transits_hold(const krni_rule *rule, const krn_rule_case *question)
{
    for (uint32_t i = 0; i < rule->transits.n_items; i++)
        if (!in_transit(question, (krn_country)rule->transits.items[i]))
            return false;
    return true;
}

/* Whether the route enters (first = 1) or leaves (all but the last) a country of a set. A route
 * that is not known may. */
static bool passes(const krni_set *set, const krn_rule_case *question, bool entering)
{
    if (set->blank || !question->countries)
        return true;
    for (uint32_t i = 0; i < question->n_countries; i++) {
        const bool counts = entering ? i > 0 : i + 1 < question->n_countries;
        if (counts && krni_set_has(set, question->countries[i]))
            return true;
    }
    return false;
}

/* Conditions on goods, ends and day. */
static bool rule_concerns(const krni_rule *rule, const krn_rule_case *question)
{
    const krn_load *load = question->load;
    return (rule->classes & load->class_bit) && krni_days_hold(rule->days, question->day) &&
           (!rule->dangerous_only || load->un_number > 0) &&
           krni_set_has(&rule->origins, question->origin) &&
           krni_set_has(&rule->destinations, question->destination) &&
           (*rule->hs_prefixes == '\0' || krni_goods_match(rule->hs_prefixes, load->hs_code));
}

krn_status krni_rule_concerned(const krn_rule_book *book, const krn_rule_case *question,
                               krn_arena *arena, const bool **out, krn_error *err)
{
    bool *concerned = krn_arena_alloc(arena, (size_t)book->n_rules + 1);
    *out = concerned;
    if (!concerned)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < book->n_rules; r++)
        concerned[r] = rule_concerns(&book->rules[r], question);
    return KRN_OK;
}

/* Places: the point itself at a quay, change of gauge or delivery, else any place of the route. */
static bool nodes_hold(const krni_rule *rule, const krn_rule_case *question,
                       const krn_rule_point *point)
{
    if (rule->nodes.blank)
        return true;
    if (rule->gate == KRN_GATE_LOAD_SEA || rule->gate == KRN_GATE_GAUGE_CHANGE ||
        rule->gate == KRN_GATE_DELIVERY)
        return point->node == KRN_NO_ROW || krni_set_has(&rule->nodes, point->node);
    return !question->nodes || krni_set_has_any(&rule->nodes, question->nodes, question->n_nodes);
}

/* Whether the gate of a rule stands at a point. */
static bool stands_at(const krni_rule *rule, const krn_rule_point *point)
{
    const krn_mode mode = point->gate == KRN_GATE_LOAD_SEA ? KRN_SEA : point->mode;
    if (!(rule->modes & (1u << mode)))
        return false;
    switch (rule->gate) {
    case KRN_GATE_DEPARTURE:
        return point->gate == KRN_GATE_DEPARTURE || !rule->any_mode;
    case KRN_GATE_ENTER:
        return point->gate == KRN_GATE_ENTER && krni_set_has(&rule->enters, point->country);
    case KRN_GATE_LEAVE:
        return point->gate == KRN_GATE_LEAVE && krni_set_has(&rule->leaves, point->country);
    case KRN_GATE_NONE: /* holds nothing up; shown where it first matters */
        if (!rule->enters.blank)
            return point->gate == KRN_GATE_ENTER && krni_set_has(&rule->enters, point->country);
        if (!rule->leaves.blank)
            return point->gate == KRN_GATE_LEAVE && krni_set_has(&rule->leaves, point->country);
        return true;
    default:
        return point->gate == rule->gate;
    }
}

static bool is_asked(const krn_rule_book *book, uint32_t r, const krn_rule_case *question,
                     const krn_rule_point *point)
{
    const krni_rule *rule = &book->rules[r];
    return (!question->concerned || question->concerned[r]) && stands_at(rule, point) &&
           (question->concerned || rule_concerns(rule, question)) &&
           transits_hold(rule, question) && passes(&rule->enters, question, true) &&
           passes(&rule->leaves, question, false) && nodes_hold(rule, question, point);
}

double krn_rule_gate_h(const krn_rule_book *book, const krn_rule_case *question,
                       const krn_rule_point *point)
{
    double longest = 0.0;
    for (uint32_t i = 0; i < book->n_rules; i++) {
        const krni_rule *rule = &book->rules[i];
        if ((question->concerned && !question->concerned[i]) || rule->optional ||
            rule->gate == KRN_GATE_NONE || !(rule->lead_h > longest))
            continue; /* also a lead that is not found */
        if (is_asked(book, i, question, point))
            longest = rule->lead_h;
    }
    const krni_visa *visa = krni_visa_at(book, question, point);
    return visa && visa->lead_h > longest ? visa->lead_h : longest;
}

krn_status krni_hold_add(krni_hold_list *list, krni_hold hold, krn_arena *arena, krn_error *err)
{
    if (list->n == list->capacity) {
        const uint32_t capacity = list->capacity ? 2 * list->capacity : 256;
        krni_hold *grown = krn_arena_alloc(arena, capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(err);
        if (list->n)
            memcpy(grown, list->holds, list->n * sizeof *grown);
        list->holds = grown;
        list->capacity = capacity;
    }
    list->holds[list->n++] = hold;
    return KRN_OK;
}

krn_status krni_rule_holds(const krn_rule_book *book, const krn_rule_case *question,
                           const krn_rule_point *point, uint32_t activity, krn_arena *arena,
                           krni_hold_list *list, krn_error *err)
{
    for (uint32_t i = 0; i < book->n_rules; i++) {
        const krni_rule *rule = &book->rules[i];
        if (rule->optional || rule->gate == KRN_GATE_NONE || !(rule->lead_h > 0.0) ||
            !is_asked(book, i, question, point))
            continue;
        const krni_hold hold = {
            activity, krni_figure(KRN_TABLE_RULE, rule->row, RULE_LEAD_TYPICAL_DAYS), rule->lead_h};
        if (krni_hold_add(list, hold, arena, err))
            return KRN_E_MEMORY;
    }
    const krni_visa *visa = krni_visa_at(book, question, point);
    if (!visa || !(visa->lead_h > 0.0))
        return KRN_OK;
    const krni_hold hold = {
        activity, krni_figure(KRN_TABLE_VISA, visa->row, VISA_LEAD_TYPICAL_DAYS), visa->lead_h};
    return krni_hold_add(list, hold, arena, err);
}

/* ---- papers ---- */

static double cost_of(const krn_package *p, const krn_load *load, uint32_t row)
{
    const double cost = krni_number(p, KRN_TABLE_RULE, row, RULE_COST_USD);
    const char *basis = krni_text(p, KRN_TABLE_RULE, row, RULE_COST_BASIS);
    if (strcmp(basis, "truck") == 0)
        return cost * krn_cargo_trucks(p, load);
    if (strcmp(basis, "container") == 0)
        return cost * load->n_containers;
    if (strcmp(basis, "wagon") == 0) {
        uint32_t most = 0; /* of the gauge that needs the most */
        for (int g = 0; g < KRN_MAX_GAUGES; g++) {
            const uint32_t n = krn_cargo_wagons(p, load, g, 0.0);
            most = n > most ? n : most;
        }
        return cost * most;
    }
    return cost;
}

static krn_time shift_by_hours(krn_time at, double hours)
{
    if (at == KRN_TIME_NONE || isnan(hours))
        return KRN_TIME_NONE;
    return at + (krn_time)llround(hours * KRN_SECONDS_PER_HOUR);
}

/* When to apply and when it is there. */
static void set_times(krn_paper *paper, const krn_rule_case *question, const krn_rule_point *point)
{
    paper->apply_by = paper->gate == KRN_GATE_NONE ? KRN_TIME_NONE
                                                   : shift_by_hours(point->at, -paper->lead_days_h);
    paper->ready_at = shift_by_hours(question->consignment->ready, paper->lead_days_h);
}

static krn_status append(krn_paper_list *list, const krn_paper *paper, krn_arena *arena,
                         krn_error *err)
{
    if (list->n_papers == list->capacity) {
        const uint32_t capacity = list->capacity ? 2 * list->capacity : 16;
        krn_paper *grown = krn_arena_alloc(arena, capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(err);
        if (list->n_papers > 0)
            memcpy(grown, list->papers, list->n_papers * sizeof *grown);
        list->papers = grown;
        list->capacity = capacity;
    }
    list->papers[list->n_papers++] = *paper;
    return KRN_OK;
}

static krn_status add_rule(const krn_rule_book *book, const krni_rule *rule,
                           const krn_rule_case *question, const krn_rule_point *point,
                           krn_arena *arena, krn_paper_list *out, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_RULE;
    const krn_figure figure = krni_figure(t, rule->row, RULE_LEAD_TYPICAL_DAYS);
    krn_paper paper = {.name = krni_text(p, t, rule->row, RULE_NAME),
                       .kind = krni_text(p, t, rule->row, RULE_KIND),
                       .issuer = krni_text(p, t, rule->row, RULE_ISSUER),
                       .legal_basis = krni_text(p, t, rule->row, RULE_LEGAL_BASIS),
                       .regime = krni_text(p, t, rule->row, RULE_REGIME),
                       .optional = rule->optional,
                       .gate = rule->gate,
                       .country = point->country,
                       .gate_node = point->node,
                       .leg = point->leg,
                       .lead_days_h = rule->lead_h,
                       .cost_usd = cost_of(p, question->load, rule->row),
                       .figure = figure,
                       .quality = krn_package_quality(p, figure)};
    set_times(&paper, question, point);
    return append(out, &paper, arena, err);
}

/* "driver of KZ: e_visa for IR" */
static char *visa_name(const krn_rule_book *book, const krni_visa *visa, krn_country nationality,
                       krn_arena *arena)
{
    char from[3];
    char to[3];
    char text[96];
    krn_country_text(nationality, from);
    krn_country_text(visa->destination, to);
    (void)snprintf(text, sizeof text, "%s of %s: %s for %s", visa->subject, from,
                   krni_text(book->package, KRN_TABLE_VISA, visa->row, VISA_REGIME), to);
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
    return krn_arena_text(arena, text);
}

static krn_status add_visa(const krn_rule_book *book, const krni_visa *visa,
                           const krn_rule_case *question, const krn_rule_point *point,
                           krn_arena *arena, krn_paper_list *out, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_country nationality =
        question->consignment->driver ? question->consignment->driver : question->origin;
    const krn_figure figure = krni_figure(KRN_TABLE_VISA, visa->row, VISA_LEAD_TYPICAL_DAYS);
    const uint32_t persons = point->mode == KRN_ROAD ? krn_cargo_trucks(p, question->load) : 1;
    krn_paper paper = {.name = visa_name(book, visa, nationality, arena),
                       .kind = "visa",
                       .issuer = "",
                       .legal_basis = "",
                       .regime = krni_text(p, KRN_TABLE_VISA, visa->row, VISA_REGIME),
                       .gate = KRN_GATE_ENTER,
                       .country = point->country,
                       .gate_node = point->node,
                       .leg = point->leg,
                       .lead_days_h = visa->lead_h,
                       .cost_usd =
                           persons * krni_number(p, KRN_TABLE_VISA, visa->row, VISA_COST_USD),
                       .figure = figure,
                       .quality = krn_package_quality(p, figure)};
    if (!paper.name)
        return krni_fail_memory(err);
    set_times(&paper, question, point);
    return append(out, &paper, arena, err);
}

static bool has_visa(const krn_paper_list *list, uint32_t row)
{
    for (uint32_t i = 0; i < list->n_papers; i++)
        if (list->papers[i].figure.table == KRN_TABLE_VISA && list->papers[i].figure.row == row)
            return true;
    return false;
}

krn_status krn_rule_papers(const krn_rule_book *book, const krn_rule_case *question,
                           const krn_rule_point *points, uint32_t n_points, krn_arena *arena,
                           krn_paper_list *out, krn_error *err)
{
    bool *taken = krn_arena_calloc(arena, book->n_rules, sizeof *taken);
    if (!taken)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n_points; i++) {
        for (uint32_t r = 0; r < book->n_rules; r++) {
            if (taken[r] || !is_asked(book, r, question, &points[i]))
                continue;
            taken[r] = true;
            if (add_rule(book, &book->rules[r], question, &points[i], arena, out, err))
                return KRN_E_MEMORY;
        }
        const krni_visa *visa = krni_visa_at(book, question, &points[i]);
        if (visa && !has_visa(out, visa->row) &&
            add_visa(book, visa, question, &points[i], arena, out, err))
            return KRN_E_MEMORY;
    }
    return KRN_OK;
}
