"""Outlines for tests: squares around the cast's district, and files of them."""

import json
from typing import Any

Square = tuple[float, float, float, float]


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square, its lower left corner in degrees."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, geometry: Any, starts_on: str = "2020-12-01", **more: Any) -> dict[str, Any]:
    """One unit's outline as an office's drawing program writes it."""
    properties = {"单位编码": code, "起始日期": starts_on, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any], **more: Any) -> bytes:
    """The file."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()
