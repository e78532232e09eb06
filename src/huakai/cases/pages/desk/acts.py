"""What staff do to one case: move it, see the number, rate it for the station, add photos."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.asks import AskForm, Choices
from huakai.cases.forms.desk import ContactForm, RatingForm
from huakai.cases.pages.desk import door, inbox
from huakai.cases.queries import sheets
from huakai.cases.types import MoveChoice
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages
from huakai.web.errors import words_of


def back(request: ActorRequest, case_id: UUID) -> str:
    """Where the act was started from: the case beside its list."""
    return pages.back_to(request, reverse("cases:desk_case", args=[case_id]))


def sent(request: ActorRequest) -> QueryDict | None:
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
    form = ask_form(
        request, choice, units=inbox.unit_choices(request, card.lead_unit_code), unit=card.lead_unit_code
    )
    if request.method == "POST" and not filling(request, form) and form.is_valid():
        try:
            make(request, case_id, move, form)
            said = _("已办好：{move}").format(move=choice.title) if choice else ""
            return pages.go(request, back(request, case_id), say=said)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            if choice is None:
                raise
            refuse(form, error)
    if choice is None:
        raise NotFound("move_not_open", N_("这一步现在不能做，请刷新后再看"))
    form.mark_needed()
    return sheet(request, case_id, "move", choice.title, {"card": card, "choice": choice, "form": form})


def ask_form(
    request: ActorRequest, choice: MoveChoice | None, *, units: Choices = (), unit: str = ""
) -> AskForm:
    """The form of a move, filled with what was handed in."""
    wanted = units if choice and {"unit", "units"} & set(choice.asks) else ()
    return AskForm(sent(request), request.FILES or None, choice=choice, units=wanted, initial={"unit": unit})


def filling(request: ActorRequest, form: AskForm) -> bool:
    """Did somebody choose a ready text without a script? Then the form comes back with it and nothing is done."""
    if not request.POST.get("fill"):
        return False
    form.filled(request.POST.get("text", ""))
    return True


def make(request: ActorRequest, case_id: UUID, move: str, form: AskForm) -> None:
    """The act itself, photos and all."""
    services.move_with_photos(
        case_id=case_id,
        move=move,
        given=form.given(lambda day: sheets.office_end(request.actor.pack_code, day)),
        photos=[photo.read() for photo in form.cleaned_data.get("photos") or ()],
        by=request.actor,
        now=request.now,
        client_key=request.POST.get("client_key", "")[:64],
    )


def sheet(
    request: ActorRequest, case_id: UUID, body: str, title: str, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    """A half-screen sheet over the desk, or the same as a page."""
    context |= {
        "title": title,
        "body": f"cases/desk/_{body}.html",
        "back": back(request, case_id),
        "case_id": case_id,
    }
    usual = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/sheet.html", context, part="sheet", status=status or usual)


def form_sheet(
    request: ActorRequest, title: str, about: str, back: str, context: dict[str, Any]
) -> HttpResponse:
    """A sheet about something that is no case of its own: `form`, `url`, `label` and a `hint` come with the context."""
    context |= {"title": title, "about": about, "body": "cases/desk/_form.html", "back": back}
    status = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/sheet.html", context, part="sheet", status=status)


@door.staff("case.view")
def contact(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """The caller's number in full, once, after a reason; the look is recorded."""
    card = queries.card(request.actor, case_id, now=request.now)
    if not card.may_reveal:
        raise NotAllowed("not_allowed", N_("您的岗位不能查看号码，请联系派单员或承接人"))
    form = ContactForm(sent(request))
    context: dict[str, Any] = {"card": card, "form": form}
    seen = request.method == "POST" and form.is_valid()
    if seen:
        context["contact"] = services.reveal_contact(
            case_id=case_id, by=request.actor, now=request.now, reason=form.cleaned_data["reason"]
        )
    response = sheet(request, case_id, "contact", _("查看号码"), context, status=200 if seen else 0)
    response["Cache-Control"] = "no-store"
    return response


@door.staff("case.view")
def rate(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Stars of the station (PC-02)."""
    card = queries.card(request.actor, case_id, now=request.now)
    form = RatingForm(sent(request))
    if request.method == "POST" and form.is_valid():
        stars, comment = form.cleaned_data["stars"], form.cleaned_data["comment"]
        try:
            services.rate_case(
                case_id=case_id, stars=stars, comment=comment, by=request.actor, now=request.now
            )
            return pages.go(request, back(request, case_id), say=_("已评价，谢谢"))
        except NotAllowed:
            raise
        except RuleBroken as error:
            refuse(form, error)
    return sheet(request, case_id, "rate", _("实践站评单"), {"card": card, "form": form})
