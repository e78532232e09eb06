"""Outlines on the globe: GeoJSON read and judged, and which of many outlines a point lies in. WGS-84 degrees."""

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely import Geometry, STRtree
from shapely.geometry import shape
from shapely.validation import explain_validity

from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.geo import Point, in_china, shifted

MOST_CORNERS = 20_000
KINDS = ("Polygon", "MultiPolygon")


def outline_of(geometry: Any) -> Geometry:
    """The outline a GeoJSON geometry describes, without heights. RuleBroken says in words what is wrong with it."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in KINDS:
        message = N_("图形应为 Polygon 或 MultiPolygon（面），不能是点或线")
        raise RuleBroken("shape_kind", message, field="geometry")
    try:
        found = shapely.force_2d(shape(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        message = N_("图形的坐标读不出来：每个环至少要有四个 [经度, 纬度]，首尾相同")
        raise RuleBroken("shape_unreadable", message, field="geometry") from None
    _refuse_far_away(found)
    if not found.is_valid:
        reason, _, where = explain_validity(found).rstrip("]").partition("[")
        words = INVALID.get(reason.strip(), N_("图形不合规则（{reason}），位置 {where}"))
        raise RuleBroken("shape_invalid", words, field="geometry", reason=reason.strip(), where=where or "?")
    return found


INVALID = {
    "Self-intersection": N_("图形的边自己相交，位置 {where}，请在制图软件里修正"),
    "Ring Self-intersection": N_("图形的边自己相交，位置 {where}，请在制图软件里修正"),
    "Nested shells": N_("图形的一块落在另一块里面，位置 {where}"),
    "Hole lies outside shell": N_("图形的洞落在外边界之外，位置 {where}"),
    "Interior is disconnected": N_("图形的内部被洞切断，位置 {where}"),
}


def _refuse_far_away(found: Geometry) -> None:
    """Empty, too many corners, metres for degrees, latitude first, another country."""
    corners = shapely.get_coordinates(found)
    if not len(corners):
        raise RuleBroken("shape_empty", N_("图形是空的"), field="geometry")
    if len(corners) > MOST_CORNERS:
        message = N_("图形有 {count} 个折点，不能超过 {most} 个，请先简化")
        raise RuleBroken("shape_too_fine", message, field="geometry", count=len(corners), most=MOST_CORNERS)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    if not np.isfinite(corners).all() or max(abs(west), abs(east), abs(south), abs(north)) > 180:
        message = N_("坐标不是经纬度，像是以米为单位的投影坐标，请转换为 WGS-84 经纬度")
        raise RuleBroken("shape_not_degrees", message, field="geometry")
    ends = Point(west, south), Point(east, north)
    if all(in_china(end) for end in ends):
        return
    if all(in_china(Point(end.lat, end.lon)) for end in ends):
        message = N_("经度和纬度写反了：GeoJSON 里经度在前，如 [117.56, 34.86]")
        raise RuleBroken("shape_swapped", message, field="geometry")
    message = N_("图形不在中国范围内（{lon}, {lat}），请检查坐标")
    raise RuleBroken(
        "shape_abroad", message, field="geometry", lon=round(float(west), 4), lat=round(float(south), 4)
    )


def geojson_of(outline: Geometry) -> dict[str, Any]:
    """The outline as it is stored: the same outline is always the same text."""
    found: dict[str, Any] = json.loads(shapely.to_geojson(outline))
    return found


def unshifted(outline: Geometry) -> Geometry:
    """The outline as it would lie if its degrees were GCJ-02 (to within some metres)."""

    def back(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        moved = [shifted(Point(lon, lat)) for lon, lat in corners]
        found: np.ndarray[Any, Any] = 2 * corners - np.array([(p.lon, p.lat) for p in moved])
        return found

    return shapely.transform(outline, back)


def covers(outline: Geometry, point: Point) -> bool:
    """Does the point lie in the outline or on its edge?"""
    return bool(shapely.intersects_xy(outline, point.lon, point.lat))


@dataclass(frozen=True)
class Outlined:
    """An outline of something with a code, from one day to another (half-open)."""

    code: str
    kind: str
    outline: Geometry
    starts_on: date
    ends_on: date | None = None


class Outlines:
    """Many outlines to look points up in. Built once, read by any number of threads."""

    def __init__(self, outlined: Sequence[Outlined]) -> None:
        self._outlined = tuple(outlined)
        shapes = [each.outline for each in self._outlined]
        shapely.prepare(shapes)
        self._areas = [float(area) for area in shapely.area(shapes)]
        self._tree = STRtree(shapes)

    def code_at(self, point: Point, on: date, kinds: Collection[str] | None = None) -> str:
        """The smallest outline of that day the point lies in; empty when there is none.

        A point on the edge between outlines of one kind belongs to the smallest code, always the same.
        """
        if not (math.isfinite(point.lon) and math.isfinite(point.lat)):
            return ""
        found = [at for at in self._near(point) if self._counts(at, on, kinds)]
        if not found:
            return ""
        kind = self._outlined[min(found, key=self._size)].kind
        alike = [at for at in found if self._outlined[at].kind == kind]
        inside = [at for at in alike if self._holds(at, point)]
        best = min(inside, key=self._size) if inside else min(alike, key=self._code)
        return self._outlined[best].code

    def _near(self, point: Point) -> list[int]:
        near: list[int] = self._tree.query(shapely.Point(point.lon, point.lat)).tolist()
        return [at for at in near if covers(self._outlined[at].outline, point)]

    def _counts(self, at: int, on: date, kinds: Collection[str] | None) -> bool:
        each = self._outlined[at]
        lives = each.starts_on <= on and (each.ends_on is None or on < each.ends_on)
        return lives and (kinds is None or each.kind in kinds)

    def _holds(self, at: int, point: Point) -> bool:
        return bool(shapely.contains_xy(self._outlined[at].outline, point.lon, point.lat))

    def _size(self, at: int) -> tuple[float, str]:
        return self._areas[at], self._outlined[at].code

    def _code(self, at: int) -> str:
        return self._outlined[at].code
