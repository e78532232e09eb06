"""My orders: the list, one order with its steps and timeline, calling it off, rating it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.forms.phone import MoveForm, RatingForm
from huakai.cases.types import CaseCard, Effect, MoveChoice, MoveInput
from huakai.kernel.errors import N_, NotAllowed, RuleBroken
from huakai.registry.access import ActorRequest, needs
from huakai.web import errors, pages, toasts

STAR_WORDS = {5: N_("非常满意"), 4: N_("满意"), 3: N_("一般"), 2: N_("不满意"), 1: N_("很不满意")}


@needs("case.view")
def orders(request: ActorRequest) -> HttpResponse:
    """What I ordered, newest first, for whomever."""
    cursor = request.GET.get("cursor", "")
    page = cases.my_orders(request.actor, now=request.now, cursor=cursor)
    return pages.render_page(request, "cases/phone/orders.html", {"page": page, "cursor": cursor})


@needs("case.view")
def one(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """One order; the progress part refreshes itself."""
    return _show(request, cases.card(request.actor, case_id, now=request.now), part=("progress", "rate"))


def _show(request: ActorRequest, card: CaseCard, *, status: int = 200, **more: Any) -> HttpResponse:
    part = more.pop("part", "rate")
    context = {
        "card": card,
        "cancel": move_with(card, Effect.CANCEL),
        "address": cases.my_address(request.actor, card.row.id) if card.has_address else "",
        "next_step": next((step.title for step in card.steps if step.state == "now"), ""),
        "stars": [{"n": n, "words": _(words)} for n, words in STAR_WORDS.items()],
        "given": {},
        "errors": {},
        "problem": "",
        **more,
    }
    return pages.render_page(request, "cases/phone/order_detail.html", context, part=part, status=status)


def move_with(card: CaseCard, effect: Effect) -> MoveChoice | None:
    """The open move that has this effect, whatever the pack calls it."""
    return next((move for move in card.moves if move.effect == effect), None)


@needs("case.view")
@require_http_methods(["GET", "POST"])
def cancel(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Call it off, with a reason; asks first."""
    card = cases.card(request.actor, case_id, now=request.now)
    move = move_with(card, Effect.CANCEL)
    problem = ""
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_case(
                case_id=case_id,
                move=form.cleaned_data["move"] if move else "cancel",
                given=MoveInput(reason=form.cleaned_data["reason"]),
                by=request.actor,
                now=request.now,
                client_key=form.cleaned_data["client_key"],
            )
        except NotAllowed:
            raise
        except RuleBroken as refusal:
            problem = errors.words_of(refusal)
        else:
            return pages.go(request, "cases:order_detail", say=_("已撤单"), case_id=case_id)
    context = {
        "card": card,
        "move": move,
        "problem": problem or next((texts[0] for texts in form.errors.values()), ""),
        "reason": form.data.get("reason", ""),
        "key": form.data.get("client_key", ""),
    }
    return pages.render_page(
        request, "cases/phone/cancel.html", context, part="sheet", status=422 if form.is_bound else 200
    )


@needs("case.rate")
@require_POST
def rate(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """评单 in place: stars and a few words, once."""
    form = RatingForm(request.POST)
    problem, wrong = "", {name: str(texts[0]) for name, texts in form.errors.items()}
    if form.is_valid():
        try:
            services.rate_case(case_id=case_id, **form.cleaned_data, by=request.actor, now=request.now)
        except NotAllowed:
            raise
        except RuleBroken as refusal:
            problem = errors.words_of(refusal)
    card = cases.card(request.actor, case_id, now=request.now)
    if problem or wrong:
        return _show(request, card, status=422, given=form.data, errors=wrong, problem=problem)
    if pages.asks_for(request, ("rate",)):
        return toasts.toast(request, _show(request, card), _("谢谢您的评价"))
    return pages.go(request, "cases:order_detail", say=_("谢谢您的评价"), case_id=case_id)
