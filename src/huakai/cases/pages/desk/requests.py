"""Pauses and extensions asked for: what waits for the reader's decision, and deciding one."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.beside import RequestForm
from huakai.cases.pages.desk import acts, door, panes
from huakai.cases.queries import sheets
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages


@door.staff("case.view")
def requests(request: ActorRequest) -> HttpResponse:
    """Open requests first with those the reader may decide on top; then what was decided."""
    found = queries.request_list(request.actor)
    mine = sheets.may_decide(request.actor, [line.id for line in found if line.state == "asked"])
    lines = [
        (panes.in_words(line, span=panes.span_of(line.amount, line.unit)), line.id in mine) for line in found
    ]
    lines.sort(key=lambda each: (not each[1], each[0].line.state != "asked"))
    return pages.render_page(request, "cases/desk/requests.html", {"lines": lines, "mine": len(mine)})


@door.staff("case.view")
def request_decide(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Allow or refuse one request, with words."""
    line = next(iter(queries.request_list(request.actor, only=request_id)), None)
    if line is None:
        raise NotFound("request_unknown", N_("没有找到这条申请"))
    form = RequestForm(acts.sent(request))
    back = pages.back_to(request, reverse("cases:requests"))
    if request.method == "POST" and form.is_valid():
        allow = form.cleaned_data["allow"] == "yes"
        try:
            services.decide_request(
                request_id=request_id,
                allow=allow,
                decision=form.cleaned_data["decision"],
                by=request.actor,
                now=request.now,
            )
            return pages.go(request, back, say=_("已同意") if allow else _("已批复：不同意"))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            acts.refuse(form, error)
    if request_id not in sheets.may_decide(request.actor, [request_id]):
        raise NotAllowed("not_yours", N_("这条申请已经批复，或不归您批复"))
    title = panes.word(panes.KIND_WORDS, line.kind) + " " + panes.span_of(line.amount, line.unit)
    context = {
        "form": form,
        "url": reverse("cases:request_decide", args=[request_id]),
        "label": _("批复"),
        "hint": line.reason,
    }
    return acts.form_sheet(request, title, f"#{line.case.number} {line.case.title}", back, context)
