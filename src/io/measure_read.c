/* SPDX-License-Identifier: Apache-2.0 */
/* measure_read.c - the files of measures (docs/measure-format.md).
 *
 * The head of a file becomes a row of KRN_TABLE_MEASURE, read by the types of its columns like any
 * other row; its changes go to measure_change.c. */
#include "io/measure_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/file.h"
#include "io/measure_change.h"

#define EXTENSION ".yaml"

/* Keys of the file and the columns that they fill; the name of a language has a key of its own. */
typedef struct head_key {
    const char *map; /* NULL: at the top */
    const char *key;
    int column;
} head_key;

static const head_key head_keys[] = {
    {NULL, "id", MEASURE_MEASURE_ID},
    {"name", "en", MEASURE_NAME},
    {"name", "ru", MEASURE_NAME_RU},
    {"name", "kk", MEASURE_NAME_KK},
    {"name", "fa", MEASURE_NAME_FA},
    {NULL, "kind", MEASURE_KIND},
    {NULL, "parties", MEASURE_PARTIES},
    {NULL, "agreed_on", MEASURE_AGREED_ON},
    {NULL, "planned_from", MEASURE_PLANNED_FROM},
    {NULL, "in_force_from", MEASURE_IN_FORCE_FROM},
    {NULL, "in_force_to", MEASURE_IN_FORCE_TO},
    {NULL, "status", MEASURE_STATUS},
    {NULL, "effect", MEASURE_EFFECT},
    {NULL, "context", MEASURE_CONTEXT},
    {NULL, "cost_usd", MEASURE_COST_USD},
    {NULL, "cost_source_id", MEASURE_COST_SOURCE_ID},
    {NULL, "quality", MEASURE_QUALITY},
    {NULL, "source_id", MEASURE_SOURCE_ID},
    {NULL, "estimated_fields", MEASURE_ESTIMATED_FIELDS},
    {NULL, "note", MEASURE_NOTE},
};

#define N_HEAD_KEYS (sizeof head_keys / sizeof head_keys[0])

static const head_key *find_head_key(const char *map, const char *key)
{
    for (size_t i = 0; i < N_HEAD_KEYS; i++) {
        const head_key *k = &head_keys[i];
        const bool same = map ? k->map && strcmp(k->map, map) == 0 : !k->map;
        if (same && strcmp(k->key, key) == 0)
            return k;
    }
    return NULL;
}

/* A list of texts as "a;b;c"; NULL: no memory, or a member that is no text (reported). */
static const char *joined(krni_measure_file *f, const krni_yaml_node *list)
{
    size_t size = 1, used = 0;
    for (const krni_yaml_node *n = list->first; n; n = n->next) {
        if (n->kind != KRNI_YAML_TEXT) {
            krni_measure_fault(f, n->line, list->key, "(list or map)", "a list of texts");
            return NULL;
        }
        size += strlen(n->text) + 1;
    }
    char *text = krn_arena_alloc(f->reading->arena, size);
    if (!text) {
        f->status = KRN_E_MEMORY;
        return NULL;
    }
    for (const krni_yaml_node *n = list->first; n; n = n->next) {
        const size_t length = strlen(n->text);
        if (used)
            text[used++] = ';';
        memcpy(text + used, n->text, length);
        used += length;
    }
    text[used] = '\0';
    return text;
}

/* The text of a key of the head; NULL when it cannot be read (reported). */
static const char *head_text(krni_measure_file *f, const krni_yaml_node *node, int column)
{
    if (node->kind == KRNI_YAML_TEXT)
        return node->text;
    const krni_type type = krni_schema(KRN_TABLE_MEASURE)->columns[column].type;
    if (node->kind == KRNI_YAML_LIST && (type == KRNI_COUNTRY_LIST || type == KRNI_LIST))
        return joined(f, node);
    krni_measure_fault(f, node->line, node->key, "(list or map)", "a text");
    return NULL;
}

static void set_head_cell(krni_measure_file *f, int column, const char *name, const char *text,
                          uint32_t line)
{
    const krni_table *schema = krni_schema(KRN_TABLE_MEASURE);
    char expected[KRNI_EXPECTED_SIZE];
    f->out.lines[column] = line;
    krni_cell *cell =
        krni_builder_cell(f->reading->builder, KRN_TABLE_MEASURE, f->row, (uint32_t)column);
    if (!cell) {
        f->status = KRN_E_MEMORY;
        return;
    }
    if (!krni_cell_parse(schema, &schema->columns[column], text, &cell->number, expected,
                         sizeof expected)) {
        krni_measure_fault(f, line, name, text, expected);
        return;
    }
    cell->text = krni_builder_text(f->reading->builder, text, strlen(text));
    if (cell->text == KRNI_NO_TEXT) {
        cell->text = 0;
        f->status = krni_builder_failure(f->reading->builder, NULL);
    }
}

static void read_head_key(krni_measure_file *f, const krni_yaml_node *node, const char *map)
{
    const head_key *k = find_head_key(map, node->key);
    if (!k) {
        krni_measure_fault(f, node->line, node->key, "(unknown key)",
                           map ? "one of en, ru, kk, fa" : "a key of the format of measures");
        return;
    }
    const char *text = head_text(f, node, k->column);
    if (text && *text)
        set_head_cell(f, k->column, node->key, text, node->line);
}

/* Columns that must not be blank and were not named. */
static void require_head(krni_measure_file *f)
{
    const krni_table *schema = krni_schema(KRN_TABLE_MEASURE);
    const krni_yaml_node *names = krni_yaml_get(f->root, "name");
    for (size_t i = 0; i < N_HEAD_KEYS; i++) {
        const head_key *k = &head_keys[i];
        const krni_yaml_node *map = k->map ? names : f->root;
        const krni_yaml_node *node =
            map && map->kind == KRNI_YAML_MAP ? krni_yaml_get(map, k->key) : NULL;
        const bool blank = !node || (node->kind == KRNI_YAML_TEXT && !*node->text);
        if (schema->columns[k->column].required && blank) {
            char expected[KRNI_EXPECTED_SIZE];
            krni_cell_expected(schema, &schema->columns[k->column], expected, sizeof expected);
            krni_measure_fault(f, node ? node->line : 1, k->map ? "name.en" : k->key, "", expected);
        }
    }
}

static void read_head(krni_measure_file *f)
{
    for (const krni_yaml_node *n = f->root->first; n && !f->status; n = n->next) {
        if (strcmp(n->key, "changes") == 0)
            continue;
        if (strcmp(n->key, "name") != 0) {
            read_head_key(f, n, NULL);
        } else if (n->kind != KRNI_YAML_MAP) {
            krni_measure_fault(f, n->line, "name", n->kind == KRNI_YAML_TEXT ? n->text : "(list)",
                               "a map of en, ru, kk, fa");
        } else {
            for (const krni_yaml_node *m = n->first; m && !f->status; m = m->next)
                read_head_key(f, m, "name");
        }
    }
    require_head(f);
}

/* In the package: measure/ID.yaml. */
static void check_file_name(krni_measure_file *f)
{
    const krni_yaml_node *id = krni_yaml_get(f->root, "id");
    const char *slash = strrchr(f->file, '/');
    const char *base = slash ? slash + 1 : f->file;
    if (!id || id->kind != KRNI_YAML_TEXT || f->out.own)
        return;
    const size_t length = strlen(id->text);
    if (strlen(base) != length + sizeof EXTENSION - 1 || strncmp(base, id->text, length) != 0)
        krni_measure_fault(f, id->line, "id", id->text, "the name of the file without .yaml");
}

static void check_context(krni_measure_file *f)
{
    const krni_yaml_node *context = krni_yaml_get(f->root, "context");
    if (!f->out.n_changes && !krni_yaml_get(f->root, "changes") && !context)
        krni_measure_fault(f, 1, "context", "",
                           "the reason why it changes nothing, or a list of changes");
}

/* One file to a row and its changes. */
static krn_status read_measure(krni_reading *reading, const char *file, bool own, const char *text,
                               size_t size, krni_measure *out, krn_error *err)
{
    krni_measure_file f;
    krni_yaml_node *root = NULL;
    krni_yaml_fault wrong;
    memset(&f, 0, sizeof f);
    f.reading = reading;
    f.file = file;
    const uint32_t name = krni_builder_text(reading->builder, file, strlen(file));
    f.row = name == KRNI_NO_TEXT ? KRN_NO_ROW
                                 : krni_builder_row(reading->builder, KRN_TABLE_MEASURE, name, 1);
    if (f.row == KRN_NO_ROW)
        return krni_builder_failure(reading->builder, err);
    f.out.row = f.row;
    f.out.file = file;
    f.out.own = own;
    *out = f.out;
    const krn_status status = krni_yaml_read(text, size, reading->arena, &root, &wrong);
    if (status == KRN_E_MEMORY)
        return krni_fail_memory(err);
    if (status || root->kind != KRNI_YAML_MAP) {
        krni_measure_fault(&f, status ? wrong.line : 1, "(yaml)",
                           status ? wrong.value : "(text or list)",
                           status ? wrong.expected : "a map of keys");
        return KRN_OK;
    }
    f.root = root;
    read_head(&f);
    check_file_name(&f);
    if (!f.status)
        krni_read_changes(&f);
    check_context(&f);
    *out = f.out;
    return f.status == KRN_E_LIMIT ? krni_builder_failure(reading->builder, err)
           : f.status              ? krni_fail_memory(err)
                                   : KRN_OK;
}

/* "m-a.yaml" and no "."-file. */
static bool is_measure(const char *name)
{
    const size_t length = strlen(name);
    return name[0] != '.' && length > sizeof EXTENSION - 1 &&
           strcmp(name + length - (sizeof EXTENSION - 1), EXTENSION) == 0;
}

static krn_status read_package_measure(krni_reading *reading, const char *name, krni_measure *out,
                                       krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    const size_t length = strlen("measure/") + strlen(name) + 1;
    char *file = krn_arena_alloc(reading->arena, length);
    if (!file)
        return krni_fail_memory(err);
    (void)snprintf(file, length, "measure/%s", name);
    krn_status status =
        reading->files->read(reading->files->context, file, KRNI_MEASURE_BYTES, &text, &size, err);
    if (!status)
        status = read_measure(reading, file, false, text ? text : "", size, out, err);
    free(text);
    return status;
}

static krn_status read_own_measure(krni_reading *reading, const char *path, krni_measure *out,
                                   krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    const char *file = krn_arena_text(reading->arena, path);
    if (!file)
        return krni_fail_memory(err);
    krn_status status = krn_file_read(path, KRNI_MEASURE_BYTES, &text, &size, err);
    if (!status)
        status = read_measure(reading, file, true, text, size, out, err);
    free(text);
    return status;
}

krn_status krni_read_measures(krni_reading *reading, const char *const *own, uint32_t n_own,
                              krn_error *err)
{
    uint32_t n_names = 0, n = 0;
    const char **names = NULL;
    krn_status status = reading->files->list(reading->files->context, "measure", reading->arena,
                                             &n_names, &names, err);
    if (status)
        return status;
    reading->n_measure_names = n_names;
    reading->measure_names = names;
    status = krni_builder_table(reading->builder, KRN_TABLE_MEASURE, NULL, 0, err);
    if (status)
        return status;
    krni_measure *measures =
        krn_arena_calloc(reading->arena, (size_t)n_names + n_own + 1, sizeof *measures);
    if (!measures)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n_names && !status; i++)
        if (is_measure(names[i]))
            status = read_package_measure(reading, names[i], &measures[n++], err);
    for (uint32_t i = 0; i < n_own && !status; i++)
        status = read_own_measure(reading, own[i], &measures[n++], err);
    krni_builder_set_measures(reading->builder, measures, n);
    return status;
}
