"""Which unit a point lies in, by the outlines of a day. The outlines are kept per process."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max
from shapely.geometry import shape

from huakai.kernel.geo import Point
from huakai.registry.models import AreaShape
from huakai.registry.queries.units import unit_by_code
from huakai.registry.rules.shapes import Outlined, Outlines
from huakai.registry.types import UnitCard

RECHECK_SECONDS = 2.0
Stamp = tuple[Any, ...]


@dataclass(frozen=True)
class _Kept:
    """What this process has read, how the table stood then, and when it was last compared."""

    stamp: Stamp
    outlines: Outlines
    checked_at: float


_kept: list[_Kept] = []


def forget_shapes() -> None:
    """Look the outlines up afresh next time (after an import, and in tests)."""
    _kept.clear()


def unit_at(lon: float, lat: float, on: date, kinds: Collection[str] | None = None) -> UnitCard | None:
    """The smallest unit (of some kinds only) whose outline on that day holds the point, WGS-84 degrees."""
    code = code_at(lon, lat, on, kinds)
    return unit_by_code(code) if code else None


def code_at(lon: float, lat: float, on: date, kinds: Collection[str] | None = None) -> str:
    """The same as a code, for lists: at most one query every two seconds. Empty when no outline holds it."""
    return _outlines().code_at(Point(lon, lat), on, kinds)


def _outlines() -> Outlines:
    """Read again when the table has changed; another process's import is noticed within two seconds."""
    moment = time.monotonic()
    if _kept and moment - _kept[0].checked_at < RECHECK_SECONDS:
        return _kept[0].outlines
    stamp = _stamp()
    kept = _kept[0] if _kept and _kept[0].stamp == stamp else None
    _kept[:] = [_Kept(stamp, kept.outlines if kept else _read(), moment)]
    return _kept[0].outlines


def _stamp() -> Stamp:
    """How the table stands: rows, newest change, and the ends of the units themselves."""
    found = AreaShape.objects.aggregate(
        n=Count("pk"), at=Max("changed_at"), ended=Count("unit__ends_on"), last=Max("unit__ends_on")
    )
    return tuple(found.values())


def _read() -> Outlines:
    rows = AreaShape.objects.values_list(
        "unit__code", "unit__kind", "geometry", "starts_on", "ends_on", "unit__ends_on"
    )
    return Outlines(
        [
            Outlined(code, kind, shape(geometry), starts_on, _earlier(ends_on, unit_ends_on))
            for code, kind, geometry, starts_on, ends_on, unit_ends_on in rows.iterator(chunk_size=500)
        ]
    )


def _earlier(one: date | None, other: date | None) -> date | None:
    """An outline ends with its unit."""
    return min((day for day in (one, other) if day is not None), default=None)
