"""Call-backs: closed cases drawn for a telephone call, and what each call brought."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.beside import CallBackForm
from huakai.cases.pages.desk import acts, door, panes
from huakai.cases.types import CallBackLine
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages

TABS = {"waiting": N_("待回访"), "reached": N_("已接通"), "unreachable": N_("未接通")}


@door.staff("case.dispatch")
def call_backs(request: ActorRequest) -> HttpResponse:
    """Who is to be called, the most pressing first; the other tabs show what calls brought."""
    here = request.GET.get("state", "waiting")
    here = here if here in TABS else "waiting"
    context = {
        "lines": [
            (line, panes.word(panes.SOLVED_WORDS, line.solved))
            for line in queries.call_back_list(request.actor, state=here)
        ],
        "waiting": here == "waiting",
        "tabs": [
            {"title": _(title), "href": f"?state={code}", "count": None, "current": code == here}
            for code, title in TABS.items()
        ],
    }
    return pages.render_page(request, "cases/desk/callbacks.html", context)


@door.staff("case.dispatch")
def call_back(request: ActorRequest, call_back_id: UUID) -> HttpResponse:
    """What one call brought."""
    line: CallBackLine | None = next(iter(queries.call_back_list(request.actor, only=call_back_id)), None)
    if line is None:
        raise NotFound("call_back_unknown", N_("没有找到这条回访"))
    form = CallBackForm(acts.sent(request))
    back = pages.back_to(request, reverse("cases:call_backs"))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.record_call_back(
                call_back_id=call_back_id,
                call=services.Call(data["reached"] == "yes", data["solved"], data["stars"], data["words"]),
                by=request.actor,
                now=request.now,
            )
            return pages.go(request, back, say=_("回访已登记"))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            acts.refuse(form, error)
    context = {
        "form": form,
        "url": reverse("cases:call_back", args=[call_back_id]),
        "label": _("登记回访"),
        "hint": _("没有接通不算满意；没有解决的会重新办理"),
    }
    return acts.form_sheet(request, _("登记回访"), f"#{line.case.number} {line.case.title}", back, context)
