"""The fixed cast: one person per role in a small tree of units, the same in every test.

Two streets stand beside each other, so every permission has its neighbour who may not; the stranger belongs
nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from huakai.registry import queries
from huakai.registry import services as registry
from huakai.registry.models import Account, Person
from huakai.registry.types import SYSTEM
from tests.factories import registry as factory

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Tuesday 10:00 in China, an ordinary working day."""
BEFORE = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
"""When everybody took up their role."""
FOUNDED = date(2018, 1, 1)

DISTRICT = "370402"
STREET, OTHER_STREET = "370402002", "370402004"
COMMUNITY, OTHER_COMMUNITY = "370402002001", "370402004001"
DEPARTMENT, OTHER_DEPARTMENT = "370402D01", "370402D02"
TEAM = "370402002001T01"

UNITS: tuple[tuple[str, str, str, str, str], ...] = (
    (DISTRICT, "市中区", "district", "", ""),
    (STREET, "塔塔埠街道", "street", DISTRICT, "street"),
    (OTHER_STREET, "文化路街道", "street", DISTRICT, "street"),
    (COMMUNITY, "十电社区", "community", STREET, ""),
    ("370402002002", "新苑社区", "community", STREET, ""),
    (OTHER_COMMUNITY, "文南社区", "community", OTHER_STREET, ""),
    ("370402004002", "文北社区", "community", OTHER_STREET, ""),
    ("370402D", "区直部门", "branch", DISTRICT, ""),
    (DEPARTMENT, "区商务和投资促进局", "department", "370402D", "department"),
    (OTHER_DEPARTMENT, "区住房和城乡建设局", "department", "370402D", "department"),
)
"""Code, name, kind, parent, group."""


@dataclass(frozen=True)
class Part:
    """What somebody of the cast is: name, phone, home, and the role held at a unit."""

    name: str
    phone: str
    home: str = ""
    role: str = ""
    at: str = ""


PARTS: Mapping[str, Part] = {
    "resident": Part("王秀英", "19900000001", home=COMMUNITY),
    "neighbour": Part("李建国", "19900000002", home=OTHER_COMMUNITY),
    "volunteer": Part("张伟", "19900000003", home=COMMUNITY),
    "team_leader": Part("刘敏", "19900000004", home=COMMUNITY),
    "station_staff": Part("陈静", "19900000005", role="station_staff", at=COMMUNITY),
    "street_staff": Part("杨洋", "19900000006", role="street_staff", at=STREET),
    "neighbour_staff": Part("赵磊", "19900000007", role="street_staff", at=OTHER_STREET),
    "centre_staff": Part("黄丽", "19900000008", role="centre_staff", at=DISTRICT),
    "dept_handler": Part("周强", "19900000009", role="dept_handler", at=DEPARTMENT),
    "board_clerk": Part("吴芳", "19900000010", role="board_clerk", at=DISTRICT),
    "board_approver": Part("徐军", "19900000011", role="board_approver", at=DISTRICT),
    "leader": Part("孙杰", "19900000012", role="leader", at=DISTRICT),
    "auditor": Part("马超", "19900000013", role="auditor", at=DISTRICT),
    "admin": Part("朱红", "19900000014", role="admin", at=DISTRICT),
    "stranger": Part("郭涛", "19900000015"),
}
"""`stranger` has an account and nothing else; who is not signed in at all is the plain `client`."""


@dataclass(frozen=True)
class Member:
    """Somebody of the cast, as stored."""

    part: Part
    person_id: UUID
    account_id: int


@dataclass(frozen=True)
class Cast:
    """Everybody, and the one team."""

    team_id: UUID
    members: Mapping[str, Member] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Member:
        return self.members[role]


def stands(cast: Cast) -> bool:
    """Is the cast still in the database (a transaction test empties it)?"""
    return Person.objects.filter(pk=cast["stranger"].person_id).exists()


def assemble() -> Cast:
    """Put units, people, appointments and the team into the database (a reused one has them already)."""
    team_there = queries.team_by_code(TEAM)
    if team_there is not None:
        return Cast(team_id=team_there.id, members={role: _known(part) for role, part in PARTS.items()})
    for code, name, kind, parent, group in UNITS:
        factory.make_unit(code, name=name, kind=kind, parent=parent, group=group, starts_on=FOUNDED)
    members = {role: _member(part) for role, part in PARTS.items()}
    offer = registry.VolunteerOffer(COMMUNITY, skills=("repair", "haircut"))
    for role in ("volunteer", "team_leader"):
        registry.register_volunteer(person_id=members[role].person_id, offer=offer, by=SYSTEM, now=BEFORE)
    new = registry.NewTeam(
        code=TEAM,
        name="十电社区帮帮团",
        level="station",
        unit_code=COMMUNITY,
        leader_id=members["team_leader"].person_id,
        skills=("repair", "haircut"),
    )
    team = registry.create_team(new=new, by=SYSTEM, now=BEFORE)
    registry.join_team(team_id=team, person_id=members["volunteer"].person_id, by=SYSTEM, now=BEFORE)
    return Cast(team_id=team, members=members)


def _member(part: Part) -> Member:
    person = registry.find_or_make_person(
        name=part.name, phone=part.phone, home_code=part.home, by=SYSTEM, now=BEFORE
    )
    account = Account(person_id=person)
    account.set_unusable_password()
    account.save()
    if part.role:
        registry.appoint(person_id=person, role=part.role, unit_code=part.at, by=SYSTEM, now=BEFORE)
    return Member(part, person, account.pk)


def _known(part: Part) -> Member:
    person = queries.person_by_phone(part.phone)
    account = queries.account_of_person(person) if person else None
    assert person is not None
    assert account is not None
    return Member(part, person, account)
