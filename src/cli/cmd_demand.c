/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_demand.c - keruen demand: the trade of a year as simulate and assign take it. */
#include <string.h>

#include "base/error.h"
#include "cli/demand_query.h"

static const krni_option options[] = {
    {.name = "year",
     .letter = 'y',
     .kind = KRNI_OPT_INTEGER,
     .value = "YEAR",
     .min = 1990,
     .max = 2100,
     .help = "flows of that year of the package; the latest"},
    {.name = "demand",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "an own table, or matrices (FILE.omx), instead of the package's flows"},
    {.name = "demand-scale",
     .letter = 'x',
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1000,
     .help = "times the tonnes of a year; 1"},
    {.name = "from",
     .kind = KRNI_OPT_LIST,
     .value = "COUNTRY",
     .help = "trade that begins there alone (KZ)"},
    {.name = "to",
     .kind = KRNI_OPT_LIST,
     .value = "COUNTRY",
     .help = "trade that ends there alone (IR)"},
    {.name = "commodity",
     .letter = 'c',
     .kind = KRNI_OPT_LIST,
     .value = "GOODS",
     .help = "of these goods alone: id, name or HS code"},
    {.name = "omx",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "matrices of tonnes by commodity and their total as well, zones by place"},
    {.name = "pairs", .kind = KRNI_OPT_FLAG, .help = "table: each pair of places as well"},
    {0},
};

static const krni_example examples[] = {
    {"demand --year 2024", "who sends what to whom, and by whose statistics"},
    {"demand --from KZ --to IR --commodity barley --pairs", "Kazakh barley by pair of places"},
    {"demand --year 2024 --demand-scale 2 -f csv -o twice.csv",
     "rows that simulate and assign read with --demand twice.csv"},
    {"demand --year 2024 --omx trade.omx", "matrices of tonnes for programs of transport models"},
    {0},
};

const krni_verb_words krni_words_demand = {
    .name = "demand",
    .line = "the trade of a year: relations, goods, tonnes, and whose statistics they are",
    .prose = "Totals by pair of countries are spread over places by the weights of the package. "
             "As CSV the rows are those that simulate and assign read with --demand.",
    .options = options,
    .examples = examples,
};

/* What is asked for of all rows. */
typedef struct filter {
    krn_country *from, *to;
    uint32_t n_from, n_to;
    uint32_t *commodities;
    uint32_t n_commodities;
} filter;

static krn_status read_filter(krni_session *s, filter *f, krn_error *err)
{
    uint32_t n = 0;
    const char *const *goods = krni_given_list(s->arguments, "commodity", &n);
    krn_status status = krni_session_countries(s, "from", &f->from, &f->n_from, err);
    if (!status)
        status = krni_session_countries(s, "to", &f->to, &f->n_to, err);
    if (status)
        return status;
    f->commodities = krn_arena_calloc(s->arena, n + 1u, sizeof *f->commodities);
    if (!goods || !f->commodities)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n && !status; i++)
        status = krn_commodity_find(krni_session_package(s), goods[i],
                                    &f->commodities[f->n_commodities++], err);
    return status;
}

static bool has_country(const krn_country *list, uint32_t n, krn_country country)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == country)
            return true;
    return n == 0;
}

static bool has_commodity(const filter *f, uint32_t commodity)
{
    for (uint32_t i = 0; i < f->n_commodities; i++)
        if (f->commodities[i] == commodity)
            return true;
    return f->n_commodities == 0;
}

static krn_country country_of(const krn_package *p, uint32_t node)
{
    const int column = krn_package_column(p, KRN_TABLE_NODE, "kr_country");
    return column < 0
               ? 0
               : krn_country_parse(krn_package_text(p, KRN_TABLE_NODE, node, (uint32_t)column));
}

/* The rows that are asked for, in their order. */
static krn_status keep_rows(krni_session *s, const filter *f, const krn_demand_list *all,
                            krn_demand_list *out, krn_error *err)
{
    const krn_package *p = krni_session_package(s);
    *out = (krn_demand_list){.year = all->year};
    out->rows = krn_arena_calloc(s->arena, (size_t)all->n + 1, sizeof *out->rows);
    if (!out->rows)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < all->n; i++) {
        const krn_demand *d = &all->rows[i];
        if (!has_country(f->from, f->n_from, country_of(p, d->origin)) ||
            !has_country(f->to, f->n_to, country_of(p, d->destination)) ||
            !has_commodity(f, d->commodity))
            continue;
        out->rows[out->n++] = *d;
        out->total_t += d->year_t;
    }
    return KRN_OK;
}

/* Whether matrices can be written at all: told before the work. */
static krn_status check_omx(const krni_session *s, krn_error *err)
{
    const char *path = krni_given_text(s->arguments, "omx");
    if (path && !krn_omx_available())
        return krni_fail(err, KRN_E_ARG, "--omx %.80s: this program was built without HDF5", path);
    if (path && !s->world->writes_files)
        return krni_fail(err, KRN_E_IO, "%s: files are not written here", path);
    return KRN_OK;
}

static krn_status write_omx(const krni_session *s, const krn_demand_answer *a, krn_error *err)
{
    const char *path = krni_given_text(s->arguments, "omx");
    krn_omx omx;
    if (!path)
        return KRN_OK;
    krn_status status =
        krn_demand_to_omx(a->package, a->list, a->demand_share, s->arena, &omx, err);
    if (!status && !omx.n_zones)
        return krni_fail(err, KRN_E_ARG, "--omx %.80s: no trade of a year is left for it", path);
    if (!status)
        status = krn_omx_write(path, &omx, err);
    if (!status)
        krni_session_say(s, "%u matrices of %u places are in %s", omx.n_matrices, omx.n_zones,
                         path);
    return status;
}

int krni_run_demand(krni_session *s, krn_error *err)
{
    const krn_demand_list *all = NULL;
    krn_demand_list kept = {0};
    filter f = {0};
    char *text = NULL;
    krn_status status = krni_session_check_output(s, err);
    if (!status)
        status = check_omx(s, err);
    if (!status)
        status = krni_session_open(s, err);
    if (!status)
        status = krni_session_demand(s, &all, err);
    if (!status)
        status = read_filter(s, &f, err);
    if (!status)
        status = keep_rows(s, &f, all, &kept, err);
    const krn_demand_answer answer = {.package = krni_session_package(s),
                                      .list = &kept,
                                      .demand_share =
                                          krni_given_number(s->arguments, "demand-scale", 1),
                                      .pairs = krni_given_flag(s->arguments, "pairs"),
                                      .file = krni_given_text(s->arguments, "demand")};
    if (!status)
        status = write_omx(s, &answer, err);
    if (!status)
        status = krn_report_demand(&answer, &s->report, s->arena, &text, err);
    if (!status)
        status = krni_session_answer(s, text, err);
    if (status)
        return krni_exit_of(status);
    return kept.n ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
