"""shapes.geojson: outlines of units, a FeatureCollection in WGS-84 degrees; one feature is one line."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from shapely import Geometry

from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.geo import Point
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry import queries
from huakai.registry.imports.cells import Line, in_chunks, lines_of
from huakai.registry.models import AreaShape, Unit
from huakai.registry.rules import shapes
from huakai.registry.types import Actor

MAX_BYTES = 20 * 1024 * 1024
MAX_FEATURES = 20_000
COLUMNS = (
    Column("code", "单位编码", "Unit code", True),
    Column("starts_on", "起始日期", "Starts on", True),
    Column("ends_on", "终止日期", "Ends on"),
    Column("source", "来源", "Source"),
    Column("geometry", "图形", "Outline", True),
)
NAMES = {name: c.code for c in COLUMNS for name in (c.code, c.title, c.title_en)} | {"unit_code": "code"}
DATUMS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
"""WGS-84, and CGCS2000, which is the same to within centimetres."""


@dataclass
class Wanted:
    """An outline as it shall stand: of a line of the file, or one that is there already."""

    unit: Unit
    starts_on: date
    ends_on: date | None
    source: str
    geometry: Mapping[str, Any]
    line: Line | None = None
    row: AreaShape | None = None

    @property
    def differs(self) -> bool:
        """Does it have to be written?"""
        row = self.row
        return row is None or any(getattr(row, name) != getattr(self, name) for name in CHANGEABLE)


CHANGEABLE = ("ends_on", "source", "geometry")


def import_shapes(
    *, data: bytes, name: str, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Outlines by unit and first day. A new outline ends the open one before it."""
    features = _features(data)
    table = Table((), tuple((at, _values(each)) for at, each in enumerate(features, start=1)))
    lines, problems = lines_of(table, COLUMNS)
    units = Unit.objects.in_bulk({line.values.get("code", "") for line in lines}, field_name="code")
    outlines = {line.number: _outline(line, each) for line, each in zip(lines, features, strict=True)}
    wanted = [each for line in lines if (each := _wanted(line, units, outlines[line.number], by))]
    _refuse_shifted(wanted, outlines)
    planned = _in_time(wanted)
    mine = [each for each in planned if each.line]
    if not dry_run and not problems.found:
        _write([each for each in planned if each.differs], now)
    if progress:
        progress(len(lines), len(lines))
    created = sum(each.row is None for each in mine)
    updated = sum(each.row is not None and each.differs for each in mine)
    return ImportReport(
        kind="shapes",
        rows=len(lines),
        created=created,
        updated=updated,
        unchanged=len(mine) - created - updated,
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _features(data: bytes) -> list[dict[str, Any]]:
    """The features of the file; RuleBroken when it is no FeatureCollection in WGS-84."""
    if len(data) > MAX_BYTES:
        message = N_("文件太大：不超过 {mb} MB")
        raise RuleBroken("file_too_big", message, field="file", mb=MAX_BYTES >> 20)
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        message = N_("文件不是 GeoJSON（UTF-8 编码的 JSON）")
        raise RuleBroken("file_unreadable", message, field="file") from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        message = N_("文件应是 GeoJSON 的 FeatureCollection，每个单位一个 Feature")
        raise RuleBroken("file_unreadable", message, field="file")
    if not features:
        raise RuleBroken("file_empty", N_("文件里没有 Feature"), field="file")
    if len(features) > MAX_FEATURES:
        message = N_("行数太多：不超过 {most} 行，请分开导入")
        raise RuleBroken("too_many_rows", message, field="file", most=MAX_FEATURES)
    _refuse_datum(found.get("crs"))
    return features


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _refuse_datum(crs: Any) -> None:
    """A file that names its coordinate system must name ours; RFC 7946 knows no other."""
    if crs and not any(json.dumps(crs).upper().replace('"', " ").rstrip(" }").endswith(d) for d in DATUMS):
        message = N_("文件声明的坐标系不是 WGS-84，请转换为 WGS-84（EPSG:4326）后再导入")
        raise RuleBroken("shape_datum", message, field="file")


def _values(feature: Mapping[str, Any]) -> dict[str, str]:
    """Properties as the cells of a row."""
    given = feature.get("properties")
    cells = given.items() if isinstance(given, dict) else ()
    return {
        NAMES[key]: "" if value is None else str(value).replace("\x00", "").strip()
        for key, value in cells
        if key in NAMES
    }


def _outline(line: Line, feature: Mapping[str, Any]) -> Geometry | None:
    try:
        return shapes.outline_of(feature.get("geometry"))
    except RuleBroken as wrong:
        line.refuse("geometry", _(wrong.message), **wrong.params)
        return None


def _wanted(line: Line, units: Mapping[str, Unit], outline: Geometry | None, by: Actor) -> Wanted | None:
    """What the line asks for; None when something on it is refused."""
    code = line.needed("code", most=24)
    unit = units.get(code)
    starts_on, ends_on = line.needed_day("starts_on"), line.day("ends_on")
    source = line.text("source", most=120)
    if unit is None:
        if code:
            line.refuse("code", _("没有编码为 {key} 的单位"), key=code)
        return None
    if not by.may("import.run", code):
        line.refuse("code", _("不在您管理的范围内"))
    if date.min < starts_on < unit.starts_on:
        line.refuse("starts_on", _("单位自 {day} 起才有，图形不能更早"), day=unit.starts_on.isoformat())
    if ends_on is not None and ends_on <= starts_on:
        line.refuse("ends_on", _("终止日期要晚于起始日期"))
        return None
    if outline is None:
        return None
    return Wanted(unit, starts_on, ends_on, source, shapes.geojson_of(outline), line)


def _refuse_shifted(wanted: Iterable[Wanted], outlines: Mapping[int, Geometry | None]) -> None:
    """Outlines that hold their unit's known point only when taken as GCJ-02, if the file as a whole says so."""
    suspects, plain = [], 0
    for each in wanted:
        outline = outlines[each.line.number] if each.line else None
        if each.line is None or outline is None or each.unit.lon is None or each.unit.lat is None:
            continue
        point = Point(each.unit.lon, each.unit.lat)
        as_is, moved = shapes.covers(outline, point), shapes.covers(shapes.unshifted(outline), point)
        plain += as_is and not moved
        if moved and not as_is:
            suspects.append(each.line)
    if len(suspects) > plain:
        for line in suspects:
            message = _("像是 GCJ-02（火星坐标）：偏离该单位已知位置约五百米，请先转换为 WGS-84")
            line.refuse("geometry", message)


def _in_time(wanted: Sequence[Wanted]) -> list[Wanted]:
    """All outlines of the units of the file, old and new, one after the other; overlaps are refused."""
    by_unit: dict[Any, dict[date, Wanted]] = {}
    units = {each.unit.pk: each.unit for each in wanted}
    for row in AreaShape.objects.filter(unit__in=units):
        old = Wanted(units[row.unit_id], row.starts_on, row.ends_on, row.source, row.geometry, row=row)
        by_unit.setdefault(row.unit_id, {})[row.starts_on] = old
    for each in wanted:
        days = by_unit.setdefault(each.unit.pk, {})
        before = days.get(each.starts_on)
        if before and before.line and each.line:
            each.line.refuse("starts_on", _("与第 {line} 行重复"), line=before.line.number)
        each.row = before.row if before else None
        days[each.starts_on] = each
    for days in by_unit.values():
        _end_in_turn([days[day] for day in sorted(days)])
    return [each for days in by_unit.values() for each in days.values()]


def _end_in_turn(outlines: list[Wanted]) -> None:
    for before, after in pairwise(outlines):
        if before.ends_on is None and after.line:
            before.ends_on = after.starts_on
        if before.ends_on is None or before.ends_on > after.starts_on:
            line = after.line or before.line
            other = before if after.line else after
            if line:
                line.refuse("starts_on", _("与 {day} 起的图形时间重叠"), day=other.starts_on.isoformat())


def _write(planned: list[Wanted], now: datetime) -> None:
    """Changed ones first, so that an outline has ended when the next one begins."""
    changed = [each for each in planned if each.row is not None]
    for each in changed:
        for name in (*CHANGEABLE, "changed_at"):
            setattr(each.row, name, now if name == "changed_at" else getattr(each, name))
    rows = [each.row for each in changed if each.row is not None]
    AreaShape.objects.bulk_update(rows, [*CHANGEABLE, "changed_at"], batch_size=200)
    new = [
        AreaShape(
            id=new_id(now),
            unit=each.unit,
            starts_on=each.starts_on,
            changed_at=now,
            **{name: getattr(each, name) for name in CHANGEABLE},
        )
        for each in planned
        if each.row is None
    ]
    for chunk in in_chunks(new, 200):
        AreaShape.objects.bulk_create(chunk)
    queries.forget_shapes()


register_importer(
    Importer(
        "shapes",
        "单位范围（图形）",
        "Outlines of units",
        import_shapes,
        whole_file=True,
        order=15,
        accept=".geojson,.json",
        hint=N_("GeoJSON 的 FeatureCollection，WGS-84 坐标；属性：单位编码、起始日期、终止日期、来源"),
    )
)
