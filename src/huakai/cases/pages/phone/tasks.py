"""For those who take orders: open ones nearby, offers to answer, what one is doing, and finishing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.forms.phone import MoveForm
from huakai.cases.pages.phone import places
from huakai.cases.pages.phone.orders import move_with
from huakai.cases.types import CaseCard, CaseRow, Effect, MoveInput, Served
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.registry import queries as registry
from huakai.registry.access import PUBLIC, ActorRequest, needs
from huakai.web import errors, pages

TOWN_DIGITS = 9
"""Length of a town's or street's code: what “near” means before the whole place."""
SHOWN = (Effect.ACCEPT, Effect.FINISH, Effect.DECLINE, Effect.HAND_BACK)


@dataclass(frozen=True)
class OpenLine:
    """An order waiting for somebody, in words."""

    row: CaseRow
    distance: str
    planned_minutes: int | None
    wanted_at: datetime | None
    claim: str


@dataclass(frozen=True)
class Member:
    """Somebody of the team who may be credited."""

    key: str
    name: str


def waiting_count(request: HttpRequest) -> int:
    """The badge on the tab: offers that wait for an answer."""
    actor = getattr(request, "actor", None)
    return cases.offers_waiting(actor) if actor else 0


@needs(PUBLIC)
def take(request: ActorRequest) -> HttpResponse:
    """Open orders a volunteer may take up themselves, nearest first."""
    actor, root = request.actor, places.root_of(request)
    near = actor.home_code[:TOWN_DIGITS] if actor.home_code.startswith(root) else root
    wide = bool(request.GET.get("wide")) or near == root
    context: dict[str, Any] = {"wide": wide, "near": registry.unit_by_code(near), "orders": ()}
    if actor.is_volunteer:
        context["orders"] = _open_lines(request, root if wide else near)
        context["waiting"] = cases.offers_waiting(actor)
    return pages.render_page(request, "cases/phone/take.html", context)


@needs("case.accept")
@require_http_methods(["GET", "POST"])
def claim(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Confirm taking an open order; who is quicker has it."""
    order = next((o for o in _open_lines(request, places.root_of(request)) if o.row.id == case_id), None)
    problem = ""
    if request.method == "POST":
        try:
            services.move_case(
                case_id=case_id,
                move=request.POST.get("move", "claim"),
                given=MoveInput(),
                by=request.actor,
                now=request.now,
                client_key=request.POST.get("client_key", "")[:64],
            )
        except NotAllowed:
            raise
        except RuleBroken as refusal:
            problem = errors.words_of(refusal)
        else:
            return pages.go(request, "cases:task", say=_done(Effect.CLAIM), case_id=case_id)
    context = {"order": order, "problem": problem, "case_id": case_id}
    return pages.render_page(
        request, "cases/phone/claim.html", context, part="sheet", status=422 if problem else 200
    )


def _open_lines(request: ActorRequest, area: str) -> list[OpenLine]:
    found = cases.near_orders(request.actor, area=area, now=request.now)
    return [OpenLine(o.row, _distance(o.distance_m), o.planned_minutes, o.wanted_at, o.claim) for o in found]


def _distance(metres: int | None) -> str:
    if metres is None:
        return ""
    if metres < 1000:
        return _("%(metres)s米") % {"metres": round(metres, -1)}
    return _("%(km)s公里") % {"km": f"{metres / 1000:.1f}"}


@needs("case.accept")
def tasks(request: ActorRequest) -> HttpResponse:
    """Offers to answer, what I am doing, what I finished; a team's for those who lead it."""
    offers, doing, done = cases.my_tasks(request.actor)
    context = {"offers": offers, "doing": doing, "done": done}
    return pages.render_page(request, "cases/phone/tasks.html", context)


@needs("case.accept")
def task(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """One task with what may be done next."""
    return _show(request, cases.card(request.actor, case_id, now=request.now))


def _show(request: ActorRequest, card: CaseCard, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "card": card,
        "moves": [move for effect in SHOWN if (move := move_with(card, effect))],
        "members": _members(request, card),
        "offer": next((a for a in card.assignments if a.state == "offered"), None) if card.my_offer else None,
        "given": {},
        "errors": {},
        "nothing": {},
        "problem": "",
        "failed": "",
        "contact": None,
        **more,
    }
    return pages.render_page(request, "cases/phone/task.html", context, part="contact", status=status)


def _members(request: ActorRequest, card: CaseCard) -> tuple[Member, ...]:
    """Who of the team may be credited, when a team has the order and the reader leads it."""
    taken = next((a for a in card.assignments if a.state == "accepted" and a.kind == "team"), None)
    if taken is None or not card.is_taker:
        return ()
    names = registry.masked_names(registry.members_of(taken.taker_id, request.now))
    return tuple(Member(str(key), name) for key, name in sorted(names.items(), key=lambda pair: pair[1]))


@needs("case.accept")
@require_POST
def move(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Accept, decline, finish or hand back: whatever the pack lets this person do now."""
    card = cases.card(request.actor, case_id, now=request.now)
    members = [member.key for member in _members(request, card)]
    form = MoveForm(request.POST, request.FILES, members=members)
    wrong = {name: str(texts[0]) for name, texts in form.errors.items()}
    chosen = next((m for m in card.moves if m.code == form.data.get("move")), None)
    problem = ""
    if form.is_valid():
        try:
            _make(request, case_id, form)
        except NotAllowed:
            raise
        except RuleBroken as refusal:
            problem, wrong = _placed(refusal, form)
        else:
            effect = Effect(chosen.effect) if chosen else Effect.ACCEPT
            stays = effect in (Effect.ACCEPT, Effect.FINISH)
            target = {"to": "cases:task", "case_id": case_id} if stays else {"to": "cases:tasks"}
            return pages.go(request, say=_done(effect), **target)
    more = {"given": form.data, "errors": wrong, "problem": problem, "failed": form.data.get("move", "")}
    return _show(request, card, status=422, **more)


def _make(request: ActorRequest, case_id: UUID, form: MoveForm) -> None:
    data, served = form.cleaned_data, form.served()
    minutes = max(served.values(), default=data["minutes"])
    given = MoveInput(
        result=data["result"],
        reason=data["reason"],
        minutes=minutes,
        served=tuple(Served(UUID(member), spent) for member, spent in served.items()),
    )
    services.move_with_photos(
        case_id=case_id,
        move=data["move"],
        given=given,
        photos=[photo.read() for photo in data["photos"]],
        by=request.actor,
        now=request.now,
        client_key=data["client_key"],
    )


def _placed(refusal: RuleBroken, form: MoveForm) -> tuple[str, dict[str, str]]:
    """A refusal beside its field, or on top when it has none on this form."""
    words = errors.words_of(refusal)
    if refusal.field == "minutes" and form.members:
        return "", {f"minutes_{form.members[0]}": words}
    return ("", {refusal.field: words}) if refusal.field in form.fields else (words, {})


@needs("case.accept")
@require_POST
def contact(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Name, telephone and address in clear for the visit: an act that is recorded."""
    seen = services.reveal_contact(case_id=case_id, by=request.actor, now=request.now)
    response = _show(request, cases.card(request.actor, case_id, now=request.now), contact=seen)
    response["Cache-Control"] = "no-store"
    return response


def _done(effect: Effect) -> str:
    match effect:
        case Effect.DECLINE:
            return _("已回复不接，平台会另派")
        case Effect.FINISH:
            return _("已办结，时长和积分已记入您的账上")
        case Effect.HAND_BACK:
            return _("已退回，平台会另派")
        case _unused:
            return _("已接单，请先打电话约好再上门")
