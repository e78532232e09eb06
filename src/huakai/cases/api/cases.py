"""JSON door of the case engine: open, list, one case, moves, rating, panel, catalogue."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from huakai.cases import queries, services
from huakai.cases.api.shapes import (
    Answers,
    AreaCode,
    Code,
    KeyHeader,
    Line,
    Moment,
    Photos,
    Stars,
    Text,
    UnitCode,
    edge,
)
from huakai.cases.types import (
    CaseCard,
    CaseFilter,
    CaseRef,
    MoveInput,
    NewOrder,
    Page,
    Panel,
    Quantity,
    Taker,
    TakerKind,
)
from huakai.registry import queries as registry_reads
from huakai.registry import services as registry
from huakai.registry.access import api_auth
from huakai.web.replies import reply

router = Router(tags=["cases"])


class CallerIn(Schema):
    """The one who needs help, when it is not the token's owner."""

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
    phone: Annotated[str, Field(pattern=r"^[0-9]{5,15}$")]
    honorific: Annotated[str, Field(max_length=8, pattern=r"^[^\x00]*$")] = ""


class OrderIn(Schema):
    """A new order or demand."""

    area_code: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,24}$")]
    service: Code = ""
    category: Code = ""
    flow: Code = ""
    title: Line = ""
    detail: Text = ""
    caller_kind: Code = "resident"
    requester: CallerIn | None = None
    address: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    wanted_at: Moment | None = None
    urgent: bool = False
    answers: Answers = Field(default_factory=dict)
    found_by_code: UnitCode = ""
    photos: Photos = Field(default_factory=list)


class QuantityIn(Schema):
    """So much of something, in the measure the flow names for the code."""

    code: Code
    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    mark: Annotated[str, Field(pattern=r"^(余|近|约)?$")] = ""


class MoveIn(Schema):
    """One move and what it hands in."""

    move: Code
    result: Text = ""
    reason: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""
    minutes: Annotated[int | None, Field(ge=0, le=1440)] = None
    unit_code: Annotated[str, Field(max_length=24, pattern=r"^[0-9A-Z]*$")] = ""
    taker_kind: TakerKind | None = None
    taker_id: UUID | None = None
    unit_codes: Annotated[list[AreaCode], Field(default_factory=list, max_length=20)]
    outcome: Code = ""
    quantities: Annotated[list[QuantityIn], Field(default_factory=list, max_length=20)]
    answers: Answers = Field(default_factory=dict)
    review_at: Moment | None = None
    due_at: Moment | None = None
    photos: Photos = Field(default_factory=list)

    def given(self) -> MoveInput:
        """As the services take it."""
        taker = Taker(self.taker_kind, self.taker_id) if self.taker_kind and self.taker_id else None
        return MoveInput(
            result=self.result,
            reason=self.reason,
            minutes=self.minutes,
            unit_code=self.unit_code,
            taker=taker,
            unit_codes=tuple(self.unit_codes),
            outcome=self.outcome,
            quantities=tuple(Quantity(q.code, q.amount, q.mark) for q in self.quantities),
            answers=self.answers,
            review_at=self.review_at,
            due_at=self.due_at,
        )


class RatingIn(Schema):
    """Stars and words."""

    stars: Stars
    comment: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    response: Stars | None = None
    solved: Annotated[str, Field(pattern=r"^(yes|partly|no)?$")] = ""
    attitude: Stars | None = None


class ListIn(Schema):
    """Narrowing of lists and counters; empty means all."""

    area: Annotated[str, Field(max_length=25, pattern=r"^[0-9A-Z]*=?$")] = ""
    category: Code = ""
    caller_kind: Code = ""
    stage: Code = ""
    flow: Code = ""
    status: Code = ""
    view: Code = ""
    tag: Code = ""
    outcome: Code = ""
    origin: UUID | None = None
    group: UUID | None = None
    search: Line = ""
    opened_from: Moment | None = None
    opened_until: Moment | None = None
    order: Annotated[str, Field(pattern=r"^(newest|due)$")] = "newest"

    def narrowed(self) -> CaseFilter:
        """As the queries take it."""
        return CaseFilter(**self.model_dump())


class CursorIn(Schema):
    """Where in a list: a cursor of an earlier answer, `last`, or nothing for the first page."""

    cursor: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CatalogueOut(Schema):
    """The menu of the token's place."""

    categories: list[dict[str, Any]]
    services: list[dict[str, Any]]


AnswerLine = Annotated[str, Field(max_length=240, pattern=r"^[a-z][a-z0-9_]{0,39}=[^\x00]*$")]


class RouteIn(Schema):
    """A case that might come. `answer` may stand several times, each `field=value`."""

    area_code: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,24}$")]
    category: Code = ""
    service: Code = ""
    caller_kind: Code = "resident"
    at: Moment | None = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    answer: Annotated[list[AnswerLine], Field(default_factory=list, max_length=50)]


class RouteOut(Schema):
    """The unit, the number of the rule (none: the fallback) and its reason."""

    unit_code: str
    unit_name: str
    rule: int | None
    because: str
    because_en: str
    missed_rule: int | None


@router.post("/cases", response={200: CaseRef, 201: CaseRef}, auth=api_auth("cases:write", needs="case.open"))
def open_case(request: HttpRequest, body: OrderIn, key: KeyHeader) -> HttpResponse:
    """Open a case. The same Idempotency-Key again answers 200 with the first case."""
    by, now = edge(request)
    requester = None
    if body.requester is not None:
        requester = registry.find_or_make_person(
            name=body.requester.name,
            phone=body.requester.phone,
            honorific=body.requester.honorific,
            home_code=body.area_code,
            by=by,
            now=now,
        )
    fields = body.model_dump(exclude={"requester", "photos"})
    order = NewOrder(client_key=f"api:{key}", channel="api", requester_id=requester, **fields)
    if body.photos:
        ref = services.open_order(order=order, photos=body.photos, by=by, now=now)
    else:
        ref = services.open_case(order=order, by=by, now=now)
    return reply(CaseRef, ref, status=201 if ref.created else 200)


@router.get("/cases", response=Page, auth=api_auth("cases:read", needs="case.view"))
def case_list(request: HttpRequest, wanted: Query[ListIn], at: Query[CursorIn]) -> HttpResponse:
    """One page of the cases the token may see, by keyset cursor."""
    by, now = edge(request)
    page = queries.case_list(by, wanted.narrowed(), now=now, cursor=at.cursor, limit=at.limit)
    return reply(Page, page)


@router.get("/cases/{uuid:case_id}", response=CaseCard, auth=api_auth("cases:read", needs="case.view"))
def case_card(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case; personal fields masked."""
    by, now = edge(request)
    return reply(CaseCard, queries.card(by, case_id, now=now))


@router.post("/cases/{uuid:case_id}/moves", response=CaseRef, auth=api_auth("cases:write", needs="case.view"))
def move_case(request: HttpRequest, case_id: UUID, body: MoveIn, key: KeyHeader) -> HttpResponse:
    """Make one move; the same Idempotency-Key as the last move changes nothing."""
    by, now = edge(request)
    ref = services.move_with_photos(
        case_id=case_id,
        move=body.move,
        given=body.given(),
        photos=body.photos,
        by=by,
        now=now,
        client_key=f"api:{key}",
    )
    return reply(CaseRef, ref)


@router.post(
    "/cases/{uuid:case_id}/rating", response={204: None}, auth=api_auth("cases:write", needs="case.rate")
)
def rate_case(request: HttpRequest, case_id: UUID, body: RatingIn) -> HttpResponse:
    """Rate a closed case."""
    by, now = edge(request)
    aspects = services.Aspects(body.response, body.solved, body.attitude)
    services.rate_case(
        case_id=case_id, stars=body.stars, comment=body.comment, by=by, now=now, aspects=aspects
    )
    return HttpResponse(status=204)


@router.get("/panel", response=Panel, auth=api_auth("cases:read", needs="panel.view"))
def panel(
    request: HttpRequest,
    wanted: Query[ListIn],
    by: Annotated[str, Query(pattern=r"^(area|category|caller|flow|channel|tag)$")] = "category",
) -> HttpResponse:
    """Counters 收集 / 办结 / 办结率 / 在办 of what the token may see."""
    actor, now = edge(request)
    return reply(Panel, queries.panel(actor, wanted.narrowed(), by=by, now=now))


@router.get("/catalogue", response=CatalogueOut, auth=api_auth("cases:read", needs="case.view"))
def catalogue(request: HttpRequest) -> CatalogueOut:
    """Categories and services one can order."""
    by, _now = edge(request)
    menu = queries.menu(by.pack_code)
    return CatalogueOut(
        categories=[c.model_dump(mode="json") for c in menu.categories.values()],
        services=[s.model_dump(mode="json") for s in menu.services.values()],
    )


@router.get("/routing/proposal", response=RouteOut, auth=api_auth("cases:read", needs="unit.view"))
def routing_proposal(request: HttpRequest, asked: Query[RouteIn]) -> RouteOut:
    """Which unit a case would be proposed to today, and by which rule."""
    by, now = edge(request)
    routed = queries.proposal_for(
        by,
        queries.Asked(
            area_code=asked.area_code,
            at=asked.at or now,
            category=asked.category,
            caller=asked.caller_kind,
            service=asked.service,
            answers=dict(each.split("=", 1) for each in asked.answer),
            lon=asked.lon,
            lat=asked.lat,
        ),
    )
    unit = registry_reads.unit_by_code(routed.unit_code)
    return RouteOut(
        unit_code=routed.unit_code,
        unit_name=unit.name if unit else "",
        rule=routed.number,
        because=routed.because,
        because_en=routed.because_en,
        missed_rule=routed.missed,
    )
