/* session.h - one run of the program: where it talks, its package, its network, its answer.
 *
 *   package  --package, else $KERUEN_PACKAGE, else ./data/kti, else the installed corridor
 *   exit     0 done, 1 no route or none in time, 2 usage, 3 bad data */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdio.h>

#include <keruen/keruen.h>

#include "cli/option.h"

#define KRNI_EXIT_DONE  0
#define KRNI_EXIT_NONE  1
#define KRNI_EXIT_USAGE 2
#define KRNI_EXIT_DATA  3

/* The world outside, as main (or a test) hands it in. */
typedef struct krni_world {
    FILE *out, *err;
    const char *(*variable)(const char *name); /* of the environment; NULL when not set */
    int32_t today;                             /* days since 1970-01-01 */
    const char *installed;                     /* folder of the installed corridor */
    unsigned terminal_columns;                 /* 0: standard output is no terminal */
    bool talks;                                /* standard error is a terminal */
    bool writes_files;
} krni_world;

typedef struct krni_session {
    const krni_world *world;
    const krni_arguments *arguments;
    krn_arena *arena;
    krn_report_options report;
    int32_t day;
    /* Called when tables were read: sets the day that measures are chosen by. NULL: it is known. */
    krn_status (*choose_day)(struct krni_session *s, krn_error *err);
    /* List option whose files are read as measures too, but not switched on; NULL: none. */
    const char *own_measures;
    const char *const *without; /* ids switched off, those of the files above too */
    uint32_t n_without;
    krn_package *base;     /* NULL when a snapshot was mapped */
    krn_package *scenario; /* NULL once a network owns it */
    krn_network *network;
    krn_place_index *places;
    krn_measure_report measures;
} krni_session;

void krni_session_init(krni_session *s, const krni_world *world, const krni_arguments *arguments,
                       krn_arena *arena);
void krni_session_close(krni_session *s);

/* Opens the package and applies the measures of --with, --without and the session's day. */
krn_status krni_session_open(krni_session *s, krn_error *err);
/* The same, and compiles the network. */
krn_status krni_session_compile(krni_session *s, krn_error *err);
/* Scenario, or package, that is open. */
const krn_package *krni_session_package(const krni_session *s);
/* The one place of a text; the index is made at the first call. */
krn_status krni_session_place(krni_session *s, const char *text, uint32_t *out_node,
                              krn_error *err);
krn_status krni_session_places(krni_session *s, krn_error *err);

/* Whether an item of --with is a file of an own measure, not an id. */
bool krni_is_measure_file(const char *text);

/* Path of the package that would be opened, and whether it is a compiled network. */
const char *krni_session_path(const krni_session *s);
bool krni_path_is_snapshot(const char *path);

/* Day of an option's date ("--date 2026-12-01"), of today when it was not given: *out_given. */
krn_status krni_session_day(const krni_session *s, const char *option, int32_t *out_day,
                            bool *out_given, krn_error *err);

/* Commodity, tonnes, units, driver of the options into a consignment. */
krn_status krni_session_goods(krni_session *s, krn_consignment *out, krn_error *err);

/* Countries of a list option (two letters each). */
krn_status krni_session_countries(krni_session *s, const char *option, krn_country **out,
                                  uint32_t *out_n, krn_error *err);

/* Whether --output and its like (--gpkg, --omx, --trace) can be written, each to a file of its own:
 * told before the work, not after it. */
krn_status krni_session_check_output(const krni_session *s, krn_error *err);

/* Writes the answer to --output or standard output. */
krn_status krni_session_answer(krni_session *s, const char *text, krn_error *err);

/* A line of talk on standard error, not with --quiet. */
void krni_session_say(const krni_session *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Exit code of a failure. */
int krni_exit_of(krn_status status);

/* ---- the verbs: each reads its arguments, answers, and returns an exit code; err is filled where
 * the code is 2 or 3 ---- */
typedef int krni_verb_run(krni_session *s, krn_error *err);

typedef struct krni_verb {
    const krni_verb_words *words;
    krni_verb_run *run;
} krni_verb;

extern const krni_verb_words krni_words_plan, krni_words_check, krni_words_find, krni_words_show,
    krni_words_visa, krni_words_papers, krni_words_measures, krni_words_compile, krni_words_convert,
    krni_words_format, krni_words_help, krni_words_assign, krni_words_simulate, krni_words_trace,
    krni_words_demand, krni_words_invest;

krni_verb_run krni_run_assign, krni_run_plan, krni_run_check, krni_run_find, krni_run_show,
    krni_run_visa, krni_run_papers, krni_run_measures, krni_run_compile, krni_run_convert,
    krni_run_format, krni_run_simulate, krni_run_trace, krni_run_demand, krni_run_invest;

/* The whole program on arguments (argv[0] is its name); returns the exit code. */
int krni_program(int argc, const char *const *argv, const krni_world *world);

#endif
