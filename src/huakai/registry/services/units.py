"""Writes of the dated tree: units, places, posts and who holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry import queries, rules
from huakai.registry.access import require
from huakai.registry.models import Holding, Person, Place, Post, Unit
from huakai.registry.services.people import unit_of
from huakai.registry.types import Actor


@dataclass(frozen=True)
class NewUnit:
    """A unit to be."""

    code: str
    name: str
    kind: str
    starts_on: date
    parent_code: str = ""
    short_name: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    print_order: int = 0
    ends_on: date | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class NewPlace:
    """A venue to be."""

    code: str
    kind: str
    name: str
    unit_code: str
    starts_on: date
    parent_code: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class SeatRef:
    """A post at a unit (or at a body of the unit), by code."""

    unit_code: str
    code: str
    title: str
    body: str = ""
    print_order: int = 0


def record_of_unit(name: str, code: str, *, by: Actor, now: datetime, **told: Mapping[str, Any]) -> None:
    """One line in the record about a unit."""
    audit.record(
        Fact(
            name=name,
            subject=Subject("unit", code),
            at=now,
            actor_id=by.person_id,
            before=told.get("before", {}),
            after=told.get("after", {}),
            area_code=code,
            request_id=by.request_id,
        )
    )


@transaction.atomic
def create_unit(*, new: NewUnit, by: Actor, now: datetime) -> UUID:
    """Add a unit to the tree."""
    require(by, "unit.edit", new.parent_code or new.code)
    parent = unit_of(new.parent_code, "parent_code") if new.parent_code else None
    facts = rules.UnitFacts(
        code=new.code,
        kind=new.kind,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        parent_code=new.parent_code,
        parent_kind=parent.kind if parent else "",
        parent_starts_on=parent.starts_on if parent else None,
        parent_ends_on=parent.ends_on if parent else None,
    )
    problem = rules.unit_problem(facts, kinds_at(new.code))
    if problem:
        raise RuleBroken("unit_wrong", problem[1], field=problem[0])
    if Unit.objects.filter(code=new.code).exists():
        raise RuleBroken("code_taken", N_("编码 {key} 已被使用"), field="code", key=new.code)
    if not new.name.strip():
        raise RuleBroken("name_missing", N_("请填写名称"), field="name")
    unit = unit_row(new, parent, now)
    unit.save(force_insert=True)
    after = {"name": unit.name, "kind": unit.kind, "parent": new.parent_code}
    record_of_unit("unit.created", unit.code, by=by, now=now, after=after)
    return unit.pk


def unit_row(new: NewUnit, parent: Unit | None, now: datetime) -> Unit:
    """The row of a new unit, not saved yet."""
    return Unit(
        id=new_id(now),
        code=new.code,
        name=new.name.strip(),
        short_name=new.short_name.strip(),
        aliases=list(new.aliases),
        kind=new.kind,
        group=new.group,
        parent=parent,
        print_order=new.print_order,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        lon=new.lon,
        lat=new.lat,
    )


def kinds_at(code: str) -> Mapping[str, Any]:
    """Unit kinds of the place a code belongs to."""
    return {k.code: k for k in queries.vocabulary(packs.pack_of(code)).unit_kinds}


@transaction.atomic
def rename_unit(*, code: str, name: str, short_name: str, by: Actor, now: datetime) -> None:
    """A new name; the old one stays as an alias, so that old papers still find the unit."""
    require(by, "unit.edit", code)
    unit = Unit.objects.select_for_update().filter(code=code).first()
    if unit is None:
        raise NotFound("unit_unknown", N_("没有编码为 {key} 的单位"), key=code)
    if not name.strip():
        raise RuleBroken("name_missing", N_("请填写名称"), field="name")
    before = {"name": unit.name, "short_name": unit.short_name}
    if unit.name != name.strip() and unit.name not in unit.aliases:
        unit.aliases = [*unit.aliases, unit.name]
    unit.name, unit.short_name = name.strip(), short_name.strip()
    unit.save(update_fields=["name", "short_name", "aliases"])
    after = {"name": unit.name, "short_name": unit.short_name}
    record_of_unit("unit.renamed", code, by=by, now=now, before=before, after=after)


@transaction.atomic
def end_unit(*, code: str, ends_on: date, by: Actor, now: datetime) -> None:
    """The unit exists until the day before `ends_on`; everything under it must have ended by then."""
    require(by, "unit.edit", code)
    unit = Unit.objects.select_for_update().filter(code=code, ends_on=None).first()
    if unit is None:
        raise NotFound("unit_unknown", N_("没有编码为 {key} 的单位"), key=code)
    if ends_on <= unit.starts_on:
        raise RuleBroken("period_wrong", N_("终止日期要晚于起始日期"), field="ends_on")
    below = Unit.objects.filter(parent=unit).exclude(ends_on__lte=ends_on)
    first = below.order_by("code").first()
    if first is not None:
        message = N_("下级单位“{name}”还没有终止，请先终止下级")
        raise RuleBroken("children_open", message, field="ends_on", name=first.name)
    unit.ends_on = ends_on
    unit.save(update_fields=["ends_on"])
    record_of_unit("unit.ended", code, by=by, now=now, after={"ends_on": ends_on.isoformat()})


@transaction.atomic
def create_place(*, new: NewPlace, by: Actor, now: datetime) -> UUID:
    """Add a venue at a unit of a fitting kind."""
    require(by, "unit.edit", new.unit_code)
    unit = unit_of(new.unit_code)
    kinds = {k.code: k for k in queries.vocabulary(packs.pack_of(new.unit_code)).place_kinds}
    kind = kinds.get(new.kind)
    if kind is None:
        raise RuleBroken("kind_unknown", N_("没有这种阵地类型"), field="kind")
    if kind.at and unit.kind not in kind.at:
        raise RuleBroken("kind_misplaced", N_("这种阵地不能设在该单位"), field="kind")
    if Place.objects.filter(code=new.code).exists():
        raise RuleBroken("code_taken", N_("编码 {key} 已被使用"), field="code", key=new.code)
    parent = Place.objects.filter(code=new.parent_code).first() if new.parent_code else None
    place = Place.objects.create(
        id=new_id(now),
        code=new.code,
        kind=new.kind,
        name=new.name,
        unit=unit,
        parent=parent,
        address=new.address,
        lon=new.lon,
        lat=new.lat,
        starts_on=new.starts_on,
    )
    record_of_unit("place.created", unit.code, by=by, now=now, after={"place": new.code, "kind": new.kind})
    return place.pk


@transaction.atomic
def hold_post(*, seat: SeatRef, person_id: UUID, starts_on: date, by: Actor, now: datetime) -> UUID:
    """A person takes a seat on a day. Several may hold one seat at once (two group leaders)."""
    require(by, "unit.edit", seat.unit_code)
    unit = unit_of(seat.unit_code)
    post, _ = Post.objects.get_or_create(
        unit=unit,
        body=seat.body,
        code=seat.code,
        defaults={"id": new_id(now), "title": seat.title, "print_order": seat.print_order},
    )
    if Holding.objects.filter(post=post, person=person_id, ends_on=None).exists():
        raise RuleBroken("already_held", N_("这个人已经担任“{title}”"), field="person", title=post.title)
    holding = Holding.objects.create(
        id=new_id(now), post=post, person=Person.objects.get(pk=person_id), starts_on=starts_on
    )
    after = {
        "post": post.code,
        "body": post.body,
        "person": str(person_id),
        "starts_on": starts_on.isoformat(),
    }
    record_of_unit("post.taken", unit.code, by=by, now=now, after=after)
    return holding.pk


@transaction.atomic
def end_holding(*, holding_id: UUID, ends_on: date, by: Actor, now: datetime) -> None:
    """The person leaves the seat; the first day without it is `ends_on`."""
    holding = Holding.objects.select_for_update(of=("self",)).select_related("post__unit").get(pk=holding_id)
    code = holding.post.unit.code
    require(by, "unit.edit", code)
    if ends_on <= holding.starts_on:
        raise RuleBroken("period_wrong", N_("终止日期要晚于起始日期"), field="ends_on")
    holding.ends_on = ends_on
    holding.save(update_fields=["ends_on"])
    after = {"post": holding.post.code, "person": str(holding.person_id), "ends_on": ends_on.isoformat()}
    record_of_unit("post.left", code, by=by, now=now, after=after)
