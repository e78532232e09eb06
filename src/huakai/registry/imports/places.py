"""places.csv: venues at units."""

from datetime import datetime

from django.utils.translation import gettext as _

from huakai.kernel.errors import N_
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry.imports.cells import Line, in_chunks, lines_of, refuse_twice, words_of
from huakai.registry.models import Place, Unit
from huakai.registry.queries.vocabulary import vocabulary_at
from huakai.registry.types import Actor

COLUMNS = (
    Column("code", "编码", "Code", True),
    Column(
        "kind", "类型", "Kind", True, N_("centre 中心、institute 所、station 站、base 基地、post_house 驿站")
    ),
    Column("name", "名称", "Name", True),
    Column("unit_code", "单位编码", "Unit code", True),
    Column("parent_code", "上级编码", "Parent code", hint=N_("上级阵地的编码")),
    Column("address", "地址", "Address"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
    Column("starts_on", "起始日期", "Starts on", True),
)
CHANGEABLE = ("kind", "name", "unit_id", "address", "lon", "lat", "starts_on")


def import_places(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Venues by code."""
    lines, problems = lines_of(table, COLUMNS)
    units = Unit.objects.in_bulk({line.values.get("unit_code", "") for line in lines}, field_name="code")
    known = Place.objects.select_related("parent").in_bulk(
        {
            code
            for line in lines
            for code in (line.values.get("code", ""), line.values.get("parent_code", ""))
        },
        field_name="code",
    )
    rows = [(line, _row(line, units, by)) for line in lines]
    refuse_twice(((line, row.code) for line, row in rows), "code")
    there = {*known, *(row.code for _, row in rows)}
    for line, _row_of in rows:
        parent = line.text("parent_code", most=24)
        if parent and parent not in there:
            line.refuse("parent_code", _("没有编码为 {key} 的阵地"), key=parent)
    new = [(line, row) for line, row in rows if row.code not in known]
    updated = [
        (line, known[row.code])
        for line, row in rows
        if row.code in known and _change(line, known[row.code], row)
    ]
    if not dry_run and not problems.found:
        _write(new, updated, now)
    if progress:
        progress(len(rows), len(rows))
    return ImportReport(
        kind="places",
        rows=len(rows),
        created=len(new),
        updated=len(updated),
        unchanged=len(rows) - len(new) - len(updated),
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _row(line: Line, units: dict[str, Unit], by: Actor) -> Place:
    unit_code = line.needed("unit_code", most=24)
    unit = units.get(unit_code)
    if unit_code and unit is None:
        line.refuse("unit_code", _("没有编码为 {key} 的单位"), key=unit_code)
    elif unit_code and not by.may("import.run", unit_code):
        line.refuse("unit_code", _("不在您管理的范围内"))
    book = vocabulary_at(unit_code)
    kind = line.term("kind", words_of(book.place_kinds), needed=True)
    fits = next((k.at for k in book.place_kinds if k.code == kind), ())
    if unit is not None and fits and unit.kind not in fits:
        line.refuse("kind", _("这种阵地不能设在该单位"))
    lon, lat = line.point()
    return Place(
        code=line.needed("code", most=24),
        kind=kind,
        name=line.needed("name"),
        unit=unit,
        address=line.text("address", most=120),
        lon=lon,
        lat=lat,
        starts_on=line.needed_day("starts_on"),
    )


def _change(line: Line, old: Place, row: Place) -> bool:
    same_parent = (old.parent.code if old.parent else "") == line.text("parent_code")
    if same_parent and all(getattr(old, name) == getattr(row, name) for name in CHANGEABLE):
        return False
    for name in CHANGEABLE:
        setattr(old, name, getattr(row, name))
    return True


def _write(new: list[tuple[Line, Place]], updated: list[tuple[Line, Place]], now: datetime) -> None:
    for _line, row in new:
        row.pk = new_id(now)
    keys = dict(Place.objects.values_list("code", "pk")) | {row.code: row.pk for _line, row in new}
    for line, row in [*new, *updated]:
        code = line.text("parent_code")
        row.parent_id = keys[code] if code else None
    for chunk in in_chunks([row for _line, row in new]):
        Place.objects.bulk_create(chunk)
    Place.objects.bulk_update([row for _line, row in updated], [*_columns(), "parent"], batch_size=500)


def _columns() -> list[str]:
    return [name.removesuffix("_id") for name in CHANGEABLE]


register_importer(Importer("places", "阵地", "Places", import_places, COLUMNS, order=20))
