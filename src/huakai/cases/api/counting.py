"""JSON door of what stands beside a case: call-backs, saved filters, totals."""

from typing import Annotated
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
    Stars,
    UnitCode,
    Words,
    done,
    edge,
)
from huakai.cases.types import (
    CallBackLine,
    FilterLine,
    OutcomeTotal,
    QuantityTotal,
)
from huakai.registry.access import api_auth
from huakai.web.replies import reply


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


class PeriodIn(Schema):
    """A flow, and the period its cases were closed in."""

    flow: Code
    since: Moment | None = None
    until: Moment | None = None


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
    return done()


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
    return done()


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
