/* SPDX-License-Identifier: Apache-2.0 */
/* fault_cases.c - each case on a fresh copy of the mini package in memory. */
#include "support/fault_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/memory_package.h"

/* text with the first old replaced; malloc'd */
static char *replaced(const char *text, const char *old, const char *by)
{
    const char *at = *old ? strstr(text, old) : text;
    if (!at)
        return NULL;
    const size_t before = (size_t)(at - text), gone = *old ? strlen(old) : strlen(text);
    const size_t size = strlen(text) - gone + strlen(by) + 1;
    char *out = malloc(size);
    assert_non_null(out);
    (void)snprintf(out, size, "%.*s%s%s", (int)before, text, by, at + gone);
    return out;
}

static char *faults_of(const memory_package *p)
{
    const size_t room = 1 << 16;
    char *all = calloc(1, room);
    size_t used = 0;
    krn_faults *faults = krn_faults_new();
    krn_package *package = NULL;
    krn_error err;
    assert_non_null(all);
    assert_non_null(faults);
    const krn_status status = memory_package_load(p, faults, &package, &err);
    assert_int_equal(status, krn_faults_count(faults) ? KRN_E_DATA : KRN_OK);
    assert_true((status == KRN_OK) == (package != NULL));
    for (uint32_t i = 0; i < krn_faults_count(faults); i++)
        used += (size_t)snprintf(all + used, room - used, "%s%s", i ? "\n" : "",
                                 krn_faults_text(faults, i));
    if (status)
        assert_memory_equal(err.text, all, strlen(err.text)); /* the first one */
    krn_package_free(package);
    krn_faults_free(faults);
    return all;
}

void check_fault_cases(const fault_case *cases, size_t n)
{
    memory_package *p = memory_package_open(KRN_SOURCE_DIR);
    int failed = 0;
    assert_non_null(p);
    for (size_t i = 0; i < n; i++) {
        const fault_case *c = &cases[i];
        size_t size = 0;
        if (c->old) {
            const char *text = memory_package_text(p, c->file, &size);
            char *changed = text ? replaced(text, c->old, c->text) : NULL;
            if (!changed) {
                fprintf(stderr, "%s does not hold %s\n", c->file, c->old);
                fail();
            }
            assert_true(memory_package_set(p, c->file, changed, strlen(changed)));
            free(changed);
        } else {
            memory_package_drop(p, c->file);
        }
        char *found = faults_of(p);
        if (strcmp(found, c->faults) != 0) {
            fprintf(stderr, "case %zu, %s: %s\nfound:\n%s\nexpected:\n%s\n", i, c->file,
                    c->old ? c->old : "(dropped)", found, c->faults);
            failed++;
        }
        free(found);
        if (c->old) {
            assert_true(memory_package_restore(p, c->file));
        } else {
            memory_package_free(p);
            p = memory_package_open(KRN_SOURCE_DIR);
            assert_non_null(p);
        }
    }
    memory_package_free(p);
    assert_int_equal(failed, 0);
}
