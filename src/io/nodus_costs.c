/* SPDX-License-Identifier: Apache-2.0 */
/* nodus_costs.c - a .costs file: variables and formulas, a line each, in the form of properties.
 *
 *   [scenario.] name [.group] [-class] = formula
 *
 *   name   ld ul tr mv stp  . or @ mode,class            '@': a duration in seconds
 *          tp sw            . or @ mode,class-mode,class
 *          AVGLOAD PCU      . mode,class
 *          any identifier
 *
 * Of the same key the last line stands. What is neither (coefficients of plug-ins, time slices,
 * texts) is told in a note and left out. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/formula_check.h"
#include "io/nodus_read.h"
#include "io/properties.h"

#define NAMED_IN_NOTE 3u

typedef struct costs {
    krni_nodus *p;
    const char *file;
    uint32_t rank;
    krn_arena *scratch;
    krn_cost_formula *list;
    uint32_t n, room;
    uint32_t n_strange, n_services; /* lines that are not used, or kept in vain */
    const char *strange[NAMED_IN_NOTE];
} costs;

typedef enum outcome { TAKEN, STRANGE, FAULTY } outcome;

static const struct {
    const char *name;
    krn_cost_kind kind;
} kinds[] = {{"ld", KRN_COST_LOAD},     {"ul", KRN_COST_UNLOAD}, {"tr", KRN_COST_TRANSIT},
             {"tp", KRN_COST_TRANSHIP}, {"mv", KRN_COST_MOVE},   {"sw", KRN_COST_SWITCH},
             {"stp", KRN_COST_STOP}};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

static bool take_char(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

/* A whole number of at most four digits. */
static bool take_number(const char **at, int32_t least, int32_t most, int32_t *out)
{
    int32_t value = 0, digits = 0;
    while (isdigit((unsigned char)**at) && digits < 5) {
        value = value * 10 + (*(*at)++ - '0');
        digits++;
    }
    *out = value;
    return digits && value >= least && value <= most;
}

/* mode,class */
static bool take_pair(const char **at, int32_t *mode, int32_t *vehicle_class)
{
    return take_number(at, 1, KRNI_NODUS_CLASSES, mode) && take_char(at, ',') &&
           take_number(at, 1, KRNI_NODUS_CLASSES, vehicle_class);
}

/* [.group][-class] and the end. */
static bool take_suffix(const char **at, krn_cost_formula *f)
{
    if (take_char(at, '.') && !take_number(at, 0, KRNI_NODUS_GROUPS, &f->group))
        return false;
    if (take_char(at, '-') && !take_number(at, 0, KRNI_NODUS_GROUPS, &f->od_class))
        return false;
    return !**at;
}

/* "ld." or "ld@": the kind; false if it is none. */
static bool take_kind(const char **at, krn_cost_formula *f)
{
    for (size_t k = 0; k < N_KINDS; k++) {
        const size_t n = strlen(kinds[k].name);
        const char mark = strncmp(*at, kinds[k].name, n) == 0 ? (*at)[n] : '\0';
        if (mark != '.' && mark != '@')
            continue;
        f->kind = kinds[k].kind;
        f->is_duration = mark == '@';
        *at += n + 1;
        return true;
    }
    return false;
}

static const char *reserved_name(const char *at)
{
    static const char *const names[] = {"AVGLOAD", "PCU"};
    for (size_t i = 0; i < 2; i++) {
        const size_t n = strlen(names[i]);
        if (strncmp(at, names[i], n) == 0 && at[n] == '.')
            return names[i];
    }
    return NULL;
}

static size_t identifier_length(const char *at)
{
    size_t n = 0;
    if (!isalpha((unsigned char)*at) && *at != '_')
        return 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_')
        n++;
    return n;
}

/* A key as what it is for; *expected is set when it is FAULTY. */
static outcome take_key(costs *c, const char *key, krn_cost_formula *f, const char **expected,
                        bool *failed)
{
    const char *at = key;
    if (isdigit((unsigned char)*at)) {
        *expected = "a scenario from 0 to 999 and a point before the name";
        if (!take_number(&at, 0, KRNI_NODUS_SCENARIO, &f->scenario) || !take_char(&at, '.'))
            return FAULTY;
    }
    if (take_kind(&at, f)) {
        const bool both = f->kind == KRN_COST_TRANSHIP || f->kind == KRN_COST_SWITCH;
        *expected = both ? "mode,class-mode,class[.group][-class] behind the kind"
                         : "mode,class[.group][-class] behind the kind";
        if (!take_pair(&at, &f->mode, &f->vehicle_class))
            return FAULTY;
        if (both && !(take_char(&at, '-') && take_pair(&at, &f->to_mode, &f->to_class)))
            return FAULTY;
        return take_suffix(&at, f) ? TAKEN : FAULTY;
    }
    const char *reserved = reserved_name(at);
    if (reserved) {
        f->name = reserved;
        at += strlen(reserved) + 1;
        *expected = "mode,class[.group] behind the name";
        return take_pair(&at, &f->mode, &f->vehicle_class) && take_suffix(&at, f) ? TAKEN : FAULTY;
    }
    const size_t n = identifier_length(at);
    char *name = krn_arena_calloc(c->p->arena, n + 1, 1);
    *failed = !name;
    if (!name)
        return STRANGE;
    memcpy(name, at, n);
    at += n;
    f->name = name;
    return n && take_suffix(&at, f) ? TAKEN : STRANGE;
}

static bool same_key(const krn_cost_formula *a, const krn_cost_formula *b)
{
    return a->kind == b->kind && a->mode == b->mode && a->vehicle_class == b->vehicle_class &&
           a->to_mode == b->to_mode && a->to_class == b->to_class && a->group == b->group &&
           a->scenario == b->scenario && a->od_class == b->od_class &&
           a->is_duration == b->is_duration && !a->name == !b->name &&
           (!a->name || strcmp(a->name, b->name) == 0);
}

/* Appends; an earlier line of the same key goes. */
static krn_status keep(costs *c, const krn_cost_formula *f, const char *key, krn_error *err)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (!same_key(&c->list[i], f))
            continue;
        krni_note(&c->p->notes, "%s: %s of line %u does not count, as line %u sets it again",
                  c->file, key, c->list[i].line, f->line);
        memmove(c->list + i, c->list + i + 1, (c->n - i - 1) * sizeof *c->list);
        c->n--;
        break;
    }
    if (c->n == KRNI_NODUS_FORMULAS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u variables and formulas", c->file,
                         KRNI_NODUS_FORMULAS);
    if (c->n == c->room) {
        c->list = krni_arena_grow(c->p->arena, c->list, c->n, &c->room, sizeof *c->list);
        if (!c->list)
            return krni_fail_memory(err);
    }
    c->list[c->n++] = *f;
    return KRN_OK;
}

static krn_status read_line(costs *c, const krni_property *line, krn_error *err)
{
    krn_cost_formula f = {.group = KRN_COST_ANY,
                          .scenario = KRN_COST_ANY,
                          .od_class = KRN_COST_ANY,
                          .line = line->line};
    const krni_place place = {c->rank, c->file, line->line, 0, "(name)"};
    const char *expected = NULL;
    bool failed = false;
    krn_status status = KRN_OK;
    if (line->expected) {
        krni_fault(c->p->faults, place, line->key, strlen(line->key), "%s", line->expected);
        return KRN_OK;
    }
    const outcome what = take_key(c, line->key, &f, &expected, &failed);
    if (failed)
        return krni_fail_memory(err);
    if (what == FAULTY) {
        krni_fault(c->p->faults, place, line->key, strlen(line->key), "%s", expected);
        return KRN_OK;
    }
    if (what == STRANGE) {
        if (c->n_strange < NAMED_IN_NOTE)
            c->strange[c->n_strange] = krn_arena_text(c->p->arena, line->key);
        c->n_strange++;
        return KRN_OK;
    }
    if (!*line->value) {
        krni_fault(c->p->faults, (krni_place){c->rank, c->file, line->line, 1, line->key}, "", 0,
                   "a number or a formula");
        return KRN_OK;
    }
    bool good = true;
    status =
        krni_formula_check(line->value, (krni_place){c->rank, c->file, line->line, 1, line->key},
                           c->p->faults, c->scratch, &good, err);
    if (status || !good)
        return status;
    c->n_services += !f.name && (f.kind == KRN_COST_SWITCH || f.kind == KRN_COST_STOP) ? 1u : 0u;
    f.text = krn_arena_text(c->p->arena, line->value);
    return f.text ? keep(c, &f, line->key, err) : krni_fail_memory(err);
}

static void tell_notes(costs *c)
{
    krni_notes *notes = &c->p->notes;
    const char *name[NAMED_IN_NOTE];
    for (uint32_t i = 0; i < NAMED_IN_NOTE; i++)
        name[i] = i < c->n_strange && c->strange[i] ? c->strange[i] : "";
    if (c->n_strange)
        krni_note(notes, "%s: lines of plug-ins, time slices or texts, not used: %u (%s%s%s%s%s%s)",
                  c->file, c->n_strange, name[0], c->n_strange > 1 ? ", " : "", name[1],
                  c->n_strange > 2 ? ", " : "", name[2], c->n_strange > 3 ? ", ..." : "");
    if (c->n_services)
        krni_note(notes, "%s: formulas of services (sw, stp), kept and not used: %u", c->file,
                  c->n_services);
    if (!c->n)
        krni_note(notes, "%s: no formulas in it", c->file);
}

/* "road" of "road.costs". */
static char *stem_of(const char *file, krn_arena *arena)
{
    char *name = krn_arena_text(arena, file);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot)
        *dot = '\0';
    return name;
}

krn_status krni_nodus_costs(krni_nodus *p, const char *file, char *text, size_t size,
                            krn_error *err)
{
    costs c = {.p = p, .file = file, .rank = p->next_rank++};
    krni_properties lines;
    krni_property line;
    krn_status status = KRN_OK;
    const uint32_t nul = krni_line_of_nul(text, size);
    if (nul) {
        krni_fault(p->faults, (krni_place){c.rank, file, nul, 0, "(row)"}, "", 0,
                   "a text without NUL");
        return KRN_OK;
    }
    char *utf8 = krni_text_as_utf8(text, size, p->arena, &size);
    char *name = stem_of(file, p->arena);
    if (!utf8 || !name)
        return krni_fail_memory(err);
    krni_properties_open(&lines, utf8, size);
    c.scratch = krn_arena_new(NULL, 0);
    if (!c.scratch)
        return krni_fail_memory(err);
    while (!status && krni_properties_next(&lines, &line))
        status = read_line(&c, &line, err);
    krn_arena_free(c.scratch);
    if (status)
        return status;
    tell_notes(&c);
    if (p->n_sets == p->set_room) {
        p->sets = krni_arena_grow(p->arena, p->sets, p->n_sets, &p->set_room, sizeof *p->sets);
        if (!p->sets)
            return krni_fail_memory(err);
    }
    p->sets[p->n_sets++] = (krn_cost_set){name, c.n, c.list};
    return KRN_OK;
}
