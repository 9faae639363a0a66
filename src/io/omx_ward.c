/* SPDX-License-Identifier: Apache-2.0 */
/* omx_ward.c - bytes that nobody vouches for are read by HDF5 in a process of their own: its reader
 * is not proof against damaged files, and what it breaks there breaks nothing here.
 *
 *   parent   fork ------------------------------------- reads, checks, waits
 *   child         \-- HDF5 -- status, zones, figures --/  pipe
 *
 * What comes through the pipe is checked like a file. A child that ends early is a damaged file. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <keruen/io.h>

#include "base/error.h"
#include "base/utf8.h"
#include "io/omx_hdf5.h"

#define FILE_BYTES ((size_t)(KRNI_OMX_BYTES + (KRNI_OMX_BYTES >> 4)))
#define MOST_CPU_S 120

/* What goes first. */
typedef struct head {
    uint32_t status, n_zones, n_matrices, has_lookup;
    char text[KRN_ERROR_TEXT_SIZE];
} head;

/* ---- the child ---- */

static bool write_all(int fd, const void *data, size_t size)
{
    const char *at = data;
    while (size) {
        const ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool write_text(int fd, const char *text)
{
    const uint32_t length = (uint32_t)strlen(text);
    return write_all(fd, &length, sizeof length) && write_all(fd, text, length);
}

static bool write_omx(int fd, const krn_omx *omx)
{
    const size_t size = (size_t)omx->n_zones * omx->n_zones * sizeof(double);
    bool good = true;
    for (uint32_t m = 0; m < omx->n_matrices && good; m++)
        good =
            write_text(fd, omx->matrices[m].name) && write_all(fd, omx->matrices[m].values, size);
    if (omx->lookup_name)
        good = good && write_text(fd, omx->lookup_name);
    for (uint32_t z = 0; omx->lookup_name && z < omx->n_zones && good; z++)
        good = write_text(fd, omx->zones[z]);
    return good;
}

/* Never returns. */
static void be_child(int fd, const char *name, const void *bytes, size_t size)
{
    const struct rlimit cpu = {MOST_CPU_S, MOST_CPU_S}, none = {0, 0};
    static const int deadly[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE,
                                 SIGILL,  SIGXCPU, SIGTERM, SIGINT};
    const int nowhere = open("/dev/null", O_WRONLY);
    krn_omx omx = {0};
    krn_error err = {0};
    head h = {0};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        (void)signal(deadly[i], SIG_DFL); /* the program's own ways to end are not for this */
    (void)setrlimit(RLIMIT_CPU, &cpu);
    (void)setrlimit(RLIMIT_CORE, &none);
    if (nowhere >= 0)
        (void)dup2(nowhere, STDERR_FILENO); /* last words of a library are no talk of ours */
    krn_arena *arena = krn_arena_new(NULL, 0);
    h.status = (uint32_t)(arena ? krni_omx_parse_here(name, bytes, size, arena, &omx, &err)
                                : krni_fail_memory(&err));
    memcpy(h.text, err.text, sizeof h.text);
    h.n_zones = omx.n_zones;
    h.n_matrices = omx.n_matrices;
    h.has_lookup = omx.lookup_name != NULL;
    if (write_all(fd, &h, sizeof h) && !h.status)
        (void)write_omx(fd, &omx);
    _exit(0);
}

/* ---- the parent ---- */

typedef struct ward {
    const char *name;
    krn_arena *arena;
    krn_error *err;
    int fd;
} ward;

static krn_status fail_damaged(const ward *w)
{
    return krni_fail(w->err, KRN_E_DATA, "%s: an OMX file that is not damaged was expected",
                     w->name);
}

static krn_status read_all(const ward *w, void *out, size_t size)
{
    char *at = out;
    while (size) {
        const ssize_t n = read(w->fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail_damaged(w);
        at += n;
        size -= (size_t)n;
    }
    return KRN_OK;
}

static krn_status read_text(const ward *w, size_t most, const char **out)
{
    uint32_t length = 0;
    krn_status status = read_all(w, &length, sizeof length);
    if (!status && length > most)
        status = fail_damaged(w);
    if (status)
        return status;
    char *text = krn_arena_alloc(w->arena, length + 1u);
    if (!text)
        return krni_fail_memory(w->err);
    text[length] = '\0';
    status = read_all(w, text, length);
    if (!status && (strlen(text) != length || !krni_utf8_valid(text, length)))
        status = fail_damaged(w);
    *out = text;
    return status;
}

static krn_status read_matrix(const ward *w, uint32_t n_zones, krn_omx_matrix *out)
{
    const size_t cells = (size_t)n_zones * n_zones;
    double *values = krn_arena_alloc(w->arena, cells * sizeof *values);
    krn_status status = values ? read_text(w, KRNI_OMX_NAME, &out->name) : krni_fail_memory(w->err);
    if (!status)
        status = read_all(w, values, cells * sizeof *values);
    for (size_t i = 0; i < cells && !status; i++)
        if (isinf(values[i]))
            status = fail_damaged(w);
    out->values = values;
    return status;
}

static krn_status read_omx(const ward *w, const head *h, krn_omx *out)
{
    *out = (krn_omx){.n_zones = h->n_zones, .n_matrices = h->n_matrices};
    krn_status status = krni_omx_check_size(w->name, h->n_zones, h->n_matrices, w->err);
    if (!status && (!h->n_zones || !h->n_matrices))
        status = fail_damaged(w);
    if (status)
        return status;
    const char **zones = krn_arena_calloc(w->arena, h->n_zones, sizeof *zones);
    out->matrices = krn_arena_calloc(w->arena, h->n_matrices, sizeof *out->matrices);
    if (!zones || !out->matrices)
        return krni_fail_memory(w->err);
    for (uint32_t m = 0; m < h->n_matrices && !status; m++)
        status = read_matrix(w, h->n_zones, &out->matrices[m]);
    if (!status && h->has_lookup)
        status = read_text(w, KRNI_OMX_NAME, &out->lookup_name);
    for (uint32_t z = 0; z < h->n_zones && h->has_lookup && !status; z++)
        status = read_text(w, KRNI_OMX_TEXT, &zones[z]);
    out->zones = h->has_lookup ? zones : NULL;
    return status;
}

static krn_status be_parent(const ward *w, krn_omx *out)
{
    krn_omx omx;
    head h = {0};
    krn_status status = read_all(w, &h, sizeof h);
    if (!status && h.status) {
        h.text[sizeof h.text - 1] = '\0';
        const bool known =
            h.status == KRN_E_DATA || h.status == KRN_E_LIMIT || h.status == KRN_E_MEMORY;
        status = known ? krni_fail(w->err, (krn_status)h.status, "%s", h.text) : fail_damaged(w);
    } else if (!status) {
        status = read_omx(w, &h, &omx);
    }
    if (!status)
        *out = omx;
    return status;
}

krn_status krn_omx_parse(const char *name, const void *bytes, size_t size, krn_arena *arena,
                         krn_omx *out, krn_error *err)
{
    int ends[2];
    if (!name || !bytes || !arena || !out)
        return krni_fail(err, KRN_E_ARG,
                         "a name, bytes, an arena and room for matrices are needed");
    if (pipe(ends))
        return krni_fail(err, KRN_E_IO, "%s: no pipe to read it through", name);
    const pid_t child = fork();
    if (child < 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return krni_fail(err, KRN_E_IO, "%s: no process to read it in", name);
    }
    if (!child) {
        (void)close(ends[0]);
        be_child(ends[1], name, bytes, size);
    }
    (void)close(ends[1]);
    const ward w = {name, arena, err, ends[0]};
    const krn_status status = be_parent(&w, out);
    (void)close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return status;
}

krn_status krn_omx_read(const char *path, krn_arena *arena, krn_omx *out, krn_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    krn_status status = krn_file_read(path, FILE_BYTES, &bytes, &size, err);
    if (!status)
        status = krn_omx_parse(path, bytes, size, arena, out, err);
    free(bytes);
    return status;
}
