/* SPDX-License-Identifier: Apache-2.0 */
/* qgis_style.c - a style of QGIS 3 (QML, symbology alone).
 *
 *   colour column   renderer "graduatedSymbol" over coalesce(column, -1): none | 0 .. 1 in steps |
 * above width column    a property of the symbol: scale_linear(column, 0, most, thin, thick), in mm
 *   directed lines  moved to the right by half their width
 *
 * Properties of a symbol stand there twice, as <Option> (QGIS 3.18 and later) and as <prop>. */
#include "io/qgis_style.h"

#include "base/number.h"

#define THIN_MM  0.3
#define THICK_MM 5.0
#define SMALL_MM 1.2
#define LARGE_MM 9.0

typedef struct shade {
    double lower, upper;
    const char *label, *colour; /* red,green,blue,opacity */
} shade;

static const shade shades[] = {
    {-1.5, -0.5, "none", "140,140,140,255"},    {-0.5, 0.2, "up to 0.2", "26,152,80,255"},
    {0.2, 0.4, "0.2 to 0.4", "145,207,96,255"}, {0.4, 0.6, "0.4 to 0.6", "224,207,80,255"},
    {0.6, 0.8, "0.6 to 0.8", "252,160,80,255"}, {0.8, 0.95, "0.8 to 0.95", "230,95,60,255"},
    {0.95, 1e15, "above 0.95", "165,0,38,255"},
};
#define N_SHADES (sizeof shades / sizeof *shades)
#define PLAIN    "43,106,160,255"

static void write_escaped(krni_writer *w, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            krni_write(w, "&amp;");
        else if (*text == '<')
            krni_write(w, "&lt;");
        else if (*text == '>')
            krni_write(w, "&gt;");
        else if (*text == '"')
            krni_write(w, "&quot;");
        else if ((unsigned char)*text < ' ')
            krni_write(w, " "); /* XML has no other control characters */
        else
            krni_write_char(w, *text);
    }
}

static void write_decimal(krni_writer *w, double value)
{
    char text[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(value, 12, text);
    krni_write(w, text);
}

/* A column in an expression: in double quotes, those within doubled. */
static void write_column(krni_writer *w, const char *name)
{
    char one[2] = {0, 0};
    krni_write(w, "&quot;");
    for (; *name; name++) {
        one[0] = *name;
        write_escaped(w, one);
        if (*name == '"')
            write_escaped(w, one);
    }
    krni_write(w, "&quot;");
}

/* Width or size of a feature in mm, as an expression. */
static void write_size(krni_writer *w, const krn_layer *l, double part)
{
    const int64_t c = krni_layer_column(l, l->width_column);
    const double most = c < 0 ? 0.0 : krni_layer_most(l, (uint32_t)c);
    const double low = l->is_points ? SMALL_MM : THIN_MM, high = l->is_points ? LARGE_MM : THICK_MM;
    krni_write(w, "coalesce(scale_linear(");
    write_column(w, l->width_column);
    krni_write(w, ", 0, ");
    write_decimal(w, most > 0.0 ? most : 1.0);
    krni_write(w, ", ");
    write_decimal(w, low * part);
    krni_write(w, ", ");
    write_decimal(w, high * part);
    krni_write(w, "), ");
    write_decimal(w, low * part);
    krni_write(w, ")");
}

static void write_driven(krni_writer *w, const krn_layer *l, const char *property, double part)
{
    krni_writef(w,
                "<Option name=\"%s\" type=\"Map\"><Option name=\"active\" type=\"bool\" "
                "value=\"true\"/><Option name=\"expression\" type=\"QString\" value=\"",
                property);
    write_size(w, l, part);
    krni_write(w, "\"/><Option name=\"type\" type=\"int\" value=\"3\"/></Option>\n");
}

static void write_property(krni_writer *options, krni_writer *props, const char *name,
                           const char *value)
{
    krni_writef(options, "<Option name=\"%s\" type=\"QString\" value=\"%s\"/>\n", name, value);
    krni_writef(props, "<prop k=\"%s\" v=\"%s\"/>\n", name, value);
}

static void write_symbol(krni_writer *w, const krn_layer *l, size_t number, const char *colour)
{
    krni_writer props;
    krni_writer_init(&props, NULL);
    krni_writef(w,
                "<symbol name=\"%zu\" type=\"%s\" alpha=\"1\" clip_to_extent=\"1\" "
                "force_rhr=\"0\">\n<layer class=\"%s\" enabled=\"1\" pass=\"0\" locked=\"0\">\n"
                "<Option type=\"Map\">\n",
                number, l->is_points ? "marker" : "line",
                l->is_points ? "SimpleMarker" : "SimpleLine");
    if (l->is_points) {
        write_property(w, &props, "name", "circle");
        write_property(w, &props, "color", colour);
        write_property(w, &props, "outline_color", "255,255,255,255");
        write_property(w, &props, "outline_style", "solid");
        write_property(w, &props, "outline_width", "0.2");
        write_property(w, &props, "size", "2");
        write_property(w, &props, "size_unit", "MM");
    } else {
        write_property(w, &props, "line_color", colour);
        write_property(w, &props, "line_style", "solid");
        write_property(w, &props, "line_width", "0.4");
        write_property(w, &props, "line_width_unit", "MM");
        write_property(w, &props, "offset", "0");
        write_property(w, &props, "offset_unit", "MM");
        write_property(w, &props, "capstyle", "flat");
        write_property(w, &props, "joinstyle", "round");
    }
    krni_write(w, "</Option>\n");
    krni_write(w, krni_writer_text(&props) ? krni_writer_text(&props) : "");
    if (props.failed)
        w->failed = true;
    krni_writer_free(&props);
    if (l->width_column) {
        krni_write(w, "<data_defined_properties><Option type=\"Map\">\n"
                      "<Option name=\"name\" type=\"QString\" value=\"\"/>\n"
                      "<Option name=\"properties\" type=\"Map\">\n");
        write_driven(w, l, l->is_points ? "size" : "outlineWidth", 1.0);
        if (!l->is_points && l->is_directed)
            write_driven(w, l, "offset", 0.5);
        krni_write(w, "</Option>\n<Option name=\"type\" type=\"QString\" value=\"collection\"/>\n"
                      "</Option></data_defined_properties>\n");
    }
    krni_write(w, "</layer>\n</symbol>\n");
}

static void write_ranges(krni_writer *w)
{
    krni_write(w, "<ranges>\n");
    for (size_t i = 0; i < N_SHADES; i++) {
        krni_writef(w, "<range symbol=\"%zu\" render=\"true\" label=\"%s\" lower=\"", i,
                    shades[i].label);
        write_decimal(w, shades[i].lower);
        krni_write(w, "\" upper=\"");
        write_decimal(w, shades[i].upper);
        krni_write(w, "\"/>\n");
    }
    krni_write(w, "</ranges>\n");
}

void krni_qgis_style(const krn_layer *l, krni_writer *w)
{
    krni_write(w, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
                  "<qgis version=\"3.22.0\" styleCategories=\"Symbology\">\n");
    if (l->colour_column) {
        krni_write(w, "<renderer-v2 type=\"graduatedSymbol\" graduatedMethod=\"GraduatedColor\" "
                      "symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\" "
                      "attr=\"coalesce(");
        write_column(w, l->colour_column);
        krni_write(w, ", -1)\">\n");
        write_ranges(w);
    } else {
        krni_write(w, "<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" enableorderby=\"0\" "
                      "forceraster=\"0\">\n");
    }
    krni_write(w, "<symbols>\n");
    if (l->colour_column)
        for (size_t i = 0; i < N_SHADES; i++)
            write_symbol(w, l, i, shades[i].colour);
    else
        write_symbol(w, l, 0, PLAIN);
    krni_writef(w,
                "</symbols>\n</renderer-v2>\n<blending>0</blending>\n<layerGeometryType>%d"
                "</layerGeometryType>\n</qgis>\n",
                l->is_points ? 0 : 1);
}
