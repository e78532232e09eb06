"""The auditor's pages: what happened, filtered; and the proof that the record is whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huakai.audit import queries, services
from huakai.audit.forms import FilterForm
from huakai.audit.types import Event, EventPage
from huakai.web import pages
from huakai.web.edge import EdgeRequest


@dataclass(frozen=True)
class ChangeLine:
    """One field of an event, before and after, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EventLine:
    """An event with its actor's masked name and its changes."""

    event: Event
    who: str
    changes: tuple[ChangeLine, ...]

    @property
    def short_id(self) -> str:
        """The subject's key; of a long one the end, which is what differs."""
        return _shortened(self.event.subject.id)


@pages.open_to("audit.view")
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The record, newest first."""
    edge = cast(EdgeRequest, request)
    form = FilterForm(request.GET, names=queries.event_names())
    found = EventPage((), None)
    valid = form.is_valid()
    if valid:
        wanted = form.wanted(edge.actor.prefixes("audit.view"))
        found = queries.events_page(wanted, before=form.cleaned_data["cursor"])
    last = queries.last_verification()
    names = queries.actor_names([e.actor_id for e in found.events if e.actor_id])
    context = {
        "form": form,
        "lines": [_line(event, names) for event in found.events],
        "next": found.next_before,
        "verification": last,
    }
    return pages.render_page(request, "audit/events.html", context, part="rows", status=200 if valid else 422)


@pages.open_to("audit.view")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Verify everything now; the outcome is itself recorded."""
    edge = cast(EdgeRequest, request)
    problems = services.verify(by=edge.actor.person_id, now=edge.now)
    if not problems:
        return pages.go(request, "audit:events", say=_("核验完成：记录完整，没有被改动或缺失"))
    lines = [(problem, _(problem.message)) for problem in problems]
    return pages.render_page(request, "audit/problems.html", {"lines": lines}, status=409)


def _line(event: Event, names: Mapping[Any, str]) -> EventLine:
    fields = [*event.after, *(field for field in event.before if field not in event.after)]
    changes = tuple(ChangeLine(f, _text(event.before.get(f)), _text(event.after.get(f))) for f in fields)
    who = names.get(event.actor_id) or (_shortened(str(event.actor_id)) if event.actor_id else _("平台"))
    return EventLine(event, who, changes)


def _shortened(key: str) -> str:
    return key if len(key) <= 24 else f"…{key[-12:]}"


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
