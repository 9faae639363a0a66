/* SPDX-License-Identifier: Apache-2.0 */
/* result_store.c - replications in an SQLite file.
 *
 *   run          one row: fingerprint, seed, number of metrics, hash of their names, question
 *   metric       number, name
 *   replication  number, metrics (doubles, little-endian), checksum over number and metrics
 *
 * No time, machine or order of finishing is kept. The file is locked as long as it is open and is
 * written with a rollback journal and full synchronisation: a save is whole, or it was not. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/error.h"
#include "report/store_check.h"

#define APPLICATION_ID 0x4b52524e /* "KRRN" */
#define FORMAT_VERSION 1
#define BUSY_MS        2000
#define NAME_BYTES     512
#define MAGIC          "SQLite format 3" /* and its NUL */

struct krn_store {
    sqlite3 *db;
    sqlite3_stmt *load, *save;
    char *path;
    uint32_t n_metrics, count;
    unsigned char *blob;
};

/* ---- failures ---- */

static krn_status fail_io(const krn_store *s, const char *what, int code, krn_error *err)
{
    const int number = s->db ? sqlite3_system_errno(s->db) : 0;
    char reason[128] = "";
    if (number && strerror_r(number, reason, sizeof reason))
        reason[0] = '\0';
    return krni_fail(err, KRN_E_IO, "%s: %s: %s; %u replications are kept there", s->path, what,
                     reason[0] ? reason : sqlite3_errstr(code), (unsigned)s->count);
}

static krn_status fail_damaged(const krn_store *s, const char *what, krn_error *err)
{
    return krni_fail(err, KRN_E_DATA,
                     "%s: damaged (%s); put back a copy, or remove it to begin anew", s->path,
                     what);
}

static krn_status fail_foreign(const krn_store *s, krn_error *err)
{
    return krni_fail(err, KRN_E_DATA, "%s: no store of replications; name another file", s->path);
}

static krn_status fail_sqlite(const krn_store *s, int code, krn_error *err)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return krni_fail_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return krni_fail(err, KRN_E_IO,
                         "%s: another run works with it; wait for its end, or name another file",
                         s->path);
    case SQLITE_FULL:
        return krni_fail(err, KRN_E_IO,
                         "%s: the disk is full; %u replications are kept: make room and run again "
                         "to go on",
                         s->path, (unsigned)s->count);
    case SQLITE_CORRUPT:
        return fail_damaged(s, sqlite3_errstr(code), err);
    case SQLITE_NOTADB:
        return fail_foreign(s, err);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return fail_io(s, "cannot be opened for writing", code, err);
    default:
        return fail_io(s, "cannot be read or written", code, err);
    }
}

static krn_status execute(const krn_store *s, const char *sql, krn_error *err)
{
    const int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? KRN_OK : fail_sqlite(s, code, err);
}

static krn_status prepare(const krn_store *s, const char *sql, sqlite3_stmt **out, krn_error *err)
{
    const int code = sqlite3_prepare_v2(s->db, sql, -1, out, NULL);
    return code == SQLITE_OK ? KRN_OK : fail_sqlite(s, code, err);
}

/* First value of the first row of a query. */
static krn_status ask_number(const krn_store *s, const char *sql, int64_t *out, krn_error *err)
{
    sqlite3_stmt *q = NULL;
    krn_status st = prepare(s, sql, &q, err);
    if (st)
        return st;
    const int code = sqlite3_step(q);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        st = fail_sqlite(s, code, err);
    (void)sqlite3_finalize(q);
    return st;
}

/* ---- a new file ---- */

static krn_status write_run(const krn_store *s, const krn_store_run *run, krn_error *err)
{
    sqlite3_stmt *q = NULL;
    char fingerprint[24], seed[24], names[24];
    krn_status st = prepare(s, "INSERT INTO run VALUES (?, ?, ?, ?, ?)", &q, err);
    if (st)
        return st;
    (void)snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, run->fingerprint);
    (void)snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
    (void)snprintf(names, sizeof names, "%016" PRIx64, krni_hash_names(run));
    (void)sqlite3_bind_text(q, 1, fingerprint, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(q, 2, seed, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(q, 3, run->n_metrics);
    (void)sqlite3_bind_text(q, 4, names, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(q, 5, run->question ? run->question : "{}", -1, SQLITE_STATIC);
    const int code = sqlite3_step(q);
    if (code != SQLITE_DONE)
        st = fail_sqlite(s, code, err);
    (void)sqlite3_finalize(q);
    return st;
}

static krn_status write_names(const krn_store *s, const krn_store_run *run, krn_error *err)
{
    sqlite3_stmt *q = NULL;
    krn_status st = prepare(s, "INSERT INTO metric VALUES (?, ?)", &q, err);
    for (uint32_t i = 0; !st && i < run->n_metrics; i++) {
        char name[NAME_BYTES] = "";
        run->metric_name(run->context, i, name, sizeof name);
        (void)sqlite3_bind_int64(q, 1, i);
        (void)sqlite3_bind_text(q, 2, name, -1, SQLITE_STATIC);
        const int code = sqlite3_step(q);
        if (code != SQLITE_DONE)
            st = fail_sqlite(s, code, err);
        (void)sqlite3_reset(q);
    }
    (void)sqlite3_finalize(q);
    return st;
}

static krn_status create(const krn_store *s, const krn_store_run *run, krn_error *err)
{
    char pragmas[80];
    (void)snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID, FORMAT_VERSION);
    krn_status st = execute(s, pragmas, err);
    if (!st)
        st = execute(s,
                     "CREATE TABLE run (fingerprint TEXT NOT NULL, seed TEXT NOT NULL,"
                     " metrics INTEGER NOT NULL, names TEXT NOT NULL, question TEXT NOT NULL);"
                     "CREATE TABLE metric (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
                     "CREATE TABLE replication (number INTEGER PRIMARY KEY, metrics BLOB NOT NULL,"
                     " checksum INTEGER NOT NULL)",
                     err);
    if (!st)
        st = write_run(s, run, err);
    if (!st)
        st = write_names(s, run, err);
    return st;
}

/* ---- a file that is there ---- */

static uint64_t read_word(sqlite3_stmt *q, int column, int base)
{
    const unsigned char *text = sqlite3_column_text(q, column);
    return text ? strtoull((const char *)text, NULL, base) : 0;
}

static krn_status check_run(const krn_store *s, const krn_store_run *run, krn_error *err)
{
    sqlite3_stmt *q = NULL;
    krn_status st =
        prepare(s, "SELECT fingerprint, seed, metrics, names, question FROM run", &q, err);
    if (st)
        return st;
    const int code = sqlite3_step(q);
    if (code == SQLITE_ROW) {
        const unsigned char *question = sqlite3_column_text(q, 4);
        const krni_kept_run kept = {.fingerprint = read_word(q, 0, 16),
                                    .seed = read_word(q, 1, 10),
                                    .n_metrics = (uint32_t)sqlite3_column_int64(q, 2),
                                    .names = read_word(q, 3, 16),
                                    .question = question ? (const char *)question : "{}"};
        st = krni_compare_runs(s->path, &kept, run, err);
    } else if (code == SQLITE_DONE) {
        st = fail_damaged(s, "it does not say of which run it is", err);
    } else {
        st = fail_sqlite(s, code, err);
    }
    (void)sqlite3_finalize(q);
    return st;
}

static krn_status check_pages(const krn_store *s, krn_error *err)
{
    sqlite3_stmt *q = NULL;
    krn_status st = prepare(s, "PRAGMA quick_check(1)", &q, err);
    if (st)
        return st;
    const int code = sqlite3_step(q);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : NULL;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        st = fail_sqlite(s, code, err);
    else if (!text || strcmp(text, "ok") != 0)
        st = fail_damaged(s, text ? text : "unreadable", err);
    (void)sqlite3_finalize(q);
    return st;
}

/* Within a transaction that no other process shares. */
static krn_status check_or_create(krn_store *s, const krn_store_run *run, krn_error *err)
{
    int64_t application = 0, version = 0, tables = 0, count = 0;
    krn_status st = ask_number(s, "PRAGMA application_id", &application, err);
    if (!st)
        st = ask_number(s, "PRAGMA user_version", &version, err);
    if (!st)
        st = ask_number(s, "SELECT count(*) FROM sqlite_master", &tables, err);
    if (st)
        return st;
    if (tables == 0 && application == 0)
        return create(s, run, err);
    if (application != APPLICATION_ID)
        return fail_foreign(s, err);
    if (version != FORMAT_VERSION)
        return krni_fail(err, KRN_E_DATA,
                         "%s: of format version %lld, this program knows version %d; name another "
                         "file",
                         s->path, (long long)version, FORMAT_VERSION);
    st = check_pages(s, err);
    if (!st)
        st = check_run(s, run, err);
    if (!st)
        st = ask_number(s, "SELECT count(*) FROM replication", &count, err);
    s->count = (uint32_t)count;
    return st;
}

/* A file that is no database of SQLite is not touched. Short ones it would take for an empty one. A
 * journal beside it means that a process was killed while it wrote: SQLite undoes that first. */
static krn_status check_magic(const krn_store *s, krn_error *err)
{
    char head[sizeof MAGIC] = "";
    FILE *file = fopen(s->path, "rb");
    if (!file)
        return KRN_OK; /* absent, or told by what follows */
    const size_t n = fread(head, 1, sizeof head, file);
    (void)fclose(file);
    if (n == 0 || (n == sizeof head && memcmp(head, MAGIC, sizeof head) == 0))
        return KRN_OK;
    const size_t length = strlen(s->path);
    char *journal = malloc(length + sizeof "-journal");
    if (!journal)
        return krni_fail_memory(err);
    memcpy(journal, s->path, length);
    memcpy(journal + length, "-journal", sizeof "-journal");
    file = fopen(journal, "rb");
    free(journal);
    if (!file)
        return fail_foreign(s, err);
    (void)fclose(file);
    return KRN_OK;
}

/* Whether a process that was killed has left its journal beside the file. */
static bool journal_left(const krn_store *s)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s-journal", s->path) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    (void)fclose(file);
    return true;
}

/* Writes the version once more: an old journal is taken over by the first change and goes when the
 * store is closed, but an ensemble that is complete changes nothing. */
static krn_status touch(krn_store *s, krn_error *err)
{
    char pragma[64];
    (void)snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", FORMAT_VERSION);
    return execute(s, pragma, err);
}

static krn_status open_database(krn_store *s, const krn_store_run *run, krn_error *err)
{
    krn_status st = check_magic(s, err);
    if (st)
        return st;
    const bool left = journal_left(s);
    const int code =
        sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code != SQLITE_OK)
        return fail_sqlite(s, code, err);
    (void)sqlite3_busy_timeout(s->db, BUSY_MS);
    st = execute(s, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA", err);
    if (!st)
        st = execute(s, "BEGIN EXCLUSIVE", err);
    if (!st)
        st = check_or_create(s, run, err);
    if (!st && left)
        st = touch(s, err);
    if (!st)
        st = execute(s, "COMMIT", err);
    if (!st)
        st = execute(s, "PRAGMA journal_mode = DELETE", err);
    if (!st)
        st =
            prepare(s, "SELECT metrics, checksum FROM replication WHERE number = ?", &s->load, err);
    if (!st)
        st = prepare(s, "INSERT INTO replication VALUES (?, ?, ?)", &s->save, err);
    return st;
}

krn_status krn_store_open(const char *path, const krn_store_run *run, krn_store **out,
                          krn_error *err)
{
    if (!path || !*path || !run || !run->metric_name || !out)
        return krni_fail(err, KRN_E_ARG, "a store needs a path and a run");
    *out = NULL;
    krn_store *s = calloc(1, sizeof *s);
    if (!s)
        return krni_fail_memory(err);
    const size_t size = strlen(path) + 1;
    s->n_metrics = run->n_metrics;
    s->path = malloc(size);
    s->blob = malloc((size_t)run->n_metrics * 8 + 1);
    krn_status st;
    if (s->path && s->blob) {
        memcpy(s->path, path, size);
        st = open_database(s, run, err);
    } else {
        st = krni_fail_memory(err);
    }
    if (st)
        krn_store_close(s);
    else
        *out = s;
    return st;
}

void krn_store_close(krn_store *s)
{
    if (!s)
        return;
    (void)sqlite3_finalize(s->load);
    (void)sqlite3_finalize(s->save);
    (void)sqlite3_close(s->db); /* an open transaction is undone */
    free(s->blob);
    free(s->path);
    free(s);
}

uint32_t krn_store_count(const krn_store *s)
{
    return s ? s->count : 0;
}

/* ---- replications ---- */

static void put_bits(unsigned char *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(bits >> (8 * i));
}

static double take_bits(const unsigned char *in)
{
    uint64_t bits = 0;
    double value;
    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)in[i] << (8 * i);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int64_t checksum(uint32_t replication, const unsigned char *blob, size_t size)
{
    const unsigned char number[4] = {(unsigned char)replication, (unsigned char)(replication >> 8),
                                     (unsigned char)(replication >> 16),
                                     (unsigned char)(replication >> 24)};
    const uint64_t hash = krni_hash(krni_hash(KRNI_HASH_START, number, sizeof number), blob, size);
    int64_t out;
    memcpy(&out, &hash, sizeof out);
    return out;
}

static krn_status load(void *context, uint32_t replication, double *metrics, bool *out_found,
                       krn_error *err)
{
    krn_store *s = context;
    krn_status st = KRN_OK;
    const size_t size = (size_t)s->n_metrics * 8;
    (void)sqlite3_bind_int64(s->load, 1, replication);
    const int code = sqlite3_step(s->load);
    *out_found = code == SQLITE_ROW;
    if (code == SQLITE_ROW) {
        const unsigned char *blob = sqlite3_column_blob(s->load, 0);
        if (!blob || (size_t)sqlite3_column_bytes(s->load, 0) != size ||
            sqlite3_column_int64(s->load, 1) != checksum(replication, blob, size))
            st = fail_damaged(s, "the checksum of a replication", err);
        for (uint32_t i = 0; !st && i < s->n_metrics; i++)
            metrics[i] = take_bits(blob + (size_t)8 * i);
    } else if (code != SQLITE_DONE) {
        st = fail_sqlite(s, code, err);
    }
    (void)sqlite3_reset(s->load);
    return st;
}

static krn_status save(void *context, uint32_t replication, const double *metrics, krn_error *err)
{
    krn_store *s = context;
    krn_status st = KRN_OK;
    const size_t size = (size_t)s->n_metrics * 8;
    for (uint32_t i = 0; i < s->n_metrics; i++)
        put_bits(s->blob + (size_t)8 * i, metrics[i]);
    (void)sqlite3_bind_int64(s->save, 1, replication);
    (void)sqlite3_bind_blob64(s->save, 2, s->blob, size, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s->save, 3, checksum(replication, s->blob, size));
    const int code = sqlite3_step(s->save);
    if (code == SQLITE_DONE)
        s->count++;
    else
        st = fail_sqlite(s, code, err);
    (void)sqlite3_reset(s->save);
    return st;
}

krn_ensemble_store krn_store_use(krn_store *s)
{
    return (krn_ensemble_store){.context = s, .load = load, .save = save};
}
