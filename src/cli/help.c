/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - tells about verbs from their tables: --help, the manual page, completion for bash. */
#include "cli/option.h"

#include <string.h>

static void write_option_name(krni_writer *w, const krni_option *o)
{
    if (o->letter)
        krni_writef(w, "-%c, ", o->letter);
    else
        krni_write(w, "    ");
    krni_writef(w, "--%s", o->name);
    if (o->value)
        krni_writef(w, " %s", o->value);
}

static void write_choices(krni_writer *w, const krni_option *o)
{
    if (!o->choices)
        return;
    krni_write(w, " (");
    for (const char *c = o->choices; *c; c++) {
        if (*c == '|')
            krni_write(w, ", ");
        else
            krni_write_char(w, *c);
    }
    krni_write(w, ")");
}

static void help_options(krni_writer *w, const krni_option *options, size_t columns)
{
    for (const krni_option *o = options; o && o->name; o++) {
        const size_t left = 26;
        krni_writer name, text;
        krni_writer_init(&name, w->arena);
        krni_writer_init(&text, w->arena);
        write_option_name(&name, o);
        krni_write(&text, o->help);
        write_choices(&text, o);
        const char *label = krni_writer_text(&name), *help = krni_writer_text(&text);
        krni_write(w, "  ");
        krni_write(w, label ? label : "");
        if (label && krni_width(label) + 2 >= left) {
            krni_write(w, "\n");
            krni_write_repeat(w, " ", left);
        } else
            krni_write_repeat(w, " ", left - 2 - (label ? krni_width(label) : 0));
        krni_write_wrapped(w, help ? help : "", columns - left, left);
        krni_write(w, "\n");
        krni_writer_free(&name);
        krni_writer_free(&text);
    }
}

static void write_usage(krni_writer *w, const krni_program_words *program,
                        const krni_verb_words *verb)
{
    krni_writef(w, "%s %s", program->name, verb->name);
    for (size_t i = 0; i < KRNI_MOST_ARGUMENTS && verb->arguments[i].name; i++)
        krni_writef(w, verb->arguments[i].required ? " %s" : " [%s]", verb->arguments[i].name);
    krni_write(w, " [options]");
}

void krni_help_program(krni_writer *w, const krni_program_words *program, size_t columns)
{
    krni_writef(w, "%s %s: %s\n\nusage: %s VERB [arguments] [options]\n\n", program->name,
                program->version, program->line, program->name);
    for (size_t i = 0; i < program->n_verbs; i++) {
        krni_write(w, "  ");
        krni_write_padded(w, program->verbs[i]->name, 10, KRNI_LEFT);
        krni_write_wrapped(w, program->verbs[i]->line, columns - 12, 12);
        krni_write(w, "\n");
    }
    krni_writef(w,
                "\n%s VERB --help tells about a verb. Results go to standard output, talk\n"
                "to standard error. Exit: 0 done, 1 no route or none in time, 2 usage, 3 bad\n"
                "data.\n",
                program->name);
}

void krni_help_verb(krni_writer *w, const krni_program_words *program, const krni_verb_words *verb,
                    size_t columns)
{
    krni_write(w, "usage: ");
    write_usage(w, program, verb);
    krni_write(w, "\n\n");
    krni_write_wrapped(w, verb->line, columns, 0);
    krni_write(w, "\n");
    if (verb->prose) {
        krni_write(w, "\n");
        krni_write_wrapped(w, verb->prose, columns, 0);
        krni_write(w, "\n");
    }
    if (verb->arguments[0].name)
        krni_write(w, "\n");
    for (size_t i = 0; i < KRNI_MOST_ARGUMENTS && verb->arguments[i].name; i++) {
        krni_write(w, "  ");
        krni_write_padded(w, verb->arguments[i].name, 24, KRNI_LEFT);
        krni_write_wrapped(w, verb->arguments[i].help, columns - 26, 26);
        krni_write(w, "\n");
    }
    if (verb->options && verb->options->name)
        krni_write(w, "\nOptions\n");
    help_options(w, verb->options, columns);
    krni_write(w, "\nOptions of every verb\n");
    help_options(w, krni_common_options(), columns);
    if (verb->examples && verb->examples->line)
        krni_write(w, "\nExamples\n");
    for (const krni_example *e = verb->examples; e && e->line; e++)
        krni_writef(w, "  %s %s\n      %s\n", program->name, e->line, e->help);
}

/* ---- the manual page ---- */

/* A text for roff: backslashes, leading dots and hyphens are kept as they are meant. */
static void man_text(krni_writer *w, const char *text)
{
    if (*text == '.' || *text == '\'')
        krni_write(w, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            krni_write(w, "\\e");
        else if (*text == '-')
            krni_write(w, "\\-");
        else
            krni_write_char(w, *text);
    }
}

static void man_options(krni_writer *w, const krni_option *options)
{
    for (const krni_option *o = options; o && o->name; o++) {
        krni_write(w, ".TP\n\\fB");
        if (o->letter)
            krni_writef(w, "\\-%c\\fR, \\fB", o->letter);
        krni_write(w, "\\-\\-");
        man_text(w, o->name);
        krni_write(w, "\\fR");
        if (o->value) {
            krni_write(w, " \\fI");
            man_text(w, o->value);
            krni_write(w, "\\fR");
        }
        krni_write(w, "\n");
        krni_writer text;
        krni_writer_init(&text, w->arena);
        krni_write(&text, o->help);
        write_choices(&text, o);
        const char *help = krni_writer_text(&text);
        man_text(w, help ? help : "");
        krni_write(w, "\n");
        krni_writer_free(&text);
    }
}

static void man_verb(krni_writer *w, const krni_program_words *program, const krni_verb_words *verb)
{
    krni_write(w, ".SS ");
    write_usage(w, program, verb);
    krni_write(w, "\n");
    man_text(w, verb->line);
    krni_write(w, "\n");
    if (verb->prose) {
        krni_write(w, ".PP\n");
        man_text(w, verb->prose);
        krni_write(w, "\n");
    }
    for (size_t i = 0; i < KRNI_MOST_ARGUMENTS && verb->arguments[i].name; i++) {
        krni_writef(w, ".TP\n\\fI%s\\fR\n", verb->arguments[i].name);
        man_text(w, verb->arguments[i].help);
        krni_write(w, "\n");
    }
    man_options(w, verb->options);
    for (const krni_example *e = verb->examples; e && e->line; e++) {
        krni_write(w, ".PP\n");
        man_text(w, e->help);
        krni_writef(w, "\n.nf\n    %s ", program->name);
        man_text(w, e->line);
        krni_write(w, "\n.fi\n");
    }
}

void krni_help_man(krni_writer *w, const krni_program_words *program)
{
    krni_writef(w, ".TH KERUEN 1 \"\" \"%s %s\" \"User commands\"\n.SH NAME\n%s \\- ",
                program->name, program->version, program->name);
    man_text(w, program->line);
    krni_writef(w,
                "\n.SH SYNOPSIS\n\\fB%s\\fR \\fIVERB\\fR [arguments] [options]\n"
                ".SH DESCRIPTION\nResults go to standard output, talk to standard error.\n"
                ".SH VERBS\n",
                program->name);
    for (size_t i = 0; i < program->n_verbs; i++)
        man_verb(w, program, program->verbs[i]);
    krni_write(w, ".SH OPTIONS OF EVERY VERB\n");
    man_options(w, krni_common_options());
    krni_write(w,
               ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nno route, or none in time\n.TP\n2\nusage\n"
               ".TP\n3\nbad data\n"
               ".SH ENVIRONMENT\n.TP\nKERUEN_PACKAGE\nthe package when \\-\\-package is not given\n"
               ".TP\nNO_COLOR\nwhen set, no colour on a terminal\n.TP\nCOLUMNS\nwidth of tables\n");
}

/* ---- completion ---- */

static void bash_words(krni_writer *w, const char *choices)
{
    for (const char *c = choices; *c; c++)
        krni_write_char(w, *c == '|' ? ' ' : *c);
}

static void bash_values(krni_writer *w, const krni_option *options)
{
    for (const krni_option *o = options; o && o->name; o++) {
        if (!o->choices && o->kind != KRNI_OPT_FILE)
            continue;
        krni_writef(w, "        %s:--%s", "*", o->name);
        krni_write(w, ") ");
        if (o->choices) {
            krni_write(w, "COMPREPLY=($(compgen -W \"");
            bash_words(w, o->choices);
            krni_write(w, "\" -- \"$cur\")); return ;;\n");
        } else
            krni_write(w, "COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
    }
}

static void bash_names(krni_writer *w, const krni_option *options)
{
    for (const krni_option *o = options; o && o->name; o++)
        krni_writef(w, " --%s", o->name);
}

void krni_help_bash(krni_writer *w, const krni_program_words *program)
{
    krni_writef(w, "# bash completion for %s, made from its option tables\n_%s()\n{\n",
                program->name, program->name);
    krni_write(w,
               "    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" "
               "verb=\"${COMP_WORDS[1]}\"\n    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; "
               "then\n        COMPREPLY=($(compgen -W \"help");
    for (size_t i = 0; i < program->n_verbs; i++)
        krni_writef(w, " %s", program->verbs[i]->name);
    krni_write(w, "\" -- \"$cur\"))\n        return\n    fi\n    case \"$verb:$prev\" in\n");
    for (size_t i = 0; i < program->n_verbs; i++)
        for (const krni_option *o = program->verbs[i]->options; o && o->name; o++)
            if (o->choices || o->kind == KRNI_OPT_FILE) {
                krni_writef(w, "        %s:--%s) COMPREPLY=($(compgen ", program->verbs[i]->name,
                            o->name);
                if (o->choices) {
                    krni_write(w, "-W \"");
                    bash_words(w, o->choices);
                    krni_write(w, "\"");
                } else
                    krni_write(w, "-f");
                krni_write(w, " -- \"$cur\")); return ;;\n");
            }
    bash_values(w, krni_common_options());
    krni_write(w, "    esac\n    case \"$verb\" in\n");
    for (size_t i = 0; i < program->n_verbs; i++) {
        krni_writef(w, "        %s) COMPREPLY=($(compgen -W \"", program->verbs[i]->name);
        bash_names(w, program->verbs[i]->options);
        bash_names(w, krni_common_options());
        krni_write(w, "\" -- \"$cur\")) ;;\n");
    }
    krni_writef(w, "    esac\n}\ncomplete -o default -F _%s %s\n", program->name, program->name);
}
