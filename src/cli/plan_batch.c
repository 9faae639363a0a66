/* SPDX-License-Identifier: Apache-2.0 */
/* plan_batch.c - many consignments from a CSV file, planned on all processors; answers in the order
 * of the file, one JSON document a line, or CSV with the id in front.
 *
 *   id,origin,destination,commodity,tonnes,units,ready,due,arrive_by
 *   1,kz-kostanay,IRTHR,barley,3000,,2026-12-01,,
 *
 * The whole file is read and checked before anything is planned. */
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"
#include "cli/plan_query.h"

#define FILE_BYTES   ((size_t)256 * 1024 * 1024)
#define CHUNK        256u /* consignments in memory with their answers */
#define MOST_FIELDS  32u
#define FAULTS_SHOWN 20u

static const char *const names[] = {"id",    "origin", "destination", "commodity", "tonnes",
                                    "units", "ready",  "due",         "arrive_by"};
enum { ID, ORIGIN, DESTINATION, COMMODITY, TONNES, UNITS, READY, DUE, ARRIVE_BY, N_NAMES };

typedef struct batch {
    krni_session *session;
    const char *path;
    int column_of[N_NAMES]; /* field that holds a name, or -1 */
    krn_plan_query *queries;
    const char **ids;
    uint32_t n, capacity;
    uint32_t n_faults;
} batch;

/* One record of CSV: fields are unquoted in place. Moves *at behind it; the number of fields, or -1
 * when there are too many or a quote is not closed. */
static int read_record(char **at, char *fields[MOST_FIELDS], uint32_t *line)
{
    char *read = *at;
    uint32_t n = 0;
    for (;;) {
        if (n == MOST_FIELDS)
            return -1;
        char *write = read;
        fields[n++] = write;
        if (*read == '"') {
            for (read++; *read && (*read != '"' || read[1] == '"'); read++) {
                *line += *read == '\n';
                read += *read == '"';
                *write++ = *read;
            }
            if (*read != '"')
                return -1;
            read++;
        } else
            for (; *read && *read != ',' && *read != '\n' && *read != '\r'; read++)
                *write++ = *read;
        const char end = *read;
        if (end == '\r' && read[1] == '\n')
            read++;
        if (*read)
            read++;
        *write = '\0';
        if (end != ',') {
            *at = read;
            ++*line;
            return end == '\n' || end == '\r' || end == '\0' ? (int)n : -1;
        }
    }
}

static void fault(batch *b, uint32_t line, const char *text)
{
    if (b->n_faults++ < FAULTS_SHOWN)
        krni_session_say(b->session, "%s:%u: %s", b->path, line, text);
}

static krn_status read_heading(batch *b, char **at, uint32_t *line, krn_error *err)
{
    char *fields[MOST_FIELDS];
    const int n = read_record(at, fields, line);
    for (int k = 0; k < N_NAMES; k++)
        b->column_of[k] = -1;
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (k < N_NAMES && strcmp(fields[i], names[k]) != 0)
            k++;
        if (k == N_NAMES) {
            const int nearest = krni_nearest(fields[i], names, N_NAMES);
            return krni_fail(err, KRN_E_DATA,
                             "%s:1: %.40s: a column of id, origin, destination, commodity, tonnes, "
                             "units, ready, due, arrive_by was expected%s%s",
                             b->path, fields[i], nearest < 0 ? "" : "; did you mean ",
                             nearest < 0 ? "" : names[nearest]);
        }
        b->column_of[k] = i;
    }
    if (b->column_of[ORIGIN] < 0 || b->column_of[DESTINATION] < 0 || b->column_of[COMMODITY] < 0)
        return krni_fail(err, KRN_E_DATA,
                         "%s:1: columns origin, destination, commodity were expected", b->path);
    return KRN_OK;
}

static const char *field(const batch *b, char *const *fields, int n, int name)
{
    const int i = b->column_of[name];
    return i >= 0 && i < n && fields[i][0] ? fields[i] : NULL;
}

static krn_status read_goods(batch *b, char *const *fields, int n, krn_consignment *c,
                             krn_error *err)
{
    const krn_package *package = krni_session_package(b->session);
    const char *commodity = field(b, fields, n, COMMODITY), *tonnes = field(b, fields, n, TONNES),
               *units = field(b, fields, n, UNITS);
    if (!commodity)
        return krni_fail(err, KRN_E_ARG, "commodity: blank: what is moved was expected");
    krn_status status = krn_commodity_find(package, commodity, &c->commodity, err);
    if (status == KRN_OK && units)
        status = krn_units_parse(package, units, &c->loading_unit, &c->n_units, err);
    if (status == KRN_OK && tonnes && !krni_number_read(tonnes, strlen(tonnes), &c->net_t))
        status = krni_fail(err, KRN_E_ARG, "tonnes: %.40s: a number was expected", tonnes);
    if (status == KRN_OK && !(c->net_t > 0) && !c->n_units)
        status = krni_fail(err, KRN_E_ARG, "tonnes: tonnes above 0, or units, were expected");
    return status;
}

static krn_status read_query(batch *b, char *const *fields, int n, krn_plan_query *q,
                             krn_error *err)
{
    krn_consignment *c = &q->consignment;
    const char *origin = field(b, fields, n, ORIGIN), *to = field(b, fields, n, DESTINATION);
    krn_status status = krni_session_place(b->session, origin ? origin : "", &c->origin, err);
    if (status == KRN_OK)
        status = krni_session_place(b->session, to ? to : "", &c->destination, err);
    if (status == KRN_OK)
        status = read_goods(b, fields, n, c, err);
    if (status == KRN_OK)
        status = krni_plan_times(b->session, field(b, fields, n, READY), field(b, fields, n, DUE),
                                 field(b, fields, n, ARRIVE_BY), q, err);
    return status;
}

static krn_status grow(batch *b, krn_error *err)
{
    if (b->n < b->capacity)
        return KRN_OK;
    const uint32_t capacity = b->capacity ? 2 * b->capacity : 256;
    krn_plan_query *queries = realloc(b->queries, capacity * sizeof *queries);
    if (queries)
        b->queries = queries;
    const char **ids = queries ? realloc((void *)b->ids, capacity * sizeof *ids) : NULL;
    if (!ids)
        return krni_fail_memory(err);
    b->ids = ids;
    b->capacity = capacity;
    return KRN_OK;
}

static krn_status read_consignments(batch *b, char *text, const krn_plan_query *base,
                                    krn_error *err)
{
    uint32_t line = 1;
    char *at = text, *fields[MOST_FIELDS];
    if (strncmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    krn_status status = read_heading(b, &at, &line, err);
    while (status == KRN_OK && *at) {
        const uint32_t row = line;
        const int n = read_record(&at, fields, &line);
        krn_error miss = {0};
        if (n < 0) {
            fault(b, row, "a record with a quote left open, or too many fields");
            break;
        }
        if (n == 1 && !fields[0][0])
            continue;
        status = grow(b, err);
        if (status)
            break;
        krn_plan_query *q = &b->queries[b->n];
        *q = *base;
        if (read_query(b, fields, n, q, &miss)) {
            fault(b, row, miss.text);
            continue;
        }
        const char *id = field(b, fields, n, ID);
        char number[16];
        (void)snprintf(number, sizeof number, "%u", row);
        b->ids[b->n] = krn_arena_text(b->session->arena, id ? id : number);
        status = b->ids[b->n++] ? KRN_OK : krni_fail_memory(err);
    }
    if (status == KRN_OK && b->n_faults)
        status = krni_fail(err, KRN_E_DATA, "%s: %u fault%s; nothing was planned", b->path,
                           b->n_faults, b->n_faults == 1 ? "" : "s");
    return status;
}

/* ---- answers ---- */

static void write_json_text(krni_writer *w, const char *text)
{
    krni_write_char(w, '"');
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            krni_writef(w, "\\%c", c);
        else if (c < 0x20)
            krni_writef(w, "\\u%04x", c);
        else
            krni_write_char(w, (char)c);
    }
    krni_write_char(w, '"');
}

/* A document in lines as one line: line ends and indents stand only between its parts. */
static void write_on_one_line(krni_writer *w, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            while (text[1] == ' ')
                text++;
        else
            krni_write_char(w, *text);
    }
}

static void write_answer(krni_writer *w, const krni_session *s, const char *id, const char *text,
                         const char *failure, bool first)
{
    if (s->report.format == KRN_FORMAT_CSV) {
        const char *heading_end = text ? strchr(text, '\n') : NULL;
        if (first && heading_end) {
            krni_write(w, "id,");
            krni_write_bytes(w, text, (size_t)(heading_end + 1 - text));
        }
        for (const char *at = heading_end ? heading_end + 1 : ""; *at;) {
            const char *end = strchr(at, '\n');
            const size_t n = end ? (size_t)(end + 1 - at) : strlen(at);
            krni_writef(w, strpbrk(id, ",\"\r\n") ? "\"%s\"," : "%s,", id);
            krni_write_bytes(w, at, n);
            at += n;
        }
        return;
    }
    krni_write(w, "{\"id\": ");
    write_json_text(w, id);
    krni_write(w, ", \"error\": ");
    if (failure)
        write_json_text(w, failure);
    else
        krni_write(w, "null");
    if (text && !failure) {
        krni_write(w, ", ");
        write_on_one_line(w, strchr(text, '{') + 1);
    } else
        krni_write_char(w, '}');
    krni_write_char(w, '\n');
}

static void show_progress(void *context, uint32_t done, uint32_t n)
{
    const krni_session *s = context;
    char bar[41];
    const uint32_t filled = n ? (uint32_t)((uint64_t)40 * done / n) : 40;
    for (uint32_t i = 0; i < 40; i++)
        bar[i] = i < filled ? '=' : ' ';
    bar[40] = '\0';
    (void)fprintf(s->world->err, "\r%s %u of %u%s", bar, done, n, done == n ? "\r\033[K" : "");
    (void)fflush(s->world->err);
}

/* Plans one chunk and appends its answers; *none is set when one has no route. */
static krn_status run_chunk(batch *b, uint32_t begin, uint32_t n, krni_writer *w, bool *none,
                            bool *wrote, krn_error *err)
{
    krni_session *s = b->session;
    krn_plan_batch *answers = NULL;
    const unsigned threads = (unsigned)krni_given_number(s->arguments, "threads", 0);
    const bool bar = s->world->talks && !krni_given_flag(s->arguments, "quiet");
    krn_status status = krn_plan_batch_run(s->network, b->queries + begin, n, threads,
                                           bar ? show_progress : NULL, s, &answers, err);
    krn_arena *arena = status == KRN_OK ? krn_arena_new(NULL, 0) : NULL;
    if (status == KRN_OK && !arena)
        status = krni_fail_memory(err);
    for (uint32_t i = 0; i < n && status == KRN_OK; i++) {
        krn_status one = KRN_OK;
        const char *failure = NULL;
        char *text = NULL;
        const krn_plan_result *result = krn_plan_batch_result(answers, i, &one, &failure);
        if (one == KRN_OK)
            status = krn_report_plan(s->network, &b->queries[begin + i], result, &s->report, arena,
                                     &text, err);
        *none = *none || one || !result->n_routes;
        if (status == KRN_OK)
            write_answer(w, s, b->ids[begin + i], text, one ? failure : NULL, !*wrote);
        *wrote = *wrote || text;
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
    krn_plan_batch_free(answers);
    return status;
}

int krni_plan_batch(krni_session *s, const char *path, krn_error *err)
{
    batch b = {.session = s, .path = path};
    krn_plan_query base;
    char *text = NULL;
    size_t size = 0;
    bool none = false, wrote = false;
    krni_writer w;
    krni_writer_init(&w, NULL);
    s->report.explain = krni_given_flag(s->arguments, "explain");
    if (s->report.format == KRN_FORMAT_TABLE)
        s->report.format = KRN_FORMAT_JSON;
    krn_status status = s->report.format == KRN_FORMAT_GEOJSON
                            ? krni_fail(err, KRN_E_ARG, "--batch answers in json or csv")
                            : krni_plan_options(s, &base, err);
    if (status == KRN_OK)
        status = krn_file_read(path, FILE_BYTES, &text, &size, err);
    if (status == KRN_OK)
        status = read_consignments(&b, text, &base, err);
    const bool to_file = krni_given_text(s->arguments, "output") != NULL;
    for (uint32_t i = 0; i < b.n && status == KRN_OK; i += CHUNK) {
        const uint32_t n = b.n - i < CHUNK ? b.n - i : CHUNK;
        status = run_chunk(&b, i, n, &w, &none, &wrote, err);
        if (status == KRN_OK && (!to_file || i + n == b.n)) { /* a file is written whole */
            const char *answer = krni_writer_text(&w);
            status = answer ? krni_session_answer(s, answer, err) : krni_fail_memory(err);
            krni_writer_clear(&w);
        }
    }
    krni_writer_free(&w);
    free(text);
    free(b.queries);
    free((void *)b.ids);
    return status ? krni_exit_of(status) : none ? KRNI_EXIT_NONE : KRNI_EXIT_DONE;
}
