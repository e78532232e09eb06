"""Cases taken together: activity requests and campaigns, and the one answer for all of a group."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.beside import AnswerForm
from huakai.cases.pages.desk import acts, door, inbox, panes
from huakai.cases.types import CaseFilter
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import ActorRequest
from huakai.web import pages


@door.staff("case.dispatch")
def groups(request: ActorRequest) -> HttpResponse:
    """Every group of the reader's areas, newest first, with how many of its cases are over."""
    lines = [(line, panes.word(panes.KIND_WORDS, line.kind)) for line in queries.group_list(request.actor)]
    return pages.render_page(request, "cases/desk/groups.html", {"lines": lines})


@door.staff("case.view")
def group(request: ActorRequest, group_id: UUID) -> HttpResponse:
    """One group with its cases; the answer for all of them on POST."""
    line = next(iter(queries.group_list(request.actor, group_id=group_id)), None)
    if line is None:
        raise NotFound("group_unknown", N_("没有找到这一组"))
    form = AnswerForm(acts.sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            number = services.answer_group(
                group_id=group_id, answer=form.cleaned_data["answer"], by=request.actor, now=request.now
            )
            said = _("已答复，{count}件单子都看得到").format(count=number)
            return pages.go(request, reverse("cases:group", args=[group_id]), say=said)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            acts.refuse(form, error)
    page = queries.case_list(request.actor, CaseFilter(group=group_id), now=request.now, limit=200)
    areas = door.areas_of(request.actor, "case.view")
    context = {
        "group": line,
        "kind": panes.word(panes.KIND_WORDS, line.kind),
        "lines": inbox.lines_of(page.rows, request, areas, ""),
        "form": form,
        "may_answer": line.state == "open" and request.actor.may("case.dispatch", line.area_code),
    }
    status = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/group.html", context, status=status)
