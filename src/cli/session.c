/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - opens what a verb works on and writes what it answers. */
#include "cli/session.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static unsigned width_of_page(const krni_world *world, const krni_arguments *a)
{
    const double given = krni_given_number(a, "columns", 0);
    if (given > 0)
        return (unsigned)given;
    unsigned columns = 0;
    const char *text = world->variable("COLUMNS");
    for (; text && *text >= '0' && *text <= '9' && columns < 10000; text++)
        columns = columns * 10 + (unsigned)(*text - '0');
    if (text && *text)
        columns = 0;
    if (!columns)
        columns = world->terminal_columns;
    if (!columns)
        columns = 80;
    return columns < 40 ? 40 : columns > 100 ? 100 : columns;
}

void krni_session_init(krni_session *s, const krni_world *world, const krni_arguments *arguments,
                       krn_arena *arena)
{
    *s =
        (krni_session){.world = world, .arguments = arguments, .arena = arena, .day = world->today};
    const char *no_colour = world->variable("NO_COLOR"), *term = world->variable("TERM");
    s->report.format = (krn_format)krni_given_choice(arguments, "format", KRN_FORMAT_TABLE);
    s->report.columns = width_of_page(world, arguments);
    s->report.colour = world->terminal_columns && !(no_colour && *no_colour) &&
                       !(term && strcmp(term, "dumb") == 0) &&
                       !krni_given_text(arguments, "output");
}

void krni_session_close(krni_session *s)
{
    krn_place_index_free(s->places);
    krn_network_free(s->network);
    krn_package_free(s->scenario);
    krn_package_free(s->base);
}

void krni_session_say(const krni_session *s, const char *format, ...)
{
    if (krni_given_flag(s->arguments, "quiet"))
        return;
    va_list args;
    va_start(args, format);
    (void)fputs("keruen: ", s->world->err);
    (void)vfprintf(s->world->err, format, args);
    (void)fputc('\n', s->world->err);
    va_end(args);
}

int krni_exit_of(krn_status status)
{
    switch (status) {
    case KRN_OK:
        return KRNI_EXIT_DONE;
    case KRN_E_NO_ROUTE:
        return KRNI_EXIT_NONE;
    case KRN_E_ARG:
    case KRN_E_NOT_FOUND:
    case KRN_E_AMBIGUOUS:
        return KRNI_EXIT_USAGE;
    default:
        return KRNI_EXIT_DATA;
    }
}

/* ---- the package ---- */

static bool can_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file)
        (void)fclose(file);
    return file != NULL;
}

bool krni_path_is_snapshot(const char *path)
{
    const size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".krn") == 0;
}

const char *krni_session_path(const krni_session *s)
{
    const char *given = krni_given_text(s->arguments, "package");
    if (given)
        return given;
    const char *variable = s->world->variable("KERUEN_PACKAGE");
    if (variable && *variable)
        return variable;
    return can_open("data/kti/node.csv") || !s->world->installed ? "data/kti" : s->world->installed;
}

bool krni_is_measure_file(const char *text)
{
    const size_t n = strlen(text);
    return strchr(text, '/') || (n > 5 && strcmp(text + n - 5, ".yaml") == 0) ||
           (n > 4 && strcmp(text + n - 4, ".yml") == 0);
}

/* Splits --with into ids and files of own measures. */
static krn_status split_with(const krni_session *s, const char ***ids, uint32_t *n_ids,
                             const char ***files, uint32_t *n_files, krn_error *err)
{
    uint32_t n = 0;
    const char *const *with = krni_given_list(s->arguments, "with", &n);
    *ids = krn_arena_calloc(s->arena, n + 1u, sizeof **ids);
    *files = krn_arena_calloc(s->arena, n + 1u, sizeof **files);
    if (!with || !*ids || !*files)
        return krni_fail_memory(err);
    *n_ids = *n_files = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (krni_is_measure_file(with[i]))
            (*files)[(*n_files)++] = with[i];
        else
            (*ids)[(*n_ids)++] = with[i];
    }
    return KRN_OK;
}

/* Files of --with, behind them those of the option of own measures: all that is read. */
static krn_status list_files(const krni_session *s, const char **files, uint32_t n_files,
                             const char ***out, uint32_t *out_n, krn_error *err)
{
    uint32_t n = 0;
    const char *const *own =
        s->own_measures ? krni_given_list(s->arguments, s->own_measures, &n) : NULL;
    *out = files;
    *out_n = n_files;
    if (!s->own_measures)
        return KRN_OK;
    const char **all = krn_arena_calloc(s->arena, n_files + n + 1u, sizeof *all);
    if (!own || !all)
        return krni_fail_memory(err);
    memcpy(all, files, n_files * sizeof *all);
    for (uint32_t i = 0; i < n; i++)
        if (krni_is_measure_file(own[i]))
            all[(*out_n)++] = own[i];
    *out = all;
    return KRN_OK;
}

/* Ids of the measures that came from own files, behind those that were named. */
static krn_status add_own_ids(const krni_session *s, const char *const *files, uint32_t n_files,
                              const char ***ids, uint32_t *n_ids, krn_error *err)
{
    const uint32_t n = krn_package_rows(s->base, KRN_TABLE_MEASURE);
    const int key = krn_package_column(s->base, KRN_TABLE_MEASURE, "measure_id");
    const char **all = krn_arena_calloc(s->arena, *n_ids + n + 1u, sizeof *all);
    if (!all)
        return krni_fail_memory(err);
    memcpy(all, *ids, *n_ids * sizeof *all);
    for (uint32_t row = 0; row < n && key >= 0; row++) {
        const char *file = krn_package_row_file(s->base, KRN_TABLE_MEASURE, row);
        bool own = false;
        for (uint32_t i = 0; i < n_files && !own; i++)
            own = strcmp(file, files[i]) == 0;
        if (own)
            all[(*n_ids)++] = krn_package_text(s->base, KRN_TABLE_MEASURE, row, (uint32_t)key);
    }
    *ids = all;
    return KRN_OK;
}

/* --without, and the measures of files that are only to be known. */
static krn_status list_without(krni_session *s, const char *const *files, uint32_t n_files,
                               krn_error *err)
{
    uint32_t n = 0;
    const char *const *given = krni_given_list(s->arguments, "without", &n);
    const char **ids = krn_arena_calloc(s->arena, n + 1u, sizeof *ids);
    if (!given || !ids)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        ids[i] = given[i];
    const krn_status status = n_files ? add_own_ids(s, files, n_files, &ids, &n, err) : KRN_OK;
    s->without = ids;
    s->n_without = n;
    return status;
}

static void say_conflicts(const krni_session *s)
{
    const int key = krn_package_column(s->base, KRN_TABLE_MEASURE, "measure_id");
    for (uint32_t i = 0; i < s->measures.n_conflicts && key >= 0; i++) {
        const krn_measure_conflict *c = &s->measures.conflicts[i];
        const krn_table table = (krn_table)c->figure.table;
        krni_session_say(s, "measures %s and %s both set %s:%u %s; the second one stands",
                         krn_package_text(s->base, KRN_TABLE_MEASURE, c->first, (uint32_t)key),
                         krn_package_text(s->base, KRN_TABLE_MEASURE, c->second, (uint32_t)key),
                         krn_package_row_file(s->scenario, table, c->figure.row),
                         krn_package_row_line(s->scenario, table, c->figure.row),
                         krn_package_column_name(s->scenario, table, c->figure.column));
    }
}

static krn_status fail_faults(const krni_session *s, const krn_faults *faults, const char *path,
                              krn_status status, krn_error *err)
{
    const uint32_t n = krn_faults_count(faults);
    if (n > 1)
        krni_session_say(s, "%u faults; keruen check %s lists all", n, path);
    if (n == 0 && err && !err->text[0])
        return krni_fail(err, status, "%s: cannot be read as a package", path);
    return status;
}

static krn_status open_tables(krni_session *s, const char *path, krn_error *err)
{
    const char **ids = NULL, **files = NULL, **read = NULL;
    uint32_t n_ids = 0, n_files = 0, n_read = 0;
    krn_status status = split_with(s, &ids, &n_ids, &files, &n_files, err);
    if (!status)
        status = list_files(s, files, n_files, &read, &n_read, err);
    if (status)
        return status;
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    status = krn_package_load(path, read, n_read, faults, &s->base, err);
    if (status)
        status = fail_faults(s, faults, path, status, err);
    krn_faults_free(faults);
    if (status == KRN_OK && s->choose_day)
        status = s->choose_day(s, err);
    if (status == KRN_OK && n_files)
        status = add_own_ids(s, files, n_files, &ids, &n_ids, err);
    if (status == KRN_OK)
        status = list_without(s, read + n_files, n_read - n_files, err);
    if (status)
        return status;
    const krn_measure_choice choice = {.day = s->day,
                                       .with = ids,
                                       .n_with = n_ids,
                                       .without = s->without,
                                       .n_without = s->n_without};
    status = krn_measure_apply(s->base, &choice, s->arena, &s->measures, &s->scenario, err);
    if (status == KRN_OK)
        say_conflicts(s);
    return status;
}

static krn_status open_snapshot(krni_session *s, const char *path, krn_error *err)
{
    if (krni_given_text(s->arguments, "with") || krni_given_text(s->arguments, "without"))
        return krni_fail(err, KRN_E_ARG,
                         "%s: a compiled network holds its measures; --with and --without need a "
                         "folder of tables",
                         path);
    const krn_status status = krn_snapshot_map(path, &s->network, err);
    if (status)
        return status;
    const int32_t day = krn_network_day(s->network);
    if (day != s->day && krni_given_text(s->arguments, "date"))
        return krni_fail(err, KRN_E_ARG, "%s: compiled for another day than --date", path);
    if (day != s->day)
        krni_session_say(s, "%s holds tariffs, rules and measures of the day it was compiled for",
                         path);
    s->day = day;
    return KRN_OK;
}

krn_status krni_session_open(krni_session *s, krn_error *err)
{
    const char *path = krni_session_path(s);
    if (krni_path_is_snapshot(path))
        return open_snapshot(s, path, err);
    if (path && krn_cost_network_is(path))
        return krni_fail(err, KRN_E_ARG,
                         "%s: a cost network, which keruen assign and check take alone", path);
    return open_tables(s, path, err);
}

krn_status krni_session_compile(krni_session *s, krn_error *err)
{
    krn_status status = krni_session_open(s, err);
    if (status || s->network)
        return status;
    status = krn_network_compile(s->scenario, s->day, &s->network, err);
    if (status == KRN_OK)
        s->scenario = NULL; /* taken over */
    return status;
}

const krn_package *krni_session_package(const krni_session *s)
{
    return s->network ? krn_network_package(s->network) : s->scenario ? s->scenario : s->base;
}

krn_status krni_session_places(krni_session *s, krn_error *err)
{
    return s->places ? KRN_OK : krn_place_index_new(krni_session_package(s), &s->places, err);
}

krn_status krni_session_place(krni_session *s, const char *text, uint32_t *out_node, krn_error *err)
{
    const krn_status status = krni_session_places(s, err);
    return status ? status : krn_place_resolve(s->places, text, out_node, err);
}

/* ---- options that several verbs share ---- */

krn_status krni_session_day(const krni_session *s, const char *option, int32_t *out_day,
                            bool *out_given, krn_error *err)
{
    const char *text = krni_given_text(s->arguments, option);
    char day[11] = "";
    *out_given = text != NULL;
    *out_day = s->world->today;
    if (!text)
        return KRN_OK;
    if (strlen(text) >= 10)
        memcpy(day, text, 10);
    if (krn_day_parse(day, out_day, NULL))
        return krni_fail(err, KRN_E_ARG,
                         "--%s %.40s: no such day; a date of the years 1900 to 2199, as "
                         "2026-12-01, was expected",
                         option, text);
    return KRN_OK;
}

krn_status krni_session_goods(krni_session *s, krn_consignment *out, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    const krn_package *package = krni_session_package(s);
    const char *commodity = krni_given_text(a, "commodity"), *units = krni_given_text(a, "units"),
               *driver = krni_given_text(a, "driver");
    out->loading_unit = KRN_NO_ROW;
    if (!commodity)
        return krni_fail(err, KRN_E_ARG,
                         "--commodity is missing: what is moved, by id, name or HS code");
    krn_status status = krn_commodity_find(package, commodity, &out->commodity, err);
    if (status)
        return status;
    out->net_t = krni_given_number(a, "tonnes", 0);
    if (a->words == &krni_words_papers && !(out->net_t > 0) && !units)
        out->net_t = 1; /* which papers does not depend on how much */
    if (units)
        status = krn_units_parse(package, units, &out->loading_unit, &out->n_units, err);
    if (status)
        return status;
    if (!(out->net_t > 0) && !out->n_units)
        return krni_fail(err, KRN_E_ARG, "how much? --tonnes 3000 or --units 20x42G1 was expected");
    if (driver) {
        out->driver = krn_country_parse(driver);
        if (!out->driver)
            return krni_fail(err, KRN_E_ARG,
                             "--driver %.40s: two capital letters of a country were expected (KZ)",
                             driver);
    }
    return KRN_OK;
}

krn_status krni_session_countries(krni_session *s, const char *option, krn_country **out,
                                  uint32_t *out_n, krn_error *err)
{
    uint32_t n = 0;
    const char *const *list = krni_given_list(s->arguments, option, &n);
    *out = krn_arena_calloc(s->arena, n + 1u, sizeof **out);
    *out_n = 0;
    if (!list || !*out)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        const krn_country country = krn_country_parse(list[i]);
        if (!country)
            return krni_fail(err, KRN_E_ARG,
                             "--%s %.40s: two capital letters of a country were expected (TM)",
                             option, list[i]);
        (*out)[(*out_n)++] = country;
    }
    return KRN_OK;
}

/* Whether a file can stand at a path, as far as can be told without making it. */
static krn_status check_path(const krni_session *s, const char *path, krn_error *err)
{
    struct stat there;
    char *folder = krn_arena_text(s->arena, path);
    if (!folder)
        return krni_fail_memory(err);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0'; /* of "/name" stays "/" */
    if (access(slash ? folder : ".", W_OK) != 0)
        return krni_fail(err, KRN_E_IO, "%s: its folder cannot be written to", path);
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode)
               ? krni_fail(err, KRN_E_IO, "%s: a folder; a file was expected", path)
               : KRN_OK;
}

krn_status krni_session_check_output(const krni_session *s, krn_error *err)
{
    static const char *const files[] = {"output", "gpkg", "omx", "trace"};
    enum { N = sizeof files / sizeof *files };
    for (int i = 0; i < N; i++) {
        const char *path = krni_given_text(s->arguments, files[i]);
        const krn_status status = path ? check_path(s, path, err) : KRN_OK;
        if (status)
            return status;
        for (int k = 0; path && k < i; k++) {
            const char *other = krni_given_text(s->arguments, files[k]);
            if (other && strcmp(other, path) == 0)
                return krni_fail(err, KRN_E_ARG, "--%s %s: the file of --%s; another was expected",
                                 files[i], path, files[k]);
        }
    }
    return KRN_OK;
}

krn_status krni_session_answer(krni_session *s, const char *text, krn_error *err)
{
    const char *path = krni_given_text(s->arguments, "output");
    const size_t size = strlen(text);
    if (path) {
        if (!s->world->writes_files)
            return krni_fail(err, KRN_E_IO, "%s: files are not written here", path);
        return krn_file_write(path, text, size, err);
    }
    if (fwrite(text, 1, size, s->world->out) != size || fflush(s->world->out))
        return krni_fail(err, KRN_E_IO, "standard output: cannot be written");
    return KRN_OK;
}
