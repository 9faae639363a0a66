/* SPDX-License-Identifier: Apache-2.0 */
/* trace_story.c - one lot of a trace, told from the rows that it has.
 *
 *   what follows a row lasts until the next row of the lot:
 *
 *      made  start load   complete   wait: line   start rail haul   complete   delivered
 *      |-----|------------|----------|------------|-----------------|----------|
 *      at rest    load      at rest   wait: line      rail haul       at rest
 *
 * so the steps add up to the time from door to door, whatever the rows are. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/records.h"
#include "report/trace_words.h"

#define MOST_EVENTS 100000u
#define BRIEF_H     24.0 /* longer waits stand alone */

typedef struct step {
    krn_time at, until;
    const char *state, *from, *to, *resource, *cause;
} step;

typedef struct story {
    const char *path;
    uint32_t lot;
    krn_arena *arena;
    uint32_t below, above; /* nearest lots; 0: none */
    uint32_t n_events, n_steps, capacity;
    step *steps;
    krn_time first, last;
    bool delivered;
    double net_t;
    const char *commodity, *relation, *way;
} story;

static const char *keep(story *s, const char *text, const char *before)
{
    return before && strcmp(before, text) == 0 ? before : krn_arena_text(s->arena, text);
}

static krn_status add_step(story *s, const krn_trace_row *row, krn_error *err)
{
    if (s->n_steps == s->capacity) {
        const uint32_t more = s->capacity ? 2 * s->capacity : 64;
        step *larger = krn_arena_calloc(s->arena, more, sizeof *larger);
        if (!larger)
            return krni_fail_memory(err);
        if (s->n_steps)
            memcpy(larger, s->steps, s->n_steps * sizeof *larger);
        s->steps = larger;
        s->capacity = more;
    }
    const step *before = s->n_steps ? &s->steps[s->n_steps - 1] : NULL;
    step now = {.at = row->at, .until = row->at};
    now.state = keep(s, krni_trace_state(row), before ? before->state : NULL);
    now.from = keep(s, row->from, before ? before->from : NULL);
    now.to = keep(s, row->to, before ? before->to : NULL);
    now.resource = keep(s, row->resource, before ? before->resource : NULL);
    now.cause = keep(s, row->cause, before ? before->cause : NULL);
    if (!now.state || !now.from || !now.to || !now.resource || !now.cause)
        return krni_fail_memory(err);
    s->steps[s->n_steps++] = now;
    return KRN_OK;
}

static krn_status take_first(story *s, const krn_trace_row *row, krn_error *err)
{
    s->first = s->last = row->at;
    s->net_t = row->net_t;
    s->commodity = krn_arena_text(s->arena, row->commodity);
    s->relation = krn_arena_text(s->arena, row->relation);
    s->way = krn_arena_text(s->arena, row->way);
    return s->commodity && s->relation && s->way ? KRN_OK : krni_fail_memory(err);
}

static krn_status visit(void *context, const krn_trace_row *row, krn_error *err)
{
    story *s = context;
    if (row->lot != s->lot) {
        if (row->lot < s->lot && row->lot > s->below)
            s->below = row->lot;
        if (row->lot > s->lot && (s->above == 0 || row->lot < s->above))
            s->above = row->lot;
        return KRN_OK;
    }
    krn_status st = KRN_OK;
    if (s->n_events++ == MOST_EVENTS)
        return krni_fail(err, KRN_E_LIMIT, "%s: lot %u has more than %u events", s->path,
                         (unsigned)s->lot, MOST_EVENTS);
    if (s->n_events == 1)
        st = take_first(s, row, err);
    if (!st && row->at < s->last)
        st = krni_trace_disorder(s->path, row, err);
    if (st)
        return st;
    if (s->n_steps)
        s->steps[s->n_steps - 1].until = row->at;
    s->last = row->at;
    s->delivered = s->delivered || strcmp(row->activity, "delivered") == 0;
    return add_step(s, row, err);
}

/* Drops what took no time and joins equal neighbours. */
static void tidy(story *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_steps; i++) {
        const step now = s->steps[i];
        step *before = n ? &s->steps[n - 1] : NULL;
        if (now.until == now.at)
            continue;
        if (before && before->until == now.at && strcmp(before->state, now.state) == 0 &&
            strcmp(before->from, now.from) == 0 && strcmp(before->to, now.to) == 0)
            before->until = now.until;
        else
            s->steps[n++] = now;
    }
    s->n_steps = n;
}

static krn_status read_story(story *s, krn_error *err)
{
    krn_status st = krn_trace_read(s->path, visit, s, err);
    if (st)
        return st;
    if (s->n_events == 0 && !s->below && !s->above)
        return krni_fail(err, KRN_E_NOT_FOUND, "%s: holds no lot at all", s->path);
    if (s->n_events == 0 && s->below && s->above)
        return krni_fail(err, KRN_E_NOT_FOUND, "%s: has no lot %u; nearest: %u and %u", s->path,
                         (unsigned)s->lot, (unsigned)s->below, (unsigned)s->above);
    if (s->n_events == 0)
        return krni_fail(err, KRN_E_NOT_FOUND, "%s: has no lot %u; nearest: %u", s->path,
                         (unsigned)s->lot, (unsigned)(s->below ? s->below : s->above));
    tidy(s);
    return KRN_OK;
}

static double hours(const step *at)
{
    return (double)(at->until - at->at) / KRN_SECONDS_PER_HOUR;
}

static double story_h(const story *s)
{
    return (double)(s->last - s->first) / KRN_SECONDS_PER_HOUR;
}

static bool sum_up(const story *s, krni_tallies *sums)
{
    *sums = (krni_tallies){.arena = s->arena};
    for (uint32_t i = 0; i < s->n_steps; i++)
        krni_tally_add(sums, s->steps[i].state, hours(&s->steps[i]), s->net_t);
    krni_tally_sort(sums);
    return !sums->failed;
}

/* ---- table ---- */

static const char *when(const story *s, krn_time at)
{
    char text[KRNI_WORD];
    return krn_arena_text(s->arena, krni_utc_text(at, text));
}

static void write_heading(const story *s, const krn_package *package, krni_page *page)
{
    krni_writer w;
    char number[KRNI_WORD], first[KRNI_WORD], last[KRNI_WORD], span[KRNI_WORD];
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "Lot %u: %s t %s, %s", (unsigned)s->lot,
                krni_number_text(s->net_t, s->net_t < 100 ? 1 : 0, true, number, sizeof number),
                krni_trace_commodity(package, s->commodity, s->arena),
                krni_trace_relation(package, s->relation, s->arena));
    const char *title = krni_writer_text(&w);
    krni_page_title(page, title ? title : "");
    if (*s->way) {
        krni_writer_init(&w, s->arena);
        krni_writef(&w, "way: %s", s->way);
        const char *way = krni_writer_text(&w);
        krni_page_text(page, way ? way : "", 0);
    }
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "made %s, %s %s: %s; times are UTC", krni_utc_text(s->first, first),
                s->delivered ? "delivered" : "still under way", krni_utc_text(s->last, last),
                krni_span(story_h(s), span));
    const char *line = krni_writer_text(&w);
    krni_page_text(page, line ? line : "", 0);
    krni_write(page->out, "\n");
}

/* "wait: line, locomotive" of "wait: line" and another wait. */
static const char *join_waits(const story *s, const char *first, const char *second)
{
    krni_writer w;
    if (strstr(first, strchr(second, ' ') ? strchr(second, ' ') : second))
        return first;
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "%s,%s", first, strchr(second, ' ') ? strchr(second, ' ') : second);
    const char *text = krni_writer_text(&w);
    return text ? text : first;
}

/* For people: brief waits one after another at a place are one, as are hauls without a stop. */
static uint32_t join_steps(const story *s, step *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_steps; i++) {
        const step *now = &s->steps[i];
        step *before = n ? &out[n - 1] : NULL;
        const bool follows = before && before->until == now->at;
        const bool brief = before && hours(before) < BRIEF_H && hours(now) < BRIEF_H;
        const bool waits = krni_trace_is_wait(now->state);
        if (follows && brief && waits && krni_trace_is_wait(before->state) &&
            strcmp(before->from, now->from) == 0) {
            before->state = join_waits(s, before->state, now->state);
            before->until = now->until;
        } else if (follows && !waits && strcmp(before->state, now->state) == 0 &&
                   strcmp(before->to, now->from) == 0) {
            before->to = now->to;
            before->until = now->until;
        } else {
            out[n++] = *now;
        }
    }
    return n;
}

static bool write_steps(const story *s, const krn_package *package, krni_page *page)
{
    static const krni_grid_column columns[] = {{"when", KRNI_LEFT, 0},
                                               {"what", KRNI_LEFT, 16},
                                               {"where", KRNI_LEFT, 20},
                                               {"took", KRNI_RIGHT, 0}};
    krni_grid grid;
    step *steps = krn_arena_calloc(s->arena, s->n_steps + 1u, sizeof *steps);
    if (!steps)
        return false;
    const uint32_t n = join_steps(s, steps);
    krni_grid_init(&grid, s->arena, columns, 4);
    for (uint32_t i = 0; i < n; i++) {
        const step *at = &steps[i];
        const bool waits = krni_trace_is_wait(at->state);
        char span[KRNI_WORD];
        krni_grid_cell(&grid, when(s, at->at));
        krni_grid_cell(&grid, at->state);
        krni_grid_cell(&grid,
                       krni_trace_ends(package, at->from, waits ? at->from : at->to, s->arena));
        krni_grid_cell(&grid, krn_arena_text(s->arena, krni_span(hours(at), span)));
    }
    krni_grid_write(&grid, page, 0);
    return true;
}

static void write_sums(const story *s, const krni_tallies *sums, krni_page *page)
{
    static const krni_grid_column columns[] = {
        {"altogether", KRNI_LEFT, 0}, {"hours", KRNI_RIGHT, 0}, {"share", KRNI_RIGHT, 0}};
    krni_grid grid;
    double waits_h = 0;
    krni_write(page->out, "\n");
    krni_grid_init(&grid, s->arena, columns, 3);
    for (uint32_t i = 0; i < sums->n; i++) {
        krni_grid_cell(&grid, sums->of[i].name);
        krni_grid_number(&grid, sums->of[i].span_h, 1, true);
        krni_grid_format(&grid, "%.0f %%", 100.0 * sums->of[i].span_h / story_h(s));
        waits_h += krni_trace_is_wait(sums->of[i].name) ? sums->of[i].span_h : 0;
    }
    krni_grid_cell(&grid, "all");
    krni_grid_number(&grid, story_h(s), 1, true);
    krni_grid_cell(&grid, "");
    krni_grid_cell(&grid, "of it waiting");
    krni_grid_number(&grid, waits_h, 1, true);
    krni_grid_format(&grid, "%.0f %%", 100.0 * waits_h / story_h(s));
    krni_grid_write(&grid, page, 0);
}

static krn_status story_table(const story *s, const krn_package *package,
                              const krn_report_options *options, char **out, krn_error *err)
{
    krni_writer w;
    krni_tallies sums;
    krni_writer_init(&w, s->arena);
    krni_page page = krni_page_of(&w, options);
    if (!sum_up(s, &sums))
        return krni_fail_memory(err);
    write_heading(s, package, &page);
    if (s->n_steps) {
        if (!write_steps(s, package, &page))
            return krni_fail_memory(err);
        write_sums(s, &sums, &page);
    }
    return krni_writer_answer(&w, out, err);
}

/* ---- programs ---- */

static void fill_records(const story *s, krni_records *r)
{
    char text[KRNI_WORD];
    for (uint32_t i = 0; i < s->n_steps; i++) {
        const step *at = &s->steps[i];
        krni_record_number(r, s->lot, 0);
        krni_record_text(r, krn_arena_text(s->arena, krni_utc_iso(at->at, text)));
        krni_record_text(r, krn_arena_text(s->arena, krni_utc_iso(at->until, text)));
        krni_record_text(r, at->state);
        krni_record_text(r, at->from);
        krni_record_text(r, at->to);
        krni_record_text(r, at->resource);
        krni_record_text(r, at->cause);
        krni_record_number(r, hours(at), 4);
    }
}

static krn_status story_json(const story *s, const krni_records *records, char **out,
                             krn_error *err)
{
    bool failed = false;
    char text[KRNI_WORD];
    krni_tallies sums;
    if (!sum_up(s, &sums))
        return krni_fail_memory(err);
    json_t *root = json_object(), *list = json_object();
    krni_json_set(root, "lot", json_integer(s->lot), &failed);
    krni_json_set(root, "commodity", krni_json_text(s->commodity), &failed);
    krni_json_set(root, "tonnes", krni_json_number(s->net_t, 3), &failed);
    krni_json_set(root, "relation", krni_json_text(s->relation), &failed);
    krni_json_set(root, "way", krni_json_text_or_null(s->way), &failed);
    krni_json_set(root, "made", krni_json_text(krni_utc_iso(s->first, text)), &failed);
    krni_json_set(root, s->delivered ? "delivered" : "last_seen",
                  krni_json_text(krni_utc_iso(s->last, text)), &failed);
    krni_json_set(root, "hours", krni_json_number(story_h(s), 4), &failed);
    for (uint32_t i = 0; i < sums.n; i++)
        krni_json_set(list, sums.of[i].name, krni_json_number(sums.of[i].span_h, 4), &failed);
    krni_json_set(root, "hours_by_state", list, &failed);
    krni_json_set(root, "steps", krni_records_json(records), &failed);
    return krni_json_write(root, failed, s->arena, out, err);
}

krn_status krn_report_trace_lot(const char *path, uint32_t lot, const krn_package *package,
                                const krn_report_options *options, krn_arena *arena, char **out,
                                krn_error *err)
{
    static const char *const keys[] = {"lot", "begin",    "end",   "state", "from",
                                       "to",  "resource", "cause", "hours"};
    story s = {.path = path, .lot = lot, .arena = arena};
    krni_records records;
    *out = NULL;
    const krn_status st = read_story(&s, err);
    if (st)
        return st;
    if (options->format == KRN_FORMAT_TABLE)
        return story_table(&s, package, options, out, err);
    krni_records_init(&records, arena, keys, sizeof keys / sizeof keys[0]);
    fill_records(&s, &records);
    if (options->format == KRN_FORMAT_JSON)
        return story_json(&s, &records, out, err);
    return krni_records_answer(&records, "steps", options, arena, out, err);
}
