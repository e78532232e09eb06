"""Who acts, with which rights now: one query per request, whatever the number of roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from huakai.kernel.clock import CHINA
from huakai.kernel.errors import NotFound
from huakai.packs import queries as packs
from huakai.registry import rules
from huakai.registry.definitions import RoleBook
from huakai.registry.models import Account, ApiToken, Appointment, Membership, Team, Volunteer
from huakai.registry.types import ANONYMOUS, Actor

COLUMNS = ("id", "password", "is_active", "person_id")


@dataclass(frozen=True)
class SignedIn:
    """An account as the edge needs it: the actor, and the hash that ties a session to the password."""

    actor: Actor
    session_hash: str


def _appointments(person: str, now: datetime) -> ArraySubquery:
    rows = (
        Appointment.objects.filter(person=OuterRef(person), starts_at__lte=now)
        .filter(Q(ends_at=None) | Q(ends_at__gt=now))
        .filter(Q(unit__ends_on=None) | Q(unit__ends_on__gt=now.astimezone(CHINA).date()))
        .order_by("starts_at")
    )
    return ArraySubquery(
        rows.values(held=JSONObject(role=F("role"), code=F("unit__code"), name=F("unit__name")))
    )


def _teams(person: str, now: datetime) -> tuple[ArraySubquery, ArraySubquery]:
    on = now.astimezone(CHINA).date()
    live = Q(ends_on=None) | Q(ends_on__gt=on)
    joined = Membership.objects.filter(live, person=OuterRef(person), starts_on__lte=on)
    joined = joined.filter(Q(team__ends_on=None) | Q(team__ends_on__gt=on))
    led = Team.objects.filter(live, leader=OuterRef(person), starts_on__lte=on)
    return ArraySubquery(joined.values("team_id")), ArraySubquery(led.values("id"))


def _facts(person: str, now: datetime) -> dict[str, Any]:
    """The columns an actor is made of, for a row whose person is at `person`."""
    joined, led = _teams(person, now)
    return {
        "held": _appointments(person, now),
        "joined": joined,
        "led": led,
        "volunteers": Exists(Volunteer.objects.filter(person=OuterRef(person), state="active")),
    }


def actor_of_account(account_id: int, now: datetime, request_id: str = "") -> Actor:
    """Who acts with this account now; ANONYMOUS when the account is closed or unknown."""
    found = signed_in(account_id, now, request_id)
    return found.actor if found else ANONYMOUS


def signed_in(account_id: int, now: datetime, request_id: str = "") -> SignedIn | None:
    """The actor and the session hash of an open account."""
    account = (
        Account.objects.filter(pk=account_id, is_active=True)
        .select_related("person__home_unit")
        .annotate(**_facts("person_id", now))
        .first()
    )
    if account is None:
        return None
    return SignedIn(_actor(account, account, request_id, None), account.get_session_auth_hash())


def actor_of_token(token_hash: str, now: datetime, request_id: str = "") -> Actor | None:
    """The actor behind a bearer token; None when unknown, expired, revoked, or its account is closed."""
    token = (
        ApiToken.objects.filter(token_hash=token_hash, expires_at__gt=now, account__is_active=True)
        .filter(Q(revoked_at=None) | Q(revoked_at__gt=now))
        .select_related("account__person__home_unit")
        .annotate(**_facts("account__person_id", now))
        .first()
    )
    if token is None:
        return None
    return _actor(token.account, token, request_id, frozenset(token.scopes))


def _actor(account: Account, row: Any, request_id: str, scopes: frozenset[str] | None) -> Actor:
    held: list[Mapping[str, str]] = row.held
    person = account.person
    home = person.home_unit.code if person.home_unit else (held[0]["code"] if held else "")
    pack = pack_at(held[0]["code"] if held else home)
    holds = rules.Holds(
        appointments=tuple((h["role"], h["code"]) for h in held),
        volunteer=row.volunteers,
        leads=bool(row.led),
    )
    grants = rules.grants_of(role_book(pack), holds) if pack else rules.NO_GRANTS
    return Actor(
        person_id=person.pk,
        account_id=account.pk,
        display=person.name_masked or person.phone_masked,
        permissions=grants.permissions,
        own=grants.own,
        roles=grants.roles,
        team_ids=tuple(dict.fromkeys([*row.led, *row.joined])),
        led_team_ids=tuple(row.led),
        home_code=home,
        unit_name=held[0]["name"] if held else "",
        pack_code=pack,
        is_volunteer=row.volunteers,
        language=person.language,
        scopes=scopes,
        request_id=request_id,
    )


def pack_at(code: str) -> str:
    """The pack that governs a unit code; empty while nothing has been published."""
    try:
        return packs.pack_of(code)
    except NotFound:
        return ""


def role_book(pack_code: str) -> RoleBook:
    """The roles of a place."""
    book = packs.current(pack_code).one("roles")
    assert isinstance(book, RoleBook)
    return book


def account_of_person(person_id: UUID) -> int | None:
    """The account of a person, when there is one."""
    return Account.objects.filter(person=person_id).values_list("pk", flat=True).first()
