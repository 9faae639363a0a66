/* SPDX-License-Identifier: Apache-2.0 */
/* nodus_project.c - PROJECT.nodus, and in which order its files are read.
 *
 *   network.nodes, network.links   names of layers        importTables   names of tables
 *   beside it                      *.dbf that are od tables, *.costs, and what is only told of
 *
 * Nodes come first, so that the ends of links and od rows are known; then all faults are told at
 * once. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/file.h"
#include "io/nodus_read.h"
#include "io/properties.h"

#define MOST_LAYERS 1000u
#define MOST_NOTES  10000u

typedef struct names {
    const char *list[MOST_LAYERS];
    uint32_t n, line;
} names;

typedef struct project {
    krni_nodus read;
    const char *file; /* demo.nodus */
    names nodes, links, tables;
    uint32_t n_unused;
    const char *first_unused;
} project;

/* ---- notes and arrays ---- */

void krni_note(krni_notes *notes, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (notes->n >= MOST_NOTES)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    if (notes->n == notes->room)
        notes->texts = krni_arena_grow(notes->arena, (const void *)notes->texts, notes->n,
                                       &notes->room, sizeof *notes->texts);
    const char *kept = notes->texts ? krn_arena_text(notes->arena, text) : NULL;
    if (!kept) {
        notes->failed = true;
        notes->n = 0;
        notes->room = 0;
        return;
    }
    notes->texts[notes->n++] = kept;
}

void *krni_arena_grow(krn_arena *arena, const void *old, uint32_t n, uint32_t *room, size_t size)
{
    const uint32_t more = *room ? 2 * *room : 16;
    void *larger = krn_arena_alloc(arena, more * size);
    if (!larger)
        return NULL;
    if (n)
        memcpy(larger, old, n * size);
    *room = more;
    return larger;
}

/* ---- PROJECT.nodus ---- */

static bool is_file_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && !strchr(name, '\\');
}

/* Words of a value, apart by blanks or commas. */
static krn_status take_names(project *j, const krni_property *line, names *out, krn_error *err)
{
    const krni_place place = {0, j->file, line->line, 0, line->key};
    const char *at = line->value;
    out->n = 0;
    out->line = line->line;
    while (*at) {
        const size_t blanks = strspn(at, " \t,;\n\r\f"), n = strcspn(at + blanks, " \t,;\n\r\f");
        at += blanks;
        if (!n)
            break;
        if (out->n == MOST_LAYERS)
            return krni_fail(err, KRN_E_LIMIT, "%s: more than %u names in %s", j->file, MOST_LAYERS,
                             line->key);
        char *name = krn_arena_calloc(j->read.arena, n + 1, 1);
        if (!name)
            return krni_fail_memory(err);
        memcpy(name, at, n);
        at += n;
        if (!is_file_name(name)) {
            krni_fault(j->read.faults, place, name, n, "a name of a file in the same folder");
            continue;
        }
        out->list[out->n++] = name;
    }
    return KRN_OK;
}

static krn_status take_line(project *j, const krni_property *line, krn_error *err)
{
    const krni_place place = {0, j->file, line->line, 0, line->key};
    if (line->expected) {
        krni_fault(j->read.faults, place, line->value, strlen(line->value), "%s", line->expected);
        return KRN_OK;
    }
    if (strcmp(line->key, "network.nodes") == 0)
        return take_names(j, line, &j->nodes, err);
    if (strcmp(line->key, "network.links") == 0)
        return take_names(j, line, &j->links, err);
    if (strcmp(line->key, "importTables") == 0)
        return take_names(j, line, &j->tables, err);
    if (!j->n_unused++)
        j->first_unused = krn_arena_text(j->read.arena, line->key);
    return KRN_OK;
}

static bool is_named(const names *list, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(list->list[i], name) == 0)
            return true;
    return false;
}

static void check_names(project *j, const names *list, const char *key, bool is_layer)
{
    const krni_place place = {0, j->file, list->line, 0, key};
    if (is_layer && !list->n)
        krni_fault(j->read.faults, place, "", 0, "names of layers");
    for (uint32_t i = 0; i < list->n; i++) {
        const char *name = list->list[i];
        const bool twice = is_named(list, i, name) ||
                           (list != &j->nodes && is_named(&j->nodes, j->nodes.n, name)) ||
                           (list == &j->tables && is_named(&j->links, j->links.n, name));
        if (twice)
            krni_fault(j->read.faults, place, name, strlen(name), "a name that stands only once");
    }
}

static krn_status read_properties(project *j, krn_error *err)
{
    krni_properties lines;
    krni_property line;
    char *text = NULL;
    size_t size = 0;
    krn_status status =
        j->read.files->read(j->read.files->context, j->file, KRNI_NODUS_BYTES, &text, &size, err);
    if (!status && !text)
        status = krni_fail(err, KRN_E_IO, "%s/%s is not there", j->read.files->origin, j->file);
    const uint32_t nul = !status ? krni_line_of_nul(text, size) : 0;
    if (nul)
        krni_fault(j->read.faults, (krni_place){0, j->file, nul, 0, "(row)"}, "", 0,
                   "a text without NUL");
    char *utf8 = !status ? krni_text_as_utf8(text, size, j->read.arena, &size) : NULL;
    if (!status && !utf8)
        status = krni_fail_memory(err);
    if (!status) {
        krni_properties_open(&lines, utf8, size);
        while (!status && !nul && krni_properties_next(&lines, &line))
            status = take_line(j, &line, err);
    }
    free(text);
    if (status)
        return status;
    check_names(j, &j->nodes, "network.nodes", !nul);
    check_names(j, &j->links, "network.links", !nul);
    check_names(j, &j->tables, "importTables", false);
    if (j->n_unused)
        krni_note(&j->read.notes,
                  "%s: properties of drawing, database or program, not used: %u "
                  "(the first: %s)",
                  j->file, j->n_unused, j->first_unused ? j->first_unused : "");
    return KRN_OK;
}

/* ---- what lies beside it ---- */

static bool has_end(const char *name, const char *end)
{
    const size_t a = strlen(name), b = strlen(end);
    return a > b && strcmp(name + a - b, end) == 0;
}

static krn_status read_beside_table(project *j, const char *file, krn_error *err)
{
    char *name = krn_arena_text(j->read.arena, file);
    if (!name)
        return krni_fail_memory(err);
    name[strlen(name) - 4] = '\0';
    if (is_named(&j->nodes, j->nodes.n, name) || is_named(&j->links, j->links.n, name) ||
        is_named(&j->tables, j->tables.n, name))
        return KRN_OK;
    return krni_nodus_od(&j->read, name, true, err);
}

static krn_status read_costs(project *j, const char *file, krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    krn_status status =
        j->read.files->read(j->read.files->context, file, KRNI_NODUS_BYTES, &text, &size, err);
    if (!status && text)
        status = krni_nodus_costs(&j->read, file, text, size, err);
    free(text);
    return status;
}

/* "od_road,od_rail" of importTables. */
static void tell_of_sql(project *j, const char *file)
{
    char list[512];
    size_t used = 0;
    list[0] = '\0';
    for (uint32_t i = 0; i < j->tables.n && used < sizeof list - 1; i++) {
        const int n =
            snprintf(list + used, sizeof list - used, "%s%s", i ? "," : "", j->tables.list[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    krni_note(&j->read.notes,
              "%s: SQL is not run; od tables are added up by naming them together"
              "%s%s",
              file, *list ? ": --od " : "", list);
}

static krn_status look_beside(project *j, krn_error *err)
{
    static const char *const programs[] = {".jar", ".java", ".groovy", ".py", ".R", ".r"};
    uint32_t n = 0;
    const char **files = NULL;
    krn_status status =
        j->read.files->list(j->read.files->context, "", j->read.arena, &n, &files, err);
    for (uint32_t i = 0; i < n && !status; i++)
        if (has_end(files[i], ".dbf"))
            status = read_beside_table(j, files[i], err);
    for (uint32_t i = 0; i < n && !status; i++)
        if (has_end(files[i], ".costs"))
            status = read_costs(j, files[i], err);
    for (uint32_t i = 0; i < n && !status; i++) {
        if (has_end(files[i], ".sql"))
            tell_of_sql(j, files[i]);
        for (size_t k = 0; k < sizeof programs / sizeof programs[0]; k++)
            if (has_end(files[i], programs[k]))
                krni_note(&j->read.notes, "%s: scripts and plug-ins are not run", files[i]);
    }
    return status;
}

/* ---- all of it ---- */

static int compare_tables(const void *a, const void *b)
{
    return strcmp(((const krn_od_table *)a)->name, ((const krn_od_table *)b)->name);
}

static int compare_sets(const void *a, const void *b)
{
    return strcmp(((const krn_cost_set *)a)->name, ((const krn_cost_set *)b)->name);
}

static krn_status read_all(project *j, krn_cost_network *out, krn_error *err)
{
    krni_nodus *p = &j->read;
    const uint32_t n_before = krn_faults_count(p->faults);
    krn_status status = read_properties(j, err);
    for (uint32_t i = 0; i < j->nodes.n && !status; i++)
        status = krni_nodus_nodes(p, j->nodes.list[i], err);
    if (!status)
        status = krni_nodus_sort_nodes(p, err);
    p->nodes_known = krn_faults_count(p->faults) == n_before;
    for (uint32_t i = 0; i < j->links.n && !status; i++)
        status = krni_nodus_links(p, j->links.list[i], err);
    if (!status)
        status = krni_nodus_join(p, out, err);
    if (*p->node_fields)
        krni_note(&p->notes, "layers of nodes: formulas cannot use the fields %s", p->node_fields);
    if (*p->labels)
        krni_note(&p->notes, "layers of links: styles and the labels %s are not used", p->labels);
    for (uint32_t i = 0; i < j->tables.n && !status; i++)
        status = krni_nodus_od(p, j->tables.list[i], false, err);
    if (!status)
        status = look_beside(j, err);
    if (!status && p->notes.failed)
        status = krni_fail_memory(err);
    if (status)
        return status;
    if (p->n_tables)
        qsort(p->tables, p->n_tables, sizeof *p->tables, compare_tables);
    if (p->n_sets)
        qsort(p->sets, p->n_sets, sizeof *p->sets, compare_sets);
    out->od_tables = p->tables;
    out->n_od_tables = p->n_tables;
    out->sets = p->sets;
    out->n_sets = p->n_sets;
    return KRN_OK;
}

krn_status krni_nodus_read_from(const krni_files *files, const char *file, krn_faults *faults,
                                krn_arena *arena, krn_cost_network *out, krn_cost_notes *out_notes,
                                krn_error *err)
{
    krn_cost_network network = {0};
    krn_faults *own = faults ? NULL : krn_faults_new();
    project *j = krn_arena_calloc(arena, 1, sizeof *j);
    char *name = krn_arena_text(arena, file);
    *out = network;
    *out_notes = (krn_cost_notes){0, NULL};
    krn_status status = KRN_OK;
    if ((!faults && !own) || !j || !name) {
        status = krni_fail_memory(err);
        goto done;
    }
    *strrchr(name, '.') = '\0';
    j->file = file;
    j->read.files = files;
    j->read.arena = arena;
    j->read.faults = faults ? faults : own;
    j->read.notes.arena = arena;
    j->read.next_rank = 1;
    network.name = name;
    network.title = name;
    status = read_all(j, &network, err);
    if (!status)
        status = krni_faults_close(j->read.faults, err);
    if (!status) {
        *out = network;
        *out_notes = (krn_cost_notes){j->read.notes.n, j->read.notes.texts};
    }
done:
    krn_faults_free(own);
    return status;
}

krn_status krn_nodus_read(const char *project_path, krn_faults *faults, krn_arena *arena,
                          krn_cost_network *out, krn_cost_notes *out_notes, krn_error *err)
{
    const char *slash = strrchr(project_path, '/');
    const char *file = slash ? slash + 1 : project_path;
    *out = (krn_cost_network){0};
    *out_notes = (krn_cost_notes){0, NULL};
    if (!has_end(file, ".nodus"))
        return krni_fail(err, KRN_E_ARG, "%s is no project of NODUS (PROJECT.nodus)", project_path);
    char *folder = krn_arena_text(arena, slash ? project_path : ".");
    if (!folder)
        return krni_fail_memory(err);
    if (slash)
        folder[slash == project_path ? 1 : slash - project_path] = '\0';
    const krni_files files = krni_folder_files(folder, folder);
    return krni_nodus_read_from(&files, file, faults, arena, out, out_notes, err);
}
