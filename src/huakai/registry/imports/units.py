"""units.csv: the tree of units, parents before children whatever the order of the rows."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from huakai.kernel.errors import N_
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry import rules
from huakai.registry.definitions import RegistryBook
from huakai.registry.imports.cells import Line, in_chunks, lines_of, refuse_twice, words_of
from huakai.registry.models import Unit
from huakai.registry.queries.vocabulary import vocabulary_at
from huakai.registry.types import Actor

COLUMNS = (
    Column(
        "code", "编码", "Code", True, N_("统计用区划代码；下级以上级开头，部门 370402D01、集团 370402G01")
    ),
    Column("name", "名称", "Name", True),
    Column("short_name", "简称", "Short name"),
    Column(
        "kind",
        "类型",
        "Kind",
        True,
        N_("district 区、town 镇、street 街道、village 村、community 社区、department 部门…"),
    ),
    Column(
        "group", "分组", "Group", hint=N_("通报分组：town 镇、street 街道、department 区直部门、company 集团")
    ),
    Column("parent_code", "上级编码", "Parent code"),
    Column("print_order", "排序", "Print order"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
    Column("starts_on", "起始日期", "Starts on", True),
    Column("ends_on", "终止日期", "Ends on"),
    Column("aliases", "别名", "Aliases", hint=N_("多个用、隔开")),
)
CHANGEABLE = (
    "name", "short_name", "aliases", "kind", "group", "print_order", "lon", "lat", "starts_on", "ends_on",
)  # fmt: skip


def import_units(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Units by code: new ones are added, changed ones updated, the rest left alone."""
    lines, problems = lines_of(table, COLUMNS)
    rows = [(line, _row(line, by)) for line in lines]
    refuse_twice(((line, row.code) for line, row in rows), "code")
    known = {u.code: u for u in Unit.objects.select_related("parent").all()}
    wanted = {**known, **{row.code: row for _, row in rows}}
    for line, row in rows:
        _check(line, row, wanted)
    _check_below(rows, known, wanted)
    new = [row for _, row in rows if row.code not in known]
    changed = [_changed(known[row.code], row) for _, row in rows if row.code in known]
    updated = [unit for unit in changed if unit is not None]
    if not dry_run and not problems.found:
        _write(new, updated, wanted, now)
    if progress:
        progress(len(rows), len(rows))
    return ImportReport(
        kind="units",
        rows=len(rows),
        created=len(new),
        updated=len(updated),
        unchanged=len(rows) - len(new) - len(updated),
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _row(line: Line, by: Actor) -> Unit:
    code = line.needed("code", most=24)
    if code and not by.may("import.run", code):
        line.refuse("code", _("不在您管理的范围内"))
    book: RegistryBook = vocabulary_at(code)
    lon, lat = line.point()
    unit = Unit(
        code=code,
        name=line.needed("name"),
        short_name=line.text("short_name", most=40),
        kind=line.term("kind", words_of(book.unit_kinds), needed=True),
        group=line.term("group", words_of(book.groups), needed=False),
        print_order=line.whole("print_order", default=0),
        lon=lon,
        lat=lat,
        starts_on=line.needed_day("starts_on"),
        ends_on=line.day("ends_on"),
        aliases=list(line.many("aliases")),
    )
    unit.parent_code = line.text("parent_code", most=24)  # type: ignore[attr-defined]
    return unit


def _check(line: Line, row: Unit, wanted: Mapping[str, Unit]) -> None:
    code: str = row.parent_code  # type: ignore[attr-defined]
    parent = wanted.get(code) if code else None
    if code and parent is None:
        line.refuse("parent_code", _("没有编码为 {key} 的单位"), key=code)
        return
    if not row.code or not row.kind or row.starts_on == date.min:
        return
    facts = rules.UnitFacts(
        code=row.code,
        kind=row.kind,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        parent_code=parent.code if parent else "",
        parent_kind=parent.kind if parent else "",
        parent_starts_on=parent.starts_on if parent else None,
        parent_ends_on=parent.ends_on if parent else None,
    )
    wrong = rules.unit_problem(facts, {k.code: k for k in vocabulary_at(row.code).unit_kinds})
    if wrong:
        line.refuse(wrong[0], _(wrong[1]))


def _check_below(
    rows: list[tuple[Line, Unit]], known: Mapping[str, Unit], wanted: Mapping[str, Unit]
) -> None:
    """Units the file does not name must still fit under those it changes."""
    lines = {row.code: line for line, row in rows}
    for code, unit in known.items():
        above = unit.parent.code if unit.parent else ""
        if code in lines or above not in lines:
            continue
        parent = wanted[above]
        too_early = unit.starts_on < parent.starts_on
        if too_early or (parent.ends_on and (unit.ends_on is None or unit.ends_on > parent.ends_on)):
            field = "starts_on" if too_early else "ends_on"
            lines[above].refuse(field, _("下级单位“{name}”的起止日期会超出它"), name=unit.name)


def _changed(old: Unit, row: Unit) -> Unit | None:
    same_parent = (old.parent.code if old.parent else "") == row.parent_code  # type: ignore[attr-defined]
    if same_parent and all(getattr(old, name) == getattr(row, name) for name in CHANGEABLE):
        return None
    for name in CHANGEABLE:
        setattr(old, name, getattr(row, name))
    old.parent_code = row.parent_code  # type: ignore[attr-defined]
    return old


def _write(new: list[Unit], updated: list[Unit], wanted: Mapping[str, Unit], now: datetime) -> None:
    keys = {u.code: u.pk for u in Unit.objects.only("code")}
    for row in new:
        row.pk = keys[row.code] = new_id(now)
    for row in [*new, *updated]:
        code: str = row.parent_code  # type: ignore[attr-defined]
        row.parent_id = keys[code] if code else None
    for chunk in in_chunks(sorted(new, key=lambda u: (len(u.code), u.code))):
        Unit.objects.bulk_create(chunk)
    if updated:
        Unit.objects.bulk_update(updated, [*CHANGEABLE, "parent"], batch_size=500)


register_importer(Importer("units", "单位", "Units", import_units, COLUMNS, order=10))
