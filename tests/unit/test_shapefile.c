/* SPDX-License-Identifier: Apache-2.0 */
/* test_shapefile.c - a layer as a shapefile: shapelib reads back what was written, to the last bit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <unistd.h>

#include <shapefil.h>

#include <keruen/io.h>
#include <keruen/layer.h>

#include "support/layers.h"

typedef struct fixture {
    char folder[512], stem[600];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_shp.XXXXXX", KRN_BINARY_DIR);
    if (!mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->stem, sizeof f->stem, "%s/a", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const endings[] = {"shp", "shx", "dbf", "prj", "cpg"};
    fixture *f = *state;
    char name[700];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(name, sizeof name, "%s.%s", f->stem, endings[i]);
        (void)unlink(name);
    }
    const int left = rmdir(f->folder); /* nothing else was left there */
    free(f);
    return left;
}

static void write_layer(const char *path, const krn_layer *layer)
{
    krn_error err = {0};
    if (krn_shapefile_write(path, layer, &err))
        fail_msg("%s", err.text);
}

static bool is_there(const fixture *f, const char *ending)
{
    char name[700];
    (void)snprintf(name, sizeof name, "%s.%s", f->stem, ending);
    return access(name, F_OK) == 0;
}

static void columns_have_short_names_and_every_bit(void **state)
{
    const fixture *f = *state;
    char name[12];
    write_layer(f->stem, &support_layers[1]);
    DBFHandle dbf = DBFOpen(f->stem, "rb");
    assert_non_null(dbf);
    assert_int_equal(DBFGetRecordCount(dbf), 2);
    assert_int_equal(DBFGetFieldCount(dbf), 3);
    assert_int_equal(DBFGetFieldInfo(dbf, 1, name, NULL, NULL), FTDouble);
    assert_string_equal(name, "tonnes of ");
    (void)DBFGetFieldInfo(dbf, 2, name, NULL, NULL);
    assert_string_equal(name, "tonnes o_1");
    assert_true(DBFReadDoubleAttribute(dbf, 0, 1) == 123456789.25);
    assert_true(DBFReadDoubleAttribute(dbf, 1, 1) == -1.5e-300);
    assert_true(DBFReadDoubleAttribute(dbf, 0, 2) == -1.0 / 3.0);
    assert_string_equal(DBFReadStringAttribute(dbf, 1, 0), "b");
    assert_string_equal(DBFGetCodePage(dbf), "UTF-8");
    DBFClose(dbf);
}

static void lines_and_gaps_come_back(void **state)
{
    const fixture *f = *state;
    int n = 0, type = 0;
    write_layer(f->stem, &support_layers[0]);
    SHPHandle shp = SHPOpen(f->stem, "rb");
    assert_non_null(shp);
    SHPGetInfo(shp, &n, &type, NULL, NULL);
    assert_int_equal(n, 3);
    assert_int_equal(type, SHPT_ARC);
    SHPObject *line = SHPReadObject(shp, 1), *none = SHPReadObject(shp, 2);
    assert_int_equal(line->nVertices, 3);
    assert_true(line->padfX[0] == 52.0 && line->padfY[1] == 41.0 && line->padfX[2] == 50.0);
    assert_int_equal(none->nSHPType, SHPT_NULL);
    SHPDestroyObject(line);
    SHPDestroyObject(none);
    SHPClose(shp);
    DBFHandle dbf = DBFOpen(f->stem, "rb");
    assert_string_equal(DBFReadStringAttribute(dbf, 0, 0), "Ақтау \"north\", <a & b>");
    assert_true(DBFReadDoubleAttribute(dbf, 0, 1) == 0.1 + 0.2);
    assert_true(DBFReadDoubleAttribute(dbf, 1, 1) == 1e-6);
    assert_true(DBFReadDoubleAttribute(dbf, 0, 3) == 9007199254740992.0);
    assert_true(DBFIsAttributeNULL(dbf, 2, 0) && DBFIsAttributeNULL(dbf, 2, 1) &&
                DBFIsAttributeNULL(dbf, 2, 2) && DBFIsAttributeNULL(dbf, 2, 3));
    DBFClose(dbf);
    assert_true(is_there(f, "shx") && is_there(f, "prj") && is_there(f, "cpg"));
}

static void a_table_is_a_dbf_alone(void **state)
{
    const fixture *f = *state;
    char path[700];
    (void)snprintf(path, sizeof path, "%s.DBF", f->stem); /* the ending may be given */
    write_layer(path, &support_layers[2]);
    assert_true(is_there(f, "dbf") && is_there(f, "cpg"));
    assert_false(is_there(f, "shp") || is_there(f, "shx") || is_there(f, "prj"));
}

static void long_texts_are_cut_between_characters(void **state)
{
    const fixture *f = *state;
    char text[400];
    text[0] = 'x';
    for (size_t i = 1; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "ж", 3);
    const krn_layer_column column = {"көлік түрі", KRN_LAYER_TEXT};
    const krn_layer_cell cell = {text, 0.0};
    const krn_layer_feature feature = {NULL, 0, &cell};
    const krn_layer layer = {
        .name = "a", .columns = &column, .n_columns = 1, .features = &feature, .n_features = 1};
    char name[12];
    write_layer(f->stem, &layer);
    DBFHandle dbf = DBFOpen(f->stem, "rb");
    assert_non_null(dbf);
    const char *back = DBFReadStringAttribute(dbf, 0, 0);
    assert_int_equal(strlen(back), 253);
    assert_memory_equal(back, text, 253);
    (void)DBFGetFieldInfo(dbf, 0, name, NULL, NULL);
    assert_string_equal(name, "көлік"); /* five letters of two bytes */
    DBFClose(dbf);
}

static void a_layer_without_columns_gets_numbers(void **state)
{
    const fixture *f = *state;
    static const double at[] = {50.0, 40.0};
    const krn_layer_feature features[] = {{at, 1, NULL}, {at, 1, NULL}};
    const krn_layer layer = {.name = "a", .is_points = true, .features = features, .n_features = 2};
    write_layer(f->stem, &layer);
    DBFHandle dbf = DBFOpen(f->stem, "rb");
    assert_non_null(dbf);
    assert_int_equal(DBFReadIntegerAttribute(dbf, 1, 0), 2);
    DBFClose(dbf);
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    const fixture *f = *state;
    char path[700];
    krn_error err = {0};
    (void)snprintf(path, sizeof path, "%s/no/such/folder", f->folder);
    assert_int_equal(krn_shapefile_write(path, &support_layers[0], &err), KRN_E_IO);
    static const double one[] = {50.0, 40.0};
    const krn_layer_feature line = {one, 1, NULL};
    const krn_layer bad = {.name = "a", .features = &line, .n_features = 1};
    assert_int_equal(krn_shapefile_write(f->stem, &bad, &err), KRN_E_ARG);
    assert_false(is_there(f, "dbf"));
}

static char *read_file(const fixture *f, const char *ending, size_t *size)
{
    char name[700], *bytes = NULL;
    krn_error err = {0};
    (void)snprintf(name, sizeof name, "%s.%s", f->stem, ending);
    if (krn_file_read(name, (size_t)1 << 24, &bytes, size, &err))
        fail_msg("%s", err.text);
    return bytes;
}

static void the_same_layer_is_the_same_bytes(void **state)
{
    const fixture *f = *state;
    static const char *const endings[] = {"shp", "shx", "dbf", "prj", "cpg"};
    char *first[5];
    size_t n[5], m = 0;
    write_layer(f->stem, &support_layers[0]);
    for (int i = 0; i < 5; i++)
        first[i] = read_file(f, endings[i], &n[i]);
    write_layer(f->stem, &support_layers[0]);
    for (int i = 0; i < 5; i++) {
        char *second = read_file(f, endings[i], &m);
        assert_int_equal(n[i], m);
        assert_memory_equal(first[i], second, m);
        free(second);
        free(first[i]);
    }
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

static void gdal_reads_it(void **state)
{
    const fixture *f = *state;
    char command[1024], out[65536];
    if (!tell("command -v ogrinfo", out, sizeof out)) {
        print_message("ogrinfo (package gdal-bin) is not installed: not read by GDAL\n");
        skip();
    }
    write_layer(f->stem, &support_layers[0]);
    (void)snprintf(command, sizeof command, "ogrinfo -ro -al %s.shp 2>&1", f->stem);
    assert_true(tell(command, out, sizeof out));
    static const char *const expected[] = {
        ("Geometry: Line String\nFeature Count: 3\n"
         "Extent: (50.000000, 40.000000) - (52.000000, 41.000000)\n"),
        "GEOGCRS[\"WGS 84\"",
        "(String) = Ақтау \"north\", <a & b>",
        "tonnes (Real) = 0.000001000000000",
        "tonnes (Real) = (null)",
        "LINESTRING (50 40,51 41,52 40)",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(out, expected[i]))
            fail_msg("not in what ogrinfo tells: %s\n%s", expected[i], out);
    assert_null(strstr(out, "ERROR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_have_short_names_and_every_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_and_gaps_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_is_a_dbf_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_layer_without_columns_gets_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_layer_is_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gdal_reads_it, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
