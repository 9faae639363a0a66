/* SPDX-License-Identifier: Apache-2.0 */
/* memory_folder.c - a list of files, sorted by name. */
#include "support/memory_folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t place_of(const memory_folder *folder, const char *name)
{
    uint32_t at = 0;
    while (at < folder->n && strcmp(folder->files[at].name, name) < 0)
        at++;
    return at;
}

static bool is_at(const memory_folder *folder, uint32_t at, const char *name)
{
    return at < folder->n && strcmp(folder->files[at].name, name) == 0;
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

bool memory_folder_set(memory_folder *folder, const char *name, const void *bytes, size_t size)
{
    const uint32_t at = place_of(folder, name);
    char *text = copy_of(bytes, size);
    if (!text)
        return false;
    if (!is_at(folder, at, name)) {
        char *own = copy_of(name, strlen(name));
        if (!own || folder->n == MEMORY_FOLDER_FILES) {
            free(own);
            free(text);
            return false;
        }
        memmove(&folder->files[at + 1], &folder->files[at],
                (folder->n - at) * sizeof folder->files[0]);
        folder->n++;
        folder->files[at].name = own;
        folder->files[at].text = NULL;
    }
    free(folder->files[at].text);
    folder->files[at].text = text;
    folder->files[at].size = size;
    return true;
}

void memory_folder_drop(memory_folder *folder, const char *name)
{
    const uint32_t at = place_of(folder, name);
    if (!is_at(folder, at, name))
        return;
    free(folder->files[at].name);
    free(folder->files[at].text);
    folder->n--;
    memmove(&folder->files[at], &folder->files[at + 1], (folder->n - at) * sizeof folder->files[0]);
}

char *memory_folder_text(const memory_folder *folder, const char *name, size_t *out_size)
{
    const uint32_t at = place_of(folder, name);
    const bool there = is_at(folder, at, name);
    *out_size = there ? folder->files[at].size : 0;
    return there ? folder->files[at].text : NULL;
}

static bool take_file(memory_folder *folder, const char *path, const char *name)
{
    char whole[1024], *text = NULL;
    size_t size = 0;
    (void)snprintf(whole, sizeof whole, "%s/%s", path, name);
    if (krn_file_read(whole, (size_t)1 << 26, &text, &size, NULL))
        return false;
    const bool taken = memory_folder_set(folder, name, text, size);
    free(text);
    return taken;
}

memory_folder *memory_folder_open(const char *path)
{
    memory_folder *folder = calloc(1, sizeof *folder);
    DIR *dir = path ? opendir(path) : NULL;
    bool taken = folder && (dir || !path);
    if (dir) {
        for (struct dirent *e; taken && (e = readdir(dir)) != NULL;)
            taken = e->d_name[0] == '.' || take_file(folder, path, e->d_name);
        (void)closedir(dir);
    }
    if (taken)
        return folder;
    memory_folder_free(folder);
    return NULL;
}

void memory_folder_free(memory_folder *folder)
{
    if (!folder)
        return;
    for (uint32_t i = 0; i < folder->n; i++) {
        free(folder->files[i].name);
        free(folder->files[i].text);
    }
    free(folder);
}

static krn_status read_file(void *context, const char *name, size_t limit, char **out,
                            size_t *out_size, krn_error *err)
{
    const char *text = memory_folder_text(context, name, out_size);
    (void)limit;
    (void)err;
    *out = text ? copy_of(text, *out_size) : NULL;
    return text && !*out ? KRN_E_MEMORY : KRN_OK;
}

static krn_status list_files(void *context, const char *name, krn_arena *arena, uint32_t *out_n,
                             const char ***out, krn_error *err)
{
    const memory_folder *folder = context;
    const char **names = krn_arena_alloc(arena, MEMORY_FOLDER_FILES * sizeof *names);
    (void)name;
    (void)err;
    *out_n = names ? folder->n : 0;
    *out = names;
    for (uint32_t i = 0; names && i < folder->n; i++)
        names[i] = folder->files[i].name;
    return names ? KRN_OK : KRN_E_MEMORY;
}

krni_files memory_folder_files(memory_folder *folder)
{
    return (krni_files){folder, "memory", read_file, list_files};
}
