/* connectivity.h - what hangs together in a package, and its lengths against published ones.
 *
 * Only links in service count, so pass a scenario of the day in question, not the base tables.
 *
 *   ownership  lists live in the caller's arena
 *   errors     KRN_E_MEMORY only
 */
#ifndef KERUEN_CONNECTIVITY_H
#define KERUEN_CONNECTIVITY_H

#include <keruen/arena.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Length of the great circle between two points, on a sphere of 6371.0088 km radius. */
KRN_API double krn_great_circle_km(double lat_a_deg, double lon_a_deg, double lat_b_deg,
                                   double lon_b_deg);

/* The links in service of one mode, railways by gauge. */
typedef struct krn_connectivity {
    krn_mode mode;
    int gauge_mm; /* of a railway, else 0 */
    uint32_t n_links;
    double length_km;
    uint32_t n_nodes; /* that such a link touches */
    uint32_t n_parts; /* that do not hang together */
    uint32_t largest; /* nodes of the largest part */
    /* Nodes outside the largest part, ascending by row. */
    uint32_t n_apart;
    const uint32_t *apart;
} krn_connectivity;

/* Railways by gauge ascending, then road, then sea; those without links are left out. */
KRN_API krn_status krn_connectivity_find(const krn_package *package, krn_arena *arena,
                                         uint32_t *out_n, const krn_connectivity **out,
                                         krn_error *err);

/* One row of rail_check.csv: the published length and the shortest way of ours through its
 * stations, over railways in service of any gauge. */
typedef struct krn_rail_check {
    uint32_t row;
    double published_km;
    double ours_km;    /* our way plus extra_km; NaN when there is no way */
    double off_share;  /* (ours - published) / published; NaN when there is no way */
    uint32_t from, to; /* node rows of the first pair without a way, or KRN_NO_ROW */
} krn_rail_check;

/* In the order of rail_check.csv. O(rows * links * log nodes). */
KRN_API krn_status krn_rail_checks(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                                   const krn_rail_check **out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
