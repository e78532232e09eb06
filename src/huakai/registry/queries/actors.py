"""Who acts, with which rights now: one query per request, whatever the number of roles."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from huakai.kernel.clock import CHINA
from huakai.kernel.errors import NotFound
from huakai.packs import queries as packs
from huakai.registry import rules
from huakai.registry.definitions import RoleBook
from huakai.registry.models import Account
from huakai.registry.types import ANONYMOUS, Actor


@dataclass(frozen=True)
class SignedIn:
    """An account as the edge needs it: the actor, and the hash that ties a session to the password."""

    actor: Actor
    session_hash: str


# Written out: this runs before every request, and putting it together anew each time costs more than running it.
_FACTS = """
    SELECT a.id, a.password, p.id, coalesce(nullif(p.name_masked, ''), p.phone_masked), p.language,
           coalesce(home.code, ''),
           (SELECT json_agg(json_build_array(held.role, unit.code, unit.name) ORDER BY held.starts_at)::text
              FROM registry_appointment held JOIN registry_unit unit ON unit.id = held.unit_id
             WHERE held.person_id = p.id AND held.starts_at <= %(now)s
               AND (held.ends_at IS NULL OR held.ends_at > %(now)s)
               AND (unit.ends_on IS NULL OR unit.ends_on > %(on)s)),
           ARRAY(SELECT led.id FROM registry_team led
                  WHERE led.leader_id = p.id AND led.starts_on <= %(on)s
                    AND (led.ends_on IS NULL OR led.ends_on > %(on)s)),
           ARRAY(SELECT m.team_id FROM registry_membership m JOIN registry_team team ON team.id = m.team_id
                  WHERE m.person_id = p.id AND m.starts_on <= %(on)s AND (m.ends_on IS NULL OR m.ends_on > %(on)s)
                    AND (team.ends_on IS NULL OR team.ends_on > %(on)s)),
           EXISTS (SELECT 1 FROM registry_volunteer v WHERE v.person_id = p.id AND v.state = 'active')
           {more}
      FROM {source}
      JOIN registry_person p ON p.id = a.person_id
      LEFT JOIN registry_unit home ON home.id = p.home_unit_id
     WHERE a.is_active AND {which}"""
_OF_ACCOUNT = _FACTS.format(more="", source="registry_account a", which="a.id = %(key)s")
_OF_TOKEN = _FACTS.format(
    more=", t.scopes",
    source="registry_apitoken t JOIN registry_account a ON a.id = t.account_id",
    which="t.token_hash = %(key)s AND t.expires_at > %(now)s AND (t.revoked_at IS NULL OR t.revoked_at > %(now)s)",
)


def _row(query: str, key: int | str, now: datetime) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, {"key": key, "now": now, "on": now.astimezone(CHINA).date()})
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def actor_of_account(account_id: int, now: datetime, request_id: str = "") -> Actor:
    """Who acts with this account now; ANONYMOUS when the account is closed or unknown."""
    found = signed_in(account_id, now, request_id)
    return found.actor if found else ANONYMOUS


def signed_in(account_id: int, now: datetime, request_id: str = "") -> SignedIn | None:
    """The actor and the session hash of an open account."""
    row = _row(_OF_ACCOUNT, account_id, now)
    if row is None:
        return None
    return SignedIn(_actor(row, request_id, None), Account(password=row[1]).get_session_auth_hash())


def actor_of_token(token_hash: str, now: datetime, request_id: str = "") -> Actor | None:
    """The actor behind a bearer token; None when unknown, expired, revoked, or its account is closed."""
    row = _row(_OF_TOKEN, token_hash, now)
    return None if row is None else _actor(row, request_id, frozenset(row[10]))


def _actor(row: tuple[Any, ...], request_id: str, scopes: frozenset[str] | None) -> Actor:
    account, _password, person, display, language, home, held_text, led, joined, volunteers = row[:10]
    held: list[list[str]] = json.loads(held_text) if held_text else []
    home = home or (held[0][1] if held else "")
    pack = pack_at(held[0][1] if held else home)
    holds = rules.Holds(
        appointments=tuple((role, code) for role, code, _name in held),
        volunteer=volunteers,
        leads=bool(led),
    )
    grants = _grants(packs.current(pack).id, holds) if pack else rules.NO_GRANTS
    return Actor(
        person_id=person,
        account_id=account,
        display=display,
        permissions=grants.permissions,
        own=grants.own,
        roles=grants.roles,
        team_ids=tuple(dict.fromkeys([*led, *joined])),
        led_team_ids=tuple(led),
        home_code=home,
        unit_name=held[0][2] if held else "",
        pack_code=pack,
        is_volunteer=volunteers,
        language=language,
        scopes=scopes,
        request_id=request_id,
    )


@lru_cache(maxsize=1024)
def _grants(edition_id: UUID, holds: rules.Holds) -> rules.Grants:
    """The rights somebody holding this has under an edition; editions never change, so they are added up once."""
    book = packs.edition(edition_id).one("roles")
    assert isinstance(book, RoleBook)
    return rules.grants_of(book, holds)


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
