"""Open orders as a volunteer looks for them, and what is known of a service from finished orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Avg, Count

from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.lists import open_orders
from huakai.cases.types import CaseRow, Effect
from huakai.kernel import geo
from huakai.registry import queries as registry
from huakai.registry.types import Actor

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class NearOrder:
    """An open order with what a volunteer decides by."""

    row: CaseRow
    planned_minutes: int | None
    wanted_at: datetime | None
    distance_m: int | None
    claim: str
    """Code of the move that takes it."""


def near_orders(actor: Actor, *, area: str, now: datetime, limit: int = 30) -> tuple[NearOrder, ...]:
    """Orders in `area` the actor may take up, nearest first where both places are known, else most pressing."""
    volunteer = registry.volunteer_card(actor.person_id) if actor.person_id else None
    skills = volunteer.skills if volunteer else ()
    rows = open_orders(actor, skills=skills, area=area, now=now, limit=limit)
    home = _point(volunteer.lon, volunteer.lat) if volunteer else None
    more = (
        {c.id: c for c in Case.objects.filter(pk__in=[r.id for r in rows]).select_related("area")}
        if rows
        else {}
    )
    found = tuple(_near(row, more[row.id], home) for row in rows if row.id in more)
    return tuple(sorted(found, key=lambda o: (o.distance_m is None, o.distance_m or 0)))


def _near(row: CaseRow, case: Case, home: geo.Point | None) -> NearOrder:
    menu = catalogue.menu_of_edition(case.edition_id)
    service = menu.services.get(case.service)
    moves = menu.flows[case.flow].stage(case.stage).moves
    there = _point(case.lon, case.lat) or _point(case.area.lon, case.area.lat)
    return NearOrder(
        row=row,
        planned_minutes=service.planned_minutes if service else None,
        wanted_at=case.wanted_at,
        distance_m=round(geo.distance_m(home, there)) if home and there else None,
        claim=next((move.code for move in moves if move.effect is Effect.CLAIM), ""),
    )


def _point(lon: float | None, lat: float | None) -> geo.Point | None:
    return geo.Point(lon, lat) if lon is not None and lat is not None else None


@dataclass(frozen=True)
class ServiceFigure:
    """How often a service was given lately and how those who ordered rated it."""

    times: int
    score: Decimal | None


def service_figures(root: str, *, now: datetime) -> dict[str, ServiceFigure]:
    """Per service code: orders closed under `root` in the last 90 days, and their mean stars (None: nobody rated)."""
    rows = (
        Case.objects.filter(opened_at__gte=now - WINDOW, status="closed", area_code__startswith=root)
        .exclude(service="")
        .values_list("service")
        .annotate(times=Count("pk"), score=Avg("stars"))
    )
    return {
        code: ServiceFigure(times, None if score is None else Decimal(str(score)).quantize(Decimal("0.1")))
        for code, times, score in rows
    }
