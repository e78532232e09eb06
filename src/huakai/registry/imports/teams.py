"""teams.csv: volunteer teams with their leaders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huakai.kernel.errors import N_
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry import rules
from huakai.registry.imports.cells import Line, in_chunks, lines_of, refuse_twice, words_of
from huakai.registry.imports.people import People
from huakai.registry.models import Team, Unit
from huakai.registry.queries.vocabulary import vocabulary_at
from huakai.registry.types import Actor

COLUMNS = (
    Column("code", "编码", "Code", True),
    Column("name", "名称", "Name", True),
    Column("level", "级别", "Level", True, N_("district 区级、street 镇街级、station 站级")),
    Column("field", "领域", "Field", hint=N_("服务领域目录里的编码或名称")),
    Column("unit_code", "单位编码", "Unit code", True),
    Column("parent_code", "上级编码", "Parent code", hint=N_("上级队伍的编码")),
    Column("leader_name", "队长姓名", "Leader"),
    Column("leader_phone", "队长手机", "Leader's phone"),
    Column("skills", "技能", "Skills", hint=N_("技能目录里的编码或名称，多个用、隔开")),
    Column("capacity_per_day", "日接单量", "Orders per day"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
    Column("starts_on", "起始日期", "Starts on", True),
)
CHANGEABLE = ("name", "level", "field", "unit_id", "skills", "capacity_per_day", "lon", "lat", "starts_on")


def import_teams(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Teams by code; leaders by phone."""
    lines, problems = lines_of(table, COLUMNS)
    units = Unit.objects.in_bulk({line.values.get("unit_code", "") for line in lines}, field_name="code")
    known = {t.code: t for t in Team.objects.select_related("parent")}
    people = People(now)
    people.look_up(rules.plain_phone(line.text("leader_phone")) for line in lines)
    rows = [(line, _row(line, units, by)) for line in lines]
    refuse_twice(((line, row.code) for line, row in rows), "code")
    there = {*known, *(row.code for _line, row in rows)}
    new, updated = [], []
    for line, row in rows:
        _check_parent(line, there)
        leader = _leader(line, people)
        row.leader = leader
        old = known.get(row.code)
        if old is None:
            new.append((line, row))
        elif _change(line, old, row):
            updated.append((line, old))
    if not dry_run and not problems.found:
        people.write()
        _write(new, updated, now)
    if progress:
        progress(len(rows), len(rows))
    return ImportReport(
        kind="teams",
        rows=len(rows),
        created=len(new),
        updated=len(updated),
        unchanged=len(rows) - len(new) - len(updated),
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _row(line: Line, units: Mapping[str, Unit], by: Actor) -> Team:
    code = line.needed("unit_code", most=24)
    if code and code not in units:
        line.refuse("unit_code", _("没有编码为 {key} 的单位"), key=code)
    elif code and not by.may("import.run", code):
        line.refuse("unit_code", _("不在您管理的范围内"))
    book = vocabulary_at(code)
    lon, lat = line.point()
    return Team(
        code=line.needed("code", most=24),
        name=line.needed("name"),
        level=line.term("level", words_of(book.team_levels), needed=True),
        field=line.term("field", words_of(book.team_fields), needed=False),
        unit=units.get(code),
        skills=list(line.terms("skills", words_of(book.skills))),
        capacity_per_day=line.whole("capacity_per_day", default=3, least=1, most=500),
        lon=lon,
        lat=lat,
        starts_on=line.needed_day("starts_on"),
    )


def _check_parent(line: Line, there: set[str]) -> None:
    parent = line.text("parent_code", most=24)
    if parent and parent not in there:
        line.refuse("parent_code", _("没有编码为 {key} 的队伍"), key=parent)


def _leader(line: Line, people: People) -> Any:
    name, phone = line.text("leader_name", most=30), rules.plain_phone(line.text("leader_phone"))
    if not phone:
        if name:
            line.refuse("leader_phone", _("填了队长姓名，也要填队长手机"))
        return None
    if not rules.is_mainland_phone(phone):
        line.refuse("leader_phone", _("手机号不对"))
        return None
    if not name:
        line.refuse("leader_name", _("填了队长手机，也要填队长姓名"))
    return people.of(phone) or people.make(name=name, phone=phone)


def _change(line: Line, old: Team, row: Team) -> bool:
    same = (old.parent.code if old.parent else "") == line.text(
        "parent_code"
    ) and old.leader_id == row.leader_id
    if same and all(getattr(old, name) == getattr(row, name) for name in CHANGEABLE):
        return False
    for name in (*CHANGEABLE, "leader_id"):
        setattr(old, name, getattr(row, name))
    return True


def _write(new: list[tuple[Line, Team]], updated: list[tuple[Line, Team]], now: datetime) -> None:
    for _line, row in new:
        row.pk = new_id(now)
    keys = dict(Team.objects.values_list("code", "pk")) | {row.code: row.pk for _line, row in new}
    for line, row in [*new, *updated]:
        code = line.text("parent_code")
        row.parent_id = keys[code] if code else None
    for chunk in in_chunks([row for _line, row in new]):
        Team.objects.bulk_create(chunk)
    names = [name.removesuffix("_id") for name in CHANGEABLE]
    Team.objects.bulk_update([row for _line, row in updated], [*names, "leader", "parent"], batch_size=500)


register_importer(Importer("teams", "志愿服务队", "Teams", import_teams, COLUMNS, order=40))
