/* trace_columns.h - the columns of a trace in their order: what is written and what is read. */
#ifndef IO_TRACE_COLUMNS_H
#define IO_TRACE_COLUMNS_H

#include <keruen/io.h>

enum {
    KRNI_TRACE_CASE,
    KRNI_TRACE_ACTIVITY,
    KRNI_TRACE_TIMESTAMP,
    KRNI_TRACE_LIFECYCLE,
    KRNI_TRACE_FROM,
    KRNI_TRACE_TO,
    KRNI_TRACE_RESOURCE,
    KRNI_TRACE_CAUSE,
    KRNI_TRACE_COMMODITY,
    KRNI_TRACE_TONNES,
    KRNI_TRACE_RELATION,
    KRNI_TRACE_WAY,
    KRNI_TRACE_COLUMNS
};

const char *krni_trace_column_name(unsigned column);

#endif
