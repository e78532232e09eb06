"""JSON door of the registry: units, teams, and the token's own person. Persons stay masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotFound
from huakai.registry import queries
from huakai.registry.access import SIGNED_IN, api_auth, require
from huakai.registry.types import Actor, TeamCard, UnitCard
from huakai.web.replies import reply

router = Router(tags=["registry"])
UnitCode = Annotated[str, Field(max_length=24, pattern=r"^[0-9A-Z]*$")]
Cursor = Annotated[str, Field(max_length=64, pattern=r"^[0-9A-Za-z_-]*$")]
Limit = Annotated[int, Field(ge=1, le=200)]


class UnitOut(Schema):
    """A unit of the dated tree."""

    code: str
    name: str
    short_name: str
    kind: str
    group: str
    parent_code: str
    starts_on: date | None
    ends_on: date | None
    lon: float | None
    lat: float | None


class UnitsOut(Schema):
    """One page of units; `next` is the cursor of the following page, empty on the last."""

    items: list[UnitOut]
    next: str


class LevelOut(Schema):
    """Places of a level against the units that are due one."""

    kind: str
    title: str
    count: int
    due: int


class TeamOut(Schema):
    """A volunteer team."""

    id: UUID
    code: str
    name: str
    level: str
    field: str
    unit_code: str
    unit_name: str
    leader: str
    skills: list[str]
    capacity_per_day: int
    members: int


class TeamsOut(Schema):
    """One page of teams."""

    items: list[TeamOut]
    next: str
    total: int


class MeOut(Schema):
    """Whose token this is, and what it may do."""

    person_id: UUID
    display: str
    roles: list[str]
    pack: str
    home_code: str
    volunteer: bool
    scopes: list[str]
    permissions: dict[str, list[str]]


class UnitFilter(Schema):
    """Which units: under a code, of a kind, on a day."""

    under: UnitCode = ""
    kind: Annotated[str, Field(max_length=24, pattern=r"^[a-z_]*$")] = ""
    on: date | None = None
    cursor: Cursor = ""
    limit: Limit = 50


class TeamFilter(Schema):
    """Which teams: under a unit, by words in the name."""

    under: UnitCode = ""
    words: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
    cursor: Cursor = ""
    limit: Limit = 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


@router.get("/units", auth=api_auth("registry:read", needs="unit.view"), response=UnitsOut, summary="Units")
def units(request: HttpRequest, wanted: Query[UnitFilter]) -> HttpResponse:
    """Units under the token's own, in code order."""
    page = queries.units_page(
        _actor(request),
        prefix=wanted.under,
        kind=wanted.kind,
        on=wanted.on,
        after=wanted.cursor,
        limit=wanted.limit,
    )
    return reply(UnitsOut, UnitsOut(items=[_unit(u) for u in page.units], next=page.next_after))


@router.get(
    "/units/{code}", auth=api_auth("registry:read", needs="unit.view"), response=UnitOut, summary="One unit"
)
def unit(request: HttpRequest, code: UnitCode) -> HttpResponse:
    """One unit by its code."""
    require(_actor(request), "unit.view", code)
    found = queries.unit_by_code(code)
    if found is None:
        raise NotFound("unit_unknown", N_("没有编码为 {key} 的单位"), key=code)
    return reply(UnitOut, _unit(found))


@router.get(
    "/levels",
    auth=api_auth("registry:read", needs="unit.view"),
    response=list[LevelOut],
    summary="Centres, institutes and stations, counted",
)
def levels(request: HttpRequest, under: UnitCode = "", on: date | None = None) -> HttpResponse:
    """How many places of each level stand on a day, and how many are due."""
    actor = _actor(request)
    prefix = under or min(actor.prefixes("unit.view"), key=len, default="")
    require(actor, "unit.view", prefix)
    day = on or _now(request).astimezone(CHINA).date()
    rows = queries.level_counts(actor.pack_code, prefix, day)
    shown = [LevelOut(kind=r.kind, title=r.title, count=r.count, due=r.due) for r in rows]
    return reply(list[LevelOut], shown)


@router.get("/teams", auth=api_auth("registry:read", needs="team.view"), response=TeamsOut, summary="Teams")
def teams(request: HttpRequest, wanted: Query[TeamFilter]) -> HttpResponse:
    """Volunteer teams the token may see, in code order."""
    page = queries.teams_page(
        _actor(request), prefix=wanted.under, words=wanted.words, after=wanted.cursor, limit=wanted.limit
    )
    out = TeamsOut(items=[_team(t) for t in page.teams], next=page.next_after, total=page.total)
    return reply(TeamsOut, out)


@router.get("/me", auth=api_auth("me:read", needs=SIGNED_IN), response=MeOut, summary="Whose token this is")
def me(request: HttpRequest) -> HttpResponse:
    """The person and the rights behind the token."""
    actor = _actor(request)
    assert actor.person_id is not None
    out = MeOut(
        person_id=actor.person_id,
        display=actor.display,
        roles=list(actor.roles),
        pack=actor.pack_code,
        home_code=actor.home_code,
        volunteer=actor.is_volunteer,
        scopes=sorted(actor.scopes or ()),
        permissions={action: list(prefixes) for action, prefixes in actor.permissions.items()},
    )
    return reply(MeOut, out)


def _unit(card: UnitCard) -> UnitOut:
    return UnitOut(
        code=card.code,
        name=card.name,
        short_name=card.short_name,
        kind=card.kind,
        group=card.group,
        parent_code=card.parent_code,
        starts_on=card.starts_on,
        ends_on=card.ends_on,
        lon=card.lon,
        lat=card.lat,
    )


def _team(card: TeamCard) -> TeamOut:
    return TeamOut(
        id=card.id,
        code=card.code,
        name=card.name,
        level=card.level,
        field=card.field,
        unit_code=card.unit_code,
        unit_name=card.unit_name,
        leader=card.leader_name,
        skills=list(card.skills),
        capacity_per_day=card.capacity_per_day,
        members=card.members,
    )
