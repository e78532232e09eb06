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


CHINA_LON, CHINA_LAT = (73.0, 136.0), (3.0, 54.0)
"""The box around the country's territory, in degrees."""


def in_china(point: Point) -> bool:
    """Is the point inside the country's box?"""
    return CHINA_LON[0] <= point.lon <= CHINA_LON[1] and CHINA_LAT[0] <= point.lat <= CHINA_LAT[1]


_AXIS_M, _FLATNESS = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, as the published conversion has it


def shifted(point: Point) -> Point:
    """WGS-84 to GCJ-02, the offset datum of Chinese map services (the conversion known from eviltransform)."""
    x, y = point.lon - 105.0, point.lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    lat = math.radians(point.lat)
    bend = 1 - _FLATNESS * math.sin(lat) ** 2
    meridian = _AXIS_M * (1 - _FLATNESS) / (bend * math.sqrt(bend))
    parallel = _AXIS_M / math.sqrt(bend) * math.cos(lat)
    return Point(point.lon + math.degrees(east / parallel), point.lat + math.degrees(north / meridian))
