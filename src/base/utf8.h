/* utf8.h - whether bytes are UTF-8, and texts cut between characters. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True if all bytes are well-formed UTF-8 (shortest forms, no surrogates, up to U+10FFFF) and none
 * is NUL. O(size). */
bool krni_utf8_valid(const char *text, size_t size);

/* Copies at most size - 1 bytes for a message: whole characters only, control characters and bytes
 * that are no UTF-8 as '?', "..." at the end if it was cut. size >= 8. */
void krni_utf8_excerpt(const char *text, size_t length, char *out, size_t size);

#endif
