/* SPDX-License-Identifier: Apache-2.0 */
/* place.c - places by id, code or name, in any script and with typing errors.
 *
 * Every text that names a node (id, older ids, UN/LOCODE, rail code, names in all languages, ids of
 * place_crosswalk.csv) is one entry with three forms: folded, Latin skeleton, and bones (a skeleton
 * without vowels, for Arabic script). A search walks all entries once and keeps the best match of
 * each node: some thousands of short texts, well under a millisecond.
 *
 *   "бандар абас" -> folded "бандар абас" -> skeleton "bandar abas" -> 1 edit from "bandar abbas"
 *   "بندرعباس"    -> bones "bndrbs"       -> the bones of "Bandar Abbas" */
#include <keruen/place.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"

typedef struct entry {
    uint32_t node;
    krn_match_kind kind; /* of an exact match: id, code or name */
    const char *text;    /* as in the table */
    const char *folded;
    const char *skeleton; /* words by single blanks */
    const char *bones;
    bool arabic;
} entry;

struct krn_place_index {
    krn_arena *arena;
    const krn_package *package;
    entry *entries;
    uint32_t n_entries;
    uint32_t capacity;
};

const char *krn_match_kind_name(krn_match_kind kind)
{
    static const char *const names[] = {"id",   "code",   "name",    "beginning",
                                        "word", "script", "spelling"};
    return (unsigned)kind <= KRN_MATCH_NEAR ? names[kind] : "unknown";
}

/* ---- the index ---- */

static krn_status add_entry(krn_place_index *index, uint32_t node, krn_match_kind kind,
                            const char *text)
{
    if (!*text)
        return KRN_OK;
    if (index->n_entries == index->capacity) {
        const uint32_t capacity = index->capacity ? index->capacity * 2 : 1024;
        entry *grown = realloc(index->entries, capacity * sizeof *grown);
        if (!grown)
            return KRN_E_MEMORY;
        index->entries = grown;
        index->capacity = capacity;
    }
    krni_writer folded, skeleton, bones;
    krni_writer_init(&folded, index->arena);
    krni_writer_init(&skeleton, index->arena);
    krni_writer_init(&bones, index->arena);
    krni_fold(&folded, text);
    if (kind == KRN_MATCH_NAME) {
        krni_skeleton(&skeleton, text, false);
        krni_skeleton(&bones, text, true);
    }
    entry *e = &index->entries[index->n_entries];
    *e = (entry){.node = node,
                 .kind = kind,
                 .text = text,
                 .folded = krni_writer_text(&folded),
                 .skeleton = krni_writer_text(&skeleton),
                 .bones = krni_writer_text(&bones),
                 .arabic = krni_is_arabic_script(text)};
    if (!e->folded || !e->skeleton || !e->bones)
        return KRN_E_MEMORY;
    if (*e->folded)
        index->n_entries++;
    return KRN_OK;
}

static krn_status add_list(krn_place_index *index, uint32_t node, krn_match_kind kind,
                           const char *list)
{
    krn_status status = KRN_OK;
    size_t length = 0;
    const char *at = list;
    for (const char *item = krni_list_next(&at, &length); item && status == KRN_OK;
         item = krni_list_next(&at, &length)) {
        char *text = krn_arena_alloc(index->arena, length + 1);
        if (!text)
            return KRN_E_MEMORY;
        memcpy(text, item, length);
        text[length] = '\0';
        status = add_entry(index, node, kind, text);
    }
    return status;
}

static krn_status add_node(krn_place_index *index, uint32_t node)
{
    static const struct {
        int column;
        krn_match_kind kind;
        bool list;
    } texts[] = {
        {NODE_NODE_ID, KRN_MATCH_ID, false},   {NODE_ALIASES, KRN_MATCH_ID, true},
        {NODE_UNLOCODE, KRN_MATCH_CODE, true}, {NODE_RAIL_CODE, KRN_MATCH_CODE, true},
        {NODE_NAME, KRN_MATCH_NAME, false},    {NODE_NAME_RU, KRN_MATCH_NAME, false},
        {NODE_NAME_KK, KRN_MATCH_NAME, false}, {NODE_NAME_FA, KRN_MATCH_NAME, false},
        {NODE_NAME_TK, KRN_MATCH_NAME, false}, {NODE_NAMES_OTHER, KRN_MATCH_NAME, true},
    };
    krn_status status = KRN_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == KRN_OK; i++) {
        const char *text = krni_text(index->package, KRN_TABLE_NODE, node, texts[i].column);
        status = texts[i].list ? add_list(index, node, texts[i].kind, text)
                               : add_entry(index, node, texts[i].kind, text);
    }
    return status;
}

krn_status krn_place_index_new(const krn_package *package, krn_place_index **out, krn_error *err)
{
    *out = NULL;
    krn_place_index *index = calloc(1, sizeof *index);
    if (!index)
        return krni_fail_memory(err);
    index->package = package;
    index->arena = krn_arena_new(NULL, 0);
    krn_status status = index->arena ? KRN_OK : KRN_E_MEMORY;
    const uint32_t n_nodes = krn_package_rows(package, KRN_TABLE_NODE);
    for (uint32_t i = 0; i < n_nodes && status == KRN_OK; i++)
        status = add_node(index, i);
    const uint32_t n_older = krn_package_rows(package, KRN_TABLE_PLACE_CROSSWALK);
    for (uint32_t i = 0; i < n_older && status == KRN_OK; i++) {
        const uint32_t node =
            krni_ref(package, KRN_TABLE_PLACE_CROSSWALK, i, PLACE_CROSSWALK_NODE_ID);
        if (node != KRN_NO_ROW)
            status = add_entry(
                index, node, KRN_MATCH_ID,
                krni_text(package, KRN_TABLE_PLACE_CROSSWALK, i, PLACE_CROSSWALK_PLACE_ID));
    }
    if (status) {
        krn_place_index_free(index);
        return krni_fail_memory(err);
    }
    *out = index;
    return KRN_OK;
}

void krn_place_index_free(krn_place_index *index)
{
    if (!index)
        return;
    krn_arena_free(index->arena);
    free(index->entries);
    free(index);
}

/* ---- a search ---- */

typedef struct query {
    const char *folded;
    const char *skeleton;
    const char *bones;
    bool arabic;
    bool distant; /* nearest names at any distance, for "did you mean" */
} query;

static krn_status make_query(const char *text, krn_arena *arena, query *out)
{
    krni_writer folded, skeleton, bones;
    krni_writer_init(&folded, arena);
    krni_writer_init(&skeleton, arena);
    krni_writer_init(&bones, arena);
    krni_fold(&folded, text);
    krni_skeleton(&skeleton, text, false);
    krni_skeleton(&bones, text, true);
    *out = (query){.folded = krni_writer_text(&folded),
                   .skeleton = krni_writer_text(&skeleton),
                   .bones = krni_writer_text(&bones),
                   .arabic = krni_is_arabic_script(text)};
    return out->folded && out->skeleton && out->bones ? KRN_OK : KRN_E_MEMORY;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Whether text holds `part` from the beginning of one of its words on. */
static bool has_word(const char *text, const char *part)
{
    for (const char *at = strchr(text, ' '); at; at = strchr(at + 1, ' '))
        if (begins_with(at + 1, part))
            return true;
    return false;
}

/* Least distance of a query to a whole text, to its beginning of as many words, or to one of its
 * words. */
static uint32_t nearest_distance(const char *text, const char *asked, uint32_t limit)
{
    uint32_t best = krni_edit_distance(text, asked, limit);
    for (const char *at = text; at && best > 0; at = strchr(at, ' ')) {
        if (*at == ' ')
            at++;
        char word[64];
        const size_t n = strcspn(at, " ");
        if (n < 4 || n >= sizeof word)
            continue;
        memcpy(word, at, n);
        word[n] = '\0';
        const uint32_t distance = krni_edit_distance(word, asked, limit) + 1;
        best = distance < best ? distance : best;
    }
    return best;
}

/* How one entry meets a query: false when it does not. */
static bool match_entry(const entry *e, const query *q, krn_match_kind *kind, uint32_t *distance)
{
    *distance = 0;
    if (strcmp(e->folded, q->folded) == 0) {
        *kind = e->kind;
        return true;
    }
    const size_t length = strlen(q->folded);
    if (e->kind == KRN_MATCH_NAME && length >= 2) {
        if (begins_with(e->folded, q->folded)) {
            *kind = KRN_MATCH_PREFIX;
            return true;
        }
        if (has_word(e->folded, q->folded)) {
            *kind = KRN_MATCH_WORD;
            return true;
        }
        *kind = KRN_MATCH_SOUND;
        const size_t sounds = strlen(q->skeleton);
        if (sounds >= 3 && (strcmp(e->skeleton, q->skeleton) == 0 ||
                            (sounds >= 4 && (begins_with(e->skeleton, q->skeleton) ||
                                             has_word(e->skeleton, q->skeleton)))))
            return true;
        const size_t n_bones = strlen(q->bones);
        if (n_bones >= (q->arabic ? 3u : 4u) && (q->arabic || e->arabic) &&
            (strcmp(e->bones, q->bones) == 0 || (n_bones >= 4 && begins_with(e->bones, q->bones))))
            return true;
    }
    *kind = KRN_MATCH_NEAR;
    if (e->kind == KRN_MATCH_NAME) {
        const size_t n = strlen(q->skeleton);
        const uint32_t limit = q->distant ? (uint32_t)(n / 2 + 1) : krni_edit_allowance(n);
        *distance = nearest_distance(e->skeleton, q->skeleton, limit);
        return n >= 2 && limit && *distance <= limit;
    }
    if (e->kind == KRN_MATCH_ID && length >= 5) {
        const uint32_t limit = q->distant ? 4 : krni_edit_allowance(length);
        *distance = krni_edit_distance(e->folded, q->folded, limit);
        return *distance <= limit;
    }
    return false;
}

/* Ports before terminals before cities: what a shipper means by a name. */
static int rank_of_type(const krn_package *package, uint32_t node)
{
    static const char *const order[] = {"port",   "terminal",    "dry_port",
                                        "city",   "station",     "gauge_change",
                                        "border", "border_post", "place"};
    const char *type = krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_TYPE);
    const int n = (int)(sizeof order / sizeof order[0]);
    for (int i = 0; i < n; i++)
        if (strcmp(type, order[i]) == 0)
            return i;
    return n;
}

typedef struct candidate {
    krn_place_match match;
    int exact_sound; /* 0: the whole name sounds so, 1: its consonants do, 2: a part of it */
    int type;
    const char *id;
} candidate;

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->match.kind != y->match.kind)
        return x->match.kind < y->match.kind ? -1 : 1;
    if (x->match.distance != y->match.distance)
        return x->match.distance < y->match.distance ? -1 : 1;
    if (x->exact_sound != y->exact_sound)
        return x->exact_sound - y->exact_sound;
    if (x->type != y->type)
        return x->type - y->type;
    return strcmp(x->id, y->id);
}

static int whole_sound(const entry *e, const query *q, krn_match_kind kind)
{
    if (kind != KRN_MATCH_SOUND)
        return 0;
    return strcmp(e->skeleton, q->skeleton) == 0 ? 0 : strcmp(e->bones, q->bones) == 0 ? 1 : 2;
}

/* The best match of every node, in order. */
static krn_status search(const krn_place_index *index, const query *q, krn_arena *arena,
                         uint32_t *out_n, candidate **out)
{
    const uint32_t n_nodes = krn_package_rows(index->package, KRN_TABLE_NODE);
    candidate *found = krn_arena_calloc(arena, n_nodes ? n_nodes : 1, sizeof *found);
    uint32_t *slot = krn_arena_calloc(arena, n_nodes ? n_nodes : 1, sizeof *slot);
    if (!found || !slot) /* slot: place of a node among the found ones, plus one */
        return KRN_E_MEMORY;
    uint32_t n = 0;
    for (uint32_t i = 0; i < index->n_entries; i++) {
        const entry *e = &index->entries[i];
        krn_match_kind kind;
        uint32_t distance;
        if (!match_entry(e, q, &kind, &distance))
            continue;
        const candidate c = {.match = {e->node, kind, distance, e->text},
                             .exact_sound = whole_sound(e, q, kind),
                             .type = rank_of_type(index->package, e->node),
                             .id =
                                 krni_text(index->package, KRN_TABLE_NODE, e->node, NODE_NODE_ID)};
        if (!slot[e->node]) {
            slot[e->node] = ++n;
            found[n - 1] = c;
        } else if (compare_candidates(&c, &found[slot[e->node] - 1]) < 0)
            found[slot[e->node] - 1] = c;
    }
    qsort(found, n, sizeof *found, compare_candidates);
    *out_n = n;
    *out = found;
    return KRN_OK;
}

krn_status krn_place_find(const krn_place_index *index, const char *text, uint32_t max,
                          krn_arena *arena, uint32_t *out_n, krn_place_match **out, krn_error *err)
{
    *out_n = 0;
    *out = NULL;
    query q;
    candidate *found = NULL;
    uint32_t n = 0;
    krn_status status = make_query(text, arena, &q);
    if (status == KRN_OK && *q.folded)
        status = search(index, &q, arena, &n, &found);
    if (status)
        return krni_fail_memory(err);
    n = n < max ? n : max;
    krn_place_match *matches = krn_arena_calloc(arena, n ? n : 1, sizeof *matches);
    if (!matches)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        matches[i] = found[i].match;
    *out_n = n;
    *out = matches;
    return KRN_OK;
}

/* ---- the one place that is meant ---- */

/* Up to four of the places found as "Name (id)", those much farther off than the first left out. */
static const char *list_places(const krn_place_index *index, const candidate *found, uint32_t n,
                               krn_arena *arena)
{
    krni_writer names;
    krni_writer_init(&names, arena);
    for (uint32_t i = 0; i < n && i < 4; i++) {
        if (found[i].match.distance > found[0].match.distance + 1)
            break;
        krni_writef(&names, "%s%s (%s)", i ? ", " : "",
                    krni_text(index->package, KRN_TABLE_NODE, found[i].match.node, NODE_NAME),
                    found[i].id);
    }
    return krni_writer_text(&names);
}

static krn_status fail_with_nearest(const krn_place_index *index, const char *text, query *q,
                                    krn_arena *arena, krn_error *err)
{
    q->distant = true;
    candidate *found = NULL;
    uint32_t n = 0;
    if (*q->folded && search(index, q, arena, &n, &found))
        return krni_fail_memory(err);
    const char *list = list_places(index, found, n, arena);
    if (!list)
        return krni_fail_memory(err);
    const int shown = (int)krni_prefix_bytes(text, 60);
    if (!*list)
        return krni_fail(
            err, KRN_E_NOT_FOUND,
            "no place is called \"%.*s\"; a node id, UN/LOCODE, six-digit rail code or "
            "name was expected (keruen find TEXT searches)",
            shown, text);
    if (found[0].match.kind < KRN_MATCH_NEAR)
        return krni_fail(err, KRN_E_AMBIGUOUS, "\"%.*s\" fits several places: %s", shown, text,
                         list);
    return krni_fail(err, KRN_E_NOT_FOUND, "no place is called \"%.*s\"; nearest: %s", shown, text,
                     list);
}

/* Whether the best matches by name lie in one country: a port and its town do, twin towns at a
 * border do not. */
static bool in_one_country(const krn_place_index *index, const candidate *found, uint32_t n)
{
    const char *country =
        krni_text(index->package, KRN_TABLE_NODE, found[0].match.node, NODE_COUNTRY);
    for (uint32_t i = 1; i < n && found[i].match.kind == found[0].match.kind; i++)
        if (strcmp(country, krni_text(index->package, KRN_TABLE_NODE, found[i].match.node,
                                      NODE_COUNTRY)) != 0)
            return false;
    return true;
}

/* A beginning, a word or a sound means a place when no other place has one as good. */
static bool is_clear(const candidate *found, uint32_t n)
{
    if (found[0].match.kind == KRN_MATCH_SOUND && found[0].exact_sound < 2)
        return true;
    if (found[0].match.kind > KRN_MATCH_SOUND)
        return false;
    return n < 2 || found[1].match.kind != found[0].match.kind;
}

krn_status krn_place_resolve(const krn_place_index *index, const char *text, uint32_t *out_node,
                             krn_error *err)
{
    *out_node = KRN_NO_ROW;
    krn_arena *arena = krn_arena_new(NULL, 0);
    query q;
    candidate *found = NULL;
    uint32_t n = 0;
    krn_status status = arena ? make_query(text, arena, &q) : KRN_E_MEMORY;
    if (status == KRN_OK && *q.folded)
        status = search(index, &q, arena, &n, &found);
    if (status)
        status = krni_fail_memory(err);
    else if (n && (found[0].match.kind <= KRN_MATCH_CODE ||
                   (found[0].match.kind == KRN_MATCH_NAME && in_one_country(index, found, n)) ||
                   (found[0].match.kind > KRN_MATCH_NAME && is_clear(found, n))))
        *out_node = found[0].match.node;
    else
        status = fail_with_nearest(index, text, &q, arena, err);
    krn_arena_free(arena);
    return status;
}
