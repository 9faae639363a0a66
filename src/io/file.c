/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - whole files in, whole files out.
 *
 * Writing:  path.PID.N.tmp -> written, synced -> renamed over path -> folder synced
 * so path holds the old bytes or the new ones, never a part. A path that is no regular file (a
 * pipe, a device) is written as it is. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define MOST_ATTEMPTS 100

static krn_status fail_io(krn_error *err, const char *what, const char *path, int number)
{
    char reason[128];
    if (strerror_r(number, reason, sizeof reason))
        (void)snprintf(reason, sizeof reason, "error %d", number);
    return krni_fail(err, KRN_E_IO, "cannot %s %s: %s", what, path, reason);
}

char *krni_path_join(const char *folder, const char *name)
{
    const size_t a = strlen(folder), b = strlen(name);
    const bool slash = a > 0 && folder[a - 1] != '/';
    char *path = malloc(a + b + 2);
    if (!path)
        return NULL;
    memcpy(path, folder, a);
    if (slash)
        path[a] = '/';
    memcpy(path + a + (slash ? 1 : 0), name, b + 1);
    return path;
}

/* Reads to the end; one byte more than the limit tells that the file is too long. */
static krn_status read_all(int fd, const char *path, size_t expected, size_t limit, char **out,
                           size_t *out_size, krn_error *err)
{
    size_t room = expected < limit ? expected + 2 : limit + 2, used = 0;
    char *text = malloc(room);
    if (!text)
        return krni_fail_memory(err);
    for (;;) {
        if (used + 1 == room && used <= limit) {
            const size_t more = room < limit / 2 ? 2 * room + 4096 : limit + 2;
            char *larger = realloc(text, more);
            if (!larger) {
                free(text);
                return krni_fail_memory(err);
            }
            text = larger;
            room = more;
        }
        if (used > limit) {
            free(text);
            return krni_fail(err, KRN_E_LIMIT, "%s is larger than %zu bytes", path, limit);
        }
        const ssize_t n = read(fd, text + used, room - 1 - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            const int number = errno;
            free(text);
            return fail_io(err, "read", path, number);
        }
        if (n == 0)
            break;
        used += (size_t)n;
    }
    text[used] = '\0';
    *out = text;
    *out_size = used;
    return KRN_OK;
}

krn_status krni_file_read(const char *path, size_t limit_bytes, char **out, size_t *out_size,
                          bool *missing, krn_error *err)
{
    struct stat info;
    *out = NULL;
    *out_size = 0;
    *missing = false;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *missing = errno == ENOENT || errno == ENOTDIR;
        return *missing ? KRN_OK : fail_io(err, "open", path, errno);
    }
    krn_status status = KRN_OK;
    if (fstat(fd, &info) != 0)
        status = fail_io(err, "read", path, errno);
    else
        status = read_all(fd, path, info.st_size > 0 ? (size_t)info.st_size : 0, limit_bytes, out,
                          out_size, err);
    (void)close(fd);
    return status;
}

krn_status krn_file_read(const char *path, size_t limit_bytes, char **out, size_t *out_size,
                         krn_error *err)
{
    bool missing = false;
    const krn_status status = krni_file_read(path, limit_bytes, out, out_size, &missing, err);
    return missing ? fail_io(err, "open", path, ENOENT) : status;
}

static int write_all(int fd, const char *text, size_t size)
{
    while (size) {
        const ssize_t n = write(fd, text, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        text += n;
        size -= (size_t)n;
    }
    return 0;
}

/* A new file beside path; its name goes to *out. */
static krn_status open_beside(const char *path, char **out, int *out_fd, krn_error *err)
{
    const size_t size = strlen(path) + 48;
    char *name = malloc(size);
    if (!name)
        return krni_fail_memory(err);
    int number = EEXIST;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && number == EEXIST; attempt++) {
        (void)snprintf(name, size, "%s.%ld.%d.tmp", path, (long)getpid(), attempt);
        *out_fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        number = *out_fd < 0 ? errno : 0;
    }
    if (number) {
        free(name);
        return fail_io(err, "write beside", path, number);
    }
    *out = name;
    return KRN_OK;
}

/* Makes the renaming last. Some file systems cannot; the file is whole either way. */
static void sync_folder(const char *path)
{
    char *folder = krni_path_join(path, "");
    if (!folder)
        return;
    char *slash = NULL;
    folder[strlen(folder) - 1] = '\0';
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder ? 1 : 0] = '\0';
    const int fd = open(slash ? folder : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

struct krni_file_out {
    char *path; /* that is to be replaced */
    char *name; /* of the file beside it; NULL: written in place */
    int fd;
};

static void free_out(krni_file_out *f)
{
    if (f->fd >= 0)
        (void)close(f->fd);
    if (f->name)
        (void)unlink(f->name);
    free(f->name);
    free(f->path);
    free(f);
}

/* mode: of the file that is replaced, 0 if there is none. */
static krn_status open_out(krni_file_out *f, bool in_place, mode_t mode, krn_error *err)
{
    if (in_place) {
        f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
        return f->fd < 0 ? fail_io(err, "open", f->path, errno) : KRN_OK;
    }
    const krn_status st = open_beside(f->path, &f->name, &f->fd, err);
    if (!st && mode && fchmod(f->fd, mode & 07777) != 0)
        return fail_io(err, "write", f->path, errno);
    return st;
}

krn_status krni_file_begin(const char *path, krni_file_out **out, krn_error *err)
{
    struct stat info;
    *out = NULL;
    const bool there = stat(path, &info) == 0;
    const bool regular = !there || S_ISREG(info.st_mode);
    krni_file_out *f = calloc(1, sizeof *f);
    if (!f)
        return krni_fail_memory(err);
    f->fd = -1;
    errno = ENOMEM;
    f->path = there && regular ? realpath(path, NULL) /* a symbolic link stays one */
                               : krni_path_join("", path);
    krn_status st = KRN_OK;
    if (!f->path)
        st = fail_io(err, "write", path, errno);
    else
        st = open_out(f, !regular, there ? info.st_mode : 0, err);
    if (st)
        free_out(f);
    else
        *out = f;
    return st;
}

krn_status krni_file_add(krni_file_out *f, const char *text, size_t size, krn_error *err)
{
    const int number = write_all(f->fd, text, size);
    return number ? fail_io(err, "write", f->path, number) : KRN_OK;
}

krn_status krni_file_end(krni_file_out *f, krn_error *err)
{
    int number = 0;
    krn_status st = KRN_OK;
    if (f->name && fsync(f->fd) != 0 && errno != EINVAL)
        number = errno;
    if (close(f->fd) != 0 && !number)
        number = errno;
    f->fd = -1;
    if (f->name && !number && rename(f->name, f->path) != 0)
        number = errno;
    if (number) {
        st = fail_io(err, "write", f->path, number);
    } else if (f->name) {
        sync_folder(f->path);
        free(f->name); /* is the file now */
        f->name = NULL;
    }
    free_out(f);
    return st;
}

void krni_file_drop(krni_file_out *f)
{
    if (f)
        free_out(f);
}

krn_status krn_file_write(const char *path, const char *text, size_t size, krn_error *err)
{
    krni_file_out *f = NULL;
    krn_status st = krni_file_begin(path, &f, err);
    if (st)
        return st;
    st = krni_file_add(f, text, size, err);
    if (st) {
        krni_file_drop(f);
        return st;
    }
    return krni_file_end(f, err);
}
