/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_assign.c - keruen assign: trips spread over a network until no way is cheaper. */
#include "base/error.h"
#include "cli/assign_run.h"

static const krni_option options[] = {
    {.name = "tntp",
     .kind = KRNI_OPT_FILE,
     .value = "NET",
     .help = "a network in the TNTP format; its trips stand behind it: --tntp NET TRIPS"},
    {.name = "gap",
     .letter = 'g',
     .kind = KRNI_OPT_NUMBER,
     .value = "SHARE",
     .min = 1e-15,
     .max = 1,
     .help = "ends at this relative gap; 1e-6"},
    {.name = "method",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICE,
     .value = "WHAT",
     .choices = "ue|so",
     .help = "user equilibrium (the default), or system optimum"},
    {.name = "algorithm",
     .kind = KRNI_OPT_CHOICE,
     .value = "HOW",
     .choices = "segment|fw",
     .help = "paired segments (the default), or bi-conjugate Frank-Wolfe"},
    {.name = "threads",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 64,
     .help = "0 all processors; the answer does not hang on it"},
    {.name = "toll-factor",
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1e9,
     .help = "time for a unit of toll; what the file says, or 0"},
    {.name = "distance-factor",
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1e9,
     .help = "time for a unit of length; what the file says, or 0"},
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
    {"assign --tntp SiouxFalls_net.tntp SiouxFalls_trips.tntp --gap 1e-12",
     "the user equilibrium of a public test network"},
    {"assign --tntp ChicagoSketch_net.tntp ChicagoSketch_trips.tntp --toll-factor 0.02 "
     "--distance-factor 0.04 -g 1e-10 --format csv --output flows.csv",
     "tolls and distance in the cost, flows of all links to a file"},
    {"assign --tntp Braess_net.tntp Braess_trips.tntp --method so", "what would be best for all"},
    {0},
};

const krni_verb_words krni_words_assign = {
    .name = "assign",
    .line = "spreads trips over a network whose links slow down with their load",
    .prose = "Takes networks and trips in the TNTP format of the public test networks (BPR "
             "times, tolls, distance). The trade of a package is not assigned yet.",
    .arguments = {{.name = "TRIPS", .help = "trips of the network of --tntp"}},
    .options = options,
    .examples = examples,
};

int krni_run_assign(krni_session *s, krn_error *err)
{
    if (krni_given_text(s->arguments, "tntp"))
        return krni_assign_tntp(s, err);
    return krni_exit_of(
        krni_fail(err, KRN_E_ARG,
                  "--tntp NET TRIPS was expected: assign takes networks in the TNTP "
                  "format; the trade of a package is not assigned yet"));
}
