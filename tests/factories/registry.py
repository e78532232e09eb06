"""Units, persons and teams beyond the cast, for tests of every floor."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

from huakai.kernel.ids import new_id
from huakai.registry import services as registry
from huakai.registry.models import Place, Unit
from huakai.registry.types import SYSTEM

SINCE = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
_numbers = count(1)


def make_unit(
    code: str,
    *,
    name: str = "",
    kind: str = "community",
    parent: str = "",
    group: str = "",
    starts_on: date = date(2018, 1, 1),
    ends_on: date | None = None,
) -> Unit:
    """A unit; without a parent the longest existing code it begins with is its parent."""
    above = Unit.objects.filter(code=parent).first() if parent else None
    if above is None and not parent:
        above = next(
            (u for u in Unit.objects.order_by("-code") if code.startswith(u.code) and u.code != code), None
        )
    return Unit.objects.create(
        id=new_id(SINCE),
        code=code,
        name=name or f"单位{code}",
        kind=kind,
        parent=above,
        group=group,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def make_person(name: str = "测试人", *, phone: str = "", home: str = "", now: datetime = SINCE) -> UUID:
    """A person; without a phone the next free demonstration number."""
    number = phone or f"1990000{5000 + next(_numbers):04d}"
    return registry.find_or_make_person(name=name, phone=number, home_code=home, by=SYSTEM, now=now)


def make_volunteer(
    unit_code: str, *, skills: tuple[str, ...] = (), lon: float | None = None, lat: float | None = None
) -> UUID:
    """A registered volunteer at a unit."""
    person = make_person("志愿者", home=unit_code)
    offer = registry.VolunteerOffer(unit_code, skills=skills, lon=lon, lat=lat)
    registry.register_volunteer(person_id=person, offer=offer, by=SYSTEM, now=SINCE)
    return person


def make_team(unit_code: str, *, skills: tuple[str, ...] = (), leader: UUID | None = None) -> UUID:
    """A team at a unit."""
    number = next(_numbers)
    new = registry.NewTeam(
        code=f"{unit_code}T{number:02d}X",
        name=f"服务队{number}",
        level="station",
        unit_code=unit_code,
        leader_id=leader,
        skills=skills,
    )
    return registry.create_team(new=new, by=SYSTEM, now=SINCE)


def make_place(code: str, *, kind: str, unit: str, starts_on: date = date(2018, 1, 1)) -> Place:
    """A venue."""
    return Place.objects.create(
        id=new_id(SINCE),
        code=code,
        kind=kind,
        name=f"阵地{code}",
        unit=Unit.objects.get(code=unit),
        starts_on=starts_on,
    )
