/* place.h - places by id, code or name, in any script and with typing errors.
 *
 * Matching, best first: node id or alias; UN/LOCODE; rail code; exact folded name in any language;
 * name that begins so; a word of a name; a transliterated name; names within a small edit distance.
 * Folding: Unicode compatibility decomposition, case folding, marks and punctuation dropped;
 * Cyrillic, Arabic script and Kazakh and Turkmen letters are brought to one Latin skeleton.
 *
 *   ownership  the index borrows the package
 *   threads    immutable after krn_place_index_new
 */
#ifndef KERUEN_PLACE_H
#define KERUEN_PLACE_H

#include <keruen/arena.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_place_index krn_place_index;

KRN_API krn_status krn_place_index_new(const krn_package *package, krn_place_index **out,
                                       krn_error *err);
KRN_API void krn_place_index_free(krn_place_index *index);

typedef enum krn_match_kind {
    KRN_MATCH_ID,
    KRN_MATCH_CODE,
    KRN_MATCH_NAME,
    KRN_MATCH_PREFIX,
    KRN_MATCH_WORD,
    KRN_MATCH_SOUND, /* transliteration */
    KRN_MATCH_NEAR   /* typing errors */
} krn_match_kind;

/* "id", "code", "name", "beginning", "word", "script", "spelling". */
KRN_API const char *krn_match_kind_name(krn_match_kind kind);

typedef struct krn_place_match {
    uint32_t node; /* node row */
    krn_match_kind kind;
    uint32_t distance;   /* edits; 0 but for KRN_MATCH_NEAR */
    const char *matched; /* text that was met; borrowed */
} krn_place_match;

/* Up to max matches, best first; ties by kind of node (port, terminal, city, station, ... ), then
 * id. */
KRN_API krn_status krn_place_find(const krn_place_index *index, const char *text, uint32_t max,
                                  krn_arena *arena, uint32_t *out_n, krn_place_match **out,
                                  krn_error *err);

/* The one place that a text means: a match by id, code, or exact name; where several nodes share it
 * (station and city of a town, in one country) the one first in the order of krn_place_find. Else a
 * name that sounds the same, or a beginning or word that only one place has. KRN_E_AMBIGUOUS:
 * several places fit so; KRN_E_NOT_FOUND: none does; the text of err names the nearest with their
 * ids. */
KRN_API krn_status krn_place_resolve(const krn_place_index *index, const char *text,
                                     uint32_t *out_node, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
