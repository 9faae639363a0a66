/* edit_distance.h - how many typing errors lie between two texts. */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Damerau-Levenshtein distance in bytes (insert, delete, replace, swap two neighbours, each once
 * in a place), or limit + 1 as soon as it is sure to exceed limit. Texts over 63 bytes are compared
 * by their first 63. O(length * limit). */
uint32_t krni_edit_distance(const char *a, const char *b, uint32_t limit);

/* Errors that a text of a length may have and still be meant: 0 below 3 letters, then 1, 2, 3. */
uint32_t krni_edit_allowance(size_t length);

/* Index of the nearest of n words within the allowance (case is ignored; a word that begins with
 * text counts as near), or -1. Ties: the first. */
int krni_nearest(const char *text, const char *const *words, size_t n);

#endif
