"""Reminders of the ladder addressed to the reader's units: read, then marked as seen."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.pages.desk import door
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest
from huakai.web import pages


@door.staff("case.view")
def reminders(request: ActorRequest) -> HttpResponse:
    """Unseen ones, or all; POST marks those named as seen."""
    everything = bool(request.GET.get("all"))
    if request.method == "POST":
        ids = [int(each) for each in request.POST.getlist("id")[:200] if each.isdigit() and len(each) < 18]
        number = services.see_reminders(ids=ids, by=request.actor, now=request.now)
        return pages.go(request, reverse("cases:reminders"), say=_("已阅{count}条").format(count=number))
    found = queries.reminder_list(request.actor, unseen=not everything)
    units = registry.unit_names(line.unit_code for line in found)
    context = {
        "lines": [(line, units.get(line.unit_code, "")) for line in found],
        "everything": everything,
        "tabs": [
            {"title": _("未读"), "href": "?", "count": None, "current": not everything},
            {"title": _("全部"), "href": "?all=1", "count": None, "current": everything},
        ],
    }
    return pages.render_page(request, "cases/desk/reminders.html", context)
