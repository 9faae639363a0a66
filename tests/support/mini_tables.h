/* mini_tables.h - packages in memory for tests, written as small CSV texts.
 *
 *     mini *m = mini_new();
 *     mini_table(m, "node.csv", "node_id,name,kr_country,kr_timezone\n"
 *                               "a,Alpha,KZ,Asia/Almaty\n");
 *     krn_package *package = mini_package(m);
 *
 * Columns that are not named stay blank; cells are read by their type (a cell that does not fit
 * ends the test), required columns and references are not checked. A cell holds no comma. */
#ifndef SUPPORT_MINI_TABLES_H
#define SUPPORT_MINI_TABLES_H

#include <keruen/package.h>

typedef struct mini mini;

mini *mini_new(void);
void mini_table(mini *m, const char *name, const char *csv);

/* The package; the caller frees it with krn_package_free. Frees m. */
krn_package *mini_package(mini *m);

#endif
