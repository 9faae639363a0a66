/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_format.c - keruen format: the format of a package, printed from the description that the
 * reader checks against. */
#include "cli/session.h"

static const krni_option options[] = {
    {.name = "datapackage",
     .kind = KRNI_OPT_FLAG,
     .help = "the Frictionless descriptor (datapackage.json) of the package instead"},
    {0},
};

static const krni_example examples[] = {
    {"format --output docs/package-format.md", "the format as a document"},
    {0},
};

const krni_verb_words krni_words_format = {
    .name = "format",
    .line = "prints the format of a package, column by column",
    .options = options,
    .examples = examples,
};

int krni_run_format(krni_session *s, krn_error *err)
{
    char *text = NULL;
    krn_status status;
    if (krni_given_flag(s->arguments, "datapackage")) {
        status = krni_session_open(s, err);
        if (status == KRN_OK)
            status = krn_format_datapackage(s->base ? s->base : krni_session_package(s), s->arena,
                                            &text, err);
    } else
        status = krn_format_markdown(s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
