"""Saved filters of the inbox: keep the one in use, forget one's own."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huakai.cases import queries, services
from huakai.cases.forms.beside import FilterForm
from huakai.cases.pages.desk import acts, door
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest
from huakai.web import pages


@door.staff("case.view")
def filters(request: ActorRequest) -> HttpResponse:
    """One's own and the shared ones; POST keeps the filter in use under a name."""
    form = FilterForm(acts.sent(request), units=_units(request), initial={"query": _query(request)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.save_filter(
                title=data["title"],
                query=data["query"],
                shared_with=data["shared_with"],
                by=request.actor,
                now=request.now,
            )
            back = reverse("cases:inbox") + (f"?{data['query']}" if data["query"] else "")
            return pages.go(request, back, say=_("筛选已保存"))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            acts.refuse(form, error)
    lines = [
        (line, registry_names(request).get(line.shared_with, ""))
        for line in queries.filters_of(request.actor)
    ]
    context = {
        "form": form,
        "lines": lines,
        "inbox": reverse("cases:inbox"),
        "query": form["query"].value() or "",
    }
    status = 422 if request.method == "POST" else 200
    return pages.render_page(request, "cases/desk/filters.html", context, status=status)


def _query(request: ActorRequest) -> str:
    return request.GET.urlencode()[:1000]


def _units(request: ActorRequest) -> list[tuple[str, str]]:
    """Units one sees cases of as a whole: those one is appointed at."""
    codes = [code for code in request.actor.prefixes("case.view") if code]
    return [(code, name) for code, name in registry.unit_names(codes).items()]


def registry_names(request: ActorRequest) -> dict[str, str]:
    """Names of the units a filter may be shared with."""
    return dict(_units(request))


@door.staff("case.view")
@require_POST
def forget(request: ActorRequest, filter_id: UUID) -> HttpResponse:
    """Delete one's own filter."""
    services.forget_filter(filter_id=filter_id, by=request.actor)
    return pages.go(request, reverse("cases:filters"), say=_("筛选已删除"))
