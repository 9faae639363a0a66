/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_simulate.c - keruen simulate: the corridor as a running system, over some replications. */
#include <keruen/store.h>
#include <keruen/trace.h>

#include "base/error.h"
#include "cli/cluster.h"
#include "cli/progress.h"
#include "cli/simulate_query.h"

static const krni_option options[] = {
    {.name = "days",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 36525,
     .help = "days that are counted; 365"},
    {.name = "from",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "first day that is counted; 1 January after the day of the package"},
    {.name = "warmup",
     .kind = KRNI_OPT_INTEGER,
     .value = "DAYS",
     .min = 0,
     .max = 36525,
     .help = "days before it that run uncounted; 90"},
    {.name = "replications",
     .letter = 'n',
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 1000000,
     .help = "runs with other chances; 10"},
    {.name = "precision",
     .kind = KRNI_OPT_NUMBER,
     .value = "SHARE",
     .min = 0.0001,
     .max = 1,
     .help = "as many replications as it takes for tonnes and hours to be known so well (0.05)"},
    {.name = "max-replications",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 1000000,
     .help = "with --precision: at most so many; 1000"},
    {.name = "seed",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1e15,
     .help = "of all chances; the same seed gives the same answer; 1"},
    {.name = "threads",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 256,
     .help = "0 all processors; the answer does not hang on it"},
    {.name = "routing",
     .letter = 'r',
     .kind = KRNI_OPT_CHOICE,
     .value = "HOW",
     .choices = "best|logit|adaptive",
     .help = "by the way of least cost and time, by shares of several, or with the queues of the "
             "moment counted in (adaptive, the default)"},
    {.name = "ways",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 64,
     .help = "ways between two places at most; 8"},
    {.name = "year",
     .kind = KRNI_OPT_INTEGER,
     .value = "YEAR",
     .min = 1990,
     .max = 2100,
     .help = "flows of that year of the package; the latest"},
    {.name = "demand",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "own demand as CSV: origin, destination, commodity, tonnes a year or units, lot_t; "
             "with ready: one consignment"},
    {.name = "demand-scale",
     .letter = 'x',
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1000,
     .help = "times the tonnes of a year; 1"},
    {.name = "event",
     .kind = KRNI_OPT_LIST,
     .value = "FROM..TO WHAT",
     .help =
         "\"2027-03-01..2027-04-15 close ID\", \"... capacity 0.5 ID\", \"... ban wheat ID\"; "
         "ID: place, link, crossing, operation or service, or the beginning of ids with *; may be "
         "given several times"},
    {.name = "date",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "day of tariffs, rules and measures; that of --from"},
    {.name = "with",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures switched on, by id or as an own YAML file"},
    {.name = "without",
     .kind = KRNI_OPT_LIST,
     .value = "ID",
     .help = "measures switched off; all: every one in force"},
    {.name = "store",
     .letter = 's',
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "keep finished replications in an SQLite file; one that is there is gone on with"},
    {.name = "trace",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "write every event of one replication as CSV; keruen trace tells it"},
    {.name = "trace-replication",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 4294967295.0,
     .help = "which one, from 0; 0"},
    {.name = "typical",
     .kind = KRNI_OPT_FLAG,
     .help = "no chance: every time at its typical value; one replication"},
    {.name = "unlimited", .kind = KRNI_OPT_FLAG, .help = "nobody waits for another: free flow"},
    {0},
};

static const krni_example examples[] = {
    {"simulate --days 365 --replications 30 --seed 1",
     "a year: tonnes, times and where it jams, with 95 % intervals"},
    {"simulate --demand-scale 2.0 --with ./second-gauge-track.yaml --precision 0.05",
     "twice the trade, with an own measure, as many replications as 5 % ask for"},
    {"simulate --event \"2027-03-01..2027-04-15 close ir-shahid-rajaee-port\" -f json",
     "a port is closed for six weeks"},
    {0},
};

const krni_verb_words krni_words_simulate = {
    .name = "simulate",
    .line = "runs the corridor: what is delivered, how long it takes, where it jams",
    .prose = "Lots of the year's trade move along the ways that plan finds and queue for track, "
             "borders, gauge change, ships, terminals and wagons. Means over replications stand "
             "with the half width of their 95 % interval.",
    .options = options,
    .examples = examples,
};

/* What a run took, on standard error: never part of the answer. */
static void say_effort(const krni_session *s, const krn_ensemble *ensemble, double run_s)
{
    const uint32_t n = krn_ensemble_size(ensemble);
    const double used_mb = (double)krn_ensemble_peak_bytes(ensemble) / 1e6;
    krni_session_say(s,
                     "%u replication%s in %.2f s, %.3f s each; %.0f MB for the replications, %.0f "
                     "MB at most in all",
                     n, n == 1 ? "" : "s", run_s, n ? run_s / n : 0, used_mb, krni_most_mb());
}

/* What a run holds until its end. */
typedef struct work {
    krni_cluster *cluster; /* NULL: alone */
    krn_sim_question question;
    krn_sim_setup setup;
    krn_sim *sim;
    krn_store *store;
    krn_ensemble *ensemble;
} work;

/* --store FILE: opened, or made, for this very run; *out NULL without the option. */
static krn_status open_store(krni_session *s, const krn_sim *sim, const krn_sim_question *q,
                             krn_store **out, krn_error *err)
{
    const char *path = krni_given_text(s->arguments, "store");
    *out = NULL;
    if (!path)
        return KRN_OK;
    if (!s->world->writes_files)
        return krni_fail(err, KRN_E_IO, "%s: files are not written here", path);
    const char *text = krni_simulate_question_text(s, q);
    if (!text)
        return krni_fail_memory(err);
    const krn_store_run run = krn_store_run_of(sim, q->seed, text);
    const krn_status status = krn_store_open(path, &run, out, err);
    if (status == KRN_OK && krn_store_count(*out))
        krni_session_say(s, "%s holds %u replication%s", path, krn_store_count(*out),
                         krn_store_count(*out) == 1 ? "" : "s");
    return status;
}

static krn_status run_ensemble(krni_session *s, work *w, krn_error *err)
{
    krn_ensemble_options options_of_run;
    krn_ensemble_store kept;
    krni_progress bar;
    krn_status status = krni_simulate_replications(s, &options_of_run, err);
    if (status)
        return status;
    options_of_run.cluster = krni_cluster_of(w->cluster);
    if (w->store) {
        kept = krn_store_use(w->store);
        options_of_run.store = &kept;
    }
    krni_progress_begin(&bar, s, "replications");
    options_of_run.progress = krni_progress_show;
    options_of_run.progress_context = &bar;
    status = krn_ensemble_run(w->sim, &options_of_run, &w->ensemble, err);
    if (status == KRN_OK)
        say_effort(s, w->ensemble, krni_progress_spent_s(&bar));
    return status;
}

/* --trace FILE: one replication once more, with every event of it. */
static krn_status write_trace(krni_session *s, const work *w, krn_error *err)
{
    const char *path = krni_given_text(s->arguments, "trace");
    const uint32_t number = (uint32_t)krni_given_number(s->arguments, "trace-replication", 0);
    krn_trace_names names;
    krn_trace_file *file = NULL;
    if (!path)
        return KRN_OK;
    if (!s->world->writes_files)
        return krni_fail(err, KRN_E_IO, "%s: files are not written here", path);
    double *metrics = krn_arena_calloc(s->arena, krn_sim_metrics(w->sim), sizeof *metrics);
    const char **ways = krn_arena_calloc(s->arena, w->setup.n_groups + 1u, sizeof *ways);
    if (!metrics || !ways)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < w->setup.n_groups; i++)
        ways[i] = w->setup.groups[i].way;
    krn_status status = krn_trace_names_of(w->sim, &w->setup.input, s->arena, &names, err);
    names.ways = ways;
    if (status == KRN_OK)
        status = krn_trace_create(path, &names, &file, err);
    if (status == KRN_OK)
        status = krn_sim_replicate(w->sim, number, krn_trace_write, file, metrics, err);
    if (status) {
        krn_trace_drop(file);
        return status;
    }
    status = krn_trace_finish(file, err);
    if (status == KRN_OK)
        krni_session_say(s, "replication %u is told in %s", (unsigned)number, path);
    return status;
}

static krn_status answer(krni_session *s, const krn_simulation *simulation, krn_error *err)
{
    char *text = NULL;
    const krn_status status = krn_report_simulation(simulation, &s->report, s->arena, &text, err);
    return status ? status : krni_session_answer(s, text, err);
}

/* From the options to a corridor that is laid out. */
static krn_status lay_out(krni_session *s, work *w, krn_error *err)
{
    krn_ensemble_options unused;
    krni_progress bar;
    krn_status status = krni_simulate_replications(s, &unused, err);
    if (status == KRN_OK && s->report.format == KRN_FORMAT_GEOJSON)
        status = krni_fail(err, KRN_E_ARG, "a simulation answers as table, json or csv");
    if (status == KRN_OK)
        status = krni_session_check_output(s, err);
    if (status == KRN_OK)
        status = krni_simulate_day(s, err);
    if (status == KRN_OK)
        status = krni_session_compile(s, err);
    if (status == KRN_OK)
        status = krni_simulate_question(s, &w->question, err);
    if (status)
        return status;
    krni_progress_begin(&bar, s, "ways");
    w->question.progress = krni_progress_show;
    w->question.progress_context = &bar;
    status = krn_sim_prepare(s->network, &w->question, s->arena, &w->setup, err);
    if (status == KRN_OK)
        status = krn_sim_new(&w->setup.input, &w->sim, err);
    if (status == KRN_OK && krni_cluster_rank(w->cluster) == 0)
        status = open_store(s, w->sim, &w->question, &w->store, err);
    return status;
}

int krni_run_simulate(krni_session *s, krn_error *err)
{
    work w = {0};
    krn_status status = krni_cluster_open(s->world->variable, &w.cluster, err);
    if (status == KRN_OK) {
        status = lay_out(s, &w, err);
        const uint64_t fingerprint = w.sim ? krn_sim_fingerprint(w.sim) : 0;
        status = krni_cluster_agree(w.cluster, status, fingerprint, err);
    }
    if (status == KRN_OK)
        status = run_ensemble(s, &w, err);
    if (status == KRN_OK && krni_cluster_rank(w.cluster) == 0)
        status = write_trace(s, &w, err);
    if (status == KRN_OK && krni_cluster_rank(w.cluster) == 0)
        status = answer(s,
                        &(krn_simulation){s->network, &w.question, &w.setup, w.sim, w.ensemble,
                                          krni_given_number(s->arguments, "precision", 0)},
                        err);
    krn_ensemble_free(w.ensemble);
    krn_store_close(w.store);
    krn_sim_free(w.sim);
    krni_cluster_close(w.cluster);
    if (status)
        return krni_exit_of(status);
    return w.setup.input.n_streams || !w.setup.n_unserved ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
