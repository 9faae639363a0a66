/* SPDX-License-Identifier: Apache-2.0 */
/* memory_package.c - a list of files, sorted by name. */
#include "support/memory_package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/package_read.h"
#include "io/snapshot_format.h"

#define MOST_FILES 96

typedef struct memory_file {
    char *name, *text;
    size_t size;
    char *first_text; /* as read from disk; NULL for a file that was set only */
    size_t first_size;
} memory_file;

struct memory_package {
    memory_file files[MOST_FILES];
    size_t n;
};

static const char *const measures[] = {"measure/m-fast-border.yaml", "measure/m-no-ice.yaml",
                                       "measure/m-spur.yaml", "measure/m-words.yaml"};

static memory_file *find(const memory_package *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->files[i].name, name) == 0)
            return (memory_file *)&p->files[i];
    return NULL;
}

static char *copy_of(const void *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy) {
        if (size)
            memcpy(copy, bytes, size);
        copy[size] = '\0';
    }
    return copy;
}

bool memory_package_set(memory_package *package, const char *name, const void *bytes, size_t size)
{
    char *text = copy_of(bytes, size);
    memory_file *file = find(package, name);
    if (!text)
        return false;
    if (!file) {
        char *own_name = copy_of(name, strlen(name));
        if (!own_name || package->n == MOST_FILES) {
            free(own_name);
            free(text);
            return false;
        }
        size_t at = package->n++;
        for (; at && strcmp(package->files[at - 1].name, name) > 0; at--)
            package->files[at] = package->files[at - 1];
        file = &package->files[at];
        const memory_file blank = {.name = own_name};
        *file = blank;
    }
    free(file->text);
    file->text = text;
    file->size = size;
    return true;
}

void memory_package_drop(memory_package *package, const char *name)
{
    memory_file *file = find(package, name);
    if (!file)
        return;
    free(file->name);
    free(file->text);
    free(file->first_text);
    for (size_t i = (size_t)(file - package->files); i + 1 < package->n; i++)
        package->files[i] = package->files[i + 1];
    package->n--;
}

static bool take_file(memory_package *p, const char *folder, const char *name)
{
    char path[1024], *text = NULL;
    size_t size = 0;
    (void)snprintf(path, sizeof path, "%s/tests/support/mini/%s", folder, name);
    if (krn_file_read(path, 1 << 20, &text, &size, NULL))
        return false;
    const bool taken = memory_package_set(p, name, text, size);
    if (!taken) {
        free(text);
        return false;
    }
    memory_file *file = find(p, name);
    file->first_text = text;
    file->first_size = size;
    return true;
}

bool memory_package_restore(memory_package *package, const char *name)
{
    const memory_file *file = find(package, name);
    return file && file->first_text &&
           memory_package_set(package, name, file->first_text, file->first_size);
}

memory_package *memory_package_open(const char *source_folder)
{
    memory_package *p = calloc(1, sizeof *p);
    bool taken = p != NULL;
    for (int t = 0; t < KRN_TABLE_MEASURE && taken; t++)
        taken = take_file(p, source_folder, krn_table_file((krn_table)t));
    for (size_t i = 0; i < sizeof measures / sizeof measures[0] && taken; i++)
        taken = take_file(p, source_folder, measures[i]);
    taken = taken && take_file(p, source_folder, "datapackage.json");
    if (taken)
        return p;
    memory_package_free(p);
    return NULL;
}

void memory_package_free(memory_package *package)
{
    if (!package)
        return;
    for (size_t i = 0; i < package->n; i++) {
        free(package->files[i].name);
        free(package->files[i].text);
        free(package->files[i].first_text);
    }
    free(package);
}

const char *memory_package_text(const memory_package *package, const char *name, size_t *out_size)
{
    const memory_file *file = find(package, name);
    *out_size = file ? file->size : 0;
    return file ? file->text : NULL;
}

const char *memory_package_name(const memory_package *package, size_t index)
{
    return index < package->n ? package->files[index].name : NULL;
}

static krn_status read_memory(void *context, const char *name, size_t limit, char **out,
                              size_t *out_size, krn_error *err)
{
    const memory_file *file = find(context, name);
    (void)limit;
    (void)err;
    *out = file ? copy_of(file->text, file->size) : NULL;
    *out_size = file ? file->size : 0;
    return file && !*out ? KRN_E_MEMORY : KRN_OK;
}

static krn_status list_memory(void *context, const char *folder, krn_arena *arena, uint32_t *out_n,
                              const char ***out, krn_error *err)
{
    memory_package *p = context;
    const size_t length = strlen(folder);
    const char **names = krn_arena_alloc(arena, MOST_FILES * sizeof *names);
    (void)err;
    *out_n = 0;
    *out = names;
    for (size_t i = 0; names && i < p->n; i++)
        if (strncmp(p->files[i].name, folder, length) == 0 && p->files[i].name[length] == '/')
            names[(*out_n)++] = p->files[i].name + length + 1;
    return names ? KRN_OK : KRN_E_MEMORY;
}

krn_status memory_package_load(const memory_package *package, krn_faults *faults, krn_package **out,
                               krn_error *err)
{
    const krni_files files = {(void *)package, "mini", read_memory, list_memory};
    return krni_package_load_from(&files, NULL, 0, faults, out, err);
}

krn_status memory_snapshot_make(const krn_network *network, unsigned char **out, size_t *out_size,
                                krn_error *err)
{
    return krni_snapshot_image(network, out, out_size, err);
}

krn_status memory_snapshot_open(const unsigned char *image, size_t size, krn_network **out,
                                krn_error *err)
{
    return krni_snapshot_open(image, size, "image", out, err);
}

void memory_snapshot_seal(unsigned char *image, size_t size)
{
    krni_snapshot_header header;
    if (size < sizeof header || size % KRNI_SNAPSHOT_ALIGN)
        return;
    memcpy(&header, image, sizeof header);
    header.size = size;
    header.checksum = 0;
    memcpy(image, &header, sizeof header);
    header.checksum = krni_snapshot_checksum(image, size);
    memcpy(image, &header, sizeof header);
}
