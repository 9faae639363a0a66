/* mini_network.h - the mini package (tests/support/mini) as a network, with cells changed at will.
 *
 * Each call stops the test program when it cannot do what it should; what it returns is the
 * caller's: a network is freed by krn_network_free and frees its package. */
#ifndef SUPPORT_MINI_NETWORK_H
#define SUPPORT_MINI_NETWORK_H

#include <keruen/network.h>

/* A cell to be changed: row by key (or by number "#3" where a table has no key), column by name.
 * column NULL takes the row out. */
typedef struct mini_edit {
    krn_table table;
    const char *key;
    const char *column;
    const char *text;
} mini_edit;

/* The package in a folder of the source tree ("tests/support/mini"). */
krn_package *mini_network_load(const char *folder);

/* A copy with changed cells; frees the base. */
krn_package *mini_network_edit(krn_package *base, const mini_edit *edits, uint32_t n);

/* A copy with the rows of every table in another order; frees the base. */
krn_package *mini_network_shuffle(krn_package *base, uint64_t seed);

/* Compiled for 2026-03-02, a Monday. Frees the package with the network. */
krn_network *mini_network_compile(krn_package *package);

/* The mini package with changed cells, compiled. */
krn_network *mini_network(const mini_edit *edits, uint32_t n);

/* Status of compiling the mini package with changed cells; the text of the failure in err. */
krn_status mini_network_fails(const mini_edit *edits, uint32_t n, krn_error *err);

uint32_t mini_row(const krn_network *network, krn_table table, const char *key);

/* The only activity of a kind from one place and side to another (link, trip and law as they are);
 * stops when there is none or several. law: key of its law row, NULL any. */
uint32_t mini_activity(const krn_network *network, krn_activity_kind kind, const char *from,
                       krn_side from_side, const char *to, krn_side to_side, const char *law);

/* How many there are. */
uint32_t mini_count(const krn_network *network, krn_activity_kind kind, const char *from,
                    krn_side from_side, const char *to, krn_side to_side, const char *law);

#endif
