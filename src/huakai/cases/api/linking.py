"""JSON door of what stands beside a case: merge and split, groups, visits, notes, consultations."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from huakai.cases import queries, services
from huakai.cases.api.cases import router
from huakai.cases.api.shapes import (
    READ,
    WRITE,
    Answers,
    AreaCode,
    Code,
    Ids,
    KeyHeader,
    Line,
    Made,
    ShortKeyHeader,
    Text,
    UnitCode,
    Words,
    WordsIn,
    done,
    edge,
)
from huakai.cases.types import (
    CaseRef,
    GroupLine,
    NewOrder,
    VisitLine,
)
from huakai.registry.access import api_auth
from huakai.web.replies import reply


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


@router.post("/cases/{uuid:case_id}/merge", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch"))
def merge(request: HttpRequest, case_id: UUID, body: MergeIn) -> HttpResponse:
    """Take other cases into this one."""
    by, now = edge(request)
    services.merge_cases(into=case_id, sources=body.sources, reason=body.reason, by=by, now=now)
    return done()


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
    return done()


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
    return done()


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
    return done()


@router.post(
    "/groups/{uuid:group_id}/answer", response={204: None}, auth=api_auth(WRITE, needs="case.dispatch")
)
def answer_group(request: HttpRequest, group_id: UUID, body: WordsIn) -> HttpResponse:
    """One answer for all who asked."""
    by, now = edge(request)
    services.answer_group(group_id=group_id, answer=body.text, by=by, now=now)
    return done()


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
