/* SPDX-License-Identifier: Apache-2.0 */
/* memory_folder.h - files of a folder in memory, so that tests and fuzz targets can change bytes of
 * any of them.
 *
 *   ownership  memory_folder_free gives all back; texts passed in are copied */
#ifndef SUPPORT_MEMORY_FOLDER_H
#define SUPPORT_MEMORY_FOLDER_H

#include "io/package_read.h"

#define MEMORY_FOLDER_FILES 64

typedef struct memory_folder {
    struct {
        char *name, *text;
        size_t size;
    } files[MEMORY_FOLDER_FILES]; /* by name */
    uint32_t n;
} memory_folder;

/* The files that lie in a folder (none when path is NULL); NULL when it fails. */
memory_folder *memory_folder_open(const char *path);
void memory_folder_free(memory_folder *folder);

/* Another text for a file, or a new file. False when memory runs out. */
bool memory_folder_set(memory_folder *folder, const char *name, const void *bytes, size_t size);
void memory_folder_drop(memory_folder *folder, const char *name);
/* Text of a file, NULL if there is none. */
char *memory_folder_text(const memory_folder *folder, const char *name, size_t *out_size);

/* As readers want them; the folder must live as long. */
krni_files memory_folder_files(memory_folder *folder);

#endif
