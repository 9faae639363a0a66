/* SPDX-License-Identifier: Apache-2.0 */
/* geopackage.c - layers as a GeoPackage 1.3 (OGC 12-128r17): an SQLite database.
 *
 *   gpkg_spatial_ref_sys   gpkg_contents   gpkg_geometry_columns   what the standard asks for
 *   layer_styles                                                   where QGIS looks for a style
 *   one table a layer      fid | geom | columns
 *
 * The database is made in memory and written as one file, so a failure leaves nothing half. There
 * is no index of space, and no clock: the date of change of every table is the same. Geometry is
 * the binary of the standard (a head, bounds of lines, WKB), in little-endian order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include <keruen/io.h>

#include "base/error.h"
#include "base/text.h"
#include "io/layer_check.h"
#include "io/qgis_style.h"

#define MOST_LAYERS 1000u
#define CHANGED     "1970-01-01T00:00:00.000Z"

/* Tables as the standard has them, word for word where it matters; 0x47504B47 is "GPKG". */
static const char schema[] =
    "PRAGMA page_size = 4096;"
    "PRAGMA encoding = 'UTF-8';"
    "PRAGMA application_id = 0x47504B47;"
    "PRAGMA user_version = 10300;"
    "BEGIN;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, "
    "organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, "
    "definition TEXT NOT NULL, description TEXT);"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', "
    "last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), "
    "min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, "
    "CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, "
    "m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), "
    "CONSTRAINT uk_gc_table_name UNIQUE (table_name), "
    "CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), "
    "CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
    "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
    "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
    "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
    "update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, "
    "'undefined', 'undefined Cartesian coordinate reference system');"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic SRS', 0, 'NONE', 0, "
    "'undefined', 'undefined geographic coordinate reference system');"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84 geodetic', 4326, 'EPSG', 4326, "
    "'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,"
    "AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,"
    "AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\","
    "\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]', "
    "'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');";

static krn_status fail_sql(sqlite3 *db, const char *path, krn_error *err)
{
    if (!db || sqlite3_errcode(db) == SQLITE_NOMEM)
        return krni_fail_memory(err);
    return krni_fail(err, KRN_E_IO, "cannot write %s: %s", path, sqlite3_errmsg(db));
}

/* ---- geometry ---- */

static void put_bytes(krni_writer *w, uint64_t value, int n)
{
    char bytes[8];
    for (int i = 0; i < n; i++)
        bytes[i] = (char)(unsigned char)(value >> (8 * i) & 0xff);
    krni_write_bytes(w, bytes, (size_t)n);
}

static void put_double(krni_writer *w, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_bytes(w, bits, 8);
}

/* "GP", version 0, flags, place of reference; then WKB. */
static void write_geometry(krni_writer *w, const krn_layer_feature *f, bool is_point)
{
    const krn_layer one = {.features = f, .n_features = 1};
    double bounds[4];
    krni_writer_clear(w);
    krni_write(w, "GP");
    put_bytes(w, 0, 1);
    put_bytes(w, is_point ? 1u : 3u, 1); /* little-endian; 3: with bounds of x and y */
    put_bytes(w, 4326, 4);
    if (!is_point && krni_layer_bounds(&one, bounds)) {
        const double in_order[4] = {bounds[0], bounds[2], bounds[1], bounds[3]};
        for (int i = 0; i < 4; i++)
            put_double(w, in_order[i]);
    }
    put_bytes(w, 1, 1);
    put_bytes(w, is_point ? 1 : 2, 4);
    if (!is_point)
        put_bytes(w, f->n_points, 4);
    for (size_t i = 0; i < 2 * (size_t)f->n_points; i++)
        put_double(w, f->points_deg[i]);
}

/* ---- one layer ---- */

/* A name in SQL: in double quotes, those within doubled. */
static void write_name(krni_writer *w, const char *name)
{
    krni_write_char(w, '"');
    for (; *name; name++) {
        if (*name == '"')
            krni_write_char(w, '"');
        krni_write_char(w, *name);
    }
    krni_write_char(w, '"');
}

static krn_status create_table(sqlite3 *db, const krn_layer *l, bool drawn, const char *path,
                               krn_error *err)
{
    static const char *const types[] = {"TEXT", "REAL", "INTEGER"};
    krni_writer w;
    krn_status st = KRN_OK;
    krni_writer_init(&w, NULL);
    krni_write(&w, "CREATE TABLE ");
    write_name(&w, l->name);
    krni_write(&w, " (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL");
    if (drawn)
        krni_write(&w, l->is_points ? ", geom POINT" : ", geom LINESTRING");
    for (uint32_t c = 0; c < l->n_columns; c++) {
        krni_write(&w, ", ");
        write_name(&w, l->columns[c].name);
        krni_writef(&w, " %s", types[l->columns[c].type]);
    }
    krni_write(&w, ")");
    const char *sql = krni_writer_text(&w);
    if (!sql)
        st = krni_fail_memory(err);
    else if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        st = fail_sql(db, path, err);
    krni_writer_free(&w);
    return st;
}

/* INSERT with one place a column. */
static krn_status prepare_insert(sqlite3 *db, const krn_layer *l, bool drawn, sqlite3_stmt **out,
                                 const char *path, krn_error *err)
{
    krni_writer w;
    krn_status st = KRN_OK;
    krni_writer_init(&w, NULL);
    krni_write(&w, "INSERT INTO ");
    write_name(&w, l->name);
    krni_write(&w, " VALUES (?");
    krni_write_repeat(&w, ", ?", l->n_columns + (drawn ? 1u : 0u));
    krni_write(&w, ")");
    const char *sql = krni_writer_text(&w);
    if (!sql)
        st = krni_fail_memory(err);
    else if (sqlite3_prepare_v2(db, sql, -1, out, NULL) != SQLITE_OK)
        st = fail_sql(db, path, err);
    krni_writer_free(&w);
    return st;
}

static int bind_cell(sqlite3_stmt *s, int at, krn_layer_type type, const krn_layer_cell *cell)
{
    if (type == KRN_LAYER_TEXT)
        return cell->text ? sqlite3_bind_text(s, at, cell->text, -1, SQLITE_STATIC)
                          : sqlite3_bind_null(s, at);
    if (!isfinite(cell->number))
        return sqlite3_bind_null(s, at);
    return type == KRN_LAYER_INTEGER ? sqlite3_bind_int64(s, at, (sqlite3_int64)cell->number)
                                     : sqlite3_bind_double(s, at, cell->number);
}

static krn_status insert_features(sqlite3 *db, const krn_layer *l, bool drawn, const char *path,
                                  krn_error *err)
{
    sqlite3_stmt *s = NULL;
    krni_writer blob;
    krni_writer_init(&blob, NULL);
    krn_status st = prepare_insert(db, l, drawn, &s, path, err);
    for (uint32_t i = 0; !st && i < l->n_features; i++) {
        const krn_layer_feature *f = &l->features[i];
        int at = 1, bad = sqlite3_bind_int64(s, at++, (sqlite3_int64)i + 1);
        if (drawn && f->n_points) {
            write_geometry(&blob, f, l->is_points);
            const char *bytes = krni_writer_text(&blob);
            bad |=
                bytes ? sqlite3_bind_blob64(s, at, bytes, blob.size, SQLITE_STATIC) : SQLITE_NOMEM;
        }
        at += drawn ? 1 : 0;
        for (uint32_t c = 0; c < l->n_columns; c++)
            bad |= bind_cell(s, at++, l->columns[c].type, &f->cells[c]);
        if (bad || sqlite3_step(s) != SQLITE_DONE)
            st = blob.failed ? krni_fail_memory(err) : fail_sql(db, path, err);
        (void)sqlite3_reset(s);
        (void)sqlite3_clear_bindings(s);
    }
    (void)sqlite3_finalize(s);
    krni_writer_free(&blob);
    return st;
}

/* Runs one statement with texts (NULL: none) in the first places and numbers in further ones. */
static krn_status run(sqlite3 *db, const char *sql, const char *const *texts, int n_texts,
                      const double *numbers, int n_numbers, const char *path, krn_error *err)
{
    sqlite3_stmt *s = NULL;
    int bad = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    for (int i = 0; !bad && i < n_texts; i++)
        bad = sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_STATIC);
    for (int i = 0; !bad && i < n_numbers; i++)
        bad = sqlite3_bind_double(s, n_texts + i + 1, numbers[i]); /* NaN: NULL */
    const bool done = !bad && sqlite3_step(s) == SQLITE_DONE;
    const krn_status st = done ? KRN_OK : fail_sql(db, path, err);
    (void)sqlite3_finalize(s);
    return st;
}

/* The row of layer_styles that QGIS opens the layer with. */
static krn_status insert_style(sqlite3 *db, const krn_layer *l, const char *path, krn_error *err)
{
    krni_writer style;
    krn_status st;
    krni_writer_init(&style, NULL);
    krni_qgis_style(l, &style);
    const char *const texts[] = {l->name, krni_writer_text(&style), l->title ? l->title : ""};
    if (style.failed)
        st = krni_fail_memory(err);
    else
        st = run(db,
                 "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                 "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
                 "owner, update_time) VALUES ('', '', ?1, 'geom', 'keruen', ?2, '', 1, ?3, "
                 "'keruen', '" CHANGED "')",
                 texts, 3, NULL, 0, path, err);
    krni_writer_free(&style);
    return st;
}

static krn_status write_layer(sqlite3 *db, const krn_layer *l, const char *path, krn_error *err)
{
    const bool drawn = krni_layer_has_geometry(l);
    double bounds[4];
    if (!krni_layer_bounds(l, bounds))
        bounds[0] = bounds[1] = bounds[2] = bounds[3] = (double)NAN;
    const char *const contents[] = {l->name, drawn ? "features" : "attributes",
                                    l->title ? l->title : ""};
    const char *const geometry[] = {l->name, l->is_points ? "POINT" : "LINESTRING"};
    krn_status st = create_table(db, l, drawn, path, err);
    if (!st)
        st = insert_features(db, l, drawn, path, err);
    if (!st)
        st = run(db,
                 "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, '" CHANGED
                 "', ?4, ?5, ?6, ?7, CASE ?2 WHEN 'features' THEN 4326 END)",
                 contents, 3, bounds, 4, path, err);
    if (!st && drawn)
        st = run(db, "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
                 geometry, 2, NULL, 0, path, err);
    if (!st && drawn)
        st = insert_style(db, l, path, err);
    return st;
}

/* ---- all of them ---- */

static krn_status check_layers(const krn_layer *layers, uint32_t n, krn_error *err)
{
    static const char *const taken[] = {"gpkg_", "rtree_", "sqlite_", "layer_styles"};
    krn_status st = KRN_OK;
    if (n > MOST_LAYERS)
        return krni_fail(err, KRN_E_LIMIT, "%u layers: at most %u", (unsigned)n, MOST_LAYERS);
    for (uint32_t i = 0; !st && i < n; i++) {
        st = krni_layer_check(&layers[i], err);
        for (size_t k = 0; !st && k < sizeof taken / sizeof *taken; k++)
            if (sqlite3_strnicmp(layers[i].name, taken[k], (int)strlen(taken[k])) == 0)
                st = krni_fail(err, KRN_E_ARG, "layer %s: a name that does not begin with %s",
                               layers[i].name, taken[k]);
        for (uint32_t other = 0; !st && other < i; other++)
            if (krni_same_name(layers[i].name, layers[other].name))
                st = krni_fail(err, KRN_E_ARG, "two layers %s", layers[i].name);
    }
    return st;
}

static krn_status fill(sqlite3 *db, const krn_layer *layers, uint32_t n, const char *path,
                       krn_error *err)
{
    if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return fail_sql(db, path, err);
    const char *const styles[] = {"layer_styles"};
    krn_status st =
        run(db,
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, "
            "description, last_change) VALUES (?1, 'attributes', ?1, '', '" CHANGED "')",
            styles, 1, NULL, 0, path, err);
    for (uint32_t i = 0; !st && i < n; i++)
        st = write_layer(db, &layers[i], path, err);
    if (!st && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        st = fail_sql(db, path, err);
    return st;
}

krn_status krn_gpkg_write(const char *path, const krn_layer *layers, uint32_t n_layers,
                          krn_error *err)
{
    sqlite3 *db = NULL;
    unsigned char *image = NULL;
    sqlite3_int64 size = 0;
    if (!path || (n_layers && !layers))
        return krni_fail(err, KRN_E_ARG, "layers and a path are needed");
    krn_status st = check_layers(layers, n_layers, err);
    if (st)
        return st;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK)
        st = fail_sql(db, path, err);
    if (!st)
        st = fill(db, layers, n_layers, path, err);
    if (!st) {
        image = sqlite3_serialize(db, "main", &size, 0);
        st = image ? krn_file_write(path, (const char *)image, (size_t)size, err)
                   : krni_fail_memory(err);
    }
    sqlite3_free(image);
    (void)sqlite3_close(db);
    return st;
}
