/* tntp_read.h - TNTP texts in memory, for krn_tntp_read, tests and fuzz targets. */
#ifndef IO_TNTP_READ_H
#define IO_TNTP_READ_H

#include <keruen/tntp.h>

typedef struct krni_tntp_text {
    const char *name; /* stands in faults */
    const char *text;
    size_t size;
} krni_tntp_text;

krn_status krni_tntp_read_text(krni_tntp_text net, krni_tntp_text trips, krn_faults *faults,
                               krn_arena *arena, krn_tntp *out, krn_error *err);

#endif
