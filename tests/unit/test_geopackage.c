/* SPDX-License-Identifier: Apache-2.0 */
/* test_geopackage.c - layers as a GeoPackage: what the standard asks for is there, SQLite and GDAL
 * read back what was written, and the style is a document that an XML reader takes.
 *
 *   ways     a (50, 40) --- (51, 41) --- b (52, 40)      the same back       one without a line
 *   places   a, b */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <keruen/io.h>
#include <keruen/layer.h>

#include "support/layers.h"

typedef struct fixture {
    char folder[512], path[600];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_gpkg.XXXXXX", KRN_BINARY_DIR);
    if (!mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->path, sizeof f->path, "%s/a.gpkg", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    const int left = rmdir(f->folder); /* nothing else was left there */
    free(f);
    return left;
}

static void write_all(const char *path)
{
    krn_error err = {0};
    if (krn_gpkg_write(path, support_layers, support_n_layers, &err))
        fail_msg("%s", err.text);
}

/* First column of the first row, as text. */
static void ask(const char *path, const char *sql, char *out, size_t size)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    out[0] = '\0';
    if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
        (void)snprintf(out, size, "%s", (const char *)sqlite3_column_text(s, 0));
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(db);
}

static void assert_answer(const char *path, const char *sql, const char *expected)
{
    char text[512];
    ask(path, sql, text, sizeof text);
    assert_string_equal(text, expected);
}

static void the_tables_of_the_standard_are_there(void **state)
{
    const fixture *f = *state;
    write_all(f->path);
    assert_answer(f->path, "PRAGMA application_id", "1196444487"); /* "GPKG" */
    assert_answer(f->path, "PRAGMA user_version", "10300");
    assert_answer(f->path, "PRAGMA integrity_check", "ok");
    assert_answer(f->path, "PRAGMA foreign_key_check", "");
    assert_answer(f->path,
                  "SELECT group_concat(srs_id) FROM (SELECT srs_id FROM gpkg_spatial_ref_sys "
                  "ORDER BY srs_id)",
                  "-1,0,4326");
    assert_answer(f->path,
                  "SELECT group_concat(table_name || ' ' || data_type) FROM (SELECT * FROM "
                  "gpkg_contents ORDER BY table_name)",
                  "figures attributes,layer_styles attributes,places features,ways features");
    assert_answer(f->path,
                  "SELECT min_x || ' ' || min_y || ' ' || max_x || ' ' || max_y || ' ' || srs_id "
                  "FROM gpkg_contents WHERE table_name = 'ways'",
                  "50.0 40.0 52.0 41.0 4326");
    assert_answer(f->path,
                  "SELECT group_concat(geometry_type_name) FROM gpkg_geometry_columns", /* by row */
                  "LINESTRING,POINT");
    assert_answer(f->path, "SELECT count(DISTINCT last_change) FROM gpkg_contents", "1");
}

static void figures_and_texts_are_what_was_given(void **state)
{
    const fixture *f = *state;
    write_all(f->path);
    assert_answer(f->path, "SELECT count(*) FROM ways", "3");
    assert_answer(f->path, "SELECT name FROM ways WHERE fid = 1", "Ақтау \"north\", <a & b>");
    assert_answer(f->path, "SELECT tonnes = 0.1 + 0.2 FROM ways WHERE fid = 1", "1");
    assert_answer(f->path, "SELECT tonnes = 1e-6 FROM ways WHERE fid = 2", "1");
    assert_answer(f->path, "SELECT typeof(tonnes) FROM ways WHERE fid = 3", "null");
    assert_answer(f->path, "SELECT typeof(name) FROM ways WHERE fid = 3", "null");
    assert_answer(f->path, "SELECT typeof(\"number of \"\"trains\"\"\") FROM ways WHERE fid = 1",
                  "integer");
    assert_answer(f->path, "SELECT \"number of \"\"trains\"\"\" FROM ways WHERE fid = 1",
                  "9007199254740992");
}

static void geometry_is_the_binary_of_the_standard(void **state)
{
    const fixture *f = *state;
    write_all(f->path);
    /* GP, version 0, little-endian, EPSG 4326 = 0x10e6, WKB: order 1, kind 1 */
    assert_answer(f->path, "SELECT hex(geom) FROM places WHERE fid = 1",
                  "47500001E6100000"
                  "0101000000"
                  "0000000000004940"
                  "0000000000004440");
    /* with bounds 50 .. 52, 40 .. 41, then kind 2 of three positions */
    assert_answer(f->path, "SELECT hex(geom) FROM ways WHERE fid = 1",
                  "47500003E6100000"
                  "0000000000004940"
                  "0000000000004A40"
                  "0000000000004440"
                  "0000000000804440"
                  "010200000003000000"
                  "0000000000004940"
                  "0000000000004440"
                  "0000000000804940"
                  "0000000000804440"
                  "0000000000004A40"
                  "0000000000004440");
    assert_answer(f->path, "SELECT typeof(geom) FROM ways WHERE fid = 3", "null");
}

static void each_layer_with_geometry_has_a_style(void **state)
{
    const fixture *f = *state;
    char qml[32768];
    write_all(f->path);
    assert_answer(f->path,
                  "SELECT group_concat(f_table_name || f_geometry_column || useAsDefault) FROM "
                  "layer_styles",
                  "waysgeom1,placesgeom1");
    ask(f->path, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'ways'", qml, sizeof qml);
    assert_non_null(strstr(qml, "type=\"graduatedSymbol\""));
    assert_non_null(strstr(qml, "attr=\"coalesce(&quot;full_share&quot;, -1)\""));
    assert_non_null(strstr(qml, "name=\"outlineWidth\""));
    assert_non_null(strstr(qml, "scale_linear(&quot;tonnes&quot;, 0, 0.3, 0.3, 5), 0.3)"));
    assert_non_null(strstr(qml, "name=\"offset\" type=\"Map\"")); /* directed */
    ask(f->path, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'places'", qml,
        sizeof qml);
    assert_non_null(strstr(qml, "type=\"singleSymbol\""));
    assert_non_null(strstr(qml, "name=\"size\" type=\"Map\""));
}

static char *read_whole(const char *path, size_t *size)
{
    char *bytes = NULL;
    krn_error err = {0};
    if (krn_file_read(path, (size_t)1 << 24, &bytes, size, &err))
        fail_msg("%s", err.text);
    return bytes;
}

static void the_same_layers_are_the_same_bytes(void **state)
{
    const fixture *f = *state;
    size_t n = 0, m = 0;
    write_all(f->path);
    char *first = read_whole(f->path, &n);
    write_all(f->path);
    char *second = read_whole(f->path, &m);
    assert_int_equal(n, m);
    assert_memory_equal(first, second, n);
    free(first);
    free(second);
}

static void what_is_no_layer_is_refused_and_the_old_file_stays(void **state)
{
    const fixture *f = *state;
    static const double one[] = {50.0, 40.0}, wild[] = {50.0, 40.0, 51.0, 95.0};
    static const krn_layer_cell half = {NULL, 0.5};
    const krn_layer_column twice[] = {{"a", KRN_LAYER_REAL}, {"A", KRN_LAYER_REAL}};
    const krn_layer_column fid = {"FID", KRN_LAYER_REAL}, whole = {"n", KRN_LAYER_INTEGER};
    const krn_layer_feature short_line = {one, 1, NULL}, off_world = {wild, 2, NULL},
                            broken = {NULL, 0, &half};
    const krn_layer bad[] = {
        {.name = "a", .columns = twice, .n_columns = 2},
        {.name = "b", .columns = &fid, .n_columns = 1},
        {.name = "gpkg_c"},
        {.name = "d", .features = &short_line, .n_features = 1},
        {.name = "e", .features = &off_world, .n_features = 1},
        {.name = "f", .columns = &whole, .n_columns = 1, .features = &broken, .n_features = 1},
        {.name = "g", .width_column = "none"},
    };
    static const char *const told[] = {
        "layer a: two columns A",
        "layer b: column FID: a name that is not taken",
        "layer gpkg_c: a name that does not begin with gpkg_",
        "layer d: feature 1: 1 positions: two or more",
        "layer e: feature 1: position 51, 95: longitude and latitude",
        "layer f: feature 1: n: 0.5: a whole number",
        "layer g: none: a column of numbers",
    };
    write_all(f->path);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        krn_error err = {0};
        assert_int_equal(krn_gpkg_write(f->path, &bad[i], 1, &err), KRN_E_ARG);
        assert_string_equal(err.text, told[i]);
        assert_answer(f->path, "SELECT count(*) FROM ways", "3");
    }
    const krn_layer pair[] = {{.name = "x"}, {.name = "X"}};
    krn_error err = {0};
    assert_int_equal(krn_gpkg_write(f->path, pair, 2, &err), KRN_E_ARG);
    assert_string_equal(err.text, "two layers X");
    assert_int_equal(krn_gpkg_write("/nowhere/a.gpkg", pair, 1, &err), KRN_E_IO);
}

/* Text that a command prints; false when it fails. */
static bool tell(const char *command, char *out, size_t size)
{
    FILE *pipe = popen(command, "r");
    size_t n = 0;
    if (!pipe)
        return false;
    while (n + 1 < size && !feof(pipe) && !ferror(pipe))
        n += fread(out + n, 1, size - 1 - n, pipe);
    out[n] = '\0';
    return pclose(pipe) == 0;
}

static void gdal_reads_every_layer(void **state)
{
    const fixture *f = *state;
    char command[1024], out[65536];
    if (!tell("command -v ogrinfo", out, sizeof out)) {
        print_message("ogrinfo (package gdal-bin) is not installed: not read by GDAL\n");
        skip();
    }
    write_all(f->path);
    (void)snprintf(command, sizeof command, "ogrinfo -ro -al -nomd %s 2>&1", f->path);
    assert_true(tell(command, out, sizeof out));
    static const char *const expected[] = {
        ("Layer name: ways\nGeometry: Line String\nFeature Count: 3\n"
         "Extent: (50.000000, 40.000000) - (52.000000, 41.000000)\n"),
        "Layer name: places\nGeometry: Point\nFeature Count: 2\n",
        "Layer name: figures\nGeometry: None\nFeature Count: 1\n",
        "ID[\"EPSG\",4326]",
        "name (String) = Ақтау \"north\", <a & b>",
        "tonnes (Real) = 1e-06",
        "number of \"trains\" (Integer64) = 9007199254740992",
        "tonnes (Real) = (null)",
        "LINESTRING (50 40,51 41,52 40)",
        "POINT (50 40)",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(out, expected[i]))
            fail_msg("not in what ogrinfo tells: %s\n%s", expected[i], out);
    assert_null(strstr(out, "Warning"));
    assert_null(strstr(out, "ERROR"));
}

static void the_style_is_well_formed(void **state)
{
    const fixture *f = *state;
    char command[1024], qml[32768], out[1024];
    if (!tell("command -v xmllint", out, sizeof out)) {
        print_message("xmllint (package libxml2-utils) is not installed: style not parsed\n");
        skip();
    }
    write_all(f->path);
    (void)snprintf(command, sizeof command, "xmllint --nonet --noout - 2>&1");
    static const char *const asked[] = {
        "SELECT styleQML FROM layer_styles WHERE f_table_name = 'ways'",
        "SELECT styleQML FROM layer_styles WHERE f_table_name = 'places'"};
    for (int i = 0; i < 2; i++) {
        ask(f->path, asked[i], qml, sizeof qml);
        FILE *pipe = popen(command, "w");
        assert_non_null(pipe);
        assert_int_equal(fwrite(qml, 1, strlen(qml), pipe), strlen(qml));
        assert_int_equal(pclose(pipe), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tables_of_the_standard_are_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(figures_and_texts_are_what_was_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(geometry_is_the_binary_of_the_standard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_layer_with_geometry_has_a_style, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_layers_are_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_layer_is_refused_and_the_old_file_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(gdal_reads_every_layer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_style_is_well_formed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
