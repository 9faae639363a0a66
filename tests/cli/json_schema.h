/* json_schema.h - the part of JSON Schema that the schemas in docs use: type, enum, required,
 * properties, additionalProperties, items, anyOf, $ref into $defs. */
#ifndef CLI_TEST_JSON_SCHEMA_H
#define CLI_TEST_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether a value fits a schema; else fault says where and why. root holds $defs. */
bool schema_fits(const json_t *root, const json_t *schema, const json_t *value, const char *path,
                 char *fault, size_t size);

#endif
