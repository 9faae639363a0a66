/* SPDX-License-Identifier: Apache-2.0 */
/* demand_query.c - flows of the package, or a table of one's own, for the verbs that carry trade.
 */
#include "cli/demand_query.h"

#include <string.h>

#include "base/error.h"

#define FAULTS_SHOWN 20u

static bool is_omx(const char *path)
{
    const size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".omx") == 0;
}

static krn_status read_omx(krni_session *s, const char *file, krn_faults *faults,
                           krn_demand_list *out, krn_error *err)
{
    krn_omx omx;
    const krn_status status = krn_omx_read(file, s->arena, &omx, err);
    return status ? status
                  : krn_demand_from_omx(krni_session_package(s), file, &omx, faults, s->arena, out,
                                        err);
}

krn_status krni_own_demand(krni_session *s, const char *file, krn_demand_list *out, krn_error *err)
{
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    const krn_status status =
        is_omx(file) ? read_omx(s, file, faults, out, err)
                     : krn_demand_read(krni_session_package(s), file, faults, s->arena, out, err);
    const uint32_t n = krn_faults_count(faults);
    for (uint32_t i = 1; i < n && i < FAULTS_SHOWN; i++)
        krni_session_say(s, "%s", krn_faults_text(faults, i));
    if (n > FAULTS_SHOWN)
        krni_session_say(s, "and %u faults more", n - FAULTS_SHOWN);
    krn_faults_free(faults);
    return status;
}

krn_status krni_session_demand(krni_session *s, const krn_demand_list **out, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    const char *file = krni_given_text(a, "demand");
    krn_demand_list *list = krn_arena_calloc(s->arena, 1, sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    *out = list;
    if (file && krni_given_text(a, "year"))
        return krni_fail(err, KRN_E_ARG,
                         "--year chooses flows of the package; --demand reads %.80s", file);
    if (file)
        return krni_own_demand(s, file, list, err);
    return krn_demand_of_year(krni_session_package(s), (int)krni_given_number(a, "year", 0),
                              s->arena, list, err);
}
