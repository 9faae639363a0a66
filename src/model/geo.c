/* SPDX-License-Identifier: Apache-2.0 */
/* geo.c - the one formula on the sphere that tables need. */
#include <math.h>

#include <keruen/connectivity.h>

#define MEAN_RADIUS_KM     6371.0088 /* IUGG mean radius */
#define RADIANS_PER_DEGREE 0.017453292519943295

double krn_great_circle_km(double lat_a_deg, double lon_a_deg, double lat_b_deg, double lon_b_deg)
{
    const double a = lat_a_deg * RADIANS_PER_DEGREE, b = lat_b_deg * RADIANS_PER_DEGREE;
    const double up = sin((b - a) / 2);
    const double across = sin((lon_b_deg - lon_a_deg) * RADIANS_PER_DEGREE / 2);
    const double h = up * up + cos(a) * cos(b) * across * across;
    return 2 * MEAN_RADIUS_KM * asin(h < 1 ? sqrt(h) : 1.0);
}
