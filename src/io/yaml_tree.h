/* yaml_tree.h - a small YAML document as a tree of texts, lists and maps, with lines.
 *
 * Every scalar is a text. Refused: anchors, aliases, tags, more than one document, a key that is no
 * text or stands twice in its map, more than 16 levels, more than 200,000 nodes, bytes that are no
 * UTF-8. */
#ifndef IO_YAML_TREE_H
#define IO_YAML_TREE_H

#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>

#define KRNI_YAML_DEPTH 16
#define KRNI_YAML_NODES 200000u
#define KRNI_YAML_KEYS  1000u

typedef enum krni_yaml_kind { KRNI_YAML_TEXT, KRNI_YAML_LIST, KRNI_YAML_MAP } krni_yaml_kind;

typedef struct krni_yaml_node {
    krni_yaml_kind kind;
    uint32_t line;
    const char *key;  /* inside a map, else NULL */
    const char *text; /* KRNI_YAML_TEXT */
    uint32_t n_children;
    const struct krni_yaml_node *first; /* children in order */
    const struct krni_yaml_node *next;  /* sibling */
} krni_yaml_node;

/* What is wrong with a document. */
typedef struct krni_yaml_fault {
    uint32_t line;
    const char *expected;
    char value[128];
} krni_yaml_fault;

/* KRN_OK with *out; KRN_E_DATA with the fault; KRN_E_MEMORY. Tree and texts are the arena's. */
krn_status krni_yaml_read(const char *text, size_t size, krn_arena *arena, krni_yaml_node **out,
                          krni_yaml_fault *fault);

/* Child of a map by key, or NULL. */
const krni_yaml_node *krni_yaml_get(const krni_yaml_node *map, const char *key);

#endif
