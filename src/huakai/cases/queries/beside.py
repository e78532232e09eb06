"""Lists of what stands beside cases. Each line obeys the predicate of the case it is about."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import get_language

from huakai.cases import rules
from huakai.cases.definitions import Flow
from huakai.cases.models import (
    CallBack,
    Case,
    CaseGroup,
    ClockRequest,
    Escalation,
    GroupMember,
    Quantity,
    SavedFilter,
    Supervision,
    Visit,
)
from huakai.cases.queries import catalogue, clocks
from huakai.cases.queries.rows import mentions, visible
from huakai.cases.types import (
    CallBackLine,
    CaseMention,
    ClockLine,
    FilterLine,
    GroupLine,
    OutcomeTotal,
    QuantityTotal,
    ReminderLine,
    RequestLine,
    SupervisionLine,
    VisitLine,
)
from huakai.kernel.errors import N_, NotFound
from huakai.packs.types import say
from huakai.registry import queries as registry
from huakai.registry.queries import scope_q
from huakai.registry.types import Actor

MOST = 200


def _mentioned(actor: Actor, rows: Iterable[object]) -> Mapping[UUID, CaseMention]:
    """The cases of these lines the actor may see, in one query."""
    wanted = {row.case_id for row in rows}  # type: ignore[attr-defined]
    return mentions(visible(actor).filter(pk__in=wanted))


def supervision_list(
    actor: Actor,
    *,
    kind: str,
    states: tuple[str, ...] = (),
    case_id: UUID | None = None,
    only: UUID | None = None,
) -> tuple[SupervisionLine, ...]:
    """督办 or 追责 lines of the areas one supervises or sees, and of the units one acts for; newest first."""
    rows = Supervision.objects.filter(kind=kind).filter(
        scope_q(actor, "case.view") | scope_q(actor, "case.move", area_field="unit_code")
    )
    if only is not None:
        rows = rows.filter(pk=only)
    if states:
        rows = rows.filter(state__in=states)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    found = list(rows.order_by("-id")[:MOST])
    cases = _mentioned(actor, found)
    units = registry.unit_names(row.unit_code for row in found)
    return tuple(
        SupervisionLine(
            id=row.id,
            case=cases[row.case_id],
            kind=row.kind,
            state=row.state,
            unit_code=row.unit_code,
            unit=units.get(row.unit_code, row.unit_code),
            reason=row.reason,
            due_at=row.due_at,
            ordered_at=row.ordered_at,
            by_platform=row.ordered_by is None,
            answer=row.answer,
            answered_at=row.answered_at,
            decision=row.decision,
            document=row.document,
            decided_at=row.decided_at,
            appeal=row.appeal,
            appealed_at=row.appealed_at,
            appeal_decision=row.appeal_decision,
            appeal_decided_at=row.appeal_decided_at,
        )
        for row in found
        if row.case_id in cases
    )


def request_list(
    actor: Actor, *, state: str = "", case_id: UUID | None = None, only: UUID | None = None
) -> tuple[RequestLine, ...]:
    """Pauses and extensions asked for in cases one sees, newest first."""
    rows = ClockRequest.objects.filter(case__in=visible(actor))
    if only is not None:
        rows = rows.filter(pk=only)
    if state:
        rows = rows.filter(state=state)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    found = list(rows.order_by("-id")[:MOST])
    cases = _mentioned(actor, found)
    names = registry.masked_names(row.asked_by for row in found)
    return tuple(
        RequestLine(
            id=row.id,
            case=cases[row.case_id],
            kind=row.kind,
            state=row.state,
            reason=row.reason,
            amount=row.amount,
            unit=row.unit,
            asked_by=names.get(row.asked_by, ""),
            asked_at=row.asked_at,
            decision=row.decision,
            decided_at=row.decided_at,
        )
        for row in found
        if row.case_id in cases
    )


def group_list(actor: Actor, *, kind: str = "", group_id: UUID | None = None) -> tuple[GroupLine, ...]:
    """Groups of the areas one sees, with their counts; newest first."""
    rows = CaseGroup.objects.filter(scope_q(actor, "case.view"))
    if kind:
        rows = rows.filter(kind=kind)
    if group_id is not None:
        rows = rows.filter(pk=group_id)
    found = list(rows.order_by("-id")[:MOST])
    members = GroupMember.objects.filter(group__in=found).values("group_id")
    counts = {
        row["group_id"]: row
        for row in members.annotate(cases=Count("pk"), closed=Count("pk", filter=Q(case__status="closed")))
    }
    areas = registry.unit_names(row.area_code for row in found)
    none = {"cases": 0, "closed": 0}
    return tuple(
        GroupLine(
            id=row.id,
            kind=row.kind,
            title=row.title,
            plan=row.plan,
            area_code=row.area_code,
            area=areas.get(row.area_code, row.area_code),
            state=row.state,
            answer=row.answer,
            made_at=row.made_at,
            answered_at=row.answered_at,
            cases=counts.get(row.id, none)["cases"],
            closed=counts.get(row.id, none)["closed"],
        )
        for row in found
    )


def groups_of(case_id: UUID) -> tuple[tuple[UUID, str, str, str], ...]:
    """(id, kind, title, answer) of the groups a case is in: each case shows the answer its group was given."""
    rows = CaseGroup.objects.filter(pk__in=GroupMember.objects.filter(case=case_id).values("group_id"))
    return tuple(rows.order_by("made_at").values_list("id", "kind", "title", "answer"))


def visit_list(actor: Actor, *, visit_id: UUID | None = None) -> tuple[VisitLine, ...]:
    """Visits of the areas one sees and one's own, with the cases their findings became."""
    own = Q(visitor_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    rows = Visit.objects.filter(scope_q(actor, "case.view") | own)
    if visit_id is not None:
        rows = rows.filter(pk=visit_id)
    found = list(rows.select_related("area").order_by("-id")[:MOST])
    cases = _findings(actor, found)
    names = registry.people_brief(row.visitor_id for row in found)
    kinds = catalogue.menu(actor.pack_code).visit_kinds if actor.pack_code else {}
    lang = get_language() or "zh-hans"
    return tuple(
        VisitLine(
            id=row.id,
            kind=row.kind,
            kind_title=say(kinds[row.kind], "title", lang) if row.kind in kinds else row.kind,
            visitor=names.get(row.visitor_id, ""),
            area_code=row.area_code,
            area=row.area.name,
            unit_code=row.unit_code,
            visited_on=row.visited_on,
            words=row.words,
            findings=cases.get(row.id, ()),
        )
        for row in found
    )


def _findings(actor: Actor, visits: list[Visit]) -> dict[UUID, tuple[CaseMention, ...]]:
    opened = Case.objects.filter(opened_by_id=actor.person_id) if actor.person_id else Case.objects.none()
    rows = (visible(actor) | opened).filter(origin_kind="visit", origin_id__in=[visit.id for visit in visits])
    origins = dict(rows.values_list("id", "origin_id"))
    found: dict[UUID, list[CaseMention]] = {}
    for case_id, mention in sorted(mentions(rows).items(), key=lambda each: each[1].number):
        origin = origins[case_id]
        assert origin is not None
        found.setdefault(origin, []).append(mention)
    return {visit: tuple(cases) for visit, cases in found.items()}


def call_back_list(actor: Actor, *, state: str = "", only: UUID | None = None) -> tuple[CallBackLine, ...]:
    """Cases drawn for a call in the areas one dispatches, the most pressing first."""
    rows = CallBack.objects.filter(scope_q(actor, "case.dispatch"))
    if only is not None:
        rows = rows.filter(pk=only)
    if state:
        rows = rows.filter(state=state)
    found = list(rows.order_by("due_at", "id")[:MOST])
    cases = _mentioned(actor, found)
    return tuple(
        CallBackLine(
            id=row.id,
            case=cases[row.case_id],
            state=row.state,
            due_at=row.due_at,
            solved=row.solved,
            stars=row.stars,
            words=row.words,
            called_at=row.called_at,
        )
        for row in found
        if row.case_id in cases
    )


def reminder_list(
    actor: Actor, *, unseen: bool = True, case_id: UUID | None = None
) -> tuple[ReminderLine, ...]:
    """Rungs addressed to units one acts or dispatches for, newest first."""
    addressed = scope_q(actor, "case.move", area_field="unit_code") | scope_q(
        actor, "case.dispatch", area_field="unit_code"
    )
    rows = Escalation.objects.filter(addressed)
    if unseen:
        rows = rows.filter(seen_at=None)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    found = list(rows.order_by("-id")[:MOST])
    cases = _mentioned(actor, found)
    lang = get_language() or "zh-hans"
    flows = {case: (edition, flow) for case, edition, flow in _flows_of(cases)}
    return tuple(
        ReminderLine(
            id=row.id,
            case=cases[row.case_id],
            rung=row.rung,
            title=_rung_title(*flows[row.case_id], row.rung, lang),
            act=row.act,
            to=row.to,
            unit_code=row.unit_code,
            due_at=row.due_at,
            at=row.at,
            seen=row.seen_at is not None,
        )
        for row in found
        if row.case_id in cases
    )


def _flows_of(cases: Iterable[UUID]) -> QuerySet[Case, tuple[UUID, UUID, str]]:
    return Case.objects.filter(pk__in=list(cases)).values_list("id", "edition_id", "flow")


def _rung_title(edition: UUID, flow: str, code: str, lang: str) -> str:
    rungs = catalogue.menu_of_edition(edition).flows[flow].ladder
    return next((say(rung, "title", lang) for rung in rungs if rung.code == code), code)


def filters_of(actor: Actor) -> tuple[FilterLine, ...]:
    """One's own filters, then those shared with a unit one works in or under."""
    if actor.person_id is None:
        return ()
    codes = {
        prefix[:length] for prefix in actor.prefixes("case.view") for length in range(2, len(prefix) + 1)
    }
    rows = SavedFilter.objects.filter(Q(owner_id=actor.person_id) | Q(shared_with__in=codes))
    lines = [
        FilterLine(row.id, row.title, row.query, row.shared_with, mine=row.owner_id == actor.person_id)
        for row in rows.order_by("title")
    ]
    return tuple(sorted(lines, key=lambda line: not line.mine))


def quantity_totals(
    actor: Actor, *, flow: str, since: datetime | None = None, until: datetime | None = None
) -> tuple[QuantityTotal, ...]:
    """Sums per code over the closed cases of a flow one counts. 41 盏 and 5 台 stay two lines (requirements 6, 26).

    Marks of the amounts go into the sum's: those that agree stay, 余 beside 近 is 约.
    """
    cases = _counted(actor, flow, since, until)
    kinds = {q.code: q for q in _flow(actor, flow).quantities}
    rows = Quantity.objects.filter(case__in=cases.values("pk")).values("code")
    sums = {
        r["code"]: r for r in rows.annotate(total=Sum("amount"), cases=Count("pk"), marks=ArrayAgg("mark"))
    }
    lang = get_language() or "zh-hans"
    return tuple(
        QuantityTotal(
            flow=flow,
            code=code,
            title=say(kind, "title", lang),
            measure=kind.measure,
            amount=sums[code]["total"].quantize(quantum(kind.decimals)),
            mark=rules.mark_of_sum(sums[code]["marks"]),
            cases=sums[code]["cases"],
        )
        for code, kind in kinds.items()
        if code in sums
    )


def outcome_totals(
    actor: Actor, *, flow: str, since: datetime | None = None, until: datetime | None = None
) -> tuple[OutcomeTotal, ...]:
    """How often each outcome word of a flow was the end, over the closed cases one counts."""
    rows = _counted(actor, flow, since, until).order_by().values("outcome").annotate(cases=Count("pk"))
    counts = {row["outcome"]: row["cases"] for row in rows}
    lang = get_language() or "zh-hans"
    return tuple(
        OutcomeTotal(flow, word.code, say(word, "title", lang), counts.get(word.code, 0))
        for word in _flow(actor, flow).outcomes
    )


def clock_lines(actor: Actor, case_id: UUID, *, now: datetime) -> tuple[ClockLine, ...]:
    """Every run of every clock of a case one sees, read from its ledger."""
    if not visible(actor).filter(pk=case_id).exists():
        raise NotFound("case_unknown", N_("没有找到这张单子，可能不在您的管辖范围"))
    minute = timedelta(minutes=1)
    return tuple(
        ClockLine(
            clock=state.clock,
            run=state.run,
            started_at=state.started_at,
            due_at=state.due_at,
            estimated=state.estimated,
            paused_since=state.paused_since,
            stopped_at=state.stopped_at,
            elapsed_minutes=state.elapsed // minute,
            paused_minutes=state.paused // minute,
            remaining_minutes=state.remaining // minute,
        )
        for state in clocks.states(clocks.ledger(case_id), now=now)
    )


def _counted(actor: Actor, flow: str, since: datetime | None, until: datetime | None) -> QuerySet[Case]:
    rows = visible(actor, "panel.view", counted=True).filter(flow=flow, status="closed")
    if since is not None:
        rows = rows.filter(closed_at__gte=since)
    return rows.filter(closed_at__lt=until) if until is not None else rows


def _flow(actor: Actor, code: str) -> Flow:
    flow = catalogue.menu(actor.pack_code).flows.get(code) if actor.pack_code else None
    if flow is None:
        raise NotFound("flow_unknown", N_("没有这个流程"))
    return flow


def quantum(decimals: int) -> Decimal:
    """1, 0.1, 0.01 …"""
    return Decimal(1).scaleb(-decimals)
