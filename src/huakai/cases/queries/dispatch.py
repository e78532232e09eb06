"""What the matching floor needs to know of a case and of people's load; plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from huakai.cases.models import Assignment, Case
from huakai.cases.queries import catalogue
from huakai.cases.types import Answer, TakerKind


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
    case = Case.objects.filter(pk=case_id).select_related("area").first()
    if case is None:
        return None
    menu = catalogue.menu_of_edition(case.edition_id)
    flow, service = menu.flows[case.flow], menu.services.get(case.service)
    if flow.offers is None:
        return None
    asked = (
        Assignment.objects.filter(case=case)
        .exclude(state=Answer.WITHDRAWN)
        .values_list("person_id", "team_id")
    )
    can_offer = any(move.effect == "offer" for move in flow.stage(case.stage).moves)
    return DispatchFacts(
        case_id=case.id,
        edition_id=case.edition_id,
        area_code=case.area_code,
        skill=service.skill if service else "",
        lon=case.lon,
        lat=case.lat,
        area_lon=case.area.lon,
        area_lat=case.area.lat,
        requester_id=case.requester_id,
        takers=flow.offers.takers,
        automatic=flow.offers.automatic,
        asked=frozenset(one for pair in asked for one in pair if one),
        waiting=case.status == "open" and can_offer,
    )


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
    rows = (
        Assignment.objects.filter(**{f"{column}__in": list(ids)}, offered_at__gt=now - timedelta(days=30))
        .filter(state__in=[Answer.OFFERED, Answer.ACCEPTED, Answer.DONE])
        .values_list(column)
        .annotate(
            day=Count("pk", filter=Q(offered_at__gt=now - timedelta(days=1))),
            week=Count("pk", filter=Q(offered_at__gt=now - timedelta(days=7))),
            month=Count("pk"),
        )
    )
    return {key: Load(day, week, month) for key, day, week, month in rows}


def served_before(requester_id: UUID) -> frozenset[UUID]:
    """Persons and teams that finished an order of this resident: a known face is worth something."""
    rows = Case.objects.filter(requester_id=requester_id, status="closed")
    pairs = rows.values_list("taker_person_id", "taker_team_id").distinct()[:200]
    return frozenset(one for pair in pairs for one in pair if one)
