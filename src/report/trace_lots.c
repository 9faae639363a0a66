/* SPDX-License-Identifier: Apache-2.0 */
/* trace_lots.c - what a trace holds, in one pass: lots with their times, time by what it went to,
 * relations, the slowest lots.
 *
 *   memory     about 80 bytes a lot; texts once each */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/records.h"
#include "report/store_check.h"
#include "report/trace_words.h"

#define MOST_LOTS  4000000u
#define MOST_WORDS 100000u
#define SLOWEST    10u
#define RELATIONS  12u /* shown in a table */

typedef struct word {
    const char *text;
    uint64_t hash;
    uint32_t n; /* delivered lots of a relation */
    double span_h, net_t, net_t_h;
} word;

typedef struct lot {
    uint32_t number, relation, commodity, way, state; /* words */
    bool delivered;
    krn_time first, last;
    double net_t, wait_h;
} lot;

typedef struct book {
    const char *path;
    krn_arena *arena; /* of texts */
    word *words;
    uint32_t n_words, words_size;
    uint32_t *word_slots; /* 0 free, else word + 1; twice words_size */
    lot *lots;
    uint32_t n_lots, lots_size;
    uint32_t *lot_slots;
    uint64_t n_rows;
} book;

/* ---- tables that grow: an array, and slots of twice its size that find things in it ---- */

static bool grow(void **items, size_t item_size, uint32_t **slots, uint32_t *size)
{
    const uint32_t more = *size ? 2 * *size : 1024;
    void *larger = realloc(*items, (size_t)more * item_size);
    if (larger)
        *items = larger;
    uint32_t *fresh = larger ? calloc(2 * (size_t)more, sizeof *fresh) : NULL;
    if (!fresh)
        return false;
    free(*slots);
    *slots = fresh;
    *size = more;
    return true;
}

static uint64_t spread(uint32_t number)
{
    return (uint64_t)number * 0x9E3779B97F4A7C15u >> 32;
}

static void put_slot(uint32_t *slots, uint32_t size, uint64_t hash, uint32_t index)
{
    uint64_t at = hash % (2 * (uint64_t)size);
    while (slots[at])
        at = (at + 1) % (2 * (uint64_t)size);
    slots[at] = index + 1;
}

static krn_status find_word(book *b, const char *text, uint32_t *out, krn_error *err)
{
    const uint64_t hash = krni_hash(KRNI_HASH_START, text, strlen(text));
    for (uint64_t at = hash; b->words_size; at++) {
        const uint32_t slot = b->word_slots[at % (2 * (uint64_t)b->words_size)];
        if (!slot)
            break;
        if (b->words[slot - 1].hash == hash && strcmp(b->words[slot - 1].text, text) == 0) {
            *out = slot - 1;
            return KRN_OK;
        }
    }
    if (b->n_words == MOST_WORDS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u different names", b->path, MOST_WORDS);
    if (b->n_words == b->words_size) {
        if (!grow((void **)&b->words, sizeof *b->words, &b->word_slots, &b->words_size))
            return krni_fail_memory(err);
        for (uint32_t i = 0; i < b->n_words; i++)
            put_slot(b->word_slots, b->words_size, b->words[i].hash, i);
    }
    const word fresh = {.text = krn_arena_text(b->arena, text), .hash = hash};
    if (!fresh.text)
        return krni_fail_memory(err);
    put_slot(b->word_slots, b->words_size, hash, b->n_words);
    *out = b->n_words;
    b->words[b->n_words++] = fresh;
    return KRN_OK;
}

static krn_status find_lot(book *b, const krn_trace_row *row, lot **out, krn_error *err)
{
    for (uint64_t at = spread(row->lot); b->lots_size; at++) {
        const uint32_t slot = b->lot_slots[at % (2 * (uint64_t)b->lots_size)];
        if (!slot)
            break;
        if (b->lots[slot - 1].number == row->lot) {
            *out = &b->lots[slot - 1];
            return KRN_OK;
        }
    }
    if (b->n_lots == MOST_LOTS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u lots", b->path, MOST_LOTS);
    if (b->n_lots == b->lots_size) {
        if (!grow((void **)&b->lots, sizeof *b->lots, &b->lot_slots, &b->lots_size))
            return krni_fail_memory(err);
        for (uint32_t i = 0; i < b->n_lots; i++)
            put_slot(b->lot_slots, b->lots_size, spread(b->lots[i].number), i);
    }
    lot fresh = {.number = row->lot, .first = row->at, .last = row->at, .net_t = row->net_t};
    krn_status st = find_word(b, row->relation, &fresh.relation, err);
    if (!st)
        st = find_word(b, row->commodity, &fresh.commodity, err);
    if (!st)
        st = find_word(b, row->way, &fresh.way, err);
    if (!st)
        st = find_word(b, krni_trace_state(row), &fresh.state, err);
    if (st)
        return st;
    put_slot(b->lot_slots, b->lots_size, spread(row->lot), b->n_lots);
    *out = &b->lots[b->n_lots];
    b->lots[b->n_lots++] = fresh;
    return KRN_OK;
}

static krn_status visit(void *context, const krn_trace_row *row, krn_error *err)
{
    book *b = context;
    lot *l = NULL;
    krn_status st = find_lot(b, row, &l, err);
    if (st)
        return st;
    if (row->at < l->last)
        return krni_trace_disorder(b->path, row, err);
    const double span_h = (double)(row->at - l->last) / KRN_SECONDS_PER_HOUR;
    word *state = &b->words[l->state];
    state->span_h += span_h;
    state->net_t_h += span_h * l->net_t;
    if (krni_trace_is_wait(state->text))
        l->wait_h += span_h;
    l->last = row->at;
    l->delivered = l->delivered || strcmp(row->activity, "delivered") == 0;
    b->n_rows++;
    return find_word(b, krni_trace_state(row), &l->state, err);
}

static void clear(book *b)
{
    free(b->words);
    free(b->word_slots);
    free(b->lots);
    free(b->lot_slots);
}

/* ---- what it says ---- */

typedef struct digest {
    uint32_t n_delivered;
    double net_t, delivered_t, mean_h;
    krn_time first, last;
    const lot *slowest[SLOWEST];
    uint32_t n_slowest;
    krni_tallies by_state;
} digest;

static double lot_h(const lot *l)
{
    return (double)(l->last - l->first) / KRN_SECONDS_PER_HOUR;
}

static bool is_slower(const lot *a, const lot *b)
{
    const double ha = lot_h(a), hb = lot_h(b);
    return ha != hb ? ha > hb : a->number < b->number;
}

static void rank(digest *d, const lot *l)
{
    uint32_t at = d->n_slowest;
    while (at > 0 && is_slower(l, d->slowest[at - 1]))
        at--;
    if (at == SLOWEST)
        return;
    const uint32_t last = d->n_slowest < SLOWEST ? d->n_slowest : SLOWEST - 1;
    memmove(d->slowest + at + 1, d->slowest + at, (last - at) * sizeof *d->slowest);
    d->slowest[at] = l;
    d->n_slowest = last + 1;
}

static int by_tonnes(const void *pa, const void *pb)
{
    const krni_tally *a = pa, *b = pb;
    if (a->net_t_h != b->net_t_h)
        return a->net_t_h > b->net_t_h ? -1 : 1;
    return strcmp(a->name, b->name);
}

static int by_relation_words(const void *pa, const void *pb)
{
    const word *const *a = pa, *const *b = pb;
    if ((*a)->net_t != (*b)->net_t)
        return (*a)->net_t > (*b)->net_t ? -1 : 1;
    return strcmp((*a)->text, (*b)->text);
}

/* The relations of delivered lots, most tonnes first; *out_n of them. */
static const word **list_relations(const book *b, uint32_t *out_n)
{
    const word **list = krn_arena_calloc(b->arena, b->n_words + 1u, sizeof *list);
    *out_n = 0;
    for (uint32_t i = 0; list && i < b->n_words; i++)
        if (b->words[i].n)
            list[(*out_n)++] = &b->words[i];
    if (list)
        qsort(list, *out_n, sizeof *list, by_relation_words);
    return list;
}

static void digest_lots(book *b, digest *d)
{
    double sum_h = 0;
    *d = (digest){.by_state.arena = b->arena};
    for (uint32_t i = 0; i < b->n_lots; i++) {
        const lot *l = &b->lots[i];
        d->first = i == 0 || l->first < d->first ? l->first : d->first;
        d->last = i == 0 || l->last > d->last ? l->last : d->last;
        d->net_t += l->net_t;
        rank(d, l);
        if (!l->delivered)
            continue;
        word *relation = &b->words[l->relation];
        d->n_delivered++;
        d->delivered_t += l->net_t;
        sum_h += lot_h(l) * l->net_t;
        relation->n++;
        relation->net_t += l->net_t;
        relation->net_t_h += lot_h(l) * l->net_t;
    }
    d->mean_h = d->delivered_t > 0 ? sum_h / d->delivered_t : (double)NAN;
    for (uint32_t i = 0; i < b->n_words; i++)
        if (b->words[i].span_h > 0)
            krni_tally_add(&d->by_state, b->words[i].text, b->words[i].span_h,
                           b->words[i].net_t_h / b->words[i].span_h);
    qsort(d->by_state.of, d->by_state.n, sizeof *d->by_state.of, by_tonnes);
}

/* ---- table ---- */

static void write_heading(const book *b, const digest *d, krni_page *page)
{
    krni_writer w;
    char lots[KRNI_WORD], tonnes[KRNI_WORD], first[KRNI_WORD], last[KRNI_WORD], mean[KRNI_WORD];
    krni_writer_init(&w, b->arena);
    krni_writef(&w, "Trace %s: %s lots, %s t", b->path,
                krni_number_text(b->n_lots, 0, true, lots, sizeof lots),
                krni_number_text(d->net_t, 0, true, tonnes, sizeof tonnes));
    const char *title = krni_writer_text(&w);
    krni_page_title(page, title ? title : "");
    if (!b->n_lots)
        return;
    krni_writer_init(&w, b->arena);
    krni_writef(&w, "%s to %s UTC; %s lots delivered", krni_utc_text(d->first, first),
                krni_utc_text(d->last, last),
                krni_number_text(d->n_delivered, 0, true, lots, sizeof lots));
    if (!isnan(d->mean_h))
        krni_writef(&w, ", %s door to door in the mean of tonnes", krni_span(d->mean_h, mean));
    const char *line = krni_writer_text(&w);
    krni_page_text(page, line ? line : "", 0);
    krni_write(page->out, "\n");
}

static void write_states(const book *b, const digest *d, krni_page *page)
{
    static const krni_grid_column columns[] = {
        {"where the time went", KRNI_LEFT, 0}, {"t days", KRNI_RIGHT, 0}, {"share", KRNI_RIGHT, 0}};
    krni_grid grid;
    double all = 0;
    krni_grid_init(&grid, b->arena, columns, 3);
    for (uint32_t i = 0; i < d->by_state.n; i++)
        all += d->by_state.of[i].net_t_h;
    for (uint32_t i = 0; i < d->by_state.n; i++) {
        krni_grid_cell(&grid, d->by_state.of[i].name);
        krni_grid_number(&grid, d->by_state.of[i].net_t_h / 24, 0, true);
        krni_grid_format(&grid, "%.1f %%", all > 0 ? 100.0 * d->by_state.of[i].net_t_h / all : 0.0);
    }
    krni_grid_write(&grid, page, 0);
    krni_write(page->out, "\n");
}

static void write_relations(const book *b, const krn_package *package, const word *const *list,
                            uint32_t n, krni_page *page)
{
    static const krni_grid_column columns[] = {{"relation", KRNI_LEFT, 20},
                                               {"lots", KRNI_RIGHT, 0},
                                               {"t", KRNI_RIGHT, 0},
                                               {"days", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, b->arena, columns, 4);
    for (uint32_t i = 0; i < n && i < RELATIONS; i++) {
        krni_grid_cell(&grid, krni_trace_relation(package, list[i]->text, b->arena));
        krni_grid_number(&grid, list[i]->n, 0, true);
        krni_grid_number(&grid, list[i]->net_t, 0, true);
        krni_grid_number(&grid, list[i]->net_t > 0 ? list[i]->net_t_h / list[i]->net_t / 24 : NAN,
                         1, true);
    }
    krni_grid_write(&grid, page, 0);
    if (n > RELATIONS) {
        krni_writef(page->out, "and %u more relations (--format json lists all)\n",
                    (unsigned)(n - RELATIONS));
    }
    krni_write(page->out, "\n");
}

static void write_slowest(const book *b, const krn_package *package, const digest *d,
                          krni_page *page)
{
    static const krni_grid_column columns[] = {{"slowest", KRNI_RIGHT, 0},  {"made", KRNI_LEFT, 0},
                                               {"relation", KRNI_LEFT, 16}, {"days", KRNI_RIGHT, 0},
                                               {"waiting", KRNI_RIGHT, 0},  {"", KRNI_LEFT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, b->arena, columns, 6);
    for (uint32_t i = 0; i < d->n_slowest; i++) {
        const lot *l = d->slowest[i];
        char made[KRNI_WORD];
        krni_utc_text(l->first, made);
        made[10] = '\0'; /* the day is enough */
        krni_grid_format(&grid, "%u", (unsigned)l->number);
        krni_grid_cell(&grid, krn_arena_text(b->arena, made));
        krni_grid_cell(&grid, krni_trace_relation(package, b->words[l->relation].text, b->arena));
        krni_grid_number(&grid, lot_h(l) / 24, 1, true);
        krni_grid_number(&grid, l->wait_h / 24, 1, true);
        krni_grid_cell(&grid, l->delivered ? "" : "under way");
    }
    krni_grid_write(&grid, page, 0);
}

static krn_status lots_table(book *b, const krn_package *package, const krn_report_options *options,
                             char **out, krn_error *err)
{
    krni_writer w;
    digest d;
    uint32_t n = 0;
    krni_writer_init(&w, b->arena);
    krni_page page = krni_page_of(&w, options);
    digest_lots(b, &d);
    const word **relations = list_relations(b, &n);
    if (!relations || d.by_state.failed)
        return krni_fail_memory(err);
    write_heading(b, &d, &page);
    if (b->n_lots) {
        write_states(b, &d, &page);
        if (n)
            write_relations(b, package, relations, n, &page);
        write_slowest(b, package, &d, &page);
        krni_writef(&w, "\nkeruen trace %s %u tells the story of a lot\n", b->path,
                    (unsigned)d.slowest[0]->number);
    }
    return krni_writer_answer(&w, out, err);
}

/* ---- programs ---- */

static void add_lot(krni_records *r, const book *b, const lot *l)
{
    char text[KRNI_WORD];
    krni_record_number(r, l->number, 0);
    krni_record_text(r, b->words[l->commodity].text);
    krni_record_number(r, l->net_t, 3);
    krni_record_text(r, b->words[l->relation].text);
    krni_record_text(r, b->words[l->way].text);
    krni_record_text(r, krn_arena_text(b->arena, krni_utc_iso(l->first, text)));
    if (l->delivered)
        krni_record_text(r, krn_arena_text(b->arena, krni_utc_iso(l->last, text)));
    else
        krni_record_nothing(r);
    krni_record_number(r, lot_h(l), 4);
    krni_record_number(r, l->wait_h, 4);
}

static json_t *states_json(const digest *d)
{
    bool failed = false;
    json_t *object = json_object();
    for (uint32_t i = 0; i < d->by_state.n; i++)
        krni_json_set(object, d->by_state.of[i].name,
                      krni_json_number(d->by_state.of[i].net_t_h, 2), &failed);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *relations_json(const word *const *list, uint32_t n)
{
    bool failed = false;
    json_t *array = json_array();
    for (uint32_t i = 0; i < n; i++) {
        json_t *o = json_object();
        krni_json_set(o, "relation", krni_json_text(list[i]->text), &failed);
        krni_json_set(o, "lots", json_integer(list[i]->n), &failed);
        krni_json_set(o, "delivered_t", krni_json_number(list[i]->net_t, 3), &failed);
        krni_json_set(o, "mean_h",
                      krni_json_number(
                          list[i]->net_t > 0 ? list[i]->net_t_h / list[i]->net_t : (double)NAN, 3),
                      &failed);
        krni_json_append(array, o, &failed);
    }
    if (failed) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static krn_status lots_json(book *b, krni_records *records, char **out, krn_error *err)
{
    char text[KRNI_WORD];
    bool failed = false;
    uint32_t n = 0;
    digest d;
    digest_lots(b, &d);
    const word **relations = list_relations(b, &n);
    if (!relations || d.by_state.failed)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < d.n_slowest; i++)
        add_lot(records, b, d.slowest[i]);
    json_t *root = json_object();
    krni_json_set(root, "rows", json_integer((json_int_t)b->n_rows), &failed);
    krni_json_set(root, "lots", json_integer(b->n_lots), &failed);
    krni_json_set(root, "tonnes", krni_json_number(d.net_t, 3), &failed);
    krni_json_set(root, "delivered_lots", json_integer(d.n_delivered), &failed);
    krni_json_set(root, "delivered_t", krni_json_number(d.delivered_t, 3), &failed);
    krni_json_set(root, "mean_h", krni_json_number(d.mean_h, 3), &failed);
    krni_json_set(root, "first",
                  b->n_lots ? krni_json_text(krni_utc_iso(d.first, text)) : json_null(), &failed);
    krni_json_set(root, "last",
                  b->n_lots ? krni_json_text(krni_utc_iso(d.last, text)) : json_null(), &failed);
    krni_json_set(root, "tonne_hours_by_state", states_json(&d), &failed);
    krni_json_set(root, "relations", relations_json(relations, n), &failed);
    krni_json_set(root, "slowest", krni_records_json(records), &failed);
    return krni_json_write(root, failed, b->arena, out, err);
}

krn_status krn_report_trace(const char *path, const krn_package *package,
                            const krn_report_options *options, krn_arena *arena, char **out,
                            krn_error *err)
{
    static const char *const keys[] = {"lot",  "commodity", "tonnes", "relation",  "way",
                                       "made", "delivered", "hours",  "wait_hours"};
    book b = {.path = path, .arena = arena};
    krni_records records;
    *out = NULL;
    krni_records_init(&records, arena, keys, sizeof keys / sizeof keys[0]);
    krn_status st = krn_trace_read(path, visit, &b, err);
    if (!st && options->format == KRN_FORMAT_TABLE) {
        st = lots_table(&b, package, options, out, err);
    } else if (!st && options->format == KRN_FORMAT_JSON) {
        st = lots_json(&b, &records, out, err);
    } else if (!st) {
        for (uint32_t i = 0; i < b.n_lots && options->format == KRN_FORMAT_CSV; i++)
            add_lot(&records, &b, &b.lots[i]);
        st = krni_records_answer(&records, "lots", options, arena, out, err);
    }
    clear(&b);
    return st;
}
