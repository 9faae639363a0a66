/* SPDX-License-Identifier: Apache-2.0 */
/* program.c - the table of verbs, and one run: read the arguments, run the verb, tell a failure in
 * one line. */
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "cli/session.h"

static const krni_option help_options[] = {
    {.name = "man", .kind = KRNI_OPT_FLAG, .help = "print the manual page (roff)"},
    {.name = "completion",
     .kind = KRNI_OPT_CHOICE,
     .value = "SHELL",
     .choices = "bash",
     .help = "print the completion of a shell"},
    {0},
};

static const krni_example help_examples[] = {
    {"help plan", "the same as keruen plan --help"},
    {"help --completion bash > ~/.local/share/bash-completion/completions/keruen",
     "completion for bash"},
    {0},
};

const krni_verb_words krni_words_help = {
    .name = "help",
    .line = "tells about a verb; prints the manual page and completion",
    .arguments = {{.name = "VERB", .help = "a verb; without one, the list", .completes = "verb"}},
    .options = help_options,
    .examples = help_examples,
};

static const krni_verb verbs[] = {
    {&krni_words_plan, krni_run_plan},       {&krni_words_simulate, krni_run_simulate},
    {&krni_words_trace, krni_run_trace},     {&krni_words_assign, krni_run_assign},
    {&krni_words_invest, krni_run_invest},   {&krni_words_demand, krni_run_demand},
    {&krni_words_check, krni_run_check},     {&krni_words_find, krni_run_find},
    {&krni_words_show, krni_run_show},       {&krni_words_visa, krni_run_visa},
    {&krni_words_papers, krni_run_papers},   {&krni_words_measures, krni_run_measures},
    {&krni_words_compile, krni_run_compile}, {&krni_words_convert, krni_run_convert},
    {&krni_words_format, krni_run_format},   {&krni_words_help, NULL},
};

#define N_VERBS (sizeof verbs / sizeof verbs[0])

static const krni_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < N_VERBS; i++)
        if (strcmp(verbs[i].words->name, name) == 0)
            return &verbs[i];
    return NULL;
}

static int fail_verb(const char *name, krn_error *err)
{
    const char *names[N_VERBS];
    for (size_t i = 0; i < N_VERBS; i++)
        names[i] = verbs[i].words->name;
    const int nearest = krni_nearest(name, names, N_VERBS);
    const int shown = (int)krni_prefix_bytes(name, 40);
    if (nearest >= 0)
        (void)krni_fail(err, KRN_E_ARG, "unknown verb %.*s; did you mean %s?", shown, name,
                        names[nearest]);
    else
        (void)krni_fail(err, KRN_E_ARG, "unknown verb %.*s; keruen help lists all", shown, name);
    return KRNI_EXIT_USAGE;
}

static krni_program_words program_words(const krni_verb_words **list)
{
    for (size_t i = 0; i < N_VERBS; i++)
        list[i] = verbs[i].words;
    return (krni_program_words){.name = "keruen",
                                .line = "routes, costs, papers and CO2e of freight on a corridor",
                                .version = KRN_VERSION_TEXT,
                                .verbs = list,
                                .n_verbs = N_VERBS};
}

static int answer_help(krni_session *s, const krni_verb *about, krn_error *err)
{
    const krni_verb_words *list[N_VERBS];
    const krni_program_words words = program_words(list);
    const krni_arguments *a = s->arguments;
    krni_writer w;
    krni_writer_init(&w, s->arena);
    if (!about && krni_given_flag(a, "man"))
        krni_help_man(&w, &words);
    else if (!about && krni_given_flag(a, "completion"))
        krni_help_bash(&w, &words);
    else if (about)
        krni_help_verb(&w, &words, about->words, s->report.columns);
    else
        krni_help_program(&w, &words, s->report.columns);
    const char *text = krni_writer_text(&w);
    return krni_exit_of(text ? krni_session_answer(s, text, err) : krni_fail_memory(err));
}

static int run_help(krni_session *s, krn_error *err)
{
    const char *name = s->arguments->argument[0];
    const krni_verb *about = name ? find_verb(name) : NULL;
    if (name && !about)
        return fail_verb(name, err);
    return answer_help(s, about, err);
}

static int run_verb(const krni_verb *verb, int argc, const char *const *argv,
                    const krni_world *world, krn_arena *arena, krn_error *err)
{
    krni_arguments arguments;
    krni_session session;
    const krn_status status = krni_arguments_read(verb->words, argc, argv, arena, &arguments, err);
    if (status)
        return krni_exit_of(status);
    krni_session_init(&session, world, &arguments, arena);
    int code;
    if (krni_given_flag(&arguments, "help"))
        code = answer_help(&session, verb, err);
    else
        code = verb->run ? verb->run(&session, err) : run_help(&session, err);
    krni_session_close(&session);
    return code;
}

int krni_program(int argc, const char *const *argv, const krni_world *world)
{
    krn_error err = {0};
    int code;
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0) {
        (void)fprintf(world->out, "keruen %s\n", KRN_VERSION_TEXT);
        return KRNI_EXIT_DONE;
    }
    const krni_verb *verb = find_verb(name);
    krn_arena *arena = krn_arena_new(NULL, 0);
    krni_world told = *world;
    if (argc < 2)
        told.out = world->err; /* nobody asked: talk */
    if (!arena) {
        (void)krni_fail_memory(&err);
        code = KRNI_EXIT_DATA;
    } else if (!verb)
        code = fail_verb(name, &err);
    else
        code =
            run_verb(verb, argc > 2 ? argc - 2 : 0, argc > 2 ? argv + 2 : argv, &told, arena, &err);
    if (argc < 2)
        code = KRNI_EXIT_USAGE;
    if (err.status && code >= KRNI_EXIT_USAGE)
        (void)fprintf(world->err, "keruen: %s\n", err.text);
    krn_arena_free(arena);
    return code;
}
