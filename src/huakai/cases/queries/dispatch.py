"""What the matching floor needs to know of a case and of people's load; plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from huakai.cases.queries import catalogue
from huakai.cases.types import Answer, Status, TakerKind


@dataclass(frozen=True)
class DispatchFacts:
    """One order waiting for a taker."""

    case_id: UUID
    edition_id: UUID
    area_code: str
    skill: str
    lon: float | None
    lat: float | None
    area_lon: float | None
    area_lat: float | None
    requester_id: UUID
    takers: tuple[TakerKind, ...]
    automatic: bool
    asked: frozenset[UUID]
    """Persons and teams asked before, whatever they said: nobody is asked twice."""
    waiting: bool
    """True while it stands where it can be offered."""


def dispatch_facts(case_id: UUID) -> DispatchFacts | None:
    """Facts of one case; None when it does not exist or its flow offers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [case_id])
        row = cursor.fetchone()
    if row is None:
        return None
    edition, flow_code, service_code, stage, status, *place, requester, asked = row
    area_code, lon, lat, area_lon, area_lat = place
    menu = catalogue.menu_of_edition(edition)
    flow, service = menu.flows[flow_code], menu.services.get(service_code)
    if flow.offers is None:
        return None
    can_offer = any(move.effect == "offer" for move in flow.stage(stage).moves)
    return DispatchFacts(
        case_id=case_id,
        edition_id=edition,
        area_code=area_code,
        skill=service.skill if service else "",
        lon=lon,
        lat=lat,
        area_lon=area_lon,
        area_lat=area_lat,
        requester_id=requester,
        takers=flow.offers.takers,
        automatic=flow.offers.automatic,
        asked=frozenset(one for one in asked if one),
        waiting=status == Status.OPEN and can_offer,
    )


# Written out, like the reads below: every proposal asks them, and a storm of orders wants hundreds of proposals.
_FACTS = """
    SELECT c.edition_id, c.flow, c.service, c.stage, c.status, c.area_code, c.lon, c.lat, u.lon, u.lat, c.requester_id,
           ARRAY(SELECT coalesce(a.person_id, a.team_id) FROM cases_assignment a
                  WHERE a.case_id = c.id AND a.state <> 'withdrawn')
      FROM cases_case c JOIN registry_unit u ON u.id = c.area_id WHERE c.id = %s"""


@dataclass(frozen=True)
class Load:
    """Orders taken or offered: in the last day, week and 30 days. Declined and lapsed offers do not count."""

    day: int = 0
    week: int = 0
    month: int = 0


def load_of_volunteers(ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Load]:
    """Load per volunteer; those without any are absent."""
    return _load("person_id", ids, now)


def load_of_teams(ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Load]:
    """Load per team; those without any are absent."""
    return _load("team_id", ids, now)


def _load(column: str, ids: Iterable[UUID], now: datetime) -> dict[UUID, Load]:
    counted = [Answer.OFFERED.value, Answer.ACCEPTED.value, Answer.DONE.value]
    spans = [now - timedelta(days=days) for days in (1, 7, 30)]
    with connection.cursor() as cursor:
        cursor.execute(_LOAD[column], [*spans[:2], list(ids), spans[2], counted])
        return {key: Load(day, week, month) for key, day, week, month in cursor.fetchall()}


_LOAD = {
    column: f"""
    SELECT {column}, count(*) FILTER (WHERE offered_at > %s), count(*) FILTER (WHERE offered_at > %s), count(*)
      FROM cases_assignment WHERE {column} = ANY(%s) AND offered_at > %s AND state = ANY(%s) GROUP BY {column}"""  # noqa: S608
    for column in ("person_id", "team_id")
}


def served_before(requester_id: UUID) -> frozenset[UUID]:
    """Persons and teams that finished an order of this resident: a known face is worth something."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVED, [requester_id])
        return frozenset(one for pair in cursor.fetchall() for one in pair if one)


_SERVED = """
    SELECT DISTINCT taker_person_id, taker_team_id FROM cases_case
     WHERE requester_id = %s AND status = 'closed' LIMIT 200"""
