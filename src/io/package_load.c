/* SPDX-License-Identifier: Apache-2.0 */
/* package_load.c - a folder to a package that can be trusted: read all, check all, or nothing. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/file.h"
#include "io/measure_read.h"
#include "io/package_check.h"
#include "io/package_read.h"

static krn_status read_in_folder(void *context, const char *name, size_t limit, char **out,
                                 size_t *out_size, krn_error *err)
{
    struct stat info;
    bool missing = false;
    krn_status status = KRN_OK;
    char *path = krni_path_join(context, name);
    if (!path)
        return krni_fail_memory(err);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) /* a pipe would wait for ever */
        status = krni_fail(err, KRN_E_IO, "%s is not a file", path);
    else
        status = krni_file_read(path, limit, out, out_size, &missing, err);
    free(path);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static krn_status list_folder(void *context, const char *folder, krn_arena *arena, uint32_t *out_n,
                              const char ***out, krn_error *err)
{
    *out_n = 0;
    *out = NULL;
    char *path = krni_path_join(context, folder);
    DIR *dir = path ? opendir(path) : NULL;
    const bool failed = !path;
    free(path);
    if (failed)
        return krni_fail_memory(err);
    if (!dir)
        return KRN_OK;
    krn_status status = KRN_OK;
    uint32_t room = 0;
    for (struct dirent *entry; !status && (entry = readdir(dir)) != NULL;) {
        if (*out_n == room) {
            room = room ? 2 * room : 64;
            const char **larger = krn_arena_alloc(arena, room * sizeof *larger);
            if (larger && *out_n)
                memcpy(larger, *out, *out_n * sizeof *larger);
            *out = larger;
        }
        const char *name = *out ? krn_arena_text(arena, entry->d_name) : NULL;
        if (!name)
            status = krni_fail_memory(err);
        else if (*out_n >= 2 * KRNI_MEASURE_FILES)
            status =
                krni_fail(err, KRN_E_LIMIT, "%s/%s: too many files", (const char *)context, folder);
        else
            (*out)[(*out_n)++] = name;
    }
    (void)closedir(dir);
    if (!status && *out_n)
        qsort(*out, *out_n, sizeof **out, compare_names);
    return status;
}

krni_files krni_folder_files(char *folder, const char *origin)
{
    return (krni_files){folder, origin, read_in_folder, list_folder};
}

krn_status krni_package_load_from(const krni_files *files, const char *const *own_measures,
                                  uint32_t n_own, krn_faults *faults, krn_package **out,
                                  krn_error *err)
{
    krni_reading reading;
    krn_package *package = NULL;
    krn_faults *own_faults = faults ? NULL : krn_faults_new();
    memset(&reading, 0, sizeof reading);
    *out = NULL;
    reading.files = files;
    reading.faults = faults ? faults : own_faults;
    reading.builder = reading.faults ? krni_builder_new(files->origin) : NULL;
    if (!reading.builder) {
        krn_faults_free(own_faults);
        return krni_fail_memory(err);
    }
    reading.arena = krni_builder_arena(reading.builder);
    krn_status status = krni_read_tables(&reading, err);
    if (!status)
        status = krni_read_measures(&reading, own_measures, n_own, err);
    if (!status)
        status = krni_check_datapackage(&reading, err);
    if (status)
        krni_builder_free(reading.builder);
    else
        status = krni_builder_finish(reading.builder, &package, err);
    if (!status)
        status = krni_check_package(package, reading.faults, err);
    if (!status)
        status = krni_faults_close(reading.faults, err);
    krn_faults_free(own_faults);
    if (status) {
        krn_package_free(package);
        return status;
    }
    *out = package;
    return KRN_OK;
}

krn_status krn_package_load(const char *folder, const char *const *own_measures, uint32_t n_own,
                            krn_faults *faults, krn_package **out, krn_error *err)
{
    struct stat info;
    *out = NULL;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        return krni_fail(err, KRN_E_IO, "%s is not the folder of a package", folder);
    char *context = krni_path_join(folder, "");
    if (!context)
        return krni_fail_memory(err);
    const krni_files files = krni_folder_files(context, folder);
    const krn_status status = krni_package_load_from(&files, own_measures, n_own, faults, out, err);
    free(context);
    return status;
}
