"""督办 and 追责问责: the two lists beside the flow, and what is done to one line."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms import beside as shapes
from huakai.cases.pages.desk import acts, door, panes
from huakai.cases.queries import around
from huakai.cases.types import SupervisionLine
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages

TABS = {"supervise": N_("督办"), "account": N_("追责问责")}
ENDED = frozenset({"lifted", "dismissed", "final"})


@door.staff("case.view")
def supervision(request: ActorRequest) -> HttpResponse:
    """Both lists; what the reader has to do comes first, what is over last."""
    kind = request.GET.get("kind", "supervise")
    kind = kind if kind in TABS else "supervise"
    found = queries.supervision_list(request.actor, kind=kind)
    lines = [panes.in_words(line, _acts(request, line)) for line in found]
    lines.sort(key=lambda each: (not each.acts, each.line.state in ENDED))
    context = {
        "lines": lines,
        "tabs": [
            {"title": _(title), "href": f"?kind={code}", "count": None, "current": code == kind}
            for code, title in TABS.items()
        ],
        "empty": _("没有督办") if kind == "supervise" else _("没有追责问责"),
    }
    return pages.render_page(request, "cases/desk/supervision.html", context)


def _acts(request: ActorRequest, line: SupervisionLine) -> tuple[str, ...]:
    return around.acts_on(line.kind, line.state, line.unit_code, line.case.area_code, request.actor)


def _answer(who: dict[str, Any], data: Any) -> None:
    services.answer_supervision(answer=data["answer"], **who)


def _lift(who: dict[str, Any], data: Any) -> None:
    services.lift_supervision(decision=data["decision"], **who)


def _decide(who: dict[str, Any], data: Any) -> None:
    services.decide_account(
        holds=data["holds"] == "yes", decision=data["decision"], document=data["document"], **who
    )


def _appeal(who: dict[str, Any], data: Any) -> None:
    services.appeal_account(words=data["words"], **who)


def _review(who: dict[str, Any], data: Any) -> None:
    services.decide_appeal(upheld=data["upheld"] == "yes", decision=data["decision"], **who)


Run = Callable[[dict[str, Any], Any], None]
ACTS: dict[str, tuple[type[forms.Form], Run]] = {
    "answer": (shapes.AnswerForm, _answer),
    "lift": (shapes.DecisionForm, _lift),
    "decide": (shapes.AccountDecisionForm, _decide),
    "appeal": (shapes.AppealForm, _appeal),
    "review": (shapes.AppealDecisionForm, _review),
}


@door.staff("case.view")
def supervision_act(request: ActorRequest, supervision_id: UUID, act: str) -> HttpResponse:
    """Answer, lift, decide, appeal or review one line: its sheet on GET, the act on POST."""
    line = _line(request, supervision_id)
    if act not in ACTS:
        raise NotFound("act_unknown", N_("没有这个操作"))
    shape, run = ACTS[act]
    form = shape(acts.sent(request))
    back = pages.back_to(request, reverse("cases:supervision") + f"?kind={line.kind}")
    if request.method == "POST" and form.is_valid():
        try:
            run(
                {"supervision_id": supervision_id, "by": request.actor, "now": request.now}, form.cleaned_data
            )
            return pages.go(request, back, say=_("已办好：{move}").format(move=_(panes.LINE_ACTS[act])))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            error.field = next(iter(form.fields)) if error.field == "reason" else error.field
            acts.refuse(form, error)
    if act not in _acts(request, line):
        raise NotAllowed("act_not_open", N_("这条记录现在不能做这一步，或不归您的岗位做"))
    context = {
        "form": form,
        "url": reverse("cases:supervision_act", args=[supervision_id, act]),
        "label": _(panes.LINE_ACTS[act]),
        "hint": line.reason,
    }
    return acts.form_sheet(request, _(panes.LINE_ACTS[act]), _about(line), back, context)


def _about(line: Any) -> str:
    return f"#{line.case.number} {line.case.title}"


def _line(request: ActorRequest, supervision_id: UUID) -> SupervisionLine:
    for kind in TABS:
        for line in queries.supervision_list(request.actor, kind=kind, only=supervision_id):
            return line
    raise NotFound("supervision_unknown", N_("没有找到这条督办或追责记录"))
