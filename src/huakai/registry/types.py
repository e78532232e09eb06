"""The words of the registry: actor, grants, unit and person cards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from huakai.kernel.geo import Point

ANY_AREA = ""
"""The empty prefix: every unit code starts with it."""


@dataclass(frozen=True)
class Actor:
    """Who acts, with what is allowed now. Built once per request; services take it as `by`.

    `permissions` maps an action (`case.dispatch`) to the unit-code prefixes it holds under; `own` holds
    actions allowed only on one's own records (a resident's `case.view`).
    """

    person_id: UUID | None = None
    account_id: int | None = None
    display: str = ""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    """Teams the person leads or belongs to now."""
    led_team_ids: tuple[UUID, ...] = ()
    home_code: str = ""
    """Unit code the person lives or serves in; empty when unknown."""
    unit_name: str = ""
    """Short name of the unit the person is appointed at; empty for residents."""
    pack_code: str = ""
    """The place whose pack governs what this actor sees."""
    is_volunteer: bool = False
    language: str = "zh-hans"
    scopes: frozenset[str] | None = None
    """Scopes of the bearer token; None for a browser session."""
    request_id: str = ""

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    def may(self, action: str, area_code: str | None = None) -> bool:
        """Does a grant cover this area? Without an area: is there any grant or own-record right at all?"""
        prefixes = self.permissions.get(action, ())
        if area_code is None:
            return bool(prefixes) or action in self.own
        return any(area_code.startswith(prefix) for prefix in prefixes)

    def prefixes(self, action: str) -> tuple[str, ...]:
        """Unit-code prefixes the action holds under; empty when only own records or nothing."""
        return self.permissions.get(action, ())


class _Everything(Mapping[str, tuple[str, ...]]):
    """Grants of the platform itself: every action everywhere."""

    def __getitem__(self, action: str) -> tuple[str, ...]:
        return (ANY_AREA,)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 1


SYSTEM = Actor(display="平台", permissions=_Everything())
ANONYMOUS = Actor()


def point_of(lon: float | None, lat: float | None) -> Point | None:
    """Both coordinates, or no point."""
    return Point(lon, lat) if lon is not None and lat is not None else None


@dataclass(frozen=True)
class UnitCard:
    """A unit as lists and boards show it."""

    id: UUID
    code: str
    name: str
    short_name: str
    kind: str
    group: str
    parent_code: str
    print_order: int
    aliases: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class PersonCard:
    """A person as everybody with `person.view` sees them: masked."""

    id: UUID
    name: str
    phone: str
    idno: str
    honorific: str
    language: str
    home_code: str
    home_name: str
    is_volunteer: bool
    lon: float | None = None
    lat: float | None = None
    is_synthetic: bool = False


@dataclass(frozen=True)
class TeamCard:
    """A team as lists and dispatch show it."""

    id: UUID
    code: str
    name: str
    level: str
    field: str
    unit_code: str
    unit_name: str
    leader_id: UUID | None
    leader_name: str
    skills: tuple[str, ...]
    capacity_per_day: int
    members: int = 0
    lon: float | None = None
    lat: float | None = None

    @property
    def point(self) -> Point | None:
        return point_of(self.lon, self.lat)


@dataclass(frozen=True)
class PlaceCard:
    """A venue."""

    code: str
    kind: str
    name: str
    unit_code: str
    unit_name: str
    address: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Seat:
    """A post and who held it on the day asked for; several names when several hold it at once."""

    body: str
    code: str
    title: str
    holders: tuple[str, ...]


@dataclass(frozen=True)
class LevelCount:
    """How many places of a level there are on a day, and how many are due."""

    kind: str
    title: str
    level: int
    count: int
    due: int


@dataclass(frozen=True)
class TeamCompliance:
    """SZ-09: registered teams against due teams of a level; the gap is shown, never hidden."""

    level: str
    title: str
    registered: int
    due: int | None
    short_places: int

    @property
    def gap(self) -> int:
        return max(0, (self.due or 0) - self.registered)


@dataclass(frozen=True)
class Look:
    """Somebody saw a personal field in full: who, what, why, when."""

    at: datetime
    by: str
    field: str
    field_title: str
    reason: str


@dataclass(frozen=True)
class AppointmentCard:
    """A dated role at a unit."""

    id: UUID
    role: str
    unit_code: str
    unit_name: str
    starts_at: datetime
    ends_at: datetime | None
    person_id: UUID


@dataclass(frozen=True)
class AccountCard:
    """A staff account and what it holds now."""

    id: int
    username: str
    person_id: UUID
    name: str
    is_active: bool
    appointments: tuple[AppointmentCard, ...]


@dataclass(frozen=True)
class TokenCard:
    """A bearer token without its secret."""

    id: UUID
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class VolunteerCard:
    """A registered volunteer as dispatch knows it."""

    person_id: UUID
    name: str
    unit_code: str
    unit_name: str
    registered_on: date
    skills: tuple[str, ...]
    capacity_per_week: int
    state: str
    lon: float | None
    lat: float | None

    @property
    def name_masked(self) -> str:
        return self.name

    @property
    def point(self) -> Point | None:
        return point_of(self.lon, self.lat)


@dataclass(frozen=True)
class RegistryCounts:
    """SZ-11: how many volunteers and teams are registered, and places by kind."""

    volunteers: int
    teams: int
    places: Mapping[str, int]


@dataclass(frozen=True)
class Branch:
    """An upper unit and those directly under it."""

    unit: UnitCard
    children: tuple[UnitCard, ...]


@dataclass(frozen=True)
class Body:
    """A group of seats at a unit (领导小组 …) on a day."""

    name: str
    seats: tuple[Seat, ...]
