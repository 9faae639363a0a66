/* SPDX-License-Identifier: Apache-2.0 */
/* json_schema.c - a small validator for tests. Unknown keywords are no constraint. */
#include "json_schema.h"

#include <stdio.h>
#include <string.h>

static bool is_of_type(const json_t *value, const char *type)
{
    if (strcmp(type, "number") == 0)
        return json_is_number(value);
    if (strcmp(type, "integer") == 0)
        return json_is_integer(value);
    if (strcmp(type, "string") == 0)
        return json_is_string(value);
    if (strcmp(type, "boolean") == 0)
        return json_is_boolean(value);
    if (strcmp(type, "null") == 0)
        return json_is_null(value);
    if (strcmp(type, "array") == 0)
        return json_is_array(value);
    return strcmp(type, "object") == 0 && json_is_object(value);
}

static bool fits_type(const json_t *types, const json_t *value)
{
    if (!types)
        return true;
    if (json_is_string(types))
        return is_of_type(value, json_string_value(types));
    for (size_t i = 0; i < json_array_size(types); i++)
        if (is_of_type(value, json_string_value(json_array_get(types, i))))
            return true;
    return false;
}

static bool in_enum(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value))
            return true;
    return !list;
}

static bool complain(const char *path, const char *what, const char *detail, char *fault,
                     size_t size)
{
    (void)snprintf(fault, size, "%s: %s %s", path, what, detail);
    return false;
}

static bool fits_object(const json_t *root, const json_t *schema, const json_t *value,
                        const char *path, char *fault, size_t size)
{
    const json_t *properties = json_object_get(schema, "properties"),
                 *required = json_object_get(schema, "required"),
                 *further = json_object_get(schema, "additionalProperties");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *key = json_string_value(json_array_get(required, i));
        if (!json_object_get(value, key))
            return complain(path, "lacks", key, fault, size);
    }
    for (void *at = json_object_iter((json_t *)value); at;
         at = json_object_iter_next((json_t *)value, at)) {
        const char *key = json_object_iter_key(at);
        const json_t *inner = json_object_get(properties, key);
        char inside[512];
        (void)snprintf(inside, sizeof inside, "%s.%s", path, key);
        if (!inner && json_is_false(further))
            return complain(path, "has the unknown member", key, fault, size);
        if (inner && !schema_fits(root, inner, json_object_iter_value(at), inside, fault, size))
            return false;
    }
    return true;
}

bool schema_fits(const json_t *root, const json_t *schema, const json_t *value, const char *path,
                 char *fault, size_t size)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    if (reference) {
        schema = json_object_get(json_object_get(root, "$defs"), reference + strlen("#/$defs/"));
        if (!schema)
            return complain(path, "refers to", reference, fault, size);
    }
    const json_t *any = json_object_get(schema, "anyOf");
    bool one = !any;
    for (size_t i = 0; i < json_array_size(any) && !one; i++)
        one = schema_fits(root, json_array_get(any, i), value, path, fault, size);
    if (!one)
        return false; /* the fault is that of the last choice */
    if (!fits_type(json_object_get(schema, "type"), value))
        return complain(path, "has another type than", "the schema", fault, size);
    if (!in_enum(json_object_get(schema, "enum"), value))
        return complain(path, "is none of", "the choices", fault, size);
    if (json_is_object(value))
        return fits_object(root, schema, value, path, fault, size);
    const json_t *items = json_object_get(schema, "items");
    for (size_t i = 0; items && i < json_array_size(value); i++) {
        char inside[512];
        (void)snprintf(inside, sizeof inside, "%s.%zu", path, i);
        if (!schema_fits(root, items, json_array_get(value, i), inside, fault, size))
            return false;
    }
    return true;
}
