"""What staff do to one case: move it, see the number, rate it for the station, add photos."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.desk import ContactForm, MoveForm, RatingForm
from huakai.cases.pages.desk import door, inbox
from huakai.cases.types import MoveChoice, MoveInput
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages
from huakai.web.errors import words_of


def _back(request: ActorRequest, case_id: UUID) -> str:
    """Where the act was started from: the case beside its list."""
    return pages.back_to(request, reverse("cases:desk_case", args=[case_id]))


def _sent(request: ActorRequest) -> QueryDict | None:
    """What was handed in; an empty form handed in is still handed in."""
    return request.POST if request.method == "POST" else None


def refuse(form: Any, error: RuleBroken) -> None:
    """Put a refusal beside its field, or at the top of the form."""
    form.add_error(error.field if error.field in form.fields else None, words_of(error))


@door.staff("case.view")
def move(request: ActorRequest, case_id: UUID, move: str) -> HttpResponse:
    """One move: its form on GET, the act on POST; a repeated POST with the same key changes nothing."""
    card = queries.card(request.actor, case_id, now=request.now)
    choice = next((m for m in card.moves if m.code == move), None)
    units = (
        inbox.unit_choices(request, card.lead_unit_code) if choice is None or "unit" in choice.asks else []
    )
    form = MoveForm(_sent(request), request.FILES or None, units=units, initial={"unit": card.lead_unit_code})
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, case_id, move, form)
            said = _("已办好：{move}").format(move=choice.title) if choice else ""
            return pages.go(request, _back(request, case_id), say=said)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            if choice is None:
                raise
            refuse(form, error)
    if choice is None:
        raise NotFound("move_not_open", N_("这一步现在不能做，请刷新后再看"))
    context = {"card": card, "choice": choice, "form": form, "fields": _fields(form, choice)}
    return _sheet(request, case_id, "move", choice.title, context)


def _make(request: ActorRequest, case_id: UUID, move: str, form: MoveForm) -> None:
    data = form.cleaned_data
    given = MoveInput(
        result=data["result"], reason=data["reason"], minutes=data["minutes"], unit_code=data["unit"]
    )
    services.move_with_photos(
        case_id=case_id,
        move=move,
        given=given,
        photos=[photo.read() for photo in data["photos"]],
        by=request.actor,
        now=request.now,
        client_key=request.POST.get("client_key", "")[:64],
    )


def _fields(form: MoveForm, choice: MoveChoice) -> list[Any]:
    """The inputs the move asks for, marked as needed; a result may always bring photos."""
    names = [name for name in choice.asks if name in form.fields]
    for name in names:
        form.fields[name].required = True
    if choice.effect == "answer":
        form.fields["result"].label = _("答复内容")
    if "result" in names and "photos" not in names:
        names.append("photos")
    return [form[name] for name in names]


def _sheet(
    request: ActorRequest, case_id: UUID, body: str, title: str, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    """A half-screen sheet over the desk, or the same as a page."""
    context |= {
        "title": title,
        "body": f"cases/desk/_{body}.html",
        "back": _back(request, case_id),
        "case_id": case_id,
    }
    usual = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/sheet.html", context, part="sheet", status=status or usual)


@door.staff("case.view")
def contact(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """The caller's number in full, once, after a reason; the look is recorded."""
    card = queries.card(request.actor, case_id, now=request.now)
    if not card.may_reveal:
        raise NotAllowed("not_allowed", N_("您的岗位不能查看号码，请联系派单员或承接人"))
    form = ContactForm(_sent(request))
    context: dict[str, Any] = {"card": card, "form": form}
    seen = request.method == "POST" and form.is_valid()
    if seen:
        context["contact"] = services.reveal_contact(
            case_id=case_id, by=request.actor, now=request.now, reason=form.cleaned_data["reason"]
        )
    response = _sheet(request, case_id, "contact", _("查看号码"), context, status=200 if seen else 0)
    response["Cache-Control"] = "no-store"
    return response


@door.staff("case.view")
def rate(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Stars of the station (PC-02)."""
    card = queries.card(request.actor, case_id, now=request.now)
    form = RatingForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        stars, comment = form.cleaned_data["stars"], form.cleaned_data["comment"]
        try:
            services.rate_case(
                case_id=case_id, stars=stars, comment=comment, by=request.actor, now=request.now
            )
            return pages.go(request, _back(request, case_id), say=_("已评价，谢谢"))
        except NotAllowed:
            raise
        except RuleBroken as error:
            refuse(form, error)
    return _sheet(request, case_id, "rate", _("实践站评单"), {"card": card, "form": form})
