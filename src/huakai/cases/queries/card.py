"""One case with everything its page shows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import JSONField
from django.utils.translation import get_language
from django.utils.translation import gettext as translate

from huakai.audit import queries as audit
from huakai.audit.types import Event, Subject
from huakai.cases import rules
from huakai.cases.definitions import Flow, Move
from huakai.cases.models import Assignment, Case, Note, Rating
from huakai.cases.queries import catalogue, facts, routing
from huakai.cases.queries.rows import row_of, sees
from huakai.cases.rules.routing_meaning import hands_to_units
from huakai.cases.types import (
    Answer,
    AssignmentLine,
    CaseCard,
    MoveChoice,
    RatingLine,
    Status,
    StepMark,
    TimelineLine,
    Who,
)
from huakai.files import queries as files
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotFound
from huakai.packs import queries as packs
from huakai.packs.types import say
from huakai.registry import queries as registry
from huakai.registry.types import Actor


def card(actor: Actor, case_id: UUID, *, now: datetime) -> CaseCard:
    """The case as `actor` may see it; NotFound when it does not exist for them."""
    case, phone, offers = _load(actor, case_id)
    names = registry.names_of(
        units=(case.area_id, case.lead_unit_id, *(o.unit_id for o in offers)),
        persons=(case.requester_id, case.taker_person_id, *(o.person_id for o in offers)),
        teams=(case.taker_team_id, *(o.team_id for o in offers)),
    )
    view = packs.edition(case.edition_id)
    flow = catalogue.menu_of(view).flows[case.flow]
    service = catalogue.menu_of(view).services.get(case.service)
    state = facts.facts_of(case, offers, actor)
    lang = get_language() or "zh-hans"
    ratings = _ratings(case.id) if case.status == Status.CLOSED else []
    suggested = case.lead_unit_code or (
        routing.proposal(case, on=now.astimezone(CHINA).date()).unit_code if hands_to_units(flow) else ""
    )
    return CaseCard(
        row=row_of(case, names),
        detail=case.detail,
        service_title=say(service, "title", lang) if service else "",
        served_for=case.served_for,
        has_address=case.address_enc is not None,
        may_reveal=_may_reveal(case, state.who, actor),
        phone_masked=phone,
        lon=case.lon,
        lat=case.lat,
        wanted_at=case.wanted_at,
        urgent=case.urgent,
        lead_unit=names[case.lead_unit_id] if case.lead_unit_id else "",
        lead_unit_code=suggested,
        result=_result(case),
        minutes_served=case.minutes_served,
        planned_minutes=service.planned_minutes if service else None,
        moves=_choices(flow, rules.open_moves(flow, state), lang),
        steps=_steps(flow, case, lang),
        assignments=tuple(_line(offer, names) for offer in offers),
        ratings=tuple(_rating_line(flow, r, lang) for r in ratings),
        combined_score=_combined(flow, ratings),
        may_rate=_may_rate(flow, case, ratings, actor, now),
        timeline=_timeline(case, flow, lang),
        photo_ids=files.photo_ids("case", str(case.id)) if case.photo_count else (),
        edition_number=view.number,
        is_requester=Who.REQUESTER in state.who,
        is_taker=Who.TAKER in state.who,
        my_offer=Who.OFFEREE in state.who,
        finish_due_at=case.finish_due_at,
        tags=(case.tag,) if case.tag else (),
    )


def _result(case: Case) -> str:
    """What came of it; a merged case tells its own reporter what came of the one it went into (row JG-05)."""
    if case.merged_into_id is None:
        return case.result_text
    return Case.objects.values_list("result_text", flat=True).get(pk=case.merged_into_id)


def diagram_of(pack_code: str, flow_code: str, *, english: bool = False) -> str:
    """Mermaid text of a flow of the place's current edition."""
    flow = catalogue.menu(pack_code).flows.get(flow_code)
    if flow is None:
        raise NotFound("flow_unknown", N_("没有这个流程"))
    return rules.diagram(flow, english=english)


def _load(actor: Actor, case_id: UUID) -> tuple[Case, str, list[Assignment]]:
    """The case, the caller's masked number and the chain: visible by area or as one's own, as one who opened it,
    or because one was asked to take it."""
    with connection.cursor() as cursor:
        cursor.execute(_CASE_AND_CHAIN, [case_id])
        rows = cursor.fetchall()
    if rows:
        case = Case.from_db("default", _CASE, rows[0][: len(_CASE)])
        for name in _JSON:
            setattr(case, name, json.loads(getattr(case, name)))
        links = [row[len(_CASE) + 1 :] for row in rows]
        offers = [Assignment.from_db("default", _LINK, link) for link in links if link[0] is not None]
        opened = case.opened_by_id is not None and case.opened_by_id == actor.person_id
        if opened or sees(actor, case, offers) or facts.offer_of(_standing(offers), actor) is not None:
            return case, rows[0][len(_CASE)], offers
    raise NotFound("case_unknown", N_("没有找到这张单子，可能不在您的管辖范围"))


def _ratings(case_id: UUID) -> list[Rating]:
    with connection.cursor() as cursor:
        cursor.execute(_RATINGS, [case_id])
        return [Rating.from_db("default", _RATING, row) for row in cursor.fetchall()]


def _standing(offers: Iterable[Assignment]) -> Iterable[Assignment]:
    return (offer for offer in offers if offer.state == Answer.OFFERED)


# Written out: every page of a case asks this, and the ORM spent five times as long on asking as on reading.
# A chain has few links, so that the case comes once with each of them.
_CASE = [field.attname for field in Case._meta.concrete_fields]
_JSON = [field.attname for field in Case._meta.concrete_fields if isinstance(field, JSONField)]
_LINK = [field.attname for field in Assignment._meta.concrete_fields]
_CASE_AND_CHAIN = f"""
    SELECT {", ".join(f"c.{name}" for name in _CASE)}, caller.phone_masked, {", ".join(f"a.{name}" for name in _LINK)}
      FROM cases_case c JOIN registry_person caller ON caller.id = c.requester_id
      LEFT JOIN cases_assignment a ON a.case_id = c.id
     WHERE c.id = %s ORDER BY a.offered_at"""  # noqa: S608 - names of our own
_RATING = [field.attname for field in Rating._meta.concrete_fields]
_RATINGS = f"SELECT {', '.join(_RATING)} FROM cases_rating WHERE case_id = %s ORDER BY at"  # noqa: S608


def _may_reveal(case: Case, who: frozenset[Who], actor: Actor) -> bool:
    serving = case.status == Status.OPEN and bool(who & {Who.TAKER, Who.HANDLER})
    return serving or Who.REQUESTER in who or facts.rules_over(case, actor, "person.reveal")


def _choices(flow: Flow, moves: Iterable[Move], lang: str) -> tuple[MoveChoice, ...]:
    return tuple(
        MoveChoice(
            code=move.code,
            title=say(move, "title", lang),
            to=move.to,
            effect=move.effect.value,
            asks=rules.asks_of(move),
            tone=move.tone,
        )
        for move in moves
    )


def _steps(flow: Flow, case: Case, lang: str) -> tuple[StepMark, ...]:
    """The order bar. A rated case has every step behind it; a cancelled one stops where it was."""
    at = flow.stage(case.stage).step
    rated = case.stars is not None
    marks = []
    for number, step in enumerate(flow.steps, start=1):
        state = "done" if number < at or rated else "now" if number == at else "ahead"
        marks.append(StepMark(title=say(step, "title", lang), state=state))
    return tuple(marks)


def _line(offer: Assignment, names: Mapping[UUID, str]) -> AssignmentLine:
    taker = offer.team_id or offer.unit_id or offer.person_id
    assert taker is not None
    return AssignmentLine(
        id=offer.id,
        kind=offer.kind,
        taker_id=taker,
        taker=names[taker],
        state=offer.state,
        offered_at=offer.offered_at,
        lease_until=offer.lease_until,
        answered_at=offer.answered_at,
        reason=offer.reason,
    )


def _rating_line(flow: Flow, rating: Rating, lang: str) -> RatingLine:
    titles: dict[str, str] = (
        {r.role: say(r, "title", lang) for r in flow.rating.raters} if flow.rating else {}
    )
    return RatingLine(
        rater_role=rating.rater_role,
        rater_title=titles.get(rating.rater_role, rating.rater_role),
        stars=rating.stars,
        comment=rating.comment,
        at=rating.at,
    )


def _combined(flow: Flow, ratings: Sequence[Rating]) -> Decimal | None:
    if flow.rating is None:
        return None
    stars: dict[str, list[int]] = {}
    for rating in ratings:
        stars.setdefault(rating.rater_role, []).append(rating.stars)
    return rules.combined_score(stars, flow.rating.raters)


def _may_rate(flow: Flow, case: Case, ratings: Sequence[Rating], actor: Actor, now: datetime) -> bool:
    if flow.rating is None or case.closed_at is None or case.status != Status.CLOSED:
        return False
    if now > case.closed_at + timedelta(days=flow.rating.days):
        return False
    if any(rating.rater_id == actor.person_id for rating in ratings):
        return False
    roles = {rater.role for rater in flow.rating.raters}
    as_requester = "requester" in roles and facts.ordered_by(case, actor)
    return as_requester or ("station" in roles and facts.rules_over(case, actor, "case.rate"))


def _timeline(case: Case, flow: Flow, lang: str) -> tuple[TimelineLine, ...]:
    """What happened, newest first, from the record; words of moves from the notes."""
    events = audit.history(Subject("case", str(case.id)))
    wanted = [e.after["note"] for e in events if "note" in e.after]
    notes = {str(n.id): n.text for n in Note.objects.filter(pk__in=wanted)} if wanted else {}
    titles = {m.code: say(m, "title", lang) for s in flow.stages for m in s.moves}
    lines = [_event_line(event, titles, notes, flow, lang) for event in events if event.name in SHOWN]
    return tuple(reversed(lines))


SHOWN = {
    "case.opened": N_("点单"),
    "case.moved": N_("流转"),
    "case.offered": N_("派单"),
    "case.accepted": N_("接单"),
    "case.declined": N_("不接"),
    "case.expired": N_("超时未接"),
    "case.withdrawn": N_("收回派单"),
    "case.handed_back": N_("退回"),
    "case.assigned": N_("派发"),
    "case.returned": N_("退回"),
    "case.answered": N_("答复"),
    "case.closed": N_("办结"),
    "case.cancelled": N_("撤单"),
    "case.rated": N_("评单"),
}


def _event_line(
    event: Event, titles: dict[str, str], notes: dict[str, str], flow: Flow, lang: str
) -> TimelineLine:
    move = str(event.after.get("move", ""))
    first = say(flow.steps[0], "title", lang)
    title = first if event.name == "case.opened" else titles.get(move) or _shown(event.name)
    stars = event.after.get("stars")
    note = "★" * int(stars) if stars else notes.get(str(event.after.get("note", "")), "")
    return TimelineLine(at=event.at, title=title, note=note)


def _shown(name: str) -> str:
    return translate(SHOWN[name])
