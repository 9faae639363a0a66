/* SPDX-License-Identifier: Apache-2.0 */
/* test_place.c - places are found by id, code and name, in every script, with typing errors.
 *
 *   ka  Aktau Port, port, KZAAU 663503      kc  Aktau, city       ko  Kostanay, KZKSN 684001
 *   ir  Shahid Rajaee Port (Bandar Abbas)   ib  Bandar Abbas, station */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <keruen/place.h>

#include "support/mini_tables.h"

typedef struct fixture {
    krn_package *package;
    krn_place_index *index;
    krn_arena *arena;
} fixture;

static int open_places(void **state)
{
    static fixture f;
    mini *m = mini_new();
    mini_table(m, "node.csv",
               "node_id,name,node_type,kr_country,kr_name_ru,kr_name_kk,kr_name_fa,kr_names_other,"
               "kr_unlocode,kr_rail_code,kr_aliases\n"
               "ka,Aktau Port,port,KZ,Порт Актау,Ақтау порты,,Aktau;Актау,KZAAU,663503,old-aktau\n"
               "kc,Aktau,city,KZ,Актау,Ақтау,آکتائو,,KZAAU,,\n"
               "ko,Kostanay,junction,KZ,Костанай,Қостанай,,,KZKSN,684001,\n"
               "ir,Shahid Rajaee Port (Bandar Abbas),port,IR,Порт Шахид-Раджаи,,بندر شهید رجایی,"
               "Shahid Rajaee;Bandar Abbas port,IRBND,,\n"
               "ib,Bandar Abbas,station,IR,Бендер-Аббас,,بندرعباس,,IRBND,,\n"
               "az,Astara AZ,station,AZ,,,,Astara,,,\n"
               "as,Astara IR,station,IR,,,,Astara,,,\n"
               "te,Tehran,junction,IR,Тегеран,,تهران,,IRTHR,,\n");
    f.package = mini_package(m);
    f.arena = krn_arena_new(NULL, 0);
    assert_int_equal(krn_place_index_new(f.package, &f.index, NULL), KRN_OK);
    *state = &f;
    return 0;
}

static int close_places(void **state)
{
    fixture *f = *state;
    krn_place_index_free(f->index);
    krn_package_free(f->package);
    krn_arena_free(f->arena);
    return 0;
}

static const char *id_of(const fixture *f, uint32_t node)
{
    return krn_package_text(f->package, KRN_TABLE_NODE, node, 0);
}

static void resolves(fixture *f, const char *text, const char *id)
{
    uint32_t node = KRN_NO_ROW;
    krn_error err = {0};
    if (krn_place_resolve(f->index, text, &node, &err))
        fail_msg("%s: %s", text, err.text);
    assert_string_equal(id_of(f, node), id);
}

static krn_match_kind first(fixture *f, const char *text, const char *id)
{
    uint32_t n = 0;
    krn_place_match *matches = NULL;
    assert_int_equal(krn_place_find(f->index, text, 5, f->arena, &n, &matches, NULL), KRN_OK);
    assert_true(n > 0);
    assert_string_equal(id_of(f, matches[0].node), id);
    return matches[0].kind;
}

static void ids_and_codes_come_first(void **state)
{
    resolves(*state, "ka", "ka");
    resolves(*state, "OLD-AKTAU", "ka");
    resolves(*state, "kzksn", "ko");
    resolves(*state, "684001", "ko");
    resolves(*state, "IRTHR", "te");
    assert_int_equal(first(*state, "663503", "ka"), KRN_MATCH_CODE);
}

static void a_name_is_met_in_every_script(void **state)
{
    resolves(*state, "Актау", "ka"); /* the port before the city of the same name */
    resolves(*state, "ҚОСТАНАЙ", "ko");
    resolves(*state, "Бендер-Аббас", "ib");
    resolves(*state, "بندرعباس", "ib");
    resolves(*state, "Shahid Rajaee", "ir");
}

static void a_name_is_met_by_its_sound(void **state)
{
    resolves(*state, "kostanai", "ko");
    resolves(*state, "Bandar Abas", "ib"); /* doubled letters sound like one */
    resolves(*state, "شهید رجایی", "ir");
    assert_int_equal(first(*state, "kostanai", "ko"), KRN_MATCH_SOUND);
    assert_int_equal(first(*state, "تهران", "te"), KRN_MATCH_NAME);
    assert_int_equal(first(*state, "بندر عباس", "ib"), KRN_MATCH_SOUND);
}

static void beginnings_and_words_are_found(void **state)
{
    assert_int_equal(first(*state, "kost", "ko"), KRN_MATCH_PREFIX);
    assert_int_equal(first(*state, "rajaee", "ir"), KRN_MATCH_WORD);
}

static void typing_errors_are_forgiven(void **state)
{
    assert_int_equal(first(*state, "Tehrbn", "te"), KRN_MATCH_NEAR);
    assert_int_equal(first(*state, "Kostxnay", "ko"), KRN_MATCH_NEAR);
}

static void a_miss_names_the_nearest(void **state)
{
    fixture *f = *state;
    uint32_t node;
    krn_error err = {0};
    assert_int_equal(krn_place_resolve(f->index, "Tehrann City", &node, &err), KRN_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "Tehran (te)"));
    assert_int_equal(krn_place_resolve(f->index, "Astara", &node, &err), KRN_E_AMBIGUOUS);
    assert_non_null(strstr(err.text, "(as)"));
    assert_int_equal(krn_place_resolve(f->index, "порт", &node, &err), KRN_E_AMBIGUOUS);
    assert_int_equal(krn_place_resolve(f->index, "", &node, &err), KRN_E_NOT_FOUND);
    assert_int_equal(krn_place_resolve(f->index, "\xff\xfe", &node, &err), KRN_E_NOT_FOUND);
    assert_int_equal(krn_place_resolve(f->index, "---", &node, &err), KRN_E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_and_codes_come_first),
        cmocka_unit_test(a_name_is_met_in_every_script),
        cmocka_unit_test(a_name_is_met_by_its_sound),
        cmocka_unit_test(beginnings_and_words_are_found),
        cmocka_unit_test(typing_errors_are_forgiven),
        cmocka_unit_test(a_miss_names_the_nearest),
    };
    return cmocka_run_group_tests(tests, open_places, close_places);
}
