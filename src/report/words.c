/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - places, instants, spans and qualities as people read them. */
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"

#define UNAMBIGUOUS_DAYS 300 /* a day and month so near to another date need no year */

/* node_type as people say it. */
static const char *kind_of(const krn_package *package, uint32_t node)
{
    static const struct {
        const char *type, *words;
    } kinds[] = {{"junction", "railway"},
                 {"border_post", "border post"},
                 {"gauge_change", "change of gauge"},
                 {"dry_port", "dry port"}};
    const char *type = krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_TYPE);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].words;
    return type;
}

void krni_write_ends(krni_writer *w, const krn_package *package, uint32_t from, uint32_t to)
{
    const char *a = krni_place_name(package, from), *b = krni_place_name(package, to);
    if (from == to)
        krni_write(w, a);
    else if (from == KRN_NO_ROW || to == KRN_NO_ROW || strcmp(a, b) != 0)
        krni_writef(w, "%s → %s", a, b);
    else
        krni_writef(w, "%s (%s) → %s (%s)", a, kind_of(package, from), b, kind_of(package, to));
}

const char *krni_commodity_name(const krn_package *package, uint32_t commodity)
{
    return krni_text(package, KRN_TABLE_COMMODITY, commodity, COMMODITY_NAME);
}

static const char *weekday(int32_t day)
{
    static const char *const names[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    return names[((day % 7) + 7) % 7];
}

static const char *month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return month >= 1 && month <= 12 ? names[month - 1] : "---";
}

/* Local civil time of a node. */
typedef struct local_time {
    int32_t day;
    int year, month, day_of_month, hour, minute;
    int32_t offset_min;
} local_time;

static local_time local_of(const krn_network *network, uint32_t node, krn_time at)
{
    local_time t = {0};
    const int32_t offset = krn_zone_offset(krn_network_calendars(network), node, at);
    const krn_time local = at + offset;
    krn_time day = local / KRN_SECONDS_PER_DAY;
    krn_time rest = local % KRN_SECONDS_PER_DAY;
    if (rest < 0) {
        rest += KRN_SECONDS_PER_DAY;
        day--;
    }
    t.day = (int32_t)day;
    t.hour = (int)(rest / KRN_SECONDS_PER_HOUR);
    t.minute = (int)(rest / 60 % 60);
    t.offset_min = offset / 60;
    krn_day_to_civil(t.day, &t.year, &t.month, &t.day_of_month);
    return t;
}

char *krni_when(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD])
{
    if (at == KRN_TIME_NONE) {
        (void)snprintf(out, KRNI_WORD, "-");
        return out;
    }
    const local_time t = local_of(network, node, at);
    const int offset = t.offset_min < 0 ? -t.offset_min : t.offset_min;
    (void)snprintf(out, KRNI_WORD, "%s %04d-%02d-%02d %02d:%02d %c%02d:%02d", weekday(t.day),
                   t.year, t.month, t.day_of_month, t.hour, t.minute, t.offset_min < 0 ? '-' : '+',
                   offset / 60, offset % 60);
    return out;
}

char *krni_when_short(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD])
{
    if (at == KRN_TIME_NONE) {
        (void)snprintf(out, KRNI_WORD, "-");
        return out;
    }
    const local_time t = local_of(network, node, at);
    (void)snprintf(out, KRNI_WORD, "%s %02d %s %02d:%02d", weekday(t.day), t.day_of_month,
                   month_name(t.month), t.hour, t.minute);
    return out;
}

char *krni_date_short(const krn_network *network, uint32_t node, krn_time at, krn_time near_to,
                      char out[KRNI_WORD])
{
    if (at == KRN_TIME_NONE) {
        (void)snprintf(out, KRNI_WORD, "-");
        return out;
    }
    const local_time t = local_of(network, node, at);
    const krn_time apart = near_to == KRN_TIME_NONE ? 0
                           : at > near_to           ? at - near_to
                                                    : near_to - at;
    const bool far_off =
        near_to == KRN_TIME_NONE || apart > (krn_time)UNAMBIGUOUS_DAYS * KRN_SECONDS_PER_DAY;
    if (far_off)
        (void)snprintf(out, KRNI_WORD, "%02d %s %04d", t.day_of_month, month_name(t.month), t.year);
    else
        (void)snprintf(out, KRNI_WORD, "%02d %s", t.day_of_month, month_name(t.month));
    return out;
}

char *krni_when_iso(const krn_network *network, uint32_t node, krn_time at, char out[KRNI_WORD])
{
    out[0] = '\0';
    if (at != KRN_TIME_NONE)
        krn_time_text(krn_network_calendars(network), node, at, out, KRNI_WORD);
    return out;
}

char *krni_day_text(int32_t day, char out[KRNI_WORD])
{
    int year, month, day_of_month;
    krn_day_to_civil(day, &year, &month, &day_of_month);
    (void)snprintf(out, KRNI_WORD, "%04d-%02d-%02d", year, month, day_of_month);
    return out;
}

char *krni_span(double span_h, char out[KRNI_WORD])
{
    char number[KRNI_WORD];
    if (isnan(span_h))
        (void)snprintf(out, KRNI_WORD, "-");
    else if (fabs(span_h) < 1.0)
        (void)snprintf(out, KRNI_WORD, "%s min",
                       krni_number_text(span_h * 60, 0, false, number, sizeof number));
    else if (fabs(span_h) < 99.95)
        (void)snprintf(out, KRNI_WORD, "%s h",
                       krni_number_short(span_h, fabs(span_h) < 10 ? 1 : 0, number, sizeof number));
    else
        (void)snprintf(out, KRNI_WORD, "%s days",
                       krni_number_text(span_h / 24, 1, true, number, sizeof number));
    return out;
}

char *krni_lead(double lead_h, char out[KRNI_WORD])
{
    char number[KRNI_WORD];
    if (isnan(lead_h))
        (void)snprintf(out, KRNI_WORD, "unknown");
    else if (lead_h < 0.5)
        (void)snprintf(out, KRNI_WORD, "none");
    else if (lead_h < 23.5)
        (void)snprintf(out, KRNI_WORD, "%s h",
                       krni_number_text(lead_h, 0, false, number, sizeof number));
    else
        (void)snprintf(out, KRNI_WORD, "%s day%s",
                       krni_number_short(lead_h / 24, 1, number, sizeof number),
                       lead_h < 24.5 ? "" : "s");
    return out;
}

const char *krni_quality_letter(krn_quality quality)
{
    static const char *const letters[] = {"p", "d", "e"};
    return (unsigned)quality <= KRN_ESTIMATED ? letters[quality] : "?";
}

void krni_write_goods(krni_writer *w, const krn_package *package, const krn_consignment *c)
{
    if (c->n_units && c->loading_unit != KRN_NO_ROW)
        krni_writef(
            w, "%u x %s ", c->n_units,
            krni_text(package, KRN_TABLE_LOADING_UNIT, c->loading_unit, LOADING_UNIT_LOADING_UNIT));
    else {
        char tonnes[KRNI_WORD];
        krni_writef(w, "%s t ",
                    c->net_t < 10 ? krni_number_short(c->net_t, 3, tonnes, sizeof tonnes)
                                  : krni_number_text(c->net_t, 0, true, tonnes, sizeof tonnes));
    }
    const char *name = krni_commodity_name(package, c->commodity);
    if (name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'a' && name[1] <= 'z') {
        krni_write_char(w, (char)(name[0] - 'A' + 'a'));
        name++;
    }
    krni_write(w, name);
}

static uint32_t route_of_trip(const krn_package *package, uint32_t trip)
{
    if (trip == KRN_NO_ROW)
        return KRN_NO_ROW;
    const uint32_t gtfs = krn_package_find(package, KRN_TABLE_TRIPS,
                                           krni_text(package, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID));
    if (gtfs == KRN_NO_ROW)
        return KRN_NO_ROW;
    return krni_ref(package, KRN_TABLE_TRIPS, gtfs, TRIPS_ROUTE_ID);
}

const char *krni_service_of(const krn_package *package, uint32_t trip)
{
    const uint32_t route = route_of_trip(package, trip);
    return route == KRN_NO_ROW
               ? ""
               : krni_text(package, KRN_TABLE_ROUTES, route, ROUTES_ROUTE_LONG_NAME);
}

const char *krni_carrier_of(const krn_package *package, uint32_t trip)
{
    const uint32_t route = route_of_trip(package, trip);
    const uint32_t agency = route == KRN_NO_ROW
                                ? KRN_NO_ROW
                                : krni_ref(package, KRN_TABLE_ROUTES, route, ROUTES_AGENCY_ID);
    return agency == KRN_NO_ROW ? ""
                                : krni_text(package, KRN_TABLE_AGENCY, agency, AGENCY_AGENCY_NAME);
}

double krni_papers_wait_h(const krn_route *route)
{
    double wait_h = 0;
    for (uint32_t i = 0; i < route->n_steps; i++) {
        const krn_step *s = &route->steps[i];
        if (s->gate != KRN_TIME_NONE && s->gate > s->arrive)
            wait_h += (double)((s->gate < s->start ? s->gate : s->start) - s->arrive) /
                      KRN_SECONDS_PER_HOUR;
    }
    return wait_h;
}

char *krni_route_letter(uint32_t index, char out[KRNI_WORD])
{
    char letters[8];
    size_t at = sizeof letters - 1;
    letters[at] = '\0';
    do { /* A to Z, AA to ZZ, AAA: as columns of a sheet */
        letters[--at] = (char)('A' + index % 26);
        index = index / 26;
    } while (index-- > 0 && at > 0);
    memcpy(out, letters + at, sizeof letters - at);
    return out;
}

const char *krni_source_title(const krn_package *package, const char *source_id)
{
    const uint32_t row =
        *source_id ? krn_package_find(package, KRN_TABLE_SOURCE, source_id) : KRN_NO_ROW;
    return row == KRN_NO_ROW ? "" : krni_text(package, KRN_TABLE_SOURCE, row, SOURCE_TITLE);
}

char *krni_row_place(const krn_package *package, krn_figure figure, char out[KRNI_WORD * 4])
{
    const krn_table table = (krn_table)figure.table;
    if (table >= KRN_TABLE_COUNT)
        (void)snprintf(out, KRNI_WORD * 4, "-");
    else
        (void)snprintf(out, KRNI_WORD * 4, "%s:%u",
                       krn_package_row_file(package, table, figure.row),
                       krn_package_row_line(package, table, figure.row));
    return out;
}

krni_page krni_page_of(krni_writer *w, const krn_report_options *options)
{
    unsigned columns = options->columns ? options->columns : 80;
    if (columns < 40)
        columns = 40;
    return (krni_page){.out = w, .columns = columns, .colour = options->colour};
}

krn_status krni_no_format(const krn_report_options *options, const char *answer, krn_error *err)
{
    static const char *const names[] = {"table", "json", "csv", "geojson"};
    const unsigned format = (unsigned)options->format;
    return krni_fail(err, KRN_E_ARG, "%s has no format %s", answer,
                     format <= KRN_FORMAT_GEOJSON ? names[format] : "of that number");
}

void krni_page_section(krni_page *page, const char *text)
{
    krni_write(page->out, "\n");
    krni_page_title(page, text);
}

void krni_page_note(krni_page *page, const char *text)
{
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_page_text(page, text, 0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}

void krni_cell_number(krni_grid *grid, double value, int decimals)
{
    if (isnan(value))
        krni_grid_cell(grid, "");
    else
        krni_grid_number(grid, value, decimals, true);
}

void krni_cell_share(krni_grid *grid, double share)
{
    char text[KRNI_WORD];
    if (isnan(share))
        krni_grid_cell(grid, "");
    else
        krni_grid_format(grid, "%s%%", krni_number_text(100 * share, 0, false, text, sizeof text));
}
