/* resource_words.h - names of what lots wait for: sections, crossings, gauge-change yards,
 * terminals, berths, storage, vehicles, services. Texts live in the arena given; NULL when memory
 * ran out. */
#ifndef REPORT_RESOURCE_WORDS_H
#define REPORT_RESOURCE_WORDS_H

#include "report/words.h"

/* "Incheh Borun gauge change 1520 → 1435", "Uzen – Bolashak track". */
char *krni_resource_words(const krn_package *package, const krn_sim_resource *r, krn_arena *arena);

/* " (24 trains a day)", " (a departure every 25 days)"; nothing when the rate is not known. */
void krni_write_rate(krni_writer *w, const krn_sim_resource *r);

/* Id of the row that a resource comes from, or "". */
const char *krni_resource_row_id(const krn_package *package, const krn_sim_resource *r);

/* "a_b" as "a b". */
void krni_write_spaced(krni_writer *w, const char *text);

/* "Uzen – Bolashak", names in short. */
void krni_write_ends_short(krni_writer *w, const krn_package *p, uint32_t from, uint32_t to,
                           const char *between);

/* ", grain bulk" of a column that names cargo classes; nothing where it is blank. */
void krni_write_class(krni_writer *w, const krn_package *p, krn_table table, uint32_t row,
                      int column);

#endif
