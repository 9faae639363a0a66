/* SPDX-License-Identifier: Apache-2.0 */
/* test_format_doc.c - the format as a document and as a descriptor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/memory_package.h"

static void the_document_in_docs_is_what_the_source_says(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    char *text = NULL, *kept = NULL;
    size_t size = 0;
    assert_int_equal(krn_format_markdown(arena, &text, NULL), KRN_OK);
    assert_int_equal(
        krn_file_read(KRN_SOURCE_DIR "/docs/package-format.md", 1 << 20, &kept, &size, NULL),
        KRN_OK);
    assert_string_equal(kept, text);
    free(kept);
    krn_arena_free(arena);
}

static void a_printed_descriptor_passes_the_check(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *package = NULL;
    krn_error err;
    char *text = NULL;
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    assert_int_equal(krn_format_datapackage(package, arena, &text, &err), KRN_OK);
    krn_package_free(package);
    assert_true(memory_package_set(files, "datapackage.json", text, strlen(text)));
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    krn_package_free(package);
    memory_package_free(files);
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_in_docs_is_what_the_source_says),
        cmocka_unit_test(a_printed_descriptor_passes_the_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
