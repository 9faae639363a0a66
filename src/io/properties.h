/* properties.h - texts of `key = value` lines as Java programs keep them.
 *
 *   # comment, ! comment      key = value     key: value     key value
 *   a line that ends in \     goes on in the next one, blanks at its beginning left out
 *   \t \n \r \f \uXXXX \=     in keys and values
 *
 * Blanks at the end of a value are left out. */
#ifndef IO_PROPERTIES_H
#define IO_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>

typedef struct krni_properties {
    char *at, *end;
    uint32_t next_line;
} krni_properties;

typedef struct krni_property {
    const char *key, *value; /* NUL-terminated, in the text */
    uint32_t line;           /* where it begins */
    const char *expected;    /* what is wrong with it, in words; NULL: nothing */
} krni_property;

/* The text is changed while it is read; text[size] must be there. */
void krni_properties_open(krni_properties *p, char *text, size_t size);
bool krni_properties_next(krni_properties *p, krni_property *out);

/* Line of the first NUL of a text, which is then none; 0 without NUL. */
uint32_t krni_line_of_nul(const char *text, size_t size);

/* A text as it is when it is UTF-8, else read as Latin-1 into the arena; NUL becomes a blank. NULL
 * when memory runs out. */
char *krni_text_as_utf8(char *text, size_t size, krn_arena *arena, size_t *out_size);

#endif
