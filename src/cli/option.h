/* option.h - the command line as data: what a verb takes, how it is read, and how it is told about.
 *
 * A verb is one table: arguments, options, examples. The same table drives reading, --help, the
 * manual page and completion, so they cannot disagree.
 *
 *   ownership  texts are borrowed from argv; lists live in the arena of the arguments
 *   errors     KRN_E_ARG with one line that says what was expected and the nearest valid choice */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/arena.h>
#include <keruen/units.h>

#include "base/text.h"

typedef enum krni_option_kind {
    KRNI_OPT_FLAG, /* no value */
    KRNI_OPT_TEXT,
    KRNI_OPT_NUMBER,  /* decimal, min..max */
    KRNI_OPT_INTEGER, /* whole, min..max */
    KRNI_OPT_DATE,    /* 2026-12-01, or with a time; read by the verb */
    KRNI_OPT_CHOICE,  /* one of `choices` */
    KRNI_OPT_CHOICES, /* some of `choices`, ',' between them */
    KRNI_OPT_LIST,    /* texts, ',' between them; may be given several times */
    KRNI_OPT_FILE     /* path */
} krni_option_kind;

typedef struct krni_option {
    const char *name; /* without "--" */
    char letter;      /* short form, '\0' none */
    krni_option_kind kind;
    const char *value;   /* name of the value in help ("DATE"); NULL for a flag */
    const char *choices; /* "a|b|c" */
    double min, max;
    const char *help; /* one sentence */
} krni_option;

typedef struct krni_argument {
    const char *name; /* "ORIGIN" */
    bool required;
    const char *help;
    const char *completes; /* "verb", "file", or NULL */
} krni_argument;

typedef struct krni_example {
    const char *line; /* without the program's name */
    const char *help;
} krni_example;

#define KRNI_MOST_OPTIONS   64
#define KRNI_MOST_ARGUMENTS 4

typedef struct krni_verb_words {
    const char *name;
    const char *line;                             /* one line: what it does */
    const char *prose;                            /* a paragraph more, or NULL */
    krni_argument arguments[KRNI_MOST_ARGUMENTS]; /* ends at the first without a name */
    const krni_option *options;                   /* its own; ends at the first without a name */
    const krni_example *examples;                 /* ends at the first without a line */
} krni_verb_words;

/* Options that every verb has: format, output, package, columns, help, ... Ends without a name. */
const krni_option *krni_common_options(void);

/* What was given, by the verb's table. */
typedef struct krni_arguments {
    krn_arena *arena;
    const krni_verb_words *words;
    const char *argument[KRNI_MOST_ARGUMENTS]; /* NULL: not given */
    struct krni_given {
        const krni_option *option;
        const char *value; /* "" for a flag */
    } * given;
    uint32_t n_given;
} krni_arguments;

/* Reads argv (without program and verb). Every value is checked by its kind. */
krn_status krni_arguments_read(const krni_verb_words *words, int argc, const char *const *argv,
                               krn_arena *arena, krni_arguments *out, krn_error *err);

/* Last value of an option, or NULL when it was not given. */
const char *krni_given_text(const krni_arguments *a, const char *name);
bool krni_given_flag(const krni_arguments *a, const char *name);
double krni_given_number(const krni_arguments *a, const char *name, double otherwise);

/* All items of a list option, commas taken apart, in order. NULL when memory runs out. */
const char *const *krni_given_list(const krni_arguments *a, const char *name, uint32_t *out_n);

/* Mask of the choices given, bit i for choice i of the option; otherwise when not given. */
unsigned krni_given_mask(const krni_arguments *a, const char *name, unsigned otherwise);

/* Index of a choice given, or otherwise. */
unsigned krni_given_choice(const krni_arguments *a, const char *name, unsigned otherwise);

/* ---- told about (help.c) ---- */

typedef struct krni_program_words {
    const char *name, *line, *version;
    const krni_verb_words *const *verbs;
    size_t n_verbs;
} krni_program_words;

void krni_help_program(krni_writer *w, const krni_program_words *program, size_t columns);
void krni_help_verb(krni_writer *w, const krni_program_words *program, const krni_verb_words *verb,
                    size_t columns);
void krni_help_man(krni_writer *w, const krni_program_words *program);
void krni_help_bash(krni_writer *w, const krni_program_words *program);

#endif
