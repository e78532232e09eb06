"""JSON door of what stands beside a case: supervision, pauses, merges, groups, visits, consultations, call-backs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from huakai.cases import queries, services
from huakai.cases.api.cases import router
from huakai.cases.api.shapes import (
    Answers,
    AreaCode,
    Code,
    KeyHeader,
    Line,
    Moment,
    ShortKeyHeader,
    Stars,
    Text,
    UnitCode,
    Words,
    edge,
)
from huakai.cases.definitions import SpanDef
from huakai.cases.types import (
    CallBackLine,
    CaseRef,
    ClockLine,
    FilterLine,
    GroupLine,
    NewOrder,
    OutcomeTotal,
    QuantityTotal,
    ReminderLine,
    RequestLine,
    SupervisionLine,
    VisitLine,
)
from huakai.registry.access import api_auth
from huakai.web.replies import reply

READ, WRITE = "cases:read", "cases:write"
NO_CONTENT = 204
Id = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Ids = Annotated[list[UUID], Field(min_length=1, max_length=200)]


class Made(Schema):
    """What was made."""

    id: UUID


class SupervisionIn(Schema):
    """Why, and by when to answer."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
    due_at: Moment | None = None


class WordsIn(Schema):
    """Words."""

    text: Text


class DecisionIn(Schema):
    """Yes or no, with words and the document it rests on."""

    holds: bool
    decision: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""
    document: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""


class ExtensionIn(Schema):
    """How much longer, and why."""

    amount: Annotated[Decimal, Field(gt=0, le=366, max_digits=9, decimal_places=3)]
    unit: Literal["emergency_hours", "working_hours", "working_days", "natural_days", "natural_hours"]
    reason: Words


class MergeIn(Schema):
    """Which cases go into this one."""

    sources: Ids
    reason: Words = ""


class FindingIn(Schema):
    """A matter found, or a part split off; `area_code` empty: where the visit or the case is."""

    category: Code
    title: Line = ""
    detail: Text = ""
    flow: Code = ""
    area_code: UnitCode = ""
    caller_kind: Code = "resident"
    answers: Answers = Field(default_factory=dict)
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None

    def order(self, key: str) -> NewOrder:
        """As a new case under a key of its own."""
        return NewOrder(client_key=key, channel="api", **self.model_dump())


class SplitIn(Schema):
    """The parts a case is split into."""

    parts: Annotated[list[FindingIn], Field(min_length=1, max_length=10)]


class ConsultationIn(Schema):
    """会商: when, who, what was decided."""

    held_on: date
    unit_codes: Annotated[list[AreaCode], Field(min_length=1, max_length=30)]
    decision: Text


class GroupIn(Schema):
    """An activity request or a campaign over these cases."""

    kind: Literal["activity", "campaign"]
    title: Line
    plan: Text = ""
    area_code: AreaCode
    cases: Ids


class MembersIn(Schema):
    """Further cases."""

    cases: Ids


class VisitIn(Schema):
    """A visit with what was found."""

    kind: Code
    area_code: AreaCode
    visited_on: date
    words: Text = ""
    unit_code: UnitCode = ""
    findings: Annotated[list[FindingIn], Field(default_factory=list, max_length=20)]


class VisitOut(Schema):
    """The visit and its cases."""

    id: UUID
    cases: list[UUID]


class CallIn(Schema):
    """What a call brought."""

    reached: bool
    solved: Annotated[str, Field(pattern=r"^(yes|partly|no)?$")] = ""
    stars: Stars | None = None
    words: Words = ""


class FilterIn(Schema):
    """A list under a name."""

    title: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
    query: Annotated[str, Field(max_length=600, pattern=r"^[^\x00]*$")]
    shared_with: UnitCode = ""


class SupervisionFilter(Schema):
    """Which list."""

    kind: Annotated[str, Field(pattern=r"^(supervise|account)$")] = "supervise"
    state: Code = ""


class PeriodIn(Schema):
    """A flow, and the period its cases were closed in."""

    flow: Code
    since: Moment | None = None
    until: Moment | None = None


def _done() -> HttpResponse:
    return HttpResponse(status=NO_CONTENT)


@router.post(
    "/cases/{uuid:case_id}/supervision", response={201: Made}, auth=api_auth(WRITE, needs="case.supervise")
)
def supervise(request: HttpRequest, case_id: UUID, body: SupervisionIn) -> HttpResponse:
    """督办: order the lead unit to answer; the case stays where it is."""
    by, now = edge(request)
    made = services.supervise(case_id=case_id, reason=body.reason, due_at=body.due_at, by=by, now=now)
    return reply(Made, Made(id=made), status=201)


@router.get("/supervision", response=list[SupervisionLine], auth=api_auth(READ, needs="case.view"))
def supervision_list(request: HttpRequest, wanted: Query[SupervisionFilter]) -> HttpResponse:
    """The list of 督办 or of 追责问责."""
    by, _now = edge(request)
    states = (wanted.state,) if wanted.state else ()
    lines = queries.supervision_list(by, kind=wanted.kind, states=states)
    return reply(tuple[SupervisionLine, ...], lines)


@router.post(
    "/supervision/{uuid:line_id}/answer", response={204: None}, auth=api_auth(WRITE, needs="case.move")
)
def answer_supervision(request: HttpRequest, line_id: UUID, body: WordsIn) -> HttpResponse:
    """The unit answers."""
    by, now = edge(request)
    services.answer_supervision(supervision_id=line_id, answer=body.text, by=by, now=now)
    return _done()


@router.post(
    "/supervision/{uuid:line_id}/lift", response={204: None}, auth=api_auth(WRITE, needs="case.supervise")
)
def lift_supervision(request: HttpRequest, line_id: UUID, body: WordsIn) -> HttpResponse:
    """The supervisor ends the order."""
    by, now = edge(request)
    services.lift_supervision(supervision_id=line_id, decision=body.text, by=by, now=now)
    return _done()


@router.post("/cases/{uuid:case_id}/accounts", response={201: Made}, auth=api_auth(WRITE, needs="case.view"))
def propose_account(request: HttpRequest, case_id: UUID, body: WordsIn) -> HttpResponse:
    """追责问责: propose; a person decides."""
    by, now = edge(request)
    made = services.propose_account(case_id=case_id, reason=body.text, by=by, now=now)
    return reply(Made, Made(id=made), status=201)


@router.post(
    "/supervision/{uuid:line_id}/decision", response={204: None}, auth=api_auth(WRITE, needs="case.account")
)
def decide_account(request: HttpRequest, line_id: UUID, body: DecisionIn) -> HttpResponse:
    """Decide on a proposal."""
    by, now = edge(request)
    services.decide_account(
        supervision_id=line_id,
        holds=body.holds,
        decision=body.decision,
        document=body.document,
        by=by,
        now=now,
    )
    return _done()


@router.post(
    "/supervision/{uuid:line_id}/appeal", response={204: None}, auth=api_auth(WRITE, needs="case.move")
)
def appeal_account(request: HttpRequest, line_id: UUID, body: WordsIn) -> HttpResponse:
    """The unit objects."""
    by, now = edge(request)
    services.appeal_account(supervision_id=line_id, words=body.text, by=by, now=now)
    return _done()


@router.post(
    "/supervision/{uuid:line_id}/appeal/decision",
    response={204: None},
    auth=api_auth(WRITE, needs="case.account"),
)
def decide_appeal(request: HttpRequest, line_id: UUID, body: DecisionIn) -> HttpResponse:
    """Somebody else looks at the objection."""
    by, now = edge(request)
    services.decide_appeal(supervision_id=line_id, upheld=body.holds, decision=body.decision, by=by, now=now)
    return _done()


@router.post("/cases/{uuid:case_id}/pause", response={201: Made}, auth=api_auth(WRITE, needs="case.view"))
def ask_pause(request: HttpRequest, case_id: UUID, body: WordsIn) -> HttpResponse:
    """Ask to let the clocks stand still."""
    by, now = edge(request)
    made = services.ask_pause(case_id=case_id, reason=body.text, by=by, now=now)
    return reply(Made, Made(id=made), status=201)


@router.post("/cases/{uuid:case_id}/extension", response={201: Made}, auth=api_auth(WRITE, needs="case.view"))
def ask_extension(request: HttpRequest, case_id: UUID, body: ExtensionIn) -> HttpResponse:
    """Ask to move the deadline."""
    by, now = edge(request)
    span = SpanDef(amount=body.amount, unit=body.unit)
    made = services.ask_extension(case_id=case_id, span=span, reason=body.reason, by=by, now=now)
    return reply(Made, Made(id=made), status=201)


@router.post("/cases/{uuid:case_id}/resume", response={204: None}, auth=api_auth(WRITE, needs="case.view"))
def resume(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Let the clocks go on."""
    by, now = edge(request)
    services.resume(case_id=case_id, by=by, now=now)
    return _done()


@router.get("/requests", response=list[RequestLine], auth=api_auth(READ, needs="case.view"))
def request_list(request: HttpRequest, state: Code = "asked") -> HttpResponse:
    """Pauses and extensions that wait for a decision, or in another state."""
    by, _now = edge(request)
    return reply(tuple[RequestLine, ...], queries.request_list(by, state=state))


@router.post(
    "/requests/{uuid:request_id}/decision", response={204: None}, auth=api_auth(WRITE, needs="case.view")
)
def decide_request(request: HttpRequest, request_id: UUID, body: DecisionIn) -> HttpResponse:
    """Allow or refuse."""
    by, now = edge(request)
    services.decide_request(request_id=request_id, allow=body.holds, decision=body.decision, by=by, now=now)
    return _done()


@router.get("/cases/{uuid:case_id}/clocks", response=list[ClockLine], auth=api_auth(READ, needs="case.view"))
def clock_lines(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every run of every clock, read from the case's ledger."""
    by, now = edge(request)
    return reply(tuple[ClockLine, ...], queries.clock_lines(by, case_id, now=now))


@router.post("/cases/{uuid:case_id}/merge", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch"))
def merge(request: HttpRequest, case_id: UUID, body: MergeIn) -> HttpResponse:
    """Take other cases into this one."""
    by, now = edge(request)
    services.merge_cases(into=case_id, sources=body.sources, reason=body.reason, by=by, now=now)
    return _done()


@router.post("/cases/{uuid:case_id}/unmerge", response=CaseRef, auth=api_auth(WRITE, needs="case.dispatch"))
def unmerge(request: HttpRequest, case_id: UUID, body: WordsIn) -> HttpResponse:
    """Take a merged case out again."""
    by, now = edge(request)
    return reply(CaseRef, services.unmerge_case(case_id=case_id, reason=body.text, by=by, now=now))


@router.post(
    "/cases/{uuid:case_id}/split", response=list[CaseRef], auth=api_auth(WRITE, needs="case.dispatch")
)
def split(request: HttpRequest, case_id: UUID, body: SplitIn, key: ShortKeyHeader) -> HttpResponse:
    """Split further cases off; the same key again makes none."""
    by, now = edge(request)
    parts = [part.order(f"split:{key}:{number}") for number, part in enumerate(body.parts)]
    return reply(tuple[CaseRef, ...], services.split_case(case_id=case_id, parts=parts, by=by, now=now))


@router.post("/cases/{uuid:case_id}/follow", response={204: None}, auth=api_auth(WRITE, needs="case.open"))
def follow(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """我也遇到: be told how it goes."""
    by, now = edge(request)
    services.follow_case(case_id=case_id, by=by, now=now)
    return _done()


@router.post("/cases/{uuid:case_id}/reopen", response=CaseRef, auth=api_auth(WRITE, needs="case.view"))
def reopen(request: HttpRequest, case_id: UUID, body: WordsIn) -> HttpResponse:
    """Open a closed case again, at its check."""
    by, now = edge(request)
    return reply(CaseRef, services.reopen_case(case_id=case_id, reason=body.text, by=by, now=now))


@router.post("/cases/{uuid:case_id}/notes", response={204: None}, auth=api_auth(WRITE, needs="case.move"))
def add_note(request: HttpRequest, case_id: UUID, body: WordsIn) -> HttpResponse:
    """An internal note."""
    by, now = edge(request)
    services.add_note(case_id=case_id, text=body.text, by=by, now=now)
    return _done()


@router.post(
    "/cases/{uuid:case_id}/consultations", response={201: Made}, auth=api_auth(WRITE, needs="case.view")
)
def consult(request: HttpRequest, case_id: UUID, body: ConsultationIn) -> HttpResponse:
    """Record a consultation (会商)."""
    by, now = edge(request)
    made = services.record_consultation(
        case_id=case_id,
        held_on=body.held_on,
        unit_codes=body.unit_codes,
        decision=body.decision,
        by=by,
        now=now,
    )
    return reply(Made, Made(id=made), status=201)


@router.post("/groups", response={201: Made}, auth=api_auth(WRITE, needs="case.dispatch"))
def group_cases(request: HttpRequest, body: GroupIn) -> HttpResponse:
    """Take cases together."""
    by, now = edge(request)
    group = services.NewGroup(body.kind, body.title, body.plan, body.area_code)
    made = services.group_cases(group=group, case_ids=body.cases, by=by, now=now)
    return reply(Made, Made(id=made), status=201)


@router.get("/groups", response=list[GroupLine], auth=api_auth(READ, needs="case.view"))
def group_list(request: HttpRequest, kind: Code = "") -> HttpResponse:
    """Groups with their counts."""
    by, _now = edge(request)
    return reply(tuple[GroupLine, ...], queries.group_list(by, kind=kind))


@router.post(
    "/groups/{uuid:group_id}/cases", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch")
)
def add_to_group(request: HttpRequest, group_id: UUID, body: MembersIn) -> HttpResponse:
    """Further cases into a group."""
    by, now = edge(request)
    services.add_to_group(group_id=group_id, case_ids=body.cases, by=by, now=now)
    return _done()


@router.post(
    "/groups/{uuid:group_id}/answer", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch")
)
def answer_group(request: HttpRequest, group_id: UUID, body: WordsIn) -> HttpResponse:
    """One answer for all who asked."""
    by, now = edge(request)
    services.answer_group(group_id=group_id, answer=body.text, by=by, now=now)
    return _done()


@router.post("/visits", response={200: VisitOut, 201: VisitOut}, auth=api_auth(WRITE, needs="case.open"))
def record_visit(request: HttpRequest, body: VisitIn, key: KeyHeader) -> HttpResponse:
    """A visit; every finding becomes a case. The same key again answers 200 with the first."""
    by, now = edge(request)
    visit = services.NewVisit(
        client_key=key[:40],
        kind=body.kind,
        area_code=body.area_code,
        visited_on=body.visited_on,
        words=body.words,
        unit_code=body.unit_code,
    )
    findings = [finding.order("") for finding in body.findings]
    ref = services.record_visit(visit=visit, findings=findings, by=by, now=now)
    answer = VisitOut(id=ref.id, cases=[case.id for case in ref.cases])
    return reply(VisitOut, answer, status=201 if ref.created else 200)


@router.get("/visits", response=list[VisitLine], auth=api_auth(READ, needs="case.view"))
def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits with their findings."""
    by, _now = edge(request)
    return reply(tuple[VisitLine, ...], queries.visit_list(by))


@router.get("/call-backs", response=list[CallBackLine], auth=api_auth(READ, needs="case.dispatch"))
def call_back_list(request: HttpRequest, state: Code = "waiting") -> HttpResponse:
    """Cases drawn for a call."""
    by, _now = edge(request)
    return reply(tuple[CallBackLine, ...], queries.call_back_list(by, state=state))


@router.post("/call-backs/{uuid:call_id}", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch"))
def record_call_back(request: HttpRequest, call_id: UUID, body: CallIn) -> HttpResponse:
    """What the call brought. Not reached is not satisfied."""
    by, now = edge(request)
    services.record_call_back(call_back_id=call_id, call=services.Call(**body.model_dump()), by=by, now=now)
    return _done()


@router.get("/reminders", response=list[ReminderLine], auth=api_auth(READ, needs="case.view"))
def reminder_list(request: HttpRequest, unseen: bool = True) -> HttpResponse:
    """Rungs of ladders addressed to one's units."""
    by, _now = edge(request)
    return reply(tuple[ReminderLine, ...], queries.reminder_list(by, unseen=unseen))


@router.get("/filters", response=list[FilterLine], auth=api_auth(READ, needs="case.view"))
def filters(request: HttpRequest) -> HttpResponse:
    """One's own filters and those shared with one's units."""
    by, _now = edge(request)
    return reply(tuple[FilterLine, ...], queries.filters_of(by))


@router.post("/filters", response={201: Made}, auth=api_auth(WRITE, needs="case.view"))
def save_filter(request: HttpRequest, body: FilterIn) -> HttpResponse:
    """Keep a filter."""
    by, now = edge(request)
    made = services.save_filter(
        title=body.title, query=body.query, shared_with=body.shared_with, by=by, now=now
    )
    return reply(Made, Made(id=made), status=201)


@router.delete("/filters/{uuid:filter_id}", response={204: None}, auth=api_auth(WRITE, needs="case.view"))
def forget_filter(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Delete one's own filter."""
    by, _now = edge(request)
    services.forget_filter(filter_id=filter_id, by=by)
    return _done()


@router.get("/totals/quantities", response=list[QuantityTotal], auth=api_auth(READ, needs="panel.view"))
def quantity_totals(request: HttpRequest, wanted: Query[PeriodIn]) -> HttpResponse:
    """Sums per code over closed cases; codes are never added together."""
    by, _now = edge(request)
    lines = queries.quantity_totals(by, flow=wanted.flow, since=wanted.since, until=wanted.until)
    return reply(tuple[QuantityTotal, ...], lines)


@router.get("/totals/outcomes", response=list[OutcomeTotal], auth=api_auth(READ, needs="panel.view"))
def outcome_totals(request: HttpRequest, wanted: Query[PeriodIn]) -> HttpResponse:
    """How often each outcome word was the end."""
    by, _now = edge(request)
    lines = queries.outcome_totals(by, flow=wanted.flow, since=wanted.since, until=wanted.until)
    return reply(tuple[OutcomeTotal, ...], lines)
