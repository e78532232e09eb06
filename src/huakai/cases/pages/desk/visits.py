"""Visits and patrols: where somebody went and what they found; every finding is a case of its own."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.beside import VisitForm
from huakai.cases.pages.desk import acts, door, order
from huakai.cases.queries import sheets
from huakai.cases.types import NewOrder
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.packs.types import say
from huakai.registry.access import ActorRequest
from huakai.web import pages

ROW_OF = {"area_code": "area", "reason": "words"}


@door.staff("case.open")
def visits(request: ActorRequest) -> HttpResponse:
    """What was visited in the reader's areas, newest first, with the cases that came of it."""
    context = {"lines": queries.visit_list(request.actor), "may_visit": bool(_kinds(request))}
    return pages.render_page(request, "cases/desk/visits.html", context)


@door.staff("case.open")
def visit(request: ActorRequest) -> HttpResponse:
    """Write a visit down: rows for findings, three to begin with, more by the button, with or without a script."""
    today = request.now.astimezone(CHINA).date()
    form = VisitForm(
        acts.sent(request),
        kinds=_kinds(request),
        areas=order.areas_for(request),
        units=[(unit.code, unit.name) for unit in sheets.group_units(request.actor)],
        categories=_categories(request),
        initial={"visited_on": today},
    )
    if request.method == "POST" and not request.POST.get("more") and form.is_valid():
        try:
            ref = _record(request, form)
            said = _("已登记，发现{count}件").format(count=len(ref.cases))
            return pages.go(request, reverse("cases:visits"), say=said)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            if error.field.startswith("finding_"):
                error.field = f"category_{error.field.removeprefix('finding_')}"
            acts.refuse(form, error)
    context = {"form": form, "lines": form.lines(), "client_key": request.POST.get("client_key", "")}
    status = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/visit.html", context, status=status)


def _record(request: ActorRequest, form: VisitForm) -> services.VisitRef:
    data, rows = form.cleaned_data, form.filled_rows()
    for number, category, words in rows:
        if not category or not words:
            message = N_("请写明类别和什么事")
            raise RuleBroken("part_empty", message, field=f"detail_{number}")
    new = services.NewVisit(
        client_key=request.POST.get("client_key", "")[:40],
        kind=data["kind"],
        area_code=data["area"],
        visited_on=data["visited_on"],
        words=data["words"],
        unit_code=data["unit"],
    )
    findings = [
        NewOrder(client_key="", flow="", area_code="", category=category, detail=words)
        for _number, category, words in rows
    ]
    return services.record_visit(visit=new, findings=findings, by=request.actor, now=request.now)


def _kinds(request: ActorRequest) -> list[tuple[str, str]]:
    lang = get_language() or "zh-hans"
    kinds = queries.menu(request.actor.pack_code).visit_kinds.values()
    return [(kind.code, say(kind, "title", lang)) for kind in kinds]


def _categories(request: ActorRequest) -> list[Any]:
    """What findings may become, under the kind of visit they belong to."""
    menu, lang = queries.menu(request.actor.pack_code), get_language() or "zh-hans"
    groups = []
    for kind in menu.visit_kinds.values():
        some = [menu.categories[code] for code in kind.categories if code in menu.categories]
        groups.append((say(kind, "title", lang), [(c.code, say(c, "title", lang)) for c in some]))
    return groups
