/* file.h - files as krn_file_read gives them, with a difference between absent and unreadable. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <keruen/io.h>

/* As krn_file_read; *missing true (and KRN_OK, *out NULL) when there is no such file. */
krn_status krni_file_read(const char *path, size_t limit_bytes, char **out, size_t *out_size,
                          bool *missing, krn_error *err);

/* folder/name, malloc'd; NULL when memory runs out. */
char *krni_path_join(const char *folder, const char *name);

#endif
