/* wait_read.h - a user's tables of waits from text in memory, for krn_wait_tables_read, tests and
 * fuzz targets. */
#ifndef IO_WAIT_READ_H
#define IO_WAIT_READ_H

#include <keruen/io.h>

/* text is changed in the course; name stands in faults. Else as krn_wait_tables_read. */
krn_status krni_wait_tables_read_text(const char *name, char *text, size_t size, krn_faults *faults,
                                      krn_arena *arena, krn_wait_table **out, uint32_t *out_n,
                                      krn_error *err);

#endif
