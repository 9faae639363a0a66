/* SPDX-License-Identifier: Apache-2.0 */
/* cost_network_table.c - columns of the tables, and datapackage.json that names them.
 *
 *   { "profile": "keruen-cost-network", "name": "slug", "title": ...,
 *     "keruen": { "version": 1, "name": ..., "sets": [...], "od_tables": [...], "fields": [...] },
 *     "resources": [ node.csv, link.csv, cost_formula.csv, od.csv ] }
 *
 * Names of cost sets and od tables stand here, so that those without rows are not lost. */
#include "io/cost_network_table.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define FILE_NAME "datapackage.json"

static const krni_cost_column node_columns[] = {
    {"node_id", "integer", "number of the node, unique"},
    {"name", "string", "what people call it"},
    {"x_coord", "number", "longitude in degrees (WGS 84)"},
    {"y_coord", "number", "latitude in degrees"},
    {"layer", "string", "layer that it came from"},
    {"loads", "boolean", "1: goods may be loaded and unloaded"},
    {"tranships", "boolean", "1: goods may change mode or vehicle class"},
    {"changes", "boolean", "1: goods may change service"},
    {"passes", "boolean", "1: goods may pass through"}};

static const krni_cost_column link_columns[] = {
    {"link_id", "integer", "number of the link, unique"},
    {"from_node_id", "integer", "node at its beginning"},
    {"to_node_id", "integer", "node at its end"},
    {"directed", "boolean", "0: used in both directions"},
    {"geometry", "string", "LINESTRING (lon lat, ...), or blank"},
    {"length", "number", "km"},
    {"free_speed", "number", "km/h"},
    {"capacity", "number", "as the formulas mean it"},
    {"layer", "string", "layer that it came from"},
    {"mode", "integer", "number of the mode, 1 to 99"},
    {"classes", "integer", "vehicle classes 1 to this one use it"}};

static const krni_cost_column formula_columns[] = {
    {"set", "string", "cost set"},
    {"line", "integer", "line of the file that it came from"},
    {"kind", "string", "variable, load, unload, transit, tranship, move, switch, stop"},
    {"name", "string", "of a variable"},
    {"mode", "integer", "blank: of none"},
    {"vehicle_class", "integer", "blank: of none"},
    {"to_mode", "integer", "of a transhipment"},
    {"to_class", "integer", "of a transhipment"},
    {"group", "integer", "group of commodities; blank: any"},
    {"scenario", "integer", "blank: any"},
    {"od_class", "integer", "class of demand; blank: any"},
    {"duration", "boolean", "1: seconds, which steer no choice; 0: cost of a unit"},
    {"formula", "string", "number or formula"}};

static const krni_cost_column od_columns[] = {{"table", "string", "od table"},
                                              {"group", "integer", "group of commodities"},
                                              {"od_class", "integer", "class of demand"},
                                              {"origin_id", "integer", "node"},
                                              {"destination_id", "integer", "node"},
                                              {"quantity", "number", "above 0; tonnes as a rule"}};

const krni_cost_format krni_cost_formats[KRNI_COST_TABLES] = {
    [KRNI_COST_NODE] = {"node.csv", CN_NODE_COLUMNS, node_columns},
    [KRNI_COST_LINK] = {"link.csv", CN_LINK_COLUMNS, link_columns},
    [KRNI_COST_FORMULA] = {"cost_formula.csv", CN_FORMULA_COLUMNS, formula_columns},
    [KRNI_COST_OD] = {"od.csv", CN_OD_COLUMNS, od_columns}};

const char *const krni_cost_kinds[KRN_COST_KIND_COUNT] = {
    [KRN_COST_LOAD] = "load", [KRN_COST_UNLOAD] = "unload",     [KRN_COST_TRANSIT] = "transit",
    [KRN_COST_MOVE] = "move", [KRN_COST_TRANSHIP] = "tranship", [KRN_COST_SWITCH] = "switch",
    [KRN_COST_STOP] = "stop"};

/* ---- writing ---- */

static void set(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_object_set_new(object, key, value))
        *failed = true;
}

static void append(json_t *array, json_t *value, bool *failed)
{
    if (json_array_append_new(array, value))
        *failed = true;
}

/* A name as Frictionless wants it: small letters, digits, '-'. */
static void slug_of(const char *name, char out[64])
{
    size_t n = 0;
    for (; *name && n < 63; name++) {
        const unsigned char c = (unsigned char)*name;
        out[n++] = c < 0x80 && isalnum(c) ? (char)tolower(c) : '-';
    }
    if (!n)
        out[n++] = '-';
    out[n] = '\0';
}

static json_t *field_json(const krni_cost_column *column, const char *prefix, const char *name,
                          bool *failed)
{
    char whole[256];
    json_t *field = json_object();
    (void)snprintf(whole, sizeof whole, "%s%s", prefix, name);
    set(field, "name", json_string(whole), failed);
    set(field, "type", json_string(column->type), failed);
    if (strcmp(column->type, "boolean") == 0) {
        set(field, "trueValues", json_pack("[s]", "1"), failed);
        set(field, "falseValues", json_pack("[s]", "0"), failed);
    }
    set(field, "description", json_string(column->words), failed);
    return field;
}

static json_t *resource_json(const krn_cost_network *network, krni_cost_table table, bool *failed)
{
    static const krni_cost_column further = {"", "number", "further field of the layer"};
    const krni_cost_format *format = &krni_cost_formats[table];
    json_t *resource = json_object(), *schema = json_object(), *fields = json_array();
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(format->file, "."), format->file);
    for (uint32_t i = 0; i < format->n_columns; i++)
        append(fields, field_json(&format->columns[i], "", format->columns[i].name, failed),
               failed);
    for (uint32_t i = 0; table == KRNI_COST_LINK && i < network->n_fields; i++)
        append(fields, field_json(&further, KRNI_COST_FIELD, network->fields[i], failed), failed);
    set(schema, "fields", fields, failed);
    set(schema, "missingValues", json_pack("[s]", ""), failed);
    set(resource, "name", json_string(name), failed);
    set(resource, "path", json_string(format->file), failed);
    set(resource, "profile", json_string("tabular-data-resource"), failed);
    set(resource, "encoding", json_string("utf-8"), failed);
    set(resource, "schema", schema, failed);
    return resource;
}

/* What the reader would refuse is not written. */
static krn_status check_sizes(const krn_cost_network *network, krn_error *err)
{
    const char *longest = "";
    for (uint32_t i = 0; i < network->n_sets; i++)
        if (strlen(network->sets[i].name) > strlen(longest))
            longest = network->sets[i].name;
    for (uint32_t i = 0; i < network->n_od_tables; i++)
        if (strlen(network->od_tables[i].name) > strlen(longest))
            longest = network->od_tables[i].name;
    if (strlen(longest) > KRNI_COST_NAME_BYTES)
        return krni_fail(err, KRN_E_LIMIT, "%.60s...: a name of more than %zu bytes", longest,
                         KRNI_COST_NAME_BYTES);
    if (network->n_sets > KRNI_COST_MOST_NAMES || network->n_od_tables > KRNI_COST_MOST_NAMES)
        return krni_fail(err, KRN_E_LIMIT, "more than %u cost sets or od tables",
                         KRNI_COST_MOST_NAMES);
    return KRN_OK;
}

krn_status krni_cost_descriptor_write(const krn_cost_network *network, char **out, krn_error *err)
{
    bool failed = false;
    char slug[64];
    const krn_status fits = check_sizes(network, err);
    *out = NULL;
    if (fits)
        return fits;
    json_t *root = json_object(), *own = json_object(), *resources = json_array(),
           *sets = json_array(), *tables = json_array(), *fields = json_array();
    slug_of(network->name, slug);
    for (uint32_t i = 0; i < network->n_sets; i++)
        append(sets, json_string(network->sets[i].name), &failed);
    for (uint32_t i = 0; i < network->n_od_tables; i++)
        append(tables, json_string(network->od_tables[i].name), &failed);
    for (uint32_t i = 0; i < network->n_fields; i++)
        append(fields, json_string(network->fields[i]), &failed);
    for (int t = 0; t < KRNI_COST_TABLES; t++)
        append(resources, resource_json(network, (krni_cost_table)t, &failed), &failed);
    set(own, "version", json_integer(KRNI_COST_VERSION), &failed);
    set(own, "name", json_string(network->name), &failed);
    set(own, "sets", sets, &failed);
    set(own, "od_tables", tables, &failed);
    set(own, "fields", fields, &failed);
    set(root, "profile", json_string(KRNI_COST_PROFILE), &failed);
    set(root, "name", json_string(slug), &failed);
    set(root, "title", json_string(network->title ? network->title : ""), &failed);
    set(root, "keruen", own, &failed);
    set(root, "resources", resources, &failed);
    *out = failed ? NULL : json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    return *out ? KRN_OK : krni_fail_memory(err);
}

/* ---- reading ---- */

static void fault(krn_faults *faults, uint32_t line, const char *name, const char *value,
                  const char *expected)
{
    const krni_place place = {0, FILE_NAME, line, 0, name};
    krni_fault(faults, place, value, strlen(value), "%s", expected);
}

static krn_status read_names(const json_t *own, const char *key, krn_faults *faults,
                             krn_arena *arena, krni_cost_names *out, krn_error *err)
{
    const json_t *list = json_object_get(own, key);
    const size_t n = json_array_size(list);
    if (!json_is_array(list) || n > KRNI_COST_MOST_NAMES) {
        fault(faults, 1, key, "", "a list of at most 1000 names");
        return KRN_OK;
    }
    out->list = krn_arena_calloc(arena, n + 1, sizeof *out->list);
    if (!out->list)
        return krni_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        bool twice = false;
        for (uint32_t k = 0; name && k < out->n; k++)
            twice = twice || strcmp(out->list[k], name) == 0;
        if (!name || !*name || strlen(name) > KRNI_COST_NAME_BYTES || twice) {
            fault(faults, 1, key, name ? name : "",
                  twice ? "a name that stands only once" : "a name of at most 200 bytes");
            continue;
        }
        out->list[out->n] = krn_arena_text(arena, name);
        if (!out->list[out->n++])
            return krni_fail_memory(err);
    }
    return KRN_OK;
}

static krn_status read_root(const json_t *root, krn_faults *faults, krn_arena *arena,
                            krni_cost_descriptor *out, krn_error *err)
{
    const json_t *own = json_object_get(root, "keruen");
    const char *name = json_string_value(json_object_get(own, "name"));
    const char *title = json_string_value(json_object_get(root, "title"));
    const json_t *version = json_object_get(own, "version");
    if (!json_is_integer(version) || json_integer_value(version) != KRNI_COST_VERSION)
        fault(faults, 1, "keruen.version", "another one", "1");
    out->name = krn_arena_text(arena, name ? name : "");
    out->title = krn_arena_text(arena, title ? title : "");
    if (!out->name || !out->title)
        return krni_fail_memory(err);
    krn_status status = read_names(own, "sets", faults, arena, &out->sets, err);
    if (!status)
        status = read_names(own, "od_tables", faults, arena, &out->od_tables, err);
    if (!status)
        status = read_names(own, "fields", faults, arena, &out->fields, err);
    return status;
}

krn_status krni_cost_descriptor_read(const char *text, size_t size, krn_faults *faults,
                                     krn_arena *arena, bool *out_is, krni_cost_descriptor *out,
                                     krn_error *err)
{
    json_error_t wrong;
    krn_status status = KRN_OK;
    *out_is = false;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &wrong);
    if (root) {
        const char *profile = json_string_value(json_object_get(root, "profile"));
        *out_is = profile && strcmp(profile, KRNI_COST_PROFILE) == 0;
        if (*out_is && faults)
            status = read_root(root, faults, arena, out, err);
        else if (faults)
            fault(faults, 1, "profile", profile ? profile : "", KRNI_COST_PROFILE);
    } else if (json_error_code(&wrong) == json_error_out_of_memory) {
        status = krni_fail_memory(err);
    } else if (faults) {
        fault(faults, wrong.line > 0 ? (uint32_t)wrong.line : 1, "(json)", wrong.text,
              "valid JSON");
    }
    json_decref(root);
    return status;
}
