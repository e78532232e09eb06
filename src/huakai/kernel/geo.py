"""Places on the globe: WGS-84 degrees, great-circle metres."""

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius


@dataclass(frozen=True)
class Point:
    """Longitude and latitude in WGS-84 degrees."""

    lon: float
    lat: float


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine); enough for walking and dispatch distances."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    d_lat = lat_b - lat_a
    d_lon = math.radians(b.lon - a.lon)
    h = math.sin(d_lat / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(d_lon / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))
