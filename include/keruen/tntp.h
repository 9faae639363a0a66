/* tntp.h - networks and trip tables in the TNTP format of the public test networks.
 *
 *   <NUMBER OF ZONES> 24 ... <END OF METADATA>
 *   init term capacity length free_flow_time b power speed toll type ;
 *
 *   units      the file's own: flow per period, time, length, toll; nothing is converted
 *   ownership  lists live in the caller's arena
 *   errors     KRN_E_IO, KRN_E_DATA (faults with file, line, column), KRN_E_LIMIT, KRN_E_MEMORY
 *   bounds     a million nodes, four million links, 512 MiB a file, 100 million trips
 */
#ifndef KERUEN_TNTP_H
#define KERUEN_TNTP_H

#include <stdint.h>

#include <keruen/io.h>

#ifdef __cplusplus
extern "C" {
#endif

/* time = free_time * (1 + factor * (flow / capacity)^power) */
typedef struct krn_tntp_link {
    uint32_t tail, head; /* 0-based */
    double capacity;     /* flow, > 0 where factor and power are */
    double length;
    double free_time;
    double factor, power;
    double toll;
} krn_tntp_link;

typedef struct krn_tntp_trip {
    uint32_t origin, destination; /* 0-based zones */
    double flow;                  /* > 0 */
} krn_tntp_trip;

typedef struct krn_tntp {
    uint32_t n_zones, n_nodes, n_links, n_trips;
    uint32_t first_through; /* 0-based: nodes below are only ends of trips */
    krn_tntp_link *links;   /* as in the file */
    krn_tntp_trip *trips;   /* as in the file, none of flow 0 */
    double total_flow;      /* of the trips */
    double stated_flow;     /* <TOTAL OD FLOW>; NaN: not stated */
    double toll_weight;     /* <TOLL FACTOR>, <DISTANCE FACTOR>: units of time; NaN: not stated */
    double length_weight;
} krn_tntp;

/* Reads a network and its trips, whole or not at all; faults may be NULL. O(bytes). */
KRN_API krn_status krn_tntp_read(const char *net_path, const char *trips_path, krn_faults *faults,
                                 krn_arena *arena, krn_tntp *out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
