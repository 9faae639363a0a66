/* package_check.h - checks over the rows of a package that was read. */
#ifndef IO_PACKAGE_CHECK_H
#define IO_PACKAGE_CHECK_H

#include "io/package_read.h"

/* Reports a fault of a cell of the package by its row's file and line. */
void krni_fault_at(krn_faults *faults, const krn_package *package, krn_table table, uint32_t row,
                   int column, const char *value, const char *expected);

/* Every row for itself, duplicates, lengths and geometry, timetable, measures. */
krn_status krni_check_package(const krn_package *package, krn_faults *faults, krn_error *err);

/* timetable_check.c: calls of trips in order, joined by links. */
krn_status krni_check_timetable(const krn_package *package, krn_faults *faults, krn_error *err);

/* datapackage_check.c: valid JSON that lists the tables as they are. */
krn_status krni_check_datapackage(const krni_reading *reading, krn_error *err);

/* Flows find places at both ends; shares of months sum to 1. O(rows * log rows). */
krn_status krni_check_flows(const krn_package *package, krn_faults *faults, krn_error *err);

#endif
