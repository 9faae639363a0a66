/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_find.c - keruen find TEXT: places in any script, by code, with typing errors. */
#include "cli/session.h"

static const krni_option options[] = {
    {.name = "max",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 1000,
     .help = "places shown; 10 is the default"},
    {0},
};

static const krni_example examples[] = {
    {"find Актау", "a name in Russian"},
    {"find بندرعباس", "a name in Persian"},
    {"find KZALA", "a UN/LOCODE; six digits are a rail code"},
    {"find \"Bandar Abas\" --format geojson", "a typing error, as a map layer"},
    {0},
};

const krni_verb_words krni_words_find = {
    .name = "find",
    .line = "finds places by name in any script, by code, with typing errors",
    .arguments = {{.name = "TEXT", .required = true, .help = "id, UN/LOCODE, rail code or name"}},
    .options = options,
    .examples = examples,
};

int krni_run_find(krni_session *s, krn_error *err)
{
    krn_place_match *matches = NULL;
    uint32_t n = 0;
    char *text = NULL;
    const uint32_t max = (uint32_t)krni_given_number(s->arguments, "max", 10);
    krn_status status = krni_session_open(s, err);
    if (status == KRN_OK)
        status = krni_session_places(s, err);
    if (status == KRN_OK)
        status =
            krn_place_find(s->places, s->arguments->argument[0], max, s->arena, &n, &matches, err);
    if (status == KRN_OK && n == 0) {
        uint32_t node;
        status = krn_place_resolve(s->places, s->arguments->argument[0], &node, err);
    }
    if (status == KRN_OK)
        status = krn_report_places(krni_session_package(s), matches, n, &s->report, s->arena, &text,
                                   err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
