/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_assign.c - keruen assign: what flows where when ways slow down with their load. One verb,
 * some kinds of network: the corridor with its trade, and networks in formats of others. */
#include <string.h>

#include "base/error.h"
#include "cli/assign_run.h"

static const krni_option options[] = {
    {.name = "year",
     .letter = 'y',
     .kind = KRNI_OPT_INTEGER,
     .value = "YEAR",
     .min = 1990,
     .max = 2100,
     .help = "year of the trade; of flows the latest ones not after it. The latest year of the "
             "package"},
    {.name = "demand",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "own demand: CSV as keruen demand writes it, or FILE.omx (matrices of tonnes by "
             "commodity, zones by place)"},
    {.name = "demand-scale",
     .letter = 'x',
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1000,
     .help = "times the tonnes of a year; 1"},
    {.name = "with",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures switched on, by id or as an own YAML file"},
    {.name = "without",
     .kind = KRNI_OPT_LIST,
     .value = "ID",
     .help = "measures switched off; all: every one in force"},
    {.name = "date",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "day of tariffs, rules and measures; 1 July of the year"},
    {.name = "method",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICE,
     .value = "WHAT",
     .choices = "ue|so|aon|logit|psl|sue",
     .help = "user equilibrium (the default), system optimum, all-or-nothing, logit or path-size "
             "logit at no load, stochastic equilibrium"},
    {.name = "gap",
     .letter = 'g',
     .kind = KRNI_OPT_NUMBER,
     .value = "SHARE",
     .min = 1e-15,
     .max = 1,
     .help = "ends at this relative gap; 1e-6"},
    {.name = "capacity",
     .kind = KRNI_OPT_FLAG,
     .help = "no resource takes more than its rate; what finds no room is told"},
    {.name = "ways",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 64,
     .help = "ways between two places to begin with; 8"},
    {.name = "emission-price",
     .kind = KRNI_OPT_NUMBER,
     .value = "USD",
     .min = 0,
     .max = 1e6,
     .help = "of a tonne CO2e, in the cost of a way; 0"},
    {.name = "delay",
     .kind = KRNI_OPT_TEXT,
     .value = "WHERE",
     .help = "waits by load: formula (the default), simulated, or FILE.csv with columns resource, "
             "load_a_day, wait_h"},
    {.name = "seed",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1e15,
     .help = "of the chances of --delay simulated; 1"},
    {.name = "select",
     .kind = KRNI_OPT_LIST,
     .value = "NAME",
     .help = "who uses a place, link, crossing or operation: id, beginning of ids with *, or name; "
             "may be given several times"},
    {.name = "priced",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1000,
     .help = "fullest resources that one more unit a day is priced of; 10"},
    {.name = "costs",
     .kind = KRNI_OPT_TEXT,
     .value = "SET",
     .help = "of a cost network (--package PROJECT.nodus or a folder): its cost functions"},
    {.name = "od",
     .kind = KRNI_OPT_LIST,
     .value = "TABLE",
     .help = "of a cost network: tables of demand, added up"},
    {.name = "scenario",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1e6,
     .help = "of a cost network: formulas of that scenario go before general ones"},
    {.name = "spread",
     .kind = KRNI_OPT_NUMBER,
     .value = "COST",
     .min = 1e-9,
     .max = 1e12,
     .help = "of a cost network, --method logit: shares of modes are as exp(-cost / spread)"},
    {.name = "flows",
     .kind = KRNI_OPT_FILE,
     .value = "FOLDER",
     .help = "of a cost network: flows as CSV and shapefiles with DBF"},
    {.name = "gpkg",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "flows of a package or cost network as GeoPackage, with a style for QGIS"},
    {.name = "omx",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "of a package: tonnes, costs, hours and CO2e between places as matrices (OMX)"},
    {.name = "tntp",
     .kind = KRNI_OPT_FILE,
     .value = "NET",
     .help = "a network in the TNTP format; its trips stand behind it: --tntp NET TRIPS"},
    {.name = "algorithm",
     .kind = KRNI_OPT_CHOICE,
     .value = "HOW",
     .choices = "segment|fw",
     .help = "of --tntp: paired segments (the default), or bi-conjugate Frank-Wolfe"},
    {.name = "toll-factor",
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1e9,
     .help = "of --tntp: time for a unit of toll; what the file says, or 0"},
    {.name = "distance-factor",
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1e9,
     .help = "of --tntp: time for a unit of length; what the file says, or 0"},
    {.name = "threads",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 64,
     .help = "0 all processors; the answer does not hang on it"},
    {.name = "iterations",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 10000000,
     .help = "ends after so many, whatever the gap is; exit code 1 then"},
    {.name = "log",
     .kind = KRNI_OPT_FLAG,
     .help = "a line on each iteration: relative gap, average excess cost, objective, seconds"},
    {0},
};

static const krni_example examples[] = {
    {"assign --year 2024", "the trade of 2024: ways, borders, what is full and what it is worth"},
    {"assign --year 2030 --demand-scale 3 --with m-sr-terminal-2025-12 --method ue --gap 1e-8",
     "three times the trade, with a measure"},
    {"assign --year 2024 --select ir-incheh-borun -f json", "who uses a border station"},
    {"assign --year 2024 --gpkg flows.gpkg --omx flows.omx", "as a map for QGIS, and as matrices"},
    {"assign --tntp SiouxFalls_net.tntp SiouxFalls_trips.tntp --gap 1e-12",
     "the user equilibrium of a public test network"},
    {"assign --tntp ChicagoSketch_net.tntp ChicagoSketch_trips.tntp --toll-factor 0.02 "
     "--distance-factor 0.04 -g 1e-10 --format csv --output flows.csv",
     "tolls and distance in the cost, flows of all links to a file"},
    {"assign --package demo.nodus --costs MNL --od od_road,od_iww,od_rail --flows flows/",
     "a project of NODUS, cheapest ways; results as tables and shapefiles"},
    {0},
};

const krni_verb_words krni_words_assign = {
    .name = "assign",
    .line = "spreads the trade of a year over the ways: what is full, and what more is worth",
    .prose = "Spreads the trade of a year over the ways of the corridor until no way in use is "
             "dearer than another one, waits at what is full counted in. Tells tonnes by border, "
             "port and link, what is full, and what one more unit of it is worth. Takes networks "
             "and trips in the TNTP format of the public test networks as well, and cost networks "
             "(projects of NODUS).",
    .arguments = {{.name = "TRIPS", .help = "trips of the network of --tntp"}},
    .options = options,
    .examples = examples,
};

/* A kind of network, and the options that go with it. */
typedef struct kind {
    const char *name;     /* as faults call it */
    const char *takes;    /* names of options, a blank around each */
    unsigned method_mask; /* of the choices of --method; 0: all */
    const char *methods;  /* the same in words */
    krni_verb_run *run;
} kind;

enum { TNTP, COST_NETWORK, CORRIDOR };
static const kind kinds[] = {
    [TNTP] = {"--tntp",
              " tntp gap method algorithm threads toll-factor distance-factor iterations log ", 0x3,
              "ue or so", krni_assign_tntp},
    [COST_NETWORK] = {"a cost network",
                      " costs od scenario spread flows gpkg gap method iterations log ", 0xd,
                      "aon, logit or ue", krni_assign_cost},
    [CORRIDOR] = {"the trade of a package",
                  " year demand demand-scale with without date method gap capacity ways "
                  "emission-price delay seed select priced gpkg omx threads iterations log ",
                  0, NULL, krni_assign_trade},
};

static const kind *kind_of(const krni_session *s)
{
    if (krni_given_text(s->arguments, "tntp"))
        return &kinds[TNTP];
    return krni_is_cost_network(s) ? &kinds[COST_NETWORK] : &kinds[CORRIDOR];
}

static bool list_has(const char *list, const char *name)
{
    const size_t n = strlen(name);
    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
        if (at > list && at[-1] == ' ' && at[n] == ' ')
            return true;
    return false;
}

static bool is_common(const krni_option *option)
{
    for (const krni_option *o = krni_common_options(); o->name; o++)
        if (o == option)
            return true;
    return false;
}

/* An option of another kind is no slip to pass over: the answer would not be what was asked for. */
static krn_status check_options(const krni_session *s, const kind *k, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    for (uint32_t i = 0; i < a->n_given; i++) {
        const krni_option *o = a->given[i].option;
        if (is_common(o) || list_has(k->takes, o->name))
            continue;
        if (k == &kinds[CORRIDOR] && list_has(kinds[COST_NETWORK].takes, o->name))
            return krni_fail(err, KRN_E_ARG,
                             "--%s goes with a cost network alone; %s is none (PROJECT.nodus, or a "
                             "folder that keruen convert makes)",
                             o->name, krni_session_path(s));
        return krni_fail(err, KRN_E_ARG, "--%s does not go with %s", o->name, k->name);
    }
    if (k->method_mask && krni_given_text(a, "method") &&
        !(k->method_mask >> krni_given_choice(a, "method", 0) & 1u))
        return krni_fail(err, KRN_E_ARG, "--method %s: %s was expected with %s",
                         krni_given_text(a, "method"), k->methods, k->name);
    if (k != &kinds[TNTP] && a->argument[0])
        return krni_fail(err, KRN_E_ARG, "%.80s: trips stand behind --tntp NET alone",
                         a->argument[0]);
    return KRN_OK;
}

int krni_run_assign(krni_session *s, krn_error *err)
{
    const kind *k = kind_of(s);
    const krn_status status = check_options(s, k, err);
    return status ? krni_exit_of(status) : k->run(s, err);
}
