/* file.h - files as krn_file_read gives them, with a difference between absent and unreadable, and
 * files that are written piece by piece. */
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

/* A file that is written piece by piece: to a temporary one beside path, which is renamed over it
 * by krni_file_end (a path that is no regular file is written as it is). begin, add ..., then end
 * or drop; both free it, end also when it fails. After drop, or a failure, the old file is intact.
 */
typedef struct krni_file_out krni_file_out;
krn_status krni_file_begin(const char *path, krni_file_out **out, krn_error *err);
krn_status krni_file_add(krni_file_out *file, const char *text, size_t size, krn_error *err);
krn_status krni_file_end(krni_file_out *file, krn_error *err);
void krni_file_drop(krni_file_out *file); /* may be NULL */

#endif
