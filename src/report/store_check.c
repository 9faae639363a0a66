/* SPDX-License-Identifier: Apache-2.0 */
/* store_check.c - whether a file is of this run. The fingerprint decides; the questions are
 * compared key by key to say why. */
#include "report/store_check.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

#define MOST_DIFFERENCES 4
#define NAME_BYTES       512

uint64_t krni_hash(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

uint64_t krni_hash_names(const krn_store_run *run)
{
    uint64_t hash = KRNI_HASH_START;
    for (uint32_t i = 0; i < run->n_metrics; i++) {
        char name[NAME_BYTES] = "";
        run->metric_name(run->context, i, name, sizeof name);
        hash = krni_hash(hash, name, strlen(name) + 1);
    }
    return hash;
}

/* "days 365 (now 730)"; a value is cut to 40 columns. */
static void write_difference(krni_writer *w, const char *key, const json_t *kept, const json_t *now)
{
    char *a = kept ? json_dumps(kept, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    char *b = now ? json_dumps(now, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const char *first = a ? a : "none", *second = b ? b : "none";
    krni_writef(w, "%s%.60s %.*s (now %.*s)", w->size ? "; " : "", key,
                (int)krni_prefix_bytes(first, 40), first, (int)krni_prefix_bytes(second, 40),
                second);
    free(a);
    free(b);
}

static void write_differences(krni_writer *w, const char *kept_text, const char *now_text)
{
    json_t *kept = json_loads(kept_text, 0, NULL), *now = json_loads(now_text, 0, NULL);
    const char *key;
    json_t *value;
    int n = 0;
    json_object_foreach(kept, key, value)
    {
        const json_t *other = json_object_get(now, key);
        if (n < MOST_DIFFERENCES && !json_equal(value, other)) {
            write_difference(w, key, value, other);
            n++;
        }
    }
    json_object_foreach(now, key, value)
    {
        if (n < MOST_DIFFERENCES && !json_object_get(kept, key)) {
            write_difference(w, key, NULL, value);
            n++;
        }
    }
    json_decref(kept);
    json_decref(now);
}

krn_status krni_compare_runs(const char *path, const krni_kept_run *kept, const krn_store_run *run,
                             krn_error *err)
{
    if (kept->fingerprint == run->fingerprint && kept->n_metrics == run->n_metrics &&
        kept->names == krni_hash_names(run))
        return KRN_OK;
    krni_writer w;
    krni_writer_init(&w, NULL);
    if (kept->seed != run->seed)
        krni_writef(&w, "seed %llu (now %llu)", (unsigned long long)kept->seed,
                    (unsigned long long)run->seed);
    write_differences(&w, kept->question, run->question ? run->question : "{}");
    if (w.size == 0 && kept->fingerprint == run->fingerprint)
        krni_write(&w, "another version of the program");
    else if (w.size == 0)
        krni_write(&w, "the tables of the package, or the version of the program");
    const char *text = krni_writer_text(&w);
    const krn_status st =
        krni_fail(err, KRN_E_ARG,
                  "%s: holds another ensemble: %s. Name another file, or remove this one to begin "
                  "anew",
                  path, text ? text : "");
    krni_writer_free(&w);
    return st;
}
