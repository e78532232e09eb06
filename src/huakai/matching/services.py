"""Writes of matching: make a round of proposals, and hand a confirmed one to the case engine."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huakai.cases import queries as cases
from huakai.cases import services as case_services
from huakai.cases.types import CaseRef, MoveInput, Taker, TakerKind
from huakai.kernel.errors import N_, NotAllowed
from huakai.kernel.geo import Point
from huakai.matching import rules
from huakai.matching.definitions import Weights
from huakai.matching.problem import Candidate, Order
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.types import SYSTEM, Actor

LOOK_AT = 300
"""Most candidates looked at per kind and area; the nearest areas come first."""


@transaction.atomic
def propose(*, case_id: UUID, cause: str, now: datetime) -> bool:
    """Rank takers for a waiting case and keep the round; once per cause. When the pack says a proposal stands
    by itself, offer to the best. False when there was nothing to do."""
    facts = cases.dispatch_facts(case_id)
    if facts is None or not facts.waiting:
        return False
    weights = packs.edition(facts.edition_id).get("matching", "weights")
    assert isinstance(weights, Weights)
    order = _order(facts)
    pool = _pool(facts, now)
    lines = rules.ranked(order, pool, weights)
    nobody = "" if lines else rules.why_nobody(order, pool, weights).format(km=weights.max_km)
    if not _keep(case_id, cause, nobody, now, lines):
        return False
    if lines and facts.automatic:
        best = lines[0].candidate
        _offer(case_id, Taker(TakerKind(best.kind), best.id), SYSTEM, now, client_key="")
    return True


def confirm_proposal(
    *, case_id: UUID, taker: Taker, by: Actor, now: datetime, client_key: str = ""
) -> CaseRef:
    """Offer the case to a proposed (or another chosen) taker; the case engine checks who may and what is open."""
    return _offer(case_id, taker, by, now, client_key)


def refresh(*, case_id: UUID, by: Actor, now: datetime) -> bool:
    """Rank again on a dispatcher's wish, after people or places changed."""
    facts = cases.dispatch_facts(case_id)
    if facts is None or not by.may("case.dispatch", facts.area_code):
        raise NotAllowed("not_allowed", N_("您的岗位不能在这个区域派单"))
    return propose(case_id=case_id, cause=f"asked:{int(now.timestamp())}", now=now)


def _offer(case_id: UUID, taker: Taker, by: Actor, now: datetime, client_key: str) -> CaseRef:
    return case_services.move_case(
        case_id=case_id, move="offer", given=MoveInput(taker=taker), by=by, now=now, client_key=client_key
    )


def _order(facts: cases.DispatchFacts) -> Order:
    here = _point(facts.lon, facts.lat) or _point(facts.area_lon, facts.area_lat)
    return Order(facts.skill, facts.area_code, here, facts.asked, cases.served_before(facts.requester_id))


def _pool(facts: cases.DispatchFacts, now: datetime) -> list[Candidate]:
    """Candidates of the town first; the whole place only when the town has none."""
    place = packs.edition(facts.edition_id).root_code
    for prefix in (facts.area_code[: len(place) + 3], place):
        found = _volunteers(facts, prefix, now) + _teams(facts, prefix, now)
        if any(c.free > 0 and c.id not in facts.asked for c in found):
            return found
    return found


def _volunteers(facts: cases.DispatchFacts, prefix: str, now: datetime) -> list[Candidate]:
    if TakerKind.PERSON not in facts.takers:
        return []
    cards = [
        c
        for c in registry.candidate_volunteers(facts.skill, prefix, LOOK_AT)
        if c.person_id != facts.requester_id
    ]
    loads = cases.load_of_volunteers([c.person_id for c in cards], now=now)
    return [
        Candidate(
            kind="person",
            id=card.person_id,
            name=card.name_masked,
            skills=frozenset(card.skills),
            area_code=card.unit_code,
            point=card.point,
            free=card.capacity_per_week - load.week,
            today=load.day,
            month=load.month,
        )
        for card in cards
        for load in (loads.get(card.person_id, cases.Load()),)
    ]


def _teams(facts: cases.DispatchFacts, prefix: str, now: datetime) -> list[Candidate]:
    if TakerKind.TEAM not in facts.takers:
        return []
    cards = registry.candidate_teams(facts.skill, prefix, LOOK_AT)
    loads = cases.load_of_teams([c.id for c in cards], now=now)
    return [
        Candidate(
            kind="team",
            id=card.id,
            name=card.name,
            skills=frozenset(card.skills),
            area_code=card.unit_code,
            point=card.point,
            free=card.capacity_per_day - load.day,
            today=load.day,
            month=load.month,
        )
        for card in cards
        for load in (loads.get(card.id, cases.Load()),)
    ]


def _keep(case_id: UUID, cause: str, nobody: str, now: datetime, lines: Sequence[rules.Ranked]) -> bool:
    """Round and proposals in one statement; False when the cause has its round already."""
    rows = json.dumps([_row(rank, line) for rank, line in enumerate(lines, start=1)])
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [case_id, cause, nobody, now, rows])
        return bool(cursor.rowcount)


_KEEP = """
    WITH made AS (
        INSERT INTO matching_round (case_id, cause, nobody, made_at) VALUES (%s, %s, %s, %s)
        ON CONFLICT (case_id, cause) DO NOTHING RETURNING id),
    lines AS (
        INSERT INTO matching_proposal (round_id, rank, person_id, team_id, cost, distance_m, reasons)
        SELECT made.id, line.* FROM made, jsonb_to_recordset(%s::jsonb) AS line (
               rank smallint, person_id uuid, team_id uuid, cost int, distance_m int, reasons jsonb))
    SELECT id FROM made"""


def _row(rank: int, line: rules.Ranked) -> dict[str, Any]:
    one = line.candidate
    return {
        "rank": rank,
        "person_id": str(one.id) if one.kind == "person" else None,
        "team_id": str(one.id) if one.kind == "team" else None,
        "cost": line.cost,
        "distance_m": line.distance,
        "reasons": [{"message": r.message, "params": dict(r.params)} for r in line.reasons],
    }


def _point(lon: float | None, lat: float | None) -> Point | None:
    return Point(lon, lat) if lon is not None and lat is not None else None
