/* words.h - places, instants, spans and qualities as people read them. Buffers are the caller's. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <keruen/report.h>

#include "model/way_words.h"
#include "report/table.h"

#define KRNI_WORD 64 /* bytes that any of the buffers below needs at most */

/* "Kostanay → Sarakhs"; the kinds are told when both bear one name ("Tehran (station) → Tehran
 * (city)"); one place alone when both ends are the same. */
void krni_write_ends(krni_writer *w, const krn_package *package, uint32_t from, uint32_t to);

/* "Barley", from commodity.csv. */
const char *krni_commodity_name(const krn_package *package, uint32_t commodity);

/* "2026-12-01 08:30 +05:00" in local time of a node; "-" for KRN_TIME_NONE. */
char *krni_when(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD]);
/* "Tue 01 Dec 08:30". */
char *krni_when_short(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD]);
/* "21 Dec", with the year when it lies far from `near_to`. */
char *krni_date_short(const krn_network *network, uint32_t node, krn_time at, krn_time near_to,
                      char out[KRNI_WORD]);
/* "2026-12-01T08:30+05:00". */
char *krni_when_iso(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD]);
/* "2026-12-01". */
char *krni_day_text(int32_t day, char out[KRNI_WORD]);

/* "35 min", "12.5 h", "4.2 days". */
char *krni_span(double span_h, char out[KRNI_WORD]);

/* Lead of a paper: "none", "5 h", "20 days", "unknown". */
char *krni_lead(double lead_h, char out[KRNI_WORD]);

/* "p", "d", "e". */
const char *krni_quality_letter(krn_quality quality);

/* "3,000 t barley" or "20 x 42G1 machinery, 412 t". */
void krni_write_goods(krni_writer *w, const krn_package *package,
                      const krn_consignment *consignment);

/* Long name of the service that a leg rides on, its carrier, or "". */
const char *krni_service_of(const krn_package *package, uint32_t trip);
const char *krni_carrier_of(const krn_package *package, uint32_t trip);

/* Hours that papers alone hold up a route. */
double krni_papers_wait_h(const krn_route *route);

/* Letter of a route: A .. Z, then AA .. */
char *krni_route_letter(uint32_t index, char out[KRNI_WORD]);

/* Title of a source, "" when the package has none of that id. */
const char *krni_source_title(const krn_package *package, const char *source_id);

/* "border.csv:12". */
char *krni_row_place(const krn_package *package, krn_figure figure, char out[KRNI_WORD * 4]);

/* The page that options ask for, on a writer. */
krni_page krni_page_of(krni_writer *w, const krn_report_options *options);

/* A heading with a blank line before; a text in dim letters. */
void krni_page_section(krni_page *page, const char *text);
void krni_page_note(krni_page *page, const char *text);

/* Cells of numbers that may be unknown (blank), of a share in percent. */
void krni_cell_number(krni_grid *grid, double value, int decimals);
void krni_cell_share(krni_grid *grid, double share);

/* KRN_E_ARG: the answer has no such format. */
krn_status krni_no_format(const krn_report_options *options, const char *answer, krn_error *err);

#endif
