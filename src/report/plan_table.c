/* SPDX-License-Identifier: Apache-2.0 */
/* plan_table.c - the answer of a plan on a terminal: what was asked, the routes side by side, the
 * trade-off as a picture, each route, papers, sanctions facts, and what to ask next. */
#include "report/plan_page.h"
#include "report/records.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"

static const char *if_blank(const char *text, const char *otherwise)
{
    return *text ? text : otherwise;
}

static void write_place(krni_writer *w, const krn_package *package, uint32_t node)
{
    krni_writef(w, "%s (%s)", krni_place_name(package, node),
                krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

static void write_question(krni_page *page, const krni_answer *answer)
{
    const krn_consignment *c = &answer->query->consignment;
    char when[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, answer->arena);
    krni_write_goods(&line, answer->package, c);
    krni_write(&line, ", ");
    write_place(&line, answer->package, c->origin);
    krni_write(&line, " → ");
    write_place(&line, answer->package, c->destination);
    const char *title = krni_writer_text(&line);
    krni_page_title(page, if_blank(title ? title : "", "-"));

    krni_writer_init(&line, answer->arena);
    if (c->ready != KRN_TIME_NONE)
        krni_writef(&line, "ready %s", krni_when(answer->network, c->origin, c->ready, when));
    if (answer->query->arrive_by != KRN_TIME_NONE)
        krni_writef(&line, "%sarrive by %s", line.size ? "; " : "",
                    krni_when(answer->network, c->destination, answer->query->arrive_by, when));
    if (c->due != KRN_TIME_NONE)
        krni_writef(&line, "; due %s", krni_when(answer->network, c->destination, c->due, when));
    krni_writef(&line, "; tariffs and rules of %s",
                krni_day_text(krn_network_day(answer->network), when));
    const char *detail = krni_writer_text(&line);
    krni_page_text(page, detail ? detail : "", 0);
}

static void add_word(krni_writer *w, const char *before, const char *word)
{
    krni_writef(w, "%s%s", w->size ? ", " : before, word);
}

/* Filters of the question, one line each; nothing for those that were not given. */
static void write_filters(krni_page *page, const krni_answer *answer)
{
    const krn_plan_query *q = answer->query;
    const krn_package *package = answer->package;
    char country[3];
    krni_writer modes, avoid, require;
    krni_writer_init(&modes, answer->arena);
    krni_writer_init(&avoid, answer->arena);
    krni_writer_init(&require, answer->arena);
    for (unsigned m = 0; m < KRN_MODE_COUNT && q->modes != KRN_ALL_MODES; m++)
        if (q->modes & (1u << m))
            add_word(&modes, "only by ", krn_mode_name((krn_mode)m));
    for (uint32_t i = 0; i < q->n_avoid_nodes; i++)
        add_word(&avoid, "without ", krni_place_name(package, q->avoid_nodes[i]));
    for (uint32_t i = 0; i < q->n_avoid_countries; i++) {
        krn_country_text(q->avoid_countries[i], country);
        add_word(&avoid, "without ", country);
    }
    for (uint32_t i = 0; i < q->n_avoid_borders; i++)
        add_word(&avoid, "without ", q->avoid_borders[i]);
    for (uint32_t i = 0; i < q->n_avoid_carriers; i++)
        add_word(&avoid, "without ", q->avoid_carriers[i]);
    for (uint32_t i = 0; i < q->n_require_nodes; i++)
        add_word(&require, "by way of ", krni_place_name(package, q->require_nodes[i]));
    for (uint32_t i = 0; i < q->n_require_countries; i++) {
        krn_country_text(q->require_countries[i], country);
        add_word(&require, "by way of ", country);
    }
    for (uint32_t i = 0; i < q->n_require_borders; i++)
        add_word(&require, "by way of ", q->require_borders[i]);
    for (uint32_t i = 0; i < q->n_require_carriers; i++)
        add_word(&require, "by way of ", q->require_carriers[i]);
    krni_writer line;
    krni_writer_init(&line, answer->arena);
    krni_writer *const parts[] = {&modes, &avoid, &require};
    for (size_t i = 0; i < 3; i++)
        if (parts[i]->size)
            krni_writef(&line, "%s%s", line.size ? "; " : "", krni_writer_text(parts[i]));
    const char *text = krni_writer_text(&line);
    if (line.size)
        krni_page_text(page, text ? text : "", 0);
}

static void write_measures(krni_page *page, const krni_answer *answer)
{
    const char *text = krni_measures_line(answer->package, answer->arena);
    if (!text)
        page->out->failed = true;
    else if (*text)
        krni_page_text(page, text, 0);
}

/* ---- the comparison ---- */

static void comparison_row(krni_grid *grid, const krni_answer *answer, uint32_t i)
{
    const krn_route *r = &answer->result->routes[i];
    const krn_consignment *c = &answer->query->consignment;
    char word[KRNI_WORD];
    krni_writer way;
    krni_writer_init(&way, answer->arena);
    krni_write_way(&way, answer->network, r);
    if (krni_papers_wait_h(r) >= 1.0)
        krni_write(&way, " *");
    krni_grid_format(grid, "%s", krni_route_letter(i, word));
    if (answer->query->arrive_by == KRN_TIME_NONE)
        krni_grid_cell(grid, "");
    else
        krni_grid_format(
            grid, "%s",
            krni_date_short(answer->network, c->origin, r->departure, r->arrival, word));
    krni_grid_format(
        grid, "%s",
        krni_date_short(answer->network, c->destination, r->arrival_p50, r->departure, word));
    if (answer->query->arrive_by != KRN_TIME_NONE)
        krni_grid_cell(grid, "");
    else
        krni_grid_format(
            grid, "%s",
            krni_date_short(answer->network, c->destination, r->arrival_p90, r->departure, word));
    krni_grid_number(grid, r->duration_h / 24, 1, false);
    krni_grid_number(grid, r->cost_usd, 0, true);
    krni_grid_number(grid, r->cost_usd / answer->result->load.net_t, 0, true);
    krni_grid_number(grid, r->wtw_kg_co2e / 1000, r->wtw_kg_co2e < 99500 ? 1 : 0, true);
    krni_grid_format(grid, "%u", r->handlings);
    krni_grid_number(grid, r->risk_h, 0, true);
    if (isnan(r->on_time_prob))
        krni_grid_cell(grid, "");
    else
        krni_grid_format(grid, "%s%%",
                         krni_number_text(100 * r->on_time_prob, 0, false, word, sizeof word));
    krni_grid_cell(grid, krni_quality_letter(r->quality));
    krni_grid_span(grid, krni_writer_text(&way));
}

static void write_comparison(krni_page *page, const krni_answer *answer)
{
    static const krni_grid_column columns[] = {
        {"", KRNI_LEFT, 0},
        {"latest\nleave", KRNI_LEFT, 0},
        {"arrival\nP50", KRNI_LEFT, 0},
        {"\nP90", KRNI_LEFT, 0},
        {"days", KRNI_RIGHT, 0},
        {"USD", KRNI_RIGHT, 0},
        {"USD\nper t", KRNI_RIGHT, 0},
        {"CO2e\nt", KRNI_RIGHT, 0},
        {"hand-\nled", KRNI_RIGHT, 0},
        {"risk\n± h", KRNI_RIGHT, 0},
        {"in\ntime", KRNI_RIGHT, 0},
        {"", KRNI_LEFT, 0},
    };
    krni_grid grid;
    krni_grid_init(&grid, answer->arena, columns, sizeof columns / sizeof columns[0]);
    bool papers = false;
    for (uint32_t i = 0; i < answer->result->n_routes; i++) {
        comparison_row(&grid, answer, i);
        papers = papers || krni_papers_wait_h(&answer->result->routes[i]) >= 1.0;
    }
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
    krni_write(page->out, "\n");
    krni_writer note;
    krni_writer_init(&note, answer->arena);
    const bool backward = answer->query->arrive_by != KRN_TIME_NONE;
    krni_writef(&note, "days from %s to delivered as planned, P50%s with all that may happen; ",
                backward ? "leaving" : "ready", backward ? "" : " and P90");
    krni_write(&note, "risk is the standard deviation of "
                      "the arrival; last column: weakest figure used, e estimated, d derived, p "
                      "published");
    if (papers)
        krni_write(&note, "; * waits for papers");
    const char *text = krni_writer_text(&note);
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_page_text(page, text ? text : "", 0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}

/* ---- what to ask next, and when there is nothing to show ---- */

static void write_more(krni_page *page, const krni_answer *answer)
{
    const krn_plan_result *r = answer->result;
    char text[320];
    const uint32_t more = r->n_non_dominated > r->n_routes ? r->n_non_dominated - r->n_routes : 0;
    krni_write(page->out, "\n");
    if (more) {
        (void)snprintf(
            text, sizeof text,
            "%u of %u ways worth having are shown, chosen to differ; \"first there\" and "
            "the like are said of these. All of them: --max 0; "
            "near ones merged: --epsilon 0.02; other wishes: --criteria.",
            r->n_routes, r->n_non_dominated);
        krni_page_text(page, text, 0);
    } else
        krni_page_text(page,
                       r->n_routes == 1 ? "This is the only way worth having."
                                        : "These are all the ways worth having.",
                       0);
    if (r->truncated)
        krni_page_text(page, "The search met its bound of labels; there may be more ways.", 0);
    if (!answer->options->explain)
        krni_page_text(page, "Every figure with its row and source: --explain.", 0);
}

static void write_blocking_facts(krni_page *page, const krni_answer *answer)
{
    const krn_blocked *b = &answer->result->blocked;
    krni_writer line;
    if (!b->n_facts)
        return;
    krni_write(page->out, b->earliest == KRN_TIME_NONE ? "\nWhat blocks" : "\nWhat holds it up");
    if (b->facts_at_least && b->facts_at_least < b->n_facts)
        krni_writef(page->out, ", one set of %u", (unsigned)b->n_facts);
    krni_write(page->out, b->n_facts > 1 && b->facts_at_least ? ", together:\n" : ":\n");
    for (uint32_t i = 0; i < b->n_facts; i++) {
        const krn_blocker *fact = &b->facts[i];
        krni_writer_init(&line, answer->arena);
        krni_write(&line, fact->text ? fact->text : ""); /* tells its row */
        if (fact->figure.table < KRN_TABLE_COUNT)
            krni_writef(&line, " [%s]", krn_package_source(answer->package, fact->figure));
        const char *text = krni_writer_text(&line);
        krni_page_field(page, krn_block_name(fact->block), text ? text : "", 2, 11);
    }
}

/* What opens a way, and how sure it is that nothing does so for less. */
static void write_opening(krni_page *page, const krni_answer *answer)
{
    const krn_blocked *b = &answer->result->blocked;
    const char *in_time = b->opening_arrival == KRN_TIME_NONE ? "" : " in time";
    const unsigned n = b->n_facts, n_sets = b->n_sets;
    krni_writer line;
    if (!b->opening || !*b->opening)
        return;
    krni_writer_init(&line, answer->arena);
    if (b->opening_cheapest && n == 1)
        krni_writef(&line, "Cheapest change that opens a way%s", in_time);
    else if (b->opening_cheapest)
        krni_writef(&line, "Cheapest set of changes that opens a way%s", in_time);
    else if (n == 1)
        krni_writef(&line, "A change that opens a way%s", in_time);
    else
        krni_writef(&line, "A set of changes that opens a way%s", in_time);
    if (b->facts_at_least < n)
        krni_write(&line, " (a smaller or cheaper one may do)");
    else if (!b->opening_cheapest && isnan(b->opening_cost_usd))
        krni_writef(&line, " (one of %u, without a known price)", n_sets);
    else if (!b->opening_cheapest)
        krni_writef(&line, " (the cheapest of %u that were compared; there may be more)", n_sets);
    else if (n_sets > 1)
        krni_writef(&line, n == 1 ? " (of %u that do)" : " (of %u such sets)", n_sets);
    krni_writef(&line, ": %s.", b->opening);
    krni_write(page->out, "\n");
    const char *text = krni_writer_text(&line);
    krni_page_text(page, text ? text : "", 0);
}

static void write_blocked(krni_page *page, const krni_answer *answer)
{
    const krn_blocked *b = &answer->result->blocked;
    char word[KRNI_WORD];
    krni_writer line;
    krni_write(page->out, "\n");
    krni_writer_init(&line, answer->arena);
    krni_writef(&line, "No route: %s.", b->reason && *b->reason ? b->reason : "no reason is known");
    const char *reason = krni_writer_text(&line);
    krni_page_text(page, reason ? reason : "", 0);
    if (b->earliest != KRN_TIME_NONE) {
        krni_writer_init(&line, answer->arena);
        krni_writef(
            &line, "The earliest arrival is %s",
            krni_when(answer->network, answer->query->consignment.destination, b->earliest, word));
        if (b->days_sooner)
            krni_writef(&line, "; goods ready %u day%s sooner would be in time",
                        (unsigned)b->days_sooner, b->days_sooner == 1 ? "" : "s");
        krni_write(&line, ".");
        const char *text = krni_writer_text(&line);
        krni_page_text(page, text ? text : "", 0);
    }
    write_blocking_facts(page, answer);
    write_opening(page, answer);
}

krn_status krni_plan_table(const krni_answer *answer, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, answer->arena);
    krni_page page = krni_page_of(&w, answer->options);
    write_question(&page, answer);
    write_filters(&page, answer);
    write_measures(&page, answer);
    if (!answer->result->n_routes) {
        write_blocked(&page, answer);
        return krni_writer_answer(&w, out, err);
    }
    write_comparison(&page, answer);
    krni_tradeoff_plot(&page, answer);
    for (uint32_t i = 0; i < answer->result->n_routes; i++) {
        krni_route_table(&page, answer, i);
        if (answer->options->explain)
            krni_explain_route(&page, answer, i);
    }
    krni_plan_papers(&page, answer);
    krni_plan_sanctions(&page, answer);
    if (answer->options->explain)
        krni_explain_sources(&page, answer);
    write_more(&page, answer);
    return krni_writer_answer(&w, out, err);
}
