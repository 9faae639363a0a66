/* SPDX-License-Identifier: Apache-2.0 */
/* papers_table.c - papers of a consignment without a route: paper, issuer, lead, legal basis. */
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/records.h"
#include "report/words.h"

static void write_paper(krni_page *page, const krn_network *network, const krn_paper *p,
                        uint32_t number, krn_arena *arena)
{
    const krn_package *package = krn_network_package(network);
    char word[KRNI_WORD], country[3], place[KRNI_WORD * 4];
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_writef(&w, "%u  %s%s", number, p->name, p->optional ? "  (optional)" : "");
    const char *head = krni_writer_text(&w);
    krni_write_wrapped(page->out, head ? head : "", page->columns, 4);
    krni_write(page->out, "\n");
    if (*p->issuer)
        krni_page_field(page, "issuer", p->issuer, 4, 10);
    krni_writer_init(&w, arena);
    krni_write(&w, krni_lead(p->lead_days_h, word));
    krn_country_text(p->country, country);
    if (p->gate == KRN_GATE_NONE)
        krni_write(&w, "; holds nothing up");
    else
        krni_writef(&w, "; before %s%s%s", krn_gate_name(p->gate), p->country ? ", " : "",
                    p->country ? country : "");
    if (!isnan(p->cost_usd))
        krni_writef(&w, "; %s USD", krni_number_text(p->cost_usd, 0, true, word, sizeof word));
    const char *lead = krni_writer_text(&w);
    krni_page_field(page, "lead", lead ? lead : "", 4, 10);
    if (*p->legal_basis)
        krni_page_field(page, "law", p->legal_basis, 4, 10);
    krni_writer_init(&w, arena);
    const char *source = krn_package_source(package, p->figure);
    krni_writef(&w, "%s; %s: %s [%s]", krn_quality_name(p->quality), source,
                krni_source_title(package, source), krni_row_place(package, p->figure, place));
    const char *known = krni_writer_text(&w);
    krni_page_field(page, "source", known ? known : "", 4, 10);
}

static krn_status papers_table(const krn_network *network, const krn_consignment *c,
                               const krn_paper_list *papers, const krn_report_options *options,
                               krn_arena *arena, char **out, krn_error *err)
{
    const krn_package *package = krn_network_package(network);
    krni_writer w, head;
    char day[KRNI_WORD];
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    krni_writer_init(&head, arena);
    krni_writef(&head, "Papers: ");
    krni_write_goods(&head, package, c);
    krni_writef(&head, ", %s → %s, rules of %s", krni_place_name(package, c->origin),
                krni_place_name(package, c->destination),
                krni_day_text(krn_network_day(network), day));
    const char *title = krni_writer_text(&head);
    krni_page_title(&page, title ? title : "");
    krni_page_rule(&page, 0);
    for (uint32_t i = 0; i < papers->n_papers; i++) {
        write_paper(&page, network, &papers->papers[i], i + 1, arena);
        krni_write(&w, i + 1 < papers->n_papers ? "\n" : "");
    }
    if (!papers->n_papers)
        krni_page_text(&page, "The package knows no paper for this.", 0);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_papers(const krn_network *network, const krn_consignment *consignment,
                             const krn_paper_list *papers, const krn_report_options *options,
                             krn_arena *arena, char **out, krn_error *err)
{
    static const char *const keys[] = {
        "name",    "kind",   "issuer",   "legal_basis", "regime",    "required", "gate",
        "country", "lead_h", "cost_usd", "quality",     "source_id", "file",     "line"};
    const krn_package *package = krn_network_package(network);
    *out = NULL;
    if (options->format == KRN_FORMAT_TABLE)
        return papers_table(network, consignment, papers, options, arena, out, err);
    krni_records r;
    krni_records_init(&r, arena, keys, sizeof keys / sizeof keys[0]);
    for (uint32_t i = 0; i < papers->n_papers; i++) {
        const krn_paper *p = &papers->papers[i];
        char country[3] = "";
        if (p->country)
            krn_country_text(p->country, country);
        krni_record_text(&r, p->name);
        krni_record_text(&r, p->kind);
        krni_record_text(&r, p->issuer);
        krni_record_text(&r, p->legal_basis);
        krni_record_text(&r, p->regime);
        krni_record_text(&r, p->optional ? "no" : "yes");
        krni_record_text(&r, krn_gate_name(p->gate));
        krni_record_text(&r, krn_arena_text(arena, country));
        krni_record_number(&r, p->lead_days_h, 1);
        krni_record_number(&r, p->cost_usd, 2);
        krni_record_text(&r, krn_quality_name(p->quality));
        krni_record_text(&r, krn_package_source(package, p->figure));
        krni_record_text(&r,
                         krn_package_row_file(package, (krn_table)p->figure.table, p->figure.row));
        krni_record_number(
            &r, krn_package_row_line(package, (krn_table)p->figure.table, p->figure.row), 0);
    }
    return krni_records_answer(&r, "papers", options, arena, out, err);
}
