"""The people of the demo: accounts of every role, handlers of the units demands go to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huakai.registry import queries as registry
from huakai.registry import services as registration
from huakai.registry.types import SYSTEM, Actor
from huakai.scenarios.definitions import AccountLine, Script

FIRST_HANDLER_PHONE = 19900009100


def make_accounts(script: Script, now: datetime) -> None:
    """An account and a role for each staff line; persons who are known already are kept."""
    for line in script.accounts:
        if not line.username:
            continue
        person = registration.find_or_make_person(
            name=line.name, phone=line.phone, home_code=line.unit, by=SYSTEM, now=now
        )
        registration.create_account(
            person_id=person, username=line.username, password=script.password, by=SYSTEM, now=now
        )
        registration.appoint(person_id=person, role=line.role, unit_code=line.unit, by=SYSTEM, now=now)


def make_handlers(script: Script, unit_codes: list[str], now: datetime) -> None:
    """One handler for every unit demands are assigned to, apart from the one with an account."""
    known = script.account("dept_handler").unit
    for at, code in enumerate(unit_codes):
        if code == known:
            continue
        person = registration.find_or_make_person(
            name=script.handlers[at % len(script.handlers)],
            phone=str(FIRST_HANDLER_PHONE + at),
            home_code=code,
            by=SYSTEM,
            now=now,
        )
        registration.appoint(person_id=person, role="dept_handler", unit_code=code, by=SYSTEM, now=now)


@dataclass(frozen=True)
class Cast:
    """Who acts while the month is played."""

    dispatcher: Actor
    handlers: dict[str, Actor]
    favourites: frozenset[UUID]
    """The volunteer and the team whose accounts the demo shows: they get work when they are proposed."""

    def handler(self, unit_code: str) -> Actor:
        """Who handles for a unit."""
        return self.handlers[unit_code]


def cast_of(script: Script, unit_codes: list[str], now: datetime) -> Cast:
    """The actors, once everybody exists."""
    own = script.account("dept_handler")
    phones = {code: str(FIRST_HANDLER_PHONE + at) for at, code in enumerate(unit_codes)}
    phones[own.unit] = own.phone
    rights = ("case.view", "case.move", "case.accept")
    handlers = {
        code: Actor(person_id=registry.person_by_phone(phone), permissions=dict.fromkeys(rights, (code,)))
        for code, phone in phones.items()
    }
    volunteer = registry.person_by_phone(script.account("volunteer").phone)
    team = registry.team_by_code(script.account("team_leader").team)
    return Cast(
        dispatcher=staff(script.account("centre_staff"), now),
        handlers=handlers,
        favourites=frozenset(one for one in (volunteer, team.id if team else None) if one),
    )


def staff(line: AccountLine, now: datetime) -> Actor:
    """The actor behind a staff account, as the edge would make it."""
    person = registry.person_by_phone(line.phone)
    account = registry.account_of_person(person) if person else None
    return registry.actor_of_account(account, now, "demo") if account else Actor()


def resident(person_id: UUID) -> Actor:
    """A resident acting on what is theirs."""
    return Actor(person_id=person_id, own=frozenset({"case.view", "case.move", "case.rate"}))


def taker(kind: str, taker_id: UUID) -> Actor:
    """Whoever answers an offer: the volunteer, or the leader of the team."""
    own = frozenset({"case.view", "case.accept", "case.move"})
    if kind == "person":
        return Actor(person_id=taker_id, own=own, is_volunteer=True)
    team = registry.team_card(taker_id)
    return Actor(person_id=team.leader_id if team else None, own=own, led_team_ids=(taker_id,))
