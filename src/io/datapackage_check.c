/* SPDX-License-Identifier: Apache-2.0 */
/* datapackage_check.c - the descriptor of a package against its files.
 *
 * datapackage.json may be absent. If it is there it must be JSON, list every table that is there,
 * name no file that is not, and name the columns of each table as its first line does: in order, or
 * as a set when the schema says fieldsMatch. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/package_check.h"

#define FILE_NAME      "datapackage.json"
#define MOST_BYTES     ((size_t)16 * 1024 * 1024)
#define MOST_FIELDS    1024u
#define ANY_FILE_BYTES ((size_t)256 * 1024 * 1024)

typedef struct descriptor {
    const krni_reading *reading;
    bool listed[KRN_TABLE_COUNT];
    krn_error *err;
} descriptor;

static void fault(const descriptor *d, uint32_t line, const char *name, const char *value,
                  const char *expected)
{
    const krni_place place = {0, FILE_NAME, line, 0, name};
    krni_fault(d->reading->faults, place, value, strlen(value), "%s", expected);
}

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Relative, below the folder. */
static bool is_inside(const char *path)
{
    return *path && *path != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../") &&
           strcmp(path, "..") != 0;
}

static krn_table table_at(const char *path)
{
    for (int t = 0; t < KRN_TABLE_MEASURE; t++)
        if (strcmp(krn_table_file((krn_table)t), path) == 0)
            return (krn_table)t;
    return KRN_TABLE_COUNT;
}

static bool header_has(const krni_header *header, const char *name)
{
    for (uint32_t i = 0; i < header->n; i++)
        if (strcmp(header->names[i], name) == 0)
            return true;
    return false;
}

static bool fields_have(const json_t *fields, const char *name)
{
    for (size_t i = 0; i < json_array_size(fields); i++)
        if (strcmp(text_in(json_array_get(fields, i), "name"), name) == 0)
            return true;
    return false;
}

static void compare_in_order(const descriptor *d, krn_table table, const json_t *fields)
{
    const krni_header *header = &d->reading->headers[table];
    const size_t n = json_array_size(fields);
    char place[160], expected[160];
    for (size_t i = 0; i < n || i < header->n; i++) {
        const char *field = i < n ? text_in(json_array_get(fields, i), "name") : "";
        const char *name = i < header->n ? header->names[i] : "";
        if (strcmp(field, name) == 0)
            continue;
        (void)snprintf(place, sizeof place, "%s fields[%zu]", krn_table_file(table), i);
        (void)snprintf(expected, sizeof expected,
                       *name ? "the column %.80s" : "no further column%s", name);
        fault(d, 1, place, field, expected);
        return; /* what follows is shifted */
    }
}

static void compare_as_sets(const descriptor *d, krn_table table, const json_t *fields,
                            const char *match)
{
    const krni_header *header = &d->reading->headers[table];
    const bool equal = strcmp(match, "equal") == 0;
    char place[160];
    (void)snprintf(place, sizeof place, "%s fields", krn_table_file(table));
    if (equal || strcmp(match, "superset") == 0)
        for (uint32_t i = 0; i < header->n; i++)
            if (!fields_have(fields, header->names[i]))
                fault(d, 1, place, header->names[i], "a field for this column");
    if (equal || strcmp(match, "subset") == 0)
        for (size_t i = 0; i < json_array_size(fields); i++) {
            const char *name = text_in(json_array_get(fields, i), "name");
            if (!header_has(header, name))
                fault(d, 1, place, name, "a column of the file");
        }
}

static void check_fields(const descriptor *d, krn_table table, const json_t *resource)
{
    const json_t *schema = json_object_get(resource, "schema");
    const json_t *fields = json_object_get(schema, "fields");
    const char *match = text_in(schema, "fieldsMatch");
    if (!json_is_array(fields)) {
        fault(d, 1, krn_table_file(table), "(no schema)", "a schema with a list of fields");
        return;
    }
    if (json_array_size(fields) > MOST_FIELDS) {
        fault(d, 1, krn_table_file(table), "(too many)", "a list of at most 1024 fields");
        return;
    }
    if (!*match || strcmp(match, "exact") == 0)
        compare_in_order(d, table, fields);
    else
        compare_as_sets(d, table, fields, match);
}

static bool is_measure_file(const krni_reading *r, const char *path)
{
    static const char folder[] = "measure/";
    for (uint32_t i = 0; i < r->n_measure_names; i++)
        if (strncmp(path, folder, sizeof folder - 1) == 0 &&
            strcmp(path + sizeof folder - 1, r->measure_names[i]) == 0)
            return true;
    return false;
}

static krn_status check_resource(descriptor *d, const json_t *resource, size_t index)
{
    char name[48];
    const char *path = text_in(resource, "path");
    const krn_table table = table_at(path);
    (void)snprintf(name, sizeof name, "resources[%zu].path", index);
    if (!is_inside(path)) {
        fault(d, 1, name, path, "a path inside the package");
        return KRN_OK;
    }
    if (table < KRN_TABLE_COUNT) {
        const bool twice = d->listed[table];
        d->listed[table] = true;
        if (twice)
            fault(d, 1, name, path, "a file that is listed only once");
        else if (!d->reading->headers[table].present)
            fault(d, 1, name, path, "a file that is there");
        else
            check_fields(d, table, resource);
        return KRN_OK;
    }
    if (is_measure_file(d->reading, path))
        return KRN_OK;
    char *text = NULL;
    size_t size = 0;
    const krni_files *files = d->reading->files;
    const krn_status status =
        files->read(files->context, path, ANY_FILE_BYTES, &text, &size, d->err);
    if (!status && !text)
        fault(d, 1, name, path, "a file that is there");
    free(text);
    return status;
}

static krn_status check_descriptor(descriptor *d, const json_t *root)
{
    const json_t *resources = json_object_get(root, "resources");
    krn_status status = KRN_OK;
    if (!json_is_object(root)) {
        fault(d, 1, "(json)", "(no object)", "an object with name and resources");
        return KRN_OK;
    }
    if (!*text_in(root, "name"))
        fault(d, 1, "name", "", "a name of the package");
    if (!json_is_array(resources)) {
        fault(d, 1, "resources", "(missing)", "a list of resources");
        return KRN_OK;
    }
    for (size_t i = 0; i < json_array_size(resources) && !status; i++)
        status = check_resource(d, json_array_get(resources, i), i);
    for (int t = 0; t < KRN_TABLE_MEASURE && !status; t++)
        if (d->reading->headers[t].present && !d->listed[t])
            fault(d, 1, "resources", krn_table_file((krn_table)t), "a resource for this file");
    return status;
}

krn_status krni_check_datapackage(const krni_reading *reading, krn_error *err)
{
    descriptor d;
    json_error_t wrong;
    char *text = NULL;
    size_t size = 0;
    memset(&d, 0, sizeof d);
    d.reading = reading;
    d.err = err;
    krn_status status =
        reading->files->read(reading->files->context, FILE_NAME, MOST_BYTES, &text, &size, err);
    if (status || !text)
        return status;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &wrong);
    if (root)
        status = check_descriptor(&d, root);
    else if (json_error_code(&wrong) == json_error_out_of_memory)
        status = krni_fail_memory(err);
    else
        fault(&d, wrong.line > 0 ? (uint32_t)wrong.line : 1, "(json)", wrong.text, "valid JSON");
    json_decref(root);
    free(text);
    return status;
}
