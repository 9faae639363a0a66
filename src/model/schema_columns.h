/* schema_columns.h - the columns of every table, for schema.c. */
#ifndef MODEL_SCHEMA_COLUMNS_H
#define MODEL_SCHEMA_COLUMNS_H

#include "model/schema.h"

extern const krni_column krni_config_columns[CONFIG_COLUMNS];
extern const krni_column krni_source_columns[SOURCE_COLUMNS];
extern const krni_column krni_timezone_columns[TIMEZONE_COLUMNS];
extern const krni_column krni_currency_columns[CURRENCY_COLUMNS];
extern const krni_column krni_calendar_columns[CALENDAR_COLUMNS];
extern const krni_column krni_holiday_columns[HOLIDAY_COLUMNS];
extern const krni_column krni_node_columns[NODE_COLUMNS];
extern const krni_column krni_port_columns[PORT_COLUMNS];
extern const krni_column krni_link_columns[LINK_COLUMNS];
extern const krni_column krni_season_columns[SEASON_COLUMNS];
extern const krni_column krni_spread_columns[SPREAD_COLUMNS];
extern const krni_column krni_cargo_class_columns[CARGO_CLASS_COLUMNS];
extern const krni_column krni_commodity_columns[COMMODITY_COLUMNS];
extern const krni_column krni_loading_unit_columns[LOADING_UNIT_COLUMNS];
extern const krni_column krni_vehicle_columns[VEHICLE_COLUMNS];
extern const krni_column krni_border_columns[BORDER_COLUMNS];
extern const krni_column krni_gauge_change_columns[GAUGE_CHANGE_COLUMNS];
extern const krni_column krni_operation_columns[OPERATION_COLUMNS];
extern const krni_column krni_tariff_columns[TARIFF_COLUMNS];
extern const krni_column krni_emission_columns[EMISSION_COLUMNS];
extern const krni_column krni_rule_columns[RULE_COLUMNS];
extern const krni_column krni_visa_columns[VISA_COLUMNS];
extern const krni_column krni_regime_columns[REGIME_COLUMNS];
extern const krni_column krni_sanction_columns[SANCTION_COLUMNS];
extern const krni_column krni_demand_columns[DEMAND_COLUMNS];
extern const krni_column krni_flow_columns[FLOW_COLUMNS];
extern const krni_column krni_flow_place_columns[FLOW_PLACE_COLUMNS];
extern const krni_column krni_flow_month_columns[FLOW_MONTH_COLUMNS];
extern const krni_column krni_fleet_columns[FLEET_COLUMNS];
extern const krni_column krni_place_crosswalk_columns[PLACE_CROSSWALK_COLUMNS];
extern const krni_column krni_rail_check_columns[RAIL_CHECK_COLUMNS];
extern const krni_column krni_agency_columns[AGENCY_COLUMNS];
extern const krni_column krni_stops_columns[STOPS_COLUMNS];
extern const krni_column krni_routes_columns[ROUTES_COLUMNS];
extern const krni_column krni_trips_columns[TRIPS_COLUMNS];
extern const krni_column krni_stop_times_columns[STOP_TIMES_COLUMNS];
extern const krni_column krni_service_calendar_columns[SERVICE_CALENDAR_COLUMNS];
extern const krni_column krni_calendar_dates_columns[CALENDAR_DATES_COLUMNS];
extern const krni_column krni_frequencies_columns[FREQUENCIES_COLUMNS];
extern const krni_column krni_booking_rules_columns[BOOKING_RULES_COLUMNS];
extern const krni_column krni_feed_info_columns[FEED_INFO_COLUMNS];
extern const krni_column krni_trip_columns[TRIP_COLUMNS];
extern const krni_column krni_measure_columns[MEASURE_COLUMNS];

#endif
