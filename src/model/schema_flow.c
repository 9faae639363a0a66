/* SPDX-License-Identifier: Apache-2.0 */
/* schema_flow.c - columns of what is carried and of what carries it. One entry a column:
 * name, type, bounds, and the sentence that the format document prints. */
#include "model/schema_columns.h"

/* clang-format off */
const krni_column krni_flow_columns[FLOW_COLUMNS] = {
    [FLOW_FLOW_ID] = {.name = "flow_id", .type = KRNI_KEY, .required = true, .meaning = "key"},
    [FLOW_YEAR] = {.name = "year", .type = KRNI_INTEGER, .required = true, .min = 1990,
        .max = 2100, .meaning = "reference year that the flow counts for"},
    [FLOW_PERIOD] = {.name = "period", .type = KRNI_TEXT,
        .meaning = "twelve months that the tonnes were told for, ISO interval; blank = the "
            "calendar year"},
    [FLOW_ORIGIN_COUNTRY] = {.name = "origin_country", .type = KRNI_COUNTRY, .required = true,
        .meaning = "from"},
    [FLOW_DESTINATION_COUNTRY] = {.name = "destination_country", .type = KRNI_COUNTRY,
        .required = true, .meaning = "to"},
    [FLOW_COMMODITY] = {.name = "commodity", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_COMMODITY, .meaning = "goods"},
    [FLOW_TONNES] = {.name = "tonnes", .type = KRNI_NUMBER, .required = true, .min = 0,
        .max = 1e11, .unit = "t", .meaning = "net tonnes a year, above 0"},
    [FLOW_LOT_T] = {.name = "lot_t", .type = KRNI_NUMBER, .required = true, .min = 0, .max = 1e7,
        .unit = "t", .meaning = "one shipment (a train or ship load), above 0"},
    [FLOW_LOADING_UNIT] = {.name = "loading_unit", .type = KRNI_REF,
        .refers = KRN_TABLE_LOADING_UNIT, .meaning = "what it is packed in; blank = loose, or the "
            "unit of the cargo class"},
    [FLOW_DEMAND_IDS] = {.name = "demand_ids", .type = KRNI_REF_LIST,
        .refers = KRN_TABLE_DEMAND, .meaning = "published totals that it was made from"},
    [FLOW_STATISTICS] = {.name = "statistics", .type = KRNI_CHOICE, .required = true,
        .choices = "KZ|IR|other", .meaning = "whose statistics; never mixed in one flow"},
    [FLOW_QUALITY] = {.name = "quality", .type = KRNI_CHOICE, .required = true,
        .choices = "published|derived|estimated",
        .meaning = "how the figures of the row are known"},
    [FLOW_SOURCE_ID] = {.name = "source_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SOURCE, .meaning = "where they come from"},
    [FLOW_ESTIMATED_FIELDS] = {.name = "estimated_fields", .type = KRNI_LIST,
        .meaning = "columns of this row that are estimates whatever quality says; all = every "
            "figure"},
    [FLOW_NOTE] = {.name = "note", .type = KRNI_TEXT,
        .meaning = "how a figure came about, other figures told"},
};

const krni_column krni_flow_place_columns[FLOW_PLACE_COLUMNS] = {
    [FLOW_PLACE_FLOW_PLACE_ID] = {.name = "flow_place_id", .type = KRNI_KEY, .required = true,
        .meaning = "key"},
    [FLOW_PLACE_COUNTRY] = {.name = "country", .type = KRNI_COUNTRY, .required = true,
        .meaning = "country whose flows are spread; that of the place"},
    [FLOW_PLACE_END] = {.name = "end", .type = KRNI_CHOICE, .required = true,
        .choices = "origin|destination", .meaning = "flows that begin, or end there"},
    [FLOW_PLACE_COMMODITY] = {.name = "commodity", .type = KRNI_REF,
        .refers = KRN_TABLE_COMMODITY, .meaning = "blank = any; rows of the commodity go before "
            "rows of its cargo class, these before the others"},
    [FLOW_PLACE_CARGO_CLASS] = {.name = "cargo_class", .type = KRNI_REF,
        .refers = KRN_TABLE_CARGO_CLASS, .meaning = "blank = any; not beside a commodity"},
    [FLOW_PLACE_NODE_ID] = {.name = "node_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_NODE, .meaning = "place"},
    [FLOW_PLACE_WEIGHT] = {.name = "weight", .type = KRNI_NUMBER, .required = true, .min = 0,
        .max = 1e9, .meaning = "share of the flow relative to the other places, above 0"},
    [FLOW_PLACE_QUALITY] = {.name = "quality", .type = KRNI_CHOICE, .required = true,
        .choices = "published|derived|estimated",
        .meaning = "how the figures of the row are known"},
    [FLOW_PLACE_SOURCE_ID] = {.name = "source_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SOURCE, .meaning = "where they come from"},
    [FLOW_PLACE_ESTIMATED_FIELDS] = {.name = "estimated_fields", .type = KRNI_LIST,
        .meaning = "columns of this row that are estimates whatever quality says; all = every "
            "figure"},
    [FLOW_PLACE_NOTE] = {.name = "note", .type = KRNI_TEXT,
        .meaning = "how a figure came about, other figures told"},
};

const krni_column krni_flow_month_columns[FLOW_MONTH_COLUMNS] = {
    [FLOW_MONTH_COMMODITY] = {.name = "commodity", .type = KRNI_REF,
        .refers = KRN_TABLE_COMMODITY, .meaning = "blank = any; the more specific rows win"},
    [FLOW_MONTH_CARGO_CLASS] = {.name = "cargo_class", .type = KRNI_REF,
        .refers = KRN_TABLE_CARGO_CLASS, .meaning = "blank = any; not beside a commodity"},
    [FLOW_MONTH_ORIGIN_COUNTRY] = {.name = "origin_country", .type = KRNI_COUNTRY,
        .meaning = "blank = any"},
    [FLOW_MONTH_MONTH] = {.name = "month", .type = KRNI_INTEGER, .required = true, .min = 1,
        .max = 12, .meaning = "month, 1 = January"},
    [FLOW_MONTH_SHARE] = {.name = "share", .type = KRNI_NUMBER, .required = true, .min = 0,
        .max = 1, .meaning = "share of the year; twelve months sum to 1"},
    [FLOW_MONTH_QUALITY] = {.name = "quality", .type = KRNI_CHOICE, .required = true,
        .choices = "published|derived|estimated",
        .meaning = "how the figures of the row are known"},
    [FLOW_MONTH_SOURCE_ID] = {.name = "source_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SOURCE, .meaning = "where they come from"},
    [FLOW_MONTH_ESTIMATED_FIELDS] = {.name = "estimated_fields", .type = KRNI_LIST,
        .meaning = "columns of this row that are estimates whatever quality says; all = every "
            "figure"},
    [FLOW_MONTH_NOTE] = {.name = "note", .type = KRNI_TEXT,
        .meaning = "how a figure came about, other figures told"},
};

const krni_column krni_fleet_columns[FLEET_COLUMNS] = {
    [FLEET_FLEET_ID] = {.name = "fleet_id", .type = KRNI_KEY, .required = true, .meaning = "key"},
    [FLEET_KIND] = {.name = "kind", .type = KRNI_CHOICE, .required = true,
        .choices = "wagon|locomotive|crew", .meaning = "kind"},
    [FLEET_COUNTRY] = {.name = "country", .type = KRNI_COUNTRY, .required = true,
        .meaning = "railway that has them"},
    [FLEET_GAUGE_MM] = {.name = "gauge_mm", .type = KRNI_INTEGER, .required = true, .min = 600,
        .max = 2000, .unit = "mm", .meaning = "gauge"},
    [FLEET_VEHICLE_ID] = {.name = "vehicle_id", .type = KRNI_REF, .refers = KRN_TABLE_VEHICLE,
        .meaning = "blank = any wagon of the gauge"},
    [FLEET_COUNT] = {.name = "count", .type = KRNI_INTEGER, .required = true, .min = 0,
        .max = 1e8, .meaning = "number in all"},
    [FLEET_CORRIDOR_SHARE] = {.name = "corridor_share", .type = KRNI_NUMBER, .required = true,
        .min = 0, .max = 1, .meaning = "share of them at the disposal of the corridor"},
    [FLEET_QUALITY] = {.name = "quality", .type = KRNI_CHOICE, .required = true,
        .choices = "published|derived|estimated",
        .meaning = "how the figures of the row are known"},
    [FLEET_SOURCE_ID] = {.name = "source_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SOURCE, .meaning = "where they come from"},
    [FLEET_ESTIMATED_FIELDS] = {.name = "estimated_fields", .type = KRNI_LIST,
        .meaning = "columns of this row that are estimates whatever quality says; all = every "
            "figure"},
    [FLEET_NOTE] = {.name = "note", .type = KRNI_TEXT,
        .meaning = "how a figure came about, other figures told"},
};
/* clang-format on */
