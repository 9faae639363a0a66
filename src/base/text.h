/* text.h - texts that grow, and texts in columns: display width, cutting, wrapping, folding.
 *
 *   ownership  a writer on an arena owns nothing; one on the heap is freed by krni_writer_free
 *   errors     a writer that runs out of memory stays failed and writes nothing more; ask once
 *   locale     numbers are written with a point whatever the user's locale is */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>

typedef struct krni_writer {
    krn_arena *arena; /* NULL: the heap */
    char *data;
    size_t size; /* bytes written, without the NUL */
    size_t capacity;
    bool failed;
} krni_writer;

void krni_writer_init(krni_writer *w, krn_arena *arena);
void krni_writer_free(krni_writer *w); /* of the heap; may be called on any */
void krni_writer_clear(krni_writer *w);

/* The text so far, NUL-terminated; NULL when the writer failed. Valid until the next write. */
char *krni_writer_text(krni_writer *w);

void krni_write(krni_writer *w, const char *text);
void krni_write_bytes(krni_writer *w, const char *bytes, size_t n);
void krni_write_char(krni_writer *w, char c);
void krni_write_repeat(krni_writer *w, const char *text, size_t times);
void krni_writef(krni_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number with `decimals` (0..6) places, rounded half away from zero; group: thousands apart by
 * a comma. NaN is "-". */
void krni_write_number(krni_writer *w, double value, int decimals, bool group);

/* The same into a buffer; cut when too small. Returns out. */
char *krni_number_text(double value, int decimals, bool group, char *out, size_t size);

/* The length of a text as a person would write it: up to `most` decimals without trailing zeros. */
char *krni_number_short(double value, int most, char *out, size_t size);

/* Next code point of UTF-8, *at moved behind it; a broken byte gives U+FFFD; 0 at the end. */
int32_t krni_utf8_next(const char **at);
void krni_write_codepoint(krni_writer *w, int32_t codepoint);

/* Columns that a text takes on a terminal: wide characters two, marks and controls none. */
size_t krni_width(const char *text);

/* Bytes of the longest beginning of text that takes at most `columns`. */
size_t krni_prefix_bytes(const char *text, size_t columns);

typedef enum krni_align { KRNI_LEFT, KRNI_RIGHT, KRNI_CENTRE } krni_align;

/* text in exactly `columns`: cut with "…" when longer, padded when shorter. */
void krni_write_padded(krni_writer *w, const char *text, size_t columns, krni_align align);

/* text in lines of at most `columns`, broken at blanks (a longer word is cut); the first line
 * begins where the writer stands, further ones with `indent` blanks. No line end after the last
 * one. */
void krni_write_wrapped(krni_writer *w, const char *text, size_t columns, size_t indent);

/* Folding for comparison: compatibility decomposition, case folding, marks dropped, punctuation and
 * blanks to single blanks, none at the ends. Appends to w. */
void krni_fold(krni_writer *w, const char *text);

/* skeleton.c: a text of any known script as one Latin skeleton, words apart by a blank. bones: also
 * without vowels and semivowels, words together, as Arabic script writes them. Appends to w. */
void krni_skeleton(krni_writer *w, const char *text, bool bones);

/* Whether a text holds a letter of Arabic script. */
bool krni_is_arabic_script(const char *text);

#endif
