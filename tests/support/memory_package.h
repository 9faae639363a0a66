/* memory_package.h - the mini package with its files in memory, so that tests and fuzz targets can
 * change bytes of any of them.
 *
 *   ownership  memory_package_free gives all back; texts passed in are copied */
#ifndef SUPPORT_MEMORY_PACKAGE_H
#define SUPPORT_MEMORY_PACKAGE_H

#include <keruen/io.h>

typedef struct memory_package memory_package;

/* All files of tests/support/mini below a source folder, measures too; NULL when it fails. */
memory_package *memory_package_open(const char *source_folder);
void memory_package_free(memory_package *package);

/* Another text for a file, or a new file. False when memory runs out. */
bool memory_package_set(memory_package *package, const char *name, const void *bytes, size_t size);
/* The text that a file had when the package was opened. */
bool memory_package_restore(memory_package *package, const char *name);
void memory_package_drop(memory_package *package, const char *name);

/* Text of a file, NULL if there is none. */
const char *memory_package_text(const memory_package *package, const char *name, size_t *out_size);

/* File of a table, for looking through all: NULL beyond the last one. */
const char *memory_package_name(const memory_package *package, size_t index);

/* As krn_package_load does with a folder. */
krn_status memory_package_load(const memory_package *package, krn_faults *faults, krn_package **out,
                               krn_error *err);

/* Image of a snapshot as krn_snapshot_write makes it, malloc'd. */
krn_status memory_snapshot_make(const krn_network *network, unsigned char **out, size_t *out_size,
                                krn_error *err);

/* Opens an image, as krn_snapshot_map does with a file; the image must outlive the network. */
krn_status memory_snapshot_open(const unsigned char *image, size_t size, krn_network **out,
                                krn_error *err);

/* Puts the right checksum into a damaged image, so that the checks behind it are met. */
void memory_snapshot_seal(unsigned char *image, size_t size);

#endif
