"""One case with everything its page shows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import JSONField
from django.utils.translation import get_language

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import rules
from huakai.cases.definitions import Flow, Move
from huakai.cases.models import Assignment, Case, Rating
from huakai.cases.queries import around, catalogue, choices, facts, routing, timeline
from huakai.cases.queries.own import private_of
from huakai.cases.queries.rows import row_of, sees
from huakai.cases.rules.routing_meaning import hands_to_units
from huakai.cases.types import (
    ActFacts,
    Answer,
    AnswerLine,
    Around,
    AssignmentLine,
    CaseCard,
    CaseFacts,
    RatingLine,
    Status,
    StepMark,
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
    staff = _is_staff(case, state.who, actor)
    beside = around.around(case, flow, actor, state.who, lang, staff=staff)
    heads = registry.public_names(head for head in (case.head_id, *(o.head_id for o in offers)) if head)
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
        moves=tuple(
            choices.move_choice(case.edition_id, case.flow, case.stage, move.code, lang)
            for move in _open_moves(flow, case, state)
        ),
        steps=_steps(flow, case, lang),
        assignments=tuple(_line(offer, names, heads) for offer in offers),
        ratings=tuple(_rating_line(flow, r, lang) for r in ratings),
        combined_score=_combined(flow, [r for r in ratings if r.round == case.reopened]),
        may_rate=_may_rate(flow, case, ratings, actor, now),
        timeline=timeline.lines_of(
            audit.history(Subject("case", str(case.id))), beside.notes, flow, lang, staff=staff
        ),
        photo_ids=files.photo_ids("case", str(case.id)) if case.photo_count else (),
        edition_number=view.number,
        is_requester=Who.REQUESTER in state.who,
        is_taker=Who.TAKER in state.who,
        my_offer=Who.OFFEREE in state.who,
        finish_due_at=case.finish_due_at,
        tags=(case.tag,) if case.tag else (),
        flow_title=say(flow, "title", lang),
        source=flow.source,
        head=heads.get(case.head_id, "") if case.head_id else "",
        solved=case.solved,
        answers=_answers(case, state.who, actor, lang),
        paused_since=case.paused_since,
        reopened=case.reopened,
        rates_aspects=flow.rating is not None and flow.rating.aspects,
        around=beside.around,
        acts=rules.acts_open(flow, _act_facts(case, state, beside.around, actor)),
        is_staff=staff,
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


def _is_staff(case: Case, who: frozenset[Who], actor: Actor) -> bool:
    """Do they see it by their office? The one it is for never reads what offices write among themselves."""
    if Who.REQUESTER in who:
        return False
    units = (case.area_code, case.lead_unit_code)
    by_office = any(actor.may("case.view", code) for code in units if code)
    return by_office or Who.CO_HANDLER in who or (Who.FINDER in who and bool(actor.prefixes("case.view")))


WORKING = frozenset({Who.HANDLER, Who.CO_HANDLER, Who.TAKER, Who.FINDER, Who.OPENER, Who.REQUESTER})
"""Those who read answers to private questions; the dispatcher too, of a restricted case with the right for it."""


def _answers(case: Case, who: frozenset[Who], actor: Actor, lang: str) -> tuple[AnswerLine, ...]:
    dispatches = Who.DISPATCHER in who and (
        not case.restricted or actor.may("case.restricted", case.area_code)
    )
    given = dict(case.answers)
    if case.private_enc is not None and (dispatches or who & WORKING):
        given |= private_of(case.private_enc)
    return choices.answers_in_words(case.edition_id, case.flow, case.category, given, lang)


def _open_moves(flow: Flow, case: Case, state: CaseFacts) -> tuple[Move, ...]:
    """A case that went into another moves no more by itself."""
    return () if case.status == Status.MERGED else rules.open_moves(flow, state)


def _act_facts(case: Case, state: CaseFacts, beside: Around, actor: Actor) -> ActFacts:
    who = state.who
    if Who.FINDER in who and not actor.prefixes("case.view"):
        who -= {Who.FINDER}
    return ActFacts(
        status=state.status,
        who=who,
        may_account=actor.may("case.account", case.area_code),
        has_unit=state.has_unit,
        has_due=case.due_at is not None,
        is_paused=case.paused_since is not None,
        is_restricted=case.restricted,
        reopened=case.reopened,
        asked=frozenset(each.kind for each in beside.requests if each.state == "asked"),
        standing=frozenset(
            each.kind
            for each in beside.supervisions
            if each.state in {"open", "answered", "proposed"} and each.unit_code == case.lead_unit_code
        ),
    )


def _may_reveal(case: Case, who: frozenset[Who], actor: Actor) -> bool:
    serving = case.status == Status.OPEN and bool(who & {Who.TAKER, Who.HANDLER})
    return serving or Who.REQUESTER in who or facts.rules_over(case, actor, "person.reveal")


def _steps(flow: Flow, case: Case, lang: str) -> tuple[StepMark, ...]:
    """The order bar. A rated case has every step behind it; a cancelled one stops where it was."""
    at = flow.stage(case.stage).step
    rated = case.stars is not None
    marks = []
    for number, step in enumerate(flow.steps, start=1):
        state = "done" if number < at or rated else "now" if number == at else "ahead"
        marks.append(StepMark(title=say(step, "title", lang), state=state))
    return tuple(marks)


def _line(offer: Assignment, names: Mapping[UUID, str], heads: Mapping[UUID, str]) -> AssignmentLine:
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
        is_part=offer.is_part,
        unit_code=offer.unit_code,
        accept_due_at=offer.accept_due_at,
        due_at=offer.due_at,
        accepted_at=offer.accepted_at,
        result=offer.result,
        head=heads.get(offer.head_id, "") if offer.head_id else "",
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
        response_stars=rating.response_stars,
        attitude_stars=rating.attitude_stars,
        solved=rating.solved,
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
    if any(r.rater_id == actor.person_id and r.round == case.reopened for r in ratings):
        return False
    roles = {rater.role for rater in flow.rating.raters}
    as_requester = "requester" in roles and facts.ordered_by(case, actor)
    return as_requester or ("station" in roles and facts.rules_over(case, actor, "case.rate"))
