/* SPDX-License-Identifier: Apache-2.0 */
/* error.c - statuses, qualities, modes and countries as words. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <keruen/units.h>

const char *krn_status_name(krn_status status)
{
    static const char *const names[KRN_STATUS_COUNT] = {
        [KRN_OK] = "ok",
        [KRN_E_ARG] = "wrong argument",
        [KRN_E_MEMORY] = "out of memory",
        [KRN_E_IO] = "input or output failed",
        [KRN_E_DATA] = "bad data",
        [KRN_E_SNAPSHOT] = "bad snapshot",
        [KRN_E_NOT_FOUND] = "not found",
        [KRN_E_AMBIGUOUS] = "ambiguous",
        [KRN_E_RULE] = "rule without figures",
        [KRN_E_NO_ROUTE] = "no route",
        [KRN_E_LIMIT] = "limit reached",
        [KRN_E_CANCELLED] = "cancelled",
    };
    return (unsigned)status < KRN_STATUS_COUNT ? names[status] : "unknown status";
}

krn_status krni_fail(krn_error *err, krn_status status, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        err->status = status;
        (void)vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
        for (char *c = err->text; *c; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                *c = '?';
    }
    return status;
}

krn_status krni_fail_memory(krn_error *err)
{
    return krni_fail(err, KRN_E_MEMORY, "out of memory");
}

const char *krn_quality_name(krn_quality quality)
{
    static const char *const names[] = {"published", "derived", "estimated"};
    return (unsigned)quality <= KRN_ESTIMATED ? names[quality] : "unknown";
}

krn_quality krn_quality_weakest(krn_quality a, krn_quality b)
{
    return a > b ? a : b;
}

const char *krn_mode_name(krn_mode mode)
{
    static const char *const names[KRN_MODE_COUNT] = {"rail", "road", "sea"};
    return (unsigned)mode < KRN_MODE_COUNT ? names[mode] : "unknown";
}

krn_country krn_country_parse(const char *text)
{
    if (!text || strlen(text) != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' ||
        text[1] > 'Z')
        return 0;
    return KRN_COUNTRY(text[0], text[1]);
}

void krn_country_text(krn_country country, char out[3])
{
    out[0] = country ? (char)(country >> 8) : '-';
    out[1] = country ? (char)(country & 0xff) : '-';
    out[2] = '\0';
}
