"""JSON door of what stands beside a case: supervision, accountability, pauses, extensions, reminders."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from huakai.cases import queries, services
from huakai.cases.api.cases import router
from huakai.cases.api.shapes import (
    READ,
    WRITE,
    Code,
    Made,
    Moment,
    Words,
    WordsIn,
    done,
    edge,
)
from huakai.cases.definitions import SpanDef
from huakai.cases.types import (
    ClockLine,
    ReminderLine,
    RequestLine,
    SupervisionLine,
)
from huakai.registry.access import api_auth
from huakai.web.replies import reply


class SupervisionIn(Schema):
    """Why, and by when to answer."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
    due_at: Moment | None = None


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


class SupervisionFilter(Schema):
    """Which list."""

    kind: Annotated[str, Field(pattern=r"^(supervise|account)$")] = "supervise"
    state: Code = ""


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
    return done()


@router.post(
    "/supervision/{uuid:line_id}/lift", response={204: None}, auth=api_auth(WRITE, needs="case.supervise")
)
def lift_supervision(request: HttpRequest, line_id: UUID, body: WordsIn) -> HttpResponse:
    """The supervisor ends the order."""
    by, now = edge(request)
    services.lift_supervision(supervision_id=line_id, decision=body.text, by=by, now=now)
    return done()


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
    return done()


@router.post(
    "/supervision/{uuid:line_id}/appeal", response={204: None}, auth=api_auth(WRITE, needs="case.move")
)
def appeal_account(request: HttpRequest, line_id: UUID, body: WordsIn) -> HttpResponse:
    """The unit objects."""
    by, now = edge(request)
    services.appeal_account(supervision_id=line_id, words=body.text, by=by, now=now)
    return done()


@router.post(
    "/supervision/{uuid:line_id}/appeal/decision",
    response={204: None},
    auth=api_auth(WRITE, needs="case.account"),
)
def decide_appeal(request: HttpRequest, line_id: UUID, body: DecisionIn) -> HttpResponse:
    """Somebody else looks at the objection."""
    by, now = edge(request)
    services.decide_appeal(supervision_id=line_id, upheld=body.holds, decision=body.decision, by=by, now=now)
    return done()


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
    return done()


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
    return done()


@router.get("/cases/{uuid:case_id}/clocks", response=list[ClockLine], auth=api_auth(READ, needs="case.view"))
def clock_lines(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every run of every clock, read from the case's ledger."""
    by, now = edge(request)
    return reply(tuple[ClockLine, ...], queries.clock_lines(by, case_id, now=now))


@router.get("/reminders", response=list[ReminderLine], auth=api_auth(READ, needs="case.view"))
def reminder_list(request: HttpRequest, unseen: bool = True) -> HttpResponse:
    """Rungs of ladders addressed to one's units."""
    by, _now = edge(request)
    return reply(tuple[ReminderLine, ...], queries.reminder_list(by, unseen=unseen))
