/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_tree.c - events of libyaml to a tree; a stack of open lists and maps, never recursion.
 *
 *   map open --> key read --> value: text, or a list or map pushed on the stack --> key ... */
#include "io/yaml_tree.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

typedef struct level {
    krni_yaml_node *node;
    krni_yaml_node *last; /* child */
    const char *key;      /* read, its value not yet */
} level;

typedef struct tree_reader {
    krn_arena *arena;
    krni_yaml_fault *fault;
    level stack[KRNI_YAML_DEPTH];
    int depth;
    uint32_t n_nodes;
    krni_yaml_node *root;
    uint32_t n_documents;
} tree_reader;

static krn_status refuse(tree_reader *r, const yaml_event_t *event, const char *value,
                         const char *expected)
{
    r->fault->line = (uint32_t)event->start_mark.line + 1;
    r->fault->expected = expected;
    krni_utf8_excerpt(value, strlen(value), r->fault->value, sizeof r->fault->value);
    return KRN_E_DATA;
}

/* Hangs a new node below the open one, or makes it the root. */
static krn_status add_node(tree_reader *r, const yaml_event_t *event, krni_yaml_kind kind,
                           krni_yaml_node **out)
{
    if (++r->n_nodes > KRNI_YAML_NODES)
        return refuse(r, event, "(too large)", "a document of at most 200000 values");
    krni_yaml_node *node = krn_arena_calloc(r->arena, 1, sizeof *node);
    if (!node)
        return KRN_E_MEMORY;
    node->kind = kind;
    node->line = (uint32_t)event->start_mark.line + 1;
    *out = node;
    if (!r->depth) {
        r->root = node;
        return KRN_OK;
    }
    level *open = &r->stack[r->depth - 1];
    if (open->node->kind == KRNI_YAML_MAP) {
        if (!open->key)
            return refuse(r, event, "(list or map)", "a text as key");
        node->key = open->key;
        open->key = NULL;
    }
    if (open->last)
        open->last->next = node;
    else
        open->node->first = node;
    open->last = node;
    open->node->n_children++;
    return KRN_OK;
}

static krn_status take_scalar(tree_reader *r, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return refuse(r, event, value, "a value without anchor or tag");
    if (strlen(value) != length)
        return refuse(r, event, value, "a text without NUL");
    char *text = krn_arena_alloc(r->arena, length + 1);
    if (!text)
        return KRN_E_MEMORY;
    memcpy(text, value, length + 1);
    level *open = r->depth ? &r->stack[r->depth - 1] : NULL;
    if (open && open->node->kind == KRNI_YAML_MAP && !open->key) {
        if (open->node->n_children >= KRNI_YAML_KEYS)
            return refuse(r, event, text, "a map of at most 1000 keys");
        if (krni_yaml_get(open->node, text))
            return refuse(r, event, text, "a key that stands there only once");
        open->key = text;
        return KRN_OK;
    }
    krni_yaml_node *node = NULL;
    const krn_status status = add_node(r, event, KRNI_YAML_TEXT, &node);
    if (!status)
        node->text = text;
    return status;
}

static krn_status open_node(tree_reader *r, const yaml_event_t *event, krni_yaml_kind kind,
                            bool marked)
{
    krni_yaml_node *node = NULL;
    if (marked)
        return refuse(r, event, "(anchor or tag)", "a value without anchor or tag");
    if (r->depth == KRNI_YAML_DEPTH)
        return refuse(r, event, "(too deep)", "at most 16 levels");
    const krn_status status = add_node(r, event, kind, &node);
    if (status)
        return status;
    const level opened = {node, NULL, NULL};
    r->stack[r->depth++] = opened;
    return KRN_OK;
}

static krn_status take_event(tree_reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return ++r->n_documents > 1 ? refuse(r, event, "---", "one document in the file") : KRN_OK;
    case YAML_ALIAS_EVENT:
        return refuse(r, event, (const char *)event->data.alias.anchor, "a value, not an alias");
    case YAML_SCALAR_EVENT:
        return take_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(r, event, KRNI_YAML_LIST,
                         event->data.sequence_start.anchor || event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_node(r, event, KRNI_YAML_MAP,
                         event->data.mapping_start.anchor || event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return KRN_OK;
    default:
        return KRN_OK;
    }
}

static krn_status syntax_fault(const yaml_parser_t *parser, krni_yaml_fault *fault)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return KRN_E_MEMORY;
    fault->line = (uint32_t)parser->problem_mark.line + 1;
    fault->expected = "well-formed YAML";
    (void)snprintf(fault->value, sizeof fault->value, "%s",
                   parser->problem ? parser->problem : "(unreadable)");
    return KRN_E_DATA;
}

krn_status krni_yaml_read(const char *text, size_t size, krn_arena *arena, krni_yaml_node **out,
                          krni_yaml_fault *fault)
{
    tree_reader reader;
    yaml_parser_t parser;
    memset(&reader, 0, sizeof reader);
    memset(fault, 0, sizeof *fault);
    fault->line = 1;
    reader.arena = arena;
    reader.fault = fault;
    *out = NULL;
    if (!krni_utf8_valid(text, size)) {
        fault->expected = "UTF-8 without NUL";
        (void)snprintf(fault->value, sizeof fault->value, "(bytes)");
        return KRN_E_DATA;
    }
    if (!yaml_parser_initialize(&parser))
        return KRN_E_MEMORY;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    krn_status status = KRN_OK;
    for (bool more = true; more && !status;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = syntax_fault(&parser, fault);
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        status = take_event(&reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!status && !reader.root) {
        fault->expected = "a document";
        (void)snprintf(fault->value, sizeof fault->value, "(empty)");
        status = KRN_E_DATA;
    }
    if (!status)
        *out = reader.root;
    return status;
}

const krni_yaml_node *krni_yaml_get(const krni_yaml_node *map, const char *key)
{
    for (const krni_yaml_node *n = map->first; n; n = n->next)
        if (n->key && strcmp(n->key, key) == 0)
            return n;
    return NULL;
}
